package fetch_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

func TestOpen(t *testing.T) {
	s := serve(t, text(hello))
	file := writeFile(t, "a b.cfg", hello)
	c := newClient(t)
	for name, url := range map[string]string{
		"http":             s.URL + "/x.cfg",
		"upper-case":       "HTTP" + strings.TrimPrefix(s.URL, "http") + "/x.cfg",
		"path":             file,
		"file URL":         "file://" + strings.ReplaceAll(file, " ", "%20"),
		"file URL on host": "file://localhost" + strings.ReplaceAll(file, " ", "%20"),
		"short file URL":   "file:" + strings.ReplaceAll(file, " ", "%20"),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := c.Open(t.Context(), url)
			require.NoError(t, err)
			got, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, hello, string(got))
			require.NoError(t, r.Close())
		})
	}
	requireEmpty(t, c.TempDir)
}

func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	c := newClient(t)
	_, err := c.Open(t.Context(), t.TempDir())
	require.ErrorContains(t, err, "expected a regular file, found a directory")
	_, err = c.Open(t.Context(), filepath.Join(t.TempDir(), "absent"))
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = c.Open(t.Context(), "")
	require.EqualError(t, err, "empty URL: expected a URL or a path")
	_, err = c.Open(t.Context(), "file://example.com/x")
	require.EqualError(t, err, `file URL 'file://example.com/x': expected no host or localhost, found "example.com"`)
}

func TestFetchTemporary(t *testing.T) {
	s := serve(t, text(hello))
	c := newClient(t)
	log := logged(c)
	path, temporary, err := c.Fetch(t.Context(), s.URL+"/x", helloMD5, "", false)
	require.NoError(t, err)
	require.True(t, temporary)
	require.Equal(t, c.TempDir, filepath.Dir(path))
	requireContent(t, hello, path)
	require.Equal(t, fmt.Sprintf("level=INFO msg=%q\n", "Downloading "+s.URL+"/x"), log.String())
}

// What go-getter would interpret, drop or sort arrives as it was written.
func TestRequestIsExact(t *testing.T) {
	s := serve(t, text(hello))
	c := newClient(t)
	for _, uri := range []string{
		"/p?checksum=md5:0123&archive=zip&filename=z",
		"/p.tar.gz?z=1&a=2&b",
		"/a//b/c.zip",
		"//a",
		"/a%2Fb%20c+d?q=%20+&r=a;b",
		"/",
		"/cgit/snapshot/x.tar.gz?id=v1//2",
	} {
		path, _, err := c.Fetch(t.Context(), s.URL+uri, helloMD5, "", false)
		require.NoError(t, err)
		requireContent(t, hello, path)
		requests := s.seen()
		require.Equal(t, uri, requests[len(requests)-1])
	}
	_, _, err := c.Fetch(t.Context(), s.URL+"/a b?c d#fragment", helloMD5, "", false)
	require.NoError(t, err)
	requests := s.seen()
	require.Equal(t, "/a%20b?c%20d", requests[len(requests)-1])
	require.Len(t, requests, 8, "one request a download")
}

// A compressed file stays compressed, whatever the server calls it.
func TestContentIsExact(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, hello)
	})
	_, _, err := newClient(t).Fetch(t.Context(), s.URL+"/x.tar.gz", helloMD5, "", false)
	require.NoError(t, err)
}

func TestStatusErrors(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"404 File not found", "HTTP Error 404: File not found"},
		{"403", "HTTP Error 403: Forbidden"},
		{"299 Fine", ""},
		{"206 Partial Content", "HTTP Error 206: Partial Content"},
		{"304 Not Modified", "HTTP Error 304: Not Modified"},
	} {
		t.Run(test.line, func(t *testing.T) {
			s := serve(t, hijack(t, "HTTP/1.1 %s\r\nConnection: close\r\n\r\n", test.line))
			c := newClient(t)
			_, _, err := c.Fetch(t.Context(), s.URL+"/x", "", "", false)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, "Error downloading extends for URL "+s.URL+"/x: "+test.want)
			var status *fetch.HTTPError
			require.ErrorAs(t, err, &status)
			require.Equal(t, test.line[:3], fmt.Sprint(status.Code))
			require.Len(t, s.seen(), 1)
			requireEmpty(t, c.TempDir)
		})
	}
}

