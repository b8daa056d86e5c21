// Package fetch turns a URL or a path into a verified local file, and an
// archive into a tree of files. It knows URLs, checksums, caches and archive
// formats; it knows nothing of profiles and parts.
//
//	c := &fetch.Client{}
//	path, temporary, err := c.Fetch(ctx, "https://example.com/pkg-1.tar.gz",
//		"d41d8cd98f00b204e9800998ecf8427e", "downloads/pkg-1.tar.gz", false)
//	...
//	_, err = fetch.Unpack(ctx, path, "build", fetch.UnpackOptions{})
//
// # Downloading
//
// [Client.Fetch] uses local resources in place, answers from a cache file
// where it can, and otherwise downloads into a fresh temporary file, checks
// it, and only then moves it to its final place: a cache never holds half a
// file or a wrong one. [Client.Open] reads a URL as a whole. The messages of
// failures are those of zc.buildout's download helper, and so keep their
// capital letters; what lies behind them is reachable with errors.As
// ([HTTPError], [FTPError], [ChecksumError], [LimitError] and the errors of package net).
//
// User names and passwords in URLs are sent to the server and appear nowhere
// else: not in errors, not in the log, not in progress reports.
//
// # The transport
//
// go-getter/v2 carries the bytes of HTTP downloads from the response to the
// disk. It would drop the query parameters checksum, archive and filename,
// sort the others, cut the path at a double slash, and report a status
// without its reason. So it is handed only scheme and host, and the
// http.RoundTripper under its client asks for the URL exactly as it was
// written; redirects, limits, time-outs and progress live there as well.
// Local files never pass through it, and of its many protocols only HTTP is
// enabled. FTP is spoken by this package.
//
// # Unpacking
//
// [Unpack] finds the format by looking at the content. Everything is created
// through an os.Root, symbolic links last of all, so that no member can be
// written through a link; members which would leave the directory are
// skipped and reported. What input can make large is bounded by [Limits].
// A failure leaves nothing behind.
package fetch
