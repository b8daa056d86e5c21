// Command buildout carries out Buildout profiles. It takes the options, the
// assignments and the commands of the original, and adds plan, why, graph and
// resolve, JSON output and the choice of a dialect.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/fetch"
)

// version is the zc.buildout whose command line this one follows.
const version = "buildout version 3.0.1+slapos010 (go-buildout)"

// logDirectory is where what commands print goes, in the buildout directory.
const logDirectory = ".buildout.logs"

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		s := <-signals
		signal.Stop(signals) // the next one ends the program at once
		cancel(interrupted{s.(syscall.Signal)})
	}()
	os.Exit(run(ctx, os.Args[1:], screen(os.Stdout), os.Stderr))
}

// interrupted is why the context of a run is cancelled.
type interrupted struct{ signal syscall.Signal }

func (i interrupted) Error() string { return "received " + i.signal.String() }

// ExitStatus is what a shell gives for a program that the signal ended.
func (i interrupted) ExitStatus() int { return 128 + int(i.signal) }

// run is the whole program: arguments in, exit status out.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	line, err := parseCommandLine(args)
	if err == nil {
		err = line.run(ctx, stdout, stderr)
	}
	if err == nil {
		return 0
	}
	if errors.Is(err, context.Canceled) {
		by := interrupted{syscall.SIGINT}
		errors.As(context.Cause(ctx), &by)
		err = by
	}
	line.say(err, stdout, stderr)
	if e := (interface{ ExitStatus() int })(nil); errors.As(err, &e) {
		return e.ExitStatus()
	}
	return 1
}

// say says why a run ended.
func (c *commandLine) say(err error, stdout, stderr io.Writer) {
	var by interrupted
	switch {
	case c.logJSON:
		o := &logOutput{out: c.logStream(stdout, stderr), json: true}
		logError(o.logger(), err, c.debug)
	case errors.As(err, &by):
		fmt.Fprintln(stderr, "Interrupted.")
	default:
		fmt.Fprint(stderr, buildout.Report(err))
		for e := err; e != nil && c.debug; e = errors.Unwrap(e) {
			fmt.Fprintf(stderr, "%T: %v\n", e, e)
		}
	}
}

// run carries out the command of a command line.
func (c *commandLine) run(ctx context.Context, stdout, stderr io.Writer) error {
	switch {
	case c.help:
		_, err := io.WriteString(stdout, usage)
		return err
	case c.version:
		_, err := fmt.Fprintln(stdout, version)
		return err
	}
	command, ok := commands[c.command]
	if !ok {
		return commandLineError("invalid command: " + c.command)
	}
	s := &session{commandLine: c, ctx: ctx, out: stdout, errOut: stderr}
	s.log = &logOutput{out: stdout, level: 20, json: c.logJSON}
	if c.logJSON {
		s.log.out = c.logStream(stdout, stderr)
	}
	return command(s)
}

// session is one run of the program.
type session struct {
	*commandLine
	ctx    context.Context
	out    io.Writer
	errOut io.Writer
	log    *logOutput
	live   *progress // nil without one
	client *fetch.Client
	cfg    *buildout.Config
}

// load reads the profile.
func (s *session) load() error {
	home, _ := os.UserHomeDir()
	// What is extended is downloaded in silence.
	opener := &fetch.Client{Proxy: http.ProxyFromEnvironment, Timeout: s.timeout, MaxBytes: 256 << 20}
	defer opener.CloseIdleConnections()
	cfg, err := buildout.Load(s.ctx, s.config, buildout.LoadOptions{
		Dialect: s.dialect, Overrides: s.assignments, Opener: opener, Home: home,
		UserDefaults: s.userDefaults(home), Executable: python(), Logger: s.log.logger(),
	})
	if err != nil {
		return err
	}
	s.cfg = cfg
	s.client = &fetch.Client{Proxy: http.ProxyFromEnvironment, Log: s.log.logger()}
	if o := cfg.Section("buildout").Option("socket-timeout"); o != nil {
		if n, err := strconv.Atoi(o.Value()); err == nil {
			s.client.Timeout = time.Duration(n) * time.Second
		}
	}
	return s.log.configure(cfg)
}

// open reads the profile and evaluates [buildout].
func (s *session) open() (*buildout.Buildout, error) {
	if err := s.load(); err != nil {
		return nil, err
	}
	observer, output := s.observed()
	return buildout.New(s.ctx, s.cfg, registry(), buildout.Options{
		Fetcher: s.client, Logger: s.log.logger(), Output: output, Observer: observer, Environ: os.Environ(),
		LogDirectory: logDirectory, KeepLogs: s.keepLogs,
		Workers: s.workers, CancelOnFailure: s.cancelOnFail, OnFailure: s.onFailure, NoWait: s.noWait, Command: strings.Join(append([]string{"buildout"}, os.Args[1:]...), " "),
	})
}

// userDefaults is the file that is read before the profile. An empty
// BUILDOUT_HOME is the working directory, as in zc.buildout 3.
func (c *commandLine) userDefaults(home string) string {
	if c.noUserDefaults {
		return ""
	}
	if dir, ok := os.LookupEnv("BUILDOUT_HOME"); ok {
		file, err := filepath.Abs(filepath.Join(dir, "default.cfg"))
		if err != nil {
			return ""
		}
		return file
	}
	if home == "" {
		return ""
	}
	return filepath.Join(home, ".buildout", "default.cfg")
}

// python is the interpreter that profiles refer to as ${buildout:executable}.
func python() string {
	if path, err := exec.LookPath("python3"); err == nil {
		return path
	}
	return ""
}
