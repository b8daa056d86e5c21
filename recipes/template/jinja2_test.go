package template

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout/recipetest"
)

const jinjaPart = "[buildout]\nparts = t\n[t]\nrecipe = slapos.recipe.template:jinja2\n"

// TestReadme is upstream's example.
func TestReadme(t *testing.T) {
	b := newBuildout(t)
	b.Write("foo.in", `{{bar}}
Knights who say "{{knight}}"
${this:is_literal}
${foo:{{bar}}}
{{ json_module.dumps(("african", "european")) }}
{{ param_dict | dictsort }}
{{recipe}}
{{ words | join(", ") }} {{ later }}
`)
	b.Write("buildout.cfg", `[buildout]
parts = template

[template]
recipe = slapos.recipe.template:jinja2
url = foo.in
output = foo
context =
    key     bar          section:key
    key     recipe       :recipe
    raw     knight       Ni !
    json    words        ["Peng", "Neee-wom"]
    jsonkey later        section:later-words

    import  json_module  json
    section param_dict   parameter-collection

[parameter-collection]
foo = 1
bar = bar

[section]
key = value
later-words = "Ekke"
`)
	b.Run()
	require.Equal(t, `value
Knights who say "Ni !"
${this:is_literal}
${foo:value}
["african", "european"]
[('bar', 'bar'), ('foo', '1')]
slapos.recipe.template:jinja2
Peng, Neee-wom Ekke`, b.Read("foo"))
	require.Equal(t, masked(t, 0o666), b.Mode("foo"))
	require.Equal(t, []string{"foo"}, b.Installed("template"))
	require.Equal(t, "foo", b.Option("template", "rendered"))
	unchanged(t, b)
}

func TestUpdate(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "1")
	b.Write("buildout.cfg", jinjaPart+"url = in\noutput = out\n")
	b.Run()
	b.Write("in", "2")
	require.Equal(t, []string{"Updating t."}, b.Run())
	require.Equal(t, "2", b.Read("out"))

	b.Write("imported", "{% macro m() %}1{% endmacro %}")
	profile := jinjaPart + "inline = {% import 'i' as i %}{{ i.m() }}\noutput = out\nimport-list = rawfile i imported\n"
	b.Write("buildout.cfg", profile)
	b.Run()
	b.Write("imported", "{% macro m() %}2{% endmacro %}")
	b.Run()
	require.Equal(t, "1", b.Read("out"), "an inline template is not rendered again")
	b.Write("buildout.cfg", profile+"update = true\n")
	b.Run()
	b.Write("imported", "{% macro m() %}3{% endmacro %}")
	b.Run()
	require.Equal(t, "3", b.Read("out"))
	unchanged(t, b)
}

// TestTemplateOfAnotherPart is read only when that part is installed.
func TestTemplateOfAnotherPart(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+`url = ${first:output}
output = out
[first]
recipe = slapos.recipe.template
inline = {{ 1 + 1 }}
output = first.in
`)
	b.Run()
	require.Equal(t, "2", b.Read("out"))
}

func TestTypes(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+`output = out
inline = {{ d.l[1] + 1 }} {{ raw }}| {{ s.d is mapping }} {{ dumps(d) }} {{ keys | join(',') }}
context =
  key d s:d
  raw   raw  a  b
  section s s
  json keys ["z", "a"]
[s]
d = !py!{'l': [1, 2]}
plain = x
`)
	b.Run()
	require.Equal(t, "3 a  b| True !py!{'l': [1, 2]} z,a", b.Read("out"))
}

func TestExtensions(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+"output = out\nextensions = jinja2.ext.do jinja2.ext.loopcontrols\n  jinja2.ext.with_\ninline = {% set l = ['foo'] %}{% do l.append('x') %}{% for i in l %}{{ i }}{% break %}{% endfor %}\n")
	b.Run()
	require.Equal(t, "foo", b.Read("out"))
}

func TestDependency(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+"output = out\ninline = {{ x }}\ncontext = key x other:rendered\n[other]\nrecipe = slapos.recipe.template:jinja2\ninline = y\noutput = other\n")
	log := b.Run()
	require.Equal(t, []string{"Installing other.", "Installing t."}, log[len(log)-2:])
	require.Equal(t, "other", b.Read("out"))
}

