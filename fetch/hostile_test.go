package fetch_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

// What is refused is skipped and reported; the rest is extracted.
func TestHostileMembers(t *testing.T) {
	good := entry{name: "good", body: "good"}
	symlink := func(name, target string) entry { return entry{name: name, kind: tar.TypeSymlink, link: target} }
	hardlink := func(name, target string) entry { return entry{name: name, kind: tar.TypeLink, link: target} }
	const outside = "symbolic link to the outside"
	type tree = map[string]string
	for _, test := range []struct {
		name    string
		entries []entry
		want    tree
		skipped tree
		onlyTar bool
	}{
		{"zip slip", []entry{{name: "../outside/victim", body: "evil"}, {name: "a/../../outside/victim", body: "evil"},
			{name: "a/b/../c", body: "even if it stays inside"}, {name: "..", body: "x"}},
			tree{}, tree{"../outside/victim": `".." in the path`, "a/../../outside/victim": `".." in the path`,
				"a/b/../c": `".." in the path`, "..": `".." in the path`}, false},
		{"absolute", []entry{{name: "/outside/victim", body: "evil"}, {name: "//x", body: "evil"}},
			tree{}, tree{"/outside/victim": "absolute path", "//x": "absolute path"}, false},
		{"symlink out, and a write through it", []entry{symlink("l", "../outside"), {name: "l/victim", body: "evil"}},
			tree{"l/": "", "l/victim": "evil"}, tree{"l": "symbolic link where there is a directory"}, false},
		{"symlink out", []entry{symlink("l", "../outside")}, tree{}, tree{"l": outside}, false},
		{"absolute symlink", []entry{symlink("l", "/etc/passwd")}, tree{}, tree{"l": outside}, false},
		{"symlink to a sibling with the same prefix", []entry{symlink("l", "../output")}, tree{}, tree{"l": outside}, false},
		{"deep symlink out", []entry{symlink("a/b/l", "../../../outside")}, tree{"a/": "", "a/b/": ""}, tree{"a/b/l": outside}, false},
		{"file over a symlink out", []entry{symlink("l", "../outside/victim"), {name: "l", body: "file"}},
			tree{"l": "file"}, tree{}, false},
		{"several symlinks with one name", []entry{symlink("l", "../outside"), symlink("l", "bad"), symlink("l", "good")},
			tree{"l": "-> good"}, tree{}, false},
		{"symlink over a file", []entry{{name: "l", body: "file"}, symlink("l", "good")},
			tree{"l": "-> good"}, tree{}, false},
		{"symlink out over a file", []entry{{name: "l", body: "file"}, symlink("l", "../outside/victim")},
			tree{"l": "file"}, tree{"l": outside}, false},
		// s leads to the top, so s/.. leads out although the text of t doesn't.
		{"symlink out through another", []entry{symlink("a/b/s", "../.."), symlink("a/b/t", "s/../outside")},
			tree{"a/": "", "a/b/": "", "a/b/s": "-> ../.."}, tree{"a/b/t": outside}, false},
		{"the same, with the other one later", []entry{symlink("a/b/t", "s/../outside"), symlink("a/b/s", "../..")},
			tree{"a/": "", "a/b/": "", "a/b/s": "-> ../.."}, tree{"a/b/t": outside}, false},
		{"symlinks that lead into each other, and out", []entry{symlink("a", "b/x"), symlink("b", "c"), symlink("c", "."),
			symlink("d", "a/../../outside")},
			tree{"a": "-> b/x", "b": "-> c", "c": "-> ."}, tree{"d": outside}, false},
		// a is a directory in the end, so that x doesn't lead where a would.
		{"symlink out past one that became a directory", []entry{symlink("a", "b/c/d"), {name: "a/f", body: "x"}, symlink("x", "a/../../outside")},
			tree{"a/": "", "a/f": "x"}, tree{"a": "symbolic link where there is a directory", "x": outside}, false},
		{"symlink below a symlink", []entry{symlink("a", "good"), symlink("a/l", "../good")},
			tree{"a/": "", "a/l": "-> ../good"}, tree{"a": "symbolic link where there is a directory"}, false},
		{"symlink to nowhere", []entry{symlink("l", "")}, tree{}, tree{"l": "symbolic link to nowhere"}, false},
		{"symlink with a long target", []entry{symlink("l", strings.Repeat("x/", 2048))}, tree{},
			tree{"l": "symbolic link with too long a target"}, false},
		{"hard link out", []entry{hardlink("h", "../outside/victim"), hardlink("i", "/etc/passwd"), hardlink("j", "")},
			tree{}, tree{"h": `hard link to "../outside/victim": ".." in the path`, "i": `hard link to "/etc/passwd": absolute path`,
				"j": `hard link to "", which is no file extracted before`}, true},
		{"hard link through a symlink out", []entry{symlink("l", "../outside"), hardlink("h", "l/victim")},
			tree{}, tree{"l": outside, "h": `hard link to "l/victim", which is no file extracted before`}, true},
		{"hard link to a symlink out, and a write", []entry{symlink("l", "../outside/victim"), hardlink("h", "l"), {name: "h", body: "evil"}},
			tree{"h": "evil"}, tree{"l": outside}, true},
		{"hard link to a symlink in another directory", []entry{symlink("a/b/l", "../../x"), hardlink("h", "a/b/l")},
			tree{"a/": "", "a/b/": "", "a/b/l": "-> ../../x"}, tree{"h": outside}, true},
		{"hard link to nothing, itself and a directory", []entry{hardlink("h", "later"), {name: "later", body: "x"},
			hardlink("good", "./good"), {name: "d/", kind: tar.TypeDir}, hardlink("i", "d")},
			tree{"later": "x", "d/": ""}, tree{"h": `hard link to "later", which is no file extracted before`, "good": "hard link to itself",
				"i": `hard link to "d", which is no file extracted before`}, true},
		{"a file in place of its hard link", []entry{hardlink("h", "good"), {name: "h", body: "other"}},
			tree{"h": "other"}, tree{}, true},
		{"devices and pipes", []entry{{name: "null", kind: tar.TypeChar}, {name: "sda", kind: tar.TypeBlock}, {name: "pipe", kind: tar.TypeFifo}},
			tree{}, tree{"null": "neither file, directory nor link", "sda": "neither file, directory nor link",
				"pipe": "neither file, directory nor link"}, false},
		{"duplicate names", []entry{{name: "f", body: "first, and longer"}, {name: "./f", body: "second"}, {name: "d/", kind: tar.TypeDir},
			{name: "d/", kind: tar.TypeDir}},
			tree{"f": "second", "d/": ""}, tree{}, false},
		{"odd names", []entry{{name: "./a//b/./c", body: "x"}, {name: "...", body: "x"}, {name: "a/..b", body: "x"}, {name: "C:\\x", body: "x"}},
			tree{"a/": "", "a/b/": "", "a/b/c": "x", "...": "x", "a/..b": "x", "C:\\x": "x"}, tree{}, false},
	} {
		for format, build := range map[string]func(testing.TB, ...entry) []byte{"tar": tarOf, "zip": zipOf} {
			if test.onlyTar && format != "tar" {
				continue
			}
			t.Run(test.name+"/"+format, func(t *testing.T) {
				dir, result, err := unpack(t, build(t, append([]entry{good}, test.entries...)...), fetch.UnpackOptions{})
				require.NoError(t, err)
				got := listing(t, dir)
				require.Equal(t, "good", got["good"])
				delete(got, "good")
				require.Equal(t, test.want, got)
				require.Equal(t, test.skipped, reasons(result))
				files, links := 1, 0
				for name, content := range test.want {
					switch {
					case strings.HasPrefix(content, "-> "):
						links++
					case !strings.HasSuffix(name, "/"):
						files++
					}
				}
				require.Equal(t, []int{files, links}, []int{result.Files, result.Links})
			})
		}
	}
}

