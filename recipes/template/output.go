package template

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/recipes/internal/umask"
)

// output is the file that a template becomes.
type output struct {
	option string
	path   string
	mode   *fs.FileMode // nil: what the content and the umask say
}

// permissions are those of a file with this content. A script whose interpreter
// exists can be run.
func (o *output) permissions(tx *buildout.Tx, content string) (fs.FileMode, error) {
	if o.mode != nil {
		return *o.mode, nil
	}
	mode := fs.FileMode(0o666)
	if rest, ok := strings.CutPrefix(content, "#!"); ok {
		line, _, _ := strings.Cut(rest, "\n")
		if words := strings.Fields(line); len(words) > 0 && executable(tx.Path(words[0])) {
			mode = 0o777
		}
	}
	return umask.Apply(tx, mode)
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// write makes the file the part's.
func (o *output) write(tx *buildout.Tx, content string) error {
	return o.make(tx, content, tx.WriteFile)
}

// writeOnce makes a file that stays when the part is uninstalled.
func (o *output) writeOnce(tx *buildout.Tx, content string) error {
	return o.make(tx, content, func(path string, content []byte, mode fs.FileMode) error {
		return leave(tx, path, content, mode)
	})
}

func (o *output) make(tx *buildout.Tx, content string, write func(string, []byte, fs.FileMode) error) error {
	mode, err := o.permissions(tx, content)
	if err != nil {
		return err
	}
	if err = tx.MkdirAll(filepath.Dir(o.path), 0o777); err == nil {
		err = write(o.path, []byte(content), mode)
	}
	if err != nil {
		return tx.Part().Errorf(o.option, "%w", err)
	}
	return nil
}

// leave is [buildout.Tx.WriteFile] for a file that is not recorded as the part's.
func leave(tx *buildout.Tx, path string, content []byte, mode fs.FileMode) error {
	abs := tx.Path(path)
	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		tx.OnRollback(func() error { return os.Remove(abs) })
	case err != nil:
		return err
	case info.IsDir():
		return &fs.PathError{Op: "write", Path: abs, Err: errors.New("is a directory")}
	case info.Mode().IsRegular():
		old, err := os.ReadFile(abs)
		if err != nil {
			return err
		}
		if bytes.Equal(old, content) && info.Mode().Perm() == mode {
			return nil
		}
		tx.OnRollback(func() error {
			return renameio.WriteFile(abs, old, info.Mode().Perm(), renameio.IgnoreUmask())
		})
	}
	return renameio.WriteFile(abs, content, mode, renameio.IgnoreUmask())
}

// touch makes an empty file that is not recorded, unless there is one.
func touch(tx *buildout.Tx, path string) error {
	if err := tx.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	abs := tx.Path(path)
	f, err := os.OpenFile(abs, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return err
	}
	tx.OnRollback(func() error { return os.Remove(abs) })
	return f.Close()
}
