package buildout_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

// TestExtendsCache goes through the life of a file in the cache.
func TestExtendsCache(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		const cache = "extends-cache=$DIR/cache"
		s.file("buildout.cfg", "[buildout]\nextends = $URL/a/x.cfg\n")
		s.page("/a/x.cfg", "[buildout]\nextends = y.cfg\n")
		s.page("/a/y.cfg", "[s]\nx = 1\n")

		require.Contains(t, s.fails(buildout.CodeDownload, "offline=true"), "Error: Couldn't download '$URL/a/x.cfg' in offline mode.\n  $DIR/buildout.cfg:2 (buildout:extends)")
		require.Contains(t, s.fails(buildout.CodeDownload, cache), "Error: The directory:\n'$DIR/cache'\nto be used as a download cache doesn't exist.\n")
		require.NoDirExists(t, filepath.Join(s.dir, "cache"), "it is not made")
		require.Empty(t, s.seen(), "none of that asks the server")
		require.Equal(t, "1", s.value(), "no cache is needed")

		require.NoError(t, os.Mkdir(filepath.Join(s.dir, "cache"), 0o777))
		require.Contains(t, s.fails(buildout.CodeDownload, cache, "offline=true"), "Couldn't download '$URL/a/x.cfg' in offline mode.")
		s.seen()
		require.Equal(t, "1", s.value(cache))
		require.Equal(t, []string{"/a/x.cfg", "/a/y.cfg"}, s.seen())
		entries, err := os.ReadDir(filepath.Join(s.dir, "cache"))
		require.NoError(t, err)
		require.Len(t, entries, 2)
		text, err := os.ReadFile(s.cacheName("cache", "$URL/a/y.cfg"))
		require.NoError(t, err)
		require.Equal(t, "[s]\nx = 1\n", string(text), "the name is the MD5 of the whole URL")

		s.page("/a/y.cfg", "[s]\nx = 2\n")
		for _, mode := range []string{"offline=true", "install-from-cache=true", "newest=false"} {
			require.Equal(t, "1", s.value(cache, mode), mode)
			require.Empty(t, s.seen(), mode)
		}
		require.Equal(t, "2", s.value(cache), "newest: asked again")
		require.Equal(t, "2", s.value(cache, "offline=true"), "and kept")

		s.remove("/a/y.cfg")
		require.Equal(t, "2", s.value(cache), "the cached copy stands in")
		require.NoError(t, os.Remove(s.cacheName("cache", "$URL/a/y.cfg")))
		for _, mode := range []string{"newest=true", "newest=false"} {
			require.Contains(t, s.fails(buildout.CodeDownload, cache, mode), "Error downloading extends for URL $URL/a/y.cfg: HTTP Error 404: Not Found")
		}
		s.page("/a/y.cfg", "[s]\nx = 3\n")
		s.seen()
		require.Equal(t, "3", s.value(cache, "newest=false"), "what isn't cached is downloaded")
		require.Equal(t, []string{"/a/y.cfg"}, s.seen())
		require.Equal(t, "3", s.value(cache, "offline=true"))
	})
}

