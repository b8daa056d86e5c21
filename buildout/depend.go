package buildout

import "slices"

// dependency is a reference from an option of a section to another option, or,
// with target "", to a whole section. option is "" when the section's recipe
// looked.
type dependency struct {
	option          string
	section, target string
}

// dependencies are the references of one section, in the order in which they
// were followed. They include those to its own options, through which it may
// refer to others.
type dependencies struct {
	list     []dependency
	byOption map[string][]dependency
	known    map[dependency]bool
}

func (ds *dependencies) add(d dependency) {
	if ds.known[d] {
		return
	}
	if ds.known == nil {
		ds.known, ds.byOption = map[dependency]bool{}, map[string][]dependency{}
	}
	ds.known[d] = true
	ds.list = append(ds.list, d)
	ds.byOption[d.option] = append(ds.byOption[d.option], d)
}

// of lists the references of one option, "" standing for all.
func (ds *dependencies) of(option string) []dependency {
	if option == "" {
		return ds.list
	}
	return ds.byOption[option]
}

// hop is an option of a plain section on the way from one part to another, and
// the one before it.
type hop struct {
	dependency
	prev *hop
}

// names lists the hops, the first first: "section:option", or "section" where all
// of it is looked at.
func (h *hop) names() []string {
	var names []string
	for ; h != nil; h = h.prev {
		name := h.section
		if h.target != "" {
			name += ":" + h.target
		}
		names = append(names, name)
	}
	slices.Reverse(names)
	return names
}

// follow calls found for every part that a dependency of p leads to, directly or
// through the options of plain sections. What has been seen is not followed again.
func (ev *evaluation) follow(p *Part, d dependency, seen map[dependency]bool, found func(part *Part, target string, last *hop)) {
	var visit func(d dependency, last *hop)
	visit = func(d dependency, last *hop) {
		d.option = "" // where it comes from makes no difference
		if d.section == "buildout" || d.section == p.name || seen[d] {
			return
		}
		seen[d] = true
		target := ev.part(d.section)
		if target.recipe != nil {
			found(target, d.target, last)
			return
		}
		last = &hop{d, last}
		for _, next := range target.deps.of(d.target) {
			if d.target == "" && next.section == target.name {
				continue // all of its options are looked at as it is
			}
			visit(next, last)
		}
	}
	visit(d, nil)
}