func TestSections(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+"output = out\ninline = {{ s.items() | list }} {{ s['a-b'] }}\ncontext = section s s\n[s]\nz = 1\na-b = ${:z}\n")
	b.Run()
	require.Equal(t, "[('z', '1'), ('a-b', '1')] 1", b.Read("out"))
}

func TestImports(t *testing.T) {
	b := newBuildout(t)
	b.Write("lib/one", "{% set v = 'one' %}")
	b.Write("lib/sub/two", "{% set v = 'two' %}")
	b.Write("three", "{% set v = 'three ' ~ word %}")
	b.Write("buildout.cfg", jinjaPart+`output = out
inline =
  {% import 'one' as one %}{% import 'lib/sub/two' as two %}{% import 'three' as three with context -%}
  {% include 'folder/one' %}{{ one.v }} {{ two.v }} {{ three.v }}
context = raw word w
import-list =
  rawfile one ${buildout:directory}/lib/one

  rawfolder lib lib
  file three s:three
  folder folder s:folder
[s]
three = three
folder = ${buildout:directory}/lib
`)
	b.Run()
	require.Equal(t, "one two three w", b.Read("out"))

	b.Write("buildout.cfg", jinjaPart+"output = out\ninline = {% import 'l:sub:two' as x %}{{ x.v }}\nimport-delimiter = :\nimport-list = rawfolder l lib\n")
	b.Run()
	require.Equal(t, "two", b.Read("out"))

	for _, name := range []string{"l/../three", "l/nowhere", "nowhere", "lib/one"} {
		b.Write("buildout.cfg", jinjaPart+"output = out\ninline = {% import '"+name+"' as x %}\nimport-list = rawfolder l lib\n")
		require.Contains(t, b.Fail(), "Error: t: inline:1: "+name+"\n")
	}
}

func TestEncoding(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "\xe9 {{ x }}")
	b.Write("buildout.cfg", jinjaPart+"output = out\nurl = in\nencoding = latin-1\ncontext = raw x ü\n")
	b.Run()
	require.Equal(t, "\xe9 \xfc", b.Read("out"))

	b.Write("buildout.cfg", jinjaPart+"output = out\nurl = in\nencoding = latin-1\ncontext = raw x €\n")
	require.Contains(t, b.Fail(), "Error: t: in: 'latin-1' codec can't encode character '\\u20ac' in position 2: ordinal not in range(256)\n")
	b.Write("buildout.cfg", jinjaPart+"output = out\nurl = in\n")
	require.Contains(t, b.Fail(), "Error: t: in: 'utf-8' codec can't decode byte 0xe9 in position 0: invalid continuation byte\n")
}

func TestOnce(t *testing.T) {
	b := newBuildout(t)
	profile := jinjaPart + "url = in\noutput = out\nonce = done/marker\nmode = 640\nvalue = "
	b.Write("in", "1")
	b.Write("buildout.cfg", profile+"1\n")
	b.Run()
	require.Equal(t, "1", b.Read("out"))
	require.Equal(t, fs.FileMode(0o640), b.Mode("out"))
	require.True(t, b.Exists("done/marker"))
	require.Empty(t, b.Installed("t"))

	b.Write("in", "2 {{ undefined }}")
	unchanged(t, b)
	b.Write("buildout.cfg", profile+"2\n")
	require.Contains(t, b.Run(), "Installing t.")
	require.Equal(t, "1", b.Read("out"))

	require.NoError(t, os.Remove(b.Path("done/marker")))
	b.Write("in", "3")
	b.Run()
	require.Equal(t, "3", b.Read("out"))

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.Equal(t, "3", b.Read("out"), "it stays")
}

func TestOnceMarkedByTheOutput(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", jinjaPart+"inline = 1\noutput = out\nonce = ${:output}\n")
	b.Run()
	require.Equal(t, "1", b.Read("out"))
	b.Write("buildout.cfg", jinjaPart+"inline = 2\noutput = out\nonce = ${:output}\n")
	b.Run()
	require.Equal(t, "1", b.Read("out"))
}

