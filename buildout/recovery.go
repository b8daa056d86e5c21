package buildout

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// leftover is what an interrupted run has left, as its journal says.
type leftover struct {
	journal   string // its path
	store     string // the folder for what is aside
	entries   []entry
	committed map[int]bool
	// foreign: the record of installed parts is neither that of before nor that
	// of after: another program has been at work since. Then nothing is removed.
	foreign bool
}

// readLeftover reads the journal of a run that was interrupted, if there is one.
// stateSum is that of the record as it is now.
func readLeftover(path, directory, stateSum string) (*leftover, error) {
	if path == "" {
		return nil, nil
	}
	text, err := readWhole(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Error{Code: CodeState, Message: err.Error(), Err: err}
	}
	entries, err := readJournal(text)
	if err == nil {
		err = checkEntries(entries, path, directory)
	}
	if err != nil {
		return nil, &Error{Code: CodeState, Message: "The journal of an interrupted run is damaged: " + err.Error() + ".",
			Detail: []string{"in " + path, "nothing was touched; what the run had moved aside is below " + filepath.Join(directory, storeName)},
			Hint:   "move the journal away: what the interrupted run made then stays where it is", Err: err}
	}
	l := &leftover{journal: path, store: filepath.Join(directory, storeName), committed: map[int]bool{}}
	l.judge(entries, stateSum)
	ended := map[int]bool{}
	for _, e := range entries {
		ended[e.Tx] = ended[e.Tx] || e.Kind == entryEnd
	}
	l.entries = slices.DeleteFunc(entries, func(e entry) bool { return ended[e.Tx] })
	return l, nil
}

// judge finds out which transactions are committed. The record was written in
// the order of the announcements, so that each next one says whether the one
// before it took effect, and the record itself says it of the last.
func (l *leftover) judge(entries []entry, now string) {
	from := ""
	var last *entry
	for i, e := range entries {
		switch e.Kind {
		case entryRun:
			from = e.To
		case entryState:
			if last != nil && last.To == e.From {
				l.committed[last.Tx] = true
			}
			last = &entries[i]
			from = e.From
		}
	}
	if last != nil && last.To == now {
		l.committed[last.Tx] = true
		return
	}
	l.foreign = len(entries) > 0 && from != now
}

// checkEntries makes sure that a journal says only what a run in this directory
// can have written.
func checkEntries(entries []entry, path, directory string) error {
	for i, e := range entries {
		if e.Kind == entryRun {
			if string(e.Path) != directory {
				return fmt.Errorf("it is of a run in %s", e.Path)
			}
			continue
		}
		for _, p := range []diskPath{e.Path, e.Aside, e.Temp} {
			abs := string(p)
			if abs != "" && (!filepath.IsAbs(abs) || filepath.Clean(abs) != abs || contains(abs, directory) || contains(abs, path) || strings.ContainsRune(abs, 0)) {
				return fmt.Errorf("line %d names %q", i+1, abs)
			}
		}
		ok := false
		switch e.Kind {
		case entryNew, entryDir, entryMode:
			ok = e.Path != "" && e.Aside == ""
		case entryAside:
			ok = e.Path != "" && isAside(string(e.Aside), string(e.Path), directory)
		case entryState, entryEnd:
			ok = e.Path == "" && e.Aside == "" && e.Temp == ""
		}
		if !ok || e.Temp != "" && string(e.Temp) != tempName(string(e.Path)) {
			return fmt.Errorf("line %d makes no sense", i+1)
		}
	}
	return nil
}

// errLinked: the way to a path of the journal leads through a link now.
var errLinked = errors.New("the way there leads through a link that was made since")

// orphansWait is how long the commands of a run that was killed may go on. One
// that has become a daemon is not waited for longer.
const orphansWait = 30 * time.Second

// wait waits for commands that the interrupted run has started: they would get
// in the way.
func (l *leftover) wait(ctx context.Context, log *slog.Logger) error {
	for begin := time.Now(); ; {
		if f := lockedGuard(l.journal); f != nil {
			return f.Close()
		}
		if time.Since(begin) > orphansWait {
			log.Warn("Commands that an interrupted run has started are at work yet.")
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockPoll / 10):
		}
	}
}

// recover does what the interrupted run has not come to. It can itself be
// interrupted at any point and begun again.
func (l *leftover) recover(d *disk, log *slog.Logger) error {
	if len(l.entries) > 0 {
		log.Debug("An earlier run was interrupted; putting things in order.")
	}
	for i, e := range slices.Backward(l.entries) {
		var err error
		switch {
		case l.foreign:
			err = d.putBackIfFree(e)
		case l.committed[e.Tx]:
			err = d.drop(e)
		default:
			err = d.takeBack(e, l.entries[:i])
		}
		if err != nil && (l.committed[e.Tx] || errors.Is(err, errLinked) || errors.Is(err, errTaken)) {
			log.Warn(fmt.Sprintf("Left where it is, from an interrupted run: %s: %v.", cmp.Or(e.Aside, e.Path), err))
			continue
		}
		if err != nil {
			return &Error{Code: CodeState, Message: "Couldn't put in order what an interrupted run has left: " + err.Error(), Err: err,
				Detail: []string{"according to " + l.journal}, Hint: "run again when the cause is gone"}
		}
	}
	if names, _ := os.ReadDir(l.store); len(l.entries) > 0 && len(names) > 0 {
		log.Warn("There are files from an interrupted run in " + l.store + " that belong to nothing.")
	}
	if err := d.remove(l.journal); err != nil {
		return journalError(err)
	}
	return journalError(d.syncDir(filepath.Dir(l.journal)))
}

