package template

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

type substitutionOptions struct {
	sourceOptions
	Output string       `buildout:"output,required" doc:"file to make"`
	Mode   *fs.FileMode `buildout:"mode" doc:"its exact permissions; by default those that the umask leaves, executable for a script"`
}

type substitution struct {
	source source
	output output
	text   string
}

// NewSubstitution is the constructor of slapos.recipe.template. References in the
// template are replaced right away, for they are the part's dependencies.
func NewSubstitution(ctx context.Context, part *buildout.Part) (buildout.Recipe, error) {
	var o substitutionOptions
	if err := part.Decode(&o); err != nil {
		return nil, err
	}
	s, err := o.source(part)
	if err != nil {
		return nil, err
	}
	r := &substitution{source: s, output: output{"output", o.Output, o.Mode}, text: s.text}
	if s.inline {
		return r, nil // the profile's own substitution has dealt with it
	}
	text, err := s.read(ctx, part)
	if err != nil {
		return nil, err
	}
	if r.text, err = part.Substitute(text); err != nil {
		return nil, locate(part, &s, text, err)
	}
	return r, nil
}

func (r *substitution) Install(_ context.Context, tx *buildout.Tx) error {
	return r.output.write(tx, r.text)
}

func (r *substitution) Update(_ context.Context, tx *buildout.Tx) error {
	if r.source.fixed() {
		return nil
	}
	return r.output.write(tx, r.text)
}

// locate adds to an error of substitution the line of the template that it is
// about.
func locate(part *buildout.Part, s *source, text string, err error) error {
	var e *buildout.Error
	if !errors.As(err, &e) {
		return err
	}
	place := "in the template " + s.name()
	if line := failingLine(part, text); line > 0 {
		place = fmt.Sprintf("in the template %s:%d", s.name(), line)
	}
	located := *e
	var at *buildout.Error
	if (e.Section == "" || e.Section == part.Name() && e.Option == "") && errors.As(part.Errorf(s.option, "%s", e.Message), &at) {
		located.Section, located.Option, located.Pos, located.Line = at.Section, at.Option, at.Pos, at.Line
		if located.While == nil {
			located.While = at.While
		}
	}
	located.Detail = append(slices.Clone(e.Detail), place)
	return &located
}

// failingLine is the line of the first reference that can't be replaced, 0 if
// all can.
func failingLine(part *buildout.Part, text string) int {
	line := 1
	for _, piece := range strings.Split(text, "$$") {
		for {
			before, rest, found := strings.Cut(piece, "${")
			inside, after, closed := strings.Cut(rest, "}")
			if !found || !closed {
				break
			}
			line += strings.Count(before, "\n")
			if _, err := part.Substitute("${" + inside + "}"); err != nil {
				return line
			}
			line += strings.Count(inside, "\n")
			piece = after
		}
		line += strings.Count(piece, "\n")
	}
	return 0
}
