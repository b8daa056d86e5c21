// Command webapp builds and deploys a small web application with go-buildout, as
// SlapOS would: a software profile compiles it from a source archive, and an
// instance profile lays out directories, renders its configuration, and writes a
// service, log rotation and a promise. Nothing is started, and nothing is
// downloaded. A second run updates, and changes no file.
//
//	go run ./examples/webapp [-dir DIR] [-v] [section:option=value ...]
//
// Assignments are for the instance: instance-parameter:configuration.port=9000.
package main

import (
	"bytes"
	"context"
	"embed"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/fetch"
	"github.com/go-buildout/go-buildout/recipes"
)

//go:embed release
var release embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir := flag.String("dir", "webapp-demo", "where to build and deploy")
	verbose := flag.Bool("v", false, "show what commands print")
	flag.Parse()
	d := deployment{dir: *dir, out: os.Stdout, commands: io.Discard}
	if *verbose {
		d.commands = os.Stdout
	}
	err := d.run(ctx, flag.Args())
	if err != nil {
		fmt.Fprint(os.Stderr, buildout.Report(err))
		os.Exit(1)
	}
	d.explain()
}

// deployment is one copy of the application.
type deployment struct {
	dir      string
	out      io.Writer // progress
	commands io.Writer // what commands print
	url      string    // where the service will answer
}

// run carries out the software profile and then the instance profile that it
// made.
func (d *deployment) run(ctx context.Context, assignments []string) error {
	dir, err := filepath.Abs(d.dir)
	if err != nil {
		return err
	}
	d.dir = dir
	if err := d.unpackRelease(); err != nil {
		return err
	}
	software, instance := filepath.Join(dir, "software"), filepath.Join(dir, "instance")
	if _, err := d.buildout(ctx, filepath.Join(dir, "release", "software.cfg"), software, nil); err != nil {
		return err
	}
	cfg, err := d.buildout(ctx, filepath.Join(software, "instance.cfg"), instance, assignments)
	if err != nil {
		return err
	}
	parameters := cfg.Resolve("instance-parameter").Section("instance-parameter")
	d.url = "http://" + parameters["configuration.ip"] + ":" + parameters["configuration.port"] + "/"
	return nil
}

// buildout carries out one profile in a directory.
func (d *deployment) buildout(ctx context.Context, profile, dir string, assignments []string) (*buildout.Config, error) {
	fmt.Fprintf(d.out, "\n%s in %s\n", filepath.Base(profile), dir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	overrides := []buildout.Assignment{{Section: "buildout", Option: "directory", Value: dir}}
	for _, text := range assignments {
		a, err := buildout.ParseAssignment(text)
		if err != nil {
			return nil, err
		}
		overrides = append(overrides, a)
	}
	cfg, err := buildout.Load(ctx, profile, buildout.LoadOptions{Overrides: overrides})
	if err != nil {
		return nil, err
	}
	logger := slog.New(&lines{out: d.out})
	b, err := buildout.New(ctx, cfg, recipes.All(), buildout.Options{
		Fetcher: &fetch.Client{}, Logger: logger, Output: d.commands, Environ: os.Environ(),
	})
	if err != nil {
		return nil, err
	}
	plan, err := b.Plan(ctx)
	if err != nil {
		return nil, err
	}
	fmt.Fprint(d.out, plan)
	_, err = b.Apply(ctx, plan)
	return cfg, err
}

// lines is a log handler that prints messages, with who says them if it is a
// recipe.
type lines struct {
	out io.Writer
	who string
}

func (l *lines) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

func (l *lines) Handle(_ context.Context, r slog.Record) error {
	_, err := fmt.Fprintf(l.out, "  %s%s\n", l.who, r.Message)
	return err
}

func (l *lines) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := *l
	for _, a := range attrs {
		if a.Key == "logger" {
			n.who = a.Value.String() + ": "
		}
	}
	return &n
}

func (l *lines) WithGroup(string) slog.Handler { return l }

// unpackRelease writes the profiles, the templates and the source archive. A file
// that is there already is left alone.
func (d *deployment) unpackRelease() error {
	return fs.WalkDir(release, ".", func(name string, e fs.DirEntry, err error) error {
		target := filepath.Join(d.dir, name)
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		content, err := release.ReadFile(name)
		if err != nil {
			return err
		}
		if old, err := os.ReadFile(target); err == nil && bytes.Equal(old, content) {
			return nil
		}
		return os.WriteFile(target, content, 0o644)
	})
}

// explain says what to look at.
func (d *deployment) explain() {
	instance := filepath.Join(d.dir, "instance")
	fmt.Fprintf(d.out, `
Deployed in %[1]s. To look at next:

  start the service   %[2]s/etc/service/webapp &
  ask it              curl %[3]s
  its configuration   %[2]s/etc/webapp.conf
  its log             %[2]s/var/log/access.log
  the promise         %[2]s/etc/plugin/check_webapp.py
  the log rotation    %[2]s/bin/logrotate -d   (needs logrotate)
  what is installed   %[2]s/.installed.cfg

Run it again: every part is updated, and no file changes. With
instance-parameter:configuration.port=9000 just what depends on the port is
installed again.
`, d.dir, instance, d.url)
}
