package template

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestValues(t *testing.T) {
	ordered, err := Dict(Pair{"z", 1}, Pair{"a", []any{"x", nil}})
	require.NoError(t, err)
	json, err := JSON(`{"z": 1, "a": 123456789012345678901234567890}`)
	require.NoError(t, err)
	literal, err := Literal(`{'t': (1, 2), 's': set([1])}`)
	require.NoError(t, err)
	loaded, err := Loads(`!py!['a', {'b': None}]`)
	require.NoError(t, err)
	plain, err := Loads("text")
	require.NoError(t, err)
	got, err := render(t, "{{ ordered }} {{ json }} {{ literal }} {{ loaded }} {{ plain }} {{ go }} {{ n }} {{ f }} {{ dumps(loaded) }} {{ dumps('a$b;') }}", Options{Python: true}, map[string]any{
		"ordered": ordered, "json": json, "literal": literal, "loaded": loaded, "plain": plain,
		"go": map[string]any{"b": []string{"x"}, "a": true}, "n": 7, "f": 1.0,
	})
	require.NoError(t, err)
	assert.Equal(t, `{'z': 1, 'a': ['x', None]} {'z': 1, 'a': 123456789012345678901234567890} {'t': (1, 2), 's': {1}} ['a', {'b': None}] text {'a': True, 'b': ['x']} 7 1.0 !py!['a', {'b': None}] !py!'a\x24b\x3b'`, got)

	s, err := Dumps([]any{1, "x"})
	require.NoError(t, err)
	assert.Equal(t, "!py![1, 'x']", s)
	s, err = Str(literal)
	require.NoError(t, err)
	assert.Equal(t, "{'t': (1, 2), 's': {1}}", s)

	for _, text := range []string{"{", "[1,]", ""} {
		_, err := JSON(text)
		assert.Error(t, err, text)
	}
	_, err = Literal("f(x)")
	assert.Error(t, err)
	_, err = Dict(Pair{"x", make(chan int)})
	assert.Error(t, err)
	_, err = Dumps(make(chan int))
	assert.Error(t, err)
}

func TestVariablesStayAsTheyAre(t *testing.T) {
	given, err := JSON(`{"l": [1], "d": {"x": {}}}`)
	require.NoError(t, err)
	vars := map[string]any{"v": given, "w": map[string]any{"inner": given}}
	text := "{% do v.l.append(2) %}{% do v.d.x.update(a=1) %}{% do w.inner.l.append(3) %}{{ v }} {{ w.inner.l }}"
	for range 2 {
		got, err := render(t, text, Options{Extensions: []string{"jinja2.ext.do"}}, vars)
		require.NoError(t, err)
		assert.Equal(t, "{'l': [1, 2, 3], 'd': {'x': {'a': 1}}} [1, 2, 3]", got, "one object under two names stays one")
	}
}
