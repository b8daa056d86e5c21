package download

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/google/renameio/v2"
)

// scratch makes a folder in another for what is on its way to there: all of it can
// be renamed into its place. remove removes it.
func scratch(tx *buildout.Tx, dir string) (temp string, remove func(), err error) {
	path := filepath.Join(dir, ".unpack-"+strings.ReplaceAll(tx.Part().Name(), "/", "-"))
	if err := tx.RemoveAll(path); err != nil {
		return "", nil, err
	}
	tx.Created(path) // so that nothing is left if the process is killed
	tx.Leave(path)
	temp = tx.Path(path)
	if err := os.Mkdir(temp, 0o700); err != nil {
		return "", nil, err
	}
	return temp, func() {
		if err := tx.RemoveAll(path); err != nil {
			tx.Log().Warn("Couldn't remove " + temp + ": " + err.Error())
		}
	}, nil
}

// copyFile copies a file with its permissions, or with those given, in place of
// what is there. temp is a folder to write it in.
func copyFile(from, to, temp string, mode *fs.FileMode) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s can't be copied: expected a regular file", from)
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	perm := info.Mode().Perm()
	if mode != nil {
		perm = octal(*mode)
	}
	out, err := renameio.NewPendingFile(to, renameio.WithTempDir(temp))
	if err != nil {
		return err
	}
	defer out.Cleanup()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	if err := out.Chmod(perm); err != nil {
		return err
	}
	return out.CloseAtomicallyReplace()
}

// octal gives the bits above the permissions, which the option has in their
// places of Unix, those of package fs.
func octal(mode fs.FileMode) fs.FileMode {
	perm := mode.Perm()
	for bit, m := range map[fs.FileMode]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if mode&bit != 0 {
			perm |= m
		}
	}
	return perm
}
