package python

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	encodeSignature = signature{name: "encode", params: []string{"encoding", "errors"}, positional: 2}
	decodeSignature = signature{name: "decode", params: []string{"encoding", "errors"}, positional: 2}
)

func strEncode(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	encoding, handler, err := codecArgs(encodeSignature, args, kwargs)
	if err != nil {
		return nil, err
	}
	data, err := Encode(text(self), encoding, handler)
	return Bytes(data), err
}

func bytesDecode(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	encoding, handler, err := codecArgs(decodeSignature, args, kwargs)
	if err != nil {
		return nil, err
	}
	data, _ := bytesOf(self)
	text, err := Decode(data, encoding, handler)
	return String(text), err
}

func codecArgs(sig signature, args []Value, kwargs []Keyword) (encoding, handler string, err error) {
	var bound [2]Value
	if err := sig.bind(args, kwargs, bound[:]); err != nil {
		return "", "", err
	}
	encoding, handler = "utf-8", "strict"
	if bound[0] != nil {
		if encoding, err = strArg(sig.name, "argument 'encoding'", bound[0]); err != nil {
			return "", "", err
		}
	}
	if bound[1] != nil {
		handler, err = strArg(sig.name, "argument 'errors'", bound[1])
	}
	return encoding, handler, err
}

// codec is an encoding by its canonical name, as errors show it.
type codec struct {
	name string
	// limit is the first code point that a one-byte encoding does not have.
	limit rune
	// wide encodings have units of two or four bytes.
	unit   int
	little bool
	mark   bool
}

func findCodec(name string) (codec, error) {
	normal := strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(name), "-", "_"), " ", "_")
	switch normal {
	case "utf_8", "utf8", "u8", "utf", "cp65001":
		return codec{name: "utf-8"}, nil
	case "utf_8_sig", "utf8_sig":
		return codec{name: "utf-8", mark: true}, nil
	case "ascii", "us_ascii", "646", "ansi_x3.4_1968":
		return codec{name: "ascii", limit: 0x80}, nil
	case "latin_1", "latin1", "latin", "l1", "iso_8859_1", "iso8859_1", "8859", "cp819", "iso8859":
		return codec{name: "latin-1", limit: 0x100}, nil
	case "utf_16", "utf16", "u16":
		return codec{name: "utf-16", unit: 2, little: true, mark: true}, nil
	case "utf_16_le", "utf_16le":
		return codec{name: "utf-16-le", unit: 2, little: true}, nil
	case "utf_16_be", "utf_16be":
		return codec{name: "utf-16-be", unit: 2}, nil
	case "utf_32", "utf32", "u32":
		return codec{name: "utf-32", unit: 4, little: true, mark: true}, nil
	case "utf_32_le", "utf_32le":
		return codec{name: "utf-32-le", unit: 4, little: true}, nil
	case "utf_32_be", "utf_32be":
		return codec{name: "utf-32-be", unit: 4}, nil
	}
	return codec{}, Raise("LookupError", "unknown encoding: %s", name)
}

// Encode is str.encode.
func Encode(s, encoding, handler string) (string, error) {
	c, err := findCodec(encoding)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if c.mark {
		c.writeMark(&out)
	}
	if c.unit == 0 && (isASCII(s) || c.limit == 0 && utf8.ValidString(s)) {
		out.WriteString(s)
		return out.String(), nil
	}
	position := 0
	for i := 0; i < len(s); position++ {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case invalid(r, n):
			if handler != "surrogateescape" {
				r = 0xdc00 + rune(s[i])
				if err := c.unencodable(&out, handler, r, position, "surrogates not allowed"); err != nil {
					return "", err
				}
			} else {
				out.WriteByte(s[i])
			}
		case c.limit > 0 && r >= c.limit:
			if err := c.unencodable(&out, handler, r, position, fmt.Sprintf("ordinal not in range(%d)", c.limit)); err != nil {
				return "", err
			}
		case c.limit > 0:
			out.WriteByte(byte(r))
		default:
			c.write(&out, r)
		}
		i += n
		if out.Len() > MaxText {
			return "", tooLong(out.Len())
		}
	}
	return out.String(), nil
}

func (c codec) writeMark(out *strings.Builder) {
	if c.unit == 0 {
		out.WriteString("\ufeff")
		return
	}
	c.write(out, 0xfeff)
}

func (c codec) write(out *strings.Builder, r rune) {
	switch c.unit {
	case 0:
		out.WriteRune(r)
	case 2:
		if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
			c.writeUnit(out, uint32(r1))
			r = r2
		}
		c.writeUnit(out, uint32(r))
	case 4:
		c.writeUnit(out, uint32(r))
	}
}

func (c codec) writeUnit(out *strings.Builder, u uint32) {
	for i := range c.unit {
		shift := 8 * (c.unit - 1 - i)
		if c.little {
			shift = 8 * i
		}
		out.WriteByte(byte(u >> shift))
	}
}

