package python

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseLiteral reads what the SlapOS dialect accepts as a serialised value:
// literals of Python's built-in types, and calls of bytearray, complex, dict,
// frozenset, list, set, str and tuple. Any other name is a NameError, any
// other text a SyntaxError.
func ParseLiteral(text string) (Value, error) {
	if len(text) > MaxText {
		return nil, tooLong(len(text))
	}
	p := &literalParser{text: text}
	v, err := p.expression()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at < len(text) {
		return nil, p.expected("the end of the literal")
	}
	return v, nil
}

type literalParser struct {
	text  string
	at    int
	depth int
}

func (p *literalParser) fail(format string, args ...any) error {
	return Raise("SyntaxError", "%s at character %d", fmt.Sprintf(format, args...), utf8.RuneCountInString(p.text[:p.at])+1)
}

// expected says what stands here instead of what should.
func (p *literalParser) expected(what string) error {
	if p.at >= len(p.text) {
		return p.fail("invalid syntax: found the end, expected %s", what)
	}
	n := runeLen(p.text[p.at:])
	return p.fail("invalid syntax: found %s, expected %s", quote(p.text[p.at:p.at+n]), what)
}

// space skips white space, comments and continued lines.
func (p *literalParser) space() {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			p.at++
		case c == '#':
			end := strings.IndexByte(p.text[p.at:], '\n')
			if end < 0 {
				end = len(p.text) - p.at
			}
			p.at += end
		case c == '\\' && strings.HasPrefix(p.text[p.at+1:], "\n"):
			p.at += 2
		default:
			return
		}
	}
}

// peek is the next character that is not space, or 0.
func (p *literalParser) peek() byte {
	p.space()
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// take skips the character if it comes next.
func (p *literalParser) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

// expression reads a value, or numbers with plus and minus between them, which
// is how a complex is written.
func (p *literalParser) expression() (Value, error) {
	if p.depth >= MaxDepth {
		return nil, p.fail("too many nested values")
	}
	p.depth++
	defer func() { p.depth-- }()
	v, err := p.unary()
	if err != nil {
		return nil, err
	}
	for {
		op := Add
		switch p.peek() {
		case '+':
		case '-':
			op = Sub
		default:
			return v, nil
		}
		if _, isNumber, _ := asComplex(v); !isNumber {
			return nil, p.expected("the end of the value")
		}
		p.at++
		right, err := p.unary()
		if err != nil {
			return nil, err
		}
		if v, err = Binary(op, v, right); err != nil {
			return nil, err
		}
	}
}

func (p *literalParser) unary() (Value, error) {
	negative, signed := false, false
	for {
		switch p.peek() {
		case '-':
			negative = !negative
		case '+':
		default:
			v, err := p.atom()
			if err != nil || !signed {
				return v, err
			}
			if negative {
				return Unary(Neg, v)
			}
			return Unary(Pos, v)
		}
		signed = true
		p.at++
	}
}

func (p *literalParser) atom() (Value, error) {
	c := p.peek()
	switch {
	case c == '[':
		p.at++
		items, _, err := p.items(']')
		return &List{items}, err
	case c == '(':
		p.at++
		items, comma, err := p.items(')')
		if err != nil {
			return nil, err
		}
		if len(items) == 1 && !comma {
			return items[0], nil
		}
		return NewTuple(items...), nil
	case c == '{':
		p.at++
		return p.braces()
	case isDigit(c) || c == '.' && p.at+1 < len(p.text) && isDigit(p.text[p.at+1]):
		return p.number()
	case c == '\'' || c == '"':
		return p.strings()
	}
	name := p.name()
	if name == "" {
		return nil, p.expected("a value")
	}
	if p.at < len(p.text) && (p.text[p.at] == '\'' || p.text[p.at] == '"') {
		p.at -= len(name)
		return p.strings()
	}
	return p.named(name)
}

func (p *literalParser) name() string {
	start := p.at
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) || invalid(r, n) {
			break
		}
		p.at += n
	}
	return p.text[start:p.at]
}

func (p *literalParser) named(name string) (Value, error) {
	switch name {
	case "None":
		return None, nil
	case "True":
		return True, nil
	case "False":
		return False, nil
	case "bytearray":
		return p.call(ByteArrayClass)
	case "complex":
		return p.call(ComplexClass)
	case "frozenset":
		return p.call(FrozenSetClass)
	case "set":
		return p.call(SetClass)
	case "dict":
		return p.call(DictClass)
	case "list":
		return p.call(ListClass)
	case "str":
		return p.call(StrClass)
	case "tuple":
		return p.call(TupleClass)
	}
	return nil, Raise("NameError", "name '%s' is not defined", name)
}

