package buildout_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
)

// softwareProfiles are the real software profiles of the corpus.
func softwareProfiles(b *testing.B) []string {
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

// BenchmarkNoOp runs a profile of which everything is installed, with recipes
// whose update does nothing. Loading the profile is not counted. "writes/op" are
// the changes that the run makes to the disk, "fsyncs/op" those of them that wait
// for it.
func BenchmarkNoOp(b *testing.B) {
	r := &buildout.Registry{}
	r.Register("noop", buildout.Entry{Version: "1", New: func(context.Context, *buildout.Part) (buildout.Recipe, error) { return nothing{}, nil }})
	for _, d := range []buildout.Dialect{buildout.SlapOS(), buildout.ZC()} {
		for _, n := range []int{1000, 10000} {
			b.Run(fmt.Sprintf("%s-%d", d.Name, n), func(b *testing.B) {
				dir := b.TempDir()
				var names []string
				var sections, record strings.Builder
				for i := range n {
					name := fmt.Sprintf("part-%05d", i)
					names = append(names, name)
					fmt.Fprintf(&sections, "[%s]\nrecipe = noop\nurl = https://example.com/%s.tar.gz\n", name, name)
					fmt.Fprintf(&record, "\n[%s]\n__buildout_installed__ = buildout.cfg\n__buildout_signature__ = noop-1\nrecipe = noop\nurl = https://example.com/%s.tar.gz\n", name, name)
				}
				file, installed := filepath.Join(dir, "buildout.cfg"), filepath.Join(dir, ".installed.cfg")
				parts := "parts = " + strings.Join(names, " ") + "\n"
				text := "[buildout]\ninstalled_develop_eggs = \n" + parts + record.String()
				if err := os.WriteFile(file, []byte("[buildout]\n"+parts+sections.String()), 0o666); err != nil {
					b.Fatal(err)
				}
				cfg, err := buildout.Load(context.Background(), file, buildout.LoadOptions{Dialect: d})
				if err != nil {
					b.Fatal(err)
				}
				writes, syncs := 0, 0
				o := buildout.WithFault(buildout.Options{}, func(op, _ string) error {
					writes++
					if op == "sync" {
						syncs++
					}
					return nil
				})
				for b.Loop() {
					b.StopTimer()
					if err := os.WriteFile(installed, []byte(text), 0o666); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
					run, err := buildout.New(context.Background(), cfg, r, o)
					if err != nil {
						b.Fatal(err)
					}
					result, err := run.Install(context.Background())
					if err != nil || len(result.Updated) != n {
						b.Fatal(err, len(result.Updated))
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/part")
				b.ReportMetric(float64(writes)/float64(b.N), "writes/op")
				b.ReportMetric(float64(syncs)/float64(b.N), "fsyncs/op")
			})
		}
	}
}
