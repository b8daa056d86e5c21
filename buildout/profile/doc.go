// Package profile is the syntax of one Buildout profile: text in, values out.
//
// [Parse] splits a file into sections, options, operators and positions without
// evaluating anything; it never fails, a broken file gives a [File] whose Errors
// say what is wrong and where. [File.Eval] then answers what the file says on a
// given [Platform], whose [Conditions] it asks: sections whose condition holds, merged as if they were
// written once, with each option's set, add and remove operations in the order
// in which Buildout applies them.
//
// Nothing here knows about extended files, macros, references or recipes: that
// is package buildout. Nothing here opens a file or starts a process: what a
// condition may ask of the machine is a function of the Platform.
//
// The rules are those of zc.buildout's parser, which all its versions share but
// for the handling of repeated operators in one file ([Rules]).
package profile
