package buildout_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

// partLog keeps the messages of each part, "" being those of the run.
type partLog struct {
	mu    sync.Mutex
	texts map[string][]string
}

func (l *partLog) logger() *slog.Logger { return slog.New(partHandler{l, ""}) }

type partHandler struct {
	log  *partLog
	part string
}

func (h partHandler) Enabled(context.Context, slog.Level) bool { return true }
func (h partHandler) Handle(_ context.Context, r slog.Record) error {
	part := h.part
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "part" {
			part = a.Value.String()
		}
		return true
	})
	h.log.mu.Lock()
	defer h.log.mu.Unlock()
	if h.log.texts == nil {
		h.log.texts = map[string][]string{}
	}
	h.log.texts[part] = append(h.log.texts[part], r.Message)
	return nil
}
func (h partHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		if a.Key == "part" {
			h.part = a.Value.String()
		}
	}
	return h
}
func (h partHandler) WithGroup(string) slog.Handler { return h }

// beside are recipes that ask all that recipes can ask while others are at work.
type beside struct{ part *buildout.Part }

func (r beside) get(option string) string { v, _, _ := r.part.Lookup(option); return v }

func (r beside) Install(ctx context.Context, tx *buildout.Tx) error {
	tx.Log().Info("makes " + r.get("path"))
	text := "I am " + r.part.Name() + "\n"
	for _, name := range strings.Fields(r.get("needs")) {
		other, err := r.part.Section(name)
		if err != nil {
			return err
		}
		path, err := other.Get("path")
		if err != nil {
			return err
		}
		made, err := os.ReadFile(tx.Path(path + "/made"))
		if err != nil {
			return err // it is not there yet
		}
		done, err := other.Get("done")
		if err != nil {
			return err
		}
		text += "after " + done + ", " + strings.ReplaceAll(string(made), "\n", ";") + "\n"
	}
	more, err := r.part.Substitute("template", "${plain:x} ${:_buildout_section_name_}\n")
	if err != nil {
		return err
	}
	if err := r.part.Parse(fmt.Sprintf("[late-%s]\nvalue = ${plain:x}\n", r.part.Name())); err != nil {
		return err
	}
	path := tx.Path(r.get("path"))
	if _, err := os.Stat(path); err == nil {
		text += "what is inside came before\n"
	}
	tx.Created(path)
	if err := tx.MkdirAll(path, 0o755); err != nil {
		return err
	}
	r.part.Set("done", r.part.Name()+" of "+r.get("content"))
	return tx.WriteFile(filepath.Join(path, "made"), []byte(text+more+r.get("content")), 0o644)
}

func (r beside) Update(_ context.Context, tx *buildout.Tx) error {
	r.part.Set("done", r.part.Name()+" updated")
	if r.get("grow") != "" {
		return tx.WriteFile(r.get("path")+".grown", []byte(r.part.Name()), 0o644)
	}
	return nil
}

func besideRecipes() *buildout.Registry {
	r := &buildout.Registry{}
	r.Register("beside", buildout.Entry{Version: "1", New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		part.Set("location", part.Path("parts/"+part.Name()))
		return beside{part}, nil
	}})
	return r
}

// randomGraph is a profile of parts that refer to each other in many ways.
func randomGraph(r *rand.Rand, change int) string {
	names := make([]string, 6+r.IntN(14))
	for i := range names {
		names[i] = fmt.Sprintf("p%02d", i)
	}
	listed := slices.Clone(names)
	r.Shuffle(len(listed), func(i, j int) { listed[i], listed[j] = listed[j], listed[i] })
	var b strings.Builder
	fmt.Fprintf(&b, "[buildout]\nparts = %s\n", strings.Join(listed, " "))
	if r.IntN(3) == 0 {
		fmt.Fprintf(&b, "value = ${p00:location}\n")
	}
	fmt.Fprintf(&b, "[plain]\nx = plain\n")
	for i, name := range names {
		content := "0"
		if r.IntN(2) == 0 {
			content = fmt.Sprint(change)
		}
		path := "parts/" + name
		var needs []string
		var options strings.Builder
		for j := range i {
			switch other := names[j]; {
			case r.IntN(i) > 1:
			case r.IntN(4) == 0:
				fmt.Fprintf(&options, "=> %s\n", other)
			case r.IntN(3) == 0:
				fmt.Fprintf(&b, "[between-%s-%s]\nx = ${%s:location}\n", name, other, other)
				fmt.Fprintf(&options, "through-%s = ${between-%s-%s:x}\n", other, name, other)
				needs = append(needs, other)
			case r.IntN(4) == 0 && path == "parts/"+name:
				path = "parts/" + other + "/inside-" + name // without a reference
			default:
				fmt.Fprintf(&options, "to-%s = ${%s:location}\n", other, other)
				needs = append(needs, other)
			}
		}
		if r.IntN(3) == 0 {
			fmt.Fprintf(&options, "grow = %d\n", change)
		}
		fmt.Fprintf(&b, "[%s]\nrecipe = beside\npath = %s\ncontent = %s\nneeds = %s\nunread = x\n%s", name, path, content, strings.Join(needs, " "), options.String())
	}
	return b.String()
}

