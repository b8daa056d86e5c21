package profile

import (
	"strings"
)

// clean is what Buildout does to each value at the end of a file: a value that
// began on the line after "=" loses its common indentation and the blank lines
// around it. Any other value was stripped as it was read.
func clean(v string) string {
	if !startsBlank(v) || v == "" {
		return v
	}
	return strings.TrimLeft(Dedent(trimRight(v)), "\n")
}

// Dedent takes away the longest indentation that all lines but blank ones share,
// as Python's textwrap.dedent does: tabs and blanks are different, and lines of
// only such become empty.
func Dedent(text string) string {
	lines := strings.Split(text, "\n")
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
	return strings.Join(lines, "\n")
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
