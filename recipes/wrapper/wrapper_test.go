package wrapper

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
)

func newBuildout(t *testing.T) *recipetest.Buildout {
	r := &buildout.Registry{}
	Register(r)
	return recipetest.New(t, r, nil)
}

// write makes a profile of one wrapper with these options.
func write(b *recipetest.Buildout, options string) {
	b.Write("buildout.cfg", "[buildout]\nparts = w\n[w]\nrecipe = slapos.cookbook:wrapper\nwrapper-path = ${buildout:directory}/wrapper\n"+options)
}

func TestPlainScripts(t *testing.T) {
	for _, c := range []struct{ name, options, want string }{
		{"command", "command-line = /bin/true a\n", "#!/bin/sh -e\nexec /bin/true a \"$@\"\n"},
		{"signal", "command-line = /bin/true a\nsig-ign = USR1\n", "#!/bin/sh -e\ntrap '' USR1\nexec /bin/true a \"$@\"\n"},
		{"environment", `command-line = sh -c "echo it's $FOO" "a b" plain 'x"y' ''` + "\nenvironment =\n  FOO = bar baz\n\n  ZED=1=2\n  EMPTY=\n",
			"#!/bin/sh -e\nexport EMPTY=''\nexport FOO='bar baz'\nexport ZED=1=2\n" +
				`exec sh -c 'echo it'"'"'s $FOO' 'a b' plain \` + "\n\t" + `'x"y' '' "$@"` + "\n"},
		{"several lines", "command-line =\n  /bin/true\n    a\n  b\n", "#!/bin/sh -e\nexec /bin/true a b \"$@\"\n"},
	} {
		b := newBuildout(t)
		write(b, c.options)
		b.Run()
		require.Equal(t, c.want, b.Read("wrapper"), c.name)
		require.Equal(t, fs.FileMode(0o700), b.Mode("wrapper"), c.name)
		require.Equal(t, []string{"wrapper"}, b.Installed("w"), c.name)
		require.Equal(t, b.Path("develop-eggs"), b.Option("w", "_d"), c.name)
		require.Contains(t, b.Option("w", "_e"), "eggs", c.name)

		before := b.Snapshot()
		require.Equal(t, []string{"Updating w."}, b.Run(), c.name)
		require.Equal(t, before, b.Snapshot(), c.name)
	}
}

func TestSeedService(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", `[buildout]
parts = app-service

[app-service]
recipe = slapos.cookbook:wrapper
command-line = /far/away/from/here/mysoftware/bin/app --config=/far/away/etc/app.conf
wrapper-path = ${buildout:directory}/etc/run_app
`)
	log := b.Run()
	require.Equal(t, "#!/bin/sh -e\nexec /far/away/from/here/mysoftware/bin/app \\\n\t--config=/far/away/etc/app.conf \"$@\"\n", b.Read("etc/run_app"))
	warning := "app-service: The command of etc/run_app does not exist: /far/away/from/here/mysoftware/bin/app"
	require.Contains(t, log, warning)
	require.Equal(t, []string{"Updating app-service.", warning}, b.Run())
}

func TestChangedOption(t *testing.T) {
	b := newBuildout(t)
	write(b, "command-line = /bin/true a\n")
	b.Run()
	write(b, "command-line = /bin/true b\n")
	require.Equal(t, []string{"Uninstalling w.", "Installing w."}, b.Run())
	require.Equal(t, "#!/bin/sh -e\nexec /bin/true b \"$@\"\n", b.Read("wrapper"))

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists("wrapper"))
}

func TestHashFiles(t *testing.T) {
	b := newBuildout(t)
	b.Write("hashed", "hello world")
	b.Write("second", "é\n")
	write(b, "command-line = /bin/true\nhash-files = ${buildout:directory}/hashed\n")
	b.Run()
	require.Equal(t, []string{"wrapper-83af3240d992b2165abbd245a3e43368"}, b.Installed("w"))
	require.False(t, b.Exists("wrapper"))
	require.Equal(t, []string{"Updating w."}, b.Run())

	b.Write("hashed", "changed")
	report := b.Fail()
	require.Contains(t, report, "Error: unstable wrapper path ('"+b.Path("wrapper-cc8dccc72814ef30cd97ecd3fb45f910")+"')\n  "+b.Path("buildout.cfg")+":5 (w:wrapper-path)\n")
	require.True(t, b.Exists("wrapper-83af3240d992b2165abbd245a3e43368"), "what is installed stays until it can be replaced")
	require.Equal(t, []string{"Uninstalling w.", "Installing w."}, b.Run())
	require.False(t, b.Exists("wrapper-83af3240d992b2165abbd245a3e43368"))
	require.Equal(t, []string{"wrapper-cc8dccc72814ef30cd97ecd3fb45f910"}, b.Installed("w"))

	write(b, "command-line = /bin/true\nhash-files = hashed\nhash-existing-files = second\n")
	b.Run()
	require.Equal(t, []string{"wrapper-924a61990949e33f4a3851249ca866ac"}, b.Installed("w"), "hash-files come first")
}

func TestHashExistingFiles(t *testing.T) {
	b := newBuildout(t)
	b.Write("existing", "hello world")
	write(b, "command-line = /bin/true\nhash-existing-files = existing\n")
	b.Run()
	require.Equal(t, []string{"wrapper-83af3240d992b2165abbd245a3e43368"}, b.Installed("w"))
	require.Equal(t, "83af3240d992b2165abbd245a3e43368", b.Option("w", "__hash_files__"))

	b.Write("existing", "changed")
	require.Equal(t, []string{"Uninstalling w.", "Installing w."}, b.Run())
	require.Equal(t, []string{"wrapper-cc8dccc72814ef30cd97ecd3fb45f910"}, b.Installed("w"))
}

func TestErrors(t *testing.T) {
	outside := t.TempDir() + "/outside"
	require.NoError(t, os.WriteFile(outside, nil, 0o600))
	const line = "command-line = /bin/true\n"
	for _, c := range []struct{ options, want string }{
		{"", "Error: Missing option: w:command-line\n"},
		{"command-line =\n", "Error: the command line is empty\n  D/buildout.cfg:6 (w:command-line)\n"},
		{"command-line = a 'b\n", "Error: No closing quotation\n  D/buildout.cfg:6 (w:command-line)\n"},
		{line + "environment = NOPE\n", "Error: Invalid value for 'environment' option: 'NOPE'\n  D/buildout.cfg:7 (w:environment)\n    environment = NOPE\n                  ^~~~\n  expected a line NAME=VALUE\n"},
		{line + "environment = a b=c\n", "Error: invalid name of a variable: 'a b'\n  D/buildout.cfg:7 (w:environment)\n"},
		{line + "hash-files = " + outside + " missing\n", "Error: hash-files must only list files that are generated by buildout:\n  D/buildout.cfg:7 (w:hash-files)\n    hash-files = " + outside + " missing\n                 ^" + strings.Repeat("~", len(outside+" missing")-1) + "\n    " + outside + "\n"},
		{line + "hash-files = missing\n", "Error: open D/missing: no such file or directory\n  D/buildout.cfg:7 (w:hash-files)\n"},
		{line + "hash-existing-files = missing\n", "Error: open D/missing: no such file or directory\n  D/buildout.cfg:7 (w:hash-existing-files)\n"},
		{line + "redirect-signal = HUP\n", "Error: redirect-signal without redirecting any output makes no sense\n  D/buildout.cfg:7 (w:redirect-signal)\n"},
		{line + "private-tmpfs = 1000\n", "Error: failed to split '1000' into size and path\n  D/buildout.cfg:7 (w:private-tmpfs)\n"},
		{line + "sig-ign = FOO\n", "Error: invalid signal value: FOO\n  D/buildout.cfg:7 (w:sig-ign)\n    sig-ign = FOO\n              ^~~\n  expected a name without SIG, such as USR1 or RTMIN+3\n"},
		{line + "sig-ign = SIGUSR1\n", "Error: invalid signal value: SIGUSR1\n"},
		{line + "sig-ign = RTMIN+31\n", "Error: invalid signal value: RTMIN+31\n"},
		{line + "sig-ign = USR1+1\n", "Error: invalid signal value: USR1+1\n"},
		{line + "sig-ign = KILL\n", "Error: invalid signal value: KILL\n  D/buildout.cfg:7 (w:sig-ign)\n    sig-ign = KILL\n              ^~~~\n  no process can ignore it\n"},
		{line + "redirect-stdout = x\nredirect-signal = FOO\n", "Error: invalid signal value: FOO\n  D/buildout.cfg:8 (w:redirect-signal)\n"},
	} {
		b := newBuildout(t)
		write(b, c.options)
		require.Contains(t, b.Fail(), strings.ReplaceAll(c.want, "D/", b.Dir+"/"))
		require.Nil(t, b.Installed("w"))
	}
}

func TestMissingPath(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", "[buildout]\nparts = w\n[w]\nrecipe = slapos.cookbook:wrapper\ncommand-line = x\n")
	require.Contains(t, b.Fail(), "Error: Missing option: w:wrapper-path\n")
}

func TestMissingPrograms(t *testing.T) {
	for option, want := range map[string]string{
		"private-tmpfs = 1M x\n": "Error: private-tmpfs needs the program unshare, which is not on PATH\n  D/buildout.cfg:9 (w:private-tmpfs)\n",
		"redirect-stdout = x\n":  "Error: redirect-stdout needs the program python3, which is not on PATH\n  D/buildout.cfg:9 (w:redirect-stdout)\n",
		"redirect-stderr = x\n":  "Error: redirect-stderr needs the program python3, which is not on PATH\n  D/buildout.cfg:9 (w:redirect-stderr)\n",
	} {
		b := newBuildout(t)
		b.Environ = []string{"PATH=" + t.TempDir()}
		b.Write("buildout.cfg", "[buildout]\nparts = w\nexecutable = ${buildout:directory}/python\n[w]\nrecipe = slapos.cookbook:wrapper\nwrapper-path = w\ncommand-line = /bin/true\n\n"+option)
		require.Contains(t, b.Fail(), strings.ReplaceAll(want, "D/", b.Dir+"/"))
	}
}

func TestSignalNames(t *testing.T) {
	require.True(t, slices.IsSorted(signals), "they are searched by halves")
	r := &recipe{}
	for value, want := range map[string]string{
		"": "", " TERM ": "TERM", "IOT": "ABRT", "RTMIN+0": "RTMIN", "RTMIN+15": "RTMIN+15", "RTMIN+16": "RTMAX-14", "RTMIN+30": "RTMAX",
	} {
		got, err := r.signal("sig-ign", value)
		require.NoError(t, err, value)
		require.Equal(t, want, got, value)
	}
}
