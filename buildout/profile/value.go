package profile

import (
	"strings"
)

// Value is the option's value taken alone, cleaned up as Buildout does at the
// end of a file.
func (o *Option) Value() string {
	switch {
	case o.head != "" && startsBlank(o.head):
		return clean(o.raw())
	case o.body == "":
		return o.head
	case o.head == "":
		return dedented(o.body)
	}
	return o.raw()
}

// raw is the value as Buildout accumulates it, before clean-up. Continuation
// lines are stripped, and dropped when blank, if the value began on the option's
// line; otherwise they keep their indentation.
func (o *Option) raw() string {
	if o.body == "" {
		return o.head
	}
	var b strings.Builder
	for rest := o.body; rest != ""; {
		var line string
		line, rest = cutLine(rest)
		if !startsBlank(line) {
			continue // a comment, or a mistake
		}
		if o.head == "" {
			line = trimRight(line)
		} else if line = trimSpace(line); line == "" {
			continue
		}
		if b.Len() == 0 {
			b.Grow(len(o.head) + 1 + len(line) + len(rest))
			b.WriteString(o.head)
		}
		b.WriteByte('\n')
		b.WriteString(line)
	}
	if b.Len() == 0 {
		return o.head
	}
	return b.String()
}

// dedented is clean for a value of which nothing stands on the option's line,
// without the steps between.
func dedented(body string) string {
	first, margin, size, lines := "", "", 0, 0
	for line := range continuations(body) {
		if line == "" {
			if lines > 0 {
				lines++
			}
			continue
		}
		if lines == 0 {
			first, margin = line, indentation(line)
		} else {
			margin = commonPrefix(margin, indentation(line))
		}
		lines++
		size += len(line)
	}
	if size == len(first) {
		return first[len(margin):]
	}
	var b strings.Builder
	b.Grow(size - len(margin) + lines)
	blank := 0
	for line := range continuations(body) {
		switch {
		case line != "":
			for range blank {
				b.WriteByte('\n')
			}
			b.WriteString(line[len(margin):])
			blank = 1
		case blank > 0:
			blank++
		}
	}
	return b.String()
}

// continuations yields the lines of a body that belong to the value, without
// the white space at their ends.
func continuations(body string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for rest := body; rest != ""; {
			var line string
			line, rest = cutLine(rest)
			if startsBlank(line) && !yield(trimRight(line)) {
				return
			}
		}
	}
}

// clean is what Buildout does to each value at the end of a file: a value that
// began on the line after "=" loses its common indentation and the blank lines
// around it. Any other value was stripped as it was read.
func clean(v string) string {
	if v == "" || !startsBlank(v) {
		return v
	}
	return strings.TrimLeft(Dedent(trimRight(v)), "\n")
}

// Dedent takes away the longest indentation that all lines but blank ones share,
// as Python's textwrap.dedent does: tabs and blanks are different, and lines of
// only such become empty.
func Dedent(text string) string {
	margin, found := "", false
	for line := range strings.SplitSeq(text, "\n") {
		indent := indentation(line)
		switch {
		case len(indent) == len(line):
		case found:
			margin = commonPrefix(margin, indent)
		default:
			margin, found = indent, true
		}
	}
	var b strings.Builder
	b.Grow(len(text))
	first := true
	for line := range strings.SplitSeq(text, "\n") {
		if !first {
			b.WriteByte('\n')
		}
		first = false
		if len(indentation(line)) < len(line) {
			b.WriteString(line[len(margin):])
		}
	}
	return b.String()
}

// indentation is the white space that a line begins with.
func indentation(line string) string {
	for i := range len(line) {
		if line[i] != ' ' && line[i] != '\t' {
			return line[:i]
		}
	}
	return line
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
