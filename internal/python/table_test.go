package python

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTables runs the lines "source => outcome" of testdata. The outcomes are
// CPython 3.11's, written there by testdata/outcomes.py.
func TestTables(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			for i, line := range strings.Split(string(data), "\n") {
				if line == "" || strings.HasPrefix(line, "# ") {
					continue
				}
				source, want, ok := strings.Cut(line, "  =>  ")
				require.True(t, ok, "%s:%d has no outcome", file, i+1)
				assert.Equal(t, want, outcome(source), "%s:%d: %s", file, i+1, source)
			}
		})
	}
}
