package python

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// FromJSON is json.loads: objects become dicts in the order of their keys, of
// which the last of two that are equal counts.
func FromJSON(text string) (Value, error) {
	if strings.HasPrefix(text, "\ufeff") {
		return nil, jsonError(text, 0, "Unexpected UTF-8 BOM (decode using utf-8-sig)")
	}
	if len(text) > MaxText {
		return nil, tooLong(len(text))
	}
	r := &jsonReader{text: text, keys: map[string]Value{}}
	r.space()
	v, err := r.value()
	if err != nil {
		return nil, err
	}
	r.space()
	if r.at < len(text) {
		return nil, r.fail(r.at, "Extra data")
	}
	return v, nil
}

type jsonReader struct {
	text  string
	at    int
	depth int
	keys  map[string]Value // one str for all objects that have the key
}

func (r *jsonReader) fail(at int, message string) error { return jsonError(r.text, at, message) }

// jsonError is a JSONDecodeError, with the position in code points.
func jsonError(text string, at int, message string) error {
	before := text[:min(at, len(text))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return Raise("JSONDecodeError", "%s: line %d column %d (char %d)", message, line, column, utf8.RuneCountInString(before))
}

func (r *jsonReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

func (r *jsonReader) value() (Value, error) {
	if r.at >= len(r.text) {
		return nil, r.fail(r.at, "Expecting value")
	}
	switch c := r.text[r.at]; c {
	case '"':
		r.at++
		s, err := r.string()
		return String(s), err
	case '{':
		return r.nested(r.object)
	case '[':
		return r.nested(r.array)
	}
	switch {
	case r.word("null"):
		return None, nil
	case r.word("true"):
		return True, nil
	case r.word("false"):
		return False, nil
	case r.word("NaN"):
		return Float(math.NaN()), nil
	case r.word("Infinity"):
		return Float(math.Inf(1)), nil
	case r.word("-Infinity"):
		return Float(math.Inf(-1)), nil
	}
	return r.number()
}

// word takes the word if it comes next.
func (r *jsonReader) word(w string) bool {
	if r.text[r.at] != w[0] || !strings.HasPrefix(r.text[r.at:], w) {
		return false
	}
	r.at += len(w)
	return true
}

func (r *jsonReader) nested(read func() (Value, error)) (Value, error) {
	if r.depth >= MaxDepth {
		return nil, Raise("RecursionError", "maximum recursion depth exceeded while decoding a JSON document")
	}
	r.depth++
	r.at++
	v, err := read()
	r.depth--
	return v, err
}

func (r *jsonReader) number() (Value, error) {
	start := r.at
	i := start
	digits := func() bool {
		from := i
		for i < len(r.text) && isDigit(r.text[i]) {
			i++
		}
		return i > from
	}
	if r.text[i] == '-' {
		i++
	}
	if i < len(r.text) && r.text[i] == '0' {
		i++
	} else if !digits() {
		return nil, r.fail(start, "Expecting value")
	}
	end, isFloat := i, false
	if i < len(r.text) && r.text[i] == '.' {
		i++
		if digits() {
			end, isFloat = i, true
		}
	}
	i = end
	if i < len(r.text) && r.text[i]|0x20 == 'e' {
		i++
		if i < len(r.text) && (r.text[i] == '+' || r.text[i] == '-') {
			i++
		}
		if digits() {
			end, isFloat = i, true
		}
	}
	r.at = end
	text := r.text[start:end]
	if isFloat {
		f, _ := strconv.ParseFloat(text, 64)
		return Float(f), nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return Int(n), nil
	}
	return ParseInt(text, 10)
}

// string reads the rest of a string whose opening quote is read.
func (r *jsonReader) string() (string, error) {
	start := r.at
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return r.text[start : r.at-1], nil
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			return "", r.fail(r.at, "Invalid control character at")
		}
		r.at++
	}
	return "", r.fail(start-1, "Unterminated string starting at")
}

