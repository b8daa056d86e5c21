package buildout

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJoinURL(t *testing.T) {
	for _, tc := range []struct{ from, name, want string }{
		{"http://h/a/b/x.cfg", "y.cfg", "http://h/a/b/y.cfg"},
		{"http://h/a/b/x.cfg", "../y.cfg", "http://h/a/y.cfg"},
		{"http://h/a/b/x.cfg", "./c/../y.cfg", "http://h/a/b/y.cfg"},
		{"http://h/a/x.cfg", "../../../y.cfg", "http://h/y.cfg"},
		{"http://h/a/x.cfg", "/y.cfg", "http://h/y.cfg"},
		{"http://h/a/x.cfg", "//other/y.cfg", "http://other/y.cfg"},
		{"http://h/a/x.cfg?p=1/2#f/g", "y.cfg?q=../3", "http://h/a/y.cfg?q=../3"},
		{"http://h/a/x.cfg", "b:c.cfg", "http://h/a/b:c.cfg"},
		{"http://h/a/x.cfg", "file:/etc/passwd", "http://h/a/file:/etc/passwd"},
		{"http://h/a/x.cfg", "~/y.cfg", "http://h/a/~/y.cfg"},
		{"http://h", "y.cfg", "http://h/y.cfg"},
		{"http://h?p", "y.cfg", "http://h/y.cfg"},
		{"http://u:p@h/a/x.cfg", "y.cfg", "http://u:p@h/a/y.cfg"},
		{"http://h/%7Eé//a/x.cfg", "../b%2F/y.cfg", "http://h/%7Eé//b%2F/y.cfg"},
		{"/local/x.cfg", "http://h/a/../b/./y.cfg?x=..", "http://h/b/y.cfg?x=.."},
		{"/local/x.cfg", "http://h/a/b/..", "http://h/a/"},
		{"file:///a/b/x.cfg", "../y.cfg", "file:///a/y.cfg"},
		{"file:///a/b/x.cfg", "/y.cfg", "file:///y.cfg"},
		{"file:///a/b/x.cfg", "//y.cfg", "file:////y.cfg"},
	} {
		require.Equal(t, tc.want, joinURL(tc.from, tc.name), "%s in %s", tc.name, tc.from)
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"no URL":                                 "no URL",
		"mail user@example.com":                  "mail user@example.com",
		"see http://h/@scope/x@1.cfg":            "see http://h/@scope/x@1.cfg",
		"http://user:secret@h/x.cfg":             "http://h/x.cfg",
		"'https://token@h' and ftp://u:p@h:21/x": "'https://h' and ftp://h:21/x",
		"http://u:p@ss@h/x":                      "http://h/x",
		"http://u:pa/ss@h/x":                     "http://h/x",
		"http://u:%zz@h/x?a=b@c":                 "http://c",
		"extends = http://u:p@h/x http://h/y":    "extends = http://h/x http://h/y",
	} {
		require.Equal(t, want, redact(text))
	}
}
