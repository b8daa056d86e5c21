package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

// in runs the program on a profile in a directory of its own.
func in(t *testing.T, profile string, args ...string) (status int, stdout, stderr, dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	file := filepath.Join(dir, "buildout.cfg")
	if profile != "" {
		require.NoError(t, os.WriteFile(file, []byte(profile), 0o666))
	}
	var out, errOut bytes.Buffer
	status = run(context.Background(), append([]string{"-U", "-c", file}, args...), &out, &errOut)
	return status, strings.ReplaceAll(out.String(), dir, "$DIR"), strings.ReplaceAll(errOut.String(), dir, "$DIR"), dir
}

func TestCommandLineErrors(t *testing.T) {
	for args, want := range map[string]string{
		"-Z":                "Error: Invalid option -Z\n",
		"--zed":             "Error: Invalid option --zed\n",
		"nosuch":            "Error: invalid command: nosuch\n",
		"-c":                "Error: No file name specified for option -c\n",
		"-t":                "Error: No timeout value specified for option -t\n",
		"-j":                "Error: No number specified for option -j\n",
		"-j x":              "Error: Invalid number of parts side by side: x\n",
		"-j0":               "Error: Invalid number of parts side by side: 0\n",
		"-t x":              "Error: Timeout value must be numeric -t\n",
		"-vZ":               "Error: Invalid option -Z\n",
		"--dialect perl":    "Error: Invalid dialect perl: it is slapos or zc\n",
		"--on-failure":      "Error: No on-failure specified for option --on-failure\n",
		"--on-failure=x":    "Error: Invalid on-failure x: it is keep or upstream\n",
		"--progress=bar":    "Error: Invalid progress bar: it is auto, plain or none\n",
		"--log-format xml":  "Error: Invalid log-format xml: it is text or json\n",
		"query":             "Error: The query command requires a single argument.\n",
		"query a:b:c":       "Error: Invalid option: a:b:c\n",
		"query nosuch:x":    "Error: Section not found: nosuch\n",
		"query s:y":         "Error: Key not found: y\n  $DIR/buildout.cfg:3 (s:y)\n",
		"a:b:c=1":           "Error: Invalid assignment a:b:c=1\n  found 'a:b:c' before '=', expected section:option or option\n",
		"log-level=NOPE":    "While:\n  Initializing.\nError: Invalid logging level NOPE\n  on the command line (buildout:log-level)\n    buildout:log-level=NOPE\n                       ^~~~\n",
		"verbosity=x":       "While:\n  Initializing.\nError: Invalid verbosity x\n  on the command line (buildout:verbosity)\n    buildout:verbosity=x\n                       ^\n",
		"log-level=WARN":    "While:\n  Initializing.\nError: Invalid logging level WARN\n  on the command line (buildout:log-level)\n    buildout:log-level=WARN\n                       ^~~~\n",
		"offline=yes":       "While:\n  Initializing.\nError: Invalid value for 'offline' option: 'yes'\n  on the command line (buildout:offline)\n    buildout:offline=yes\n                     ^~~\n  write true or false\n",
		"newest=yes":        "While:\n  Initializing.\nError: Invalid value for 'newest' option: 'yes'\n  on the command line (buildout:newest)\n    buildout:newest=yes\n                    ^~~\n  write true or false\n",
		"init":              "While:\n  Initializing.\nError: '$DIR/buildout.cfg' already exists.\n",
		"install nosuch":    "While:\n  Installing.\n  Getting section nosuch.\nError: The referenced section, 'nosuch', was not defined.\n",
		"annotate z=${q:r}": "While:\n  Initializing.\n  Getting section buildout.\n  Initializing section buildout.\n  Getting option buildout:z.\n  Getting section q.\nError: The referenced section, 'q', was not defined.\n  on the command line (buildout:z)\n    buildout:z=${q:r}\n               ^~~~~~\n",
	} {
		words := strings.Fields(args)
		if strings.HasPrefix(args, "annotate ") {
			words = []string{words[1], words[0]}
		}
		status, _, stderr, _ := in(t, "[buildout]\nparts =\n[s]\nx = 1\n", words...)
		require.Equal(t, 1, status, args)
		require.True(t, strings.HasPrefix(stderr, want), "%s: got %q", args, stderr)
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, flag := range []string{"-h", "--help", "-W", "-A", "-vh"} {
		status, stdout, _, _ := in(t, "", flag)
		require.Equal(t, 0, status)
		require.Equal(t, usage, stdout)
	}
	status, stdout, _, _ := in(t, "", "--version")
	require.Equal(t, 0, status)
	require.True(t, strings.HasPrefix(stdout, "buildout version "))
}

func TestQuery(t *testing.T) {
	const profile = "[buildout]\nparts =\nbin-directory = b\n[s]\nx =\n  1\n  2\n"
	_, stdout, _, _ := in(t, profile, "query", "s:x")
	require.Equal(t, "1\n2\n", stdout)
	_, stdout, _, _ = in(t, profile, "-v", "query", "bin-directory")
	require.Equal(t, "${buildout:bin-directory}\n$DIR/b\n", stdout)
}

func TestInit(t *testing.T) {
	status, stdout, stderr, dir := in(t, "", "init")
	require.Equal(t, 0, status, stderr)
	require.True(t, strings.HasPrefix(stdout, "Creating '$DIR/buildout.cfg'.\nCreating directory '"), stdout)
	text, err := os.ReadFile(filepath.Join(dir, "buildout.cfg"))
	require.NoError(t, err)
	require.Equal(t, "[buildout]\nparts =\n", string(text))
	require.DirExists(t, filepath.Join(dir, "bin"))
}

func TestResolveJSON(t *testing.T) {
	const profile = "[buildout]\nparts = a\n[a]\nrecipe = slapos.recipe.cmmi\nurl = ${s:x}/$${y}\n[b]\nx = ${a:location}/bin\n[c]\nx = ${nosuch:x}\n[s]\nx = 1\n"
	status, stdout, stderr, _ := in(t, profile, "resolve", "--json", "a", "b", "c")
	require.Equal(t, 0, status, stderr)
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(stdout), &got))
	require.Equal(t, map[string]any{
		"sections": map[string]any{
			"a": map[string]any{"recipe": "slapos.recipe.cmmi", "url": "1/$${y}"},
			"b": map[string]any{"x": "${a:location}/bin"},
		},
		"errors": map[string]any{
			"c": map[string]any{"message": "The referenced section, 'nosuch', was not defined.", "file": "$DIR/buildout.cfg", "line": 9.0},
		},
	}, got)
	status, stdout, _, _ = in(t, profile, "resolve", "b", "c")
	require.Equal(t, 0, status)
	require.Equal(t, "[b]\nx = ${a:location}/bin\n\n# [c] can't be resolved: $DIR/buildout.cfg:9: The referenced section, 'nosuch', was not defined.\n", stdout)
}

