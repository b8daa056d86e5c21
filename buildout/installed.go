package buildout

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
	"github.com/google/renameio/v2"
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
)

// state is the file .installed.cfg: the parts that are installed, in order. All
// Buildouts read and write this format.
type state struct {
	path    string // "" when nothing is to be recorded
	appends bool   // Dialect.AppendState
	parts   []string
	records map[string]*Installed
	content string // of the file; "" when there is none
}

// readState reads the file. A damaged one is an error that says so; it is never
// overwritten.
func readState(path string, appends bool) (*state, error) {
	s := &state{path: path, appends: appends, records: map[string]*Installed{}}
	if path == "" {
		return s, nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, &Error{Code: CodeState, Message: err.Error(), Err: err}
	}
	s.content = string(b)
	damaged := func(pos profile.Pos, message string) error {
		return &Error{Code: CodeState, Pos: pos, Message: message,
			Detail: []string{"the record of installed parts is damaged; it was left as it is"},
			Hint:   "restore " + path + " from a copy, or move it away: every part is then installed again"}
	}
	file := profile.Parse(path, s.content)
	contents, err := file.Eval(nil, profile.Rules{AllSections: true})
	if err != nil {
		var errs profile.Errors
		errors.As(err, &errs)
		return nil, damaged(errs[0].Pos, err.Error())
	}
	parts, ok := contents.Section("buildout").Get("parts")
	if !ok {
		if contents.Section("buildout") == nil && strings.TrimSpace(s.content) != "" {
			return nil, damaged(profile.Pos{File: path, Line: 1}, "There is no section buildout in the record of installed parts.")
		}
		return s, nil
	}
	for _, name := range strings.Fields(parts.Value) {
		sec := contents.Section(name)
		if sec == nil {
			return nil, damaged(parts.Pos(), fmt.Sprintf("KeyError: '%s': the part is listed as installed, but its section is missing.", name))
		}
		s.parts = append(s.parts, name)
		s.records[name] = recordOf(sec)
	}
	return s, nil
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

// install records a part as installed now, and writes.
func (s *state) install(in *Installed) error {
	if _, known := s.records[in.Name]; !known || s.appends {
		s.parts = append(without(s.parts, in.Name), in.Name)
	}
	s.records[in.Name] = in
	return s.writeWhole()
}

// update records that a part was updated and installed nothing new.
func (s *state) update(in *Installed) error {
	s.records[in.Name] = in
	if !s.appends {
		return s.writeWhole()
	}
	s.parts = append(without(s.parts, in.Name), in.Name)
	return s.appendOption("parts", strings.Join(s.parts, " "))
}

// forget records that a part is no longer installed.
func (s *state) forget(name string) error {
	s.parts = without(s.parts, name)
	delete(s.records, name)
	if !s.appends {
		return s.writeWhole()
	}
	return s.appendOption("parts", strings.Join(s.parts, " "))
}

// begin notes the start of a run as zc.buildout does.
func (s *state) begin() error {
	if !s.appends || s.content == "" {
		return nil
	}
	return s.appendOption("installed_develop_eggs", "")
}

// finish removes the file when nothing is installed.
func (s *state) finish() error {
	if s.path == "" || len(s.parts) > 0 || s.content == "" {
		return nil
	}
	s.content = ""
	return os.Remove(s.path)
}

func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
}

// appendOption adds a [buildout] section to the file: readers take the last
// value of an option.
func (s *state) appendOption(option, value string) error {
	if s.content == "" {
		return nil
	}
	return s.write(s.content + "\n[buildout]\n" + option + " = " + quoteState(value) + "\n")
}

func (s *state) writeWhole() error {
	if len(s.parts) == 0 && s.content == "" {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[buildout]\ninstalled_develop_eggs = \nparts = %s\n", strings.Join(s.parts, " "))
	for _, name := range s.parts {
		in := s.records[name]
		options := maps.Clone(in.Options)
		options[optionPaths] = strings.Join(in.Paths, "\n")
		options[optionSignature] = in.Signature
		b.WriteByte('\n')
		writeOptions(&b, name, options)
	}
	return s.write(b.String())
}

// writeOptions prints a section in the notation of the file, options sorted.
func writeOptions(b *strings.Builder, name string, options map[string]string) {
	fmt.Fprintf(b, "[%s]\n", name)
	for _, k := range slices.Sorted(maps.Keys(options)) {
		fmt.Fprintf(b, "%s = %s\n", k, quoteState(options[k]))
	}
}

// write replaces the file whole. Without a change it is not touched.
func (s *state) write(content string) error {
	if s.path == "" || content == s.content {
		return nil
	}
	if err := renameio.WriteFile(s.path, []byte(content), 0o644); err != nil {
		return &Error{Code: CodeState, Message: "Couldn't record what is installed: " + err.Error(), Err: err,
			Detail: []string{"in " + filepath.Dir(s.path)}}
	}
	s.content = content
	return nil
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
	return v
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