func TestOnceIsUndoneByAFailure(t *testing.T) {
	b := newBuildout(t)
	b.Write("taken", "")
	b.Write("out", "before")
	b.Write("buildout.cfg", jinjaPart+"inline = 1\noutput = out\nonce = taken/marker\n")
	require.Contains(t, b.Fail(), "(t:once)")
	require.Equal(t, "before", b.Read("out"))
	b.Write("buildout.cfg", jinjaPart+"inline = 1\noutput = new/out\nonce = taken/marker\n")
	b.Fail()
	require.False(t, b.Exists("new"))
}

func TestDeprecatedNames(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "file {{ 1 }}\n\n")
	b.Write("buildout.cfg", "[buildout]\nparts = file text\n[file]\nrecipe = slapos.recipe.template:jinja2\ntemplate = in\nrendered = ${buildout:directory}/a\n"+
		"[text]\nrecipe = slapos.recipe.template:jinja2\ntemplate = inline:\n  {{ 2 }}\n    x\n\n  y\nrendered = ${file:output}2\n")
	b.Run()
	require.Equal(t, "file 1\n", b.Read("a"))
	require.Equal(t, "2\nx\ny", b.Read("a2"), "the profile's parser drops the indentation")
	require.Equal(t, b.Path("a"), b.Option("file", "output"))
	unchanged(t, b)
}

func TestJinja2Errors(t *testing.T) {
	for _, c := range []struct{ options, want string }{
		{"output = o\n", "Error: Missing option: t:url\n"},
		{"inline = x\n", "Error: Missing option: t:output\n"},
		{"inline = x\noutput =\n", "Error: the option output is empty\n"},
		{"inline = x\nurl = y\noutput = o\n", "Error: options 'inline' & 'url' conflict\n"},
		{"template = x\nurl = y\noutput = o\n", "Error: options 'url' & 'template' conflict\n  D/buildout.cfg:5 (t:template)\n"},
		{"template = inline:x\ninline = y\noutput = o\n", "Error: options 'inline' & 'template' conflict\n"},
		{"template = inline:x\nmd5sum = y\noutput = o\n", "Error: options 'template' & 'md5sum' conflict\n"},
		{"inline = x\nrendered = p\noutput = o\n", "Error: options 'output' & 'rendered' conflict\n  D/buildout.cfg:6 (t:rendered)\n"},
		{"inline = x\noutput = o\nencoding = martian\n", "Error: unknown encoding: martian\n  D/buildout.cfg:7 (t:encoding)\n"},
		{"inline = x\noutput = o\nupdate = yes\n", "Error: Invalid value for 'update' option: 'yes'\n"},
		{"inline = x\noutput = o\nextensions = my.ext\n", "(t:extensions)\n"},
		{"inline = x\noutput = o\nimport-delimiter =\nimport-list = rawfile a b\n", "Error: the option import-delimiter is empty\n"},
		{"inline = x\noutput = o\nimport-list = raw a b\n", "Error: unknown type of import-list entry 'a': 'raw'\n  D/buildout.cfg:7 (t:import-list)\n    import-list = raw a b\n                  ^~~~~~~\n  expected rawfile, file, rawfolder or folder\n"},
		{"inline = x\noutput = o\nimport-list =\n  rawfile a b\n  rawfolder a b\n", "Error: Duplicate import-list entry 'a'\n"},
		{"inline = x\noutput = o\nimport-list = file a nope:b\n", "Error: The referenced section, 'nope', was not defined.\n"},
		{"inline = x\noutput = o\ncontext = raw x\n", "Error: incomplete line in context: 'raw x'\n  D/buildout.cfg:7 (t:context)\n    context = raw x\n              ^~~~~\n  expected TYPE NAME EXPRESSION\n"},
		{"inline = x\noutput = o\ncontext = rawfile x y\n", "Error: unknown type of context entry 'x': 'rawfile'\n  D/buildout.cfg:7 (t:context)\n    context = rawfile x y\n              ^~~~~~~~~~~\n  expected raw, key, section, json, jsonkey or import\n"},
		{"inline = x\noutput = o\ncontext =\n  raw x y\n  raw x z\n", "Error: Duplicate context entry 'x'\n"},
		{"inline = x\noutput = o\ncontext = raw list y\n", "Error: Duplicate context entry 'list'\n"},
		{"inline = x\noutput = o\ncontext = raw dumps y\n", "Error: Duplicate context entry 'dumps'\n"},
		{"inline = x\noutput = o\ncontext = key x a:b:c\n", "Error: invalid expression for 'x': 'a:b:c'\n  D/buildout.cfg:7 (t:context)\n    context = key x a:b:c\n              ^~~~~~~~~~~\n  expected SECTION:OPTION\n"},
		{"inline = x\noutput = o\ncontext = key x a\n", "Error: invalid expression for 'x': 'a'\n"},
		{"inline = x\noutput = o\ncontext = key x buildout:nope\n", "Error: Missing option: buildout:nope\n"},
		{"inline = x\noutput = o\ncontext = key x nope:a\n", "Error: The referenced section, 'nope', was not defined.\n"},
		{"inline = x\noutput = o\ncontext = section x nope\n", "Error: The referenced section, 'nope', was not defined.\n"},
		{"inline = x\noutput = o\ncontext = json x {\n", "Error: context entry 'x': "},
		{"inline = x\noutput = o\ncontext = jsonkey x :inline\n", "Error: context entry 'x': "},
		{"inline = x\noutput = o\ncontext = import x no.such.module\n", "Error: context entry 'x': "},
	} {
		b := newBuildout(t)
		b.Write("buildout.cfg", jinjaPart+c.options)
		require.Contains(t, b.Fail(), expand(b, c.want))
		require.Nil(t, b.Installed("t"))
		require.False(t, b.Exists("o"))
	}
}

