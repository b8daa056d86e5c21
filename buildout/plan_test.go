package buildout_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

// open loads buildout.cfg of a test's buildout.
func open(t *testing.T, b *recipetest.Buildout, r *buildout.Registry) *buildout.Buildout {
	t.Helper()
	ctx := context.Background()
	cfg, err := buildout.Load(ctx, b.Path("buildout.cfg"), buildout.LoadOptions{Dialect: b.Dialect, WorkingDirectory: b.Dir, Overrides: b.Overrides})
	require.NoError(t, err)
	bo, err := buildout.New(ctx, cfg, r, buildout.Options{Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return bo
}

// planned is the text of a plan, with $DIR for the directory.
func planned(t *testing.T, b *recipetest.Buildout, parts ...string) string {
	t.Helper()
	plan, err := open(t, b, registry()).Plan(context.Background(), parts...)
	require.NoError(t, err)
	return strings.ReplaceAll(plan.String(), b.Dir, "$DIR")
}

// TestPlanReasons installs one profile and plans another: before and after are
// what stands below [buildout].
func TestPlanReasons(t *testing.T) {
	for _, tc := range []struct{ name, before, after, want string }{
		{"option changed", "[a]\nrecipe = test:file\npath = a\ncontent = 1\n", "[a]\nrecipe = test:file\npath = a\ncontent = 2\n",
			`option content changed from "1" to "2" ($DIR/buildout.cfg:6)`},
		{"option gone", "[a]\nrecipe = test:file\npath = a\ncontent = 1\n", "[a]\nrecipe = test:file\npath = a\n",
			`option content is gone, it was "1"`},
		{"by another option", "[a]\nrecipe = test:file\npath = a\ncontent = <${s:x}>\n[s]\nx = ${:y}1\ny = 1\n", "[a]\nrecipe = test:file\npath = a\ncontent = <${s:x}>\n[s]\nx = ${:y}1\ny = 2\n",
			"option content changed from \"<11>\" to \"<21>\", by ${s:y} ($DIR/buildout.cfg:9)\n    s, which it depends on, changed"},
		{"the text, not what it refers to", "[a]\nrecipe = test:file\npath = a\ncontent = <${s:x}>\n[s]\nx = 1\n", "[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}!\n[s]\nx = 1\n",
			`option content changed from "<1>" to "1!" ($DIR/buildout.cfg:6)`},
		{"the text before a reference", "[a]\nrecipe = test:file\npath = a\ncontent = 11\n[s]\nx = 1\n", "[a]\nrecipe = test:file\npath = a\ncontent = !${s:x}\n[s]\nx = 1\n",
			`option content changed from "11" to "!1" ($DIR/buildout.cfg:6)`},
		{"lines", "[a]\nrecipe = test:file\npath = a\ncontent =\n  x\n  y\n  z\n", "[a]\nrecipe = test:file\npath = a\ncontent =\n  x\n  z\n  w\n",
			"option content changed ($DIR/buildout.cfg:6)\n      - \"y\"\n      + \"w\""},
		{"order of lines", "[a]\nrecipe = test:file\npath = a\ncontent =\n  x\n  y\n", "[a]\nrecipe = test:file\npath = a\ncontent =\n  y\n  x\n",
			"option content changed ($DIR/buildout.cfg:6)\n      the same lines in another order"},
		{"a value behind a part's back", "[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = 1\n", "[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = 1\nz = 3\n",
			"s, which it depends on, changed\n      option z is new: \"3\" ($DIR/buildout.cfg:9)"},
		{"a value that a part recorded", "[a]\nrecipe = test:file\npath = ${s:p}\n[s]\np = a\n", "[a]\nrecipe = test:file\npath = ${s:p}\n[s]\np = b\nq = 1\n",
			"option location changed from \"$DIR/a\" to \"$DIR/b\" ($DIR/buildout.cfg:3)\n    option path changed from \"a\" to \"b\", by ${s:p} ($DIR/buildout.cfg:7)\n    s, which it depends on, changed\n      option p changed from \"a\" to \"b\" ($DIR/buildout.cfg:7)\n      option q is new: \"1\" ($DIR/buildout.cfg:8)"},
		{"two values that a part recorded", "[a]\nrecipe = test:file\npath = a\nx = ${s:x}\ny = ${s:y}\n[s]\nx = 1\ny = 1\n", "[a]\nrecipe = test:file\npath = a\nx = ${s:x}\ny = ${s:y}\n[s]\nx = 2\ny = 2\n",
			"s, which it depends on, changed\n      option x changed from \"1\" to \"2\" ($DIR/buildout.cfg:9)\n      option y changed from \"1\" to \"2\" ($DIR/buildout.cfg:10)"},
		{"a value that nothing recorded", "[a]\nrecipe = test:file\npath = a\nx = ${s:x}\n[s]\nx = 1\ny = 1\n", "[a]\nrecipe = test:file\npath = a\nx = ${s:x}\n[s]\nx = 1\ny = 2\n",
			"s, which it depends on, changed\n    removes a"},
		{"depends on more", "[a]\nrecipe = test:file\npath = a\ncontent = 1\n[s]\nx = 1\n", "[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = 1\n",
			"it depends on s now"},
		{"depends on less", "[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = 1\n", "[a]\nrecipe = test:file\npath = a\ncontent = 1\n[s]\nx = 1\n",
			"it no longer depends on s"},
		{"recipe", "[a]\nrecipe = test:file\npath = a\n", "[a]\nrecipe = test:uninstall\npath = a\n",
			`option recipe changed from "test:file" to "test:uninstall" ($DIR/buildout.cfg:4)`},
		{"secret by name", "[a]\nrecipe = test:file\npath = a\nadmin-Password = 1\n", "[a]\nrecipe = test:file\npath = a\nadmin-Password = 2\n",
			`option admin-Password changed ($DIR/buildout.cfg:6)`},
		{"secret by reference", "[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = <${t:api-token}>\n[t]\napi-token = 1\n", "[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = <${t:api-token}>\n[t]\napi-token = 2\n",
			"option content changed, by ${t:api-token} ($DIR/buildout.cfg:10)\n    s, which it depends on, changed\n      option x changed, by ${t:api-token} ($DIR/buildout.cfg:10)\n    removes a"},
		{"secret in the value", "[a]\nrecipe = test:file\npath = a\ncontent = https://me:1@example.org/\n", "[a]\nrecipe = test:file\npath = a\ncontent = 2\n",
			`option content changed ($DIR/buildout.cfg:6)`},
		{"secret in a line", "[a]\nrecipe = test:file\npath = a\n", "[a]\nrecipe = test:file\npath = a\ncontent =\n  A = 1\n  DB_PASSWD = 1\n",
			`option content is new ($DIR/buildout.cfg:6)`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := recipetest.New(t, registry(), nil)
			b.Write("buildout.cfg", "[buildout]\nparts = a\n"+tc.before)
			b.Run()
			b.Write("buildout.cfg", "[buildout]\nparts = a\n"+tc.after)
			text := planned(t, b)
			require.True(t, strings.HasPrefix(text, "reinstall a\n    "), text)
			require.Contains(t, text, "\n    "+tc.want+"\n")
		})
	}
}

// TestSecretsStayOut looks for a secret in every form of a plan.
func TestSecretsStayOut(t *testing.T) {
	const profile = "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = ${t:secret}\n[t]\nsecret = %s\n"
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", fmt.Sprintf(profile, "hunter2"))
	b.Run()
	b.Write("buildout.cfg", fmt.Sprintf(profile, "hunter3"))
	ctx := context.Background()
	plan, err := open(t, b, registry()).Plan(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, plan.Steps[0].Reasons)
	story, err := open(t, b, registry()).Why(ctx, "a")
	require.NoError(t, err)
	for _, value := range []any{plan, story} {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		require.NotContains(t, string(text)+fmt.Sprint(value)+fmt.Sprintf("%+v", value), "hunter")
	}
}

func TestPlanPaths(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Dialect = buildout.ZC() // in which two parts can own a path
	b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = test:file\npath = x/a\n[b]\nrecipe = test:file\npath = x/b\n")
	b.Run()
	b.Write(".installed.cfg", strings.ReplaceAll(b.Read(".installed.cfg"), "__buildout_installed__ = x/b", "__buildout_installed__ = x"))
	require.NoError(t, os.Remove(b.Path(".installed.cfg.bak"))) // which tells otherwise
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = x/a\n")
	require.Equal(t, `uninstall b
    it is not among the parts any more ($DIR/buildout.cfg:2)
    removes x
reinstall a
    the installed path x/a goes with b
    removes x/a
1 to uninstall, 1 to reinstall
`, planned(t, b))
	require.NoError(t, os.Remove(b.Path("x/a")))
	require.Contains(t, planned(t, b), "the installed path x/a is missing\n")
}

func TestPlanOfNamedParts(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a b c\n[a]\nrecipe = test:file\npath = a\n[b]\nrecipe = test:file\npath = b\n[c]\nrecipe = test:file\npath = c\n")
	b.Run()
	b.Write("buildout.cfg", "[buildout]\nparts = b\n[b]\nrecipe = test:file\npath = b\n")
	require.Equal(t, "update b\n1 to update, 2 left alone\n", planned(t, b, "b"))
	plan, err := open(t, b, registry()).Plan(context.Background(), "b")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "c"}, plan.Kept)
	require.Equal(t, "uninstall", string(mustPlan(t, b).Uninstall[0].Action))
}

