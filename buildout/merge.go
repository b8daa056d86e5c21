package buildout

import (
	"cmp"
	"slices"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// layer turns what a file says into sections. They belong to no profile, and are
// shared by those that have the file.
func layer(contents *profile.Contents) []*Section {
	sections, layer := make([]Section, len(contents.Sections)), make([]*Section, len(contents.Sections))
	for i, sc := range contents.Sections {
		s := &sections[i]
		layer[i] = s
		s.Name, s.Pos, s.contents = sc.Name, sc.Pos, sc
		for j := range sc.Options {
			s.waiting = s.waiting || sc.Options[j].Op != profile.Set
			s.macros = s.macros || sc.Options[j].Key == "<"
		}
	}
	return layer
}

// merge puts a layer over what is there.
func (c *Config) merge(layer []*Section) {
	for _, ls := range layer {
		if _, ok := c.byName[ls.Name]; ok {
			c.own(ls.Name).merge(ls, false)
		} else {
			c.begin(ls)
		}
	}
}

// begin adds a section that is not there yet.
func (c *Config) begin(ls *Section) {
	// The "+=" and "-=" of a section with macros wait until their values are known.
	if !ls.waiting || ls.isMacroUser() {
		c.add(ls)
		return
	}
	s := c.own(ls.Name)
	s.Pos = ls.Pos
	s.merge(ls, true)
}

func (s *Section) isMacroUser() bool { return s.macros && s.Name != "buildout" }

// merge puts the options of a layer's section over those of s: plain values
// replace, then all "+=" are applied and then all "-=", whatever their order in
// the file. fresh says that no earlier layer has the section.
func (s *Section) merge(ls *Section, fresh bool) {
	for i := range ls.size() {
		if ls.waitingAt(i) {
			continue
		}
		if at := s.find(ls.keyAt(i)); at >= 0 {
			s.options[at] = ls.over(i, s.options[at])
		} else {
			s.put(ls.at(i))
		}
	}
	if ls.waiting {
		for _, o := range operators(ls.Options()) {
			s.operate(o, fresh)
		}
	}
}

// operators gives the additions and removals among options, in the order in
// which they are carried out.
func operators(options []*Option) []*Option {
	found := slices.DeleteFunc(options, func(o *Option) bool { return !o.waiting })
	slices.SortStableFunc(found, func(a, b *Option) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.from.Op, b.from.Op))
	})
	return found
}

// operate applies a "+=" or "-=". In a section that this layer makes there is
// nothing to add to: the addition is the value, and there is nothing left of
// what is removed from nothing.
func (s *Section) operate(change *Option, fresh bool) {
	old := s.Option(change.Name)
	switch {
	case old != nil:
		if old.prev != nil && old.kind == overrideOperation && old.Source() == change.Source() {
			// What one file sets and changes has its story from there on.
			set := *old
			set.kind, set.prev = setOperation, nil
			old = &set
		}
		s.put(old.apply(change))
	case fresh:
		s.put(change.first())
	default:
		s.put(implicit(change.Name).apply(change))
	}
}

// first is an addition or removal as the beginning of an option.
func (o *Option) first() *Option {
	n := *o
	n.waiting = false
	if o.from.Op == profile.Remove {
		n.text = ""
	}
	return &n
}

// implicit is what is added to where there is nothing.
func implicit(name string) *Option { return &Option{Name: name, source: implicitSource} }
