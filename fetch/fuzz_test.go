package fetch_test

import (
	"archive/tar"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

func FuzzUnpack(f *testing.F) {
	entries := []entry{
		{name: "pkg/", kind: tar.TypeDir},
		{name: "pkg/f", body: "content"},
		{name: "pkg/l", kind: tar.TypeSymlink, link: "../../outside/victim"},
		{name: "pkg/m", kind: tar.TypeSymlink, link: "f"},
		{name: "../outside/victim", body: "evil"},
	}
	plain := tarOf(f, append(entries, entry{name: "h", kind: tar.TypeLink, link: "pkg/f"})...)
	for _, seed := range [][]byte{
		plain, gzipOf(f, plain), xzOf(f, plain), lzipOf(f, plain), decode(f, bzip2Tar), zipOf(f, entries...), nil, []byte("text"),
	} {
		f.Add(seed)
	}
	limits := fetch.Limits{Entries: 100, TotalBytes: 1 << 20, FileBytes: 1 << 19, Depth: 10, Ratio: 10}
	f.Fuzz(func(t *testing.T, archive []byte) {
		dir, result, err := unpack(t, archive, fetch.UnpackOptions{Limits: limits, Exclude: []string{"*[!a-f]x"}})
		if err != nil {
			require.Zero(t, result)
			return
		}
		root, err := os.OpenRoot(dir)
		require.NoError(t, err)
		defer root.Close()
		require.LessOrEqual(t, result.Bytes, limits.TotalBytes)
		for name, content := range listing(t, dir) {
			if target, link := strings.CutPrefix(content, "-> "); link && !filepath.IsAbs(target) {
				if _, err := root.Stat(name); err != nil {
					require.NotContains(t, err.Error(), "escapes", name)
				}
				continue
			}
			info, err := root.Lstat(name)
			require.NoError(t, err)
			require.Zero(t, info.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky))
			require.Equal(t, fs.FileMode(0o600), info.Mode()&0o600)
		}
	})
}

func FuzzChecksum(f *testing.F) {
	for _, seed := range []string{"", helloMD5, helloSHA256, helloSHA512, "sha256:" + helloSHA256, "md5:", "abc123def4567890", "SHA512:\n"} {
		f.Add(seed)
	}
	file := filepath.Join(f.TempDir(), "x")
	require.NoError(f, os.WriteFile(file, []byte(hello), 0o644))
	f.Fuzz(func(t *testing.T, sum string) {
		err := fetch.Verify(t.Context(), file, sum)
		s := strings.ToLower(strings.TrimSpace(sum))
		_, digits, prefixed := strings.Cut(s, ":")
		if !prefixed {
			digits = s
		}
		right := s == "" || digits == helloMD5 || digits == helloSHA256 || digits == helloSHA512
		if !right {
			require.Error(t, err)
		}
		if err == nil {
			return
		}
		var wrong *fetch.ChecksumError
		require.ErrorAs(t, err, &wrong)
		require.NotEqual(t, wrong.Want, wrong.Got)
		require.NotEmpty(t, wrong.Want)
		lines := strings.Count(err.Error(), "\n")
		if wrong.Hint == "" {
			require.Equal(t, 1, lines)
		} else {
			require.Equal(t, 2, lines)
		}
		// What it says was found is what it accepts.
		require.NoError(t, fetch.Verify(t.Context(), file, wrong.Got))
	})
}
