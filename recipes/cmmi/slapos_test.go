package cmmi_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

const slapos = "slapos.recipe.cmmi"

func TestSlapos(t *testing.T) {
	b := start(t)
	b.Write("parts/p/old", "from another time")
	part(b, slapos, "url = pkg-1.tar.gz", "md5sum = "+sum(b.Read("pkg-1.tar.gz")))
	require.Equal(t, []string{
		"Installing p.",
		"p: Extracting package to D/parts/p/.build",
		"configure [--prefix=D/parts/p]",
		"make GREETING= V=",
		"make install V=",
	}, said(b, b.Run()))
	require.Equal(t, tool, b.Read("parts/p/bin/tool"))
	require.Equal(t, []string{"parts/p"}, b.Installed("p"))
	require.False(t, b.Exists("parts/p/.build"))
	require.False(t, b.Exists("parts/p/old"), "the location is wiped")
	require.Equal(t, b.Path("parts/p"), b.Option("p", "location"))
	require.Equal(t, b.Path("parts/p"), b.Option("p", "prefix"))
	require.Equal(t, b.Path("parts/p/.build"), b.Option("p", "compile-directory"))

	before := b.Snapshot()
	require.Equal(t, []string{"Updating p."}, said(b, b.Run()))
	require.Equal(t, before, b.Snapshot())

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists("parts/p"))
}

func TestSlaposFormatsCommands(t *testing.T) {
	b := start(t)
	part(b, slapos, "url = pkg-1.tar.gz", "words = two words",
		"configure-command = ./configure --prefix=%(prefix)s --100%%",
		"make-options = V=%(version)s", "version = 7",
		"make-targets = install docs",
		"pre-configure = ", "  echo pre-configure %(compile-directory)s", "  test -f tool.in",
		"pre-build = echo pre-build",
		"pre-install = echo pre-install",
		"post-install =", "  printf '<%%s>\\n' post-install %(words)r", "  cp %(location)s/bin/tool %(location)s/bin/copy")
	require.Equal(t, []string{
		"Installing p.",
		"p: Extracting package to D/parts/p/.build",
		"pre-configure D/parts/p/.build",
		"configure [--prefix=D/parts/p]",
		"configure [--100%]",
		"pre-build",
		"make GREETING= V=7",
		"pre-install",
		"make install V=7",
		"<post-install>",
		"<two words>",
	}, said(b, b.Run()))
	require.Equal(t, tool, b.Read("parts/p/bin/copy"))
}

// What is not made with autoconf is told the prefix by make install.
func TestSlaposCustomConfigure(t *testing.T) {
	b := start(t)
	f := pkg()
	f["pkg-1/Makefile"] = "all:\n\t@cp tool.in tool\ninstall:\n\t@echo prefix $(prefix)\n\t@mkdir -p $(prefix)/bin\n\t@cp tool $(prefix)/bin\n"
	b.Write("plain.tar.gz", f.tarGz(t))
	part(b, slapos, "url = plain.tar.gz", "configure-command = true")
	require.Contains(t, said(b, b.Run()), "prefix D/parts/p")
	require.True(t, b.Exists("parts/p/bin/tool"))

	for name, lines := range map[string][]string{
		"another target": {"make-targets = install all"},
		"another make":   {"make-binary = make -s"},
	} {
		part(b, slapos, append([]string{"url = plain.tar.gz", "configure-command = true", "environment = prefix=${buildout:directory}/env"}, lines...)...)
		b.Run()
		require.Contains(t, said(b, nil), "prefix D/env", name)
	}
}

func TestSlaposCommandsStopAtTheFirstFailure(t *testing.T) {
	b := start(t)
	part(b, slapos, "url = pkg-1.tar.gz", "pre-configure =", "  echo one", "  false", "  echo two")
	report := b.Fail()
	require.Equal(t, "one\n", b.Output)
	require.Equal(t, `While:
  Installing p.
Error: System error
  D/buildout.cfg:7 (p:pre-configure)
    pre-configure =
  Command failed with exit code 1: set -e;echo one
  false
  echo two
  in D/parts/p/.build/pkg-1
  the last lines it printed:
    one
`, strings.ReplaceAll(report, b.Dir, "D"))
}

