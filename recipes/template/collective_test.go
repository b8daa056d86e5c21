package template

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout"
)

const collectivePart = "[buildout]\nparts = t\n[t]\nrecipe = collective.recipe.template\n"

func TestCollective(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "port=${s:port} ${own} ${:own} ${name-with.a_dot}\n$$ $$HOME $${s:port} $$${own} $x $ {own} ${unclosed\n")
	require.NoError(t, os.Chmod(b.Path("in"), 0o751))
	profile := collectivePart + "input = in\noutput = ${buildout:directory}/out\nown = mine\nname-with.a_dot = odd\n[s]\nport = "
	b.Write("buildout.cfg", profile+"80\n")
	log := b.Run()
	require.NotContains(t, strings.Join(log, "\n"), "unused")
	require.Equal(t, "port=80 mine mine odd\n$$ $$HOME $80 $$mine $x $ {own} ${unclosed\n", b.Read("out"))
	require.Equal(t, fs.FileMode(0o751), b.Mode("out"), "that of the input")
	require.Equal(t, []string{"out"}, b.Installed("t"))
	unchanged(t, b)

	b.Write("in", "changed ${s:port}${own}")
	require.Equal(t, []string{"Updating t."}, b.Run())
	require.Equal(t, "changed 80mine", b.Read("out"))
	require.Equal(t, fs.FileMode(0o751), b.Mode("out"))
	b.Write("out", "by hand")
	b.Run()
	require.Equal(t, "changed 80mine", b.Read("out"))
	require.NoError(t, os.Chmod(b.Path("out"), 0o600))
	unchanged(t, b)

	b.Write("in", "${s:port}")
	b.Write("buildout.cfg", profile+"81\n")
	require.Contains(t, b.Run(), "Installing t.")
	require.Equal(t, "81", b.Read("out"))

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists("out"))
}

func TestCollectiveDependsOnParts(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "${other:output} ${_buildout_section_name_}")
	b.Write("buildout.cfg", collectivePart+"input = in\noutput = out\n[other]\nrecipe = collective.recipe.template:default\ninline = x\noutput = other\n")
	log := b.Run()
	require.Equal(t, []string{"Installing other.", "Installing t."}, log[len(log)-2:])
	require.Equal(t, "other t", b.Read("out"))
}

func TestCollectiveInline(t *testing.T) {
	for _, c := range []struct{ options, want string }{
		{"input = inline:   x ${s:o}\n", "x y"},
		{"input = inline:\n  #!/bin/sh\n  if true; then\n    echo ${s:o}\n\n  fi\n", "#!/bin/sh\nif true; then\necho y\nfi"},
		{"input =\n  inline:\n  a:\n    b: ${s:o}\n\n  c: 1\n", "a:\n  b: y\n\nc: 1"},
		{"inline = x ${s:o}\n", "x y"},
		{"inline =\n  a:\n    b: ${s:o}\n\n  c: $$\n", "a:\n  b: y\n\nc: $$"},
		{"inline = inline: x\n", "inline: x"},
		{"inline = $${own} $${s:o}\nown = mine\n", "mine y"},
		{"inline = text\nurl = http://127.0.0.1:1/unused\n", "text"},
		{"inline =\n", ""},
		{"input = inline:\n", ""},
	} {
		b := newBuildout(t)
		b.Write("buildout.cfg", collectivePart+"output = out\n"+c.options+"[s]\no = y\n")
		b.Run()
		require.Equal(t, c.want, b.Read("out"), "%s", c.options)
		require.Equal(t, masked(t, 0o666), b.Mode("out"), "%s", c.options)
		unchanged(t, b)
		b.Write("out", "by hand")
		b.Run()
		require.Equal(t, c.want, b.Read("out"), "%s", c.options)
	}
}

func TestCollectiveModes(t *testing.T) {
	for _, mode := range []string{"0700", "700"} {
		for _, source := range []string{"input = in", "inline = #!/bin/sh", "input = inline:#!/bin/sh"} {
			b := newBuildout(t)
			b.Write("in", "#!/bin/sh")
			b.Write("buildout.cfg", collectivePart+source+"\noutput = out\nmode = "+mode+"\n")
			b.Run()
			require.Equal(t, "#!/bin/sh", b.Read("out"))
			require.Equal(t, fs.FileMode(0o700), b.Mode("out"))
			unchanged(t, b)
		}
	}
}

