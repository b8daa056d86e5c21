package fetch_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

func TestUnpackFormats(t *testing.T) {
	entries := []entry{
		{name: "pkg-1/", kind: tar.TypeDir},
		{name: "pkg-1/README", body: "read me\n"},
		{name: "pkg-1/src/f", body: strings.Repeat("f", 100_000)},
	}
	plain := tarOf(t, entries...)
	all := map[string]string{
		"pkg-1/": "", "pkg-1/README": "read me\n", "pkg-1/src/": "", "pkg-1/src/f": strings.Repeat("f", 100_000),
	}
	one := map[string]string{"pkg-1/": "", "pkg-1/README": "read me\n"}
	// The oldest tar has neither magic number nor version, and some of its
	// kind add up signed characters.
	v7 := tarOf(t, entries[1])
	copy(v7[257:265], make([]byte, 8))
	setTarSum(v7, func(c byte) int { return int(c) })
	signed := bytes.Clone(v7)
	copy(signed, "\xe9")
	setTarSum(signed, func(c byte) int { return int(int8(c)) })
	for _, test := range []struct {
		name, format string
		archive      []byte
		want         map[string]string
	}{
		{"tar", "tar", plain, all},
		{"old tar", "tar", v7, one},
		{"old tar, signed sum", "tar", signed, map[string]string{"\xe9kg-1/": "", "\xe9kg-1/README": "read me\n"}},
		{"empty tar", "tar", tarOf(t), map[string]string{}},
		{"tar with garbage behind", "tar", append(slices.Clone(plain), "garbage"...), all},
		{"gzip", "tar.gz", gzipOf(t, plain), all},
		{"gzip, two members", "tar.gz", append(gzipOf(t, plain[:700]), gzipOf(t, plain[700:])...), all},
		{"gzip with padding", "tar.gz", append(gzipOf(t, plain), make([]byte, 1000)...), all},
		{"xz", "tar.xz", xzOf(t, plain), all},
		{"xz, two streams", "tar.xz", append(xzOf(t, plain[:700]), xzOf(t, plain[700:])...), all},
		{"bzip2", "tar.bz2", decode(t, bzip2Tar), one},
		{"bzip2 with garbage behind", "tar.bz2", append(decode(t, bzip2Tar), "garbage"...), one},
		{"lzip", "tar.lz", decode(t, lzipTar), one},
		{"lzip, two members", "tar.lz", append(lzipOf(t, plain[:700]), lzipOf(t, plain[700:])...), all},
		{"lzip with garbage behind", "tar.lz", append(decode(t, lzipTar), "garbage"...), one},
		{"zip", "zip", zipOf(t, entries...), all},
		{"empty zip", "zip", zipOf(t), map[string]string{}},
		{"zip behind a program", "zip", append([]byte("#!/bin/sh\n"), zipOf(t, entries...)...), all},
		{"tar with a zip inside", "tar", tarOf(t, entry{name: "x.zip", body: string(zipOf(t))}),
			map[string]string{"x.zip": string(zipOf(t))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, result, err := unpack(t, test.archive, fetch.UnpackOptions{})
			require.NoError(t, err)
			require.Equal(t, test.want, listing(t, dir))
			require.Equal(t, test.format, result.Format)
			require.Empty(t, result.Skipped)
			require.Empty(t, result.Excluded)
			files, size := 0, int64(0)
			for name, content := range test.want {
				if !strings.HasSuffix(name, "/") {
					files++
					size += int64(len(content))
				}
			}
			require.Equal(t, files, result.Files)
			require.Equal(t, size, result.Bytes)
		})
	}
}

// setTarSum puts a checksum into a tar header.
func setTarSum(header []byte, value func(byte) int) {
	copy(header[148:156], "        ")
	sum := 0
	for _, c := range header[:512] {
		sum += value(c)
	}
	copy(header[148:156], fmt.Sprintf("%06o\x00 ", sum))
}

func TestUnpackBzip2InZip(t *testing.T) {
	packed := decode(t, bzip2Tar)
	plain, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
	require.NoError(t, err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&zip.FileHeader{
		Name: "f", Method: 12, CRC32: crc32.ChecksumIEEE(plain),
		UncompressedSize64: uint64(len(plain)), CompressedSize64: uint64(len(packed)),
	})
	require.NoError(t, err)
	_, err = f.Write(packed)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	dir, _, err := unpack(t, b.Bytes(), fetch.UnpackOptions{})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"f": string(plain)}, listing(t, dir))
}

