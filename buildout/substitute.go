package buildout

import (
	"fmt"
	"strings"
)

// A reference in a value, ${section:option}; section is "" in ${:option}.
type valueReference struct {
	section, option string
	text            string // as it is written
}

// syntax is how references are written in a kind of text.
type syntax struct {
	escape bool   // "$$" stands for dollar; neither it nor what follows it begins a reference
	dollar string // what becomes of "$$"
	own    bool   // ${option} is ${:option}
}

var (
	valueSyntax    = syntax{escape: true, dollar: "$$"} // of options: the escape stays
	templateSyntax = syntax{escape: true, dollar: "$"}
	ownSyntax      = syntax{own: true}
)

// substitute replaces the references of a text by what lookup gives. The text is
// cut at each escape first; an unclosed "${" is text. A result of more than limit
// bytes is an error. With an error comes the offset of the reference that caused
// it. Scratch is where results are put together: lookup may use it behind what is
// there, and it is left as it was.
func (s syntax) substitute(scratch *[]byte, text string, limit int, lookup func(valueReference) (string, error)) (result string, at int, err error) {
	if strings.IndexByte(text, '$') < 0 {
		return text, 0, nil
	}
	begin := len(*scratch)
	defer func() { *scratch = (*scratch)[:begin] }()
	for rest := text; ; {
		i := strings.IndexByte(rest, '$')
		if i < 0 || i == len(rest)-1 {
			*scratch = append(*scratch, rest...)
			return string((*scratch)[begin:]), 0, nil
		}
		*scratch = append(*scratch, rest[:i]...)
		rest = rest[i:]
		switch {
		case s.escape && rest[1] == '$':
			*scratch = append(*scratch, s.dollar...)
			rest = rest[len("$$"):]
			continue
		case rest[1] != '{':
			*scratch = append(*scratch, '$')
			rest = rest[1:]
			continue
		}
		ref, n, closed, err := s.reference(rest)
		if !closed {
			*scratch = append(*scratch, rest[:n]...)
			rest = rest[n:]
			continue
		}
		var value string
		if err == nil {
			value, err = lookup(ref)
		}
		if err != nil {
			return "", len(text) - len(rest), err
		}
		if n == len(text) && len(value) <= limit {
			return value, 0, nil // which is most usual
		}
		*scratch = append(*scratch, value...)
		if len(*scratch)-begin > limit {
			return "", len(text) - len(rest), &Error{Code: CodeLimit, Message: "The value is too large with its references replaced.",
				Detail: []string{fmt.Sprintf("found more than %d bytes", limit)}}
		}
		rest = rest[n:]
	}
}

// reference reads the reference that a text begins with, which is n bytes long.
// One that is not closed before the next escape is n bytes of text.
func (s syntax) reference(text string) (ref valueReference, n int, closed bool, err error) {
	if ref, ok := plainReference(text); ok {
		return ref, len(ref.text), true, nil
	}
	end := strings.IndexByte(text, '}')
	if escape := s.nextEscape(text, end); end < 0 || escape >= 0 {
		if escape < 0 {
			escape = len(text)
		}
		return valueReference{}, escape, false, nil
	}
	inside := text[len("${"):end]
	if s.own && inside != "" && !strings.Contains(inside, ":") {
		inside = ":" + inside
	}
	ref, err = parseReference(inside)
	ref.text = text[:end+1]
	return ref, end + 1, true, err
}

// plainReference reads a reference that has nothing unusual, as nearly all have.
func plainReference(text string) (ref valueReference, ok bool) {
	colon := 0
	for i := len("${"); i < len(text); i++ {
		switch c := text[i]; {
		case isReferenceByte(c):
		case c == ':' && colon == 0:
			colon = i
		case c == '}' && colon > 0 && i > colon+1:
			return valueReference{section: text[len("${"):colon], option: text[colon+1 : i], text: text[:i+1]}, true
		default:
			return valueReference{}, false
		}
	}
	return valueReference{}, false
}

// referenceAt is the reference that begins at an offset of a text.
func referenceAt(text string, at int) string {
	return text[at : at+strings.IndexByte(text[at:], '}')+1]
}

// nextEscape is where in text the next "$$" is that begins before end, or
// anywhere if end is negative; -1 for none.
func (s syntax) nextEscape(text string, end int) int {
	if !s.escape {
		return -1
	}
	if end >= 0 {
		text = text[:end]
	}
	return strings.Index(text, "$$")
}

// hasReference reports whether there is a "${" in a value.
func hasReference(v string) bool {
	for {
		i := strings.IndexByte(v, '$')
		if i < 0 || i == len(v)-1 {
			return false
		}
		if v[i+1] == '{' {
			return true
		}
		v = v[i+1:]
	}
}

// parseReference reads what stands between "${" and "}". The errors are
// zc.buildout's, in its order: colons, section, option.
func parseReference(inside string) (valueReference, error) {
	section, option, ok := strings.Cut(inside, ":")
	bad := func(what, problem, hint string) (valueReference, error) {
		return valueReference{}, &Error{Code: CodeInvalidReference, Message: "The " + what + "substitution, ${" + inside + "},\n" + problem, Hint: hint}
	}
	const form = "a reference is ${section:option}, or ${:option} for the own section; $${ stands for a literal ${"
	switch {
	case !ok:
		return bad("", "doesn't contain a colon.", form)
	case strings.Contains(option, ":"):
		return bad("", "has too many colons.", form)
	case !isReferenceName(section) && section != "":
		return bad("section name in ", "has invalid characters.", form)
	case option == "" && section == "":
		return bad("section name in ", "has invalid characters.", form)
	case !isReferenceName(option):
		return bad("option name in ", "has invalid characters.", form)
	}
	return valueReference{section: section, option: option}, nil
}

func isReferenceName(s string) bool {
	for i := range len(s) {
		if !isReferenceByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isReferenceByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == ' '
}
