package cmmi

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFormat(t *testing.T) {
	values := map[string]string{"a": "1", "b-c": "%(a)s", "d(e)": "nested", "": "empty"}
	get := func(name string) (string, bool, error) {
		v, ok := values[name]
		return v, ok, nil
	}
	for text, want := range map[string]string{
		"":                        "",
		"plain ${x} $$":           "plain ${x} $$",
		"%(a)s%(a)s":              "11",
		"%(b-c)s":                 "%(a)s",
		"100%%":                   "100%",
		"%%(a)s":                  "%(a)s",
		"%(d(e))s":                "nested",
		"%()s":                    "empty",
		"é%(a)s\n%(a)s":           "é1\n1",
		`echo '%(a)s' "$(x)" \%%`: `echo '1' "$(x)" \%`,
	} {
		got, err := format(text, get)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		"%":                       "found '%' where only %(name)s and %% are known",
		"50% of":                  "found '% of' where only %(name)s and %% are known",
		"date +%Y-%m-%d %H:%M:%S": "found '%Y-%m-%d %H:%M:%S' where only %(name)s and %% are known",
		"%(a)":                    "found '%(a)' where only %(name)s and %% are known",
		"%(a":                     "found '%(a' where only %(name)s and %% are known",
		"%(a)d":                   "found '%(a)d' where only %(name)s and %% are known",
		"%(x)s":                   "there is no 'x' for %(x)s",
		"%(x)r":                   "there is no 'x' for %(x)r",
	} {
		_, err := format(text, get)
		require.EqualError(t, err, want, text)
	}
}

func FuzzFormat(f *testing.F) {
	for _, text := range []string{"", "%", "%%", "%(a)s", "%(a)s%%%(a)", "%((a))s", "%)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := format(text, func(name string) (string, bool, error) { return name, true, nil })
		if !strings.Contains(text, "%") {
			require.NoError(t, err)
			require.Equal(t, text, got)
		}
		// Doubling percent signs makes any text plain.
		got, err = format(strings.ReplaceAll(text, "%", "%%"), nil)
		require.NoError(t, err)
		require.Equal(t, text, got)
	})
}
