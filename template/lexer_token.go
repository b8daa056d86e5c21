package template

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token takes the next token of a tag, or space before it, and reports
// whether the tag can go on.
func (l *lexer) token() bool {
	c := l.text[l.pos]
	switch {
	case c == ' ':
		l.pos++
		return true
	case c >= '0' && c <= '9':
		return l.number()
	case c == '\'' || c == '"':
		return l.str(c)
	case isWord(rune(c)) && c < utf8.RuneSelf:
		return l.name()
	case c < utf8.RuneSelf:
		if isSpace(rune(c)) {
			l.space()
			return true
		}
		return l.operator(c)
	}
	r, _ := utf8.DecodeRuneInString(l.text[l.pos:])
	switch {
	case isSpace(r):
		l.space()
		return true
	case isWord(r):
		return l.name()
	}
	return l.unexpected()
}

func (l *lexer) space() {
	n := leadingSpace(l.text[l.pos:])
	l.line += int32(strings.Count(l.text[l.pos:l.pos+n], "\n"))
	l.pos += n
}

// unexpected is the error for a character that begins no token.
func (l *lexer) unexpected() bool {
	r, size := utf8.DecodeRuneInString(l.text[l.pos:])
	return l.addError("unexpected char %s at %d", quote(l.text[l.pos:l.pos+size], r), utf8.RuneCountInString(l.text[:l.pos]))
}

// quote is the repr of one character.
func quote(s string, r rune) string {
	switch {
	case r == '\'':
		return `"'"`
	case r == '\\':
		return `'\\'`
	case r < utf8.RuneSelf && !unicode.IsPrint(r):
		return strings.Replace(strconv.QuoteRuneToASCII(r), `\a`, `\x07`, 1)
	}
	return "'" + s + "'"
}

// name takes a name.
func (l *lexer) name() bool {
	end, ascii := l.pos, true
	for end < len(l.text) {
		c := l.text[end]
		if c < utf8.RuneSelf {
			if !isWord(rune(c)) {
				break
			}
			end++
			continue
		}
		r, size := utf8.DecodeRuneInString(l.text[end:])
		if !isWord(r) {
			break
		}
		ascii = false
		end += size
	}
	name := l.text[l.pos:end]
	if !ascii && !isIdentifier(name) {
		return l.addError("Invalid character in identifier")
	}
	l.add(tName, name)
	l.pos = end
	return true
}

// isIdentifier is Python's str.isidentifier.
func isIdentifier(s string) bool {
	for i, r := range s {
		start := r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)
		if !start && (i == 0 || !unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc) && r != 0xb7) {
			return false
		}
	}
	return s != ""
}

