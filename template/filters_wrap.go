package template

import (
	"strings"
	"unicode"

	"github.com/go-buildout/go-buildout/internal/python"
)

// filterWordWrap wraps each line of a text as Python's textwrap does.
func filterWordWrap(f *frame, a []python.Value) (python.Value, error) {
	s, ok := python.AsText(a[0])
	if !ok {
		if u, ok := a[0].(*undefined); ok {
			return nil, u.fail()
		}
		return nil, python.Raise("AttributeError", "'%s' object has no attribute 'splitlines'", a[0].Type())
	}
	width, err := intArg(a[1])
	if err != nil {
		return nil, err
	}
	w := &wrapper{width: width}
	if w.breakLong, err = python.Truth(a[2]); err != nil {
		return nil, err
	}
	if w.breakHyphens, err = python.Truth(a[4]); err != nil {
		return nil, err
	}
	sep := "\n"
	if a[3] != python.None {
		if sep, ok = python.AsText(a[3]); !ok {
			return nil, python.Raise("AttributeError", "'%s' object has no attribute 'join'", a[3].Type())
		}
	}
	v, err := method(f.run.thread, python.String(s), "splitlines")
	if err != nil {
		return nil, err
	}
	lines := v.(*python.List).Items
	if width <= 0 && len(lines) > 0 {
		return nil, python.Raise("ValueError", "invalid width %d (must be > 0)", width)
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.Join(w.wrap(string(line.(python.String))), sep)
	}
	return python.String(strings.Join(out, sep)), nil
}

type wrapper struct {
	width                   int
	breakLong, breakHyphens bool
}

// wrap breaks one paragraph.
func (w *wrapper) wrap(text string) []string {
	chunks := w.split([]rune(text))
	var lines []string
	for len(chunks) > 0 {
		var line [][]rune
		length := 0
		if len(lines) > 0 && isBlank(chunks[0]) {
			chunks = chunks[1:]
		}
		for len(chunks) > 0 && length+len(chunks[0]) <= w.width {
			line = append(line, chunks[0])
			length += len(chunks[0])
			chunks = chunks[1:]
		}
		if len(chunks) > 0 && len(chunks[0]) > w.width {
			if w.breakLong {
				end := w.breakAt(chunks[0], w.width-length)
				line = append(line, chunks[0][:end])
				chunks[0] = chunks[0][end:]
			} else if len(line) == 0 {
				line = append(line, chunks[0])
				chunks = chunks[1:]
			}
		}
		if n := len(line); n > 0 && isBlank(line[n-1]) {
			line = line[:n-1]
		}
		if len(line) > 0 {
			var b strings.Builder
			for _, c := range line {
				b.WriteString(string(c))
			}
			lines = append(lines, b.String())
		}
	}
	return lines
}

// breakAt is where a word that is too long is broken.
func (w *wrapper) breakAt(word []rune, room int) int {
	if w.breakHyphens && len(word) > room {
		for i := room - 1; i > 0; i-- {
			if word[i] == '-' && strings.Trim(string(word[:i]), "-") != "" {
				return i + 1
			}
		}
	}
	return room
}

func isBlank(chunk []rune) bool { return strings.TrimFunc(string(chunk), isSpace) == "" }

// isWrapSpace is what separates words for textwrap.
func isWrapSpace(r rune) bool { return r == ' ' || r >= '\t' && r <= '\r' }

func isWrapWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

// isWrapLetter is a word character that is no digit.
func isWrapLetter(r rune) bool { return isWrapWord(r) && !unicode.IsDigit(r) }

// split takes a text apart where a line can be broken.
func (w *wrapper) split(s []rune) [][]rune {
	var chunks [][]rune
	for i := 0; i < len(s); {
		j := i + 1
		switch {
		case isWrapSpace(s[i]):
			for j < len(s) && isWrapSpace(s[j]) {
				j++
			}
		case w.breakHyphens && w.dash(s, i) > 0:
			j = i + w.dash(s, i)
		default:
			for ; j < len(s) && !isWrapSpace(s[j]); j++ {
				if w.breakHyphens && (w.hyphen(s, i, j-1) || w.dash(s, j) > 0) {
					break
				}
			}
		}
		chunks = append(chunks, s[i:j])
		i = j
	}
	return chunks
}

// dash is the length of a dash between words at i, or 0.
func (w *wrapper) dash(s []rune, i int) int {
	if i == 0 || s[i] != '-' || !isWrapWord(s[i-1]) && !strings.ContainsRune(`!"'&.,?`, s[i-1]) {
		return 0
	}
	n := 0
	for i+n < len(s) && s[i+n] == '-' {
		n++
	}
	if n < 2 || i+n >= len(s) || !isWrapWord(s[i+n]) {
		return 0
	}
	return n
}

// hyphen reports whether the word that begins at start can be broken behind
// the hyphen at i.
func (w *wrapper) hyphen(s []rune, start, i int) bool {
	if i <= start || s[i] != '-' {
		return false
	}
	before := i >= 2 && isWrapLetter(s[i-1]) && isWrapLetter(s[i-2]) ||
		i >= 3 && isWrapLetter(s[i-1]) && s[i-2] == '-' && isWrapLetter(s[i-3])
	if !before || i+1 >= len(s) || !isWrapLetter(s[i+1]) {
		return false
	}
	next := i + 2
	if next < len(s) && s[next] == '-' {
		next++
	}
	return next < len(s) && isWrapLetter(s[next])
}