// unencodable handles a code point that the encoding does not have.
func (c codec) unencodable(out *strings.Builder, handler string, r rune, position int, reason string) error {
	switch handler {
	case "ignore":
	case "replace":
		out.WriteByte('?')
	case "backslashreplace":
		writeCodePoint(out, r)
	case "xmlcharrefreplace":
		fmt.Fprintf(out, "&#%d;", r)
	case "strict", "surrogateescape":
		var shown strings.Builder
		writeCodePoint(&shown, r)
		return Raise("UnicodeEncodeError", "'%s' codec can't encode character '%s' in position %d: %s", c.name, &shown, position, reason)
	default:
		return Raise("LookupError", "unknown error handler name '%s'", handler)
	}
	return nil
}

// Decode is bytes.decode.
func Decode(data, encoding, handler string) (string, error) {
	c, err := findCodec(encoding)
	if err != nil {
		return "", err
	}
	if c.mark && c.unit == 0 {
		data = strings.TrimPrefix(data, "\ufeff")
	}
	switch {
	case c.unit > 0:
		return c.decodeWide(data, handler)
	case c.limit == 0x100:
		var out strings.Builder
		for i := range len(data) {
			out.WriteRune(rune(data[i]))
		}
		return out.String(), nil
	case isASCII(data) || c.limit == 0 && utf8.ValidString(data):
		return data, nil
	}
	var out strings.Builder
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRuneInString(data[i:])
		if c.limit == 0 && !invalid(r, n) || data[i] < utf8.RuneSelf {
			out.WriteString(data[i : i+n])
			i += n
			continue
		}
		bad, reason := 1, "ordinal not in range(128)"
		if c.limit == 0 {
			bad, reason = badUTF8(data[i:])
		}
		if err := c.undecodable(&out, handler, data, i, i+bad, reason); err != nil {
			return "", err
		}
		i += bad
	}
	return out.String(), nil
}

// badUTF8 says how many bytes are wrong at the start of s, and why.
func badUTF8(s string) (n int, reason string) {
	c := s[0]
	want := 0
	low, high := byte(0x80), byte(0xbf)
	switch {
	case c >= 0xc2 && c <= 0xdf:
		want = 1
	case c >= 0xe0 && c <= 0xef:
		want = 2
		if c == 0xe0 {
			low = 0xa0
		} else if c == 0xed {
			high = 0x9f
		}
	case c >= 0xf0 && c <= 0xf4:
		want = 3
		if c == 0xf0 {
			low = 0x90
		} else if c == 0xf4 {
			high = 0x8f
		}
	default:
		return 1, "invalid start byte"
	}
	for n = 1; n <= want; n++ {
		if n == len(s) {
			return n, "unexpected end of data"
		}
		if s[n] < low || s[n] > high {
			break
		}
		low, high = 0x80, 0xbf
	}
	return n, "invalid continuation byte"
}

func (c codec) undecodable(out *strings.Builder, handler, data string, from, to int, reason string) error {
	switch handler {
	case "ignore":
	case "replace":
		out.WriteString("\ufffd")
	case "backslashreplace":
		for i := from; i < to; i++ {
			fmt.Fprintf(out, `\x%02x`, data[i])
		}
	case "surrogateescape":
		out.WriteString(data[from:to])
	case "strict":
		if to-from == 1 {
			return Raise("UnicodeDecodeError", "'%s' codec can't decode byte 0x%02x in position %d: %s", c.name, data[from], from, reason)
		}
		return Raise("UnicodeDecodeError", "'%s' codec can't decode bytes in position %d-%d: %s", c.name, from, to-1, reason)
	default:
		return Raise("LookupError", "unknown error handler name '%s'", handler)
	}
	return nil
}

func (c codec) decodeWide(data, handler string) (string, error) {
	if c.mark && len(data) >= c.unit {
		switch c.unitAt(data, 0) {
		case 0xfeff:
			data = data[c.unit:]
		case 0xfffe, 0xfffe0000:
			c.little = false
			data = data[c.unit:]
		}
	}
	var out strings.Builder
	for i := 0; i < len(data); {
		n, reason := c.unit, ""
		var r rune
		switch {
		case len(data)-i < c.unit:
			n, reason = len(data)-i, "truncated data"
		default:
			u := c.unitAt(data, i)
			r = rune(u)
			switch {
			case c.unit == 2 && utf16.IsSurrogate(r):
				if len(data)-i >= 4 {
					if pair := utf16.DecodeRune(r, rune(c.unitAt(data, i+2))); pair != utf8.RuneError {
						r, n = pair, 4
						break
					}
				}
				reason = "illegal encoding"
				if len(data)-i < 4 && r < 0xdc00 {
					n, reason = len(data)-i, "unexpected end of data"
				}
			case u > utf8.MaxRune || !utf8.ValidRune(r):
				reason = "code point not in range(0x110000)"
			}
		}
		if reason == "" {
			out.WriteRune(r)
		} else if err := c.undecodable(&out, handler, data, i, i+n, reason); err != nil {
			return "", err
		}
		i += n
	}
	return out.String(), nil
}

func (c codec) unitAt(data string, i int) uint32 {
	var u uint32
	for k := range c.unit {
		b := uint32(data[i+k])
		if c.little {
			u |= b << (8 * k)
		} else {
			u = u<<8 | b
		}
	}
	return u
}
