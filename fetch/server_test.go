package fetch_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

const (
	hello    = "hello, world\n"
	helloMD5 = "22c3683b094136c3398391ae71b20f04"
)

// server counts its requests and remembers how they looked on the wire.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string
	headers  []http.Header
}

func serve(t *testing.T, handler http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.RequestURI)
		s.headers = append(s.headers, r.Header.Clone())
		s.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

func (s *server) header(i int) http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.headers[i]
}

// withUser puts a user name and a password into the server's URL.
func (s *server) withUser(path string) string {
	return strings.Replace(s.URL, "://", "://user:secret@", 1) + path
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s) }
}

// newClient has no waiting time between tries, and its own directory for
// temporary files, so that what is left behind can be seen.
func newClient(t *testing.T) *fetch.Client {
	t.Helper()
	c := &fetch.Client{
		Backoff: func(int) time.Duration { return 0 },
		TempDir: t.TempDir(),
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func logged(c *fetch.Client) *bytes.Buffer {
	var b bytes.Buffer
	c.Log = slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	return &b
}

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "nothing may be left in %s", dir)
}

func requireContent(t *testing.T, want, path string) {
	t.Helper()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	return path
}

// hijack answers with the given bytes, and then closes the connection.
func hijack(t *testing.T, format string, args ...any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(rw, format, args...)
		rw.Flush()
	}
}
