package main

import (
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/profile"
)

// checkParts looks at the names of parts.
func (c *check) checkParts() {
	if list := c.cfg.Section("buildout").Option("parts"); list != nil {
		for _, name := range c.parts {
			if strings.Contains(name, "${") {
				continue // a recipe will tell
			}
			if v := c.views[name]; v == nil {
				c.noPart(list, name, "[buildout] parts lists")
			} else if !v.hasRecipe() {
				pos := c.place(list, name, matchWord(name))
				c.found.report(partWithoutRecipe, pos, "a part has an option recipe, its own or one that it inherits",
					"[buildout] parts lists '%s', a section without recipe%s", name, c.through(pos))
			}
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

func (c *check) noPart(list *buildout.Option, name, who string) {
	pos := c.place(list, name, matchWord(name))
	c.found.report(unknownPart, pos, didYouMean(name, c.sectionNames()), "%s '%s', which is no section%s", who, name, c.through(pos))
}
