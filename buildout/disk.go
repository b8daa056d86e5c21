package buildout

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// disk makes every change that transactions, their journal, the lock and the
// record of installed parts make to files.
type disk struct {
	// fault, if not nil, is asked before each change: a test lets one fail there,
	// or ends the process.
	fault func(op, path string) error
}

func (d *disk) try(op, path string) error {
	if d.fault == nil {
		return nil
	}
	if err := d.fault(op, path); err != nil {
		return &fs.PathError{Op: op, Path: path, Err: err}
	}
	return nil
}

func (d *disk) mkdir(path string, mode fs.FileMode) error {
	if err := d.try("mkdir", path); err != nil {
		return err
	}
	return os.Mkdir(path, mode)
}

// mkdirAll makes a directory and its parents.
func (d *disk) mkdirAll(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if parent := filepath.Dir(path); parent != path {
		if err := d.mkdirAll(parent); err != nil {
			return err
		}
	}
	err := d.mkdir(path, 0o777)
	if errors.Is(err, fs.ErrExist) {
		if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
			return nil // made by someone else meanwhile
		}
	}
	return err
}

func (d *disk) rename(from, to string) error {
	if err := d.try("rename", to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func (d *disk) chmod(path string, mode fs.FileMode) error {
	if err := d.try("chmod", path); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// link makes a second name for a file, or for a link itself.
func (d *disk) link(from, to string) error {
	if err := d.try("link", to); err != nil {
		return err
	}
	return os.Link(from, to)
}

func (d *disk) symlink(target, path string) error {
	if err := d.try("symlink", path); err != nil {
		return err
	}
	return os.Symlink(target, path)
}

// remove removes a file, a link or an empty folder. One that is missing is no
// error.
func (d *disk) remove(path string) error {
	if err := d.try("remove", path); err != nil {
		return err
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// create makes a file that must not exist yet.
func (d *disk) create(path string, mode fs.FileMode) (*os.File, error) {
	if err := d.try("create", path); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

func (d *disk) write(f *os.File, content []byte) error {
	if err := d.try("write", f.Name()); err != nil {
		return err
	}
	_, err := f.Write(content)
	return err
}

func (d *disk) sync(f *os.File) error {
	if err := d.try("sync", f.Name()); err != nil {
		return err
	}
	return f.Sync()
}

// syncDir makes sure that what was made, renamed or removed in a folder is so
// after a loss of power.
func (d *disk) syncDir(dir string) error {
	if err := d.try("sync", dir); err != nil {
		return err
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil // not every file system has this
	}
	return err
}

// replace gives a file its content at once: it is written whole under the name
// temp, in the same folder, and renamed. mode is subject to the umask unless
// exact.
func (d *disk) replace(path, temp string, content []byte, mode fs.FileMode, exact bool) (err error) {
	if lexists(temp) { // of a run that was killed
		if err := d.remove(temp); err != nil {
			return err
		}
	}
	f, err := d.create(temp, mode.Perm())
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(temp)
		}
	}()
	if err := d.write(f, content); err != nil {
		return err
	}
	if exact {
		if err := f.Chmod(mode); err != nil {
			return err
		}
	}
	if err := d.sync(f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return d.rename(temp, path)
}

// removeAll removes a file or a folder with all in it, also folders that may not
// be written. No link is followed.
func (d *disk) removeAll(path string) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	return d.removeIn(root, filepath.Base(path))
}

func (d *disk) removeIn(root *os.Root, name string) error {
	if err := d.try("remove", filepath.Join(root.Name(), name)); err != nil {
		return err
	}
	info, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		if err := d.empty(root, name, info.Mode()); err != nil {
			return err
		}
	}
	if err := root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// empty removes what is in a folder.
func (d *disk) empty(root *os.Root, name string, mode fs.FileMode) error {
	if mode&0o700 != 0o700 {
		if err := root.Chmod(name, mode.Perm()|0o700); err != nil {
			return err
		}
	}
	sub, err := root.OpenRoot(name)
	if err != nil {
		return err
	}
	defer sub.Close()
	f, err := sub.Open(".")
	if err != nil {
		return err
	}
	names, err := f.Readdirnames(-1)
	_ = f.Close()
	if err != nil {
		return err
	}
	for _, n := range names {
		if err := d.removeIn(sub, n); err != nil {
			return err
		}
	}
	return nil
}

// lexists reports whether there is something at path, if only a link.
func lexists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
