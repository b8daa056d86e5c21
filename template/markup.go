package template

import (
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// markup is text that is escaped for HTML: a str whose methods escape what
// they are given.
type markup string

func (markup) Type() string           { return "Markup" }
func (markup) qualified() string      { return "markupsafe.Markup" }
func (m markup) Text() string         { return string(m) }
func (m markup) Str() (string, error) { return string(m), nil }

// HTML is the text itself.
func (m markup) HTML() (string, error) { return string(m), nil }

// Repr implements python.Representer.
func (m markup) Repr() (string, error) {
	s, err := python.Repr(python.String(m))
	return "Markup(" + s + ")", err
}

// Class implements python.Classed.
func (markup) Class() *python.Class { return markupClass }

var markupClass = &python.Class{Name: "Markup", Bases: []*python.Class{python.StrClass}}

// hypertext is a value that knows itself as HTML.
type hypertext interface {
	HTML() (string, error)
}

// htmlEscaper escapes what means something in HTML.
var htmlEscaper = strings.NewReplacer("&", "&amp;", ">", "&gt;", "<", "&lt;", "'", "&#39;", `"`, "&#34;")

// escape is the value as HTML.
func escape(v python.Value) (markup, error) {
	if h, ok := v.(hypertext); ok {
		s, err := h.HTML()
		return markup(s), err
	}
	s, err := python.Str(v)
	if err != nil {
		return "", err
	}
	return markup(htmlEscaper.Replace(s)), nil
}

// softStr is the value itself if it is a str, or else its str().
func softStr(v python.Value) (python.Value, error) {
	if _, ok := python.AsText(v); ok {
		return v, nil
	}
	s, err := python.Str(v)
	return python.String(s), err
}

// markup is text that the template wrote, as a value.
func (f *frame) markup(text string) python.Value {
	if f.ctx.autoescape {
		return markup(text)
	}
	return python.String(text)
}

// markupJoin joins the parts as text, or as HTML if one of them is.
func markupJoin(parts []python.Value) (python.Value, error) {
	html := false
	for _, p := range parts {
		if _, ok := p.(hypertext); ok {
			html = true
		}
	}
	var b strings.Builder
	for _, p := range parts {
		var s string
		var err error
		if html {
			var m markup
			m, err = escape(p)
			s = string(m)
		} else {
			s, err = python.Str(p)
		}
		if err != nil {
			return nil, err
		}
		b.WriteString(s)
	}
	if html {
		return markup(b.String()), nil
	}
	return python.String(b.String()), nil
}

// Binary implements python.Operand.
func (m markup) Binary(op python.Op, other python.Value, reflected bool) (python.Value, bool, error) {
	switch op {
	case python.Add:
		_, text := python.AsText(other)
		if _, html := other.(hypertext); !text && !html {
			if _, ok := other.(python.Operand); ok || reflected {
				return nil, false, nil
			}
			return nil, true, python.Raise("TypeError", "unsupported operand type(s) for +: 'Markup' and '%s'", other.Type())
		}
		o, err := escape(other)
		if reflected {
			return o + m, true, err
		}
		return m + o, true, err
	case python.Mul:
		v, err := python.Binary(op, python.String(m), other)
		return toMarkup(v), true, err
	case python.Mod:
		if reflected {
			return nil, false, nil
		}
		v, err := python.Binary(op, python.String(m), escapeOperand(other))
		return toMarkup(v), true, err
	}
	return nil, false, nil
}

// toMarkup makes the texts of a result markup.
func toMarkup(v python.Value) python.Value {
	switch v := v.(type) {
	case python.String:
		return markup(v)
	case *python.List:
		for i, item := range v.Items {
			v.Items[i] = toMarkup(item)
		}
	case *python.Tuple:
		items := make([]python.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = toMarkup(item)
		}
		return python.NewTuple(items...)
	}
	return v
}

// escaping is a value whose text is escaped when it is formatted.
type escaping struct{ python.Value }

func (e escaping) Str() (string, error) {
	m, err := escape(e.Value)
	return string(m), err
}

func (e escaping) Repr() (string, error) {
	s, err := python.Repr(e.Value)
	return htmlEscaper.Replace(s), err
}

func (e escaping) GetItem(key python.Value) (python.Value, error) {
	v, err := python.GetItem(e.Value, key)
	return escapeValue(v), err
}

func (e escaping) Attr(name string) (python.Value, error) {
	v, ok, err := python.LookupAttr(e.Value, name)
	if !ok || err != nil {
		return nil, err
	}
	return escapeValue(v), nil
}

func (e escaping) Format(spec string) (string, error) {
	if h, ok := e.Value.(hypertext); ok && spec == "" {
		return h.HTML()
	}
	s, err := python.Format(e.Value, spec)
	return htmlEscaper.Replace(s), err
}

// escapeValue makes a value escape itself; numbers can stay as they are.
func escapeValue(v python.Value) python.Value {
	switch v.(type) {
	case nil, python.Int, python.Float, python.Bool, *python.BigInt:
		return v
	}
	return escaping{v}
}

// escapeOperand is the right operand of % with what it holds escaped.
func escapeOperand(v python.Value) python.Value {
	switch v := v.(type) {
	case *python.Tuple:
		t := &python.Tuple{}
		for _, item := range v.Items {
			t.Items = append(t.Items, escapeValue(item))
		}
		return t
	case *python.Dict:
		d := python.NewDict()
		for key, value := range v.All {
			if err := d.Set(key, escapeValue(value)); err != nil {
				return v
			}
		}
		return d
	}
	return python.NewTuple(escapeValue(v))
}

// Attr implements python.Attributer: the methods of a str, which give markup.
func (m markup) Attr(name string) (python.Value, error) {
	switch name {
	case "__html__":
		return python.NewFunc(name, func(*python.Thread, []python.Value, []python.Keyword) (python.Value, error) { return m, nil }), nil
	case "unescape":
		return python.NewFunc(name, func(*python.Thread, []python.Value, []python.Keyword) (python.Value, error) {
			return python.String(unescapeHTML(string(m))), nil
		}), nil
	case "striptags":
		return python.NewFunc(name, func(*python.Thread, []python.Value, []python.Keyword) (python.Value, error) {
			return python.String(stripTags(string(m))), nil
		}), nil
	}
	method, ok, err := python.LookupAttr(python.String(m), name)
	if !ok || err != nil {
		return nil, err
	}
	if _, ok := method.(python.Callable); !ok {
		return method, nil
	}
	return python.NewFunc(name, func(t *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
		args, kwargs, err := m.escapeArguments(t, name, args, kwargs)
		if err != nil {
			return nil, err
		}
		v, err := python.Call(t, method, args, kwargs)
		if err != nil {
			return nil, err
		}
		return toMarkup(v), nil
	}), nil
}

// escapeArguments escapes what a method puts into the text.
func (m markup) escapeArguments(t *python.Thread, name string, args []python.Value, kwargs []python.Keyword) ([]python.Value, []python.Keyword, error) {
	args = append([]python.Value(nil), args...)
	kwargs = append([]python.Keyword(nil), kwargs...)
	at := -1
	switch name {
	case "join":
		if len(args) == 0 {
			return args, kwargs, nil
		}
		items, err := python.Collect(t, args[0])
		if err != nil {
			return nil, nil, err
		}
		for i, item := range items {
			e, err := escape(item)
			if err != nil {
				return nil, nil, err
			}
			items[i] = e
		}
		args[0] = python.NewList(items...)
	case "format":
		for i, a := range args {
			args[i] = escapeValue(a)
		}
		for i := range kwargs {
			kwargs[i].Value = escapeValue(kwargs[i].Value)
		}
	case "format_map":
		if len(args) > 0 {
			if d, ok := args[0].(*python.Dict); ok {
				args[0] = escapeOperand(d)
			}
		}
	case "replace", "ljust", "rjust", "center":
		at = 1
	}
	if at >= 0 && at < len(args) {
		e, err := escape(args[at])
		if err != nil {
			return nil, nil, err
		}
		args[at] = e
	}
	return args, kwargs, nil
}

// GetItem implements python.Getter.
func (m markup) GetItem(key python.Value) (python.Value, error) {
	v, err := python.GetItem(python.String(m), key)
	return toMarkup(v), err
}

// stripTags removes comments and tags, and resolves entities.
func stripTags(s string) string {
	for {
		start := strings.Index(s, "<!--")
		if start < 0 {
			break
		}
		end := strings.Index(s[start:], "-->")
		if end < 0 {
			break
		}
		s = s[:start] + s[start+end+3:]
	}
	var b strings.Builder
	for {
		start := strings.IndexByte(s, '<')
		if start < 0 {
			break
		}
		end := strings.IndexByte(s[start:], '>')
		if end < 0 {
			break
		}
		b.WriteString(s[:start])
		s = s[start+end+1:]
	}
	b.WriteString(s)
	return unescapeHTML(strings.Join(strings.FieldsFunc(b.String(), isSpace), " "))
}
