package profile

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// headerLine is the general form of a header. The last "]" that lets the rest be
// blank or a comment closes it, so that a condition may hold brackets.
var headerLine = regexp.MustCompile(`^\[\s*([^\s#\[\]:;{}]+)\s*(:([^#;]*))?\]\s*([#;].*)?$`)

// Parse reads one profile. name appears in positions; it is not opened.
// A file with mistakes gives all of them in Errors, and everything else that
// could be understood.
func Parse(name, text string) *File {
	p := parser{file: &File{Name: name, source: text}, pointers: make([]*Option, 0, usualOptions(text))}
	cut := cutLine
	if strings.IndexByte(text, '\r') < 0 {
		cut = cutUnixLine
	}
	for rest := text; rest != ""; {
		line, next := cut(rest)
		p.line++
		p.add(line, rest, next)
		rest = next
	}
	p.endOption("")
	return p.file
}

type parser struct {
	file    *File
	line    int
	section *Section
	option  *Option
	after   string // the text from the line behind the option's
	more    bool   // an indented line follows the option

	// Sections and options are made in blocks: there are many.
	sections []Section
	block    []Option
	pointers []*Option
}

func (p *parser) pos(column int) Pos {
	return Pos{File: p.file.Name, Line: p.line, Column: column}
}

// add takes the next line, of which from begins with it and rest behind it. The
// order of the tests is Buildout's.
func (p *parser) add(line, from, rest string) {
	switch {
	case isComment(line):
	case startsBlank(line):
		p.blankStart(line)
	case line[0] == '[' && p.header(line, from):
	case p.section == nil:
		p.file.orphans = append(p.file.orphans, p.stray(line))
	case !p.optionLine(line, from, rest):
		p.file.Errors = append(p.file.Errors, badLine(p.stray(line)))
	}
}

// blankStart takes a line that is empty or begins with white space.
func (p *parser) blankStart(line string) {
	switch {
	case p.option != nil:
		p.more = p.more || line != ""
	case isBlank(line):
	case p.section == nil:
		p.file.orphans = append(p.file.orphans, p.stray(line))
	default:
		p.file.indents = append(p.file.indents, p.stray(line))
	}
}

func (p *parser) stray(line string) Line {
	return Line{Text: line, Kind: StrayLine, Pos: p.pos(1), Section: p.section}
}

func badLine(l Line) *Error {
	return strayError(l, BadLine, "neither a section header, an option nor a continuation: "+quote(l.Text))
}

// endOption gives the option that was being read the lines up to from.
func (p *parser) endOption(from string) {
	if p.option != nil && p.more {
		p.option.body = p.after[:len(p.after)-len(from)]
	}
	p.option, p.more = nil, false
}

func (p *parser) header(line, from string) bool {
	s := Section{Pos: p.pos(1)}
	if name, ok := strings.CutSuffix(line[1:], "]"); ok && isName(name) && !strings.ContainsAny(name, "#;") {
		s.Name = name
	} else if colon := strings.IndexByte(name, ':'); ok && colon > 0 && isName(name[:colon]) && !strings.ContainsAny(name, "#;") {
		s.Name = name[:colon]
		s.Cond = p.condition(line, colon+2, len(line)-1)
	} else {
		m := headerLine.FindStringSubmatchIndex(line)
		if m == nil {
			return false
		}
		s.Name = line[m[2]:m[3]]
		s.Cond = p.condition(line, m[6], m[7])
	}
	p.endOption(from)
	if len(p.sections) == cap(p.sections) {
		p.sections = make([]Section, 0, len(from)/400+1)
	}
	p.sections = append(p.sections, s)
	p.section, p.pointers = &p.sections[len(p.sections)-1], p.pointers[len(p.pointers):]
	p.file.Sections = append(p.file.Sections, p.section)
	return true
}

// condition takes the part of a header from begin to end, without the colon.
func (p *parser) condition(line string, begin, end int) Condition {
	if begin == end { // "[s:]" is plain, "[s: ]" is not
		return Condition{}
	}
	text := strings.TrimSpace(line[begin:end])
	begin += strings.Index(line[begin:], text)
	return Condition{Text: text, Present: true, Pos: p.pos(utf8.RuneCountInString(line[:begin]) + 1)}
}

func (p *parser) optionLine(line, from, rest string) bool {
	if rest, ok := strings.CutPrefix(line, "=>"); ok {
		line = PartDependencies + " = " + rest
	}
	i := strings.IndexByte(line, '=')
	if i < 0 {
		return false
	}
	left := line[:i]
	key := trimRight(left)
	if !isName(key) {
		// "a +=" is an operator, "a + =" is not.
		last := strings.TrimSuffix(strings.TrimSuffix(left, "+"), "-")
		if len(last) != len(left)-1 || !isName(trimRight(last)) {
			return false
		}
	}
	p.endOption(from)
	p.after = rest
	o := p.newOption()
	o.Name, o.Key, o.Pos, o.head = key, key, p.pos(1), trimSpace(line[i+1:])
	switch key[len(key)-1] {
	case '+':
		if name := strings.TrimRight(key, " \t+"); name != "" {
			o.Name, o.Op = name, Add
		}
	case '-':
		if name := strings.TrimRight(key, " \t-"); name != "" {
			o.Name, o.Op = name, Remove
		}
	}
	p.option = o
	p.pointers = append(p.pointers, o)
	p.section.Options = p.pointers[:len(p.pointers):len(p.pointers)]
	return true
}

func (p *parser) newOption() *Option {
	if len(p.block) == cap(p.block) {
		p.block = make([]Option, 0, usualOptions(p.after))
	}
	p.block = append(p.block, Option{})
	return &p.block[len(p.block)-1]
}

// usualOptions guesses how many options a text has.
func usualOptions(text string) int { return len(text)/100 + 4 }

// nameBytes are the bytes of ASCII that may be in the name of an option.
var nameBytes = func() (table [128]bool) {
	for c := range table {
		table[c] = !strings.ContainsRune("{}[]=:", rune(c)) && !isSpace(rune(c))
	}
	return table
}()

// isName reports whether s can be the name of an option.
func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 {
			return strings.IndexFunc(s[i:], func(r rune) bool {
				return isSpace(r) || r < 0x80 && !nameBytes[r]
			}) < 0
		} else if !nameBytes[c] {
			return false
		}
	}
	return s != ""
}

// startsBlank reports whether a line is empty (its ending is white space too) or
// begins with white space.
func startsBlank(line string) bool {
	if line == "" || line[0] == ' ' || line[0] == '\t' {
		return true
	}
	if line[0] > ' ' && line[0] < 0x80 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(line)
	return isSpace(r)
}

func isBlank(line string) bool { return trimSpace(line) == "" }

// isSpace is Python's str.isspace, which knows four separators that
// unicode.IsSpace does not.
func isSpace(r rune) bool { return unicode.IsSpace(r) || isSeparator(r) }

func isSeparator(r rune) bool { return r >= 0x1c && r <= 0x1f }

// trimSpace is Python's str.strip.
func trimSpace(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || !isSeparator(rune(s[0])) && !isSeparator(rune(s[len(s)-1])) {
		return s
	}
	return strings.TrimFunc(s, isSpace)
}

func trimRight(s string) string {
	if s != "" && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimRightFunc(s, isSpace)
}
