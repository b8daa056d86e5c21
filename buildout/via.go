package buildout

import (
	"fmt"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Via is a step on the way from the place of an [Error] to the section or file
// that the user began with: a macro that a section uses, or a file that another
// one extends.
type Via struct {
	// Macro is the section that User takes options from; "" for a file.
	Macro, User string
	// File is the file that is extended; "" for a macro.
	File string
	// Pos is the line that names the macro or file; it has no file for what only
	// the command line says.
	Pos profile.Pos
}

func (v Via) String() string {
	if v.File != "" {
		return fmt.Sprintf("%s is extended from %s", v.File, v.Pos)
	}
	return fmt.Sprintf("in macro '%s' used by '%s',%s", v.Macro, v.User, atPlace(v.Pos))
}

// atPlace words a place behind what is there.
func atPlace(pos profile.Pos) string {
	if !pos.IsValid() {
		return " on the command line"
	}
	return " at " + pos.String()
}

// extendedFrom lists the lines by which a file came in: the one that extends it
// first, the one that extends that file, and so on up to the main file.
func (c *Config) extendedFrom(file string) []Via {
	var chain []Via
	seen := map[string]bool{} // names without their passwords may be the same
	for n := c.files[file]; n != nil && n.by.IsValid() && !seen[n.file.Name]; n = c.files[n.by.File] {
		seen[n.file.Name] = true
		pos := n.by
		if line, at, ok := c.find(pos, fault{text: n.called}); ok {
			pos = line.Pos
			pos.Column, _ = columns(line.Text, at)
		}
		chain = append(chain, Via{File: n.file.Name, Pos: pos})
	}
	return chain
}
