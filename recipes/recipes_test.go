package recipes

import (
	"io/fs"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/go-buildout/go-buildout/fetch"
)

func TestNames(t *testing.T) {
	names := All().Names()
	for _, name := range []string{
		"slapos.cookbook:logrotate", "slapos.cookbook:logrotate.d", "slapos.cookbook:makedirectory", "slapos.cookbook:mkdirectory",
		"slapos.cookbook:promise.plugin", "slapos.cookbook:wrapper", "slapos.recipe.build:mkdirectory", "slapos.recipe.template",
		"slapos.recipe.template:jinja2", "slapos.recipe.cmmi", "hexagonit.recipe.cmmi", "hexagonit.recipe.download",
	} {
		require.Contains(t, names, name)
	}
	require.Equal(t, names, slices.Compact(slices.Clone(names)))
}

// TestFlaskInstance is the tutorial's instance, with its promise.
func TestFlaskInstance(t *testing.T) {
	b := recipetest.New(t, All(), &fetch.Client{})
	b.Write("buildout.cfg", `[buildout]
parts = directories flask-config flask-service flask-promise

[directories]
recipe = slapos.cookbook:makedirectory
var = ${buildout:directory}/var
etc = ${buildout:directory}/etc

[flask-config]
recipe = slapos.recipe.template:jinja2
template = inline:
  host = {{ configuration.host }}
  port = {{ configuration.port }}
rendered = ${directories:etc}/flask.cfg
mode = 600
context =
  key configuration.host instance-parameter:configuration.host
  key configuration.port instance-parameter:configuration.port

[flask-service]
recipe = slapos.cookbook:wrapper
command-line = ${buildout:parts-directory}/bin/run-flask --config=${flask-config:rendered}
wrapper-path = ${directories:etc}/run-flask

[flask-promise]
recipe = slapos.cookbook:promise.plugin
module = check_flask
output = ${directories:etc}/plugin/check_flask.py
config-host = ${instance-parameter:configuration.host}
config-port = ${instance-parameter:configuration.port}

[instance-parameter]
configuration.host = 0.0.0.0
configuration.port = 5000
`)
	b.Write("check_flask.py", "class RunPromise:\n  pass\n")
	b.Write("parts/bin/run-flask", "")
	log := b.Run()
	require.NotContains(t, strings.Join(log, "\n"), "nused option")

	require.True(t, b.Exists("var"))
	require.Equal(t, "host = 0.0.0.0\nport = 5000", b.Read("etc/flask.cfg"))
	require.Equal(t, fs.FileMode(0o600), b.Mode("etc/flask.cfg"))
	require.Equal(t, "#!/bin/sh -e\nexec "+b.Path("parts/bin/run-flask")+" --config="+b.Path("etc/flask.cfg")+" \"$@\"\n",
		strings.ReplaceAll(b.Read("etc/run-flask"), " \\\n\t", " "))
	require.Equal(t, fs.FileMode(0o700), b.Mode("etc/run-flask"))
	require.Contains(t, b.Read("etc/plugin/check_flask.py"), "\nextra_config_dict = {'host': '0.0.0.0', 'port': '5000'}\n")
	if _, err := exec.LookPath("python3"); err == nil {
		out, err := exec.Command("python3", "-B", b.Path("etc/plugin/check_flask.py")).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}

	before := b.Snapshot()
	require.Equal(t, []string{"Updating directories.", "Updating flask-config.", "Updating flask-service.", "Updating flask-promise."}, withoutNotes(b.Run()))
	require.Equal(t, before, b.Snapshot())
}

// withoutNotes leaves out what recipes say.
func withoutNotes(log []string) []string {
	return slices.DeleteFunc(log, func(m string) bool { return !strings.HasPrefix(m, "Updating ") && !strings.HasPrefix(m, "Installing ") })
}
