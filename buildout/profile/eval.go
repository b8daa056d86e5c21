package profile

import (
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
	byName   map[string]*SectionContents
}

// SectionContents are the options of one section, merged over all the headers
// of that name whose condition holds.
type SectionContents struct {
	Name    string
	Pos     Pos // of the first header
	Options []*OptionContents
	byKey   map[string]*OptionContents // nil while there are few
}

// find returns the option of that key. Most sections have a handful, which are
// looked through faster than a map is made.
func (s *SectionContents) find(key string) *OptionContents {
	if s.byKey != nil {
		return s.byKey[key]
	}
	for _, o := range s.Options {
		if o.Key == key {
			return o
		}
	}
	return nil
}

func (s *SectionContents) add(o *OptionContents) {
	const few = 16
	s.Options = append(s.Options, o)
	if s.byKey == nil && len(s.Options) <= few {
		return
	}
	if s.byKey == nil {
		s.byKey = map[string]*OptionContents{}
		for _, o := range s.Options {
			s.byKey[o.Key] = o
		}
	}
	s.byKey[o.Key] = o
}

// OptionContents is one operation on one option, with a cleaned value.
type OptionContents struct {
	Name  string
	Key   string
	Op    Op
	Value string
	Pos   Pos
	raw   string
}

// Section returns the section of that name, or nil.
func (c *Contents) Section(name string) *SectionContents { return c.byName[name] }

// Get returns the value that the file sets for an option with "=".
func (s *SectionContents) Get(name string) (*OptionContents, bool) {
	if s == nil {
		return nil, false
	}
	o := s.find(name)
	return o, o != nil && o.Op == Set
}

// Eval evaluates the conditions and merges the sections. The error, if any, is
// of type [Errors]; the contents then hold what could be read.
func (f *File) Eval(conditions *Conditions, rules Rules) (*Contents, error) {
	e := evaluation{rules: rules, contents: &Contents{byName: map[string]*SectionContents{}}}
	if len(f.orphans) > 0 {
		return e.contents, Errors{noSection(f.orphans[0])}
	}
	errs := append(Errors(nil), f.Errors...)
	for _, s := range f.Sections {
		if s.Cond.Present {
			ok, err := conditions.Holds(s.Cond.Text)
			if err != nil {
				return e.contents, Errors{{Pos: s.Cond.Pos, Kind: BadCondition, Line: f.Line(s.Pos.Line), Message: err.Error()}}
			}
			if !ok {
				found, fatal := e.skip(s)
				if fatal != nil {
					return e.contents, Errors{fatal}
				}
				errs = append(errs, found...)
				continue
			}
		}
		for _, l := range s.indents {
			errs = append(errs, badLine(l))
		}
		e.merge(s)
	}
	if len(errs) > 0 {
		sort.SliceStable(errs, func(i, j int) bool { return errs[i].Pos.Line < errs[j].Pos.Line })
		return e.contents, errs
	}
	for _, s := range e.contents.Sections {
		for _, o := range s.Options {
			o.Value = clean(o.raw)
		}
	}
	return e.contents, nil
}

func noSection(l Line) *Error {
	return &Error{Pos: l.Pos, Kind: NoSection, Line: l.Text, Message: "this stands before the first section header"}
}

type evaluation struct {
	rules    Rules
	contents *Contents
	current  *SectionContents
	inOption bool // the last true section has an option that indented lines could continue
}

// skip passes over a section whose condition is false. Buildout drops it while
// it reads, so that what it drops into still matters: before any true section
// even an option is a stray line, and after one that has no option yet an
// indented line continues nothing.
func (e *evaluation) skip(s *Section) (errs []*Error, fatal *Error) {
	if e.current == nil {
		var first *Line
		for _, l := range s.indents {
			first = earlier(first, l)
		}
		for _, o := range s.Options {
			first = earlier(first, Line{o.Key + "=" + o.head, o.Pos})
		}
		if first != nil {
			return nil, noSection(*first)
		}
		return nil, nil
	}
	if e.inOption {
		return nil, nil
	}
	for _, l := range s.indents {
		errs = append(errs, badLine(l))
	}
	for _, o := range s.Options {
		for _, c := range o.more {
			if !isBlank(c.text) {
				errs = append(errs, badLine(Line{c.text, Pos{o.Pos.File, c.line, 1}}))
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
	sc := e.contents.byName[s.Name]
	if sc == nil {
		sc = &SectionContents{Name: s.Name, Pos: s.Pos, Options: make([]*OptionContents, 0, len(s.Options))}
		e.contents.byName[s.Name] = sc
		e.contents.Sections = append(e.contents.Sections, sc)
	}
	e.current, e.inOption = sc, len(s.Options) > 0
	for _, o := range s.Options {
		e.option(sc, o)
	}
}

func (e *evaluation) option(sc *SectionContents, o *Option) {
	old := sc.find(o.Key)
	if e.rules.JoinRepeated {
		if o.Op != Set && old != nil {
			old.raw = trimRight(old.raw)
			if o.head != "" {
				old.raw += "\n"
			}
			old.raw += o.raw()
			return
		}
		if o.Op == Set {
			sc.drop(o.Name + " +")
			sc.drop(o.Name + " -")
		}
	}
	n := OptionContents{Name: o.Name, Key: o.Key, Op: o.Op, Pos: o.Pos, raw: o.raw()}
	if old != nil {
		*old = n
		return
	}
	sc.add(&n)
}

func (s *SectionContents) drop(key string) {
	old := s.find(key)
	if old == nil {
		return
	}
	delete(s.byKey, key)
	for i, o := range s.Options {
		if o == old {
			s.Options = append(s.Options[:i:i], s.Options[i+1:]...)
			return
		}
	}
}
