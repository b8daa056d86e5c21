package main

import (
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/sys/unix"
	"golang.org/x/text/width"
)

// terminal is an output that a person looks at.
type terminal struct {
	io.Writer
	colour bool
	size   func() (columns, rows int)
}

// screen is the standard output, as a terminal if it is one.
func screen(f *os.File) io.Writer {
	fd := int(f.Fd())
	if _, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ); err != nil || os.Getenv("TERM") == "dumb" {
		return f
	}
	return terminal{f, os.Getenv("NO_COLOR") == "", func() (int, int) {
		if size, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ); err == nil && size.Col > 0 && size.Row > 0 {
			return int(size.Col), int(size.Row)
		}
		return 80, 24
	}}
}

// cells is how many columns of a terminal a character takes.
func cells(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// fit cuts a text to so many columns, and says how many it takes.
func fit(text string, columns int) (string, int) {
	const more = "…"
	used, end := 0, 0 // end: where it is cut if it doesn't fit
	for i, r := range text {
		if used <= columns-1 {
			end = i
		}
		if used += cells(r); used > columns {
			cut, n := text[:end], 0
			for _, r := range cut {
				n += cells(r)
			}
			return cut + more, n + 1
		}
	}
	return text, used
}

// plain is what is left of a line when a terminal has shown it, in one line: what
// was written over, colours and other control characters are not there.
func plain(line string) string {
	line = strings.TrimRight(line, "\r\n")
	line = line[strings.LastIndexByte(line, '\r')+1:]
	var out strings.Builder
	escape, blank := false, false
	for _, r := range line {
		switch {
		case escape:
			escape = r == '[' || r == ';' || r == '?' || '0' <= r && r <= '9'
		case r == '\x1b':
			escape = true
		case unicode.IsSpace(r):
			blank = out.Len() > 0
		case unicode.IsControl(r):
		default:
			if blank {
				out.WriteByte(' ')
			}
			blank = false
			out.WriteRune(r)
		}
	}
	return out.String()
}
