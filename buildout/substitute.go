package buildout

import (
	"fmt"
	"strings"
)

// A reference in a value, ${section:option}; section is "" in ${:option}.
type valueReference struct {
	section, option string
}

func (r valueReference) String() string { return "${" + r.section + ":" + r.option + "}" }

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
// it.
func (s syntax) substitute(text string, limit int, lookup func(valueReference) (string, error)) (result string, at int, err error) {
	if !strings.Contains(text, "$") {
		return text, 0, nil
	}
	pieces := []string{text}
	if s.escape {
		pieces = strings.Split(text, "$$")
	}
	var b strings.Builder
	for i, piece := range pieces {
		if i > 0 {
			b.WriteString(s.dollar)
			at += len("$$")
		}
		for {
			before, rest, found := strings.Cut(piece, "${")
			inside, after, closed := strings.Cut(rest, "}")
			if !found || !closed {
				b.WriteString(piece)
				at += len(piece)
				break
			}
			b.WriteString(before)
			at += len(before)
			if s.own && inside != "" && !strings.Contains(inside, ":") {
				inside = ":" + inside
			}
			ref, err := parseReference(inside)
			if err != nil {
				return "", at, err
			}
			value, err := lookup(ref)
			if err != nil {
				return "", at, err
			}
			b.WriteString(value)
			if b.Len() > limit {
				return "", at, &Error{Code: CodeLimit, Message: "The value is too large with its references replaced.",
					Detail: []string{fmt.Sprintf("found more than %d bytes", limit)}}
			}
			at += len(piece) - len(before) - len(after)
			piece = after
		}
	}
	return b.String(), 0, nil
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
	return valueReference{section, option}, nil
}

func isReferenceName(s string) bool {
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case strings.ContainsRune("-._ ", r):
		default:
			return false
		}
	}
	return s != ""
}
