package template

import (
	"maps"

	"github.com/go-buildout/go-buildout/internal/python"
)

// state is what the names of a template mean that are not its own
// variables, and what it exports.
type state struct {
	unit       *unit
	run        *run
	vars       map[string]python.Value // set at the template's root
	exported   nameSet
	parent     *layer
	blocks     map[string][]*block // of each name, from the child to the parents
	autoescape bool
}

// layer is a set of names in front of others. The last one is a base.
type layer struct {
	values map[string]python.Value
	next   *layer
	// given is set on a base in which the variables of Render are seen, before
	// the globals.
	given bool
}

// newContext returns a context for the unit's root.
func newContext(r *run, u *unit, parent *layer) *state {
	c := &state{unit: u, run: r, parent: parent}
	if len(u.blocks) > 0 {
		c.blocks = make(map[string][]*block, len(u.blocks))
		for _, b := range u.blocks {
			c.blocks[b.name] = []*block{b}
		}
	}
	return c
}

// resolve is the value of a name, or nil.
func (c *state) resolve(name string) python.Value {
	if v, ok := c.vars[name]; ok {
		return v
	}
	l := c.parent
	for ; l.next != nil; l = l.next {
		if v, ok := l.values[name]; ok {
			return v
		}
	}
	if l.given {
		if v := c.run.variable(name); v != nil {
			return v
		}
	}
	return c.run.global(name)
}

// export sets a name at the template's root.
func (c *state) export(name string, v python.Value) {
	c.set(name, v)
	if name[0] != '_' {
		c.exported.add(name)
	}
}

// hide sets a name at the template's root that is not exported: an import.
func (c *state) hide(name string, v python.Value) {
	c.set(name, v)
	c.exported.remove(name)
}

func (c *state) set(name string, v python.Value) {
	if c.vars == nil {
		c.vars = map[string]python.Value{}
	}
	c.vars[name] = v
}

// all is every name of the context as it is now, as a layer.
func (c *state) all() *layer {
	if len(c.vars) == 0 {
		return c.parent
	}
	return &layer{values: maps.Clone(c.vars), next: c.parent}
}

// with is every name of the context, and variables of the frame before them.
func (c *state) with(f *frame, d *dump) *layer {
	l := c.all()
	var values map[string]python.Value
	for i, name := range d.names {
		if v := *f.at(d.places[i]); v != nil {
			if values == nil {
				values = make(map[string]python.Value, len(d.names))
			}
			values[name] = v
		}
	}
	if values != nil {
		l = &layer{values: values, next: l}
	}
	return l
}

// child is a context for another template that sees all of this one's names.
func (c *state) child(u *unit, f *frame, d *dump) *state {
	return newContext(c.run, u, c.with(f, d))
}

// derived is a context for a scoped block.
func (c *state) derived(f *frame, d *dump) *state {
	return &state{unit: c.unit, run: c.run, parent: c.with(f, d), blocks: c.blocks, autoescape: c.autoescape}
}
