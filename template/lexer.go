package template

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// source is a template's text, taken apart: the tags in order, and the text
// in which each tag is replaced by a statement that names its index. That
// text is what gonja lexes and nests.
type source struct {
	text     string
	tags     []tag
	rewrite  string
	lastLine int32
}

// lexer takes a template's text apart.
type lexer struct {
	text         string
	pos          int
	line         int32
	lineStart    bool // the last match ended with a newline
	trim, lstrip bool
	tokens       []token
	tags         []tag
	out          strings.Builder
	lastLine     int32
	stack        []kind // closing brackets that are expected
}

// scan takes text apart as the options say. It doesn't fail: what can't be
// lexed is an error token, raised when the parser gets there.
func scan(text string, o *Options) *source {
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	if !o.KeepTrailingNewline {
		text = strings.TrimSuffix(text, "\n")
	}
	l := &lexer{text: text, line: 1, lastLine: 1, lineStart: true, trim: o.TrimBlocks, lstrip: o.LstripBlocks}
	l.out.Grow(len(text)/4 + 64)
	for l.next() {
	}
	return &source{text, l.tags, l.out.String(), l.lastLine}
}

// next takes the text up to and with the next tag, and reports whether there
// is more to take.
func (l *lexer) next() bool {
	begin := l.findTag()
	if begin < 0 {
		if l.pos < len(l.text) {
			l.lastLine = l.line
			l.data(l.text[l.pos:])
		}
		return false
	}
	text := l.text[l.pos:begin]
	variable := l.text[begin+1] == '{'
	after, sign := begin+2, byte(0)
	if after < len(l.text) && (l.text[after] == '-' || l.text[after] == '+') {
		sign = l.text[after]
		after++
	}
	textLine := l.line
	l.line += int32(strings.Count(text, "\n"))
	if text = l.stripEnd(text, sign, variable); text != "" {
		l.lastLine = textLine
		l.data(text)
	}
	switch l.text[begin+1] {
	case '#':
		return l.comment(begin, after)
	case '%':
		if rest, ok := rawBegin(l.text[after:]); ok {
			l.advance(begin, len(l.text)-len(rest))
			return l.raw()
		}
	}
	l.lineStart = false
	return l.tag(begin, after, variable)
}

// findTag is where the next tag begins, or -1.
func (l *lexer) findTag() int {
	for i := l.pos; ; i++ {
		n := strings.IndexByte(l.text[i:], '{')
		if n < 0 || i+n+1 >= len(l.text) {
			return -1
		}
		i += n
		switch l.text[i+1] {
		case '{', '%', '#':
			return i
		}
	}
}

// stripEnd strips the text before a tag as the tag's sign says.
func (l *lexer) stripEnd(text string, sign byte, variable bool) string {
	if sign == '-' {
		return strings.TrimRightFunc(text, isSpace)
	}
	if sign == '+' || !l.lstrip || variable {
		return text
	}
	at := strings.LastIndexByte(text, '\n') + 1
	if (at > 0 || l.lineStart) && strings.TrimLeftFunc(text[at:], isSpace) == "" {
		return text[:at]
	}
	return text
}

// advance moves to end, with the match that began at begin.
func (l *lexer) advance(begin, end int) {
	match := l.text[begin:end]
	l.line += int32(strings.Count(match, "\n"))
	l.lineStart = strings.HasSuffix(match, "\n")
	l.pos = end
}

// comment skips a comment.
func (l *lexer) comment(begin, after int) bool {
	n := strings.Index(l.text[after:], "#}")
	if n < 0 {
		if after < len(l.text) {
			l.fail("Missing end of comment tag")
		}
		return false
	}
	end := after + n + 2
	if n > 0 {
		switch l.text[after+n-1] {
		case '-':
			end += leadingSpace(l.text[end:])
			l.advance(begin, end)
			return true
		case '+':
			l.advance(begin, end)
			return true
		}
	}
	l.advance(begin, l.trimNewline(end))
	return true
}

// trimNewline skips the newline after a block if blocks are trimmed.
func (l *lexer) trimNewline(end int) int {
	if l.trim && end < len(l.text) && l.text[end] == '\n' {
		end++
	}
	return end
}

// rawBegin is what follows the tag if s, which follows "{%", begins raw text.
func rawBegin(s string) (rest string, ok bool) {
	s = strings.TrimLeftFunc(s, isSpace)
	if s, ok = strings.CutPrefix(s, "raw"); !ok {
		return "", false
	}
	s = strings.TrimLeftFunc(s, isSpace)
	if rest, ok = strings.CutPrefix(s, "-%}"); ok {
		return strings.TrimLeftFunc(rest, isSpace), true
	}
	return strings.CutPrefix(s, "%}")
}

