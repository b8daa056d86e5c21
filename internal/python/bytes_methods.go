package python

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// bytesMethod returns a method of bytes and bytearray, or nil.
func bytesMethod(name string) method {
	switch name {
	case "decode":
		return bytesDecode
	case "hex":
		return bytesHex
	case "join":
		return bytesJoin
	case "split":
		return bytesSplit
	case "rsplit":
		return bytesRsplit
	case "splitlines":
		return bytesSplitlines
	case "strip", "lstrip", "rstrip":
		return bytesStrip(name)
	case "upper", "lower", "capitalize", "title", "swapcase":
		return bytesCase(name)
	case "isalnum", "isalpha", "isascii", "isdigit", "islower", "isspace", "istitle", "isupper":
		return bytesKind(name)
	case "count", "find", "index", "rfind", "rindex",
		"startswith", "endswith", "replace", "removeprefix", "removesuffix",
		"partition", "rpartition", "center", "ljust", "rjust", "zfill", "expandtabs":
		return asText(name, strMethod(name))
	}
	return nil
}

// latin1 is data as a text with a code point for each byte, on which the
// methods of str do what those of bytes do.
func latin1(data string) string {
	if isASCII(data) {
		return data
	}
	var out strings.Builder
	for i := range len(data) {
		out.WriteRune(rune(data[i]))
	}
	return out.String()
}

func fromLatin1(s string) string {
	if isASCII(s) {
		return s
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		out = append(out, byte(r))
	}
	return string(out)
}

// asText makes a method of bytes from the one of str.
func asText(name string, fn method) method {
	return func(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
		texts := make([]Value, len(args))
		for i, arg := range args {
			v, err := bytesArg(name, i, arg)
			if err != nil {
				return nil, err
			}
			texts[i] = v
		}
		data, _ := bytesOf(self)
		result, err := fn(t, String(latin1(data)), texts, kwargs)
		if err != nil {
			return nil, bytesError(self, err)
		}
		return bytesResult(self, result), nil
	}
}

// bytesArg turns the bytes among the arguments to text.
func bytesArg(name string, i int, arg Value) (Value, error) {
	if data, ok := bytesOf(arg); ok {
		return String(latin1(data)), nil
	}
	switch name {
	case "count", "find", "index", "rfind", "rindex":
		if i > 0 {
			return arg, nil
		}
		n, ok := smallInt(arg)
		if !ok {
			return nil, typeError("argument should be integer or bytes-like object, not '%s'", arg.Type())
		}
		if n < 0 || n > 255 {
			return nil, valueError("byte must be in range(0, 256)")
		}
		return String(rune(n)), nil
	case "startswith", "endswith":
		if i > 0 {
			return arg, nil
		}
		choices, ok := arg.(*Tuple)
		if !ok {
			return nil, typeError("%s first arg must be bytes or a tuple of bytes, not %s", name, arg.Type())
		}
		texts := &Tuple{}
		for _, c := range choices.Items {
			data, ok := bytesOf(c)
			if !ok {
				return nil, typeError("a bytes-like object is required, not '%s'", c.Type())
			}
			texts.Items = append(texts.Items, String(latin1(data)))
		}
		return texts, nil
	case "center", "ljust", "rjust":
		if i == 1 {
			return nil, typeError("%s() argument 2 must be a byte string of length 1, not %s", name, arg.Type())
		}
		return arg, nil
	case "zfill", "expandtabs":
		return arg, nil
	case "replace":
		if i == 2 {
			return arg, nil
		}
	}
	return nil, typeError("a bytes-like object is required, not '%s'", arg.Type())
}

// bytesError is an error of a str method in the words of bytes.
func bytesError(self Value, err error) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	message := strings.Replace(e.Message, "str.", self.Type()+".", 1)
	if message == "substring not found" {
		message = "subsection not found"
	}
	return &Error{e.Class, message}
}

func bytesResult(self, v Value) Value {
	switch v := v.(type) {
	case String:
		return bytesLike(self, fromLatin1(string(v)))
	case *List:
		for i, item := range v.Items {
			v.Items[i] = bytesResult(self, item)
		}
	case *Tuple:
		items := make([]Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = bytesResult(self, item)
		}
		return NewTuple(items...)
	}
	return v
}

func bytesHex(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional(self.Type()+".hex", args, kwargs, 0, 2); err != nil {
		return nil, err
	}
	data, _ := bytesOf(self)
	digits := hex.EncodeToString([]byte(data))
	if len(args) == 0 {
		return String(digits), nil
	}
	sep, ok := AsText(args[0])
	if !ok {
		return nil, typeError("sep must be str or bytes.")
	}
	if utf8.RuneCountInString(sep) != 1 {
		return nil, valueError("sep must be length 1.")
	}
	group, err := intArg(argAt(args, 1), 1)
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	for i := 0; i < len(data); i++ {
		ahead := len(data) - i // groups count from the right
		if group < 0 {
			ahead = i
		}
		if i > 0 && group != 0 && ahead%group == 0 {
			out.WriteString(sep)
		}
		out.WriteString(digits[2*i : 2*i+2])
	}
	return String(out.String()), nil
}

