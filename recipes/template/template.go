// Package template has the recipes that make a file of a template:
//
//   - slapos.recipe.template replaces references to options, as in a profile;
//   - slapos.recipe.template:jinja2 renders Jinja2;
//   - collective.recipe.template replaces references, also ${option} for one of
//     the part's own, and has no escape for them.
//
// The first two share where the template comes from (options url, inline, md5sum),
// and all how the file is written (output, mode).
package template

import "github.com/go-buildout/go-buildout/buildout"

// Register adds the recipes.
func Register(r *buildout.Registry) {
	r.Register("collective.recipe.template", buildout.Entry{New: NewCollective, Version: "1"})
	r.Register("slapos.recipe.template", buildout.Entry{New: NewSubstitution, Version: "1"})
	r.Register("slapos.recipe.template:jinja2", buildout.Entry{New: NewJinja2, Version: "1"})
}
