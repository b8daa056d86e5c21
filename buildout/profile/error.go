package profile

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is a mistake in a profile's text.
type Error struct {
	Pos     Pos
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
