package buildout_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

// actor makes a buildout with a part "a" of a recipe whose installation and
// update are the functions.
func actor(t *testing.T, install, update func(*buildout.Tx) error) *recipetest.Buildout {
	t.Helper()
	r := registry()
	act := func(f func(*buildout.Tx) error) func(context.Context, *buildout.Tx) error {
		return func(_ context.Context, tx *buildout.Tx) error { return f(tx) }
	}
	r.Register("act", buildout.Entry{Version: "1", New: func(context.Context, *buildout.Part) (buildout.Recipe, error) {
		return acts{act(install), act(update)}, nil
	}})
	b := recipetest.New(t, r, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = act\n")
	return b
}

// content is what is in the buildout, without what makes one version of a file
// differ from another of the same content.
func content(b *recipetest.Buildout) map[string]string {
	all := map[string]string{}
	for name := range b.Snapshot() {
		info, _ := os.Lstat(b.Path(name))
		text := info.Mode().String()
		if info.Mode().IsRegular() {
			text += " " + b.Read(name)
		} else if target, err := os.Readlink(b.Path(name)); err == nil {
			text += " " + target
		}
		all[name] = text
	}
	return all
}

// TestWhatIsReplacedIsPutBack fails an update after it has replaced and removed
// things, its own and others'.
func TestWhatIsReplacedIsPutBack(t *testing.T) {
	b := actor(t, func(tx *buildout.Tx) error {
		if err := tx.WriteFile("file", []byte("old"), 0o640); err != nil {
			return err
		}
		return tx.Symlink("file", "link")
	}, func(tx *buildout.Tx) error {
		for _, err := range []error{
			tx.WriteFile("file", []byte("new"), 0o600), tx.WriteFile("file", []byte("newer"), 0o600),
			tx.WriteFile("user", []byte("user's"), 0o600), tx.Symlink("user", "link"),
			tx.RemoveAll("tree"), tx.MkdirAll("tree/sub", 0o755), tx.WriteFile("tree/sub/x", nil, 0o644), tx.WriteFile("new", nil, 0o644),
			tx.RemoveAll("new"), tx.MkdirAll("made/deep", 0o755), tx.WriteFile("made/deep/x", nil, 0o644),
		} {
			if err != nil {
				return err
			}
		}
		tx.Created("user", "tree")
		return errors.New("no")
	})
	b.Run()
	b.Write("user", "user's")
	b.Write("tree/sub/precious", "x")
	require.NoError(t, os.Chmod(b.Path("tree/sub"), 0o555))
	before := content(b)
	require.Contains(t, b.Fail(), "Error: no")
	require.Equal(t, before, content(b))
	require.NoError(t, os.Chmod(b.Path("tree/sub"), 0o755))
}

// TestWhatWasThereStays fails an installation that claims what a user made.
func TestWhatWasThereStays(t *testing.T) {
	for _, mode := range []buildout.OnFailure{buildout.KeepOld, buildout.AsUpstream} {
		b := actor(t, func(tx *buildout.Tx) error {
			tx.Created("mine", "new")
			return errors.Join(tx.WriteFile("new/x", nil, 0o644), errors.New("no"))
		}, nil)
		b.OnFailure = mode
		b.Write("mine/file", "x")
		b.Fail()
		require.Equal(t, mode == buildout.KeepOld, b.Exists("mine/file"), "upstream doesn't ask")
		require.False(t, b.Exists("new"))
	}
}

// TestQuietRun counts the changes to the disk of a run that changes nothing: the
// lock comes and goes.
func TestQuietRun(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", twoFiles)
	b.Run()
	var ops []string
	_, err := openWith(t, b, buildout.WithFault(buildout.Options{}, func(op, path string) error {
		ops = append(ops, op+" "+filepath.Base(path))
		return nil
	})).Install(context.Background())
	require.NoError(t, err)
	require.Equal(t, []string{"create .buildout.lock", "remove .buildout.lock"}, ops)
}

// TestGuest has a part in the folder of another, which is built anew, fails, and
// goes.
func TestGuest(t *testing.T) {
	b := actor(t, func(tx *buildout.Tx) error {
		tx.Created("host")
		if err := os.Mkdir(tx.Path("host"), 0o755); err != nil {
			return err
		}
		fail, _, _ := tx.Part().Lookup("fail")
		if fail != "" {
			return errors.New(fail)
		}
		return nil
	}, func(*buildout.Tx) error { return nil })
	profile := func(host string) {
		b.Write("buildout.cfg", "[buildout]\nparts = a g\n[g]\nrecipe = test:file\npath = host/etc/g\n[a]\nrecipe = act\n"+host)
	}
	profile("")
	b.Run()
	for _, host := range []string{"x = 1\n", "fail = no\n", "x = 2\n"} {
		profile(host)
		log, err := b.TryRun()
		require.Equal(t, strings.HasPrefix(host, "fail"), err != nil)
		require.Equal(t, []string{"Uninstalling a.", "Installing a."}, installing(log)[:2])
		require.Equal(t, "hello", b.Read("host/etc/g"), host)
		require.Equal(t, []string{"host"}, b.Installed("a"))
		require.False(t, b.Exists(".buildout"))
	}
	b.Write("buildout.cfg", "[buildout]\nparts = g\n[g]\nrecipe = test:file\npath = host/etc/g\n")
	require.Equal(t, []string{"Uninstalling a.", "Updating g."}, b.Run())
	require.Equal(t, "hello", b.Read("host/etc/g"))
}

// TestAside has file systems that can't rename what is replaced.
func TestAside(t *testing.T) {
	for _, tc := range []struct {
		name        string
		store, here error // what renaming into the store, and in the folder, gives
		fails, kept bool
	}{
		{"store", nil, nil, true, true},
		{"hidden", syscall.EXDEV, nil, true, true},
		{"hidden for permission", syscall.EACCES, nil, true, true},
		{"impossible", syscall.EXDEV, syscall.EXDEV, true, false},
		{"impossible but all is well", syscall.EXDEV, syscall.EXDEV, false, true},
		{"forbidden", syscall.EACCES, syscall.EACCES, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := recipetest.New(t, registry(), nil)
			b.Write("buildout.cfg", twoFiles)
			b.Run()
			mode := ""
			if tc.fails {
				mode = "mode = fail\n"
			}
			b.Write("buildout.cfg", strings.Replace(twoFiles, "path = a\n", "path = a\ncontent = new\n"+mode, 1))
			_, err := openWith(t, b, buildout.WithFault(buildout.Options{}, func(op, path string) error {
				switch {
				case op == "rename" && strings.Contains(path, ".buildout/aside-"):
					return tc.store
				case op == "rename" && strings.Contains(path, "/.buildout-aside-"):
					return tc.here
				}
				return nil
			})).Install(context.Background())
			require.Equal(t, tc.fails || tc.here == syscall.EACCES, err != nil)
			require.Equal(t, tc.kept, b.Exists("a"))
			require.Equal(t, tc.kept, b.Installed("a") != nil)
			for _, name := range []string{".buildout", ".buildout-aside-1-1", ".installed.cfg.journal"} {
				require.False(t, b.Exists(name), name)
			}
			b.Write("buildout.cfg", twoFiles)
			b.Run()
			require.Equal(t, "hello", b.Read("a"))
		})
	}
}

