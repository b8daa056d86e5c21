package buildout

import (
	"context"
	"errors"
	"fmt"
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
	// Parts says of each part that was begun how it ended, in the same order.
	Parts []PartFinished
}

// OnFailure says what becomes of a part that was installed when its
// reinstallation or its update fails.
type OnFailure int

const (
	// KeepOld puts back what was installed before. A part that changed is moved
	// aside when it is its turn, and dropped when its successor is recorded.
	KeepOld OnFailure = iota
	// AsUpstream does as zc.buildout: all parts that changed are uninstalled before
	// any is installed, and a part that fails is not installed any more.
	AsUpstream
)

// Apply carries out a plan, after an interrupted run's leftovers are put in order.
// It stops at the first part that fails: what that part made is undone, what was
// done before stays and is recorded. The result is never nil and says what was
// done.
func (b *Buildout) Apply(ctx context.Context, plan *Plan) (*Result, error) {
	b.ctx = ctx
	r := &Result{}
	release, err := b.Lock(ctx)
	if err != nil {
		return r, err
	}
	defer release()
	if !b.dryRun() {
		if err := b.recover(ctx); err != nil {
			return r, err
		}
	}
	now, err := readRecord(plan.state.path)
	if err != nil {
		return r, b.eval.while.fail(b.config, err.(*Error))
	}
	if now != plan.state.content {
		return r, &Error{Code: CodeState, Message: "What is installed has changed since the plan was made.", Hint: "make a new plan"}
	}
	if b.dryRun() {
		b.pretend(plan)
		return r, nil
	}
	x, err := b.execution(plan, r)
	if err != nil {
		return r, err
	}
	err = x.apply(ctx)
	if closeErr := x.close(err == nil); closeErr != nil {
		err = errors.Join(err, closeErr)
	}
	return r, err
}

// dryRun is whether runs only say what they would do.
func (b *Buildout) dryRun() bool {
	dry, _, _ := b.section().Lookup("dry-run")
	return dry == "true"
}

// recover puts in order what an interrupted run has left. The record of installed
// parts stays as it is, only paths come and go.
func (b *Buildout) recover(ctx context.Context) error {
	path, _, err := b.section().Lookup("installed")
	if err != nil || path == "" {
		return err
	}
	for _, temp := range []string{path + newSuffix, path + backupSuffix + newSuffix} {
		if lexists(temp) {
			_ = b.disk.remove(temp) // was never to be read
		}
	}
	left, err := b.leftover(path)
	if err == nil && left != nil {
		if err = left.wait(ctx, b.logger); err == nil {
			err = left.recover(b.disk, b.logger)
		}
	}
	var e *Error
	if errors.As(err, &e) {
		return b.eval.while.fail(b.config, e)
	}
	return err
}

// leftover is what an interrupted run has left, nil if nothing.
func (b *Buildout) leftover(path string) (*leftover, error) {
	if path == "" || !lexists(path+journalSuffix) {
		return nil, nil
	}
	record, err := readRecord(path)
	if err != nil {
		return nil, err
	}
	directory, err := b.realDirectory()
	if err != nil {
		return nil, err
	}
	return readLeftover(path+journalSuffix, directory, sumOf(record))
}

// pretend says what applying a plan would do, in the same words.
func (b *Buildout) pretend(plan *Plan) {
	first := plan.stale(b.onFailure)
	for _, name := range first {
		b.logger.Info("Uninstalling "+name+".", "part", name)
	}
	for _, s := range plan.Steps {
		if s.Action == ActionReinstall && b.onFailure != AsUpstream {
			b.logger.Info("Uninstalling "+s.Part+".", "part", s.Part)
		}
		word := "Installing "
		if s.Action == ActionUpdate {
			word = "Updating "
		}
		b.logger.Info(word+s.Part+".", "part", s.Part)
	}
}

// stale lists the parts to uninstall before any is installed, the last installed
// first.
func (p *Plan) stale(o OnFailure) []string {
	gone := map[string]bool{}
	for _, s := range slices.Concat(p.Uninstall, p.Steps) {
		gone[s.Part] = s.Action == ActionUninstall || s.Action == ActionReinstall && o == AsUpstream
	}
	var names []string
	for _, name := range slices.Backward(p.state.names()) {
		if gone[name] {
			names = append(names, name)
		}
	}
	return names
}

// MakeDirectories makes the directories that every buildout has, as the start of
// a run does.
func (b *Buildout) MakeDirectories() error {
	defer b.eval.while.enter("Setting up buildout directories", "", "")()
	dirs, err := b.directories()
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if exists(dir) {
			continue
		}
		b.logger.Info("Creating directory '" + dir + "'.")
		if err := b.disk.mkdirAll(dir); err != nil {
			return b.section().Errorf("directory", "%w", err)
		}
	}
	return nil
}

// directories lists the directories that every buildout has.
func (b *Buildout) directories() ([]string, error) {
	var dirs []string
	for _, name := range []string{"download-cache", "eggs-directory", "extends-cache", "bin-directory", "parts-directory", "develop-eggs-directory"} {
		dir, ok, err := b.section().Lookup(name)
		if err != nil {
			return nil, err
		}
		if !ok || dir == "" {
			continue
		}
		dirs = append(dirs, b.config.join(dir))
		if name == "download-cache" {
			dirs = append(dirs, filepath.Join(b.config.join(dir), "dist"))
		}
	}
	return dirs, nil
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