func TestHostileZipNames(t *testing.T) {
	_, result, err := unpack(t, zipOf(t, entry{name: "a\x00b", body: "x"}), fetch.UnpackOptions{})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a\x00b": "NUL in the path"}, reasons(result))
}

func TestCorruptArchives(t *testing.T) {
	var body strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&body, "%x ", i*i*i) // the header is over long before the middle
	}
	file := entry{name: "pkg/f", body: body.String()}
	plain := tarOf(t, file)
	flipped := func(archive []byte, at int) []byte {
		archive = bytes.Clone(archive)
		archive[at] ^= 0x55
		return archive
	}
	cut := func(archive []byte, by int) []byte { return archive[:len(archive)-by] }
	gz, x, lz, bz, z := gzipOf(t, plain), xzOf(t, plain), lzipOf(t, plain), decode(t, bzip2Tar), zipOf(t, file)
	second := len(tarOf(t, entry{name: "a"})) - 1024 // the second header, without the trailer
	broken := tarOf(t, entry{name: "a"}, entry{name: "b"})
	for name, archive := range map[string][]byte{
		"tar cut in a file":       plain[:2000],
		"tar cut in a header":     append(bytes.Clone(broken[:second]), broken[second:second+100]...),
		"tar, second header":      flipped(broken, second),
		"gzip cut":                cut(gz, 20),
		"gzip cut in the trailer": cut(gz, 2),
		"gzip cut at the start":   gz[:8],
		"gzip, bad CRC":           flipped(gz, len(gz)-6),
		"gzip, bad data":          flipped(gz, len(gz)/2),
		"xz cut":                  cut(x, 20),
		"xz cut at the start":     x[:14],
		"xz cut before a block":   x[:12],
		"xz, bad data":            flipped(x, len(x)/2),
		"xz, bad trailer":         flipped(x, len(x)-3),
		"lzip cut":                cut(lz, 30),
		"lzip cut in the trailer": cut(lz, 2),
		"lzip cut at the start":   lz[:5],
		"lzip, bad CRC":           flipped(lz, len(lz)-20),
		"lzip, bad size":          flipped(lz, len(lz)-16),
		"lzip, bad dictionary":    flipped(lz, 5),
		"bzip2 cut":               cut(bz, 20),
		"bzip2, bad data":         flipped(bz, len(bz)/2),
		"bzip2, bad CRC":          flipped(bz, len(bz)-3),
		"zip cut":                 cut(z, 30),
		"zip, bad data":           flipped(z, 50),
		"file and directory":      tarOf(t, entry{name: "a", body: "x"}, entry{name: "a/b", body: "x"}),
		"file, then directory":    tarOf(t, entry{name: "a", body: "x"}, entry{name: "a", kind: tar.TypeDir}),
		"directory and file":      tarOf(t, entry{name: "a", kind: tar.TypeDir}, entry{name: "a", body: "x"}),
		"the top as a file":       tarOf(t, entry{name: ".", body: "x"}),
		"file below a file":       tarOf(t, entry{name: "a/b", body: "x"}, entry{name: "a/b/c/d", kind: tar.TypeSymlink, link: "x"}),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := unpack(t, archive, fetch.UnpackOptions{})
			require.ErrorIs(t, err, fetch.ErrCorrupt)
			require.NotContains(t, err.Error(), "\n")
		})
	}
	_, _, err := unpack(t, plain[:2000], fetch.UnpackOptions{})
	require.ErrorContains(t, err, `: corrupt archive: breaks off at "pkg/f"`)
}

