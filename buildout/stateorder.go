package buildout

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// stateOrder makes the record of parts that were installed side by side the same
// as if they had been installed in the order of the plan: it repeats what was
// changed, in that order, without writing.
type stateOrder struct {
	place   map[string]int // of parts in the plan
	start   state          // when the first of them began
	changes []orderedChange
}

type orderedChange struct {
	stateChange
	flushed bool // it was written before what came next
}

// keepOrder begins it.
func (s *state) keepOrder(place map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	o := &stateOrder{place: place}
	o.start.parts, o.start.records = slices.Clone(s.parts), maps.Clone(s.records)
	o.start.content, o.start.rewrite = s.content, s.rewrite
	o.start.appended.WriteString(s.appended.String())
	s.order = o
}

func (o *stateOrder) add(c stateChange, flushed bool) {
	if o != nil {
		o.changes = append(o.changes, orderedChange{c, flushed})
	}
}

// content is what the file would be.
func (o *stateOrder) content(appends bool, develop string) string {
	s := &o.start
	s.appends, s.develop, s.sections = appends, develop, map[string]string{}
	slices.SortStableFunc(o.changes, func(a, b orderedChange) int {
		return cmp.Compare(o.place[a.in.Name], o.place[b.in.Name])
	})
	for i, c := range o.changes {
		s.make(c.stateChange)
		// Before a change that has the file written anew it makes no difference.
		last := i == len(o.changes)-1 || !slices.Contains([]changeKind{changeInstall, changeUpdate, changeAmend}, o.changes[i+1].kind)
		if c.flushed && last {
			s.settle()
			s.content, s.rewrite, s.appended = s.next(), false, strings.Builder{}
		}
	}
	s.settle()
	return s.next()
}
