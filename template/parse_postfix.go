package template

import (
	"slices"
)

// postfix parses attributes, subscripts and calls.
func (p *parser) postfix(e expr) expr {
	for n := 0; ; n++ {
		p.chain(n)
		switch p.cur.kind {
		case tDot:
			e = p.attribute(e)
		case tLBracket:
			e = p.subscript(e)
		case tLParen:
			e = p.call(e)
		default:
			return e
		}
	}
}

// filtered parses filters, tests and calls of them. mark is how many late
// errors there were before e.
func (p *parser) filtered(e expr, mark int) expr {
	for n := 0; ; n++ {
		p.chain(n)
		switch {
		case p.cur.kind == tPipe:
			e = p.filter(e, mark)
		case p.cur.is("is"):
			e = p.test(e, mark)
		case p.cur.kind == tLParen:
			e = p.call(e)
		default:
			return e
		}
	}
}

func (p *parser) attribute(e expr) expr {
	p.next()
	t := p.cur
	p.next()
	switch t.kind {
	case tName:
		return &attrExpr{obj: e, name: t.text, mode: p.env.undefined}
	case tInteger:
		return &itemExpr{obj: e, key: &constExpr{p.integer(t)}, mode: p.env.undefined}
	}
	p.failAt(t.line, "expected name or number")
	return nil
}

func (p *parser) subscript(e expr) expr {
	p.enter()
	line := p.next().line
	var keys []expr
	sliced := false
	for p.cur.kind != tRBracket {
		if len(keys) > 0 {
			p.expect(tComma)
		}
		key, isSlice := p.subscribed()
		keys = append(keys, key)
		sliced = sliced || isSlice
	}
	p.expect(tRBracket)
	p.leave()
	if len(keys) == 1 {
		if s, ok := keys[0].(*sliceExpr); ok && sliced {
			s.obj = e
			return s
		}
		return &itemExpr{obj: e, key: keys[0], mode: p.env.undefined}
	}
	if sliced {
		p.later("SyntaxError", line, "invalid syntax")
	}
	return &itemExpr{obj: e, key: &tupleExpr{items: keys}, mode: p.env.undefined}
}

// subscribed parses one subscript, which may be a slice.
func (p *parser) subscribed() (e expr, isSlice bool) {
	s := &sliceExpr{}
	if !p.skip(tColon) {
		e := p.expression()
		if !p.skip(tColon) {
			return e, false
		}
		s.start = e
	}
	ended := func() bool { return p.cur.kind == tRBracket || p.cur.kind == tComma }
	if p.cur.kind != tColon && !ended() {
		s.stop = p.expression()
	}
	if p.skip(tColon) && !ended() {
		s.step = p.expression()
	}
	return s, true
}

// arguments parses the arguments of a call, a filter or a test.
func (p *parser) arguments() *arguments {
	p.enter()
	line := p.expect(tLParen).line
	a := &arguments{}
	var names nameSet
	ensure := func(ok bool) {
		if !ok {
			p.failAt(line, "invalid syntax for function call expression")
		}
	}
	for comma := false; p.cur.kind != tRParen; comma = true {
		if comma {
			p.expect(tComma)
			if p.cur.kind == tRParen {
				break
			}
		}
		switch {
		case p.cur.kind == tMul:
			ensure(a.star == nil && a.doubleStar == nil)
			p.next()
			a.star = p.expression()
		case p.cur.kind == tPow:
			ensure(a.doubleStar == nil)
			p.next()
			a.doubleStar = p.expression()
		case p.cur.kind == tName && p.look().kind == tAssign:
			ensure(a.doubleStar == nil)
			name := p.next().text
			p.next()
			if !names.add(name) {
				p.later("SyntaxError", line, "keyword argument repeated: %s", name)
			}
			a.names = append(a.names, name)
			a.named = append(a.named, p.expression())
		default:
			ensure(a.star == nil && a.doubleStar == nil && len(a.names) == 0)
			a.positional = append(a.positional, p.expression())
		}
	}
	p.expect(tRParen)
	p.leave()
	return a
}

func (p *parser) call(e expr) *callExpr {
	return &callExpr{fn: e, args: p.arguments()}
}

// dotted parses the name of a filter or a test.
func (p *parser) dotted() string {
	name := p.expect(tName).text
	for p.skip(tDot) {
		name += "." + p.expect(tName).text
	}
	return name
}

// filter parses one filter and those that follow it.
func (p *parser) filter(e expr, mark int) expr {
	p.next()
	return p.filterName(e, mark)
}

// filterName parses a filter from its name on.
func (p *parser) filterName(e expr, mark int) expr {
	for n := 0; ; n++ {
		p.chain(n)
		line := p.cur.line
		name := p.dotted()
		f := &filterExpr{operand: e, name: name, fn: p.env.filters[name]}
		if p.cur.kind == tLParen {
			f.args = p.arguments()
		}
		if f.fn == nil {
			p.missing("filter", name, line, mark)
		}
		e = f
		if p.cur.kind != tPipe {
			return e
		}
		p.next()
	}
}

func (p *parser) test(e expr, mark int) expr {
	line := p.next().line
	negated := p.skipName("not")
	name := p.dotted()
	t := &testExpr{operand: e, name: name, fn: p.env.tests[name]}
	switch k := p.cur.kind; {
	case k == tLParen:
		t.args = p.arguments()
	case k == tName || k == tString || k == tInteger || k == tFloat || k == tLBracket || k == tLBrace:
		if p.cur.is("else") || p.cur.is("or") || p.cur.is("and") {
			break
		}
		if p.cur.is("is") {
			p.fail("You cannot chain multiple tests with is")
		}
		p.enter()
		t.args = &arguments{positional: []expr{p.postfix(p.primary())}}
		p.leave()
	}
	if t.fn == nil {
		p.missing("test", name, line, mark)
	}
	if negated {
		return &notExpr{t}
	}
	return t
}

// missing notes a filter or test that doesn't exist, before the errors of its
// operand, which Jinja2 comes to later. In an if it is an error only when it is
// used.
func (p *parser) missing(what, name string, line int32, mark int) {
	if p.soft {
		return
	}
	err := p.unit.errorAt(int(line), "TemplateAssertionError", "No "+what+" named "+pyQuote(name)+".")
	p.late = slices.Insert(p.late, mark, error(err))
}

// soften forgives filters that don't exist in an expression that turned out to
// be the first part of "x if y".
func (p *parser) soften(mark int) {
	kept := p.late[:mark]
	for _, err := range p.late[mark:] {
		if !isClass(err, "TemplateAssertionError") {
			kept = append(kept, err)
		}
	}
	p.late = kept
}