func TestTemplateErrors(t *testing.T) {
	for _, c := range []struct{ name, template, want string }{
		{"undefined", "a\nb {{ zz }}\n", "Error: t: in:2: 'zz' is undefined\n  D/buildout.cfg:6 (t:url)\n    url = in\n          ^~\n    b {{ zz }}\n"},
		{"attribute", "{{ {}.nope }}", "Error: t: in:1: 'dict object' has no attribute 'nope'\n"},
		{"syntax", "\n\n{% if 1 %}", "Error: t: in:3: Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.\n"},
		{"extension", "{% do x() %}", "Error: t: in:1: Encountered unknown tag 'do'.\n"},
		{"loader", "{% import 'x' as y %}", "Error: t: in:1: no loader for this environment specified\n"},
		{"assertion", "{{ assert(0, 'message') }}", "Error: t: in:1: message\n"},
		{"type", "{{ 'a' + 1 }}", "Error: t: in:1: can only concatenate str (not \"int\") to str\n"},
		{"macro", "{% macro m() %}\n{{ zz }}{% endmacro %}\n{{ m() }}", "Error: t: in:2: 'zz' is undefined\n  D/buildout.cfg:6 (t:url)\n    url = in\n          ^~\n    {{ zz }}{% endmacro %}\n  called from in:3\n    {{ m() }}\n"},
	} {
		b := newBuildout(t)
		b.Write("in", c.template)
		b.Write("buildout.cfg", jinjaPart+"output = o\nurl = in\n")
		require.Contains(t, b.Fail(), expand(b, c.want), c.name)
		require.False(t, b.Exists("o"), c.name)
	}
}

func TestErrorInAnImportedTemplate(t *testing.T) {
	b := newBuildout(t)
	b.Write("lib", "\n{% macro m() %}{{ 1/0 }}{% endmacro %}")
	b.Write("buildout.cfg", jinjaPart+"output = o\ninline = {% import 'lib' as lib %}{{ lib.m() }}\nimport-list = rawfile lib lib\n")
	require.Contains(t, b.Fail(), "Error: t: lib:2: division by zero\n")
}

// check runs a seed's profile and compares a file.
func check(t *testing.T, profile, file, want string) *recipetest.Buildout {
	t.Helper()
	b := newBuildout(t)
	b.Write("template/app.conf.in", "server {\n    listen {{ configuration.port }};\n    server_name {{ configuration.hostname }};\n}\n")
	b.Write("buildout.cfg", strings.ReplaceAll(profile, "[app-config]", "[directories]\netc = ${buildout:directory}/etc\n\n[app-config]"))
	b.Run()
	require.Equal(t, want, b.Read(file))
	require.Equal(t, fs.FileMode(0o600), b.Mode(file))
	unchanged(t, b)
	return b
}
