package cmmi_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

const hexagonit = "hexagonit.recipe.cmmi"

func TestHexagonit(t *testing.T) {
	b := start(t)
	part(b, hexagonit, "url = pkg-1.tar.gz", "md5sum = "+sum(b.Read("pkg-1.tar.gz")))
	require.Equal(t, []string{
		"Installing p.",
		"p: Extracting package to D/parts/p__compile__",
		"configure [--prefix=D/parts/p]",
		"make GREETING= V=",
		"make install V=",
	}, said(b, b.Run()))
	require.Equal(t, tool, b.Read("parts/p/bin/tool"))
	require.Equal(t, []string{"parts/p"}, b.Installed("p"))
	require.False(t, b.Exists("parts/p__compile__"))
	for option, value := range map[string]string{
		"location": b.Path("parts/p"), "prefix": b.Path("parts/p"), "path": "", "url": "pkg-1.tar.gz",
		"compile-directory": b.Path("parts/p__compile__"),
	} {
		require.Equal(t, value, b.Option("p", option), option)
	}

	before := b.Snapshot()
	require.Equal(t, []string{"Updating p."}, said(b, b.Run()))
	require.Equal(t, before, b.Snapshot())

	part(b, hexagonit, "url = pkg-1.tar.gz", "configure-options = --with-x")
	require.Equal(t, []string{
		"Uninstalling p.", "Installing p.",
		"p: Extracting package to D/parts/p__compile__",
		"configure [--prefix=D/parts/p]",
		"configure [--with-x]",
		"make GREETING= V=",
		"make install V=",
	}, said(b, b.Run()))

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists("parts/p"))
}

func TestHexagonitPrefix(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		out   []string
		tool  string
	}{
		"given": {
			[]string{"prefix = ${buildout:directory}/usr"},
			[]string{"configure [--prefix=D/usr]", "make GREETING= V=", "make install V="}, "usr/bin/tool"},
		"among the options": {
			[]string{"configure-options =", "  --a='x y'", `  --prefix="${buildout:directory}/mine"`},
			[]string{"configure [--a=x y]", "configure [--prefix=D/mine]", "make GREETING= V=", "make install V="}, "mine/bin/tool"},
		"a custom command has none": {
			[]string{`configure-command = sh ./configure --prefix=$PWD/../../here`},
			[]string{"configure [--prefix=D/parts/p__compile__/pkg-1/../../here]", "make GREETING= V=", "make install V="}, "parts/here/bin/tool"},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			part(b, hexagonit, append([]string{"url = pkg-1.tar.gz"}, c.lines...)...)
			require.Equal(t, c.out, said(b, b.Run())[2:])
			require.True(t, b.Exists(c.tool))
			require.Equal(t, []string{"parts/p"}, b.Installed("p"))
		})
	}
}

func TestHexagonitMake(t *testing.T) {
	b := start(t)
	b.Write("mymake", "#!/bin/sh\necho \"mymake $#: $*\"\nexec make \"$@\"\n")
	require.NoError(t, os.Chmod(b.Path("mymake"), 0o755))
	part(b, hexagonit, "url = pkg-1.tar.gz", "make-binary = ${buildout:directory}/mymake", "make-options =", "  V=1", "  --no-print-directory",
		"make-targets =", "  install", "  docs")
	require.Equal(t, []string{
		"mymake 2: V=1 --no-print-directory", "make GREETING= V=1",
		"mymake 4: V=1 --no-print-directory install docs", "make install V=1",
	}, said(b, b.Run())[3:])
	require.Equal(t, "docs\n", b.Read("parts/p/docs"))
}

func TestHexagonitEnvironment(t *testing.T) {
	b := start(t)
	b.Environ = append(b.Environ, "WHO=world")
	b.Write("buildout.cfg", `[buildout]
parts = p

[vars]
GREETING = from the section
OTHER = 100%%

[p]
recipe = hexagonit.recipe.cmmi
url = pkg-1.tar.gz
environment-section = vars
environment =
  GREETING = hello  %(WHO)s
  PATH=/opt/none:%(PATH)s
`)
	log := b.Run()
	require.Subset(t, log, []string{"p: [ENV] GREETING =  hello  world", "p: [ENV] OTHER = 100%"})
	require.Contains(t, b.Output, "make GREETING= hello  world V=\n")
	require.True(t, strings.HasPrefix(log[len(log)-2], "p: [ENV] PATH = /opt/none:"), log)

	part(b, hexagonit, "url = pkg-1.tar.gz", "environment-section = missing")
	b.Run()
	require.Contains(t, b.Output, "make GREETING= V=\n", "a section that is missing is no error")
}

