package python

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseLiteral(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`'a'`, `'a'`},
		{`"it's"`, `"it's"`},
		{`u'é'`, `'é'`},
		{`r'\n'`, `'\\n'`},
		{`R"a\"b"`, `'a\\"b'`},
		{`'''a
'b' ''c'''`, `"a\n'b' ''c"`},
		{`'a' "b"  'c'`, `'abc'`},
		{`('a'
		  'b')`, `'ab'`},
		{`'\x41\u00e9\U0001f600\101\0\n\r\t\a\b\f\v\\\'\"\q'`, `'Aé😀A\x00\n\r\t\x07\x08\x0c\x0b\\\'"\\q'`},
		{"'a\\\nb'", `'ab'`},
		{`'\777'`, `'ǿ'`},
		{`'\udcff'`, `'\udcff'`},
		{`b'\xff\x00a\u1234'`, `b'\xff\x00a\\u1234'`},
		{`b'\777'`, `b'\xff'`},
		{`rb'\x'`, `b'\\x'`},
		{`Br"\x"`, `b'\\x'`},
		{`b'a' b'b'`, `b'ab'`},
		{`0`, `0`},
		{`00`, `0`},
		{`1_000`, `1000`},
		{`0x_ff`, `255`},
		{`0o17`, `15`},
		{`0B11`, `3`},
		{`123456789012345678901234567890`, `123456789012345678901234567890`},
		{`1.5`, `1.5`},
		{`.5`, `0.5`},
		{`5.`, `5.0`},
		{`1e3`, `1000.0`},
		{`1E-3`, `0.001`},
		{`1_0.2_5e1_0`, `102500000000.0`},
		{`-1`, `-1`},
		{`--1`, `1`},
		{`+True`, `1`},
		{`- 1.5`, `-1.5`},
		{`1j`, `1j`},
		{`1+2j`, `(1+2j)`},
		{`(-1-2.5j)`, `(-1-2.5j)`},
		{`True`, `True`},
		{`None`, `None`},
		{`[]`, `[]`},
		{`[1, [2], ]`, `[1, [2]]`},
		{`()`, `()`},
		{`(1,)`, `(1,)`},
		{`(1)`, `1`},
		{`(1, 2,)`, `(1, 2)`},
		{`{}`, `{}`},
		{`{'a': 1, 'b': [2], }`, `{'a': 1, 'b': [2]}`},
		{`{1: 'a', True: 'b', 1.0: 'c'}`, `{1: 'c'}`},
		{`{1, 2, 1}`, `{1, 2}`},
		{`set()`, `set()`},
		{`set([1])`, `{1}`},
		{`frozenset({1})`, `frozenset({1})`},
		{`bytearray(b'a')`, `bytearray(b'a')`},
		{`complex(1, 2)`, `(1+2j)`},
		{`dict(a=1, b=(2))`, `{'a': 1, 'b': 2}`},
		{`dict([('a', 1)], b=2)`, `{'a': 1, 'b': 2}`},
		{`list((1, 2))`, `[1, 2]`},
		{`tuple([1])`, `(1,)`},
		{`str(1)`, `'1'`},
		{" [1, # one\n 2]\n", `[1, 2]`},
		{"1 + \\\n 2", `3`},
	} {
		v, err := ParseLiteral(c.text)
		if assert.NoError(t, err, c.text) {
			got, err := Repr(v)
			require.NoError(t, err)
			assert.Equal(t, c.want, got, c.text)
		}
	}
}

