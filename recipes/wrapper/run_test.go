package wrapper

import (
	"bufio"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout/recipetest"
)

// installed makes a buildout with one wrapper.
func installed(t *testing.T, options string) *recipetest.Buildout {
	t.Helper()
	b := newBuildout(t)
	write(b, options)
	b.Run()
	before := b.Snapshot()
	b.Run()
	require.Equal(t, before, b.Snapshot())
	return b
}

func command(b *recipetest.Buildout, args ...string) *exec.Cmd {
	cmd := exec.Command(b.Path("wrapper"), args...)
	cmd.Dir = b.Dir
	return cmd
}

func TestRunsTheCommand(t *testing.T) {
	b := installed(t, `command-line = printf '%s|' "it's" '$HOME' "$PE"`+"\nenvironment = A=b c\n")
	out, err := command(b, "x y", "").Output()
	require.NoError(t, err)
	require.Equal(t, "it's|$HOME|$PE|x y||", string(out))
}

func TestShellsKnowTheSignals(t *testing.T) {
	names := append([]string{"RTMIN+15", "RTMAX-14", "RTMAX"}, signals...)
	for _, name := range names {
		out, err := exec.Command("/bin/sh", "-ec", "trap '' "+name).CombinedOutput()
		require.NoError(t, err, "%s: %s", name, out)
	}
}

func TestIgnoredSignal(t *testing.T) {
	b := installed(t, "command-line = /bin/sh -c 'kill -USR1 $$; echo survived'\nsig-ign = USR1\n")
	out, err := command(b).Output()
	require.NoError(t, err)
	require.Equal(t, "survived\n", string(out))
}

func TestPidfile(t *testing.T) {
	b := installed(t, "command-line = /bin/cat -u\npidfile = ${buildout:directory}/it's.pid\n")
	require.Zero(t, b.Mode("wrapper")&^0o755)
	require.Equal(t, fs.FileMode(0o700), b.Mode("wrapper")&0o700)
	b.Write("it's.pid", strconv.Itoa(1<<30)+"\n") // of no process

	first := command(b, "-")
	stdin, err := first.StdinPipe()
	require.NoError(t, err)
	stdout, err := first.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, first.Start())
	_, err = stdin.Write([]byte("ready\n"))
	require.NoError(t, err)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ready\n", line)
	pid := strconv.Itoa(first.Process.Pid)
	require.Equal(t, pid, b.Read("it's.pid"))

	second := command(b)
	out, err := second.CombinedOutput()
	require.Error(t, err)
	require.Equal(t, 1, second.ProcessState.ExitCode())
	require.Equal(t, "Already running with pid "+pid+".\n", string(out))
	require.Equal(t, pid, b.Read("it's.pid"), "the file stays the first one's")

	require.NoError(t, stdin.Close())
	require.NoError(t, first.Wait())
	third := command(b)
	require.NoError(t, third.Run(), "the process of the file is gone")
	require.Equal(t, strconv.Itoa(third.Process.Pid), b.Read("it's.pid"))

	b.Write("it's.pid", strconv.Itoa(os.Getpid()))
	require.NoError(t, command(b).Run(), "the process of the file runs something else")
	b.Write("it's.pid", "nonsense")
	require.NoError(t, command(b).Run())
}

func TestWaitForFiles(t *testing.T) {
	b := installed(t, "command-line = cat 'first file' second\nwait-for-files =\n  first\n  second\n")
	b.Write("first file", "1")
	// The files appear when the script sleeps, and not before.
	b.Write("bin/sleep", "#!/bin/sh\nif [ -L first ]; then echo 2 > second; else ln -s nowhere first; fi\n")
	require.NoError(t, os.Chmod(b.Path("bin/sleep"), 0o755))
	cmd := command(b)
	cmd.Env = []string{"PATH=" + b.Path("bin") + ":" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, "12\n", string(out))
}

func TestReserveCPU(t *testing.T) {
	b := installed(t, "command-line = /bin/sh -c 'echo $$'\nreserve-cpu = True\n")
	b.Write(".slapos-cpu-exclusive", "1\n")
	cmd := command(b)
	cmd.Env = []string{"HOME=" + b.Dir}
	out, err := cmd.Output()
	require.NoError(t, err)
	require.Equal(t, "1\n"+string(out), b.Read(".slapos-cpu-exclusive"))
	require.Equal(t, strconv.Itoa(cmd.Process.Pid)+"\n", string(out))
}

