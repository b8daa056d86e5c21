package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// records reads a log of JSON objects and takes the times out of it.
func records(t *testing.T, text string) (all []map[string]any) {
	t.Helper()
	for line := range strings.Lines(text) {
		var r map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &r), line)
		require.Contains(t, r, "time")
		delete(r, "time")
		all = append(all, r)
	}
	return all
}

const failingBuild = `[buildout]
parts = app
[app]
recipe = slapos.recipe.cmmi
path = ${buildout:directory}
configure-command = echo "checking <luck>"; exit 3
`

func TestJSONLog(t *testing.T) {
	status, stdout, stderr, dir := in(t, failingBuild, "--log-format", "json")
	require.Equal(t, 1, status)
	require.Empty(t, stderr)
	got := records(t, stdout)
	require.Equal(t, map[string]any{"level": "INFO", "message": "Creating directory '$DIR/eggs'.", "logger": "zc.buildout"}, got[0])
	require.Contains(t, got, map[string]any{"level": "INFO", "message": "Installing app.", "part": "app", "logger": "zc.buildout"})
	require.Contains(t, got, map[string]any{"level": "INFO", "message": "checking <luck>", "part": "app", "logger": "app", "stream": "output"})
	script := `set -e;echo "checking <luck>"; exit 3 `
	require.Contains(t, got, map[string]any{"level": "ERROR", "message": "Command failed with exit code 3: " + script, "part": "app", "logger": "app"})
	require.Equal(t, map[string]any{
		"level": "ERROR", "message": "System error", "logger": "zc.buildout",
		"code": "recipe", "file": "$DIR/buildout.cfg", "line": 6.0, "column": 21.0, "text": `configure-command = echo "checking <luck>"; exit 3`,
		"section": "app", "option": "configure-command", "while": []any{"Installing app."},
		"detail": []any{"Command failed with exit code 3: " + script},
		"command": map[string]any{"text": script, "directory": "$DIR", "status": 3.0, "signal": "",
			"output": "checking <luck>", "log": "$DIR/.buildout.logs/app.log"},
	}, got[len(got)-1])
	log, err := os.ReadFile(filepath.Join(dir, ".buildout.logs", "app.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "\nchecking <luck>\n")

	_, stdout, _, _ = in(t, failingBuild, "--log-format=json", "-q")
	for _, r := range records(t, stdout) {
		require.Equal(t, "ERROR", r["level"])
	}
	_, stdout, stderr, _ = in(t, failingBuild, "--log-format=text")
	require.True(t, strings.HasPrefix(stderr, "While:\n  Installing app.\nError: System error\n"), stderr)
	require.Contains(t, stdout, "\nInstalling app.\n")
}

// TestJSONLogBesideData has commands that print something else: it stays whole.
func TestJSONLogBesideData(t *testing.T) {
	const profile = "[buildout]\nparts =\n[s]\nx = 1\n"
	status, stdout, stderr, _ := in(t, profile, "--log-format=json", "query", "s:x")
	require.Equal(t, 0, status)
	require.Equal(t, "1\n", stdout)
	require.Empty(t, stderr)
	status, stdout, stderr, _ = in(t, profile, "--log-format=json", "query", "nosuch:x")
	require.Equal(t, 1, status)
	require.Empty(t, stdout)
	got := records(t, stderr)
	require.Equal(t, "Section not found: nosuch", got[len(got)-1]["message"])
	status, stdout, _, _ = in(t, profile, "--log-format=json", "-vvvv")
	require.Equal(t, 0, status)
	data := false
	for _, r := range records(t, stdout) {
		data = data || strings.HasPrefix(r["message"].(string), "Configuration data:\n[buildout]\n")
	}
	require.True(t, data)
	status, stdout, stderr, _ = in(t, "", "--log-format=json", "init")
	require.Equal(t, 0, status, stderr)
	require.Equal(t, "Creating '$DIR/buildout.cfg'.", records(t, stdout)[0]["message"])
}

func TestJSONLogErrors(t *testing.T) {
	_, stdout, stderr, _ := in(t, "[buildout]\nparts =\nx = ${s:nam}\n[s]\nname = 1\n", "--log-format=json", "-D")
	require.Empty(t, stderr)
	got := records(t, stdout)
	last := got[len(got)-1]
	require.Equal(t, "did you mean 'name'?", last["hint"])
	require.Equal(t, 3.0, last["line"])
	require.Equal(t, 5.0, last["column"])
	require.Len(t, last["causes"], 1)

	_, stdout, _, _ = in(t, "[buildout]\nparts =\n", "--log-format=json", "offline=yes")
	got = records(t, stdout)
	last = got[len(got)-1]
	require.Equal(t, true, last["command_line"])
	require.Equal(t, "buildout:offline=yes", last["text"])
	require.NotContains(t, last, "file")

	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(interrupted{syscall.SIGTERM})
	file := filepath.Join(t.TempDir(), "buildout.cfg")
	require.NoError(t, os.WriteFile(file, []byte("[buildout]\nparts =\n"), 0o666))
	var out, errOut bytes.Buffer
	require.Equal(t, 143, run(ctx, []string{"-U", "-c", file, "--log-format=json"}, &out, &errOut))
	require.Empty(t, errOut.String())
	got = records(t, out.String())
	require.Equal(t, map[string]any{"level": "ERROR", "message": "Interrupted.", "signal": "terminated", "logger": "zc.buildout"}, got[len(got)-1])
}
