package template

import (
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// functoolsModule is Python's functools.
func functoolsModule() *python.Module {
	return python.NewModule("functools").Set("reduce", reduce).Set("partial", partialClass)
}

// reduce is functools.reduce.
var reduce = python.NewFunc("reduce", func(t *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) < 2 || len(args) > 3 || len(kwargs) > 0 {
		return nil, python.Raise("TypeError", "reduce expected at least 2 arguments, got %d", len(args))
	}
	var total python.Value
	if len(args) == 3 {
		total = args[2]
	}
	err := python.Each(t, args[1], func(item python.Value) (err error) {
		if total == nil {
			total = item
			return nil
		}
		total, err = python.Call(t, args[0], []python.Value{total, item}, nil)
		return err
	})
	if err == nil && total == nil {
		err = python.Raise("TypeError", "reduce() of empty iterable with no initial value")
	}
	return total, err
})

// partial is a call with some of its arguments.
type partial struct {
	fn     python.Value
	args   []python.Value
	kwargs []python.Keyword
}

var partialClass = &python.Class{Name: "partial", New: func(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) == 0 {
		return nil, python.Raise("TypeError", "type 'partial' takes at least one argument")
	}
	if !python.IsCallable(args[0]) {
		return nil, python.Raise("TypeError", "the first argument must be callable")
	}
	return &partial{args[0], args[1:], kwargs}, nil
}}

func (*partial) Type() string      { return "functools.partial" }
func (*partial) qualified() string { return "functools.partial" }

// Call implements python.Callable.
func (p *partial) Call(t *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	all := append(append([]python.Value(nil), p.args...), args...)
	named := append([]python.Keyword(nil), p.kwargs...)
	for _, k := range kwargs {
		replaced := false
		for i := range named {
			if named[i].Name == k.Name {
				named[i].Value, replaced = k.Value, true
			}
		}
		if !replaced {
			named = append(named, k)
		}
	}
	return python.Call(t, p.fn, all, named)
}

// Attr implements python.Attributer.
func (p *partial) Attr(name string) (python.Value, error) {
	switch name {
	case "func":
		return p.fn, nil
	case "args":
		return python.NewTuple(p.args...), nil
	case "keywords":
		d := python.NewDict()
		for _, k := range p.kwargs {
			d.SetString(k.Name, k.Value)
		}
		return d, nil
	}
	return nil, nil
}

// operatorModule is Python's operator.
func operatorModule() *python.Module {
	m := python.NewModule("operator")
	two := func(name string, fn func(a, b python.Value) (python.Value, error)) {
		s := &signature{name: name, operator: true, params: []param{{name: "a"}, {name: "b"}}}
		m.Set(name, wrap(s, func(_ *python.Thread, a []python.Value) (python.Value, error) { return fn(a[0], a[1]) }))
	}
	for name, op := range map[string]python.Op{
		"add": python.Add, "sub": python.Sub, "mul": python.Mul, "truediv": python.TrueDiv, "floordiv": python.FloorDiv,
		"mod": python.Mod, "pow": python.Pow, "and_": python.And, "or_": python.Or, "xor": python.Xor,
		"lshift": python.LShift, "rshift": python.RShift, "concat": python.Add,
	} {
		two(name, func(a, b python.Value) (python.Value, error) { return python.Binary(op, a, b) })
	}
	for name, op := range map[string]python.CompareOp{
		"eq": python.Eq, "ne": python.Ne, "lt": python.Lt, "le": python.Le, "gt": python.Gt, "ge": python.Ge,
	} {
		two(name, func(a, b python.Value) (python.Value, error) {
			yes, err := python.Compare(op, a, b)
			return python.Bool(yes), err
		})
	}
	two("contains", func(a, b python.Value) (python.Value, error) {
		yes, err := python.Contains(a, b)
		return python.Bool(yes), err
	})
	two("getitem", python.GetItem)
	two("is_", func(a, b python.Value) (python.Value, error) { return python.Bool(python.Identical(a, b)), nil })
	two("is_not", func(a, b python.Value) (python.Value, error) { return python.Bool(!python.Identical(a, b)), nil })
	one := func(name string, fn func(v python.Value) (python.Value, error)) {
		m.Set(name, wrap(sig(name, "a"), func(_ *python.Thread, a []python.Value) (python.Value, error) { return fn(a[0]) }))
	}
	one("neg", func(v python.Value) (python.Value, error) { return python.Unary(python.Neg, v) })
	one("pos", func(v python.Value) (python.Value, error) { return python.Unary(python.Pos, v) })
	one("not_", func(v python.Value) (python.Value, error) { yes, err := python.Truth(v); return python.Bool(!yes), err })
	one("truth", func(v python.Value) (python.Value, error) { yes, err := python.Truth(v); return python.Bool(yes), err })
	m.Set("setitem", wrap(sig("setitem", "a", "b", "c"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
		return python.None, python.SetItem(a[0], a[1], a[2])
	}))
	m.Set("itemgetter", python.NewFunc("itemgetter", getterOf("itemgetter", python.GetItem)))
	m.Set("attrgetter", python.NewFunc("attrgetter", getterOf("attrgetter", attrPath)))
	m.Set("methodcaller", python.NewFunc("methodcaller", methodCaller))
	return m
}

// getterOf is itemgetter or attrgetter: it returns a function that reads one
// thing, or a tuple of several.
func getterOf(name string, get func(v, key python.Value) (python.Value, error)) func(*python.Thread, []python.Value, []python.Keyword) (python.Value, error) {
	return func(_ *python.Thread, keys []python.Value, kwargs []python.Keyword) (python.Value, error) {
		if len(keys) == 0 || len(kwargs) > 0 {
			return nil, python.Raise("TypeError", "%s expected 1 argument, got %d", name, len(keys))
		}
		return wrap(sig(name, "obj"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			values := make([]python.Value, len(keys))
			for i, key := range keys {
				v, err := get(a[0], key)
				if err != nil {
					return nil, err
				}
				values[i] = v
			}
			if len(values) == 1 {
				return values[0], nil
			}
			return python.NewTuple(values...), nil
		}), nil
	}
}

// attrPath is an attribute by a name with dots.
func attrPath(v, key python.Value) (python.Value, error) {
	path, ok := python.AsText(key)
	if !ok {
		return nil, python.Raise("TypeError", "attribute name must be a string")
	}
	var err error
	for _, name := range strings.Split(path, ".") {
		if v, err = python.GetAttr(v, name); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func methodCaller(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) == 0 {
		return nil, python.Raise("TypeError", "methodcaller needs at least one argument, the method name")
	}
	name, ok := python.AsText(args[0])
	if !ok {
		return nil, python.Raise("TypeError", "method name must be a string")
	}
	rest := append([]python.Value(nil), args[1:]...)
	return wrap(sig("methodcaller", "obj"), func(t *python.Thread, a []python.Value) (python.Value, error) {
		fn, err := python.GetAttr(a[0], name)
		if err != nil {
			return nil, err
		}
		return python.Call(t, fn, rest, kwargs)
	}), nil
}
