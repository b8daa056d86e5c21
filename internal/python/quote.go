package python

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quote returns the repr of a str.
func quote(s string) string {
	if plain(s) {
		return "'" + s + "'"
	}
	var out strings.Builder
	out.Grow(len(s) + 2)
	writeQuoted(&out, s, false)
	return out.String()
}

// plain reports whether the repr of s is s between single quotes.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '\'' || c == '\\' {
			return false
		}
	}
	return true
}

func quoteFor(s string) byte {
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		return '"'
	}
	return '\''
}

// writeQuoted writes the repr of a str, or its ascii().
func writeQuoted(out *strings.Builder, s string, ascii bool) {
	q := quoteFor(s)
	out.WriteByte(q)
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			writeEscaped(out, c, q)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(out, `\udc%02x`, c)
		case !ascii && printable(r):
			out.WriteString(s[i : i+n])
		default:
			writeCodePoint(out, r)
		}
		i += n
	}
	out.WriteByte(q)
}

// writeQuotedBytes writes the repr of a bytes.
func writeQuotedBytes(out *strings.Builder, s string) {
	q := quoteFor(s)
	out.WriteByte('b')
	out.WriteByte(q)
	for i := range len(s) {
		writeEscaped(out, s[i], q)
	}
	out.WriteByte(q)
}

func writeEscaped(out *strings.Builder, c, q byte) {
	switch {
	case c == q || c == '\\':
		out.WriteByte('\\')
		out.WriteByte(c)
	case c == '\n':
		out.WriteString(`\n`)
	case c == '\r':
		out.WriteString(`\r`)
	case c == '\t':
		out.WriteString(`\t`)
	case c < ' ' || c >= 0x7f:
		fmt.Fprintf(out, `\x%02x`, c)
	default:
		out.WriteByte(c)
	}
}

func writeCodePoint(out *strings.Builder, r rune) {
	switch {
	case r < 0x100:
		fmt.Fprintf(out, `\x%02x`, r)
	case r < 0x10000:
		fmt.Fprintf(out, `\u%04x`, r)
	default:
		fmt.Fprintf(out, `\U%08x`, r)
	}
}

// escapeNonASCII escapes what ascii() does in a text that is a repr already.
func escapeNonASCII(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r < utf8.RuneSelf:
			out.WriteByte(s[i])
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&out, `\udc%02x`, s[i])
		default:
			writeCodePoint(&out, r)
		}
		i += n
	}
	return out.String()
}

// printable reports whether repr shows the code point as it is.
func printable(r rune) bool {
	return r == ' ' || unicode.IsPrint(r)
}
