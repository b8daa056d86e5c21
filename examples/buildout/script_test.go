package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"buildout": main})
}

// TestScripts runs the program as users do. "untouched" remembers every name,
// mode, time and content below the working directory; "untouched?" compares.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "testdata",
		RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "no-home"))
			e.Setenv("DOLLAR", "$") // for cmpenv
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"untouched": func(ts *testscript.TestScript, _ bool, _ []string) { ts.Setenv("TREE", tree(ts)) },
			"untouched?": func(ts *testscript.TestScript, _ bool, _ []string) {
				if now := tree(ts); now != ts.Getenv("TREE") {
					ts.Fatalf("something was touched: there was\n%s\nthere is\n%s", ts.Getenv("TREE"), now)
				}
			},
		},
	})
}

// tree shows all that is below the working directory of a script.
func tree(ts *testscript.TestScript) string {
	var b strings.Builder
	root := ts.MkAbs(".")
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() == ".tmp" {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %s %s", strings.TrimPrefix(path, root), info.Mode(), info.ModTime())
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, " %q", content)
		}
		b.WriteByte('\n')
		return nil
	}))
	return b.String()
}
