package buildout

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
)

// Tx is what a recipe acts through while it installs or updates its part. What
// it makes belongs to the part: it is recorded when the recipe succeeds, removed
// when the part is uninstalled, and undone when the recipe fails. It is also
// undone, by the next run, if this one is killed. A Tx is valid until the recipe
// returns, for one goroutine.
type Tx struct {
	part    *Part
	name    string
	host    string // of what is only moved out of the way: the part that needs the place
	run     *execution
	id      int
	undo    []undo
	wrote   bool            // in the journal
	fresh   map[string]bool // what was not there before, with all that is in it
	made    map[string]bool // folders that MkdirAll made
	owned   []string        // recorded, in order
	isOwned map[string]bool
	discard []string // temporary files
	asides  int      // names that were given to what is aside
	lost    bool     // what the part had installed is gone
	err     error    // of a journal that can't be written
	log     *commandLog
}

// undo is one thing to undo: what an entry of the journal announced, or a
// function.
type undo struct {
	entry
	f     func() error
	stays bool   // after a failure
	shown string // the path as the recipe gave it
}

// Part is the part that is being installed.
func (tx *Tx) Part() *Part { return tx.part }

// Path makes a path absolute in the buildout directory.
func (tx *Tx) Path(path string) string { return tx.part.Path(path) }

// Log logs for the part.
func (tx *Tx) Log() *slog.Logger { return tx.run.b.partLogger(tx.name) }

// Created says that the part is about to make these files or directories. They
// are recorded as the part's, and removed if it fails; but what is there already
// stays then, since it may be anyone's.
func (tx *Tx) Created(paths ...string) {
	for _, p := range paths {
		tx.own(p)
		tx.fail(tx.claim(p, false))
	}
}

// Own is Created for what a user will want to look at if the recipe fails, such
// as the tree of a failed build: it then stays, unless what was there before goes
// back to its place.
func (tx *Tx) Own(paths ...string) {
	for _, p := range paths {
		tx.own(p)
		tx.fail(tx.claim(p, true))
	}
}

func (tx *Tx) own(path string) {
	if !tx.isOwned[path] {
		tx.isOwned[path] = true
		tx.owned = append(tx.owned, path)
	}
}

func (tx *Tx) fail(err error) {
	if tx.err == nil {
		tx.err = err
	}
}

// Leave leaves to the user what was made through tx: it is not recorded, and stays
// when the part is uninstalled. If the recipe fails it is undone all the same.
func (tx *Tx) Leave(paths ...string) {
	for _, p := range paths {
		delete(tx.isOwned, p)
	}
	tx.owned = slices.DeleteFunc(tx.owned, func(p string) bool { return slices.Contains(paths, p) })
}

// OnRollback runs f if the recipe fails, after what was registered later. It does
// not run if the process is killed.
func (tx *Tx) OnRollback(f func() error) { tx.undo = append(tx.undo, undo{f: f}) }

// announce puts an entry into the journal, to be undone if the recipe fails.
func (tx *Tx) announce(e entry) error {
	e.Tx, e.Part = tx.id, tx.name
	if err := tx.run.announce(e); err != nil {
		return err
	}
	tx.wrote = true
	tx.undo = append(tx.undo, undo{entry: e})
	return nil
}

// announced reports whether the journal knows of the transaction.
func (tx *Tx) announced() bool { return tx != nil && tx.wrote }

