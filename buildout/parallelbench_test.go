package buildout_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

// BenchmarkParallel installs 20 parts that compute for a while, longer than it takes
// to record them, or run a command that does,
// with one worker and with two, by turns, and prints how much faster two are. As
// the machine's own measure it prints the same for what the parts do without any
// buildout: two threads of one core are not two cores.
func BenchmarkParallel(b *testing.B) {
	compute := func() {
		sum := sha256.Sum256(nil)
		for range 2_000_000 {
			sum = sha256.Sum256(sum[:])
		}
	}
	for name, act := range map[string]func(context.Context, *buildout.Tx) error{
		"recipe": func(context.Context, *buildout.Tx) error { compute(); return nil },
		"command": func(ctx context.Context, tx *buildout.Tx) error {
			return tx.Command(ctx, buildout.Command{Shell: "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"})
		},
	} {
		b.Run(name, func(b *testing.B) {
			r := &buildout.Registry{}
			r.Register("compute", buildout.Entry{New: func(context.Context, *buildout.Part) (buildout.Recipe, error) { return acts{act, act}, nil }})
			var takes [3]time.Duration // by the number of workers
			for b.Loop() {
				for workers := 1; workers <= 2; workers++ {
					takes[workers] += installComputing(b, r, workers)
				}
			}
			b.ReportMetric(float64(takes[1])/float64(takes[2]), "speed-up")
		})
	}
	b.Run("machine", func(b *testing.B) {
		var one, two time.Duration
		for b.Loop() {
			begin := time.Now()
			for range 20 {
				compute()
			}
			one += time.Since(begin)
			begin = time.Now()
			done := make(chan bool)
			for range 2 {
				go func() {
					for range 10 {
						compute()
					}
					done <- true
				}()
			}
			<-done
			<-done
			two += time.Since(begin)
		}
		b.ReportMetric(float64(one)/float64(two), "speed-up")
	})
}

// installComputing installs 20 equal parts in a new folder and says how long it
// took.
func installComputing(b *testing.B, r *buildout.Registry, workers int) time.Duration {
	b.Helper()
	dir := b.TempDir()
	var profile strings.Builder
	profile.WriteString("[buildout]\nparts =")
	for i := range 20 {
		fmt.Fprintf(&profile, " p%d", i)
	}
	for i := range 20 {
		fmt.Fprintf(&profile, "\n[p%d]\nrecipe = compute\n", i)
	}
	file := filepath.Join(dir, "buildout.cfg")
	require.NoError(b, os.WriteFile(file, []byte(profile.String()), 0o644))
	cfg, err := buildout.Load(b.Context(), file, buildout.LoadOptions{})
	require.NoError(b, err)
	bo, err := buildout.New(b.Context(), cfg, r, buildout.Options{Workers: workers})
	require.NoError(b, err)
	begin := time.Now()
	_, err = bo.Install(b.Context())
	require.NoError(b, err)
	return time.Since(begin)
}
