package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-buildout/go-buildout/buildout"
)

const usage = `Usage: buildout [options] [assignments] [command [command arguments]]

Options:

  -c config_file
     The profile, a path or a URL. The default is buildout.cfg.
  -v, --verbosity
     More output. It may be given more than once.
  -q
     Less output. It may be given more than once.
  -U
     Don't read user defaults (~/.buildout/default.cfg, or default.cfg in the
     directory that the variable BUILDOUT_HOME names).
  -o, -O
     Offline mode, and its opposite.
  -n, -N
     Newest mode, and its opposite.
  -t seconds
     How long to wait for a server.
  -D
     Show all that is known of an error.
  --dialect slapos|zc
     Whose Buildout to be: the SlapOS fork (the default), or zc.buildout.
  --dry-run
     Say what would be done.
  --skip-signature-check
     Don't reinstall a part because its recipe, or what it depends on, changed.
  --on-failure keep|upstream
     What becomes of an installed part whose reinstallation or update fails: what
     was installed before is put back (the default), or, as in zc.buildout, all
     that changed is uninstalled first and what fails is gone.
  -j number
     How many parts to install side by side. The default is 1.
  --cancel-on-failure
     When a part fails, cancel those that are at work beside it.
  --no-wait
     Fail if another run is at work in the directory, instead of waiting.
  --keep-logs
     Keep what the commands of a part print, in .buildout.logs/PART.log, also if
     the part succeeds. That of a part that fails is kept until it succeeds.
  --progress auto|plain|none
     auto shows on a terminal a line for each part at work: the time so far, what
     it does, how far its download is and the last line that its command printed.
     All of what commands print is there only with -v, and in --keep-logs. plain,
     and auto elsewhere, prints it as it comes, none does not.
  --log-format text|json
     json prints the log, what commands print and the error that ends a run as
     JSON objects, one a line: on standard output, but for commands that print
     something else there on standard error.
  -h, --help
     Print this message.
  --version
     Print the version.

Assignments have the form section:option=value and override the profile's. The
section buildout may be left out. option+=value and option-=value work as in a
profile.

Commands:

  install [parts]
     Install, update and uninstall parts as the profile says, or install and
     update just the named ones. This is the default command.
  plan [--json] [parts]
     Say what install would do with each part and why, and write nothing.
  why [--json] part
     Tell where a part is declared, who refers to it, and what install would do
     with it and why.
  graph [--format text|dot|json|mermaid]
     Print which parts refer to which, and by which options.
  annotate [--json] [sections]
     Print every value before references are replaced, and where it comes from.
     -v adds its history.
  query [section:]option
     Print one value before references are replaced.
  resolve [--json] [sections]
     Print every value with macros expanded and references replaced, without
     constructing any recipe.
  buildout-versions
     Print the versions that the profile pins.
  init
     Make a minimal buildout.cfg.
  bootstrap
     Make the directories of the buildout.
`

// commandLine is what the arguments say.
type commandLine struct {
	config         string
	assignments    []buildout.Assignment
	dialect        buildout.Dialect
	verbosity      int
	timeout        time.Duration
	onFailure      buildout.OnFailure
	noWait         bool
	workers        int
	cancelOnFail   bool
	keepLogs       bool
	logJSON        bool
	progress       progressMode
	noUserDefaults bool
	debug          bool
	help           bool
	version        bool
	command        string
	args           []string
}

func commandLineError(message string) error {
	return &buildout.Error{Code: buildout.CodeCommandLine, Message: message}
}

// parseCommandLine reads options and assignments in any order, up to the first
// other word, which is the command.
func parseCommandLine(args []string) (*commandLine, error) {
	c := &commandLine{config: "buildout.cfg", command: "install", progress: progressAuto, dialect: buildout.SlapOS()}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case strings.HasPrefix(arg, "--"):
			rest, err := c.longOption(arg, args)
			if err != nil {
				return c, err
			}
			args = rest
		case strings.HasPrefix(arg, "-") && arg != "-":
			rest, err := c.shortOptions(arg, args)
			if err != nil {
				return c, err
			}
			args = rest
		case strings.Contains(arg, "="):
			a, err := buildout.ParseAssignment(arg)
			if err != nil {
				return c, err
			}
			c.assignments = append(c.assignments, a)
		default:
			c.command, c.args = arg, args
			args = nil
		}
	}
	if c.verbosity != 0 {
		c.set("verbosity", strconv.Itoa(c.verbosity))
	}
	return c, nil
}

func (c *commandLine) set(option, value string) {
	c.assignments = append(c.assignments, buildout.Assignment{Section: "buildout", Option: option, Value: value})
}

