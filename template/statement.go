package template

import (
	"errors"

	gonja "github.com/nikolalohinski/gonja/v2/parser"

	"github.com/go-buildout/go-buildout/internal/python"
)

// statement is a statement, a print, or text.
type statement interface {
	exec(f *frame) error
}

// body is a sequence of statements.
type body []element

// errBreak and errContinue leave the bodies inside a loop.
var (
	errBreak    = errors.New("break outside a loop")
	errContinue = errors.New("continue outside a loop")
)

func (b body) exec(f *frame) error {
	for i := range b {
		if err := b[i].do.exec(f); err != nil {
			return f.locate(err, b[i].line)
		}
	}
	return nil
}

// capture runs the body and returns what it writes.
func (b body) capture(f *frame) (string, error) {
	saved := f.run.begin()
	err := b.exec(f)
	return f.run.end(saved, err)
}

// statement parses the statement of the tag that is open, up to the end of
// its last tag.
func (p *parser) statement(g *gonja.Parser) statement {
	t := p.cur
	if t.kind != tName {
		p.failAt(t.line, "tag name expected")
	}
	parse := parserOf(t.text)
	if parse == nil || !p.env.extended(t.text) {
		p.failUnknown(t.text, t.line)
	}
	p.tagStack = append(p.tagStack, t.text)
	p.next()
	s := parse(p, g, t.line)
	p.tagStack = p.tagStack[:len(p.tagStack)-1]
	return s
}

// parserOf is the parser of a statement, called behind its name.
func parserOf(name string) func(p *parser, g *gonja.Parser, line int32) statement {
	switch name {
	case "for":
		return (*parser).parseFor
	case "if":
		return (*parser).parseIf
	case "block":
		return (*parser).parseBlock
	case "extends":
		return (*parser).parseExtends
	case "print":
		return (*parser).parsePrint
	case "macro":
		return (*parser).parseMacro
	case "include":
		return (*parser).parseInclude
	case "from":
		return (*parser).parseFrom
	case "import":
		return (*parser).parseImport
	case "set":
		return (*parser).parseSet
	case "with":
		return (*parser).parseWith
	case "autoescape":
		return (*parser).parseAutoescape
	case "call":
		return (*parser).parseCall
	case "filter":
		return (*parser).parseFilterBlock
	case "do":
		return (*parser).parseDo
	case "break":
		return (*parser).parseBreak
	case "continue":
		return (*parser).parseContinue
	}
	return nil
}

// checked reports whether output at this point is only for a template that
// extends nothing.
func (p *parser) checked() bool { return !p.scope.free }

// textStatement writes text.
type textStatement struct {
	text    string
	checked bool
}

func (s *textStatement) exec(f *frame) error {
	if s.checked && f.root.extended != nil {
		return nil
	}
	return f.run.write(s.text)
}

// printStatement writes the value of an expression.
type printStatement struct {
	value   expr
	checked bool
}

// print parses the inside of {{ }}.
func (p *parser) print() statement {
	s := &printStatement{p.tuple(tupleOptions{}), p.checked()}
	p.expect(tVariableEnd)
	return s
}

func (p *parser) parsePrint(_ *gonja.Parser, line int32) statement {
	var b body
	for p.cur.kind != tBlockEnd {
		if len(b) > 0 {
			p.expect(tComma)
		}
		b = append(b, element{&printStatement{p.expression(), p.checked()}, line})
	}
	return b
}

func (s *printStatement) exec(f *frame) error {
	if s.checked && f.root.extended != nil {
		return nil
	}
	v, err := s.value.eval(f)
	if err != nil {
		return err
	}
	return f.print(v)
}

// print writes a value.
func (f *frame) print(v python.Value) error {
	if f.ctx.autoescape {
		m, err := escape(v)
		if err != nil {
			return err
		}
		return f.run.write(string(m))
	}
	if s, ok := v.(python.String); ok {
		return f.run.write(string(s))
	}
	s, err := python.Str(v)
	if err != nil {
		return err
	}
	return f.run.write(s)
}

// emit writes the result of a filter block or a call block, which is not made
// text. What is no text spoils the output that it is part of.
func (f *frame) emit(v python.Value) error {
	if s, ok := python.AsText(v); ok {
		return f.run.write(s)
	}
	if f.run.spoilt == nil {
		f.run.spoilt = python.Raise("TypeError", "sequence item 0: expected str instance, %s found", v.Type())
	}
	return nil
}

// doStatement evaluates an expression for its effect.
type doStatement struct{ value expr }

