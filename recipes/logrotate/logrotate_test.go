package logrotate

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
)

// newBuildout makes a buildout whose PATH has only what bin has.
func newBuildout(t *testing.T) *recipetest.Buildout {
	r := &buildout.Registry{}
	Register(r)
	b := recipetest.New(t, r, nil)
	b.Environ = []string{"PATH=" + b.Path("tools") + ":" + b.Path("opt/usr/sbin")}
	return b
}

func program(t *testing.T, b *recipetest.Buildout, name string) {
	t.Helper()
	b.Write(name, "#!/bin/sh\n")
	require.NoError(t, os.Chmod(b.Path(name), 0o755))
}

const explicit = `[buildout]
parts = logrotate
[logrotate]
recipe = slapos.cookbook:logrotate
logrotate-entries = ${buildout:directory}/etc/logrotate.d
conf = ${buildout:directory}/etc/logrotate.conf
state-file = ${buildout:directory}/var/logrotate.status
logrotate-binary = /l
gzip-binary = /z/gzip
gunzip-binary = /z/gunzip
wrapper = ${buildout:directory}/run
`

func expand(b *recipetest.Buildout, text string) string {
	return strings.ReplaceAll(text, "D/", b.Dir+"/")
}

func TestConfiguration(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", explicit)
	require.Contains(t, b.Run(), "logrotate: The program of logrotate-binary does not exist: /l")
	require.Equal(t, expand(b, "compresscmd /z/gzip\ncompressoptions -9\nuncompresscmd /z/gunzip\ninclude D/etc/logrotate.d"), b.Read("etc/logrotate.conf"))
	require.Equal(t, fs.FileMode(0o600), b.Mode("etc/logrotate.conf"))
	require.Contains(t, strings.ReplaceAll(b.Read("run"), " \\\n\t", " "), expand(b, "#!/bin/sh -e\nexec /l -s D/var/logrotate.status D/etc/logrotate.conf \"$@\"\n"))
	require.Equal(t, fs.FileMode(0o700), b.Mode("run"))
	require.Equal(t, []string{"run", "etc/logrotate.conf"}, b.Installed("logrotate"))
	require.True(t, b.Exists("etc/logrotate.d"))

	before := b.Snapshot()
	b.Run()
	require.Equal(t, before, b.Snapshot())

	b.Write("buildout.cfg", explicit+"gzip-binary = /other\n")
	require.Contains(t, b.Run(), "Installing logrotate.")
	require.Contains(t, b.Read("etc/logrotate.conf"), "compresscmd /other\n")

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists("run"))
	require.False(t, b.Exists("etc/logrotate.conf"))
	require.True(t, b.Exists("etc/logrotate.d"), "others' entries are in it")
}

const seed = `[buildout]
parts = logrotate-entry logrotate

[directories]
etc = ${buildout:directory}/etc
var = ${buildout:directory}/var

[logrotate]
recipe = slapos.cookbook:logrotate
logrotate-binary = ${logrotate:location}/usr/sbin/logrotate
conf = ${directories:etc}/logrotate.conf
logrotate-entries = ${directories:etc}/logrotate.d
state-file = ${directories:var}/logrotate.status

[logrotate-entry]
<= logrotate
recipe = slapos.cookbook:logrotate.d
name = app-logrotate
log = ${directories:var}/app.log
frequency = daily
rotatep-num = 7
notifempty = true
create = true
`

// TestSeed is the tutorial's pair of sections, whose location is nowhere.
func TestSeed(t *testing.T) {
	b := newBuildout(t)
	program(t, b, "opt/usr/sbin/logrotate")
	program(t, b, "tools/gzip")
	program(t, b, "opt/usr/sbin/gunzip")
	b.Write("buildout.cfg", seed)
	log := b.Run()
	require.Contains(t, log, "logrotate: There is no option location: taking the logrotate on PATH, "+b.Path("opt/usr/sbin/logrotate")+".")
	require.Contains(t, log, "logrotate-entry: The option rotatep-num is taken for rotate-num.")
	require.NotContains(t, strings.Join(log, "\n"), "nused option")
	require.Equal(t, expand(b, "compresscmd D/tools/gzip\ncompressoptions -9\nuncompresscmd D/opt/usr/sbin/gunzip\ninclude D/etc/logrotate.d"), b.Read("etc/logrotate.conf"))
	require.Equal(t, expand(b, "#!/bin/sh -e\nexec D/opt/usr/sbin/logrotate -s D/var/logrotate.status D/etc/logrotate.conf \"$@\"\n"),
		strings.ReplaceAll(b.Read("bin/logrotate"), " \\\n\t", " "))
	require.Equal(t, b.Path("bin/logrotate"), b.Option("logrotate", "wrapper"))
	require.Equal(t, b.Path("opt/usr/sbin/logrotate"), b.Option("logrotate-entry", "logrotate-binary"))
	require.Equal(t, expand(b, "D/var/app.log {\ndaily\ndateext\nrotate 7\ncompress\ndelaycompress\nnotifempty\nsharedscripts\ncreate\n}"), b.Read("etc/logrotate.d/app-logrotate"))
	require.Equal(t, fs.FileMode(0o600), b.Mode("etc/logrotate.d/app-logrotate"))
	require.Equal(t, []string{"etc/logrotate.d/app-logrotate"}, b.Installed("logrotate-entry"))

	before := b.Snapshot()
	b.Run()
	require.Equal(t, before, b.Snapshot())

	b.Write("buildout.cfg", strings.Replace(seed, "parts = logrotate-entry logrotate", "parts = logrotate logrotate-entry", 1))
	b.Run()
	require.Equal(t, before["etc/logrotate.conf"], b.Snapshot()["etc/logrotate.conf"], "the order of parts makes no difference")
}