func bytesFromhex(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("bytes.fromhex", args, kwargs)
	if err != nil {
		return nil, err
	}
	s, err := strArg("fromhex", "argument", v)
	if err != nil {
		return nil, err
	}
	var out []byte
	for i := 0; i < len(s); {
		if isSpace(rune(s[i])) {
			i++
			continue
		}
		high, low := hexDigit(s[i]), -1
		if high >= 0 {
			i++
			if i < len(s) {
				low = hexDigit(s[i])
			}
		}
		if high < 0 || low < 0 {
			return nil, valueError("non-hexadecimal number found in fromhex() arg at position %d", i)
		}
		out = append(out, byte(high<<4|low))
		i++
	}
	if self == ByteArrayClass {
		return &ByteArray{out}, nil
	}
	return Bytes(out), nil
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func bytesJoin(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg(self.Type()+".join", args, kwargs)
	if err != nil {
		return nil, err
	}
	if _, err := Iter(v); IsError(err, "TypeError") {
		return nil, typeError("can only join an iterable")
	}
	items, err := Collect(t, v)
	if err != nil {
		return nil, err
	}
	sep, _ := bytesOf(self)
	var out strings.Builder
	for i, item := range items {
		data, ok := bytesOf(item)
		if !ok {
			return nil, typeError("sequence item %d: expected a bytes-like object, %s found", i, item.Type())
		}
		if i > 0 {
			out.WriteString(sep)
		}
		out.WriteString(data)
		if out.Len() > MaxText {
			return nil, tooLong(out.Len())
		}
	}
	return bytesLike(self, out.String()), nil
}

func bytesSplit(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return splitBytes(self, splitSignature, args, kwargs, splitOn, splitSpace)
}

func bytesRsplit(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return splitBytes(self, rsplitSignature, args, kwargs, splitOnRight, splitSpaceRight)
}

func splitBytes(self Value, sig signature, args []Value, kwargs []Keyword,
	on func(s, sep string, limit int) []string, space func(s string, limit int, isSpace func(rune) bool) []string) (Value, error) {
	var bound [2]Value
	if err := sig.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	limit, err := intArg(bound[1], -1)
	if err != nil {
		return nil, err
	}
	data, _ := bytesOf(self)
	data = latin1(data)
	var parts []string
	if bound[0] == nil || bound[0] == None {
		parts = space(data, limit, isASCIISpace)
	} else {
		sep, ok := bytesOf(bound[0])
		if !ok {
			return nil, typeError("a bytes-like object is required, not '%s'", bound[0].Type())
		}
		if sep == "" {
			return nil, valueError("empty separator")
		}
		parts = on(data, latin1(sep), limit)
	}
	list, err := textList(parts)
	if err != nil {
		return nil, err
	}
	return bytesResult(self, list), nil
}

func isASCIISpace(r rune) bool { return r == ' ' || r >= '\t' && r <= '\r' }

func bytesSplitlines(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	var bound [1]Value
	if err := splitlinesSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	keep, err := intArg(bound[0], 0)
	if err != nil {
		return nil, err
	}
	data, _ := bytesOf(self)
	lines := splitLines(latin1(data), keep != 0, func(r rune) bool { return r == '\n' || r == '\r' })
	list, err := textList(lines)
	if err != nil {
		return nil, err
	}
	return bytesResult(self, list), nil
}

func bytesStrip(name string) method {
	return func(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
		if err := positional(self.Type()+"."+name, args, kwargs, 0, 1); err != nil {
			return nil, err
		}
		drop := isASCIISpace
		if v := argAt(args, 0); v != nil && v != None {
			chars, ok := bytesOf(v)
			if !ok {
				return nil, typeError("a bytes-like object is required, not '%s'", v.Type())
			}
			chars = latin1(chars)
			drop = func(r rune) bool { return strings.ContainsRune(chars, r) }
		}
		data, _ := bytesOf(self)
		data = latin1(data)
		if name != "rstrip" {
			data = strings.TrimLeftFunc(data, drop)
		}
		if name != "lstrip" {
			data = strings.TrimRightFunc(data, drop)
		}
		return bytesLike(self, fromLatin1(data)), nil
	}
}

func bytesCase(name string) method {
	return func(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
		if err := noArgs(self.Type()+"."+name, args, kwargs); err != nil {
			return nil, err
		}
		data, _ := bytesOf(self)
		out := []byte(data)
		inWord := false
		for i, c := range out {
			up := name == "upper" || name == "capitalize" && i == 0 || name == "title" && !inWord ||
				name == "swapcase" && 'a' <= c && c <= 'z'
			letter := c|0x20 >= 'a' && c|0x20 <= 'z'
			if letter && up {
				out[i] = c &^ 0x20
			} else if letter {
				out[i] = c | 0x20
			}
			inWord = letter
		}
		return bytesLike(self, string(out)), nil
	}
}

func bytesKind(name string) method {
	fn := strMethod(name)
	return func(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
		data, _ := bytesOf(self)
		// What is not ASCII is of no kind, as a private code point is.
		ascii := strings.Map(func(r rune) rune {
			if r >= utf8.RuneSelf {
				return '\ue000'
			}
			return r
		}, latin1(data))
		if name == "isspace" && strings.ContainsAny(ascii, "\x1c\x1d\x1e\x1f") {
			return False, noArgs(self.Type()+".isspace", args, kwargs)
		}
		result, err := fn(t, String(ascii), args, kwargs)
		if err != nil {
			return nil, bytesError(self, err)
		}
		return result, nil
	}
}
