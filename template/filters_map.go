package template

import "github.com/go-buildout/go-buildout/internal/python"

// filterMap applies a filter to each item, or looks an attribute up.
func filterMap(f *frame, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) == 0 {
		return nil, python.Raise("TypeError", "sync_do_map() missing 1 required positional argument: 'value'")
	}
	return lazily(f, args[0], func() (func(python.Value) (python.Value, bool, error), error) {
		apply, err := prepareMap(f, args[1:], kwargs)
		if err != nil {
			return nil, err
		}
		return func(item python.Value) (python.Value, bool, error) {
			v, err := apply(item)
			return v, true, err
		}, nil
	}), nil
}

func prepareMap(f *frame, args []python.Value, kwargs []python.Keyword) (func(python.Value) (python.Value, error), error) {
	if len(args) == 0 {
		var attribute, def python.Value
		var other string
		for _, k := range kwargs {
			switch k.Name {
			case "attribute":
				attribute = k.Value
			case "default":
				def = defaultOf(k.Value)
			default:
				if other == "" {
					other = k.Name
				}
			}
		}
		if attribute == nil {
			return nil, argumentError("map requires a filter argument")
		}
		if other != "" {
			return nil, argumentError("Unexpected keyword argument %s", pyQuote(other))
		}
		g := attrGetter(f, attribute, false)
		g.def = def
		return g.get, nil
	}
	name, rest := args[0], args[1:]
	return func(item python.Value) (python.Value, error) {
		s, err := nameOf(name, "filter")
		if err != nil {
			return nil, err
		}
		fn := f.run.env.filters[s]
		if fn == nil {
			return nil, python.Raise("TemplateRuntimeError", "No filter named %s.", pyQuote(s))
		}
		return fn.call(f, append([]python.Value{item}, rest...), kwargs)
	}, nil
}

// nameOf is the name of a filter or test as a value.
func nameOf(v python.Value, what string) (string, error) {
	if s, ok := python.AsText(v); ok {
		return s, nil
	}
	shown, err := python.Repr(v)
	if err != nil {
		return "", err
	}
	message := "No " + what + " named " + shown + "."
	if u, ok := v.(*undefined); ok {
		message += " (" + u.message() + "; did you forget to quote the callable name?)"
	}
	return "", python.Raise("TemplateRuntimeError", "%s", message)
}

// filterSelect keeps the items, or attributes of items, for which a test
// gives want.
func filterSelect(want, attr bool) func(*frame, []python.Value, []python.Keyword) (python.Value, error) {
	return func(f *frame, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
		if len(args) == 0 {
			return nil, python.Raise("TypeError", "missing 1 required positional argument: 'value'")
		}
		return lazily(f, args[0], func() (func(python.Value) (python.Value, bool, error), error) {
			rest := args[1:]
			g := &getter{f: f}
			if attr {
				if len(rest) == 0 {
					return nil, argumentError("Missing parameter for attribute name")
				}
				g, rest = attrGetter(f, rest[0], false), rest[1:]
			}
			return func(item python.Value) (python.Value, bool, error) {
				v, err := g.get(item)
				if err != nil {
					return nil, false, err
				}
				yes, err := selects(f, v, rest, kwargs)
				return item, yes == want, err
			}, nil
		}), nil
	}
}

// selects is the outcome of the test that args name, or the value's truth.
func selects(f *frame, v python.Value, args []python.Value, kwargs []python.Keyword) (bool, error) {
	if len(args) == 0 {
		return python.Truth(v)
	}
	name, err := nameOf(args[0], "test")
	if err != nil {
		return false, err
	}
	fn := f.run.env.tests[name]
	if fn == nil {
		return false, python.Raise("TemplateRuntimeError", "No test named %s.", pyQuote(name))
	}
	return fn.call(f, append([]python.Value{v}, args[1:]...), kwargs)
}

// lazily is a generator over an iterable that begins only when it is read:
// prepare then gives what becomes of each item, and whether it is kept.
func lazily(f *frame, v python.Value, prepare func() (func(python.Value) (python.Value, bool, error), error)) python.Value {
	var it python.Iterator
	var step func(python.Value) (python.Value, bool, error)
	inner, _ := v.(python.Iterator)
	return stream("generator", inner, func() (python.Value, bool, error) {
		if it == nil {
			yes, err := python.Truth(v)
			if err != nil || !yes {
				return nil, false, err
			}
			if step, err = prepare(); err != nil {
				return nil, false, err
			}
			if it, err = python.Iter(v); err != nil {
				return nil, false, err
			}
		}
		for {
			item, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			if err := f.run.tick(); err != nil {
				return nil, false, err
			}
			item, keep, err := step(item)
			if err != nil {
				return nil, false, err
			}
			if keep {
				return item, true, nil
			}
		}
	})
}
