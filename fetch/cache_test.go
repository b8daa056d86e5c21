package fetch_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

func TestCache(t *testing.T) {
	s := serve(t, text(hello))
	c := newClient(t)
	dir := t.TempDir()
	cache := filepath.Join(dir, "namespace", "x")
	for range 2 {
		path, temporary, err := c.Fetch(t.Context(), s.URL+"/x", helloMD5, cache, false)
		require.NoError(t, err)
		require.False(t, temporary)
		require.Equal(t, cache, path)
		requireContent(t, hello, cache)
	}
	require.Len(t, s.seen(), 1, "the second is a hit")

	_, _, err := c.Fetch(t.Context(), s.URL+"/x", "", cache, true)
	require.NoError(t, err, "a hit without a checksum, offline")

	entries, err := os.ReadDir(filepath.Dir(cache))
	require.NoError(t, err)
	require.Len(t, entries, 1, "no temporary file is left")
	requireEmpty(t, c.TempDir)
	info, err := os.Stat(cache)
	require.NoError(t, err)
	plain := filepath.Join(dir, "plain")
	require.NoError(t, os.WriteFile(plain, nil, 0o666))
	usual, err := os.Stat(plain)
	require.NoError(t, err)
	require.Equal(t, usual.Mode(), info.Mode(), "others can use the cache as far as the umask lets them")
}

func TestOffline(t *testing.T) {
	s := serve(t, text(hello))
	c := newClient(t)
	for _, cache := range []string{"", filepath.Join(t.TempDir(), "x")} {
		_, _, err := c.Fetch(t.Context(), s.URL+"/x", helloMD5, cache, true)
		require.EqualError(t, err, "Couldn't download '"+s.URL+"/x' in offline mode.")
		var offline *fetch.OfflineError
		require.ErrorAs(t, err, &offline)
	}
	require.Empty(t, s.seen())
}

func TestPoisonedCache(t *testing.T) {
	s := serve(t, text(hello))
	url := s.URL + "/x"
	cache := filepath.Join(t.TempDir(), "x")
	poison := func() { require.NoError(t, os.WriteFile(cache, []byte("poison"), 0o644)) }
	mismatch := func(want string) string {
		return "MD5 checksum mismatch for cached download from '" + url + "' at '" + cache + "'\n" +
			"expected " + want + ", found 35393c24384b8862798716628f7bc6f4"
	}

	poison()
	c := newClient(t)
	_, _, err := c.Fetch(t.Context(), url, helloMD5, cache, true)
	require.EqualError(t, err, mismatch(helloMD5))
	requireContent(t, "poison", cache)

	log := logged(c)
	_, _, err = c.Fetch(t.Context(), url, helloMD5, cache, false)
	require.NoError(t, err)
	requireContent(t, hello, cache)
	require.Contains(t, log.String(), "level=WARN")
	require.Len(t, s.seen(), 1)

	// Nothing can be put in the place of what was wrong, and so it is gone.
	poison()
	_, _, err = c.Fetch(t.Context(), url, strings.Repeat("0", 32), cache, false)
	var wrong *fetch.ChecksumError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, helloMD5, wrong.Got)
	require.NoFileExists(t, cache)
	requireEmpty(t, filepath.Dir(cache))

	// No file can have this sum, so the fault isn't the cache's.
	poison()
	_, _, err = c.Fetch(t.Context(), url, "abc123def4567890", cache, false)
	require.EqualError(t, err, mismatch("abc123def4567890")+"\n\"abc123def4567890\" is not a 32-digit md5")
	requireContent(t, "poison", cache)
	require.Len(t, s.seen(), 2)
}

func TestCacheKeepsOldOrNew(t *testing.T) {
	fail := true
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if fail {
			hijack(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")(w, r)
			return
		}
		text(hello)(w, r)
	})
	cache := filepath.Join(t.TempDir(), "x")
	c := newClient(t)
	_, _, err := c.Fetch(t.Context(), s.URL, "", cache, false)
	require.Error(t, err)
	requireEmpty(t, filepath.Dir(cache))
	fail = false
	_, _, err = c.Fetch(t.Context(), s.URL, "", cache, false)
	require.NoError(t, err)
	requireContent(t, hello, cache)
}

func TestCacheEntryCannotBeReplaced(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "x")
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if err := os.Mkdir(cache, 0o755); err != nil {
			t.Error(err)
		}
	})
	_, _, err := newClient(t).Fetch(t.Context(), s.URL, "", cache, false)
	require.Error(t, err)
	entries, err := os.ReadDir(filepath.Dir(cache))
	require.NoError(t, err)
	require.Len(t, entries, 1, "no temporary file is left")
}

func TestCacheEntryIsADirectory(t *testing.T) {
	s := serve(t, text(hello))
	cache := t.TempDir()
	_, _, err := newClient(t).Fetch(t.Context(), s.URL, "", cache, false)
	require.ErrorContains(t, err, "expected a regular file, found a directory")
	require.Empty(t, s.seen())
}

func TestCacheConcurrently(t *testing.T) {
	s := serve(t, text(hello))
	c := newClient(t)
	cache := filepath.Join(t.TempDir(), "namespace", "x")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, _, err := c.Fetch(t.Context(), s.URL, helloMD5, cache, false); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	requireContent(t, hello, cache)
	entries, err := os.ReadDir(filepath.Dir(cache))
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestLocalResource(t *testing.T) {
	file := writeFile(t, "it's.tgz", hello)
	cache := filepath.Join(t.TempDir(), "cache", "x")
	c := newClient(t)
	for _, url := range []string{file, "file://" + file, "file:" + file} {
		for _, offline := range []bool{false, true} {
			path, temporary, err := c.Fetch(t.Context(), url, helloMD5, cache, offline)
			require.NoError(t, err)
			require.False(t, temporary)
			require.Equal(t, file, path)

			_, _, err = c.Fetch(t.Context(), url, strings.Repeat("0", 32), cache, offline)
			require.EqualError(t, err, `MD5 checksum mismatch for local resource at "`+file+`".`+
				"\nexpected 00000000000000000000000000000000, found "+helloMD5)
		}
	}
	require.NoFileExists(t, cache, "local resources aren't copied")

	dir := t.TempDir()
	path, temporary, err := c.Fetch(t.Context(), dir, "", "", false)
	require.NoError(t, err)
	require.Equal(t, dir, path)
	require.False(t, temporary)
	_, _, err = c.Fetch(t.Context(), dir, helloMD5, "", false)
	require.ErrorContains(t, err, "expected a regular file, found a directory")
	_, _, err = c.Fetch(t.Context(), filepath.Join(dir, "absent"), "", "", false)
	require.ErrorIs(t, err, os.ErrNotExist)
}
