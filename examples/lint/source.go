package main

import (
	"strings"
	"unicode/utf8"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// source is a local profile as it is written.
type source struct {
	file    *profile.File
	lines   []profile.Line
	broken  bool     // it has mistakes that keep Buildout from reading it
	extends []string // local files that it extends, by name
	// disabled are the rules that comments turn off: for the whole file at 0, and
	// for lines.
	disabled map[int][]string
}

func newSource(name, text string) *source {
	s := &source{file: profile.Parse(name, text), disabled: map[int][]string{}}
	s.lines = s.file.Lines()
	return s
}

// line gives line n, counted from 1.
func (s *source) line(n int) string {
	if n < 1 || n > len(s.lines) {
		return ""
	}
	return s.lines[n-1].Text
}

// goesOn reports whether line n can be part of what began before it.
func (s *source) goesOn(n int) bool {
	switch s.lines[n-1].Kind {
	case profile.CommentLine, profile.ContinuationLine, profile.BlankLine:
		return true
	}
	return false
}

// extent gives the last line of what begins at a line: an option with its
// continuations.
func (s *source) extent(first int) int {
	n := first
	for n < len(s.lines) && s.goesOn(n+1) {
		n++
	}
	return n
}

// begin gives the line that a line continues, or itself.
func (s *source) begin(n int) int {
	for n > 1 && s.goesOn(n) {
		n--
	}
	return n
}

// find looks for something in the option that begins at pos and gives its place.
// match returns the offset in a line in bytes, or -1. Without a match it is pos.
func (s *source) find(pos profile.Pos, match func(line string) int) profile.Pos {
	for n := pos.Line; n <= s.extent(pos.Line); n++ {
		line := s.line(n)
		if s.lines[n-1].Kind == profile.CommentLine {
			continue
		}
		if at := match(line); at >= 0 {
			return profile.Pos{File: pos.File, Line: n, Column: utf8.RuneCountInString(line[:at]) + 1}
		}
	}
	return pos
}

// matchReference finds a reference as it is written, and not where it is escaped.
func matchReference(text string) func(line string) int {
	return func(line string) int {
		for _, r := range references(line) {
			if r.text == text {
				return r.offset
			}
		}
		return -1
	}
}

// matchWord finds a word with blanks, or "=", around it.
func matchWord(word string) func(line string) int {
	return func(line string) int {
		isEdge := func(s string) bool { return s == "" || strings.Trim(s, " \t=") == "" }
		for at := 0; ; {
			i := strings.Index(line[at:], word)
			if i < 0 {
				return -1
			}
			at += i
			end := at + len(word)
			if (at == 0 || isEdge(line[at-1:at])) && (end == len(line) || isEdge(line[end:end+1])) {
				return at
			}
			at++
		}
	}
}
