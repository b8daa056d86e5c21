package buildout_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/internal/corpus"
	"github.com/stretchr/testify/require"
)

// softwareProfiles are the real software profiles of the corpus.
func softwareProfiles(b testing.TB) []string {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(corpus.Path(b, "slapos", "software"), "*", "software.cfg"))
	if err != nil || len(files) == 0 {
		b.Fatal("no profiles in the corpus", err)
	}
	return files
}

func resolve(b testing.TB, d buildout.Dialect, profiles ...string) *buildout.Config {
	var cfg *buildout.Config
	for _, f := range profiles {
		var err error
		if cfg, err = buildout.Load(context.Background(), f, buildout.LoadOptions{Dialect: d}); err != nil {
			b.Fatal(err)
		}
		cfg.Resolve()
	}
	return cfg
}

// split opens, reads and splits into lines.
func split(b testing.TB, files []string) {
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
			_ = s.Bytes()
		}
	}
}

// clock times f, in nanoseconds.
func clock(f func()) float64 {
	start := time.Now()
	f()
	return float64(time.Since(start).Nanoseconds())
}

// BenchmarkResolve loads and resolves the real software profiles, each from the
// start. "baseline" is what it costs to open, read and split into lines the same
// files, for each profile again, measured by turns; "×baseline" is the ratio.
func BenchmarkResolve(b *testing.B) {
	profiles := softwareProfiles(b)
	var read []string
	for _, f := range profiles {
		read = append(read, resolve(b, buildout.SlapOS(), f).Files()...)
	}
	for _, d := range []buildout.Dialect{buildout.SlapOS(), buildout.ZC()} {
		b.Run(d.Name, func(b *testing.B) {
			b.ReportAllocs()
			var resolving, reading float64
			for b.Loop() {
				resolving += clock(func() { resolve(b, d, profiles...) })
				b.StopTimer()
				reading += clock(func() { split(b, read) })
				b.StartTimer()
			}
			b.ReportMetric(resolving/float64(b.N), "ns/op")
			b.ReportMetric(reading/float64(b.N), "baseline-ns/op")
			b.ReportMetric(resolving/reading, "×baseline")
		})
	}
	// How much more dialect zc costs, which merges files again and again: medians of
	// runs by turns, since the least of a few depends on where the garbage is
	// collected.
	b.Run("zc-to-slapos", func(b *testing.B) {
		most, worst := 0.0, ""
		for b.Loop() {
			for _, f := range profiles {
				var took [2][]float64
				for range 25 {
					for i, d := range []buildout.Dialect{buildout.SlapOS(), buildout.ZC()} {
						took[i] = append(took[i], clock(func() { resolve(b, d, f) }))
					}
				}
				if ratio := median(took[1]) / median(took[0]); ratio > most {
					most, worst = ratio, filepath.Base(filepath.Dir(f))
				}
			}
		}
		b.ReportMetric(most, "most-×slapos")
		b.Log("most for", worst)
	})
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkGrowth resolves made-up profiles of growing size and reports as
// "exponent" the slope of the cost: 1 is linear.
func BenchmarkGrowth(b *testing.B) {
	for _, g := range []struct {
		name  string
		sizes []int
		make  func(n int) map[string]string
	}{
		{"sections", []int{10, 100, 1_000, 10_000, 100_000}, sections},
		{"depth", []int{1, 10, 100, 1_000}, references},
		{"diamonds", []int{10, 100, 1_000}, diamonds},
	} {
		for _, d := range []buildout.Dialect{buildout.SlapOS(), buildout.ZC()} {
			b.Run(g.name+"/"+d.Name, func(b *testing.B) {
				var mains []string
				for _, n := range g.sizes {
					dir := b.TempDir()
					for name, text := range g.make(n) {
						require.NoError(b, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
					}
					mains = append(mains, filepath.Join(dir, "buildout.cfg"))
				}
				var x, y []float64
				for b.Loop() {
					x, y = nil, nil
					for i, n := range g.sizes {
						best := math.Inf(1)
						for range 5 {
							best = min(best, clock(func() { resolve(b, d, mains[i]) }))
						}
						x, y = append(x, math.Log(float64(n))), append(y, math.Log(best))
					}
				}
				b.ReportMetric(slope(x, y), "exponent")
				b.ReportMetric(math.Exp(y[len(y)-1]), "ns/largest")
			})
		}
	}
}

// slope is that of the line through the larger half of the points, where what is
// the same for all sizes no longer counts.
func slope(x, y []float64) float64 {
	x, y = x[len(x)/2:], y[len(y)/2:]
	var sx, sy, sxx, sxy float64
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// sections makes sections that each refer to the one before.
func sections(n int) map[string]string {
	var b strings.Builder
	b.WriteString("[buildout]\nparts =\n\n[s0]\nlocation = /\nname = x\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "\n[s%d]\nname = ${s%d:name}\nlocation = ${buildout:directory}/s%d\npath =\n  ${:location}/bin\n  ${s0:location}\n", i, i/2, i)
	}
	return map[string]string{"buildout.cfg": b.String()}
}

// references makes a thousand sections of which n refer to each other in a row.
func references(n int) map[string]string {
	var b strings.Builder
	b.WriteString("[buildout]\nparts =\n")
	for i := range 1_000 {
		fmt.Fprintf(&b, "\n[s%d]\nvalue = ", i)
		if i%n == 0 {
			b.WriteString("end\n")
		} else {
			fmt.Fprintf(&b, "${s%d:value}\n", i-1)
		}
	}
	return map[string]string{"buildout.cfg": b.String()}
}

// diamonds makes n pairs of files, each of which extends both of the next pair.
func diamonds(n int) map[string]string {
	files := map[string]string{"buildout.cfg": "[buildout]\nextends =\n  a0.cfg\n  b0.cfg\n"}
	for i := range n {
		for _, side := range []string{"a", "b"} {
			text := fmt.Sprintf("[%s%d]\nx = ${buildout:directory}\n[shared]\nlast = %s%d\n", side, i, side, i)
			if i < n-1 {
				text = fmt.Sprintf("[buildout]\nextends =\n  a%d.cfg\n  b%d.cfg\n", i+1, i+1) + text
			}
			files[fmt.Sprintf("%s%d.cfg", side, i)] = text
		}
	}
	return files
}
