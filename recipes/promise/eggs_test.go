package promise

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEggs(t *testing.T) {
	b := newBuildout(t)
	const requires = "EGG-INFO/requires.txt"
	b.Write("eggs/slapos.toolbox-0.9-py3.9.egg/"+requires, "")
	b.Write("eggs/slapos.toolbox-0.10-py3.9.egg/"+requires, "Zc_Buildout>=1\nnot.there\n\n[:sys_platform == \"win32\"]\nonly-on-windows\n[extra]\nextra.dep\n[other]\nnever\n")
	b.Write("eggs/zc.buildout-3.0-py3.9.egg/x", "")
	b.Write("eggs/extra.dep-1-py3.9.egg/x", "")
	b.Write("develop-eggs/slapos.cookbook.egg-link", b.Path("src")+"\n.\n")
	b.Write("src/slapos.cookbook.egg-info/requires.txt", "slapos.toolbox[extra]\n")
	b.Write("eggs/slapos.cookbook-1-py3.9.egg/x", "")
	write(b, module+"eggs =\n  slapos.cookbook\n  slapos.toolbox >= 0.1\n")
	require.Contains(t, b.Run("p"), "p: Not installed, hence not on the path of the promise: not-there.")
	path := func(text string) string {
		_, text, _ = strings.Cut(text, "sys.path[0:0] = ")
		text, _, _ = strings.Cut(text, "\n\n")
		return text
	}
	want := "( 'D/src',\n  'D/eggs/slapos.toolbox-0.10-py3.9.egg',\n  'D/eggs/zc.buildout-3.0-py3.9.egg',\n  'D/eggs/extra.dep-1-py3.9.egg')"
	require.Equal(t, strings.ReplaceAll(want, "D/", b.Dir+"/"), path(b.Read("etc/plugin/x.py")))
	compiles(t, b, "etc/plugin/x.py")

	write(b, module+"eggs = slapos.toolbox\n[versions]\nslapos.toolbox = 0.9\n")
	b.Run("p")
	require.Equal(t, "('"+b.Path("eggs/slapos.toolbox-0.9-py3.9.egg")+"',)", path(b.Read("etc/plugin/x.py")), "the pinned version")
}

func TestOlder(t *testing.T) {
	inOrder := []string{"0.9", "0.10a1", "0.10rc1", "0.10", "0.10.post1", "0.10.1", "1", "99999999999999999999"}
	for i, a := range inOrder {
		for j, b := range inOrder {
			require.Equal(t, i < j, older(a, b), "%s < %s", a, b)
		}
	}
	require.False(t, older("1.0", "1"))
	require.False(t, older("1", "1.0"))
}

func FuzzEggs(f *testing.F) {
	f.Add("slapos.toolbox[a, b] >= 1", "1.0rc1")
	f.Add("[", "-")
	f.Fuzz(func(t *testing.T, line, version string) {
		if req, ok := parseRequirement(line); ok {
			require.NotEmpty(t, req.name)
		}
		require.False(t, older(version, version))
	})
}
