package python

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"
)

// Format returns format(v, spec).
func Format(v Value, spec string) (string, error) {
	if f, ok := v.(Formatter); ok {
		return f.Format(spec)
	}
	if spec == "" {
		return Str(v)
	}
	switch v := v.(type) {
	case Int, Bool, *BigInt:
		return formatIntSpec(v, spec)
	case Float:
		return formatFloatSpec(v, float64(v), spec)
	case Complex:
		return formatComplexSpec(v, spec)
	}
	if s, ok := AsText(v); ok {
		return formatTextSpec(v, s, spec)
	}
	return "", typeError("unsupported format string passed to %s.__format__", v.Type())
}

// formatSpec is a parsed format specification.
type formatSpec struct {
	fill      string
	align     byte // <, >, ^, =
	aligned   bool // the alignment was given
	zero      bool
	sign      byte // 0, +, -, space
	coerce    bool // z: no negative zero
	alternate bool
	width     int
	grouping  byte // 0, comma, underscore
	precision int  // -1 for none
	kind      rune // 0 for none
}

// parseSpec parses the specification for a value, with the alignment and the
// presentation type that its kind has by default.
func parseSpec(v Value, text string, align byte, kind rune) (formatSpec, error) {
	s := formatSpec{fill: " ", align: align, precision: -1, kind: kind}
	rest := text
	filled := false
	take := func(chars string) byte {
		if rest != "" && strings.IndexByte(chars, rest[0]) >= 0 {
			c := rest[0]
			rest = rest[1:]
			return c
		}
		return 0
	}
	if rest != "" {
		n := runeLen(rest)
		if len(rest) > n && strings.IndexByte("<>=^", rest[n]) >= 0 {
			s.fill, s.align, filled, s.aligned = rest[:n], rest[n], true, true
			rest = rest[n+1:]
		} else if c := take("<>=^"); c != 0 {
			s.align, s.aligned = c, true
		}
	}
	s.sign = take("+- ")
	s.coerce = take("z") != 0
	s.alternate = take("#") != 0
	if !filled && take("0") != 0 {
		s.fill, s.zero = "0", true
		if !s.aligned && align == '>' {
			s.align = '='
		}
	}
	var err error
	if s.width, rest, err = specNumber(rest); err != nil {
		return s, err
	}
	s.width = max(s.width, 0)
	if c := take(",_"); c != 0 {
		s.grouping = c
		if rest != "" && (rest[0] == ',' || rest[0] == '_') && rest[0] != c {
			return s, valueError("Cannot specify both ',' and '_'.")
		}
	}
	if take(".") != 0 {
		if s.precision, rest, err = specNumber(rest); err != nil {
			return s, err
		}
		if s.precision < 0 {
			return s, valueError("Format specifier missing precision")
		}
	}
	if rest != "" {
		r, n := utf8.DecodeRuneInString(rest)
		if len(rest) > n {
			return s, valueError("Invalid format specifier '%s' for object of type '%s'", text, v.Type())
		}
		s.kind = r
	}
	return s, s.checkGrouping()
}

func (s formatSpec) checkGrouping() error {
	switch {
	case s.grouping == 0 || s.kind == 0 || strings.ContainsRune("deEfFgG%", s.kind):
		return nil
	case s.grouping == '_' && strings.ContainsRune("boxX", s.kind):
		return nil
	}
	if s.kind > 32 && s.kind < 128 {
		return valueError("Cannot specify '%c' with '%c'.", s.grouping, s.kind)
	}
	return valueError(`Cannot specify '%c' with '\x%x'.`, s.grouping, s.kind)
}

// specNumber reads a number at the start of s, -1 if there is none.
func specNumber(s string) (n int, rest string, err error) {
	n = -1
	for s != "" && s[0] >= '0' && s[0] <= '9' {
		n = max(n, 0)
		if n > (math.MaxInt-9)/10 {
			return 0, "", valueError("Too many decimal digits in format string")
		}
		n = n*10 + int(s[0]-'0')
		s = s[1:]
	}
	return n, s, nil
}

