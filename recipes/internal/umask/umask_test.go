package umask

import (
	"context"
	"io/fs"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
)

type install func(tx *buildout.Tx) error

func (f install) Install(_ context.Context, tx *buildout.Tx) error { return f(tx) }

func TestApply(t *testing.T) {
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	modes := map[fs.FileMode]fs.FileMode{0o777: 0o750, 0o666: 0o640, 0o600: 0o600, 0: 0}
	ran := false
	r := &buildout.Registry{}
	r.Register("test", buildout.Entry{New: func(context.Context, *buildout.Part) (buildout.Recipe, error) {
		return install(func(tx *buildout.Tx) error {
			ran = true
			for mode, want := range modes {
				got, err := Apply(tx, mode)
				require.NoError(t, err)
				require.Equal(t, want, got, "%o", mode)
			}
			return nil
		}), nil
	}})
	b := recipetest.New(t, r, nil)
	b.Write("buildout.cfg", "[buildout]\nparts = p\n[p]\nrecipe = test\n")
	b.Run()
	require.True(t, ran)
}
