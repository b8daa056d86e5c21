package main

import (
	"strings"
)

// reference is a ${section:option} in a text.
type reference struct {
	text            string // with "${" and "}"
	section, option string // section is "" in ${:option}
	problem         string // why it is not a reference, "" if it is one
	offset          int    // in the text, in bytes
}

// references lists what stands between "${" and "}". "$$" is an escape: neither
// it nor what follows it begins a reference. An unclosed "${" is text.
func references(text string) []reference {
	if !strings.Contains(text, "${") {
		return nil
	}
	var refs []reference
	offset := 0
	for piece := range strings.SplitSeq(text, "$$") {
		for i := 0; ; {
			start := strings.Index(piece[i:], "${")
			if start < 0 {
				break
			}
			start += i
			length := strings.IndexByte(piece[start:], '}')
			if length < 0 {
				break
			}
			i = start + length + 1
			r := reference{text: piece[start:i], offset: offset + start}
			r.parse(piece[start+2 : i-1])
			refs = append(refs, r)
		}
		offset += len(piece) + len("$$")
	}
	return refs
}

func (r *reference) parse(inside string) {
	section, option, ok := strings.Cut(inside, ":")
	switch {
	case !ok:
		r.problem = "has no colon"
	case strings.Contains(option, ":"):
		r.problem = "has too many colons"
	case !isReferenceName(section):
		r.problem = "has characters that the name of a section in a reference can't have"
	case option == "":
		r.problem = "names no option"
	case !isReferenceName(option):
		r.problem = "has characters that the name of an option in a reference can't have"
	default:
		r.section, r.option = section, option
	}
}

func isReferenceName(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._ ", r))
	}) < 0
}
