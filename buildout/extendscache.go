package buildout

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

// cachePolicy says how extended URLs are fetched: what [buildout] says about
// offline, newest and extends-cache when the first of them is met.
type cachePolicy struct {
	offline bool
	newest  bool
	cache   string
}

// rootPolicy is the policy of one chain of files for a dialect in which only
// the root file of the chain decides, under the command line.
func (l *loader) rootPolicy(r root) (*cachePolicy, error) {
	c := l.newConfig(1)
	c.merge(l.defaults.sections)
	if r.kind != userDefaults {
		if err := l.mergeWalked(c); err != nil { // the user's defaults
			return nil, err
		}
	}
	if !isURL(r.name) {
		// A root that can't be read is reported when it is walked.
		if n, err := l.node(r.name, reference{}); err == nil {
			c.merge(n.sections)
		}
	}
	return l.policyOf(c), nil
}

func (l *loader) policyOf(c *Config) *cachePolicy {
	c.merge(l.overrides)
	p := &cachePolicy{
		offline: c.value("offline") == "true" || c.value("install-from-cache") == "true",
		newest:  c.value("newest") == "true",
		cache:   c.value("extends-cache"),
	}
	if strings.HasPrefix(p.cache, "~/") && l.options.Home != "" {
		p.cache = filepath.Join(l.options.Home, p.cache[2:])
	}
	if p.cache != "" && !filepath.IsAbs(p.cache) {
		dir := c.value("directory")
		if source := c.Section("buildout").Option("extends-cache").Source(); filepath.IsAbs(source) {
			dir = filepath.Dir(source)
		}
		p.cache = filepath.Join(dir, p.cache)
	}
	return p
}

// download returns the text behind a URL, through the extends-cache if there is
// one.
func (l *loader) download(url string, ref reference) (string, error) {
	fail := func(format string, args ...any) error {
		return &Error{Code: CodeDownload, Section: "buildout", Option: "extends", Pos: ref.pos, Message: fmt.Sprintf(format, args...)}
	}
	if l.policy == nil {
		l.policy = l.policyOf(l.merged())
	}
	p := l.policy
	if strings.Contains(p.cache, "${") {
		return "", fail("extends-cache '%s' may not contain ${section:variable} to expand.", p.cache)
	}
	cached := ""
	if p.cache != "" {
		if info, err := os.Stat(p.cache); err != nil || !info.IsDir() {
			return "", fail("The directory:\n'%s'\nto be used as a download cache doesn't exist.\n", p.cache)
		}
		sum := md5.Sum([]byte(url))
		cached = filepath.Join(p.cache, hex.EncodeToString(sum[:]))
		if !p.newest || p.offline {
			text, err := l.readCached(cached)
			if err == nil || !errors.Is(err, fs.ErrNotExist) {
				return text, err
			}
		}
	}
	if p.offline {
		return "", fail("Couldn't download '%s' in offline mode.", url)
	}
	if l.options.Opener == nil {
		return "", fail("Couldn't download '%s': only local files can be read here.", url)
	}
	l.options.Logger.Debug("Downloading " + url)
	body, err := l.options.Opener.Open(l.ctx, url)
	if err == nil {
		defer body.Close()
		var text string
		if text, err = l.readAll(body, ref); err == nil {
			if cached != "" {
				err = renameio.WriteFile(cached, []byte(text), 0o644)
			}
			return text, err
		}
	}
	if ctxErr := l.ctx.Err(); ctxErr != nil {
		return "", ctxErr
	}
	if cached != "" {
		if text, cacheErr := l.readCached(cached); cacheErr == nil {
			return text, nil
		}
	}
	message := err.Error()
	if !strings.HasPrefix(message, "Error downloading") {
		message = fmt.Sprintf("Error downloading extends for URL %s: %s", url, message)
	}
	e := fail("%s", message).(*Error)
	e.Err = err
	return "", e
}

func (l *loader) readCached(name string) (string, error) {
	b, err := os.ReadFile(name)
	return string(b), err
}
