package buildout

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Where an error is in the profile is worked out when there is one: values keep
// the lines of their operations, and their files the text.

// fault is what an error is about.
type fault struct {
	// text is what is wrong in the value of the option, as it is written there: a
	// reference, or a word with blanks around it. "": the whole value.
	text string
	// or is another way to write it, "" for none.
	or string
	// assigned is the assignment of the command line that holds it, where the
	// profile has forgotten that.
	assigned string
}

// span is a piece of a line, in bytes.
type span struct{ start, end int }

// locate completes an error with its place: the line and the column of what is at
// fault, and the chain of macros and files through which that is in the profile.
func (c *Config) locate(e *Error) {
	switch {
	case e.Line != "":
	case e.fault.assigned != "":
		e.assign(e.fault.assigned, e.fault)
	default:
		c.locateOption(e)
	}
	if e.CommandLine {
		return
	}
	if e.Line == "" {
		e.Line = c.line(e.Pos)
	}
	if e.Code != CodeExtendsLoop { // which says it in its own words
		e.Chain = append(e.Chain, c.extendedFrom(e.Pos.File)...)
	}
}

// locateOption finds the operation that gave an option what is at fault, or, if
// none did, the one that set it last.
func (c *Config) locateOption(e *Error) {
	if e.Option == "" {
		return
	}
	ops := c.operationsOn(e.Section, e.Option)
	if len(ops) == 0 {
		if line, at, ok := c.find(e.Pos, e.fault); ok {
			e.place(line, at)
		}
		return
	}
	for _, f := range []fault{e.fault, {}} {
		for _, op := range ops {
			switch {
			case f.text != "" && op.removes():
			case op.source == commandLineSource:
				if f.text == "" || f.within(op.from.Value) {
					e.assign(e.Section+":"+op.from.Key+"="+op.from.Value, f)
					e.Chain = c.usedBy(op.macro)
					return
				}
			case op.from != nil:
				line, at, ok := c.find(op.from.Pos(), f)
				if ok = ok && (f.text != "" || op.sets()); ok {
					e.place(line, at)
				} else if f.text == "" {
					e.Pos = op.from.Pos()
				}
				if ok || f.text == "" {
					e.Chain = c.usedBy(op.macro)
					return
				}
			case f.text == "":
				return // a value that no file gives
			}
		}
		if f.text == "" {
			return
		}
	}
}

// place sets the position to a piece of a line.
func (e *Error) place(line profile.Line, at span) {
	e.Pos, e.Line = line.Pos, line.Text
	e.Pos.Column, e.Length = columns(line.Text, at)
}

// assign sets the place to an assignment of the command line.
func (e *Error) assign(assignment string, f fault) {
	e.Pos, e.CommandLine = profile.Pos{}, true
	for i, line := range strings.Split(assignment, "\n") {
		begin := 0
		if i == 0 {
			begin = strings.IndexByte(line, '=') + 1
			e.Line = line
		}
		if at, ok := f.in(line, begin); ok {
			e.Line = line
			e.Pos.Column, e.Length = columns(line, at)
			return
		}
	}
}

// columns gives the first column of a piece of a line and how many it has.
func columns(line string, at span) (column, length int) {
	return utf8.RuneCountInString(line[:at.start]) + 1, utf8.RuneCountInString(line[at.start:at.end])
}

// operationOn is an operation on an option, and how the section came by it.
type operationOn struct {
	*Option
	macro *macroUse // nil for one of the section's own
}

// macroUse is a macro, the section that uses it, and what uses that as a macro.
type macroUse struct {
	macro, user string
	outer       *macroUse
}

// usedBy lists a macro and those that it is used through, with their places.
func (c *Config) usedBy(m *macroUse) []Via {
	var chain []Via
	for ; m != nil; m = m.outer {
		chain = append(chain, Via{Macro: m.macro, User: m.user, Pos: c.whereMacro(m.user, m.macro)})
	}
	return chain
}

func (o *Option) removes() bool { return o.from != nil && o.from.Op == profile.Remove }

// sets reports whether nothing before the operation is left in the value.
func (o *Option) sets() bool {
	if o.from != nil {
		return o.from.Op == profile.Set
	}
	return o.kind != directoryOperation && o.source != implicitSource
}

// operationsOn lists what made the value of an option, the last first, also what
// macros gave to it.
func (c *Config) operationsOn(section, option string) []operationOn {
	var ops []operationOn
	seen := map[string]bool{}
	// from goes through a section and reports whether it sets the value.
	var from func(section string, as *macroUse) bool
	from = func(section string, as *macroUse) bool {
		s := c.Section(section)
		if s == nil || seen[section] {
			return false
		}
		seen[section] = true
		changes := slices.DeleteFunc(s.Options(), func(o *Option) bool { return o.Name != option || !o.waiting })
		for _, o := range append(changes, s.Option(option)) {
			for o := range o.operations() {
				ops = append(ops, operationOn{o, as})
				if o.sets() {
					return true
				}
			}
		}
		if !s.isMacroUser() {
			return false
		}
		names := strings.Split(s.Option("<").Value(), "\n")
		for _, name := range slices.Backward(names) {
			name = strings.TrimSpace(name)
			if name != "" && from(name, &macroUse{name, section, as}) {
				return true
			}
		}
		return false
	}
	from(section, nil)
	return ops
}

