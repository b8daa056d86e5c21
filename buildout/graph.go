package buildout

// Graph says which parts depend on which, and why. It grows as parts are
// constructed: it is complete for the parts that a [Plan] is about.
type Graph struct {
	// Parts are the parts in the order of their installation.
	Parts []string `json:"parts"`
	// Edges are the dependencies, in the order of Parts and of the references.
	Edges []Edge `json:"edges"`
}

// Edge is a dependency of one part on another.
type Edge struct {
	From string `json:"from"`
	// Option is the option of From whose value leads to To: "" when its recipe
	// looked at a section, "<part-dependencies>" for "=>".
	Option string `json:"option,omitempty"`
	// Through are the options of plain sections between the two, in order, as
	// "section:option", or "section" where a recipe can look at all of it.
	Through []string `json:"through,omitempty"`
	To      string   `json:"to"`
	// Target is the option of To that is referred to, "" for To as a whole.
	Target string `json:"target,omitempty"`
}

// Graph returns the dependencies between the parts constructed so far.
func (b *Buildout) Graph() *Graph {
	g := &Graph{Parts: []string{}, Edges: []Edge{}}
	for _, p := range b.live {
		g.Parts = append(g.Parts, p.name)
		g.Edges = append(g.Edges, b.eval.edges(p)...)
	}
	return g
}

// edges lists the dependencies of a section on parts. Of several ways from an
// option to the same option of another the first is given.
func (ev *evaluation) edges(p *Part) []Edge {
	var edges []Edge
	seen := map[string]map[dependency]bool{}
	for _, d := range p.deps.list {
		if seen[d.option] == nil {
			seen[d.option] = map[dependency]bool{}
		}
		ev.follow(p, d, seen[d.option], func(part *Part, target string, last *hop) {
			edges = append(edges, Edge{From: p.name, Option: d.option, Through: last.names(), To: part.name, Target: target})
		})
	}
	return edges
}
