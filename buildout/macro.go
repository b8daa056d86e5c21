package buildout

import (
	"slices"
	"strings"
)

// expand gives the options of a section with its macros ("<= name") merged
// under its own. Later macros replace the values of earlier ones; the section's
// own "+=" and "-=" work on what the macros give.
func (c *Config) expand(name string, while *steps) (*Section, error) {
	return c.expandFor(name, nil, while)
}

func (c *Config) expandFor(name string, users []*Section, while *steps) (*Section, error) {
	s := c.byName[name]
	macro := s.Option("<")
	if macro == nil || name == "buildout" {
		return s, nil
	}
	if slices.Contains(users, s) {
		loop := []string{}
		for _, u := range append(users[slices.Index(users, s):], s) {
			loop = append(loop, u.Name)
		}
		return nil, while.fail(c, &Error{Code: CodeMacroLoop, Section: name, Option: "<", Pos: macro.Pos(),
			Message: "Infinite extending loop '" + name + "'",
			Detail:  []string{"the loop is " + strings.Join(loop, " <= ")}})
	}
	defer while.enter("Loading input sections for '%s'", name, "")()
	users = append(users, s)
	out := &Section{Name: name, Pos: s.Pos, byKey: map[string]*Option{}}
	for line := range strings.SplitSeq(macro.text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if c.byName[line] == nil {
			return nil, while.fail(c, &Error{Code: CodeUnknownSection, Section: name, Option: "<", Pos: macro.Pos(),
				Message: "No section named '" + line + "'", Hint: didYouMean(line, c.names())})
		}
		m, err := c.expandFor(line, users, while)
		if err != nil {
			return nil, err
		}
		for _, o := range m.options {
			copied := *o
			out.put(&copied)
		}
	}
	own := slices.DeleteFunc(slices.Clone(s.options), func(o *Option) bool { return o == macro })
	out.merge(&layerSection{name: name, options: own}, false)
	return out, nil
}

func (c *Config) names() []string {
	names := make([]string, len(c.sections))
	for i, s := range c.sections {
		names[i] = s.Name
	}
	return names
}