func (s formatSpec) unknown(v Value) error {
	if s.kind > 32 && s.kind < 128 {
		return valueError("Unknown format code '%c' for object of type '%s'", s.kind, v.Type())
	}
	return valueError(`Unknown format code '\x%x' for object of type '%s'`, s.kind, v.Type())
}

// pad fills a text of n code points up to the width.
func (s formatSpec) pad(text string, n int) (string, error) {
	missing := s.width - n
	if missing <= 0 {
		return text, nil
	}
	left := missing
	switch s.align {
	case '<':
		left = 0
	case '^':
		left = missing / 2
	}
	padded, err := pad(text, s.fill, left, missing)
	if err != nil {
		return "", err
	}
	return string(padded.(String)), nil
}

func formatTextSpec(v Value, text, spec string) (string, error) {
	s, err := parseSpec(v, spec, '<', 's')
	if err != nil {
		return "", err
	}
	switch {
	case s.kind != 's':
		return "", s.unknown(v)
	case s.sign == ' ':
		return "", valueError("Space not allowed in string format specifier")
	case s.sign != 0:
		return "", valueError("Sign not allowed in string format specifier")
	case s.coerce:
		return "", valueError("Negative zero coercion (z) not allowed in string format specifier")
	case s.alternate:
		return "", valueError("Alternate form (#) not allowed in string format specifier")
	case s.align == '=':
		return "", valueError("'=' alignment not allowed in string format specifier")
	}
	n := utf8.RuneCountInString(text)
	if s.precision >= 0 && s.precision < n {
		text, n = text[:runeOffset(text, s.precision)], s.precision
	}
	return s.pad(text, n)
}

func formatIntSpec(v Value, spec string) (string, error) {
	s, err := parseSpec(v, spec, '>', 'd')
	if err != nil {
		return "", err
	}
	n, _ := asBig(v)
	base := 10
	switch s.kind {
	case 'd', 'n':
	case 'b':
		base = 2
	case 'o':
		base = 8
	case 'x', 'X':
		base = 16
	case 'c':
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		f, _, err := toFloat(v)
		if err != nil {
			return "", err
		}
		return s.float(v, f)
	default:
		return "", s.unknown(v)
	}
	switch {
	case s.precision >= 0:
		return "", valueError("Precision not allowed in integer format specifier")
	case s.coerce:
		return "", valueError("Negative zero coercion (z) not allowed in integer format specifier")
	case s.kind == 'c':
		return s.character(n)
	}
	digits, err := intText(n, base)
	if err != nil {
		return "", err
	}
	num := numeral{negative: n.Sign() < 0, digits: digits}
	if s.alternate && base != 10 {
		num.prefix = "0" + string(s.kind)
	}
	if s.kind == 'X' {
		num.digits = strings.ToUpper(digits)
	}
	return s.number(num, base)
}

func (s formatSpec) character(n *big.Int) (string, error) {
	switch {
	case s.sign != 0:
		return "", valueError("Sign not allowed with integer format specifier 'c'")
	case s.alternate:
		return "", valueError("Alternate form (#) not allowed with integer format specifier 'c'")
	case !n.IsInt64():
		return "", Raise("OverflowError", "Python int too large to convert to C long")
	case n.Int64() < 0 || n.Int64() > utf8.MaxRune:
		return "", Raise("OverflowError", "%%c arg not in range(0x110000)")
	}
	return s.number(numeral{rest: string(rune(n.Int64()))}, 10)
}

func formatFloatSpec(v Value, f float64, spec string) (string, error) {
	s, err := parseSpec(v, spec, '>', 0)
	if err != nil {
		return "", err
	}
	return s.float(v, f)
}

