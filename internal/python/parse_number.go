package python

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var intSignature = signature{name: "int", params: []string{"", "base"}, positional: 2}

func newInt(args []Value, kwargs []Keyword) (Value, error) {
	var bound [2]Value
	if err := intSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	v := bound[0]
	if bound[1] == nil {
		if v == nil {
			return Int(0), nil
		}
		return toInt(v)
	}
	if v == nil {
		return nil, typeError("int() missing string argument")
	}
	base, err := clampIndex(bound[1])
	if err != nil {
		return nil, err
	}
	if base != 0 && (base < 2 || base > 36) {
		return nil, valueError("int() base must be >= 2 and <= 36, or 0")
	}
	if s, ok := AsText(v); ok {
		return ParseInt(s, base)
	}
	if data, ok := bytesOf(v); ok {
		return parseIntBytes(v, data, base)
	}
	return nil, typeError("int() can't convert non-string with explicit base")
}

// toInt is int(v).
func toInt(v Value) (Value, error) {
	switch v := v.(type) {
	case Int, *BigInt:
		return v, nil
	case Bool:
		n, _ := smallInt(v)
		return Int(n), nil
	case Float:
		n, err := truncated(float64(v))
		if err != nil {
			return nil, err
		}
		return NewInt(n), nil
	}
	if s, ok := AsText(v); ok {
		return ParseInt(s, 10)
	}
	if data, ok := bytesOf(v); ok {
		return parseIntBytes(v, data, 10)
	}
	return nil, typeError("int() argument must be a string, a bytes-like object or a real number, not '%s'", v.Type())
}

func parseIntBytes(v Value, data string, base int) (Value, error) {
	n, err := ParseInt(data, base)
	if err == nil || !strings.HasPrefix(err.(*Error).Message, "invalid literal") {
		return n, err
	}
	return nil, invalidInt(v, base)
}

func invalidInt(v Value, base int) error {
	shown, err := Repr(v)
	if err != nil {
		return err
	}
	if runes := []rune(shown); len(runes) > 200 {
		shown = string(runes[:200])
	}
	return valueError("invalid literal for int() with base %d: %s", base, shown)
}

// ParseInt is int(text, base). Base 0 takes the base from the text's prefix.
func ParseInt(text string, base int) (Value, error) {
	s := strings.TrimFunc(asciiDigits(text), isSpace)
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative, s = s[0] == '-', s[1:]
	}
	asked := base
	prefixed := false
	if len(s) > 1 && s[0] == '0' {
		if prefix := prefixBase(s[1]); prefix != 0 && (base == 0 || base == prefix) {
			base, s, prefixed = prefix, s[2:], true
		}
	}
	if base == 0 {
		if strings.Trim(s, "0_") != "" && s[0] == '0' {
			return nil, invalidInt(String(text), asked)
		}
		base = 10
	}
	digits, ok := digitsOf(s, base, prefixed)
	if !ok {
		return nil, invalidInt(String(text), asked)
	}
	if n := len(digits); n > maxIntDigits && base&(base-1) != 0 {
		return nil, valueError("Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit", maxIntDigits, n)
	}
	if len(digits) > MaxIntBits/5 {
		return nil, intTooLarge()
	}
	if negative {
		digits = "-" + digits
	}
	if n, err := strconv.ParseInt(digits, base, 64); err == nil {
		return Int(n), nil
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return nil, invalidInt(String(text), asked)
	}
	return NewInt(n), nil
}

func prefixBase(c byte) int {
	switch c {
	case 'x', 'X':
		return 16
	case 'o', 'O':
		return 8
	case 'b', 'B':
		return 2
	}
	return 0
}

// digitsOf checks digits with single underscores between them, and removes
// these. One may follow a prefix.
func digitsOf(s string, base int, prefixed bool) (string, bool) {
	if s == "" {
		return "", false
	}
	underscore := !prefixed
	for i := range len(s) {
		c := s[i]
		if c == '_' {
			if underscore {
				return "", false
			}
			underscore = true
			continue
		}
		underscore = false
		digit := 99
		switch {
		case '0' <= c && c <= '9':
			digit = int(c - '0')
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			digit = int(c|0x20-'a') + 10
		}
		if digit >= base {
			return "", false
		}
	}
	return strings.ReplaceAll(s, "_", ""), !underscore
}