func TestLocation(t *testing.T) {
	for _, c := range []struct {
		name, program, binary, warning string
		addition                       string
	}{
		{name: "given", program: "tools/logrotate", addition: "location = /given\n", binary: "/given/usr/sbin/logrotate"},
		{name: "below usr/sbin", program: "opt/usr/sbin/logrotate", binary: "D/opt/usr/sbin/logrotate",
			warning: "logrotate: There is no option location: taking the logrotate on PATH, D/opt/usr/sbin/logrotate."},
		{name: "elsewhere on PATH", program: "tools/logrotate", binary: "D/tools/logrotate",
			warning: "logrotate: There is no /usr/sbin/logrotate: taking the logrotate on PATH, D/tools/logrotate."},
		{name: "nowhere", program: "unused", binary: "/usr/sbin/logrotate",
			warning: "logrotate: There is no option location, and no logrotate on PATH: assuming /usr/sbin/logrotate."},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBuildout(t)
			if executable(place) && (c.name == "nowhere" || c.name == "elsewhere on PATH") {
				c.binary, c.warning = place, "logrotate: There is no option location: taking "+place+"."
			}
			for _, name := range []string{c.program, "tools/gzip", "tools/gunzip"} {
				program(t, b, name)
			}
			b.Write("buildout.cfg", strings.Replace(seed, "state-file", c.addition+"state-file", 1))
			log := b.Run()
			if c.warning != "" {
				require.Contains(t, log, expand(b, c.warning))
			} else {
				require.NotContains(t, strings.Join(log, "\n"), "no option location")
			}
			require.Contains(t, b.Read("bin/logrotate"), expand(b, "exec "+c.binary+" "))
		})
	}
}

func TestReferencesToOtherOptionsStayErrors(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", strings.Replace(seed, "logrotate:location", "logrotate:lokation", 1))
	require.Contains(t, b.Fail(), "Error: Referenced option does not exist: logrotate lokation\n")
}

func TestMissingOptions(t *testing.T) {
	for _, option := range []string{"logrotate-entries", "conf", "state-file", "logrotate-binary"} {
		b := newBuildout(t)
		b.Write("buildout.cfg", without(explicit, option))
		require.Contains(t, b.Fail(), "Error: Missing option: logrotate:"+option+"\n")
	}
	for option, program := range map[string]string{"gzip-binary": "gzip", "gunzip-binary": "gunzip"} {
		b := newBuildout(t)
		b.Write("buildout.cfg", without(explicit, option))
		require.Contains(t, b.Fail(), "Error: Missing option: logrotate:"+option+"\n", program)
	}
	for _, option := range []string{"name", "log"} {
		b := newBuildout(t)
		b.Write("buildout.cfg", without(plainEntry, option))
		require.Contains(t, b.Fail(), "Error: Missing option: e:"+option+"\n")
	}
}

// without removes the line of an option.
func without(profile, option string) string {
	var kept []string
	for line := range strings.Lines(profile) {
		if !strings.HasPrefix(line, option+" =") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// TestLogrotateAccepts has the real program read what the recipes make.
func TestLogrotateAccepts(t *testing.T) {
	path, err := exec.LookPath("logrotate")
	if err != nil {
		t.Skip("logrotate is not installed (Debian's package logrotate)")
	}
	b := newBuildout(t)
	b.Environ = os.Environ()
	b.Write("buildout.cfg", seed+`
post = touch ${buildout:directory}/rotated
backup = ${buildout:directory}/backup
[buildout]
parts += full
[full]
recipe = slapos.cookbook:logrotate.d
logrotate-entries = ${logrotate:logrotate-entries}
name = full
log = ${buildout:directory}/var/a.log ${buildout:directory}/var/b.log
backup = ${buildout:directory}/backup
pre =
  echo before
  echo again
post =
frequency = weekly
rotate-num = 0
nocompress = yes
copytruncate = true
create = false
notifempty = false
[logrotate]
logrotate-binary = `+path+"\n")
	for _, name := range []string{"app", "a", "b"} {
		b.Write("var/"+name+".log", "text\n")
		require.NoError(t, os.Chmod(b.Path("var/"+name+".log"), 0o600))
	}
	b.Run()
	require.NoError(t, os.Chmod(b.Path("var"), 0o755))
	require.NoError(t, os.MkdirAll(b.Path("backup"), 0o755))
	out, err := exec.Command(b.Path("bin/logrotate"), "-d").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.NotContains(t, string(out), "error")
	require.Contains(t, string(out), "after 1 days (7 rotations)")
	require.Contains(t, string(out), "weekly (no old logs will be kept)")

	out, err = exec.Command(b.Path("bin/logrotate"), "-f").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.True(t, b.Exists("rotated"), "%s", out)
	require.Equal(t, "", b.Read("var/app.log"))
	kept, err := filepath.Glob(b.Path("backup/app.log-*"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
}