func TestUnpackLinks(t *testing.T) {
	entries := []entry{
		{name: "pkg/lib/libz.so.1", body: "library"},
		{name: "pkg/lib/libz.so", kind: tar.TypeSymlink, link: "libz.so.1"},
		{name: "pkg/bin/up", kind: tar.TypeSymlink, link: "../lib/../lib/libz.so"},
		{name: "pkg/built-later", kind: tar.TypeSymlink, link: "build/out"},
		{name: "pkg/here", kind: tar.TypeSymlink, link: "."},
		{name: "pkg/circle", kind: tar.TypeSymlink, link: "circle"},
	}
	want := map[string]string{
		"pkg/": "", "pkg/lib/": "", "pkg/bin/": "", "pkg/lib/libz.so.1": "library",
		"pkg/lib/libz.so": "-> libz.so.1", "pkg/bin/up": "-> ../lib/../lib/libz.so",
		"pkg/built-later": "-> build/out", "pkg/here": "-> .", "pkg/circle": "-> circle",
	}
	dir, result, err := unpack(t, zipOf(t, entries...), fetch.UnpackOptions{})
	require.NoError(t, err)
	require.Equal(t, want, listing(t, dir))
	require.Equal(t, 5, result.Links)

	dir, result, err = unpack(t, tarOf(t, append(entries,
		entry{name: "pkg/hard", kind: tar.TypeLink, link: "./pkg/lib/libz.so.1"},
		entry{name: "pkg/hard-to-link", kind: tar.TypeLink, link: "pkg/here"},
	)...), fetch.UnpackOptions{})
	require.NoError(t, err)
	want["pkg/hard"] = "library"
	want["pkg/hard-to-link"] = "-> ."
	require.Equal(t, want, listing(t, dir))
	require.Equal(t, 6, result.Links)
	require.Equal(t, 2, result.Files)
	require.Empty(t, result.Skipped)
	one, err := os.Stat(filepath.Join(dir, "pkg/hard"))
	require.NoError(t, err)
	other, err := os.Stat(filepath.Join(dir, "pkg/lib/libz.so.1"))
	require.NoError(t, err)
	require.True(t, os.SameFile(one, other))
}

func TestUnpackDirectory(t *testing.T) {
	source := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(source, "a/b"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(source, "a/b/run"), []byte("x"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(source, "a/drop.pyc"), []byte("x"), 0o644))
	require.NoError(t, os.Symlink("b/run", filepath.Join(source, "a/link")))
	require.NoError(t, os.Symlink("/etc", filepath.Join(source, "a/etc")))
	require.NoError(t, os.Chtimes(filepath.Join(source, "a/b/run"), archiveTime, archiveTime))

	dir := filepath.Join(t.TempDir(), "out")
	result, err := fetch.Unpack(t.Context(), source, dir, fetch.UnpackOptions{Exclude: []string{"*.pyc"}})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a/": "", "a/b/": "", "a/b/run": "x", "a/link": "-> b/run"}, listing(t, dir))
	require.Equal(t, "directory", result.Format)
	require.Equal(t, []string{"a/drop.pyc"}, result.Excluded)
	require.Equal(t, map[string]string{"a/etc": "symbolic link to the outside"}, reasons(result))
	info, err := os.Stat(filepath.Join(dir, "a/b/run"))
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&0o100)
	require.True(t, info.ModTime().Equal(archiveTime))

	_, err = fetch.Unpack(t.Context(), source, filepath.Join(source, "a/b/new"), fetch.UnpackOptions{})
	require.ErrorContains(t, err, "a directory can't be copied into itself")
	require.NoDirExists(t, filepath.Join(source, "a/b/new"))
}

func TestUnpackExclude(t *testing.T) {
	entries := []entry{
		{name: "pkg-1/", kind: tar.TypeDir},
		{name: "pkg-1/README", body: "x"},
		{name: "pkg-1/src/", kind: tar.TypeDir},
		{name: "pkg-1/src/f", body: "x"},
		{name: "/pkg-1/src/absolute", body: "x"},
	}
	for _, test := range []struct {
		exclude []string
		count   int
		want    map[string]string
	}{
		{[]string{"pkg-*/src*"}, 2, map[string]string{"pkg-1/": "", "pkg-1/README": "x"}},
		{[]string{"*/f", "*README"}, 2, map[string]string{"pkg-1/": "", "pkg-1/src/": ""}},
		{[]string{"README"}, 0, map[string]string{"pkg-1/": "", "pkg-1/README": "x", "pkg-1/src/": "", "pkg-1/src/f": "x"}},
		{[]string{"*"}, 4, map[string]string{}},
	} {
		for name, archive := range map[string][]byte{"tar": tarOf(t, entries...), "zip": zipOf(t, entries...)} {
			dir, result, err := unpack(t, archive, fetch.UnpackOptions{Exclude: test.exclude})
			require.NoError(t, err)
			require.Equal(t, test.want, listing(t, dir), name)
			require.Len(t, result.Excluded, test.count, name)
			require.Len(t, result.Skipped, 1, "what is unsafe isn't counted as excluded")
		}
	}
}

