package template

import (
	gonja "github.com/nikolalohinski/gonja/v2/parser"

	"github.com/go-buildout/go-buildout/internal/python"
)

// macroCode is the code of a macro, or of the body of a call block.
type macroCode struct {
	name     string // empty for a call block
	params   []*nameExpr
	defaults []expr // of the last params
	scope    *scope
	body     body
	explicit bool // caller is a parameter
	line     int32
}

// parseSignature parses the parameters of a macro, in the macro's scope.
func (p *parser) parseSignature(m *macroCode) {
	p.expect(tLParen)
	var names nameSet
	for p.cur.kind != tRParen {
		if len(m.params) > 0 {
			p.expect(tComma)
		}
		t := p.expect(tName)
		p.assignableName(t)
		if !names.add(t.text) {
			p.later("SyntaxError", t.line, "duplicate argument '%s' in function definition", t.text)
		}
		e := &nameExpr{name: t.text, mode: p.env.undefined}
		if p.skip(tAssign) {
			m.defaults = append(m.defaults, p.expression())
		} else if len(m.defaults) > 0 {
			p.fail("non-default argument follows default argument")
		}
		m.params = append(m.params, e)
	}
	p.expect(tRParen)
	// Parameters come first in the scope: a default can name another one.
	defaults := m.scope.events
	m.scope.events = make([]event, 0, len(m.params)+len(defaults))
	for _, e := range m.params {
		m.scope.add(evParam, e.name, &e.place)
	}
	m.scope.events = append(m.scope.events, defaults...)
}

// assignableName rejects the names of constants.
func (p *parser) assignableName(t token) {
	switch t.text {
	case "true", "True", "false", "False", "none", "None":
		p.failAt(t.line, "can't assign to 'name'")
	}
}

// parseMacroBody parses the body of a macro up to the end tag.
func (p *parser) parseMacroBody(g *gonja.Parser, m *macroCode, line int32, end string) {
	inside := m.scope.inner()
	inside.fn = m.scope.fn
	p.scope = inside
	m.body, _ = p.body(g, end)
	p.scope = m.scope
	// What the body does with names it does in the macro's scope; it was
	// collected apart to tell which special names the body uses.
	m.scope.events = append(m.scope.events[:len(m.scope.events)-1], inside.events...)
	for i := range inside.events {
		if c := inside.events[i].child; c != nil {
			c.parent = m.scope
		}
	}
	m.scope.dumps = append(m.scope.dumps, inside.dumps...)
	m.scope.body = &scope{events: inside.events}
	m.scope.declare = useCaller | useKwargs | useVarargs
	used := m.scope.body.uses(m.scope.declare)
	for i, e := range m.params {
		switch e.name {
		case "caller":
			m.explicit = true
			if used&useCaller != 0 && i < len(m.params)-len(m.defaults) {
				p.later("TemplateAssertionError", line, `When defining macros or call blocks the special "caller" argument must be omitted or be given a default.`)
			}
		case "kwargs":
			m.scope.declare &^= useKwargs
		case "varargs":
			m.scope.declare &^= useVarargs
		}
	}
}

// macroStatement defines a macro.
type macroStatement struct {
	code   *macroCode
	place  place
	export bool
}

func (p *parser) parseMacro(g *gonja.Parser, line int32) statement {
	t := p.expect(tName)
	p.assignableName(t)
	m := &macroCode{name: t.text, line: line}
	s := &macroStatement{code: m, export: p.scope.isRoot}
	p.scope.add(evStore, m.name, &s.place)
	p.forbidLoop(m.name)
	p.parseCode(g, m, line, true, "endmacro")
	return s
}

// parseCode parses a macro's signature and body, in a scope of its own.
func (p *parser) parseCode(g *gonja.Parser, m *macroCode, line int32, signature bool, end string) {
	m.scope = p.scope.innerFunction()
	m.scope.free = true
	p.push(m.scope)
	if signature {
		p.parseSignature(m)
	}
	p.parseMacroBody(g, m, line, end)
	p.pop()
}

func (s *macroStatement) exec(f *frame) error {
	m := &macro{code: s.code, frame: f, autoescape: f.ctx.autoescape}
	*f.at(s.place) = m
	if s.export {
		f.ctx.export(s.code.name, m)
	}
	return nil
}

// callStatement calls a macro with a body that it can call.
type callStatement struct {
	code *macroCode
	call *callExpr
}

func (p *parser) parseCall(g *gonja.Parser, line int32) statement {
	m := &macroCode{line: line}
	s := &callStatement{code: m}
	outer := p.scope
	m.scope = outer.innerFunction()
	m.scope.free = true
	// The scope's place among the events is behind those of the call.
	outer.events = outer.events[:len(outer.events)-1]
	if p.cur.kind == tLParen {
		p.push(m.scope)
		p.parseSignature(m)
		p.pop()
	}
	call, ok := p.expression().(*callExpr)
	if !ok {
		p.failAt(line, "expected call")
	}
	s.call = call
	outer.events = append(outer.events, event{kind: evChild, child: m.scope})
	p.push(m.scope)
	p.parseMacroBody(g, m, line, "endcall")
	p.pop()
	return s
}

func (s *callStatement) exec(f *frame) error {
	v, err := s.call.call(f, &macro{code: s.code, frame: f, autoescape: f.ctx.autoescape})
	if err != nil {
		return err
	}
	return f.emit(v)
}

