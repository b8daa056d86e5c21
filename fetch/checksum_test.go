package fetch_test

import (
	"os"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

const (
	helloSHA256 = "853ff93762a06ddbf722c4ebe9ddd66d8f63ddaea97f521c3ecc20da7c976020"
	helloSHA512 = "f65f341b35981fda842b09b2c8af9bcdb7602a4c2e6fa1f7d41f0974d3e3122f" +
		"268fc79d5a4af66358f5133885cd1c165c916f80ab25e5d8d95db46f803c782c"
)

func TestChecksums(t *testing.T) {
	file := writeFile(t, "x", hello)
	for _, sum := range []string{
		"", " ", helloMD5, strings.ToUpper(helloMD5), " " + helloMD5 + "\n", "md5:" + helloMD5,
		helloSHA256, "sha256:" + helloSHA256, "SHA256:" + strings.ToUpper(helloSHA256),
		helloSHA512, "sha512:" + helloSHA512,
	} {
		require.NoError(t, fetch.Verify(t.Context(), file, sum), sum)
	}
	mismatch := " checksum mismatch for local resource at '" + file + "'.\nexpected "
	for _, test := range []struct{ sum, want string }{
		{strings.Repeat("0", 32), "MD5" + mismatch + strings.Repeat("0", 32) + ", found " + helloMD5},
		{"sha256:" + strings.Repeat("0", 64), "SHA256" + mismatch + strings.Repeat("0", 64) + ", found " + helloSHA256},
		{"abc123def4567890", "MD5" + mismatch + "abc123def4567890, found " + helloMD5 +
			"\n\"abc123def4567890\" is not a 32-digit md5"},
		{strings.Repeat("x", 32), "MD5" + mismatch + strings.Repeat("x", 32) + ", found " + helloMD5 +
			"\n\"" + strings.Repeat("x", 32) + "\" is not a 32-digit md5"},
		{"sha256:", "SHA256" + mismatch + "sha256:, found " + helloSHA256 + "\n\"\" is not a 64-digit sha256"},
		{"sha256:" + helloMD5, "SHA256" + mismatch + helloMD5 + ", found " + helloSHA256 +
			"\n\"" + helloMD5 + "\" is not a 64-digit sha256"},
		{"crc32:00", "MD5" + mismatch + "crc32:00, found " + helloMD5 + "\n\"crc32:00\" is not a 32-digit md5"},
	} {
		err := fetch.Verify(t.Context(), file, test.sum)
		require.EqualError(t, err, test.want)
		var wrong *fetch.ChecksumError
		require.ErrorAs(t, err, &wrong)
	}
	require.ErrorIs(t, fetch.Verify(t.Context(), file+"x", helloMD5), os.ErrNotExist)
	require.ErrorIs(t, fetch.Verify(t.Context(), file+"x", ""), os.ErrNotExist)
}

func TestChecksumOfDownload(t *testing.T) {
	s := serve(t, text(hello))
	c := newClient(t)
	_, _, err := c.Fetch(t.Context(), s.URL+"/x", "abc123def4567890", "", false)
	require.EqualError(t, err, "MD5 checksum mismatch downloading '"+s.URL+"/x'\n"+
		"expected abc123def4567890, found "+helloMD5+"\n"+
		`"abc123def4567890" is not a 32-digit md5`)
	requireEmpty(t, c.TempDir)
}
