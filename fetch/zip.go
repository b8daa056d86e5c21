package fetch

import (
	"archive/zip"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// zipBzip2 is the number of a method that archive/zip leaves to others.
const zipBzip2 = 12

// unpackZip extracts a zip archive. certain says that the file starts like
// one; otherwise it may turn out to be something else.
func (x *extraction) unpackZip(f io.ReaderAt, size int64, certain bool) error {
	directory := &budgetReader{r: f, x: x, left: 1<<20 + x.limits.Entries*128}
	zr, err := zip.NewReader(directory, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		if errors.Is(err, zip.ErrFormat) && !certain {
			return ErrFormat
		}
		return damaged("", err)
	}
	directory.left = -1
	zr.RegisterDecompressor(zipBzip2, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	for _, f := range zr.File {
		if err := x.addZipMember(f); err != nil {
			return err
		}
	}
	return nil
}

func (x *extraction) addZipMember(f *zip.File) error {
	m := member{name: f.Name, mode: f.Mode().Perm(), mtime: f.Modified}
	if f.UncompressedSize64 > uint64(x.limits.FileBytes) {
		return &LimitError{Limit: "bytes of a file", Max: x.limits.FileBytes, Name: f.Name}
	}
	m.size = int64(f.UncompressedSize64)
	switch mode := f.Mode(); {
	case strings.HasSuffix(f.Name, "/") || mode.IsDir():
		m.kind = memberDir
	case mode&fs.ModeSymlink != 0:
		m.kind = memberSymlink
	case mode.IsRegular():
		m.kind = memberFile
	default:
		m.kind = memberSpecial
	}
	if m.mode == 0 { // written on a system without permissions
		m.mode = 0o644
		if m.kind == memberDir {
			m.mode = 0o755
		}
	}
	if m.kind == memberDir || m.kind == memberSpecial {
		return x.add(m, nil)
	}
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return fmt.Errorf("member %q is encrypted", f.Name)
	}
	content, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return fmt.Errorf("member %q: compression method %d is not supported", f.Name, f.Method)
	}
	if err != nil {
		return damaged(f.Name, err)
	}
	defer content.Close()
	if m.kind == memberSymlink {
		target, err := io.ReadAll(io.LimitReader(content, maxPath))
		if err != nil {
			return damaged(f.Name, err)
		}
		m.target = string(target)
	}
	return x.add(m, content)
}

// budgetReader bounds what is read of a zip file's directory, for archive/zip
// holds all of it in memory. Less than zero means no bound.
type budgetReader struct {
	r    io.ReaderAt
	x    *extraction
	left int64
}

func (r *budgetReader) ReadAt(p []byte, offset int64) (int, error) {
	if err := r.x.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.ReadAt(p, offset)
	if r.left < 0 {
		return n, err
	}
	if r.left -= int64(n); r.left < 0 {
		r.left = 0
		return 0, &LimitError{Limit: "archive members", Max: r.x.limits.Entries}
	}
	return n, err
}