// operations yields the operations that made the option, the last first. Where
// files were merged more than once those of each file come once, as that one's
// last visit does.
func (o *Option) operations() func(yield func(*Option) bool) {
	return func(yield func(*Option) bool) {
		for ; o != nil; o = o.prev {
			if !yield(o) {
				return
			}
			if o.rare == nil || o.rare.visits == nil {
				continue
			}
			v := o.rare.visits
			nodes := slices.Clone(v.files.order)
			slices.SortStableFunc(nodes, func(a, b *node) int {
				return cmp.Compare(v.files.rankOf[b.file], v.files.rankOf[a.file])
			})
			for _, n := range nodes {
				ls := n.section(v.section)
				if ls == nil {
					continue
				}
				for _, said := range ls.Options() {
					if said.Name == o.Name && !yield(said) {
						return
					}
				}
			}
		}
	}
}

// whereMacro is the place where a section names a macro.
func (c *Config) whereMacro(section, macro string) profile.Pos {
	return c.whereIs(c.Section(section).Option("<"), fault{text: macro})
}

// whereIs is the place of something in the value of an option, or that of the
// option.
func (c *Config) whereIs(o *Option, f fault) profile.Pos {
	for op := range o.operations() {
		if op.source == commandLineSource && f.within(op.from.Value) {
			return profile.Pos{}
		}
		if op.from == nil || op.removes() {
			continue
		}
		if line, at, ok := c.find(op.from.Pos(), f); ok {
			line.Pos.Column, _ = columns(line.Text, at)
			return line.Pos
		}
	}
	return o.Pos()
}

// find looks for what is at fault in the option that begins at pos, and, as an
// addition may have several, in those further down that say more to it.
func (c *Config) find(pos profile.Pos, f fault) (profile.Line, span, bool) {
	n := c.files[pos.File]
	if n == nil {
		return profile.Line{}, span{}, false
	}
	lines := n.file.OptionLines(pos.Line)
	if len(lines) == 0 {
		return profile.Line{}, span{}, false
	}
	if f.text != "" && lines[0].Option.Op != profile.Set {
		lines = n.file.Lines()[pos.Line-1:]
	}
	first := lines[0]
	var found profile.Line
	var where span
	for _, l := range lines {
		same := l.Option == first.Option
		if !same && (f.text == "" || first.Option.Op == profile.Set) {
			if l.Kind == profile.CommentLine {
				continue
			}
			break
		}
		if l.Option == nil || l.Kind == profile.CommentLine || !same && (l.Option.Key != first.Option.Key || l.Section.Name != first.Section.Name) {
			continue
		}
		begin := 0
		if l.Kind == profile.OptionLine {
			begin = valueBegin(l.Text)
		}
		at, ok := f.in(l.Text, begin)
		switch {
		case !ok:
		case f.text != "":
			return l, at, true
		case where != span{}:
			return profile.Line{}, span{}, false // a value of several lines is not shown as one
		default:
			found, where = l, at
		}
	}
	return found, where, where != span{}
}

// valueBegin is where in an option's line its value begins.
func valueBegin(line string) int {
	if strings.HasPrefix(line, "=>") {
		return len("=>")
	}
	return strings.IndexByte(line, '=') + 1
}

// within reports whether a value holds what is at fault.
func (f fault) within(value string) bool {
	for line := range strings.SplitSeq(value, "\n") {
		if _, ok := f.in(line, 0); ok {
			return true
		}
	}
	return false
}

// in looks for what is at fault in a line from an offset on. Of what goes on in
// the next line it finds the beginning.
func (f fault) in(line string, begin int) (span, bool) {
	if f.text == "" {
		value := strings.TrimSpace(line[begin:])
		begin += strings.Index(line[begin:], value)
		return span{begin, begin + len(value)}, value != ""
	}
	for _, text := range []string{f.text, f.or} {
		text, _, _ = strings.Cut(text, "\n")
		for i := begin; text != ""; {
			at := strings.Index(line[i:], text)
			if at < 0 {
				break
			}
			at += i
			if end := at + len(text); isWhole(line[begin:at], text, line[end:]) {
				return span{at, end}, true
			}
			i = at + 1
		}
	}
	return span{}, false
}

// isWhole reports whether a text stands for itself between what is before and
// after it: a reference that is not escaped, or a word.
func isWhole(before, text, after string) bool {
	if strings.HasPrefix(text, "${") {
		dollars := len(before) - len(strings.TrimRight(before, "$"))
		return dollars%2 == 0
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	return (before == "" || unicode.IsSpace(last)) && (after == "" || unicode.IsSpace(next))
}

// underline takes the user names and passwords out of the line of an error, and
// notes which piece of what is left is at fault.
func (e *Error) underline() {
	at := span{byteOf(e.Line, e.Pos.Column-1), byteOf(e.Line, e.Pos.Column-1+e.Length)}
	for _, h := range slices.Backward(credentials(e.Line)) {
		at = span{h.without(at.start), h.without(at.end)}
	}
	e.Line, e.underlined = redact(e.Line), &at
}

// without is where a place in a line comes to be when the span is cut out of it.
func (s span) without(i int) int { return i - max(min(i, s.end)-s.start, 0) }

// byteOf is where a character of a line begins, or the line's end.
func byteOf(line string, n int) int {
	for i := range line {
		if n--; n < 0 {
			return i
		}
	}
	return len(line)
}

// Errorf makes an error about the value of an option that can't be what it says,
// with its place in the profile.
func (c *Config) Errorf(section, option, format string, args ...any) *Error {
	e := &Error{Code: CodeInvalidOption, Section: section, Option: option}
	e.Message, e.Detail = splitMessage(fmt.Sprintf(format, args...))
	var while steps
	_ = while.fail(c, e) // which is e
	return e
}
