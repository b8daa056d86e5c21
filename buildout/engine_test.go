package buildout_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

// fileRecipe writes its option content to its option path, and sets location. It
// fails, panics or waits if its option mode says so.
type fileRecipe struct {
	Path    string `buildout:"path,required"`
	Content string `buildout:"content" default:"hello"`
	Mode    string `buildout:"mode"`
}

func newFile(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	r := &fileRecipe{}
	if err := part.Decode(r); err != nil {
		return nil, err
	}
	part.Set("location", part.Path(r.Path))
	if r.Mode == "panic in constructor" {
		panic("oh no")
	}
	return r, nil
}

func (r *fileRecipe) Install(_ context.Context, tx *buildout.Tx) error {
	if err := tx.MkdirAll(filepath.Dir(r.Path), 0o777); err != nil {
		return err
	}
	if err := tx.WriteFile(r.Path, []byte(r.Content), 0o644); err != nil {
		return err
	}
	switch r.Mode {
	case "fail":
		return errors.New("the disk is on fire")
	case "panic":
		panic("oh no")
	case "cancel":
		return context.Canceled
	case "warn":
		tx.Log().Warn("careful")
	}
	return nil
}

// updating is a fileRecipe that fails when it is updated.
type updating struct{ *fileRecipe }

func (updating) Update(context.Context, *buildout.Tx) error { return errors.New("can't update") }

func registry() *buildout.Registry {
	r := &buildout.Registry{}
	r.Register("test:file", buildout.Entry{New: newFile, Version: "1"})
	r.Register("test:update", buildout.Entry{Version: "1", New: func(ctx context.Context, part *buildout.Part) (buildout.Recipe, error) {
		r, err := newFile(ctx, part)
		if err != nil {
			return nil, err
		}
		return updating{r.(*fileRecipe)}, nil
	}})
	r.Register("test:uninstall", buildout.Entry{New: newFile, Version: "1", Uninstall: func(_ context.Context, old *buildout.Installed) error {
		return os.WriteFile(filepath.Join(old.Directory, "uninstalled"), []byte(old.Name+" "+old.Options["content"]), 0o666)
	}})
	return r
}

func TestLifeCycle(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	profile := "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = out/a\ncontent = ${b:location}\n[b]\nrecipe = test:file\npath = out/b\n"
	b.Write("buildout.cfg", profile)
	require.Equal(t, []string{
		"Creating directory '" + b.Path("eggs") + "'.", "Creating directory '" + b.Path("bin") + "'.",
		"Creating directory '" + b.Path("parts") + "'.", "Creating directory '" + b.Path("develop-eggs") + "'.",
		"Installing b.", "Installing a."}, b.Run())
	require.Equal(t, b.Path("out/b"), b.Read("out/a"))
	require.Equal(t, []string{"out/a"}, b.Installed("a"))
	require.Equal(t, b.Path("out/a"), b.Option("a", "location"))

	before := b.Snapshot()
	require.Equal(t, []string{"Updating b.", "Updating a."}, b.Run())
	require.Equal(t, before, b.Snapshot())

	// What b is changes: a refers to it, and the dialect signs that.
	b.Write("buildout.cfg", profile+"content = x\n")
	require.Equal(t, []string{"Uninstalling b.", "Installing b.", "Uninstalling a.", "Installing a."}, b.Run())

	// A path that went missing.
	require.NoError(t, os.Remove(b.Path("out/a")))
	require.Equal(t, []string{"Updating b.", "Uninstalling a.", "Installing a."}, b.Run())

	// Named parts, and nothing else.
	require.Equal(t, []string{"Updating b."}, b.Run("b"))

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	require.Equal(t, []string{"Uninstalling a.", "Uninstalling b."}, b.Run())
	require.False(t, b.Exists("out/a"))
	require.True(t, b.Exists("out"))
	require.False(t, b.Exists(".installed.cfg"))
}

