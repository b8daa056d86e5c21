package fetch_test

import (
	"testing"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

func TestIsURL(t *testing.T) {
	for s, want := range map[string]bool{
		"http://x": true, "HTTPS://x": true, "git+ssh://x": true, "a.b-c+1://": true,
		"": false, "://": false, "x": false, "/a/b": false, "c:/x": false, "http:/x": false,
		"1http://x": false, "a b://x": false, "./http://x": false, "${x}://y": false,
	} {
		require.Equal(t, want, fetch.IsURL(s), s)
	}
}

func TestBasename(t *testing.T) {
	for url, want := range map[string]string{
		"https://example.com/a/pkg-1.tar.gz":               "pkg-1.tar.gz",
		"https://example.com/a/pkg.zip?download=a/b.c#x/y": "pkg.zip",
		"https://example.com/a/":                           "",
		"https://example.com":                              "",
		"https://example.com?x=/y":                         "",
		"/local/pkg-1.tgz":                                 "pkg-1.tgz",
		"/local/what?.tgz":                                 "what?.tgz",
		"file:///local/pkg.tgz":                            "pkg.tgz",
		"pkg.tgz":                                          "pkg.tgz",
		"":                                                 "",
	} {
		require.Equal(t, want, fetch.Basename(url), url)
	}
}

func TestCacheName(t *testing.T) {
	require.Equal(t, "182ccedb33a9e03fbf1079b209da1a31", fetch.CacheName("https://example.com/", true))
	for url, want := range map[string]string{
		"https://example.com/a/pkg-1.tar.gz":    "pkg-1.tar.gz",
		"https://example.com/a/pkg-1/":          "pkg-1",
		"https://example.com/a//":               "a",
		"https://example.com/a?b=c/d":           "a",
		"https://example.com":                   "example.com",
		"https://user:secret@example.com:8080/": "example.com:8080",
		"https://example.com/a/..":              "a",
		"https://example.com/../.":              "example.com",
		"https://..":                            fetch.CacheName("https://..", true),
	} {
		require.Equal(t, want, fetch.CacheName(url, false), url)
	}
}
