package template

import (
	"fmt"

	"github.com/go-buildout/go-buildout/internal/python"
)

// loop is the value of loop in a loop's body.
type loop struct {
	statement *forStatement
	frame     *frame // around a recursive loop
	iterable  python.Value
	it        python.Iterator
	index0    int
	depth0    int
	length    int // -1: not yet known
	ended     bool
	peeked    bool
	after     python.Value // the next item, if peeked; nil: there is none
	current   python.Value
	before    python.Value
	changed   python.Value
	mode      Undefined
}

func (l *loop) Type() string      { return "LoopContext" }
func (l *loop) qualified() string { return "jinja2.runtime.LoopContext" }

// read reads an item of the iterator.
func (l *loop) read() (python.Value, error) {
	if l.ended {
		return nil, nil
	}
	v, ok, err := l.it.Next()
	if err != nil || !ok {
		l.ended = true
		return nil, err
	}
	return v, nil
}

// next goes to the next item.
func (l *loop) next() (python.Value, bool, error) {
	v, err := l.peek()
	if err != nil || v == nil {
		return nil, false, err
	}
	l.peeked, l.after = false, nil
	l.index0++
	l.before, l.current = l.current, v
	return v, true, nil
}

// peek is the next item, or nil.
func (l *loop) peek() (python.Value, error) {
	if l.peeked && l.after != nil {
		return l.after, nil
	}
	v, err := l.read()
	l.peeked, l.after = true, v
	return v, err
}

// Len is the number of items; for an iterator, they are read ahead.
func (l *loop) Len() (int, error) {
	if l.length >= 0 {
		return l.length, nil
	}
	if l.iterable != nil {
		switch l.iterable.(type) {
		case *python.Stream:
		default:
			if n, err := python.Len(l.iterable); err == nil {
				l.length = n
				return n, nil
			}
		}
	}
	var rest []python.Value
	for {
		v, err := l.read()
		if err != nil {
			return 0, err
		}
		if v == nil {
			break
		}
		if err := l.step(); err != nil {
			return 0, err
		}
		rest = append(rest, v)
	}
	l.ended = false
	it, err := python.Iter(python.NewTuple(rest...))
	if err != nil {
		return 0, err
	}
	l.it = it
	l.length = len(rest) + l.index0 + 1
	if l.peeked && l.after != nil {
		l.length++
	}
	return l.length, nil
}

func (l *loop) step() error {
	if l.frame == nil {
		return nil
	}
	return l.frame.run.thread.Step(1)
}

// Attr implements python.Attributer.
func (l *loop) Attr(name string) (python.Value, error) {
	switch name {
	case "index":
		return python.Int(l.index0 + 1), nil
	case "index0":
		return python.Int(l.index0), nil
	case "depth":
		return python.Int(l.depth0 + 1), nil
	case "depth0":
		return python.Int(l.depth0), nil
	case "first":
		return python.Bool(l.index0 == 0), nil
	case "last":
		v, err := l.peek()
		return python.Bool(v == nil), err
	case "length", "revindex", "revindex0":
		n, err := l.Len()
		switch name {
		case "revindex":
			n -= l.index0
		case "revindex0":
			n -= l.index0 + 1
		}
		return python.Int(n), err
	case "previtem":
		if l.index0 == 0 {
			return &undefined{mode: l.mode, hint: "there is no previous item"}, nil
		}
		return l.before, nil
	case "nextitem":
		v, err := l.peek()
		if err != nil || v != nil {
			return v, err
		}
		return &undefined{mode: l.mode, hint: "there is no next item"}, nil
	case "cycle":
		return python.NewFunc("cycle", l.cycle), nil
	case "changed":
		return python.NewFunc("changed", l.hasChanged), nil
	}
	return nil, nil
}

func (l *loop) cycle(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(kwargs) > 0 {
		return nil, python.Raise("TypeError", "LoopContext.cycle() got an unexpected keyword argument '%s'", kwargs[0].Name)
	}
	if len(args) == 0 {
		return nil, python.Raise("TypeError", "no items for cycling given")
	}
	return args[l.index0%len(args)], nil
}

func (l *loop) hasChanged(_ *python.Thread, args []python.Value, _ []python.Keyword) (python.Value, error) {
	now := python.NewTuple(args...)
	if l.changed != nil {
		same, err := python.Equal(l.changed, now)
		if err != nil {
			return nil, err
		}
		if same {
			return python.False, nil
		}
	}
	l.changed = now
	return python.True, nil
}

// Call runs a recursive loop over another iterable.
func (l *loop) Call(t *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) != 1 || len(kwargs) > 0 {
		if len(args) == 0 && len(kwargs) == 1 && kwargs[0].Name == "iterable" {
			args = []python.Value{kwargs[0].Value}
		} else {
			return nil, python.Raise("TypeError", "LoopContext.__call__() takes 2 positional arguments but %d were given", len(args)+1)
		}
	}
	if l.frame == nil {
		return nil, python.Raise("TypeError", "The loop must have the 'recursive' marker to be called recursively.")
	}
	text, err := l.statement.recurse(l.frame, args[0], l.depth0+1)
	if err != nil {
		return nil, crossing(err)
	}
	return l.frame.markup(text), nil
}

// Iter implements python.Iterable: the loop's items that are left, each with
// the loop.
func (l *loop) Iter() (python.Iterator, error) {
	return python.IteratorFunc(func() (python.Value, bool, error) {
		v, ok, err := l.next()
		if err != nil || !ok {
			return nil, false, err
		}
		return python.NewTuple(v, l), true, nil
	}), nil
}

// Repr implements python.Representer.
func (l *loop) Repr() (string, error) {
	n, err := l.Len()
	return fmt.Sprintf("<LoopContext %d/%d>", l.index0+1, n), err
}
