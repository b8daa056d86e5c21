// Command lint looks for mistakes in Buildout profiles, each with all that it
// extends:
//
//	go run ./examples/lint [options] FILE...
//
// It prints a line "file:line:column: severity: message [rule]" for each finding,
// or a SARIF 2.1.0 log with --format sarif, and its exit status is 0 if there is
// none that is at least a warning (--severity), 1 if there is, and 2 if it could
// not do its work. What is found in a file that several profiles extend is said
// once. The comment
//
//	# lint: disable=RULE,RULE
//
// is about the next line and what continues it, or about the whole file if it
// stands at its head.
//
// Nothing is installed and no recipe is constructed. These are the rules; --rules
// explains them:
//
//   - syntax-error, bad-condition: Buildout can't read a file.
//   - unreadable-extends, extends-loop, ignored-extends: a file is not extended.
//   - unknown-section, unknown-option, invalid-reference, reference-loop: a
//     ${section:option} has no value.
//   - unknown-macro, macro-loop: a section can't inherit (<=).
//   - unknown-part, part-without-recipe: a part can't be installed.
//   - invalid-profile: Buildout refuses the profile for another reason.
//   - duplicate-option: one file sets an option twice.
//   - unused-macro: nothing uses a section that is no part.
//   - redundant-override, removes-nothing: an operation changes nothing.
//   - missing-checksum, malformed-checksum: a download can't be verified.
//   - bad-suppression: a comment disables a rule that doesn't exist.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/fetch"
)

// The exit statuses.
const (
	statusClean    = 0
	statusFindings = 1
	statusFailed   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program: arguments in, exit status out.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	line, err := parseCommandLine(args)
	var found []*finding
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err = io.WriteString(stdout, usage)
	case err == nil && line.list:
		err = writeRules(stdout)
	case err == nil:
		if found, err = line.lint(ctx); err == nil {
			err = line.write(stdout, line.root, found)
		}
	}
	if err != nil {
		fmt.Fprintf(stderr, "lint: %v\n", err)
		return statusFailed
	}
	if slices.ContainsFunc(found, func(f *finding) bool { return f.severity >= line.threshold }) {
		return statusFindings
	}
	return statusClean
}

const usage = `Usage: lint [options] FILE...

Look for mistakes in Buildout profiles, each with all that it extends.

Options:

  --dialect slapos|zc
     Whose Buildout reads the profiles: the SlapOS fork (the default), or
     zc.buildout.
  --disable RULE[,RULE]
     Say nothing about these rules. It may be given more than once.
  --format text|sarif
     One line a finding (the default), or a SARIF 2.1.0 log.
  --offline
     Don't download the URLs that profiles extend: use the extends-cache.
  --root DIRECTORY
     Name files from this directory. The default is the working directory.
  --rules
     List the rules.
  --severity error|warning|note
     From which severity on a finding makes the exit status 1. The default is
     warning. All findings are printed.

A comment "# lint: disable=RULE,RULE" in a profile says nothing about these rules
in the next line and what continues it, or in the whole file if it stands before
anything but comments.

The exit status is 0 if there is no such finding, 1 if there is, and 2 if the
profiles could not be looked at.
`

// commandLine is what the arguments say.
type commandLine struct {
	files     []string
	dialect   buildout.Dialect
	disabled  []string
	write     func(w io.Writer, root string, found []*finding) error
	offline   bool
	root      string
	list      bool
	threshold severity
}

// parseCommandLine reads options and files in any order.
func parseCommandLine(args []string) (*commandLine, error) {
	c := &commandLine{dialect: buildout.SlapOS(), write: writeText, threshold: warning, root: "."}
	flags := flag.NewFlagSet("lint", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&c.offline, "offline", false, "")
	flags.BoolVar(&c.list, "rules", false, "")
	flags.StringVar(&c.root, "root", ".", "")
	flags.Func("dialect", "", func(name string) error {
		d, ok := buildout.Dialects()[name]
		if !ok {
			return errors.New("it is slapos or zc")
		}
		c.dialect = d
		return nil
	})
	flags.Func("format", "", func(name string) error {
		var ok bool
		if c.write, ok = formats[name]; !ok {
			return errors.New("it is text or sarif")
		}
		return nil
	})
	flags.Func("disable", "", func(list string) error {
		for id := range strings.SplitSeq(list, ",") {
			if id = strings.TrimSpace(id); !slices.Contains(ruleIDs(), id) {
				return errors.New(strings.TrimSpace("there is no rule '" + id + "' " + didYouMean(id, ruleIDs())))
			}
			c.disabled = append(c.disabled, id)
		}
		return nil
	})
	flags.Func("severity", "", func(name string) (err error) {
		c.threshold, err = parseSeverity(name)
		return err
	})
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if args = flags.Args(); len(args) == 0 {
			break
		}
		c.files, args = append(c.files, args[0]), args[1:]
	}
	if len(c.files) == 0 && !c.list {
		return nil, errors.New("no profile is named; lint -h tells how to use it")
	}
	root, err := filepath.Abs(c.root)
	c.root = root
	return c, err
}

// lint looks at the files, and gives what is to be said about them.
func (c *commandLine) lint(ctx context.Context) ([]*finding, error) {
	wd, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	home, _ := os.UserHomeDir() // "": "~" stands for itself
	o := buildout.LoadOptions{Dialect: c.dialect, Home: home, WorkingDirectory: wd,
		Opener: &fetch.Client{Proxy: http.ProxyFromEnvironment}}
	if c.offline {
		o.Overrides = append(o.Overrides, buildout.Assignment{Section: "buildout", Option: "offline", Value: "true"})
	}
	l := newLinter(ctx, o)
	for _, file := range c.files {
		if !filepath.IsAbs(file) {
			file = filepath.Join(wd, file)
		}
		if err := l.lint(filepath.Clean(file)); err != nil {
			return nil, err
		}
	}
	return l.results(c.disabled), nil
}

// formats are the ways to write findings, by name.
var formats = map[string]func(w io.Writer, root string, found []*finding) error{
	"text": writeText, "sarif": writeSARIF,
}

// writeRules lists the rules with what they are about.
func writeRules(w io.Writer) error {
	var b strings.Builder
	for _, r := range rules {
		fmt.Fprintf(&b, "%s (%s)\n    %s\n", r.id, r.severity, r.short)
		line := "   "
		for word := range strings.FieldsSeq(r.long) {
			if len(line)+1+len(word) > 80 {
				b.WriteString(line + "\n")
				line = "   "
			}
			line += " " + word
		}
		b.WriteString(line + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
