package buildout_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/profile"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the reports of errors into testdata/errors")

// TestErrorReports makes the mistakes of testdata/errors and looks at all that is
// said of them. The lines "assign: section:option=value" of a case are its command
// line. The file "report" is what both dialects say, "report.zc" and
// "report.slapos" what one of them does; $DIR is the folder of the profile.
func TestErrorReports(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.txtar")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 25)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			got := map[string]string{}
			for _, dialect := range []buildout.Dialect{buildout.SlapOS(), buildout.ZC()} {
				got[dialect.Name] = reportOf(t, dialect, archive)
			}
			if *update {
				writeReports(t, file, archive, got)
			}
			for name, report := range got {
				want, ok := fileOf(archive, "report."+name)
				if !ok {
					want, ok = fileOf(archive, "report")
				}
				require.True(t, ok, "no report of %s", name)
				require.Equal(t, want, report, name)
			}
		})
	}
}

// reportOf plans what a case says and reports how that fails.
func reportOf(t *testing.T, dialect buildout.Dialect, archive *txtar.Archive) string {
	var assignments []string
	for line := range strings.SplitSeq(string(archive.Comment), "\n") {
		if a, ok := strings.CutPrefix(line, "assign: "); ok {
			assignments = append(assignments, strings.ReplaceAll(a, `\n`, "\n"))
		}
	}
	cfg, dir, err := load(t, dialect, string(txtar.Format(archive)), assignments...)
	if err == nil {
		var recipes buildout.Registry
		recipes.Register("strict", buildout.Entry{New: newStrict})
		var b *buildout.Buildout
		if b, err = buildout.New(context.Background(), cfg, &recipes, buildout.Options{}); err == nil {
			_, err = b.Plan(context.Background())
		}
	}
	require.Error(t, err)
	return strings.ReplaceAll(buildout.Report(err), dir, "$DIR")
}

// newStrict is a recipe that looks at the types of its options and fills in a
// template.
func newStrict(_ context.Context, p *buildout.Part) (buildout.Recipe, error) {
	var o struct {
		Strict      bool              `buildout:"strict"`
		Count       int               `buildout:"count"`
		Environment map[string]string `buildout:"environment"`
		Needed      *string           `buildout:"needed"`
		Template    string            `buildout:"template"`
	}
	if err := p.Decode(&o); err != nil {
		return nil, err
	}
	if o.Needed != nil {
		if _, err := p.Get(*o.Needed); err != nil {
			return nil, err
		}
	}
	_, err := p.Substitute("template.in", strings.ReplaceAll(o.Template, "<", "${"))
	return nil, err
}

func fileOf(archive *txtar.Archive, name string) (string, bool) {
	for _, f := range archive.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// writeReports replaces the reports of a case.
func writeReports(t *testing.T, file string, archive *txtar.Archive, got map[string]string) {
	kept := archive.Files[:0]
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "report") {
			kept = append(kept, f)
		}
	}
	archive.Files = kept
	if got["slapos"] == got["zc"] {
		archive.Files = append(archive.Files, txtar.File{Name: "report", Data: []byte(got["zc"])})
	} else {
		for _, name := range []string{"slapos", "zc"} {
			archive.Files = append(archive.Files, txtar.File{Name: "report." + name, Data: []byte(got[name])})
		}
	}
	require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o666))
}

// texts are the files behind URLs.
type texts map[string]string

