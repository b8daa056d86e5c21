package conformance

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/internal/corpus"
	"github.com/stretchr/testify/require"
)

// expectation is what the reference resolves one real profile to.
type expectation struct {
	Profile  string
	Dialect  string
	Raw      map[string]map[string]string
	Expanded map[string]map[string]string
	Errors   map[string][2]string
}

// TestExpected resolves the real profiles of the corpus and compares every value
// with the reference's. BUILDOUT_EXPECTED names another file of expectations, and
// BUILDOUT_PROFILES the folder of its profiles.
func TestExpected(t *testing.T) {
	root := os.Getenv("BUILDOUT_PROFILES")
	files := []string{os.Getenv("BUILDOUT_EXPECTED")}
	if root == "" || files[0] == "" {
		dir := corpus.Path(t)
		root = filepath.Join(dir, "slapos")
		files = []string{filepath.Join(dir, "expected", "slapos.jsonl.gz"), filepath.Join(dir, "expected", "zc.jsonl.gz")}
	}
	root, err := filepath.Abs(root)
	require.NoError(t, err)
	passed, failed := 0, 0
	for _, file := range files {
		for _, e := range corpus.Read[expectation](t, file) {
			if problems := e.check(root); len(problems) > 0 {
				failed++
				t.Errorf("%s (%s):\n%s", e.Profile, e.Dialect, strings.Join(problems[:min(8, len(problems))], "\n"))
			} else {
				passed++
			}
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
}

// check resolves the profile and says where it differs.
func (e *expectation) check(root string) (problems []string) {
	platform := buildout.Machine()
	platform.Python = "3.11.7" // the one that gave the expected values
	cfg, err := buildout.Load(context.Background(), filepath.Join(root, e.Profile), buildout.LoadOptions{
		Dialect: buildout.Dialects()[e.Dialect], Platform: &platform,
		Overrides: []buildout.Assignment{
			{Section: "buildout", Option: "directory", Value: "/B"},
			{Section: "buildout", Option: "executable", Value: "/usr/bin/python3"},
		},
	})
	if err != nil {
		return []string{buildout.Report(err)}
	}
	say := func(format string, args ...any) { problems = append(problems, "  "+fmt.Sprintf(format, args...)) }
	r := cfg.Resolve()
	sections := r.Sections()
	for _, section := range slices.Sorted(maps.Keys(e.Expanded)) {
		got, ok := sections[section]
		if !ok {
			say("[%s] is not resolved: %v", section, r.Errors[section])
			continue
		}
		want := e.Expanded[section]
		for _, option := range slices.Sorted(maps.Keys(want)) {
			if w := strings.ReplaceAll(want[option], "@ROOT@", root); got[option] != w {
				say("%s:%s is %q, want %q", section, option, got[option], w)
			}
		}
		for _, option := range slices.Sorted(maps.Keys(got)) {
			if _, ok := want[option]; !ok && section != "buildout" && section != "versions" {
				say("%s:%s is %q, want none", section, option, got[option])
			}
		}
	}
	for section, want := range e.Errors {
		got := r.Errors[section]
		switch {
		case got == nil:
			say("[%s] is resolved, want the error %q", section, want[1])
		case !strings.Contains(got.Message, strings.Split(want[1], "\n")[0]):
			say("[%s] fails with %q, want %q", section, got.Message, want[1])
		}
	}
	for _, section := range slices.Sorted(maps.Keys(sections)) {
		if e.Expanded[section] == nil && e.Errors[section] == [2]string{} && section != "buildout" && section != "versions" {
			say("[%s] should not be there", section)
		}
	}
	return problems
}
