package buildout_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

func ExampleGraph_Write() {
	g := &buildout.Graph{
		Parts: []string{"base", "lib", "app"},
		Edges: []buildout.Edge{
			{From: "app", Option: "environment", Through: []string{"env:path"}, To: "lib", Target: "location"},
			{From: "app", Option: "url", To: "lib", Target: "url"},
			{From: "app", Option: "<part-dependencies>", To: "base"},
		},
	}
	for _, format := range []buildout.GraphFormat{buildout.GraphText, buildout.GraphDOT, buildout.GraphMermaid} {
		var text strings.Builder
		if err := g.Write(&text, format); err != nil {
			panic(err)
		}
		fmt.Print(text.String())
	}
	// Output:
	// base
	// lib
	// app
	//     lib (environment → env:path → location, url → url)
	//     base (=> → (all))
	// digraph buildout {
	//   rankdir=LR;
	//   node [shape=box];
	//   n0 [label="base"];
	//   n1 [label="lib"];
	//   n2 [label="app"];
	//   n2 -> n1 [label="environment → env:path → location\nurl → url"];
	//   n2 -> n0 [label="=> → (all)"];
	// }
	// flowchart LR
	//   n0["base"]
	//   n1["lib"]
	//   n2["app"]
	//   n2 -->|"environment → env:path → location<br>url → url"| n1
	//   n2 -->|"#61;#62; → (all)"| n0
}

// nasty are names that mean something in one format or another.
var nasty = []string{"plain", `quo"te`, `back\slash`, `end\`, `\N`, "<b>bold</b>", "&amp;", "a|b", "`code`", "1.", "end", "n0", "é☃", "a->b", "#35", "%%", "bad\xff", "'", "$x", "(x)"}

func nastyGraph() *buildout.Graph {
	g := &buildout.Graph{Parts: nasty}
	for i, name := range nasty {
		g.Edges = append(g.Edges, buildout.Edge{From: name, Option: name, Through: []string{name + ":" + name}, To: nasty[(i+1)%len(nasty)], Target: name})
	}
	return g
}

func written(t *testing.T, g *buildout.Graph, format buildout.GraphFormat) string {
	t.Helper()
	var text strings.Builder
	require.NoError(t, g.Write(&text, format))
	return text.String()
}

// TestGraphDOT has Graphviz itself read names of all kinds.
func TestGraphDOT(t *testing.T) {
	text := written(t, nastyGraph(), buildout.GraphDOT)
	for _, line := range []string{`  n1 [label="quo\"te"];`, `  n2 [label="back\\slash"];`, `  n3 [label="end\\"];`, `  n5 [label="<b>bold</b>"];`} {
		require.Contains(t, text, line+"\n")
	}
	dot, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("Graphviz is not installed")
	}
	cmd := exec.Command(dot, "-Tplain")
	cmd.Stdin = strings.NewReader(text)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	require.NoError(t, err, complaints.String())
	require.Empty(t, complaints.String())
	require.Equal(t, len(nasty), strings.Count(string(out), "\nnode "), "%s", out)
	require.Equal(t, len(nasty), strings.Count(string(out), "\nedge "), "%s", out)
	for _, want := range []string{`"quo\"te"`, `"&amp;"`, `"<b>bold</b>"`, `é☃`} {
		require.Contains(t, string(out), want)
	}
}

// TestGraphMermaid allows in labels only what means nothing there.
func TestGraphMermaid(t *testing.T) {
	text := written(t, nastyGraph(), buildout.GraphMermaid)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	require.Len(t, lines, 1+2*len(nasty))
	for _, line := range lines[1:] {
		require.Regexp(t, `^  n\d+(\["(#\d+;|[-a-zA-Z0-9 .:/,()→])*"\]| -->\|"(#\d+;|[-a-zA-Z0-9 .:/,()→]|<br>)*"\| n\d+)$`, line)
	}
	require.Contains(t, text, `  n1["quo#34;te"]`)
	require.Contains(t, text, `  n12["#233;#9731;"]`)
}

func TestGraphJSON(t *testing.T) {
	g := nastyGraph()
	g.Parts, g.Edges = g.Parts[:2], g.Edges[:1]
	require.JSONEq(t, `{"parts": ["plain", "quo\"te"],
		"edges": [{"from": "plain", "option": "plain", "through": ["plain:plain"], "to": "quo\"te", "target": "plain"}]}`, written(t, g, buildout.GraphJSON))
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	text, err := json.Marshal(open(t, b, registry()).Graph())
	require.NoError(t, err)
	require.Equal(t, `{"parts":[],"edges":[]}`, string(text))
	var e *buildout.Error
	require.ErrorAs(t, g.Write(&strings.Builder{}, "png"), &e)
	require.Equal(t, []string{"expected one of [text dot json mermaid]"}, e.Detail)
}

// TestGraphOfOptions has the ways from one part to another: its own options in
// between, two options, a recipe that looks at a section, sections that refer to
// each other.
func TestGraphOfOptions(t *testing.T) {
	r := registry()
	r.Register("test:look", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		_, err := part.Section("s")
		return nothing{}, err
	}})
	b := recipetest.New(t, r, nil)
	b.Write("buildout.cfg", `[buildout]
parts = look a
[look]
recipe = test:look
[a]
recipe = test:file
path = ${:own}/${b:location}
own = ${s:deep}
[s]
a-own = ${:deep}
deep = ${t:x}
other = 1
[t]
x = ${c:location} ${c:location}
y = ${s:other}
[b]
recipe = test:file
path = b
[c]
recipe = test:file
path = c
`)
	bo := open(t, b, r)
	_, err := bo.Plan(context.Background())
	require.NoError(t, err)
	require.Equal(t, `c
look
    c ((recipe) → s → t:x → location)
b
a
    c (own → s:deep → t:x → location)
    b (path → location)
`, bo.Graph().String())
}

// TestGraphOfManyWays has more ways from one part to another than anybody could
// follow.
func TestGraphOfManyWays(t *testing.T) {
	const levels = 60
	var text strings.Builder
	text.WriteString("[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\nx = ${s0:x}${s0:y}\n")
	for i := range levels {
		fmt.Fprintf(&text, "[s%d]\nx = ${s%d:x}${s%d:y}\ny = ${s%d:y}${s%d:x}\n", i, i+1, i+1, i+1, i+1)
	}
	fmt.Fprintf(&text, "[s%d]\nx = ${b:content}\ny =\n[b]\nrecipe = test:file\npath = b\ncontent =\n", levels)
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", text.String())
	bo := open(t, b, registry())
	_, err := bo.Plan(context.Background())
	require.NoError(t, err)
	edges := bo.Graph().Edges
	require.Len(t, edges, 1)
	require.Len(t, edges[0].Through, levels+1)
}
