package buildout

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Error is something that a user can put right: a mistake in a profile, on the
// command line or in the world that a part needs. Anything else that goes wrong
// is an ordinary error, or a [*Bug].
type Error struct {
	Code    Code
	Section string
	Option  string
	// Pos is the place in the profile that caused it; no file if none did.
	Pos profile.Pos
	// Length is how many characters at Pos are at fault, 0 if that is not known.
	Length int
	// CommandLine says that an assignment of the command line caused it, which is
	// Line; Pos has no file then.
	CommandLine bool
	// Line is the text of the line at Pos, without user names and passwords.
	Line string
	// Chain says how the place came into the profile: through macros, then through
	// files that extend each other; the innermost first.
	Chain []Via
	// Message is the first thing to say, in zc.buildout's words where it has any.
	Message string
	// Detail are further lines: what was found and what was expected.
	Detail []string
	// Hint says what may help, "" if nothing is known to.
	Hint string
	// While are the steps that were under way, outermost first.
	While []string
	// Err is the cause, if it came from outside.
	Err error

	fault fault
	// underlined is the piece of Line that is at fault, once the place is known.
	underlined *span
}

// Code names a kind of [Error]; it does not change between releases.
type Code string

// The codes.
const (
	CodeCommandLine      Code = "command-line"
	CodeProfileMissing   Code = "profile-missing"
	CodeProfileSyntax    Code = "profile-syntax"
	CodeExtendsLoop      Code = "extends-loop"
	CodeExtends          Code = "extends"
	CodeDownload         Code = "download"
	CodeLimit            Code = "limit"
	CodeUnknownSection   Code = "unknown-section"
	CodeUnknownOption    Code = "unknown-option"
	CodeMissingOption    Code = "missing-option"
	CodeInvalidOption    Code = "invalid-option"
	CodeInvalidReference Code = "invalid-reference"
	CodeReferenceLoop    Code = "reference-loop"
	CodeMacroLoop        Code = "macro-loop"
	CodeUnknownRecipe    Code = "unknown-recipe"
	CodeRecipe           Code = "recipe"
	CodeState            Code = "state"
	CodeLocked           Code = "locked"
	CodePathTaken        Code = "path-taken"
)

// Error gives the message alone, in one or more lines.
func (e *Error) Error() string {
	b := strings.Builder{}
	if e.Pos.IsValid() {
		fmt.Fprintf(&b, "%s: ", e.Pos)
	}
	b.WriteString(e.Message)
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Report gives everything there is to say, as the command prints it: the steps
// under way, the message, the place in the profile, details, what a failed command
// printed last and where all of it is, and the hint.
func (e *Error) Report() string {
	var b strings.Builder
	writeSteps(&b, e.While)
	fmt.Fprintf(&b, "Error: %s\n", strings.TrimRight(e.Message, "\n"))
	e.writePlace(&b)
	for _, d := range e.Detail {
		fmt.Fprintf(&b, "  %s\n", d)
	}
	var failure *CommandError
	if errors.As(e.Err, &failure) {
		failure.report(&b)
	}
	if e.Hint != "" {
		fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(e.Hint, "\n", "\n  "))
	}
	return b.String()
}

// maxChain bounds how many macros and files, or hops of a loop, a report shows.
const maxChain = 10

// writePlace shows the place in the profile and the way to it.
func (e *Error) writePlace(b *strings.Builder) {
	switch {
	case e.CommandLine:
		b.WriteString("  on the command line")
	case e.Pos.IsValid():
		fmt.Fprintf(b, "  %s", e.Pos)
	default:
		return
	}
	switch {
	case e.Section != "" && e.Option != "":
		fmt.Fprintf(b, " (%s:%s)", e.Section, e.Option)
	case e.Section != "":
		fmt.Fprintf(b, " (section %s)", e.Section)
	}
	b.WriteByte('\n')
	if e.Line != "" {
		var at span
		if e.underlined != nil {
			at = *e.underlined
		}
		line, underline := excerpt(e.Line, at)
		fmt.Fprintf(b, "    %s\n", line)
		if underline != "" {
			fmt.Fprintf(b, "    %s\n", underline)
		}
	}
	way := make([]string, len(e.Chain))
	for i, via := range e.Chain {
		way[i] = via.String()
	}
	for _, line := range shortened(way) {
		fmt.Fprintf(b, "  %s\n", line)
	}
}

