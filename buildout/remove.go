package buildout

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// removePath removes what a part installed. A file or folder that is missing is
// no error, a link that leads nowhere is left, and no link is followed. The
// buildout directory itself, and whatever contains it, is never removed.
func removePath(path, directory string) error {
	path = filepath.Clean(path)
	if contains(path, directory) {
		return fmt.Errorf("refusing to remove %s: the buildout is in it", path)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return removeTree(path)
}

// contains reports whether inner is outer or lies in it.
func contains(outer, inner string) bool {
	outer, inner = filepath.Clean(outer), filepath.Clean(inner)
	return outer == inner || outer == "/" || strings.HasPrefix(inner, outer+"/")
}

// removeTree removes a file or a folder with all in it, also folders that may not
// be written. No link is followed.
func removeTree(path string) error {
	err := os.RemoveAll(path)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	// What can't be opened up here is reported by the second attempt.
	_ = filepath.WalkDir(path, func(p string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(p, 0o700)
		}
		return nil
	})
	return os.RemoveAll(path)
}
