package template

import "github.com/go-buildout/go-buildout/internal/python"

// targetItem parses one part of what is assigned to: a name, an attribute of
// a namespace, or anything in brackets, which is judged later.
func (p *parser) targetItem() expr {
	if p.cur.kind == tName && p.nsTarget {
		t := p.next()
		switch t.text {
		case "true", "True", "false", "False", "none", "None":
			return &constExpr{python.None}
		}
		if p.skip(tDot) {
			return &nsExpr{ns: p.load(t), name: p.expect(tName).text}
		}
		return p.load(t)
	}
	return p.primary()
}

// target parses what a statement assigns to. The names are not yet part of
// the scope: declare says when.
func (p *parser) target(namespaces bool) expr {
	line := p.cur.line
	mark := len(p.scope.events)
	p.nsTarget = namespaces
	e := p.tuple(tupleOptions{target: true})
	p.nsTarget = false
	if !assignable(e) {
		p.failAt(line, "can't assign to '%s'", nodeName(e))
	}
	p.scope.events = p.scope.events[:mark]
	return e
}

// declare makes the names of a target variables of the scope.
func (p *parser) declare(target expr, kind eventKind) {
	switch e := target.(type) {
	case *nameExpr:
		p.scope.add(kind, e.name, &e.place)
	case *nsExpr:
		p.scope.add(evLoad, e.ns.name, &e.ns.place)
	case *tupleExpr:
		for _, item := range e.items {
			p.declare(item, kind)
		}
	}
}

// assignable reports whether e can be assigned to.
func assignable(e expr) bool {
	switch e := e.(type) {
	case *nameExpr, *nsExpr:
		return true
	case *tupleExpr:
		for _, item := range e.items {
			if !assignable(item) {
				return false
			}
		}
		return true
	}
	return false
}

// targetNames calls f with each name that the target assigns.
func targetNames(target expr, f func(string)) {
	switch e := target.(type) {
	case *nameExpr:
		f(e.name)
	case *tupleExpr:
		for _, item := range e.items {
			targetNames(item, f)
		}
	}
}

// nodeName is what Jinja2 calls the kind of expression.
func nodeName(e expr) string {
	switch e := e.(type) {
	case *constExpr:
		return "const"
	case *listExpr:
		return "list"
	case *dictExpr:
		return "dict"
	case *tupleExpr:
		return "tuple"
	case *attrExpr:
		return "getattr"
	case *itemExpr, *sliceExpr:
		return "getitem"
	case *callExpr:
		return "call"
	case *filterExpr:
		return "filter"
	case *testExpr:
		return "test"
	case *condExpr:
		return "condexpr"
	case *orExpr:
		return "or"
	case *andExpr:
		return "and"
	case *notExpr:
		return "not"
	case *compareExpr:
		return "compare"
	case *concatExpr:
		return "concat"
	case *unaryExpr:
		if e.op == python.Neg {
			return "neg"
		}
		return "pos"
	case *binaryExpr:
		return [...]string{"add", "sub", "mul", "div", "floordiv", "mod", "pow"}[e.op]
	}
	return "name"
}
