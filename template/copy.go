package template

import "github.com/go-buildout/go-buildout/internal/python"

// copier copies the values that a caller gives, so that what a template does
// to them is not seen by another rendering.
type copier struct {
	copies map[python.Value]python.Value // of containers, which can hold each other
}

func (c *copier) copy(v python.Value) python.Value {
	switch v := v.(type) {
	case *python.List:
		if old := c.copies[v]; old != nil {
			return old
		}
		l := &python.List{Items: make([]python.Value, len(v.Items))}
		c.note(v, l)
		for i, item := range v.Items {
			l.Items[i] = c.copy(item)
		}
		return l
	case *python.Dict:
		if old := c.copies[v]; old != nil {
			return old
		}
		d := v.Copy()
		c.note(v, d)
		for key, value := range v.All {
			if changes(value) {
				// The key is one already, so this can't fail.
				_ = d.Set(key, c.copy(value))
			}
		}
		return d
	case *python.Tuple:
		for _, item := range v.Items {
			if !changes(item) {
				continue
			}
			t := &python.Tuple{Named: v.Named, Items: make([]python.Value, len(v.Items))}
			for i, item := range v.Items {
				t.Items[i] = c.copy(item)
			}
			return t
		}
	case *python.Set:
		if s, err := python.NewSet(v.Items()...); err == nil {
			s.Frozen = v.Frozen
			return s
		}
	case *python.Module:
		return c.module(v)
	}
	return v
}

// note remembers a copy. A container without containers needs none.
func (c *copier) note(v, copied python.Value) {
	if c.copies == nil {
		c.copies = map[python.Value]python.Value{}
	}
	c.copies[v] = copied
}

// changes reports whether a value is, or holds, what a template can change.
func changes(v python.Value) bool {
	switch v.(type) {
	case *python.List, *python.Dict, *python.Tuple, *python.Set, *python.Module:
		return true
	}
	return false
}

// module copies a module that has a dict, which is os with its environ.
func (c *copier) module(m *python.Module) *python.Module {
	result := m
	for key, value := range m.Members.All {
		copied := value
		switch value.(type) {
		case *python.Dict, *python.Module:
			copied = c.copy(value)
		}
		if copied == value {
			continue
		}
		if result == m {
			result = &python.Module{Name: m.Name, Members: m.Members.Copy()}
		}
		name, _ := python.AsText(key)
		result.Set(name, copied)
	}
	return result
}
