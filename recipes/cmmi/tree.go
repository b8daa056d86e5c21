package cmmi

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// removeTree removes a file or folder, also one with folders that may not be
// written. No link is followed.
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

// makeReadOnly takes the right to write from all that is in a folder, but not
// from the folder itself.
func makeReadOnly(dir string) error {
	return filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == dir {
			return err
		}
		return dropWrite(p)
	})
}

// dropWrite takes the right to write from a file or folder that is no link.
func dropWrite(path string) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink != 0 || info.Mode()&0o222 == 0 {
		return err
	}
	return os.Chmod(path, info.Mode()&^0o222)
}
