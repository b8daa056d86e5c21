package buildout

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// execution is one application of a plan. What it holds is safe for several
// goroutines, each of which works on a part of its own.
type execution struct {
	b         *Buildout
	plan      *Plan
	result    *Result
	state     *state
	journal   *journal
	disk      *disk
	directory string   // the buildout directory, free of links
	keep      []string // what nothing may remove: standard directories, the record
	upstream  bool     // OnFailure

	mu      sync.Mutex
	claims  claims          // of all recorded parts
	counted bool            // the claims are filled
	pending map[string]bool // parts that are to be replaced and have not begun
	done    map[string]bool // parts that were installed
	guests  map[string]*Tx  // of parts that were in the way of others, by name
	store   *entry          // of the folder for what is aside
}

func (b *Buildout) execution(plan *Plan, r *Result) (*execution, error) {
	directory, err := b.realDirectory()
	if err != nil {
		return nil, err
	}
	keep, dist, err := b.directories()
	if err != nil {
		return nil, err
	}
	if dist != "" {
		keep = append(keep, dist)
	}
	keep = append(keep, b.config.directory, directory)
	x := &execution{b: b, plan: plan, result: r, state: plan.state, disk: b.disk, directory: directory, keep: keep, upstream: b.onFailure == AsUpstream,
		pending: map[string]bool{}, done: map[string]bool{}, guests: map[string]*Tx{}}
	x.journal = &journal{disk: b.disk, directory: directory}
	if x.state.path != "" {
		x.journal.path = x.state.path + journalSuffix
		x.keep = append(x.keep, x.state.path)
	}
	x.state.disk, x.state.journal = x.disk, x.journal
	x.state.written = func() { b.observe(StateWritten{x.state.path}) }
	for _, s := range plan.Steps {
		if s.Action == ActionReinstall && !x.upstream {
			x.pending[s.Part] = true
		}
	}
	return x, nil
}

// realDirectory is the buildout directory, free of links.
func (b *Buildout) realDirectory() (string, error) {
	directory, err := filepath.Abs(b.config.directory)
	if err == nil {
		directory, err = filepath.EvalSymlinks(directory)
	}
	if err != nil {
		return "", b.section().Errorf("directory", "%w", err)
	}
	return directory, nil
}

func (x *execution) apply(ctx context.Context) error {
	b := x.b
	if err := b.MakeDirectories(); err != nil {
		return err
	}
	x.state.begin()
	if err := x.uninstallStale(ctx); err != nil {
		return err
	}
	b.warnUnused(b.section())
	if err := x.steps(ctx); err != nil {
		return err
	}
	if !x.plan.named && len(b.live) > len(x.plan.Steps) {
		return b.tooLate(b.live[len(x.plan.Steps)])
	}
	return nil
}

// tooLate is the error about a part that no plan has.
func (b *Buildout) tooLate(p *Part) error {
	return b.eval.while.fail(b.config, &Error{Code: CodeMissingOption, Section: p.name, Pos: p.declared(),
		Message: "Missing option: " + p.name + ":" + optionSignature,
		Detail:  []string{"the part was first referred to while others were being installed, too late to be planned"},
		Hint:    "refer to it from an option, or list it in parts"})
}

// part does something with a part, and tells the observer.
func (x *execution) part(name string, action Action, f func() error) error {
	x.b.observe(PartStarted{name, action})
	begin := time.Now()
	err := f()
	finished := PartFinished{name, action, time.Since(begin), err}
	x.mu.Lock()
	x.result.Parts = append(x.result.Parts, finished)
	x.mu.Unlock()
	x.b.observe(finished)
	return err
}

// close ends the run: what is still aside goes back, and the record is completed.
func (x *execution) close(well bool) error {
	x.giveBack("")
	x.b.logs.tidy()
	err := x.state.finish(well)
	var storeErr error
	if x.store != nil {
		storeErr = x.disk.takeBack(*x.store, nil)
	}
	return errors.Join(err, storeErr, x.journal.close(storeErr == nil))
}

// announce puts an entry into the journal.
func (x *execution) announce(e entry) error {
	if !x.journal.started() {
		if err := x.state.startJournal(); err != nil {
			return err
		}
	}
	return x.journal.announce(e)
}

// recorded are the claims of all recorded parts. x.mu is held.
func (x *execution) recorded() claims {
	if !x.counted {
		x.counted = true
		for _, name := range x.state.names() {
			for _, p := range x.paths(x.state.record(name)) {
				x.claims = append(x.claims, claim{p, name})
			}
		}
		slices.SortFunc(x.claims, compareClaims)
		x.claims = slices.Compact(x.claims)
	}
	return x.claims
}