func TestUnpackNeedsAnEmptyDirectory(t *testing.T) {
	archive := writeFile(t, "x.tar", string(tarOf(t, entry{name: "f", body: "new"})))
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "f"), []byte("old"), 0o644))
	_, err := fetch.Unpack(t.Context(), archive, dir, fetch.UnpackOptions{})
	require.ErrorContains(t, err, `expected an empty directory, found "f" in it`)
	requireContent(t, "old", filepath.Join(dir, "f"))

	require.NoError(t, os.Remove(filepath.Join(dir, "f")))
	_, err = fetch.Unpack(t.Context(), archive, dir, fetch.UnpackOptions{})
	require.NoError(t, err)
	requireContent(t, "new", filepath.Join(dir, "f"))

	deep := filepath.Join(t.TempDir(), "a/b/c")
	_, err = fetch.Unpack(t.Context(), archive, deep, fetch.UnpackOptions{})
	require.NoError(t, err)
	requireContent(t, "new", filepath.Join(deep, "f"))
}

func TestUnpackFailureKeepsAnEmptyDirectory(t *testing.T) {
	archive := writeFile(t, "x.tar", string(tarOf(t, entry{name: "a/b/f", body: "x"}, entry{name: "g", body: "x", size: 99})))
	dir := t.TempDir()
	_, err := fetch.Unpack(t.Context(), archive, dir, fetch.UnpackOptions{})
	require.ErrorIs(t, err, fetch.ErrCorrupt)
	requireEmpty(t, dir)
}

func TestUnpackNoArchive(t *testing.T) {
	for name, content := range map[string][]byte{
		"empty":             nil,
		"text":              []byte(strings.Repeat("text\n", 1000)),
		"named so":          []byte("<html>not here</html>"),
		"gzip of a text":    gzipOf(t, []byte(strings.Repeat("text\n", 1000))),
		"gzip of nothing":   gzipOf(t, nil),
		"xz of a zip":       xzOf(t, zipOf(t)),
		"Zstandard":         []byte("\x28\xb5\x2f\xfdrest"),
		"almost bzip2":      []byte("BZh9 is how it starts"),
		"tar, bad checksum": append([]byte("x"), tarOf(t, entry{name: "f"})[1:]...),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := unpack(t, content, fetch.UnpackOptions{})
			require.ErrorIs(t, err, fetch.ErrFormat)
		})
	}
	_, err := fetch.Unpack(t.Context(), filepath.Join(t.TempDir(), "absent"), t.TempDir(), fetch.UnpackOptions{})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestUnpackCancelled(t *testing.T) {
	archive := writeFile(t, "x.tar", string(tarOf(t, entry{name: "f", body: "x"})))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := filepath.Join(t.TempDir(), "out")
	_, err := fetch.Unpack(ctx, archive, dir, fetch.UnpackOptions{})
	require.ErrorIs(t, err, context.Canceled)
	require.NoDirExists(t, dir)

	// In the middle of it: the context ends after it was asked a few times.
	for after := range 12 {
		for _, content := range [][]byte{
			tarOf(t, entry{name: "a/f", body: "x"}, entry{name: "l", kind: tar.TypeSymlink, link: "a"}),
			zipOf(t, entry{name: "a/f", body: "x"}, entry{name: "l", kind: tar.TypeSymlink, link: "a"}),
		} {
			archive := writeFile(t, "x", string(content))
			ctx := &endingContext{Context: t.Context(), left: after}
			_, err := fetch.Unpack(ctx, archive, dir, fetch.UnpackOptions{})
			if err != nil {
				require.ErrorIs(t, err, context.Canceled)
				require.NoDirExists(t, dir)
			} else {
				require.Greater(t, after, 4)
				require.NoError(t, os.RemoveAll(dir))
			}
		}
	}
}

// endingContext ends after its error was asked for left times.
type endingContext struct {
	context.Context
	left int
}

func (c *endingContext) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}
