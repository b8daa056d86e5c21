package buildout_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

// standIns are recipes that stand in for those that a profile names: they set
// the options that others refer to and that their parts lack, and install nothing.
func standIns(cfg *buildout.Config) *buildout.Registry {
	r := &buildout.Registry{}
	referred := map[string][]string{}
	reference := regexp.MustCompile(`\$\{([^:{}]*):([^:{}]+)\}`)
	var names []string
	for _, s := range cfg.Sections() {
		for _, o := range s.Options() {
			for _, m := range reference.FindAllStringSubmatch(o.Value(), -1) {
				referred[m[1]] = append(referred[m[1]], m[2])
			}
			if o.Name == "recipe" && !strings.Contains(o.Value(), "${") {
				names = append(names, o.Value())
			}
		}
	}
	for _, options := range cfg.Resolve().Sections() {
		names = append(names, options["recipe"])
	}
	answer := func(part *buildout.Part, option string) string { return "/" + part.Name() + "/" + option }
	for _, name := range names {
		r.Register(name, buildout.Entry{
			Version:  "1",
			Fallback: func(part *buildout.Part, option string) (string, bool) { return answer(part, option), true },
			New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
				has := map[string]bool{}
				for _, option := range part.Options() {
					has[option] = true
				}
				for _, option := range referred[part.Name()] {
					if !has[option] {
						has[option] = true
						part.Set(option, answer(part, option))
					}
				}
				return nothing{}, nil
			},
		})
	}
	return r
}

// benchmarkPlan plans a profile when nothing is installed, when all is, and when
// all is and the part that most others refer to changed. Only
// load-and-same reads the profile, too.
func benchmarkPlan(b *testing.B, file string) {
	ctx := context.Background()
	dir := b.TempDir()
	load := func(changes ...buildout.Assignment) *buildout.Config {
		cfg, err := buildout.Load(ctx, file, buildout.LoadOptions{Overrides: append(changes,
			buildout.Assignment{Section: "buildout", Option: "directory", Value: dir})})
		if err != nil {
			b.Fatal(err)
		}
		return cfg
	}
	cfg := load()
	recipes := standIns(cfg)
	plan := func(cfg *buildout.Config) (*buildout.Buildout, *buildout.Plan) {
		bo, err := buildout.New(ctx, cfg, recipes, buildout.Options{})
		if err != nil {
			b.Fatal(err)
		}
		plan, err := bo.Plan(ctx)
		if err != nil {
			b.Fatal(buildout.Report(err))
		}
		return bo, plan
	}
	measure := func(name string, cfg func() *buildout.Config, action buildout.Action) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			found := map[buildout.Action]int{}
			for b.Loop() {
				_, p := plan(cfg())
				clear(found)
				for _, s := range p.Steps {
					found[s.Action]++
				}
			}
			if found[action] == 0 {
				b.Fatalf("there is nothing to %s", action)
			}
			for action, n := range found {
				b.ReportMetric(float64(n), string(action))
			}
		})
	}
	loaded := func() *buildout.Config { return cfg }
	measure("new", loaded, buildout.ActionInstall)
	bo, first := plan(cfg)
	if err := os.WriteFile(filepath.Join(dir, ".installed.cfg"), []byte(buildout.InstalledText(bo, first)), 0o666); err != nil {
		b.Fatal(err)
	}
	measure("same", loaded, buildout.ActionUpdate)
	measure("load-and-same", func() *buildout.Config { return load() }, buildout.ActionUpdate)
	references := map[string]int{}
	most := ""
	for _, e := range bo.Graph().Edges {
		if references[e.To]++; references[e.To] > references[most] {
			most = e.To
		}
	}
	changed := load(buildout.Assignment{Section: most, Option: "changed", Value: "1"})
	measure("changed", func() *buildout.Config { return changed }, buildout.ActionReinstall)
}

// TestPlanOfCorpus plans every real software profile as it is installed: all parts
// are up to date, whether all are planned or one is named.
func TestPlanOfCorpus(t *testing.T) {
	ctx := context.Background()
	for _, file := range softwareProfiles(t) {
		dir := t.TempDir()
		cfg, err := buildout.Load(ctx, file, buildout.LoadOptions{Overrides: []buildout.Assignment{{Section: "buildout", Option: "directory", Value: dir}}})
		require.NoError(t, err)
		recipes := standIns(cfg)
		bo, err := buildout.New(ctx, cfg, recipes, buildout.Options{})
		require.NoError(t, err)
		plan, err := bo.Plan(ctx)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, ".installed.cfg"), []byte(buildout.InstalledText(bo, plan)), 0o666))
		want := len(plan.Steps)
		for _, named := range [][]string{nil, {plan.Steps[want-1].Part}} {
			bo, err := buildout.New(ctx, cfg, recipes, buildout.Options{})
			require.NoError(t, err)
			plan, err := bo.Plan(ctx, named...)
			require.NoError(t, err)
			require.Empty(t, plan.Uninstall)
			require.Equal(t, want, len(plan.Steps)+len(plan.Kept))
			for _, s := range plan.Steps {
				require.Equal(t, buildout.ActionUpdate, s.Action, "%s: %s", file, plan)
			}
		}
	}
}

// BenchmarkPlan plans the real software profile with the most parts, with
// recipes that stand in for all of its own.
func BenchmarkPlan(b *testing.B) {
	ctx := context.Background()
	largest, most := "", 0
	for _, file := range softwareProfiles(b) {
		cfg, err := buildout.Load(ctx, file, buildout.LoadOptions{})
		if err != nil {
			b.Fatal(err)
		}
		bo, err := buildout.New(ctx, cfg, standIns(cfg), buildout.Options{})
		if err != nil {
			b.Fatal(buildout.Report(err))
		}
		plan, err := bo.Plan(ctx)
		if err != nil {
			b.Fatal(buildout.Report(err))
		}
		if len(plan.Steps) > most {
			largest, most = file, len(plan.Steps)
		}
	}
	b.Run(filepath.Base(filepath.Dir(largest)), func(b *testing.B) { benchmarkPlan(b, largest) })
}

// BenchmarkPlanSynthetic plans parts in a row, each of which refers to the one
// before it, to a plain section of its own and, through one that all share, to
// another part.
func BenchmarkPlanSynthetic(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var text strings.Builder
			text.WriteString("[buildout]\nparts =")
			for i := range n {
				fmt.Fprintf(&text, " p%d", i)
			}
			text.WriteString("\n[hub]\ndir = ${p0:location}\nname = hub\n")
			for i := range n {
				fmt.Fprintf(&text, "[p%d]\nrecipe = stand-in\nurl = http://example.org/%d\ndir = ${hub:dir}\nown = ${s%d:x}\n", i, i, i)
				if i > 0 {
					fmt.Fprintf(&text, "before = ${p%d:location}\n", i-1)
				}
				fmt.Fprintf(&text, "[s%d]\nx = %d\ny = ${hub:name}\n", i, i)
			}
			file := filepath.Join(b.TempDir(), "buildout.cfg")
			if err := os.WriteFile(file, []byte(text.String()), 0o666); err != nil {
				b.Fatal(err)
			}
			benchmarkPlan(b, file)
		})
	}
}