// interrupt runs until the disk refuses everything, so that the journal stays:
// as after a crash.
func interrupt(t *testing.T, b *recipetest.Buildout, at func(op, path string) bool) {
	t.Helper()
	dead := false
	_, err := openWith(t, b, buildout.WithFault(buildout.Options{}, func(op, path string) error {
		if dead = dead || at(op, path); dead {
			return syscall.EIO
		}
		return nil
	})).Install(context.Background())
	require.Error(t, err)
	require.NoError(t, os.RemoveAll(b.Path(".buildout.lock")))
	require.True(t, b.Exists(".installed.cfg.journal"))
}

const inFolder = "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = d/a\ncontent = "

// TestPlanAfterCrash has a plan see what the next run will find, and not write.
func TestPlanAfterCrash(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", inFolder+"old\n")
	b.Run()
	want := content(b)
	b.Write("buildout.cfg", inFolder+"new\n")
	interrupt(t, b, func(op, path string) bool { return op == "write" && strings.HasSuffix(path, "/.buildout-new-a") })
	require.False(t, b.Exists("d/a"))
	b.Write("buildout.cfg", inFolder+"old\n")
	before := content(b)
	plan, err := openWith(t, b, buildout.Options{}).Plan(context.Background())
	require.NoError(t, err)
	require.Equal(t, "update a\n1 to update\n", plan.String())
	require.Equal(t, before, content(b))
	require.Equal(t, []string{"Updating a."}, b.Run())
	require.Equal(t, want, content(b))
}