func TestRetry(t *testing.T) {
	type answer = http.HandlerFunc
	status := func(code int) answer {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	short := hijack(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nlonger than what comes next")
	chunked := hijack(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello")
	silent := hijack(t, "")
	for _, test := range []struct {
		name    string
		retries int
		answers []answer
		want    string
		tries   int
	}{
		{"503 and then ok", 0, []answer{status(503), text(hello)}, "", 2},
		{"429, 500 and then ok", 0, []answer{status(429), status(500), text(hello)}, "", 3},
		{"too many failures", 0, []answer{status(502), status(502), status(502), text(hello)}, "HTTP Error 502: Bad Gateway", 3},
		{"no retries", -1, []answer{status(503), text(hello)}, "HTTP Error 503: Service Unavailable", 1},
		{"more retries", 4, []answer{status(503), status(503), status(503), status(503), text(hello)}, "", 5},
		{"for good", 0, []answer{status(410), text(hello)}, "HTTP Error 410: Gone", 1},
		{"not implemented", 0, []answer{status(501), text(hello)}, "HTTP Error 501: Not Implemented", 1},
		{"short body and then ok", 0, []answer{short, text(hello)}, "", 2},
		{"broken chunk and then ok", 0, []answer{chunked, text(hello)}, "", 2},
		{"closed connection and then ok", 0, []answer{silent, text(hello)}, "", 2},
		{"short bodies", 1, []answer{short, short}, "the connection broke off: unexpected EOF", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			answers := make(chan answer, len(test.answers))
			for _, a := range test.answers {
				answers <- a
			}
			s := serve(t, func(w http.ResponseWriter, r *http.Request) { (<-answers)(w, r) })
			c := newClient(t)
			c.Retries = test.retries
			path, _, err := c.Fetch(t.Context(), s.URL+"/x", helloMD5, "", false)
			require.Len(t, s.seen(), test.tries)
			if test.want == "" {
				require.NoError(t, err)
				requireContent(t, hello, path)
				return
			}
			require.EqualError(t, err, "Error downloading extends for URL "+s.URL+"/x: "+test.want)
			requireEmpty(t, c.TempDir)
		})
	}
}

func TestHTTP2(t *testing.T) {
	tries := 0
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tries++; tries == 1 {
			w.Write([]byte("hel"))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler) // resets the stream
		}
		if r.ProtoMajor != 2 {
			w.WriteHeader(http.StatusHTTPVersionNotSupported)
		}
		io.WriteString(w, hello)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	c := newClient(t)
	c.Transport = s.Client().Transport
	path, _, err := c.Fetch(t.Context(), s.URL, helloMD5, "", false)
	require.NoError(t, err)
	require.Equal(t, 2, tries)
	requireContent(t, hello, path)
}

func TestBadCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(text(hello))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	_, _, err := newClient(t).Fetch(t.Context(), s.URL, "", "", false)
	require.ErrorContains(t, err, "certificate")
}

func TestRefusedConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	c := newClient(t)
	tries := 0
	c.Backoff = func(int) time.Duration { tries++; return 0 }
	_, _, err = c.Fetch(t.Context(), "http://"+l.Addr().String()+"/x", "", "", false)
	require.ErrorContains(t, err, "Error downloading extends for URL http://"+l.Addr().String()+"/x: dial tcp")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.Zero(t, tries)
}

func TestRedirects(t *testing.T) {
	other := serve(t, text(hello))
	s := serve(t, nil)
	handler := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/relative/a":
			http.Redirect(w, r, "../b?x=1", http.StatusFound)
		case "/other":
			http.Redirect(w, r, other.URL+"/x", http.StatusMovedPermanently)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/secret":
			w.Header().Set("Location", "ftp://user:secret@example.com/")
			w.WriteHeader(http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			io.WriteString(w, hello)
		}
	}
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.RequestURI)
		s.headers = append(s.headers, r.Header.Clone())
		s.mu.Unlock()
		handler(w, r)
	})
	c := newClient(t)

	_, _, err := c.Fetch(t.Context(), s.withUser("/relative/a"), helloMD5, "", false)
	require.NoError(t, err)
	require.Equal(t, []string{"/relative/a", "/b?x=1"}, s.seen())
	user, password, ok := (&http.Request{Header: s.header(1)}).BasicAuth()
	require.Equal(t, []any{"user", "secret", true}, []any{user, password, ok}, "the same server gets the credentials")

	_, _, err = c.Fetch(t.Context(), s.withUser("/other"), helloMD5, "", false)
	require.NoError(t, err)
	require.Empty(t, other.header(0).Get("Authorization"), "another server doesn't")
	require.Empty(t, other.header(0).Get("Referer"))

	for path, want := range map[string]string{
		"/file":   `redirect to 'file:///etc/passwd' refused: expected http or https, found "file"`,
		"/secret": `redirect to 'ftp://example.com/' refused: expected http or https, found "ftp"`,
		"/loop":   `redirect to '` + s.URL + `/loop' refused: more than 10 redirects`,
	} {
		_, err = c.Open(t.Context(), s.URL+path)
		require.EqualError(t, err, "Error downloading extends for URL "+s.URL+path+": "+want)
		var redirect *fetch.RedirectError
		require.ErrorAs(t, err, &redirect)
	}
}

