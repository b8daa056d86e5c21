package profile

import "strings"

// Value is the option's value taken alone, cleaned up as Buildout does at the
// end of a file.
func (o *Option) Value() string { return o.file.value(o.entry) }

func (f *File) value(e *entry) string {
	head := f.source[e.head:e.headEnd]
	switch {
	case head != "" && startsBlank(head):
		return clean(f.raw(e))
	case e.bodyEnd == 0:
		return head
	case head == "":
		return f.dedented(e)
	}
	return f.raw(e)
}

// raw is the value as Buildout accumulates it, before clean-up. Continuation
// lines are stripped, and dropped when blank, if the value began on the option's
// line; otherwise they keep their indentation.
func (f *File) raw(e *entry) string {
	head := f.source[e.head:e.headEnd]
	if e.bodyEnd == 0 {
		return head
	}
	var b strings.Builder
	for rest := f.source[e.body:e.bodyEnd]; rest != ""; {
		var line string
		line, rest = cutLine(rest)
		if !startsBlank(line) {
			continue // a comment, or a mistake
		}
		if head == "" {
			line = trimRight(line)
		} else if line = trimSpace(line); line == "" {
			continue
		}
		if b.Len() == 0 {
			b.Grow(len(head) + 1 + len(line) + len(rest))
			b.WriteString(head)
		}
		b.WriteByte('\n')
		b.WriteString(line)
	}
	if b.Len() == 0 {
		return head
	}
	return b.String()
}

// dedented is clean(raw(e)) for a value of which nothing stands on the option's
// line, in one step if the first line has the least indentation, as it mostly has.
func (f *File) dedented(e *entry) string {
	var b strings.Builder
	first, margin, blank := "", "", 0
	for rest := f.source[e.body:e.bodyEnd]; rest != ""; {
		var line string
		line, rest = cutLine(rest)
		if !startsBlank(line) {
			continue // a comment, or a mistake
		}
		switch line = trimRight(line); {
		case line == "":
			blank++
			continue
		case first == "":
			first, margin = line, indentation(line)
		case !strings.HasPrefix(line, margin):
			return clean(f.raw(e))
		default:
			if b.Len() == 0 {
				b.Grow(len(first) + len(line) + len(rest))
				b.WriteString(first[len(margin):])
			}
			for range blank + 1 {
				b.WriteByte('\n')
			}
			b.WriteString(line[len(margin):])
		}
		blank = 0
	}
	if b.Len() == 0 {
		return first[len(margin):]
	}
	return b.String()
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