func TestCollectiveParents(t *testing.T) {
	for _, base := range []string{"", "${buildout:directory}/"} {
		b := newBuildout(t)
		b.Write("there/keep", "")
		profile := collectivePart + "inline = x\noutput = " + base + "there/a/b/out\n"
		b.Write("buildout.cfg", profile)
		b.Run()
		require.Equal(t, "x", b.Read("there/a/b/out"))
		require.Equal(t, []string{"there/a", "there/a/b", "there/a/b/out"}, b.Installed("t"))
		unchanged(t, b)

		require.NoError(t, os.RemoveAll(b.Path("there/a/b")))
		b.Run()
		require.Equal(t, "x", b.Read("there/a/b/out"))
		require.Equal(t, []string{"there/a", "there/a/b", "there/a/b/out"}, b.Installed("t"))

		b.Write("buildout.cfg", profile+"other = 1\n")
		require.Contains(t, b.Run(), "Installing t.")
		require.Equal(t, []string{"there/a", "there/a/b", "there/a/b/out"}, b.Installed("t"))

		b.Write("buildout.cfg", "[buildout]\nparts =\n")
		b.Run()
		require.False(t, b.Exists("there/a"))
		require.True(t, b.Exists("there/keep"))
	}
}

func TestCollectiveIsUndoneByAFailure(t *testing.T) {
	b := newBuildout(t)
	b.Write("taken/file", "")
	b.Write("buildout.cfg", collectivePart+"inline = x\noutput = taken\n")
	require.Contains(t, b.Fail(), "is a directory\n  "+b.Path("buildout.cfg")+":6 (t:output)\n")
	require.True(t, b.Exists("taken/file"))
	require.Nil(t, b.Installed("t"))

	b.Write("buildout.cfg", collectivePart+"inline = x\noutput = new/a/"+strings.Repeat("n", 300)+"\n")
	require.Contains(t, b.Fail(), "(t:output)")
	require.False(t, b.Exists("new"))
	require.Nil(t, b.Installed("t"))
}

func TestCollectiveOverwrite(t *testing.T) {
	for _, value := range []string{"false", "no", "0", "on", ""} {
		b := newBuildout(t)
		profile := collectivePart + "output = out\noverwrite = " + value + "\ninline = "
		b.Write("out", "by hand")
		b.Write("buildout.cfg", profile+"1\n")
		b.Run()
		require.Equal(t, "by hand", b.Read("out"), value)
		require.Empty(t, b.Installed("t"))
		unchanged(t, b)

		require.NoError(t, os.Remove(b.Path("out")))
		b.Run()
		require.Equal(t, "1", b.Read("out"), value)
		require.Empty(t, b.Installed("t"))

		b.Write("buildout.cfg", profile+"2\n")
		require.Contains(t, b.Run(), "Installing t.")
		require.Equal(t, "1", b.Read("out"), value)
		b.Write("buildout.cfg", "[buildout]\nparts =\n")
		b.Run()
		require.Equal(t, "1", b.Read("out"), "it was not recorded")
	}
	for _, value := range []string{"true", "True", "YES", "y", "1"} {
		b := newBuildout(t)
		b.Write("out", "by hand")
		b.Write("buildout.cfg", collectivePart+"output = out\noverwrite = "+value+"\ninline = 1\n")
		b.Run()
		require.Equal(t, "1", b.Read("out"), value)
		require.Equal(t, []string{"out"}, b.Installed("t"))
	}
}

func TestCollectiveReplacesALink(t *testing.T) {
	b := newBuildout(t)
	b.Write("target", "keep")
	require.NoError(t, os.Symlink("target", b.Path("out")))
	b.Write("buildout.cfg", collectivePart+"output = out\ninline = x\n")
	b.Run()
	require.Equal(t, "x", b.Read("out"))
	require.Equal(t, "keep", b.Read("target"))
}

