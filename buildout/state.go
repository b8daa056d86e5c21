package buildout

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// The names of the files beside the record of installed parts: the one that is
// going to replace it, and the copy of it.
const (
	newSuffix    = ".new"
	backupSuffix = ".bak"
)

// maxAppended bounds what a run appends to the record (Dialect.AppendState). If
// it is more, the record is written anew, which says the same.
const maxAppended = 1 << 20

// state is the file .installed.cfg: the parts that are installed, in order. All
// Buildouts read and write this format. It is safe for concurrent use.
//
// The file is replaced whole, so that it is never torn. Other programs write it
// in place, and people edit it: so a run leaves a copy of what it found or left
// whole beside it.
type state struct {
	path    string    // "" when nothing is to be recorded
	develop string    // what the originals have recorded of eggs that they develop
	appends bool      // Dialect.AppendState
	left    *leftover // of an interrupted run
	disk    *disk
	journal *journal
	written func() // is called when the file was replaced

	mu       sync.Mutex
	parts    []string // but for moved
	moved    []string // names that go to the end, the last time that they occur
	records  map[string]*Installed
	sections map[string]string // as they are written
	content  string            // of the file; "" when there is none
	sum      string            // of the content
	appended strings.Builder   // what is still to be added to it
	rewrite  bool              // it is to be written anew, instead of that
	order    *stateOrder       // nil while parts are done in the order of the plan
}

func newState(path string, appends bool) *state {
	return &state{path: path, appends: appends, sum: sumOf(""), records: map[string]*Installed{}, sections: map[string]string{}}
}

// names lists the installed parts in order.
func (s *state) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	return slices.Clone(s.parts)
}

// record is what is recorded of a part, nil if it is not installed.
func (s *state) record(name string) *Installed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.records[name]
}

// settle brings the parts into order.
func (s *state) settle() {
	if len(s.moved) == 0 {
		return
	}
	seen := map[string]bool{}
	var end []string
	for _, name := range slices.Backward(s.moved) {
		if !seen[name] {
			seen[name] = true
			end = append(end, name)
		}
	}
	slices.Reverse(end)
	s.parts = append(slices.DeleteFunc(s.parts, func(name string) bool { return seen[name] }), end...)
	s.moved = nil
}

// install records a part as installed by a transaction, after all others. It
// reports whether that is on the disk: then the transaction is committed, even
// if there is an error.
func (s *state) install(tx *Tx, in *Installed) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.change(stateChange{changeInstall, in}, tx)
}

// update records that a part was updated. What it says of the part itself is
// written at once if it is new; in what order the parts were updated may wait.
func (s *state) update(tx *Tx, in *Installed) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.records[in.Name]
	same := old != nil && slices.Equal(old.Paths, in.Paths) &&
		(s.appends || old.Signature == in.Signature && maps.Equal(old.Options, in.Options))
	if !same {
		return s.change(stateChange{changeUpdate, in}, tx)
	}
	c := stateChange{changeOrder, in}
	s.make(c)
	flushed, done, err := tx.announced(), true, error(nil)
	if flushed {
		done, err = s.flush(tx)
	}
	s.order.add(c, flushed)
	return done, err
}

// amend replaces what is recorded of a part.
func (s *state) amend(in *Installed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.change(stateChange{changeAmend, in}, nil)
	return err
}

// forget records that a part is no longer installed.
func (s *state) forget(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.change(stateChange{changeForget, &Installed{Name: name}}, nil)
	return err
}

// stateChange is a change of what is recorded of a part.
type stateChange struct {
	kind changeKind
	in   *Installed
}

type changeKind int

const (
	changeInstall changeKind = iota
	changeUpdate             // what is recorded of it is new
	changeOrder              // it is only that it was updated now
	changeAmend
	changeForget
)

// make makes a change, to be written.
func (s *state) make(c stateChange) {
	if c.kind == changeInstall || s.appends && (c.kind == changeUpdate || c.kind == changeOrder) {
		s.moved = append(s.moved, c.in.Name)
	}
	switch c.kind {
	case changeOrder:
		if s.appends {
			s.appendParts()
		}
	case changeForget:
		s.parts = slices.DeleteFunc(s.parts, func(n string) bool { return n == c.in.Name })
		s.put(c.in)
		delete(s.records, c.in.Name)
		if s.appends {
			s.appendParts()
		} else {
			s.rewrite = true
		}
	default:
		s.put(c.in)
		s.rewrite = true
	}
}

func (s *state) put(in *Installed) {
	s.records[in.Name] = in
	delete(s.sections, in.Name)
}

// change makes a change and writes it. If it can't be written it is undone.
func (s *state) change(c stateChange, tx *Tx) (bool, error) {
	s.settle()
	parts, record, rewrite, appended := slices.Clone(s.parts), s.records[c.in.Name], s.rewrite, s.appended.String()
	s.make(c)
	done, err := s.flush(tx)
	if !done {
		s.parts, s.moved, s.rewrite = parts, nil, rewrite
		delete(s.sections, c.in.Name)
		if s.records[c.in.Name] = record; record == nil {
			delete(s.records, c.in.Name)
		}
		s.appended.Reset()
		s.appended.WriteString(appended)
		return false, err
	}
	s.order.add(c, true)
	return true, err
}

