package makedirectory

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
)

func newBuildout(t *testing.T) *recipetest.Buildout {
	r := &buildout.Registry{}
	Register(r)
	return recipetest.New(t, r, nil)
}

// masked is what the umask of the test leaves of a directory's mode.
func masked(t *testing.T, mode fs.FileMode) fs.FileMode {
	path := t.TempDir() + "/d"
	require.NoError(t, os.Mkdir(path, mode))
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestDirectories(t *testing.T) {
	for _, name := range []string{"slapos.cookbook:makedirectory", "slapos.cookbook:mkdirectory", "slapos.recipe.build:mkdirectory"} {
		b := newBuildout(t)
		b.Write("buildout.cfg", "[buildout]\nparts = directories\n[directories]\nrecipe = "+name+
			"\nvar = ${buildout:directory}/var\nlog = ${:var}/log\ndeep = ${buildout:directory}/a/b/c\nrelative = r\nempty =\n")
		require.Equal(t, []string{"Installing directories."}, installing(b.Run()))
		for _, dir := range []string{"var", "var/log", "a", "a/b", "a/b/c", "r"} {
			require.Equal(t, masked(t, 0o777), b.Mode(dir), dir)
		}
		require.Empty(t, b.Installed("directories"))
		require.Equal(t, b.Path("var/log"), b.Option("directories", "log"))

		before := b.Snapshot()
		require.Equal(t, []string{"Updating directories."}, b.Run())
		require.Equal(t, before, b.Snapshot())

		b.Write("buildout.cfg", "[buildout]\nparts =\n")
		b.Run()
		require.True(t, b.Exists("var/log"), "directories stay when the part goes")
	}
}

// installing leaves out what the engine says about its own directories.
func installing(log []string) []string {
	return slices.DeleteFunc(log, func(m string) bool { return strings.HasPrefix(m, "Creating directory") })
}

func TestMode(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", "[buildout]\nparts = d\n[d]\nrecipe = slapos.cookbook:mkdirectory\nmode = 700\ndir = x/y\nkept = kept\n")
	require.NoError(t, os.Mkdir(b.Path("kept"), 0o755))
	require.NoError(t, os.Chmod(b.Path("kept"), 0o755))
	b.Run()
	require.Equal(t, fs.FileMode(0o700), b.Mode("x/y"))
	require.Equal(t, masked(t, 0o777), b.Mode("x"), "parents")
	require.Equal(t, fs.FileMode(0o755), b.Mode("kept"), "a directory that is there is left as it is")

	require.NoError(t, os.Remove(b.Path("x/y")))
	b.Run()
	require.Equal(t, fs.FileMode(0o700), b.Mode("x/y"), "made again by an update")
}

// remote has one profile, at any URL.
type remote string

func (r remote) Open(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(string(r))), nil
}

func (remote) Fetch(context.Context, string, string, string, bool) (string, bool, error) {
	return "", false, errors.New("not used")
}

func TestBaseLocationIsNotMade(t *testing.T) {
	r := &buildout.Registry{}
	Register(r)
	b := recipetest.New(t, r, remote("[d]\nrecipe = slapos.cookbook:mkdirectory\ndir = ${:_profile_base_location_}/x\n"))
	b.Write("buildout.cfg", "[buildout]\nextends = http://127.0.0.1/x/base.cfg\nparts = d\n[d]\ndir = made\n")
	b.Run()
	require.True(t, b.Exists("made"))
	require.False(t, b.Exists("http:"))
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, options, want string }{
		{"a file is in the way", "dir = taken\n", "mkdir D/taken: there is a file of that name\n  D/buildout.cfg:5 (d:dir)\n"},
		{"a parent is a file", "dir = taken/sub\n", "mkdir D/taken: there is a file of that name\n  D/buildout.cfg:5 (d:dir)\n"},
		{"mode", "mode = 9\n", "Invalid value for 'mode' option: '9'\n  D/buildout.cfg:5 (d:mode)\n    mode = 9\n           ^\n  expected an octal number such as 0755\n"},
	} {
		b := newBuildout(t)
		b.Write("taken", "")
		b.Write("buildout.cfg", "[buildout]\nparts = d\n[d]\nrecipe = slapos.cookbook:mkdirectory\n"+c.options)
		require.Contains(t, b.Fail(), strings.ReplaceAll(c.want, "D/", b.Dir+"/"), c.name)
		require.Nil(t, b.Installed("d"), c.name)
	}
}
