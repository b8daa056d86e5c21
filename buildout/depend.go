package buildout

// dependency is a reference from an option of a section to another option, or,
// with target "", to a whole section. option is "" when the section's
// recipe looked.
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

// follow calls found for every part that a dependency of p leads to, directly or
// through the options of plain sections, which are given as "section:option", or
// as "section" where all of it is looked at. What has been seen is not followed
// again.
func (ev *evaluation) follow(p *Part, d dependency, seen map[dependency]bool, found func(part *Part, target string, through []string)) {
	var visit func(d dependency, through []string)
	visit = func(d dependency, through []string) {
		d.option = "" // where it comes from makes no difference
		if d.section == "buildout" || d.section == p.name || seen[d] {
			return
		}
		seen[d] = true
		target := ev.parts[d.section]
		if target.recipe != nil {
			found(target, d.target, through)
			return
		}
		hop := d.section
		if d.target != "" {
			hop += ":" + d.target
		}
		through = append(through[:len(through):len(through)], hop)
		for _, next := range target.deps.of(d.target) {
			if d.target == "" && next.section == target.name {
				continue // all of its options are looked at as it is
			}
			visit(next, through)
		}
	}
	visit(d, nil)
}
