package fetch

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBackoff(t *testing.T) {
	c := &Client{}
	waits := []time.Duration{}
	for n := 1; n < 9; n++ {
		waits = append(waits, c.backoff(n, os.ErrClosed))
	}
	half := 500 * time.Millisecond
	require.Equal(t, []time.Duration{half, 2 * half, 4 * half, 8 * half, 16 * half, 32 * half, 60 * half, 60 * half}, waits)
	require.Equal(t, 30*time.Second, c.backoff(1000, os.ErrClosed))
	for value, want := range map[string]time.Duration{
		"": half, "0": half, "-5": half, "7": 7 * time.Second, "86400": time.Minute, "99999999999999999999": half,
		"Fri, 01 Jan 2100 00:00:00 GMT": time.Minute, "Fri, 01 Jan 1999 00:00:00 GMT": half, "soon": half,
	} {
		require.Equal(t, want, c.backoff(1, &HTTPError{Code: 429, retryAfter: value}), value)
	}
}

func TestLongReason(t *testing.T) {
	err := httpError(&http.Response{StatusCode: 404, Status: "404 " + strings.Repeat("é", 500), Header: http.Header{}})
	require.Equal(t, strings.Repeat("é", 100), err.Reason)
}
