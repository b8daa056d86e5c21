package buildout_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

// storyBuildout is installed, and changed since.
func storyBuildout(t *testing.T) *recipetest.Buildout {
	b := recipetest.New(t, registry(), nil)
	b.Write("base.cfg", "[buildout]\nextends = deep/macros.cfg\n[b]\n<= file\npath = b\n[idle]\nrecipe = test:file\n")
	b.Write("deep/macros.cfg", "[file]\n<= kind\n[kind]\nrecipe = test:file\n")
	profile := "[buildout]\nextends = base.cfg\nparts = a old\nx = ${b:location}\n[a]\n<= file\npath = ${s:dir}/a\ncontent = ${b:location}\n[s]\ndir = d\n[old]\nrecipe = test:file\npath = old\n[b]\nextra = 1\n"
	b.Write("buildout.cfg", profile)
	b.Run()
	b.Write("buildout.cfg", strings.NewReplacer("a old", "a", "extra = 1", "extra = 2", "[old]\nrecipe = test:file\npath = old\n", "").Replace(profile))
	return b
}

func TestWhy(t *testing.T) {
	b := storyBuildout(t)
	for name, want := range map[string]string{
		"a": `a is a part of the recipe test:file
  declared at $DIR/buildout.cfg:5
  takes the options of file ($DIR/deep/macros.cfg:1) at $DIR/buildout.cfg:6
  takes the options of kind ($DIR/deep/macros.cfg:3) at $DIR/deep/macros.cfg:2
  listed in parts ($DIR/buildout.cfg:3)
  refers to s: path → dir
  refers to b: content → location
reinstall a
    b, which it depends on, changed
    removes d/a
because of
reinstall b
    option extra changed from "1" to "2" ($DIR/buildout.cfg:12)
    removes b
`,
		"b": `b is a part of the recipe test:file
  declared at $DIR/base.cfg:3, extended at $DIR/buildout.cfg:2
  continued at $DIR/buildout.cfg:11
  takes the options of file ($DIR/deep/macros.cfg:1) at $DIR/base.cfg:4
  takes the options of kind ($DIR/deep/macros.cfg:3) at $DIR/deep/macros.cfg:2
  referred to by buildout: x → location
  referred to by a: content → location
reinstall b
    option extra changed from "1" to "2" ($DIR/buildout.cfg:12)
    removes b
`,
		"file": `file is a section that nothing asks for
  declared at $DIR/deep/macros.cfg:1, extended at $DIR/buildout.cfg:2 -> $DIR/base.cfg:2
  takes the options of kind ($DIR/deep/macros.cfg:3) at $DIR/deep/macros.cfg:2
a run has nothing to do with it
`,
		"idle": `idle is a section that nothing asks for
  declared at $DIR/base.cfg:6, extended at $DIR/buildout.cfg:2
a run has nothing to do with it
`,
		"s": `s is a section without a recipe
  declared at $DIR/buildout.cfg:9
  referred to by a: path → dir
a run has nothing to do with it
`,
		"old": `old is installed, and no section of the profile
uninstall old
    it is not among the parts any more ($DIR/buildout.cfg:3)
    removes old
`,
	} {
		story, err := open(t, b, registry()).Why(context.Background(), name)
		require.NoError(t, err)
		require.Equal(t, want, strings.ReplaceAll(story.String(), b.Dir, "$DIR"), name)
	}
}

// TestWhyMacroLines gives each macro the line that names it, and not that of "<=".
func TestWhyMacroLines(t *testing.T) {
	b := storyBuildout(t)
	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\n<=\n  m\n# and\n  n\nrecipe = test:file\npath = p\n[m]\n[n]\n")
	story, err := open(t, b, registry()).Why(context.Background(), "a")
	require.NoError(t, err)
	require.Len(t, story.Macros, 2)
	require.Equal(t, 5, story.Macros[0].Used.Line)
	require.Equal(t, 7, story.Macros[1].Used.Line)
}

func TestWhyOfNothing(t *testing.T) {
	b := storyBuildout(t)
	_, err := open(t, b, registry()).Why(context.Background(), "idel")
	var e *buildout.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, buildout.CodeUnknownSection, e.Code)
	require.Equal(t, "did you mean 'idle'?", e.Hint)
}

// TestWhyJSON pins the names of the fields.
func TestWhyJSON(t *testing.T) {
	b := storyBuildout(t)
	story, err := open(t, b, registry()).Why(context.Background(), "a")
	require.NoError(t, err)
	story.Step, story.Causes = nil, nil // as in a plan
	text, err := json.Marshal(story)
	require.NoError(t, err)
	require.JSONEq(t, strings.ReplaceAll(`{"part": "a", "recipe": "test:file",
		"declared": [{"pos": {"file": "$DIR/buildout.cfg", "line": 5, "column": 1}, "extends": []}],
		"macros": [
			{"name": "file", "pos": {"file": "$DIR/deep/macros.cfg", "line": 1, "column": 1}, "used": {"file": "$DIR/buildout.cfg", "line": 6, "column": 4}},
			{"name": "kind", "pos": {"file": "$DIR/deep/macros.cfg", "line": 3, "column": 1}, "used": {"file": "$DIR/deep/macros.cfg", "line": 2, "column": 4}}],
		"listed": true, "parts": {"file": "$DIR/buildout.cfg", "line": 3, "column": 1},
		"referredBy": [],
		"refersTo": [{"from": "a", "option": "path", "to": "s", "target": "dir"}, {"from": "a", "option": "content", "to": "b", "target": "location"}],
		"causes": null}`, "$DIR", b.Dir), string(text))
}