func TestParseLiteralRejects(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, `SyntaxError: invalid syntax: found the end, expected a value at character 1`},
		{`os`, `NameError: name 'os' is not defined`},
		{`__import__('os')`, `NameError: name '__import__' is not defined`},
		{`int('1')`, `NameError: name 'int' is not defined`},
		{`str`, `SyntaxError: invalid syntax: found the end, expected '(' after str at character 4`},
		{`1 2`, `SyntaxError: invalid syntax: found '2', expected the end of the literal at character 3`},
		{`[1 2]`, `SyntaxError: invalid syntax: found '2', expected ',' or ']' at character 4`},
		{`[,]`, `SyntaxError: invalid syntax: found ',', expected a value at character 2`},
		{`[1`, `SyntaxError: invalid syntax: found the end, expected ',' or ']' at character 3`},
		{`{1: 2, 3}`, `SyntaxError: invalid syntax: found '}', expected ':' at character 9`},
		{`{1, 2: 3}`, `SyntaxError: invalid syntax: found ':', expected ',' or '}' at character 6`},
		{`{[]: 1}`, `TypeError: unhashable type: 'list'`},
		{`'a`, `SyntaxError: unterminated string literal at character 3`},
		{"'a\n'", `SyntaxError: unterminated string literal at character 3`},
		{`'''a'`, `SyntaxError: unterminated string literal at character 6`},
		{`'\`, `SyntaxError: unterminated string literal at character 3`},
		{`'\x4'`, `SyntaxError: truncated \xXX escape at character 5`},
		{`'\ud800'`, `SyntaxError: lone surrogates are not supported: U+D800 at character 8`},
		{`'\udcc3\udca9'`, `SyntaxError: surrogates that form text are not supported at character 15`},
		{`'\U00110000'`, `SyntaxError: illegal Unicode character at character 12`},
		{`'\N{DASH}'`, `SyntaxError: names of characters are not supported at character 4`},
		{`b'é'`, `SyntaxError: bytes can only contain ASCII literal characters at character 3`},
		{`'a' b'b'`, `SyntaxError: cannot mix bytes and nonbytes literals at character 9`},
		{`f'a'`, `SyntaxError: invalid string prefix 'f' at character 1`},
		{`é'a'`, `SyntaxError: invalid string prefix 'é' at character 1`},
		{`010`, `SyntaxError: invalid number '010' at character 1`},
		{`1__0`, `SyntaxError: invalid number '1__0' at character 1`},
		{`1a`, `SyntaxError: invalid number '1a' at character 1`},
		{`0xg`, `SyntaxError: invalid number '0xg' at character 1`},
		{`1.2.3`, `SyntaxError: invalid number '1.2.3' at character 1`},
		{`'a' + 'b'`, `SyntaxError: invalid syntax: found '+', expected the end of the value at character 5`},
		{`-'a'`, `TypeError: bad operand type for unary -: 'str'`},
		{`dict(a=1, a=2)`, `SyntaxError: keyword argument repeated: a at character 14`},
		{`dict(a=1, 2)`, `SyntaxError: positional argument follows keyword argument at character 12`},
		{`set(1)`, `TypeError: 'int' object is not iterable`},
		{`é`, `NameError: name 'é' is not defined`},
		{"\x00", `SyntaxError: invalid syntax: found '\x00', expected a value at character 1`},
		{strings.Repeat("[", 5000), `SyntaxError: too many nested values at character 1001`},
		{strings.Repeat("(", 5000), `SyntaxError: too many nested values at character 1001`},
	} {
		_, err := ParseLiteral(c.text)
		assert.EqualError(t, err, c.want, c.text)
	}
}

func TestDumps(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{`'a'`, `!py!'a'`},
		{`'${a:b};c'`, `!py!'\x24{a:b}\x3bc'`},
		{`{'b': 1, 'a': [1, None, True]}`, `!py!{'a': [1, None, True], 'b': 1}`},
		{`{1, 2}`, `!py!{1, 2}`},
		{`frozenset()`, `!py!frozenset()`},
		{`b'$;'`, `!py!b'\x24\x3b'`},
		{`bytearray(b'$')`, `!py!bytearray(b'\x24')`},
		{`'\\$'`, `!py!'\\\x24'`},
		{`10**30`, `!py!1000000000000000000000000000000`},
		{`1+2j`, `!py!(1+2j)`},
	} {
		v, err := evaluate(c.source)
		require.NoError(t, err)
		got, err := Dumps(v)
		require.NoError(t, err)
		assert.Equal(t, c.want, got)
		assert.NotContains(t, got, "$")
		back, err := Loads(got)
		require.NoError(t, err)
		equal, err := Equal(v, back)
		require.NoError(t, err)
		assert.True(t, equal, "%s reads back as another value", got)
	}
}

func TestDumpsRejects(t *testing.T) {
	loop := NewList()
	loop.Items = append(loop.Items, loop)
	for _, v := range []Value{
		NewFunc("f", nil), NewList(StrClass), loop, NewStream("generator", &sliceIterator{}),
	} {
		_, err := Dumps(v)
		assert.ErrorContains(t, err, "ValueError: Value cannot be serialised: ")
	}
}

func TestLoads(t *testing.T) {
	v, err := Loads("plain")
	require.NoError(t, err)
	require.Equal(t, String("plain"), v)
	assert.True(t, IsSerialised("!pyx"))
	assert.False(t, IsSerialised("x!py!"))
	for text, want := range map[string]string{
		"!py!os":  "NameError: name 'os' is not defined",
		"!pyx":    "AttributeError: 'NoneType' object has no attribute 'groups'",
		"!py2!1":  "KeyError: '2'",
		"!py![1,": "SyntaxError: invalid syntax: found the end, expected a value at character 4",
	} {
		_, err := Loads(text)
		assert.EqualError(t, err, want)
	}
}

func TestSafeReprReadsBack(t *testing.T) {
	big30 := NewInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil))
	values := NewList(None, True, Int(-5), big30, Float(1.5), Float(math.Copysign(0, -1)), Float(1e300), Complex(1-2i),
		String("it's \"x\" \\ é😀\x00\xff\x7f"), Bytes("\x00'\"\xff"), &ByteArray{[]byte("x")},
		NewTuple(), NewTuple(Int(1)), NewDict(), &Set{}, &Set{Frozen: true})
	text, err := SafeRepr(values)
	require.NoError(t, err)
	back, err := ParseLiteral(text)
	require.NoError(t, err)
	equal, err := Equal(values, back)
	require.NoError(t, err)
	require.True(t, equal, text)
	negativeZero := back.(*List).Items[5].(Float)
	require.True(t, math.Signbit(float64(negativeZero)) == math.Signbit(float64(values.Items[5].(Float))))
}
