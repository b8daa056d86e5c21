package fetch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQuote(t *testing.T) {
	for s, want := range map[string]string{
		"a": `'a'`, "it's": `"it's"`, `it's "x"`: `'it\'s "x"'`, "a\nb\\c\x01\x7f\t\r": `'a\nb\\c\x01\x7f\t\r'`, "é": "'é'",
	} {
		require.Equal(t, want, quote(s))
	}
}

func TestRedactURL(t *testing.T) {
	for s, want := range map[string]string{
		"http://u:p@h/x@y?z=a@b":         "http://h/x@y?z=a@b",
		"http://u:p%40@h":                "http://h",
		"http://u@p@h/":                  "http://h/",
		"http://h/x@y":                   "http://h/x@y",
		"http://u:p/q@h:port/x":          "http://h:port/x",
		"/a/u:p@h":                       "/a/u:p@h",
		"http://h/?token=secret#http://": "http://h/?token=secret#http://",
	} {
		require.Equal(t, want, redactURL(s))
	}
}
