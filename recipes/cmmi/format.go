package cmmi

import (
	"fmt"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// format replaces %(name)s as Python's % operator does with a dictionary, also
// %(name)r by the value as Python would write it, and %% by a percent sign. There
// is nothing else to be said with a percent sign.
func format(text string, value func(name string) (string, bool, error)) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "%")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		if after, ok := strings.CutPrefix(rest, "%"); ok {
			b.WriteByte('%')
			text = after
			continue
		}
		name, conversion, after, ok := reference(rest)
		if !ok {
			return "", fmt.Errorf("found '%%%s' where only %%(name)s and %%%% are known", excerpt(rest))
		}
		v, known, err := value(name)
		if err != nil {
			return "", err
		}
		if !known {
			return "", fmt.Errorf("there is no '%s' for %%(%s)%c", name, name, conversion)
		}
		if conversion == 'r' {
			if v, err = python.Repr(python.String(v)); err != nil {
				return "", err
			}
		}
		b.WriteString(v)
		text = after
	}
}

// reference reads what follows a percent sign: a name in parentheses, which may
// contain others in pairs, and a letter.
func reference(s string) (name string, conversion byte, rest string, ok bool) {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth > 0 {
			continue
		}
		if i == 0 || i+1 == len(s) {
			return "", 0, "", false
		}
		c := s[i+1]
		return s[1:i], c, s[i+2:], c == 's' || c == 'r'
	}
	return "", 0, "", false
}

// excerpt is the beginning of a text.
func excerpt(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "..."
	}
	return s
}
