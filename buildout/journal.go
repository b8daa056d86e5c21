package buildout

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// journalSuffix makes the name of the journal from that of the record of
// installed parts.
const journalSuffix = ".journal"

// entryKind says what an entry of the journal announces.
type entryKind string

const (
	entryRun   entryKind = "run"   // a run begins: the first entry
	entryNew   entryKind = "new"   // something is made at Path, where there is nothing
	entryDir   entryKind = "dir"   // a folder is made at Path, to stay if anything gets into it
	entryAside entryKind = "aside" // what is at Path is moved or linked to Aside, and may be replaced
	entryMode  entryKind = "mode"  // the permissions of the file at Path are changed from Mode
	entryState entryKind = "state" // the record of installed parts is written: the transaction is committed by it
	entryEnd   entryKind = "end"   // nothing is left to be done for the transaction
)

// entry is a line of the journal. It is on the disk before what it announces is
// done. What is done after a crash follows from the entries alone:
//
//   - A transaction is committed once the record that it announced is in place.
//     Then what is aside is removed.
//   - Until then its entries are taken back, last first.
type entry struct {
	Kind entryKind `json:"op"`
	// Tx numbers the transaction. 0 is the run as a whole.
	Tx   int    `json:"tx,omitempty"`
	Part string `json:"part,omitempty"`
	// Path is absolute and free of links but for its last element. That of "run"
	// is the buildout directory.
	Path diskPath `json:"path,omitempty"`
	// Aside is where the old is.
	Aside diskPath `json:"aside,omitempty"`
	// Temp is the name under which a file is written before it is renamed.
	Temp diskPath    `json:"temp,omitempty"`
	Mode fs.FileMode `json:"mode,omitempty"`
	// Guest: the path is not the transaction's to use, but in the way of another.
	// The old only goes back to a place that is free.
	Guest bool `json:"guest,omitempty"`
	// From and To are the sums of the record before and after.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Sum is that of the entry and of all before it.
	Sum string `json:"sum"`
}

// sealed returns the entry with its sum, and as a line.
func (e entry) sealed(before string) (entry, []byte, error) {
	e.Sum = ""
	text, err := json.Marshal(e)
	if err != nil {
		return e, nil, err
	}
	sum := sha256.Sum256(append([]byte(before), text...))
	e.Sum = hex.EncodeToString(sum[:8])
	text, err = json.Marshal(e)
	return e, append(text, '\n'), err
}

// diskPath is a path, which need not be UTF-8.
type diskPath string

func (p diskPath) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(p)) {
		return json.Marshal(string(p))
	}
	return json.Marshal([][]byte{[]byte(p)})
}

func (p *diskPath) UnmarshalJSON(text []byte) error {
	var s string
	err := json.Unmarshal(text, &s)
	if err != nil {
		var b [][]byte
		if err = json.Unmarshal(text, &b); err == nil && len(b) != 1 {
			err = errors.New("expected one path")
		}
		if err == nil {
			s = string(b[0])
		}
	}
	*p = diskPath(s)
	return err
}

// journal is where the transactions of a run announce what they do. They share
// it, and their entries mix. The file is made with the first entry, so that a run
// that changes nothing has none.
type journal struct {
	disk      *disk
	path      string // "" for a run that records nothing
	directory string // the buildout directory, free of links

	mu    sync.Mutex
	file  *os.File
	guard *os.File // the same, locked, for commands to keep open
	size  int64
	sum   string       // of the last entry
	last  int          // number of the last transaction
	open  map[int]bool // transactions that have written and not ended
}

// number is a number for a new transaction.
func (j *journal) number() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	return j.last
}

// started reports whether announcements can be made.
func (j *journal) started() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.path == "" || j.file != nil
}

// start makes the file, unless there is one. stateSum is that of the record as it
// is now, which must not change meanwhile.
func (j *journal) start(stateSum string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.path == "" || j.file != nil {
		return nil
	}
	return journalError(j.create(stateSum))
}

