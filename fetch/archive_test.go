package fetch_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// bzip2Tar is a tar.bz2 archive with the member pkg-1/README, for the
// standard library can't write this compression.
const bzip2Tar = "QlpoOTFBWSZTWQMtoKgAAHn/gMoQABBAAu+AJgIUAGaKXgAICCAAdRECaeoNAPUbUaeoeoJKI0ANABoAfX0DUIJI" +
	"0IRZ0+YlTkCGKDSG9z5BrAcxFrQA3sB2eRSIShCDheMW67zMzsDb2iGnk0iqqsmMQfi7kinChIAZbQVA"

// lzipTar is the same as a tar.lz archive.
const lzipTar = "TFpJUAEQADgayRV3cSF6VlW85ikLmgcTWxmgztPTcls2+zwx0jt1/6owLTQjbtl6xG1z4VNNi+bfvVW6qKsSPH1n" +
	"z5wzXCgSHftmw37wofnRCE7Z/Eqv36hVtvxXM9hsTXCHIkmxCc68dcNItIJzqnhXbfhT953+nkiAqlW/sAAoAAAAAAAAjwAAAAAAAAA="

func decode(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	require.NoError(t, err)
	return b
}

var archiveTime = time.Date(2001, 9, 9, 1, 46, 40, 0, time.UTC)

// entry is a member of an archive that a test builds.
type entry struct {
	name string
	body string
	kind byte // tar's type flag; 0: a file
	link string
	mode int64 // 0: 0644, or 0755 for a directory
	size int64 // 0: of the body
}

func (e entry) header() *tar.Header {
	h := &tar.Header{
		Typeflag: e.kind, Name: e.name, Linkname: e.link, Mode: e.mode, ModTime: archiveTime,
	}
	if h.Typeflag == 0 {
		h.Typeflag = tar.TypeReg
		h.Size = int64(len(e.body))
	}
	if h.Mode == 0 {
		h.Mode = 0o644
		if h.Typeflag == tar.TypeDir {
			h.Mode = 0o755
		}
	}
	return h
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := e.header()
		if e.size > 0 {
			h.Size = e.size
		}
		require.NoError(t, w.WriteHeader(h))
		_, err := w.Write([]byte(e.body))
		require.NoError(t, err)
		if e.size > 0 {
			return b.Bytes() // breaks off
		}
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: archiveTime}
		info := e.header().FileInfo()
		h.SetMode(info.Mode())
		body := e.body
		if e.kind == tar.TypeSymlink {
			body = e.link
		}
		f, err := w.CreateHeader(h)
		require.NoError(t, err)
		if e.kind != tar.TypeDir {
			_, err = f.Write([]byte(body))
			require.NoError(t, err)
		}
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func gzipOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func xzOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xz.NewWriter(&b)
	require.NoError(t, err)
	_, err = w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func lzipOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	config := lzma.WriterConfig{DictCap: 1 << 16, EOSMarker: true}
	w, err := config.NewWriter(&b)
	require.NoError(t, err)
	_, err = w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	member := append([]byte("LZIP\x01\x10"), b.Bytes()[lzma.HeaderLen:]...)
	member = binary.LittleEndian.AppendUint32(member, crc32.ChecksumIEEE(content))
	member = binary.LittleEndian.AppendUint64(member, uint64(len(content)))
	return binary.LittleEndian.AppendUint64(member, uint64(len(member)+8))
}

// unpack extracts archive bytes into a new directory with a neighbour, that
// has to be the same afterwards.
func unpack(t testing.TB, archive []byte, o fetch.UnpackOptions) (dir string, result fetch.UnpackResult, err error) {
	t.Helper()
	base := t.TempDir()
	file := filepath.Join(base, "archive")
	require.NoError(t, os.WriteFile(file, archive, 0o644))
	outside := filepath.Join(base, "outside")
	require.NoError(t, os.Mkdir(outside, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(outside, "victim"), []byte("untouched"), 0o644))
	dir = filepath.Join(base, "out")
	result, err = fetch.Unpack(t.Context(), file, dir, o)
	if err != nil {
		require.NoFileExists(t, dir)
		require.NoDirExists(t, dir)
	}
	entries, readErr := os.ReadDir(base)
	require.NoError(t, readErr)
	for _, e := range entries {
		require.Contains(t, []string{"archive", "out", "outside"}, e.Name(), "created outside")
	}
	victims, readErr := os.ReadDir(outside)
	require.NoError(t, readErr)
	require.Len(t, victims, 1)
	victim, readErr := os.ReadFile(filepath.Join(outside, "victim"))
	require.NoError(t, readErr)
	require.Equal(t, "untouched", string(victim))
	return dir, result, err
}

// listing shows a tree: paths, with / after directories, the content of
// files, and the targets of links.
func listing(t testing.TB, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir():
			found[name+"/"] = ""
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			found[name] = "-> " + target
		case d.Type().IsRegular():
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found[name] = string(content)
		default:
			return errors.New(name + " is of another kind")
		}
		return nil
	})
	require.NoError(t, err)
	return found
}

func reasons(result fetch.UnpackResult) map[string]string {
	m := map[string]string{}
	for _, s := range result.Skipped {
		m[s.Name] = s.Reason
	}
	return m
}
