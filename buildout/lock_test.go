package buildout_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
)

const twoFiles = "[buildout]\nparts = a b\n[a]\nrecipe = test:file\npath = a\n[b]\nrecipe = test:file\npath = b\n"

// openWith loads the profile of a buildout.
func openWith(t *testing.T, b *recipetest.Buildout, o buildout.Options) *buildout.Buildout {
	t.Helper()
	cfg, err := buildout.Load(context.Background(), b.Path("buildout.cfg"), buildout.LoadOptions{})
	require.NoError(t, err)
	run, err := buildout.New(context.Background(), cfg, registry(), o)
	require.NoError(t, err)
	return run
}

// calling is a log handler that calls a function with each message.
type calling struct {
	slog.Handler
	f func(string)
}

func (c calling) Handle(_ context.Context, r slog.Record) error { c.f(r.Message); return nil }

func TestLock(t *testing.T) {
	ctx := context.Background()
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", twoFiles)
	holder := openWith(t, b, buildout.Options{Command: "the first"})
	release, err := holder.Lock(ctx)
	require.NoError(t, err)

	_, err = openWith(t, b, buildout.Options{NoWait: true}).Install(ctx)
	var e *buildout.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, buildout.CodeLocked, e.Code)
	require.Contains(t, e.Message, fmt.Sprintf("Another run is at work in this directory: process %d (the first) on ", os.Getpid()))

	// One that waits says so, and goes when its context does.
	var log []string
	waiting, cancel := context.WithCancel(ctx)
	_, err = openWith(t, b, buildout.Options{Logger: slog.New(calling{slog.NewTextHandler(&bytes.Buffer{}, nil), func(m string) {
		log = append(log, m)
		cancel()
	}})}).Install(waiting)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, log, 1)
	require.Contains(t, log[0], "Waiting for another run in this directory to end: process ")
	require.False(t, b.Exists("a"))

	// The holder itself is not in its own way.
	result, err := holder.Install(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, result.Installed)
	require.True(t, b.Exists(".buildout.lock"))

	// It goes on as soon as the lock is free.
	result, err = openWith(t, b, buildout.Options{Logger: slog.New(calling{slog.NewTextHandler(&bytes.Buffer{}, nil), func(m string) {
		if release != nil {
			release()
			release = nil
		}
	}})}).Install(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, result.Updated)
	require.False(t, b.Exists(".buildout.lock"))
}

func TestLockOfTheDead(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", twoFiles)
	b.Write(".buildout.lock", "{\"pid\": 1}")
	b.Run()
	require.False(t, b.Exists(".buildout.lock"))
	// It is no way to write elsewhere.
	b.Write("elsewhere", "x")
	require.NoError(t, os.Symlink("elsewhere", b.Path(".buildout.lock")))
	require.Contains(t, b.Fail(), "Couldn't lock the buildout directory")
	require.Equal(t, "x", b.Read("elsewhere"))
}

// TestRunsInOneProcess has runs in several directories side by side, and several
// in each of them.
func TestRunsInOneProcess(t *testing.T) {
	var wg sync.WaitGroup
	for range 3 {
		b := recipetest.New(t, registry(), nil)
		b.Write("buildout.cfg", twoFiles)
		for range 3 {
			run := openWith(t, b, buildout.Options{})
			wg.Go(func() {
				_, err := run.Install(context.Background())
				if err != nil {
					t.Error(err)
				}
			})
		}
		defer func() { require.Equal(t, "hello", b.Read("a")) }()
	}
	wg.Wait()
}

// TestPlanIsOvertaken has a plan, another run, and then the plan applied.
func TestPlanIsOvertaken(t *testing.T) {
	ctx := context.Background()
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", twoFiles)
	first := openWith(t, b, buildout.Options{})
	plan, err := first.Plan(ctx)
	require.NoError(t, err)
	b.Run()
	_, err = first.Apply(ctx, plan)
	require.ErrorContains(t, err, "What is installed has changed since the plan was made.")
	require.NoFileExists(t, filepath.Join(b.Dir, ".buildout.lock"))
}