// startJournal starts the journal of the run with what is recorded now.
func (s *state) startJournal() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.start(s.sum)
}

// begin notes the start of a run as zc.buildout does.
func (s *state) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.appends {
		s.appendOption(optionDevelop, s.develop)
	}
}

// appendParts notes the order of the parts.
func (s *state) appendParts() {
	if s.rewrite || s.content == "" {
		return
	}
	s.settle()
	s.appendOption("parts", strings.Join(s.parts, " "))
}

// appendOption adds a [buildout] section to the file: readers take the last
// value of an option.
func (s *state) appendOption(option, value string) {
	if s.rewrite || s.content == "" {
		return
	}
	s.appended.WriteString("\n[buildout]\n" + option + " = " + quoteState(value) + "\n")
	s.rewrite = s.appended.Len() > maxAppended
}

// finish writes what has waited, and makes the copy. If all went well and nothing
// is installed the file is removed.
func (s *state) finish(well bool) error {
	if s.path == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.flush(nil); err != nil {
		return err
	}
	if s.order != nil {
		if _, err := s.write(s.order.content(s.appends, s.develop), nil); err != nil {
			return err
		}
	}
	if well && len(s.parts) == 0 && s.develop == "" && s.content != "" {
		if _, err := s.write("", nil); err != nil {
			return err
		}
	}
	return s.backUp()
}

// flush writes what has changed. It reports whether the file is as it should be.
func (s *state) flush(tx *Tx) (bool, error) {
	s.settle()
	if s.path == "" {
		return true, nil
	}
	done, err := s.write(s.next(), tx)
	if done {
		s.appended.Reset()
		s.rewrite = false
	}
	return done, err
}

// next is what the file is to be.
func (s *state) next() string {
	switch {
	case !s.rewrite:
		return s.content + s.appended.String()
	case len(s.parts) > 0 || s.content != "":
		return s.whole()
	}
	return s.content
}

// whole is the content of the file, written anew.
func (s *state) whole() string {
	var b strings.Builder
	b.Grow(len(s.content) + 256)
	fmt.Fprintf(&b, "[buildout]\n%s = %s\nparts = %s\n", optionDevelop, quoteState(s.develop), strings.Join(s.parts, " "))
	for _, name := range s.parts {
		if s.sections[name] == "" {
			in := s.records[name]
			options := maps.Clone(in.Options)
			options[optionPaths] = strings.Join(in.Paths, "\n")
			options[optionSignature] = in.Signature
			var section strings.Builder
			section.WriteByte('\n')
			writeOptions(&section, name, options)
			s.sections[name] = section.String()
		}
		b.WriteString(s.sections[name])
	}
	return b.String()
}

// writeOptions prints a section in the notation of the file, options sorted.
func writeOptions(b *strings.Builder, name string, options map[string]string) {
	fmt.Fprintf(b, "[%s]\n", name)
	for _, k := range slices.Sorted(maps.Keys(options)) {
		fmt.Fprintf(b, "%s = %s\n", k, quoteState(options[k]))
	}
}

// write replaces the file, for a transaction if there is one. Content that it has
// already is not written; "" removes it. It reports whether the file has the
// content, which it may even if there is an error.
func (s *state) write(content string, tx *Tx) (bool, error) {
	fail := func(err error) error {
		return &Error{Code: CodeState, Message: "Couldn't record what is installed: " + err.Error(), Err: err,
			Detail: []string{"in " + filepath.Dir(s.path)}}
	}
	e := entry{Kind: entryState, From: s.sum, To: s.sum}
	if content != s.content {
		e.To = sumOf(content)
	}
	if tx != nil {
		e.Tx, e.Part = tx.id, tx.name
	}
	if content == s.content && !tx.announced() {
		return true, nil
	}
	if err := s.journal.announceState(e); err != nil || content == s.content {
		return err == nil, err
	}
	if content == "" {
		if err := s.disk.remove(s.path); err != nil {
			return false, fail(err)
		}
	} else if err := s.disk.replace(s.path, s.path+newSuffix, []byte(content), 0o644, false); err != nil {
		return false, fail(err)
	}
	s.content, s.sum = content, e.To
	s.written()
	if err := s.disk.syncDir(filepath.Dir(s.path)); err != nil {
		return true, fail(err)
	}
	return true, nil
}

// backUp makes the copy, unless it is one already.
func (s *state) backUp() error {
	path := s.path + backupSuffix
	old, err := readWhole(path)
	if s.content == "" {
		if err != nil {
			return nil
		}
		return s.disk.remove(path)
	}
	if err == nil && string(old) == s.content {
		return nil
	}
	err = s.disk.replace(path, path+newSuffix, []byte(s.content), 0o644, false)
	if err != nil {
		_ = s.disk.remove(path) // it would say what was
	}
	return err
}

// sumOf stands for a content of the file in the journal; "" for that there is no
// file.
func sumOf(content string) string {
	if content == "" {
		return "none"
	}
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}
