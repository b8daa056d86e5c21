package python

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// PFormat returns pprint.pformat(v, indent, width): v in one line if it fits,
// else its parts in lines of their own, with the keys of dicts in order.
func PFormat(v Value, indent, width int) (string, error) {
	if indent < 0 {
		return "", valueError("indent must be >= 0")
	}
	if width == 0 {
		return "", valueError("width must be != 0")
	}
	if indent > MaxText {
		return "", tooLong(indent)
	}
	p := prettyPrinter{perLevel: indent, width: width}
	if err := p.format(v, 0, 0, 0); err != nil {
		return "", err
	}
	return p.out.String(), nil
}

type prettyPrinter struct {
	out      strings.Builder
	perLevel int
	width    int
	open     []Value
	walk     walk
}

// format writes v from the column indent on, leaving room behind its last line
// for allowance characters.
func (p *prettyPrinter) format(v Value, indent, allowance, level int) error {
	text, err := SafeRepr(v)
	if err != nil {
		return err
	}
	if p.out.Len() > MaxText || indent > MaxText {
		return tooLong(max(p.out.Len(), indent))
	}
	for _, o := range p.open {
		if Identical(o, v) {
			p.out.WriteString(recursion(v))
			return nil
		}
	}
	// The text of each part is made again at each level.
	p.walk.steps += len(text) / 16
	if utf8.RuneCountInString(text) <= p.width-indent-allowance || !p.divisible(v) {
		p.out.WriteString(text)
		return p.walk.step()
	}
	if err := p.walk.enter(" while getting the repr of an object"); err != nil {
		return err
	}
	p.open = append(p.open, v)
	err = p.parts(v, indent, allowance, level+1)
	p.open = p.open[:len(p.open)-1]
	p.walk.leave()
	return err
}

func (p *prettyPrinter) divisible(v Value) bool {
	switch v := v.(type) {
	case *Tuple:
		return v.Named == nil || v.Named.Plain
	case *Dict, *List, *Set, Bytes, *ByteArray:
		return true
	}
	_, ok := AsText(v)
	return ok
}

func (p *prettyPrinter) parts(v Value, indent, allowance, level int) error {
	switch v := v.(type) {
	case *Dict:
		return p.dict(v, indent, allowance, level)
	case *List:
		return p.sequence("[", v.Items, "]", indent, allowance, level)
	case *Tuple:
		end := ")"
		if len(v.Items) == 1 {
			end = ",)"
		}
		return p.sequence("(", v.Items, end, indent, allowance, level)
	case *Set:
		items, err := sortSafely(v.Items())
		if err != nil {
			return err
		}
		if v.Frozen {
			return p.sequence("frozenset({", items, "})", indent+len("frozenset("), allowance, level)
		}
		return p.sequence("{", items, "}", indent, allowance, level)
	case Bytes:
		p.bytes(string(v), indent, allowance, level)
	case *ByteArray:
		p.out.WriteString("bytearray(")
		p.bytes(string(v.Data), indent+len("bytearray("), allowance+1, level+1)
		p.out.WriteString(")")
	default:
		p.text(text(v), indent, allowance, level)
	}
	return nil
}

func (p *prettyPrinter) newline(indent int) {
	p.out.WriteByte('\n')
	p.out.WriteString(strings.Repeat(" ", indent))
}

func (p *prettyPrinter) margin() {
	if p.perLevel > 1 {
		p.out.WriteString(strings.Repeat(" ", p.perLevel-1))
	}
}

func (p *prettyPrinter) sequence(open string, items []Value, end string, indent, allowance, level int) error {
	p.out.WriteString(open)
	p.margin()
	indent += p.perLevel
	for i, item := range items {
		room := 1
		if i > 0 {
			p.out.WriteByte(',')
			p.newline(indent)
		}
		if i == len(items)-1 {
			room = allowance + len(strings.TrimPrefix(end, "frozenset"))
		}
		if err := p.format(item, indent, room, level); err != nil {
			return err
		}
	}
	p.out.WriteString(end)
	return nil
}