// TestOrder has parts in the order of references, options by name, and uninstalls
// in the reverse of the recorded order.
func TestOrder(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	profile := "[buildout]\nparts = z a\n[z]\nrecipe = test:file\npath = z\nx-b = ${b:location}\nx-a = ${c:location}\n[a]\nrecipe = test:file\npath = a\n[b]\nrecipe = test:file\npath = b\n[c]\nrecipe = test:file\npath = c\n"
	b.Write("buildout.cfg", profile)
	require.Equal(t, []string{"Installing c.", "Installing b.", "Installing z.", "Installing a."}, installing(b.Run()))
	b.Overrides = []buildout.Assignment{{Section: "z", Option: "content", Value: "1"}, {Section: "c", Option: "content", Value: "1"}}
	require.Equal(t, []string{"Uninstalling c.", "Installing c.", "Updating b.", "Uninstalling z.", "Installing z.", "Updating a."}, installing(b.Run()))
	// As upstream has it: everything that changed is uninstalled first.
	b.OnFailure, b.Overrides[0].Value, b.Overrides[1].Value = buildout.AsUpstream, "2", "2"
	require.Equal(t, []string{"Uninstalling z.", "Uninstalling c.", "Installing c.", "Updating b.", "Installing z.", "Updating a."}, installing(b.Run()))
	b.OnFailure = buildout.KeepOld
	// A part under another name: the old one goes first, and with it the path.
	b.Overrides = nil
	b.Write("buildout.cfg", "[buildout]\nparts = n\n[n]\nrecipe = test:file\npath = a\n")
	require.Equal(t, []string{"Uninstalling z.", "Uninstalling c.", "Uninstalling a.", "Uninstalling b.", "Installing n."}, installing(b.Run()))
	require.Equal(t, "hello", b.Read("a"))
}

// installing leaves the lines about installing, updating and uninstalling.
func installing(log []string) []string {
	return slices.DeleteFunc(log, func(line string) bool {
		return !strings.Contains(line, "nstalling ") && !strings.HasPrefix(line, "Updating ")
	})
}

// TestSkipSignatureCheck changes a section that a part depends on, and has that
// ignored.
func TestSkipSignatureCheck(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = 1\ny = 1\n")
	b.Run()
	b.Overrides = []buildout.Assignment{{Section: "s", Option: "y", Value: "2"}, {Section: "buildout", Option: "check-signature", Value: "false"}}
	require.Equal(t, []string{"[a]: __buildout_signature__ is different but ignored.", "Updating a."}, b.Run())
	b.Overrides = b.Overrides[:1]
	require.Equal(t, []string{"Updating a."}, b.Run(), "the new signature was recorded")
}

// TestSignaturesByDialect changes an option that a part refers to past its value:
// only the fork signs sections.
func TestSignaturesByDialect(t *testing.T) {
	for _, tc := range []struct {
		dialect buildout.Dialect
		want    []string
	}{
		{buildout.SlapOS(), []string{"Uninstalling a.", "Installing a."}},
		{buildout.ZC(), []string{"Updating a."}},
	} {
		b := recipetest.New(t, registry(), nil)
		b.Dialect = tc.dialect
		b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = 1\ny = 1\n")
		b.Run()
		b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = 1\ny = 2\n")
		require.Equal(t, tc.want, b.Run(), tc.dialect.Name)
	}
}

func TestFailures(t *testing.T) {
	const head = "[buildout]\nparts = good a\n[good]\nrecipe = test:file\npath = out/good\n[a]\npath = new/a\n"
	for _, tc := range []struct {
		name, profile string
		report        []string
	}{
		{"error", head + "recipe = test:file\nmode = fail\n", []string{"While:\n  Installing a.\nError: the disk is on fire\n  $DIR/buildout.cfg:6 (section a)\n    [a]\n"}},
		{"panic", head + "recipe = test:file\nmode = panic\n", []string{"While:\n  Installing a.\n\nAn internal error occurred due to a bug in either go-buildout or in a\nrecipe being used:\noh no\n"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := recipetest.New(t, registry(), nil)
			b.Write("buildout.cfg", tc.profile)
			report := b.Fail()
			for _, want := range tc.report {
				require.Contains(t, report, strings.ReplaceAll(want, "$DIR", b.Dir))
			}
			require.False(t, b.Exists("new"), "what the part made is undone")
			require.Equal(t, []string{"out/good"}, b.Installed("good"))
			require.Nil(t, b.Installed("a"))
			// The next run goes on from there.
			b.Write("buildout.cfg", head+"recipe = test:file\n")
			log := b.Run()
			require.Equal(t, []string{"Updating good.", "Installing a."}, log)
		})
	}
}