func mustPlan(t *testing.T, b *recipetest.Buildout) *buildout.Plan {
	t.Helper()
	plan, err := open(t, b, registry()).Plan(context.Background())
	require.NoError(t, err)
	return plan
}

func TestEmptyPlan(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	require.Equal(t, "nothing to do\n", planned(t, b))
	text, err := json.Marshal(mustPlan(t, b))
	require.NoError(t, err)
	require.Equal(t, `{"uninstall":[],"steps":[],"kept":[]}`, string(text))
}

func TestPlanColour(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\n")
	var text strings.Builder
	require.NoError(t, mustPlan(t, b).Write(&text, true))
	require.Equal(t, "\x1b[32minstall\x1b[0m a\n\x1b[32m1 to install\x1b[0m\n", text.String())
}

// TestPlanJSON pins the names of the fields.
func TestPlanJSON(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = test:file\npath = ${s:p}\n[s]\np = a\n[b]\nrecipe = test:file\npath = b\n")
	b.Run()
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = ${s:p}\nkey = 1\n[s]\np = c\n")
	text, err := json.MarshalIndent(mustPlan(t, b), "", " ")
	require.NoError(t, err)
	require.JSONEq(t, strings.ReplaceAll(`{
 "uninstall": [{"part": "b", "action": "uninstall", "recipe": "test:file", "removes": ["b"],
  "reasons": [{"kind": "not-listed", "pos": {"file": "$DIR/buildout.cfg", "line": 2, "column": 1},
   "text": "it is not among the parts any more ($DIR/buildout.cfg:2)"}]}],
 "steps": [{"part": "a", "action": "reinstall", "recipe": "test:file", "pos": {"file": "$DIR/buildout.cfg", "line": 3, "column": 1}, "removes": ["a"],
  "reasons": [
   {"kind": "option-changed", "option": "location", "was": "$DIR/a", "now": "$DIR/c", "pos": {"file": "$DIR/buildout.cfg", "line": 3, "column": 1},
    "text": "option location changed from \"$DIR/a\" to \"$DIR/c\" ($DIR/buildout.cfg:3)"},
   {"kind": "option-changed", "option": "path", "was": "a", "now": "c", "origin": "s:p", "pos": {"file": "$DIR/buildout.cfg", "line": 8, "column": 1},
    "text": "option path changed from \"a\" to \"c\", by ${s:p} ($DIR/buildout.cfg:8)"},
   {"kind": "option-new", "option": "key", "secret": true, "pos": {"file": "$DIR/buildout.cfg", "line": 6, "column": 1},
    "text": "option key is new ($DIR/buildout.cfg:6)"},
   {"kind": "dependency-changed", "section": "s",
    "changes": [{"kind": "option-changed", "option": "p", "was": "a", "now": "c", "pos": {"file": "$DIR/buildout.cfg", "line": 8, "column": 1},
     "text": "option p changed from \"a\" to \"c\" ($DIR/buildout.cfg:8)"}],
    "text": "s, which it depends on, changed"}]}],
 "kept": []}`, "$DIR", b.Dir), string(text))
}

