package template

import (
	gonja "github.com/nikolalohinski/gonja/v2/parser"

	"github.com/go-buildout/go-buildout/internal/python"
)

// setStatement assigns a value, or what a body writes.
type setStatement struct {
	target expr
	value  expr // of the assignment, or filters of the text
	text   *blockText
	scope  *scope
	body   body
	spaces []*nameExpr // what must be namespaces
	export []*nameExpr // names that the template exports
}

func (p *parser) parseSet(g *gonja.Parser, _ int32) statement {
	s := &setStatement{target: p.target(true)}
	if p.skip(tAssign) {
		s.value = p.tuple(tupleOptions{})
		p.assigns(s)
		return s
	}
	p.assigns(s)
	s.scope = p.scope.inner()
	s.scope.free = true
	p.push(s.scope)
	if p.cur.kind == tPipe {
		s.text = &blockText{place{0, int32(p.scope.fn.slot())}}
		s.value = p.filter(s.text, len(p.late))
	}
	s.body, _ = p.body(g, "endset")
	p.pop()
	return s
}

// assigns declares the names that the statement assigns.
func (p *parser) assigns(s *setStatement) {
	p.declare(s.target, evStore)
	var visit func(e expr)
	visit = func(e expr) {
		switch e := e.(type) {
		case *nsExpr:
			s.spaces = append(s.spaces, e.ns)
		case *nameExpr:
			p.forbidLoop(e.name)
			if p.scope.isRoot {
				s.export = append(s.export, e)
			}
		case *tupleExpr:
			for _, item := range e.items {
				visit(item)
			}
		}
	}
	visit(s.target)
}

// forbidLoop notes an assignment to loop inside a loop.
func (p *parser) forbidLoop(name string) {
	if name == "loop" && p.fors > 0 {
		p.later("TemplateAssertionError", p.cur.line, "Can't assign to special loop variable in for-loop target")
	}
}

func (s *setStatement) exec(f *frame) error {
	if s.scope != nil {
		return s.capture(f)
	}
	if err := s.check(f); err != nil {
		return err
	}
	v, err := s.value.eval(f)
	if err != nil {
		return err
	}
	return s.assign(f, v)
}

// check makes sure that attributes are set on namespaces only.
func (s *setStatement) check(f *frame) error {
	for _, ns := range s.spaces {
		if _, ok := (*f.at(ns.place)).(*namespace); !ok {
			return python.Raise("TemplateRuntimeError", "cannot assign attribute on non-namespace object")
		}
	}
	return nil
}

func (s *setStatement) capture(f *frame) error {
	s.scope.enter(f)
	text, err := s.body.capture(f)
	if err != nil {
		return err
	}
	if err := s.check(f); err != nil {
		return err
	}
	v := f.markup(text)
	if s.value != nil {
		*f.at(s.text.slot) = v
		if v, err = s.value.eval(f); err != nil {
			return err
		}
		if f.ctx.autoescape {
			text, err := python.Str(v)
			if err != nil {
				return err
			}
			v = markup(text)
		}
	}
	return s.assign(f, v)
}

func (s *setStatement) assign(f *frame, v python.Value) error {
	if err := f.assign(s.target, v); err != nil {
		return err
	}
	for _, e := range s.export {
		f.ctx.export(e.name, *f.at(e.place))
	}
	return nil
}

// assign gives the names of a target their values.
func (f *frame) assign(target expr, v python.Value) error {
	switch t := target.(type) {
	case *nameExpr:
		*f.at(t.place) = v
		return nil
	case *nsExpr:
		ns, ok := (*f.at(t.ns.place)).(*namespace)
		if !ok {
			return python.Raise("TemplateRuntimeError", "cannot assign attribute on non-namespace object")
		}
		ns.attrs.SetString(t.name, v)
		return nil
	}
	return f.unpack(target.(*tupleExpr).items, v)
}

// unpack assigns the items of v to as many targets.
func (f *frame) unpack(targets []expr, v python.Value) error {
	switch v := v.(type) {
	case *python.Tuple:
		if len(v.Items) == len(targets) {
			for i, item := range v.Items {
				if err := f.assign(targets[i], item); err != nil {
					return err
				}
			}
			return nil
		}
	}
	it, err := python.Iter(v)
	if err != nil {
		if python.IsError(err, "TypeError") {
			err = python.Raise("TypeError", "cannot unpack non-iterable %s object", v.Type())
		}
		return err
	}
	items := make([]python.Value, 0, len(targets))
	for {
		item, ok, err := it.Next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if len(items) == len(targets) {
			return python.Raise("ValueError", "too many values to unpack (expected %d)", len(targets))
		}
		items = append(items, item)
	}
	if len(items) < len(targets) {
		return python.Raise("ValueError", "not enough values to unpack (expected %d, got %d)", len(targets), len(items))
	}
	for i, item := range items {
		if err := f.assign(targets[i], item); err != nil {
			return err
		}
	}
	return nil
}