// reclaim replaces the claims of a part. Either may be nil.
func (x *execution) reclaim(old, now *Installed) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.counted {
		return
	}
	if old != nil {
		x.claims.drop(old.Name, x.paths(old))
	}
	if now != nil {
		x.claims.add(now.Name, x.paths(now))
	}
}

func (x *execution) isPending(name string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.pending[name]
}

// newTx makes a transaction of a part.
func (x *execution) newTx(name string) *Tx {
	return &Tx{name: name, run: x, id: x.journal.number(), fresh: map[string]bool{}, made: map[string]bool{}, isOwned: map[string]bool{}}
}

// begin starts the transaction of a part. Paths of it that were in the way of
// others are aside already, and their places are its own now.
func (x *execution) begin(p *Part) (*Tx, error) {
	x.mu.Lock()
	delete(x.pending, p.name)
	tx := x.guests[p.name]
	delete(x.guests, p.name)
	x.mu.Unlock()
	if tx == nil {
		tx = x.newTx(p.name)
	}
	tx.part = p
	for _, u := range slices.Clone(tx.undo) {
		if u.Guest && !lexists(string(u.Path)) {
			u.Guest = false
			if err := tx.announce(u.entry); err != nil {
				tx.undoAll()
				return nil, err
			}
		}
	}
	return tx, nil
}

// uninstallStale uninstalls what is to go before anything is installed.
func (x *execution) uninstallStale(ctx context.Context) error {
	for _, name := range x.plan.stale(x.b.onFailure) {
		old := x.state.record(name)
		if old == nil {
			continue
		}
		err := x.part(name, ActionUninstall, func() error {
			err := x.uninstall(ctx, old)
			if err == nil {
				err = x.state.forget(name)
			}
			return during("Installing.", during("Uninstalling "+name+".", err))
		})
		if err != nil {
			return err
		}
		x.b.logs.succeeded(name)
		x.reclaim(old, nil)
		x.giveBack(name)
		x.result.Uninstalled = append(x.result.Uninstalled, name)
	}
	return nil
}

// uninstall runs the recipe's uninstaller and removes the part's paths.
func (x *execution) uninstall(ctx context.Context, old *Installed) error {
	if err := x.runUninstaller(ctx, old); err != nil {
		return err
	}
	if !x.upstream {
		for _, path := range outermost(x.paths(old)) {
			if x.removable(path) != nil {
				continue // removePaths says it
			}
			if err := x.moveGuests(path, old.Name); err != nil {
				return x.stateError(old, err)
			}
		}
	}
	return x.removePaths(old)
}

func (x *execution) runUninstaller(ctx context.Context, old *Installed) error {
	b := x.b
	if p := b.part(old.Name); p != nil && p.saved != nil && b.logger.Enabled(ctx, levelDetail) {
		b.sayChanges(ctx, p, old)
	}
	b.logger.Info("Uninstalling "+old.Name+".", "part", old.Name)
	old.Directory = b.config.directory
	if entry, unknown := b.registry.lookup(old.Options["recipe"]); unknown == nil && entry.Uninstall != nil {
		b.logger.Info("Running uninstall recipe.", "part", old.Name)
		if err := b.guard(func() error { return entry.Uninstall(ctx, old) }); err != nil {
			return x.stateError(old, err)
		}
	}
	return nil
}

func (x *execution) removePaths(old *Installed) error {
	for _, path := range x.paths(old) {
		if err := x.removePath(path); err != nil {
			return x.stateError(old, err)
		}
	}
	return nil
}

func (x *execution) stateError(old *Installed, err error) error {
	if isCancelled(err) {
		return err
	}
	e := &Error{Code: CodeState, Section: old.Name, Message: err.Error(), Err: err}
	if p := x.b.part(old.Name); p != nil {
		e.Pos = p.declared()
	}
	return x.b.fail(e)
}

func (x *execution) step(ctx context.Context, s Step) error {
	p := x.b.part(s.Part)
	old := x.state.record(p.name)
	return x.part(p.name, s.Action, func() error {
		if old != nil && s.Action != ActionReinstall {
			return during("Updating "+p.name+".", x.update(ctx, p, old))
		}
		return x.install(ctx, p, old)
	})
}

// install installs a part, in place of old if it is not nil.
func (x *execution) install(ctx context.Context, p *Part, old *Installed) error {
	tx, err := x.begin(p)
	if err != nil {
		return during("Installing "+p.name+".", err)
	}
	defer tx.close()
	if old != nil {
		err = during("Uninstalling "+p.name+".", x.replace(ctx, tx, old))
	}
	if err == nil {
		err = during("Installing "+p.name+".", x.build(ctx, tx, old))
	}
	x.giveBack(p.name)
	return err
}

