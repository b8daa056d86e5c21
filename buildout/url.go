package buildout

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// isURL reports whether a name begins with a scheme and "://".
func isURL(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	if !ok || scheme == "" {
		return false
	}
	for i, c := range []byte(scheme) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '.' || c == '-')) {
			return false
		}
	}
	return true
}

func hasFileScheme(url string) bool { return len(url) >= 7 && strings.EqualFold(url[:7], "file://") }

// isRemote is whether a file comes from the network.
func isRemote(name string) bool { return isURL(name) && !hasFileScheme(name) }

// joinURL resolves a URL or path in the file behind the URL from, and removes
// "." and "..". What is left stays as it was written: it is sent to servers and
// names files in caches.
func joinURL(from, name string) string {
	if !isURL(name) {
		site, path, _ := splitURL(from)
		switch {
		case strings.HasPrefix(name, "//") && isRemote(from):
			name = from[:strings.Index(from, "//")] + name
		case strings.HasPrefix(name, "/"):
			name = site + name
		default:
			if path == "" {
				path = "/"
			}
			name = site + path[:strings.LastIndexByte(path, '/')+1] + name
		}
	}
	site, path, query := splitURL(name)
	return site + removeDots(path) + query
}

// splitURL cuts a URL into scheme and host, path, and query and fragment.
func splitURL(s string) (site, path, query string) {
	start := strings.Index(s, "://") + len("://")
	end := len(s)
	if i := strings.IndexAny(s[start:], "?#"); i >= 0 {
		end = start + i
	}
	slash := end
	if i := strings.IndexByte(s[start:end], '/'); i >= 0 {
		slash = start + i
	}
	return s[:slash], s[slash:end], s[end:]
}

// removeDots removes the segments "." and ".." from a URL's path.
func removeDots(path string) string {
	segments := strings.Split(path, "/")
	kept := segments[:0]
	for i, s := range segments {
		switch {
		case s == ".." && len(kept) > 1:
			kept = kept[:len(kept)-1]
		case s != "." && s != "..":
			kept = append(kept, s)
			continue
		}
		if i == len(segments)-1 {
			kept = append(kept, "")
		}
	}
	return strings.Join(kept, "/")
}

var urlText = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>]+`)

// redact removes user names and passwords from the URLs in a text.
func redact(text string) string {
	if !strings.Contains(text, "://") || !strings.Contains(text, "@") {
		return text
	}
	hidden := credentials(text)
	for _, h := range slices.Backward(hidden) {
		text = text[:h.start] + text[h.end:]
	}
	return text
}

// credentials are the user names and passwords, with their "@", in the URLs of a
// text.
func credentials(text string) []span {
	var found []span
	for _, at := range urlText.FindAllStringIndex(text, -1) {
		s := text[at[0]:at[1]]
		start, end := strings.Index(s, "://")+len("://"), len(s)
		// Nobody knows where the host of a malformed URL ends.
		if _, err := url.Parse(s); err == nil {
			if i := strings.IndexAny(s[start:], "/?#"); i >= 0 {
				end = start + i
			}
		}
		if n := strings.LastIndexByte(s[start:end], '@') + 1; n > 0 {
			found = append(found, span{at[0] + start, at[0] + start + n})
		}
	}
	return found
}
