// Package wrapper is the recipe slapos.cookbook:wrapper: a script that runs a
// command, with variables, ignored signals and files to wait for, and with a name
// that changes when the command's files do.
//
// The plain script is upstream's, byte for byte. Where upstream makes a Python
// script, for pidfile, wait-for-files, private-tmpfs, reserve-cpu and the
// redirections, this recipe makes a shell script that does the same and needs
// neither Python nor eggs. Two options need a program of the machine, which must
// be there when the part is installed: private-tmpfs needs unshare and mount, and
// the redirections python3.
package wrapper

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/recipes/internal/shellscript"
	"github.com/go-buildout/go-buildout/recipes/internal/umask"
)

// Register adds the recipe.
func Register(r *buildout.Registry) {
	r.Register("slapos.cookbook:wrapper", buildout.Entry{New: New, Version: "1"})
}

type options struct {
	CommandLine       string            `buildout:"command-line,required" doc:"command and arguments, with shell quotes; nothing is expanded"`
	WrapperPath       string            `buildout:"wrapper-path,required" doc:"script to make"`
	Environment       map[string]string `buildout:"environment" doc:"lines NAME=VALUE"`
	WaitForFiles      []string          `buildout:"wait-for-files,words" doc:"files that must exist before the command runs"`
	HashFiles         []string          `buildout:"hash-files,words" doc:"files made by buildout whose contents become part of the script's name"`
	HashExistingFiles []string          `buildout:"hash-existing-files,words" doc:"the same for files that exist already"`
	PIDFile           string            `buildout:"pidfile" doc:"file with the process number, against running the command twice"`
	PrivateTmpfs      []string          `buildout:"private-tmpfs,lines" doc:"lines SIZE PATH: memory file systems that only the command sees"`
	ReserveCPU        bool              `buildout:"reserve-cpu,lenient" doc:"ask for a processor core of its own, by ~/.slapos-cpu-exclusive"`
	SigIgn            string            `buildout:"sig-ign" doc:"signal to ignore from the start, without SIG, such as USR1 or RTMIN+3"`
	RedirectStdout    string            `buildout:"redirect-stdout" doc:"file for the command's output, opened anew upon USR1, or the signal of sig-ign"`
	RedirectStderr    string            `buildout:"redirect-stderr" doc:"file for the command's errors"`
	RedirectSignal    string            `buildout:"redirect-signal" doc:"signal that the command gets when the files are opened anew"`
}

type recipe struct {
	part       *buildout.Part
	options    options
	hashed     []string // in the order of hashing
	command    []string
	script     string
	permission fs.FileMode // before the umask; 0: exactly 0700
}

// New checks the options and writes the script in memory.
func New(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	r := &recipe{part: part}
	o := &r.options
	if err := part.Decode(o); err != nil {
		return nil, err
	}
	for _, option := range [][2]string{{"_d", "develop-eggs-directory"}, {"_e", "eggs-directory"}} {
		dir, err := part.Buildout(option[1])
		if err != nil {
			return nil, err
		}
		part.Set(option[0], dir)
	}
	var err error
	if r.command, err = shellscript.Split(o.CommandLine); err != nil {
		return nil, part.Errorf("command-line", "%w", err)
	}
	if len(r.command) == 0 {
		return nil, part.Errorf("command-line", "the command line is empty\nexpected a command and its arguments")
	}
	if err := r.checkEnvironment(); err != nil {
		return nil, err
	}
	if err := r.hash(); err != nil {
		return nil, err
	}
	return r, r.write()
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (r *recipe) checkEnvironment() error {
	for name := range r.options.Environment {
		if !variableName.MatchString(name) {
			return r.part.Errorf("environment", "invalid name of a variable: '%s'\nexpected letters, digits and underscores", name)
		}
	}
	return nil
}

// write makes the text of the script.
func (r *recipe) write() error {
	o := &r.options
	script := shellscript.Script{Environment: o.Environment, Command: r.command}
	trigger, err := r.signal("sig-ign", o.SigIgn)
	if err != nil {
		return err
	}
	redirection, err := r.redirection(&trigger)
	if err != nil {
		return err
	}
	tmpfs, err := r.privateTmpfs()
	if err != nil {
		return err
	}
	script.Ignore = trigger
	script.Before = r.before()
	script.Via = append(redirection, tmpfs...)
	if len(script.Before)+len(script.Via) > 0 {
		r.permission = 0o755
	}
	r.script = script.String()
	return nil
}

// path is where the script is, with the hash of the files as they are now.
func (r *recipe) path() (string, error) {
	if len(r.hashed) == 0 {
		return r.options.WrapperPath, nil
	}
	sum, err := r.hashOf(r.hashed, "hash-files")
	return r.options.WrapperPath + "-" + sum, err
}

func (r *recipe) Install(_ context.Context, tx *buildout.Tx) error {
	path, err := r.path()
	if err != nil {
		return err
	}
	r.warn(tx)
	mode := fs.FileMode(0o700)
	if r.permission != 0 {
		if mode, err = umask.Apply(tx, r.permission); err != nil {
			return err
		}
	}
	if err := tx.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return r.part.Errorf("wrapper-path", "%w", err)
	}
	if err := tx.WriteFile(path, []byte(r.script), mode); err != nil {
		return r.part.Errorf("wrapper-path", "%w", err)
	}
	return nil
}

// Update writes nothing: if the script would have another name by now, what
// made its files should have had the part installed anew.
func (r *recipe) Update(_ context.Context, tx *buildout.Tx) error {
	path, err := r.path()
	if err != nil {
		return err
	}
	if info, err := os.Stat(tx.Path(path)); err != nil || !info.Mode().IsRegular() {
		return r.part.Errorf("wrapper-path", "unstable wrapper path ('%s')%w", path, again{})
	}
	r.warn(tx)
	return nil
}

// again asks for a new installation, and adds nothing to a message.
type again struct{}

func (again) Error() string { return "" }
func (again) Unwrap() error { return buildout.ErrReinstall }

// warn tells of a command that can't be run: often one of the software's that
// was looked for among the instance's parts.
func (r *recipe) warn(tx *buildout.Tx) {
	program := r.command[0]
	if !filepath.IsAbs(program) {
		return
	}
	if _, err := os.Stat(program); errors.Is(err, fs.ErrNotExist) {
		tx.Log().Warn("The command of " + strings.TrimPrefix(r.options.WrapperPath, r.part.Directory()+"/") + " does not exist: " + program)
	}
}
