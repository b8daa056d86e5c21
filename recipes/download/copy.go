package download

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/google/renameio/v2"
)

// copyFile copies a file with its permissions, or with those given, in place of
// what is there.
func copyFile(from, to string, mode *fs.FileMode) error {
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
	out, err := renameio.NewPendingFile(to)
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
