package template

import (
	"strconv"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// usesRelative, usesNetloc and usesParams are the schemes that urllib.parse
// treats so.
const (
	usesRelative = " ftp http gopher nntp imap wais file https shttp mms prospero rtsp rtspu sftp svn svn+ssh ws wss "
	usesNetloc   = " ftp http gopher nntp telnet imap wais file mms https shttp snews prospero rtsp rtspu rsync svn svn+ssh sftp nfs git git+ssh ws wss "
	usesParams   = " ftp hdl prospero http imap https shttp rtsp rtspu sip sips mms sftp tel "
)

func uses(schemes, scheme string) bool {
	return scheme == "" || strings.Contains(schemes, " "+scheme+" ")
}

// urlResult is a URL taken apart: a tuple of its parts, which are attributes
// as well.
type urlResult struct {
	parts  [6]string // scheme, netloc, path, params, query, fragment
	params bool      // the tuple has params
}

func (u *urlResult) Type() string {
	if u.params {
		return "ParseResult"
	}
	return "SplitResult"
}

func (u *urlResult) qualified() string { return "urllib.parse." + u.Type() }

var urlFields = [6]string{"scheme", "netloc", "path", "params", "query", "fragment"}

func (u *urlResult) tuple() *python.Tuple {
	t := &python.Tuple{}
	for i, p := range u.parts {
		if i != 3 || u.params {
			t.Items = append(t.Items, python.String(p))
		}
	}
	return t
}

// Len implements python.Sized.
func (u *urlResult) Len() (int, error) { return len(u.tuple().Items), nil }

// Iter implements python.Iterable.
func (u *urlResult) Iter() (python.Iterator, error) { return python.Iter(u.tuple()) }

// GetItem implements python.Getter.
func (u *urlResult) GetItem(key python.Value) (python.Value, error) {
	return python.GetItem(u.tuple(), key)
}

// Compare implements python.Comparable.
func (u *urlResult) Compare(op python.CompareOp, other python.Value) (result, handled bool, err error) {
	if o, ok := other.(*urlResult); ok {
		other = o.tuple()
	}
	result, err = python.Compare(op, u.tuple(), other)
	return result, true, err
}

// Hash implements python.Hashable.
func (u *urlResult) Hash() (uint64, error) { return python.Hash(u.tuple()) }

// Repr implements python.Representer.
func (u *urlResult) Repr() (string, error) {
	var fields []string
	for i, p := range u.parts {
		if i != 3 || u.params {
			s, err := python.Repr(python.String(p))
			if err != nil {
				return "", err
			}
			fields = append(fields, urlFields[i]+"="+s)
		}
	}
	return u.Type() + "(" + strings.Join(fields, ", ") + ")", nil
}

// Attr implements python.Attributer.
func (u *urlResult) Attr(name string) (python.Value, error) {
	for i, field := range urlFields {
		if field == name && (i != 3 || u.params) {
			return python.String(u.parts[i]), nil
		}
	}
	info, host, hasInfo := "", u.parts[1], false
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		info, host, hasInfo = host[:at], host[at+1:], true
	}
	user, password, hasPassword := strings.Cut(info, ":")
	port := ""
	if strings.HasPrefix(host, "[") {
		end := strings.IndexByte(host, ']')
		if end < 0 {
			end = len(host) - 1
		}
		host, port = host[1:end], strings.TrimPrefix(host[end+1:], ":")
	} else if at := strings.LastIndexByte(host, ':'); at >= 0 {
		host, port = host[:at], host[at+1:]
	}
	switch name {
	case "username":
		if hasInfo {
			return python.String(user), nil
		}
		return python.None, nil
	case "password":
		if hasPassword {
			return python.String(password), nil
		}
		return python.None, nil
	case "hostname":
		if host == "" {
			return python.None, nil
		}
		host, zone, hasZone := strings.Cut(host, "%")
		host = strings.ToLower(host)
		if hasZone {
			host += "%" + zone
		}
		return python.String(host), nil
	case "port":
		if port == "" {
			return python.None, nil
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, python.Raise("ValueError", "Port could not be cast to integer value as %s", pyQuote(port))
		}
		if n < 0 || n > 65535 {
			return nil, python.Raise("ValueError", "Port out of range 0-65535")
		}
		return python.Int(n), nil
	case "geturl":
		return wrap(sig("geturl"), func(*python.Thread, []python.Value) (python.Value, error) {
			return python.String(u.url()), nil
		}), nil
	case "_replace":
		return python.NewFunc("_replace", func(_ *python.Thread, _ []python.Value, kwargs []python.Keyword) (python.Value, error) {
			c := *u
			for _, k := range kwargs {
				at := -1
				for i, field := range urlFields {
					if field == k.Name && (i != 3 || u.params) {
						at = i
					}
				}
				if at < 0 {
					return nil, python.Raise("ValueError", "Got unexpected field names: ['%s']", k.Name)
				}
				s, err := textArg("_replace", k.Value)
				if err != nil {
					return nil, err
				}
				c.parts[at] = s
			}
			return &c, nil
		}), nil
	case "_asdict":
		return wrap(sig("_asdict"), func(*python.Thread, []python.Value) (python.Value, error) {
			d := python.NewDict()
			for i, field := range urlFields {
				if i != 3 || u.params {
					d.SetString(field, python.String(u.parts[i]))
				}
			}
			return d, nil
		}), nil
	}
	return nil, nil
}

