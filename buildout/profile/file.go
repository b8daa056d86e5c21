package profile

import (
	"strings"
)

// PartDependencies is the option that a line starting with "=>" stands for.
const PartDependencies = "<part-dependencies>"

// File is one parsed profile as it is written.
type File struct {
	Name     string
	Sections []*Section // in order; a section that is opened twice is there twice
	Errors   []*Error   // lines that are neither header, option nor continuation
	orphans  []Line     // what stands before the first header
	source   string
}

// Section is one header and what follows it up to the next.
type Section struct {
	Name    string
	Pos     Pos
	Cond    Condition
	Options []*Option
	indents []Line // indented lines before the first option: errors, or continuations of nothing
}

// Condition is the expression of a [section:condition] header.
type Condition struct {
	Text    string // without the colon and surrounding blanks
	Present bool   // false for a plain header, and for one that ends in ":]"
	Pos     Pos
}

// Option is one option line with its continuation lines.
type Option struct {
	Name string // without operator and blanks
	Key  string // everything before "=": "name +", "name+" and "name" are different keys
	Op   Op
	Pos  Pos
	head string // what stands on the option's own line
	more []continuation
}

// continuation is an indented or blank line behind an option.
type continuation struct {
	text string
	line int
}

// Line is a line of the file with its place; Text has no line ending.
type Line struct {
	Text string
	Pos  Pos
}

// Value is the option's value taken alone, cleaned up as Buildout does at the
// end of a file.
func (o *Option) Value() string { return clean(o.raw()) }

// raw is the value as Buildout accumulates it, before clean-up. Continuation
// lines are stripped, and dropped when blank, if the value began on the option's
// line; otherwise they keep their indentation.
func (o *Option) raw() string {
	if len(o.more) == 0 {
		return o.head
	}
	var b strings.Builder
	b.WriteString(o.head)
	for _, c := range o.more {
		if o.head == "" {
			b.WriteString("\n" + trimRight(c.text))
		} else if text := trimSpace(c.text); text != "" {
			b.WriteString("\n" + text)
		}
	}
	return b.String()
}

// Source is the text the file was parsed from.
func (f *File) Source() string { return f.source }

// Line returns the text of line n (from 1), or "" when there is none. It serves
// to show the place of an error.
func (f *File) Line(n int) string {
	for line := range Lines(f.source) {
		if n--; n == 0 {
			return line
		}
	}
	return ""
}

// Lines yields the lines of text without their endings: \n, \r\n and \r all end
// a line, as for Python's text files.
func Lines(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for text != "" {
			line := text
			if i := strings.IndexAny(text, "\r\n"); i < 0 {
				text = ""
			} else {
				line = text[:i]
				if strings.HasPrefix(text[i:], "\r\n") {
					i++
				}
				text = text[i+1:]
			}
			if !yield(line) {
				return
			}
		}
	}
}
