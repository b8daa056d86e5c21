package profile

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Rules are the points in which versions of Buildout read one file differently.
type Rules struct {
	// JoinRepeated: a second "a += x" of the same spelling is appended to the
	// first, and a later "a = x" cancels "a += y" (zc.buildout 3.1.1 and newer).
	// Otherwise the last "a += x" stands alone and "=" cancels nothing.
	JoinRepeated bool
	// AllSections: conditions are not looked at, and no section is left out.
	AllSections bool
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

// OptionContents is one operation on one option: all of a key together.
type OptionContents struct {
	Key   string // see [Option.Key]
	Value string // cleaned up
	File  *File  // nil for what no file says
	Line  int32  // of the first of that key, counted from 1
	Op    Op
	// Refers reports whether "${" is in the value.
	Refers bool
}

// Name is the name of the option, without operator and blanks.
func (o *OptionContents) Name() string {
	if o.Op == Set {
		return o.Key
	}
	name, _ := SplitKey(o.Key)
	return name
}

// Pos is where the option is; no file if none says it.
func (o *OptionContents) Pos() Pos {
	if o.File == nil {
		return Pos{}
	}
	return Pos{o.File.Name, int(o.Line), 1}
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
		c.byName = make(map[string]*SectionContents, cap(c.Sections))
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

// Add puts an option behind the others, whose keys are different.
func (s *SectionContents) Add(o OptionContents) {
	s.Options = append(s.Options, o)
	s.adds = s.adds || o.Op != Set
	switch {
	case s.byKey != nil:
		s.byKey[o.Key] = len(s.Options) - 1
	case len(s.Options) > few:
		s.index()
	}
}

func (s *SectionContents) index() {
	s.byKey = make(map[string]int, cap(s.Options))
	for i := range s.Options {
		s.byKey[s.Options[i].Key] = i
	}
}

// Remove takes an option out and returns it.
func (s *SectionContents) Remove(key string) (OptionContents, bool) {
	i := s.Find(key)
	if i < 0 {
		return OptionContents{}, false
	}
	o := s.Options[i]
	s.Options = slices.Delete(s.Options, i, i+1)
	if s.byKey != nil {
		s.index()
	}
	return o, true
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
	f = f.remembered()
	e := evaluation{file: f, rules: rules, contents: &Contents{Sections: make([]*SectionContents, 0, f.headers)},
		sections: make([]SectionContents, f.headers), options: make([]OptionContents, len(f.entries)-f.headers)}
	if len(f.orphans) > 0 {
		return e.contents, Errors{noSection(f.orphans[0])}
	}
	errs := append(Errors(nil), f.Errors...)
	for begin, end := 0, 0; begin < len(f.entries); begin = end {
		end = begin + 1
		for end < len(f.entries) && !f.entries[end].header {
			end++
		}
		header, options := &f.entries[begin], f.entries[begin+1:end]
		if c := f.condition(header); c.Present && !rules.AllSections {
			ok, err := conditions.Holds(c.Text)
			if err != nil {
				return e.contents, Errors{c.fail(err, f.Line(int(header.line)))}
			}
			if !ok {
				found, fatal := e.skip(begin, options)
				if fatal != nil {
					return e.contents, Errors{fatal}
				}
				errs = append(errs, found...)
				continue
			}
		}
		for l := range f.indented(begin) {
			errs = append(errs, badLine(l))
		}
		e.merge(header, options)
	}
	if len(errs) > 0 {
		sort.SliceStable(errs, func(i, j int) bool { return errs[i].Pos.Line < errs[j].Pos.Line })
		return e.contents, errs
	}
	return e.contents, nil
}

// indented yields the indented lines of a section before its first option.
func (f *File) indented(header int) func(yield func(Line) bool) {
	return func(yield func(Line) bool) {
		for _, l := range f.indents {
			if l.header == header && !yield(l.Line) {
				return
			}
		}
	}
}

func noSection(l Line) *Error {
	return strayError(l, NoSection, "this stands before the first section header")
}

type evaluation struct {
	file     *File
	rules    Rules
	contents *Contents
	current  *SectionContents
	inOption bool // the last true section has an option that indented lines could continue
	// joined are the values of options that several make together, before clean-up.
	joined map[joinedKey]string

	sections []SectionContents // room for those to come
	options  []OptionContents
}

type joinedKey struct {
	section *SectionContents
	key     string
}

// skip passes over a section whose condition is false. Buildout drops it while
// it reads, so that what it drops into still matters: before any true section
// even an option is a stray line, and after one that has no option yet an
// indented line continues nothing.
func (e *evaluation) skip(header int, options []entry) (errs []*Error, fatal *Error) {
	f := e.file
	if e.current == nil {
		var first *Line
		for l := range f.indented(header) {
			first = earlier(first, l)
		}
		for i := range options {
			o := &options[i]
			first = earlier(first, Line{Text: f.key(o) + "=" + f.source[o.head:o.headEnd], Pos: Pos{f.Name, int(o.line), 1}})
		}
		if first != nil {
			return nil, noSection(*first)
		}
		return nil, nil
	}
	if e.inOption {
		return nil, nil
	}
	for l := range f.indented(header) {
		errs = append(errs, badLine(l))
	}
	for i := range options {
		o := &options[i]
		if o.bodyEnd == 0 {
			continue
		}
		n := int(o.line)
		for rest := f.source[o.body:o.bodyEnd]; rest != ""; {
			var line string
			line, rest = cutLine(rest)
			if n++; startsBlank(line) && !isBlank(line) {
				errs = append(errs, badLine(Line{Text: line, Pos: Pos{f.Name, n, 1}}))
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

func (e *evaluation) merge(header *entry, options []entry) {
	name := e.file.name(header)
	sc := e.contents.Section(name)
	if sc == nil {
		sc = &e.sections[0]
		e.sections = e.sections[1:]
		sc.Name, sc.Pos = name, Pos{e.file.Name, int(header.line), 1}
		sc.Options, e.options = e.options[:0:len(options)], e.options[len(options):]
		e.contents.add(sc)
	}
	e.current, e.inOption = sc, len(options) > 0
	for i := range options {
		e.option(sc, &options[i])
	}
}

func (e *evaluation) option(sc *SectionContents, o *entry) {
	key := e.file.key(o)
	i := sc.Find(key)
	if e.rules.JoinRepeated {
		if o.op != Set && i >= 0 {
			e.join(sc, &sc.Options[i], o)
			return
		}
		if o.op == Set && sc.adds && sc.drop(key+" +", key+" -") {
			delete(e.joined, joinedKey{sc, key + " +"})
			delete(e.joined, joinedKey{sc, key + " -"})
			i = sc.Find(key)
		}
	}
	n := OptionContents{Key: key, Value: e.file.value(o), File: e.file, Line: o.line, Op: o.op}
	n.Refers = strings.Contains(n.Value, "${")
	if i >= 0 {
		sc.Options[i] = n
		return
	}
	sc.Add(n)
}

// join appends what another option of the same key and operator says.
func (e *evaluation) join(sc *SectionContents, o *OptionContents, next *entry) {
	if e.joined == nil {
		e.joined = map[joinedKey]string{}
	}
	k := joinedKey{sc, o.Key}
	raw, ok := e.joined[k]
	if !ok {
		raw = e.file.raw(e.file.at(o.Line))
	}
	raw = trimRight(raw)
	if next.head < next.headEnd {
		raw += "\n"
	}
	raw += e.file.raw(next)
	e.joined[k], o.Value = raw, clean(raw)
	o.Refers = strings.Contains(raw, "${")
}

// at is the entry of a line.
func (f *File) at(line int32) *entry {
	i, _ := slices.BinarySearchFunc(f.entries, line, func(e entry, line int32) int { return cmp.Compare(e.line, line) })
	return &f.entries[i]
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
