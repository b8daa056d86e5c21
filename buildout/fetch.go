package buildout

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Fetcher brings files here for parts; fetch.Client is one.
type Fetcher interface {
	// Fetch returns the name of a local file with what is behind a URL or at a
	// path. A non-empty md5sum is what its content must have. cache names the file
	// where it is kept, or found; "" is no cache. A temporary file is the caller's
	// to remove. Offline, only local files and those in the cache are had.
	Fetch(ctx context.Context, url, md5sum, cache string, offline bool) (path string, temporary bool, err error)
}

// ProgressFetcher is a Fetcher that can tell how far a download is.
type ProgressFetcher interface {
	Fetcher
	// FetchWithProgress is Fetch that calls progress now and then, with the bytes
	// that have come and those to come in all, -1 if that isn't known. What comes
	// from a cache or a local file needs no call.
	FetchWithProgress(ctx context.Context, url, md5sum, cache string, offline bool, progress func(bytes, total int64)) (path string, temporary bool, err error)
}

// FetchOptions say how a file is fetched.
type FetchOptions struct {
	// Option is the option that holds the URL, for messages.
	Option string
	// MD5 is the checksum that the content must have, "" for none. Checksums of
	// other kinds are what the [Fetcher] knows.
	MD5 string
	// PlainName keeps the file in the download cache under the last element of
	// the URL and not under the MD5 sum of the URL.
	PlainName bool
}

// Fetch is [Tx.Fetch] for constructors, which write nothing: what they download
// is not kept in the download cache. The second result removes the file if it is a
// temporary one.
func (p *Part) Fetch(ctx context.Context, url string, o FetchOptions) (string, func(), error) {
	path, temporary, err := p.eval.run.fetch(ctx, p, url, o, false)
	return path, func() {
		if temporary {
			_ = os.Remove(path)
		}
	}, err
}

// fetch applies what [buildout] says about downloads. keep says that what is
// downloaded may stay in the download cache.
func (b *Buildout) fetch(ctx context.Context, p *Part, from string, o FetchOptions, keep bool) (string, bool, error) {
	fail := func(err error) (string, bool, error) {
		e := p.Errorf(o.Option, "%w", err).(*Error)
		e.Code = CodeDownload
		return "", false, e
	}
	if b.fetcher == nil {
		return fail(fmt.Errorf("couldn't fetch %s: this run has no fetcher", from))
	}
	if !isURL(from) {
		from = p.Path(from)
	}
	cache, err := b.cacheFile(p, from, o)
	if err != nil {
		return "", false, err
	}
	if !keep && !exists(cache) {
		cache = ""
	}
	shown, begin := redact(from), time.Now()
	b.observe(DownloadStarted{p.name, shown})
	file, temporary, err := b.bring(ctx, p, from, o.MD5, cache)
	b.observe(DownloadFinished{p.name, shown, time.Since(begin), err})
	if err != nil {
		if ctx.Err() != nil {
			return "", false, ctx.Err()
		}
		return fail(err)
	}
	return file, temporary, nil
}

// progressPause is how long an observer isn't told again how far a download is.
const progressPause = 100 * time.Millisecond

// bring calls the fetcher.
func (b *Buildout) bring(ctx context.Context, p *Part, from, md5sum, cache string) (string, bool, error) {
	f, ok := b.fetcher.(ProgressFetcher)
	if !ok || b.observer == nil {
		return b.fetcher.Fetch(ctx, from, md5sum, cache, b.offline())
	}
	shown, told := redact(from), time.Time{}
	return f.FetchWithProgress(ctx, from, md5sum, cache, b.offline(), func(bytes, total int64) {
		if now := time.Now(); bytes == total || now.Sub(told) >= progressPause {
			told = now
			b.observe(DownloadProgress{p.name, shown, bytes, total})
		}
	})
}

// offline is whether nothing may be downloaded.
func (b *Buildout) offline() bool {
	for _, name := range []string{"offline", "install-from-cache"} {
		if v, _, _ := b.section().Lookup(name); v == "true" {
			return true
		}
	}
	return false
}

// cacheFile is where the download cache keeps a URL, "" without a cache.
func (b *Buildout) cacheFile(p *Part, from string, o FetchOptions) (string, error) {
	cache, _, err := b.section().Lookup("download-cache")
	if err != nil || cache == "" {
		return "", err
	}
	cache = b.config.join(cache)
	if info, err := os.Stat(cache); err != nil || !info.IsDir() {
		return "", p.Errorf(o.Option, "The directory:\n'%s'\nto be used as a download cache doesn't exist.", cache)
	}
	if o.PlainName {
		if name := urlName(from); name != "" {
			return filepath.Join(cache, name), nil
		}
	}
	return filepath.Join(cache, cacheName(from)), nil
}

// cacheName is the name of a file in a cache of what is behind URLs.
func cacheName(url string) string {
	sum := md5.Sum([]byte(url))
	return hex.EncodeToString(sum[:])
}

// urlName is the last element of a URL's path.
func urlName(from string) string {
	u, err := url.Parse(from)
	if err != nil {
		return ""
	}
	if name := path.Base(strings.TrimRight(u.Path, "/")); name != "." && name != "/" && name != ".." {
		return name
	}
	return strings.ReplaceAll(u.Host, "/", "")
}
