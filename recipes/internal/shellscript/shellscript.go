// Package shellscript writes shell scripts that become one command, byte for byte
// as slapos.cookbook writes them, and splits command lines as it does. It is
// shared by the recipes that make such scripts: wrapper and logrotate.
package shellscript

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Script is a shell script that prepares what its fields say and is then
// replaced by a command, which gets the script's own arguments too.
type Script struct {
	// Ignore is a signal that is ignored from the start, by its name without SIG;
	// "" is none.
	Ignore string
	// Environment are variables to export.
	Environment map[string]string
	// Before are lines of shell that run before the command.
	Before []string
	// Via are words of shell text between exec and the command. They are not
	// quoted.
	Via []string
	// Command are the words of the command.
	Command []string
}

// String is the text of the script.
func (s Script) String() string {
	lines := []string{"#!/bin/sh -e"}
	if s.Ignore != "" {
		lines = append(lines, "trap '' "+s.Ignore)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
		lines = append(lines, "export "+name+"="+Quote(s.Environment[name]))
	}
	lines = append(lines, s.Before...)
	words := slices.Clone(s.Via)
	for _, word := range s.Command {
		words = append(words, Quote(word))
	}
	lines = append(lines, Join("exec", append(words, `"$@"`)...))
	return strings.Join(lines, "\n") + "\n"
}

// shortLine is the length from which on a line gets no further word.
const shortLine = 40

// Join puts words of shell text behind a command, and continues on another line
// when one has become long.
func Join(command string, words ...string) string {
	var done strings.Builder
	line := command
	for _, word := range words {
		if utf8.RuneCountInString(line) < shortLine {
			line += " " + word
			continue
		}
		done.WriteString(line + " \\\n")
		line = "\t" + word
	}
	return done.String() + line
}

// Quote makes one word of shell text of any text.
func Quote(word string) string {
	if word == "" {
		return "''"
	}
	if strings.IndexFunc(word, needsQuotes) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'"'"'`) + "'"
}

func needsQuotes(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("@%+=:,./_-", r)
}
