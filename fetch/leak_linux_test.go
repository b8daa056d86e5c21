package fetch_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

func TestNoOpenFilesAreLeft(t *testing.T) {
	entries := make([]entry, 30)
	for i := range entries {
		entries[i] = entry{name: fmt.Sprintf("a/%d/f", i), body: "x"}
	}
	good := tarOf(t, entries...)
	bad := tarOf(t, append(entries, entry{name: "a/f", body: "x", size: 99})...)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/404" {
			w.WriteHeader(http.StatusNotFound)
		}
		text(hello)(w, r)
	})
	ftp := serveFTP(t, nil)
	c := newClient(t)
	use := func() {
		_, _, err := unpack(t, good, fetch.UnpackOptions{})
		require.NoError(t, err)
		_, _, err = unpack(t, bad, fetch.UnpackOptions{})
		require.Error(t, err)
		_, _, err = c.Fetch(t.Context(), s.URL, "", "", false)
		require.NoError(t, err)
		_, _, err = c.Fetch(t.Context(), s.URL+"/404", "", "", false)
		require.Error(t, err)
		_, _, err = c.Fetch(t.Context(), "ftp://"+ftp.address+"/x", "", "", false)
		require.NoError(t, err)
	}
	count := func() int {
		open, err := os.ReadDir("/proc/self/fd")
		require.NoError(t, err)
		return len(open)
	}
	use() // the poller and the connections that are kept
	before := count()
	for range 3 {
		use()
	}
	// The servers of this test may close theirs a little later.
	require.Less(t, count(), before+25)
}