func TestHexagonitErrors(t *testing.T) {
	for name, c := range map[string]struct {
		lines  []string
		report string
	}{
		"both":          {[]string{"url = x", "path = y"}, "Error: You must use either \"url\" or \"path\", not both!\n  D/buildout.cfg:7 (p:path)\n    path = y\n           ^\n"},
		"none":          {[]string{"url ="}, "Error: You must provide either \"url\" or \"path\".\n  D/buildout.cfg:4 (section p)\n    [p]\n"},
		"no assignment": {[]string{"url = x", "environment = BAD"}, "Error: Invalid environment variable definition: BAD\n  D/buildout.cfg:7 (p:environment)\n    environment = BAD\n                  ^~~\n  expected NAME=VALUE\n"},
		"no name":       {[]string{"url = x", "environment = =BAD"}, "Error: Invalid environment variable: \"\"\n  D/buildout.cfg:7 (p:environment)\n    environment = =BAD\n                  ^~~~\n  found the value \"BAD\"\n"},
		"unknown variable": {[]string{"url = x", "environment = A=%(NO_SUCH_VARIABLE)s"},
			"Error: Can't expand the environment variable A: there is no 'NO_SUCH_VARIABLE' for %(NO_SUCH_VARIABLE)s\n  D/buildout.cfg:7 (p:environment)\n    environment = A=%(NO_SUCH_VARIABLE)s\n                  ^~~~~~~~~~~~~~~~~~~~~~\n  in %(NO_SUCH_VARIABLE)s\n"},
		"missing path": {[]string{"path = nowhere"}, "Error: The source directory can't be used: stat D/nowhere: no such file or directory\n  D/buildout.cfg:6 (p:path)\n    path = nowhere\n           ^~~~~~~\n"},
		"path is file": {[]string{"path = pkg-1.tar.gz"}, "Error: The source directory is not a directory: pkg-1.tar.gz\n  D/buildout.cfg:6 (p:path)\n    path = pkg-1.tar.gz\n           ^~~~~~~~~~~~\n"},
		"no archive":   {[]string{"url = buildout.cfg"}, "Error: Package extraction error\n  D/buildout.cfg:6 (p:url)\n"},
		"missing hook": {[]string{"url = pkg-1.tar.gz", "pre-make-hook = hook.py"}, "Error: The hook doesn't say which function to call.\n  D/buildout.cfg:7 (p:pre-make-hook)\n    pre-make-hook = hook.py\n                    ^~~~~~~\n  found hook.py\n  expected FILE.py:FUNCTION\n"},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			part(b, hexagonit, c.lines...)
			require.Contains(t, strings.ReplaceAll(b.Fail(), b.Dir, "D"), c.report)
			if name == "no archive" {
				require.False(t, b.Exists("parts/p__compile__"))
			}
		})
	}
}

func TestHexagonitFailure(t *testing.T) {
	b := start(t)
	profile := func(options string) {
		b.Write("buildout.cfg", "[buildout]\nparts = first p\n\n[first]\nrecipe = hexagonit.recipe.cmmi\nurl = pkg-1.tar.gz\n\n"+
			"[p]\nrecipe = hexagonit.recipe.cmmi\nurl = pkg-1.tar.gz\n"+options)
	}
	profile("configure-command = ./configure\nconfigure-options = --fail\n")
	log, err := b.TryRun()
	lines := said(b, log)
	require.Subset(t, lines, []string{
		"p: Command failed with exit code 3: ./configure --fail",
		"p: Compilation error. The package is left as is at D/parts/p__compile__/pkg-1 where you can inspect what went wrong",
	})
	require.Equal(t, `While:
  Installing p.
Error: System error
  D/buildout.cfg:11 (p:configure-command)
    configure-command = ./configure
                        ^~~~~~~~~~~
  Command failed with exit code 3: ./configure --fail
  in D/parts/p__compile__/pkg-1
  the last lines it printed:
    checking for luck... no
    configure: error: no luck
`, strings.ReplaceAll(buildout.Report(err), b.Dir, "D"))
	var failure *buildout.CommandError
	require.ErrorAs(t, err, &failure)
	require.Equal(t, 3, failure.Code)
	require.True(t, b.Exists("parts/p__compile__/pkg-1/tool.in"))
	require.True(t, b.Exists("parts/p"))
	require.Nil(t, b.Installed("p"))
	require.Equal(t, []string{"parts/first"}, b.Installed("first"))
	require.Equal(t, tool, b.Read("parts/first/bin/tool"))

	before := b.Snapshot()
	profile("")
	log = b.Run()
	require.Contains(t, said(b, log), "p: Removing already existing directory D/parts/p__compile__")
	require.Equal(t, tool, b.Read("parts/p/bin/tool"))
	require.False(t, b.Exists("parts/p__compile__"))
	require.Equal(t, before["parts/first/bin/tool"], b.Snapshot()["parts/first/bin/tool"])

	profile("make-targets = no-such-target\n")
	report := b.Fail()
	require.Contains(t, report, "Error: System error\n  "+b.Path("buildout.cfg")+":11 (p:make-targets)\n")
	require.Contains(t, report, "no-such-target")

	profile("configure-command = kill -9 $$\n")
	log, _ = b.TryRun()
	require.Contains(t, said(b, log), "p: Command received signal 9: kill -9 $$ ")
}