func TestZipChecksum(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateHeader(&zip.FileHeader{Name: "f", Method: zip.Store})
	require.NoError(t, err)
	_, err = f.Write([]byte("content"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	archive := bytes.Replace(b.Bytes(), []byte("content"), []byte("CONTENT"), 1)
	_, _, err = unpack(t, archive, fetch.UnpackOptions{})
	require.ErrorIs(t, err, fetch.ErrCorrupt)
	require.ErrorContains(t, err, "checksum")
}

func TestUnsupportedZipMembers(t *testing.T) {
	for want, change := range map[string]func(local, central []byte){
		`member "f" is encrypted`:                            func(local, central []byte) { local[6] |= 1; central[8] |= 1 },
		`member "f": compression method 98 is not supported`: func(local, central []byte) { local[8] = 98; central[10] = 98 },
	} {
		archive := zipOf(t, entry{name: "f", body: "x"})
		change(archive, archive[bytes.Index(archive, []byte("PK\x01\x02")):])
		_, _, err := unpack(t, archive, fetch.UnpackOptions{})
		require.ErrorContains(t, err, want)
	}
}

func TestLimits(t *testing.T) {
	many := make([]entry, 20)
	for i := range many {
		many[i] = entry{name: fmt.Sprintf("f%d", i), body: "0123456789"}
	}
	deep := entry{name: "a/b/c/d/e", body: "x"}
	for _, test := range []struct {
		name    string
		entries []entry
		limits  fetch.Limits
		want    string
	}{
		{"entries", many, fetch.Limits{Entries: 19}, `limit exceeded: more than 19 archive members at "f19"`},
		{"total", many, fetch.Limits{TotalBytes: 199}, "limit exceeded: more than 199 bytes of all files"},
		{"file", many, fetch.Limits{FileBytes: 9}, `limit exceeded: more than 9 bytes of a file at "f0"`},
		{"depth", []entry{deep}, fetch.Limits{Depth: 4}, `limit exceeded: more than 4 components of a member's path at "a/b/c/d/e"`},
		{"path", []entry{{name: strings.Repeat("long/", 1000) + "x", body: "x"}}, fetch.Limits{Depth: 1e6}, "more than 4096 bytes of a member's path"},
	} {
		for format, build := range map[string]func(testing.TB, ...entry) []byte{"tar": tarOf, "zip": zipOf} {
			t.Run(test.name+"/"+format, func(t *testing.T) {
				_, _, err := unpack(t, build(t, test.entries...), fetch.UnpackOptions{Limits: test.limits})
				var limit *fetch.LimitError
				require.ErrorAs(t, err, &limit)
				require.ErrorContains(t, err, test.want)
			})
		}
	}
	// Everything within the limits, exactly.
	_, result, err := unpack(t, zipOf(t, append(many, deep)...),
		fetch.UnpackOptions{Limits: fetch.Limits{Entries: 21, TotalBytes: 201, FileBytes: 10, Depth: 5}})
	require.NoError(t, err)
	require.Equal(t, int64(201), result.Bytes)

	source := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(source, "f"), []byte("0123456789"), 0o644))
	dir := filepath.Join(t.TempDir(), "out")
	_, err = fetch.Unpack(t.Context(), source, dir, fetch.UnpackOptions{Limits: fetch.Limits{FileBytes: 9}})
	require.ErrorContains(t, err, "more than 9 bytes of a file")
	require.NoDirExists(t, dir)
}

