package template

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const parameters = "[instance-parameter]\nconfiguration.hostname = localhost\nconfiguration.port = 8080\n"

const inlineSeed = `[buildout]
parts = app-config

[app-config]
recipe = slapos.recipe.template:jinja2
template = inline:
  server {
    listen {{ configuration.port }};
    server_name {{ configuration.hostname }};
  }
rendered = ${directories:etc}/app.conf
mode = 600
`

func TestSeedInline(t *testing.T) {
	const want = "server {\nlisten 8080;\nserver_name localhost;\n}"
	check(t, inlineSeed+parameters, "etc/app.conf", want)
	check(t, inlineSeed+parameters+"[slap-parameter]\nport = 1\nhostname = h\n", "etc/app.conf", want)
	check(t, inlineSeed+"[slap-parameter]\nport = 8080\nhostname = localhost\n", "etc/app.conf", want)
	check(t, inlineSeed+"[slap-configuration]\nconfiguration.port = 8080\nconfiguration.hostname =\n[instance-parameter]\nconfiguration.port = 1\nconfiguration.hostname = localhost\n", "etc/app.conf", want)
}

func TestSeedContext(t *testing.T) {
	check(t, `[buildout]
parts = app-config
[app-config]
recipe = slapos.recipe.template:jinja2
template = ${buildout:directory}/template/app.conf.in
rendered = ${directories:etc}/app.conf
mode = 600
context =
  key configuration.hostname instance-parameter:configuration.hostname
  key configuration.port instance-parameter:configuration.port
`+parameters, "etc/app.conf", "server {\n    listen 8080;\n    server_name localhost;\n}")
}

func TestSeedTemplateFileWithoutContext(t *testing.T) {
	check(t, "[buildout]\nparts = app-config\n[app-config]\nrecipe = slapos.recipe.template:jinja2\ntemplate = template/app.conf.in\nrendered = ${directories:etc}/app.conf\nmode = 600\n"+parameters,
		"etc/app.conf", "server {\n    listen 8080;\n    server_name localhost;\n}")
}

func TestChangedParameter(t *testing.T) {
	b := check(t, inlineSeed+parameters, "etc/app.conf", "server {\nlisten 8080;\nserver_name localhost;\n}")
	b.Write("buildout.cfg", b.Read("buildout.cfg")+"configuration.port = 81\n")
	require.Contains(t, b.Run(), "Installing app-config.")
	require.Equal(t, "server {\nlisten 81;\nserver_name localhost;\n}", b.Read("etc/app.conf"))
}

func TestConfigurationIsLeftAlone(t *testing.T) {
	// A template that can do without depends on no parameters.
	b := newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+"output = out\ninline = {{ configuration is defined }}\n"+parameters)
	b.Run()
	require.Equal(t, "False", b.Read("out"))

	b = newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+"output = out\ninline = {{ configuration }}\ncontext = raw configuration mine\n"+parameters)
	b.Run()
	require.Equal(t, "mine", b.Read("out"))

	b = newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+"output = out\ninline = {{ configuration.x }}\n[instance-parameter]\nother = 1\n")
	require.Contains(t, b.Fail(), "Error: t: inline:1: 'configuration' is undefined\n")
}

func TestContextIsNotChangedByLooking(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+"output = out\nextensions = jinja2.ext.do\ninline = {% do l.append(1) %}{{ l }} {{ configuration.port }}\ncontext = json l []\n"+parameters)
	b.Run()
	require.Equal(t, "[1] 8080", b.Read("out"))
}

func FuzzContext(f *testing.F) {
	f.Add("raw a b\n\n key  configuration.port  s:o ")
	f.Add("raw a.b 1\nraw a.b.c 2\nraw a 3\nraw . 4\nraw")
	f.Add("x " + strings.Repeat(".", 1000) + " y")
	f.Fuzz(func(t *testing.T, text string) {
		list, incomplete := parseEntries(text)
		if incomplete != "" {
			require.Contains(t, text, incomplete)
			return
		}
		vars := map[string]any{}
		var names []string
		for _, e := range list {
			require.NotEmpty(t, e.kind)
			require.NotEmpty(t, e.name)
			require.NotEmpty(t, e.expression)
			vars[e.name] = e.expression
			names = append(names, e.name)
		}
		given := maps.Clone(vars)
		nest(vars, names)
		for name, value := range given {
			require.Equal(t, value, vars[name])
		}
	})
}

func TestNest(t *testing.T) {
	vars := map[string]any{"a.b": 1, "a.c.d": 2, "a.c.d.e": 3, "x": 4, "x.y": 5, "b.c.d": 6, "b.c": 7, ".": 8}
	nest(vars, []string{"a.b", "a.c.d", "a.c.d.e", "x", "x.y", "b.c.d", "b.c", "."})
	require.Equal(t, map[string]any{
		"a.b": 1, "a.c.d": 2, "a.c.d.e": 3, "x": 4, "x.y": 5, "b.c.d": 6, "b.c": 7, ".": 8,
		"a": map[string]any{"b": 1, "c": map[string]any{"d": 2}},
		"b": map[string]any{"c": map[string]any{"d": 6}},
		"":  map[string]any{"": 8},
	}, vars)
}
