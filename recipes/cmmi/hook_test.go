package cmmi_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

const hooks = `import os

def three(options, buildout, environment):
    print('three', options['location'], buildout['buildout']['directory'], environment['GREETING'], os.getcwd())
    assert buildout['p'] is options

def two(options, buildout):
    with open('two', 'w') as f:
        f.write(options.get('missing', 'default'))
    print('two', os.path.basename(__file__))

def wrong(options, buildout, environment):
    return len(5)
`

func TestPythonHooks(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("this test needs python3")
	}
	for name, recipe := range map[string]string{"hexagonit": hexagonit, "slapos": slapos} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			b.Write("hooks.py", hooks)
			b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "executable", Value: "/nowhere/python"}}
			part(b, recipe, "url = pkg-1.tar.gz", "environment = GREETING=hi", "pre-configure-hook = ${buildout:directory}/hooks.py#"+sum(hooks)+":three",
				"pre-make-hook = hooks.py : two", "post-make-hook =", "  hooks.py:two")
			log := b.Run()
			require.Subset(t, log, []string{"p: Executing pre-configure-hook", "p: Executing pre-make-hook", "p: Executing post-make-hook"})
			compile := map[string]string{hexagonit: "D/parts/p__compile__/pkg-1", slapos: "D/parts/p/.build/pkg-1"}[recipe]
			require.Equal(t, []string{
				"three D/parts/p D hi " + compile,
				"configure [--prefix=D/parts/p]",
				"two hooks.py",
				"make GREETING=hi V=",
				"make install V=",
				"two hooks.py",
			}, said(b, nil))
			require.False(t, b.Exists("__pycache__"))

			part(b, recipe, "url = pkg-1.tar.gz", "pre-make-hook = hooks.py:wrong")
			log, err := b.TryRun()
			require.Contains(t, strings.ReplaceAll(strings.Join(log, "\n"), b.Dir, "D"), "p: Compilation error. The package is left as is at "+compile)
			report := buildout.Report(err)
			require.Contains(t, report, "Error: System error\n  "+b.Path("buildout.cfg")+":7 (p:pre-make-hook)\n    pre-make-hook = hooks.py:wrong\n                    ^~~~~~~~~~~~~~\n  Command failed with exit code 1: ")
			require.Contains(t, report, " hooks.py:wrong\n")
			require.Contains(t, report, "TypeError: object of type 'int' has no len()")
			require.NotContains(t, report, "importlib.util", "the program that calls it is not shown")

			part(b, recipe, "url = pkg-1.tar.gz", "pre-make-hook = hooks.py#"+strings.Repeat("0", 32)+":two")
			require.Contains(t, b.Fail(), "MD5 checksum mismatch for local resource at '"+b.Path("hooks.py")+"'.\n  "+b.Path("buildout.cfg")+":7 (p:pre-make-hook)\n")
		})
	}
}

func TestPythonHookWithoutPython(t *testing.T) {
	b := start(t)
	b.Write("hooks.py", hooks)
	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "executable", Value: "/nowhere/python"}}
	b.Environ = []string{"PATH=/nowhere"}
	part(b, slapos, "url = pkg-1.tar.gz", "pre-configure-hook = hooks.py:three")
	require.Equal(t, `While:
  Installing p.
Error: The option pre-configure-hook needs Python, and there is none.
  D/buildout.cfg:7 (p:pre-configure-hook)
    pre-configure-hook = hooks.py:three
                         ^~~~~~~~~~~~~~
  expected an interpreter at ${buildout:executable}, or python3 on the PATH
`, strings.ReplaceAll(b.Fail(), b.Dir, "D"))
}

// The interpreter that the buildout names comes before any on the PATH.
func TestPythonOfTheBuildout(t *testing.T) {
	b := start(t)
	b.Write("hooks.py", hooks)
	b.Write("python", "#!/bin/sh\necho chosen\n")
	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "executable", Value: b.Path("python")}}
	part(b, slapos, "url = pkg-1.tar.gz", "pre-configure = chmod +x "+b.Path("python"), "pre-make-hook = hooks.py:three")
	b.Run()
	require.Contains(t, b.Output, "\nchosen\n")
}
