package profile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// headerLine is the general form of a header. The last "]" that lets the rest be
// blank or a comment closes it, so that a condition may hold brackets.
var headerLine = regexp.MustCompile(`^\[\s*([^\s#\[\]:;{}]+)\s*(:([^#;]*))?\]\s*([#;].*)?$`)

// maxSource is the most text that a profile can have, in bytes.
const maxSource = 1 << 30

// Parse reads one profile. name appears in positions; it is not opened.
// A file with mistakes gives all of them in Errors, and everything else that
// could be understood. A text of more than 1 GiB is a mistake as a whole.
func Parse(name, text string) *File {
	room := rooms.Get().(*[]entry)
	f := parse(name, text, room)
	f.entries = slices.Clone(f.entries)
	rooms.Put(room)
	return f
}

// Read is Parse and Eval for those who look at the contents alone. It takes less:
// the file is parsed once more if somebody asks for its sections or lines.
func Read(name, text string, conditions *Conditions, rules Rules) (*File, *Contents, error) {
	room := rooms.Get().(*[]entry)
	f := parse(name, text, room)
	contents, err := f.Eval(conditions, rules)
	f.entries, f.forgotten = nil, true
	rooms.Put(room)
	return f, contents, err
}

// rooms are for the entries of files that are being parsed: how many there will
// be is not known before.
var rooms = sync.Pool{New: func() any { return new([]entry) }}

// mostRoom is how large a room is kept, in entries.
const mostRoom = 10_000

// parse puts the entries into a room, which the file then shares.
func parse(name, text string, room *[]entry) *File {
	p := parser{file: &File{Name: name, source: text, entries: (*room)[:0]}, header: -1, option: -1}
	if len(text) > maxSource {
		p.file.source = ""
		p.file.Errors = []*Error{{Pos: Pos{name, 1, 1}, Kind: BadLine,
			Message: fmt.Sprintf("the file has %d bytes, expected at most %d", len(text), maxSource)}}
		return p.file
	}
	cut := cutLine
	if strings.IndexByte(text, '\r') < 0 {
		cut = cutUnixLine
	}
	for rest := text; rest != ""; {
		line, next := cut(rest)
		p.line++
		p.add(line, len(text)-len(rest), len(text)-len(next))
		rest = next
	}
	p.endOption(len(text))
	if cap(p.file.entries) <= mostRoom {
		*room = p.file.entries
	}
	return p.file
}

type parser struct {
	file           *File
	line           int
	header, option int  // among the entries, -1 for none
	more           bool // an indented line follows the option
}

// add takes the next line, from one offset in the source to another. The order of
// the tests is Buildout's.
func (p *parser) add(line string, from, to int) {
	switch {
	case isComment(line):
	case startsBlank(line):
		p.blankStart(line)
	case line[0] == '[' && p.addHeader(line, from):
	case p.header < 0:
		p.file.orphans = append(p.file.orphans, p.stray(line))
	case !p.addOption(line, from, to):
		p.file.Errors = append(p.file.Errors, badLine(p.stray(line)))
	}
}

// blankStart takes a line that is empty or begins with white space.
func (p *parser) blankStart(line string) {
	switch {
	case p.option >= 0:
		p.more = p.more || line != ""
	case isBlank(line):
	case p.header < 0:
		p.file.orphans = append(p.file.orphans, p.stray(line))
	default:
		p.file.indents = append(p.file.indents, indent{p.stray(line), p.header})
	}
}

func (p *parser) stray(line string) Line {
	return Line{Text: line, Kind: StrayLine, Pos: Pos{p.file.Name, p.line, 1}}
}

func badLine(l Line) *Error {
	return strayError(l, BadLine, "neither a section header, an option nor a continuation: "+quote(l.Text))
}

// endOption gives the option that was being read the lines up to an offset.
func (p *parser) endOption(to int) {
	if p.option >= 0 && p.more {
		p.file.entries[p.option].bodyEnd = int32(to)
	}
	p.option, p.more = -1, false
}

func (p *parser) addHeader(line string, from int) bool {
	e := entry{line: int32(p.line), header: true}
	at := func(offset int) int32 { return int32(from + offset) }
	inside, closed := strings.CutSuffix(line[1:], "]")
	colon := strings.IndexByte(inside, ':')
	switch {
	case closed && isName(inside) && !strings.ContainsAny(inside, "#;"):
		e.start, e.nameEnd = at(1), at(len(line)-1)
	case closed && colon > 0 && isName(inside[:colon]) && !strings.ContainsAny(inside, "#;"):
		e.start, e.nameEnd, e.head, e.headEnd = at(1), at(1+colon), at(2+colon), at(len(line)-1)
	default:
		m := headerLine.FindStringSubmatchIndex(line)
		if m == nil {
			return false
		}
		e.start, e.nameEnd = at(m[2]), at(m[3])
		if m[6] >= 0 {
			e.head, e.headEnd = at(m[6]), at(m[7])
		}
	}
	p.endOption(from)
	p.header = len(p.file.entries)
	p.file.headers++
	p.file.entries = append(p.file.entries, e)
	return true
}

func (p *parser) addOption(line string, from, to int) bool {
	e := entry{line: int32(p.line), start: int32(from), body: int32(to)}
	equals := strings.IndexByte(line, '=')
	switch {
	case strings.HasPrefix(line, "=>"):
		e.dependencies, equals = true, len("=>")-1
	case equals < 0:
		return false
	default:
		left := line[:equals]
		key := trimRight(left)
		if !isName(key) {
			// "a +=" is an operator, "a + =" is not.
			last := strings.TrimSuffix(strings.TrimSuffix(left, "+"), "-")
			if len(last) != len(left)-1 || !isName(trimRight(last)) {
				return false
			}
		}
		name, op := SplitKey(key)
		e.op, e.nameEnd, e.keyEnd = op, int32(from+len(name)), int32(from+len(key))
	}
	p.endOption(from)
	right := line[equals+1:]
	head := trimLeft(right)
	e.head = int32(from + len(line) - len(head))
	e.headEnd = e.head + int32(len(trimRight(head)))
	p.option = len(p.file.entries)
	p.file.entries = append(p.file.entries, e)
	return true
}

// SplitKey splits what stands before "=" into the name of an option and what is
// done to it.
func SplitKey(key string) (name string, op Op) {
	if key == "" {
		return key, Set
	}
	switch key[len(key)-1] {
	case '+':
		if name := strings.TrimRight(key, " \t+"); name != "" {
			return name, Add
		}
	case '-':
		if name := strings.TrimRight(key, " \t-"); name != "" {
			return name, Remove
		}
	}
	return key, Set
}

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

func isBlank(line string) bool { return trimLeft(line) == "" }

// isSpace is Python's str.isspace, which knows four separators that
// unicode.IsSpace does not.
func isSpace(r rune) bool { return unicode.IsSpace(r) || isSeparator(r) }

func isSeparator(r rune) bool { return r >= 0x1c && r <= 0x1f }

// trimSpace is Python's str.strip.
func trimSpace(s string) string { return trimLeft(trimRight(s)) }

func trimLeft(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	if s != "" && s[0] > ' ' && s[0] < 0x80 {
		return s
	}
	return strings.TrimLeftFunc(s, isSpace)
}

func trimRight(s string) string {
	if s != "" && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimRightFunc(s, isSpace)
}
