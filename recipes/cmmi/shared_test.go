package cmmi_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

// share makes a buildout whose shared parts are kept in dirs.
func share(t *testing.T, dirs ...string) *recipetest.Buildout {
	b := start(t)
	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "shared-part-list", Value: strings.Join(dirs, "\n")}}
	return b
}

// writable lists what may still be written below a folder.
func writable(t *testing.T, dir string) []string {
	var found []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err != nil || info.Mode()&fs.ModeSymlink == 0 && info.Mode()&0o222 != 0 {
			found = append(found, path)
		}
		return nil
	}))
	return found
}

// open gives back the right to write, for the test to clean up.
func open(t *testing.T, dir string) {
	t.Cleanup(func() {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
			if d.IsDir() {
				_ = os.Chmod(path, 0o755)
			}
			return nil
		})
	})
}

func TestShared(t *testing.T) {
	pool := t.TempDir()
	open(t, pool)
	at := filepath.Join(t.TempDir(), "pkg-1.tar.gz")
	require.NoError(t, os.WriteFile(at, []byte(pkg().tarGz(t)), 0o644))
	lines := []string{"shared = true", "url = " + at, "configure-options = --rpath=@@LOCATION@@/lib", "post-install = ln -s tool @@LOCATION@@/bin/link"}

	first := share(t, "", pool+"/", "/nowhere")
	part(first, slapos, lines...)
	log := first.Run()
	location := first.Option("p", "location")
	require.Equal(t, filepath.Join(pool, "p"), filepath.Dir(location))
	require.Regexp(t, "^[0-9a-f]{32}$", filepath.Base(location))
	require.Equal(t, "p: will be shared at "+location+" (needs to build)", log[0])
	require.Contains(t, first.Output, "configure [--prefix="+location+"]\nconfigure [--rpath="+location+"/lib]\n")
	require.Equal(t, []string{}, first.Installed("p"), "nothing is recorded")
	require.FileExists(t, filepath.Join(location, "bin/tool"))
	require.Empty(t, writable(t, location))

	text, err := os.ReadFile(filepath.Join(location, ".buildout-shared.json"))
	require.NoError(t, err)
	require.Equal(t, sum(string(text)), filepath.Base(location))
	var options map[string]string
	require.NoError(t, json.Unmarshal(text, &options))
	require.Equal(t, map[string]string{
		"recipe": slapos, "shared": "true", "url": at, "configure-options": "--rpath=@@LOCATION@@/lib",
		"post-install": "ln -s tool @@LOCATION@@/bin/link", "__buildout_signature__": "slapos.recipe.cmmi-1",
	}, options)
	require.True(t, strings.HasPrefix(string(text), "{\n  \"__buildout_signature__\": "))

	before := first.Snapshot()
	require.Equal(t, []string{"p: shared at " + location + " (already built)", "Updating p."}, first.Run())
	require.Equal(t, before, first.Snapshot())

	second := share(t, pool)
	part(second, slapos, lines...)
	require.Equal(t, []string{"p: shared at " + location + " (already built)", "Installing p.", "p: shared part is already installed"},
		without(second.Run(), "Creating directory"))
	require.Empty(t, second.Output)
	require.Equal(t, location, second.Option("p", "location"))

	part(second, slapos, append(lines, "other = option")...)
	second.Run()
	require.NotEqual(t, location, second.Option("p", "location"))
	require.FileExists(t, filepath.Join(location, "bin/tool"), "the old one stays")
	second.Write("buildout.cfg", "[buildout]\nparts =\n")
	second.Run()
	require.DirExists(t, location)
}

func without(log []string, prefix string) []string {
	var out []string
	for _, line := range log {
		if !strings.HasPrefix(line, prefix) {
			out = append(out, line)
		}
	}
	return out
}

func TestSharedFailureIsBuiltAnew(t *testing.T) {
	pool := t.TempDir()
	open(t, pool)
	b := share(t, pool)
	part(b, slapos, "shared = true", "url = pkg-1.tar.gz", "pre-configure = test -e "+b.Path("ready"))
	log, err := b.TryRun()
	require.Error(t, err)
	location := strings.TrimSuffix(strings.TrimPrefix(log[0], "p: will be shared at "), " (needs to build)")
	require.FileExists(t, filepath.Join(location, ".build/pkg-1/slapos.recipe.build.env.sh"))
	require.NoFileExists(t, filepath.Join(location, ".buildout-shared.json"))

	b.Write("ready", "")
	require.Equal(t, "p: will be shared at "+location+" (needs to build)", b.Run()[0])
	require.FileExists(t, filepath.Join(location, "bin/tool"))
	require.NoDirExists(t, filepath.Join(location, ".build"))
}

func TestSharedWithoutAPlace(t *testing.T) {
	for name, dirs := range map[string][]string{"empty": {""}, "missing": {"/nowhere"}} {
		t.Run(name, func(t *testing.T) {
			b := share(t, dirs...)
			part(b, slapos, "shared = true", "url = pkg-1.tar.gz")
			b.Run()
			require.Equal(t, []string{"parts/p"}, b.Installed("p"))
			require.False(t, b.Exists("parts/p/.buildout-shared.json"))
			require.EqualValues(t, 0o755, b.Mode("parts/p/bin/tool"))
		})
	}
}

func TestSharedInTheFirstFolderThatCanBeWritten(t *testing.T) {
	closed, pool := t.TempDir(), t.TempDir()
	open(t, pool)
	file := filepath.Join(closed, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	folders := []string{filepath.Join(closed, "none"), file, pool}
	if os.Geteuid() != 0 { // who may write everywhere
		require.NoError(t, os.Chmod(closed, 0o555))
		folders = slices.Insert(folders, 0, closed)
	}
	b := share(t, folders...)
	part(b, slapos, "shared = true", "url = pkg-1.tar.gz")
	b.Run()
	require.Equal(t, filepath.Join(pool, "p"), filepath.Dir(b.Option("p", "location")))
}

func TestSharedIgnoresWhereTheProfileIs(t *testing.T) {
	pool := t.TempDir()
	open(t, pool)
	var locations []string
	for range 2 {
		b := share(t, pool)
		b.Dialect = buildout.SlapOS()
		b.Write("c/pkg-1.tar.gz", b.Read("pkg-1.tar.gz"))
		b.Write("c/component.cfg", "[p]\nrecipe = slapos.recipe.cmmi\nshared = true\nurl = ${:_profile_base_location_}/pkg-1.tar.gz\n")
		b.Write("buildout.cfg", "[buildout]\nextends = c/component.cfg\nparts = p\n")
		b.Run()
		locations = append(locations, b.Option("p", "location"))
	}
	require.Equal(t, locations[0], locations[1])
}
