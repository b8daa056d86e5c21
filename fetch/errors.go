package fetch

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// ErrFormat says that a file is no archive, or none of a known format.
var ErrFormat = errors.New("unknown archive format")

// ErrCorrupt says that an archive is damaged or breaks off.
var ErrCorrupt = errors.New("corrupt archive")

// OfflineError says that a URL would have to be downloaded, but the client
// was told to stay offline.
type OfflineError struct {
	URL string // without user name and password
}

func (e *OfflineError) Error() string {
	return "Couldn't download " + quote(e.URL) + " in offline mode."
}

// DownloadError says that a download failed, and why. Err is reachable with
// errors.As: an *HTTPError, an *FTPError, a *LimitError, a *RedirectError, the context's
// error, or one of the network.
type DownloadError struct {
	URL string // without user name and password
	Err error
}

// Error has zc.buildout's words, which speak of extends for every download.
func (e *DownloadError) Error() string {
	return "Error downloading extends for URL " + e.URL + ": " + e.Err.Error()
}

func (e *DownloadError) Unwrap() error { return e.Err }

// HTTPError is the answer of a server that doesn't deliver.
type HTTPError struct {
	Code   int
	Reason string // as the server sent it

	retryAfter string
}

func (e *HTTPError) Error() string {
	return "HTTP Error " + strconv.Itoa(e.Code) + ": " + e.Reason
}

// FTPError is the answer of an FTP server that doesn't deliver.
type FTPError struct {
	Code   int
	Reason string // as the server sent it
}

func (e *FTPError) Error() string {
	return "FTP Error " + strconv.Itoa(e.Code) + ": " + e.Reason
}

// RedirectError is a redirect that isn't followed.
type RedirectError struct {
	URL    string // where it leads, without user name and password
	Reason string
}

func (e *RedirectError) Error() string {
	return "redirect to " + quote(e.URL) + " refused: " + e.Reason
}

// LimitError says which bound was overrun.
type LimitError struct {
	Limit string // what is bounded, such as "bytes of a download"
	Max   int64
	Name  string // the archive member concerned, if it is one
}

func (e *LimitError) Error() string {
	s := fmt.Sprintf("limit exceeded: more than %d %s", e.Max, e.Limit)
	if e.Name != "" {
		s += fmt.Sprintf(" at %q", e.Name)
	}
	return s
}

// AddressError says that an address is not one of the public network.
type AddressError struct {
	Address string
}

func (e *AddressError) Error() string {
	return "connection to " + e.Address + " refused: not a public address"
}

// unwrapURLErrors removes the *url.Error around err, for they quote URLs as
// they were written, and makes sure that what is left quotes no user
// information either.
func unwrapURLErrors(err error) error {
	for {
		var u *url.Error
		if !errors.As(err, &u) {
			break
		}
		err = u.Err
	}
	text := err.Error()
	if clean := oneLine(redactText(text)); clean != text {
		return errors.New(clean)
	}
	return err
}

// oneLine replaces what would break a message into lines, or a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// quote writes s as Python's repr does, whose quotes are part of
// zc.buildout's messages.
func quote(s string) string {
	q := "'"
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = `"`
	}
	var b strings.Builder
	b.WriteString(q)
	for _, r := range s {
		switch {
		case r == '\\' || string(r) == q:
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteString(q)
	return b.String()
}
