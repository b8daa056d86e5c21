package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what the program says into testdata")

// lint runs the program in a folder of profiles.
func lint(t *testing.T, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	full := []string{"--root", dir}
	for _, a := range args {
		if strings.HasSuffix(a, ".cfg") {
			a = filepath.Join(dir, a)
		}
		full = append(full, a)
	}
	status = run(context.Background(), full, &out, &errOut)
	return status, out.String(), errOut.String()
}

// unpack writes the files of an archive into a folder.
func unpack(t *testing.T, a *txtar.Archive) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for _, f := range a.Files {
		path := filepath.Join(dir, f.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, f.Data, 0o666))
	}
	return dir
}

// TestProfiles runs the commands of each file of testdata on its profiles. What
// they say, with the exit status, is in its last file.
func TestProfiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			require.NoError(t, err)
			want := ""
			if last := len(a.Files) - 1; a.Files[last].Name == "want" {
				want, a.Files = string(a.Files[last].Data), a.Files[:last]
			}
			dir := unpack(t, a)
			var got strings.Builder
			for line := range strings.Lines(string(a.Comment)) {
				command, ok := strings.CutPrefix(line, "> lint ")
				if !ok {
					continue
				}
				status, stdout, stderr := lint(t, dir, strings.Fields(command)...)
				require.Empty(t, stderr, command)
				fmt.Fprintf(&got, "%s%s(exit status %d)\n", line, stdout, status)
			}
			if *update {
				a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got.String())})
				require.NoError(t, os.WriteFile(file, txtar.Format(a), 0o666))
				return
			}
			require.Equal(t, want, strings.ReplaceAll(got.String(), dir, "$DIR"))
		})
	}
}