// claim announces that something is going to be made at a path. stays: it is not
// undone if the recipe fails.
func (tx *Tx) claim(path string, stays bool) error {
	abs := filepath.Clean(tx.Path(path))
	if nearest(tx.fresh, abs) {
		return nil
	}
	if !stays { // else it may be there already
		if err := tx.run.evict(abs, tx.name); err != nil {
			return err
		}
	}
	if lexists(abs) && !tx.made[abs] {
		if tx.run.upstream && !stays { // which doesn't ask what was there
			tx.undo = append(tx.undo, undo{f: func() error { return tx.run.disk.removeAll(abs) }})
		}
		return nil
	}
	real := realPath(abs)
	if err := tx.announce(entry{Kind: entryNew, Path: diskPath(real), Temp: diskPath(tempName(real))}); err != nil {
		// The recipe may not stop here. As long as this run lasts it can be undone.
		tx.undo = append(tx.undo, undo{f: func() error { return tx.run.disk.removeAll(abs) }})
		tx.fresh[abs] = true
		return err
	}
	last := &tx.undo[len(tx.undo)-1]
	last.stays, last.shown = stays, path
	tx.fresh[abs] = true
	return nil
}

// rollback undoes what was done, last first.
func (tx *Tx) rollback() error {
	var entries []entry
	for _, u := range tx.undo {
		entries = append(entries, u.entry)
	}
	var errs []error
	for i, u := range slices.Backward(tx.undo) {
		switch {
		case u.f != nil:
			errs = append(errs, u.f())
		case u.stays:
		default:
			if tx.isOwned[u.shown] && !lexists(string(u.Path)) {
				tx.Log().Warn("Couldn't clean up '" + u.shown + "'.")
			}
			errs = append(errs, tx.run.disk.takeBack(u.entry, entries[:i]))
		}
	}
	tx.undo = nil
	err := errors.Join(errs...)
	if err == nil {
		tx.end()
	}
	return err
}

// undoAll is rollback that says what can't be undone now: the next run does it.
func (tx *Tx) undoAll() {
	if err := tx.rollback(); err != nil {
		tx.run.b.logger.Warn("Couldn't undo all of "+tx.name+": "+err.Error(), "part", tx.name)
	}
}

// commit drops what was replaced. What can't be removed now is left to the next
// run.
func (tx *Tx) commit() {
	tx.run.b.logs.succeeded(tx.name)
	var errs []error
	for _, u := range tx.undo {
		if u.Kind == entryAside {
			errs = append(errs, tx.run.disk.drop(u.entry))
		}
	}
	tx.undo = nil
	if err := errors.Join(errs...); err != nil {
		tx.run.b.logger.Warn("Couldn't remove all of what "+tx.name+" replaced: "+err.Error(), "part", tx.name)
		return
	}
	tx.end()
}

func (tx *Tx) end() {
	if tx.wrote {
		tx.run.journal.end(tx.id)
	}
}

// close removes the temporary files.
func (tx *Tx) close() {
	tx.log.close()
	for _, p := range tx.discard {
		_ = os.RemoveAll(p)
	}
}

// WriteFile gives a file its content and exactly these permissions, and makes it
// the part's. A file that has both already is not touched; any other is replaced
// at once, so that readers see the old content or the new. The folder must
// exist.
func (tx *Tx) WriteFile(path string, content []byte, mode fs.FileMode) error {
	abs := tx.Path(path)
	info, err := os.Lstat(abs)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case err == nil && info.IsDir():
		return &fs.PathError{Op: "write", Path: abs, Err: errors.New("is a directory")}
	case err == nil && info.Mode().IsRegular():
		if old, err := os.ReadFile(abs); err == nil && bytes.Equal(old, content) {
			tx.own(path)
			return tx.chmod(abs, info.Mode().Perm(), mode)
		}
	}
	return tx.replace(path, func(temp string) error {
		return tx.run.disk.replace(abs, temp, content, mode, true)
	})
}

// chmod changes the permissions of a file.
func (tx *Tx) chmod(abs string, old, mode fs.FileMode) error {
	if tx.err != nil || old == mode {
		return tx.err
	}
	if !nearest(tx.fresh, filepath.Clean(abs)) {
		if err := tx.announce(entry{Kind: entryMode, Path: diskPath(realPath(abs)), Mode: old}); err != nil {
			return err
		}
	}
	return tx.run.disk.chmod(abs, mode)
}

