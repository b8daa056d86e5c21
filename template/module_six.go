package template

import (
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// sixModule is the module six on Python 3.
func sixModule() *python.Module {
	m := python.NewModule("six").
		Set("PY2", python.False).Set("PY3", python.True).
		Set("string_types", python.NewTuple(python.StrClass)).
		Set("integer_types", python.NewTuple(python.IntClass)).
		Set("text_type", python.StrClass).Set("binary_type", python.BytesClass).
		Set("moves", sixMovesModule())
	view := func(name, attr string) *python.Func {
		return wrap(sig(name, "d"), func(t *python.Thread, a []python.Value) (python.Value, error) {
			if u, ok := a[0].(*undefined); ok {
				return nil, u.fail()
			}
			v, err := method(t, a[0], attr)
			if err != nil {
				return nil, err
			}
			return builtin(t, "iter", v)
		})
	}
	ensure := func(name string, text bool) *python.Func {
		return wrap(sig(name, "s", "encoding", python.String("utf-8"), "errors", python.String("strict")), func(t *python.Thread, a []python.Value) (python.Value, error) {
			_, isText := python.AsText(a[0])
			_, isBytes := a[0].(python.Bytes)
			switch {
			case isText && text || isBytes && !text:
				return a[0], nil
			case isText:
				return method(t, a[0], "encode", a[1:]...)
			case isBytes:
				return method(t, a[0], "decode", a[1:]...)
			}
			return nil, python.Raise("TypeError", "not expecting type '<class '%s'>'", a[0].Type())
		})
	}
	return set(m,
		view("iteritems", "items"), view("itervalues", "values"), view("iterkeys", "keys"),
		ensure("ensure_binary", false), ensure("ensure_str", true), ensure("ensure_text", true),
	)
}

// sixMovesModule is the module six.moves.
func sixMovesModule() *python.Module {
	return python.NewModule("six.moves").
		Set("range", python.RangeClass).Set("xrange", python.RangeClass).
		Set("map", python.MapClass).Set("zip", python.ZipClass).Set("filter", python.FilterClass).
		Set("reduce", reduce).
		Set("shlex_quote", shellQuote).
		Set("urllib", python.NewModule("six.moves.urllib").Set("parse", urlparseModule()))
}

// shellQuote is shlex.quote.
var shellQuote = wrap(sig("quote", "s"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
	s, err := textArg("quote", a[0])
	if err != nil {
		return nil, err
	}
	safe := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return r > 0x7f || !isWord(r) && !strings.ContainsRune("@%+=:,./-", r)
	}) < 0
	if safe {
		return python.String(s), nil
	}
	return python.String("'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'"), nil
})

// shellSplit is shlex.split.
var shellSplit = wrap(sig("split", "s", "comments", python.False), func(_ *python.Thread, a []python.Value) (python.Value, error) {
	s, err := textArg("split", a[0])
	if err != nil {
		return nil, err
	}
	words := python.NewList()
	var word strings.Builder
	inWord := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\r', '\n':
			if inWord {
				words.Items = append(words.Items, python.String(word.String()))
				word.Reset()
				inWord = false
			}
		case '\'':
			end := strings.IndexByte(s[i+1:], '\'')
			if end < 0 {
				return nil, python.Raise("ValueError", "No closing quotation")
			}
			word.WriteString(s[i+1 : i+1+end])
			i += end + 1
			inWord = true
		case '"':
			inWord = true
			for i++; ; i++ {
				if i >= len(s) {
					return nil, python.Raise("ValueError", "No closing quotation")
				}
				if s[i] == '"' {
					break
				}
				if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
					i++
				}
				word.WriteByte(s[i])
			}
		case '\\':
			i++
			if i == len(s) {
				return nil, python.Raise("ValueError", "No escaped character")
			}
			word.WriteByte(s[i])
			inWord = true
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		words.Items = append(words.Items, python.String(word.String()))
	}
	return words, nil
})
