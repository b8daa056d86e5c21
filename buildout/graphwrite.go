package buildout

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// GraphFormat is how a [Graph] is written.
type GraphFormat string

// The formats.
const (
	GraphText    GraphFormat = "text"    // a line for each part, for reading
	GraphDOT     GraphFormat = "dot"     // Graphviz
	GraphMermaid GraphFormat = "mermaid" // a flowchart, as many Markdown readers show it
	GraphJSON    GraphFormat = "json"    // the fields of Graph
)

// GraphFormats are the formats that [Graph.Write] knows.
func GraphFormats() []GraphFormat {
	return []GraphFormat{GraphText, GraphDOT, GraphJSON, GraphMermaid}
}

// Write prints the graph in a format; one that is none is an [*Error]. Arrows
// lead from a part to what it depends on.
func (g *Graph) Write(w io.Writer, format GraphFormat) error {
	text := ""
	switch format {
	case GraphText:
		text = g.String()
	case GraphDOT:
		text = g.dot()
	case GraphMermaid:
		text = g.mermaid()
	case GraphJSON:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(g)
	default:
		return &Error{Code: CodeCommandLine, Message: "Invalid graph format " + string(format),
			Detail: []string{fmt.Sprintf("expected one of %s", GraphFormats())}}
	}
	_, err := io.WriteString(w, text)
	return err
}

// label says which option refers to what: "path → s:x → location".
func (e Edge) label() string {
	from, to := e.Option, e.Target
	switch from {
	case "":
		from = "(recipe)"
	case profile.PartDependencies:
		from = "=>"
	}
	if to == "" {
		to = "(all)"
	}
	return strings.Join(slices.Concat([]string{from}, e.Through, []string{to}), " → ")
}

// arrow is what all edges from one part to another become.
type arrow struct {
	from, to string
	labels   []string
}

// arrows brings the edges between the same two parts together, in order.
func (g *Graph) arrows() []*arrow {
	var out []*arrow
	known := map[[2]string]*arrow{}
	for _, e := range g.Edges {
		key := [2]string{e.From, e.To}
		a := known[key]
		if a == nil {
			a = &arrow{from: e.From, to: e.To}
			known[key] = a
			out = append(out, a)
		}
		a.labels = append(a.labels, e.label())
	}
	return out
}

// String lists the parts with what they depend on.
func (g *Graph) String() string {
	edges := map[string][]*arrow{}
	for _, a := range g.arrows() {
		edges[a.from] = append(edges[a.from], a)
	}
	var b strings.Builder
	for _, p := range g.Parts {
		b.WriteString(p + "\n")
		for _, a := range edges[p] {
			fmt.Fprintf(&b, "    %s (%s)\n", a.to, strings.Join(a.labels, ", "))
		}
	}
	return b.String()
}

// dotEscape is for quoted strings that are labels, in which a backslash begins an
// escape and an ampersand an entity.
var dotEscape = strings.NewReplacer("&", "&amp;", `\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\n`, "\x00", "\uFFFD")

func dotQuote(s string) string {
	return `"` + dotEscape.Replace(strings.ToValidUTF8(s, "\uFFFD")) + `"`
}

// dot names the nodes by number: names may have any letters, labels are made for
// that.
func (g *Graph) dot() string {
	var b strings.Builder
	b.WriteString("digraph buildout {\n  rankdir=LR;\n  node [shape=box];\n")
	id := g.numbers()
	for _, p := range g.Parts {
		fmt.Fprintf(&b, "  n%d [label=%s];\n", id[p], dotQuote(p))
	}
	for _, a := range g.arrows() {
		fmt.Fprintf(&b, "  n%d -> n%d [label=%s];\n", id[a.from], id[a.to], dotQuote(strings.Join(a.labels, "\n")))
	}
	b.WriteString("}\n")
	return b.String()
}

func (g *Graph) numbers() map[string]int {
	id := make(map[string]int, len(g.Parts))
	for i, p := range g.Parts {
		id[p] = i
	}
	return id
}

// mermaidQuote writes what could mean something in a label as the code of its
// character.
func mermaidQuote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString("<br>")
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" -.:/,()→", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String() + `"`
}

func (g *Graph) mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	id := g.numbers()
	for _, p := range g.Parts {
		fmt.Fprintf(&b, "  n%d[%s]\n", id[p], mermaidQuote(p))
	}
	for _, a := range g.arrows() {
		fmt.Fprintf(&b, "  n%d -->|%s| n%d\n", id[a.from], mermaidQuote(strings.Join(a.labels, "\n")), id[a.to])
	}
	return b.String()
}
