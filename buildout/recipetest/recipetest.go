// Package recipetest runs recipes in a temporary buildout, for the tests of their
// authors:
//
//	b := recipetest.New(t, registry, nil)
//	b.Write("buildout.cfg", "[buildout]\nparts = app\n[app]\nrecipe = my.recipe\n")
//	b.Run()
//	require.Equal(t, "hello", b.Read("parts/app/greeting"))
//	require.Equal(t, []string{"Updating app."}, b.Run())
package recipetest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
)

// Buildout is a buildout in a temporary directory.
type Buildout struct {
	// Dir is its directory, with links resolved.
	Dir string
	// Overrides, OnFailure, Dialect and Environ are those of the runs to come.
	// Environ is the environment of the test unless it is set.
	Overrides []buildout.Assignment
	OnFailure buildout.OnFailure
	Dialect   buildout.Dialect
	Environ   []string
	// Output is what commands printed in the last run.
	Output string

	t        testing.TB
	registry *buildout.Registry
	fetcher  buildout.Fetcher
}

// New makes an empty buildout that knows the recipes of registry. fetcher may be
// nil if none of them fetches.
func New(t testing.TB, registry *buildout.Registry, fetcher buildout.Fetcher) *Buildout {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &Buildout{Dir: dir, Environ: os.Environ(), t: t, registry: registry, fetcher: fetcher}
}

// Path is the absolute name of a file of the buildout.
func (b *Buildout) Path(name string) string { return filepath.Join(b.Dir, name) }

// Write makes a file, with its folders.
func (b *Buildout) Write(name, text string) {
	b.t.Helper()
	path := b.Path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		b.t.Fatal(err)
	}
}

// Read returns the content of a file.
func (b *Buildout) Read(name string) string {
	b.t.Helper()
	content, err := os.ReadFile(b.Path(name))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(content)
}

// Mode returns the permissions of a file.
func (b *Buildout) Mode(name string) fs.FileMode {
	b.t.Helper()
	info, err := os.Stat(b.Path(name))
	if err != nil {
		b.t.Fatal(err)
	}
	return info.Mode().Perm()
}

// Exists reports whether there is a file of that name, if only a link that leads
// nowhere.
func (b *Buildout) Exists(name string) bool {
	_, err := os.Lstat(b.Path(name))
	return err == nil
}

// Run carries out buildout.cfg, or just the named parts, and returns what was
// logged, a message an element: "Installing app.", and "app: " before what a
// recipe says. An error fails the test.
func (b *Buildout) Run(parts ...string) []string {
	b.t.Helper()
	log, err := b.TryRun(parts...)
	if err != nil {
		b.t.Fatalf("%s\nlog: %q\noutput:\n%s", buildout.Report(err), log, b.Output)
	}
	return log
}

// Fail is Run for a run that must fail; it returns the error's full report.
func (b *Buildout) Fail(parts ...string) string {
	b.t.Helper()
	log, err := b.TryRun(parts...)
	if err == nil {
		b.t.Fatalf("the run succeeded; log: %q", log)
	}
	return buildout.Report(err)
}

// TryRun is Run that returns the error.
func (b *Buildout) TryRun(parts ...string) ([]string, error) {
	ctx := context.Background()
	h := &handler{log: &messages{}}
	var output bytes.Buffer
	defer func() { b.Output = output.String() }()
	loadOptions := buildout.LoadOptions{Dialect: b.Dialect, Overrides: b.Overrides, WorkingDirectory: b.Dir}
	if opener, ok := b.fetcher.(buildout.Opener); ok {
		loadOptions.Opener = opener
	}
	cfg, err := buildout.Load(ctx, b.Path("buildout.cfg"), loadOptions)
	if err != nil {
		return nil, err
	}
	run, err := buildout.New(ctx, cfg, b.registry, buildout.Options{
		Fetcher: b.fetcher, Logger: slog.New(h), Output: &output, Environ: b.Environ, OnFailure: b.OnFailure,
	})
	if err != nil {
		return h.log.list, err
	}
	_, err = run.Install(ctx, parts...)
	return h.log.list, err
}

// Option returns an option of a part as it was recorded in .installed.cfg.
func (b *Buildout) Option(part, option string) string {
	b.t.Helper()
	installed, err := buildout.ReadInstalled(b.Path(".installed.cfg"))
	if err != nil {
		b.t.Fatal(err)
	}
	i := slices.IndexFunc(installed, func(in *buildout.Installed) bool { return in.Name == part })
	if i < 0 {
		b.t.Fatalf("part %s is not installed", part)
	}
	return installed[i].Options[option]
}

// Installed returns the paths that are recorded of a part, those in the buildout
// relative to it; nil when the part is not installed.
func (b *Buildout) Installed(part string) []string {
	b.t.Helper()
	installed, err := buildout.ReadInstalled(b.Path(".installed.cfg"))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, in := range installed {
		if in.Name == part {
			paths := []string{}
			for _, p := range in.Paths {
				paths = append(paths, strings.TrimPrefix(p, b.Dir+"/"))
			}
			return paths
		}
	}
	return nil
}

// Snapshot returns every file, link and folder below the buildout directory with
// its mode and, but for folders, its inode and modification time. Two equal
// snapshots mean that nothing was touched between them.
func (b *Buildout) Snapshot() map[string]string {
	b.t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(b.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := fmt.Sprintf("%s %s %v", info.Mode(), info.ModTime(), inode(info))
		if d.IsDir() {
			text = info.Mode().String()
		}
		all[strings.TrimPrefix(strings.TrimPrefix(path, b.Dir), "/")] = text
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}

type messages struct {
	mu   sync.Mutex
	list []string
}

// handler collects messages as the command prints them.
type handler struct {
	log    *messages
	logger string
}

func (h *handler) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

func (h *handler) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	if h.logger != "" {
		text = h.logger + ": " + text
	}
	h.log.mu.Lock()
	defer h.log.mu.Unlock()
	h.log.list = append(h.log.list, text)
	return nil
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := *h
	for _, a := range attrs {
		if a.Key == "logger" {
			n.logger = a.Value.String()
		}
	}
	return &n
}

func (h *handler) WithGroup(string) slog.Handler { return h }
