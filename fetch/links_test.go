package fetch

import (
	"archive/tar"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Random nets of links are extracted, and then followed by the system: none
// leads out, whatever leads through whatever.
func TestLinksNeverEscape(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"a", "b", "c", "d/a", "d/b", "d/e/a", "d/e/b"}
	parts := []string{"a", "b", "c", "d", "e", "..", "..", ".", "a", "x"}
	created, refused := 0, 0
	for range 300 {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for range 6 {
			target := make([]string, 1+random.IntN(4))
			for i := range target {
				target[i] = parts[random.IntN(len(parts))]
			}
			h := &tar.Header{
				Typeflag: tar.TypeSymlink, Name: names[random.IntN(len(names))], Linkname: strings.Join(target, "/"), Mode: 0o777,
			}
			if random.IntN(6) == 0 {
				h.Typeflag = tar.TypeDir
			}
			require.NoError(t, w.WriteHeader(h))
		}
		require.NoError(t, w.Close())
		base := t.TempDir()
		archive, dir := filepath.Join(base, "x.tar"), filepath.Join(base, "out")
		require.NoError(t, os.WriteFile(archive, b.Bytes(), 0o644))
		// Whatever could be hit outside exists, so that nothing is hidden by a
		// link that leads to nothing.
		for _, name := range []string{"a", "b", "c", "d", "e", "x"} {
			require.NoError(t, os.Mkdir(filepath.Join(base, name), 0o755))
		}
		result, err := Unpack(t.Context(), archive, dir, UnpackOptions{})
		require.NoError(t, err)
		created += result.Links
		refused += len(result.Skipped)
		dir, err = filepath.EvalSymlinks(dir)
		require.NoError(t, err)
		err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.Type()&os.ModeSymlink == 0 {
				return err
			}
			if real, err := filepath.EvalSymlinks(path); err == nil && real != dir && !strings.HasPrefix(real, dir+"/") {
				return fmt.Errorf("%s leads to %s", path, real)
			}
			return nil
		})
		require.NoError(t, err)
	}
	require.Greater(t, created, 200)
	require.Greater(t, refused, 200)
}

func TestLinkWorkIsBounded(t *testing.T) {
	s := newLinks()
	s.add(link{"a", member{target: strings.Repeat("./", 2000) + "b"}})
	s.add(link{"b", member{target: strings.Repeat("./", 2000) + "a"}})
	work := maxLinkWork - 1_000_000
	a, _ := s.get("a")
	require.False(t, s.escapes(a, &work), "a circle is given up after a while")
	require.Greater(t, work, maxLinkWork-1_000_000)
	for i := 0; work <= maxLinkWork; i++ {
		require.Less(t, i, 100)
		s.escapes(a, &work)
	}
	require.Less(t, work, maxLinkWork+10_000, "and what was used up is not overdrawn much")
}