func TestAnnotateJSON(t *testing.T) {
	_, stdout, _, _ := in(t, "[buildout]\nparts =\n[s]\nx = 1\n", "s:x+=2", "annotate", "--json", "s")
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(stdout), &got))
	require.Equal(t, map[string]any{"sections": map[string]any{"s": map[string]any{"x": map[string]any{
		"value": "1\n2",
		"history": []any{
			map[string]any{"operation": "set", "value": "1", "file": "$DIR/buildout.cfg", "line": 4.0},
			map[string]any{"operation": "add", "value": "2"},
		},
	}}}}, got)
}

func TestLogging(t *testing.T) {
	const profile = "[buildout]\nparts = d\n[d]\nrecipe = slapos.cookbook:mkdirectory\npath = ${buildout:directory}/d\n"
	_, stdout, _, _ := in(t, profile)
	require.True(t, strings.HasSuffix(stdout, "Installing d.\n"), stdout)
	_, stdout, _, _ = in(t, profile, "-q")
	require.Empty(t, stdout)
	_, stdout, _, _ = in(t, profile, "log-format=%(levelname)s %(name)s %(message)s")
	require.True(t, strings.HasSuffix(stdout, "INFO zc.buildout Installing d.\n"), stdout)
	_, stdout, _, _ = in(t, profile, "-vv")
	require.Contains(t, stdout, "\nConfiguration data:\n[buildout]\n")
	require.Contains(t, stdout, "\n[d]\npath = $DIR/d\nrecipe = slapos.cookbook:mkdirectory\n")
	const unread = "[buildout]\nparts = d\n[d]\nrecipe = slapos.recipe.template\ninline = x\noutput = ${buildout:directory}/d\nnobody = reads this\n"
	_, stdout, _, _ = in(t, unread)
	require.Contains(t, stdout, "unused option(s): 'nobody'")
	_, stdout, _, _ = in(t, unread, "-vv")
	require.NotContains(t, stdout, "unused option", "it was printed, which is reading")
	_, stdout, _, dir := in(t, profile, "--dry-run")
	require.Equal(t, "Installing d.\n", stdout)
	require.NoDirExists(t, filepath.Join(dir, "d"))
}