func (p *parser) parseDo(*gonja.Parser, int32) statement {
	return &doStatement{p.tuple(tupleOptions{})}
}

func (s *doStatement) exec(f *frame) error {
	_, err := s.value.eval(f)
	return err
}

// ifStatement runs the body of the first condition that holds.
type ifStatement struct {
	tests     []expr
	lines     []int32
	bodies    []body
	otherwise body
}

func (p *parser) parseIf(g *gonja.Parser, line int32) statement {
	s := &ifStatement{}
	soft := p.soft
	p.soft = true
	for {
		s.tests = append(s.tests, p.tuple(tupleOptions{noCondition: true}))
		s.lines = append(s.lines, line)
		p.scope.branch++
		b, end := p.body(g, "elif", "else", "endif")
		p.scope.branch--
		s.bodies = append(s.bodies, b)
		if end == "elif" {
			line = p.cur.line
			continue
		}
		if end == "else" {
			p.scope.branch++
			s.otherwise, _ = p.body(g, "endif")
			p.scope.branch--
		}
		p.soft = soft
		return s
	}
}

func (s *ifStatement) exec(f *frame) error {
	for i, test := range s.tests {
		yes, err := evalTruth(f, test)
		if err != nil {
			return f.locate(err, s.lines[i])
		}
		if yes {
			return s.bodies[i].exec(f)
		}
	}
	return s.otherwise.exec(f)
}

// withStatement runs a body with variables of its own.
type withStatement struct {
	scope   *scope
	targets []expr
	values  []expr
	body    body
}

func (p *parser) parseWith(g *gonja.Parser, _ int32) statement {
	s := &withStatement{}
	for p.cur.kind != tBlockEnd {
		if len(s.targets) > 0 {
			p.expect(tComma)
		}
		s.targets = append(s.targets, p.target(false))
		p.expect(tAssign)
		s.values = append(s.values, p.expression())
	}
	s.scope = p.push(p.scope.inner())
	for _, t := range s.targets {
		p.declare(t, evParam)
	}
	s.body, _ = p.body(g, "endwith")
	p.pop()
	return s
}

func (s *withStatement) exec(f *frame) error {
	s.scope.enter(f)
	for i, target := range s.targets {
		v, err := s.values[i].eval(f)
		if err != nil {
			return err
		}
		if err := f.assign(target, v); err != nil {
			return err
		}
	}
	return s.body.exec(f)
}

// filterStatement applies filters to what a body writes.
type filterStatement struct {
	scope *scope
	text  *blockText
	value expr
	body  body
}

func (p *parser) parseFilterBlock(g *gonja.Parser, _ int32) statement {
	s := &filterStatement{scope: p.push(p.scope.inner()), text: &blockText{}}
	s.text.slot = place{0, int32(p.scope.fn.slot())}
	s.value = p.filterName(s.text, len(p.late))
	s.body, _ = p.body(g, "endfilter")
	p.pop()
	return s
}

func (s *filterStatement) exec(f *frame) error {
	s.scope.enter(f)
	text, err := s.body.capture(f)
	if err != nil {
		return err
	}
	*f.at(s.text.slot) = f.markup(text)
	v, err := s.value.eval(f)
	if err != nil {
		return err
	}
	return f.emit(v)
}

// autoescapeStatement switches escaping on or off for a body.
type autoescapeStatement struct {
	value expr
	scope *scope
	body  body
}

func (p *parser) parseAutoescape(g *gonja.Parser, _ int32) statement {
	s := &autoescapeStatement{scope: p.push(p.scope.inner())}
	s.value = p.expression()
	s.body, _ = p.body(g, "endautoescape")
	p.pop()
	return s
}

func (s *autoescapeStatement) exec(f *frame) error {
	s.scope.enter(f)
	yes, err := evalTruth(f, s.value)
	if err != nil {
		return err
	}
	saved := f.ctx.autoescape
	f.ctx.autoescape = yes
	err = s.body.exec(f)
	f.ctx.autoescape = saved
	return err
}

type breakStatement struct{ signal error }

func (p *parser) parseBreak(_ *gonja.Parser, line int32) statement {
	if p.loops == 0 {
		p.later("SyntaxError", line, "'break' outside loop")
	}
	return &breakStatement{errBreak}
}

func (p *parser) parseContinue(_ *gonja.Parser, line int32) statement {
	if p.loops == 0 {
		p.later("SyntaxError", line, "'continue' not properly in loop")
	}
	return &breakStatement{errContinue}
}

func (s *breakStatement) exec(*frame) error { return s.signal }
