package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// conventional are sections that whoever runs a profile reads or fills in.
var conventional = []string{"buildout", "versions", "networkcache", "slap-connection", "slap_connection"}

// checkUnused looks for sections that are no parts and that nothing mentions.
// Any word of any value that is the name of a section counts: recipes take names
// of sections in options of all kinds.
func (c *check) checkUnused() {
	mentioned := map[string]bool{}
	for _, name := range conventional {
		mentioned[name] = true
	}
	for _, v := range c.sections {
		for _, o := range v.own {
			for _, op := range c.history(o) {
				for word := range strings.FieldsFuncSeq(op.Value, endsName) {
					if word != v.Name {
						mentioned[word] = true
					}
				}
			}
		}
		for _, option := range []string{"url", "template", "input"} {
			if path := c.resolved.Section(v.Name)[option]; filepath.IsAbs(path) {
				for _, name := range c.template(path) {
					mentioned[name] = true
				}
			}
		}
	}
	for _, v := range c.sections {
		pos := clean(v.Section.Pos)
		if mentioned[v.Name] || c.used[v.Name] {
			c.found.refute(unusedMacro, pos)
		} else if pos.File == c.root && !c.fragment && !v.lacking && (!v.hasRecipe() || v.incomplete()) {
			c.found.report(unusedMacro, pos, "", "nothing uses section '%s', which is no part", v.Name)
		}
	}
}

// endsName splits values into what can be names of sections.
func endsName(r rune) bool { return strings.ContainsRune(" \t\n${}:=,;\"'()[]", r) }

// incomplete reports whether a section lacks an option that its values refer to,
// so that it must be meant to be inherited from.
func (v *view) incomplete() bool {
	for _, values := range v.options {
		for _, o := range values {
			if slices.ContainsFunc(references(o.Value()), func(r reference) bool {
				return r.problem == "" && r.section == "" && !v.has(r.option)
			}) {
				return true
			}
		}
	}
	return false
}

// template lists the sections that a file refers to, if it is one that a part
// may render.
func (l *linter) template(path string) []string {
	const most = 1 << 20
	if names, ok := l.mentioned[path]; ok {
		return names
	}
	l.mentioned[path] = nil
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	for _, r := range references(string(text)) {
		if r.section != "" {
			l.mentioned[path] = append(l.mentioned[path], r.section)
		}
	}
	return l.mentioned[path]
}
