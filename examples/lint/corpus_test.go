package main

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/internal/corpus"
)

// TestCorpus looks at all profiles of the corpus as one command line, and logs
// how often each rule finds something. Those that try to download are left out.
func TestCorpus(t *testing.T) {
	dir := corpus.Path(t, "slapos")
	args := []string{"--offline"}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".cfg") && d.Type().IsRegular() {
			args = append(args, path)
		}
		return err
	}))
	c, err := parseCommandLine(args)
	require.NoError(t, err)
	found, err := c.lint(context.Background())
	require.NoError(t, err)
	counts := map[string]int{}
	for _, f := range found {
		counts[f.rule.id+" "+f.severity.String()]++
		require.True(t, strings.HasPrefix(f.pos.File, dir), f.pos)
	}
	t.Logf("%d profiles, %d findings: %v", len(c.files), len(found), counts)
	require.NotEmpty(t, found)
}

// TestCorpusErrors looks at each profile that the reference resolves, in dialect zc
// at every sixth, alone: none has an error. Where the reference finds some, so do
// we.
func TestCorpusErrors(t *testing.T) {
	dir := corpus.Path(t)
	for _, dialect := range []string{"slapos", "zc"} {
		resolved, broken := 0, 0
		for i, e := range corpus.Read[expectation](t, filepath.Join(dir, "expected", dialect+".jsonl.gz")) {
			if dialect == "zc" && i%6 > 0 && e.waiting() {
				continue // where files are merged again and again, histories are long
			}
			c, err := parseCommandLine([]string{"--dialect", dialect, "--offline", filepath.Join(dir, "slapos", e.Profile)})
			require.NoError(t, err)
			found, err := c.lint(context.Background())
			require.NoError(t, err, e.Profile)
			unresolved := 0
			for _, f := range found {
				if len(e.Errors) == 0 {
					require.NotEqual(t, failure, f.severity, "%s: %s: %s [%s]", e.Profile, f.pos, f.text(), f.rule.id)
				}
				switch f.rule {
				case unknownSection, unknownOption, invalidReference, unknownMacro:
					unresolved++
				}
			}
			if len(e.Errors) == 0 {
				resolved++
			} else if !e.waiting() {
				broken++
				require.NotZero(t, unresolved, "%s: %v", e.Profile, e.Errors)
			}
		}
		t.Logf("%s: no error in %d profiles, and what is wrong found in %d", dialect, resolved, broken)
		require.NotZero(t, resolved)
		require.NotZero(t, broken)
	}
}

// expectation is what the reference makes of a profile.
type expectation struct {
	Profile string
	Errors  map[string][2]string
}

// waiting reports whether all that is wrong is in sections that wait for an
// option of their own, which those that inherit from them may have.
func (e *expectation) waiting() bool {
	for _, err := range e.Errors {
		if err[0] != "MissingOption" {
			return false
		}
	}
	return true
}
