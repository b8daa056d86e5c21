package buildout_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

// site is a directory with a buildout.cfg, and a server with what it extends.
// $DIR and $URL in texts stand for them.
type site struct {
	t       *testing.T
	dir     string
	url     string
	client  *fetch.Client
	options buildout.LoadOptions

	mu       sync.Mutex
	pages    map[string]string
	handlers map[string]http.HandlerFunc
	requests []string
}

// inBoth runs a test in both dialects.
func inBoth(t *testing.T, test func(t *testing.T, s *site)) {
	for _, d := range []buildout.Dialect{buildout.SlapOS(), buildout.ZC()} {
		t.Run(d.Name, func(t *testing.T) { test(t, newSite(t, d)) })
	}
}

func newSite(t *testing.T, d buildout.Dialect) *site {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	temp := t.TempDir()
	s := &site{t: t, dir: dir, pages: map[string]string{}, handlers: map[string]http.HandlerFunc{}}
	server := httptest.NewServer(s)
	s.url = server.URL
	s.client = &fetch.Client{Retries: -1, TempDir: temp}
	s.options = buildout.LoadOptions{Dialect: d, Opener: s.client, WorkingDirectory: dir,
		Home: filepath.Join(dir, "home"), UserDefaults: filepath.Join(dir, "home", "default.cfg")}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		server.Close()
		left, err := os.ReadDir(temp)
		require.NoError(t, err)
		require.Empty(t, left, "nothing temporary is left")
	})
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests = append(s.requests, r.RequestURI)
	page, ok := s.pages[r.RequestURI]
	handler := s.handlers[r.RequestURI]
	s.mu.Unlock()
	switch {
	case handler != nil:
		handler(w, r)
	case ok:
		_, _ = io.WriteString(w, page)
	default:
		http.NotFound(w, r)
	}
}

func (s *site) expand(text string) string {
	return strings.NewReplacer("$DIR", s.dir, "$URL", s.url).Replace(text)
}

func (s *site) page(path, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = s.expand(text)
}

func (s *site) remove(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pages, path)
}

// handle answers requests for a path with a function.
func (s *site) handle(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[path] = h
}

// seen are the requests since it was last asked.
func (s *site) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.requests
	s.requests = nil
	return seen
}

func (s *site) file(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	require.NoError(s.t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(s.t, os.WriteFile(path, []byte(s.expand(text)), 0o666))
}

// cacheName is the path of a URL in the folder cache.
func (s *site) cacheName(folder, url string) string {
	sum := md5.Sum([]byte(s.expand(url)))
	return filepath.Join(s.dir, folder, hex.EncodeToString(sum[:]))
}

func (s *site) load(assignments ...string) (*buildout.Config, error) {
	s.t.Helper()
	o := s.options
	for _, text := range assignments {
		a, err := buildout.ParseAssignment(s.expand(text))
		require.NoError(s.t, err)
		o.Overrides = append(o.Overrides, a)
	}
	return buildout.Load(s.t.Context(), filepath.Join(s.dir, "buildout.cfg"), o)
}

// value loads and returns the option x of section s.
func (s *site) value(assignments ...string) string {
	s.t.Helper()
	cfg, err := s.load(assignments...)
	require.NoError(s.t, err)
	return cfg.Section("s").Option("x").Value()
}

// fails loads and returns the report of the error.
func (s *site) fails(code buildout.Code, assignments ...string) string {
	s.t.Helper()
	_, err := s.load(assignments...)
	var e *buildout.Error
	require.ErrorAs(s.t, err, &e)
	require.Equal(s.t, code, e.Code, e.Message)
	return strings.NewReplacer(s.dir, "$DIR", s.url, "$URL").Replace(e.Report())
}

// TestRemoteNames looks at what is asked of the server.
func TestRemoteNames(t *testing.T) {
	for _, tc := range []struct {
		name       string
		extends    string
		pages      map[string]string
		slapos, zc string // requests, zc "" for the same
	}{
		{"relative", "$URL/a/x.cfg", map[string]string{"/a/x.cfg": "y.cfg", "/a/y.cfg": ""}, "/a/x.cfg /a/y.cfg", ""},
		{"parents", "$URL/a/x.cfg", map[string]string{"/a/x.cfg": "../y.cfg ./z.cfg", "/y.cfg": "", "/a/z.cfg": "", "/a/../y.cfg": "", "/a/./z.cfg": ""},
			"/a/x.cfg /y.cfg /a/z.cfg", "/a/x.cfg /a/../y.cfg /a/./z.cfg"},
		{"parents in the URL itself", "$URL/a/../x.cfg", map[string]string{"/x.cfg": "", "/a/../x.cfg": ""}, "/x.cfg", "/a/../x.cfg"},
		{"one file under two names", "$URL/x.cfg $URL/a/../x.cfg", map[string]string{"/x.cfg": "", "/a/../x.cfg": ""}, "/x.cfg", "/x.cfg /a/../x.cfg"},
		{"another URL", "$URL/a/x.cfg", map[string]string{"/a/x.cfg": "$URL/b/y.cfg", "/b/y.cfg": ""}, "/a/x.cfg /b/y.cfg", ""},
		{"queries", "$URL/a/x.cfg?v=1", map[string]string{"/a/x.cfg?v=1": "y.cfg?w=../2", "/a/y.cfg?w=../2": ""}, "/a/x.cfg?v=1 /a/y.cfg?w=../2", ""},
		{"a slash in a query", "$URL/x.cfg?p=a/b", map[string]string{"/x.cfg?p=a/b": "y.cfg", "/y.cfg": "", "/x.cfg?p=a/y.cfg": ""}, "/x.cfg?p=a/b /y.cfg", "/x.cfg?p=a/b /x.cfg?p=a/y.cfg"},
		{"named by many", "$URL/x.cfg $URL/y.cfg $URL/z.cfg", map[string]string{"/x.cfg": "z.cfg", "/y.cfg": "z.cfg", "/z.cfg": ""}, "/x.cfg /z.cfg /y.cfg", ""},
		{"escaped", "$URL/a%20b/x.cfg", map[string]string{"/a%20b/x.cfg": "y%2Fz.cfg", "/a%20b/y%2Fz.cfg": ""}, "/a%20b/x.cfg /a%20b/y%2Fz.cfg", ""},
		{"a colon", "$URL/a/x.cfg", map[string]string{"/a/x.cfg": "y:z.cfg", "/a/y:z.cfg": ""}, "/a/x.cfg /a/y:z.cfg", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, s *site) {
				for path, extends := range tc.pages {
					s.page(path, "[buildout]\nextends = "+extends+"\n[s]\nx = remote\n")
				}
				s.file("buildout.cfg", "[buildout]\nextends = "+tc.extends+"\n")
				require.Equal(t, "remote", s.value())
				want := tc.slapos
				if s.options.Dialect.Name == "zc" && tc.zc != "" {
					want = tc.zc
				}
				require.Equal(t, want, strings.Join(s.seen(), " "))
			})
		})
	}
}

