package template

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/go-buildout/go-buildout/fetch"
)

func newBuildout(t *testing.T) *recipetest.Buildout {
	r := &buildout.Registry{}
	Register(r)
	return recipetest.New(t, r, &fetch.Client{})
}

func sum(text string) string {
	s := md5.Sum([]byte(text))
	return hex.EncodeToString(s[:])
}

// masked is what the umask of the test leaves of a file's mode.
func masked(t *testing.T, mode fs.FileMode) fs.FileMode {
	f, err := os.OpenFile(t.TempDir()+"/f", os.O_CREATE|os.O_WRONLY, mode)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	return info.Mode().Perm()
}

// unchanged runs again and checks that nothing is touched.
func unchanged(t *testing.T, b *recipetest.Buildout) {
	t.Helper()
	before := b.Snapshot()
	for _, message := range b.Run() {
		require.Contains(t, message, "Updating ")
	}
	require.Equal(t, before, b.Snapshot())
}

// expand puts the buildout directory for D/.
func expand(b *recipetest.Buildout, text string) string {
	return strings.ReplaceAll(text, "D/", b.Dir+"/")
}

func TestSubstitution(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "port=${s:port} $${keep:me} $$HOME $$ $$$$\n${:own} ${unclosed\n")
	const profile = "[buildout]\nparts = t\n[t]\nrecipe = slapos.recipe.template\nurl = in\noutput = ${buildout:directory}/new/out\nown = mine\n[s]\nport = "
	b.Write("buildout.cfg", profile+"80\n")
	b.Run()
	require.Equal(t, "port=80 ${keep:me} $HOME $ $$\nmine ${unclosed\n", b.Read("new/out"))
	require.Equal(t, masked(t, 0o666), b.Mode("new/out"))
	require.Equal(t, []string{"new/out"}, b.Installed("t"))
	unchanged(t, b)

	b.Write("in", "changed ${s:port}${:own}")
	require.Equal(t, []string{"Updating t."}, b.Run())
	require.Equal(t, "changed 80mine", b.Read("new/out"))

	b.Write("in", "${s:port}")
	b.Write("buildout.cfg", profile+"81\n")
	b.Run()
	require.Equal(t, "81", b.Read("new/out"))

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists("new/out"))
	require.True(t, b.Exists("new"), "parents stay")
}

func TestSubstitutionDependsOnParts(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "${other:output}")
	b.Write("buildout.cfg", "[buildout]\nparts = t\n[t]\nrecipe = slapos.recipe.template\nurl = in\noutput = out\n[other]\nrecipe = slapos.recipe.template\ninline = x\noutput = other\n")
	log := b.Run()
	require.Equal(t, []string{"Installing other.", "Installing t."}, log[len(log)-2:])
	require.Equal(t, "other", b.Read("out"))
}

func TestInline(t *testing.T) {
	for _, recipe := range []string{"slapos.recipe.template", "slapos.recipe.template:jinja2"} {
		b := newBuildout(t)
		b.Write("buildout.cfg", "[buildout]\nparts = line block\n[line]\nrecipe = "+recipe+"\ninline = x ${s:o}\noutput = line\n[block]\nrecipe = "+recipe+"\ninline =\n  a\n    b\n\n  c\nurl =\noutput = block\n[s]\no = y\n")
		b.Run()
		require.Equal(t, "x y", b.Read("line"))
		require.Equal(t, "a\n  b\n\nc", b.Read("block"))
		unchanged(t, b)

		b.Write("line", "by hand")
		b.Run()
		require.Equal(t, "by hand", b.Read("line"), "an inline template can't have changed")
	}
}

func TestChecksum(t *testing.T) {
	for _, recipe := range []string{"slapos.recipe.template", "slapos.recipe.template:jinja2"} {
		b := newBuildout(t)
		b.Write("in", "text")
		profile := "[buildout]\nparts = t\n[t]\nrecipe = " + recipe + "\nurl = in\noutput = out\nmd5sum = "
		b.Write("buildout.cfg", profile+sum("text")+"\n")
		b.Run()
		require.Equal(t, "text", b.Read("out"))
		b.Write("out", "by hand")
		b.Run()
		require.Equal(t, "by hand", b.Read("out"), "a template with a checksum can't have changed")

		b.Write("buildout.cfg", profile+"\n")
		b.Write("in", "other")
		b.Run()
		require.Equal(t, "other", b.Read("out"), "an empty checksum is none")

		b.Write("buildout.cfg", profile+sum("text")+"\n")
		want := "Error: MD5 checksum mismatch for local resource at 'D/in'.\n  D/buildout.cfg:5 (t:url)\n    url = in\n          ^~\n  expected " + sum("text") + ", found " + sum("other") + "\n"
		require.Contains(t, b.Fail(), expand(b, want))
	}
}

