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
		end := strings.IndexByte(rest, '}')
		if escape := s.nextEscape(rest, end); end < 0 || escape >= 0 {
			if escape < 0 {
				escape = len(rest)
			}
			*scratch = append(*scratch, rest[:escape]...)
			rest = rest[escape:]
			continue
		}
		written := rest[:end+1]
		inside := written[len("${"):end]
		if s.own && inside != "" && !strings.Contains(inside, ":") {
			inside = ":" + inside
		}
		ref, err := parseReference(inside)
		var value string
		if err == nil {
			ref.text = written
			value, err = lookup(ref)
		}
		if err != nil {
			return "", len(text) - len(rest), err
		}
		if len(written) == len(text) && len(value) <= limit {
			return value, 0, nil // which is most usual
		}
		*scratch = append(*scratch, value...)
		if len(*scratch)-begin > limit {
			return "", len(text) - len(rest), &Error{Code: CodeLimit, Message: "The value is too large with its references replaced.",
				Detail: []string{fmt.Sprintf("found more than %d bytes", limit)}}
		}
		rest = rest[end+1:]
	}
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
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '-' || c == '.' || c == '_' || c == ' ':
		default:
			return false
		}
	}
	return s != ""
}