// TestParallelGraphs carries out the same random histories, of four runs each,
// with one worker and with four, in both dialects and with both orders of
// uninstalling: the files, the record to the byte, the log of each part and the
// result are the same.
func TestParallelGraphs(t *testing.T) {
	for seed := range uint64(pick(25, 250)) {
		d, onFailure := buildout.SlapOS(), buildout.KeepOld
		if seed%2 == 1 {
			d = buildout.ZC()
		}
		if seed%4 > 1 {
			onFailure = buildout.AsUpstream
		}
		dir, err := filepath.EvalSymlinks(inMemory(t))
		require.NoError(t, err)
		dir = filepath.Join(dir, "B")
		history := func(workers int) map[string]string {
			require.NoError(t, os.RemoveAll(dir))
			require.NoError(t, os.Mkdir(dir, 0o755))
			all := map[string]string{}
			for run := range 4 {
				random := rand.New(rand.NewPCG(seed, uint64(max(run, 1)))) // the second run finds what the first has made
				file := filepath.Join(dir, "buildout.cfg")
				require.NoError(t, os.WriteFile(file, []byte(randomGraph(random, max(run, 1))), 0o644))
				cfg, err := buildout.Load(t.Context(), file, buildout.LoadOptions{Dialect: d})
				require.NoError(t, err)
				log := &partLog{}
				b, err := buildout.New(t.Context(), cfg, besideRecipes(), buildout.Options{Workers: workers, OnFailure: onFailure, Logger: log.logger()})
				require.NoError(t, err)
				result, err := b.Install(t.Context())
				require.NoError(t, err, "seed %d, run %d, %d workers", seed, run, workers)
				for i := range result.Parts {
					result.Parts[i].Duration = 0
				}
				all[fmt.Sprint(run, " result")] = fmt.Sprint(result)
				for part, texts := range log.texts {
					all[fmt.Sprint(run, " log of ", part)] = strings.Join(texts, "\n")
				}
				for path, content := range files(t, dir) {
					all[fmt.Sprint(run, path)] = content
				}
			}
			return all
		}
		want, got := history(1), history(4)
		for _, key := range slices.Sorted(maps.Keys(want)) {
			require.Equal(t, want[key], got[key], "seed %d: %s", seed, key)
		}
		require.Equal(t, len(want), len(got))
	}
}

// files is every file below a folder with its content.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			all[path] = "folder"
			return err
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	}))
	return all
}

// meeting is a recipe that waits until as many parts as there are workers have
// met: they are at work at the same time.
func meeting(parts int, then func(part *buildout.Part) error) *buildout.Registry {
	var mu sync.Mutex
	met, all := 0, make(chan struct{})
	r := &buildout.Registry{}
	r.Register("meet", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		act := func(ctx context.Context, tx *buildout.Tx) error {
			if err := tx.WriteFile(part.Name(), []byte("x"), 0o644); err != nil {
				return err
			}
			mu.Lock()
			if met++; met == parts {
				close(all)
			}
			mu.Unlock()
			select {
			case <-all:
			case <-ctx.Done():
				return ctx.Err()
			}
			if then == nil {
				return nil
			}
			if err := then(part); err != nil {
				return err
			}
			if part.Name() > "c" { // is at work until it is cancelled
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		return acts{act, act}, nil
	}})
	return r
}

func openAs(t *testing.T, b *recipetest.Buildout, r *buildout.Registry, o buildout.Options) *buildout.Buildout {
	t.Helper()
	cfg, err := buildout.Load(t.Context(), b.Path("buildout.cfg"), buildout.LoadOptions{})
	require.NoError(t, err)
	bo, err := buildout.New(t.Context(), cfg, r, o)
	require.NoError(t, err)
	return bo
}

