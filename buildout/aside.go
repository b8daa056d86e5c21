package buildout

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// storeName is the folder in the buildout directory for what is aside: what is
// being replaced is renamed to there. It is only there while it is needed. What
// can't be renamed to there stays in its own folder under a hidden name.
const (
	storeName   = ".buildout"
	asidePrefix = "aside-"
	hiddenAside = ".buildout-aside-"
	hiddenTemp  = ".buildout-new-"
)

// isAside reports whether a name is one that asideNames gives.
func isAside(aside, path, directory string) bool {
	dir, base := filepath.Dir(aside), filepath.Base(aside)
	return filepath.Clean(aside) == aside &&
		(dir == filepath.Join(directory, storeName) && strings.HasPrefix(base, asidePrefix) ||
			dir != path && contains(dir, path) && strings.HasPrefix(base, hiddenAside))
}

// tempName is the name under which a file or link is made that is to replace
// another.
func tempName(path string) string {
	dir, base := filepath.Split(path)
	if len(base) > 200 { // names can have 255 bytes
		sum := sha256.Sum256([]byte(base))
		base = hex.EncodeToString(sum[:])
	}
	return filepath.Join(dir, hiddenTemp+base)
}

// asideNames are where something can be put aside, best first: in the store, or
// under a hidden name in the folder hide.
func (tx *Tx) asideNames(hide string) []string {
	store := filepath.Join(tx.run.directory, storeName)
	for {
		tx.asides++
		inStore := filepath.Join(store, fmt.Sprintf("%s%d-%d", asidePrefix, tx.id, tx.asides))
		hidden := filepath.Join(hide, fmt.Sprintf("%s%d-%d", hiddenAside, tx.id, tx.asides))
		switch {
		case lexists(inStore) || lexists(hidden): // left from another run
		case tx.run.openStore(store) == nil:
			return []string{inStore, hidden}
		default:
			return []string{hidden}
		}
	}
}

// openStore makes the folder for what is aside.
func (x *execution) openStore(store string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if info, err := os.Lstat(store); err == nil {
		if !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: store, Err: syscall.ENOTDIR}
		}
		return nil
	}
	e := entry{Kind: entryDir, Path: diskPath(store)}
	if err := x.announce(e); err != nil {
		return err
	}
	x.store = &e
	return x.disk.mkdir(store, 0o700)
}

// putAside moves what is at a path aside, or, if it is to stay there until it is
// replaced at once, gives it a second name there. It reports false if neither is
// possible: it lies on a file system of its own, or that can't rename it.
// in is the path, of another part, that what is moved must be out of; "" if it
// makes room for its own successor.
func (tx *Tx) putAside(abs, in string, link bool) (bool, error) {
	path := realPath(abs)
	hide := filepath.Dir(path)
	if in != "" {
		hide = filepath.Dir(realPath(in))
	}
	var err error
	for _, aside := range tx.asideNames(hide) {
		e := entry{Kind: entryAside, Path: diskPath(path), Aside: diskPath(aside), Guest: in != ""}
		if link {
			e.Temp = diskPath(tempName(path))
		}
		if err = tx.announce(e); err != nil {
			return false, err
		}
		if link {
			err = tx.run.disk.link(path, aside)
		} else {
			err = tx.run.disk.rename(path, aside)
		}
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, syscall.EXDEV) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EBUSY) && !errors.Is(err, syscall.ENOTSUP) && !errors.Is(err, syscall.EMLINK) {
			return false, err
		}
	}
	if link {
		return tx.putAside(abs, in, false)
	}
	if errors.Is(err, fs.ErrPermission) {
		return false, err // who may not rename it may not remove it
	}
	return false, nil
}

// retire moves what a part has installed aside, so that its successor can be
// built in the place of it. What other parts have in there stays with them.
func (x *execution) retire(tx *Tx, old *Installed) error {
	for _, abs := range outermost(x.paths(old)) {
		if err := x.removable(abs); err != nil {
			return err
		}
		// A link that leads nowhere is left, as the originals leave it.
		if _, err := os.Stat(abs); err != nil {
			continue
		}
		if err := x.moveGuests(abs, old.Name); err != nil {
			return err
		}
		other, installed := x.alsoOf(abs, old.Name)
		if installed {
			continue
		}
		if other != nil {
			if err := x.moveGuest(*other, abs, old.Name); err != nil {
				return err
			}
			continue
		}
		moved, err := tx.putAside(abs, "", false)
		if err == nil && !moved {
			tx.lost = true
			err = x.disk.removeAll(abs)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// paths are the recorded paths of a part, absolute.
func (x *execution) paths(in *Installed) []string {
	var paths []string
	for _, p := range in.Paths {
		if p != "" {
			paths = append(paths, filepath.Clean(x.b.config.join(p)))
		}
	}
	return paths
}

// removable refuses a path that nothing may remove.
func (x *execution) removable(path string) error {
	for _, dir := range x.keep {
		if contains(path, dir) {
			return fmt.Errorf("refusing to remove %s: the buildout is in it", path)
		}
	}
	return nil
}

// alsoOf says which other part has recorded a path too and is not going to be
// replaced, nil if none, and whether it is one that this run has installed.
func (x *execution) alsoOf(path, part string) (other *claim, installed bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, c := range x.recorded().at(path) {
		if c.part != part && !x.pending[c.part] {
			other, installed = &c, installed || x.done[c.part]
		}
	}
	return other, installed
}

// moveGuests moves what other parts have recorded in a folder aside, before that
// is moved or removed.
func (x *execution) moveGuests(dir, host string) error {
	x.mu.Lock()
	inside := x.recorded().inside(dir)
	x.mu.Unlock()
	for _, c := range inside {
		if c.part == host || !lexists(c.path) {
			continue
		}
		if err := x.moveGuest(c, dir, host); err != nil {
			return err
		}
	}
	return nil
}

// moveGuest moves a path aside that lies in another, or is that, which is the
// host's.
func (x *execution) moveGuest(c claim, in, host string) error {
	x.mu.Lock()
	tx := x.guests[c.part]
	if tx == nil {
		tx = x.newTx(c.part)
		tx.host = host
		x.guests[c.part] = tx
	}
	x.mu.Unlock()
	moved, err := tx.putAside(c.path, in, false)
	if err == nil && !moved {
		err = fmt.Errorf("%s, which part %s has installed, is in the way and can't be moved", c.path, c.part)
	}
	return err
}

// giveBack puts back what a part had moved of parts that stay as they are: all but
// those that are yet to be replaced. "" stands for all, and everything of theirs.
func (x *execution) giveBack(host string) {
	x.mu.Lock()
	var txs []*Tx
	for name, tx := range x.guests {
		if host == "" || tx.host == host && !x.pending[name] {
			txs = append(txs, tx)
			delete(x.guests, name)
		}
	}
	x.mu.Unlock()
	for _, tx := range txs {
		tx.undoAll()
	}
}

// evict moves a path aside that a part is about to use and that another still
// has, which is itself going to be replaced later.
func (x *execution) evict(abs, part string) error {
	x.mu.Lock()
	var has []claim
	if len(x.pending) > 0 {
		has = x.recorded().at(abs)
	}
	x.mu.Unlock()
	for _, c := range has {
		if c.part != part && x.isPending(c.part) && lexists(abs) {
			return x.moveGuest(c, abs, part)
		}
	}
	return nil
}