// TestRecipeVersion has a new version of a recipe, which may be ignored.
func TestRecipeVersion(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\n")
	b.Run()
	r := &buildout.Registry{}
	r.Register("test:file", buildout.Entry{New: newFile, Version: "2"})
	plan, err := open(t, b, r).Plan(context.Background())
	require.NoError(t, err)
	require.Equal(t, []buildout.Reason{{Kind: buildout.ReasonRecipeChanged, Was: "test-1", Now: "test-2"}}, plan.Steps[0].Reasons)
	require.Equal(t, "reinstall a\n    the recipe changed from test-1 to test-2\n    removes a\n1 to reinstall\n", plan.String())
	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "check-signature", Value: "false"}}
	plan, err = open(t, b, r).Plan(context.Background())
	require.NoError(t, err)
	require.Equal(t, buildout.ActionUpdate, plan.Steps[0].Action)
}

// signer is a recipe that signs the content of the file that its option names.
type signer struct {
	nothing
	path string
}

func (s signer) Sign(_ context.Context, w io.Writer) error {
	content, err := os.ReadFile(s.path)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}

func TestSigner(t *testing.T) {
	r := registry()
	r.Register("test:signer", buildout.Entry{Version: "1", New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		path, err := part.Get("source")
		return signer{path: part.Path(path)}, err
	}})
	for _, d := range buildout.Dialects() {
		b := recipetest.New(t, r, nil)
		b.Dialect = d
		b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = test:signer\nsource = in\n[b]\nrecipe = test:file\npath = b\n")
		b.Write("in", "1")
		b.Run()
		require.Contains(t, b.Read(".installed.cfg"), "__buildout_signature__ = test-1\n", "recipes that sign nothing are signed as ever")
		require.Equal(t, []string{"Updating a.", "Updating b."}, b.Run())
		b.Write("in", "2")
		plan, err := open(t, b, r).Plan(context.Background())
		require.NoError(t, err)
		require.Equal(t, "reinstall a\n    what its recipe makes it from changed\nupdate b\n1 to reinstall, 1 to update\n", plan.String())
		require.Equal(t, []string{"Uninstalling a.", "Installing a.", "Updating b."}, b.Run())
		require.NoError(t, os.Remove(b.Path("in")))
		require.Contains(t, b.Fail(), "no such file or directory\n  "+b.Path("buildout.cfg")+":3 (section a)\n")
	}
}

