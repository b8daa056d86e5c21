package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/profile"
)

// check looks at one profile as Buildout assembles it.
type check struct {
	*linter
	root      string
	cfg       *buildout.Config
	resolved  *buildout.Resolved
	views     map[string]*view
	sections  []*view // in order
	parts     []string
	used      map[string]bool // sections that a part or [buildout] needs
	bases     map[string]bool // sections that others inherit from
	histories map[*buildout.Option][]buildout.Operation
	fragment  bool // no file says what the parts are: others extend it
}

// view is a section with what it inherits.
type view struct {
	*buildout.Section
	own     []*buildout.Option
	macros  []string
	lacking bool               // what it inherits is not all known
	options map[string][]value // by name, without operators
}

// value is an option that takes part in a value of a section: the section's own,
// one that it inherits, or both where the one adds to the other.
type value struct {
	*buildout.Option
	owner *buildout.Section
}

func newCheck(l *linter, root string, cfg *buildout.Config) *check {
	c := &check{linter: l, root: root, cfg: cfg, resolved: cfg.Resolve(),
		histories: map[*buildout.Option][]buildout.Operation{}, views: map[string]*view{}, used: map[string]bool{}, bases: map[string]bool{}}
	for _, s := range cfg.Sections() {
		c.sections = append(c.sections, c.view(s))
	}
	c.parts = strings.Fields(c.resolved.Section("buildout")["parts"])
	c.fragment = cfg.Section("buildout").Option("parts") == nil
	c.follow()
	return c
}

func (c *check) run() {
	c.checkLoops()
	if e := c.resolved.Errors["buildout"]; e != nil && e.Code == buildout.CodeReferenceLoop {
		return // Buildout gets no further, and what are parts is not known
	}
	for _, v := range c.sections {
		c.checkMacros(v)
		c.checkReferences(v)
		c.checkDownload(v)
		for _, o := range v.own {
			c.checkHistory(v, o)
		}
	}
	c.checkParts()
	c.checkUnused()
}

// view gives a section with what it inherits. A circle of macros is cut.
func (c *check) view(s *buildout.Section) *view {
	if v := c.views[s.Name]; v != nil {
		return v
	}
	v := &view{Section: s, own: s.Options(), options: map[string][]value{}, lacking: true} // if it comes round to itself
	c.views[s.Name] = v
	if o := s.Option("<"); o != nil && s.Name != "buildout" {
		for name := range strings.Lines(o.Value()) {
			if name = strings.TrimSpace(name); name != "" {
				v.macros = append(v.macros, name)
			}
		}
	}
	lacking := false
	for _, name := range v.macros {
		c.bases[name] = true
		section := c.cfg.Section(name)
		if section == nil {
			lacking = true
			continue
		}
		base := c.view(section)
		lacking = lacking || base.lacking
		maps.Copy(v.options, base.options)
	}
	v.lacking = lacking
	for _, o := range v.own {
		if o.Waits() {
			v.options[o.Name] = append(slices.Clone(v.options[o.Name]), value{o, s})
		} else {
			v.options[o.Name] = []value{{o, s}}
		}
	}
	if s.Name != "buildout" {
		delete(v.options, "<")
	}
	return v
}

// has reports whether a reference to the section's option is answered without a
// recipe.
func (v *view) has(option string) bool {
	return v.options[option] != nil || option == "_buildout_section_name_"
}

func (v *view) hasRecipe() bool {
	for _, o := range v.options["recipe"] {
		if o.Value() != "" {
			return true
		}
	}
	return false
}

// names lists the options of a section, for suggestions.
func (v *view) names() []string {
	var names []string
	for name := range v.options {
		names = append(names, name)
	}
	return names
}

func (c *check) sectionNames() []string {
	var names []string
	for _, v := range c.sections {
		names = append(names, v.Name)
	}
	return names
}

// follow finds the sections that are evaluated when Buildout runs.
func (c *check) follow() {
	next := append([]string{"buildout"}, c.parts...)
	for len(next) > 0 {
		v := c.views[next[0]]
		next = next[1:]
		if v == nil || c.used[v.Name] {
			continue
		}
		c.used[v.Name] = true
		for name, values := range v.options {
			for _, o := range values {
				for _, r := range references(o.Value()) {
					next = append(next, r.section)
				}
				if name == profile.PartDependencies {
					next = append(next, strings.Fields(o.Value())...)
				}
			}
		}
	}
}

// grave is the severity of a mistake in a section. One that Buildout doesn't
// evaluate keeps nothing from working, and a fragment may be waiting for what the
// profiles that extend it give.
func (c *check) grave(section string) severity {
	switch {
	case c.used[section]:
		return failure
	case c.fragment:
		return note
	}
	return warning
}

// place finds a text in the lines that made an option, the newest first.
func (c *check) place(o *buildout.Option, text string, match func(line string) int) profile.Pos {
	for _, op := range slices.Backward(c.history(o)) {
		if pos := op.Pos; strings.Contains(op.Value, text) && pos.IsValid() {
			if s := c.linter.sources[pos.File]; s != nil {
				return s.find(pos, match)
			}
			return pos
		}
	}
	return c.position(o)
}

// position is where an option was last changed by a file, or the profile itself.
func (c *check) position(o *buildout.Option) profile.Pos {
	if pos := o.Pos(); pos.IsValid() {
		return clean(pos)
	}
	return profile.Pos{File: c.root}
}

// clean gives a local file the one name under which it was read: zc.buildout
// keeps the ".." of extends.
func clean(pos profile.Pos) profile.Pos {
	if pos.IsValid() && !urlScheme.MatchString(pos.File) {
		pos.File = filepath.Clean(pos.File)
	}
	return pos
}

// through says which profile shows a mistake of a file that it extends.
func (c *check) through(pos profile.Pos) string {
	if pos.File == c.root {
		return ""
	}
	return " (in the profile " + filepath.Base(c.root) + ")"
}
