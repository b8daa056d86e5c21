package fetch

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// IsURL reports whether s starts with a scheme and "://", as opposed to a
// path.
func IsURL(s string) bool {
	scheme, _, ok := strings.Cut(s, "://")
	return ok && isScheme(scheme)
}

// isScheme reports whether s has the letters of a URL's scheme.
func isScheme(s string) bool {
	if s == "" || !isLetter(s[0]) {
		return false
	}
	for i := range len(s) {
		if !isLetter(s[i]) && (s[i] < '0' || '9' < s[i]) && !strings.ContainsRune("+.-", rune(s[i])) {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// Basename returns the last component of the path of a URL or file, without
// query and fragment: the name under which a download is stored when nobody
// chose another one. It is empty for a path that ends with a slash.
func Basename(url string) string {
	path := urlPath(url)
	return path[strings.LastIndexByte(path, '/')+1:]
}

// CacheName returns the name of a URL's file in a download cache: the MD5
// digest of the URL if hashName is set, otherwise the last component of its
// path that isn't empty, or else its host and port. The result is never a
// path that leads out of the cache's directory.
func CacheName(url string, hashName bool) string {
	if !hashName {
		path := urlPath(url)
		for path != "" {
			path = strings.TrimRight(path, "/")
			i := strings.LastIndexByte(path, '/') + 1
			if name := path[i:]; safeName(name) {
				return name
			}
			path = path[:i]
		}
		if name := hostPort(url); safeName(name) {
			return name
		}
	}
	sum := md5.Sum([]byte(url))
	return hex.EncodeToString(sum[:])
}

func safeName(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\x00")
}

// urlPath is the path of a URL as it was written, or a path itself.
func urlPath(s string) string {
	if !IsURL(s) && !hasFileScheme(s) {
		return s
	}
	_, s, _ = strings.Cut(s, ":")
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i]
	}
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return ""
		}
		return rest[i:]
	}
	return s
}

// authority returns where in the text of a URL its authority, user
// information included, starts and ends.
func authority(s string) (start, end int) {
	if !IsURL(s) {
		return 0, 0
	}
	start = strings.Index(s, "://") + 3
	if i := strings.IndexAny(s[start:], "/?#"); i >= 0 {
		return start, start + i
	}
	return start, len(s)
}

func hostPort(s string) string {
	start, end := authority(s)
	host := s[start:end]
	return host[strings.LastIndexByte(host, '@')+1:]
}

// redactURL removes user name and password from a URL and leaves the rest as
// it was written.
func redactURL(s string) string {
	start, end := authority(s)
	if _, err := url.Parse(s); err != nil && start > 0 {
		// Nobody knows where the authority of a malformed URL ends: a slash
		// may well be a part of the password.
		end = len(s)
	}
	return s[:start] + s[start+strings.LastIndexByte(s[start:end], '@')+1:]
}

var userinfo = regexp.MustCompile(`://[^/?#\s"']*@`)

// redactText removes user names and passwords from the URLs in a message.
func redactText(s string) string { return userinfo.ReplaceAllString(s, "://") }

func hasFileScheme(s string) bool {
	return len(s) >= 5 && strings.EqualFold(s[:5], "file:")
}

// localPath returns the path that s names, if s is a path or a file: URL and
// not something to be downloaded.
func localPath(s string) (path string, local bool, err error) {
	if s == "" {
		return "", true, errors.New("empty URL: expected a URL or a path")
	}
	if !hasFileScheme(s) {
		return s, !IsURL(s), nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return "", true, fmt.Errorf("malformed URL %s: %w", quote(redactURL(s)), unwrapURLErrors(err))
	}
	if u.Host != "" && !strings.EqualFold(u.Host, "localhost") {
		return "", true, fmt.Errorf("file URL %s: expected no host or localhost, found %q", quote(redactURL(s)), u.Host)
	}
	path = u.Path
	if u.Opaque != "" {
		if path, err = url.PathUnescape(u.Opaque); err != nil {
			return "", true, fmt.Errorf("malformed URL %s: %w", quote(redactURL(s)), err)
		}
	}
	if path == "" {
		return "", true, fmt.Errorf("file URL %s: expected a path", quote(redactURL(s)))
	}
	return path, true, nil
}
