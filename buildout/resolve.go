package buildout

import "errors"

// Resolved is a profile with macros expanded and references replaced, without
// any recipe having been constructed. A reference that only a recipe could
// answer is still there as "${part:option}"; values are as Buildout stores them
// ("$${" is not unescaped).
type Resolved struct {
	// Sections are the values by section and option. A section that can't be
	// resolved is absent.
	Sections map[string]map[string]string
	// Errors say why a section is absent.
	Errors map[string]*Error
}

// Resolve works out the values of the named sections, of all when none is named.
// A name that is no section is among the errors.
func (c *Config) Resolve(sections ...string) *Resolved {
	if len(sections) == 0 {
		sections = c.names()
	}
	r := &Resolved{Sections: make(map[string]map[string]string, len(sections)), Errors: map[string]*Error{}}
	ev := newEvaluation(c)
	for _, name := range sections {
		values, err := ev.values(name)
		if err == nil {
			r.Sections[name] = values
			continue
		}
		var e *Error
		if errors.As(err, &e) {
			r.Errors[name] = e
		}
	}
	return r
}

func (ev *evaluation) values(name string) (map[string]string, error) {
	p, err := ev.section(name, valueOwner{})
	if err != nil {
		return nil, err
	}
	values := make(map[string]string, p.raw.size())
	for i := range p.raw.size() {
		if key := p.raw.keyAt(i); key != "<" {
			values[key] = p.stored(i)
		}
	}
	return values, nil
}