// TestSignatures changes one thing and sees which parts are installed anew.
func TestSignatures(t *testing.T) {
	const chain = "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = ${t:x}\nunused = %s\n[t]\nx = ${b:location}\ny = ${c:location}%s\n" +
		"[b]\nrecipe = test:file\npath = b\ncontent = %s\n[c]\nrecipe = test:file\npath = c\ncontent = %s\n"
	fill := func(s, t, b, c string) string { return fmt.Sprintf(chain, s, t, b, c) }
	for _, tc := range []struct {
		name    string
		profile string
		want    []string
	}{
		{"nothing", fill("1", "1", "1", "1"), nil},
		{"a section that it refers to", fill("2", "1", "1", "1"), []string{"a"}},
		{"what a section behind does not pass on", fill("1", "2", "1", "1"), nil},
		{"a part behind plain sections", fill("1", "1", "2", "1"), []string{"b", "a"}},
		{"a part that another option of a section refers to", fill("1", "1", "1", "2"), []string{"c"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := recipetest.New(t, registry(), nil)
			b.Write("buildout.cfg", fill("1", "1", "1", "1"))
			b.Run()
			b.Write("buildout.cfg", tc.profile)
			var again []string
			for _, s := range mustPlan(t, b).Steps {
				if s.Action != buildout.ActionUpdate {
					again = append(again, s.Part)
				}
			}
			require.Equal(t, tc.want, again)
			b.Run()
			require.NotContains(t, planned(t, b), "install", "once is enough")
		})
	}
}

