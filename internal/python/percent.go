package python

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"
)

// percentText evaluates format % args for a str.
func percentText(format, args Value) (Value, error) {
	var p percent
	p.take(args)
	if err := p.run(text(format)); err != nil {
		return nil, err
	}
	return String(p.out.String()), nil
}

// percentBytes evaluates format % args for a bytes, on a text with a code
// point for each byte.
func percentBytes(format, args Value) (Value, error) {
	p := percent{bytes: true}
	p.take(args)
	data, _ := bytesOf(format)
	if err := p.run(latin1(data)); err != nil {
		return nil, err
	}
	return bytesLike(format, fromLatin1(p.out.String())), nil
}

// percent is the state of one % formatting.
type percent struct {
	out     strings.Builder
	bytes   bool
	mapping Value // the right operand, if it can be subscripted

	items  []Value // of a tuple
	single Value   // or the one argument, nil once it is used
	used   int
}

// take sets the right operand.
func (p *percent) take(args Value) {
	if t, ok := args.(*Tuple); ok {
		p.items = t.Items
		return
	}
	p.single = args
	switch args.(type) {
	case *Dict, *List, Bytes, *ByteArray, *Range:
		p.mapping = args
	case Texter:
	case Getter:
		p.mapping = args
	}
}

func (p *percent) argument() (Value, error) {
	if v := p.single; v != nil {
		p.single = nil
		return v, nil
	}
	if p.used < len(p.items) {
		p.used++
		return p.items[p.used-1], nil
	}
	return nil, typeError("not enough arguments for format string")
}

func (p *percent) run(format string) error {
	p.out.Grow(len(format) + 16)
	rest := format
	for {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			p.out.WriteString(rest)
			break
		}
		p.out.WriteString(rest[:i])
		rest = rest[i+1:]
		if rest != "" && rest[0] == '%' {
			p.out.WriteByte('%')
			rest = rest[1:]
			continue
		}
		text, after, err := p.next(rest)
		if err != nil {
			if err == errUnknownConversion {
				err = p.unknown(format[:len(format)-len(after)])
			}
			return err
		}
		rest = after
		p.out.WriteString(text)
		if p.out.Len() > MaxText {
			return tooLong(p.out.Len())
		}
	}
	if p.mapping == nil && (p.single != nil || p.used < len(p.items)) {
		if p.bytes {
			return typeError("not all arguments converted during bytes formatting")
		}
		return typeError("not all arguments converted during string formatting")
	}
	return nil
}

// next is the text of the conversion at the start of rest, and what follows it.
func (p *percent) next(rest string) (text, after string, err error) {
	if rest != "" && !p.bytes && (rest[0] == 's' || rest[0] == 'd') {
		v, err := p.argument()
		if err != nil {
			return "", "", err
		}
		switch v := v.(type) {
		case Int:
			return formatInt(int64(v)), rest[1:], nil
		case String:
			if rest[0] == 's' {
				return string(v), rest[1:], nil
			}
		}
		text, err := p.convert(directive{precision: -1, kind: rune(rest[0])}, v)
		return text, rest[1:], err
	}
	d, after, err := p.directive(rest)
	if err != nil {
		return "", "", err
	}
	v, err := p.argument()
	if err != nil {
		return "", "", err
	}
	text, err = p.convert(d, v)
	return text, after, err
}

// errUnknownConversion stands for the error that names the character and its
// position, which only the caller of next knows.
var errUnknownConversion = valueError("unsupported format character")

// unknown is the error for the conversion that the format ends with.
func (p *percent) unknown(format string) error {
	kind, _ := utf8.DecodeLastRuneInString(format)
	shown := kind
	if shown < 31 || shown > 126 {
		shown = '?'
	}
	return valueError("unsupported format character '%c' (0x%x) at index %d", shown, kind, utf8.RuneCountInString(format)-1)
}

// directive is one conversion: flags, width, precision and the letter.
type directive struct {
	left, plus, space, alternate, zero bool
	width                              int
	precision                          int // -1 for none
	kind                               rune
}

// directive reads what follows a percent sign.
func (p *percent) directive(s string) (directive, string, error) {
	d := directive{precision: -1}
	if s != "" && s[0] == '(' {
		if p.mapping == nil {
			return d, "", typeError("format requires a mapping")
		}
		end := closingParen(s)
		if end < 0 {
			return d, "", valueError("incomplete format key")
		}
		var key Value = String(s[1:end])
		if p.bytes {
			key = Bytes(fromLatin1(s[1:end]))
		}
		v, err := GetItem(p.mapping, key)
		if err != nil {
			return d, "", err
		}
		p.single, p.items, p.used = v, nil, 0
		s = s[end+1:]
	}
flags:
	for ; s != ""; s = s[1:] {
		switch s[0] {
		case '-':
			d.left = true
		case '+':
			d.plus = true
		case ' ':
			d.space = true
		case '#':
			d.alternate = true
		case '0':
			d.zero = true
		default:
			break flags
		}
	}
	width, s, err := p.measure(s, math.MaxInt, "width too big")
	if err != nil {
		return d, "", err
	}
	if width < 0 && width != absent {
		d.left, width = true, -max(width, -math.MaxInt)
	}
	d.width = max(width, 0)
	if s != "" && s[0] == '.' {
		precision, after, err := p.measure(s[1:], math.MaxInt32, "precision too big")
		if err != nil {
			return d, "", err
		}
		d.precision, s = max(precision, 0), after
	}
	if s != "" && (s[0] == 'h' || s[0] == 'l' || s[0] == 'L') {
		s = s[1:]
	}
	if s == "" {
		return d, "", valueError("incomplete format")
	}
	if d.width > MaxText || d.precision > MaxText {
		return d, "", tooLong(max(d.width, d.precision))
	}
	r, n := utf8.DecodeRuneInString(s)
	d.kind = r
	return d, s[n:], nil
}