func TestSlaposLocationMark(t *testing.T) {
	b := start(t)
	part(b, slapos, "url = pkg-1.tar.gz", "location = @@LOCATION@@", "prefix = @@LOCATION@@/usr", "other = -Wl,-rpath=@@LOCATION@@/lib",
		"environment =", "  GREETING=@@LOCATION@@ and @@LOCATION@@")
	b.Run()
	require.Contains(t, said(b, nil), "make GREETING=D/parts/p and D/parts/p V=")
	require.True(t, b.Exists("parts/p/usr/bin/tool"))
	require.Equal(t, "-Wl,-rpath="+b.Path("parts/p")+"/lib", b.Option("p", "other"))
	before := b.Snapshot()
	require.Equal(t, []string{"Updating p."}, b.Run())
	require.Equal(t, before, b.Snapshot())
}

func TestSlaposPrefixOfBuildout(t *testing.T) {
	b := start(t)
	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "prefix", Value: b.Path("usr")}}
	part(b, slapos, "url = pkg-1.tar.gz")
	b.Run()
	require.Equal(t, tool, b.Read("usr/bin/tool"))
	require.Equal(t, b.Path("usr"), b.Option("p", "prefix"))
	require.Equal(t, []string{"parts/p"}, b.Installed("p"))
}

func TestSlaposEnvironment(t *testing.T) {
	b := start(t)
	b.Environ = append(b.Environ, "WHO=world")
	part(b, slapos, "url = pkg-1.tar.gz", "environment =", "  GREETING =  hello %(WHO)s ", "", "  B=2%%")
	log := b.Run()
	require.Contains(t, b.Output, "make GREETING=hello world V=\n")
	require.Equal(t, []string{"p: [ENV] B = 2%", "p: [ENV] GREETING = hello world"}, log[len(log)-2:])

	b.Write("buildout.cfg", "[buildout]\nparts = p\n\n[vars]\nGREETING = section %(WHO)s\n\n[p]\nrecipe = slapos.recipe.cmmi\nurl = pkg-1.tar.gz\nenvironment = vars\n")
	b.Run()
	require.Contains(t, b.Output, "make GREETING=section world V=\n")
}

func TestSlaposErrors(t *testing.T) {
	for name, c := range map[string]struct {
		lines  []string
		report string
	}{
		"both":         {[]string{"url = x", "path = y"}, "Error: You must use either \"url\" or \"path\", not both!\n  D/buildout.cfg:7 (p:path)\n"},
		"none":         {nil, "Error: You must provide either \"url\" or \"path\".\n  D/buildout.cfg:4 (section p)\n"},
		"location":     {[]string{"url = x", "location = /opt"}, "Error: invalid 'location' value\n  D/buildout.cfg:7 (p:location)\n    location = /opt\n               ^~~~\n  found /opt\n  expected D/parts/p, or no option location\n"},
		"bool":         {[]string{"url = x", "keep-compile-dir = yes"}, "Error: Invalid value for 'keep-compile-dir' option: 'yes'\n  D/buildout.cfg:7 (p:keep-compile-dir)\n    keep-compile-dir = yes\n                       ^~~\n  expected true or false\n"},
		"shared":       {[]string{"url = x", "shared = 1"}, "Error: Invalid value for 'shared' option: '1'\n"},
		"no equals":    {[]string{"url = x", "environment =", "  A=1", "  B"}, "Error: Line 'B' in environment is incorrect\n  D/buildout.cfg:7 (p:environment)\n"},
		"repeated":     {[]string{"url = x", "environment =", "  A=1", "  A = 2"}, "Error: Key 'A' is repeated\n  D/buildout.cfg:7 (p:environment)\n"},
		"no section":   {[]string{"url = x", "environment = vars"}, "Error: The referenced section, 'vars', was not defined.\n"},
		"no option":    {[]string{"url = pkg-1.tar.gz", "pre-build = echo %(nothing)s"}, "Error: Can't expand the option pre-build: there is no 'nothing' for %(nothing)s\n  D/buildout.cfg:7 (p:pre-build)\n    pre-build = echo %(nothing)s\n                ^~~~~~~~~~~~~~~~\n"},
		"percent":      {[]string{"url = pkg-1.tar.gz", "make-options = V=`date +%Y`"}, "Error: Can't expand the option make-options: found '%Y`' where only %(name)s and %% are known\n  D/buildout.cfg:7 (p:make-options)\n"},
		"prefix":       {[]string{"url = x", "shared = true", "prefix = @@LOCATION@@x"}, "Error: When shared=true, 'prefix' can't be outside location\n  D/buildout.cfg:8 (p:prefix)\n    prefix = @@LOCATION@@x\n             ^~~~~~~~~~~~~\n  found D/parts/px\n"},
		"variable":     {[]string{"url = pkg-1.tar.gz", "environment = A=%(NO_SUCH)s"}, "Error: Can't expand the environment variable A: there is no 'NO_SUCH' for %(NO_SUCH)s\n  D/buildout.cfg:7 (p:environment)\n"},
		"checksum":     {[]string{"url = pkg-1.tar.gz", "md5sum = 0123"}, "Error: MD5 checksum mismatch for local resource at 'D/pkg-1.tar.gz'.\n  D/buildout.cfg:6 (p:url)\n"},
		"strip":        {[]string{"url = two.tar.gz", "strip-top-level-dir = true"}, "Error: Invalid package contents\n  D/buildout.cfg:7 (p:strip-top-level-dir)\n"},
		"missing path": {[]string{"path = nowhere"}, "Error: The source directory can't be used: stat D/nowhere: no such file or directory\n  D/buildout.cfg:6 (p:path)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			b.Write("two.tar.gz", files{"a": "", "b": ""}.tarGz(t))
			part(b, slapos, c.lines...)
			require.Contains(t, strings.ReplaceAll(b.Fail(), b.Dir, "D"), c.report)
			require.False(t, b.Exists("parts/p"))
		})
	}
	b := start(t)
	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "prefix", Value: "/opt"}}
	part(b, slapos, "url = x", "shared = true")
	require.Contains(t, b.Fail(), "Error: When shared=true, option 'prefix' must be set or ${buildout:prefix} can't be set\n")
	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "keep-compile-dir", Value: "maybe"}}
	part(b, slapos, "url = x")
	require.Contains(t, b.Fail(), "Error: Invalid value for 'keep-compile-dir' option: 'maybe'\n")
}

