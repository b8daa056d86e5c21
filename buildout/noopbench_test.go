package buildout_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
)

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
