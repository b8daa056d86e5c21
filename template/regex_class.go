package template

import (
	"unicode"
	"unicode/utf8"
)

// escape parses what follows a backslash outside a set.
func (p *reParser) escape() (reNode, error) {
	c := p.peek()
	if c < 0 {
		return nil, p.fail("bad escape (end of pattern)")
	}
	p.at++
	ascii := p.flags&reASCII != 0
	switch c {
	case 'A', 'Z':
		return reAssert{kind: byte(c)}, nil
	case 'b', 'B':
		return reAssert{kind: byte(c), ascii: ascii}, nil
	}
	if match := classOf(c, ascii); match != nil {
		return reChar{match}, nil
	}
	if c >= '1' && c <= '9' {
		p.at--
		start := p.at
		if n, ok := p.number(8, 3); ok && p.at-start == 3 {
			return p.literal(n), nil
		}
		p.at = start
		n, _ := p.number(10, 2)
		if int(n) > p.re.groups {
			return nil, p.fail("invalid group reference " + string(p.s[start:p.at]))
		}
		if p.open[int(n)] {
			return nil, p.fail("cannot refer to an open group")
		}
		return reBackref{int(n), p.flags&reIgnoreCase != 0}, nil
	}
	r, err := p.escaped(c)
	if err != nil {
		return nil, err
	}
	return p.literal(r), nil
}

// escaped is the character that an escape stands for.
func (p *reParser) escaped(c rune) (rune, error) {
	switch c {
	case 'a':
		return '\a', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'v':
		return '\v', nil
	case '0':
		n, _ := p.number(8, 2)
		return n, nil
	case 'x', 'u', 'U':
		width := map[rune]int{'x': 2, 'u': 4, 'U': 8}[c]
		start := p.at
		n, ok := p.number(16, width)
		if !ok || p.at-start != width {
			return 0, p.fail("incomplete escape \\" + string(c))
		}
		return n, nil
	}
	if c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c)) {
		return 0, p.fail("bad escape \\" + string(c))
	}
	return c, nil
}

// classOf is the class of characters that \d, \w, \s and their opposites
// stand for.
func classOf(c rune, ascii bool) func(rune) bool {
	var match func(rune) bool
	switch unicode.ToLower(c) {
	case 'd':
		match = func(r rune) bool { return r >= '0' && r <= '9' || !ascii && unicode.Is(unicode.Nd, r) }
	case 'w':
		match = func(r rune) bool { return isRegexWord(r, ascii) }
	case 's':
		match = func(r rune) bool { return isWrapSpace(r) || !ascii && isSpace(r) }
	default:
		return nil
	}
	switch c {
	case 'd', 'w', 's':
		return match
	case 'D', 'W', 'S':
		return func(r rune) bool { return !match(r) }
	}
	return nil
}

func isRegexWord(r rune, ascii bool) bool {
	if r < utf8.RuneSelf {
		return isWord(r)
	}
	return !ascii && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

// set parses a set of characters.
func (p *reParser) set() (reNode, error) {
	start := p.at
	negative := p.take('^')
	var parts []func(rune) bool
	for first := true; ; first = false {
		c := p.peek()
		if c < 0 {
			p.at = start - 1
			return nil, p.fail("unterminated character set")
		}
		p.at++
		if c == ']' && !first {
			break
		}
		low, class, err := p.member(c)
		if err != nil {
			return nil, err
		}
		if class != nil {
			parts = append(parts, class)
			continue
		}
		high := low
		if p.peek() == '-' && p.at+1 < len(p.s) && p.s[p.at+1] != ']' {
			p.at++
			c := p.peek()
			p.at++
			if high, class, err = p.member(c); err != nil {
				return nil, err
			}
			if class != nil || high < low {
				return nil, p.fail("bad character range")
			}
		}
		parts = append(parts, func(r rune) bool { return r >= low && r <= high })
	}
	fold := p.flags&reIgnoreCase != 0
	return reChar{func(r rune) bool {
		for _, part := range parts {
			if part(r) {
				return !negative
			}
			if !fold {
				continue
			}
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				if part(f) {
					return !negative
				}
			}
		}
		return negative
	}}, nil
}

// member is one character of a set, or a class.
func (p *reParser) member(c rune) (rune, func(rune) bool, error) {
	if c != '\\' {
		return c, nil, nil
	}
	c = p.peek()
	if c < 0 {
		return 0, nil, p.fail("unterminated character set")
	}
	p.at++
	if class := classOf(c, p.flags&reASCII != 0); class != nil {
		return 0, class, nil
	}
	if c == 'b' {
		return '\b', nil, nil
	}
	if c >= '1' && c <= '7' {
		p.at--
		n, _ := p.number(8, 3)
		return n, nil, nil
	}
	r, err := p.escaped(c)
	return r, nil, err
}
