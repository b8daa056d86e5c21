// Package gobuildout is the root of go-buildout, a library that reads Buildout
// profiles and carries them out. It has no code; this is the map of the packages.
//
//   - [github.com/go-buildout/go-buildout/buildout] is the engine: it loads and
//     resolves profiles, plans and installs parts. Begin there.
//   - [github.com/go-buildout/go-buildout/buildout/profile] is the syntax of one
//     profile file, for editors and other tools.
//   - [github.com/go-buildout/go-buildout/buildout/recipetest] runs recipes in a
//     temporary buildout, for the tests of their authors.
//   - [github.com/go-buildout/go-buildout/recipes] is the registry of the recipes
//     that come with the library, under the names that profiles use; each family
//     has a folder below.
//   - [github.com/go-buildout/go-buildout/template] renders Jinja2 templates as
//     SlapOS uses them.
//   - [github.com/go-buildout/go-buildout/fetch] downloads, verifies, caches and
//     unpacks files.
//
// The folder examples has programs on the public API only: the buildout command
// and a web application that is built and deployed. The folder conformance runs
// recorded behaviour of the originals and readable scenarios against all of it.
//
// Packages depend downwards only: buildout knows no recipe and fetches through an
// interface; fetch and template know nothing of parts.
package gobuildout
