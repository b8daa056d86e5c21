package fetch

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFnmatch(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "", false}, {"*", "", true}, {"**", "a/b", true},
		{"*.pyc", "a/b.pyc", true}, {"*.pyc", "a/b.py", false}, {"pkg-*/src*", "pkg-1/src/f", true},
		{"a*b*c", "a/x/b/y/c", true}, {"a*b*c", "a/x/c/y/b", false}, {"a?c", "a/c", true}, {"a?c", "aéc", true}, {"a?c", "ac", false},
		{"[abc]", "b", true}, {"[abc]", "d", false}, {"[a-c]x", "bx", true}, {"[!a-c]", "b", false}, {"[!a-c]", "d", true},
		{"[]]", "]", true}, {"[!]]", "]", false}, {"[!]]", "a", true}, {"[a-]", "-", true}, {"[é]", "é", true},
		{"[", "[", true}, {"[a", "[a", true}, {"[a", "a", false}, {"*[", "x[", true}, {"[!", "[!", true},
		{"a*", "b", false}, {"*a", "aab", false}, {"*ab", "aab", true}, {"\xff", "\xff", true}, {"é", "\xff", false},
		{strings.Repeat("*a", 1000) + "b", strings.Repeat("a", 5000), false},
	} {
		require.Equal(t, test.want, fnmatch(test.pattern, test.name), "%q %q", test.pattern, test.name)
	}
}
