package fetch

import (
	"archive/tar"
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// unpackTar extracts a tar archive in the given compression.
func (x *extraction) unpackTar(r io.Reader, f format) error {
	unpacked, err := decompress(r, f)
	if err != nil {
		return damaged("", unexpected(err))
	}
	// What isn't extracted is unpacked nevertheless.
	stream := bufio.NewReaderSize(&boundedReader{r: unpacked, x: x}, 64<<10)
	head, err := stream.Peek(tarBlock)
	if err != nil && err != io.EOF {
		return damaged("", err)
	}
	if !isTarHeader(head) {
		return fmt.Errorf("%w: compressed, but no tar archive inside", ErrFormat)
	}
	tr := tar.NewReader(stream)
	last := ""
	for {
		h, err := tr.Next()
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return damaged(last, err)
		}
		last = h.Name
		if err := x.addTarMember(h, tr); err != nil {
			return err
		}
	}
	if f == formatTar {
		return nil
	}
	// The checksums of compressed files are at their end.
	if _, err := io.Copy(io.Discard, stream); err != nil {
		return damaged("", err)
	}
	return nil
}

func (x *extraction) addTarMember(h *tar.Header, content io.Reader) error {
	m := member{
		name:   strings.TrimRight(h.Name, "/"),
		mode:   fs.FileMode(h.Mode) & fs.ModePerm,
		mtime:  h.ModTime,
		size:   h.Size,
		target: h.Linkname,
	}
	if m.name == "" && h.Name != "" {
		m.name = "/"
	}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
		m.kind = memberFile
	case tar.TypeDir:
		m.kind = memberDir
	case tar.TypeSymlink:
		m.kind = memberSymlink
	case tar.TypeLink:
		m.kind = memberHardlink
	case tar.TypeXGlobalHeader:
		return nil // the comment that git puts there
	default:
		m.kind = memberSpecial
	}
	return x.add(m, content)
}

// boundedReader keeps the limits on what comes out of a decompressor. After
// an error it returns nothing else: a buffer in between may forget it.
type boundedReader struct {
	r    io.Reader
	x    *extraction
	done int64
	err  error
}

func (r *boundedReader) Read(p []byte) (int, error) {
	if r.err == nil {
		r.err = r.x.ctx.Err()
	}
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.r.Read(p)
	r.done += int64(n)
	if r.err = r.x.bound(r.done, ""); r.err != nil {
		return 0, r.err
	}
	r.err = err
	return n, err
}
