package fetch

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// maxDictionary bounds the memory that an archive can ask for. The highest
// level of xz needs 64 MiB.
const maxDictionary = 1 << 30

// decompress returns what a compressed file contains.
func decompress(r io.Reader, f format) (io.Reader, error) {
	if f == formatXz {
		return newXzReader(r)
	}
	br := bufio.NewReaderSize(r, 64<<10)
	switch f {
	case formatGzip:
		return newGzipReader(br)
	case formatBzip2:
		return bzip2Reader{bzip2.NewReader(br)}, nil
	case formatLzip:
		return &guard{&lzipReader{br: br}}, nil
	}
	return br, nil
}

// gzipReader reads the members of a gzip file one by one, since, as with
// gzip, what follows the last of them and isn't another one is ignored:
// padding is common.
type gzipReader struct {
	br *bufio.Reader
	zr *gzip.Reader
}

func newGzipReader(br *bufio.Reader) (*gzipReader, error) {
	zr, err := gzip.NewReader(br)
	if err != nil {
		return nil, err
	}
	zr.Multistream(false)
	return &gzipReader{br, zr}, nil
}

func (r *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := r.zr.Read(p)
		if err != io.EOF {
			return n, err
		}
		magic, err := r.br.Peek(2)
		if err != nil && err != io.EOF {
			return n, err
		}
		if string(magic) != "\x1f\x8b" {
			return n, io.EOF
		}
		if err := r.zr.Reset(r.br); err != nil {
			return n, err
		}
		r.zr.Multistream(false)
		if n > 0 {
			return n, nil
		}
	}
}

// bzip2Reader ignores what follows the compressed data, as bzip2 does.
type bzip2Reader struct{ r io.Reader }

func (r bzip2Reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err == bzip2.StructuralError("bad magic value in continuation file") {
		err = io.EOF
	}
	return n, err
}

// xzReader reads an xz file, and checks that it ends as one: the decoder
// takes a file that breaks off between two blocks for a whole one.
type xzReader struct {
	zr   io.Reader
	tail *tailReader
}

func newXzReader(r io.Reader) (*xzReader, error) {
	tail := &tailReader{r: r}
	br := bufio.NewReaderSize(tail, 64<<10)
	if err := checkXzDictionary(br); err != nil {
		return nil, err
	}
	zr, err := newGuarded(func() (io.Reader, error) { return xz.NewReader(br) })
	if err != nil {
		return nil, err
	}
	return &xzReader{&guard{zr}, tail}, nil
}

func (r *xzReader) Read(p []byte) (int, error) {
	n, err := r.zr.Read(p)
	if err == io.EOF && string(r.tail.last[:]) != "YZ" {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// tailReader remembers the last two bytes before a padding of zeros.
type tailReader struct {
	r    io.Reader
	last [2]byte
}

func (r *tailReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	read := bytes.TrimRight(p[:n], "\x00")
	for _, c := range read[max(0, len(read)-2):] {
		r.last[0], r.last[1] = r.last[1], c
	}
	return n, err
}

// checkXzDictionary looks at the header of the first block, for the decoder
// allocates whatever size stands there. It leaves all other faults to it.
func checkXzDictionary(br *bufio.Reader) error {
	const streamHeader = 12
	head, _ := br.Peek(streamHeader + 64)
	if len(head) < streamHeader+2 {
		return nil
	}
	flags := head[streamHeader+1]
	rest := head[streamHeader+2:]
	// Compressed and uncompressed size are optional, as variable-length numbers.
	for _, present := range []bool{flags&0x40 != 0, flags&0x80 != 0} {
		for present && len(rest) > 0 {
			present = rest[0]&0x80 != 0
			rest = rest[1:]
		}
	}
	if len(rest) < 3 || rest[0] != 0x21 || rest[1] != 1 {
		return nil
	}
	if size, err := lzma.DecodeDictCap(rest[2]); err == nil && size > maxDictionary {
		return dictionaryLimit()
	}
	return nil
}

func dictionaryLimit() error {
	return &LimitError{Limit: "bytes of a compression dictionary", Max: maxDictionary}
}

// lzipReader reads the members of an lzip file: a header with the size of the
// dictionary, an LZMA stream with an end marker, and checksum and sizes.
type lzipReader struct {
	br      *bufio.Reader
	member  io.Reader // nil: between two members
	members int
	crc     hash.Hash32
	size    uint64
}

func (r *lzipReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if r.member == nil {
			if err := r.open(); err != nil {
				return 0, err
			}
		}
		n, err := r.member.Read(p)
		r.crc.Write(p[:n])
		r.size += uint64(n)
		if err == io.EOF {
			r.member = nil
			err = r.check()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (r *lzipReader) open() error {
	head, err := r.br.Peek(6)
	if err != nil && err != io.EOF {
		return err
	}
	if len(head) < 6 || string(head[:5]) != "LZIP\x01" {
		if r.members > 0 {
			return io.EOF // what follows the last member is ignored, as by lzip
		}
		return io.ErrUnexpectedEOF
	}
	exponent, fraction := head[5]&0x1f, head[5]>>5
	if exponent < 12 || exponent > 29 {
		return fmt.Errorf("lzip: dictionary size of 2^%d: expected 2^12 to 2^29", exponent)
	}
	size := uint32(1) << exponent
	size -= size / 16 * uint32(fraction)
	if _, err := r.br.Discard(len(head)); err != nil {
		return err
	}
	// The header of a plain LZMA file: the properties that lzip always has,
	// the dictionary, and an unknown size.
	header := binary.LittleEndian.AppendUint32([]byte{0x5d}, size)
	header = binary.LittleEndian.AppendUint64(header, 1<<64-1)
	r.member, err = lzma.ReaderConfig{DictCap: maxDictionary}.NewReader(&prefixed{header, r.br})
	r.crc, r.size = crc32.NewIEEE(), 0
	r.members++
	return err
}

// check compares a member with its trailer.
func (r *lzipReader) check() error {
	var trailer [20]byte
	if _, err := io.ReadFull(r.br, trailer[:]); err != nil {
		return unexpected(err)
	}
	if got, want := r.crc.Sum32(), binary.LittleEndian.Uint32(trailer[:]); got != want {
		return fmt.Errorf("lzip: checksum error: expected %08x, found %08x", want, got)
	}
	if want := binary.LittleEndian.Uint64(trailer[4:]); r.size != want {
		return fmt.Errorf("lzip: wrong size: expected %d, found %d", want, r.size)
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// prefixed puts bytes before a reader. Unlike an io.MultiReader it reads
// single bytes without reading ahead.
type prefixed struct {
	head []byte
	br   *bufio.Reader
}

func (r *prefixed) Read(p []byte) (int, error) {
	if len(r.head) > 0 {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	return r.br.Read(p)
}

func (r *prefixed) ReadByte() (byte, error) {
	if len(r.head) > 0 {
		c := r.head[0]
		r.head = r.head[1:]
		return c, nil
	}
	return r.br.ReadByte()
}

// guard turns a panic of a decoder that isn't the standard library's into an
// error: nothing in an archive may bring down the program.
type guard struct{ r io.Reader }

func (g *guard) Read(p []byte) (n int, err error) {
	defer recovered(&err)
	return g.r.Read(p)
}

func newGuarded(open func() (io.Reader, error)) (r io.Reader, err error) {
	defer recovered(&err)
	return open()
}

var errDecoder = errors.New("decoder failed")

func recovered(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("%w: %v", errDecoder, v)
	}
}
