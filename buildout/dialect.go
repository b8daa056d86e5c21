package buildout

import "github.com/go-buildout/go-buildout/buildout/profile"

// Dialect holds the decisions in which the families of Buildout differ. Code
// asks a decision, never the name.
type Dialect struct {
	// Name is how messages and the command line call it.
	Name string
	// Version is the zc.buildout that the dialect stands for: the default pin of
	// [versions].
	Version string
	// RecipeEggVersion is the default pin of zc.recipe.egg.
	RecipeEggVersion string

	// OncePerFile: a file is merged over the defaults where it is first extended and
	// never again: "+=" on an option of [buildout] adds to its default, and what was
	// merged before the first download decides about offline, newest and
	// extends-cache. Otherwise it is merged again each time it is named, and all
	// files together over the defaults: "+=" replaces a default by what the files
	// say, and only the root file decides about downloads.
	OncePerFile bool
	// NormalizePaths: extended paths and URLs lose "." and "..", "~/" is the home
	// directory, and an absolute path inside a remote profile is remote.
	NormalizePaths bool
	// BaseLocation: sections that mention ${:_profile_base_location_} get the
	// option _profile_base_location_.
	BaseLocation bool
	// OptionalExtends: the option optional-extends is processed.
	OptionalExtends bool
	// Unescape: "$${" is read as "${" by recipes. It is stored as it is.
	Unescape bool
	// Serialized: values can be other than text, stored as "!py!" and a literal.
	Serialized bool
	// SectionSignatures: a part's signature covers the sections it refers to.
	SectionSignatures bool
	// AppendState: .installed.cfg is written by appending [buildout] sections
	// after updates and removals. Otherwise it is always written whole, and a
	// part keeps its place when it is updated.
	AppendState bool
	// ExclusivePaths: two parts can't install the same path.
	ExclusivePaths bool
	// QuietReinstall: options that nobody read are reported when a part is
	// installed for the first time, and not when it is installed again.
	QuietReinstall bool

	rules    profile.Rules
	defaults [][2]string
}

// SlapOS is the SlapOS fork of zc.buildout as it is today (3.0.1+slapos010).
func SlapOS() Dialect {
	return Dialect{
		Name: "slapos", Version: "3.0.1+slapos010", RecipeEggVersion: "2.0.0a3",
		OncePerFile: true, NormalizePaths: true, BaseLocation: true, Unescape: true,
		Serialized: true, SectionSignatures: true, ExclusivePaths: true,
		rules: profile.Rules{},
		defaults: withDefaults([2]string{"allow-unknown-extras", "false"},
			[2]string{"check-signature", "true"}, [2]string{"dry-run", "false"}),
	}
}

// ZC is zc.buildout 6.
func ZC() Dialect {
	return Dialect{
		Name: "zc", Version: "6.0.0a2", RecipeEggVersion: "2.0.6",
		OptionalExtends: true, AppendState: true, QuietReinstall: true,
		rules: profile.Rules{JoinRepeated: true},
		defaults: withDefaults([2]string{"allow-unknown-extras", "false"},
			[2]string{"eggs-directory-version", "v5"}),
	}
}

// Dialects are the dialects by name.
func Dialects() map[string]Dialect {
	return map[string]Dialect{"slapos": SlapOS(), "zc": ZC()}
}

// withDefaults gives the options of [buildout] that are there before any file is
// read: those that all versions share and those of one.
func withDefaults(own ...[2]string) [][2]string {
	return append([][2]string{
		{"allow-hosts", "*"}, {"allow-picked-versions", "true"}, {"bin-directory", "bin"},
		{"develop-eggs-directory", "develop-eggs"}, {"eggs-directory", "eggs"}, {"find-links", ""},
		{"install-from-cache", "false"}, {"installed", ".installed.cfg"}, {"log-format", ""},
		{"log-level", "INFO"}, {"newest", "true"}, {"offline", "false"}, {"parts-directory", "parts"},
		{"prefer-final", "true"}, {"python", "buildout"}, {"show-picked-versions", "false"},
		{"socket-timeout", ""}, {"update-versions-file", ""}, {"use-dependency-links", "true"},
	}, own...)
}
