package buildout

import (
	"slices"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Where a file is merged each time it is named, some real profiles merge 266
// files 219,073 times. What the visits come to is worked out without making them:
//
//   - Sections and options are in the order of the first visits.
//   - A value that files only set is that of the file whose last visit comes last.
//   - What a file, with all that it extends, does to an option that some file adds
//     to or removes from is composed to one effect, once for each file.

// mergeVisits merges the files with each other, each as often as it is named.
func (c *Config) mergeVisits(f *files) *Error {
	f.rank()
	changed := map[effectKey]bool{}
	var keys []effectKey
	for _, n := range f.order {
		for _, ls := range n.sections {
			for i := range ls.size() {
				if !ls.waitingAt(i) {
					continue
				}
				if k := (effectKey{ls.Name, ls.nameAt(i)}); !changed[k] {
					changed[k] = true
					keys = append(keys, k)
				}
			}
			if _, ok := c.byName[ls.Name]; ok {
				c.own(ls.Name).mergeLast(ls, f.rankOf)
			} else {
				c.begin(ls)
			}
		}
	}
	ofSections := make([]visits, len(c.sections))
	rares := make([]rare, len(c.sections))
	for i, s := range c.sections {
		v := &rares[i]
		ofSections[i] = visits{files: f, section: s.Name}
		v.visits = &ofSections[i]
		if s.rare == nil {
			s.rare = v // the section is of this load, but may be in what other roots gave already
			continue
		}
		again := *s
		again.rare = v
		c.sections[i] = &again
	}
	for i, n := range f.order {
		n.index = i
	}
	of := composition{effects: make([]effect, len(f.order)), known: make([]bool, len(f.order)), most: c.limits.ValueBytes}
	for some := range slices.Chunk(keys, maskBits) {
		of.touched = allTouched(f.order, some)
		for i, k := range some {
			of.effectKey, of.bit = k, 1<<i
			clear(of.known)
			e, err := of.all(f.roots)
			if err != nil {
				return err
			}
			if e.set {
				c.own(k.section).put(&Option{Name: k.option, text: e.text.String(), from: e.last.from, kind: e.kind,
					rare: &rare{visits: &visits{files: f, section: k.section}}})
			}
		}
	}
	return nil
}

// mergeLast puts the plain options of a layer's section over those of files that
// come last before theirs.
func (s *Section) mergeLast(ls *Section, rank map[*profile.File]int) {
	for i := range ls.size() {
		if ls.waitingAt(i) {
			continue
		}
		if at := s.find(ls.keyAt(i)); at < 0 {
			s.put(ls.at(i))
		} else if o := ls.at(i); rank[s.options[at].from.File] < rank[o.from.File] {
			s.options[at] = o
		}
	}
}

// rank finds for each file where in the sequence of all visits its last one is.
// Backwards, that sequence is each file before what it extends, the last first; a
// file that was met has everything below it behind it, and need not be gone into
// again.
func (f *files) rank() {
	f.rankOf = make(map[*profile.File]int, len(f.order))
	next := len(f.order)
	var visit func(n *node)
	visit = func(n *node) {
		if _, known := f.rankOf[n.file]; known {
			return
		}
		f.rankOf[n.file] = next
		next--
		for _, child := range slices.Backward(n.children) {
			visit(child.node)
		}
	}
	for _, root := range slices.Backward(f.roots) {
		visit(root.node)
	}
}

func (n *node) section(name string) *Section {
	for _, s := range n.sections {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// visits know all the operations on the options of a section.
type visits struct {
	files   *files
	section string
}

// replay carries out the visits on one option, one by one, and returns what they
// give with its history.
func (v *visits) replay(key string) *Option {
	const most = 100_000
	touching := map[*node]bool{}
	var touches func(n *node) bool
	touches = func(n *node) bool {
		t, known := touching[n]
		if !known {
			t = n.section(v.section) != nil
			for _, child := range n.children {
				t = touches(child.node) || t
			}
			touching[n] = t
		}
		return t
	}
	var s *Section
	count := 0
	var follow func(n visit, name string)
	follow = func(n visit, name string) {
		if count >= most || !touches(n.node) {
			return
		}
		for _, child := range n.children {
			follow(child, child.nameIn(name))
		}
		ls := n.section(v.section)
		if ls == nil || count >= most {
			return
		}
		count++
		said := &Section{waiting: ls.waiting}
		for _, o := range ls.Options() {
			if o.key() == key || o.Name == key {
				said.options = append(said.options, o.saidIn(redact(name)))
			}
		}
		switch {
		case s != nil:
			s.merge(said, false)
		case ls.isMacroUser():
			s = said
		default:
			s = &Section{Name: v.section}
			s.merge(said, true)
		}
	}
	for _, root := range v.files.roots {
		follow(root, root.nameIn(""))
	}
	return s.Option(key)
}

// saidIn gives the option as a file of that name says it.
func (o *Option) saidIn(file string) *Option {
	from := *o.from
	from.File = &profile.File{Name: file}
	return &Option{Name: o.Name, text: o.text, kind: o.kind, source: o.source, waiting: o.waiting, from: &from}
}
