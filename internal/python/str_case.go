package python

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

func strUpper(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.upper", args, kwargs); err != nil {
		return nil, err
	}
	return String(upper(text(self))), nil
}

func strLower(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.lower", args, kwargs); err != nil {
		return nil, err
	}
	return String(lower(text(self))), nil
}

func strCapitalize(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.capitalize", args, kwargs); err != nil {
		return nil, err
	}
	s := text(self)
	if s == "" {
		return String(""), nil
	}
	var out strings.Builder
	n := runeLen(s)
	writeTitle(&out, s[:n])
	writeLower(&out, s, n)
	return String(out.String()), nil
}

func strTitle(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.title", args, kwargs); err != nil {
		return nil, err
	}
	s := text(self)
	var out strings.Builder
	inWord := false
	for i := 0; i < len(s); {
		n := runeLen(s[i:])
		r, _ := utf8.DecodeRuneInString(s[i:])
		if inWord {
			writeLowerRune(&out, s, i, n)
		} else {
			writeTitle(&out, s[i:i+n])
		}
		inWord = cased(r)
		i += n
	}
	return String(out.String()), nil
}

func strSwapcase(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.swapcase", args, kwargs); err != nil {
		return nil, err
	}
	s := text(self)
	var out strings.Builder
	for i := 0; i < len(s); {
		n := runeLen(s[i:])
		r, _ := utf8.DecodeRuneInString(s[i:])
		switch {
		case isUpper(r):
			writeLowerRune(&out, s, i, n)
		case isLower(r):
			writeUpper(&out, s[i:i+n])
		default:
			out.WriteString(s[i : i+n])
		}
		i += n
	}
	return String(out.String()), nil
}

func strCasefold(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.casefold", args, kwargs); err != nil {
		return nil, err
	}
	s := text(self)
	var out strings.Builder
	for i := 0; i < len(s); {
		n := runeLen(s[i:])
		r, _ := utf8.DecodeRuneInString(s[i:])
		special, ok := lookup(specialFold, r)
		switch {
		case invalid(r, n):
			out.WriteString(s[i : i+n])
		case ok:
			out.WriteString(special)
		case unicode.Is(unicode.Cherokee, r):
			// The one script that folds to upper case.
			out.WriteRune(unicode.ToUpper(r))
		case r == 'İ':
			out.WriteString("i̇")
		default:
			out.WriteRune(unicode.ToLower(r))
		}
		i += n
	}
	return String(out.String()), nil
}

// invalid reports a byte that is not UTF-8, which stays as it is.
func invalid(r rune, n int) bool { return r == utf8.RuneError && n == 1 }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func lookup(table []mapping, r rune) (string, bool) {
	if r < utf8.RuneSelf {
		return "", false
	}
	i := sort.Search(len(table), func(i int) bool { return table[i].from >= r })
	if i < len(table) && table[i].from == r {
		return table[i].to, true
	}
	return "", false
}

func upper(s string) string {
	if isASCII(s) {
		return strings.ToUpper(s)
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		n := runeLen(s[i:])
		writeUpper(&out, s[i:i+n])
		i += n
	}
	return out.String()
}

func lower(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var out strings.Builder
	writeLower(&out, s, 0)
	return out.String()
}

// writeUpper writes the upper case of one code point.
func writeUpper(out *strings.Builder, s string) {
	r, n := utf8.DecodeRuneInString(s)
	if special, ok := lookup(specialUpper, r); ok {
		out.WriteString(special)
	} else if invalid(r, n) {
		out.WriteString(s)
	} else {
		out.WriteRune(unicode.ToUpper(r))
	}
}

// writeTitle writes the title case of one code point.
func writeTitle(out *strings.Builder, s string) {
	r, n := utf8.DecodeRuneInString(s)
	if special, ok := lookup(specialTitle, r); ok {
		out.WriteString(special)
	} else if special, ok := lookup(specialUpper, r); ok && unicode.ToTitle(r) == unicode.ToUpper(r) {
		out.WriteString(special)
	} else if invalid(r, n) {
		out.WriteString(s)
	} else {
		out.WriteRune(unicode.ToTitle(r))
	}
}

func writeLower(out *strings.Builder, s string, from int) {
	for i := from; i < len(s); {
		n := runeLen(s[i:])
		writeLowerRune(out, s, i, n)
		i += n
	}
}

// writeLowerRune writes the lower case of the code point at s[i:i+n]. A sigma
// at the end of a word has a form of its own.
func writeLowerRune(out *strings.Builder, s string, i, n int) {
	r, _ := utf8.DecodeRuneInString(s[i:])
	switch {
	case invalid(r, n):
		out.WriteString(s[i : i+n])
	case r == 'Σ' && finalSigma(s, i, n):
		out.WriteRune('ς')
	case r == 'İ':
		out.WriteString("i̇")
	default:
		out.WriteRune(unicode.ToLower(r))
	}
}

func finalSigma(s string, i, n int) bool {
	before := i
	for before > 0 {
		r, size := utf8.DecodeLastRuneInString(s[:before])
		before -= size
		if !caseIgnorable(r) {
			if !cased(r) {
				return false
			}
			break
		} else if before == 0 {
			return false
		}
	}
	if i == 0 {
		return false
	}
	for after := i + n; after < len(s); {
		r, size := utf8.DecodeRuneInString(s[after:])
		if !caseIgnorable(r) {
			return !cased(r)
		}
		after += size
	}
	return true
}

func caseIgnorable(r rune) bool {
	switch r {
	case '\'', '.', ':', '·', '’', '‘', '․', '‧', '︓', '﹒', '﹕', '＇', '．', '：', '՟', '״':
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}

func cased(r rune) bool { return isUpper(r) || isLower(r) || unicode.IsTitle(r) }

func isUpper(r rune) bool {
	if r < utf8.RuneSelf {
		return 'A' <= r && r <= 'Z'
	}
	return unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r)
}

func isLower(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z'
	}
	return unicode.IsLower(r) || unicode.Is(unicode.Other_Lowercase, r) && !unicode.Is(laterLower, r)
}
