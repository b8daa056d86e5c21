package buildout

import "errors"

// Resolved is a profile with macros expanded and references replaced, without
// any recipe having been constructed. A reference that only a recipe could
// answer is still there as "${part:option}"; values are as Buildout stores them
// ("$${" is not unescaped). It is not for concurrent use.
type Resolved struct {
	// Errors say why a section is absent.
	Errors map[string]*Error

	parts  []*Part
	byName map[string]*Part // once it is asked for
}

// Resolve works out the values of the named sections, of all when none is named.
// A name that is no section is among the errors.
func (c *Config) Resolve(sections ...string) *Resolved {
	if len(sections) == 0 {
		sections = c.names()
	}
	r := &Resolved{Errors: map[string]*Error{}, parts: make([]*Part, 0, len(sections))}
	ev := newEvaluation(c)
	for _, name := range sections {
		p, err := ev.section(name, valueOwner{})
		if err == nil {
			r.parts = append(r.parts, p)
			continue
		}
		var e *Error
		if errors.As(err, &e) {
			r.Errors[name] = e
		}
	}
	return r
}

// Section gives the values of a section by option, nil if it is absent. The map
// belongs to the caller.
func (r *Resolved) Section(name string) map[string]string {
	if r.byName == nil {
		r.byName = make(map[string]*Part, len(r.parts))
		for _, p := range r.parts {
			r.byName[p.name] = p
		}
	}
	p := r.byName[name]
	if p == nil {
		return nil
	}
	values := make(map[string]string, p.raw.size())
	for i := range p.raw.size() {
		if key := p.raw.keyAt(i); key != "<" {
			values[key] = p.stored(i)
		}
	}
	return values
}

// Sections gives the values by section and option. A section that can't be
// resolved is absent. The maps belong to the caller.
func (r *Resolved) Sections() map[string]map[string]string {
	sections := make(map[string]map[string]string, len(r.parts))
	for _, p := range r.parts {
		sections[p.name] = r.Section(p.name)
	}
	return sections
}