// asciiDigits turns the decimal digits of other scripts to ASCII.
func asciiDigits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.IsDigit(r) {
			return r
		}
		// The digits of a script stand together, from a zero on.
		value := rune(0)
		for unicode.IsDigit(r-1) && value < 9 {
			r--
			value++
		}
		return '0' + value
	}, s)
}

func newFloat(args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("float", args, kwargs, 0, 1); err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return Float(0), nil
	}
	return ToFloat(args[0])
}

// ToFloat is float(v).
func ToFloat(v Value) (Value, error) {
	f, ok, err := toFloat(v)
	if err != nil {
		return nil, err
	}
	if ok {
		return Float(f), nil
	}
	s, ok := AsText(v)
	if !ok {
		if s, ok = bytesOf(v); !ok {
			return nil, typeError("float() argument must be a string or a real number, not '%s'", v.Type())
		}
	}
	if f, ok = parseFloat(strings.TrimFunc(asciiDigits(s), isSpace)); !ok {
		shown, err := Repr(v)
		if err != nil {
			return nil, err
		}
		return nil, valueError("could not convert string to float: %s", shown)
	}
	return Float(f), nil
}

// ToInt is int(v).
func ToInt(v Value) (Value, error) { return toInt(v) }

// parseFloat reads a decimal float as Python spells it.
func parseFloat(s string) (float64, bool) {
	unsigned := strings.TrimLeft(s, "+-")
	if len(s)-len(unsigned) > 1 || unsigned == "" {
		return 0, false
	}
	switch strings.ToLower(unsigned) {
	case "inf", "infinity":
		if s[0] == '-' {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	case "nan":
		return math.NaN(), true
	}
	for i := range len(unsigned) {
		switch c := unsigned[i]; {
		case '0' <= c && c <= '9', c == '.', c == 'e', c == 'E', c == '+', c == '-':
		case c == '_':
			if i == 0 || i == len(unsigned)-1 || !isDigit(unsigned[i-1]) || !isDigit(unsigned[i+1]) {
				return 0, false
			}
		default:
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

var complexSignature = signature{name: "complex", params: []string{"real", "imag"}, positional: 2}

func newComplex(args []Value, kwargs []Keyword) (Value, error) {
	var bound [2]Value
	if err := complexSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	re, im := bound[0], bound[1]
	if s, ok := AsText(re); re != nil && ok {
		if im != nil {
			return nil, typeError("complex() can't take second arg if first is a string")
		}
		c, ok := parseComplex(strings.TrimFunc(asciiDigits(s), isSpace))
		if !ok {
			return nil, valueError("complex() arg is a malformed string")
		}
		return Complex(c), nil
	}
	if im != nil {
		if _, ok := AsText(im); ok {
			return nil, typeError("complex() second arg can't be a string")
		}
	}
	var result complex128
	if re != nil {
		c, ok, err := asComplex(re)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, typeError("complex() first argument must be a string or a number, not '%s'", re.Type())
		}
		result = c
	}
	if im != nil {
		c, ok, err := asComplex(im)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, typeError("complex() second argument must be a number, not '%s'", im.Type())
		}
		_, reComplex := re.(Complex)
		_, imComplex := im.(Complex)
		// A sum with zero would lose the sign of a negative zero.
		x, y := real(result), real(c)
		if reComplex {
			y += imag(result)
		}
		if imComplex {
			x -= imag(c)
		}
		result = complex(x, y)
	}
	return Complex(result), nil
}

// parseComplex reads 1+2j, also in parentheses.
func parseComplex(s string) (complex128, bool) {
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = strings.TrimFunc(s[1:len(s)-1], isSpace)
	}
	if s == "" {
		return 0, false
	}
	if c := s[len(s)-1]; c != 'j' && c != 'J' {
		re, ok := parseFloat(s)
		return complex(re, 0), ok
	}
	s = s[:len(s)-1]
	split := 0
	for i := len(s) - 1; i > 0; i-- {
		if (s[i] == '+' || s[i] == '-') && s[i-1] != 'e' && s[i-1] != 'E' {
			split = i
			break
		}
	}
	re := 0.0
	if split > 0 {
		var ok bool
		if re, ok = parseFloat(s[:split]); !ok {
			return 0, false
		}
	}
	im := s[split:]
	if im == "" || im == "+" || im == "-" {
		im += "1"
	}
	f, ok := parseFloat(im)
	return complex(re, f), ok
}
