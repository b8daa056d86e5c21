// Package template renders Jinja2 templates as SlapOS uses them, to the byte
// as Jinja2 3.1.6 does, with Python's values and methods behind them.
//
//	tmpl, err := template.Parse("instance.cfg.in", text, template.Options{
//		Extensions: []string{"jinja2.ext.do"},
//		Python:     true,
//		Loader:     template.Map{"library": library},
//	})
//	text, err := tmpl.Render(ctx, map[string]any{"parameter_dict": parameters})
//
// Strings, numbers, slices and maps of Go become Python's; where the order of
// keys matters, [JSON], [Literal] and [Dict] make values that keep it. [Module]
// makes the Python modules that templates import.
//
// A template can't do harm: it reads no file that its [Loader] doesn't give
// it, it is bounded by [Limits] and by the context of Render, and nothing of
// one rendering is seen by another. What is wrong with it comes back as an
// [Error] in Jinja2's words, with the line, and the chain of macros and
// templates that led there.
//
// # How it works
//
// The text is first taken apart by our own lexer, which knows Python's tokens
// and Jinja2's whitespace control: each tag becomes a list of tokens in a table.
// gonja, an implementation of Jinja2 in Go, is given what is left: short texts,
// and tags that are nothing but their index in that table. It finds which tag
// belongs to which, and calls our parser for each; expressions become small
// trees, and names are bound to slots of a frame, as Jinja2's own compiler binds
// them to Python's local variables. To render, gonja walks the statements at
// the template's root, and each statement evaluates its trees.
package template