const script = `export A='it'"'"'s'
#export TMPDIR=/some/where
echo 'The environment is that of the build. Its commands are:'
echo '  ./configure --prefix="D/parts/p" --fail'
echo '  make '
echo '  make  install'
`

func TestSlaposFailure(t *testing.T) {
	b := start(t)
	b.Environ = append(b.Environ, "SAME=1")
	part(b, slapos, "url = pkg-1.tar.gz", "configure-options = --fail", "environment =", "  A=it's", "  SAME=1", "  TMPDIR=/some/where")
	log, err := b.TryRun()
	lines := said(b, log)
	require.Subset(t, lines, []string{
		`p: Command failed with exit code 3: set -e;./configure --prefix="D/parts/p" --fail`,
		"p: Compilation error. The package is left as is at D/parts/p/.build/pkg-1 where you can inspect what went wrong. " +
			"A shell script slapos.recipe.build.env.sh has been generated there: source it to have the environment of the build.",
	})
	require.Equal(t, `While:
  Installing p.
Error: System error
  D/buildout.cfg:4 (section p)
    [p]
  Command failed with exit code 3: set -e;./configure --prefix="D/parts/p" --fail
  in D/parts/p/.build/pkg-1
  the last lines it printed:
    checking for luck... no
    configure: error: no luck
`, strings.ReplaceAll(buildout.Report(err), b.Dir, "D"))
	require.Equal(t, script, strings.ReplaceAll(b.Read("parts/p/.build/pkg-1/slapos.recipe.build.env.sh"), b.Dir, "D"))
	require.Nil(t, b.Installed("p"))

	out, err := exec.Command("/bin/sh", "-c", ". "+b.Path("parts/p/.build/pkg-1/slapos.recipe.build.env.sh")+"; echo $A").Output()
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(out), "\nit's\n"), string(out))

	part(b, slapos, "url = pkg-1.tar.gz")
	b.Run()
	require.Equal(t, []string{"parts/p"}, b.Installed("p"))
	require.False(t, b.Exists("parts/p/.build"))
}

func TestSlaposKeepsCompileDirectory(t *testing.T) {
	b := start(t)
	part(b, slapos, "url = pkg-1.tar.gz", "keep-compile-dir = true", "strip-top-level-dir = true")
	require.Contains(t, b.Run(), "p: A shell script slapos.recipe.build.env.sh has been generated.")
	require.True(t, b.Exists("parts/p/.build/slapos.recipe.build.env.sh"))
	require.Equal(t, []string{"parts/p"}, b.Installed("p"))

	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "keep-compile-dir", Value: "true"}}
	part(b, slapos, "url = pkg-1.tar.gz")
	b.Run()
	require.True(t, b.Exists("parts/p/.build/pkg-1/Makefile"))
	part(b, slapos, "url = pkg-1.tar.gz", "keep-compile-dir = false")
	b.Run()
	require.False(t, b.Exists("parts/p/.build"))
}