// shortened leaves out the middle of a long chain.
func shortened(chain []string) []string {
	if len(chain) <= maxChain {
		return chain
	}
	left := fmt.Sprintf("... %d more ...", len(chain)-maxChain)
	return slices.Concat(chain[:maxChain/2], []string{left}, chain[len(chain)-maxChain/2:])
}

// Bug is a failure of this library or of a recipe that no profile should be able
// to cause: a panic.
type Bug struct {
	While []string
	Value any
	Stack []byte
}

func (b *Bug) Error() string { return fmt.Sprintf("internal error: %v", b.Value) }

// Report gives the steps, the failure and where in the program it happened.
func (b *Bug) Report() string {
	var out strings.Builder
	writeSteps(&out, b.While)
	fmt.Fprintf(&out, "\nAn internal error occurred due to a bug in either go-buildout or in a\nrecipe being used:\n%v\n\n%s", b.Value, b.Stack)
	return out.String()
}

// maxSteps bounds how many steps a report shows; the middle of a longer list is
// left out.
const maxSteps = 40

func writeSteps(b *strings.Builder, while []string) {
	if len(while) == 0 {
		return
	}
	b.WriteString("While:\n")
	for i, s := range while {
		if len(while) > maxSteps && i == maxSteps/2 {
			fmt.Fprintf(b, "  ... %d more steps ...\n", len(while)-maxSteps)
		}
		if len(while) > maxSteps && i >= maxSteps/2 && i < len(while)-maxSteps/2 {
			continue
		}
		fmt.Fprintf(b, "  %s\n", s)
	}
}

// Report words any error as the command prints it.
func Report(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Report()
	}
	var bug *Bug
	if errors.As(err, &bug) {
		return bug.Report()
	}
	return fmt.Sprintf("Error: %v\n", err)
}

// steps is the stack of what is being done, for Buildout's "While:" block.
type steps struct{ stack []step }

// step is worded only when it is shown.
type step struct{ format, a, b string }

func (s step) String() string {
	if strings.Count(s.format, "%s") == 2 {
		return fmt.Sprintf(s.format, s.a, s.b)
	}
	return strings.Replace(s.format, "%s", s.a, 1)
}

// enter notes a step and returns the function that ends it.
func (s *steps) enter(format, a, b string) func() {
	s.push(format, a, b)
	return s.pop
}

func (s *steps) push(format, a, b string) { s.stack = append(s.stack, step{format, a, b}) }

func (s *steps) pop() { s.stack = s.stack[:len(s.stack)-1] }

// lines words the steps under way.
func (s *steps) lines() []string {
	lines := make([]string, 0, len(s.stack))
	for _, st := range s.stack {
		lines = append(lines, strings.Split(st.String(), "\n")...)
	}
	return lines
}

// fail completes an error with the steps under way and the line of the profile.
func (s *steps) fail(c *Config, e *Error) error {
	if e.While == nil {
		e.While = s.lines()
	}
	if e.underlined == nil {
		if c != nil {
			c.locate(e)
		}
		e.underline()
	}
	e.Message = redact(e.Message)
	for i, d := range e.Detail {
		e.Detail[i] = redact(d)
	}
	return e
}

// didYouMean suggests the candidates nearest to name, "" when none is near.
func didYouMean(name string, candidates []string) string {
	type near struct {
		name     string
		distance int
	}
	var found []near
	limit := max(1, min(4, len(name)/3))
	for _, c := range candidates {
		if abs(len(c)-len(name)) > limit || c == name {
			continue
		}
		if d := distance(name, c); d <= limit {
			found = append(found, near{c, d})
		}
	}
	if len(found) == 0 {
		return ""
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.distance - b.distance })
	names := make([]string, 0, 3)
	for _, f := range found[:min(3, len(found))] {
		names = append(names, "'"+f.name+"'")
	}
	return "did you mean " + strings.Join(names, " or ") + "?"
}

func abs(n int) int { return max(n, -n) }

// distance is the number of letters to insert, delete, replace or swap.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	prev, cur, next := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range cur {
		cur[j] = j
	}
	for i := range x {
		next[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next[j+1] = min(cur[j]+cost, cur[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], prev[j-1]+1)
			}
		}
		prev, cur, next = cur, next, prev
	}
	return cur[len(y)]
}
