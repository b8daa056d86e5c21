package buildout

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"
)

// steps carries out the steps of the plan: one after the other, or side by side
// as far as they don't depend on each other. The first failure ends it.
func (x *execution) steps(ctx context.Context) error {
	if x.b.workers == 1 {
		for _, s := range x.plan.Steps {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := x.step(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}
	place := make(map[string]int, len(x.plan.Steps))
	for i, s := range x.plan.Steps {
		place[s.Part] = i
	}
	uninstalled, parts := len(x.result.Uninstalled), len(x.result.Parts)
	x.state.keepOrder(place)
	x.b.eval.shared = true
	err := x.sideBySide(ctx, place)
	x.b.eval.shared = false

	byPlace := func(a, b string) int { return cmp.Compare(place[a], place[b]) }
	slices.SortFunc(x.result.Uninstalled[uninstalled:], byPlace)
	slices.SortFunc(x.result.Installed, byPlace)
	slices.SortFunc(x.result.Updated, byPlace)
	slices.SortFunc(x.result.Parts[parts:], func(a, b PartFinished) int { return byPlace(a.Part, b.Part) })
	return err
}

// ended is how a step ended.
type ended struct {
	step int
	err  error
}

// sideBySide starts each step once those that it waits for have ended, of several
// the first in the plan. The error is that of the first failed step in the plan;
// others are logged.
func (x *execution) sideBySide(ctx context.Context, place map[string]int) error {
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	steps := x.plan.Steps
	after := x.order(place)
	next, waits := make([][]int, len(steps)), make([]int, len(steps))
	var ready []int // sorted
	for i, before := range after {
		waits[i] = len(before)
		for _, j := range before {
			next[j] = append(next[j], i)
		}
		if len(before) == 0 {
			ready = append(ready, i)
		}
	}
	var failed []ended
	done := make(chan ended)
	for busy := 0; ; {
		for len(ready) > 0 && busy < x.b.workers && len(failed) == 0 && ctx.Err() == nil {
			i := ready[0]
			ready = ready[1:]
			busy++
			go func() { done <- ended{i, x.step(running, steps[i])} }()
		}
		if busy == 0 {
			break
		}
		e := <-done
		busy--
		if e.err != nil {
			failed = append(failed, e)
			if x.b.cancelOnFailure {
				cancel()
			}
			continue
		}
		for _, i := range next[e.step] {
			if waits[i]--; waits[i] == 0 {
				at, _ := slices.BinarySearch(ready, i)
				ready = slices.Insert(ready, at, i)
			}
		}
	}
	if len(failed) == 0 {
		return ctx.Err()
	}
	// What was cancelled because another failed comes last.
	slices.SortFunc(failed, func(a, b ended) int {
		switch late := isCancelled(a.err); {
		case late == isCancelled(b.err):
			return cmp.Compare(a.step, b.step)
		case late:
			return 1
		}
		return -1
	})
	for _, e := range failed[1:] {
		if !isCancelled(e.err) {
			x.b.logger.Error("Part "+steps[e.step].Part+" failed, too: "+e.err.Error(), "part", steps[e.step].Part)
		}
	}
	return failed[0].err
}

// order says which steps each step waits for. They are all before it in the plan,
// so that there is no loop: what parts that refer to each other need is where the
// plan has them.
func (x *execution) order(place map[string]int) [][]int {
	after := make([][]int, len(x.plan.Steps))
	relate := func(i, j int) {
		if i < j {
			i, j = j, i
		}
		if i != j {
			after[i] = append(after[i], j)
		}
	}
	ev := x.b.eval
	related := func(p *Part, found func(j int)) {
		seen, passed := map[dependency]bool{}, map[*Part]bool{p: true}
		var follow func(p *Part)
		follow = func(p *Part) {
			for _, d := range p.deps.list {
				ev.follow(p, d, seen, func(part *Part, _ string, _ *hop) {
					if j, ok := place[part.name]; ok {
						found(j)
					} else if !passed[part] { // left alone, but not what it refers to
						passed[part] = true
						follow(part)
					}
				})
			}
		}
		follow(p)
	}
	for i, s := range x.plan.Steps {
		related(ev.part(s.Part), func(j int) { relate(i, j) })
	}
	// Any recipe may look at [buildout], and so depend on what that refers to.
	related(ev.part("buildout"), func(j int) {
		for i := j + 1; i < len(after); i++ {
			relate(i, j)
		}
	})
	for i := range x.neighbours(relate) {
		for j := range x.plan.Steps {
			relate(i, j)
		}
	}
	for i := range after {
		slices.Sort(after[i])
		after[i] = slices.Compact(after[i])
	}
	return after
}

// users are the steps that are at work in a place.
type users struct{ own, named []int } // by the record, and by options

func (u *users) all() []int { return slices.Concat(u.own, u.named) }

// neighbours relates steps of which one is at work in a place that is, or is
// within, one of another's: folders in folders are made and removed in the order
// of the plan. It returns the steps that nothing may run beside: while a part is
// replaced, what others have in its place is away, also for whoever needs that.
func (x *execution) neighbours(relate func(i, j int)) (alone map[int]bool) {
	alone = map[int]bool{}
	places := map[string]*users{}
	at := func(path string) *users {
		if places[path] == nil {
			places[path] = &users{}
		}
		return places[path]
	}
	for i, s := range x.plan.Steps {
		if old := x.state.record(s.Part); old != nil {
			for _, path := range x.paths(old) {
				at(path).own = append(at(path).own, i)
				if s.Action == ActionReinstall && x.hasGuests(s.Part, path) {
					alone[i] = true
				}
			}
		}
		for _, path := range x.placesOf(x.b.eval.part(s.Part)) {
			at(path).named = append(at(path).named, i)
		}
	}
	for path, u := range places {
		if len(u.own) > 0 { // else it may be something that all of them read
			inRow(u.all(), relate)
		}
		for dir := filepath.Dir(path); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			above := places[dir]
			if above == nil {
				continue
			}
			for _, i := range above.own {
				others := slices.ContainsFunc(u.all(), func(j int) bool { return j != i })
				if x.plan.Steps[i].Action == ActionReinstall && others {
					alone[i] = true
				}
			}
			if len(above.all())*len(u.all()) > maxPairs {
				inRow(append(above.all(), u.all()...), relate)
				continue
			}
			for _, i := range above.all() {
				for _, j := range u.all() {
					relate(i, j)
				}
			}
		}
	}
	return alone
}

// hasGuests reports whether others than a part, perhaps such as the plan leaves
// alone, have recorded something in a place of it.
func (x *execution) hasGuests(part, path string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.ContainsFunc(x.recorded().inside(path), func(c claim) bool { return c.part != part })
}

// maxPairs bounds how many steps are related one by one because of one place.
const maxPairs = 10_000

// inRow relates each step to the next.
func inRow(steps []int, relate func(i, j int)) {
	slices.Sort(steps)
	for n := 1; n < len(steps); n++ {
		relate(steps[n-1], steps[n])
	}
}

// placesOf are the places in the buildout directory that options of a part name:
// where it is going to be at work, as far as can be known before. What it refers
// to in other sections is theirs, and so is what is in the location of another
// part.
func (x *execution) placesOf(p *Part) []string {
	given, locations := map[string]bool{}, map[string]bool{}
	for _, d := range p.deps.list {
		if d.section == p.name || d.target == "" {
			continue
		}
		v, ok, err := x.b.eval.part(d.section).evaluate(d.target, x.b.eval.newChain())
		if ok && err == nil {
			given[v] = true
			if d.target == "location" {
				locations[filepath.Clean(x.b.config.join(v))] = true
			}
		}
	}
	var places []string
	for _, v := range p.saved {
		if !strings.Contains(v, "/") || strings.ContainsAny(v, "\n:") || given[v] {
			continue
		}
		path := filepath.Clean(x.b.config.join(v))
		if contains(x.b.config.directory, path) && x.removable(path) == nil && !nearest(locations, path) && !slices.Contains(places, path) {
			places = append(places, path)
		}
	}
	return places
}
