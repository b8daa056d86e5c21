package buildout

import (
	"slices"
	"strings"
)

// Graph says which parts depend on which, and why. It grows as parts are
// constructed: it is complete for the parts that a [Plan] is about.
type Graph struct {
	// Parts are the parts in the order of their installation.
	Parts []string `json:"parts"`
	Edges []Edge   `json:"edges"`
}

// Edge is a dependency of one part on another.
type Edge struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Option is the option of From whose value leads to To; "" when its recipe
	// looked at the section.
	Option string `json:"option,omitempty"`
	// Through are the plain sections between the two, in order.
	Through []string `json:"through,omitempty"`
}

// Graph returns the dependencies between the parts constructed so far.
func (b *Buildout) Graph() *Graph {
	g := &Graph{}
	for _, p := range b.live {
		g.Parts = append(g.Parts, p.name)
		for _, d := range p.deps {
			b.follow(g, p.name, d, nil)
		}
	}
	return g
}

// follow adds the edges from a part to the parts that a dependency leads to.
func (b *Buildout) follow(g *Graph, from string, d Dependency, through []string) {
	if d.Section == "buildout" || d.Section == from || slices.Contains(through, d.Section) {
		return
	}
	target := b.eval.parts[d.Section]
	if target.recipe != nil {
		e := Edge{From: from, To: d.Section, Option: d.Option, Through: slices.Clone(through)}
		if !slices.ContainsFunc(g.Edges, e.same) {
			g.Edges = append(g.Edges, e)
		}
		return
	}
	through = append(through[:len(through):len(through)], d.Section)
	for _, next := range target.deps {
		b.follow(g, from, Dependency{next.Section, d.Option}, through)
	}
}

func (e Edge) same(o Edge) bool {
	return e.From == o.From && e.To == o.To && e.Option == o.Option && slices.Equal(e.Through, o.Through)
}

// String lists the parts with what they depend on, a line each.
func (g *Graph) String() string {
	var b strings.Builder
	for _, p := range g.Parts {
		b.WriteString(p)
		sep := " <- "
		for _, e := range g.Edges {
			if e.From == p {
				b.WriteString(sep + e.To)
				if e.Option != "" {
					b.WriteString(" (" + e.Option + ")")
				}
				sep = ", "
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
