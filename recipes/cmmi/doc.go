// Package cmmi has the recipes hexagonit.recipe.cmmi and slapos.recipe.cmmi,
// which build a package as most are built: configure, make, make install.
//
//	[nginx]
//	recipe = slapos.recipe.cmmi
//	url = https://nginx.org/download/nginx-1.21.0.tar.gz
//	md5sum = 0123456789abcdef0123456789abcdef
//	configure-options = --with-threads
//	environment =
//	  PATH=${pkgconfig:location}/bin:%(PATH)s
//
// Both set location, known before anything is built, which is also the prefix
// unless the profile has another. What is between them:
//
//	                    hexagonit               slapos
//	location            parts/PART              parts/PART, or a shared folder
//	compile-directory   LOCATION__compile__     LOCATION/.build
//	old location        built into              wiped
//	commands            as they are written     %(option)s replaced, run with set -e
//	any option          as it is written        @@LOCATION@@ replaced
//	environment         section and lines       section or lines
//	hooks               Python                  Python and shell
//
// # Failures
//
// When a command fails the tree is left as it is, to be looked at: the error
// says where, and has the last lines that the command printed. Nothing is
// recorded then, and the next run starts anew.
//
// # Hooks in Python
//
// A hook FILE.py:FUNCTION is run by a Python of its own: the one at
// ${buildout:executable} or the first python3 on the PATH. It is given
// dictionaries: the options of the part, the buildout with the section buildout
// and that of the part, and the environment. What it changes in them is lost.
package cmmi

import "github.com/go-buildout/go-buildout/buildout"

// version is that of both recipes: a change of it rebuilds all parts.
const version = "1"

// Register adds both recipes to a registry under their upstream names.
func Register(r *buildout.Registry) {
	r.Register("hexagonit.recipe.cmmi", buildout.Entry{New: NewHexagonit, Version: version})
	r.Register("slapos.recipe.cmmi", buildout.Entry{New: NewSlapos, Version: version})
}
