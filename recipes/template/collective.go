package template

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/internal/python"
	"github.com/go-buildout/go-buildout/recipes/internal/umask"
)

type collectiveOptions struct {
	Input          *string      `buildout:"input" doc:"template: a path; or inline: and the text, without the blanks that it begins with"`
	Inline         *string      `buildout:"inline" doc:"the template's text, without the blanks that it begins with"`
	URL            *string      `buildout:"url" doc:"template: a URL"`
	Output         *string      `buildout:"output" doc:"file to make"`
	Mode           *fs.FileMode `buildout:"mode" doc:"its exact permissions; by default those of the input file, or those that the umask leaves"`
	Overwrite      string       `buildout:"overwrite" default:"true" doc:"y, yes, 1 or true; otherwise a file that is there is left alone, and one that is made is not recorded"`
	Timeout        string       `buildout:"timeout" default:"1.0" doc:"seconds that reading url may take"`
	InputEncoding  string       `buildout:"input-encoding" default:"utf-8" doc:"of the template behind input or url"`
	OutputEncoding string       `buildout:"output-encoding" default:"utf-8" doc:"of the file"`
}

type collective struct {
	output    output // its mode is nil if just the umask counts
	overwrite bool
	content   string
}

// NewCollective is the constructor of collective.recipe.template. Like that of
// slapos.recipe.template it replaces references right away.
func NewCollective(ctx context.Context, part *buildout.Part) (buildout.Recipe, error) {
	var o collectiveOptions
	if err := part.Decode(&o); err != nil {
		return nil, err
	}
	s, err := o.source(part)
	if err != nil {
		return nil, err
	}
	timeout, err := o.timeout(part)
	if err != nil {
		return nil, err
	}
	for _, e := range [][2]string{{"input-encoding", o.InputEncoding}, {"output-encoding", o.OutputEncoding}} {
		if _, err := python.Encode("", e[1], "strict"); err != nil {
			return nil, part.Errorf(e[0], "%s\nexpected one such as utf-8 or latin-1", message(err))
		}
	}
	r := &collective{
		output:    output{"output", *o.Output, o.Mode},
		overwrite: slices.Contains([]string{"y", "yes", "1", "true"}, strings.ToLower(o.Overwrite)),
	}
	text := s.text
	if !s.inline {
		if s.option == "input" {
			text, err = r.readInput(part, &s)
		} else {
			text, err = readWithin(ctx, timeout, part, &s)
		}
		if err != nil {
			return nil, err
		}
		if text, err = python.Decode(text, o.InputEncoding, "strict"); err != nil {
			return nil, part.Errorf(s.option, "%s: %s: %s", part.Name(), s.name(), message(err))
		}
	}
	if text, err = part.SubstituteOwn(s.name(), text); err != nil {
		return nil, err
	}
	if r.content, err = python.Encode(text, o.OutputEncoding, "strict"); err != nil {
		return nil, part.Errorf("output-encoding", "%s: %s: %s", part.Name(), s.name(), message(err))
	}
	return r, nil
}

// source chooses among the options. Also empty ones count, and inline goes before
// url.
func (o *collectiveOptions) source(part *buildout.Part) (source, error) {
	switch {
	case o.Input == nil && o.Inline == nil && o.URL == nil:
		return source{}, refuse(part, "", "No input file, inline template, or URL specified.")
	case o.Output == nil:
		return source{}, refuse(part, "", "No output file specified.")
	case o.Input != nil && (o.Inline != nil || o.URL != nil):
		return source{}, refuse(part, "input", "Too many input sources.")
	case *o.Output == "":
		return source{}, part.Errorf("output", "the option output is empty\nexpected the name of a file")
	case o.Inline != nil:
		return source{option: "inline", inline: true, text: strings.TrimLeftFunc(*o.Inline, unicode.IsSpace)}, nil
	case o.URL != nil:
		return source{option: "url", url: *o.URL}, nil
	}
	if text, ok := strings.CutPrefix(*o.Input, inlinePrefix); ok {
		return source{option: "input", inline: true, text: strings.TrimLeftFunc(text, unicode.IsSpace)}, nil
	}
	return source{option: "input", url: *o.Input}, nil
}

// refuse logs what is wrong with the options, as upstream does, and returns it.
func refuse(part *buildout.Part, option, text string) error {
	part.Logger().Error(text)
	return part.Errorf(option, "%s", text)
}

func (o *collectiveOptions) timeout(part *buildout.Part) (time.Duration, error) {
	seconds, err := strconv.ParseFloat(strings.TrimSpace(o.Timeout), 64)
	if err != nil || math.IsNaN(seconds) || seconds <= 0 {
		return 0, part.Errorf("timeout", "Invalid value for 'timeout' option: '%s'\nexpected a number of seconds such as 1.0", o.Timeout)
	}
	const longest = 24 * time.Hour
	return time.Duration(min(seconds, longest.Seconds()) * float64(time.Second)), nil
}

// readInput reads the input file, whose permissions are the output's unless the
// profile gives it others.
func (r *collective) readInput(part *buildout.Part, s *source) (string, error) {
	path := part.Path(s.url)
	info, err := os.Stat(path)
	switch {
	case err != nil && !errors.Is(err, fs.ErrPermission):
		return "", refuse(part, s.option, "Input file '"+s.url+"' does not exist.")
	case err != nil:
		return "", part.Errorf(s.option, "%w", err)
	case !info.Mode().IsRegular():
		return "", part.Errorf(s.option, "Input file '%s' is not a regular file.", s.url)
	case r.output.mode == nil:
		mode := info.Mode().Perm()
		r.output.mode = &mode
	}
	return s.file(part, path)
}

// readWithin reads a source that must have arrived when the time is over.
func readWithin(ctx context.Context, timeout time.Duration, part *buildout.Part, s *source) (string, error) {
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	text, err := s.read(limited, part)
	switch {
	case err == nil || ctx.Err() != nil:
		return text, err
	case errors.Is(err, context.DeadlineExceeded):
		return "", refuse(part, s.option, s.name()+": timed out after "+timeout.String())
	}
	var e *buildout.Error
	if errors.As(err, &e) {
		part.Logger().Error(e.Message)
	}
	return "", err
}

func (r *collective) Install(_ context.Context, tx *buildout.Tx) error {
	path := r.output.path
	if info, err := os.Stat(tx.Path(path)); err == nil && info.Mode().IsRegular() && !r.overwrite {
		return nil
	}
	parents := missingParents(tx, path)
	if err := tx.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return tx.Part().Errorf(r.output.option, "%w", err)
	}
	if r.overwrite {
		tx.Created(parents...)
	} // else what a user has in them is not to go with the part
	o := r.output
	if o.mode == nil {
		mode, err := umask.Apply(tx, 0o666)
		if err != nil {
			return err
		}
		o.mode = &mode
	}
	if err := o.write(tx, r.content); err != nil {
		return err
	}
	if !r.overwrite {
		tx.Leave(path) // what a user makes of it is theirs
	}
	return nil
}

func (r *collective) Update(ctx context.Context, tx *buildout.Tx) error {
	if old, err := os.ReadFile(tx.Path(r.output.path)); err == nil && string(old) == r.content {
		return nil
	}
	return r.Install(ctx, tx)
}

// missingParents lists the directories that a file needs and that aren't there,
// the outermost first.
func missingParents(tx *buildout.Tx, path string) []string {
	var missing []string
	for dir := filepath.Dir(path); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(tx.Path(dir)); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		missing = append(missing, dir)
	}
	slices.Reverse(missing)
	return missing
}