// TestExtendsURL extends profiles over HTTP, which extend others there.
func TestExtendsURL(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files := map[string]string{
			"/a/x.cfg": "[buildout]\nextends = ../b/y.cfg\n[s]\nx = 1\nl = ${:_profile_base_location_}\n",
			"/b/y.cfg": "[s]\ny = 2\n",
			"/e.cfg":   "[buildout]\nextends = /etc/hosts\n",
			"/f.cfg":   "[buildout]\nextends = file:///etc/hosts\n",
		}
		text, ok := files[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write([]byte(text))
	}))
	defer server.Close()
	profile := "[buildout]\nparts =\nextends = " + server.URL + "/a/x.cfg\n"
	_, stdout, stderr, _ := in(t, profile, "resolve", "s")
	require.Equal(t, "[s]\n_profile_base_location_ = "+server.URL+"/a\nl = "+server.URL+"/a\nx = 1\ny = 2\n\n", stdout, stderr)

	for dialect, path := range map[string]string{"slapos": "/f.cfg", "zc": "/e.cfg"} {
		_, _, stderr, _ = in(t, "[buildout]\nparts =\nextends = "+server.URL+path+"\n", "--dialect", dialect, "resolve")
		require.Contains(t, stderr, "can't extend the local file", dialect)
		require.Contains(t, stderr, server.URL+path+":2 (buildout:extends)")
	}
	_, _, stderr, _ = in(t, "[buildout]\nparts =\nextends = "+server.URL+"/nosuch.cfg\n", "resolve")
	require.Contains(t, stderr, "Error: Error downloading extends for URL "+server.URL+"/nosuch.cfg: HTTP Error 404: Not Found\n  $DIR/buildout.cfg:3 (buildout:extends)\n")

	// The cache: filled online, enough offline.
	cache := t.TempDir()
	status, _, stderr, _ := in(t, profile, "extends-cache="+cache, "resolve")
	require.Equal(t, 0, status, stderr)
	server.Close()
	status, stdout, stderr, _ = in(t, profile, "extends-cache="+cache, "-o", "resolve", "s")
	require.Equal(t, 0, status, stderr)
	require.Contains(t, stdout, "y = 2")
	status, _, _, _ = in(t, profile, "extends-cache="+cache, "resolve", "s")
	require.Equal(t, 0, status, "the server is gone, the copy is not")
	_, _, stderr, _ = in(t, profile, "-o", "resolve")
	require.Contains(t, stderr, "Error: Couldn't download '"+server.URL+"/a/x.cfg' in offline mode.\n")
	_, _, stderr, _ = in(t, profile, "extends-cache=/nosuch", "resolve")
	require.Contains(t, stderr, "Error: The directory:\n'/nosuch'\nto be used as a download cache doesn't exist.\n")
}

