package cmmi

import (
	"io/fs"
	"os"
	"path/filepath"
)

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