func (p *prettyPrinter) dict(d *Dict, indent, allowance, level int) error {
	p.out.WriteByte('{')
	p.margin()
	keys, err := sortSafely(d.Keys())
	if err != nil {
		return err
	}
	indent += p.perLevel
	for i, key := range keys {
		room := 1
		if i > 0 {
			p.out.WriteByte(',')
			p.newline(indent)
		}
		if i == len(keys)-1 {
			room = allowance + 1
		}
		name, err := SafeRepr(key)
		if err != nil {
			return err
		}
		p.out.WriteString(name + ": ")
		value, _, err := d.Get(key)
		if err != nil {
			return err
		}
		if err := p.format(value, indent+utf8.RuneCountInString(name)+2, room, level); err != nil {
			return err
		}
	}
	p.out.WriteByte('}')
	return nil
}

// text writes a str as pieces that stand side by side, cut behind line ends
// and white space.
func (p *prettyPrinter) text(s string, indent, allowance, level int) {
	outer := level == 1
	if outer {
		indent++
		allowance++
	}
	pieces := p.pieces(s, p.width-indent, allowance)
	if s == "" {
		pieces = []string{"''"}
	}
	if len(pieces) == 1 {
		p.out.WriteString(pieces[0])
		return
	}
	if outer {
		p.out.WriteByte('(')
	}
	for i, piece := range pieces {
		if i > 0 {
			p.newline(indent)
		}
		p.out.WriteString(piece)
	}
	if outer {
		p.out.WriteByte(')')
	}
}

func (p *prettyPrinter) pieces(s string, width, allowance int) []string {
	var pieces []string
	lines := splitLines(s, true, isLineBreak)
	for i, line := range lines {
		lastLine := i == len(lines)-1
		room := width
		if lastLine {
			room -= allowance
		}
		if shown := quote(line); utf8.RuneCountInString(shown) <= room {
			pieces = append(pieces, shown)
			continue
		}
		words := splitWords(line)
		current, size := "", 0
		room = width
		for j, word := range words {
			if lastLine && j == len(words)-1 {
				room -= allowance
			}
			// The quotes are counted once, whichever they are.
			wordSize := utf8.RuneCountInString(quote(word)) - 2
			if size+wordSize+2 > room && utf8.RuneCountInString(quote(current+word)) > room {
				if current != "" {
					pieces = append(pieces, quote(current))
				}
				current, size = word, wordSize
			} else {
				current += word
				size += wordSize
			}
		}
		if current != "" {
			pieces = append(pieces, quote(current))
		}
	}
	return pieces
}

// splitWords cuts behind each run of white space.
func splitWords(s string) []string {
	var words []string
	for s != "" {
		end := strings.IndexFunc(s, isSpace)
		if end < 0 {
			return append(words, s)
		}
		next := strings.IndexFunc(s[end:], func(r rune) bool { return !isSpace(r) && !unicode.IsSpace(r) })
		if next < 0 {
			return append(words, s)
		}
		words = append(words, s[:end+next])
		s = s[end+next:]
	}
	return words
}

// bytes writes a bytes as pieces of a multiple of four bytes.
func (p *prettyPrinter) bytes(data string, indent, allowance, level int) {
	const step = 4
	if len(data) <= step {
		p.out.WriteString(quoteBytes(data))
		return
	}
	outer := level == 1
	if outer {
		indent++
		allowance++
		p.out.WriteByte('(')
	}
	width := p.width - indent
	start := 0
	for i := 0; i < len(data); i += step {
		end := min(i+step, len(data))
		if i == len(data)/step*step {
			width -= allowance
		}
		if i > start && len(quoteBytes(data[start:end])) > width {
			p.out.WriteString(quoteBytes(data[start:i]))
			p.newline(indent)
			start = i
		}
	}
	p.out.WriteString(quoteBytes(data[start:]))
	if outer {
		p.out.WriteByte(')')
	}
}

func quoteBytes(data string) string {
	var out strings.Builder
	writeQuotedBytes(&out, data)
	return out.String()
}
