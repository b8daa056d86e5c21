package template

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func render(t testing.TB, text string, o Options, vars map[string]any) (string, error) {
	t.Helper()
	tmpl, err := Parse("main", text, o)
	if err != nil {
		return "", err
	}
	return tmpl.Render(context.Background(), vars)
}

func TestLimits(t *testing.T) {
	files := Map{
		"self":  "{% include 'self' %}",
		"child": "{% extends 'child' %}",
		"lib":   "{% import 'lib' as x with context %}",
	}
	for _, c := range []struct{ name, text, want string }{
		{"macro", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError: maximum recursion depth exceeded"},
		{"include", "{% include 'self' %}", "RecursionError: maximum recursion depth exceeded"},
		{"extends", "{% extends 'child' %}", "RecursionError: maximum recursion depth exceeded"},
		{"import", "{% import 'lib' as x with context %}", "RecursionError: maximum recursion depth exceeded"},
		{"block", "{% block a %}{{ self.a() }}{% endblock %}", "RecursionError: maximum recursion depth exceeded"},
		{"loop", "{% for x in [[]] recursive %}{{ loop([[]]) }}{% endfor %}", "RecursionError: maximum recursion depth exceeded"},
		{"caller", "{% macro m() %}{{ caller is defined }}{% call m() %}{% endcall %}{% endmacro %}{{ m() }}", "RecursionError: maximum recursion depth exceeded"},
		{"nested namespaces", "{% set o = namespace(n=0) %}{% for i in range(2000) %}{% set o.n = namespace(n=o.n) %}{% endfor %}{{ o }}", "RecursionError: maximum recursion depth exceeded"},
		{"steps", "{% for i in range(10**9) %}{% endfor %}", "RuntimeError: more than 100000 steps taken"},
		{"steps of a condition", "{% for i in range(10**9) if false %}{% endfor %}", "RuntimeError: more than 100000 steps taken"},
		{"steps of a filter", "{{ range(10**9)|map('string')|list|length }}", "RuntimeError: more than 100000 steps taken"},
		{"output", "{% for i in range(1000) %}{{ 'x' * 1000 }}{% endfor %}", "MemoryError: output is longer than 10000 bytes"},
		{"output of a macro", "{% macro m() %}{{ 'x' * 20000 }}{% endmacro %}{{ m()|length }}", "MemoryError: output is longer than 10000 bytes"},
		{"memory", "{% set l = [] %}{% for i in range(1000) %}{% do l.append('x' * 100000) %}{% endfor %}", "MemoryError: more than 10000000 bytes used"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := render(t, c.text, Options{
				Extensions: []string{"jinja2.ext.do"}, Loader: files, Python: true,
				Limits: Limits{Steps: 100_000, Output: 10_000, Memory: 10_000_000},
			}, nil)
			var e *Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.want, e.Class+": "+e.Message)
			assert.LessOrEqual(t, len(e.Chain), 100)
		})
	}
}

func TestHugeOperations(t *testing.T) {
	for _, text := range []string{
		"{{ 'x' * 10**12 }}", "{{ [0] * 10**12 }}", "{{ 10**(10**10) }}", "{{ range(10**18)|list }}", "{{ 'x'.ljust(10**12) }}",
		"{{ '%0999999999999d' % 1 }}", "{{ '{:>999999999999}'.format('x') }}", "{{ 'x'|center(10**12) }}",
		"{{ [1]|batch(10**12, 0)|list }}", "{{ [1]|slice(10**12)|list }}", "{{ lipsum(n=10**9) }}", "{{ 'a'|indent(10**10) }}",
		"{{ " + strings.Repeat("(", 100_000) + " }}", "{{ " + strings.Repeat("-", 100_000) + "1 }}", "{{ " + strings.Repeat("not ", 100_000) + "1 }}",
		"{{ 1" + strings.Repeat("+1", 100_000) + " }}", "{{ a" + strings.Repeat(".a", 100_000) + " }}", "{{ a" + strings.Repeat("|e", 100_000) + " }}",
		strings.Repeat("{% if 1 %}", 100_000), strings.Repeat("{% for i in [1] %}", 1000) + strings.Repeat("{% endfor %}", 1000),
		"{{ " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + " }}",
	} {
		_, err := render(t, text, Options{Python: true}, nil)
		var e *Error
		require.ErrorAs(t, err, &e, "%.60s", text)
		assert.NotEqual(t, "InternalError", e.Class, "%.60s: %s", text, e.Message)
	}
}

