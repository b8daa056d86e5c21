package buildout

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout/profile"
	"github.com/stretchr/testify/require"
)

// TestMergeVisits compares what repeated visits are worked out to with carrying
// them out one by one, on random files that extend each other.
func TestMergeVisits(t *testing.T) {
	const rounds = 4000
	repeated := 0
	for seed := range uint64(rounds) {
		f, text := randomFiles(rand.New(rand.NewPCG(seed, 1)))
		l := &loader{dialect: ZC(), limits: Limits{}.withDefaults()}
		naive := l.newConfig(0)
		for _, n := range f.visits() {
			naive.merge(n.sections)
		}
		want := describe(naive)
		if len(f.visits()) > len(f.order) {
			repeated++
		}
		composed := l.newConfig(0)
		require.Nil(t, composed.mergeVisits(f))
		require.Equal(t, want, describe(composed), "seed %d\n%s", seed, text)
	}
	require.Greater(t, repeated, rounds/2)
}

// visits lists the files as often and in the order in which they are merged.
func (f *files) visits() []*node {
	var all []*node
	var visit func(n *node)
	visit = func(n *node) {
		for _, child := range n.children {
			visit(child.node)
		}
		all = append(all, n)
	}
	for _, root := range f.roots {
		visit(root.node)
	}
	return all
}

// describe gives sections in order with options in any, values and histories.
func describe(c *Config) []string {
	var lines []string
	for _, s := range c.sections {
		lines = append(lines, "["+s.Name+"] "+s.Pos.String())
		options := map[string]bool{}
		for _, o := range s.Options() {
			line := fmt.Sprintf("%s = %q at %s", o.key(), o.text, o.Pos())
			for _, op := range o.History() {
				line += fmt.Sprintf("; %s %q %s", op.Kind, op.Value, op.Pos)
			}
			options[line] = true
		}
		for _, line := range strings.Split(fmt.Sprint(options), ":true") {
			lines = append(lines, strings.TrimPrefix(line, "map["))
		}
	}
	return lines
}

// randomFiles makes files with few names and values, so that they meet.
func randomFiles(r *rand.Rand) (*files, string) {
	f := &files{}
	var all strings.Builder
	values := []string{"x", "y", "", "x\n  y", "y\n  x\n  y", "z"}
	options := []string{"a = ", "a += ", "a -= ", "b = ", "b += ", "a+= ", "b -= "}
	for i := range 2 + r.IntN(6) {
		n := &node{name: fmt.Sprintf("f%d", i)}
		var text strings.Builder
		for range r.IntN(3) {
			fmt.Fprintf(&text, "[%s]\n", []string{"s", "t", "buildout"}[r.IntN(3)])
			if r.IntN(4) == 0 {
				text.WriteString("<= m\n")
			}
			for range r.IntN(4) {
				fmt.Fprintf(&text, "%s%s\n", options[r.IntN(len(options))], values[r.IntN(len(values))])
			}
		}
		n.file = profile.Parse(n.name, text.String())
		contents, err := n.file.Eval(profile.NewConditions(profile.Platform{}), ZC().rules)
		if err != nil {
			panic(err)
		}
		n.sections = layer(contents)
		for range r.IntN(4) {
			if i > 0 {
				child := f.order[r.IntN(i)]
				n.children = append(n.children, visit{child, ""})
			}
		}
		f.order = append(f.order, n)
		fmt.Fprintf(&all, "-- %s --\n%s", n.name, text.String())
		for _, child := range n.children {
			fmt.Fprintf(&all, "extends %s\n", child.name)
		}
	}
	for _, n := range f.order[len(f.order)-1-r.IntN(2):] {
		f.roots = append(f.roots, visit{n, ""})
	}
	// Only what the roots lead to, where it is named first.
	seen, order := map[*node]bool{}, []*node(nil)
	for _, n := range f.visits() {
		if !seen[n] {
			seen[n] = true
			order = append(order, n)
		}
	}
	f.order = order
	return f, all.String()
}
