package buildout

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMachineReadsSmallFiles(t *testing.T) {
	read := Machine().ReadFile
	dir := t.TempDir()
	name := filepath.Join(dir, "release")
	require.NoError(t, os.WriteFile(name, make([]byte, 1<<20), 0o666))
	text, err := read(name)
	require.NoError(t, err)
	require.Len(t, text, 1<<20)
	require.NoError(t, os.WriteFile(name, make([]byte, 1<<20+1), 0o666))
	_, err = read(name)
	require.ErrorContains(t, err, "it has more than 1048576 bytes")
	_, err = read("/dev/zero")
	require.ErrorContains(t, err, "expected a file, found Dc---------")
	_, err = read(dir)
	require.ErrorContains(t, err, "expected a file, found d---------")
	_, err = read(filepath.Join(dir, "absent"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
