package python

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// numeral is a formatted number in its parts.
type numeral struct {
	negative bool
	prefix   string // as 0x
	digits   string // before the point
	rest     string // point, fraction, exponent, percent sign
}

// splitNumeral takes apart the text of a number that is not negative.
func splitNumeral(text string) numeral {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	return numeral{digits: text[:end], rest: text[end:]}
}

// floatText formats a float that is not negative as e, f or g would in C, or
// with kind r as repr. Dot0 adds ".0" to what looks like an int.
func floatText(f float64, kind byte, precision int, dot0, alternate bool) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return "inf"
	}
	switch kind {
	case 'f':
		text := strconv.FormatFloat(f, 'f', precision, 64)
		if alternate && precision == 0 {
			text += "."
		}
		return text
	case 'e':
		text := strconv.FormatFloat(f, 'e', precision, 64)
		if alternate && precision == 0 {
			mantissa, exponent, _ := strings.Cut(text, "e")
			text = mantissa + ".e" + exponent
		}
		return text
	case 'r':
		return generalText(strconv.FormatFloat(f, 'e', -1, 64), 16, dot0, alternate, false)
	}
	precision = max(precision, 1)
	most := precision
	if dot0 {
		most--
	}
	return generalText(strconv.FormatFloat(f, 'e', precision-1, 64), most, dot0, alternate, alternate)
}

// generalText turns a scientific notation into the shorter of the two, with an
// exponent if more than most digits would stand before the point.
func generalText(scientific string, most int, dot0, alternate, zeros bool) string {
	mantissa, exponentText, _ := strings.Cut(scientific, "e")
	exponent, _ := strconv.Atoi(exponentText)
	digits := strings.Replace(mantissa, ".", "", 1)
	if !zeros {
		digits = strings.TrimRight(digits, "0")
		if digits == "" {
			digits = "0"
		}
	}
	point := exponent + 1
	if point <= -4 || point > most {
		text := digits[:1]
		if len(digits) > 1 || alternate {
			text += "." + digits[1:]
		}
		return text + "e" + exponentText
	}
	switch {
	case point <= 0:
		return "0." + strings.Repeat("0", -point) + digits
	case point < len(digits):
		return digits[:point] + "." + digits[point:]
	}
	text := digits + strings.Repeat("0", point-len(digits))
	if dot0 {
		return text + ".0"
	}
	if alternate {
		return text + "."
	}
	return text
}

// intText is the absolute value of n in a base, with Python's limit on decimal
// digits.
func intText(n *big.Int, base int) (string, error) {
	if base == 10 {
		text, err := formatBig(n)
		return strings.TrimPrefix(text, "-"), err
	}
	return strings.TrimPrefix(n.Text(base), "-"), nil
}

// group puts a separator between groups of digits, after filling up with zeros
// to the least width.
func group(digits string, separator byte, size, least int) string {
	if digits == "" {
		return ""
	}
	var out []byte // from the right
	for {
		n := min(size, max(len(digits), least, 1))
		for range n {
			digit := byte('0')
			if last := len(digits) - 1; last >= 0 {
				digit, digits = digits[last], digits[:last]
			}
			out = append(out, digit)
		}
		least -= n
		if digits == "" && least <= 0 {
			break
		}
		least--
		out = append(out, separator)
	}
	reverse(out)
	return string(out)
}

// truncated is the int that a float is cut to.
func truncated(f float64) (*big.Int, error) {
	switch {
	case math.IsNaN(f):
		return nil, valueError("cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, Raise("OverflowError", "cannot convert float infinity to integer")
	}
	n, _ := big.NewFloat(f).Int(nil)
	return n, nil
}
