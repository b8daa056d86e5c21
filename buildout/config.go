package buildout

import (
	"maps"
	"slices"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Config is an assembled profile: every section with the values that defaults,
// extended files, the file itself and the command line give it, before macros
// and references. It is not changed after [Load] and safe for concurrent use.
type Config struct {
	dialect   Dialect
	limits    Limits
	platform  profile.Platform
	directory string
	sections  []*Section
	byName    map[string]*Section
	files     map[string]*profile.File
	extended  map[string]profile.Pos // by file: the line that first extended it
}

// Section is one section of a [Config].
type Section struct {
	Name string
	// Pos is where the section was opened first; it has no file for a section
	// that only defaults or the command line make.
	Pos     profile.Pos
	options []*Option
	byKey   map[string]*Option
}

// Option is one option of a [Section] with the operations that made its value.
type Option struct {
	Name string
	key  string // "name +" for an addition that waits for a macro's value
	op   profile.Op
	text string
	last *operation
	// absolute stands for text wherever the value is used: the standard
	// directories are relative in files and absolute in use.
	absolute string
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

// The sources of values that no file gives.
const (
	sourceDefault     = "DEFAULT_VALUE"
	sourceComputed    = "COMPUTED_VALUE"
	sourceCommandLine = "COMMAND_LINE_VALUE"
	sourceImplicit    = "IMPLICIT_VALUE"
)

// operation is a step and what came before it. Histories share their tails, so
// that a value that is merged a thousand times costs one step each time.
type operation struct {
	*Operation // as its layer has it, shared
	kind       OperationKind
	prev       *operation
}

func newOperation(o Operation, prev *operation) *operation { return &operation{&o, o.Kind, prev} }

// Directory is the buildout directory: where the main file is, unless
// [buildout] says otherwise. It is empty for a remote profile without one.
func (c *Config) Directory() string { return c.directory }

// Dialect is the dialect that the profile was read in.
func (c *Config) Dialect() Dialect { return c.dialect }

// Sections lists the sections in order of first appearance.
func (c *Config) Sections() []*Section { return slices.Clone(c.sections) }

// Section returns the section of that name, or nil.
func (c *Config) Section(name string) *Section { return c.byName[name] }

// Options lists the options in order of first appearance. Additions that wait
// for the value of a macro have the operator in their name.
func (s *Section) Options() []*Option { return slices.Clone(s.options) }

// Option returns the option of that name, or nil.
func (s *Section) Option(name string) *Option {
	if s == nil {
		return nil
	}
	return s.byKey[name]
}

// Value is the value before references are replaced.
func (o *Option) Value() string {
	if o.absolute != "" {
		return o.absolute
	}
	return o.text
}

// Pos is where the value was last set, added to or taken from.
func (o *Option) Pos() profile.Pos {
	for op := o.last; op != nil; op = op.prev {
		if op.Pos.IsValid() {
			return op.Pos
		}
	}
	return profile.Pos{}
}

// Source is the file that last set the value, or what stands for it.
func (o *Option) Source() string { return o.last.Source }

// History lists the operations, oldest first.
func (o *Option) History() []Operation {
	var ops []Operation
	for op := o.last; op != nil; op = op.prev {
		step := *op.Operation
		step.Kind = op.kind
		ops = append(ops, step)
	}
	slices.Reverse(ops)
	return ops
}

// clone gives a profile to which sections can be added without changing c.
func (c *Config) clone() *Config {
	n := *c
	n.sections, n.byName = slices.Clone(c.sections), maps.Clone(c.byName)
	n.files = maps.Clone(c.files)
	return &n
}

func (c *Config) section(name string, pos profile.Pos) *Section {
	s := c.byName[name]
	if s == nil {
		s = &Section{Name: name, Pos: pos, byKey: map[string]*Option{}}
		c.byName[name] = s
		c.sections = append(c.sections, s)
	}
	return s
}

// value returns the text of a plain option of [buildout], "" when there is none.
func (c *Config) value(option string) string {
	if o := c.byName["buildout"].Option(option); o != nil {
		return o.Value()
	}
	return ""
}

// grow makes room for the options of a new section.
func (s *Section) grow(n int) {
	s.byKey = make(map[string]*Option, n)
	s.options = make([]*Option, 0, n)
}

func (s *Section) put(o *Option) {
	if old := s.byKey[o.key]; old != nil {
		*old = *o
		return
	}
	s.byKey[o.key] = o
	s.options = append(s.options, o)
}

func (s *Section) set(name, value string, kind OperationKind, source string) {
	s.put(&Option{Name: name, key: name, text: value,
		last: newOperation(Operation{Kind: kind, Value: value, Source: source}, nil)})
}

// line returns the text of the line at pos, for messages.
func (c *Config) line(pos profile.Pos) string {
	if f := c.files[pos.File]; f != nil {
		return f.Line(pos.Line)
	}
	return ""
}

// Files lists the files and URLs that the profile was read from, sorted.
func (c *Config) Files() []string {
	return slices.Sorted(maps.Keys(c.files))
}
