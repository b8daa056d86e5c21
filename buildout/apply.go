package buildout

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Result is what a run did.
type Result struct {
	// Uninstalled, Installed and Updated are the parts, in order. A part that was
	// reinstalled is in the first two.
	Uninstalled, Installed, Updated []string
}

// Apply carries out a plan. It stops at the first part that fails: what that part
// made is undone, what was done before stays and is recorded. The result is never
// nil and says what was done.
func (b *Buildout) Apply(ctx context.Context, plan *Plan) (*Result, error) {
	b.ctx = ctx
	r := &Result{}
	now, err := b.readState()
	if err != nil {
		return r, err
	}
	if now.content != plan.state.content {
		return r, &Error{Code: CodeState, Message: "What is installed has changed since the plan was made.", Hint: "make a new plan"}
	}
	if dry, _, _ := b.section().Lookup("dry-run"); dry == "true" {
		b.pretend(plan)
		return r, nil
	}
	err = b.apply(ctx, plan, r)
	return r, err
}

// pretend says what applying a plan would do, in the same words.
func (b *Buildout) pretend(plan *Plan) {
	for _, name := range plan.stale() {
		b.logger.Info("Uninstalling "+name+".", "part", name)
	}
	for _, s := range plan.Steps {
		word := "Installing "
		if s.Action == ActionUpdate {
			word = "Updating "
		}
		b.logger.Info(word+s.Part+".", "part", s.Part)
	}
}

func (b *Buildout) apply(ctx context.Context, plan *Plan, r *Result) error {
	if err := b.MakeDirectories(); err != nil {
		return err
	}
	b.sayTimeout()
	st := plan.state
	if err := st.begin(); err != nil {
		return err
	}
	if err := b.uninstallStale(ctx, plan, r); err != nil {
		return err
	}
	b.warnUnused(b.section())
	for _, s := range plan.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.applyStep(ctx, s, st, r); err != nil {
			return err
		}
	}
	if !plan.named && len(b.live) > len(plan.Steps) {
		late := b.live[len(plan.Steps)]
		return b.eval.while.fail(b.config, &Error{Code: CodeMissingOption, Section: late.name, Pos: late.pos,
			Message: "Missing option: " + late.name + ":" + optionSignature,
			Detail:  []string{"the part was first referred to while others were being installed, too late to be planned"},
			Hint:    "refer to it from an option, or list it in parts"})
	}
	return st.finish()
}

// MakeDirectories makes the directories that every buildout has, as the start of
// a run does.
func (b *Buildout) MakeDirectories() error {
	defer b.eval.while.enter("Setting up buildout directories", "", "")()
	var dirs []string
	for _, name := range []string{"download-cache", "eggs-directory", "extends-cache", "bin-directory", "parts-directory", "develop-eggs-directory"} {
		dir, ok, err := b.section().Lookup(name)
		if err != nil {
			return err
		}
		if !ok || dir == "" {
			continue
		}
		dirs = append(dirs, b.config.join(dir))
		if name == "download-cache" {
			dirs = append(dirs, filepath.Join(b.config.join(dir), "dist"))
		}
	}
	for _, dir := range dirs {
		if exists(dir) {
			continue
		}
		b.logger.Info("Creating directory '" + dir + "'.")
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return b.section().Errorf("directory", "%w", err)
		}
	}
	return nil
}

// sayTimeout reports what socket-timeout means, as Buildout does.
func (b *Buildout) sayTimeout() {
	v, _, _ := b.section().Lookup("socket-timeout")
	if v == "" {
		return
	}
	if n, err := strconv.Atoi(v); err == nil {
		b.logger.Info(fmt.Sprintf("Setting socket time out to %d seconds.", n))
	} else {
		b.logger.Warn(fmt.Sprintf("Default socket timeout is used !\nValue in configuration is not numeric: [%s].\n", v))
	}
}

// uninstallStale uninstalls what is to go or to be installed anew, last first.
func (b *Buildout) uninstallStale(ctx context.Context, plan *Plan, r *Result) error {
	defer b.eval.while.enter("Installing.", "", "")()
	for _, name := range plan.stale() {
		if err := b.uninstall(ctx, plan.state.records[name]); err != nil {
			return err
		}
		if err := plan.state.forget(name); err != nil {
			return err
		}
		r.Uninstalled = append(r.Uninstalled, name)
	}
	return nil
}

// stale lists the parts to uninstall, the last installed first.
func (p *Plan) stale() []string {
	gone := map[string]bool{}
	for _, s := range slices.Concat(p.Uninstall, p.Steps) {
		gone[s.Part] = s.Action == ActionUninstall || s.Action == ActionReinstall
	}
	var names []string
	for _, name := range slices.Backward(p.state.parts) {
		if gone[name] {
			names = append(names, name)
		}
	}
	return names
}

// uninstall runs the recipe's uninstaller and removes the part's paths.
func (b *Buildout) uninstall(ctx context.Context, old *Installed) error {
	defer b.eval.while.enter("Uninstalling %s.", old.Name, "")()
	b.logger.Info("Uninstalling "+old.Name+".", "part", old.Name)
	old.Directory = b.config.directory
	if entry, unknown := b.registry.lookup(old.Options["recipe"]); unknown == nil && entry.Uninstall != nil {
		b.logger.Info("Running uninstall recipe.", "part", old.Name)
		if err := b.guard(func() error { return entry.Uninstall(ctx, old) }); err != nil {
			return b.stateError(old, err)
		}
	}
	return b.removePaths(old)
}