// TestExtendsCachePlace: where a cache is, and whose options decide on it. The
// file is in the cache "in", and nowhere else.
func TestExtendsCachePlace(t *testing.T) {
	const extends = "extends = $URL/x.cfg\n"
	for _, tc := range []struct {
		name       string
		files      map[string]string
		in         string
		args       []string
		slapos, zc bool // found
	}{
		{"command line, absolute", map[string]string{"buildout.cfg": extends}, "c", []string{"extends-cache=$DIR/c"}, true, true},
		{"command line, relative to the buildout", map[string]string{"buildout.cfg": extends}, "c", []string{"extends-cache=c"}, true, true},
		{"command line, with a directory", map[string]string{"buildout.cfg": extends}, "d/c", []string{"extends-cache=c", "directory=$DIR/d"}, true, true},
		{"command line, with a relative directory", map[string]string{"buildout.cfg": extends}, "d/c", []string{"extends-cache=c", "directory=d"}, true, true},
		{"command line, home", map[string]string{"buildout.cfg": extends}, "home/c", []string{"extends-cache=~/c"}, true, true},
		{"empty", map[string]string{"buildout.cfg": "extends-cache =\n" + extends}, ".", nil, false, false},
		{"main file", map[string]string{"buildout.cfg": "extends-cache = c\n" + extends}, "c", nil, false, true},
		{"main file, home", map[string]string{"buildout.cfg": "extends-cache = ~/c\n" + extends}, "home/c", nil, false, true},
		{"file extended before", map[string]string{"buildout.cfg": "extends = d/y.cfg $URL/x.cfg\n", "d/y.cfg": "extends-cache = c\n"}, "d/c", nil, true, false},
		{"file that extends it", map[string]string{"buildout.cfg": "extends = y.cfg\n", "y.cfg": "extends-cache = c\n" + extends}, "c", nil, false, false},
		{"user's defaults", map[string]string{"buildout.cfg": extends, "home/default.cfg": "extends-cache = c\n"}, "home/c", nil, true, true},
		{"a file that the user's defaults extend", map[string]string{"buildout.cfg": extends, "home/default.cfg": "extends = d.cfg\n", "home/d.cfg": "extends-cache = c\n"}, "home/c", nil, true, true},
		{"the user's defaults themselves", map[string]string{"buildout.cfg": "", "home/default.cfg": "extends-cache = c\n" + extends}, "home/c", nil, false, true},
		{"command line over files", map[string]string{"buildout.cfg": "extends-cache = $DIR/other\n" + extends, "home/default.cfg": "extends-cache = other\n"}, "c", []string{"extends-cache=c"}, true, true},
		{"extends of the command line", map[string]string{"buildout.cfg": "", "home/default.cfg": "extends-cache = c\n"}, "home/c", []string{"extends=$URL/x.cfg"}, true, true},
		{"a file in extends of the command line", map[string]string{"buildout.cfg": "", "d/y.cfg": "extends-cache = c\n" + extends}, "d/c", []string{"extends=d/y.cfg"}, false, true},
		{"main file, extends of the command line", map[string]string{"buildout.cfg": "extends-cache = c\n"}, "c", []string{"extends=$URL/x.cfg"}, true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, s *site) {
				for name, text := range tc.files {
					s.file(name, "[buildout]\n"+text)
				}
				require.NoError(t, os.MkdirAll(filepath.Join(s.dir, tc.in), 0o777))
				require.NoError(t, os.WriteFile(s.cacheName(tc.in, "$URL/x.cfg"), []byte("[s]\nx = cached\n"), 0o666))
				found := tc.slapos
				if s.options.Dialect.Name == "zc" {
					found = tc.zc
				}
				args := append(tc.args, "offline=true")
				if found {
					require.Equal(t, "cached", s.value(args...))
				} else {
					require.Contains(t, s.fails(buildout.CodeDownload, args...), "in offline mode")
				}
				require.Empty(t, s.seen())
			})
		})
	}
}

// TestOfflineDecidedBy: which files can forbid a download.
func TestOfflineDecidedBy(t *testing.T) {
	for _, tc := range []struct {
		name       string
		files      map[string]string
		args       []string
		slapos, zc bool // offline
	}{
		{"command line", map[string]string{"buildout.cfg": "extends = $URL/x.cfg\n"}, []string{"offline=true"}, true, true},
		{"command line over files", map[string]string{"buildout.cfg": "extends = y.cfg $URL/x.cfg\noffline = true\n", "y.cfg": "offline = true\n"}, []string{"offline=false"}, false, false},
		{"main file", map[string]string{"buildout.cfg": "extends = $URL/x.cfg\noffline = true\n"}, nil, false, true},
		{"install-from-cache", map[string]string{"buildout.cfg": "extends = $URL/x.cfg\ninstall-from-cache = true\n"}, nil, false, true},
		{"file extended before", map[string]string{"buildout.cfg": "extends = y.cfg $URL/x.cfg\n", "y.cfg": "offline = true\n"}, nil, true, false},
		{"file extended after", map[string]string{"buildout.cfg": "extends = $URL/x.cfg y.cfg\n", "y.cfg": "offline = true\n"}, nil, false, false},
		{"user's defaults", map[string]string{"buildout.cfg": "extends = $URL/x.cfg\n", "home/default.cfg": "offline = true\n"}, nil, true, true},
		{"main file against user's defaults", map[string]string{"buildout.cfg": "extends = $URL/x.cfg\noffline = false\n", "home/default.cfg": "offline = true\n"}, nil, true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, s *site) {
				for name, text := range tc.files {
					s.file(name, "[buildout]\n"+text)
				}
				s.page("/x.cfg", "[s]\nx = remote\n")
				offline := tc.slapos
				if s.options.Dialect.Name == "zc" {
					offline = tc.zc
				}
				if !offline {
					require.Equal(t, "remote", s.value(tc.args...))
					return
				}
				require.Contains(t, s.fails(buildout.CodeDownload, tc.args...), "Couldn't download '$URL/x.cfg' in offline mode.")
				require.Empty(t, s.seen())
			})
		})
	}
}

