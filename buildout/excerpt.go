package buildout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// A line is shown up to this many bytes. Of a longer one that much is shown around
// what is at fault, which begins at the latest after lead bytes.
const (
	maxExcerpt = 300
	lead       = 100
)

// excerpt gives a line as it is shown, and the line below it that underlines a
// piece of it, "" for an empty piece.
func excerpt(line string, at span) (text, underline string) {
	margin := len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	line = strings.TrimRightFunc(line[margin:], unicode.IsSpace)
	at.start, at.end = min(max(at.start-margin, 0), len(line)), min(max(at.end-margin, 0), len(line))
	before, after := "", ""
	if len(line) > maxExcerpt {
		begin := 0
		if at.end > maxExcerpt && at.start > lead {
			begin = runeStart(line, at.start-lead)
			before = "..."
		}
		end := len(line)
		if end > begin+maxExcerpt {
			end = runeStart(line, begin+maxExcerpt)
			after = "..."
		}
		line = line[begin:end]
		at.start, at.end = at.start-begin, min(at.end-begin, len(line))
	}
	text = before + visible(line) + after
	if at.start >= at.end {
		return text, ""
	}
	var b strings.Builder
	for _, r := range before + visible(line[:at.start]) {
		if r == '\t' {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Repeat(" ", cells(r)))
		}
	}
	b.WriteByte('^')
	wide := 0
	for _, r := range visible(line[at.start:at.end]) {
		wide += cells(r)
	}
	return text, b.String() + strings.Repeat("~", max(wide-1, 0))
}

// runeStart is the beginning of the character of which byte i is a part, and i in
// what is no UTF-8.
func runeStart(s string, i int) int {
	for n := i; n > 0 && n < len(s) && n > i-utf8.UTFMax; n-- {
		if utf8.RuneStart(s[n]) {
			return n
		}
	}
	return i
}

// visible replaces what a terminal would obey and not show.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, s)
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