// closingParen is the position of the parenthesis that closes the one at the
// start, or -1.
func closingParen(s string) int {
	open := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

// absent is a width or precision that is not given.
const absent = math.MinInt

// measure reads a number or a star at the start of s.
func (p *percent) measure(s string, most int, tooBig string) (int, string, error) {
	if s != "" && s[0] == '*' {
		v, err := p.argument()
		if err != nil {
			return 0, "", err
		}
		if !IsInt(v) {
			return 0, "", typeError("* wants int")
		}
		n, err := AsInt(v)
		if err != nil {
			return 0, "", err
		}
		return max(n, -math.MaxInt), s[1:], nil
	}
	n := absent
	for s != "" && s[0] >= '0' && s[0] <= '9' {
		digit := int(s[0] - '0')
		n = max(n, 0)
		if n > (most-digit)/10 {
			return 0, "", valueError("%s", tooBig)
		}
		n = n*10 + digit
		s = s[1:]
	}
	return n, s, nil
}

func (p *percent) convert(d directive, v Value) (string, error) {
	switch d.kind {
	case 'd', 'i', 'u', 'o', 'x', 'X':
		return d.integer(v)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		return d.float(v)
	case 'c':
		s, err := p.character(v)
		if err != nil {
			return "", err
		}
		return d.pad(s), nil
	}
	s, known, err := p.show(d.kind, v)
	if err != nil {
		return "", err
	}
	if !known {
		return "", errUnknownConversion
	}
	if d.precision >= 0 && d.precision < utf8.RuneCountInString(s) {
		s = s[:runeOffset(s, d.precision)]
	}
	return d.pad(s), nil
}

// show is the text of the conversions that take any value.
func (p *percent) show(kind rune, v Value) (s string, known bool, err error) {
	switch {
	case kind == 'a' || kind == 'r' && p.bytes:
		s, err = ASCII(v)
	case kind == 'r':
		s, err = Repr(v)
	case kind == 's' && !p.bytes:
		s, err = Str(v)
	case kind == 's' || kind == 'b' && p.bytes:
		data, ok := bytesOf(v)
		if !ok {
			return "", true, typeError("%%b requires a bytes-like object, or an object that implements __bytes__, not '%s'", v.Type())
		}
		s = latin1(data)
	default:
		return "", false, nil
	}
	return s, true, err
}

func (p *percent) character(v Value) (string, error) {
	if IsInt(v) {
		n, _ := asBig(v)
		most, limit := int64(utf8.MaxRune), "0x110000"
		if p.bytes {
			most, limit = 255, "256"
		}
		if !n.IsInt64() || n.Int64() < 0 || n.Int64() > most {
			return "", Raise("OverflowError", "%%c arg not in range(%s)", limit)
		}
		return string(rune(n.Int64())), nil
	}
	if p.bytes {
		if data, ok := bytesOf(v); ok && len(data) == 1 {
			return latin1(data), nil
		}
		return "", typeError("%%c requires an integer in range(256) or a single byte, not %s", v.Type())
	}
	if s, ok := AsText(v); ok && utf8.RuneCountInString(s) == 1 {
		return s, nil
	}
	return "", typeError("%%c requires int or char")
}

func (d directive) integer(v Value) (string, error) {
	n, err := d.toInt(v)
	if err != nil {
		return "", err
	}
	base := 10
	num := numeral{negative: n.Sign() < 0}
	switch d.kind {
	case 'o':
		base = 8
	case 'x', 'X':
		base = 16
	}
	if num.digits, err = intText(n, base); err != nil {
		return "", err
	}
	if base != 10 && d.alternate {
		num.prefix = "0" + string(d.kind)
	}
	if d.kind == 'X' {
		num.digits = strings.ToUpper(num.digits)
	}
	if missing := d.precision - len(num.digits); missing > 0 {
		num.digits = strings.Repeat("0", missing) + num.digits
	}
	return d.number(num), nil
}

func (d directive) toInt(v Value) (*big.Int, error) {
	if n, ok := asBig(v); ok {
		return n, nil
	}
	decimal := d.kind == 'd' || d.kind == 'i' || d.kind == 'u'
	if f, ok := v.(Float); ok && decimal {
		return truncated(float64(f))
	}
	want := "an integer"
	if decimal {
		want = "a real number"
	}
	return nil, typeError("%%%c format: %s is required, not %s", d.kind, want, v.Type())
}

func (d directive) float(v Value) (string, error) {
	f, ok, err := toFloat(v)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", typeError("must be real number, not %s", v.Type())
	}
	precision := d.precision
	if precision < 0 {
		precision = 6
	}
	text := floatText(math.Abs(f), byte(d.kind)|0x20, precision, false, d.alternate)
	if d.kind < 'a' {
		text = strings.ToUpper(text)
	}
	return d.number(numeral{negative: math.Signbit(f) && !math.IsNaN(f), digits: text}), nil
}

// number puts sign and padding to a number.
func (d directive) number(n numeral) string {
	sign := ""
	switch {
	case n.negative:
		sign = "-"
	case d.plus:
		sign = "+"
	case d.space:
		sign = " "
	}
	if missing := d.width - len(sign) - len(n.prefix) - len(n.digits); missing > 0 && d.zero && !d.left {
		return sign + n.prefix + strings.Repeat("0", missing) + n.digits
	}
	return d.pad(sign + n.prefix + n.digits)
}

func (d directive) pad(s string) string {
	missing := d.width - utf8.RuneCountInString(s)
	if missing <= 0 {
		return s
	}
	if d.left {
		return s + strings.Repeat(" ", missing)
	}
	return strings.Repeat(" ", missing) + s
}