func TestNoCredentialsInMessages(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/404":
			w.WriteHeader(http.StatusNotFound)
		case "/503":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/location":
			w.Header().Set("Location", "http://user:secret@[bad/")
			w.WriteHeader(http.StatusFound)
		case "/reset":
			hijack(t, "garbage://user:secret@x\r\n\r\n")(w, r)
		case "/reason":
			hijack(t, "HTTP/1.1 404 http://user:secret@x\r\n\r\n")(w, r)
		default:
			io.WriteString(w, hello)
		}
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	cache := filepath.Join(t.TempDir(), "ns", "file")
	require.NoError(t, os.MkdirAll(filepath.Dir(cache), 0o755))
	c := newClient(t)
	log := logged(c)
	c.Progress = func(url string, _, _ int64) { fmt.Fprintln(log, url) }
	for _, test := range []struct {
		url, sum, cache string
		offline         bool
	}{
		{url: s.withUser("/404")},
		{url: s.withUser("/503")},
		{url: s.withUser("/location")},
		{url: s.withUser("/reset")},
		{url: s.withUser("/reason")},
		{url: s.withUser("/ok"), sum: "0"},
		{url: s.withUser("/ok"), sum: "0", cache: cache},
		{url: s.withUser("/ok"), sum: helloMD5[1:] + "0", cache: cache},
		{url: s.withUser("/ok"), sum: "0", cache: cache, offline: true},
		{url: s.withUser("/ok"), offline: true},
		{url: "http://user:secret@" + l.Addr().String() + "/"},
		{url: "ftp://user:secret@" + l.Addr().String() + "/x"},
		{url: "http://user:sec/ret:secret@host:port/"},
		{url: "http://user:secret@ho st/"},
		{url: "http://user:secret%zz@host/"},
		{url: "gopher://user:secret@host/"},
		{url: "file://user:secret@host/x"},
	} {
		if test.cache != "" {
			require.NoError(t, os.WriteFile(cache, []byte("poison"), 0o644))
		}
		_, _, err := c.Fetch(t.Context(), test.url, test.sum, test.cache, test.offline)
		require.Error(t, err, test.url)
		for e := err; e != nil; e = errors.Unwrap(e) {
			require.NotContains(t, e.Error(), "secret", test.url)
			require.NotContains(t, e.Error(), "user", test.url)
		}
		var u *url.Error
		require.False(t, errors.As(err, &u), "%s: a *url.Error quotes what it was given", test.url)
	}
	require.Contains(t, log.String(), s.URL+"/ok", "the log was written")
	require.NotContains(t, log.String(), "secret")
	require.NotContains(t, log.String(), "user")

	user, password, ok := (&http.Request{Header: s.header(0)}).BasicAuth()
	require.Equal(t, []any{"user", "secret", true}, []any{user, password, ok}, "they are sent all the same")
}

func TestCancelSlowBody(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "some")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	c := newClient(t)
	ctx, cancel := context.WithCancel(t.Context())
	c.Progress = func(_ string, done, _ int64) {
		if done > 0 {
			cancel()
		}
	}
	_, _, err := c.Fetch(ctx, s.URL+"/x", "", "", false)
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, "Error downloading extends for URL "+s.URL+"/x: context canceled")
	require.Len(t, s.seen(), 1, "no retry")
	requireEmpty(t, c.TempDir)
}

