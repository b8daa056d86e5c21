package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

func TestExitStatus(t *testing.T) {
	dir := unpack(t, txtar.Parse([]byte(`
-- clean.cfg --
[buildout]
parts =
-- note.cfg --
[a]
x = ${nosuch:x}
-- warning.cfg --
[buildout]
parts =
[a]
x = ${nosuch:x}
[b]
x = ${a:x}
-- error.cfg --
[buildout]
parts = nosuch
`)))
	for args, want := range map[string]int{
		"clean.cfg":                              statusClean,
		"note.cfg":                               statusClean,
		"--severity note note.cfg":               statusFindings,
		"warning.cfg":                            statusFindings,
		"warning.cfg --severity error":           statusClean,
		"error.cfg":                              statusFindings,
		"--severity=error clean.cfg error.cfg":   statusFindings,
		"--disable=unknown-part error.cfg":       statusClean,
		"--format sarif error.cfg":               statusFindings,
		"--format sarif clean.cfg":               statusClean,
		"--dialect zc --offline clean.cfg":       statusClean,
		"--help":                                 statusClean,
		"-h":                                     statusClean,
		"--rules":                                statusClean,
		"nosuch.cfg":                             statusFailed,
		"error.cfg nosuch.cfg":                   statusFailed,
		"":                                       statusFailed,
		"--nosuch clean.cfg":                     statusFailed,
		"--format xml clean.cfg":                 statusFailed,
		"--dialect perl clean.cfg":               statusFailed,
		"--severity fatal clean.cfg":             statusFailed,
		"--severity none clean.cfg":              statusFailed,
		"--disable unknown-parts clean.cfg":      statusFailed,
		"--disable unknown-part,,x clean.cfg":    statusFailed,
		"--disable unknown-part,unknown-section": statusFailed,
	} {
		status, stdout, stderr := lint(t, dir, strings.Fields(args)...)
		require.Equal(t, want, status, "%s: %s%s", args, stdout, stderr)
		require.Equal(t, want == statusFailed, stderr != "", "%s: %s", args, stderr)
	}
	_, _, stderr := lint(t, dir, "--disable", "unknown-parts", "clean.cfg")
	require.Contains(t, stderr, "there is no rule 'unknown-parts' did you mean 'unknown-part'?")
	_, stdout, _ := lint(t, dir, "-h")
	require.Equal(t, usage, stdout)
}

// TestDirectory names files that are not below the root.
func TestDirectory(t *testing.T) {
	dir := unpack(t, txtar.Parse([]byte("-- a/x.cfg --\n[buildout]\nparts = nosuch\n-- b/y --\n")))
	var out bytes.Buffer
	require.Equal(t, statusFindings, run(context.Background(), []string{"--root", filepath.Join(dir, "b"), filepath.Join(dir, "a", "x.cfg")}, &out, &out))
	require.True(t, strings.HasPrefix(out.String(), filepath.Join(dir, "a", "x.cfg")+":2:9: error: "), out.String())
}

func TestInterrupted(t *testing.T) {
	dir := unpack(t, txtar.Parse([]byte("-- x.cfg --\n[buildout]\nparts =\n")))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errOut bytes.Buffer
	require.Equal(t, statusFailed, run(ctx, []string{filepath.Join(dir, "x.cfg")}, &out, &errOut))
	require.Equal(t, "lint: context canceled\n", errOut.String())
}

// FuzzLint looks at any text as a profile: there is an answer, in which every
// place is one of the text.
func FuzzLint(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		require.NoError(f, err)
		for _, profile := range a.Files {
			f.Add(string(profile.Data))
		}
	}
	f.Add("[a]\n<= b\n[b]\n<= a\n<\n[buildout]\nparts=a\nextends=x.cfg  x.cfg")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "://") {
			return // nothing is to be downloaded
		}
		file := filepath.Join(t.TempDir(), "x.cfg")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
		for _, dialect := range []string{"slapos", "zc"} {
			c, err := parseCommandLine([]string{"--dialect", dialect, file})
			require.NoError(t, err)
			found, err := c.lint(context.Background())
			require.NoError(t, err)
			s := newSource(file, text)
			for _, f := range found {
				require.Equal(t, file, f.pos.File)
				require.LessOrEqual(t, f.pos.Line, max(1, len(s.lines)), f.text())
				require.LessOrEqual(t, f.pos.Column, len(s.line(f.pos.Line))+1, f.text())
			}
		}
	})
}
