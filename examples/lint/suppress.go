package main

import (
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

const suppression = "lint: disable="

// readSuppressions notes what the comments of a file disable. Comments before
// the first line that is none are about the file, others about the line that
// follows them, and what continues it.
func (s *source) readSuppressions(found *findings) {
	head := true
	var pending []string
	for i, l := range s.lines {
		line := l.Text
		if l.Kind != profile.CommentLine {
			if blank := strings.TrimSpace(line) == ""; !blank {
				head = false
				s.disabled[i+1] = append(s.disabled[i+1], pending...)
				pending = nil
			}
			continue
		}
		_, list, ok := strings.Cut(line, suppression)
		if !ok || strings.Trim(line[:len(line)-len(suppression)-len(list)], "#; \t") != "" {
			continue
		}
		for id := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune(", \t", r) }) {
			if !slices.Contains(ruleIDs(), id) {
				pos := profile.Pos{File: s.file.Name, Line: i + 1, Column: 1}
				found.report(badSuppression, pos, didYouMean(id, ruleIDs()), "there is no rule '%s'", id)
			}
			if head {
				s.disabled[0] = append(s.disabled[0], id)
			} else {
				pending = append(pending, id)
			}
		}
	}
}

// suppresses reports whether a comment of the file disables the finding.
func (s *source) suppresses(f *finding) bool {
	for _, n := range []int{0, f.pos.Line, s.begin(f.pos.Line)} {
		if slices.Contains(s.disabled[n], f.rule.id) {
			return true
		}
	}
	return false
}
