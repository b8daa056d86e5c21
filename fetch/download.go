package fetch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// errSilent is temporary: the next try may find the server awake.
var errSilent = errors.New("timed out: the server keeps silent")

// download stores the content behind a URL in a new file in dir, checks it,
// and returns the name of it. No file is left after an error.
func (c *Client) download(ctx context.Context, rawURL, dir string, perm fs.FileMode, sum checksum) (string, error) {
	shown := redactURL(rawURL)
	if err := ctx.Err(); err != nil {
		return "", &DownloadError{shown, err}
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return "", &DownloadError{shown, errors.New("malformed URL")} // a detail might quote the password
	}
	transfer := c.getHTTP
	switch u.Scheme = strings.ToLower(u.Scheme); u.Scheme {
	case "http", "https":
	case "ftp":
		transfer = c.getFTP
	default:
		return "", &DownloadError{shown, fmt.Errorf("unknown URL scheme %q: expected http, https, ftp or file", u.Scheme)}
	}
	if u.Host == "" {
		return "", &DownloadError{shown, errors.New("URL without a host")}
	}

	c.log().Info("Downloading " + shown)
	name, err := createTemp(dir, perm)
	if err != nil {
		return "", err
	}
	err = c.retry(ctx, shown, func() error {
		if err := os.Truncate(name, 0); err != nil {
			return err
		}
		return transfer(ctx, u, shown, name)
	})
	if err != nil {
		os.Remove(name)
		return "", &DownloadError{shown, err}
	}
	got, err := sum.ofFile(ctx, name)
	if err == nil && !sum.matches(got) {
		err = sum.mismatch(mismatchDownload, rawURL, "", got)
	}
	if err != nil {
		os.Remove(name)
		return "", err
	}
	return name, nil
}

// createTemp makes a new, empty file in dir. os.CreateTemp does the same, but
// always with permissions that would keep others from using a shared cache.
func createTemp(dir string, perm fs.FileMode) (string, error) {
	name := filepath.Join(dir, "buildout-"+rand.Text())
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return "", err
	}
	return name, f.Close()
}

// retry calls transfer until it succeeds, fails for good or too often, or the
// context ends.
func (c *Client) retry(ctx context.Context, shown string, transfer func() error) error {
	retries := c.Retries
	if retries == 0 {
		retries = defaultRetries
	}
	for n := 1; ; n++ {
		err := transfer()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err = unwrapURLErrors(err)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = fmt.Errorf("the connection broke off: %w", err)
		}
		if n > retries || !temporary(err) {
			return err
		}
		wait := c.backoff(n, err)
		c.log().Warn(fmt.Sprintf("Downloading %s failed: %v; next try in %v", shown, err, wait))
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// backoff is the time to wait before retry n after err.
func (c *Client) backoff(n int, err error) time.Duration {
	wait := min(500*time.Millisecond<<min(n-1, 10), 30*time.Second)
	if c.Backoff != nil {
		wait = c.Backoff(n)
	}
	var status *HTTPError
	if errors.As(err, &status) {
		wait = max(wait, min(retryAfter(status.retryAfter), time.Minute))
	}
	return wait
}

// retryAfter reads the header of that name: seconds or a date.
func retryAfter(value string) time.Duration {
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(value); err == nil {
		return time.Until(date)
	}
	return 0
}

// temporary reports whether a further try may succeed. Refused connections,
// unknown hosts and bad certificates are not of that kind.
func temporary(err error) bool {
	var status *HTTPError
	if errors.As(err, &status) {
		switch status.Code {
		case http.StatusRequestTimeout, http.StatusTooManyRequests:
			return true
		case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
			return false
		}
		return status.Code >= 500
	}
	var reply *FTPError
	if errors.As(err, &reply) {
		return 400 <= reply.Code && reply.Code < 500 // a "transient negative" one
	}
	for _, e := range []error{
		errSilent, io.EOF, io.ErrUnexpectedEOF,
		syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, syscall.ETIMEDOUT,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.IsTemporary || dns.IsTimeout
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return true
	}
	return errors.As(err, new(streamError))
}

// streamError has the shape of the error with which net/http reports that an
// HTTP/2 stream was reset; the type itself isn't exported.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string { return "HTTP/2 stream reset" }

// meter counts what is received: for the limit, the progress, and the
// watchdog, which ends a transfer in which nothing happens.
type meter struct {
	io.ReadCloser
	url         string
	done, total int64 // total is -1 if unknown
	max         int64
	progress    func(url string, done, total int64)
	watch       *watchdog
}

func (c *Client) meter(ctx context.Context, r io.ReadCloser, url string, total int64, watch *watchdog) (*meter, error) {
	m := &meter{ReadCloser: r, url: url, total: total, max: c.maxBytes(), progress: c.Progress, watch: watch}
	if f, ok := ctx.Value(progressKey{}).(func(done, total int64)); ok {
		m.progress = func(_ string, done, total int64) { f(done, total) }
	}
	if total > m.max {
		return nil, m.overrun()
	}
	m.report()
	return m, nil
}

func (m *meter) Read(p []byte) (int, error) {
	m.watch.start()
	n, err := m.ReadCloser.Read(p)
	m.watch.stop()
	m.done += int64(n)
	if m.done > m.max {
		return 0, m.overrun()
	}
	if n > 0 {
		m.report()
	}
	return n, err
}

func (m *meter) report() {
	if m.progress != nil {
		m.progress(m.url, m.done, m.total)
	}
}

func (m *meter) overrun() error { return &LimitError{Limit: "bytes of a download", Max: m.max} }

// watchdog cancels a context unless it is stopped, or started anew, in time.
type watchdog struct {
	timer *time.Timer
	d     time.Duration
}

func newWatchdog(d time.Duration, cancel context.CancelCauseFunc) *watchdog {
	return &watchdog{time.AfterFunc(d, func() { cancel(errSilent) }), d}
}

func (w *watchdog) start() { w.timer.Reset(w.d) }
func (w *watchdog) stop()  { w.timer.Stop() }
