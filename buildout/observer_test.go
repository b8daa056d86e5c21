package buildout_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

// observed words events, without what is never the same.
func observed(events []buildout.Event) []string {
	var out []string
	for _, e := range events {
		switch e := e.(type) {
		case buildout.PartFinished:
			out = append(out, fmt.Sprintf("%s: %s ended, %v", e.Part, e.Action, e.Err))
		case buildout.CommandFinished:
			out = append(out, fmt.Sprintf("%s: command ended, %v", e.Part, e.Err))
		case buildout.DownloadFinished:
			out = append(out, fmt.Sprintf("%s: download ended, %v", e.Part, e.Err))
		case buildout.CommandStarted:
			out = append(out, fmt.Sprintf("%s: command %s", e.Part, e.Command))
		case buildout.CommandOutput:
			out = append(out, fmt.Sprintf("%s: %q", e.Part, e.Text))
		case buildout.DownloadProgress:
			out = append(out, fmt.Sprintf("%s: %d of %d", e.Part, e.Bytes, e.Total))
		default:
			out = append(out, fmt.Sprintf("%T %+v", e, e))
		}
	}
	return out
}

// busy is a recipe that downloads and runs commands.
func busy() *buildout.Registry {
	r := &buildout.Registry{}
	r.Register("busy", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		return acts{func(ctx context.Context, tx *buildout.Tx) error {
			if url, ok, _ := part.Lookup("url"); ok {
				if _, err := tx.Fetch(ctx, url, buildout.FetchOptions{}); err != nil {
					return err
				}
			}
			shell, err := part.Get("shell")
			if err != nil {
				return err
			}
			return tx.Command(ctx, buildout.Command{Shell: shell})
		}, func(context.Context, *buildout.Tx) error { return nil }}, nil
	}})
	return r
}

func TestObserver(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) }))
	defer server.Close()
	url := strings.Replace(server.URL, "http://", "http://user:secret@", 1) + "/x"
	b := recipetest.New(t, nil, nil)
	profile := "[buildout]\nparts = a b\n[a]\nrecipe = busy\nurl = " + url + "\nshell = echo one; echo two >&2; printf three\n[b]\nrecipe = busy\nshell = exit 3\n"
	b.Write("buildout.cfg", profile)
	run := func(o buildout.Options) ([]string, *buildout.Result, error) {
		var events []buildout.Event
		var inside atomic.Int32
		o.Observer = func(e buildout.Event) {
			if inside.Add(1) != 1 {
				t.Error("two events at once")
			}
			events = append(events, e)
			inside.Add(-1)
		}
		o.Fetcher = &fetch.Client{}
		result, err := openAs(t, b, busy(), o).Install(t.Context())
		return observed(events), result, err
	}
	events, result, err := run(buildout.Options{})
	var failed *buildout.CommandError
	require.ErrorAs(t, err, &failed)
	record := b.Path(".installed.cfg")
	require.Equal(t, []string{
		"buildout.PartStarted {Part:a Action:install}",
		"buildout.DownloadStarted {Part:a URL:" + server.URL + "/x}",
		"a: 0 of 5", "a: 5 of 5",
		"a: download ended, <nil>",
		"a: command echo one; echo two >&2; printf three",
		`a: "one\n"`, `a: "two\n"`, `a: "three"`,
		"a: command ended, <nil>",
		"buildout.StateWritten {Path:" + record + "}",
		"a: install ended, <nil>",
		"buildout.PartStarted {Part:b Action:install}",
		"b: command exit 3",
		"b: command ended, Command failed with exit code 3: exit 3",
		"b: install ended, " + err.Error(),
	}, events)
	require.Len(t, result.Parts, 2)
	require.Equal(t, err, result.Parts[1].Err)

	b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = busy\nshell = true\n")
	for onFailure, want := range map[buildout.OnFailure][]string{
		buildout.KeepOld: {"PartStarted {Part:a Action:reinstall}", "a: command true", "a: command ended, <nil>", "a: reinstall ended, <nil>"},
		buildout.AsUpstream: {"PartStarted {Part:a Action:uninstall}", "a: uninstall ended, <nil>",
			"PartStarted {Part:a Action:reinstall}", "a: command true", "a: command ended, <nil>", "a: reinstall ended, <nil>"},
	} {
		b.Write("keep.cfg", b.Read(".installed.cfg"))
		events, _, err = run(buildout.Options{OnFailure: onFailure})
		require.NoError(t, err)
		var got []string
		for _, e := range events {
			if !strings.Contains(e, "StateWritten") {
				got = append(got, strings.TrimPrefix(e, "buildout."))
			}
		}
		require.Equal(t, want, got)
		b.Write(".installed.cfg", b.Read("keep.cfg"))
		require.NoError(t, os.Remove(b.Path(".installed.cfg.bak")))
	}
}

