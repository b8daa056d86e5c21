// Package recipes is the registry of every recipe of go-buildout, under the
// names that profiles know from upstream.
package recipes

import (
	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/recipes/cmmi"
	"github.com/go-buildout/go-buildout/recipes/download"
	"github.com/go-buildout/go-buildout/recipes/logrotate"
	"github.com/go-buildout/go-buildout/recipes/makedirectory"
	"github.com/go-buildout/go-buildout/recipes/promise"
	"github.com/go-buildout/go-buildout/recipes/template"
	"github.com/go-buildout/go-buildout/recipes/wrapper"
)

// All returns a new registry with all recipes. The caller may add more to it, or
// replace some.
func All() *buildout.Registry {
	r := &buildout.Registry{}
	for _, register := range []func(*buildout.Registry){
		cmmi.Register, download.Register, logrotate.Register, makedirectory.Register, promise.Register, template.Register, wrapper.Register,
	} {
		register(r)
	}
	return r
}