// escaped reads a string that has escapes.
func (r *jsonReader) escaped(start int) (string, error) {
	var out strings.Builder
	out.WriteString(r.text[start:r.at])
	for r.at < len(r.text) {
		c := r.text[r.at]
		switch {
		case c == '"':
			r.at++
			return out.String(), nil
		case c < ' ':
			return "", r.fail(r.at, "Invalid control character at")
		case c != '\\':
			out.WriteByte(c)
			r.at++
			continue
		}
		if r.at+1 >= len(r.text) {
			break
		}
		r.at++
		switch c := r.text[r.at]; c {
		case '"', '\\', '/':
			out.WriteByte(c)
		case 'b':
			out.WriteByte('\b')
		case 'f':
			out.WriteByte('\f')
		case 'n':
			out.WriteByte('\n')
		case 'r':
			out.WriteByte('\r')
		case 't':
			out.WriteByte('\t')
		case 'u':
			if err := r.codePoint(&out); err != nil {
				return "", err
			}
			continue
		default:
			return "", r.fail(r.at-1, `Invalid \escape`)
		}
		r.at++
	}
	return "", r.fail(start-1, "Unterminated string starting at")
}

// codePoint reads an escape \uXXXX, or two that are a surrogate pair, from the
// u on.
func (r *jsonReader) codePoint(out *strings.Builder) error {
	c, ok := r.hex(r.at + 1)
	if !ok {
		return r.fail(r.at, `Invalid \uXXXX escape`)
	}
	r.at += 5
	if c >= 0xd800 && c <= 0xdbff && strings.HasPrefix(r.text[r.at:], `\u`) {
		if low, ok := r.hex(r.at + 2); ok {
			if pair := utf16.DecodeRune(c, low); pair != utf8.RuneError {
				c = pair
				r.at += 6
			}
		}
	}
	switch {
	case c >= 0xdc80 && c <= 0xdcff:
		out.WriteByte(byte(c))
	case c >= 0xd800 && c <= 0xdfff:
		return valueError("lone surrogates are not supported: U+%04X", c)
	default:
		out.WriteRune(c)
	}
	return nil
}

func (r *jsonReader) hex(at int) (rune, bool) {
	if at+4 > len(r.text) {
		return 0, false
	}
	c := rune(0)
	for i := range 4 {
		d := hexDigit(r.text[at+i])
		if d < 0 {
			return 0, false
		}
		c = c<<4 | rune(d)
	}
	return c, true
}

func (r *jsonReader) array() (Value, error) {
	l := &List{}
	r.space()
	if r.at < len(r.text) && r.text[r.at] == ']' {
		r.at++
		return l, nil
	}
	for {
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		if len(l.Items) >= MaxItems {
			return nil, tooMany()
		}
		l.Items = append(l.Items, v)
		done, err := r.separator(']')
		if err != nil || done {
			return l, err
		}
	}
}

func (r *jsonReader) object() (Value, error) {
	d := NewDict()
	r.space()
	if r.at < len(r.text) && r.text[r.at] == '}' {
		r.at++
		return d, nil
	}
	for {
		if r.at >= len(r.text) || r.text[r.at] != '"' {
			return nil, r.fail(r.at, "Expecting property name enclosed in double quotes")
		}
		r.at++
		name, err := r.string()
		if err != nil {
			return nil, err
		}
		r.space()
		if r.at >= len(r.text) || r.text[r.at] != ':' {
			return nil, r.fail(r.at, "Expecting ':' delimiter")
		}
		r.at++
		r.space()
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		key, ok := r.keys[name]
		if !ok {
			key = String(name)
			r.keys[name] = key
		}
		if err := d.Set(key, v); err != nil {
			return nil, err
		}
		done, err := r.separator('}')
		if err != nil || done {
			return d, err
		}
	}
}

// separator reads a comma or the end.
func (r *jsonReader) separator(end byte) (done bool, err error) {
	r.space()
	if r.at < len(r.text) {
		switch r.text[r.at] {
		case end:
			r.at++
			return true, nil
		case ',':
			r.at++
			r.space()
			return false, nil
		}
	}
	return false, r.fail(r.at, "Expecting ',' delimiter")
}