// TestSignatureOfSetOptions has an option that a recipe sets, and passes on
// through a plain section, change.
func TestSignatureOfSetOptions(t *testing.T) {
	version := "1"
	r := registry()
	r.Register("test:set", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		part.Set("version", version)
		return nothing{}, nil
	}})
	b := recipetest.New(t, r, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\ncontent = ${s:x}\n[s]\nx = ${b:version}\n[b]\nrecipe = test:set\n")
	b.Run()
	version = "2"
	plan, err := open(t, b, r).Plan(context.Background())
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(`reinstall b
    option version changed from "1" to "2" ($DIR/buildout.cfg:9)
reinstall a
    option content changed from "1" to "2", by ${b:version} ($DIR/buildout.cfg:9)
    b, which it depends on, changed
    s, which it depends on, changed
      option x changed from "1" to "2", by ${b:version} ($DIR/buildout.cfg:9)
    removes a
2 to reinstall
`, "$DIR", b.Dir), plan.String())
}

// TestSignatureOfNamedParts installs a part alone: what it depends on is as it is
// installed, whatever the profile says of it by now.
func TestSignatureOfNamedParts(t *testing.T) {
	profile := "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\ncontent = ${b:location}\n[b]\nrecipe = test:file\npath = b\n"
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", profile)
	b.Run("a")
	require.Equal(t, []string{"Installing b.", "Uninstalling a.", "Installing a."}, b.Run(), "a was installed without b")
	require.Equal(t, []string{"Updating a."}, b.Run("a"))
	b.Write("buildout.cfg", profile+"content = 2\n")
	require.Equal(t, []string{"Updating a."}, b.Run("a"), "b is as it was")
	require.Equal(t, []string{"Uninstalling b.", "Installing b.", "Uninstalling a.", "Installing a."}, b.Run())
	require.Equal(t, []string{"Updating b.", "Updating a."}, b.Run())
}

// keeper is a Fetcher that, asked to keep what it fetches, does.
type keeper struct{}

func (keeper) Fetch(_ context.Context, url, _, cache string, _ bool) (string, bool, error) {
	if cache == "" {
		f, err := os.CreateTemp("", "keeper")
		if err != nil {
			return "", false, err
		}
		return f.Name(), true, f.Close()
	}
	return cache, false, os.WriteFile(cache, nil, 0o666)
}

// TestPlanKeepsNoDownload has a recipe that fetches while it is constructed.
func TestPlanKeepsNoDownload(t *testing.T) {
	r := &buildout.Registry{}
	var fetched string
	r.Register("test", buildout.Entry{New: func(ctx context.Context, part *buildout.Part) (buildout.Recipe, error) {
		path, remove, err := part.Fetch(ctx, "http://example.org/x", buildout.FetchOptions{PlainName: true})
		defer remove()
		fetched = path
		return nothing{}, err
	}})
	b := recipetest.New(t, r, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\ndownload-cache = cache\n[a]\nrecipe = test\n")
	require.NoError(t, os.Mkdir(b.Path("cache"), 0o777))
	ctx := context.Background()
	plan := func() {
		cfg, err := buildout.Load(ctx, b.Path("buildout.cfg"), buildout.LoadOptions{})
		require.NoError(t, err)
		bo, err := buildout.New(ctx, cfg, r, buildout.Options{Fetcher: keeper{}})
		require.NoError(t, err)
		_, err = bo.Plan(ctx)
		require.NoError(t, err)
	}
	plan()
	require.False(t, b.Exists("cache/x"))
	require.NoFileExists(t, fetched)
	b.Write("cache/x", "")
	plan()
	require.Equal(t, b.Path("cache/x"), fetched, "what is there is used, and stays")
	require.True(t, b.Exists("cache/x"))
}

// TestTwoPlans makes two plans with one Buildout, whose parts refer to each other.
func TestTwoPlans(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\ncontent = ${b:content}\nx = 1\n[b]\nrecipe = test:file\npath = b\ncontent = b\ny = ${a:x}\n")
	b.Run()
	bo := open(t, b, registry())
	for range 2 {
		plan, err := bo.Plan(context.Background())
		require.NoError(t, err)
		require.Equal(t, "update b\nupdate a\n2 to update\n", plan.String())
	}
}
