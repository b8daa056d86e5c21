package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// format is what the first bytes of a file tell.
type format int

const (
	formatUnknown format = iota
	formatZip
	formatTar
	formatGzip
	formatBzip2
	formatXz
	formatLzip
)

func (f format) String() string {
	switch f {
	case formatZip:
		return "zip"
	case formatTar:
		return "tar"
	case formatGzip:
		return "tar.gz"
	case formatBzip2:
		return "tar.bz2"
	case formatXz:
		return "tar.xz"
	case formatLzip:
		return "tar.lz"
	}
	return "unknown"
}

// tarBlock is the size of a tar header.
const tarBlock = 512

// detect finds the format of a file by its content.
func detect(r io.ReaderAt) (format, error) {
	head := make([]byte, tarBlock)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return formatUnknown, err
	}
	head = head[:n]
	for _, magic := range []struct {
		format format
		start  string
	}{
		{formatGzip, "\x1f\x8b\x08"},
		{formatXz, "\xfd7zXZ\x00"},
		{formatLzip, "LZIP\x01"},
		{formatZip, "PK\x03\x04"},
		{formatZip, "PK\x05\x06"},
	} {
		if bytes.HasPrefix(head, []byte(magic.start)) {
			return magic.format, nil
		}
	}
	switch {
	case n >= 10 && string(head[:3]) == "BZh" && '1' <= head[3] && head[3] <= '9' &&
		(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17rE8P\x90"):
		return formatBzip2, nil
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return formatUnknown, fmt.Errorf("%w: Zstandard compression is not supported", ErrFormat)
	case isTarHeader(head):
		return formatTar, nil
	}
	return formatUnknown, nil
}

// isTarHeader reports whether a block starts a tar archive, by its checksum,
// for the oldest archives have no magic number. A block of zeros is the end,
// and so an empty archive.
func isTarHeader(block []byte) bool {
	if len(block) < tarBlock {
		return false
	}
	const start, end = 148, 156
	// Some writers added up signed characters.
	var unsigned, signed int64
	for i, c := range block {
		if start <= i && i < end {
			c = ' '
		}
		unsigned += int64(c)
		signed += int64(int8(c))
	}
	if unsigned == 8*' ' && bytes.Count(block, []byte{0}) == tarBlock {
		return true
	}
	want, err := strconv.ParseInt(strings.Trim(string(block[start:end]), " \x00"), 8, 64)
	return err == nil && (want == unsigned || want == signed)
}