func TestReserveCPUFalse(t *testing.T) {
	b := installed(t, "command-line = /bin/true\nreserve-cpu = no\n")
	require.Equal(t, "#!/bin/sh -e\nexec /bin/true \"$@\"\n", b.Read("wrapper"))
}

func TestPrivateTmpfs(t *testing.T) {
	if out, err := exec.Command("unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", t.TempDir()).CombinedOutput(); err != nil {
		t.Skipf("no user namespaces here: %v %s", err, out)
	}
	b := installed(t, "command-line = /bin/sh -c 'echo ok > tmp/f; cat tmp/f old/f; id -u; df tmp | grep -c ^tmpfs'\nprivate-tmpfs =\n  1000k ${buildout:directory}/tmp\n  1M  ${buildout:directory}/a b\n")
	b.Write("old/f", "old\n")
	out, err := command(b).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, "ok\nold\n"+strconv.Itoa(os.Getuid())+"\n1\n", string(out))
	require.False(t, b.Exists("tmp/f"))
	require.True(t, b.Exists("a b"), "the folders are made")
}

func needPython(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3 on PATH")
	}
}

func TestRedirection(t *testing.T) {
	needPython(t)
	b := installed(t, "command-line = python3 service\nredirect-stdout = out\nredirect-stderr = err\nredirect-signal = HUP\npidfile = pid\n")
	require.Contains(t, b.Read("wrapper"), "trap '' USR1\n")
	b.Write("service", `import os, signal, sys
assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL
rotated = []
signal.signal(signal.SIGHUP, lambda *_: rotated.append(1))
print("one", flush=True)
print("two", flush=True, file=sys.stderr)
os.rename("out", "out.1")
os.rename("err", "err.1")
os.kill(int(open("pid").read()), signal.SIGUSR1)
while not (rotated and os.path.exists("out") and os.path.exists("err")):
    pass
print("three")
print("four", file=sys.stderr)
print(sys.argv[1])
sys.exit(7)
`)
	cmd := command(b, "argument")
	printed, err := cmd.CombinedOutput()
	require.Error(t, err)
	require.Equal(t, 7, cmd.ProcessState.ExitCode(), "%s", printed)
	require.Empty(t, printed)
	require.Equal(t, "one\n", b.Read("out.1"))
	require.Equal(t, "two\n", b.Read("err.1"))
	require.Equal(t, "three\nargument\n", b.Read("out"))
	require.Equal(t, "four\n", b.Read("err"))
}

func TestRedirectionOfBothToOneFile(t *testing.T) {
	needPython(t)
	b := installed(t, "command-line = /bin/sh service\nredirect-stdout = log\nredirect-stderr = log\nsig-ign = USR2\n")
	require.Contains(t, b.Read("wrapper"), "trap '' USR2\n")
	b.Write("log", "before\n")
	b.Write("service", `echo one; echo two >&2; echo three
mv log log.1
kill -USR2 $PPID
until [ -e log ]; do :; done
echo four
kill -TERM $PPID
while :; do :; done
`)
	cmd := command(b)
	require.Error(t, cmd.Run())
	require.Equal(t, 128+15, cmd.ProcessState.ExitCode(), "the command was told to terminate")
	require.Equal(t, "before\none\ntwo\nthree\n", b.Read("log.1"))
	require.Equal(t, "four\n", b.Read("log"))
}

func TestRedirectionOfErrorsOnly(t *testing.T) {
	needPython(t)
	b := installed(t, "command-line = /bin/sh -c 'echo out; echo err >&2; kill -USR1 $$'\nredirect-stderr = err\n")
	cmd := command(b)
	out, err := cmd.Output()
	require.Error(t, err)
	require.Equal(t, "out\n", string(out))
	require.Equal(t, "err\n", b.Read("err"))
	require.Equal(t, 128+10, cmd.ProcessState.ExitCode(), "only the script ignores the signal")
}

func TestRedirectionFailures(t *testing.T) {
	needPython(t)
	b := installed(t, "command-line = ${buildout:directory}/nowhere\nredirect-stdout = out\n")
	cmd := command(b)
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	require.Contains(t, string(out), "No such file or directory: '"+b.Path("nowhere")+"'\n")

	b = installed(t, "command-line = touch started\nredirect-stdout = no/where/out\n")
	out, err = command(b).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "no/where/out")
	require.False(t, b.Exists("started"), "nothing runs without its log")
	require.True(t, strings.HasPrefix(b.Read("wrapper"), "#!/bin/sh -e\ntrap '' USR1\nexec "))
}
