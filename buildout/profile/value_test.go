package profile

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzValue compares the short way to the value of an option with the steps that
// Buildout takes.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{"", " a", "\n  a\n   b\n\n  c\n", "x\n  y\n\n\tz", "\n \t\n\n  a\r\n# c\n b\n  \n", "\n\x1c a\n b", "\x1c\n b", "\n  \u00a0\n   é \n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range Parse("f", "[s]\na ="+text).Sections {
			for _, o := range s.Options {
				require.Equal(t, clean(o.raw()), o.Value())
			}
		}
	})
}
