package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

var commands = map[string]func(*session) error{
	"install":   (*session).install,
	"plan":      (*session).plan,
	"why":       (*session).why,
	"graph":     (*session).graph,
	"annotate":  (*session).annotate,
	"query":     (*session).query,
	"resolve":   (*session).resolve,
	"init":      (*session).init,
	"bootstrap": (*session).bootstrap,

	"buildout-versions": (*session).versions,
}

func (s *session) install() error {
	defer s.showProgress()()
	b, err := s.open()
	if err != nil {
		return err
	}
	release, err := b.Lock(s.ctx)
	if err != nil {
		return err
	}
	defer release()
	plan, err := b.Plan(s.ctx, s.args...)
	if err != nil {
		return err
	}
	if s.log.showsData() {
		if err := s.writeData(b); err != nil {
			return err
		}
	}
	_, err = b.Apply(s.ctx, plan)
	return err
}

// writeData prints the values of a very verbose run.
func (s *session) writeData(b *buildout.Buildout) error {
	if !s.logJSON {
		return b.WriteData(s.log)
	}
	var data strings.Builder
	err := b.WriteData(&data)
	s.log.logger().Debug(strings.Trim(data.String(), "\n"))
	return err
}

func (s *session) annotate() error {
	asJSON := s.flag("--json")
	if _, err := s.open(); err != nil {
		return err
	}
	if asJSON {
		return s.printJSON(s.cfg.Annotate(s.args...))
	}
	return s.cfg.WriteAnnotated(s.out, s.verbosity > 0, s.args...)
}

func (s *session) query() error {
	if len(s.args) != 1 {
		return commandLineError("The query command requires a single argument.")
	}
	section, option, ok := strings.Cut(s.args[0], ":")
	if !ok {
		section, option = "buildout", s.args[0]
	}
	if strings.Contains(option, ":") {
		return commandLineError("Invalid option: " + s.args[0])
	}
	if _, err := s.open(); err != nil {
		return err
	}
	value, err := s.cfg.Query(section, option)
	if err != nil {
		return err
	}
	if s.verbosity > 0 {
		fmt.Fprintf(s.out, "${%s:%s}\n", section, option)
	}
	_, err = fmt.Fprintln(s.out, value)
	return err
}

// sectionError is how resolve --json reports a section without values.
type sectionError struct {
	Message string `json:"message"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
}

func (s *session) resolve() error {
	asJSON := s.flag("--json")
	if err := s.load(); err != nil {
		return err
	}
	r := s.cfg.Resolve(s.args...)
	if asJSON {
		failed := map[string]sectionError{}
		for name, e := range r.Errors {
			failed[name] = sectionError{e.Message, e.Pos.File, e.Pos.Line}
		}
		return s.printJSON(map[string]any{"sections": r.Sections(), "errors": failed})
	}
	sections := r.Sections()
	for _, name := range slices.Sorted(maps.Keys(sections)) {
		values := sections[name]
		fmt.Fprintf(s.out, "[%s]\n", name)
		for _, option := range slices.Sorted(maps.Keys(values)) {
			fmt.Fprintf(s.out, "%s = %s\n", option, strings.ReplaceAll(values[option], "\n", "\n  "))
		}
		fmt.Fprintln(s.out)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Errors)) {
		fmt.Fprintf(s.out, "# [%s] can't be resolved: %s\n", name, strings.ReplaceAll(r.Errors[name].Error(), "\n", " "))
	}
	return nil
}

// versions prints the versions that the profile pins, as a section.
func (s *session) versions() error {
	if err := s.load(); err != nil {
		return err
	}
	name, err := s.cfg.Query("buildout", "versions")
	if err != nil || name == "" {
		return err
	}
	r := s.cfg.Resolve(name)
	if e := r.Errors[name]; e != nil {
		return e
	}
	values := r.Section(name)
	fmt.Fprintln(s.out, "[versions]")
	for _, egg := range slices.Sorted(maps.Keys(values)) {
		if o := s.cfg.Section(name).Option(egg); o != nil && o.Source() != "DEFAULT_VALUE" {
			fmt.Fprintf(s.out, "%s = %s\n", egg, values[egg])
		}
	}
	return nil
}

func (s *session) printJSON(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// init makes a profile where there is none, and its directories.
func (s *session) init() error {
	file, err := filepath.Abs(s.config)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return &buildout.Error{Code: buildout.CodeCommandLine, Message: fmt.Sprintf("'%s' already exists.", file), While: []string{"Initializing."}}
	}
	if err != nil {
		return commandLineError(err.Error())
	}
	s.log.logger().Info("Creating '" + file + "'.")
	_, err = f.WriteString("[buildout]\nparts =\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return s.bootstrap()
}

// bootstrap makes the directories of a buildout.
func (s *session) bootstrap() error {
	b, err := s.open()
	if err != nil {
		return err
	}
	return b.MakeDirectories()
}
