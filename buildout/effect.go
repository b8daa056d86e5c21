package buildout

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

type effectKey struct{ section, option string }

// effect is what some visits do to one option.
type effect struct {
	section bool // the section is there afterwards
	set     bool // the value afterwards is text, whatever it was before
	text    *lineList
	trims   []trim  // otherwise: what is done to the lines of the value
	last    *Option // what was done last
	kind    operationKind
}

// lineList are some lines of a value. They share what they are put together from,
// since the same is added in many files; nil are none.
type lineList struct {
	text          string // of a leaf
	before, after *lineList
	size          int // in bytes, with the ends of lines
}

func newLineList(text string) *lineList { return &lineList{text: text, size: len(text) + 1} }

func (l *lineList) then(next *lineList) *lineList {
	switch {
	case l == nil:
		return next
	case next == nil:
		return l
	}
	return &lineList{before: l, after: next, size: l.size + next.size}
}

func (l *lineList) bytes() int {
	if l == nil {
		return 0
	}
	return l.size
}

// String puts the lines together.
func (l *lineList) String() string {
	if l == nil {
		return ""
	}
	b := make([]byte, 0, l.size)
	for todo := []*lineList{l}; len(todo) > 0; {
		n := len(todo) - 1
		l, todo = todo[n], todo[:n]
		if l.before != nil {
			todo = append(todo, l.after, l.before)
		} else {
			b = append(append(b, l.text...), '\n')
		}
	}
	return string(b[:len(b)-1])
}

// without takes out the lines that are equal to one of removed.
func (l *lineList) without(removed []string) *lineList {
	if l == nil || len(removed) == 0 {
		return l
	}
	kept := slices.DeleteFunc(strings.Split(l.String(), "\n"), func(line string) bool { return slices.Contains(removed, line) })
	if len(kept) == 0 {
		return nil
	}
	return newLineList(strings.Join(kept, "\n"))
}

// trim takes lines out of a value and puts others behind it. One that puts some
// behind absorbs what follows it; two that only take out are one. So there are
// never more than two.
type trim struct {
	removed []string
	added   *lineList
}

// apply gives a value, which is at least an empty line, with the trim.
func (t trim) apply(text *lineList) *lineList {
	if text = text.without(t.removed).then(t.added); text == nil {
		return newLineList("")
	}
	return text
}

// then is the trim that does first t and then next, if there is one.
func (t trim) then(next trim) (trim, bool) {
	if t.added == nil && next.added != nil {
		// Nothing is left of a value all of whose lines go, and adding to that begins
		// with an empty line.
		return trim{}, false
	}
	if len(next.removed) > 0 {
		t.removed = slices.Concat(t.removed, next.removed)
		slices.Sort(t.removed)
		t.removed = slices.Compact(t.removed)
	}
	t.added = t.added.without(next.removed).then(next.added)
	return t, true
}

// changeBy is the effect of one addition or removal.
func changeBy(o *Option) effect {
	if o.from.Op == profile.Remove {
		return effect{section: true, trims: []trim{{removed: strings.Split(o.text, "\n")}}, last: o, kind: removeOperation}
	}
	return effect{section: true, trims: []trim{{added: newLineList(o.text)}}, last: o, kind: addOperation}
}

// then is the effect of e followed by next, on a section that is there.
func (e effect) then(next effect) effect {
	if next.last == nil {
		e.section = e.section || next.section
		return e
	}
	if next.set {
		return next
	}
	if e.set {
		for _, t := range next.trims {
			e.text = t.apply(e.text)
		}
	} else {
		e.trims = slices.Clone(e.trims)
		for _, t := range next.trims {
			if n := len(e.trims) - 1; n >= 0 {
				if both, ok := e.trims[n].then(t); ok {
					e.trims[n] = both
					if n > 0 {
						if both, ok := e.trims[n-1].then(e.trims[n]); ok {
							e.trims = append(e.trims[:n-1], both)
						}
					}
					continue
				}
			}
			e.trims = append(e.trims, t)
		}
	}
	e.section, e.last, e.kind = true, next.last, next.kind
	return e
}

// composition works out the effects on one option.
type composition struct {
	effectKey
	touched []touch  // by each file
	bit     uint64   // of the key there
	effects []effect // of each file, on a section that is there
	known   []bool   // which of them are
	most    int      // bytes of a value
}

// touch says which of some keys a file with all that it extends has something of,
// a bit for each: so that only files that matter to a key are gone into for it.
type touch struct{ sections, options uint64 }

const maskBits = 64