// TestParallelFailure: the first failure in the plan is the error, others are
// logged; what is at work beside is finished and recorded, nothing new begins.
func TestParallelFailure(t *testing.T) {
	b := recipetest.New(t, nil, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a b c z\n[a]\nrecipe = meet\n[b]\nrecipe = meet\n[c]\nrecipe = meet\n[z]\nrecipe = meet\n")
	log := &partLog{}
	var broken sync.WaitGroup
	broken.Add(2)
	r := meeting(3, func(part *buildout.Part) error {
		if part.Name() < "c" {
			return errors.New(part.Name() + " is broken")
		}
		broken.Wait() // else z may begin before there is a failure
		return nil
	})
	result, err := openAs(t, b, r, buildout.Options{Workers: 3, Logger: log.logger(), Observer: func(e buildout.Event) {
		if e, ok := e.(buildout.PartFinished); ok && e.Err != nil {
			broken.Done()
		}
	}}).Install(t.Context())
	require.True(t, strings.HasPrefix(buildout.Report(err), "While:\n  Installing a.\nError: a is broken\n"), buildout.Report(err))
	require.Contains(t, strings.Join(log.texts["b"], "\n"), "Part b failed, too: ")
	require.Equal(t, []string{"c"}, result.Installed)
	require.Len(t, result.Parts, 3)
	require.ErrorContains(t, result.Parts[1].Err, "b is broken")
	for name, there := range map[string]bool{"a": false, "b": false, "c": true, "z": false} {
		require.Equal(t, there, b.Exists(name), name)
		require.Equal(t, there, b.Installed(name) != nil, name)
	}
}

// TestCancelOnFailure undoes what is at work beside a part that fails.
func TestCancelOnFailure(t *testing.T) {
	b := recipetest.New(t, nil, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = y b\n[y]\nrecipe = meet\n[b]\nrecipe = meet\n")
	r := meeting(2, func(part *buildout.Part) error {
		if part.Name() == "b" {
			return errors.New("broken")
		}
		return nil
	})
	result, err := openAs(t, b, r, buildout.Options{Workers: 2, CancelOnFailure: true}).Install(t.Context())
	require.ErrorContains(t, err, "broken")
	require.ErrorIs(t, result.Parts[0].Err, context.Canceled)
	require.False(t, b.Exists("y"))
	require.False(t, b.Exists(".installed.cfg"))
}

// TestParallelPaths lets only one of two parts record a path that both install at
// the same time.
func TestParallelPaths(t *testing.T) {
	var met sync.WaitGroup
	met.Add(2)
	r := &buildout.Registry{}
	r.Register("same", buildout.Entry{New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		act := func(_ context.Context, tx *buildout.Tx) error {
			tx.Own("same")
			met.Done()
			met.Wait()
			return nil
		}
		return acts{act, act}, nil
	}})
	b := recipetest.New(t, nil, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = same\n[b]\nrecipe = same\n")
	result, err := openAs(t, b, r, buildout.Options{Workers: 2}).Install(t.Context())
	var e *buildout.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, buildout.CodePathTaken, e.Code)
	require.Len(t, result.Installed, 1)
	require.Len(t, installedParts(t, b), 1)
}

// TestSideBySide carries out two buildouts in one process at the same time, with
// two parts each, all four of which wait for each other.
func TestSideBySide(t *testing.T) {
	r := meeting(4, nil)
	var wg sync.WaitGroup
	for range 2 {
		b := recipetest.New(t, nil, nil)
		b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = meet\n[b]\nrecipe = meet\n")
		bo := openAs(t, b, r, buildout.Options{Workers: 2})
		wg.Go(func() {
			_, err := bo.Install(t.Context())
			require.NoError(t, err)
			require.Equal(t, []string{"a"}, b.Installed("a"))
			require.Equal(t, []string{"b"}, b.Installed("b"))
		})
	}
	wg.Wait()
}

// TestParallelLatePart refuses a part that is first referred to while others are
// at work.
func TestParallelLatePart(t *testing.T) {
	b := recipetest.New(t, nil, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = a b\n[a]\nrecipe = meet\n[b]\nrecipe = meet\n[late]\nrecipe = meet\n")
	r := meeting(2, func(part *buildout.Part) error {
		if part.Name() == "b" {
			return nil
		}
		_, err := part.Section("late")
		return err
	})
	_, err := openAs(t, b, r, buildout.Options{Workers: 2}).Install(t.Context())
	require.Regexp(t, "^While:\n  Installing a.\n  Getting section late.\n  Initializing section late.\nError: Missing option: late:__buildout_signature__\n", buildout.Report(err))
	require.Equal(t, []string{"b"}, slices.Sorted(maps.Keys(installedParts(t, b))))
}

func installedParts(t *testing.T, b *recipetest.Buildout) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	installed, err := buildout.ReadInstalled(b.Path(".installed.cfg"))
	require.NoError(t, err)
	for _, in := range installed {
		all[in.Name] = true
	}
	return all
}