func TestUserDefaults(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "default.cfg"), []byte("[s]\nx = user\n"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "buildout.cfg"), []byte("[buildout]\nparts =\n[s]\ny = 1\n"), 0o666))
	t.Setenv("BUILDOUT_HOME", dir)
	var out, errOut bytes.Buffer
	require.Equal(t, 0, run(context.Background(), []string{"-c", filepath.Join(dir, "buildout.cfg"), "resolve", "s"}, &out, &errOut))
	require.Equal(t, "[s]\nx = user\ny = 1\n\n", out.String())
	out.Reset()
	require.Equal(t, 0, run(context.Background(), []string{"-Uc", filepath.Join(dir, "buildout.cfg"), "resolve", "s"}, &out, &errOut))
	require.Equal(t, "[s]\ny = 1\n\n", out.String())
}

func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "buildout.cfg")
	require.NoError(t, os.WriteFile(file, []byte("[buildout]\nparts =\n"), 0o666))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errOut bytes.Buffer
	require.Equal(t, 130, run(ctx, []string{"-U", "-c", file}, &out, &errOut))
	require.Equal(t, "Interrupted.\n", errOut.String())
}

// TestColour has colours on a terminal only, and never in JSON.
func TestColour(t *testing.T) {
	file := filepath.Join(t.TempDir(), "buildout.cfg")
	require.NoError(t, os.WriteFile(file, []byte("[buildout]\nparts = d\n[d]\nrecipe = slapos.cookbook:mkdirectory\n"), 0o666))
	for _, command := range [][]string{{"plan"}, {"why", "d"}} {
		var plain, coloured, asJSON, errOut bytes.Buffer
		args := append([]string{"-U", "-c", file}, command...)
		require.Equal(t, 0, run(context.Background(), args, &plain, &errOut), errOut.String())
		require.Equal(t, 0, run(context.Background(), args, terminal{Writer: &coloured, colour: true}, &errOut))
		require.Equal(t, 0, run(context.Background(), append(args, "--json"), terminal{Writer: &asJSON, colour: true}, &errOut))
		require.NotContains(t, plain.String()+asJSON.String(), "\x1b")
		require.Contains(t, coloured.String(), "\x1b[32minstall\x1b[0m d\n")
	}
}

// TestSignalStatus has a signal end a run: the status is the one that shells give.
func TestSignalStatus(t *testing.T) {
	for _, tc := range []struct {
		cause  error
		status int
	}{{interrupted{syscall.SIGTERM}, 143}, {interrupted{syscall.SIGINT}, 130}} {
		dir := t.TempDir()
		file := filepath.Join(dir, "buildout.cfg")
		require.NoError(t, os.WriteFile(file, []byte("[buildout]\nparts = a\n[a]\nrecipe = slapos.cookbook:mkdirectory\nx = y\n"), 0o666))
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(tc.cause)
		var out, errOut bytes.Buffer
		require.Equal(t, tc.status, run(ctx, []string{"-U", "-c", file}, &out, &errOut))
		require.Equal(t, "Interrupted.\n", errOut.String())
		require.NoDirExists(t, filepath.Join(dir, "y"))
	}
}

// TestNoWait finds another run at work.
func TestNoWait(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "buildout.cfg")
	require.NoError(t, os.WriteFile(file, []byte("[buildout]\nparts =\n"), 0o666))
	cfg, err := buildout.Load(context.Background(), file, buildout.LoadOptions{})
	require.NoError(t, err)
	b, err := buildout.New(context.Background(), cfg, registry(), buildout.Options{Command: "another"})
	require.NoError(t, err)
	release, err := b.Lock(context.Background())
	require.NoError(t, err)
	defer release()
	var out, errOut bytes.Buffer
	require.Equal(t, 1, run(context.Background(), []string{"-U", "-c", file, "--no-wait"}, &out, &errOut))
	require.Contains(t, errOut.String(), "Error: Another run is at work in this directory: process ")
	require.Contains(t, errOut.String(), "(another)")
}
