package fetch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// panicking is a decoder with a fault.
type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("index out of range") }

func TestGuard(t *testing.T) {
	_, err := (&guard{panicking{}}).Read(nil)
	require.ErrorIs(t, err, errDecoder)
	require.ErrorIs(t, damaged("f", err), ErrCorrupt)
}