// items reads values up to the closing character; comma reports one behind the
// last.
func (p *literalParser) items(end byte) (items []Value, comma bool, err error) {
	for {
		if p.take(end) {
			return items, comma, nil
		}
		if len(items) > 0 && !comma {
			return nil, false, p.expected(fmt.Sprintf("',' or '%c'", end))
		}
		if len(items) >= MaxItems {
			return nil, false, tooMany()
		}
		v, err := p.expression()
		if err != nil {
			return nil, false, err
		}
		items = append(items, v)
		comma = p.take(',')
	}
}

// braces reads a dict or a set.
func (p *literalParser) braces() (Value, error) {
	d, s := NewDict(), &Set{}
	isSet, comma := false, true
	for n := 0; ; n++ {
		if p.take('}') {
			if isSet {
				return s, nil
			}
			return d, nil
		}
		if !comma {
			return nil, p.expected("',' or '}'")
		}
		key, err := p.expression()
		if err != nil {
			return nil, err
		}
		if n == 0 {
			isSet = p.peek() != ':'
		}
		if isSet {
			err = s.Add(key)
		} else {
			err = p.entry(d, key)
		}
		if err != nil {
			return nil, err
		}
		comma = p.take(',')
	}
}

func (p *literalParser) entry(d *Dict, key Value) error {
	if !p.take(':') {
		return p.expected("':'")
	}
	v, err := p.expression()
	if err != nil {
		return err
	}
	return d.Set(key, v)
}

// call reads the arguments of a constructor and calls it.
func (p *literalParser) call(c *Class) (Value, error) {
	if !p.take('(') {
		return nil, p.expected(fmt.Sprintf("'(' after %s", c.Name))
	}
	var args []Value
	var kwargs []Keyword
	comma := true
	for !p.take(')') {
		if !comma {
			return nil, p.expected("',' or ')'")
		}
		name, isKeyword := p.keyword()
		v, err := p.expression()
		switch {
		case err != nil:
			return nil, err
		case isKeyword:
			for _, kw := range kwargs {
				if kw.Name == name {
					return nil, p.fail("keyword argument repeated: %s", name)
				}
			}
			kwargs = append(kwargs, Keyword{name, v})
		case len(kwargs) > 0:
			return nil, p.fail("positional argument follows keyword argument")
		default:
			args = append(args, v)
		}
		comma = p.take(',')
	}
	return c.Call(nil, args, kwargs)
}

// keyword reads a name and an equals sign, if they come next.
func (p *literalParser) keyword() (string, bool) {
	p.space()
	start := p.at
	name := p.name()
	if name != "" && !isDigit(name[0]) && p.take('=') {
		return name, true
	}
	p.at = start
	return "", false
}

func (p *literalParser) number() (Value, error) {
	start := p.at
	rest := p.text[start:]
	end := 0
	for end < len(rest) {
		c := rest[end]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		exponentSign := (c == '+' || c == '-') && end > 0 && rest[end-1]|0x20 == 'e' && !isBased(rest)
		if !isDigit(c) && !letter && c != '.' && c != '_' && !exponentSign {
			break
		}
		end++
	}
	p.at += end
	text := rest[:end]
	v, err := parseNumber(text)
	if err != nil {
		p.at = start
		if IsError(err, "ValueError") && strings.Contains(err.Error(), "limit") {
			return nil, p.fail("%s", err.(*Error).Message)
		}
		return nil, p.fail("invalid number %s", quote(text))
	}
	return v, nil
}

func isBased(s string) bool { return len(s) > 1 && s[0] == '0' && prefixBase(s[1]) != 0 }

func parseNumber(text string) (Value, error) {
	if isBased(text) {
		return ParseInt(text, 0)
	}
	if strings.ContainsAny(text, ".eEjJ") {
		body := strings.TrimRight(text, "jJ")
		if len(text)-len(body) > 1 {
			return nil, valueError("invalid number")
		}
		f, ok := parseFloat(body)
		if !ok || strings.ContainsAny(body, "iInN") {
			return nil, valueError("invalid number")
		}
		if len(body) < len(text) {
			return Complex(complex(0, f)), nil
		}
		return Float(f), nil
	}
	return ParseInt(text, 0)
}
