package python

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// strict is a value that minds being used, as a strict undefined name does.
type strict struct{}

var errStrict = Raise("UndefinedError", "'x' is undefined")

func (*strict) Type() string                                { return "StrictUndefined" }
func (*strict) Repr() (string, error)                       { return "Undefined", nil }
func (*strict) Str() (string, error)                        { return "", errStrict }
func (*strict) Truth() (bool, error)                        { return false, errStrict }
func (*strict) Len() (int, error)                           { return 0, errStrict }
func (*strict) Iter() (Iterator, error)                     { return nil, errStrict }
func (*strict) Contains(Value) (bool, error)                { return false, errStrict }
func (*strict) Hash() (uint64, error)                       { return 0, errStrict }
func (*strict) Attr(string) (Value, error)                  { return nil, errStrict }
func (*strict) GetItem(Value) (Value, error)                { return nil, errStrict }
func (*strict) Unary(UnaryOp) (Value, error)                { return nil, errStrict }
func (*strict) Format(string) (string, error)               { return "", errStrict }
func (*strict) Binary(Op, Value, bool) (Value, bool, error) { return nil, true, errStrict }
func (*strict) Compare(CompareOp, Value) (bool, bool, error) {
	return false, true, errStrict
}
func (*strict) Call(*Thread, []Value, []Keyword) (Value, error) { return nil, errStrict }

func TestForeignValueInEveryOperation(t *testing.T) {
	u := &strict{}
	d := NewDict()
	uses := map[string]func() error{
		"str":        func() error { _, err := Str(u); return err },
		"truth":      func() error { _, err := Truth(u); return err },
		"len":        func() error { _, err := Len(u); return err },
		"iter":       func() error { _, err := Iter(u); return err },
		"in u":       func() error { _, err := Contains(u, Int(1)); return err },
		"u in":       func() error { _, err := Contains(NewList(Int(1)), u); return err },
		"hash":       func() error { _, err := Hash(u); return err },
		"key":        func() error { return d.Set(u, None) },
		"attr":       func() error { _, err := GetAttr(u, "a"); return err },
		"item":       func() error { _, err := GetItem(u, Int(0)); return err },
		"neg":        func() error { _, err := Unary(Neg, u); return err },
		"format":     func() error { _, err := Format(u, ""); return err },
		"u + 1":      func() error { _, err := Binary(Add, u, Int(1)); return err },
		"1 + u":      func() error { _, err := Binary(Add, Int(1), u); return err },
		"'a' + u":    func() error { _, err := Binary(Add, String("a"), u); return err },
		"[] * u":     func() error { _, err := Binary(Mul, NewList(), u); return err },
		"'%s' % u":   func() error { _, err := Binary(Mod, String("%s"), u); return err },
		"u == u":     func() error { _, err := Equal(u, u); return err },
		"1 < u":      func() error { _, err := Compare(Lt, Int(1), u); return err },
		"[1] == [u]": func() error { _, err := Equal(NewList(Int(1)), NewList(u)); return err },
		"call":       func() error { _, err := Call(nil, u, nil, nil); return err },
		"join":       func() error { _, _, err := CallMethod(nil, String(","), "join", []Value{u}, nil); return err },
		"sum":        func() error { _, err := Call(nil, NewFunc("sum", builtinSum), []Value{NewList(u)}, nil); return err },
	}
	for name, use := range uses {
		assert.ErrorIs(t, use(), errStrict, name)
	}
	found, err := Contains(NewList(u), u)
	require.NoError(t, err, "what is identical is not compared")
	require.True(t, found)
	text, err := Repr(NewList(u))
	require.NoError(t, err)
	require.Equal(t, "[Undefined]", text)
}

// markup is a str by inheritance with an operator and a method of its own.
type markup string

func (markup) Type() string            { return "Markup" }
func (m markup) Text() string          { return string(m) }
func (m markup) Repr() (string, error) { return "Markup(" + quote(string(m)) + ")", nil }
func (m markup) Class() *Class         { return &Class{Name: "Markup", Bases: []*Class{StrClass}} }
func (m markup) Binary(op Op, other Value, reflected bool) (Value, bool, error) {
	s, ok := AsText(other)
	if op != Add || !ok {
		return nil, false, nil
	}
	if reflected {
		return markup(s + string(m)), true, nil
	}
	return markup(string(m) + s), true, nil
}
func (m markup) Attr(name string) (Value, error) {
	if name == "upper" {
		return String("own"), nil
	}
	return nil, nil
}