func (c *commandLine) longOption(arg string, rest []string) ([]string, error) {
	name, value, hasValue := strings.Cut(arg, "=")
	switch name {
	case "--help":
		c.help = true
	case "--version":
		c.version = true
	case "--verbosity":
		c.verbosity += 10
	case "--dry-run":
		c.set("dry-run", "true")
	case "--skip-signature-check":
		c.set("check-signature", "false")
	case "--no-wait":
		c.noWait = true
	case "--cancel-on-failure":
		c.cancelOnFail = true
	case "--keep-logs":
		c.keepLogs = true
	case "--dialect", "--on-failure", "--progress", "--log-format":
		if !hasValue {
			if len(rest) == 0 {
				return nil, commandLineError("No " + name[2:] + " specified for option " + name)
			}
			value, rest = rest[0], rest[1:]
		}
		switch name {
		case "--dialect":
			return rest, c.setDialect(value)
		case "--on-failure":
			return rest, c.setOnFailure(value)
		case "--progress":
			return rest, c.setProgress(value)
		}
		return rest, c.setLogFormat(value)
	default:
		return nil, commandLineError("Invalid option " + arg)
	}
	return rest, nil
}

func (c *commandLine) setDialect(name string) error {
	d, ok := buildout.Dialects()[name]
	if !ok {
		return commandLineError("Invalid dialect " + name + ": it is slapos or zc")
	}
	c.dialect = d
	return nil
}

func (c *commandLine) setOnFailure(name string) error {
	mode, ok := map[string]buildout.OnFailure{"keep": buildout.KeepOld, "upstream": buildout.AsUpstream}[name]
	if !ok {
		return commandLineError("Invalid on-failure " + name + ": it is keep or upstream")
	}
	c.onFailure = mode
	return nil
}

func (c *commandLine) setProgress(name string) error {
	switch c.progress = progressMode(name); c.progress {
	case progressAuto, progressPlain, progressNone:
		return nil
	}
	return commandLineError("Invalid progress " + name + ": it is auto, plain or none")
}

func (c *commandLine) setLogFormat(name string) error {
	if name != "text" && name != "json" {
		return commandLineError("Invalid log-format " + name + ": it is text or json")
	}
	c.logJSON = name == "json"
	return nil
}

// shortOptions reads a cluster of letters. One that takes a value ends it.
func (c *commandLine) shortOptions(arg string, rest []string) ([]string, error) {
	for i, letter := range arg[1:] {
		value := func(what string) (string, error) {
			if v := arg[i+2:]; v != "" {
				return v, nil
			}
			if len(rest) == 0 {
				return "", commandLineError("No " + what + " specified for option " + arg)
			}
			v := rest[0]
			rest = rest[1:]
			return v, nil
		}
		switch letter {
		case 'v':
			c.verbosity += 10
		case 'q':
			c.verbosity -= 10
		case 'U':
			c.noUserDefaults = true
		case 'o', 'O':
			c.set("offline", strconv.FormatBool(letter == 'o'))
		case 'n', 'N':
			c.set("newest", strconv.FormatBool(letter == 'n'))
		case 'D':
			c.debug = true
		case 'h', 'W', 'A':
			c.help = true
			return rest, nil
		case 'c':
			file, err := value("file name")
			c.config = file
			return rest, err
		case 'j':
			number, err := value("number")
			if err != nil {
				return nil, err
			}
			if c.workers, err = strconv.Atoi(number); err != nil || c.workers < 1 {
				return nil, commandLineError("Invalid number of parts side by side: " + number)
			}
			return rest, nil
		case 't':
			seconds, err := value("timeout value")
			if err != nil {
				return nil, commandLineError("No timeout value specified for option " + arg)
			}
			n, err := strconv.Atoi(seconds)
			if err != nil {
				return nil, commandLineError("Timeout value must be numeric " + arg)
			}
			c.timeout = time.Duration(n) * time.Second
			c.set("socket-timeout", seconds)
			return rest, nil
		default:
			return nil, commandLineError("Invalid option -" + string(letter))
		}
	}
	return rest, nil
}

// value takes an option with a value out of the command's arguments.
func (c *commandLine) value(name, otherwise string) (string, error) {
	value := otherwise
	var rest []string
	for i := 0; i < len(c.args); i++ {
		arg := c.args[i]
		if v, ok := strings.CutPrefix(arg, name+"="); ok {
			value = v
		} else if arg != name {
			rest = append(rest, arg)
		} else if i++; i < len(c.args) {
			value = c.args[i]
		} else {
			return "", commandLineError("No value specified for option " + name)
		}
	}
	c.args = rest
	return value, nil
}

// flag takes a flag out of the command's arguments.
func (c *commandLine) flag(name string) bool {
	n := len(c.args)
	c.args = slices.DeleteFunc(slices.Clone(c.args), func(a string) bool { return a == name })
	return len(c.args) < n
}
