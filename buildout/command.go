package buildout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Command is a program to run for a part.
type Command struct {
	// Args are the program and its arguments. Shell is run by /bin/sh instead, if
	// it is not empty.
	Args  []string
	Shell string
	// Dir is the working directory; "": the buildout directory.
	Dir string
	// Env are NAME=VALUE pairs over the environment of the run.
	Env []string
	// Stdin is what the command reads; nil: nothing.
	Stdin io.Reader
}

// CommandError is a command that failed.
type CommandError struct {
	Command string // as it was to be run
	Code    int    // exit status, -1 when there is none
	Signal  string // what killed it, "" if nothing did
	Dir     string
	Output  string // the last lines of what it printed, at most 20 and 32 KiB
	// Log is the file with all that the part's commands printed, "" if there is
	// none; LogDropped is how many bytes in the middle of it were left out.
	Log        string
	LogDropped int64
	Err        error
}

func (e *CommandError) Error() string {
	if e.Signal != "" {
		return fmt.Sprintf("Command received signal %s: %s", e.Signal, e.Command)
	}
	if e.Code < 0 {
		return fmt.Sprintf("Command could not be run: %s: %v", e.Command, e.Err)
	}
	return fmt.Sprintf("Command failed with exit code %d: %s", e.Code, e.Command)
}

func (e *CommandError) Unwrap() error { return e.Err }

// killDelay is how long a command that was asked to end may take to.
const killDelay = 5 * time.Second

// Command runs a program to its end. What it prints goes to the run's output and,
// with [Options].LogDirectory, to the part's log; a failure is a [*CommandError]
// with the last lines of it. When ctx ends, the command and its children are asked
// to terminate and then killed.
func (tx *Tx) Command(ctx context.Context, c Command) error {
	args, shown := c.Args, strings.Join(c.Args, " ")
	if c.Shell != "" {
		args, shown = []string{"/bin/sh", "-c", c.Shell}, c.Shell
	}
	if len(args) == 0 {
		return errors.New("no command to run")
	}
	b := tx.part.eval.run
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	if path := tx.part.LookPath(args[0]); path != "" && !strings.Contains(args[0], "/") {
		cmd.Path, cmd.Err = path, nil
	}
	cmd.Dir = tx.Path(c.Dir)
	cmd.Env = append(b.environ[:len(b.environ):len(b.environ)], c.Env...)
	cmd.Stdin = c.Stdin
	last := &tail{}
	told := &lineWriter{f: func(line []byte) { b.printed(tx.name, line) }}
	if tx.log == nil {
		tx.log = b.logs.create(tx.name)
	}
	fmt.Fprintf(tx.log, "# in %s\n$ %s\n", cmd.Dir, shown)
	out := io.MultiWriter(last, tx.log, told)
	if b.workers == 1 { // what is no line yet, such as a question, is shown too
		out = io.MultiWriter(last, tx.log, b.output, told)
	}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = ownGroup()
	cmd.ExtraFiles = tx.run.journal.guards()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = killDelay
	b.observe(CommandStarted{tx.name, shown, cmd.Dir})
	begin := time.Now()
	err := commandError(ctx, cmd, cmd.Run(), shown, last)
	told.end()
	if err != nil {
		fmt.Fprintf(tx.log, "# %v\n", err)
	}
	var failure *CommandError
	if errors.As(err, &failure) {
		if failure.Log = tx.log.name(); failure.Log != "" {
			failure.LogDropped = tx.log.dropped
		}
	}
	b.observe(CommandFinished{tx.name, shown, time.Since(begin), err})
	return err
}

// printed passes on a line that a command has printed. The lines of commands that
// run side by side mix, but no line has anything of another.
func (b *Buildout) printed(part string, line []byte) {
	if b.workers > 1 {
		whole := line
		if len(line) < longestLine && !bytes.HasSuffix(line, []byte("\n")) {
			whole = append(slices.Clone(line), '\n')
		}
		b.telling.Lock()
		_, _ = b.output.Write(whole)
		b.telling.Unlock()
	}
	b.observe(CommandOutput{part, string(line)})
}

// commandError says how a command failed, if it did.
func commandError(ctx context.Context, cmd *exec.Cmd, err error, shown string, last *tail) error {
	if ctxErr := ctx.Err(); ctxErr != nil {
		if cmd.Process != nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
		return ctxErr
	}
	if err == nil {
		return nil
	}
	e := &CommandError{Command: shown, Code: -1, Dir: cmd.Dir, Output: last.String(), Err: err}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		e.Code = exit.ExitCode()
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			e.Signal = fmt.Sprint(int(status.Signal()))
		}
	}
	return e
}

// tail keeps the end of what is written to it.
type tail struct{ buf []byte }

const (
	tailBytes = 16 << 10
	tailLines = 20
)

func (t *tail) Write(p []byte) (int, error) {
	t.buf = append(t.buf, p...)
	if len(t.buf) > 2*tailBytes {
		t.buf = append([]byte(nil), t.buf[len(t.buf)-tailBytes:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	lines := bytes.Split(bytes.TrimRight(t.buf, "\n"), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-tailLines):], []byte("\n")))
}
