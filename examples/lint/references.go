package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// checkReferences looks at every ${...} in the values of a section. What it
// inherits is looked at only if the section is evaluated: in the section that it
// comes from, ${:option} waits for others to give the option.
func (c *check) checkReferences(v *view) {
	for _, name := range slices.Sorted(maps.Keys(v.options)) {
		for _, o := range v.options[name] {
			if o.owner == v.Section || c.used[v.Name] {
				for _, r := range references(o.Value()) {
					c.checkReference(v, o, r)
				}
			}
		}
	}
}

func (c *check) checkReference(v *view, o value, r reference) {
	rule, message, hint := c.judge(v, r)
	if rule == nil {
		return
	}
	sev := c.grave(v.Name)
	if rule == unknownOption && r.section == "" && v.hasRecipe() {
		sev = min(sev, warning) // its recipe may have a Fallback
	}
	pos := c.place(o.Option, r.text, matchReference(r.text))
	if o.owner != v.Section {
		message += fmt.Sprintf(", in section '%s' that inherits this", v.Name)
	}
	c.found.add(finding{rule: rule, severity: sev, pos: pos, message: message + c.through(pos), hint: hint})
}

// judge says what is wrong with a reference in a section. The rule is nil if
// nothing is.
func (c *check) judge(v *view, r reference) (broken *rule, message, hint string) {
	if r.problem != "" {
		return invalidReference, r.text + " " + r.problem,
			"a reference is ${section:option} or ${:option}, and $${ a literal ${"
	}
	target := v
	if r.section != "" {
		if target = c.views[r.section]; target == nil {
			return unknownSection, fmt.Sprintf("%s refers to section '%s', which is not there", r.text, r.section),
				didYouMean(r.section, c.sectionNames())
		}
	}
	switch {
	case target.has(r.option), target.lacking:
	case target == v && !c.used[v.Name]: // a template: its users give the option
	case target != v && target.hasRecipe(): // the recipe sets options before others see them
	default:
		return unknownOption, fmt.Sprintf("section '%s' has no option '%s' for %s", target.Name, r.option, r.text),
			didYouMean(r.option, target.names())
	}
	return nil, "", ""
}

// checkMacros looks at the names that a section inherits from.
func (c *check) checkMacros(v *view) {
	for _, name := range v.macros {
		if c.views[name] == nil {
			o := v.Section.Option("<")
			pos := c.place(o, name, matchWord(name))
			c.found.add(finding{rule: unknownMacro, severity: c.grave(v.Name), pos: pos,
				message: fmt.Sprintf("section '%s' inherits from '%s', which is not there%s", v.Name, name, c.through(pos)),
				hint:    didYouMean(name, c.sectionNames())})
		}
	}
}

// checkLoops reports the circles that Buildout comes upon, and what is too large.
func (c *check) checkLoops() {
	for _, section := range slices.Sorted(maps.Keys(c.resolved.Errors)) {
		e := c.resolved.Errors[section]
		var r *rule
		switch e.Code {
		case buildout.CodeReferenceLoop:
			r = referenceLoop
		case buildout.CodeMacroLoop:
			r = macroLoop
		case buildout.CodeLimit:
			r = invalidProfile
		default:
			continue
		}
		pos, hint := clean(e.Pos), e.Hint
		if !pos.IsValid() {
			pos.File = c.root
		}
		if e.Section == "buildout" && strings.Contains(e.Line, "${buildout:"+e.Option+"}") {
			hint = "if another profile renders this file, look at what is rendered"
		}
		c.found.add(finding{rule: r, severity: c.grave(section), pos: pos, message: oneLine(e.Message, e.Detail[:min(1, len(e.Detail))]) + c.through(pos), hint: hint})
	}
}
