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

	"github.com/google/renameio/v2"
)

// Tx is what a recipe acts through while it installs or updates its part. What
// it makes belongs to the part: it is recorded when the recipe succeeds, removed
// when the part is uninstalled, and undone when the recipe fails. A Tx is valid
// until the recipe returns, for one goroutine.
type Tx struct {
	part    *Part
	owned   []string // recorded, in order
	undo    []func() error
	discard []string // temporary files
}

// Part is the part that is being installed.
func (tx *Tx) Part() *Part { return tx.part }

// Path makes a path absolute in the buildout directory.
func (tx *Tx) Path(path string) string { return tx.part.Path(path) }

// Log logs for the part.
func (tx *Tx) Log() *slog.Logger { return tx.part.Logger() }

// Created says that the part makes these files or directories, before or just
// after it does. They are recorded as the part's, and removed if it fails.
func (tx *Tx) Created(paths ...string) {
	tx.Own(paths...)
	for _, p := range paths {
		abs := tx.Path(p)
		tx.OnRollback(func() error {
			if _, err := os.Lstat(abs); errors.Is(err, fs.ErrNotExist) {
				tx.Log().Warn("Couldn't clean up '" + p + "'.")
				return nil
			}
			return removeTree(abs)
		})
	}
}

// Own records paths as the part's without undoing anything if it fails: for what
// a user will want to look at then, such as the tree of a failed build.
func (tx *Tx) Own(paths ...string) {
	for _, p := range paths {
		if !slices.Contains(tx.owned, p) {
			tx.owned = append(tx.owned, p)
		}
	}
}

// Leave leaves to the user what was made through tx: it is not recorded, and stays
// when the part is uninstalled. If the recipe fails it is undone all the same.
func (tx *Tx) Leave(paths ...string) {
	tx.owned = slices.DeleteFunc(tx.owned, func(p string) bool { return slices.Contains(paths, p) })
}

// OnRollback runs f if the recipe fails, after what was registered later.
func (tx *Tx) OnRollback(f func() error) { tx.undo = append(tx.undo, f) }

// rollback undoes what was done, last first.
func (tx *Tx) rollback() error {
	var errs []error
	for _, f := range slices.Backward(tx.undo) {
		errs = append(errs, f())
	}
	tx.undo = nil
	return errors.Join(errs...)
}

// close removes the temporary files.
func (tx *Tx) close() {
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
	case errors.Is(err, fs.ErrNotExist):
		tx.Created(path)
		return renameio.WriteFile(abs, content, mode, renameio.IgnoreUmask())
	case err != nil:
		return err
	case info.IsDir():
		return &fs.PathError{Op: "write", Path: abs, Err: errors.New("is a directory")}
	}
	tx.Own(path)
	if info.Mode().IsRegular() {
		old, err := os.ReadFile(abs)
		if err == nil && bytes.Equal(old, content) {
			if info.Mode().Perm() == mode {
				return nil
			}
			tx.OnRollback(func() error { return os.Chmod(abs, info.Mode().Perm()) })
			return os.Chmod(abs, mode)
		}
		if err == nil {
			tx.OnRollback(func() error {
				return renameio.WriteFile(abs, old, info.Mode().Perm(), renameio.IgnoreUmask())
			})
		}
	}
	return renameio.WriteFile(abs, content, mode, renameio.IgnoreUmask())
}

// MkdirAll makes a directory and its parents, which do not become the part's:
// they stay when it is uninstalled. Those that are there are left as they are.
// What it made is removed again if the recipe fails and nothing is in it.
func (tx *Tx) MkdirAll(path string, mode fs.FileMode) error {
	return tx.mkdirAll(tx.Path(path), mode)
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
	if err := os.Mkdir(abs, mode); err != nil {
		return err
	}
	tx.OnRollback(func() error {
		_ = os.Remove(abs) // fails, rightly, when something is in it
		return nil
	})
	return nil
}

// Symlink makes a link to target, in place of a link that is there, and makes it
// the part's. Anything else in its place is an error.
func (tx *Tx) Symlink(target, link string) error {
	abs := tx.Path(link)
	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		tx.Created(link)
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink == 0:
		return &fs.PathError{Op: "symlink", Path: abs, Err: errors.New("already exists but is not a link")}
	default:
		tx.Own(link)
		old, err := os.Readlink(abs)
		if err != nil || old == target {
			return err
		}
		tx.OnRollback(func() error { return renameio.Symlink(old, abs) })
	}
	return renameio.Symlink(target, abs)
}

// RemoveAll removes a file or a folder with all in it, also one with folders that
// may not be written. It is for what the recipe itself made before, such as the
// tree of an earlier build, and is not undone.
func (tx *Tx) RemoveAll(path string) error { return removeTree(tx.Path(path)) }

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
