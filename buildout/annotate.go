package buildout

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Annotated is a profile's values with where each comes from. It marshals to
// the JSON of "buildout annotate --json".
type Annotated struct {
	Sections map[string]map[string]AnnotatedOption `json:"sections"`
}

// AnnotatedOption is a value before macros and references, and its history,
// oldest first.
type AnnotatedOption struct {
	Value   string               `json:"value"`
	History []AnnotatedOperation `json:"history"`
}

// AnnotatedOperation is one step in the making of a value. File and line are
// empty for what no file says.
type AnnotatedOperation struct {
	Operation OperationKind `json:"operation"`
	Value     string        `json:"value"`
	File      string        `json:"file,omitempty"`
	Line      int           `json:"line,omitempty"`
}

// Annotate gives the values of the named sections, of all when none is named.
// Names that are no section are ignored, as the original does.
func (c *Config) Annotate(sections ...string) *Annotated {
	a := &Annotated{Sections: map[string]map[string]AnnotatedOption{}}
	for _, s := range c.selected(sections) {
		options := map[string]AnnotatedOption{}
		for _, o := range s.Options() {
			ao := AnnotatedOption{Value: o.text}
			for _, op := range o.History() {
				if op.Kind == OpDirectory {
					op.Kind = OpComputed
				}
				ao.History = append(ao.History, AnnotatedOperation{op.Kind, op.Value, op.Pos.File, op.Pos.Line})
			}
			options[o.key()] = ao
		}
		a.Sections[s.Name] = options
	}
	return a
}

func (c *Config) selected(names []string) []*Section {
	var out []*Section
	for _, s := range c.sections {
		if len(names) == 0 || slices.Contains(names, s.Name) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b *Section) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// WriteAnnotated prints the values of the named sections, of all when none is
// named, with their sources, as "buildout annotate" does; verbose adds the
// history, newest first.
func (c *Config) WriteAnnotated(w io.Writer, verbose bool, sections ...string) error {
	var b strings.Builder
	b.WriteString("\nAnnotated sections\n" + strings.Repeat("=", 18) + "\n")
	for _, s := range c.selected(sections) {
		fmt.Fprintf(&b, "\n[%s]\n", s.Name)
		options := s.Options()
		slices.SortFunc(options, func(a, b *Option) int { return strings.Compare(a.key(), b.key()) })
		for _, o := range options {
			b.WriteString(o.key() + "=")
			if lines := splitLines(o.text); len(lines) > 1 {
				b.WriteString(" " + strings.Join(lines, "\n"))
			} else if o.text != "" {
				b.WriteString(" " + o.text)
			}
			b.WriteByte('\n')
			if verbose {
				c.writeHistory(&b, o)
			} else {
				c.writeSources(&b, o)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeSources prints what last set a value and what changed it since.
func (c *Config) writeSources(b *strings.Builder, o *Option) {
	history := o.History()
	first := 0
	for i, op := range history {
		if op.Kind != OpAdd && op.Kind != OpRemove {
			first = i
		}
	}
	for _, op := range history[first:] {
		sign := "  "
		switch op.Kind {
		case OpAdd:
			sign = "+="
		case OpRemove:
			sign = "-="
		}
		fmt.Fprintf(b, "%s  %s\n", sign, c.sourceName(op.Source))
	}
}

func (c *Config) writeHistory(b *strings.Builder, o *Option) {
	b.WriteByte('\n')
	history := o.History()
	slices.Reverse(history)
	for i, op := range history {
		word := "IN"
		if op.Source != sourceNames[implicitSource] && !isFileSource(op.Source) {
			word = "AS"
		}
		fmt.Fprintf(b, "   %s %s\n", word, c.sourceName(op.Source))
		word = strings.ToUpper(string(op.Kind))
		switch {
		case op.Kind == OpCommandLine && i < len(history)-1:
			word = "OVERRIDE"
		case op.Kind == OpDefault || op.Kind == OpComputed || op.Kind == OpCommandLine:
			word = "SET"
		}
		lines := splitLines(op.Value)
		if len(lines) < 2 {
			fmt.Fprintf(b, "   %s VALUE = %s\n", word, op.Value)
			continue
		}
		fmt.Fprintf(b, "   %s VALUE =\n", word)
		for _, line := range lines {
			b.WriteString("      " + line + "\n")
		}
	}
	b.WriteByte('\n')
}

// splitLines is Python's str.splitlines, which counts more as the end of a line
// than newlines, and no empty line at the end.
func splitLines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(lineEnds.Replace(s), "\n"), "\n")
}

var lineEnds = strings.NewReplacer("\v", "\n", "\f", "\n", "\x1c", "\n", "\x1d", "\n", "\x1e", "\n",
	"\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

func isFileSource(source string) bool {
	return !slices.Contains(sourceNames[1:], source)
}

// sourceName shortens a file to its name below the buildout directory. Whether
// it is below is tested by the beginning of the name, as the original does.
func (c *Config) sourceName(source string) string {
	if !isFileSource(source) || !strings.HasPrefix(source, c.directory) {
		return source
	}
	if rel, err := filepath.Rel(c.directory, source); err == nil {
		return rel
	}
	return source
}

// Query returns the value of section:option before macros and references, as
// "buildout query" does: the standard directories are absolute.
func (c *Config) Query(section, option string) (string, error) {
	s := c.Section(section)
	if s == nil {
		return "", &Error{Code: CodeUnknownSection, Section: section, Message: "Section not found: " + section, Hint: didYouMean(section, c.names())}
	}
	o := s.Option(option)
	if o == nil || o.waiting {
		var names []string
		for _, o := range s.Options() {
			names = append(names, o.key())
		}
		return "", &Error{Code: CodeUnknownOption, Section: section, Option: option, Pos: s.Pos, Message: "Key not found: " + option, Hint: didYouMean(option, names)}
	}
	return o.Value(), nil
}
