package template

import (
	"github.com/go-buildout/go-buildout/internal/python"
)

// builtinTests are Jinja2's tests by name.
var builtinTests = makeTests()

func makeTests() map[string]*test {
	one := func(name string, fn func(f *frame, v python.Value) (bool, error)) *test {
		return &test{sig("test_"+name, "value"), func(f *frame, a []python.Value) (bool, error) { return fn(f, a[0]) }}
	}
	is := func(name string, fn func(v python.Value) bool) *test {
		return one(name, func(_ *frame, v python.Value) (bool, error) { return fn(v), nil })
	}
	compare := func(op python.CompareOp) *test {
		names := [...]string{"eq", "ne", "lt", "le", "gt", "ge"}
		return &test{&signature{name: names[op], operator: true, params: []param{{name: "a"}, {name: "b"}}}, func(_ *frame, a []python.Value) (bool, error) {
			return python.Compare(op, a[0], a[1])
		}}
	}
	remainder := func(v python.Value, by, want python.Value) (bool, error) {
		r, err := python.Binary(python.Mod, v, by)
		if err != nil {
			return false, err
		}
		return python.Equal(r, want)
	}
	m := map[string]*test{
		"odd":  one("odd", func(_ *frame, v python.Value) (bool, error) { return remainder(v, python.Int(2), python.Int(1)) }),
		"even": one("even", func(_ *frame, v python.Value) (bool, error) { return remainder(v, python.Int(2), python.Int(0)) }),
		"divisibleby": {sig("test_divisibleby", "value", "num"), func(_ *frame, a []python.Value) (bool, error) {
			return remainder(a[0], a[1], python.Int(0))
		}},
		"defined":   is("defined", func(v python.Value) bool { return !isUndefined(v) }),
		"undefined": is("undefined", isUndefined),
		"none":      is("none", func(v python.Value) bool { return v == python.None }),
		"boolean":   is("boolean", func(v python.Value) bool { _, ok := v.(python.Bool); return ok }),
		"false":     is("false", func(v python.Value) bool { return v == python.False }),
		"true":      is("true", func(v python.Value) bool { return v == python.True }),
		"integer":   is("integer", isInteger),
		"float":     is("float", func(v python.Value) bool { _, ok := v.(python.Float); return ok }),
		"lower":     one("lower", testCase("islower")),
		"upper":     one("upper", testCase("isupper")),
		"string":    is("string", func(v python.Value) bool { _, ok := python.AsText(v); return ok }),
		"mapping":   is("mapping", isMapping),
		"number":    is("number", isNumber),
		"sequence":  one("sequence", testSequence),
		"iterable":  one("iterable", testIterable),
		"callable":  is("callable", python.IsCallable),
		"escaped":   is("escaped", func(v python.Value) bool { _, ok := v.(hypertext); return ok }),
		"sameas": {sig("test_sameas", "value", "other"), func(_ *frame, a []python.Value) (bool, error) {
			return python.Identical(a[0], a[1]), nil
		}},
		"in": {sig("test_in", "value", "seq"), func(_ *frame, a []python.Value) (bool, error) {
			return python.Contains(a[1], a[0])
		}},
	}
	m["filter"] = one("filter", func(f *frame, v python.Value) (bool, error) {
		return testName(v, func(name string) bool { return f.run.env.filters[name] != nil })
	})
	m["test"] = one("test", func(_ *frame, v python.Value) (bool, error) {
		return testName(v, func(name string) bool { return m[name] != nil })
	})
	for op, names := range map[python.CompareOp][]string{
		python.Eq: {"==", "eq", "equalto"},
		python.Ne: {"!=", "ne"},
		python.Gt: {">", "gt", "greaterthan"},
		python.Ge: {">=", "ge"},
		python.Lt: {"<", "lt", "lessthan"},
		python.Le: {"<=", "le"},
	} {
		for _, name := range names {
			m[name] = compare(op)
		}
	}
	return m
}

// testName is the test whether a name is one of a set.
func testName(v python.Value, known func(string) bool) (bool, error) {
	if _, err := python.Hash(v); err != nil {
		return false, err
	}
	name, ok := python.AsText(v)
	return ok && known(name), nil
}

func isInteger(v python.Value) bool {
	switch v.(type) {
	case python.Int, *python.BigInt:
		return true
	}
	return false
}

func isNumber(v python.Value) bool {
	switch v.(type) {
	case python.Int, *python.BigInt, python.Float, python.Bool, python.Complex:
		return true
	}
	return false
}

func isMapping(v python.Value) bool {
	_, ok := v.(*python.Dict)
	return ok
}

// testCase is the test of a text's letters.
func testCase(name string) func(*frame, python.Value) (bool, error) {
	return func(f *frame, v python.Value) (bool, error) {
		s, err := python.Str(v)
		if err != nil {
			return false, err
		}
		yes, err := method(f.run.thread, python.String(s), name)
		return yes == python.True, err
	}
}

// testSequence is whether a value has a length and items.
func testSequence(_ *frame, v python.Value) (bool, error) {
	if _, err := python.Len(v); err != nil {
		return false, nil
	}
	switch v.(type) {
	case *python.Set, *python.DictView, *loop:
		return false, nil
	}
	return true, nil
}

// testIterable is whether a value can be iterated.
func testIterable(_ *frame, v python.Value) (bool, error) {
	_, err := python.Iter(v)
	if err != nil && !python.IsError(err, "TypeError") {
		return false, err
	}
	return err == nil, nil
}
