package conformance

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// corpus finds the folder of real profiles and recorded cases, which is not part
// of the repository. Without it the test is skipped.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BUILDOUT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no corpus: set BUILDOUT_CORPUS to its folder")
	}
	abs, err := filepath.Abs(dir)
	require.NoError(t, err)
	return abs
}

// readLines decodes a file of one JSON value a line, compressed or not.
func readLines[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	var r io.Reader = bufio.NewReader(f)
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(r)
		require.NoError(t, err)
		r = z
	}
	var out []T
	for d := json.NewDecoder(r); ; {
		var v T
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		out = append(out, v)
	}
}
