package buildout_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

// shells has the recipe "sh", which runs its option "script", and then "second".
func shells() *buildout.Registry {
	r := &buildout.Registry{}
	r.Register("sh", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		script, err := part.Get("script")
		second, _, _ := part.Lookup("second")
		return twoShells{script, second}, err
	}})
	return r
}

// installShells installs the parts of a buildout.
func installShells(t *testing.T, b *recipetest.Buildout, o buildout.Options) error {
	t.Helper()
	ctx := context.Background()
	cfg, err := buildout.Load(ctx, b.Path("buildout.cfg"), buildout.LoadOptions{WorkingDirectory: b.Dir})
	require.NoError(t, err)
	run, err := buildout.New(ctx, cfg, shells(), o)
	require.NoError(t, err)
	_, err = run.Install(ctx)
	return err
}

type twoShells struct{ first, second string }

func (s twoShells) Install(ctx context.Context, tx *buildout.Tx) error {
	if err := shell(s.first).Install(ctx, tx); err != nil || s.second == "" {
		return err
	}
	return shell(s.second).Install(ctx, tx)
}

// logs lists the files in a folder.
func logs(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestCommandLog(t *testing.T) {
	b := recipetest.New(t, shells(), nil)
	dir := b.Path("logs")
	o := buildout.Options{LogDirectory: "logs"}
	install := func(o buildout.Options, profile string) error {
		b.Write("buildout.cfg", profile)
		return installShells(t, b, o)
	}

	const fails = "[buildout]\nparts = good a/b\n[good]\nrecipe = sh\nscript = echo well\n" +
		"[a/b]\nrecipe = sh\nscript = seq 30\nsecond = printf 'over\\rwritten \\033[31mred\\033[0m\\n'; seq -s, 200; echo https://me:secret@host/ >&2; exit 3\n"
	err := install(o, fails)
	var failed *buildout.CommandError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, filepath.Join(dir, "a%2Fb.log"), failed.Log)
	require.Zero(t, failed.LogDropped)
	require.Equal(t, []string{"a%2Fb.log"}, logs(t, dir))
	require.Equal(t, fs.FileMode(0o600), b.Mode("logs/a%2Fb.log"))
	script := "printf 'over\\rwritten \\033[31mred\\033[0m\\n'; seq -s, 200; echo https://me:secret@host/ >&2; exit 3"
	var numbers []string
	for i := range 30 {
		numbers = append(numbers, fmt.Sprint(i+1))
	}
	whole := b.Read("logs/a%2Fb.log")
	require.True(t, strings.HasPrefix(whole, "# in "+b.Dir+"\n$ seq 30\n"+strings.Join(numbers, "\n")+"\n# in "+b.Dir+"\n$ "+script+"\nover\rwritten \x1b[31mred\x1b[0m\n1,2,3,"), whole)
	require.True(t, strings.HasSuffix(whole, ",200\nhttps://me:secret@host/\n# Command failed with exit code 3: "+script+"\n"), whole)

	_, shown, _ := strings.Cut(buildout.Report(err), "\n  in ")
	long := ""
	for i := 1; len(long) < 200; i++ {
		long += fmt.Sprint(i) + ","
	}
	require.Equal(t, "D\n  the last lines it printed:\n    written red\n    "+long[:200]+"...\n    https://host/\n  the whole output is in D/logs/a%2Fb.log\n",
		strings.ReplaceAll(shown, b.Dir, "D"))

	// What fails now says nothing of what failed before.
	b.Write("logs/user", "")
	require.Error(t, install(o, strings.Replace(fails, "script = seq 30", "script = exit 1", 1)))
	require.Equal(t, "# in "+b.Dir+"\n$ exit 1\n# Command failed with exit code 1: exit 1\n", b.Read("logs/a%2Fb.log"))

	// What succeeds leaves no log, and nothing of others' goes.
	const well = "[buildout]\nparts = good a/b\n[good]\nrecipe = sh\nscript = echo well\n[a/b]\nrecipe = sh\nscript = seq 3\n"
	require.NoError(t, install(o, well))
	require.Equal(t, []string{"user"}, logs(t, dir))
	require.NoError(t, os.Remove(b.Path("logs/user")))
	require.NoError(t, install(o, well))
	require.NoDirExists(t, dir)

	o.KeepLogs = true
	require.NoError(t, install(o, well))
	require.Equal(t, []string{"a%2Fb.log", "good.log"}, logs(t, dir))
	require.NoError(t, install(buildout.Options{LogDirectory: "logs"}, "[buildout]\nparts = good\n[good]\nrecipe = sh\nscript = echo well\n"))
	require.NoDirExists(t, dir, "also that of a part that is uninstalled")

	// No folder, no log.
	require.ErrorAs(t, install(buildout.Options{}, fails), &failed)
	require.Empty(t, failed.Log)
	require.NotContains(t, buildout.Report(failed), "output is in")
}

