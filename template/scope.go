package template

import (
	"math/bits"

	"github.com/go-buildout/go-buildout/internal/python"
)

// Names are resolved when a template is parsed. A function is what has
// variables of its own while it runs: a template's root, a block, a macro, a
// recursive loop. A scope is a stretch of a function in which assignments are
// not seen outside: its root, a loop's body, the inside of a with.
//
// Which variable a name means does not depend on the order of statements in a
// scope, so names are collected while parsing and bound afterwards, outer
// scopes first.

// function is the layout of a frame.
type function struct {
	parent *function
	slots  int
}

func (fn *function) slot() int {
	fn.slots++
	return fn.slots - 1
}

// variable is where the value of a name is while a scope runs.
type variable struct {
	fn   *function
	slot int
}

// from is how code of fn reaches the variable.
func (v *variable) from(fn *function) place {
	hops := 0
	for ; fn != v.fn; fn = fn.parent {
		hops++
	}
	return place{int32(hops), int32(v.slot)}
}

// place is a variable as seen from a frame: how many frames further out, and
// the slot there.
type place struct {
	hops, slot int32
}

type eventKind uint8

const (
	evLoad eventKind = iota
	evStore
	evParam
	evChild
)

// event is a use of a name in a scope, or a scope inside it.
type event struct {
	name   string
	place  *place
	child  *scope
	kind   eventKind
	branch bool // in a branch of an if
}

// special are the names that have a meaning where they are not assigned.
type special uint8

const (
	useLoop special = 1 << iota
	useCaller
	useKwargs
	useVarargs
	useSelf
	useSuper
)

var specialNames = map[string]special{
	"loop": useLoop, "caller": useCaller, "kwargs": useKwargs,
	"varargs": useVarargs, "self": useSelf, "super": useSuper,
}

type initKind uint8

const (
	initResolve initKind = iota // look the name up in the context
	initAlias                   // take the value of an outer variable
	initMissing
)

// initial is how a variable begins when its scope is entered.
type initial struct {
	name string
	from place
	slot int32
	kind initKind
}

// scope collects the names of a stretch of template, and knows afterwards
// what to do when it is entered.
type scope struct {
	parent *scope
	fn     *function
	events []event
	branch int // depth of ifs while parsing

	refs   map[string]*variable
	stored nameSet // names assigned here
	params map[string]bool
	inits  []initial

	// declare are the special names of which the scope has its own, if its
	// body uses them.
	declare  special
	body     *scope // the scope in which use counts, if not this one
	found    special
	declared [8]place // by the bit's number
	always   special  // to be declared whether used or not
	isRoot   bool
	isBlock  bool
	// free is set where output doesn't depend on whether the template extends
	// another: in macros, in blocks, in text that is assigned.
	free bool
	// scoped is set if a scoped block is somewhere inside.
	scoped bool
	dumps  []*dump
}

// dump is what a statement passes on of the variables around it.
type dump struct {
	names  []string
	places []place
}

// inner begins a scope inside s.
func (s *scope) inner() *scope {
	child := &scope{parent: s, fn: s.fn, free: s.free}
	s.events = append(s.events, event{kind: evChild, child: child})
	return child
}

// innerFunction begins a function inside s.
func (s *scope) innerFunction() *scope {
	child := s.inner()
	child.fn = &function{parent: s.fn}
	return child
}

func (s *scope) add(kind eventKind, name string, p *place) {
	s.events = append(s.events, event{name: name, place: p, kind: kind, branch: s.branch > 0})
}

// find is the variable that a name means in s.
func (s *scope) find(name string) *variable {
	for ; s != nil; s = s.parent {
		if v := s.refs[name]; v != nil {
			return v
		}
	}
	return nil
}

// define makes a variable of s.
func (s *scope) define(name string) *variable {
	v := s.refs[name]
	if v == nil {
		v = &variable{s.fn, s.fn.slot()}
		s.refs[name] = v
	}
	return v
}

// param makes a variable that has a value when the scope is entered.
func (s *scope) param(name string) *variable {
	v := s.define(name)
	if !s.params[name] {
		if s.params == nil {
			s.params = map[string]bool{}
		}
		s.params[name] = true
		s.stored.add(name)
	}
	for i := range s.inits {
		if s.inits[i].slot == int32(v.slot) {
			s.inits = append(s.inits[:i], s.inits[i+1:]...)
			break
		}
	}
	return v
}

