package buildout

import (
	"context"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Story is what there is to say about one part: where it comes from, who refers
// to it, and what a run would do with it. It is made by [Buildout.Why].
type Story struct {
	Part string `json:"part"`
	// Recipe is "" for a section that is no part.
	Recipe string `json:"recipe,omitempty"`
	// Declared are the places that make the section, one a file, the first to open
	// it first. There are none for an installed part that is not in the profile.
	Declared []Declaration `json:"declared"`
	// Macros are the sections whose options it takes, in the order in which they
	// are merged, each before those that it takes options from itself.
	Macros []MacroUse `json:"macros"`
	// Listed says whether [buildout] parts, at Parts, names the part.
	Listed bool        `json:"listed"`
	Parts  profile.Pos `json:"parts,omitzero"`
	// ReferredBy are the references to it from parts and from [buildout]; those to
	// a plain section are from any section.
	ReferredBy []Edge `json:"referredBy"`
	// RefersTo are the sections that it refers to, and the parts that it refers to
	// through them.
	RefersTo []Edge `json:"refersTo"`
	// Step is what a run of all parts would do; nil if it has nothing to do with
	// the section.
	Step *Step `json:"step,omitempty"`
	// Causes are the steps of other parts that Step is a consequence of, the
	// nearest first.
	Causes []Step `json:"causes"`
}

// Declaration is a place where a section is opened.
type Declaration struct {
	Pos profile.Pos `json:"pos"`
	// Extends are the lines through which the profile takes in the file, beginning
	// in the main one.
	Extends []profile.Pos `json:"extends"`
}

// MacroUse is a "<=".
type MacroUse struct {
	Name string      `json:"name"`
	Pos  profile.Pos `json:"pos"`  // where the macro begins
	Used profile.Pos `json:"used"` // the line that names it
}

// Why plans a run of all parts and tells the story of one, or of a section that
// is no part. It writes nothing.
func (b *Buildout) Why(ctx context.Context, name string) (*Story, error) {
	plan, err := b.Plan(ctx)
	if err != nil {
		return nil, err
	}
	s := &Story{Part: name, Declared: []Declaration{}, Macros: []MacroUse{}, ReferredBy: []Edge{}, RefersTo: []Edge{}, Causes: []Step{}}
	steps := map[string]*Step{}
	for _, list := range [][]Step{plan.Uninstall, plan.Steps} {
		for i := range list {
			steps[list[i].Part] = &list[i]
		}
	}
	s.Step = steps[name]
	section := b.config.Section(name)
	if section == nil {
		if s.Step == nil {
			return nil, &Error{Code: CodeUnknownSection, Section: name, Message: "There is no section '" + name + "', and no such part is installed.",
				Hint: didYouMean(name, b.config.names())}
		}
		s.Recipe = s.Step.Recipe
		return s, nil
	}
	s.Declared = b.config.declarations(section)
	s.Macros = append(s.Macros, b.config.macros(section, map[string]bool{})...)
	names, err := b.wanted()
	if err != nil {
		return nil, err
	}
	if s.Listed = slices.Contains(names, name); s.Listed {
		s.Parts = b.section().Pos("parts")
	}
	if p := b.eval.part(name); p != nil {
		if p.recipe != nil {
			s.Recipe, _, _ = p.Lookup("recipe")
		}
		for _, d := range p.deps.list {
			if target := b.eval.part(d.section); target.recipe == nil && d.section != "buildout" && target != p {
				s.RefersTo = append(s.RefersTo, Edge{From: name, Option: d.option, To: d.section, Target: d.target})
			}
		}
		s.RefersTo = append(s.RefersTo, b.eval.edges(p)...)
		s.ReferredBy = append(s.ReferredBy, b.referrers(p)...)
	}
	s.Causes = causes(s.Step, steps)
	return s, nil
}

// declarations lists where files open a section first.
func (c *Config) declarations(s *Section) []Declaration {
	first := map[string]profile.Pos{}
	var files []string
	note := func(pos profile.Pos) {
		known, ok := first[pos.File]
		if !pos.IsValid() || ok && known.Line <= pos.Line {
			return
		}
		if !ok {
			files = append(files, pos.File)
		}
		first[pos.File] = pos
	}
	note(s.Pos)
	for _, n := range c.files {
		if ls := n.section(s.Name); ls != nil {
			note(ls.Pos)
		}
	}
	if len(files) > 1 {
		slices.Sort(files[1:])
	}
	list := []Declaration{}
	for _, file := range files {
		d := Declaration{Pos: first[file], Extends: []profile.Pos{}}
		for _, via := range c.extendedFrom(file) {
			d.Extends = append(d.Extends, via.Pos)
		}
		slices.Reverse(d.Extends)
		list = append(list, d)
	}
	return list
}

// macros lists the macros of a section and theirs, each once.
func (c *Config) macros(s *Section, seen map[string]bool) []MacroUse {
	o := s.Option("<")
	if o == nil || s.Name == "buildout" {
		return nil
	}
	var uses []MacroUse
	for line := range strings.SplitSeq(o.text, "\n") {
		m := c.Section(strings.TrimSpace(line))
		if m == nil || seen[m.Name] {
			continue
		}
		seen[m.Name] = true
		uses = append(append(uses, MacroUse{m.Name, m.Pos, c.whereMacro(s.Name, m.Name)}), c.macros(m, seen)...)
	}
	return uses
}

// referrers lists the references to a section: to a part those of parts and of
// [buildout], also through plain sections, to a plain section those of any.
func (b *Buildout) referrers(p *Part) []Edge {
	var edges []Edge
	if p.recipe == nil {
		for _, other := range b.eval.sorted() {
			for _, d := range other.deps.list {
				if d.section == p.name && other != p {
					edges = append(edges, Edge{From: other.name, Option: d.option, To: p.name, Target: d.target})
				}
			}
		}
		return edges
	}
	for _, other := range append([]*Part{b.section()}, b.live...) {
		for _, e := range b.eval.edges(other) {
			if e.To == p.name && e.From != p.name {
				edges = append(edges, e)
			}
		}
	}
	return edges
}

// causes lists the steps that a step is a consequence of, through others too.
func causes(s *Step, steps map[string]*Step) []Step {
	out := []Step{}
	if s == nil {
		return out
	}
	seen := map[string]bool{s.Part: true}
	for queue := []*Step{s}; len(queue) > 0; queue = queue[1:] {
		for _, r := range queue[0].Reasons {
			cause := steps[r.Section]
			if cause == nil || seen[r.Section] || cause.Action == ActionUpdate {
				continue
			}
			seen[r.Section] = true
			out = append(out, *cause)
			queue = append(queue, cause)
		}
	}
	return out
}