// The bombs have 80 MiB of zeros, which is beyond what is too small to be
// worth a look, in some hundred kilobytes. They are put together from pieces,
// since compressing takes longer than everything else here.
func TestRatio(t *testing.T) {
	const pieces = 80
	zeros := make([]byte, 1<<20)
	piece := gzipOf(t, zeros)
	member := func(name string) []byte {
		header := tarOf(t, entry{name: name, body: "x", size: pieces << 20})[:512]
		return append(gzipOf(t, header), bytes.Repeat(piece, pieces)...)
	}
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for i := range pieces {
		f, err := w.CreateRaw(&zip.FileHeader{
			Name: fmt.Sprint(i), Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(zeros),
			UncompressedSize64: uint64(len(zeros)), CompressedSize64: uint64(len(piece) - 18),
		})
		require.NoError(t, err)
		_, err = f.Write(piece[10 : len(piece)-8]) // without gzip's header and trailer
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	for name, archive := range map[string][]byte{
		"gzip":                member("bomb"),
		"gzip, skipped":       member("../bomb"),
		"gzip behind the end": append(gzipOf(t, tarOf(t, entry{name: "f"})), bytes.Repeat(piece, pieces)...),
		"zip":                 z.Bytes(),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := unpack(t, archive, fetch.UnpackOptions{})
			var limit *fetch.LimitError
			require.ErrorAs(t, err, &limit)
			require.ErrorContains(t, err, "limit exceeded: more than 250 times the size of the archive")
			_, _, err = unpack(t, archive, fetch.UnpackOptions{Limits: fetch.Limits{Ratio: 2000}})
			require.False(t, errors.As(err, &limit))
		})
	}
}

