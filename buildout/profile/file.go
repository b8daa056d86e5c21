package profile

import (
	"io"
	"strings"
	"unicode/utf8"
)

// PartDependencies is the option that a line starting with "=>" stands for.
const PartDependencies = "<part-dependencies>"

// File is one parsed profile as it is written.
type File struct {
	Name    string
	Errors  []*Error // lines that are neither header, option nor continuation
	orphans []Line   // what stands before the first header
	indents []indent
	entries []entry
	headers int // among the entries
	source  string
	// forgotten: there are no entries any more; see Read.
	forgotten bool
}

// remembered is a file with entries.
func (f *File) remembered() *File {
	if f.forgotten {
		return Parse(f.Name, f.source)
	}
	return f
}

// entry is a header or an option. It holds places in the source and not texts:
// there are very many entries, and few are ever looked at.
type entry struct {
	line         int32
	start        int32 // of the name
	nameEnd      int32 // without operator
	keyEnd       int32
	head         int32 // what stands on the option's own line, or the header's condition
	headEnd      int32
	body         int32 // the lines up to the next entry, if any of them is indented
	bodyEnd      int32
	op           Op
	header       bool
	dependencies bool // the line starts with "=>"
}

// indent is an indented line before the first option of a section: an error, or a
// continuation of nothing.
type indent struct {
	Line
	header int // of the section, among the entries
}

// Section is one header and what follows it up to the next.
type Section struct {
	Name    string
	Pos     Pos
	Cond    Condition
	Options []*Option
}

// Condition is the expression of a [section:condition] header.
type Condition struct {
	Text    string // without the colon and surrounding blanks
	Present bool   // false for a plain header, and for one that ends in ":]"
	Pos     Pos
}

// Option is one option line with its continuation lines.
type Option struct {
	Name  string // without operator and blanks
	Key   string // everything before "=": "name +", "name+" and "name" are different keys
	Op    Op
	Pos   Pos
	file  *File
	entry *entry
}

// Sections lists the sections in order; one that is opened twice is there twice.
func (f *File) Sections() []*Section {
	f = f.remembered()
	sections, block := []*Section{}, make([]Option, 0, len(f.entries))
	for i := range f.entries {
		e := &f.entries[i]
		pos := Pos{f.Name, int(e.line), 1}
		if e.header {
			sections = append(sections, &Section{Name: f.name(e), Pos: pos, Cond: f.condition(e)})
			continue
		}
		s := sections[len(sections)-1]
		block = append(block, Option{Name: f.name(e), Key: f.key(e), Op: e.op, Pos: pos, file: f, entry: e})
		s.Options = append(s.Options, &block[len(block)-1])
	}
	return sections
}

func (f *File) name(e *entry) string {
	if e.dependencies {
		return PartDependencies
	}
	return f.source[e.start:e.nameEnd]
}

func (f *File) key(e *entry) string {
	if e.dependencies {
		return PartDependencies
	}
	return f.source[e.start:e.keyEnd]
}

func (f *File) condition(e *entry) Condition {
	if e.head == e.headEnd { // "[s:]" is plain, "[s: ]" is not
		return Condition{}
	}
	text := f.source[e.head:e.headEnd]
	line := strings.LastIndexByte(f.source[:e.start], '[')
	before := f.source[line : int(e.head)+len(text)-len(trimLeft(text))]
	return Condition{Text: strings.TrimSpace(text), Present: true, Pos: Pos{f.Name, int(e.line), utf8.RuneCountInString(before) + 1}}
}

// Line is a line of a file.
type Line struct {
	Text string // without the line ending
	End  string // the line ending: "\n", "\r\n", "\r", or "" for a last line without one
	Kind LineKind
	Pos  Pos
	// Section is the section of the line, nil before the first header.
	Section *Section
	// Option is the option that the line begins or continues, nil for other lines.
	Option *Option
}

// LineKind is what a line is for.
type LineKind int

// The kinds of lines.
const (
	BlankLine        LineKind = iota // white space that continues no option
	CommentLine                      // begins with "#" or ";"
	HeaderLine                       // opens a section
	OptionLine                       // begins an option
	ContinuationLine                 // is part of an option's value; it may be blank
	StrayLine                        // a mistake: see [File.Errors] and [File.Eval]
)

func (k LineKind) String() string {
	return [...]string{"blank", "comment", "header", "option", "continuation", "stray"}[k]
}

// Lines says what each line of the file is. Text and End of all of them together
// are the file, byte for byte.
func (f *File) Lines() []Line {
	lines := make([]Line, 0, strings.Count(f.source, "\n")+1)
	var section *Section
	var option *Option
	sections := f.Sections()
	var options []*Option
	for rest := f.source; rest != ""; {
		text, next := cutLine(rest)
		l := Line{Text: text, End: rest[len(text) : len(rest)-len(next)], Pos: Pos{f.Name, len(lines) + 1, 1}}
		rest = next
		switch {
		case isComment(text):
			l.Kind = CommentLine
		case len(sections) > 0 && sections[0].Pos.Line == l.Pos.Line:
			section, option = sections[0], nil
			sections, options = sections[1:], section.Options
			l.Kind = HeaderLine
		case len(options) > 0 && options[0].Pos.Line == l.Pos.Line:
			option, options = options[0], options[1:]
			l.Kind, l.Option = OptionLine, option
		case option != nil && startsBlank(text):
			l.Kind, l.Option = ContinuationLine, option
		case !isBlank(text):
			l.Kind = StrayLine
		}
		l.Section = section
		lines = append(lines, l)
	}
	return lines
}

// OptionLines gives the lines of the option that begins on line n (from 1), with
// the comments among and behind them, up to a mistake; none if no option begins
// there. They are those of Lines, for less, but for their Section, which is nil.
func (f *File) OptionLines(n int) []Line {
	begin, rest := len(f.source), f.source
	for i := 1; rest != ""; i++ {
		line, next := cutLine(rest)
		if i == n {
			begin = len(f.source) - len(rest)
		} else if i > n && !startsBlank(line) && !isComment(line) {
			break
		}
		rest = next
	}
	const header = "[section]\n"
	lines := Parse(f.Name, header+f.source[begin:len(f.source)-len(rest)]).Lines()[1:]
	if len(lines) == 0 || lines[0].Kind != OptionLine {
		return nil
	}
	lines[0].Option.Pos.Line = n
	for i := range lines {
		lines[i].Section = nil
		lines[i].Pos.Line = n + i
	}
	return lines
}

// WriteTo prints the file as it was read, byte for byte.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, f.source)
	return int64(n), err
}

// Source is the text the file was parsed from.
func (f *File) Source() string { return f.source }

// Line returns the text of line n (from 1), or "" when there is none. It serves
// to show the place of an error.
func (f *File) Line(n int) string {
	for rest := f.source; rest != ""; {
		var line string
		if line, rest = cutLine(rest); n == 1 {
			return line
		}
		n--
	}
	return ""
}

// cutLine takes the first line off a text: \n, \r\n and \r all end a line, as
// for Python's text files.
func cutLine(text string) (line, rest string) {
	line = text
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		line, rest = text[:i], text[i+1:]
	}
	i := strings.IndexByte(line, '\r')
	switch {
	case i < 0:
		return line, rest
	case i == len(line)-1 && len(line) < len(text):
		return line[:i], rest
	default:
		return text[:i], text[i+1:]
	}
}

// cutUnixLine is cutLine for a text without \r.
func cutUnixLine(text string) (line, rest string) {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return text[:i], text[i+1:]
	}
	return text, ""
}

func isComment(line string) bool { return line != "" && (line[0] == '#' || line[0] == ';') }
