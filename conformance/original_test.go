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
	"testing"

	"github.com/stretchr/testify/require"
)

// program is a buildout command: ours, or the original.
type program struct {
	name string
	argv []string
	env  []string
}

// printed is what a run printed and how it ended, its directory written $DIR.
type printed struct {
	status         int
	stdout, stderr string
}

// original finds Debian's zc.buildout, which its own Python imports. Without it
// the test is skipped.
func original(t *testing.T) *program {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import importlib.metadata as m; m.version('zc.buildout')").Run(); err != nil {
		t.Skip("no original to compare with: install the Debian package python3-zc.buildout")
	}
	dir, err := filepath.Abs("testdata/interop")
	require.NoError(t, err)
	return &program{
		name: "original",
		argv: []string{python, "-W", "ignore", filepath.Join(dir, "original.py")},
		env:  []string{"PYTHONPATH=" + filepath.Join(dir, "interop-1.egg"), "PYTHONDONTWRITEBYTECODE=1", "LC_ALL=C.UTF-8"},
	}
}

// ours is the command with the recipes of the tests, in the original's dialect.
func ours(t *testing.T) *program {
	t.Helper()
	return &program{name: "ours", argv: []string{buildCommand(t), "--dialect", "zc"}}
}

// run runs a command in a directory.
func (p *program) run(t *testing.T, dir string, args ...string) printed {
	t.Helper()
	cmd := exec.Command(p.argv[0], append(p.argv[1:len(p.argv):len(p.argv)], args...)...)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=/usr/bin:/bin", "HOME=" + filepath.Join(dir, "no-home")}, p.env...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	there := func(b bytes.Buffer) string { return strings.ReplaceAll(b.String(), dir, "$DIR") }
	return printed{cmd.ProcessState.ExitCode(), there(out), there(errOut)}
}

// readByOriginal is the record of installed parts as the original reads it.
func readByOriginal(t *testing.T, p *program, dir string) map[string]map[string]string {
	t.Helper()
	r := p.run(t, dir, "read")
	require.Zero(t, r.status, r.stderr)
	var record map[string]map[string]string
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &record))
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

var unusedOptions = regexp.MustCompile("(?m)^Section `(.*)` contains unused option\\(s\\): (.*)\\.\nThis may be an indication for .*$")

// said is what a run said, without what zc.buildout 2.13 and 6 say differently:
// the words about unused options, and the directories that are made at first.
// Of an error it has the lines up to the message, which ours follows up with
// places and hints.
func (p printed) said() string {
	out := unusedOptions.ReplaceAllString(p.stdout, "Unused options for $1: $2.")
	out = regexp.MustCompile(`(?m)^Creating directory '.*'\.\n`).ReplaceAllString(out, "")
	var report strings.Builder
	for line := range strings.Lines(p.stderr) {
		report.WriteString(line)
		if strings.HasPrefix(line, "Error: ") {
			break
		}
	}
	return out + report.String()
}