func TestCollectiveEncodings(t *testing.T) {
	b := newBuildout(t)
	b.Write("in", "\xe9 ${own}")
	profile := collectivePart + "input = in\noutput = out\nown = ü\n"
	for _, c := range []struct{ encodings, want string }{
		{"input-encoding = latin-1\n", "é ü"},
		{"input-encoding = latin-1\noutput-encoding = latin-1\n", "\xe9 \xfc"},
	} {
		b.Write("buildout.cfg", profile+c.encodings)
		b.Run()
		require.Equal(t, c.want, b.Read("out"))
		unchanged(t, b)
	}
	b.Write("buildout.cfg", collectivePart+"inline = é\noutput = out\noutput-encoding = latin-1\n")
	b.Run()
	require.Equal(t, "\xe9", b.Read("out"))
}

func TestCollectiveURL(t *testing.T) {
	text := "${s:o} ${own}"
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a":
			_, _ = io.WriteString(w, text)
		case "/silent":
			select {
			case <-done:
			case <-r.Context().Done():
			}
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	defer close(done)
	b := newBuildout(t)
	profile := collectivePart + "output = out\nown = mine\ntimeout = 60\nurl = " + server.URL
	b.Write("buildout.cfg", profile+"/a\n[s]\no = x\n")
	b.Run()
	require.Equal(t, "x mine", b.Read("out"))
	require.Equal(t, masked(t, 0o666), b.Mode("out"))
	unchanged(t, b)
	text = "other"
	b.Run()
	require.Equal(t, "other", b.Read("out"))

	b.Write("buildout.cfg", profile+"/none\n")
	report := b.Fail()
	require.Contains(t, report, "404")
	require.Contains(t, report, b.Path("buildout.cfg")+":8 (t:url)\n")

	secret := strings.Replace(server.URL, "http://", "http://me:secret@", 1)
	b.Write("buildout.cfg", collectivePart+"output = out\ntimeout = 0.05\nurl = "+secret+"/silent\n")
	log, err := b.TryRun()
	report = buildout.Report(err)
	message := server.URL + "/silent: timed out after 50ms"
	require.Contains(t, report, "Error: "+message+"\n  "+b.Path("buildout.cfg")+":7 (t:url)\n")
	require.Contains(t, log, "t: "+message)
	require.Equal(t, "other", b.Read("out"))
}

