package buildout

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// layer is what one source says: a file, or the command line.
type layer struct {
	sections []*layerSection
}

type layerSection struct {
	name    string
	pos     profile.Pos
	options []*Option // plain and with operators, in file order
}

func (s *layerSection) find(key string) *Option {
	for _, o := range s.options {
		if o.key == key {
			return o
		}
	}
	return nil
}

// fileLayer turns what a file says into options with their first operation.
func fileLayer(contents *profile.Contents) *layer {
	count := 0
	for _, sc := range contents.Sections {
		count += len(sc.Options)
	}
	// A block each: there are many.
	options, operations, steps := make([]Option, count), make([]Operation, count), make([]operation, count)
	sections := make([]layerSection, len(contents.Sections))
	l := &layer{sections: make([]*layerSection, len(sections))}
	n := 0
	for i, sc := range contents.Sections {
		s := &sections[i]
		s.name, s.pos, s.options = sc.Name, sc.Pos, make([]*Option, len(sc.Options), len(sc.Options)+1)
		for j, o := range sc.Options {
			operations[n] = Operation{Kind: OpSet, Value: o.Value, Pos: o.Pos, Source: o.Pos.File}
			steps[n] = operation{&operations[n], OpSet, nil}
			options[n] = Option{Name: o.Name, key: o.Key, op: o.Op, text: o.Value, last: &steps[n]}
			s.options[j] = &options[n]
			n++
		}
		l.sections[i] = s
	}
	return l
}

// layer gives what is assembled as a layer to put over something else.
func (c *Config) layer() *layer {
	l := &layer{}
	for _, s := range c.sections {
		l.sections = append(l.sections, &layerSection{name: s.Name, pos: s.Pos, options: s.options})
	}
	return l
}

// merge puts a layer over what is there.
func (c *Config) merge(l *layer) {
	for _, ls := range l.sections {
		if s := c.byName[ls.name]; s != nil {
			s.merge(ls, false)
			continue
		}
		s := c.section(ls.name, ls.pos)
		s.grow(len(ls.options))
		if ls.find("<") == nil || ls.name == "buildout" {
			s.merge(ls, true)
			continue
		}
		// "+=" and "-=" wait until the macro's values are known.
		for _, o := range ls.options {
			copied := *o
			s.put(&copied)
		}
	}
}

// merge puts the options of ls over those of s: plain values replace, then all
// "+=" are applied and then all "-=", whatever their order in the file. fresh
// says that no earlier layer has the section.
func (s *Section) merge(ls *layerSection, fresh bool) {
	var operators []*Option
	for _, o := range ls.options {
		if o.op != profile.Set {
			operators = append(operators, o)
			continue
		}
		s.override(o)
	}
	slices.SortStableFunc(operators, func(a, b *Option) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.op, b.op))
	})
	for _, o := range operators {
		s.operate(o, fresh)
	}
}

// override replaces a value by that of a later layer.
func (s *Section) override(o *Option) {
	old := s.byKey[o.key]
	if old == nil {
		copied := *o
		s.put(&copied)
		return
	}
	old.text, old.absolute = o.text, ""
	kind := o.last.kind
	if kind == OpAdd || kind == OpRemove {
		old.last = o.last // its own story is the whole one
		return
	}
	if kind == OpSet {
		kind = OpOverride
	}
	old.last = &operation{o.last.Operation, kind, old.last}
}

// operate applies a "+=" or "-=". In a section that this layer makes there is
// nothing to add to: the addition is the value, and there is nothing left of
// what is removed from nothing.
func (s *Section) operate(o *Option, fresh bool) {
	old := s.byKey[o.Name]
	if old == nil {
		n := &Option{Name: o.Name, key: o.Name}
		if fresh {
			if o.op == profile.Add {
				n.text = o.text
			}
			n.last = o.last
			s.put(n)
			return
		}
		n.last = newOperation(Operation{Kind: OpSet, Source: sourceImplicit}, nil)
		s.put(n)
		old = n
	}
	if old.last.prev != nil && old.last.Source == o.last.Source && old.last.kind != OpAdd && old.last.kind != OpRemove {
		// What one file sets and changes has its story from there on.
		old.last = &operation{old.last.Operation, old.last.Kind, nil}
	}
	old.apply(o)
}

// apply adds to or removes from a value, by whole lines.
func (o *Option) apply(change *Option) {
	kind := OpRemove
	if change.op == profile.Add {
		kind = OpAdd
		o.text += "\n" + change.text
	} else {
		o.text = removeLines(o.text, change.text)
	}
	o.last = &operation{change.last.Operation, kind, o.last}
}

// removeLines takes the lines of text that are equal to a line of removed.
func removeLines(text, removed string) string {
	gone := strings.Split(removed, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return slices.Contains(gone, line)
	}), "\n")
}