// bind gives every name of the scope its place, and of the scopes inside.
func (s *scope) bind() {
	s.refs = make(map[string]*variable, len(s.events)/2)
	if s.declare != 0 {
		counted := s
		if s.body != nil {
			counted = s.body
		}
		s.found = counted.uses(s.declare) | s.always
		for name, bit := range specialNames {
			if s.found&bit != 0 {
				s.declared[bits.TrailingZeros8(uint8(bit))] = place{0, int32(s.param(name).slot)}
			}
		}
	}
	for i := range s.events {
		ev := &s.events[i]
		switch ev.kind {
		case evLoad:
			if s.find(ev.name) == nil {
				v := s.define(ev.name)
				s.inits = append(s.inits, initial{name: ev.name, slot: int32(v.slot), kind: initResolve})
			}
		case evParam:
			s.param(ev.name)
		case evStore:
			s.bindStore(ev)
		}
	}
	for i := range s.events {
		if ev := &s.events[i]; ev.place != nil {
			*ev.place = s.find(ev.name).from(s.fn)
		}
	}
	for _, d := range s.dumps {
		s.fill(d)
	}
	for i := range s.events {
		if child := s.events[i].child; child != nil {
			child.bind()
		}
	}
	s.events, s.body = nil, nil
}

// bindStore makes the variable of an assignment.
func (s *scope) bindStore(ev *event) {
	s.stored.add(ev.name)
	if s.refs[ev.name] != nil {
		return
	}
	in := initial{name: ev.name, kind: initMissing}
	if outer := s.parent.find(ev.name); outer != nil {
		in.kind, in.from = initAlias, outer.from(s.fn)
	} else if ev.branch {
		in.kind = initResolve
	}
	in.slot = int32(s.define(ev.name).slot)
	s.inits = append(s.inits, in)
}

// uses is which of the special names the scope reads without having assigned
// them before, blocks left out.
func (s *scope) uses(want special) special {
	var found special
	s.collect(&want, &found)
	return found
}

func (s *scope) collect(want, found *special) {
	for i := range s.events {
		if *want == 0 {
			return
		}
		ev := &s.events[i]
		switch {
		case ev.kind == evChild:
			if !ev.child.isBlock {
				ev.child.collect(want, found)
			}
		case len(ev.name) > 7:
		default:
			bit := specialNames[ev.name] & *want
			if bit == 0 {
				continue
			}
			if ev.kind == evLoad {
				*found |= bit
			}
			*want &^= bit
		}
	}
}

// fill lists the variables that are assigned in the scope and around it.
func (s *scope) fill(d *dump) {
	var seen nameSet
	for at := s; at != nil; at = at.parent {
		for _, name := range at.stored.list {
			if seen.add(name) {
				d.names = append(d.names, name)
				d.places = append(d.places, s.find(name).from(s.fn))
			}
		}
	}
}

// enter gives the variables of the scope their first values.
func (s *scope) enter(f *frame) {
	for i := range s.inits {
		in := &s.inits[i]
		switch in.kind {
		case initResolve:
			f.slots[in.slot] = f.ctx.resolve(in.name)
		case initAlias:
			f.slots[in.slot] = *f.at(in.from)
		default:
			f.slots[in.slot] = nil
		}
	}
}

// newFrame makes a frame for the function of the scope and enters it.
func (s *scope) newFrame(parent *frame, ctx *state, r *run, u *unit) *frame {
	f := &frame{slots: make([]python.Value, s.fn.slots), parent: parent, ctx: ctx, run: r, unit: u}
	f.root = f
	if parent != nil {
		f.root = parent.root
	}
	s.enter(f)
	return f
}

// set gives a special name its value, if the scope uses it.
func (s *scope) set(f *frame, name special, v python.Value) {
	if s.found&name != 0 {
		f.slots[s.declared[bits.TrailingZeros8(uint8(name))].slot] = v
	}
}

// push makes the scope the one that is parsed; pop goes back to the one
// around it.
func (p *parser) push(s *scope) *scope {
	p.saved = append(p.saved, surroundings{p.scope, p.soft, p.loops})
	if p.scope != nil && s.fn != p.scope.fn {
		p.loops = 0
	}
	p.scope, p.soft = s, false
	return s
}

func (p *parser) pop() {
	last := p.saved[len(p.saved)-1]
	p.saved = p.saved[:len(p.saved)-1]
	p.scope, p.soft, p.loops = last.scope, last.soft, last.loops
}

// surroundings are what a parser goes back to behind a scope.
type surroundings struct {
	scope *scope
	soft  bool
	loops int
}
