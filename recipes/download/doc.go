// Package download has the recipe hexagonit.recipe.download, which downloads an
// archive and unpacks it, or keeps the file as it is.
//
//	[app]
//	recipe = hexagonit.recipe.download
//	url = https://example.com/app-1.0.tar.gz
//	md5sum = 0123456789abcdef0123456789abcdef
//	strip-top-level-dir = true
//
// The recipe sets location and destination, both the folder with the content of
// the archive; parts/app unless the profile says otherwise. Beyond the original,
//   - location without destination says where to unpack, instead of being
//     overwritten;
//   - a file that is no archive, and does not claim to be one by its name, is
//     copied into that folder with a warning, as if download-only were set;
//   - a failure leaves nothing behind.
//
// # For other recipes
//
// The package is shared: [Archive], the options about an archive and what they
// do, is also what the recipes of package cmmi unpack their sources with.
package download

import "github.com/go-buildout/go-buildout/buildout"

// Register adds the recipe to a registry under its upstream name.
func Register(r *buildout.Registry) {
	r.Register("hexagonit.recipe.download", buildout.Entry{New: New, Version: "1"})
}