func (s formatSpec) float(v Value, f float64) (string, error) {
	text, err := s.floatDigits(v, math.Abs(f))
	if err != nil {
		return "", err
	}
	num := splitNumeral(text)
	num.negative = math.Signbit(f) && !math.IsNaN(f)
	if s.coerce && !strings.ContainsAny(text, "123456789inIN") {
		num.negative = false
	}
	return s.number(num, 10)
}

// floatDigits formats a float that is not negative.
func (s formatSpec) floatDigits(v Value, f float64) (string, error) {
	switch s.kind {
	case 0, 'e', 'E', 'f', 'F', 'g', 'G', 'n', '%':
	default:
		return "", s.unknown(v)
	}
	precision := s.precision
	switch {
	case precision > math.MaxInt32:
		return "", valueError("precision too big")
	case precision > MaxText:
		return "", tooLong(precision)
	case precision < 0 && s.kind == 0:
		return floatText(f, 'r', 0, true, s.alternate), nil
	case precision < 0:
		precision = 6
	}
	switch s.kind {
	case 0:
		return floatText(f, 'g', precision, true, s.alternate), nil
	case '%':
		return floatText(f*100, 'f', precision, false, s.alternate) + "%", nil
	case 'n':
		return floatText(f, 'g', precision, false, s.alternate), nil
	case 'E', 'F', 'G':
		return strings.ToUpper(floatText(f, byte(s.kind)|0x20, precision, false, s.alternate)), nil
	}
	return floatText(f, byte(s.kind), precision, false, s.alternate), nil
}

// number puts sign, prefix, grouping and padding to a number.
func (s formatSpec) number(n numeral, base int) (string, error) {
	sign := ""
	switch {
	case n.negative:
		sign = "-"
	case s.sign == '+' || s.sign == ' ':
		sign = string(s.sign)
	}
	rest := utf8.RuneCountInString(n.rest)
	fixed := len(sign) + len(n.prefix) + rest
	if s.width > MaxText {
		return "", tooLong(s.width)
	}
	least := 0
	if s.fill == "0" && s.align == '=' {
		least = s.width - fixed
	}
	digits := n.digits
	if s.grouping != 0 {
		size := 3
		if base != 10 {
			size = 4
		}
		digits = group(digits, s.grouping, size, least)
	}
	count := fixed + len(digits)
	if s.align == '=' {
		zeros, err := s.pad("", count)
		return sign + n.prefix + zeros + digits + n.rest, err
	}
	return s.pad(sign+n.prefix+digits+n.rest, count)
}

func formatComplexSpec(v Complex, spec string) (string, error) {
	s, err := parseSpec(v, spec, '>', 0)
	if err != nil {
		return "", err
	}
	switch {
	case s.fill == "0":
		return "", valueError("Zero padding is not allowed in complex format specifier")
	case s.align == '=':
		return "", valueError("'=' alignment flag is not allowed in complex format specifier")
	}
	part := s
	part.width, part.grouping = 0, s.grouping
	bare := s.kind == 0 && s.precision < 0
	re, err := part.complexPart(v, real(v), bare)
	if err != nil {
		return "", err
	}
	part.sign = '+'
	im, err := part.complexPart(v, imag(v), bare)
	if err != nil {
		return "", err
	}
	text := re + im + "j"
	if s.kind == 0 {
		if real(v) == 0 && !math.Signbit(real(v)) {
			part.sign = s.sign
			if text, err = part.complexPart(v, imag(v), bare); err != nil {
				return "", err
			}
			text += "j"
		} else {
			text = "(" + text + ")"
		}
	}
	return s.pad(text, len(text))
}

func (s formatSpec) complexPart(v Value, f float64, bare bool) (string, error) {
	if s.kind == 0 {
		s.kind = 'g'
	}
	if !bare {
		return s.float(v, f)
	}
	num := splitNumeral(floatText(math.Abs(f), 'r', 0, false, s.alternate))
	num.negative = math.Signbit(f) && !math.IsNaN(f)
	return s.number(num, 10)
}
