package buildout

import (
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
	cache   string // absolute; "" for none
}

// setRootPolicy sets the policy of one chain of files for a dialect in which only
// the root file of the chain decides, over the defaults and under the command
// line.
func (l *loader) setRootPolicy(root string, ref reference, defaults []*Section) (err error) {
	c := l.newConfig(1)
	c.merge(defaults)
	if l.policy, err = l.policyOf(c); err != nil { // how the root itself is had
		return err
	}
	n, err := l.node(root, ref)
	if err != nil || len(n.extends)+len(n.optional) == 0 {
		return err
	}
	c = l.newConfig(1)
	c.merge(defaults)
	c.merge(n.sections)
	l.policy, err = l.policyOf(c)
	return err
}

// policyOf reads the policy from what is in c, under the command line.
func (l *loader) policyOf(c *Config) (*cachePolicy, error) {
	c.merge(l.overrides)
	p := &cachePolicy{
		offline: c.value("offline") == "true" || c.value("install-from-cache") == "true",
		newest:  c.value("newest") == "true",
		cache:   c.value("extends-cache"),
	}
	if p.cache == "" {
		return p, nil
	}
	o := c.Section("buildout").Option("extends-cache")
	if strings.Contains(p.cache, "${") {
		return nil, &Error{Code: CodeInvalidOption, Section: "buildout", Option: "extends-cache", Pos: o.Pos(),
			Message: fmt.Sprintf("extends-cache '%s' may not contain ${section:variable} to expand.", p.cache)}
	}
	directory := c.value("directory")
	if !filepath.IsAbs(directory) {
		directory = filepath.Join(l.options.WorkingDirectory, directory)
	}
	var err error
	p.cache, err = o.place(l.options.Home, directory)
	return p, err
}

// download returns the text behind a URL, through the extends-cache if there is
// one.
func (l *loader) download(url string, ref reference) (string, error) {
	if l.policy == nil {
		policy, err := l.policyOf(l.walked.over.clone())
		if err != nil {
			return "", err
		}
		l.policy = policy
	}
	p := l.policy
	fail := func(err error, format string, args ...any) error {
		return &Error{Code: CodeDownload, Section: "buildout", Option: "extends", Pos: ref.pos, fault: ref.fault(), Err: err,
			Message: redact(fmt.Sprintf(format, args...))}
	}
	cached := p.file(url)
	if cached != "" {
		if info, err := os.Stat(p.cache); err != nil || !info.IsDir() {
			return "", fail(nil, "The directory:\n'%s'\nto be used as a download cache doesn't exist.\n", p.cache)
		}
		if !p.newest || p.offline {
			text, err := l.readCached(cached)
			if err == nil {
				return text, nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return "", fail(err, "Couldn't read '%s' from the extends-cache: %v", url, err)
			}
		}
	}
	if p.offline {
		return "", fail(nil, "Couldn't download '%s' in offline mode.", url)
	}
	if l.options.Opener == nil {
		return "", fail(nil, "Couldn't download '%s': only local files can be read here.", url)
	}
	l.options.Logger.Debug("Downloading " + redact(url))
	text, err := l.open(url)
	if ctxErr := l.ctx.Err(); ctxErr != nil {
		return "", ctxErr
	}
	switch {
	case err == nil && cached == "", l.tooLong(text):
		return text, nil
	case err == nil:
		if err := renameio.WriteFile(cached, []byte(text), 0o644); err != nil {
			return "", fail(err, "Couldn't store '%s' in the extends-cache: %v", url, err)
		}
		return text, nil
	case cached != "":
		if text, err := l.readCached(cached); err == nil {
			return text, nil
		}
	}
	message := err.Error()
	if !strings.HasPrefix(message, "Error downloading") {
		message = fmt.Sprintf("Error downloading extends for URL %s: %s", url, message)
	}
	return "", fail(err, "%s", message)
}

// file is where the cache keeps a URL, "" without a cache.
func (p *cachePolicy) file(url string) string {
	if p.cache == "" {
		return ""
	}
	return filepath.Join(p.cache, cacheName(url))
}

// wherefrom adds to a syntax error in a URL the file of the cache that has it.
func (l *loader) wherefrom(err error, name string) error {
	var e *Error
	if isRemote(name) && errors.As(err, &e) && e.Code == CodeProfileSyntax {
		if cached := l.policy.file(name); cached != "" {
			name = redact(name)
			e.Message = strings.Replace(e.Message, name, name+" (downloaded as "+cached+")", 1)
		}
	}
	return err
}

func (l *loader) open(url string) (string, error) {
	body, err := l.options.Opener.Open(l.ctx, url)
	if err != nil {
		return "", err
	}
	defer body.Close()
	return l.readAll(body)
}

func (l *loader) readCached(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return l.readAll(f)
}

// tooLong is whether a text is more than the limit on all files leaves, so that
// the rest of it is missing.
func (l *loader) tooLong(text string) bool { return int64(len(text)) > l.limits.Bytes-l.bytes.Load() }
