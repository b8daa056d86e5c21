package python

import (
	"strings"
	"unicode/utf8"
)

func strLjust(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return justify("str.ljust", self, args, kwargs, func(n, _ int) int { return 0 })
}

func strRjust(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return justify("str.rjust", self, args, kwargs, func(n, _ int) int { return n })
}

func strCenter(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return justify("str.center", self, args, kwargs, func(n, width int) int {
		// Of an odd number, the greater part goes to the left in odd widths.
		return n/2 + n&width&1
	})
}

// justify pads to a width; left says how many of n places go before the text.
func justify(name string, self Value, args []Value, kwargs []Keyword, left func(n, width int) int) (Value, error) {
	if err := positional(name, args, kwargs, 1, 2); err != nil {
		return nil, err
	}
	width, err := AsInt(args[0])
	if err != nil {
		return nil, err
	}
	fill := " "
	if v := argAt(args, 1); v != nil {
		s, ok := AsText(v)
		if !ok {
			return nil, typeError("The fill character must be a unicode character, not %s", v.Type())
		}
		if utf8.RuneCountInString(s) != 1 {
			return nil, typeError("The fill character must be exactly one character long")
		}
		fill = s
	}
	s := text(self)
	n := width - utf8.RuneCountInString(s)
	if n <= 0 {
		return String(s), nil
	}
	return pad(s, fill, left(n, width), n)
}

// pad puts n times fill around s, of which left before it.
func pad(s, fill string, left, n int) (Value, error) {
	if n > (MaxText-len(s))/len(fill) {
		return nil, Raise("MemoryError", "text of width %d is over the limit of %d", n, MaxText)
	}
	return String(strings.Repeat(fill, left) + s + strings.Repeat(fill, n-left)), nil
}

func strZfill(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("str.zfill", args, kwargs)
	if err != nil {
		return nil, err
	}
	width, err := AsInt(v)
	if err != nil {
		return nil, err
	}
	s := text(self)
	n := width - utf8.RuneCountInString(s)
	if n <= 0 {
		return String(s), nil
	}
	sign := ""
	if s != "" && (s[0] == '+' || s[0] == '-') {
		sign, s = s[:1], s[1:]
	}
	padded, err := pad(s, "0", n, n)
	if err != nil {
		return nil, err
	}
	return String(sign) + padded.(String), nil
}

var expandtabsSignature = signature{name: "expandtabs", params: []string{"tabsize"}, positional: 1}

func strExpandtabs(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	var bound [1]Value
	if err := expandtabsSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	size, err := intArg(bound[0], 8)
	if err != nil {
		return nil, err
	}
	text, err := expandTabs(text(self), size)
	return String(text), err
}

func expandTabs(s string, size int) (string, error) {
	var out strings.Builder
	column := 0
	for i := 0; i < len(s); {
		n := runeLen(s[i:])
		switch c := s[i]; c {
		case '\t':
			if size > 0 {
				width := size - column%size
				if width > MaxText-out.Len() {
					return "", tooLong(out.Len() + width)
				}
				out.WriteString(strings.Repeat(" ", width))
				column += width
			}
		default:
			out.WriteString(s[i : i+n])
			column++
			if c == '\n' || c == '\r' {
				column = 0
			}
		}
		i += n
	}
	return out.String(), nil
}
