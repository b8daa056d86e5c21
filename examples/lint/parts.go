package main

import (
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/profile"
)

// checkParts looks at the names of parts.
func (c *check) checkParts() {
	if list := c.cfg.Section("buildout").Option("parts"); list != nil {
		for line := range strings.Lines(c.resolved.Section("buildout")["parts"]) {
			c.checkPartNames(list, strings.Fields(line))
		}
	}
	for _, v := range c.sections {
		for _, o := range v.options[profile.PartDependencies] {
			for _, name := range strings.Fields(o.Value()) {
				if !strings.Contains(name, "${") && c.views[name] == nil && c.used[v.Name] {
					c.noPart(o.Option, name, "'"+v.Name+"' depends on")
				}
			}
		}
	}
}

// checkPartNames looks at one line of [buildout] parts.
func (c *check) checkPartNames(list *buildout.Option, names []string) {
	for _, name := range names {
		v := c.views[name]
		pos := c.place(list, name, matchWord(name))
		switch {
		case strings.Contains(name, "${"): // a recipe will tell
		case v == nil && strings.HasPrefix(name, "#"):
			c.found.report(unknownPart, pos, "a comment begins in the first column", "this is no comment: [buildout] parts lists '%s'%s",
				strings.Join(names, "', '"), c.through(pos))
			return
		case v == nil:
			c.noPart(list, name, "[buildout] parts lists")
		case !v.hasRecipe() && !v.lacking:
			c.found.report(partWithoutRecipe, pos, "a part has an option recipe, its own or one that it inherits",
				"[buildout] parts lists '%s', a section without recipe%s", name, c.through(pos))
		}
	}
}

func (c *check) noPart(list *buildout.Option, name, who string) {
	pos := c.place(list, name, matchWord(name))
	c.found.report(unknownPart, pos, didYouMean(name, c.sectionNames()), "%s '%s', which is no section%s", who, name, c.through(pos))
}
