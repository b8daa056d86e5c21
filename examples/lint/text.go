package main

import (
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// checkText looks at one file alone: its lines, its conditions and its options.
func (l *linter) checkText(s *source) {
	holds := l.checkConditions(s)
	l.checkSyntax(s)
	checkDuplicates(s, holds, l.found)
	for i, section := range s.file.Sections() {
		if section.Name != "buildout" || !holds[i] {
			continue
		}
		for _, o := range section.Options {
			if o.Op != profile.Set && o.Name == "extends" {
				l.found.report(ignoredExtends, o.Pos, "write extends = with all files", "'%s=' extends nothing", o.Key)
			}
		}
	}
}

// checkConditions says for each section of a file whether it is there.
func (l *linter) checkConditions(s *source) []bool {
	holds := make([]bool, len(s.file.Sections()))
	for i, section := range s.file.Sections() {
		holds[i] = true
		if !section.Cond.Present {
			continue
		}
		ok, err := l.conditions.Holds(section.Cond.Text)
		if err != nil {
			s.broken = true
			l.found.report(badCondition, section.Cond.Pos, "", "the condition '%s' of section '%s' can't be evaluated: %v",
				section.Cond.Text, section.Name, err)
		}
		holds[i] = ok
	}
	return holds
}

// checkSyntax reports the lines that Buildout can't read.
func (l *linter) checkSyntax(s *source) {
	errs := append(profile.Errors(nil), s.file.Errors...)
	// Which rules repeated operators follow makes no difference to mistakes.
	if _, err := s.file.Eval(l.conditions, profile.Rules{}); err != nil {
		found, _ := err.(profile.Errors)
		errs = append(errs, found...)
	}
	for _, e := range errs {
		if e.Kind == profile.BadCondition {
			continue
		}
		s.broken = true
		hint := ""
		switch line := s.line(e.Pos.Line); {
		case strings.Contains(line, "{%") || strings.Contains(line, "{{"):
			hint = "this looks like a Jinja2 template: look at what is rendered from it"
		case strings.HasPrefix(line, "\ufeff"):
			hint = "the file begins with a byte order mark, which Buildout doesn't skip"
		case e.Kind == profile.NoSection:
			hint = "write a header such as [buildout] before it"
		case strings.HasPrefix(line, "["):
			hint = "a header is [name] or [name:condition], and the name has no blanks"
		case strings.TrimLeft(line, " \t\f\v") != line:
			hint = "an indented line continues an option, and there is none before it in this section"
		case !strings.Contains(line, "="):
			hint = "an option is name = value; what continues a value is indented"
		default:
			hint = "the name of an option has no blanks and none of : { } [ ]"
		}
		l.found.report(syntaxError, e.Pos, hint, "%s", e.Message)
	}
}

// checkDuplicates reports options that one file sets twice. A value for all and
// another under a condition is how profiles make exceptions; two conditions that
// can't be told apart, or that both hold, are not.
func checkDuplicates(s *source, holds []bool, found *findings) {
	type key struct{ section, option string }
	type place struct {
		option    *profile.Option
		condition string
		holds     bool
	}
	before := map[key][]place{}
	for i, section := range s.file.Sections() {
		condition := ""
		if section.Cond.Present {
			condition = strings.Join(strings.Fields(section.Cond.Text), " ")
		}
		for _, o := range section.Options {
			k := key{section.Name, o.Key}
			for _, p := range before[k] {
				conditional := condition != "" && p.condition != ""
				if condition != p.condition && !(conditional && holds[i] && p.holds) {
					continue
				}
				if o.Op == profile.Set {
					found.report(duplicateOption, o.Pos, "", "'%s' is set again in section '%s': the value of line %d is lost",
						o.Name, section.Name, p.option.Pos.Line)
				} else {
					found.report(duplicateOption, o.Pos, "write one with all lines",
						"'%s=' stands twice in section '%s', first in line %d: zc.buildout 6 joins the two, the SlapOS fork forgets the first",
						o.Key, section.Name, p.option.Pos.Line)
				}
				break
			}
			before[k] = append(before[k], place{o, condition, holds[i]})
		}
	}
}