func TestAbsolutePathInRemote(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.page("/a/x.cfg", "[buildout]\nextends = /b/y.cfg\n")
		s.page("/b/y.cfg", "[s]\nx = remote\n")
		s.file("buildout.cfg", "[buildout]\nextends = $URL/a/x.cfg\n")
		if s.options.Dialect.NormalizePaths {
			require.Equal(t, "remote", s.value())
			return
		}
		require.Contains(t, s.fails(buildout.CodeExtends), "The remote profile $URL/a/x.cfg can't extend the local file /b/y.cfg.")
	})
}

func TestRemoteExtendsLocal(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.file("secret.cfg", "[s]\nx = local\n")
		s.file("home/secret.cfg", "[s]\nx = local\n")
		s.file("buildout.cfg", "[buildout]\nextends = $URL/x.cfg\n")
		for name, code := range map[string]buildout.Code{
			"file://$DIR/secret.cfg": buildout.CodeExtends,
			"FILE://$DIR/secret.cfg": buildout.CodeExtends,
			"file:$DIR/secret.cfg":   buildout.CodeDownload,
			"~/secret.cfg":           buildout.CodeDownload,
		} {
			s.page("/x.cfg", "[buildout]\nextends = "+name+"\n")
			s.fails(code)
		}
		s.handle("/x.cfg", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file://"+s.dir+"/secret.cfg", http.StatusFound)
		})
		require.Contains(t, s.fails(buildout.CodeDownload), "refused: expected http or https")
	})
}

func TestHomeInFileURL(t *testing.T) {
	s := newSite(t, buildout.SlapOS())
	s.file("home/y.cfg", "[s]\nx = home\n")
	s.file("é/x.cfg", "[buildout]\nextends = ~/y.cfg z.cfg\n")
	s.file("é/z.cfg", "[s]\ny = 1\n")
	s.file("buildout.cfg", "[buildout]\nextends = file://$DIR/é/x.cfg\n")
	require.Equal(t, "home", s.value())
}

