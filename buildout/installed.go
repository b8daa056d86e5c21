package buildout

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Installed is what is recorded of an installed part.
type Installed struct {
	Name string
	// Options are the part's options when it was installed, as they are stored.
	Options map[string]string
	// Paths are what the part installed; relative ones are in the buildout
	// directory.
	Paths []string
	// Signature stands for the recipe and, in a dialect that says so, for the
	// sections that the part depended on.
	Signature string
	// Directory is the buildout directory, for an uninstaller.
	Directory string
}

const (
	optionPaths     = "__buildout_installed__"
	optionSignature = "__buildout_signature__"
	optionDevelop   = "installed_develop_eggs" // of [buildout]
)

// readState reads the file. A damaged one is an error that says so; it is never
// overwritten.
func readState(path string, appends bool) (*state, error) {
	s := newState(path, appends)
	content, err := readRecord(path)
	if err != nil || content == "" {
		return s, err
	}
	s.content, s.sum = content, sumOf(content)
	damaged := func(pos profile.Pos, message string) error { return damagedRecord(path, pos, message) }
	_, contents, err := profile.Read(path, s.content, nil, profile.Rules{AllSections: true})
	if err != nil {
		var errs profile.Errors
		errors.As(err, &errs)
		return nil, damaged(errs[0].Pos, err.Error())
	}
	if !strings.HasSuffix(s.content, "\n") {
		return nil, damaged(profile.Pos{File: path, Line: 1 + strings.Count(s.content, "\n")}, "The record of installed parts breaks off in the middle of a line.")
	}
	parts, ok := contents.Section("buildout").Get("parts")
	if !ok {
		return nil, damaged(profile.Pos{File: path, Line: 1}, "The record of installed parts has no section buildout that lists them.")
	}
	if develop, ok := contents.Section("buildout").Get(optionDevelop); ok {
		s.develop = unquoteState(develop.Value)
	}
	for _, name := range strings.Fields(parts.Value) {
		sec := contents.Section(name)
		if sec == nil {
			return nil, damaged(parts.Pos(), fmt.Sprintf("KeyError: '%s': the part is listed as installed, but its section is missing.", name))
		}
		if s.records[name] != nil {
			return nil, damaged(parts.Pos(), fmt.Sprintf("The part %s is listed as installed twice.", name))
		}
		for _, option := range []string{optionPaths, "recipe"} {
			if _, ok := sec.Get(option); !ok {
				return nil, damaged(sec.Pos, fmt.Sprintf("The option %s of the installed part %s is missing.", option, name))
			}
		}
		s.parts = append(s.parts, name)
		s.records[name] = recordOf(sec)
	}
	// What was appended leaves the sections of parts that are gone; a file that
	// was written whole has none.
	if whole := strings.Count("\n"+s.content, "\n[buildout]\n") == 1; whole && len(contents.Sections) > 1+len(s.parts) {
		return nil, damaged(parts.Pos(), "The record of installed parts has sections of parts that it does not list.")
	}
	return s, nil
}

// readRecord returns the content of the file, "" if there is none.
func readRecord(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	b, err := readWhole(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", &Error{Code: CodeState, Message: "The record of installed parts can't be read: " + err.Error(), Err: err}
	}
	if len(b) == 0 {
		return "", damagedRecord(path, profile.Pos{File: path, Line: 1}, "The record of installed parts is empty.")
	}
	return string(b), nil
}

// readWhole reads a file that must be a regular one: a device may have no end, and
// a pipe no beginning.
func readWhole(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("expected a regular file, found %s", info.Mode())}
	}
	return io.ReadAll(f)
}

func damagedRecord(path string, pos profile.Pos, message string) error {
	e := &Error{Code: CodeState, Pos: pos, Message: message,
		Detail: []string{"the record of installed parts is damaged; it was left as it is"},
		Hint:   "restore " + path + " from a copy, or move it away: every part is then installed again, over what is there"}
	if backup := path + backupSuffix; lexists(backup) {
		e.Detail = append(e.Detail, backup+" is what the last run left")
		e.Hint = "put the copy in its place: cp " + backup + " " + path
	}
	return e
}