// url puts the parts together.
func (u *urlResult) url() string {
	scheme, netloc, path, params, query, fragment := u.parts[0], u.parts[1], u.parts[2], u.parts[3], u.parts[4], u.parts[5]
	if params != "" {
		path += ";" + params
	}
	if netloc != "" || scheme != "" && uses(usesNetloc, scheme) && !strings.HasPrefix(path, "//") {
		if path != "" && path[0] != '/' {
			path = "/" + path
		}
		path = "//" + netloc + path
	}
	if scheme != "" {
		path = scheme + ":" + path
	}
	if query != "" {
		path += "?" + query
	}
	if fragment != "" {
		path += "#" + fragment
	}
	return path
}

// parseURL is urlparse, or urlsplit.
func parseURL(a []python.Value, params bool) (python.Value, error) {
	s, err := textArg("urlparse", a[0])
	if err != nil {
		return nil, err
	}
	scheme, err := textArg("urlparse", a[1])
	if err != nil {
		return nil, err
	}
	fragments, err := python.Truth(a[2])
	if err != nil {
		return nil, err
	}
	return splitURL(s, scheme, fragments, params)
}

func splitURL(s, scheme string, fragments, params bool) (*urlResult, error) {
	u := &urlResult{params: params}
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r <= ' ' })
	s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	u.parts[0] = strings.ToLower(scheme)
	if at := strings.IndexByte(s, ':'); at > 0 && isLetter(s[0]) {
		valid := true
		for i := 0; i < at; i++ {
			valid = valid && (isLetter(s[i]) || isDigit(s[i]) || strings.IndexByte("+-.", s[i]) >= 0)
		}
		if valid {
			u.parts[0], s = strings.ToLower(s[:at]), s[at+1:]
		}
	}
	if strings.HasPrefix(s, "//") {
		end := strings.IndexAny(s[2:], "/?#")
		if end < 0 {
			end = len(s) - 2
		}
		u.parts[1], s = s[2:2+end], s[2+end:]
		if strings.Contains(u.parts[1], "[") != strings.Contains(u.parts[1], "]") {
			return nil, python.Raise("ValueError", "Invalid IPv6 URL")
		}
	}
	if fragments {
		s, u.parts[5], _ = strings.Cut(s, "#")
	}
	s, u.parts[4], _ = strings.Cut(s, "?")
	u.parts[2] = s
	if params && uses(usesParams, u.parts[0]) {
		from := max(strings.LastIndexByte(s, '/'), 0)
		if at := strings.IndexByte(s[from:], ';'); at >= 0 {
			u.parts[2], u.parts[3] = s[:from+at], s[from+at+1:]
		}
	}
	return u, nil
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// joinURL is urlunparse, or urlunsplit.
func joinURL(t *python.Thread, v python.Value, n int) (python.Value, error) {
	items, err := python.Collect(t, v)
	if err != nil {
		return nil, err
	}
	if len(items) != n {
		return nil, unpackError(len(items), n)
	}
	u := &urlResult{params: n == 6}
	for i, item := range items {
		s := ""
		if item != python.None {
			if s, err = textArg("urlunparse", item); err != nil {
				return nil, err
			}
		}
		if n == 5 && i >= 3 {
			i++
		}
		u.parts[i] = s
	}
	return python.String(u.url()), nil
}

// urlJoin is urllib.parse.urljoin.
func urlJoin(_ *python.Thread, a []python.Value) (python.Value, error) {
	base, err := textArg("urljoin", a[0])
	if err != nil {
		return nil, err
	}
	ref, err := textArg("urljoin", a[1])
	if err != nil {
		return nil, err
	}
	if base == "" {
		return python.String(ref), nil
	}
	if ref == "" {
		return python.String(base), nil
	}
	b, err := splitURL(base, "", true, true)
	if err != nil {
		return nil, err
	}
	r, err := splitURL(ref, b.parts[0], true, true)
	if err != nil {
		return nil, err
	}
	if r.parts[0] != b.parts[0] || !uses(usesRelative, r.parts[0]) {
		return python.String(ref), nil
	}
	if uses(usesNetloc, r.parts[0]) {
		if r.parts[1] != "" {
			return python.String(r.url()), nil
		}
		r.parts[1] = b.parts[1]
	}
	if r.parts[2] == "" && r.parts[3] == "" {
		r.parts[2], r.parts[3] = b.parts[2], b.parts[3]
		if r.parts[4] == "" {
			r.parts[4] = b.parts[4]
		}
		return python.String(r.url()), nil
	}
	r.parts[2] = resolvePath(b.parts[2], r.parts[2])
	return python.String(r.url()), nil
}

// resolvePath is a path relative to another one.
func resolvePath(base, ref string) string {
	segments := strings.Split(ref, "/")
	if !strings.HasPrefix(ref, "/") {
		parts := strings.Split(base, "/")
		if parts[len(parts)-1] != "" {
			parts = parts[:len(parts)-1]
		}
		segments = append(append([]string(nil), parts...), segments...)
		if n := len(segments); n > 2 {
			kept := segments[:1]
			for _, s := range segments[1 : n-1] {
				if s != "" {
					kept = append(kept, s)
				}
			}
			segments = append(kept, segments[n-1])
		}
	}
	var out []string
	for _, s := range segments {
		switch s {
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		case ".":
		default:
			out = append(out, s)
		}
	}
	if last := segments[len(segments)-1]; last == "." || last == ".." {
		out = append(out, "")
	}
	if joined := strings.Join(out, "/"); joined != "" {
		return joined
	}
	return "/"
}
