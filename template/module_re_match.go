package template

import (
	"fmt"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// match is a match of an expression as a value.
type match struct {
	re    *regex
	text  []rune
	marks []int
}

func (*match) Type() string      { return "re.Match" }
func (*match) qualified() string { return "re.Match" }

// Truth implements python.Truther.
func (*match) Truth() (bool, error) { return true, nil }

// Repr implements python.Representer.
func (m *match) Repr() (string, error) {
	s, err := python.Repr(m.group(0, python.None))
	return fmt.Sprintf("<re.Match object; span=(%d, %d), match=%s>", m.marks[0], m.marks[1], s), err
}

// group is the text of a group, or def if it took no part.
func (m *match) group(i int, def python.Value) python.Value {
	if m.marks[2*i+1] < 0 {
		return def
	}
	return python.String(string(m.text[m.marks[2*i]:m.marks[2*i+1]]))
}

func (m *match) groups(def python.Value) python.Value {
	t := &python.Tuple{}
	for i := 1; i <= m.re.groups; i++ {
		t.Items = append(t.Items, m.group(i, def))
	}
	return t
}

// index is the number of a group that is named or numbered.
func (m *match) index(v python.Value) (int, error) {
	if name, ok := python.AsText(v); ok {
		if i, ok := m.re.names[name]; ok {
			return i, nil
		}
		return 0, python.Raise("IndexError", "no such group")
	}
	i, err := intArg(v)
	if err == nil && (i < 0 || i > m.re.groups) {
		err = python.Raise("IndexError", "no such group")
	}
	return i, err
}

// GetItem implements python.Getter.
func (m *match) GetItem(key python.Value) (python.Value, error) {
	i, err := m.index(key)
	if err != nil {
		return nil, err
	}
	return m.group(i, python.None), nil
}

// Attr implements python.Attributer.
func (m *match) Attr(name string) (python.Value, error) {
	zero := python.Int(0)
	place := func(fn func(start, end int) python.Value) python.Value {
		return wrap(sig(name, "group", zero), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			i, err := m.index(a[0])
			if err != nil {
				return nil, err
			}
			return fn(m.marks[2*i], m.marks[2*i+1]), nil
		})
	}
	switch name {
	case "group":
		return python.NewFunc(name, func(_ *python.Thread, args []python.Value, _ []python.Keyword) (python.Value, error) {
			if len(args) == 0 {
				return m.group(0, python.None), nil
			}
			t := &python.Tuple{}
			for _, a := range args {
				v, err := m.GetItem(a)
				if err != nil {
					return nil, err
				}
				t.Items = append(t.Items, v)
			}
			if len(args) == 1 {
				return t.Items[0], nil
			}
			return t, nil
		}), nil
	case "groups":
		return wrap(sig(name, "default", python.None), func(_ *python.Thread, a []python.Value) (python.Value, error) { return m.groups(a[0]), nil }), nil
	case "groupdict":
		return wrap(sig(name, "default", python.None), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			d := python.NewDict()
			for _, name := range m.re.order {
				d.SetString(name, m.group(m.re.names[name], a[0]))
			}
			return d, nil
		}), nil
	case "start":
		return place(func(start, _ int) python.Value { return python.Int(start) }), nil
	case "end":
		return place(func(_, end int) python.Value { return python.Int(end) }), nil
	case "span":
		return place(func(start, end int) python.Value { return python.NewTuple(python.Int(start), python.Int(end)) }), nil
	case "expand":
		return wrap(sig(name, "template"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			s, err := textArg(name, a[0])
			if err != nil {
				return nil, err
			}
			s, err = m.expand(s)
			return python.String(s), err
		}), nil
	case "string":
		return python.String(string(m.text)), nil
	case "re":
		return &pattern{m.re}, nil
	case "pos":
		return zero, nil
	case "endpos":
		return python.Int(len(m.text)), nil
	case "lastindex":
		last := 0
		for i := 1; i <= m.re.groups; i++ {
			if m.marks[2*i+1] >= 0 && (last == 0 || m.marks[2*i+1] >= m.marks[2*last+1] && m.marks[2*i] >= m.marks[2*last+1]) {
				last = i
			}
		}
		if last == 0 {
			return python.None, nil
		}
		return python.Int(last), nil
	}
	return nil, nil
}

// expand resolves the references of a replacement.
func (m *match) expand(template string) (string, error) {
	if !strings.Contains(template, `\`) {
		return template, nil
	}
	p := &reParser{s: []rune(template)}
	var b strings.Builder
	for p.at < len(p.s) {
		c := p.s[p.at]
		p.at++
		if c != '\\' {
			b.WriteRune(c)
			continue
		}
		c = p.peek()
		if c < 0 {
			return "", p.fail("bad escape (end of pattern)")
		}
		p.at++
		switch {
		case c == 'g':
			if !p.take('<') {
				return "", p.fail("missing <")
			}
			name, err := p.word('>')
			if err != nil {
				return "", err
			}
			var key python.Value = python.String(name)
			if n, ok := smallNumber(name); ok {
				key = python.Int(n)
			}
			i, err := m.index(key)
			if err != nil {
				if _, ok := key.(python.Int); ok {
					return "", p.fail("invalid group reference " + name)
				}
				return "", python.Raise("IndexError", "unknown group name %s", pyQuote(name))
			}
			s, _ := python.AsText(m.group(i, python.String("")))
			b.WriteString(s)
		case c >= '1' && c <= '9':
			p.at--
			start := p.at
			if n, ok := p.number(8, 3); ok && p.at-start == 3 {
				b.WriteRune(n)
				continue
			}
			p.at = start
			n, _ := p.number(10, 2)
			if int(n) > m.re.groups {
				return "", p.fail("invalid group reference " + string(p.s[start:p.at]))
			}
			s, _ := python.AsText(m.group(int(n), python.String("")))
			b.WriteString(s)
		case c == '\\' || c < 0x80 && isLetter(byte(c)) || c == '0':
			r, err := p.escaped(c)
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		default:
			b.WriteByte('\\')
			b.WriteRune(c)
		}
	}
	return b.String(), nil
}
