package buildout

import (
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Section is one section of a [Config].
type Section struct {
	Name string
	// Pos is where the section was opened first; it has no file for a section
	// that only defaults or the command line make.
	Pos profile.Pos
	// contents are the options while the section is one of a file and unchanged,
	// as most are; otherwise they are options.
	contents *profile.SectionContents
	options  []*Option
	index    map[string]int // of options by key; nil while there are few
	owner    *Config        // that may change it
	rare     *rare          // of the options, if they have none of their own
	waiting  bool           // some options are additions or removals
	macros   bool           // it has "<"
}

// Option is one option of a [Section] with the operations that made its value.
// It is never changed: an operation makes a new one.
type Option struct {
	Name string
	text string
	// from is what a file or the command line says in the last operation; nil for
	// values that come from nowhere, which are text.
	from *profile.OptionContents
	// prev is the option before the last operation, if there was any.
	prev *Option
	// rare is what few options have.
	rare    *rare
	kind    operationKind
	source  source
	waiting bool // for the value of a macro, to which it will be added
}

// rare is what few options have.
type rare struct {
	// absolute stands for the value wherever it is used: the standard directories
	// are relative in files and absolute in use.
	absolute string
	// visits know the history where a file is merged more than once.
	visits *visits
}

// Operation is one step in the making of a value.
type Operation struct {
	Kind  OperationKind
	Value string      // what was set, added or removed
	Pos   profile.Pos // where; no file for what no file says
	// Source is the file, or DEFAULT_VALUE, COMPUTED_VALUE, COMMAND_LINE_VALUE
	// or IMPLICIT_VALUE.
	Source string
}

// OperationKind says what an [Operation] did.
type OperationKind string

// The operations, by the names that annotate --json gives them.
const (
	OpSet         OperationKind = "set"
	OpAdd         OperationKind = "add"
	OpRemove      OperationKind = "remove"
	OpOverride    OperationKind = "override"     // set, over a value of another file
	OpDefault     OperationKind = "default"      // Buildout's own value
	OpComputed    OperationKind = "computed"     // made from where the profile is
	OpCommandLine OperationKind = "command-line" // set by an assignment
	OpDirectory   OperationKind = "directory"    // made absolute
)

// operationKind is an index of operationKinds: there are very many options.
type operationKind uint8

const (
	setOperation operationKind = iota
	addOperation
	removeOperation
	overrideOperation
	defaultOperation
	computedOperation
	commandLineOperation
	directoryOperation
)

var operationKinds = [...]OperationKind{OpSet, OpAdd, OpRemove, OpOverride, OpDefault, OpComputed, OpCommandLine, OpDirectory}

// source is where a value comes from.
type source uint8

const (
	fileSource source = iota
	defaultSource
	computedSource
	commandLineSource
	implicitSource
)

var sourceNames = [...]string{"", "DEFAULT_VALUE", "COMPUTED_VALUE", "COMMAND_LINE_VALUE", "IMPLICIT_VALUE"}

// Options lists the options in order of first appearance, those that wait among
// them (see [Option.Waits]). An Option is made when it is asked for: two for the
// same option are not the same pointer.
func (s *Section) Options() []*Option {
	options := make([]*Option, s.size())
	if s.contents == nil {
		for i := range options {
			options[i] = s.at(i)
		}
		return options
	}
	block := make([]Option, len(options))
	for i := range options {
		options[i] = &block[i]
		block[i] = s.fromFile(i)
	}
	return options
}

// Option returns the option of that name, which does not wait, or nil.
func (s *Section) Option(name string) *Option {
	if s == nil {
		return nil
	}
	if i := s.find(name); i >= 0 {
		return s.at(i)
	}
	return nil
}

func (s *Section) size() int {
	if s.contents != nil {
		return len(s.contents.Options)
	}
	return len(s.options)
}

// at gives the option of a place.
func (s *Section) at(i int) *Option {
	if s.contents != nil {
		o := s.fromFile(i)
		return &o
	}
	o := s.options[i]
	if s.rare != nil && o.rare == nil {
		again := *o
		again.rare = s.rare
		return &again
	}
	return o
}

// refersAt reports whether there is a reference in the value of a place.
func (s *Section) refersAt(i int) bool {
	if s.contents != nil {
		return s.contents.Options[i].Refers
	}
	return hasReference(s.options[i].Value())
}

// fromFile makes an option of what the file of an unchanged section says.
func (s *Section) fromFile(i int) Option {
	from := &s.contents.Options[i]
	return Option{Name: from.Name(), text: from.Value, from: from, waiting: from.Op != profile.Set, rare: s.rare}
}

// keyAt, nameAt and valueAt are what an option's key, Name and Value give, for less.
func (s *Section) keyAt(i int) string {
	if s.contents != nil {
		return s.contents.Options[i].Key
	}
	return s.options[i].key()
}

func (s *Section) nameAt(i int) string {
	if s.contents != nil {
		return s.contents.Options[i].Name()
	}
	return s.options[i].Name
}

// waitingAt reports whether the option of a place is an addition or removal.
func (s *Section) waitingAt(i int) bool {
	switch {
	case !s.waiting:
		return false
	case s.contents != nil:
		return s.contents.Options[i].Op != profile.Set
	}
	return s.options[i].waiting
}

func (s *Section) valueAt(i int) string {
	if s.contents != nil {
		return s.contents.Options[i].Value
	}
	return s.options[i].Value()
}

// key is the name by which a section finds the option: "name +" for an addition
// that waits.
func (o *Option) key() string {
	if o.waiting {
		return o.from.Key
	}
	return o.Name
}

// Value is the value before references are replaced.
func (o *Option) Value() string {
	if o.rare != nil && o.rare.absolute != "" {
		return o.rare.absolute
	}
	return o.text
}

// Waits reports whether the option is an addition to, or a removal from, what a
// macro gives. The section may have another option of its name, which is the value
// without that.
func (o *Option) Waits() bool { return o.waiting }

// Pos is where a file last set the value, added to it or took from it. It has no
// file when the command line sets the value.
func (o *Option) Pos() profile.Pos {
	for ; o != nil && o.kind != commandLineOperation; o = o.prev {
		if o.from != nil && o.from.File != nil {
			return o.from.Pos()
		}
	}
	return profile.Pos{}
}

// Source is the file that last set the value, or what stands for it.
func (o *Option) Source() string {
	switch {
	case o.kind == directoryOperation:
		return o.prev.Source()
	case o.source == fileSource:
		return o.from.File.Name
	}
	return sourceNames[o.source]
}

// History lists the operations, oldest first: at most 100,000, where files that
// extend each other in many ways would give more.
func (o *Option) History() []Operation {
	var ops []Operation
	for ; o != nil; o = o.prev {
		if o.rare != nil && o.rare.visits != nil {
			o = o.rare.visits.replay(o.key()) // the whole story
		}
		ops = append(ops, o.operation())
	}
	slices.Reverse(ops)
	return ops
}

func (o *Option) operation() Operation {
	op := Operation{Kind: operationKinds[o.kind], Value: o.text, Source: o.Source()}
	if o.from != nil {
		op.Value, op.Pos = o.from.Value, o.from.Pos()
	} else if o.kind == directoryOperation {
		op.Pos = o.prev.operation().Pos
	}
	return op
}

// few is how many options are looked through faster than a map is made.
const few = 16

// find returns where in options the one of that key is, -1 if it is not there.
func (s *Section) find(key string) int {
	if s.contents != nil {
		return s.contents.Find(key)
	}
	if s.index != nil {
		if i, ok := s.index[key]; ok {
			return i
		}
		return -1
	}
	for i, o := range s.options {
		if o.key() == key {
			return i
		}
	}
	return -1
}

// clone gives the section to a profile that changes it.
func (s *Section) clone(owner *Config) *Section {
	n := &Section{Name: s.Name, Pos: s.Pos, owner: owner, waiting: s.waiting, macros: s.macros}
	n.options = append(make([]*Option, 0, s.size()+4), s.Options()...)
	n.reindex()
	return n
}

func (s *Section) reindex() {
	s.index = nil
	if len(s.options) <= few {
		return
	}
	s.index = make(map[string]int, cap(s.options))
	for i, o := range s.options {
		s.index[o.key()] = i
	}
}

// put adds an option or replaces the one of its key.
func (s *Section) put(o *Option) {
	if i := s.find(o.key()); i >= 0 {
		s.options[i] = o
		return
	}
	s.waiting = s.waiting || o.waiting
	s.macros = s.macros || o.Name == "<"
	s.options = append(s.options, o)
	switch {
	case s.index != nil:
		s.index[o.key()] = len(s.options) - 1
	case len(s.options) > few:
		s.reindex()
	}
}

// set puts in a value that no file gives.
func (s *Section) set(name, value string, kind operationKind, from source) {
	s.put(&Option{Name: name, text: value, kind: kind, source: from})
}

func (s *Section) remove(name string) {
	if i := s.find(name); i >= 0 {
		s.options = slices.Delete(s.options, i, i+1)
		s.reindex()
	}
}

// over gives the option of a place as it is over the value of an earlier layer.
func (s *Section) over(i int, old *Option) *Option {
	var n Option
	if s.contents != nil {
		n = s.fromFile(i)
	} else if n = *s.options[i]; n.kind == addOperation || n.kind == removeOperation {
		return s.at(i) // its own story is the whole one
	}
	n.prev, n.rare = old, nil
	if n.kind == setOperation {
		n.kind = overrideOperation
	}
	return &n
}

// apply gives the option with an addition or removal carried out, by whole lines.
func (o *Option) apply(change *Option) *Option {
	n := &Option{Name: o.Name, from: change.from, source: change.source, prev: o}
	if change.from.Op == profile.Add {
		n.kind, n.text = addOperation, o.text+"\n"+change.text
	} else {
		n.kind, n.text = removeOperation, removeLines(o.text, change.text)
	}
	return n
}

// removeLines takes the lines of text that are equal to a line of removed.
func removeLines(text, removed string) string {
	gone := strings.Split(removed, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return slices.Contains(gone, line)
	}), "\n")
}