// replace makes room for the successor of a part.
func (x *execution) replace(ctx context.Context, tx *Tx, old *Installed) error {
	err := x.runUninstaller(ctx, old)
	if err == nil {
		if err = x.retire(tx, old); err != nil {
			err = x.stateError(old, err)
		}
	}
	if err != nil {
		x.failed(tx, old)
	}
	return err
}

func (x *execution) build(ctx context.Context, tx *Tx, old *Installed) error {
	p := tx.part
	x.b.logger.Info("Installing "+p.name+".", "part", p.name)
	in := &Installed{Name: p.name, Options: p.saved, Signature: p.signature}
	recorded, err := false, x.run(ctx, tx, p.recipe.Install)
	if err == nil {
		in.Paths = tx.owned
		err = x.checkPaths(p, in)
	}
	if err == nil {
		recorded, err = x.state.install(tx, in)
	}
	if !recorded {
		x.reclaim(in, old)
		x.failed(tx, old)
		return err
	}
	tx.commit()
	x.reclaim(old, in)
	x.mu.Lock()
	x.done[p.name] = true
	if old != nil {
		x.result.Uninstalled = append(x.result.Uninstalled, p.name)
	}
	x.result.Installed = append(x.result.Installed, p.name)
	x.mu.Unlock()
	x.b.warnUnused(p)
	return err
}

// failed undoes a transaction. A part of which nothing could be kept is not
// installed any more.
func (x *execution) failed(tx *Tx, old *Installed) {
	tx.undoAll()
	if old != nil && tx.lost {
		x.drop(old)
	}
}

// drop forgets a part with what is left of it.
func (x *execution) drop(old *Installed) {
	if err := x.removePaths(old); err != nil {
		x.b.logger.Warn(err.Error(), "part", old.Name)
	}
	if err := x.state.forget(old.Name); err != nil {
		x.b.logger.Warn(err.Error(), "part", old.Name)
	}
	x.reclaim(old, nil)
}

func (x *execution) update(ctx context.Context, p *Part, old *Installed) error {
	x.b.logger.Info("Updating "+p.name+".", "part", p.name)
	act := p.recipe.Install
	if u, ok := p.recipe.(Updater); ok {
		act = u.Update
	}
	tx, err := x.begin(p)
	if err != nil {
		return err
	}
	defer tx.close()
	if err := x.run(ctx, tx, act); err != nil {
		tx.undoAll()
		switch {
		case x.upstream && !isCancelled(err):
			x.drop(old)
		case errors.Is(err, ErrReinstall):
			x.markStale(old)
		}
		return err
	}
	in := &Installed{Name: p.name, Options: p.saved, Signature: p.signature, Paths: slices.Clone(old.Paths)}
	for _, path := range tx.owned {
		if !slices.Contains(in.Paths, path) {
			in.Paths = append(in.Paths, path)
		}
	}
	recorded, err := x.state.update(tx, in)
	if !recorded {
		tx.undoAll()
		return err
	}
	tx.commit()
	x.reclaim(old, in)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.result.Updated = append(x.result.Updated, p.name)
	return err
}

// staleMark is in the signature of a part that has to be installed anew: it
// differs from every other then, also for the originals.
const staleMark = " (to be installed anew)"

func (x *execution) markStale(old *Installed) {
	in := *old
	in.Signature = strings.TrimSuffix(in.Signature, staleMark) + staleMark
	if err := x.state.amend(&in); err != nil {
		x.b.logger.Warn(err.Error(), "part", old.Name)
	}
}

// run calls a recipe, guarding against its panics.
func (x *execution) run(ctx context.Context, tx *Tx, act func(context.Context, *Tx) error) error {
	err := x.b.guard(func() error { return act(ctx, tx) })
	if err == nil {
		err = tx.err
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return tx.part.wrap(err)
	}
	return nil
}

// checkPaths refuses a path that another part installed, and keeps others from
// taking those of this part.
func (x *execution) checkPaths(p *Part, in *Installed) error {
	if !x.b.config.dialect.ExclusivePaths {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	taken := map[string]string{}
	for _, path := range in.Paths {
		if path == "" {
			continue
		}
		for _, c := range x.recorded().at(filepath.Clean(x.b.config.join(path))) {
			if c.part != p.name && !x.pending[c.part] {
				taken[path] = c.part
			}
		}
	}
	if len(taken) == 0 {
		x.claims.add(p.name, x.paths(in))
		return nil
	}
	var list []string
	for _, path := range slices.Sorted(maps.Keys(taken)) {
		list = append(list, fmt.Sprintf("'%s': '%s'", path, taken[path]))
	}
	e := p.Errorf("", "The following paths are already installed by other sections: {%s}", strings.Join(list, ", ")).(*Error)
	e.Code = CodePathTaken
	return e
}
