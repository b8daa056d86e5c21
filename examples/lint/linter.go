package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/profile"
)

// linter looks at profiles. Files are read once, however many profiles extend
// them.
type linter struct {
	ctx        context.Context
	options    buildout.LoadOptions
	conditions *profile.Conditions
	found      *findings
	sources    map[string]*source
	unreadable map[string]error
	mentioned  map[string][]string // sections that a template refers to, by file
}

func newLinter(ctx context.Context, o buildout.LoadOptions) *linter {
	platform := buildout.Machine()
	o.Platform = &platform
	return &linter{ctx: ctx, options: o, conditions: profile.NewConditions(platform), found: newFindings(),
		sources: map[string]*source{}, unreadable: map[string]error{}, mentioned: map[string][]string{}}
}

// lint looks at one profile with all that it extends. An error is the machine's,
// or that there is no such profile.
func (l *linter) lint(name string) error {
	s, err := l.source(name)
	if err != nil {
		return err
	}
	if l.follow(s, nil, map[*source]bool{}) {
		return nil // there is no telling what the whole says
	}
	cfg, err := buildout.Load(l.ctx, name, l.options)
	var e *buildout.Error
	if errors.As(err, &e) {
		l.refused(name, e)
		return nil
	}
	if err != nil {
		return err
	}
	newCheck(l, name, cfg).run()
	return nil
}

// refused words why Buildout doesn't take a profile whose files are in order.
func (l *linter) refused(name string, e *buildout.Error) {
	r := invalidProfile
	switch e.Code {
	case buildout.CodeExtends, buildout.CodeDownload, buildout.CodeProfileMissing:
		r = unreadableExtends
	case buildout.CodeExtendsLoop:
		r = extendsLoop
	case buildout.CodeProfileSyntax: // of a file from the network
		r = syntaxError
	}
	pos := e.Pos
	if !pos.IsValid() {
		pos = profile.Pos{File: name}
	}
	l.found.report(r, pos, e.Hint, "%s", oneLine(e.Message, e.Detail))
}

// oneLine joins the lines of a message and its details.
func oneLine(message string, detail []string) string {
	text := strings.Join(strings.Fields(message), " ")
	if len(detail) > 0 {
		text = strings.TrimRight(text, ".") + ": " + strings.Join(detail, ", ")
	}
	return text
}

// source reads and checks a local file, when it is first asked for.
func (l *linter) source(name string) (*source, error) {
	if s := l.sources[name]; s != nil {
		return s, nil
	}
	if err := l.unreadable[name]; err != nil {
		return nil, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		l.unreadable[name] = err
		return nil, err
	}
	s := newSource(name, string(text))
	l.sources[name] = s
	s.readSuppressions(l.found)
	l.checkText(s)
	return s, nil
}

// results are the findings that no comment and no --disable turns off, in order.
func (l *linter) results(disabled []string) []*finding {
	return slices.DeleteFunc(l.found.sorted(), func(f *finding) bool {
		s := l.sources[f.pos.File]
		return slices.Contains(disabled, f.rule.id) || s != nil && s.suppresses(f)
	})
}
