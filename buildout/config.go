package buildout

import (
	"maps"
	"slices"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Config is an assembled profile: every section with the values that defaults,
// extended files, the file itself and the command line give it, before macros
// and references. It is not changed after [Load] and safe for concurrent use.
type Config struct {
	dialect   Dialect
	limits    Limits
	platform  profile.Platform
	directory string
	sections  []*Section
	byName    map[string]int // where in sections
	files     map[string]*node
}

// Directory is the buildout directory: where the main file is, unless
// [buildout] says otherwise. It is empty for a remote profile without one.
func (c *Config) Directory() string { return c.directory }

// Dialect is the dialect that the profile was read in.
func (c *Config) Dialect() Dialect { return c.dialect }

// Sections lists the sections in order of first appearance.
func (c *Config) Sections() []*Section { return slices.Clone(c.sections) }

// Section returns the section of that name, or nil.
func (c *Config) Section(name string) *Section {
	if i, ok := c.byName[name]; ok {
		return c.sections[i]
	}
	return nil
}

// Files lists the files and URLs that the profile was read from, sorted, without
// the user names and passwords of URLs.
func (c *Config) Files() []string {
	return slices.Sorted(maps.Keys(c.files))
}

// clone gives a profile to which sections can be added without changing c.
func (c *Config) clone() *Config {
	n := *c
	n.sections, n.byName = slices.Clone(c.sections), maps.Clone(c.byName)
	n.files = maps.Clone(c.files)
	return &n
}

func (c *Config) add(s *Section) {
	c.byName[s.Name] = len(c.sections)
	c.sections = append(c.sections, s)
}

// own gives the section for changing: sections are shared with the layers and
// profiles that they come from, and made new where there is none.
func (c *Config) own(name string) *Section {
	i, ok := c.byName[name]
	if !ok {
		s := &Section{Name: name, owner: c}
		c.add(s)
		return s
	}
	if c.sections[i].owner != c {
		c.sections[i] = c.sections[i].clone(c)
	}
	return c.sections[i]
}

// buildout is [buildout], which every profile has.
func (c *Config) buildout() *Section { return c.own("buildout") }

// value returns the text of a plain option of [buildout], "" when there is none.
func (c *Config) value(option string) string {
	if o := c.Section("buildout").Option(option); o != nil {
		return o.Value()
	}
	return ""
}

// line returns the text of the line at pos, for messages.
func (c *Config) line(pos profile.Pos) string {
	if n := c.files[pos.File]; n != nil {
		return n.file.Line(pos.Line)
	}
	return ""
}

func (c *Config) names() []string {
	names := make([]string, len(c.sections))
	for i, s := range c.sections {
		names[i] = s.Name
	}
	return names
}
