// Package umask tells the permissions that new files get. It is shared by the
// recipes whose files have, as upstream has it, those that the umask leaves.
package umask

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-buildout/go-buildout/buildout"
)

// Apply returns what of mode the umask leaves. It makes a file to find out: the
// umask itself can only be read by changing it for the whole process.
func Apply(tx *buildout.Tx, mode fs.FileMode) (fs.FileMode, error) {
	dir, err := tx.TempDir()
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "mode"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return 0, err
	}
	return info.Mode().Perm(), nil
}
