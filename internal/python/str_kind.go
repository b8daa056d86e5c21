package python

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func strIsalpha(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return everyRune("str.isalpha", self, args, kwargs, unicode.IsLetter)
}

func strIsalnum(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return everyRune("str.isalnum", self, args, kwargs, func(r rune) bool {
		return unicode.IsLetter(r) || isNumeric(r)
	})
}

func strIsdecimal(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return everyRune("str.isdecimal", self, args, kwargs, unicode.IsDigit)
}

func strIsdigit(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return everyRune("str.isdigit", self, args, kwargs, func(r rune) bool {
		return unicode.IsDigit(r) || unicode.Is(digits, r)
	})
}

func strIsnumeric(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return everyRune("str.isnumeric", self, args, kwargs, isNumeric)
}

func strIsspace(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return everyRune("str.isspace", self, args, kwargs, isSpace)
}

func strIsprintable(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if text(self) == "" {
		return True, noArgs("str.isprintable", args, kwargs)
	}
	return everyRune("str.isprintable", self, args, kwargs, func(r rune) bool {
		return printable(r) && r != utf8.RuneError
	})
}

func strIsascii(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.isascii", args, kwargs); err != nil {
		return nil, err
	}
	return Bool(isASCII(text(self))), nil
}

func strIsidentifier(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.isidentifier", args, kwargs); err != nil {
		return nil, err
	}
	return Bool(isIdentifier(text(self))), nil
}

func isIdentifier(s string) bool {
	for i, r := range s {
		start := r == '_' || unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Other_ID_Start)
		if !start && (i == 0 || !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)) {
			return false
		}
	}
	return s != ""
}

func strIsupper(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.isupper", args, kwargs); err != nil {
		return nil, err
	}
	found := false
	for _, r := range text(self) {
		if isLower(r) || unicode.IsTitle(r) {
			return False, nil
		}
		found = found || isUpper(r)
	}
	return Bool(found), nil
}

func strIslower(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.islower", args, kwargs); err != nil {
		return nil, err
	}
	found := false
	for _, r := range text(self) {
		if isUpper(r) || unicode.IsTitle(r) {
			return False, nil
		}
		found = found || isLower(r)
	}
	return Bool(found), nil
}

func strIstitle(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("str.istitle", args, kwargs); err != nil {
		return nil, err
	}
	found, inWord := false, false
	for _, r := range text(self) {
		switch {
		case isUpper(r) || unicode.IsTitle(r):
			if inWord {
				return False, nil
			}
			found, inWord = true, true
		case isLower(r):
			if !inWord {
				return False, nil
			}
			found = true
		default:
			inWord = false
		}
	}
	return Bool(found), nil
}

// everyRune reports whether the text is not empty and is holds for every code point.
func everyRune(name string, self Value, args []Value, kwargs []Keyword, is func(rune) bool) (Value, error) {
	if err := noArgs(name, args, kwargs); err != nil {
		return nil, err
	}
	s := text(self)
	if s == "" {
		return False, nil
	}
	return Bool(strings.IndexFunc(s, func(r rune) bool { return !is(r) }) < 0), nil
}

func isNumeric(r rune) bool { return unicode.IsNumber(r) || unicode.Is(numerals, r) }

// isSpace is Python's white space, which has four control characters more than
// Go's.
func isSpace(r rune) bool {
	return r >= 0x1c && r <= 0x1f || unicode.IsSpace(r)
}