// TestRedirect: what is extended is relative to the URL that was asked for.
func TestRedirect(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.handle("/old/x.cfg", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/new/x.cfg", http.StatusMovedPermanently)
		})
		s.page("/new/x.cfg", "[buildout]\nextends = y.cfg\n")
		s.page("/old/y.cfg", "[s]\nx = old\n")
		s.page("/new/y.cfg", "[s]\nx = new\n")
		s.file("buildout.cfg", "[buildout]\nextends = $URL/old/x.cfg\n")
		require.Equal(t, "old", s.value())
		require.Equal(t, []string{"/old/x.cfg", "/new/x.cfg", "/old/y.cfg"}, s.seen())
	})
}

func TestRemoteMain(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.page("/a/buildout.cfg", "[buildout]\nextends = x.cfg\n")
		s.page("/a/x.cfg", "[s]\nx = ${:_profile_base_location_}\n")
		url := s.url + "/a/buildout.cfg"
		_, err := buildout.Load(t.Context(), url, s.options)
		require.EqualError(t, err, "Missing option: buildout:directory")
		s.options.Overrides = []buildout.Assignment{{Section: "buildout", Option: "directory", Value: s.dir}}
		cfg, err := buildout.Load(t.Context(), url, s.options)
		require.NoError(t, err)
		require.Equal(t, s.dir, cfg.Directory())
		if s.options.Dialect.BaseLocation {
			require.Equal(t, s.url+"/a", cfg.Resolve("s").Section("s")["x"])
		}
		s.page("/a/x.cfg", "[buildout]\neggs-directory = e\n")
		_, err = buildout.Load(t.Context(), url, s.options)
		require.ErrorContains(t, err, "Setting \"eggs-directory\" to a non absolute location (\"e\") within a\nremote configuration file (\""+s.url+"/a/x.cfg\") is ambiguous.")
	})
}

func TestRemoteLoop(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.page("/x.cfg", "[buildout]\nextends = y.cfg\n")
		s.page("/y.cfg", "[buildout]\nextends = x.cfg\n")
		s.file("buildout.cfg", "[buildout]\nextends = $URL/x.cfg\n")
		require.Contains(t, s.fails(buildout.CodeExtendsLoop), "Recursive file include ['$DIR/buildout.cfg', '$URL/x.cfg', '$URL/y.cfg'] $URL/x.cfg\n")
	})
}

// TestDownloadFails: what servers do to a profile, without and with a cached copy.
func TestDownloadFails(t *testing.T) {
	for _, tc := range []struct {
		name    string
		handler http.HandlerFunc
		want    string
	}{
		{"404", http.NotFound, "Error downloading extends for URL $URL/x.cfg: HTTP Error 404: Not Found\n"},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "HTTP Error 500: Internal Server Error\n"},
		{"redirect loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x.cfg", http.StatusFound) }, "more than 10 redirects\n"},
		{"truncated", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "[s]\nx = part\n")
		}, "Error downloading extends for URL $URL/x.cfg: "},
		{"connection dropped", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "Error downloading extends for URL $URL/x.cfg: "},
		{"silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "Error downloading extends for URL $URL/x.cfg: "},
		{"silent in the middle", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "[s]\n")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "Error downloading extends for URL $URL/x.cfg: "},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, strings.Repeat("# comment\n", 1000))
			}
		}, "limit exceeded: more than 100000 bytes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, s *site) {
				s.client.MaxBytes = 100_000
				if strings.HasPrefix(tc.name, "silent") {
					s.client.Timeout = 50 * time.Millisecond // else a busy machine may be too slow for it
				}
				s.handle("/x.cfg", tc.handler)
				s.file("buildout.cfg", "[buildout]\nextends = $URL/x.cfg\n")
				s.file("cache/unrelated", "")
				report := s.fails(buildout.CodeDownload, "extends-cache=$DIR/cache")
				require.Contains(t, report, tc.want)
				require.Contains(t, report, "\n  $DIR/buildout.cfg:2 (buildout:extends)\n")
				require.NoFileExists(t, s.cacheName("cache", "$URL/x.cfg"), "nothing partial is kept")
				require.NoError(t, os.WriteFile(s.cacheName("cache", "$URL/x.cfg"), []byte("[s]\nx = cached\n"), 0o666))
				require.Equal(t, "cached", s.value("extends-cache=$DIR/cache"))
			})
		})
	}
}

// TestSlowDownload: a server may take its time as long as it says something.
func TestSlowDownload(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.handle("/x.cfg", func(w http.ResponseWriter, _ *http.Request) {
			for _, c := range "[s]\nx = slow\n" {
				fmt.Fprintf(w, "%c", c)
				w.(http.Flusher).Flush()
			}
		})
		s.file("buildout.cfg", "[buildout]\nextends = $URL/x.cfg\n")
		require.Equal(t, "slow", s.value())
	})
}

