package fetch

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	defaultTimeout   = time.Minute
	defaultRetries   = 2
	defaultMaxBytes  = 32 << 30
	defaultUserAgent = "go-buildout"
)

// Client downloads files. The zero value is ready to use and safe: it has
// the default limits, connects directly, reports no progress and logs
// nothing. A Client may be used by several goroutines at once; it must not be
// copied or changed after its first use.
type Client struct {
	// Timeout is how long a server may keep silent: while the connection is
	// made, before the response starts, and between two pieces of it. A
	// download that makes progress may take as long as it needs. Zero means
	// one minute.
	Timeout time.Duration

	// Retries is the number of further tries after a temporary failure: a
	// reset connection, a response that breaks off, silence, or one of the
	// statuses 408, 429 and 5xx. Zero means two, less than zero none.
	Retries int

	// Backoff is the time to wait before retry n, counted from 1. Nil means
	// half a second, doubled each time up to 30 seconds. A server's
	// Retry-After, up to a minute, prolongs it.
	Backoff func(n int) time.Duration

	// MaxBytes bounds the size of one download. Zero means 32 GiB.
	MaxBytes int64

	// Progress is told about the bytes of a download: once at its start, and
	// after each piece. total is -1 when the server doesn't say. It may be
	// called from several goroutines, one for each download.
	Progress func(url string, done, total int64)

	// Log receives "Downloading URL" at level Info, and retries and dropped
	// cache files at level Warn. Nil means no log.
	Log *slog.Logger

	// TempDir is where downloads without a cache are stored. Empty means the
	// system's directory for temporary files.
	TempDir string

	// UserAgent is sent to HTTP servers. Empty means "go-buildout".
	UserAgent string

	// Proxy names the proxy of an HTTP request, as in http.Transport. Nil
	// means none; http.ProxyFromEnvironment is the usual other choice.
	Proxy func(*http.Request) (*url.URL, error)

	// PublicOnly refuses connections to loopback, private, link-local and
	// other special addresses. It is the address dialled that is judged, so
	// neither redirects nor name servers get around it; with a proxy it is
	// the proxy's.
	PublicOnly bool

	// Transport replaces the HTTP transport, and with it Proxy and
	// PublicOnly, for HTTP. It must not decompress what it receives.
	Transport http.RoundTripper

	once      sync.Once
	transport http.RoundTripper
}

// Open returns the whole content of a URL or of a local file. Nothing is
// returned before everything has arrived, so that a caller never sees a part
// of a profile. A redirect may only lead to http and https.
func (c *Client) Open(ctx context.Context, url string) (io.ReadCloser, error) {
	if path, local, err := localPath(url); err != nil {
		return nil, err
	} else if local {
		f, _, err := openRegular(path)
		return f, err
	}
	name, err := c.download(ctx, url, c.tempDir(), 0o600, checksum{})
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		os.Remove(name)
		return nil, err
	}
	return &temporaryFile{f}, nil
}

// Fetch makes the content of url available as a local file, and returns the
// path of it.
//
// A path or a file: URL is used in place, also offline. Anything else comes
// from the file cache if that exists and has the right checksum; otherwise it
// is downloaded and stored there, with the parent directory made if need be.
// A cached file with a wrong checksum is dropped and downloaded again, but
// offline it is an error. Without a cache ("") the file is temporary, and
// the caller removes it.
//
// md5sum is empty for no check, or a digest in hexadecimal digits of MD5,
// SHA-256 or SHA-512, told apart by length or by a prefix such as "sha256:".
// A wrong one is a [*ChecksumError].
func (c *Client) Fetch(ctx context.Context, url, md5sum, cache string, offline bool) (path string, temporary bool, err error) {
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	sum := parseChecksum(md5sum)
	path, local, err := localPath(url)
	if err != nil {
		return "", false, err
	}
	if local {
		return path, false, checkLocal(ctx, path, sum)
	}
	if cache == "" {
		if offline {
			return "", false, &OfflineError{URL: redactURL(url)}
		}
		path, err = c.download(ctx, url, c.tempDir(), 0o600, sum)
		return path, err == nil, err
	}
	hit, err := c.cached(ctx, url, cache, sum, offline)
	if err != nil {
		return "", false, err
	}
	if !hit {
		if offline {
			return "", false, &OfflineError{URL: redactURL(url)}
		}
		if err := c.store(ctx, url, cache, sum); err != nil {
			return "", false, err
		}
	}
	return cache, false, nil
}

// progressKey is that of the progress function of one download in its context.
type progressKey struct{}

// FetchWithProgress is [Client.Fetch] that tells progress, and not Client.Progress,
// about the bytes of this download. What comes from the cache or is local isn't
// told.
func (c *Client) FetchWithProgress(ctx context.Context, url, md5sum, cache string, offline bool, progress func(done, total int64)) (path string, temporary bool, err error) {
	return c.Fetch(context.WithValue(ctx, progressKey{}, progress), url, md5sum, cache, offline)
}

// CloseIdleConnections closes the connections which are kept open for a
// while for further downloads from the same servers.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.roundTripper().(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// checkLocal reports whether a local resource, a file or a directory, is
// there and has the sum that is asked for.
func checkLocal(ctx context.Context, path string, sum checksum) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if sum.want == "" {
		return nil
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("checksum of %q: expected a regular file, found a %s", path, kind(info.Mode()))
	}
	got, err := sum.ofFile(ctx, path)
	if err != nil {
		return err
	}
	if !sum.matches(got) {
		return sum.mismatch(mismatchLocal, "", path, got)
	}
	return nil
}

func (c *Client) tempDir() string {
	if c.TempDir != "" {
		return c.TempDir
	}
	return os.TempDir()
}

func (c *Client) log() *slog.Logger {
	if c.Log != nil {
		return c.Log
	}
	return slog.New(slog.DiscardHandler)
}

func (c *Client) timeout() time.Duration {
	if c.Timeout > 0 {
		return c.Timeout
	}
	return defaultTimeout
}

func (c *Client) maxBytes() int64 {
	if c.MaxBytes > 0 {
		return c.MaxBytes
	}
	return defaultMaxBytes
}

// temporaryFile is a file that goes when it is closed.
type temporaryFile struct{ *os.File }

func (f *temporaryFile) Close() error {
	err := f.File.Close()
	os.Remove(f.Name())
	return err
}

// openRegular opens a file for reading and refuses what could block or never
// end: a fifo, a device, a directory.
func openRegular(path string) (*os.File, fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%q: expected a regular file, found a %s", filepath.ToSlash(path), kind(info.Mode()))
	}
	f, err := os.Open(path)
	return f, info, err
}

// kind names what a file is in an error.
func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "directory"
	case mode&fs.ModeSymlink != 0:
		return "symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "named pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode&fs.ModeDevice != 0:
		return "device"
	}
	return "special file"
}
