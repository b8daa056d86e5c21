package conformance

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// TestScenarios runs what users of the tutorials do, each scenario with its
// second run. TestMistakes runs what they do wrong. Both use the real command.
func TestScenarios(t *testing.T) { runScripts(t, "testdata/scenarios") }

func TestMistakes(t *testing.T) { runScripts(t, "testdata/mistakes") }

func runScripts(t *testing.T, dir string) {
	bin := t.TempDir()
	out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "buildout"), "../examples/buildout").CombinedOutput()
	require.NoError(t, err, string(out))
	testscript.Run(t, testscript.Params{
		Dir:                dir,
		RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			work, err := filepath.EvalSymlinks(e.WorkDir)
			if err != nil {
				return err
			}
			e.Setenv("WORK", work)
			e.Setenv("DOLLAR", "$") // for cmpenv
			e.Setenv("HOME", filepath.Join(work, "no-home"))
			e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH")+":/usr/sbin:/sbin")
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"archive": archive, "serve": serve, "mode": mode, "snapshot": snapshot, "unchanged": unchanged,
			"absent": absent, "fails": fails,
		},
	})
}

// archive FILE.tar.gz FOLDER... packs folders, and sets $MD5 to the archive's sum.
func archive(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: archive file.tar.gz folder...")
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	t := tar.NewWriter(z)
	for _, folder := range args[1:] {
		ts.Check(filepath.WalkDir(ts.MkAbs(folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(ts.MkAbs("."), path)
			if err != nil {
				return err
			}
			mode := int64(0o644)
			if bytes.HasPrefix(content, []byte("#!")) {
				mode = 0o755
			}
			if err := t.WriteHeader(&tar.Header{Name: rel, Mode: mode, Size: int64(len(content))}); err != nil {
				return err
			}
			_, err = t.Write(content)
			return err
		}))
	}
	ts.Check(t.Close())
	ts.Check(z.Close())
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o777))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
	ts.Setenv("MD5", fmt.Sprintf("%x", md5.Sum(b.Bytes())))
}

// serve FOLDER serves files over HTTP on this machine, and sets $URL.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: serve folder")
	}
	s := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs(args[0]))))
	ts.Defer(s.Close)
	ts.Setenv("URL", s.URL)
}

// mode OCTAL FILE... compares permissions.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mode octal file...")
	}
	want, err := strconv.ParseUint(args[0], 8, 12)
	ts.Check(err)
	for _, name := range args[1:] {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if info.Mode().Perm() != fs.FileMode(want) {
			ts.Fatalf("%s has mode %o, want %o", name, info.Mode().Perm(), want)
		}
	}
}

// fails ARGUMENT... runs buildout, which must end with status 1.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	var exit *exec.ExitError
	if err := ts.Exec("buildout", args...); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		ts.Fatalf("buildout ended with %v, want status 1", err)
	}
}

// absent FILE... is for what must not be there, not even as a link.
func absent(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		if _, err := os.Lstat(ts.MkAbs(name)); err == nil {
			ts.Fatalf("%s is there", name)
		}
	}
}

// snapshot notes every file; unchanged fails if one was touched, came or went
// since: its inode, its time of modification or its permissions tell.
func snapshot(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: snapshot")
	}
	ts.Setenv("SNAPSHOT", state(ts))
}

func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: unchanged")
	}
	before, now := strings.Split(ts.Getenv("SNAPSHOT"), "\n"), strings.Split(state(ts), "\n")
	was := map[string]bool{}
	for _, line := range before {
		was[line] = true
	}
	for _, line := range now {
		if !was[line] {
			ts.Fatalf("changed or new: %s", line)
		}
		delete(was, line)
	}
	for line := range was {
		ts.Fatalf("changed or gone: %s", line)
	}
}

func state(ts *testscript.TestScript) string {
	var b strings.Builder
	root := ts.MkAbs(".")
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root || d.Name() == ".tmp" {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		inode := uint64(0)
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			inode = st.Ino
		}
		fmt.Fprintf(&b, "%s %s %s %d\n", strings.TrimPrefix(path, root), info.Mode(), info.ModTime(), inode)
		return nil
	}))
	return b.String()
}
