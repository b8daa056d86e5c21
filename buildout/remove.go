package buildout

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// removePath removes what a part installed. A file or folder that is missing is
// no error, a link that leads nowhere is left, and no link is followed.
func (x *execution) removePath(path string) error {
	if err := x.removable(path); err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return x.disk.removeAll(path)
}

// contains reports whether inner is outer or lies in it.
func contains(outer, inner string) bool {
	outer, inner = filepath.Clean(outer), filepath.Clean(inner)
	return outer == inner || outer == "/" || strings.HasPrefix(inner, outer+"/")
}
