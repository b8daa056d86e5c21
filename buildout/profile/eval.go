package profile

import (
	"slices"
	"sort"
)

// Rules are the points in which versions of Buildout read one file differently.
type Rules struct {
	// JoinRepeated: a second "a += x" of the same spelling is appended to the
	// first, and a later "a = x" cancels "a += y" (zc.buildout 3.1.1 and newer).
	// Otherwise the last "a += x" stands alone and "=" cancels nothing.
	JoinRepeated bool
}

// Contents is what a file says on one platform: sections in order of first
// appearance, each option with its operations.
type Contents struct {
	Sections []*SectionContents
	byName   map[string]*SectionContents // nil while there are few
}

// SectionContents are the options of one section, merged over all the headers
// of that name whose condition holds.
type SectionContents struct {
	Name    string
	Pos     Pos // of the first header
	Options []OptionContents
	byKey   map[string]int // where in Options; nil while there are few
	adds    bool           // there are, or were, options that are not Set
}

// OptionContents is one operation on one option: the option as it is written
// first, and the cleaned value of all of that key together.
type OptionContents struct {
	*Option
	Value string
}

// few is how many things are looked through faster than a map is made.
const few = 16

// Section returns the section of that name, or nil.
func (c *Contents) Section(name string) *SectionContents {
	if c.byName != nil {
		return c.byName[name]
	}
	for _, s := range c.Sections {
		if s.Name == name {
			return s
		}
	}
	return nil
}

func (c *Contents) add(s *SectionContents) {
	c.Sections = append(c.Sections, s)
	switch {
	case c.byName != nil:
		c.byName[s.Name] = s
	case len(c.Sections) > few:
		c.byName = make(map[string]*SectionContents, 2*len(c.Sections))
		for _, s := range c.Sections {
			c.byName[s.Name] = s
		}
	}
}

// Find returns the place in Options of the option of that key, -1 for none.
func (s *SectionContents) Find(key string) int {
	if s.byKey != nil {
		if i, ok := s.byKey[key]; ok {
			return i
		}
		return -1
	}
	for i := range s.Options {
		if s.Options[i].Key == key {
			return i
		}
	}
	return -1
}

func (s *SectionContents) add(o *Option) {
	s.Options = append(s.Options, OptionContents{Option: o})
	s.adds = s.adds || o.Op != Set
	switch {
	case s.byKey != nil:
		s.byKey[o.Key] = len(s.Options) - 1
	case len(s.Options) > few:
		s.index()
	}
}

func (s *SectionContents) index() {
	s.byKey = make(map[string]int, 2*len(s.Options))
	for i, o := range s.Options {
		s.byKey[o.Key] = i
	}
}

// Get returns the value that the file sets for an option with "=".
func (s *SectionContents) Get(name string) (*OptionContents, bool) {
	if s == nil {
		return nil, false
	}
	if i := s.Find(name); i >= 0 {
		return &s.Options[i], s.Options[i].Op == Set
	}
	return nil, false
}

// Eval evaluates the conditions and merges the sections. The error, if any, is
// of type [Errors]; the contents then hold what could be read.
func (f *File) Eval(conditions *Conditions, rules Rules) (*Contents, error) {
	count := 0
	for _, s := range f.Sections {
		count += len(s.Options)
	}
	e := evaluation{rules: rules, contents: &Contents{Sections: make([]*SectionContents, 0, len(f.Sections))},
		sections: make([]SectionContents, len(f.Sections)), options: make([]OptionContents, count)}
	if len(f.orphans) > 0 {
		return e.contents, Errors{noSection(f.orphans[0])}
	}
	errs := append(Errors(nil), f.Errors...)
	for _, s := range f.Sections {
		if s.Cond.Present {
			ok, err := conditions.Holds(s.Cond.Text)
			if err != nil {
				return e.contents, Errors{s.Cond.fail(err, f.Line(s.Pos.Line))}
			}
			if !ok {
				found, fatal := e.skip(f, s)
				if fatal != nil {
					return e.contents, Errors{fatal}
				}
				errs = append(errs, found...)
				continue
			}
		}
		for l := range f.indented(s) {
			errs = append(errs, badLine(l))
		}
		e.merge(s)
	}
	if len(errs) > 0 {
		sort.SliceStable(errs, func(i, j int) bool { return errs[i].Pos.Line < errs[j].Pos.Line })
		return e.contents, errs
	}
	for _, s := range e.contents.Sections {
		for i := range s.Options {
			s.Options[i].Value = s.Options[i].Option.Value()
		}
	}
	return e.contents, nil
}