// TestCrashAndLinks puts a link into the way of what a journal names.
func TestCrashAndLinks(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", inFolder+"one\n")
	interrupt(t, b, func(op, path string) bool { return op == "create" && strings.HasSuffix(path, ".installed.cfg.new") })
	require.True(t, b.Exists("d/a"))
	require.NoError(t, os.Rename(b.Path("d"), b.Path("elsewhere")))
	require.NoError(t, os.Symlink("elsewhere", b.Path("d")))
	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	require.Contains(t, strings.Join(b.Run(), "\n"), "Left where it is, from an interrupted run: "+b.Path("d/a")+": the way there leads through a link that was made since.")
	require.Equal(t, "one", b.Read("elsewhere/a"))
	require.False(t, b.Exists(".installed.cfg.journal"))
}

// TestCrashAndAnotherProgram has the record changed between a crash and the next
// run: nothing is removed then.
func TestCrashAndAnotherProgram(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", inFolder+"old\n")
	b.Run()
	b.Write("buildout.cfg", inFolder+"new\n")
	interrupt(t, b, func(op, path string) bool { return op == "write" && strings.HasSuffix(path, "/.buildout-new-a") })
	b.Write(".installed.cfg", b.Read(".installed.cfg")+"\n")
	b.Write("d/a", "another's")
	b.Write("buildout.cfg", inFolder+"old\n")
	require.Contains(t, strings.Join(b.Run(), "\n"), "its place is taken, and the record of installed parts was changed by another program since")
	require.Equal(t, "old", b.Read(".buildout/aside-1-1"))
}

func TestJournalOfAnotherDirectory(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", inFolder+"one\n")
	interrupt(t, b, func(op, path string) bool { return op == "create" && strings.HasSuffix(path, ".installed.cfg.new") })
	c := recipetest.New(t, registry(), nil)
	c.Write("buildout.cfg", inFolder+"one\n")
	c.Write(".installed.cfg.journal", b.Read(".installed.cfg.journal"))
	report := c.Fail()
	require.Contains(t, report, "Error: The journal of an interrupted run is damaged: it is of a run in "+b.Dir+".\n")
	require.Contains(t, report, "move the journal away")
	require.True(t, b.Exists("d/a"))
}

// TestBackup damages the record and restores it as the error says.
func TestBackup(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", strings.Replace(twoFiles, "a b", "a b c", 1)+"[c]\nrecipe = test:file\npath = d/c\n")
	b.Run()
	good := b.Read(".installed.cfg")
	for _, damage := range []string{"", good[:len(good)-5], strings.Replace(good, "parts = a b c", "parts = a c", 1), strings.Replace(good, "parts", "barts", 1),
		strings.Replace(good, "recipe", "", 1), strings.Replace(good, "installed__ = a", "installed__ = b", 1),
		strings.Replace(strings.Replace(good, "content = hello", "content = x", 1), "installed__ = d/c", "installed__ = d/.", 1), strings.Replace(good, "[a]", "[ä", 1), "\x00\xff"} {
		b.Write(".installed.cfg", damage)
		report := b.Fail()
		require.Contains(t, report, "the record of installed parts is damaged; it was left as it is\n  "+b.Path(".installed.cfg.bak")+" is what the last run left\n")
		require.Contains(t, report, "put the copy in its place: cp "+b.Path(".installed.cfg.bak")+" "+b.Path(".installed.cfg"))
		require.Equal(t, damage, b.Read(".installed.cfg"))
		b.Write(".installed.cfg", b.Read(".installed.cfg.bak"))
		require.Equal(t, []string{"Updating a.", "Updating b.", "Updating c."}, b.Run())
	}
	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists(".installed.cfg.bak"))
}

// TestReinstallOnRequest has an update say that it can't be done.
func TestReinstallOnRequest(t *testing.T) {
	b := actor(t, func(tx *buildout.Tx) error { return tx.WriteFile("x", nil, 0o644) }, func(*buildout.Tx) error { return buildout.ErrReinstall })
	b.Run()
	require.Contains(t, b.Fail(), "Error: the part has to be installed anew\n")
	require.True(t, b.Exists("x"))
	require.Equal(t, []string{"Uninstalling a.", "Installing a."}, b.Run())
	require.Contains(t, b.Fail(), "has to be installed anew")
}