func TestRemoteTemplates(t *testing.T) {
	texts := map[string]string{"/a": "${s:o}", "/b": "{{ 1 }}"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, texts[r.URL.Path])
	}))
	defer server.Close()
	b := newBuildout(t)
	b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = slapos.recipe.template\nurl = "+server.URL+"/a\noutput = a\nmd5sum = "+sum("${s:o}")+
		"\n[b]\nrecipe = slapos.recipe.template:jinja2\nurl = "+server.URL+"/b\noutput = b\n[s]\no = x\n")
	b.Run()
	require.Equal(t, "x", b.Read("a"))
	require.Equal(t, "1", b.Read("b"))
	unchanged(t, b)

	texts["/a"], texts["/b"] = "other", "{{"
	require.Contains(t, b.Fail("a"), "Error: MD5 checksum mismatch downloading '"+server.URL+"/a'\n  "+b.Path("buildout.cfg")+":5 (a:url)\n")
	require.Contains(t, b.Fail("b"), "Error: b: "+server.URL+"/b:1: ")

	secret := strings.Replace(server.URL, "http://", "http://me:secret@", 1)
	b.Write("buildout.cfg", "[buildout]\nparts = b\n[b]\nrecipe = slapos.recipe.template:jinja2\nurl = ${s:url}\noutput = b\n[s]\nurl = "+secret+"/b\n")
	report := b.Fail()
	require.Contains(t, report, "Error: b: "+server.URL+"/b:1: ")
	require.NotContains(t, report, "secret")
}

func TestModes(t *testing.T) {
	b := newBuildout(t)
	const part = "recipe = slapos.recipe.template\noutput = ${:_buildout_section_name_}\n"
	b.Write("buildout.cfg", "[buildout]\nparts = script odd plain given open\n"+
		"[script]\n"+part+"inline =\n  #! /bin/sh -e\n  true\n"+
		"[odd]\n"+part+"inline = #!/no/such/interpreter\n"+
		"[plain]\n"+part+"inline = # !/bin/sh\n"+
		"[given]\n"+part+"inline = #!/bin/sh\nmode = 640\n"+
		"[open]\n"+part+"inline = x\nmode = 0666\n")
	b.Run()
	require.Equal(t, masked(t, 0o777), b.Mode("script"))
	require.Equal(t, masked(t, 0o666), b.Mode("odd"))
	require.Equal(t, masked(t, 0o666), b.Mode("plain"))
	require.Equal(t, fs.FileMode(0o640), b.Mode("given"))
	require.Equal(t, fs.FileMode(0o666), b.Mode("open"), "the umask makes no difference")
	unchanged(t, b)
}

// TestDollarsInValues keeps the dollars of a value that a template refers to.
func TestDollarsInValues(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "${s:note} $$${s:note} $$")
	b.Write("buildout.cfg", "[buildout]\nparts = t\n[t]\nrecipe = slapos.recipe.template\nurl = in\noutput = out\n[s]\nnote = a$$b\n")
	b.Run()
	require.Equal(t, "a$$b $a$$b $", b.Read("out"))
}

func TestPermissionsAreMended(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "x")
	b.Write("buildout.cfg", "[buildout]\nparts = t\n[t]\nrecipe = slapos.recipe.template\nurl = in\noutput = out\nmode = 600\n")
	b.Run()
	require.NoError(t, os.Chmod(b.Path("out"), 0o644))
	before := b.Snapshot()["out"]
	b.Run()
	require.Equal(t, fs.FileMode(0o600), b.Mode("out"))
	require.Equal(t, strings.TrimPrefix(before, "-rw-r--r--"), strings.TrimPrefix(b.Snapshot()["out"], "-rw-------"), "the file is the same")
}

func TestSubstitutionErrors(t *testing.T) {
	for _, c := range []struct{ options, want string }{
		{"output = o\n", "Error: Missing option: t:url\n  D/buildout.cfg:3 (t:url)\n"},
		{"url =\noutput = o\n", "Error: Missing option: t:url\n  D/buildout.cfg:5 (t:url)\n    url =\n  found an empty one\n"},
		{"url = in\n", "Error: Missing option: t:output\n"},
		{"url = in\ninline = x\noutput = o\n", "Error: options 'inline' & 'url' conflict\n  D/buildout.cfg:5 (t:url)\n"},
		{"inline = x\nmd5sum = 0\noutput = o\n", "Error: options 'inline' & 'md5sum' conflict\n  D/buildout.cfg:6 (t:md5sum)\n"},
		{"url = nowhere\noutput = o\n", "(t:url)\n    url = nowhere\n          ^~~~~~~\n"},
		{"url = in\noutput = o\nmode = x\n", "Error: Invalid value for 'mode' option: 'x'\n  D/buildout.cfg:7 (t:mode)\n"},
		{"url = in\noutput = in/o\n", "Error: mkdir D/in: there is a file of that name\n  D/buildout.cfg:6 (t:output)\n"},
		{"url = option\noutput = o\n", "Error: Referenced option does not exist: s nope\n  option:3 (section t)\n    ${s:nope}\n    ^~~~~~~~~\n  in the template of the part at D/buildout.cfg:3\n  did you mean 'note'?\n"},
		{"url = section\noutput = o\n", "Error: The referenced section, 'nope', was not defined.\n  section:1 (section t)\n    ${nope:x}\n    ^~~~~~~~~\n  in the template of the part at D/buildout.cfg:3\n"},
		{"url = form\noutput = o\n", "Error: The substitution, ${HOME},\ndoesn't contain a colon.\n  form:2 (section t)\n    ${HOME}\n    ^~~~~~~\n  in the template of the part at D/buildout.cfg:3\n"},
	} {
		b := newBuildout(t)
		b.Write("in", "x")
		b.Write("option", "${s:note}$$\n$${a}\n${s:nope}")
		b.Write("section", "${nope:x}")
		b.Write("form", "\n${HOME}")
		b.Write("buildout.cfg", "[buildout]\nparts = t\n[t]\nrecipe = slapos.recipe.template\n"+c.options+"[s]\nnote = n\n")
		require.Contains(t, b.Fail(), expand(b, c.want))
		require.Nil(t, b.Installed("t"))
		require.False(t, b.Exists("o"))
	}
}