// TestCommandLogInTheWay has things where the log is to be that aren't one.
func TestCommandLogInTheWay(t *testing.T) {
	profile := "[buildout]\nparts = a\n[a]\nrecipe = sh\nscript = echo x; exit 1\n"
	run := func(t *testing.T, b *recipetest.Buildout) *buildout.CommandError {
		b.Write("buildout.cfg", profile)
		err := installShells(t, b, buildout.Options{LogDirectory: "logs"})
		var failed *buildout.CommandError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, "x", failed.Output)
		return failed
	}
	t.Run("link", func(t *testing.T) {
		b := recipetest.New(t, shells(), nil)
		b.Write("precious", "mine")
		b.Write("logs/user", "")
		require.NoError(t, os.Symlink("../precious", b.Path("logs/a.log")))
		require.NotEmpty(t, run(t, b).Log)
		require.Equal(t, "mine", b.Read("precious"))
		require.Contains(t, b.Read("logs/a.log"), "\nx\n")
	})
	t.Run("folder", func(t *testing.T) {
		b := recipetest.New(t, shells(), nil)
		b.Write("logs/a.log/precious", "mine")
		require.Empty(t, run(t, b).Log)
		require.Equal(t, "mine", b.Read("logs/a.log/precious"))
	})
	t.Run("file", func(t *testing.T) {
		b := recipetest.New(t, shells(), nil)
		b.Write("logs", "mine")
		require.Empty(t, run(t, b).Log)
		require.Equal(t, "mine", b.Read("logs"))
	})
	t.Run("folder of the system", func(t *testing.T) {
		const dir = "/dev/fd" // nobody can make a file in it
		if _, err := os.Stat(dir); err != nil {
			t.Skip(err)
		}
		b := recipetest.New(t, shells(), nil)
		require.NoError(t, os.Symlink(dir, b.Path("logs")))
		require.Empty(t, run(t, b).Log)
	})
}

// TestCommandLogLimit prints more than a log may hold.
func TestCommandLogLimit(t *testing.T) {
	for _, tc := range []struct{ name, script string }{
		{"lines", "seq 100000"},
		{"one line", "head -c 300000 /dev/zero | tr '\\0' x; echo; echo end"},
		{"just not", "head -c 3900 /dev/zero | tr '\\0' x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := recipetest.New(t, shells(), nil)
			b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = sh\nscript = "+tc.script+"; exit 1\n")
			err := installShells(t, b, buildout.Options{LogDirectory: "logs", LogBytes: 1})
			var failed *buildout.CommandError
			require.ErrorAs(t, err, &failed)
			text := b.Read("logs/a.log")
			if tc.name == "just not" {
				require.Zero(t, failed.LogDropped)
				require.Contains(t, buildout.Report(err), "the whole output is in")
				return
			}
			require.LessOrEqual(t, len(text), 4096)
			require.Greater(t, len(text), 1024)
			first, last, ok := strings.Cut(text, fmt.Sprintf("\n[... %d bytes are left out here ...]\n", failed.LogDropped))
			require.True(t, ok, text)
			require.NotContains(t, first+last, "[...")
			require.Contains(t, buildout.Report(err), fmt.Sprintf("its output, but for %d bytes in the middle, is in %s\n", failed.LogDropped, failed.Log))
			end := "\n# Command failed with exit code 1: "
			printed, _, ok := strings.Cut(last, end)
			require.True(t, ok)
			if tc.name == "lines" {
				require.True(t, strings.HasSuffix(printed, "\n99999\n100000"), printed)
				_, numbers, _ := strings.Cut(first, "exit 1\n")
				require.True(t, strings.HasPrefix(numbers, "1\n2\n3\n"), first)
				all := 0 // of the characters that seq prints
				for i := range 100000 {
					all += len(fmt.Sprint(i+1)) + 1
				}
				require.Equal(t, all, len(numbers)+int(failed.LogDropped)+len(printed)+1)
			} else {
				require.True(t, strings.HasSuffix(printed, "x\nend"), printed)
			}
		})
	}
}
