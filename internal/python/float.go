package python

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// formatInt is the decimal text of n.
func formatInt(n int64) string { return strconv.FormatInt(n, 10) }

// maxIntDigits is CPython's limit on the conversion between int and str.
const maxIntDigits = 4300

// formatBig is the decimal text of n.
func formatBig(n *big.Int) (string, error) {
	// 4300 digits are less than 14285 bits: longer ones need no conversion.
	if n.BitLen() <= 14285 {
		text := n.String()
		if len(strings.TrimPrefix(text, "-")) <= maxIntDigits {
			return text, nil
		}
	}
	return "", valueError("Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", maxIntDigits)
}

// formatFloat is the repr of f: the shortest digits that read back as f.
func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	a := math.Abs(f)
	if a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if strings.IndexByte(text, '.') < 0 {
		text += ".0"
	}
	return text
}

// formatComplex is the repr of c.
func formatComplex(c complex128) string {
	re, im := real(c), imag(c)
	part := func(f float64) string { return strings.TrimSuffix(formatFloat(f), ".0") }
	if re == 0 && !math.Signbit(re) {
		return part(im) + "j"
	}
	sign := "+"
	if math.Signbit(im) && !math.IsNaN(im) {
		sign = ""
	}
	return "(" + part(re) + sign + part(im) + "j)"
}
