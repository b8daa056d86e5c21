package template

import (
	gonja "github.com/nikolalohinski/gonja/v2/parser"

	"github.com/go-buildout/go-buildout/internal/python"
)

// reference is another template as a statement names it.
type reference struct {
	name    expr
	context bool  // it sees the names of the template
	local   *dump // those that are not the context's
}

// parseContext parses "with context" or "without context".
func (p *parser) parseContext(r *reference) bool {
	if (p.cur.is("with") || p.cur.is("without")) && p.look().is("context") {
		r.context = p.next().text == "with"
		p.next()
		return true
	}
	return false
}

func (p *parser) dump(r *reference) {
	if r.context {
		r.local = &dump{}
		p.scope.dumps = append(p.scope.dumps, r.local)
	}
}

// load gives the template, and a context for it.
func (r *reference) load(f *frame) (*unit, error) {
	name, err := r.name.eval(f)
	if err != nil {
		return nil, err
	}
	return f.run.template(name)
}

// module gives what the template exports.
func (r *reference) module(f *frame) (*module, error) {
	u, err := r.load(f)
	if err != nil {
		return nil, err
	}
	if !r.context {
		return f.run.module(u)
	}
	return f.run.newModule(u, f.ctx.child(u, f, r.local))
}

// includeStatement renders another template in this place.
type includeStatement struct {
	reference
	ignoreMissing bool
}

func (p *parser) parseInclude(*gonja.Parser, int32) statement {
	s := &includeStatement{}
	s.name = p.expression()
	s.context = true
	if p.cur.is("ignore") && p.look().is("missing") {
		p.next()
		p.next()
		s.ignoreMissing = true
	}
	p.parseContext(&s.reference)
	p.dump(&s.reference)
	return s
}

func (s *includeStatement) exec(f *frame) error {
	name, err := s.name.eval(f)
	if err != nil {
		return err
	}
	u, err := f.run.firstTemplate(name)
	if err != nil {
		if s.ignoreMissing && (python.IsError(err, "TemplateNotFound", "TemplatesNotFound")) {
			return nil
		}
		return err
	}
	if !s.context {
		m, err := f.run.module(u)
		if err != nil {
			return err
		}
		return f.run.write(m.text)
	}
	return crossing(u.render(f.run, f.ctx.child(u, f, s.local)))
}

// importStatement gives a template's exports a name.
type importStatement struct {
	reference
	place  place
	target string
	export bool
}

func (p *parser) parseImport(*gonja.Parser, int32) statement {
	s := &importStatement{}
	s.name = p.expression()
	p.expectName("as")
	t := p.expect(tName)
	p.assignableName(t)
	s.target, s.export = t.text, p.scope.isRoot
	p.parseContext(&s.reference)
	p.scope.add(evStore, s.target, &s.place)
	p.dump(&s.reference)
	return s
}

func (s *importStatement) exec(f *frame) error {
	m, err := s.module(f)
	if err != nil {
		return err
	}
	*f.at(s.place) = m
	if s.export {
		f.ctx.hide(s.target, m)
	}
	return nil
}

// fromStatement gives some of a template's exports names.
type fromStatement struct {
	reference
	line    int32
	names   []string
	aliases []*nameExpr
	export  bool
}

func (p *parser) parseFrom(_ *gonja.Parser, line int32) statement {
	s := &fromStatement{line: line, export: p.scope.isRoot}
	s.name = p.expression()
	p.expectName("import")
	for {
		if len(s.names) > 0 {
			p.expect(tComma)
		}
		if p.cur.kind != tName {
			p.expect(tName)
		}
		if p.parseContext(&s.reference) {
			break
		}
		t := p.next()
		p.assignableName(t)
		if t.text[0] == '_' {
			panic(syntaxError{p.unit.errorAt(int(t.line), "TemplateAssertionError", "names starting with an underline can not be imported")})
		}
		alias := t
		if p.skipName("as") {
			alias = p.expect(tName)
			p.assignableName(alias)
		}
		s.names = append(s.names, t.text)
		s.aliases = append(s.aliases, &nameExpr{name: alias.text})
		if p.parseContext(&s.reference) || p.cur.kind != tComma {
			break
		}
	}
	for _, e := range s.aliases {
		p.scope.add(evStore, e.name, &e.place)
	}
	p.dump(&s.reference)
	return s
}

func (s *fromStatement) exec(f *frame) error {
	m, err := s.module(f)
	if err != nil {
		return err
	}
	for i, name := range s.names {
		v, err := m.Attr(name)
		if err != nil {
			return err
		}
		if v == nil {
			v = &undefined{
				mode: f.run.env.undefined, name: python.String(name),
				hint: "the template " + m.unit.quotedName() + " (imported on " + f.unit.position(int(s.line)) + ") does not export the requested name " + pyQuote(name),
			}
		}
		*f.at(s.aliases[i].place) = v
		if s.export {
			f.ctx.hide(s.aliases[i].name, v)
		}
	}
	return nil
}

// module is an imported template: what it exports, and its text.
type module struct {
	unit  *unit
	text  string
	names *python.Dict
	ctx   *state
}

func (m *module) Type() string      { return "TemplateModule" }
func (m *module) qualified() string { return "jinja2.environment.TemplateModule" }

// Attr implements python.Attributer.
func (m *module) Attr(name string) (python.Value, error) {
	if v, ok := m.names.GetString(name); ok {
		return v, nil
	}
	switch name {
	case "__name__":
		if m.unit.name == "" {
			return python.None, nil
		}
		return python.String(m.unit.name), nil
	case "__dict__":
		return m.names, nil
	}
	return nil, nil
}

// Str implements python.Stringer.
func (m *module) Str() (string, error) { return m.text, nil }

// HTML is the text as markup.
func (m *module) HTML() (string, error) { return m.text, nil }

// Repr implements python.Representer.
func (m *module) Repr() (string, error) {
	if m.unit.name == "" {
		return "<TemplateModule memory:0x0>", nil
	}
	return "<TemplateModule " + pyQuote(m.unit.name) + ">", nil
}
