package template

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// Error is what is wrong with a template: with its syntax, or with what it did
// while it was rendered.
type Error struct {
	// Name and Line are where it happened. Line is 0 if that is unknown.
	Name string
	Line int
	// Source is the text of the line.
	Source string
	// Class is the name of the exception that Jinja2 or Python would raise,
	// such as "UndefinedError".
	Class string
	// Message is that exception's text.
	Message string
	// Chain is how the template got there, through macros, blocks, imports
	// and inclusions: where each was called, the nearest first.
	Chain []Place

	err   error // what a loader or the context of Render gave
	cross bool  // a macro or template was left, and the call is to be noted
}

// Place is a line of a template.
type Place struct {
	Name   string
	Line   int
	Source string
}

// String is the place as "NAME:LINE".
func (p Place) String() string {
	name := p.Name
	if name == "" {
		name = unnamed
	}
	return name + ":" + strconv.Itoa(p.Line)
}

// unnamed is what messages call a template without a name.
const unnamed = "<template>"

// Error is "NAME:LINE: MESSAGE".
func (e *Error) Error() string {
	message := e.Message
	if message == "" {
		message = e.Class
	}
	if e.Line == 0 {
		name := e.Name
		if name == "" {
			name = unnamed
		}
		return name + ": " + message
	}
	return Place{e.Name, e.Line, ""}.String() + ": " + message
}

// Unwrap is the error of the loader or of the context, if it was one.
func (e *Error) Unwrap() error { return e.err }

// Trace is the error as text of several lines: the message, the line, and the
// chain of calls.
func (e *Error) Trace() string {
	var b strings.Builder
	b.WriteString(e.Error())
	if s := strings.TrimSpace(e.Source); s != "" {
		b.WriteString("\n    " + s)
	}
	for _, p := range e.Chain {
		b.WriteString("\n  called from " + p.String())
		if s := strings.TrimSpace(p.Source); s != "" {
			b.WriteString("\n    " + s)
		}
	}
	return b.String()
}

// isClass reports whether err is an *Error of the class.
func isClass(err error, class string) bool {
	var e *Error
	return errors.As(err, &e) && e.Class == class
}

// errorAt is an error at a line of the unit.
func (u *unit) errorAt(line int, class, message string) *Error {
	return &Error{Name: u.name, Line: line, Source: u.lineText(line), Class: class, Message: message}
}

// place is a line of the unit.
func (u *unit) place(line int) Place { return Place{u.name, line, u.lineText(line)} }

// position is a line as Jinja2's messages have it.
func (u *unit) position(line int) string {
	s := "line " + strconv.Itoa(line)
	if u.name != "" {
		s += " in " + pyQuote(u.name)
	}
	return s
}

// lineText is the text of a line.
func (u *unit) lineText(line int) string {
	text := u.source.text
	for n := 1; n < line; n++ {
		_, after, ok := strings.Cut(text, "\n")
		if !ok {
			return ""
		}
		text = after
	}
	text, _, _ = strings.Cut(text, "\n")
	return text
}

// locate gives an error its place, or adds the place to its chain if it came
// through a call.
func (f *frame) locate(err error, line int32) error {
	if err == errBreak || err == errContinue {
		return err
	}
	var e *Error
	if errors.As(err, &e) {
		if e.cross && line > 0 && len(e.Chain) < maxTrace {
			e.Chain = append(e.Chain, f.unit.place(int(line)))
			e.cross = false
		}
		return e
	}
	e = f.unit.errorAt(int(line), "", "")
	var exception *python.Error
	switch {
	case errors.As(err, &exception):
		e.Class, e.Message = exception.Class, exception.Message
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Class, e.Message, e.err = "Interrupted", "rendering stopped: "+err.Error(), err
	default:
		e.Class, e.Message, e.err = "Error", err.Error(), err
	}
	if line == 0 {
		e.Source = ""
	}
	return e
}

// maxTrace bounds the chain of an error that comes out of deep recursion.
const maxTrace = 100

// crossing notes that the error comes out of a macro, block or template.
func crossing(err error) error {
	var e *Error
	if err != nil && errors.As(err, &e) {
		e.cross = true
	}
	return err
}

// fault is an error of this package itself.
func fault(name string, what any) error {
	message := ""
	switch what := what.(type) {
	case error:
		message = what.Error()
	case string:
		message = what
	default:
		message = "unexpected failure"
	}
	return &Error{Name: name, Class: "InternalError", Message: "fault in the template engine, please report it: " + message}
}