func TestHexagonitPath(t *testing.T) {
	b := start(t)
	for name, body := range pkg() {
		b.Write("src/"+name, body)
	}
	require.NoError(t, os.Chmod(b.Path("src/pkg-1/configure"), 0o755))
	part(b, hexagonit, "path = src", "keep-compile-dir = true")
	require.Contains(t, said(b, b.Run()), "p: Using local source directory: src")
	require.Equal(t, tool, b.Read("parts/p/bin/tool"))
	require.Equal(t, []string{"parts/p"}, b.Installed("p"), "the source is not the part's")
	require.Equal(t, "src", b.Option("p", "compile-directory"))
	require.True(t, b.Exists("src/pkg-1/Makefile"))
}

func TestHexagonitKeepsCompileDirectory(t *testing.T) {
	b := start(t)
	part(b, hexagonit, "url = pkg-1.tar.gz", "keep-compile-dir = on", "strip-top-level-dir = true", "excludes = *.none")
	b.Run()
	require.Equal(t, []string{"parts/p__compile__", "parts/p"}, b.Installed("p"))
	require.True(t, b.Exists("parts/p__compile__/Makefile"), "built without the folder of the archive")
	part(b, hexagonit, "url = pkg-1.tar.gz")
	b.Run()
	require.False(t, b.Exists("parts/p__compile__"))
}

func TestHexagonitReusesLocation(t *testing.T) {
	b := start(t)
	b.Write("parts/p/mine", "mine")
	part(b, hexagonit, "url = pkg-1.tar.gz", "location = elsewhere")
	b.Run()
	require.Equal(t, "mine", b.Read("parts/p/mine"))
	require.Equal(t, b.Path("parts/p"), b.Option("p", "location"))
}

const patchText = `--- tool.in
+++ tool.in
@@ -1,2 +1,2 @@
 #!/bin/sh
-echo tool
+echo patched
`

func TestPatches(t *testing.T) {
	second := strings.NewReplacer("-echo tool", "-echo patched", "+echo patched", "+echo again", "--- tool", "--- a/tool", "+++ tool", "+++ b/tool").Replace(patchText)
	for name, recipe := range map[string]string{"hexagonit": hexagonit, "slapos": slapos} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			b.Write("patches/1 st.patch", patchText)
			require.NoError(t, os.Rename(b.Path("patches"), b.Path("my patches")))
			b.Write("2.patch", patchText)
			part(b, recipe, "url = pkg-1.tar.gz", "patches = 2.patch#"+sum(patchText))
			require.Contains(t, b.Run(), "p: Applying patches")
			require.Equal(t, "#!/bin/sh\necho patched\n", b.Read("parts/p/bin/tool"))

			b.Write("3.patch", strings.ReplaceAll(strings.ReplaceAll(second, "a/tool", "tool"), "b/tool", "tool"))
			part(b, recipe, "url = pkg-1.tar.gz", "patches =", "  ${buildout:directory}/2.patch", "  3.patch")
			b.Run()
			require.Equal(t, "#!/bin/sh\necho again\n", b.Read("parts/p/bin/tool"))

			p1 := strings.NewReplacer("--- tool", "--- a/tool", "+++ tool", "+++ b/tool").Replace(patchText)
			b.Write("p1.patch", p1)
			part(b, recipe, "url = pkg-1.tar.gz", "patch-options = -p1 -s", "patches = p1.patch")
			b.Run()
			require.Equal(t, "#!/bin/sh\necho patched\n", b.Read("parts/p/bin/tool"))

			part(b, recipe, "url = pkg-1.tar.gz", "patches = 2.patch#"+strings.Repeat("0", 32))
			require.Contains(t, b.Fail(), "Error: MD5 checksum mismatch for local resource at '"+b.Path("2.patch")+"'.\n  "+b.Path("buildout.cfg")+":7 (p:patches)\n")

			part(b, recipe, "url = pkg-1.tar.gz", "patches = 3.patch")
			report := b.Fail()
			require.Contains(t, report, "Error: System error\n  "+b.Path("buildout.cfg")+":7 (p:patches)\n")
			require.Contains(t, report, "patch -p0 < "+b.Path("3.patch")+"\n")
			require.Contains(t, report, "FAILED")
		})
	}
}

// A package of C, as small as they get.
func TestCompiler(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("this test needs a C compiler")
	}
	b := start(t)
	c := files{
		"hello-2/configure": "#!/bin/sh\nfor a; do case $a in --prefix=*) echo \"PREFIX=${a#*=}\" > config.mk;; esac; done\n",
		"hello-2/Makefile": "include config.mk\nhello: hello.c\n\t$(CC) $(CFLAGS) -o $@ $<\ninstall: hello\n" +
			"\tmkdir -p $(PREFIX)/bin\n\tcp hello $(PREFIX)/bin\n",
		"hello-2/hello.c": "#include <stdio.h>\nint main(void) { puts(GREETING); return 0; }\n",
	}
	b.Write("hello-2.tar.gz", c.tarGz(t))
	part(b, slapos, "url = hello-2.tar.gz", "environment =", `  CFLAGS=-DGREETING='"hello, world"'`)
	b.Run()
	out, err := exec.Command(filepath.Join(b.Dir, "parts/p/bin/hello")).Output()
	require.NoError(t, err)
	require.Equal(t, "hello, world\n", string(out))
}