// indented yields the indented lines of a section before its first option.
func (f *File) indented(s *Section) func(yield func(Line) bool) {
	return func(yield func(Line) bool) {
		for _, l := range f.indents {
			if l.Section == s && !yield(l) {
				return
			}
		}
	}
}

func noSection(l Line) *Error {
	return strayError(l, NoSection, "this stands before the first section header")
}

type evaluation struct {
	rules    Rules
	contents *Contents
	current  *SectionContents
	inOption bool // the last true section has an option that indented lines could continue

	sections []SectionContents // room for those to come
	options  []OptionContents
}

// skip passes over a section whose condition is false. Buildout drops it while
// it reads, so that what it drops into still matters: before any true section
// even an option is a stray line, and after one that has no option yet an
// indented line continues nothing.
func (e *evaluation) skip(f *File, s *Section) (errs []*Error, fatal *Error) {
	if e.current == nil {
		var first *Line
		for l := range f.indented(s) {
			first = earlier(first, l)
		}
		for _, o := range s.Options {
			first = earlier(first, Line{Text: o.Key + "=" + o.head, Pos: o.Pos})
		}
		if first != nil {
			return nil, noSection(*first)
		}
		return nil, nil
	}
	if e.inOption {
		return nil, nil
	}
	for l := range f.indented(s) {
		errs = append(errs, badLine(l))
	}
	for _, o := range s.Options {
		n := o.Pos.Line
		for rest := o.body; rest != ""; {
			var line string
			line, rest = cutLine(rest)
			if n++; startsBlank(line) && !isBlank(line) {
				errs = append(errs, badLine(Line{Text: line, Pos: Pos{o.Pos.File, n, 1}}))
			}
		}
	}
	return errs, nil
}

func earlier(a *Line, b Line) *Line {
	if a == nil || b.Pos.Line < a.Pos.Line {
		return &b
	}
	return a
}

func (e *evaluation) merge(s *Section) {
	sc := e.contents.Section(s.Name)
	if sc == nil {
		sc = &e.sections[0]
		e.sections = e.sections[1:]
		sc.Name, sc.Pos = s.Name, s.Pos
		sc.Options, e.options = e.options[:0:len(s.Options)], e.options[len(s.Options):]
		e.contents.add(sc)
	}
	e.current, e.inOption = sc, len(s.Options) > 0
	for _, o := range s.Options {
		e.option(sc, o)
	}
}

func (e *evaluation) option(sc *SectionContents, o *Option) {
	i := sc.Find(o.Key)
	if e.rules.JoinRepeated {
		if o.Op != Set && i >= 0 {
			sc.Options[i].Option = sc.Options[i].join(o)
			return
		}
		if o.Op == Set && sc.adds && sc.drop(o.Name+" +", o.Name+" -") {
			i = sc.Find(o.Key)
		}
	}
	if i >= 0 {
		sc.Options[i] = OptionContents{Option: o}
		return
	}
	sc.add(o)
}

// join gives the option with what another of the same key and operator appends.
func (o *Option) join(next *Option) *Option {
	both := *o
	both.head, both.body = trimRight(o.raw()), ""
	if next.head != "" {
		both.head += "\n"
	}
	both.head += next.raw()
	return &both
}

// drop takes two options out and reports whether there was either.
func (s *SectionContents) drop(key, other string) bool {
	if s.Find(key) < 0 && s.Find(other) < 0 {
		return false
	}
	s.Options = slices.DeleteFunc(s.Options, func(o OptionContents) bool { return o.Key == key || o.Key == other })
	if s.byKey != nil {
		s.index()
	}
	return true
}