func (b *Buildout) removePaths(old *Installed) error {
	for _, path := range old.Paths {
		if path == "" {
			continue
		}
		if err := removePath(b.config.join(path), b.config.directory); err != nil {
			return b.stateError(old, err)
		}
	}
	return nil
}

func (b *Buildout) stateError(old *Installed, err error) error {
	e := &Error{Code: CodeState, Section: old.Name, Message: err.Error(), Err: err}
	if p := b.eval.parts[old.Name]; p != nil {
		e.Pos = p.pos
	}
	return b.eval.while.fail(b.config, e)
}

func (b *Buildout) applyStep(ctx context.Context, s Step, st *state, r *Result) error {
	p := b.eval.parts[s.Part]
	if old := st.records[p.name]; old != nil {
		return b.update(ctx, p, old, st, r)
	}
	return b.install(ctx, p, st, r)
}

func (b *Buildout) install(ctx context.Context, p *Part, st *state, r *Result) error {
	defer b.eval.while.enter("Installing %s.", p.name, "")()
	b.logger.Info("Installing "+p.name+".", "part", p.name)
	in := &Installed{Name: p.name, Options: p.saved, Signature: p.signature}
	tx := &Tx{part: p}
	defer tx.close()
	err := b.run(ctx, tx, p.recipe.Install)
	if err == nil {
		in.Paths = tx.owned
		err = b.checkPaths(p, in.Paths, st)
	}
	if err != nil {
		return b.rolledBack(p, tx, err)
	}
	if err := st.install(in); err != nil {
		return b.rolledBack(p, tx, err)
	}
	r.Installed = append(r.Installed, p.name)
	b.warnUnused(p)
	return nil
}

func (b *Buildout) update(ctx context.Context, p *Part, old *Installed, st *state, r *Result) error {
	defer b.eval.while.enter("Updating %s.", p.name, "")()
	b.logger.Info("Updating "+p.name+".", "part", p.name)
	act := p.recipe.Install
	if u, ok := p.recipe.(Updater); ok {
		act = u.Update
	}
	tx := &Tx{part: p}
	defer tx.close()
	if err := b.run(ctx, tx, act); err != nil {
		err = b.rolledBack(p, tx, err)
		if isCancelled(err) {
			return err
		}
		// As the originals have it: a part that can't be updated is not installed.
		if removeErr := b.removePaths(old); removeErr != nil {
			b.logger.Warn(removeErr.Error(), "part", p.name)
		}
		if stateErr := st.forget(p.name); stateErr != nil {
			b.logger.Warn(stateErr.Error(), "part", p.name)
		}
		return err
	}
	in := &Installed{Name: p.name, Options: p.saved, Signature: p.signature, Paths: slices.Clone(old.Paths)}
	for _, path := range tx.owned {
		if !slices.Contains(in.Paths, path) {
			in.Paths = append(in.Paths, path)
		}
	}
	record := st.update
	if len(in.Paths) > len(old.Paths) {
		record = st.install
	}
	if err := record(in); err != nil {
		return err
	}
	r.Updated = append(r.Updated, p.name)
	return nil
}

// run calls a recipe, guarding against its panics.
func (b *Buildout) run(ctx context.Context, tx *Tx, act func(context.Context, *Tx) error) error {
	err := b.guard(func() error { return act(ctx, tx) })
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return tx.part.wrap(err)
	}
	return nil
}

func (b *Buildout) rolledBack(p *Part, tx *Tx, err error) error {
	if undoErr := tx.rollback(); undoErr != nil {
		b.logger.Warn("Couldn't undo all of "+p.name+": "+undoErr.Error(), "part", p.name)
	}
	return err
}

// checkPaths refuses a path that another part installed.
func (b *Buildout) checkPaths(p *Part, paths []string, st *state) error {
	if !b.config.dialect.ExclusivePaths {
		return nil
	}
	taken := map[string]string{}
	for _, other := range st.records {
		for _, path := range other.Paths {
			if other.Name != p.name && path != "" && slices.Contains(paths, path) {
				taken[path] = other.Name
			}
		}
	}
	if len(taken) == 0 {
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

// warnUnused reports options that nobody has read: typing errors, mostly.
func (b *Buildout) warnUnused(p *Part) {
	names := p.unused()
	if p.name == "buildout" {
		names = slices.DeleteFunc(names, func(name string) bool {
			o := b.config.Section("buildout").Option(name)
			return !o.Pos().IsValid() && o.source != commandLineSource || knownOptions[name]
		})
	}
	if len(names) == 0 {
		return
	}
	quoted := "'" + strings.Join(names, "' '") + "'"
	b.logger.Warn(fmt.Sprintf("Section `%s` contains unused option(s): %s.\nThis may be an indication for either a typo in the option's name or a bug in the used recipe.", p.name, quoted), "part", p.name)
}

// knownOptions are the options of [buildout] that some Buildout reads.
var knownOptions = func() map[string]bool {
	known := map[string]bool{}
	for _, d := range Dialects() {
		for _, o := range d.defaults {
			known[o[0]] = true
		}
	}
	for _, name := range strings.Fields("parts develop extensions extends-cache download-cache index directory executable versions verbosity networkcache-section shared-part-list prefix keep-compile-dir") {
		known[name] = true
	}
	return known
}()
