// Package makedirectory is the recipe that makes directories:
// slapos.cookbook:mkdirectory, which is slapos.recipe.build:mkdirectory too, and
// slapos.cookbook:makedirectory for profiles that know it by that name.
//
// Every option but recipe and mode is the path of a directory. What is made is
// not recorded: it stays when the part is uninstalled.
package makedirectory

import (
	"cmp"
	"context"
	"io/fs"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// Register adds the recipe under its names.
func Register(r *buildout.Registry) {
	for _, name := range []string{
		"slapos.cookbook:mkdirectory", "slapos.cookbook:makedirectory", "slapos.recipe.build:mkdirectory",
	} {
		r.Register(name, buildout.Entry{New: New, Version: "1"})
	}
}

type options struct {
	Mode fs.FileMode `buildout:"mode" default:"0777" doc:"permissions of the directories, less the umask; parents have 0777 less the umask"`
}

type recipe struct {
	part        *buildout.Part
	mode        fs.FileMode
	directories []directory // by path
}

type directory struct{ path, option string }

// New reads the paths.
func New(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	var o options
	if err := part.Decode(&o); err != nil {
		return nil, err
	}
	r := &recipe{part: part, mode: o.Mode}
	for _, option := range part.Options() {
		if !isPath(option) {
			continue
		}
		path, err := part.Get(option)
		if err != nil {
			return nil, err
		}
		if path != "" {
			r.directories = append(r.directories, directory{path, option})
		}
	}
	slices.SortStableFunc(r.directories, func(a, b directory) int { return cmp.Compare(a.path, b.path) })
	return r, nil
}

// isPath leaves out the options that are not the user's paths: those of the
// recipe, and those that the engine adds to sections.
func isPath(option string) bool {
	switch option {
	case "recipe", "mode", "_profile_base_location_":
		return false
	}
	return !strings.HasPrefix(option, "<")
}

func (r *recipe) Install(_ context.Context, tx *buildout.Tx) error {
	for _, d := range r.directories {
		if err := tx.MkdirAll(d.path, r.mode); err != nil {
			return r.part.Errorf(d.option, "%w", err)
		}
	}
	return nil
}