// raw takes raw text up to its end tag.
func (l *lexer) raw() bool {
	if l.pos >= len(l.text) {
		return false
	}
	for from := l.pos; ; {
		n := strings.Index(l.text[from:], "{%")
		if n < 0 {
			l.fail("Missing end of raw directive")
			return false
		}
		begin := from + n
		from = begin + 2
		rest, sign := l.text[from:], byte(0)
		if rest != "" && (rest[0] == '-' || rest[0] == '+') {
			sign, rest = rest[0], rest[1:]
		}
		rest, ok := strings.CutPrefix(strings.TrimLeftFunc(rest, isSpace), "endraw")
		if !ok {
			continue
		}
		rest = strings.TrimLeftFunc(rest, isSpace)
		end := len(l.text) - len(rest)
		switch {
		case strings.HasPrefix(rest, "+%}"):
			end += 3
		case strings.HasPrefix(rest, "-%}"):
			end += 3
			end += leadingSpace(l.text[end:])
		case strings.HasPrefix(rest, "%}"):
			end = l.trimNewline(end + 2)
		default:
			continue
		}
		text, line := l.text[l.pos:begin], l.line
		l.line += int32(strings.Count(text, "\n"))
		if text = l.stripEnd(text, sign, false); text != "" {
			l.lastLine = line
			l.data(text)
		}
		l.advance(begin, end)
		return true
	}
}

// maxInline is how long a text may be that is left to gonja's lexer, which
// takes about thirty bytes of memory, for as long as the template is in use, to
// lex one byte.
const maxInline = 24

// data writes text for gonja, as it is if it is short and gonja takes it for
// text.
func (l *lexer) data(text string) {
	if len(text) <= maxInline && text[len(text)-1] != '{' && !strings.Contains(text, "{{") && !strings.Contains(text, "{%") && !strings.Contains(text, "{#") {
		l.out.WriteString(text)
		return
	}
	l.emit(tag{text: text, line: l.line, kind: tagText}, statementName)
}

// statementName is the name of all statements in what gonja lexes but those
// that end a body or continue a statement.
const statementName = "x"

// emit adds a tag.
func (l *lexer) emit(t tag, name string) {
	l.out.WriteString("{%")
	l.out.WriteString(name)
	l.out.WriteByte(' ')
	l.out.WriteString(strconv.Itoa(len(l.tags)))
	l.out.WriteString("%}")
	l.tags = append(l.tags, t)
}

// fail adds a tag that is nothing but an error.
func (l *lexer) fail(message string) {
	l.emit(tag{tokens: []token{{message, l.line, tError}}, line: l.line, kind: tagStatement}, statementName)
}

// tag takes one tag, whose inside begins at after.
func (l *lexer) tag(begin, after int, variable bool) bool {
	start := len(l.tokens)
	t := tag{line: l.line, kind: tagStatement}
	end, closing := tBlockEnd, "%}"
	if variable {
		t.kind, end, closing = tagPrint, tVariableEnd, "}}"
	}
	l.pos = after
	l.stack = l.stack[:0]
	more := false
	for {
		if l.pos >= len(l.text) {
			l.add(tEOF, "")
			if n := len(l.tokens); n-start > 1 {
				l.tokens[n-1].line = l.tokens[n-2].line
			}
			break
		}
		if len(l.stack) == 0 {
			if next, ok := l.tagEnd(closing, variable); ok {
				l.add(end, "")
				l.lastLine = l.line
				l.advance(l.pos, next)
				more = true
				break
			}
		}
		if !l.token() {
			break
		}
	}
	t.tokens = l.tokens[start:len(l.tokens):len(l.tokens)]
	name := statementName
	if !variable && len(t.tokens) > 0 && t.tokens[0].kind == tName && endNames[t.tokens[0].text] {
		name = t.tokens[0].text
	}
	l.emit(t, name)
	return more
}

// tagEnd is where the text goes on if the tag ends here.
func (l *lexer) tagEnd(closing string, variable bool) (next int, ok bool) {
	rest := l.text[l.pos:]
	switch {
	case strings.HasPrefix(rest, closing):
		if variable {
			return l.pos + 2, true
		}
		return l.trimNewline(l.pos + 2), true
	case rest[0] == '-' && strings.HasPrefix(rest[1:], closing):
		return l.pos + 3 + leadingSpace(rest[3:]), true
	case rest[0] == '+' && !variable && strings.HasPrefix(rest[1:], closing):
		return l.pos + 3, true
	}
	return 0, false
}

// add adds a token.
func (l *lexer) add(k kind, text string) {
	l.tokens = append(l.tokens, token{text, l.line, k})
}

// addError adds an error token. Nothing follows it.
func (l *lexer) addError(format string, args ...any) bool {
	l.add(tError, fmt.Sprintf(format, args...))
	return false
}

// isSpace is Python's str.isspace for one character.
func isSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f
	}
	return unicode.IsSpace(r)
}

// leadingSpace is how many bytes of space s begins with.
func leadingSpace(s string) int { return len(s) - len(strings.TrimLeftFunc(s, isSpace)) }

// isWord reports whether r can be part of what the lexer takes for a name.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.In(r, unicode.Mn, unicode.Mc) || r == 0xb7
}
