package buildout

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzSubstitute(f *testing.F) {
	for _, seed := range []string{"", "${a:b}", "$${a:b}", "$$${:b}$$", "${", "}${", "${a}", "${a:b:c}", "${a b:c.d}", "a$b${x:y}z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// Putting each reference back gives the text again.
		got, at, err := valueSyntax.substitute(new([]byte), text, 1<<20, func(r valueReference) (string, error) { return r.text, nil })
		if err == nil {
			require.Equal(t, text, got)
		} else {
			require.True(t, strings.HasPrefix(text[at:], "${"))
		}
	})
}

// FuzzState records arbitrary values and reads them back. What the format can't
// say is left out: tabs at the ends of lines, its own escapes, other line ends.
func FuzzState(f *testing.F) {
	for _, seed := range []string{"", "a", " a ", "\n\na\n", "a\n  b \n\nc", "%(x)s", "[a]\n#b\n=c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsAny(value, "\t\r\x1c\x1d\x1e\x1f\u0085\u00a0\u2028\u2029\u1680\u202f\u205f\u3000") || strings.Contains(value, "%(__buildout_space") || strings.ContainsFunc(value, func(r rune) bool { return r >= 0x2000 && r <= 0x200a }) {
			t.Skip()
		}
		path := filepath.Join(t.TempDir(), ".installed.cfg")
		s, err := readState(path, false)
		require.NoError(t, err)
		s.disk, s.journal, s.written = &disk{}, &journal{}, func() {}
		in := &Installed{Name: "a", Options: map[string]string{"recipe": "r", "v": value}, Paths: []string{"/x", "y"}, Signature: "s"}
		recorded, err := s.install(nil, in)
		require.NoError(t, err)
		require.True(t, recorded)
		again, err := ReadInstalled(path)
		require.NoError(t, err)
		require.Equal(t, []*Installed{in}, again)
	})
}

func FuzzReadState(f *testing.F) {
	f.Add("[buildout]\nparts = a\n[a]\n__buildout_installed__ = /x\n")
	f.Add("garbage")
	f.Add("[buildout]\ninstalled_develop_eggs = \nparts = a\n\n[buildout]\nparts = \n")
	f.Fuzz(func(t *testing.T, content string) {
		path := filepath.Join(t.TempDir(), ".installed.cfg")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o666))
		if _, err := ReadInstalled(path); err != nil {
			require.Contains(t, Report(err), "damaged")
		}
		left, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, content, string(left))
	})
}
