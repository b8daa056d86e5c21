package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// copyTree copies a directory as if it were an archive.
func (x *extraction) copyTree(dir string) error {
	source, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer source.Close()
	destination, err := x.root.Stat(".")
	if err != nil {
		return err
	}
	return fs.WalkDir(source.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if os.SameFile(info, destination) {
			return errors.New("a directory can't be copied into itself")
		}
		m := member{name: name, mode: info.Mode().Perm(), mtime: info.ModTime(), size: info.Size()}
		switch mode := info.Mode(); {
		case mode.IsDir():
			m.kind = memberDir
		case mode&fs.ModeSymlink != 0:
			m.kind = memberSymlink
			if m.target, err = source.Readlink(filepath.FromSlash(name)); err != nil {
				return err
			}
		case mode.IsRegular():
			return x.copyFile(source, m)
		default:
			m.kind = memberSpecial
		}
		return x.add(m, nil)
	})
}

func (x *extraction) copyFile(source *os.Root, m member) error {
	f, err := source.Open(filepath.FromSlash(m.name))
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("%q changed while it was copied", m.name)
	}
	return x.add(m, f)
}