// number takes an integer or a float. As in Jinja2 a number ends where it
// can't go on, and what follows is another token.
func (l *lexer) number() bool {
	s := l.text[l.pos:]
	if n := floatLength(s); n > 0 && (l.pos == 0 || l.text[l.pos-1] != '.') {
		l.add(tFloat, s[:n])
		l.pos += n
		return true
	}
	n := integerLength(s)
	l.add(tInteger, s[:n])
	l.pos += n
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits is the length of digits with single underscores between them.
func digits(s string, ok func(byte) bool) int {
	n := 0
	for n < len(s) {
		switch {
		case ok(s[n]):
			n++
		case s[n] == '_' && n > 0 && n+1 < len(s) && ok(s[n+1]):
			n += 2
		default:
			return n
		}
	}
	return n
}

// floatLength is the length of the float that s begins with, or 0.
func floatLength(s string) int {
	n := digits(s, isDigit)
	if n == 0 {
		return 0
	}
	float := false
	if n+1 < len(s) && s[n] == '.' {
		if d := digits(s[n+1:], isDigit); d > 0 {
			n += 1 + d
			float = true
		}
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		m := n + 1
		if m < len(s) && (s[m] == '+' || s[m] == '-') {
			m++
		}
		if m < len(s) {
			if d := digits(s[m:], isDigit); d > 0 {
				return m + d
			}
		}
	}
	if float {
		return n
	}
	return 0
}

// integerLength is the length of the integer that s begins with.
func integerLength(s string) int {
	if s[0] != '0' {
		return digits(s, isDigit)
	}
	if len(s) > 2 {
		var ok func(byte) bool
		switch s[1] | 0x20 {
		case 'b':
			ok = func(c byte) bool { return c == '0' || c == '1' }
		case 'o':
			ok = func(c byte) bool { return c >= '0' && c <= '7' }
		case 'x':
			ok = func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
		}
		if ok != nil {
			from := 2
			if s[2] == '_' {
				from = 3
			}
			if from < len(s) {
				if n := digits(s[from:], ok); n > 0 {
					return from + n
				}
			}
		}
	}
	return digits(s, func(c byte) bool { return c == '0' })
}

// str takes a string.
func (l *lexer) str(quote byte) bool {
	escaped := false
	for i := l.pos + 1; i < len(l.text); i++ {
		switch l.text[i] {
		case '\\':
			escaped = true
			i++
		case quote:
			value := l.text[l.pos+1 : i]
			lines := int32(strings.Count(value, "\n"))
			if escaped {
				var problem string
				if value, problem = unescape(value); problem != "" {
					return l.addError("%s", problem)
				}
			}
			l.add(tString, value)
			l.line += lines
			l.pos = i + 1
			return true
		}
	}
	return l.unexpected()
}

// unescape resolves the escapes of a Python string literal. problem is
// Python's message if that is impossible.
func unescape(s string) (value, problem string) {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) {
			return "", `\ at end of string`
		}
		switch c := s[i]; c {
		case '\n':
		case '\\', '\'', '"':
			b.WriteByte(c)
		case 'a':
			b.WriteByte('\a')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'v':
			b.WriteByte('\v')
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n, end := rune(0), i
			for end < len(s) && end < i+3 && s[end] >= '0' && s[end] <= '7' {
				n = n*8 + rune(s[end]-'0')
				end++
			}
			b.WriteRune(n)
			i = end - 1
		case 'x', 'u', 'U':
			width := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			if len(s) < i+1+width {
				return "", truncated(c, width)
			}
			n, err := strconv.ParseUint(s[i+1:i+1+width], 16, 32)
			if err != nil {
				return "", truncated(c, width)
			}
			if n > unicode.MaxRune {
				return "", "illegal Unicode character"
			}
			writeRune(&b, rune(n))
			i += width
		case 'N':
			end := strings.IndexByte(s[i:], '}')
			if i+1 >= len(s) || s[i+1] != '{' || end < 0 {
				return "", `malformed \N character escape`
			}
			return "", "unknown Unicode character name"
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// writeRune writes r; a lone surrogate takes its three bytes, or one where it
// stands for a byte.
func writeRune(b *strings.Builder, r rune) {
	switch {
	case r >= 0xdc80 && r <= 0xdcff:
		b.WriteByte(byte(r - 0xdc00))
	case r >= 0xd800 && r <= 0xdfff:
		b.Write([]byte{0xe0 | byte(r>>12), 0x80 | byte(r>>6)&0x3f, 0x80 | byte(r)&0x3f})
	default:
		b.WriteRune(r)
	}
}

func truncated(c byte, width int) string {
	return "truncated \\" + string(c) + strings.Repeat("X", width) + " escape"
}

// operator takes an operator and keeps the balance of brackets.
func (l *lexer) operator(c byte) bool {
	second := byte(0)
	if l.pos+1 < len(l.text) {
		second = l.text[l.pos+1]
	}
	k, size := tEOF, 1
	switch c {
	case '+':
		k = tAdd
	case '-':
		k = tSub
	case '/':
		k = tDiv
		if second == '/' {
			k, size = tFloorDiv, 2
		}
	case '*':
		k = tMul
		if second == '*' {
			k, size = tPow, 2
		}
	case '%':
		k = tMod
	case '~':
		k = tTilde
	case '=':
		k = tAssign
		if second == '=' {
			k, size = tEq, 2
		}
	case '!':
		if second == '=' {
			k, size = tNe, 2
		}
	case '>':
		k = tGt
		if second == '=' {
			k, size = tGtEq, 2
		}
	case '<':
		k = tLt
		if second == '=' {
			k, size = tLtEq, 2
		}
	case '.':
		k = tDot
	case ':':
		k = tColon
	case '|':
		k = tPipe
	case ',':
		k = tComma
	case ';':
		k = tSemicolon
	case '[':
		k = tLBracket
		l.stack = append(l.stack, tRBracket)
	case '(':
		k = tLParen
		l.stack = append(l.stack, tRParen)
	case '{':
		k = tLBrace
		l.stack = append(l.stack, tRBrace)
	case ']':
		k = tRBracket
	case ')':
		k = tRParen
	case '}':
		k = tRBrace
	}
	switch k {
	case tEOF:
		return l.unexpected()
	case tRBracket, tRParen, tRBrace:
		if len(l.stack) == 0 {
			return l.addError("unexpected '%c'", c)
		}
		want := l.stack[len(l.stack)-1]
		l.stack = l.stack[:len(l.stack)-1]
		if want != k {
			return l.addError("unexpected '%c', expected '%s'", c, kindNames[want])
		}
	}
	l.add(k, "")
	l.pos += size
	return true
}