func TestConstructorFailures(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\n")
	require.Equal(t, "While:\n  Installing.\n  Getting section a.\n  Initializing section a.\nError: Missing option: a:path\n  "+b.Dir+"/buildout.cfg:3 (a:path)\n    [a]\n", b.Fail())
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\nmode = panic in constructor\n")
	require.Contains(t, b.Fail(), "An internal error occurred")
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:fiel\npath = a\n")
	report := b.Fail()
	require.Contains(t, report, "Entry point ('zc.buildout', 'fiel') not found")
	require.Contains(t, report, b.Dir+"/buildout.cfg:4 (a:recipe)")
	require.Contains(t, report, "did you mean 'test:file'?")
	require.False(t, b.Exists("a"))
	require.False(t, b.Exists(".installed.cfg"))
	require.False(t, b.Exists("parts"), "nothing is written before the plan is made")
}

// TestReinstallFails changes a part so that it fails.
func TestReinstallFails(t *testing.T) {
	for _, mode := range []buildout.OnFailure{buildout.KeepOld, buildout.AsUpstream} {
		b := recipetest.New(t, registry(), nil)
		b.OnFailure = mode
		b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = test:file\npath = a\n[b]\nrecipe = test:file\npath = b\n")
		b.Run()
		before := b.Snapshot()
		b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = test:file\npath = a\nmode = fail\ncontent = new\n[b]\nrecipe = test:file\npath = b\n")
		before["buildout.cfg"] = b.Snapshot()["buildout.cfg"]
		b.Fail()
		if mode == buildout.KeepOld {
			require.Equal(t, before, b.Snapshot(), "as if nothing had happened")
			continue
		}
		require.Nil(t, b.Installed("a"))
		require.False(t, b.Exists("a"))
		require.Equal(t, []string{"b"}, b.Installed("b"))
	}
}

func TestUpdateFails(t *testing.T) {
	for _, mode := range []buildout.OnFailure{buildout.KeepOld, buildout.AsUpstream} {
		b := recipetest.New(t, registry(), nil)
		b.OnFailure = mode
		b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:update\npath = a\n")
		b.Run()
		require.Contains(t, b.Fail(), "While:\n  Updating a.\nError: can't update\n")
		require.Equal(t, mode == buildout.KeepOld, b.Exists("a"))
		require.Equal(t, mode == buildout.KeepOld, b.Installed("a") != nil)
	}
}

// TestRollbackRestores fails after a file that was there was overwritten.
func TestRollbackRestores(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("a", "precious")
	require.NoError(t, os.Chmod(b.Path("a"), 0o640))
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\nmode = fail\n")
	b.Fail()
	require.Equal(t, "precious", b.Read("a"))
	require.Equal(t, fs.FileMode(0o640), b.Mode("a"))
}

func TestUninstaller(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:uninstall\npath = a\ncontent = old\n")
	b.Run()
	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	require.Equal(t, []string{"Uninstalling a.", "Running uninstall recipe."}, b.Run())
	require.Equal(t, "a old", b.Read("uninstalled"))
}

// TestRecordedPathIsDangerous has a record that names the buildout itself.
func TestRecordedPathIsDangerous(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	for _, path := range []string{"/", b.Dir, ".", filepath.Dir(b.Dir)} {
		b.Write(".installed.cfg", "[buildout]\nparts = a\n\n[a]\n__buildout_installed__ = "+path+"\nrecipe = test:file\n")
		_ = os.Remove(b.Path(".installed.cfg.bak")) // which tells otherwise
		require.Contains(t, b.Fail(), "refusing to remove")
		require.True(t, b.Exists("buildout.cfg"))
	}
}