// takeBack takes an entry back that was announced and perhaps done. before are
// the entries before it that have not been taken back yet. Done twice, or after
// what comes before was taken back, it changes nothing.
func (d *disk) takeBack(e entry, before []entry) error {
	path, aside := string(e.Path), string(e.Aside)
	if e.Kind == entryRun || e.Kind == entryState || e.Kind == entryEnd {
		return nil
	}
	if there, err := straight(filepath.Dir(path)); err != nil || !there && e.Kind != entryAside {
		return err
	}
	if e.Temp != "" {
		if err := d.removeAll(string(e.Temp)); err != nil {
			return err
		}
	}
	switch e.Kind {
	case entryNew:
		for _, b := range before {
			// The place is that of something that goes back to it, or is back.
			if b.Kind == entryAside && contains(string(b.Path), path) && !(b.Guest && lexists(string(b.Aside))) {
				return nil
			}
		}
		return d.removeAll(path)
	case entryDir:
		if err := d.remove(path); err != nil && !errors.Is(err, syscall.ENOTEMPTY) && !errors.Is(err, syscall.EEXIST) && !errors.Is(err, syscall.ENOTDIR) {
			return err
		}
		return nil
	}
	if e.Kind == entryMode {
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			return nil
		}
		return d.chmod(path, e.Mode.Perm())
	}
	if !lexists(aside) {
		return nil
	}
	if lexists(path) {
		if e.Guest {
			return d.removeAll(aside) // another part has it now
		}
		if err := d.removeAll(path); err != nil {
			return err
		}
	}
	return d.putBack(path, aside)
}

// putBack renames what is aside to its place, which is free.
func (d *disk) putBack(path, aside string) error {
	if there, err := straight(filepath.Dir(aside)); err != nil || !there {
		return err
	}
	if err := d.mkdirAll(filepath.Dir(path)); err != nil {
		return err
	}
	return d.rename(aside, path)
}

// drop removes what is aside for a transaction that is committed.
func (d *disk) drop(e entry) error {
	if e.Kind == entryDir && e.Tx == 0 {
		return d.takeBack(e, nil)
	}
	for _, p := range []string{string(e.Aside), string(e.Temp)} {
		if p == "" {
			continue
		}
		if there, err := straight(filepath.Dir(p)); err != nil || !there {
			return err
		}
		if err := d.removeAll(p); err != nil {
			return err
		}
	}
	return nil
}

// errTaken: something can't go back to its place.
var errTaken = errors.New("its place is taken, and the record of installed parts was changed by another program since")

// putBackIfFree takes an entry back without removing anything.
func (d *disk) putBackIfFree(e entry) error {
	path, aside := string(e.Path), string(e.Aside)
	switch {
	case e.Tx == 0:
		return d.takeBack(e, nil)
	case e.Kind != entryAside || !lexists(aside):
		return nil
	case lexists(path):
		return errTaken
	}
	if _, err := straight(filepath.Dir(path)); err != nil {
		return err
	}
	return d.putBack(path, aside)
}

// straight reports whether there is a folder and the way to it is free of links.
// A way that ends early is free of links as far as it goes.
func straight(dir string) (bool, error) {
	real, err := filepath.EvalSymlinks(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir:
		if _, statErr := os.Lstat(dir); statErr == nil {
			return false, errLinked // it leads nowhere
		}
		_, err := straight(filepath.Dir(dir))
		return false, err
	case errors.Is(err, syscall.ENOTDIR):
		return false, nil
	case err != nil:
		return false, err
	case real != dir:
		return false, errLinked
	}
	return true, nil
}

// exists reports whether there will be something at a path once things are in
// order, for a plan that is made before.
func (l *leftover) exists(path string) bool {
	if _, err := os.Stat(path); l == nil || l.foreign {
		return err == nil
	}
	path = realPath(path)
	for i, e := range l.entries { // the first entry is the last to be taken back
		if l.committed[e.Tx] || e.Path == "" || !contains(string(e.Path), path) {
			continue
		}
		switch e.Kind {
		case entryAside:
			if rest := strings.TrimPrefix(path, string(e.Path)); lexists(string(e.Aside)) {
				_, err := os.Stat(string(e.Aside) + rest)
				return err == nil
			}
		case entryNew:
			if !slices.ContainsFunc(l.entries[:i], func(b entry) bool { return b.Kind == entryAside && contains(string(b.Path), path) }) {
				return false
			}
		}
	}
	_, err := os.Stat(path)
	return err == nil
}

// realPath is a path whose folder is free of links, as far as it is there. The
// last element may be a link.
func realPath(path string) string {
	path = filepath.Clean(path)
	dir, base := filepath.Split(path)
	if base == "" {
		return path
	}
	dir = filepath.Clean(dir)
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return filepath.Join(real, base)
	}
	return filepath.Join(realPath(dir), base)
}
