package buildout

import (
	"fmt"
	"io"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// String tells the story as [Story.Write] does, without colour.
func (s *Story) String() string {
	var b strings.Builder
	_ = s.Write(&b, false) // a Builder takes everything
	return b.String()
}

// Write tells the story for people. Colour is for terminals.
func (s *Story) Write(w io.Writer, colour bool) error {
	var b strings.Builder
	c := style(colour)
	switch {
	case len(s.Declared) == 0 && s.Step != nil && s.Step.Action == ActionUninstall:
		fmt.Fprintf(&b, "%s is installed, and no section of the profile\n", c.paint("1", s.Part))
	case s.Recipe != "":
		fmt.Fprintf(&b, "%s is a part of the recipe %s\n", c.paint("1", s.Part), s.Recipe)
	case s.Step == nil && !s.Listed && len(s.ReferredBy) == 0:
		fmt.Fprintf(&b, "%s is a section that nothing asks for\n", c.paint("1", s.Part))
	default:
		fmt.Fprintf(&b, "%s is a section without a recipe\n", c.paint("1", s.Part))
	}
	for i, d := range s.Declared {
		word := "declared at"
		if i > 0 {
			word = "continued at"
		}
		fmt.Fprintf(&b, "  %s %s%s\n", word, d.Pos, extendedAt(d.Extends))
	}
	for _, m := range s.Macros {
		fmt.Fprintf(&b, "  takes the options of %s (%s) at %s\n", m.Name, m.Pos, m.Used)
	}
	if s.Listed {
		b.WriteString("  listed in parts" + inParentheses(s.Parts) + "\n")
	}
	for _, e := range s.ReferredBy {
		fmt.Fprintf(&b, "  referred to by %s: %s\n", e.From, e.label())
	}
	for _, e := range s.RefersTo {
		fmt.Fprintf(&b, "  refers to %s: %s\n", e.To, e.label())
	}
	if s.Step == nil {
		b.WriteString("a run has nothing to do with it\n")
	} else {
		s.Step.write(&b, c)
	}
	if len(s.Causes) > 0 {
		b.WriteString("because of\n")
	}
	for _, cause := range s.Causes {
		cause.write(&b, c)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func extendedAt(lines []profile.Pos) string {
	if len(lines) == 0 {
		return ""
	}
	words := make([]string, len(lines))
	for i, pos := range lines {
		words[i] = pos.String()
	}
	return ", extended at " + strings.Join(words, " -> ")
}

func inParentheses(pos profile.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	return " (" + pos.String() + ")"
}