func TestNoLimit(t *testing.T) {
	got, err := render(t, "{% for i in range(1000) %}{{ 'x' * 1000 }}{% endfor %}", Options{
		Python: true, Limits: Limits{Steps: -1, Output: -1, Memory: -1, Depth: -1, Time: -1},
	}, nil)
	require.NoError(t, err)
	assert.Len(t, got, 1_000_000)
}

func TestTimeAndCancellation(t *testing.T) {
	endless := "{% for i in range(10**15) %}{% for j in range(10**15) %}{% endfor %}{% endfor %}"
	_, err := render(t, endless, Options{Limits: Limits{Steps: -1, Time: time.Millisecond}}, nil)
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "TimeoutError", e.Class)

	tmpl, err := Parse("main", endless, Options{Limits: Limits{Steps: -1}})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = tmpl.Render(ctx, nil)
	require.ErrorIs(t, err, context.Canceled)

	ctx, cancel = context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err = tmpl.Render(ctx, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 1, e.Line)
}

func TestSideBySide(t *testing.T) {
	text := `{% import 'lib' as lib %}{% extends 'base' %}{% block b %}{% do shared.l.append(n) %}{{ lib.add(n) }} {{ shared.l }} {{ n }}{% set ns = namespace(x=n) %}{{ ns.x }}{{ re.sub('[0-9]+', '<\\g<0>>', n|string) }}{{ os.environ.setdefault('N', n|string) }}{% endblock %}`
	files := Map{"lib": "{% set l = [] %}{% macro add(x) %}{% do l.append(x) %}{{ l }}{% endmacro %}", "base": "[{% block b %}{% endblock %}]"}
	shared, err := JSON(`{"l": [0]}`)
	require.NoError(t, err)
	re, err := Module("re")
	require.NoError(t, err)
	os, err := Module("os")
	require.NoError(t, err)
	tmpl, err := Parse("main", text, Options{
		Extensions: []string{"jinja2.ext.do"}, Loader: files, Python: true, Globals: map[string]any{"re": re},
	})
	require.NoError(t, err)
	var wg sync.WaitGroup
	results := make([]string, 100)
	errs := make([]error, 100)
	for i := range results {
		wg.Go(func() {
			results[i], errs[i] = tmpl.Render(context.Background(), map[string]any{"n": i, "shared": shared, "os": os})
		})
	}
	wg.Wait()
	for i, got := range results {
		require.NoError(t, errs[i])
		assert.Equal(t, fmt.Sprintf("[[%d] [0, %d] %d%d<%d>%d]", i, i, i, i, i, i), got)
	}
}

func TestLargeTemplate(t *testing.T) {
	var b strings.Builder
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&b, "{%% set v%d = %d %%}{%% block b%d %%}{{ v%d }}{%% endblock %%}text {{ '{%%' }}\n", i, i, i, i)
	}
	b.WriteString("{% macro m(")
	for i := range n {
		fmt.Fprintf(&b, "p%d=%d, ", i, i)
	}
	b.WriteString("last=1) %}{{ p19999 }}{% endmacro %}{{ m(")
	for i := range 1000 {
		fmt.Fprintf(&b, "p%d=0, ", i)
	}
	b.WriteString("p19999='end') }}")
	got, err := render(t, b.String(), Options{}, nil)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(got, "0text {%\n1text {%\n"), got[:40])
	assert.True(t, strings.HasSuffix(got, "19999text {%\nend"))
}
