package template

import (
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// reModule is Python's re.
func reModule() *python.Module {
	m := python.NewModule("re")
	for names, flag := range map[string]int{
		"I IGNORECASE": reIgnoreCase, "M MULTILINE": reMultiline, "S DOTALL": reDotAll, "X VERBOSE": reVerbose, "A ASCII": reASCII, "U UNICODE": 32,
	} {
		for _, name := range strings.Fields(names) {
			m.Set(name, python.Int(flag))
		}
	}
	zero := python.Int(0)
	on := func(name string, params ...any) {
		s := sig(name, append(append([]any{"pattern"}, params...), "flags", zero)...)
		m.Set(name, wrap(s, func(t *python.Thread, a []python.Value) (python.Value, error) {
			p, err := patternOf(a[0], a[len(a)-1])
			if err != nil {
				return nil, err
			}
			return p.use(t, name, a[1:len(a)-1])
		}))
	}
	on("match", "string")
	on("search", "string")
	on("fullmatch", "string")
	on("findall", "string")
	on("finditer", "string")
	on("split", "string", "maxsplit", zero)
	on("sub", "repl", "string", "count", zero)
	on("subn", "repl", "string", "count", zero)
	return set(m,
		wrap(sig("compile", "pattern", "flags", zero), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			return patternOf(a[0], a[1])
		}),
		wrap(sig("escape", "pattern"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			s, err := textArg("escape", a[0])
			if err != nil {
				return nil, err
			}
			var b strings.Builder
			for _, r := range s {
				if strings.ContainsRune("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", r) {
					b.WriteByte('\\')
				}
				b.WriteRune(r)
			}
			return python.String(b.String()), nil
		}),
		wrap(sig("purge"), func(*python.Thread, []python.Value) (python.Value, error) { return python.None, nil }),
	)
}

// pattern is a compiled expression as a value.
type pattern struct{ re *regex }

func (*pattern) Type() string      { return "re.Pattern" }
func (*pattern) qualified() string { return "re.Pattern" }

// patternOf compiles an argument, if it isn't compiled.
func patternOf(v, flags python.Value) (*pattern, error) {
	if p, ok := v.(*pattern); ok {
		return p, nil
	}
	s, err := textArg("first argument must be string or compiled pattern", v)
	if err != nil {
		return nil, err
	}
	n, err := intArg(flags)
	if err != nil {
		return nil, err
	}
	re, err := compileRegex(s, n)
	if err != nil {
		return nil, err
	}
	return &pattern{re}, nil
}

// Repr implements python.Representer.
func (p *pattern) Repr() (string, error) {
	s, err := python.Repr(python.String(p.re.pattern))
	return "re.compile(" + s + ")", err
}

// Attr implements python.Attributer.
func (p *pattern) Attr(name string) (python.Value, error) {
	zero := python.Int(0)
	var s *signature
	switch name {
	case "pattern":
		return python.String(p.re.pattern), nil
	case "flags":
		return python.Int(p.re.flags | 32), nil
	case "groups":
		return python.Int(p.re.groups), nil
	case "groupindex":
		d := python.NewDict()
		for _, name := range p.re.order {
			d.SetString(name, python.Int(p.re.names[name]))
		}
		return d, nil
	case "match", "search", "fullmatch", "findall", "finditer":
		s = sig(name, "string")
	case "split":
		s = sig(name, "string", "maxsplit", zero)
	case "sub", "subn":
		s = sig(name, "repl", "string", "count", zero)
	default:
		return nil, nil
	}
	return wrap(s, func(t *python.Thread, a []python.Value) (python.Value, error) { return p.use(t, name, a) }), nil
}

// use is one of the functions of an expression.
func (p *pattern) use(t *python.Thread, name string, a []python.Value) (python.Value, error) {
	at := 0
	if strings.HasPrefix(name, "sub") {
		at = 1
	}
	s, err := textArg("expected string or bytes-like object", a[at])
	if err != nil {
		return nil, err
	}
	text := []rune(s)
	if err := t.Step(len(text)); err != nil {
		return nil, err
	}
	switch name {
	case "match", "search", "fullmatch":
		marks, err := p.re.find(t, text, 0, search{anchored: name != "search", full: name == "fullmatch"})
		if err != nil || marks == nil {
			return python.None, err
		}
		return &match{p.re, text, marks}, nil
	case "split":
		return p.split(t, text, a[1])
	case "sub", "subn":
		return p.substitute(t, name, text, a[0], a[2])
	}
	var found []python.Value
	err = p.each(t, text, func(m *match) (bool, error) {
		if name == "finditer" {
			found = append(found, m)
			return true, nil
		}
		switch p.re.groups {
		case 0:
			found = append(found, m.group(0, python.String("")))
		case 1:
			found = append(found, m.group(1, python.String("")))
		default:
			found = append(found, m.groups(python.String("")))
		}
		return true, nil
	})
	if name == "finditer" {
		return generator(found), err
	}
	return python.NewList(found...), err
}

// each calls f for each match, one after another, until it gives false.
func (p *pattern) each(t *python.Thread, text []rune, f func(*match) (bool, error)) error {
	empty := false // the match before was, so the next one must not be in its place
	for at := 0; at <= len(text); {
		marks, err := p.re.find(t, text, at, search{advance: empty})
		if err != nil || marks == nil {
			return err
		}
		at, empty = marks[1], marks[0] == marks[1]
		if more, err := f(&match{p.re, text, marks}); err != nil || !more {
			return err
		}
	}
	return nil
}

func (p *pattern) split(t *python.Thread, text []rune, limit python.Value) (python.Value, error) {
	n, err := intArg(limit)
	if err != nil {
		return nil, err
	}
	list := python.NewList()
	from := 0
	err = p.each(t, text, func(m *match) (bool, error) {
		list.Items = append(list.Items, python.String(string(text[from:m.marks[0]])))
		for i := 1; i <= p.re.groups; i++ {
			list.Items = append(list.Items, m.group(i, python.None))
		}
		from = m.marks[1]
		n--
		return n != 0, nil
	})
	list.Items = append(list.Items, python.String(string(text[from:])))
	return list, err
}

func (p *pattern) substitute(t *python.Thread, name string, text []rune, repl, count python.Value) (python.Value, error) {
	limit, err := intArg(count)
	if err != nil {
		return nil, err
	}
	replacement, isText := python.AsText(repl)
	if !isText && !python.IsCallable(repl) {
		return nil, python.Raise("TypeError", "expected str instance, %s found", repl.Type())
	}
	var b strings.Builder
	from, done := 0, 0
	err = p.each(t, text, func(m *match) (bool, error) {
		b.WriteString(string(text[from:m.marks[0]]))
		from = m.marks[1]
		s := ""
		if isText {
			if s, err = m.expand(replacement); err != nil {
				return false, err
			}
		} else {
			v, err := python.Call(t, repl, []python.Value{m}, nil)
			if err != nil {
				return false, err
			}
			if s, err = textArg("sub", v); err != nil {
				return false, err
			}
		}
		b.WriteString(s)
		done++
		if b.Len() > python.MaxText {
			return false, python.Raise("MemoryError", "text is over the limit of %d bytes", python.MaxText)
		}
		return done != limit, nil
	})
	if err != nil {
		return nil, err
	}
	b.WriteString(string(text[from:]))
	if name == "subn" {
		return python.NewTuple(python.String(b.String()), python.Int(done)), nil
	}
	return python.String(b.String()), nil
}