func (s texts) Open(_ context.Context, url string) (io.ReadCloser, error) {
	text, ok := s[url]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// Two URLs that differ in their passwords have one name in messages: the way from
// one to the other looks like a circle.
func TestChainOfRedactedNames(t *testing.T) {
	_, err := buildout.Load(context.Background(), "http://a@h/a.cfg", buildout.LoadOptions{Opener: texts{
		"http://a@h/a.cfg":        "[buildout]\nextends = http://h/b.cfg\n",
		"http://h/b.cfg":          "[buildout]\nextends =\n  http://b:secret@h/a.cfg\n",
		"http://b:secret@h/a.cfg": "[buildout]\n stray\n",
	}})
	require.Equal(t, `While:
  Initializing.
Error: File contains parsing errors: http://h/a.cfg
	[line  2]: ' stray\n'
  http://h/a.cfg:2
    stray
    ^~~~~
  http://h/a.cfg is extended from http://h/b.cfg:3
  http://h/b.cfg is extended from http://h/a.cfg:2
`, buildout.Report(err))
}

func TestLongWayOfExtends(t *testing.T) {
	var archive strings.Builder
	archive.WriteString("-- buildout.cfg --\n[buildout]\nextends = 1.cfg\n")
	for i := range 19 {
		fmt.Fprintf(&archive, "-- %d.cfg --\n[buildout]\nextends = %d.cfg\n", i+1, i+2)
	}
	_, dir, err := load(t, buildout.SlapOS(), archive.String())
	report := strings.ReplaceAll(buildout.Report(err), dir, "$DIR")
	require.Contains(t, report, `
  $DIR/19.cfg:2 (buildout:extends)
    extends = 20.cfg
              ^~~~~~
  $DIR/19.cfg is extended from $DIR/18.cfg:2
`)
	require.Contains(t, report, `
  $DIR/15.cfg is extended from $DIR/14.cfg:2
  ... 9 more ...
  $DIR/5.cfg is extended from $DIR/4.cfg:2
`)
	require.True(t, strings.HasSuffix(report, "  $DIR/1.cfg is extended from $DIR/buildout.cfg:2\n"), report)
	var e *buildout.Error
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Chain, 19)
	require.Equal(t, buildout.Via{File: dir + "/1.cfg", Pos: profile.Pos{File: dir + "/buildout.cfg", Line: 2, Column: 11}}, e.Chain[18])
}

// A value of the command line isn't where the file says what it overrides.
func TestPosOfAssignment(t *testing.T) {
	cfg, dir, err := load(t, buildout.ZC(), "-- buildout.cfg --\n[s]\nset = 1\nadd = 1\n", "s:set=2", "s:add+=2")
	require.NoError(t, err)
	require.Zero(t, cfg.Section("s").Option("set").Pos())
	require.Equal(t, profile.Pos{File: dir + "/buildout.cfg", Line: 3, Column: 1}, cfg.Section("s").Option("add").Pos())
}

// Columns count characters of the line as it is in the file.
func TestErrorData(t *testing.T) {
	cfg, dir, err := load(t, buildout.ZC(), "-- buildout.cfg --\n[app]\n<= base\n[base]\nx =\n\té http://u:p@h/${s:y}\n[s]\n")
	require.NoError(t, err)
	e := cfg.Resolve("app").Errors["app"]
	require.Equal(t, profile.Pos{File: dir + "/buildout.cfg", Line: 5, Column: 17}, e.Pos)
	require.Equal(t, 6, e.Length)
	require.Equal(t, "\té http://h/${s:y}", e.Line)
	require.Equal(t, []buildout.Via{{Macro: "base", User: "app", Pos: profile.Pos{File: dir + "/buildout.cfg", Line: 2, Column: 4}}}, e.Chain)

	e = cfg.Errorf("base", "x", "Too short.\nexpected more")
	require.Equal(t, "Error: Too short.\n  "+dir+"/buildout.cfg:5 (base:x)\n    é http://h/${s:y}\n    ^~~~~~~~~~~~~~~~~\n  expected more\n", e.Report())
}

// FuzzErrorReports: whatever the profile says, its errors have a place in it.
func FuzzErrorReports(f *testing.F) {
	files, err := filepath.Glob("testdata/errors/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(f, err)
		text, _ := fileOf(archive, "buildout.cfg")
		f.Add(text)
	}
	f.Add(strings.Repeat("\xaa", 1000))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		name := filepath.Join(dir, "buildout.cfg")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
		check := func(e *buildout.Error) {
			require.NotEmpty(t, e.Report())
			require.LessOrEqual(t, e.Pos.Line, 1+strings.Count(text, "\n")+strings.Count(text, "\r"))
			if e.Length > 0 && e.Pos.File == name && !strings.Contains(text, "@") {
				require.LessOrEqual(t, e.Pos.Column+e.Length-1, utf8.RuneCountInString(e.Line), "%q", e.Line)
				require.Contains(t, e.Report(), "^")
			}
		}
		cfg, err := buildout.Load(context.Background(), name, buildout.LoadOptions{Dialect: buildout.ZC(), WorkingDirectory: dir})
		var e *buildout.Error
		if errors.As(err, &e) {
			check(e)
		}
		if err == nil {
			for _, e := range cfg.Resolve().Errors {
				check(e)
			}
		}
	})
}
