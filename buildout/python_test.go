package buildout

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout/profile"
	"github.com/stretchr/testify/require"
)

// pythons makes files, and links with "->", in a directory of their own.
func pythons(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			require.NoError(t, os.Symlink(target, path))
			continue
		}
		require.NoError(t, os.WriteFile(path, []byte(text), 0o777))
	}
	return dir
}

func TestPythonOf(t *testing.T) {
	for _, tc := range []struct {
		name       string
		files      map[string]string
		executable string
		want       string
	}{
		{"version in the name", map[string]string{"bin/python2.7": ""}, "bin/python2.7", "2.7.0"},
		{"a link to it", map[string]string{"bin/python3": "-> python3.12", "bin/python3.12": ""}, "bin/python3", "3.12.0"},
		{"links to links", map[string]string{"venv/bin/python": "-> python3", "venv/bin/python3": "-> ../../bin/python3", "bin/python3": "-> python3.9", "bin/python3.9": ""}, "venv/bin/python", "3.9.0"},
		{"a free-threaded build", map[string]string{"bin/python3.13t": ""}, "bin/python3.13t", "3.13.0"},
		{"a debug build", map[string]string{"bin/python3.11-dbg": ""}, "bin/python3.11-dbg", "3.11.0"},
		{"pypy", map[string]string{"bin/pypy3": "-> pypy3.10", "bin/pypy3.10": ""}, "bin/pypy3", "pypy 3.10.0"},
		{"a copy in a virtual environment", map[string]string{"bin/python3": "", "pyvenv.cfg": "home = /usr/bin\nversion = 3.9.2\n", "lib/python3.8/os.py": ""}, "bin/python3", "3.9.2"},
		{"one of virtualenv", map[string]string{"bin/python": "", "pyvenv.cfg": "virtualenv = 20.1\nversion = 20.1\nversion_info = 3.8.10.final.0\n"}, "bin/python", "3.8.10"},
		{"the library beside it", map[string]string{"bin/python3": "", "lib/python2.7/os.py": "", "lib/python3.9/os.py": "", "lib/python3.10/os.py": "", "lib/python3.12/site-packages/x": "", "lib/python3/os.py": ""}, "bin/python3", "3.10.0"},
		{"the library of the same major version", map[string]string{"bin/python2": "", "lib/python2.7/os.py": "", "lib/python3.9/os.py": ""}, "bin/python2", "2.7.0"},
		{"a pyvenv.cfg that tells nothing", map[string]string{"bin/python": "", "pyvenv.cfg": "version = three\n", "lib/python3.6/os.py": ""}, "bin/python", "3.6.0"},
		{"nothing tells", map[string]string{"bin/python": ""}, "bin/python", ""},
		{"a name that only looks like a version", map[string]string{"bin/python3.9-config": ""}, "bin/python3.9-config", ""},
		{"absent", map[string]string{"lib/python3.9/os.py": ""}, "bin/python3.9", ""},
		{"a link that leads nowhere", map[string]string{"bin/python3": "-> python3.9"}, "bin/python3", ""},
		{"a directory", map[string]string{"bin/python3.9/x": ""}, "bin/python3.9", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := withPythonOf(filepath.Join(pythons(t, tc.files), tc.executable), profile.Platform{})
			got := p.Python
			if p.Implementation != "" {
				got = p.Implementation + " " + got
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// TestConditionsSeeExecutable loads one profile with the Pythons of different
// executables.
func TestConditionsSeeExecutable(t *testing.T) {
	dir := pythons(t, map[string]string{
		"python2.7": "", "python3.9": "",
		"buildout.cfg": "[buildout]\nexecutable = /file/python3.12\n[s]\npython = 3.11\n[s:python27]\npython = 2.7\n[s:python39]\npython = 3.9\n[s:python_version == '3.12']\npython = 3.12\n",
	})
	command := func(executable string) []Assignment { return []Assignment{{"buildout", "executable", executable}} }
	for _, tc := range []struct {
		name    string
		options LoadOptions
		want    string
	}{
		{"option", LoadOptions{Executable: dir + "/python2.7"}, "2.7"},
		{"relative to the working directory", LoadOptions{Executable: "python2.7", WorkingDirectory: dir}, "2.7"},
		{"command line", LoadOptions{Executable: dir + "/python2.7", Overrides: command(dir + "/python3.9")}, "3.9"},
		{"absent", LoadOptions{Executable: dir + "/python3.12"}, "3.11"},
		{"platform", LoadOptions{Executable: dir + "/python2.7", Platform: &profile.Platform{Python: "3.12.1"}}, "3.12"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Load(context.Background(), filepath.Join(dir, "buildout.cfg"), tc.options)
			require.NoError(t, err)
			require.Equal(t, tc.want, c.Section("s").Option("python").Value())
		})
	}
}
