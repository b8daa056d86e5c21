package conformance

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/template"
)

// realTemplates are the corpus's real templates, ready to be parsed.
func realTemplates(b *testing.B) (cases []*jinjaCase, options []template.Options, vars []map[string]any, size int64) {
	corpus := os.Getenv("BUILDOUT_CORPUS")
	if corpus == "" {
		corpus = filepath.Join("..", "..", "shared", "corpus")
	}
	file := filepath.Join(corpus, "jinja", "real.jsonl.gz")
	if _, err := os.Stat(file); err != nil {
		b.Skipf("no corpus: %v", err)
	}
	t := &testing.T{}
	for _, c := range readJinja(t, file) {
		v, err := jinjaContext(c.Ctx)
		require.NoError(b, err)
		cases, options, vars = append(cases, c), append(options, c.options(t)), append(vars, v)
		size += int64(len(c.Tmpl))
	}
	return cases, options, vars, size
}

// BenchmarkJinjaCold parses and renders every real template once.
func BenchmarkJinjaCold(b *testing.B) {
	cases, options, vars, size := realTemplates(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for i, c := range cases {
			tmpl, err := template.Parse(c.ID, c.Tmpl, options[i])
			require.NoError(b, err)
			_, err = tmpl.Render(context.Background(), vars[i])
			require.NoError(b, err)
		}
	}
}

// BenchmarkJinjaWarm renders every real template once.
func BenchmarkJinjaWarm(b *testing.B) {
	cases, options, vars, size := realTemplates(b)
	templates := make([]*template.Template, len(cases))
	for i, c := range cases {
		tmpl, err := template.Parse(c.ID, c.Tmpl, options[i])
		require.NoError(b, err)
		templates[i] = tmpl
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for i, tmpl := range templates {
			_, err := tmpl.Render(context.Background(), vars[i])
			require.NoError(b, err)
		}
	}
}