func TestCancelBackoff(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	c := newClient(t)
	ctx, cancel := context.WithCancel(t.Context())
	c.Backoff = func(int) time.Duration { cancel(); return time.Hour }
	_, err := c.Open(ctx, s.URL)
	require.ErrorIs(t, err, context.Canceled)

	_, err = c.Open(ctx, s.URL)
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = c.Fetch(ctx, s.URL, "", "", false)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, s.seen(), 1, "an ended context asks nobody")
}

func TestSilentServer(t *testing.T) {
	for name, start := range map[string]string{
		"no response": "",
		"no body":     "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n",
		"half a body": "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha",
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			t.Cleanup(func() { l.Close() })
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					go func() {
						defer conn.Close()
						requests := bufio.NewReader(conn)
						if _, err := http.ReadRequest(requests); err != nil {
							return
						}
						io.WriteString(conn, start)
						io.Copy(io.Discard, requests) // until the client gives up
					}()
				}
			}()
			c := newClient(t)
			c.Timeout = 50 * time.Millisecond
			retries := 0
			c.Backoff = func(int) time.Duration { retries++; return 0 }
			_, _, err = c.Fetch(t.Context(), "http://"+l.Addr().String()+"/", "", "", false)
			require.ErrorContains(t, err, "timed out: the server keeps silent")
			require.Equal(t, 2, retries)
		})
	}
}

func TestMaxBytes(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"announced": text("0123456789"),
		"unannounced": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "01234")
			w.(http.Flusher).Flush()
			io.WriteString(w, "56789")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, handler)
			c := newClient(t)
			c.MaxBytes = 9
			_, _, err := c.Fetch(t.Context(), s.URL, "", "", false)
			var limit *fetch.LimitError
			require.ErrorAs(t, err, &limit)
			require.ErrorContains(t, err, "limit exceeded: more than 9 bytes of a download")
			require.Len(t, s.seen(), 1)
			requireEmpty(t, c.TempDir)
			exact := newClient(t)
			exact.MaxBytes = 10
			_, _, err = exact.Fetch(t.Context(), s.URL, "", "", false)
			require.NoError(t, err)
		})
	}
}

func TestProgress(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/unknown" {
			w.(http.Flusher).Flush()
		}
		io.WriteString(w, hello)
	})
	for path, total := range map[string]int64{"/known": int64(len(hello)), "/unknown": -1} {
		c := newClient(t)
		var first, last []int64
		c.Progress = func(url string, done, total int64) {
			require.Equal(t, s.URL+path, url)
			last = []int64{done, total}
			if first == nil {
				first = last
			}
		}
		_, _, err := c.Fetch(t.Context(), s.URL+path, "", "", false)
		require.NoError(t, err)
		require.Equal(t, []int64{0, total}, first)
		require.Equal(t, []int64{int64(len(hello)), total}, last)
	}
}

func TestPublicOnly(t *testing.T) {
	s := serve(t, text(hello))
	c := newClient(t)
	c.PublicOnly = true
	for _, url := range []string{
		s.URL,
		strings.Replace(s.URL, "127.0.0.1", "localhost", 1),
		strings.Replace(s.URL, "127.0.0.1", "0.0.0.0", 1),
		strings.Replace(s.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1),
		strings.Replace(s.URL, "http", "ftp", 1) + "/x",
	} {
		_, _, err := c.Fetch(t.Context(), url, "", "", false)
		var address *fetch.AddressError
		require.ErrorAs(t, err, &address, url)
	}
	require.Empty(t, s.seen())
}

func TestProxy(t *testing.T) {
	s := serve(t, text(hello))
	c := newClient(t)
	c.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(s.URL) }
	_, _, err := c.Fetch(t.Context(), "http://example.invalid/x?b=1&a=2", helloMD5, "", false)
	require.NoError(t, err)
	require.Equal(t, []string{"http://example.invalid/x?b=1&a=2"}, s.seen())
	require.Equal(t, "go-buildout", s.header(0).Get("User-Agent"))
}

func TestUnknownScheme(t *testing.T) {
	_, _, err := newClient(t).Fetch(t.Context(), "git://example.com/x", "", "", false)
	require.EqualError(t, err, `Error downloading extends for URL git://example.com/x: unknown URL scheme "git": expected http, https, ftp or file`)
	_, _, err = newClient(t).Fetch(t.Context(), "http:///x", "", "", false)
	require.EqualError(t, err, `Error downloading extends for URL http:///x: URL without a host`)
}