func TestCollectiveErrors(t *testing.T) {
	for _, c := range []struct{ options, want string }{
		{"output = o\n", "Error: No input file, inline template, or URL specified.\n  D/buildout.cfg:3 (section t)\n"},
		{"", "Error: No input file, inline template, or URL specified.\n  D/buildout.cfg:3 (section t)\n"},
		{"input = in\n", "Error: No output file specified.\n  D/buildout.cfg:3 (section t)\n"},
		{"input = in\ninline = x\noutput = o\n", "Error: Too many input sources.\n  D/buildout.cfg:5 (t:input)\n"},
		{"url = x\noutput = o\ninput =\n", "Error: Too many input sources.\n  D/buildout.cfg:7 (t:input)\n"},
		{"input = no/where\noutput = o\n", "Error: Input file 'no/where' does not exist.\n  D/buildout.cfg:5 (t:input)\n"},
		{"input = in/under\noutput = o\n", "Error: Input file 'in/under' does not exist.\n  D/buildout.cfg:5 (t:input)\n"},
	} {
		b := newBuildout(t)
		b.Write("in", "x")
		b.Write("buildout.cfg", collectivePart+c.options)
		log, err := b.TryRun()
		require.Contains(t, buildout.Report(err), expand(b, c.want), "%s", c.options)
		said, _, _ := strings.Cut(strings.TrimPrefix(c.want, "Error: "), "\n")
		require.Contains(t, log, "t: "+said)
		require.Nil(t, b.Installed("t"))
		require.False(t, b.Exists("o"))
	}
	for _, c := range []struct{ options, want string }{
		{"input = .\noutput = o\n", "Error: Input file '.' is not a regular file.\n  D/buildout.cfg:5 (t:input)\n"},
		{"input = in\noutput =\n", "Error: the option output is empty\n  D/buildout.cfg:6 (t:output)\n"},
		{"input = in\noutput = o\nmode = rwx\n", "Error: Invalid value for 'mode' option: 'rwx'\n  D/buildout.cfg:7 (t:mode)\n"},
		{"input = in\noutput = o\ntimeout = soon\n", "Error: Invalid value for 'timeout' option: 'soon'\n  D/buildout.cfg:7 (t:timeout)\n"},
		{"input = in\noutput = o\ntimeout = -1\n", "Error: Invalid value for 'timeout' option: '-1'\n  D/buildout.cfg:7 (t:timeout)\n"},
		{"input = in\noutput = o\ntimeout = nan\n", "Error: Invalid value for 'timeout' option: 'nan'\n  D/buildout.cfg:7 (t:timeout)\n"},
		{"input = in\noutput = o\ninput-encoding = klingon\n", "Error: unknown encoding: klingon\n  D/buildout.cfg:7 (t:input-encoding)\n"},
		{"input = in\noutput = o\noutput-encoding = klingon\n", "Error: unknown encoding: klingon\n  D/buildout.cfg:7 (t:output-encoding)\n"},
		{"input = latin\noutput = o\n", "Error: t: latin: 'utf-8' codec can't decode byte 0xe9 in position 0: unexpected end of data\n  D/buildout.cfg:5 (t:input)\n"},
		{"inline = €\noutput = o\noutput-encoding = latin-1\n", "Error: t: inline: 'latin-1' codec can't encode character '\\u20ac' in position 0: ordinal not in range(256)\n  D/buildout.cfg:7 (t:output-encoding)\n"},
		{"input = in\noutput = in/o\n", "Error: mkdir D/in: there is a file of that name\n  D/buildout.cfg:6 (t:output)\n"},
		{"input = own\noutput = o\nnote = n\n", "Error: Referenced option does not exist: t nope\n  own:3 (section t)\n    a ${nope}\n      ^~~~~~~\n  in the template of the part at D/buildout.cfg:3\n  did you mean 'note'?\n"},
		{"input = option\noutput = o\n", "Error: Referenced option does not exist: s nope\n  option:2 (section t)\n    $$${s:nope}\n      ^~~~~~~~~\n  in the template of the part at D/buildout.cfg:3\n"},
		{"input = section\noutput = o\n", "Error: The referenced section, 'nope', was not defined.\n  section:1 (section t)\n    ${nope:x}\n    ^~~~~~~~~\n  in the template of the part at D/buildout.cfg:3\n"},
		{"input = shell\noutput = o\n", "Error: The option name in substitution, ${x:-$$},\nhas invalid characters.\n  shell:2 (section t)\n    ${x:-$$}\n    ^~~~~~~~\n  in the template of the part at D/buildout.cfg:3\n"},
		{"input = empty\noutput = o\n", "Error: The substitution, ${},\ndoesn't contain a colon.\n  empty:1 (section t)\n    ${}\n    ^~~\n  in the template of the part at D/buildout.cfg:3\n"},
		{"input = large\noutput = o\n", "Error: The value is too large with its references replaced.\n  large:2 (section t)\n"},
		{"inline = $${nope}\noutput = o\n", "Error: Referenced option does not exist: t nope\n  inline:1 (section t)\n    ${nope}\n    ^~~~~~~\n  in the template of the part at D/buildout.cfg:3\n"},
	} {
		b := newBuildout(t)
		b.Write("in", "x")
		b.Write("latin", "\xe9")
		b.Write("own", "${:recipe}$$\n$$\na ${nope}\n${neither}")
		b.Write("option", "\n$$${s:nope}")
		b.Write("section", "${nope:x}")
		b.Write("shell", "\n${x:-$$}")
		b.Write("empty", "${}")
		b.Write("large", "\n"+strings.Repeat("${s:megabyte}", 17))
		b.Write("buildout.cfg", collectivePart+c.options+"[s]\nmegabyte = "+strings.Repeat("${s:kilobytes}", 16)+"\nkilobytes = "+strings.Repeat("x", 1<<16)+"\n")
		require.Contains(t, b.Fail(), expand(b, c.want), "%s", c.options)
		require.Nil(t, b.Installed("t"))
		require.False(t, b.Exists("o"))
	}
}

func TestCollectiveGenshiIsUnknown(t *testing.T) {
	b := newBuildout(t)
	b.Write("buildout.cfg", "[buildout]\nparts = t\n[t]\nrecipe = collective.recipe.template:genshi\ninput = in\noutput = o\n")
	require.Contains(t, b.Fail(), "of collective.recipe.template there are collective.recipe.template\n")
}
