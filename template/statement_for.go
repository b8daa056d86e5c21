package template

import (
	gonja "github.com/nikolalohinski/gonja/v2/parser"

	"github.com/go-buildout/go-buildout/internal/python"
)

// forStatement runs a body for each item of an iterable.
type forStatement struct {
	target    expr
	iterable  expr
	test      expr // nil: all items
	recursive bool

	testScope  *scope
	testTarget expr
	bodyScope  *scope
	body       body
	elseScope  *scope
	otherwise  body

	function *scope // of a recursive loop
}

func (p *parser) parseFor(g *gonja.Parser, _ int32) statement {
	s := &forStatement{target: p.target(false)}
	p.expectName("in")
	p.fors++
	defer func() { p.fors-- }()
	targetNames(s.target, p.forbidLoop)
	s.iterable = p.tuple(tupleOptions{noCondition: true})
	// Whether the loop is a function of its own is known only after its
	// condition, which has a scope of its own anyway.
	outer := p.scope
	if p.skipName("if") {
		s.testTarget = cloneTarget(s.target)
		s.testScope = outer.inner()
		p.push(s.testScope)
		p.declare(s.testTarget, evParam)
		s.test = p.expression()
		p.pop()
	}
	s.recursive = p.skipName("recursive")
	if s.recursive {
		s.function = outer.innerFunction()
		outer.events = outer.events[:len(outer.events)-1]
		if s.testScope != nil {
			s.testScope.fn = s.function.fn
		}
	}
	fn := outer.fn
	if s.recursive {
		fn = s.function.fn
	}
	s.bodyScope = outer.inner()
	s.bodyScope.fn = fn
	s.bodyScope.declare = useLoop
	if s.recursive {
		s.bodyScope.always = useLoop
	}
	p.push(s.bodyScope)
	p.declare(s.target, evParam)
	p.loops++
	var end string
	s.body, end = p.body(g, "endfor", "else")
	p.pop()
	if s.bodyScope.scoped {
		s.bodyScope.always = useLoop
	}
	if end == "else" {
		s.elseScope = outer.inner()
		s.elseScope.fn = fn
		p.push(s.elseScope)
		s.otherwise, _ = p.body(g, "endfor")
		p.pop()
	}
	return s
}

// cloneTarget copies a target, for another scope.
func cloneTarget(target expr) expr {
	switch e := target.(type) {
	case *nameExpr:
		c := *e
		return &c
	case *tupleExpr:
		c := &tupleExpr{items: make([]expr, len(e.items))}
		for i, item := range e.items {
			c.items[i] = cloneTarget(item)
		}
		return c
	}
	return target
}

func (s *forStatement) exec(f *frame) error {
	v, err := s.iterable.eval(f)
	if err != nil {
		return err
	}
	if s.recursive {
		text, err := s.recurse(f, v, 0)
		if err != nil {
			return err
		}
		return f.run.write(text)
	}
	return s.run(f, v, 0, nil)
}

// recurse runs a recursive loop in a frame of its own.
func (s *forStatement) recurse(f *frame, v python.Value, depth int) (string, error) {
	t := f.run.thread
	if err := t.Enter(); err != nil {
		return "", err
	}
	defer t.Leave()
	inner := s.function.newFrame(f, f.ctx, f.run, f.unit)
	saved := f.run.begin()
	err := s.run(inner, v, depth, f)
	return f.run.end(saved, err)
}

// run runs the loop. around is the frame outside a recursive loop.
func (s *forStatement) run(f *frame, v python.Value, depth int, around *frame) error {
	it, err := python.Iter(v)
	if err != nil {
		return err
	}
	if s.test != nil {
		it, err = s.selected(f, it)
		if err != nil {
			return err
		}
		v = nil
	}
	var l *loop
	if s.bodyScope.found&useLoop != 0 {
		l = &loop{statement: s, frame: around, iterable: v, it: it, index0: -1, depth0: depth, length: -1, mode: f.run.env.undefined}
	}
	ran := false
	for {
		var item python.Value
		var ok bool
		if l != nil {
			item, ok, err = l.next()
		} else {
			item, ok, err = it.Next()
		}
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := f.run.tick(); err != nil {
			return err
		}
		if name, ok := s.target.(*nameExpr); ok {
			f.slots[name.place.slot] = item
		} else if err := f.assign(s.target, item); err != nil {
			return err
		}
		if l != nil {
			s.bodyScope.set(f, useLoop, l)
		}
		s.bodyScope.enter(f)
		err = s.body.exec(f)
		switch err {
		case nil:
			// Jinja2 counts an iteration only when it got to its end, so a loop
			// that is left early runs its else as well.
			ran = true
		case errContinue:
		case errBreak:
		default:
			return err
		}
		if err == errBreak {
			break
		}
	}
	if s.elseScope == nil || ran {
		return nil
	}
	s.elseScope.enter(f)
	return s.otherwise.exec(f)
}

// selected are the items that the loop's condition selects.
func (s *forStatement) selected(f *frame, it python.Iterator) (python.Iterator, error) {
	s.testScope.enter(f)
	return python.IteratorFunc(func() (python.Value, bool, error) {
		for {
			item, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			if err := f.run.tick(); err != nil {
				return nil, false, err
			}
			if err := f.assign(s.testTarget, item); err != nil {
				return nil, false, err
			}
			yes, err := evalTruth(f, s.test)
			if err != nil {
				return nil, false, err
			}
			if yes {
				return item, true, nil
			}
		}
	}), nil
}
