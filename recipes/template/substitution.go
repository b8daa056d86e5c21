package template

import (
	"context"
	"io/fs"

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
	r.text, err = part.Substitute(s.name(), text)
	return r, err
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