// compareBackup refuses a record that only damage can have made of the copy of
// it: what is to be removed when a part goes is nothing to guess. Another program
// may have changed the record for good reasons, so that most differences are none.
// join makes a path absolute.
func (s *state) compareBackup(join func(string) string) error {
	backup := s.path + backupSuffix
	text, err := readWhole(backup)
	if err != nil || string(text) == s.content || s.content == "" {
		return nil
	}
	before, err := readState(backup, s.appends)
	if err != nil {
		return nil // the copy is no better
	}
	parents, known := map[string]bool{}, map[string]bool{}
	for _, in := range before.records {
		for _, p := range in.Paths {
			abs := filepath.Clean(join(p))
			known[abs] = true
			for dir := filepath.Dir(abs); !parents[dir]; dir = filepath.Dir(dir) {
				parents[dir] = true
			}
		}
	}
	for _, name := range s.parts {
		is, was := s.records[name], before.records[name]
		why := ""
		if was != nil && was.Signature == is.Signature && maps.Equal(was.Options, is.Options) {
			for _, p := range was.Paths {
				if !slices.Contains(is.Paths, p) {
					why = fmt.Sprintf("The part %s is the same as in the copy of the record, but without the path %s.", name, p)
				}
			}
		}
		for _, p := range is.Paths {
			if abs := filepath.Clean(join(p)); p != "" && parents[abs] && !known[abs] {
				why = fmt.Sprintf("The path %s of the part %s is a folder with what other parts, or the part itself, have installed according to the copy of the record.", p, name)
			}
		}
		if why != "" {
			head, _, _ := strings.Cut(s.content, "\n["+name+"]\n")
			e := damagedRecord(s.path, profile.Pos{File: s.path, Line: 2 + strings.Count(head, "\n")}, why).(*Error)
			e.Hint += "; if the record is right, remove the copy"
			return e
		}
	}
	return nil
}

func recordOf(sec *profile.SectionContents) *Installed {
	in := &Installed{Name: sec.Name, Options: map[string]string{}}
	for _, o := range sec.Options {
		in.Options[o.Key] = unquoteState(o.Value)
	}
	if paths := in.Options[optionPaths]; paths != "" {
		in.Paths = strings.Split(paths, "\n")
	}
	in.Signature = in.Options[optionSignature]
	delete(in.Options, optionPaths)
	delete(in.Options, optionSignature)
	return in
}

// spaceAtRisk is white space that a parser of profiles would drop or change.
var spaceAtRisk = regexp.MustCompile(`[ \t\r\f\v]*\n[ \t\r\f\v\n]*|^[ \t\r\f\v]+|[ \t\r\f\v]+$`)

var stateQuote = strings.NewReplacer(
	" ", "%(__buildout_space__)s", "\n", "%(__buildout_space_n__)s", "\r", "%(__buildout_space_r__)s",
	"\f", "%(__buildout_space_f__)s", "\v", "%(__buildout_space_v__)s")

// quoteState writes a value for the file: lines begin with a tab, and white
// space at risk is spelled out. Tabs are not, as the format has no word for them.
func quoteState(v string) string {
	v = spaceAtRisk.ReplaceAllStringFunc(v, func(m string) string {
		before, after, broken := strings.Cut(m, "\n")
		if !broken {
			return stateQuote.Replace(m)
		}
		return stateQuote.Replace(before) + "\n\t" + stateQuote.Replace(after)
	})
	const newline = "%(__buildout_space_n__)s"
	if rest, ok := strings.CutPrefix(v, "\n\t"); ok {
		v = newline + rest
	}
	if rest, ok := strings.CutSuffix(v, "\n\t"); ok {
		v = rest + newline
	}
	// Anywhere in a file it may end a line.
	return strings.ReplaceAll(v, "\r", "%(__buildout_space_r__)s")
}

var stateUnquote = strings.NewReplacer(
	"%(__buildout_space__)s", " ", "%(__buildout_space_n__)s", "\n", "%(__buildout_space_r__)s", "\r",
	"%(__buildout_space_f__)s", "\f", "%(__buildout_space_v__)s", "\v")

func unquoteState(v string) string {
	if !strings.Contains(v, "%(") {
		return v
	}
	return stateUnquote.Replace(v)
}

// ReadInstalled reads a record of installed parts, .installed.cfg, in the order
// in which they were installed. There are none if there is no file.
func ReadInstalled(path string) ([]*Installed, error) {
	s, err := readState(path, false)
	if err != nil {
		return nil, err
	}
	parts := make([]*Installed, len(s.parts))
	for i, name := range s.parts {
		parts[i] = s.records[name]
	}
	return parts, nil
}
