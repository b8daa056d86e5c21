package python

import (
	"math"
	"strings"
	"unicode/utf8"
)

func strFormat(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	f := formatter{args: args, named: func(name string) (Value, error) {
		for _, kw := range kwargs {
			if kw.Name == name {
				return kw.Value, nil
			}
		}
		return nil, keyError(String(name))
	}}
	s, err := f.expand(text(self), 2)
	return String(s), err
}

func strFormatMap(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	mapping, err := oneArg("str.format_map", args, kwargs)
	if err != nil {
		return nil, err
	}
	f := formatter{mapping: true, named: func(name string) (Value, error) {
		return GetItem(mapping, String(name))
	}}
	s, err := f.expand(text(self), 2)
	return String(s), err
}

// formatter expands the replacement fields of str.format.
type formatter struct {
	args    []Value
	named   func(name string) (Value, error)
	mapping bool

	next      int // of the automatic numbers
	automatic bool
	manual    bool
}

// expand replaces the fields of a text; depth is how deep fields may nest.
func (f *formatter) expand(s string, depth int) (string, error) {
	if depth == 0 {
		return "", valueError("Max string recursion exceeded")
	}
	var out strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			out.WriteString(s)
			break
		}
		out.WriteString(s[:i])
		c := s[i]
		s = s[i+1:]
		if s != "" && s[0] == c {
			out.WriteByte(c)
			s = s[1:]
			continue
		}
		if c == '}' {
			return "", valueError("Single '}' encountered in format string")
		}
		if s == "" {
			return "", valueError("Single '{' encountered in format string")
		}
		field, rest, err := cutField(s)
		if err != nil {
			return "", err
		}
		s = rest
		text, err := f.field(field, depth)
		if err != nil {
			return "", err
		}
		out.WriteString(text)
		if out.Len() > MaxText {
			return "", tooLong(out.Len())
		}
	}
	return out.String(), nil
}

// replacement is what stands between braces.
type replacement struct {
	name       string
	conversion rune // 0 for none
	spec       string
}

// cutField reads a field up to its closing brace.
func cutField(s string) (replacement, string, error) {
	var field replacement
	i, bracket := 0, false
loop:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == '{':
			return field, "", valueError("unexpected '{' in field name")
		case c == '}' || c == ':' || c == '!':
			break loop
		}
	}
	if i == len(s) {
		return field, "", valueError("expected '}' before end of string")
	}
	field.name = s[:i]
	c := s[i]
	s = s[i+1:]
	if c == '}' {
		return field, s, nil
	}
	if c == '!' {
		if s == "" {
			return field, "", valueError("end of string while looking for conversion specifier")
		}
		r, n := utf8.DecodeRuneInString(s)
		field.conversion = r
		s = s[n:]
		if s == "" {
			return field, "", valueError("unmatched '{' in format spec")
		}
		c = s[0]
		s = s[1:]
		if c == '}' {
			return field, s, nil
		}
		if c != ':' {
			return field, "", valueError("expected ':' after conversion specifier")
		}
	}
	for i, open := 0, 1; i < len(s); i++ {
		switch s[i] {
		case '{':
			open++
		case '}':
			open--
		}
		if open == 0 {
			field.spec = s[:i]
			return field, s[i+1:], nil
		}
	}
	return field, "", valueError("unmatched '{' in format spec")
}

func (f *formatter) field(r replacement, depth int) (string, error) {
	v, err := f.value(r.name)
	if err != nil {
		return "", err
	}
	if r.conversion != 0 {
		if v, err = convert(v, r.conversion); err != nil {
			return "", err
		}
	}
	spec := r.spec
	if strings.IndexByte(spec, '{') >= 0 || strings.IndexByte(spec, '}') >= 0 {
		if spec, err = f.expand(spec, depth-1); err != nil {
			return "", err
		}
	}
	return Format(v, spec)
}

func convert(v Value, conversion rune) (Value, error) {
	var s string
	var err error
	switch conversion {
	case 's':
		s, err = Str(v)
	case 'r':
		s, err = Repr(v)
	case 'a':
		s, err = ASCII(v)
	default:
		if conversion > 32 && conversion < 127 {
			return nil, valueError("Unknown conversion specifier %c", conversion)
		}
		return nil, valueError(`Unknown conversion specifier \x%x`, conversion)
	}
	return String(s), err
}

// value looks up a field name, as 0, name, name.attribute or 0[index].
func (f *formatter) value(name string) (Value, error) {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	v, err := f.first(name[:end])
	if err != nil {
		return nil, err
	}
	rest := name[end:]
	for rest != "" {
		if rest[0] == '.' {
			rest = rest[1:]
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			if end == 0 {
				return nil, valueError("Empty attribute in format string")
			}
			if v, err = GetAttr(v, rest[:end]); err != nil {
				return nil, err
			}
			rest = rest[end:]
			continue
		}
		if rest[0] != '[' {
			return nil, valueError("Only '.' or '[' may follow ']' in format field specifier")
		}
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return nil, valueError("Missing ']' in format string")
		}
		key := rest[1:end]
		rest = rest[end+1:]
		if key == "" {
			return nil, valueError("Empty attribute in format string")
		}
		index, isIndex, err := fieldIndex(key)
		if err != nil {
			return nil, err
		}
		var subscript Value = String(key)
		if isIndex {
			subscript = Int(index)
		}
		if v, err = GetItem(v, subscript); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (f *formatter) first(name string) (Value, error) {
	index, isIndex, err := fieldIndex(name)
	if err != nil {
		return nil, err
	}
	switch {
	case name == "":
		if f.manual {
			return nil, valueError("cannot switch from manual field specification to automatic field numbering")
		}
		f.automatic = true
		index = f.next
		f.next++
	case isIndex:
		if f.automatic {
			return nil, valueError("cannot switch from automatic field numbering to manual field specification")
		}
		f.manual = true
	default:
		return f.named(name)
	}
	if f.mapping {
		return nil, valueError("Format string contains positional fields")
	}
	if index >= len(f.args) {
		return nil, Raise("IndexError", "Replacement index %d out of range for positional args tuple", index)
	}
	return f.args[index], nil
}

func fieldIndex(s string) (n int, ok bool, err error) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false, nil
		}
		if n > (math.MaxInt-9)/10 {
			return 0, false, valueError("Too many decimal digits in format string")
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != "", nil
}