func TestSlaposPath(t *testing.T) {
	b := start(t)
	for name, body := range pkg() {
		b.Write("src/"+strings.TrimPrefix(name, "pkg-1/"), body)
	}
	require.NoError(t, os.Chmod(b.Path("src/configure"), 0o755))
	part(b, slapos, "path = ${buildout:directory}/src")
	b.Run()
	require.Equal(t, tool, b.Read("parts/p/bin/tool"))
	require.Equal(t, b.Path("src"), b.Option("p", "compile-directory"))
	require.True(t, b.Exists("src/Makefile"))
}

func TestPromises(t *testing.T) {
	b := start(t)
	part(b, slapos, "url = pkg-1.tar.gz", "promises =", "  @@LOCATION@@/bin/tool", "  @@LOCATION@@/bin/other")
	log := b.Run()
	require.Equal(t, "p: could not find promise '"+b.Path("parts/p/bin/other")+"'", log[len(log)-1])
	require.NotContains(t, strings.Join(log, "\n"), "bin/tool'")
	require.Equal(t, []string{"parts/p"}, b.Installed("p"))
}

func TestAlternateURL(t *testing.T) {
	archive := pkg().tarGz(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/mirror/pkg-1.tar.gz" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(archive))
	}))
	defer server.Close()
	b := start(t)
	gone, mirror := server.URL+"/pkg-1.tar.gz", server.URL+"/mirror/pkg-1.tar.gz"
	part(b, slapos, "url = "+gone, "alternate-url = "+mirror, "md5sum = "+sum(archive))
	require.Contains(t, b.Run(), "p: Error downloading extends for URL "+gone+": HTTP Error 404: Not Found; trying alternate-url")
	require.Equal(t, tool, b.Read("parts/p/bin/tool"))

	part(b, slapos, "url = "+gone)
	require.Contains(t, b.Fail(), "HTTP Error 404: Not Found\n  "+b.Path("buildout.cfg")+":6 (p:url)\n")
	part(b, slapos, "url = "+mirror, "alternate-url = "+mirror, "md5sum = "+strings.Repeat("0", 32))
	require.Contains(t, b.Fail(), "Error: MD5 checksum mismatch downloading '"+mirror+"'\n  "+b.Path("buildout.cfg")+":6 (p:url)\n")
	part(b, slapos, "url = "+mirror, "offline = true")
	require.Contains(t, b.Fail(), "Error: Couldn't download '"+mirror+"' in offline mode.\n  "+b.Path("buildout.cfg")+":6 (p:url)\n")
}

func TestLongShebang(t *testing.T) {
	b := start(t)
	deep := strings.Repeat("/"+strings.Repeat("d", 40), 4)
	b.Write("interpreter", "#!/bin/sh\nprintf '[%s]' \"$@\"\necho\n")
	require.NoError(t, os.MkdirAll(b.Path(deep), 0o755))
	require.NoError(t, os.Rename(b.Path("interpreter"), b.Path(deep+"/sh")))
	require.NoError(t, os.Chmod(b.Path(deep+"/sh"), 0o755))
	f := pkg()
	f["pkg-1/plain"] = "#!" + b.Path(deep) + "/sh\n"
	f["pkg-1/option"] = "#! " + b.Path(deep) + "/sh -x  y \n"
	b.Write("shebang.tar.gz", f.tarGz(t))
	part(b, slapos, "url = shebang.tar.gz",
		"post-install = mkdir %(location)s/sbin; cp plain %(location)s/bin; cp option %(location)s/sbin; chmod 750 %(location)s/sbin/option; ln -s ../sbin/option %(location)s/bin/link")
	b.Run()
	require.Equal(t, tool, b.Read("parts/p/bin/tool"), "a short one stays")
	require.False(t, b.Exists("parts/p/bin/tool.shebang"))
	require.False(t, b.Exists("parts/p/bin/link.shebang"), "a link is not followed")
	require.EqualValues(t, 0o750, b.Mode("parts/p/sbin/option"))
	require.Equal(t, f["pkg-1/plain"], b.Read("parts/p/bin/plain.shebang"))
	for program, want := range map[string]string{
		"bin/plain":   "[D/parts/p/bin/plain.shebang][a b][c]\n",
		"sbin/option": "[-x  y][D/parts/p/sbin/option.shebang][a b][c]\n",
		"bin/link":    "[-x  y][D/parts/p/sbin/option.shebang][a b][c]\n",
	} {
		out, err := exec.Command(b.Path("parts/p/"+program), "a b", "c").CombinedOutput()
		require.NoError(t, err, string(out))
		require.Equal(t, want, strings.ReplaceAll(string(out), b.Dir, "D"), program)
	}
}