// TestObserverSideBySide: what several parts do comes one event at a time, that
// of each in its order, and what their commands print in whole lines.
func TestObserverSideBySide(t *testing.T) {
	b := recipetest.New(t, nil, nil)
	var profile strings.Builder
	profile.WriteString("[buildout]\nparts = a b c d e f\n")
	for _, name := range strings.Fields("a b c d e f") {
		fmt.Fprintf(&profile, "[%s]\nrecipe = busy\nshell = for i in 1 2 3 4 5 6 7 8 9; do printf %s; printf \"%s$i\\n\"; done; printf %s\n", name, name, name, name)
	}
	b.Write("buildout.cfg", profile.String())
	byPart := map[string][]buildout.Event{}
	var output strings.Builder
	_, err := openAs(t, b, busy(), buildout.Options{Workers: 3, Output: &output, Observer: func(e buildout.Event) {
		part := ""
		switch e := e.(type) {
		case buildout.PartStarted:
			part = e.Part
		case buildout.PartFinished:
			part = e.Part
		case buildout.CommandStarted:
			part = e.Part
		case buildout.CommandOutput:
			part = e.Part
		case buildout.CommandFinished:
			part = e.Part
		}
		byPart[part] = append(byPart[part], e)
	}}).Install(t.Context())
	require.NoError(t, err)
	for _, name := range strings.Fields("a b c d e f") {
		text := observed(byPart[name])
		require.Len(t, text, 14)
		require.Equal(t, "buildout.PartStarted {Part:"+name+" Action:install}", text[0])
		require.Equal(t, name+": \""+name+name+"9\\n\"", text[10])
		require.Equal(t, name+": \""+name+"\"", text[11])
		require.Equal(t, name+": install ended, <nil>", text[13])
	}
	for line := range strings.Lines(output.String()) {
		require.Regexp(t, `^(a+|b+|c+|d+|e+|f+)\d?\n$`, line)
	}
}

// ExampleOptions_observer shows how far each part is.
func ExampleOptions_observer() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "buildout.cfg")
	profile := "[buildout]\nparts = tool broken\n\n[tool]\nrecipe = busy\nshell = echo compiling; echo linking\n\n[broken]\nrecipe = busy\nshell = false\n"
	if err := os.WriteFile(file, []byte(profile), 0o666); err != nil {
		panic(err)
	}
	ctx := context.Background()
	cfg, err := buildout.Load(ctx, file, buildout.LoadOptions{})
	if err != nil {
		panic(err)
	}
	b, err := buildout.New(ctx, cfg, busy(), buildout.Options{Workers: 1, Observer: func(e buildout.Event) {
		switch e := e.(type) {
		case buildout.PartStarted:
			fmt.Println(e.Part, e.Action)
		case buildout.CommandOutput:
			fmt.Print(e.Part, " says ", e.Text)
		case buildout.PartFinished:
			fmt.Println(e.Part, "ended well:", e.Err == nil)
		}
	}})
	if err != nil {
		panic(err)
	}
	result, err := b.Install(ctx)
	var failed *buildout.CommandError
	fmt.Println(errors.As(err, &failed), result.Installed)
	// Output:
	// tool install
	// tool says compiling
	// tool says linking
	// tool ended well: true
	// broken install
	// broken ended well: false
	// true [tool]
}
