package python

import (
	"strings"
	"unicode/utf8"
)

// strings reads one or more string literals that stand side by side.
func (p *literalParser) strings() (Value, error) {
	var joined strings.Builder
	kind := byte(0)
	for first := true; first || p.atString(); first = false {
		text, bytes, err := p.string()
		if err != nil {
			return nil, err
		}
		k := byte('s')
		if bytes {
			k = 'b'
		}
		if kind != 0 && kind != k {
			return nil, p.fail("cannot mix bytes and nonbytes literals")
		}
		kind = k
		joined.WriteString(text)
	}
	if kind == 'b' {
		return Bytes(joined.String()), nil
	}
	return String(joined.String()), nil
}

// atString reports whether a string literal comes next.
func (p *literalParser) atString() bool {
	p.space()
	rest := p.text[p.at:]
	for i := 0; i < 3 && i < len(rest); i++ {
		switch rest[i] | 0x20 {
		case '\'' | 0x20, '"' | 0x20:
			return rest[i] == '\'' || rest[i] == '"'
		case 'r', 'b', 'u', 'f':
		default:
			return false
		}
	}
	return false
}

// string reads one string literal with its prefix.
func (p *literalParser) string() (text string, bytes bool, err error) {
	start := p.at
	for p.text[p.at] != '\'' && p.text[p.at] != '"' {
		p.at++
	}
	raw := false
	switch prefix := strings.ToLower(p.text[start:p.at]); prefix {
	case "", "u":
	case "r":
		raw = true
	case "b":
		bytes = true
	case "br", "rb":
		raw, bytes = true, true
	default:
		p.at = start
		return "", false, p.fail("invalid string prefix %s", quote(prefix))
	}
	end := p.text[p.at : p.at+1]
	if strings.HasPrefix(p.text[p.at:], strings.Repeat(end, 3)) {
		end = strings.Repeat(end, 3)
	}
	p.at += len(end)
	s := stringLiteral{literalParser: p, end: end, raw: raw, bytes: bytes}
	if err := s.read(); err != nil {
		return "", false, err
	}
	text = s.out.String()
	if s.escaped > 0 && utf8.RuneCountInString(text) != s.count {
		return "", false, p.fail("surrogates that form text are not supported")
	}
	return text, bytes, nil
}

// stringLiteral reads the inside of a string literal.
type stringLiteral struct {
	*literalParser
	end        string
	raw, bytes bool
	out        strings.Builder
	// escaped counts the lone surrogates, each a byte that is not UTF-8, and
	// count all code points.
	escaped, count int
}

func (s *stringLiteral) read() error {
	for {
		rest := s.text[s.at:]
		if rest == "" || len(s.end) == 1 && rest[0] == '\n' {
			return s.fail("unterminated string literal")
		}
		if strings.HasPrefix(rest, s.end) {
			s.at += len(s.end)
			return nil
		}
		if rest[0] == '\\' && len(rest) > 1 {
			if s.raw {
				n := 1 + runeLen(rest[1:])
				s.write(rest[:n])
				s.at += n
				continue
			}
			s.at++
			if err := s.escape(); err != nil {
				return err
			}
			continue
		}
		n := runeLen(rest)
		if s.bytes && rest[0] >= utf8.RuneSelf {
			return s.fail("bytes can only contain ASCII literal characters")
		}
		s.write(rest[:n])
		s.at += n
	}
}

func (s *stringLiteral) write(text string) {
	s.out.WriteString(text)
	s.count += utf8.RuneCountInString(text)
}

// escape reads what follows a backslash.
func (s *stringLiteral) escape() error {
	c := s.text[s.at]
	s.at++
	switch c {
	case '\n':
		return nil
	case '\\', '\'', '"':
		s.write(string(rune(c)))
		return nil
	case 'a':
		return s.code('\a')
	case 'b':
		return s.code('\b')
	case 'f':
		return s.code('\f')
	case 'n':
		return s.code('\n')
	case 'r':
		return s.code('\r')
	case 't':
		return s.code('\t')
	case 'v':
		return s.code('\v')
	case 'x':
		return s.hex(2, "truncated \\xXX escape")
	case 'u', 'U', 'N':
		if s.bytes {
			break
		}
		switch c {
		case 'u':
			return s.hex(4, "truncated \\uXXXX escape")
		case 'U':
			return s.hex(8, "truncated \\UXXXXXXXX escape")
		}
		return s.fail("names of characters are not supported")
	}
	if c >= '0' && c <= '7' {
		r := rune(c - '0')
		for n := 1; n < 3 && s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '7'; n++ {
			r = r<<3 | rune(s.text[s.at]-'0')
			s.at++
		}
		return s.code(r)
	}
	s.at--
	s.write(`\`)
	return nil
}

func (s *stringLiteral) hex(digits int, truncated string) error {
	r := rune(0)
	for range digits {
		d := -1
		if s.at < len(s.text) {
			d = hexDigit(s.text[s.at])
		}
		if d < 0 {
			return s.fail("%s", truncated)
		}
		if r > utf8.MaxRune {
			return s.fail("illegal Unicode character")
		}
		r = r<<4 | rune(d)
		s.at++
	}
	return s.code(r)
}

// code writes a code point, or a byte.
func (s *stringLiteral) code(r rune) error {
	switch {
	case s.bytes:
		s.out.WriteByte(byte(r))
		return nil
	case r > utf8.MaxRune:
		return s.fail("illegal Unicode character")
	case r >= 0xdc80 && r <= 0xdcff:
		s.out.WriteByte(byte(r))
		s.escaped++
		s.count++
		return nil
	case r >= 0xd800 && r <= 0xdfff:
		return s.fail("lone surrogates are not supported: U+%04X", r)
	}
	s.out.WriteRune(r)
	s.count++
	return nil
}
