package buildout

import (
	"slices"
	"strings"
)

// expand gives the options of a section with its macros ("<= name") merged
// under its own. Later macros replace the values of earlier ones; the section's
// own "+=" and "-=" work on what the macros give.
func (ev *evaluation) expand(name string) (*Section, error) {
	return ev.expandFor(name, nil)
}

func (ev *evaluation) expandFor(name string, users []*Section) (*Section, error) {
	c, while := ev.config, &ev.while
	s := c.Section(name)
	if !s.isMacroUser() {
		return s, nil
	}
	if known := ev.expanded[s]; known != nil {
		return known, nil
	}
	macro := s.Option("<")
	if slices.Contains(users, s) {
		return nil, while.fail(c, c.macroLoop(append(users[slices.Index(users, s):], s)))
	}
	while.push("Loading input sections for '%s'", name, "")
	defer while.pop()
	users = append(users, s)
	out := &Section{Name: name, Pos: s.Pos}
	for line := range strings.SplitSeq(macro.text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if c.Section(line) == nil {
			return nil, while.fail(c, &Error{Code: CodeUnknownSection, Section: name, Option: "<", Pos: macro.Pos(), fault: fault{text: line},
				Message: "No section named '" + line + "'", Hint: didYouMean(line, c.names())})
		}
		m, err := ev.expandFor(line, users)
		if err != nil {
			return nil, err
		}
		m = ev.opened(m)
		if out.size() == 0 {
			out.options = append(make([]*Option, 0, m.size()+s.size()), m.options...)
			out.waiting = m.waiting
			out.reindex()
			continue
		}
		for i := range m.size() {
			out.put(m.at(i))
		}
	}
	own := &Section{options: slices.DeleteFunc(s.Options(), func(o *Option) bool { return o.Name == "<" }), waiting: s.waiting}
	out.merge(own, false)
	ev.expanded[s] = out
	return out, nil
}

// opened gives a macro with options of its own, made once for all that use it.
func (ev *evaluation) opened(m *Section) *Section {
	if m.contents == nil {
		return m
	}
	known := ev.expanded[m]
	if known == nil {
		known = &Section{Name: m.Name, Pos: m.Pos, options: m.Options(), waiting: m.waiting}
		ev.expanded[m] = known
	}
	return known
}

// macroLoop is the error of sections that are each a macro of the one before.
func (c *Config) macroLoop(loop []*Section) *Error {
	var names, hops []string
	for i, s := range loop {
		names = append(names, s.Name)
		if i > 0 && i < len(loop)-1 {
			hops = append(hops, s.Name+" <= "+loop[i+1].Name+atPlace(c.whereMacro(s.Name, loop[i+1].Name)))
		}
	}
	return &Error{Code: CodeMacroLoop, Section: names[0], Option: "<", Pos: loop[0].Option("<").Pos(), fault: fault{text: names[1]},
		Message: "Infinite extending loop '" + names[0] + "'",
		Detail:  append([]string{"the loop is " + strings.Join(names, " <= ")}, shortened(hops)...)}
}