func TestSamePathTwice(t *testing.T) {
	profile := "[buildout]\nparts = a b\n[a]\nrecipe = test:file\npath = x\n[b]\nrecipe = test:file\npath = x\n"
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", profile)
	require.Contains(t, b.Fail(), "While:\n  Installing b.\nError: The following paths are already installed by other sections: {'x': 'a'}\n")
	require.Equal(t, "hello", b.Read("x"))
	b = recipetest.New(t, registry(), nil)
	b.Dialect = buildout.ZC()
	b.Write("buildout.cfg", profile)
	b.Run()
}

func TestDamagedState(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\n")
	for _, damage := range []string{"garbage\n", "[buildout]\nparts = a\n", "[other]\nx = 1\n", "[buildout]\nparts = a\n[a]\njunk\n"} {
		b.Write(".installed.cfg", damage)
		report := b.Fail()
		require.Contains(t, report, "the record of installed parts is damaged")
		require.Contains(t, report, b.Path(".installed.cfg")+":")
		require.Equal(t, damage, b.Read(".installed.cfg"))
		require.False(t, b.Exists("a"))
	}
}

func TestCancelledRun(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = test:file\npath = a\n[b]\nrecipe = test:file\npath = b\nmode = cancel\n")
	_, err := b.TryRun()
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []string{"a"}, b.Installed("a"))
	require.False(t, b.Exists("b"))
}

// TestStateRoundTrip records values with all kinds of white space; the second run
// must find them unchanged.
func TestStateRoundTrip(t *testing.T) {
	for _, value := range []string{"", "x", " x", "x ", "a\n\nb", "\nx", "x\n", "x\n\n", "a\n  b", "a \nb", "%3d %(x)s", "\r\f\v", "  \n  ", "a\r\nb", "$${x}", "é☃", "a = b\n[x]\n# c", "%"} {
		r := &buildout.Registry{}
		r.Register("test", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
			part.Set("value", value)
			return nothing{}, nil
		}})
		b := recipetest.New(t, r, nil)
		b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test\n")
		b.Run()
		require.Equal(t, []string{"Updating a."}, b.Run(), "%q: %s", value, b.Read(".installed.cfg"))
		require.Equal(t, value, b.Option("a", "value"))
	}
}

type nothing struct{}

func (nothing) Install(context.Context, *buildout.Tx) error { return nil }

func TestPlan(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a b c\n[a]\nrecipe = test:file\npath = a\n[b]\nrecipe = test:file\npath = b\ncontent = ${s:x}\n[s]\nx = 1\ny = 1\n[c]\nrecipe = test:file\npath = c\n")
	b.Run()
	require.NoError(t, os.Remove(b.Path("c")))
	b.Write("buildout.cfg", "[buildout]\nparts = b c d\n[b]\nrecipe = test:file\npath = b\ncontent = ${s:x}\nmode = warn\n[s]\nx = 1\ny = 2\n[c]\nrecipe = test:file\npath = c\n[d]\nrecipe = test:file\npath = ${c:location}2\n")
	ctx := context.Background()
	cfg, err := buildout.Load(ctx, b.Path("buildout.cfg"), buildout.LoadOptions{})
	require.NoError(t, err)
	bo, err := buildout.New(ctx, cfg, registry(), buildout.Options{})
	require.NoError(t, err)
	before := b.Snapshot()
	plan, err := bo.Plan(ctx)
	require.NoError(t, err)
	require.Equal(t, before, b.Snapshot(), "a plan writes nothing")
	require.Equal(t, strings.ReplaceAll(`uninstall a
    it is not among the parts any more ($DIR/buildout.cfg:2)
    removes a
reinstall b
    option mode is new: "warn" ($DIR/buildout.cfg:7)
    s, which it depends on, changed
    removes b
reinstall c
    the installed path c is missing
    removes c
install d
1 to uninstall, 2 to reinstall, 1 to install
`, "$DIR", b.Dir), plan.String())
	require.Equal(t, []buildout.Edge{{From: "d", Option: "path", To: "c", Target: "location"}}, bo.Graph().Edges)
	result, err := bo.Apply(ctx, plan)
	require.NoError(t, err)
	for i := range result.Parts {
		require.Positive(t, result.Parts[i].Duration)
		result.Parts[i].Duration = 0
	}
	require.Equal(t, &buildout.Result{Uninstalled: []string{"a", "b", "c"}, Installed: []string{"b", "c", "d"}, Parts: []buildout.PartFinished{
		{Part: "a", Action: buildout.ActionUninstall}, {Part: "b", Action: buildout.ActionReinstall},
		{Part: "c", Action: buildout.ActionReinstall}, {Part: "d", Action: buildout.ActionInstall},
	}}, result)
	_, err = bo.Apply(ctx, plan)
	require.NoError(t, err, "the plan knows the state that it made")
	require.NoError(t, os.Remove(b.Path(".installed.cfg")))
	_, err = bo.Apply(ctx, plan)
	require.ErrorContains(t, err, "What is installed has changed since the plan was made.")
}

