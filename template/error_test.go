package template

import (
	"context"
	"errors"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestErrorText(t *testing.T) {
	_, err := render(t, "one\n  two {{ nope }}", Options{}, nil)
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "main:2: 'nope' is undefined", err.Error())
	assert.Equal(t, Error{Name: "main", Line: 2, Source: "  two {{ nope }}", Class: "UndefinedError", Message: "'nope' is undefined"}, *e)
	assert.Equal(t, "main:2: 'nope' is undefined\n    two {{ nope }}", e.Trace())

	_, err = Parse("", "{% if %}", Options{})
	assert.EqualError(t, err, "<template>:1: Expected an expression, got 'end of statement block'")
}

func TestErrorChain(t *testing.T) {
	files := Map{
		"lib":  "{% macro outer(x) %}\n{{ inner(x) }}{% endmacro %}\n{% macro inner(x) %}\n\n{{ x.a.b }}{% endmacro %}",
		"inc":  "{% from 'lib' import outer %}\n{{ outer(1) }}",
		"base": "\n{% block b %}{% endblock %}",
		"bad":  "\n\n{% endfor %}",
	}
	for _, c := range []struct {
		name, text, want string
		chain            []string
	}{
		{"macro", "{% import 'lib' as lib %}\n\n{{ lib.outer(1) }}", "lib:5: 'int object' has no attribute 'a'", []string{"lib:2", "main:3"}},
		{"include", "\n{% include 'inc' %}", "lib:5: 'int object' has no attribute 'a'", []string{"lib:2", "inc:2", "main:2"}},
		{"block", "{% extends 'base' %}{% block b %}\n{{ 1/0 }}{% endblock %}", "main:2: division by zero", []string{"base:2"}},
		{"syntax", "\n{% include 'bad' %}", "bad:3: Encountered unknown tag 'endfor'.", []string{"main:2"}},
		{"call block", "{% macro m() %}\n{{ caller() }}{% endmacro %}\n{% call m() %}\n{{ zz }}{% endcall %}", "main:4: 'zz' is undefined", []string{"main:2", "main:3"}},
		{"recursive loop", "{% for x in [[1]] recursive %}\n{% if x is number %}\n{{ x.a.b }}{% else %}{{ loop(x) }}{% endif %}{% endfor %}", "main:3: 'int object' has no attribute 'a'", []string{"main:3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := render(t, c.text, Options{Loader: files}, nil)
			var e *Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.want, err.Error())
			var chain []string
			for _, p := range e.Chain {
				chain = append(chain, p.String())
				assert.NotEmpty(t, p.Source)
			}
			assert.Equal(t, c.chain, chain)
			assert.Contains(t, e.Trace(), "called from "+c.chain[0])
		})
	}
}

func TestLoaderErrors(t *testing.T) {
	broken := errors.New("connection lost")
	load := LoaderFunc(func(name string) (string, error) {
		switch name {
		case "gone":
			return "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		case "broken":
			return "", broken
		}
		return "text", nil
	})
	_, err := render(t, "{% include 'gone' %}", Options{Loader: load}, nil)
	assert.EqualError(t, err, "main:1: gone")
	assert.True(t, isClass(err, "TemplateNotFound"))
	got, err := render(t, "{% include 'gone' ignore missing %}{% include 'x' %}", Options{Loader: load}, nil)
	require.NoError(t, err)
	assert.Equal(t, "text", got)
	_, err = render(t, "{% include 'broken' ignore missing %}", Options{Loader: load}, nil)
	require.ErrorIs(t, err, broken)
	assert.EqualError(t, err, "main:1: connection lost")
	_, err = render(t, "{% import 'x' as y %}", Options{}, nil)
	assert.EqualError(t, err, "main:1: no loader for this environment specified")
}

func TestLoaderTextChanges(t *testing.T) {
	text := "one"
	tmpl, err := Parse("main", "{% include 'x' %}", Options{Loader: LoaderFunc(func(string) (string, error) { return text, nil })})
	require.NoError(t, err)
	for _, text = range []string{"one", "two {{ 1 }}", "two {{ 1 }}", "three"} {
		got, err := tmpl.Render(context.Background(), nil)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"one": "one", "two {{ 1 }}": "two 1", "three": "three"}[text], got)
	}
}

func TestExtensions(t *testing.T) {
	for _, c := range []struct {
		extension, text, want string
	}{
		{"", "{% do 1 %}", "main:1: Encountered unknown tag 'do'."},
		{"", "{% for i in [1] %}{% break %}{% endfor %}", "main:1: Encountered unknown tag 'break'. Jinja was looking for the following tags: 'endfor' or 'else'. The innermost block that needs to be closed is 'for'."},
		{"jinja2.ext.do", "{% continue %}", "main:1: Encountered unknown tag 'continue'."},
		{"jinja2.ext.nope", "x", `unknown Jinja2 extension "jinja2.ext.nope", expected jinja2.ext.do or jinja2.ext.loopcontrols`},
		{"jinja2.ext.with_", "{% with x = 1 %}{{ x }}{% endwith %}", ""},
		{"jinja2.ext.autoescape", "{% autoescape true %}{% endautoescape %}", ""},
	} {
		var o Options
		if c.extension != "" {
			o.Extensions = []string{c.extension}
		}
		_, err := Parse("main", c.text, o)
		if c.want == "" {
			assert.NoError(t, err)
			continue
		}
		assert.EqualError(t, err, c.want)
	}
}

func TestVariablesThatCannotBeConverted(t *testing.T) {
	got, err := render(t, "{{ 1 }}", Options{}, map[string]any{"x": make(chan int)})
	require.NoError(t, err, "an unused variable does no harm")
	assert.Equal(t, "1", got)
	_, err = render(t, "{{ x }}", Options{}, map[string]any{"x": make(chan int)})
	require.ErrorContains(t, err, "main:1: 'x' can't be used: ")
}