func TestStrByInheritance(t *testing.T) {
	m := markup("a,b")
	list, err := GetAttr(m, "split")
	require.NoError(t, err)
	parts, err := Call(nil, list, []Value{String(",")}, nil)
	require.NoError(t, err)
	shown, err := Repr(parts)
	require.NoError(t, err)
	require.Equal(t, "['a', 'b']", shown)
	own, err := GetAttr(m, "upper")
	require.NoError(t, err)
	require.Equal(t, String("own"), own)
	sum, err := Binary(Add, String("<"), m)
	require.NoError(t, err)
	require.Equal(t, markup("<a,b"), sum)
	formatted, err := Binary(Mod, markup("%s!"), Int(1))
	require.NoError(t, err)
	require.Equal(t, String("1!"), formatted)
	equal, err := Equal(m, String("a,b"))
	require.NoError(t, err)
	require.True(t, equal)
	d := NewDict()
	d.SetString("a,b", Int(1))
	v, ok, err := d.Get(m)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, Int(1), v)
	require.True(t, IsInstance(m, StrClass))
	require.False(t, IsInstance(m, IntClass))
	item, err := GetItem(m, Int(-1))
	require.NoError(t, err)
	require.Equal(t, String("b"), item)
	n, err := Len(m)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	packed, err := Dumps(NewList(m))
	require.NoError(t, err)
	require.Equal(t, "!py!['a,b']", packed)
	text, err := ToJSON(NewList(m), JSONOptions{})
	require.NoError(t, err)
	require.Equal(t, `["a,b"]`, text)
}

func TestNamedTuple(t *testing.T) {
	point := &Tuple{Items: []Value{Int(1), Int(2)}, Named: &TupleType{Name: "Point", Fields: []string{"x", "y"}}}
	shown, err := Repr(NewList(point))
	require.NoError(t, err)
	require.Equal(t, "[Point(x=1, y=2)]", shown)
	x, err := GetAttr(point, "x")
	require.NoError(t, err)
	require.Equal(t, Int(1), x)
	_, err = GetAttr(point, "z")
	require.EqualError(t, err, "AttributeError: 'Point' object has no attribute 'z'")
	equal, err := Equal(point, NewTuple(Int(1), Int(2)))
	require.NoError(t, err)
	require.True(t, equal)
	require.True(t, IsInstance(point, TupleClass))
	plain := &Tuple{Items: point.Items, Named: &TupleType{Name: "_GroupTuple", Fields: []string{"grouper", "list"}, Plain: true}}
	shown, err = Repr(plain)
	require.NoError(t, err)
	require.Equal(t, "(1, 2)", shown)
}

func TestModule(t *testing.T) {
	m := NewModule("os").Set("sep", String("/"))
	v, err := GetAttr(m, "sep")
	require.NoError(t, err)
	require.Equal(t, String("/"), v)
	_, err = GetAttr(m, "nope")
	require.EqualError(t, err, "AttributeError: module 'os' has no attribute 'nope'")
	name, err := GetAttr(m, "__name__")
	require.NoError(t, err)
	require.Equal(t, String("os"), name)
}

func TestBuiltinsAreFresh(t *testing.T) {
	a, b := Builtins(), Builtins()
	a.SetString("len", None)
	v, _ := b.GetString("len")
	require.NotEqual(t, Value(None), v)
	for name, value := range b.All {
		require.True(t, IsCallable(value), text(name))
	}
}

func TestFromGo(t *testing.T) {
	big30 := new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)
	v, err := FromGo(map[string]any{
		"nil": nil, "bool": true, "int": 1, "int8": int8(2), "uint64": uint64(1 << 63), "float32": float32(0.5),
		"float": 1.5, "bytes": []byte("x"), "big": big30, "list": []any{1, "a"}, "strings": []string{"b"},
		"map": map[string]string{"k": "v"}, "value": NewTuple(Int(1)),
	})
	require.NoError(t, err)
	shown, err := Repr(v)
	require.NoError(t, err)
	require.Equal(t, "{'big': 1000000000000000000000000000000, 'bool': True, 'bytes': b'x', 'float': 1.5, 'float32': 0.5, "+
		"'int': 1, 'int8': 2, 'list': [1, 'a'], 'map': {'k': 'v'}, 'nil': None, 'strings': ['b'], "+
		"'uint64': 9223372036854775808, 'value': (1,)}", shown)

	_, err = FromGo(struct{}{})
	require.EqualError(t, err, "TypeError: values of the Go type struct {} are not supported")
	_, err = FromGo([]any{make(chan int)})
	require.EqualError(t, err, "TypeError: values of the Go type chan int are not supported")

	f, err := FromGo(func(args []Value) (Value, error) { return NewTuple(args...), nil })
	require.NoError(t, err)
	result, err := Call(nil, f, []Value{Int(1)}, nil)
	require.NoError(t, err)
	shown, err = Repr(result)
	require.NoError(t, err)
	require.Equal(t, "(1,)", shown)
	_, err = Call(nil, f, nil, []Keyword{{"a", None}})
	require.EqualError(t, err, "TypeError: function() takes no keyword arguments")
}