// TestCancelledDownload: the end of the context is the end of the download, and
// no reason to take a cached copy.
func TestCancelledDownload(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		s.handle("/x.cfg", func(w http.ResponseWriter, r *http.Request) {
			defer close(ended)
			_, _ = io.WriteString(w, "[s]\n")
			w.(http.Flusher).Flush()
			cancel()
			<-r.Context().Done()
		})
		s.file("buildout.cfg", "[buildout]\nextends = $URL/x.cfg\n")
		s.file("cache/unrelated", "")
		require.NoError(t, os.WriteFile(s.cacheName("cache", "$URL/x.cfg"), []byte("[s]\nx = cached\n"), 0o666))
		s.options.Overrides = []buildout.Assignment{{Section: "buildout", Option: "extends-cache", Value: s.dir + "/cache"}}
		_, err := buildout.Load(ctx, filepath.Join(s.dir, "buildout.cfg"), s.options)
		require.ErrorIs(t, err, context.Canceled)
		<-ended
	})
}

// TestRemoteLimit: a profile that is too large is an error and is not cached.
func TestRemoteLimit(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.page("/x.cfg", "[s]\nx = 1\n"+strings.Repeat("# comment\n", 100))
		s.file("buildout.cfg", "[buildout]\nextends = $URL/x.cfg\n")
		s.file("cache/unrelated", "")
		s.options.Limits.Bytes = 500
		require.Contains(t, s.fails(buildout.CodeLimit, "extends-cache=$DIR/cache"), "its files have more than 500 bytes")
		require.NoFileExists(t, s.cacheName("cache", "$URL/x.cfg"))
		s.options.Limits.Bytes = 0
		require.Equal(t, "1", s.value("extends-cache=$DIR/cache"))
		s.options.Limits.Bytes = 500
		require.Contains(t, s.fails(buildout.CodeLimit, "extends-cache=$DIR/cache", "offline=true"), "its files have more than 500 bytes")
	})
}

// TestCredentials are sent, also for what is extended relatively, and not shown.
func TestCredentials(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		with := strings.Replace(s.url, "http://", "http://user:secret@", 1)
		authorized := func(text string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if user, password, _ := r.BasicAuth(); user != "user" || password != "secret" {
					w.WriteHeader(http.StatusUnauthorized)
				}
				_, _ = io.WriteString(w, text)
			}
		}
		s.handle("/a/x.cfg", authorized("[buildout]\nextends = y.cfg\n"))
		s.file("buildout.cfg", "[buildout]\nextends = "+with+"/a/x.cfg\n")
		for name, text := range map[string]string{
			"syntax":    "[s]\nfoo bar\n",
			"loop":      "[buildout]\nextends = x.cfg\n",
			"absent":    "[buildout]\nextends = z.cfg\n",
			"local":     "[buildout]\nextends = file:///x.cfg\n",
			"malformed": "[buildout]\nextends = http://user:sec/ret@[::1/x.cfg\n",
			"ambiguous": "[buildout]\neggs-directory = e\n",
			"option":    "[buildout]\nnewest = http://user:secret@example.com/\n",
		} {
			s.handle("/a/y.cfg", authorized(text))
			_, err := s.load()
			require.Error(t, err, name)
			for _, shown := range []string{err.Error(), buildout.Report(err), fmt.Sprintf("%+v", err)} {
				require.NotContains(t, shown, "secret", name)
				require.NotContains(t, shown, "ret@", name)
			}
		}
		require.NotContains(t, s.fails(buildout.CodeDownload, "offline=true"), "secret")
		s.handle("/a/y.cfg", authorized("[s]\nx = 1\n"))
		cfg, err := s.load()
		require.NoError(t, err)
		var b strings.Builder
		require.NoError(t, cfg.WriteAnnotated(&b, true))
		require.NotContains(t, b.String(), "secret")
		require.Contains(t, b.String(), s.url+"/a/y.cfg")
	})
}

// TestLocalNames: how files are called by which others are extended.
func TestLocalNames(t *testing.T) {
	inBoth(t, func(t *testing.T, s *site) {
		s.file("d/x.cfg", "[buildout]\nextends = ../e/y.cfg\n")
		s.file("e/y.cfg", "[buildout]\nextends = z.cfg\n")
		s.file("e/z.cfg", "[s]\nx = 1\n")
		s.file("buildout.cfg", "[buildout]\nextends = d/x.cfg\n")
		cfg, err := s.load()
		require.NoError(t, err)
		x, shown := cfg.Section("s").Option("x"), s.dir+"/e/z.cfg"
		require.Equal(t, shown, x.Source())
		if !s.options.Dialect.NormalizePaths {
			shown = s.dir + "/d/../e/z.cfg"
		}
		require.Equal(t, shown, x.History()[0].Source)
	})
}
