package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// finding is one thing to say about one place.
type finding struct {
	rule     *rule
	severity severity
	pos      profile.Pos
	message  string // what was found, and what was expected
	hint     string // what may help, "" if nothing is known to
}

// text is the message with its hint.
func (f *finding) text() string {
	if f.hint == "" {
		return f.message
	}
	return f.message + "; " + f.hint
}

// findings are gathered over all files of the command line. What is found at one
// place through several of them is there once, in its gravest form.
type findings struct {
	at map[findingKey]*finding
	// refuted are places at which one file of the command line shows that what
	// holds for another is not true of them all.
	refuted map[findingKey]bool
}

type findingKey struct {
	rule *rule
	pos  profile.Pos
}

func newFindings() *findings {
	return &findings{at: map[findingKey]*finding{}, refuted: map[findingKey]bool{}}
}

func (fs *findings) add(f finding) {
	if f.severity == none {
		f.severity = f.rule.severity
	}
	// What no line is to blame for is said about the first.
	f.pos.Line, f.pos.Column = max(1, f.pos.Line), max(1, f.pos.Column)
	key := findingKey{f.rule, f.pos}
	if old := fs.at[key]; old == nil || f.severity > old.severity {
		fs.at[key] = &f
	}
}

// report adds a finding with the rule's own severity.
func (fs *findings) report(r *rule, pos profile.Pos, hint, format string, args ...any) {
	fs.add(finding{rule: r, pos: pos, hint: hint, message: fmt.Sprintf(format, args...)})
}

// refute takes back what is or will be found at a place.
func (fs *findings) refute(r *rule, pos profile.Pos) { fs.refuted[findingKey{r, pos}] = true }

// sorted lists what holds, by file, line and column.
func (fs *findings) sorted() []*finding {
	var out []*finding
	for key, f := range fs.at {
		if !fs.refuted[key] {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *finding) int {
		return cmp.Or(cmp.Compare(a.pos.File, b.pos.File), cmp.Compare(a.pos.Line, b.pos.Line),
			cmp.Compare(a.pos.Column, b.pos.Column), cmp.Compare(a.rule.id, b.rule.id))
	})
	return out
}
