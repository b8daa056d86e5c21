package fetch

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
)

// ChecksumError says that a file isn't the one that was expected. The first
// line of its text is zc.buildout's message.
type ChecksumError struct {
	Algorithm string // MD5, SHA256 or SHA512
	URL       string // without user name and password; empty for a local resource
	Path      string // of a local or cached file; empty for a download
	Want, Got string
	Hint      string // why no file can have this sum, if it is so; else empty

	where mismatch
}

// mismatch says where the wrong file was found.
type mismatch int

const (
	mismatchDownload mismatch = iota
	mismatchLocal
	mismatchCached
)

func (e *ChecksumError) Error() string {
	var b strings.Builder
	b.WriteString(e.Algorithm + " checksum mismatch ")
	switch e.where {
	case mismatchLocal:
		b.WriteString("for local resource at " + quote(e.Path) + ".")
	case mismatchCached:
		b.WriteString("for cached download from " + quote(e.URL) + " at " + quote(e.Path))
	default:
		b.WriteString("downloading " + quote(e.URL))
	}
	fmt.Fprintf(&b, "\nexpected %s, found %s", oneLine(e.Want), e.Got)
	if e.Hint != "" {
		b.WriteString("\n" + e.Hint)
	}
	return b.String()
}

// Verify reports whether the file at path has the checksum sum, which is
// written as for [Client.Fetch]. A wrong one is a [*ChecksumError].
func Verify(ctx context.Context, path, sum string) error {
	return checkLocal(ctx, path, parseChecksum(sum))
}

// checksum is what a file has to be. One that is malformed matches nothing,
// as with zc.buildout, which compares texts.
type checksum struct {
	algorithm string
	want      string // lower case; empty: anything matches
	hint      string
	hash      func() hash.Hash
}

// parseChecksum never fails: what is wrong with a malformed sum is said when
// the file is compared with it, next to the sum that would be right.
func parseChecksum(s string) checksum {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return checksum{}
	}
	c := checksum{algorithm: "MD5", want: s, hash: md5.New}
	kind, digits, prefixed := strings.Cut(s, ":")
	if !prefixed {
		digits = s
	}
	switch {
	case kind == "sha256" && prefixed, !prefixed && len(s) == 2*sha256.Size:
		c = checksum{algorithm: "SHA256", want: digits, hash: sha256.New}
	case kind == "sha512" && prefixed, !prefixed && len(s) == 2*sha512.Size:
		c = checksum{algorithm: "SHA512", want: digits, hash: sha512.New}
	case kind == "md5" && prefixed:
		c.want = digits
	}
	size := 2 * c.hash().Size()
	if _, err := hex.DecodeString(c.want); err != nil || len(c.want) != size {
		c.hint = fmt.Sprintf("%q is not a %d-digit %s", c.want, size, strings.ToLower(c.algorithm))
		if c.want == "" {
			c.want = s
		}
	}
	return c
}

// matches compares a sum that was computed with the expected one.
func (c checksum) matches(got string) bool { return c.want == "" || c.want == got }

// ofFile computes the sum of a file.
func (c checksum) ofFile(ctx context.Context, path string) (string, error) {
	if c.want == "" {
		return "", nil
	}
	f, _, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := c.hash()
	if _, err := io.Copy(h, &contextReader{ctx, f}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (c checksum) mismatch(where mismatch, url, path, got string) *ChecksumError {
	return &ChecksumError{
		Algorithm: c.algorithm, URL: redactURL(url), Path: path,
		Want: c.want, Got: got, Hint: c.hint, where: where,
	}
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
