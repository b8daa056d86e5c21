package template

import (
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// urllibModule is urllib, with Python 2's names beside parse.
func urllibModule() *python.Module {
	parse := urlparseModule()
	m := python.NewModule("urllib").Set("parse", parse)
	for _, name := range []string{"quote", "quote_plus", "unquote", "unquote_plus", "urlencode"} {
		fn, _ := parse.Members.GetString(name)
		m.Set(name, fn)
	}
	return m
}

// urlparseModule is urllib.parse.
func urlparseModule() *python.Module {
	quoting := func(name, safe string, plus bool) *python.Func {
		return wrap(sig(name, "string", "safe", python.String(safe), "encoding", python.None, "errors", python.None), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			s, ok := python.AsText(a[0])
			if !ok {
				b, err := bytesArg(a[0])
				if err != nil {
					if python.IsError(err, "TypeError") {
						err = python.Raise("TypeError", "quote_from_bytes() expected bytes")
					}
					return nil, err
				}
				s = b
			}
			safe, ok := python.AsText(a[1])
			if !ok {
				var err error
				if safe, err = bytesArg(a[1]); err != nil {
					return nil, err
				}
			}
			return python.String(quotePlus(s, safe, plus)), nil
		})
	}
	unquoting := func(name string, plus bool) *python.Func {
		return wrap(sig(name, "string", "encoding", python.String("utf-8"), "errors", python.String("replace")), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			s, err := textArg(name, a[0])
			if err != nil {
				return nil, err
			}
			if plus {
				s = strings.ReplaceAll(s, "+", " ")
			}
			return python.String(unquoteURL(s)), nil
		})
	}
	return set(python.NewModule("urllib.parse"),
		quoting("quote", "/", false), quoting("quote_plus", "", true),
		unquoting("unquote", false), unquoting("unquote_plus", true),
		wrap(sig("urlencode", "query", "doseq", python.False, "safe", python.String(""), "encoding", python.None, "errors", python.None, "quote_via", python.None), urlEncode),
		wrap(sig("urlparse", "url", "scheme", python.String(""), "allow_fragments", python.True), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			return parseURL(a, true)
		}),
		wrap(sig("urlsplit", "url", "scheme", python.String(""), "allow_fragments", python.True), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			return parseURL(a, false)
		}),
		wrap(sig("urlunparse", "components"), func(t *python.Thread, a []python.Value) (python.Value, error) { return joinURL(t, a[0], 6) }),
		wrap(sig("urlunsplit", "components"), func(t *python.Thread, a []python.Value) (python.Value, error) { return joinURL(t, a[0], 5) }),
		wrap(sig("urljoin", "base", "url", "allow_fragments", python.True), urlJoin),
		wrap(sig("parse_qs", "qs", "keep_blank_values", python.False, "strict_parsing", python.False), parseQS),
		wrap(sig("parse_qsl", "qs", "keep_blank_values", python.False, "strict_parsing", python.False), parseQSL),
		wrap(sig("urldefrag", "url"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			s, err := textArg("urldefrag", a[0])
			if err != nil {
				return nil, err
			}
			before, after, _ := strings.Cut(s, "#")
			t := python.NewTuple(python.String(before), python.String(after))
			t.Named = &python.TupleType{Name: "DefragResult", Fields: []string{"url", "fragment"}}
			return t, nil
		}),
	)
}

func quotePlus(s, safe string, plus bool) string {
	if !plus {
		return quoteURL(s, safe)
	}
	return strings.ReplaceAll(quoteURL(s, safe+" "), " ", "+")
}

// unquoteURL resolves the escapes of a URL. Bytes that are not UTF-8 become
// replacement characters.
func unquoteURL(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '%' {
			b.WriteByte(s[i])
			i++
			continue
		}
		var raw []byte
		for i+2 < len(s) && s[i] == '%' && isHex(s[i+1]) && isHex(s[i+2]) {
			raw = append(raw, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 3
		}
		if raw == nil {
			b.WriteByte('%')
			i++
			continue
		}
		text, err := python.Decode(string(raw), "utf-8", "replace")
		if err != nil {
			text = string(raw)
		}
		b.WriteString(text)
	}
	return b.String()
}

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

func urlEncode(t *python.Thread, a []python.Value) (python.Value, error) {
	query := a[0]
	if d, ok := query.(*python.Dict); ok {
		view, err := method(t, d, "items")
		if err != nil {
			return nil, err
		}
		query = view
	}
	doseq, err := python.Truth(a[1])
	if err != nil {
		return nil, err
	}
	safe, err := textArg("urlencode", a[2])
	if err != nil {
		return nil, err
	}
	quote := func(v python.Value) (string, error) {
		s := ""
		if b, ok := v.(python.Bytes); ok {
			s = string(b)
		} else if s, err = python.Str(v); err != nil {
			return "", err
		}
		if a[5] == python.None {
			return quotePlus(s, safe, true), nil
		}
		q, err := python.Call(t, a[5], []python.Value{python.String(s), python.String(safe)}, nil)
		if err != nil {
			return "", err
		}
		return python.Str(q)
	}
	var parts []string
	err = python.Each(t, query, func(pair python.Value) error {
		items, err := python.Collect(t, pair)
		if err != nil || len(items) != 2 {
			return python.Raise("TypeError", "not a valid non-string sequence or mapping object")
		}
		key, err := quote(items[0])
		if err != nil {
			return err
		}
		values := items[1:]
		if _, text := python.AsText(items[1]); doseq && !text {
			if _, isBytes := items[1].(python.Bytes); !isBytes {
				if _, err := python.Len(items[1]); err == nil {
					if values, err = python.Collect(t, items[1]); err != nil {
						return err
					}
				}
			}
		}
		for _, v := range values {
			value, err := quote(v)
			if err != nil {
				return err
			}
			parts = append(parts, key+"="+value)
		}
		return nil
	})
	return python.String(strings.Join(parts, "&")), err
}

func parseQS(t *python.Thread, a []python.Value) (python.Value, error) {
	pairs, err := queryPairs(a)
	if err != nil {
		return nil, err
	}
	d := python.NewDict()
	for _, p := range pairs {
		list, ok := d.GetString(p[0])
		if !ok {
			list = python.NewList()
			d.SetString(p[0], list)
		}
		l := list.(*python.List)
		l.Items = append(l.Items, python.String(p[1]))
	}
	return d, nil
}

func parseQSL(_ *python.Thread, a []python.Value) (python.Value, error) {
	pairs, err := queryPairs(a)
	list := python.NewList()
	for _, p := range pairs {
		list.Items = append(list.Items, python.NewTuple(python.String(p[0]), python.String(p[1])))
	}
	return list, err
}

func queryPairs(a []python.Value) ([][2]string, error) {
	s, err := textArg("parse_qs", a[0])
	if err != nil {
		return nil, err
	}
	blank, err := python.Truth(a[1])
	if err != nil {
		return nil, err
	}
	strict, err := python.Truth(a[2])
	if err != nil {
		return nil, err
	}
	var pairs [][2]string
	for part := range strings.SplitSeq(s, "&") {
		if part == "" && !strict {
			continue
		}
		key, value, ok := strings.Cut(part, "=")
		if !ok && strict {
			return nil, python.Raise("ValueError", "bad query field: %s", pyQuote(part))
		}
		if value == "" && !blank {
			continue
		}
		unquote := func(s string) string { return unquoteURL(strings.ReplaceAll(s, "+", " ")) }
		pairs = append(pairs, [2]string{unquote(key), unquote(value)})
	}
	return pairs, nil
}
