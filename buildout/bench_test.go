package buildout_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
)

// softwareProfiles are the real software profiles of the corpus.
func softwareProfiles(b testing.TB) []string {
	b.Helper()
	dir := os.Getenv("BUILDOUT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "corpus")
	}
	files, err := filepath.Glob(filepath.Join(dir, "slapos", "software", "*", "software.cfg"))
	if err != nil || len(files) == 0 {
		b.Skip("no corpus: set BUILDOUT_CORPUS to its folder")
	}
	return files
}

// BenchmarkResolve loads and resolves the real software profiles, each from the
// start. "baseline" opens, reads and splits into lines the same files.
func BenchmarkResolve(b *testing.B) {
	files := softwareProfiles(b)
	for _, d := range []buildout.Dialect{buildout.SlapOS(), buildout.ZC()} {
		b.Run(d.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, f := range files {
					cfg, err := buildout.Load(context.Background(), f, buildout.LoadOptions{Dialect: d})
					if err != nil {
						b.Fatal(err)
					}
					cfg.Resolve()
				}
			}
		})
	}
	b.Run("baseline", func(b *testing.B) {
		var read []string
		for _, f := range files {
			cfg, err := buildout.Load(context.Background(), f, buildout.LoadOptions{})
			if err != nil {
				b.Fatal(err)
			}
			read = append(read, cfg.Files()...)
		}
		b.ReportAllocs()
		for b.Loop() {
			for _, f := range read {
				text, err := os.ReadFile(f)
				if err != nil {
					b.Fatal(err)
				}
				for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
					_ = s.Bytes()
				}
			}
		}
	})
}
