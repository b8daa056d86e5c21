package profile

import (
	"strings"
	"unicode"
)

// clean is what Buildout does to each value at the end of a file: a value that
// began on the line after "=" loses its common indentation and the blank lines
// around it. Any other value was stripped as it was read.
func clean(v string) string {
	if !startsBlank(v) || v == "" {
		return v
	}
	lines := strings.Split(strings.TrimRightFunc(v, unicode.IsSpace), "\n")
	margin, found := "", false
	for i, line := range lines {
		if strings.Trim(line, " \t") == "" {
			lines[i] = ""
			continue
		}
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if !found {
			margin, found = indent, true
			continue
		}
		margin = commonPrefix(margin, indent)
	}
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, margin)
	}
	return strings.TrimLeft(strings.Join(lines, "\n"), "\n")
}

func commonPrefix(a, b string) string {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return a[:i]
		}
	}
	return a[:n]
}
