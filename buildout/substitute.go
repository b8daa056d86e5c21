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

// substitute replaces the references of a value by what lookup gives. The text
// is cut at each "$$" first, which stands for itself: neither it nor what
// follows it within the same "$" begins a reference. An unclosed "${" is text.
// A result of more than limit bytes is an error. With an error comes the offset of
// the reference that caused it.
func substitute(text string, limit int, lookup func(valueReference) (string, error)) (result string, at int, err error) {
	if !strings.Contains(text, "${") {
		return text, 0, nil
	}
	var b strings.Builder
	for i, piece := range strings.Split(text, "$$") {
		if i > 0 {
			b.WriteString("$$")
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