func TestSparseBomb(t *testing.T) {
	// A pax sparse file of 10 GiB, all of it a hole.
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	h := entry{name: "bomb"}.header()
	h.Format = tar.FormatPAX
	h.PAXRecords = map[string]string{"BUILDOUT.x": strings.Repeat("x", 200)}
	require.NoError(t, w.WriteHeader(h))
	require.NoError(t, w.Close())
	archive := b.Bytes()
	// archive/tar doesn't write sparse files, so the record is put in by hand.
	record := []byte("")
	for _, r := range []string{"GNU.sparse.major=0", "GNU.sparse.minor=1", "GNU.sparse.name=bomb",
		"GNU.sparse.size=10737418240", "GNU.sparse.numblocks=1", "GNU.sparse.map=10737418240,0"} {
		record = append(record, paxRecord(r)...)
	}
	start := bytes.Index(archive, []byte("BUILDOUT.x"))
	start -= len("216 ") // the length of the record it replaces
	rest := bytes.IndexByte(archive[start:], '\n') + 1
	record = append(record, paxFill(rest-len(record))...)
	copy(archive[start:], record)
	_, _, err := unpack(t, archive, fetch.UnpackOptions{})
	var limit *fetch.LimitError
	require.ErrorAs(t, err, &limit)
	_, _, err = unpack(t, archive, fetch.UnpackOptions{Limits: fetch.Limits{FileBytes: 1 << 30}})
	require.ErrorContains(t, err, `more than 1073741824 bytes of a file at "bomb"`)
}

func paxRecord(keyValue string) string {
	n := len(keyValue) + 3
	for len(fmt.Sprintf("%d %s\n", n, keyValue)) != n {
		n++
	}
	return fmt.Sprintf("%d %s\n", n, keyValue)
}

func paxFill(n int) string {
	return fmt.Sprintf("%d x=%s\n", n, strings.Repeat("x", n-len(fmt.Sprintf("%d x=\n", n))))
}

func TestHugeZipDirectory(t *testing.T) {
	entries := make([]entry, 1500)
	for i := range entries {
		entries[i].name = fmt.Sprintf("%01000d", i)
	}
	_, _, err := unpack(t, zipOf(t, entries...), fetch.UnpackOptions{Limits: fetch.Limits{Entries: 10}})
	require.ErrorContains(t, err, "more than 10 archive members")
	require.NotContains(t, err.Error(), " at ", "it is refused before any member is looked at")

	// The content of members doesn't count.
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateHeader(&zip.FileHeader{Name: "f", Method: zip.Store})
	require.NoError(t, err)
	_, err = f.Write(make([]byte, 2<<20))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	_, _, err = unpack(t, b.Bytes(), fetch.UnpackOptions{Limits: fetch.Limits{Entries: 1}})
	require.NoError(t, err)
}

func TestHugeDictionary(t *testing.T) {
	archive := xzOf(t, tarOf(t, entry{name: "f", body: "x"}))
	at := bytes.Index(archive[12:24], []byte{0x21, 0x01}) + 12 + 2
	archive[at] = 40 // 4 GiB
	header := archive[12 : 12+(int(archive[12])+1)*4]
	binary.LittleEndian.PutUint32(header[len(header)-4:], crc32.ChecksumIEEE(header[:len(header)-4]))
	_, _, err := unpack(t, archive, fetch.UnpackOptions{})
	require.ErrorContains(t, err, "more than 1073741824 bytes of a compression dictionary")
}

func TestTangledLinks(t *testing.T) {
	// Each link goes through the one before twice.
	entries := []entry{{name: "l0", kind: tar.TypeSymlink, link: "."}}
	for i := range 60 {
		entries = append(entries, entry{name: fmt.Sprintf("l%d", i+1), kind: tar.TypeSymlink,
			link: fmt.Sprintf("l%d/l%d", i, i)})
	}
	_, result, err := unpack(t, tarOf(t, entries...), fetch.UnpackOptions{})
	require.NoError(t, err)
	require.Equal(t, 61, result.Links)
}