// macro is a macro as a value: its code and the frame that it sees.
type macro struct {
	code       *macroCode
	frame      *frame
	autoescape bool
}

func (m *macro) Type() string      { return "Macro" }
func (m *macro) qualified() string { return "jinja2.runtime.Macro" }

// Repr implements python.Representer.
func (m *macro) Repr() (string, error) {
	if m.code.name == "" {
		return "<Macro anonymous>", nil
	}
	return "<Macro " + pyQuote(m.code.name) + ">", nil
}

// Attr implements python.Attributer.
func (m *macro) Attr(name string) (python.Value, error) {
	uses := m.code.scope.found
	switch name {
	case "name":
		if m.code.name == "" {
			return python.None, nil
		}
		return python.String(m.code.name), nil
	case "arguments":
		t := &python.Tuple{}
		for _, p := range m.code.params {
			t.Items = append(t.Items, python.String(p.name))
		}
		return t, nil
	case "catch_kwargs":
		return python.Bool(uses&useKwargs != 0), nil
	case "catch_varargs":
		return python.Bool(uses&useVarargs != 0), nil
	case "caller":
		return python.Bool(uses&useCaller != 0), nil
	case "explicit_caller":
		return python.Bool(m.code.explicit), nil
	}
	return nil, nil
}

// Call implements python.Callable, for built-in functions that call a macro.
func (m *macro) Call(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	return m.invoke(args, kwargs, m.autoescape)
}

// callIn implements contextual.
func (m *macro) callIn(f *frame, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	t := f.run.thread
	if err := t.Enter(); err != nil {
		return nil, err
	}
	v, err := m.invoke(args, kwargs, f.ctx.autoescape)
	t.Leave()
	return v, err
}

func (m *macro) invoke(args []python.Value, kwargs []python.Keyword, autoescape bool) (python.Value, error) {
	r := m.frame.run
	if err := r.tick(); err != nil {
		return nil, err
	}
	f := &frame{slots: make([]python.Value, m.code.scope.fn.slots), parent: m.frame, ctx: m.frame.ctx, run: r, unit: m.frame.unit, root: m.frame.root}
	if err := m.bind(f, args, kwargs); err != nil {
		return nil, err
	}
	m.code.scope.enter(f)
	if err := m.fill(f); err != nil {
		return nil, crossing(f.locate(err, m.code.line))
	}
	text, err := m.code.body.capture(f)
	if err != nil {
		return nil, crossing(err)
	}
	if err := r.thread.Alloc(len(text)); err != nil {
		return nil, err
	}
	if autoescape {
		return markup(text), nil
	}
	return python.String(text), nil
}

// bind gives the parameters the arguments. A parameter without one stays nil.
func (m *macro) bind(f *frame, args []python.Value, kwargs []python.Keyword) error {
	c := m.code
	uses := c.scope.found
	n := min(len(args), len(c.params))
	for i := 0; i < n; i++ {
		f.slots[c.params[i].place.slot] = args[i]
	}
	foundCaller := n == len(c.params) && c.explicit
	for _, p := range c.params[n:] {
		if p.name == "caller" {
			foundCaller = true
		}
		for i, k := range kwargs {
			if k.Name == p.name {
				f.slots[p.place.slot] = k.Value
				kwargs = append(kwargs[:i:i], kwargs[i+1:]...)
				break
			}
		}
	}
	if uses&useCaller != 0 && !foundCaller {
		var caller python.Value
		for i, k := range kwargs {
			if k.Name == "caller" {
				caller = k.Value
				kwargs = append(kwargs[:i:i], kwargs[i+1:]...)
				break
			}
		}
		if caller == nil || caller == python.None {
			caller = &undefined{mode: f.run.env.undefined, hint: "No caller defined", name: python.String("caller")}
		}
		c.scope.set(f, useCaller, caller)
	}
	if uses&useKwargs != 0 {
		d := python.NewDict()
		for _, k := range kwargs {
			d.SetString(k.Name, k.Value)
		}
		c.scope.set(f, useKwargs, d)
	} else if len(kwargs) > 0 {
		for _, k := range kwargs {
			if k.Name == "caller" {
				return python.Raise("TypeError", "macro %s was invoked with two values for the special caller argument. This is most likely a bug.", m.quoted())
			}
		}
		return python.Raise("TypeError", "macro %s takes no keyword argument %s", m.quoted(), pyQuote(kwargs[0].Name))
	}
	if uses&useVarargs != 0 {
		c.scope.set(f, useVarargs, python.NewTuple(append([]python.Value(nil), args[n:]...)...))
	} else if len(args) > len(c.params) {
		return python.Raise("TypeError", "macro %s takes not more than %d argument(s)", m.quoted(), len(c.params))
	}
	return nil
}

func (m *macro) quoted() string {
	if m.code.name == "" {
		return "None"
	}
	return pyQuote(m.code.name)
}

// fill gives parameters without an argument their defaults.
func (m *macro) fill(f *frame) error {
	c := m.code
	for i, p := range c.params {
		slot := &f.slots[p.place.slot]
		if *slot != nil {
			continue
		}
		if at := i - (len(c.params) - len(c.defaults)); at >= 0 {
			v, err := c.defaults[at].eval(f)
			if err != nil {
				return err
			}
			*slot = v
			continue
		}
		*slot = &undefined{mode: f.run.env.undefined, hint: "parameter " + pyQuote(p.name) + " was not provided", name: python.String(p.name)}
	}
	return nil
}
