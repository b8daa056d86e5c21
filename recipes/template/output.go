package template

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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
	mode, err := o.permissions(tx, content)
	if err != nil {
		return err
	}
	if err = tx.MkdirAll(filepath.Dir(o.path), 0o777); err == nil {
		err = tx.WriteFile(o.path, []byte(content), mode)
	}
	if err != nil {
		return tx.Part().Errorf(o.option, "%w", err)
	}
	return nil
}

// touch makes an empty file that is not recorded, unless there is one.
func touch(tx *buildout.Tx, path string) error {
	if _, err := os.Lstat(tx.Path(path)); err == nil {
		return nil
	}
	if err := tx.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	mode, err := umask.Apply(tx, 0o666)
	if err != nil {
		return err
	}
	err = tx.WriteFile(path, nil, mode)
	tx.Leave(path)
	return err
}