// allTouched works out the touches of files, each of which is behind what it extends.
func allTouched(files []*node, keys []effectKey) []touch {
	sections, options := map[string]uint64{}, map[effectKey]uint64{}
	for i, k := range keys {
		sections[k.section] |= 1 << i
		options[k] = 1 << i
	}
	touched := make([]touch, len(files))
	for _, n := range files {
		t := &touched[n.index]
		for _, s := range n.sections {
			bits := sections[s.Name]
			if t.sections |= bits; bits == 0 {
				continue
			}
			for i := range s.size() {
				t.options |= options[effectKey{s.Name, s.nameAt(i)}]
			}
		}
		for _, child := range n.children {
			below := touched[child.index]
			t.sections |= below.sections
			t.options |= below.options
		}
	}
	return touched
}

// all is what all visits come to, from nothing.
func (c *composition) all(roots []visit) (effect, *Error) {
	var e effect
	var err *Error
	for _, root := range roots {
		if e, err = c.visit(root.node, e); err != nil {
			return effect{}, err
		}
	}
	return e, nil
}

// visit is the effect before with the visits of a file behind it. On a section
// that is not there yet it follows them until one makes it.
func (c *composition) visit(n *node, before effect) (effect, *Error) {
	of, err := c.of(n)
	if err != nil || !of.section {
		return before, err
	}
	if !before.section {
		for _, child := range n.children {
			if before, err = c.visit(child.node, before); err != nil {
				return effect{}, err
			}
		}
		if ls := n.section(c.section); ls != nil {
			before = c.own(ls, before)
		}
	} else if of.last != nil {
		if !before.set {
			before = effect{section: true, set: true, text: newLineList(""), last: of.last} // implicit
		}
		before = before.then(of)
	}
	return before, c.check(before)
}

// of is the effect of a file with all that it extends on a section that is there.
func (c *composition) of(n *node) (effect, *Error) {
	switch touched := c.touched[n.index]; {
	case touched.options&c.bit == 0:
		return effect{section: touched.sections&c.bit != 0}, nil
	case c.known[n.index]:
		return c.effects[n.index], nil
	}
	var e effect
	ls := n.section(c.section)
	if ls == nil || ls.find(c.option) < 0 {
		// What comes before a file that sets the value makes no difference.
		first := len(n.children)
		for set := false; first > 0 && !set; {
			first--
			before, err := c.of(n.children[first].node)
			if err != nil {
				return effect{}, err
			}
			set = before.set
		}
		for _, child := range n.children[first:] {
			next, err := c.of(child.node)
			if err != nil {
				return effect{}, err
			}
			e = e.then(next)
		}
	}
	if ls != nil {
		e = c.present(ls, e)
	}
	c.effects[n.index], c.known[n.index] = e, true
	return e, c.check(e)
}

// own is the effect before with what one file says behind it, in that file's
// section ls.
func (c *composition) own(ls *Section, before effect) effect {
	if before.section {
		if !before.set && ls.touches(c.option) {
			before = effect{section: true, set: true, text: newLineList("")}
		}
		return c.present(ls, before)
	}
	e := effect{section: true}
	if o := ls.Option(c.option); o != nil {
		e = effect{section: true, set: true, text: newLineList(o.text), last: o}
	}
	if ls.isMacroUser() {
		return e
	}
	for _, o := range ls.changes(c.option) {
		if e.set {
			e = e.then(changeBy(o))
		} else {
			e.set, e.text, e.last = true, newLineList(o.first().text), o
		}
	}
	return e
}

// present is own for a section that is there.
func (c *composition) present(ls *Section, e effect) effect {
	e.section = true
	if o := ls.Option(c.option); o != nil {
		e = effect{section: true, set: true, text: newLineList(o.text), last: o}
	}
	for _, o := range ls.changes(c.option) {
		e = e.then(changeBy(o))
	}
	return e
}

// touches reports whether the section does something to an option.
func (s *Section) touches(option string) bool {
	for i := range s.size() {
		if s.nameAt(i) == option {
			return true
		}
	}
	return false
}

// changes gives the additions to an option and then the removals from it.
func (s *Section) changes(option string) []*Option {
	var found []*Option
	for i := range s.size() {
		if s.waitingAt(i) && s.nameAt(i) == option {
			found = append(found, s.at(i))
		}
	}
	return operators(found)
}

// check refuses what repeated additions make too large.
func (c *composition) check(e effect) *Error {
	size := e.text.bytes()
	for _, t := range e.trims {
		size += t.added.bytes()
	}
	if size <= c.most {
		return nil
	}
	return &Error{Code: CodeLimit, Section: c.section, Option: c.option, Pos: e.last.Pos(),
		Message: "The value is too large: files that add to it are extended too often.",
		Detail:  []string{fmt.Sprintf("found more than %d bytes", c.most)}}
}
