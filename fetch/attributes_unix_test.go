//go:build unix

package fetch_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

// withUmask sets the umask for one test, which therefore must not be parallel
// to others.
func withUmask(t *testing.T, mask int) {
	old := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(old) })
}

func requireModes(t *testing.T, dir string, want map[string]fs.FileMode) {
	t.Helper()
	for name, mode := range want {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode(), name)
	}
}

func TestUnpackAttributes(t *testing.T) {
	entries := []entry{
		{name: "d/", kind: tar.TypeDir, mode: 0o2500},
		{name: "d/plain", body: "x"},
		{name: "d/run", body: "x", mode: 0o6777},
		{name: "d/secret", body: "x", mode: 0o400},
		{name: "implied/f", body: "x", mode: 0o1},
	}
	for name, archive := range map[string][]byte{"tar": tarOf(t, entries...), "zip": zipOf(t, entries...)} {
		t.Run(name, func(t *testing.T) {
			withUmask(t, 0)
			dir, _, err := unpack(t, archive, fetch.UnpackOptions{})
			require.NoError(t, err)
			requireModes(t, dir, map[string]fs.FileMode{
				"d": 0o700 | fs.ModeDir, "d/plain": 0o644, "d/run": 0o755, "d/secret": 0o600,
				"implied": 0o777 | fs.ModeDir, "implied/f": 0o601,
			})
			for _, name := range []string{"d", "d/plain", "d/run", "d/secret", "implied/f"} {
				info, err := os.Stat(filepath.Join(dir, name))
				require.NoError(t, err)
				require.True(t, info.ModTime().Equal(archiveTime), "%s: %v", name, info.ModTime())
			}
		})
	}
	withUmask(t, 0o077)
	dir, _, err := unpack(t, tarOf(t, entries...), fetch.UnpackOptions{})
	require.NoError(t, err)
	requireModes(t, dir, map[string]fs.FileMode{"d/plain": 0o600, "d/run": 0o700})
}

func TestUnpackZipWithoutPermissions(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"d/", "d/f"} {
		h := &zip.FileHeader{Name: name}
		h.CreatorVersion = 3 << 8 // Unix, with no mode
		_, err := w.CreateHeader(h)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	withUmask(t, 0)
	dir, _, err := unpack(t, b.Bytes(), fetch.UnpackOptions{})
	require.NoError(t, err)
	requireModes(t, dir, map[string]fs.FileMode{"d": 0o755 | fs.ModeDir, "d/f": 0o644})
}