func TestGraphThroughSections(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = ${s:x}\n[s]\nx = ${t:x}\n[t]\nx = ${b:location}3\n[b]\nrecipe = test:file\npath = b\n=> c\n[c]\nrecipe = test:file\npath = c\n")
	ctx := context.Background()
	cfg, err := buildout.Load(ctx, b.Path("buildout.cfg"), buildout.LoadOptions{})
	require.NoError(t, err)
	bo, err := buildout.New(ctx, cfg, registry(), buildout.Options{})
	require.NoError(t, err)
	_, err = bo.Plan(ctx)
	require.NoError(t, err)
	require.Equal(t, &buildout.Graph{Parts: []string{"c", "b", "a"}, Edges: []buildout.Edge{
		{From: "b", Option: "<part-dependencies>", To: "c"},
		{From: "a", Option: "path", Through: []string{"s:x", "t:x"}, To: "b", Target: "location"},
	}}, bo.Graph())
}

func TestUnusedOptions(t *testing.T) {
	warning := func(section, options string) string {
		return "Section `" + section + "` contains unused option(s): " + options + ".\nThis may be an indication for either a typo in the option's name or a bug in the used recipe."
	}
	for _, tc := range []struct {
		dialect buildout.Dialect
		again   []string
	}{
		{buildout.SlapOS(), []string{warning("buildout", "'blah'"), "Uninstalling a.", "Installing a.", warning("a", "'x' 'y' 'z'")}},
		{buildout.ZC(), []string{warning("buildout", "'blah'"), "Uninstalling a.", "Installing a."}},
	} {
		b := recipetest.New(t, registry(), nil)
		b.Dialect = tc.dialect
		profile := "[buildout]\nparts = a\nblah = 1\n[a]\nrecipe = test:file\npath = a\nx = 1\ny = 2\n"
		b.Write("buildout.cfg", profile)
		require.Equal(t, []string{warning("buildout", "'blah'"), "Installing a.", warning("a", "'x' 'y'")}, b.Run()[4:])
		b.Write("buildout.cfg", profile+"z = 3\n")
		require.Equal(t, tc.again, b.Run())
	}
}

func TestDryRun(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\ndry-run = true\n[a]\nrecipe = test:file\npath = a\n")
	before := b.Snapshot()
	require.Equal(t, []string{"Installing a."}, b.Run())
	require.Equal(t, before, b.Snapshot())
}

func TestCommand(t *testing.T) {
	r := &buildout.Registry{}
	r.Register("sh", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		script, err := part.Get("script")
		return shell(script), err
	}})
	b := recipetest.New(t, r, nil)
	b.Environ = []string{"PATH=/usr/bin:/bin", "A=1"}
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = sh\nscript = pwd; echo $A $B; env | grep -c HOME\n")
	_, err := b.TryRun()
	var failed *buildout.CommandError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, 1, failed.Code)
	require.Equal(t, b.Dir+"\n1 2\n0", failed.Output)
	require.Equal(t, "Command failed with exit code 1: pwd; echo $A $B; env | grep -c HOME", failed.Error())
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = sh\nscript = kill -9 $$$$\n")
	_, err = b.TryRun()
	require.ErrorAs(t, err, &failed)
}

