package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// TestRules checks that each rule is documented, is found in the cases and has a
// case without it.
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	cases := ""
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		require.NoError(t, err)
		cases += string(a.Files[len(a.Files)-1].Data)
	}
	doc, err := os.ReadFile("main.go")
	require.NoError(t, err)
	status, listed, _ := lint(t, ".", "--rules")
	require.Equal(t, statusClean, status)
	for _, r := range rules {
		require.Regexp(t, `^[a-z]+(-[a-z]+)*$`, r.id)
		require.Contains(t, cases, " ["+r.id+"]\n")
		require.Regexp(t, regexp.MustCompile(`(?m)^//.*\b`+r.id+`\b`), string(doc))
		require.Contains(t, listed, r.id+" ("+r.severity.String()+")\n    "+r.short+"\n")
		require.NotEmpty(t, r.long)
	}
	for line := range strings.Lines(listed) {
		require.LessOrEqual(t, len(strings.TrimRight(line, "\n")), 100)
	}
}