// announce writes an entry, and does not return before it is on the disk.
func (j *journal) announce(e entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.path == "" {
		return nil
	}
	if err := j.append(e, true); err != nil {
		return journalError(err)
	}
	if e.Tx != 0 {
		j.open[e.Tx] = true
	}
	return nil
}

// announceState announces what the record is going to be, unless there is no
// journal: then there is nothing that depends on it.
func (j *journal) announceState(e entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	return journalError(j.append(e, true))
}

// end notes that a transaction needs nothing more. Should that get lost, the next
// run finds nothing to do for it.
func (j *journal) end(tx int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.open[tx] && j.append(entry{Kind: entryEnd, Tx: tx}, false) == nil {
		delete(j.open, tx)
	}
}

func (j *journal) create(stateSum string) error {
	f, err := j.disk.create(j.path, 0o600)
	if err != nil {
		return err
	}
	j.file, j.size, j.sum, j.open = f, 0, "", map[int]bool{}
	j.guard = lockedGuard(j.path)
	err = j.append(entry{Kind: entryRun, Path: diskPath(j.directory), To: stateSum}, true)
	if err == nil {
		err = j.disk.syncDir(filepath.Dir(j.path))
	}
	if err != nil {
		_ = f.Close()
		_ = j.guard.Close() // fine if it is nil
		_ = os.Remove(j.path)
		j.file, j.guard = nil, nil
	}
	return err
}

// append writes a line, to the disk if it is to be durable. If that fails the file is as it was before.
func (j *journal) append(e entry, durable bool) error {
	e, line, err := e.sealed(j.sum)
	if err != nil {
		return err
	}
	err = j.disk.write(j.file, line)
	if err == nil && durable {
		err = j.disk.sync(j.file)
	}
	if err != nil {
		// A reader takes a line that is cut for one that was never written, but
		// only at the end of the file.
		if truncErr := j.file.Truncate(j.size); truncErr == nil {
			_, truncErr = j.file.Seek(j.size, 0)
			return errors.Join(err, truncErr)
		}
		_ = j.file.Close() // makes every further entry fail
		return err
	}
	j.size += int64(len(line))
	j.sum = e.Sum
	return nil
}

// guards are the files that commands are to keep open: as long as one of them, or
// of what it starts, is alive, the next run can know it.
func (j *journal) guards() []*os.File {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.guard == nil {
		return nil
	}
	return []*os.File{j.guard}
}

// lockedGuard opens a journal and locks it, nil if that can't be done.
func lockedGuard(path string) *os.File {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		_ = f.Close()
		return nil
	}
	return f
}

// close removes the journal if nothing is left to be done, and otherwise leaves
// it to the next run.
func (j *journal) close(done bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	_ = j.file.Close()
	_ = j.guard.Close()
	j.file, j.guard = nil, nil
	if !done || len(j.open) > 0 {
		return nil
	}
	if err := j.disk.remove(j.path); err != nil {
		return journalError(err)
	}
	return nil
}

func journalError(err error) error {
	if err == nil {
		return nil
	}
	return &Error{Code: CodeState, Message: "Couldn't keep the journal of the run: " + err.Error(), Err: err}
}

// readJournal reads a journal. A last line that is cut was never completely
// written, so that what it announces was not done. Anything else that is not as
// it was written is an error, with the number of the line.
func readJournal(text []byte) ([]entry, error) {
	var entries []entry
	sum := ""
	for n := 1; ; n++ {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			return entries, nil
		}
		text = rest
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("line %d can't be read: %w", n, err)
		}
		again, canonical, err := e.sealed(sum)
		if err != nil || again.Sum != e.Sum || string(canonical) != string(line)+"\n" {
			return nil, fmt.Errorf("line %d is not as it was written", n)
		}
		if (n == 1) != (e.Kind == entryRun) {
			return nil, fmt.Errorf("line %d is not in its place", n)
		}
		sum = e.Sum
		entries = append(entries, e)
	}
}
