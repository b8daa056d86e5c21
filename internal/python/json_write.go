package python

import (
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JSONOptions are the options of json.dumps. The zero value is its default.
type JSONOptions struct {
	// Indent is repeated for each level; nil writes one line.
	Indent *string
	// Separators stand behind items and behind keys; nil are ", " and ": ", of
	// which the first is "," if there is an indent.
	Separators *[2]string
	SortKeys   bool
	// SkipKeys leaves out keys that JSON can't have.
	SkipKeys bool
	// AllowNonASCII writes text as it is.
	AllowNonASCII bool
	// ForbidNaN makes NaN and infinities an error.
	ForbidNaN bool
	// Default gives what to write for a value that JSON can't have.
	Default func(Value) (Value, error)
}

// ToJSON is json.dumps.
func ToJSON(v Value, opts JSONOptions) (string, error) {
	w := jsonWriter{opts: opts, items: ", ", keys: ": "}
	if opts.Indent != nil {
		w.items = ","
	}
	if opts.Separators != nil {
		w.items, w.keys = opts.Separators[0], opts.Separators[1]
	}
	if err := w.value(v); err != nil {
		return "", err
	}
	return w.out.String(), nil
}

type jsonWriter struct {
	out         strings.Builder
	opts        JSONOptions
	items, keys string
	open        []Value
	walk        walk
}

func (w *jsonWriter) value(v Value) error {
	if w.out.Len() > MaxText {
		return tooLong(w.out.Len())
	}
	if err := w.walk.step(); err != nil {
		return err
	}
	switch v := v.(type) {
	case String:
		w.text(string(v))
	case NoneType:
		w.out.WriteString("null")
	case Bool:
		w.out.WriteString(jsonBool(v))
	case Int:
		w.out.WriteString(formatInt(int64(v)))
	case *BigInt:
		text, err := formatBig(v.big)
		if err != nil {
			return err
		}
		w.out.WriteString(text)
	case Float:
		text, err := w.float(float64(v))
		if err != nil {
			return err
		}
		w.out.WriteString(text)
	case *Dict:
		return w.nested(v, func() error { return w.object(v) })
	case *List:
		return w.nested(v, func() error { return w.array(v.Items) })
	case *Tuple:
		return w.nested(v, func() error { return w.array(v.Items) })
	default:
		if s, ok := AsText(v); ok {
			w.text(s)
			return nil
		}
		return w.other(v)
	}
	return nil
}

func jsonBool(b Bool) string {
	if b {
		return "true"
	}
	return "false"
}

// other writes what Default gives.
func (w *jsonWriter) other(v Value) error {
	if w.opts.Default == nil {
		return typeError("Object of type %s is not JSON serializable", v.Type())
	}
	return w.nested(v, func() error {
		instead, err := w.opts.Default(v)
		if err != nil {
			return err
		}
		return w.value(instead)
	})
}

func (w *jsonWriter) nested(v Value, write func() error) error {
	for _, o := range w.open {
		if Identical(o, v) {
			return valueError("Circular reference detected")
		}
	}
	if err := w.walk.enter(" while encoding a JSON object"); err != nil {
		return err
	}
	w.open = append(w.open, v)
	err := write()
	w.open = w.open[:len(w.open)-1]
	w.walk.leave()
	return err
}

func (w *jsonWriter) newline() {
	if w.opts.Indent != nil {
		w.out.WriteByte('\n')
		for range w.open {
			w.out.WriteString(*w.opts.Indent)
		}
	}
}

// endline is the newline before the end of a container.
func (w *jsonWriter) endline() {
	if w.opts.Indent != nil {
		w.out.WriteByte('\n')
		for range len(w.open) - 1 {
			w.out.WriteString(*w.opts.Indent)
		}
	}
}

func (w *jsonWriter) array(items []Value) error {
	if len(items) == 0 {
		w.out.WriteString("[]")
		return nil
	}
	w.out.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			w.out.WriteString(w.items)
		}
		w.newline()
		if err := w.value(item); err != nil {
			return err
		}
	}
	w.endline()
	w.out.WriteByte(']')
	return nil
}

func (w *jsonWriter) object(d *Dict) error {
	if d.Size() == 0 {
		w.out.WriteString("{}")
		return nil
	}
	keys := d.Keys()
	if w.opts.SortKeys {
		sorted, err := SortItems(nil, keys, nil, false)
		if err != nil {
			return err
		}
		keys = sorted
	}
	w.out.WriteByte('{')
	w.newline()
	first := true
	for _, key := range keys {
		name, ok, err := w.key(key)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if !first {
			w.out.WriteString(w.items)
			w.newline()
		}
		first = false
		w.text(name)
		w.out.WriteString(w.keys)
		value, _, err := d.Get(key)
		if err != nil {
			return err
		}
		if err := w.value(value); err != nil {
			return err
		}
	}
	w.endline()
	w.out.WriteByte('}')
	return nil
}

// key is the text of a key; ok is false for one to skip.
func (w *jsonWriter) key(key Value) (name string, ok bool, err error) {
	switch key := key.(type) {
	case String:
		return string(key), true, nil
	case NoneType:
		return "null", true, nil
	case Bool:
		return jsonBool(key), true, nil
	case Int:
		return formatInt(int64(key)), true, nil
	case *BigInt:
		name, err = formatBig(key.big)
		return name, true, err
	case Float:
		name, err = w.float(float64(key))
		return name, true, err
	}
	if s, ok := AsText(key); ok {
		return s, true, nil
	}
	if w.opts.SkipKeys {
		return "", false, nil
	}
	return "", false, typeError("keys must be str, int, float, bool or None, not %s", key.Type())
}

func (w *jsonWriter) float(f float64) (string, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		if w.opts.ForbidNaN {
			return "", valueError("Out of range float values are not JSON compliant")
		}
		switch {
		case math.IsNaN(f):
			return "NaN", nil
		case f > 0:
			return "Infinity", nil
		}
		return "-Infinity", nil
	}
	return formatFloat(f), nil
}

func (w *jsonWriter) text(s string) {
	w.out.WriteByte('"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || w.opts.AllowNonASCII) {
			i++
			continue
		}
		w.out.WriteString(s[start:i])
		i += w.escape(s[i:])
		start = i
	}
	w.out.WriteString(s[start:])
	w.out.WriteByte('"')
}

// escape writes the first code point of s as an escape, and returns its length.
func (w *jsonWriter) escape(s string) int {
	switch c := s[0]; c {
	case '"', '\\':
		w.out.WriteByte('\\')
		w.out.WriteByte(c)
		return 1
	case '\n':
		w.out.WriteString(`\n`)
		return 1
	case '\r':
		w.out.WriteString(`\r`)
		return 1
	case '\t':
		w.out.WriteString(`\t`)
		return 1
	case '\f':
		w.out.WriteString(`\f`)
		return 1
	case '\b':
		w.out.WriteString(`\b`)
		return 1
	}
	r, n := utf8.DecodeRuneInString(s)
	if invalid(r, n) {
		r = 0xdc00 + rune(s[0])
	}
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		w.unit(high)
		w.unit(low)
	} else {
		w.unit(r)
	}
	return n
}

func (w *jsonWriter) unit(r rune) {
	const digits = "0123456789abcdef"
	w.out.WriteString(`\u`)
	for shift := 12; shift >= 0; shift -= 4 {
		w.out.WriteByte(digits[r>>shift&15])
	}
}
