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
	f := &File{Name: name, source: text}
	p := parser{file: f}
	for line := range Lines(text) {
		p.line++
		p.add(line)
	}
	return f
}

type parser struct {
	file    *File
	line    int
	section *Section
	option  *Option
}

func (p *parser) pos(column int) Pos {
	return Pos{File: p.file.Name, Line: p.line, Column: column}
}

// add takes the next line. The order of the tests is Buildout's.
func (p *parser) add(line string) {
	blank := isBlank(line)
	switch {
	case strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";"):
	case startsBlank(line) && p.option != nil:
		p.option.more = append(p.option.more, continuation{line, p.line})
	case p.header(line):
	case p.section == nil:
		if !blank {
			p.file.orphans = append(p.file.orphans, Line{line, p.pos(1)})
		}
	case blank:
	case startsBlank(line):
		p.section.indents = append(p.section.indents, Line{line, p.pos(1)})
	default:
		if !p.optionLine(line) {
			p.file.Errors = append(p.file.Errors, badLine(Line{line, p.pos(1)}))
		}
	}
}

func badLine(l Line) *Error {
	return &Error{Pos: l.Pos, Kind: BadLine, Line: l.Text,
		Message: "neither a section header, an option nor a continuation: " + quote(l.Text)}
}

func (p *parser) header(line string) bool {
	if !strings.HasPrefix(line, "[") {
		return false
	}
	s := &Section{Pos: p.pos(1)}
	if name, ok := strings.CutSuffix(line[1:], "]"); ok && isName(name) && !strings.ContainsAny(name, "#;") {
		s.Name = name
	} else {
		m := headerLine.FindStringSubmatchIndex(line)
		if m == nil {
			return false
		}
		s.Name = line[m[2]:m[3]]
		if m[6] < m[7] { // "[s:]" is plain, "[s: ]" is not
			s.Cond = Condition{Text: strings.TrimSpace(line[m[6]:m[7]]), Present: true, Pos: p.pos(m[6] + 1)}
		}
	}
	p.section, p.option = s, nil
	p.file.Sections = append(p.file.Sections, s)
	return true
}

func (p *parser) optionLine(line string) bool {
	if rest, ok := strings.CutPrefix(line, "=>"); ok {
		line = PartDependencies + " = " + rest
	}
	left, right, ok := strings.Cut(line, "=")
	if !ok {
		return false
	}
	key := trimRight(left)
	if !isName(key) {
		// "a +=" is an operator, "a + =" is not.
		last := strings.TrimSuffix(strings.TrimSuffix(left, "+"), "-")
		if len(last) != len(left)-1 || !isName(trimRight(last)) {
			return false
		}
	}
	value := trimSpace(right)
	o := &Option{Name: key, Key: key, Pos: p.pos(1), head: value}
	if name := strings.TrimRight(key, " \t+"); strings.HasSuffix(key, "+") && name != "" {
		o.Name, o.Op = name, Add
	} else if name := strings.TrimRight(key, " \t-"); strings.HasSuffix(key, "-") && name != "" {
		o.Name, o.Op = name, Remove
	}
	p.option = o
	p.section.Options = append(p.section.Options, o)
	return true
}

// isName reports whether s can be the name of an option.
func isName(s string) bool {
	bad := func(r rune) bool { return strings.ContainsRune("{}[]=:", r) || isSpace(r) }
	return s != "" && strings.IndexFunc(s, bad) < 0
}

func startsBlank(line string) bool {
	if line == "" {
		return true // the line ending itself is white space
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

func trimRight(s string) string { return strings.TrimRightFunc(s, isSpace) }