// replace makes a file or a link in place of what is there, through another name.
func (tx *Tx) replace(path string, put func(temp string) error) error {
	abs := filepath.Clean(tx.Path(path))
	tx.own(path)
	if err := tx.claim(path, false); err != nil {
		return err
	}
	if tx.err != nil {
		return tx.err
	}
	if !nearest(tx.fresh, abs) {
		if moved, err := tx.putAside(abs, "", true); err != nil || !moved {
			return errors.Join(err, fs.ErrInvalid)
		}
	}
	return put(tempName(abs))
}

// MkdirAll makes a directory and its parents, which do not become the part's:
// they stay when it is uninstalled. Those that are there are left as they are.
// What it made is removed again if the recipe fails and nothing is in it.
func (tx *Tx) MkdirAll(path string, mode fs.FileMode) error {
	return tx.mkdirAll(filepath.Clean(tx.Path(path)), mode)
}

func (tx *Tx) mkdirAll(abs string, mode fs.FileMode) error {
	info, err := os.Stat(abs)
	if err == nil {
		if !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: abs, Err: errors.New("there is a file of that name")}
		}
		return nil
	}
	if parent := filepath.Dir(abs); parent != abs {
		if err := tx.mkdirAll(parent, 0o777); err != nil {
			return err
		}
	}
	if tx.err != nil {
		return tx.err
	}
	if !nearest(tx.fresh, abs) {
		if err := tx.announce(entry{Kind: entryDir, Path: diskPath(realPath(abs))}); err != nil {
			return err
		}
		tx.made[abs] = true
	}
	err = tx.run.disk.mkdir(abs, mode)
	if errors.Is(err, fs.ErrExist) {
		if info, statErr := os.Stat(abs); statErr == nil && info.IsDir() {
			delete(tx.made, abs) // a part beside this one was first
			return nil
		}
	}
	return err
}

// Symlink makes a link to target, in place of a link that is there, and makes it
// the part's. Anything else in its place is an error.
func (tx *Tx) Symlink(target, link string) error {
	abs := tx.Path(link)
	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink == 0:
		return &fs.PathError{Op: "symlink", Path: abs, Err: errors.New("already exists but is not a link")}
	default:
		if old, err := os.Readlink(abs); err != nil || old == target {
			tx.own(link)
			return err
		}
	}
	return tx.replace(link, func(temp string) error {
		if lexists(temp) { // of a run that was killed
			if err := tx.run.disk.remove(temp); err != nil {
				return err
			}
		}
		if err := tx.run.disk.symlink(target, temp); err != nil {
			return err
		}
		return tx.run.disk.rename(temp, abs)
	})
}

// RemoveAll removes a file or a folder with all in it, also one with folders that
// may not be written. It is for what the recipe itself made before, such as the
// tree of an earlier build. What was there before the recipe began is put back if
// it fails.
func (tx *Tx) RemoveAll(path string) error {
	abs := filepath.Clean(tx.Path(path))
	switch {
	case tx.err != nil:
		return tx.err
	case nearest(tx.fresh, abs):
		return tx.run.disk.removeAll(abs)
	case !lexists(abs):
		return nil
	}
	if err := tx.run.removable(abs); err != nil {
		return err
	}
	moved, err := tx.putAside(abs, "", false)
	if err == nil && !moved {
		err = tx.run.disk.removeAll(abs)
	}
	return err
}

// TempDir makes a folder that is removed when the recipe returns.
func (tx *Tx) TempDir() (string, error) {
	dir, err := os.MkdirTemp("", "buildout-"+filepath.Base(tx.part.name)+"-")
	if err == nil {
		tx.discard = append(tx.discard, dir)
	}
	return dir, err
}

// Fetch brings a URL or a path here and returns the name of a local file, which
// the recipe may read until it returns. See [FetchOptions].
func (tx *Tx) Fetch(ctx context.Context, url string, o FetchOptions) (string, error) {
	path, temporary, err := tx.part.eval.run.fetch(ctx, tx.part, url, o, true)
	if temporary {
		tx.discard = append(tx.discard, path)
	}
	return path, err
}
