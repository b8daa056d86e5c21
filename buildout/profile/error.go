package profile

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error is a mistake in a profile's text.
type Error struct {
	Pos     Pos
	Length  int // how many characters at Pos are at fault
	Kind    ErrorKind
	Line    string // the offending line, without its ending
	Message string // what is wrong with it
}

// ErrorKind tells a program what sort of mistake it is.
type ErrorKind int

const (
	NoSection    ErrorKind = iota // something other than a comment before the first header
	BadLine                       // neither header, option, continuation nor comment
	BadCondition                  // the expression of a header can't be evaluated
)

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s", e.Pos, e.Message)
}

// strayError is an error about all of a line but the blanks around it.
func strayError(l Line, kind ErrorKind, message string) *Error {
	text := trimSpace(l.Text)
	l.Pos.Column += utf8.RuneCountInString(l.Text[:strings.Index(l.Text, text)])
	return &Error{Pos: l.Pos, Length: utf8.RuneCountInString(text), Kind: kind, Line: l.Text, Message: message}
}

// fail is the error about a condition in a header line: about a name or character
// in it if that is known to be the mistake.
func (c Condition) fail(err error, line string) *Error {
	e := &Error{Pos: c.Pos, Length: utf8.RuneCountInString(c.Text), Kind: BadCondition, Line: line, Message: err.Error()}
	if m, ok := err.(*misplaced); ok && m.at < e.Length {
		rest := []rune(c.Text)[m.at:]
		e.Pos.Column += m.at
		if rest[0] == '.' && len(rest) > 1 { // before the name of an attribute
			rest = rest[1:]
			e.Pos.Column++
		}
		for e.Length = 0; e.Length < len(rest) && (unicode.IsLetter(rest[e.Length]) || unicode.IsDigit(rest[e.Length]) || rest[e.Length] == '_'); {
			e.Length++
		}
		e.Length = max(e.Length, 1)
	}
	return e
}

// Errors are all the mistakes of one file, in order.
type Errors []*Error

// Error words the mistakes as Buildout does: a missing first header alone, bad
// lines together, each with its line number and text.
func (es Errors) Error() string {
	if len(es) == 0 {
		return "no errors"
	}
	switch first := es[0]; first.Kind {
	case NoSection:
		return fmt.Sprintf("File contains no section headers.\nfile: %s, line: %d\n%s",
			first.Pos.File, first.Pos.Line, quote(first.Line+"\n"))
	case BadCondition:
		return first.Message
	default:
		var b strings.Builder
		fmt.Fprintf(&b, "File contains parsing errors: %s", first.Pos.File)
		for _, e := range es {
			fmt.Fprintf(&b, "\n\t[line %2d]: %s", e.Pos.Line, quote(e.Line+"\n"))
		}
		return b.String()
	}
}

// quote shows a line the way Python's repr does: single quotes unless the text
// has only those.
func quote(s string) string {
	q := strings.ReplaceAll(strconv.Quote(s), `\"`, `"`)
	q = q[1 : len(q)-1]
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		return `"` + q + `"`
	}
	return "'" + strings.ReplaceAll(q, "'", `\'`) + "'"
}