// TestExtendsCacheIsAPath: a place that isn't known yet is refused, by zc even
// when nothing remote is extended.
func TestExtendsCacheIsAPath(t *testing.T) {
	const want = "extends-cache '${s:x}' may not contain ${section:variable} to expand."
	inBoth(t, func(t *testing.T, s *site) {
		s.file("x.cfg", "")
		s.file("buildout.cfg", "[buildout]\nextends-cache = ${s:x}\n[s]\nx = c\n")
		require.Equal(t, "c", s.value(), "nothing is extended")
		s.file("buildout.cfg", "[buildout]\nextends = x.cfg\nextends-cache = ${s:x}\n[s]\nx = c\n")
		if s.options.Dialect.OncePerFile {
			require.Equal(t, "c", s.value())
			s.file("x.cfg", "[buildout]\nextends-cache = ${s:x}\n")
			s.file("buildout.cfg", "[buildout]\nextends = x.cfg $URL/x.cfg\n")
			require.Contains(t, s.fails(buildout.CodeInvalidOption), want+"\n  $DIR/x.cfg:2 (buildout:extends-cache)")
			return
		}
		require.Contains(t, s.fails(buildout.CodeInvalidOption), want+"\n  $DIR/buildout.cfg:3 (buildout:extends-cache)")
	})
}

// TestSyntaxErrorInRemote names the URL, and the copy if one is kept.
func TestSyntaxErrorInRemote(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.page("/x.cfg", "[s]\nfoo bar\n")
		s.file("buildout.cfg", "[buildout]\nextends = $URL/x.cfg\n")
		s.file("cache/unrelated", "")
		require.Contains(t, s.fails(buildout.CodeProfileSyntax), "File contains parsing errors: $URL/x.cfg\n\t[line  2]: 'foo bar\\n'\n")
		name := s.cacheName("$DIR/cache", "$URL/x.cfg")
		require.Contains(t, s.fails(buildout.CodeProfileSyntax, "extends-cache=$DIR/cache"),
			"File contains parsing errors: $URL/x.cfg (downloaded as $DIR/cache/"+filepath.Base(name)+")\n\t[line  2]: 'foo bar\\n'\n")
	})
}

// TestUnusableCache: a cache that can't be read or written is reported.
func TestUnusableCache(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.page("/x.cfg", "[s]\nx = 1\n")
		s.file("buildout.cfg", "[buildout]\nextends = $URL/x.cfg\n")
		s.file("cache/"+filepath.Base(s.cacheName("", "$URL/x.cfg"))+"/in the way", "")
		require.Contains(t, s.fails(buildout.CodeDownload, "extends-cache=cache"), "Couldn't store '$URL/x.cfg' in the extends-cache: ")
		require.Contains(t, s.fails(buildout.CodeDownload, "extends-cache=cache", "offline=true"), "Couldn't read '$URL/x.cfg' from the extends-cache: ")
		s.file("file", "")
		require.Contains(t, s.fails(buildout.CodeDownload, "extends-cache=file"), "The directory:\n'$DIR/file'\nto be used as a download cache doesn't exist.")
	})
}
