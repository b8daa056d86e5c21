package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// program is a buildout command: ours, or the original.
type program struct {
	name string
	run  func(t *testing.T, dir string, args ...string) printed
}

// printed is what a run printed and how it ended, its directory written $DIR.
type printed struct {
	Status         int
	Stdout, Stderr string
}

// original starts Debian's zc.buildout, which its own Python imports. Without it
// the test is skipped.
func original(t *testing.T) *program {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import importlib.metadata as m; m.version('zc.buildout')").Run(); err != nil {
		t.Skip("no original to compare with: install the Debian package python3-zc.buildout")
	}
	interop, err := filepath.Abs("testdata/interop")
	require.NoError(t, err)
	server := exec.Command(python, "-W", "ignore", filepath.Join(interop, "original.py"))
	server.Env = []string{"PATH=/usr/bin:/bin", "PYTHONPATH=" + filepath.Join(interop, "interop-1.egg"), "PYTHONDONTWRITEBYTECODE=1", "LC_ALL=C.UTF-8"}
	server.Stderr = os.Stderr
	stdin, err := server.StdinPipe()
	require.NoError(t, err)
	stdout, err := server.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		require.NoError(t, stdin.Close())
		require.NoError(t, server.Wait())
	})
	var mu sync.Mutex
	ask, answers := json.NewEncoder(stdin), json.NewDecoder(stdout)
	return &program{"original", func(t *testing.T, dir string, args ...string) printed {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		require.NoError(t, ask.Encode(map[string]any{"dir": dir, "args": args, "env": map[string]string{"HOME": filepath.Join(dir, "no-home")}}))
		var p printed
		require.NoError(t, answers.Decode(&p))
		return p.in(dir)
	}}
}

// ours is the command with the recipes of the tests, in a dialect.
func ours(t *testing.T, dialect string) *program {
	t.Helper()
	bin := buildCommand(t)
	return &program{"ours", func(t *testing.T, dir string, args ...string) printed {
		t.Helper()
		cmd := exec.Command(bin, append([]string{"--dialect", dialect, "--on-failure", "upstream"}, args...)...)
		cmd.Dir = dir
		cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + filepath.Join(dir, "no-home")}
		var out, errOut bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errOut
		err := cmd.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			require.NoError(t, err)
		}
		return printed{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}.in(dir)
	}}
}

func (p printed) in(dir string) printed {
	there := func(s string) string { return strings.ReplaceAll(s, dir, "$DIR") }
	return printed{p.Status, there(p.Stdout), there(p.Stderr)}
}

// readByOriginal is the record of installed parts as the original reads it.
func readByOriginal(t *testing.T, p *program, dir string) map[string]map[string]string {
	t.Helper()
	r := p.run(t, dir, "read")
	require.Zero(t, r.Status, r.Stderr)
	var record map[string]map[string]string
	require.NoError(t, json.Unmarshal([]byte(r.Stdout), &record))
	return record
}

// emptyDir is a new directory under its real name.
func emptyDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	return dir
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
}

var unusedOptions = regexp.MustCompile("(?m)^(.*)Section `(.*)` contains unused option\\(s\\): (.*)\\.\nThis may be an indication for .*$")

// said is what a run said, without what zc.buildout 2.13 and 6 say differently:
// the words about unused options, and the directories that are made at first.
// Of an error it has the lines up to the message, which ours follows up with
// places and hints.
func (p printed) said() string {
	out := unusedOptions.ReplaceAllString(p.Stdout, "${1}Unused options for $2: $3.")
	out = regexp.MustCompile(`(?m)^Creating directory '.*'\.\n`).ReplaceAllString(out, "")
	var report strings.Builder
	for line := range strings.Lines(p.Stderr) {
		report.WriteString(line)
		if strings.HasPrefix(line, "Error: ") {
			break
		}
	}
	return out + report.String()
}