type shell string

func (s shell) Install(ctx context.Context, tx *buildout.Tx) error {
	return tx.Command(ctx, buildout.Command{Shell: string(s), Env: []string{"B=2"}})
}

func TestDecode(t *testing.T) {
	type options struct {
		Name    string            `buildout:"name,required"`
		Default string            `buildout:"default" default:"d"`
		Strict  bool              `buildout:"strict"`
		Lenient bool              `buildout:"lenient,lenient"`
		Number  int               `buildout:"number" default:"3"`
		Mode    *fs.FileMode      `buildout:"mode"`
		Missing *string           `buildout:"missing"`
		Words   []string          `buildout:"words,words"`
		Lines   []string          `buildout:"lines,lines"`
		Env     map[string]string `buildout:"env"`
	}
	var got options
	r := &buildout.Registry{}
	r.Register("test", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		got = options{}
		return nothing{}, part.Decode(&got)
	}})
	b := recipetest.New(t, r, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test\nname = n\nstrict = true\nlenient = Yes\nmode = 0640\nwords = a b\n  c\nlines =\n  a b\n\n  c\nenv =\n  A = 1=2\n  B=\n")
	b.Run()
	mode := fs.FileMode(0o640)
	require.Equal(t, options{Name: "n", Default: "d", Strict: true, Lenient: true, Number: 3, Mode: &mode,
		Words: []string{"a", "b", "c"}, Lines: []string{"a b", "c"}, Env: map[string]string{"A": "1=2", "B": ""}}, got)
	for option, want := range map[string]string{
		"strict = yes":  "Invalid value for 'strict' option: 'yes'\n  $DIR/buildout.cfg:6 (a:strict)\n    strict = yes\n             ^~~\n  expected true or false\n",
		"mode = 999":    "expected an octal number such as 0755\n",
		"number = many": "expected a whole number\n",
		"env = x":       "expected a line NAME=VALUE\n",
	} {
		b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test\nname = n\n"+option+"\n")
		require.Contains(t, b.Fail(), strings.ReplaceAll(want, "$DIR", b.Dir))
	}
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test\nnmae = n\n")
	require.Contains(t, b.Fail(), "Missing option: a:name\n  "+b.Dir+"/buildout.cfg:3 (a:name)\n    [a]\n  did you mean 'nmae'?\n")
}

func TestSerializedValues(t *testing.T) {
	r := &buildout.Registry{}
	r.Register("set", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		return nothing{}, part.SetValue("n", map[string]any{"a": []any{1, nil, true}})
	}})
	r.Register("get", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		if _, err := part.Value("x"); err != nil {
			return nil, err
		}
		text, err := part.Get("y")
		part.Set("seen", text)
		return nothing{}, err
	}})
	b := recipetest.New(t, r, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[s]\nrecipe = set\n[a]\nrecipe = get\nx = ${s:n}\ny = <${s:n}> $${z}\n")
	b.Run()
	require.Equal(t, "!py!{'a': [1, None, True]}", b.Option("a", "x"))
	require.Equal(t, "<!py!{'a': [1, None, True]}> $${z}", b.Option("a", "y"))
	require.Equal(t, "<!py!{'a': [1, None, True]}> ${z}", b.Option("a", "seen"))
	require.Equal(t, []string{"Updating s.", "Updating a."}, b.Run())
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = get\nx = !py!os\ny = 1\n")
	require.Contains(t, b.Fail(), "name 'os' is not defined")
	b.Dialect = buildout.ZC()
	b.Write("buildout.cfg", "[buildout]\nparts = s\n[s]\nrecipe = set\n")
	require.Contains(t, b.Fail(), "Option values must be strings")
}
