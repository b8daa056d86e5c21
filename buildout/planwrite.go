package buildout

import (
	"fmt"
	"io"
	"strings"
)

// style colours text for a terminal, or not.
type style bool

func (s style) paint(code, text string) string {
	if !s {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// actionColours are the codes of terminals for what happens to a part.
var actionColours = map[Action]string{ActionInstall: "32", ActionReinstall: "33", ActionUninstall: "31", ActionUpdate: "2"}

// String shows the plan as [Plan.Write] does, without colour.
func (p *Plan) String() string {
	var b strings.Builder
	_ = p.Write(&b, false) // a Builder takes everything
	return b.String()
}

// Write prints the plan: a line for each part, below it the reasons and the paths
// that are removed, and a line that counts. Colour is for terminals.
func (p *Plan) Write(w io.Writer, colour bool) error {
	var b strings.Builder
	count := map[Action]int{}
	for _, steps := range [][]Step{p.Uninstall, p.Steps} {
		for _, s := range steps {
			count[s.Action]++
			s.write(&b, style(colour))
		}
	}
	var counts []string
	for _, a := range []Action{ActionUninstall, ActionReinstall, ActionInstall, ActionUpdate} {
		if n := count[a]; n > 0 {
			counts = append(counts, style(colour).paint(actionColours[a], fmt.Sprintf("%d to %s", n, a)))
		}
	}
	if n := len(p.Kept); n > 0 {
		counts = append(counts, fmt.Sprintf("%d left alone", n))
	}
	if len(counts) == 0 {
		counts = []string{"nothing to do"}
	}
	b.WriteString(strings.Join(counts, ", ") + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Step) write(b *strings.Builder, c style) {
	fmt.Fprintf(b, "%s %s\n", c.paint(actionColours[s.Action], string(s.Action)), s.Part)
	for _, r := range s.Reasons {
		r.write(b, c, "    ")
	}
	for _, path := range s.Removes {
		fmt.Fprintf(b, "    removes %s\n", path)
	}
}

// write prints a reason; of a value of several lines only those that differ.
func (r Reason) write(b *strings.Builder, c style, indent string) {
	if r.Kind == ReasonOptionChanged && strings.Contains(r.Was+r.Now, "\n") {
		short := r
		short.Secret = true // the values follow
		b.WriteString(indent + short.String() + "\n")
		r.writeLines(b, c, indent+"  ")
		return
	}
	b.WriteString(indent + r.String() + "\n")
	for _, change := range r.Changes {
		change.write(b, c, indent+"  ")
	}
}

func (r Reason) writeLines(b *strings.Builder, c style, indent string) {
	const most = 10
	was, now := strings.Split(r.Was, "\n"), strings.Split(r.Now, "\n")
	gone, added := linesNotIn(was, now), linesNotIn(now, was)
	if len(gone)+len(added) == 0 {
		b.WriteString(indent + "the same lines in another order\n")
	}
	show := func(lines []string, sign, colour string) {
		for _, line := range lines[:min(most, len(lines))] {
			b.WriteString(indent + c.paint(colour, sign+" "+quoteValue(line)) + "\n")
		}
		if n := len(lines) - most; n > 0 {
			b.WriteString(indent + c.paint(colour, fmt.Sprintf("%s %d more lines", sign, n)) + "\n")
		}
	}
	show(gone, "-", actionColours[ActionUninstall])
	show(added, "+", actionColours[ActionInstall])
}

// linesNotIn lists the lines of a that b has not, or has not as often.
func linesNotIn(a, b []string) []string {
	count := map[string]int{}
	for _, line := range b {
		count[line]++
	}
	var out []string
	for _, line := range a {
		if count[line]--; count[line] < 0 {
			out = append(out, line)
		}
	}
	return out
}
