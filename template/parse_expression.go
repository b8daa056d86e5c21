package template

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// expression parses a whole expression.
func (p *parser) expression() expr { return p.conditional() }

func (p *parser) conditional() expr {
	line := p.cur.line
	p.enter()
	mark := len(p.late)
	e := p.or()
	for n := 0; p.skipName("if"); n++ {
		p.chain(n)
		p.soften(mark)
		soft := p.soft
		p.soft = true
		c := &condExpr{then: e, test: p.or(), line: line, unit: p.unit}
		if p.skipName("else") {
			c.otherwise = p.conditional()
		}
		p.soft = soft
		e = c
		line = p.cur.line
	}
	p.leave()
	return e
}

func (p *parser) or() expr {
	e := p.and()
	for n := 0; p.skipName("or"); n++ {
		p.chain(n)
		e = &orExpr{e, p.and()}
	}
	return e
}

func (p *parser) and() expr {
	e := p.not()
	for n := 0; p.skipName("and"); n++ {
		p.chain(n)
		e = &andExpr{e, p.not()}
	}
	return e
}

func (p *parser) not() expr {
	if p.cur.is("not") {
		p.enter()
		p.next()
		e := &notExpr{p.not()}
		p.leave()
		return e
	}
	return p.compare()
}

// compareOps are the comparisons that are written as operators.
var compareOps = map[kind]python.CompareOp{
	tEq: python.Eq, tNe: python.Ne, tLt: python.Lt, tLtEq: python.Le, tGt: python.Gt, tGtEq: python.Ge,
}

func (p *parser) compare() expr {
	e := p.sum()
	var c *compareExpr
	for n := 0; ; n++ {
		p.chain(n)
		op, ok := compareOps[p.cur.kind]
		switch {
		case ok:
			p.next()
		case p.cur.is("in"):
			op = python.In
			p.next()
		case p.cur.is("not") && p.look().is("in"):
			op = python.NotIn
			p.next()
			p.next()
		default:
			if c == nil {
				return e
			}
			return c
		}
		if c == nil {
			c = &compareExpr{first: e}
		}
		c.rest = append(c.rest, operand{op, p.sum()})
	}
}

func (p *parser) sum() expr {
	e := p.concat()
	for n := 0; p.cur.kind == tAdd || p.cur.kind == tSub; n++ {
		p.chain(n)
		op := python.Add
		if p.next().kind == tSub {
			op = python.Sub
		}
		e = &binaryExpr{op, e, p.concat()}
	}
	return e
}

func (p *parser) concat() expr {
	e := p.product()
	if p.cur.kind != tTilde {
		return e
	}
	c := &concatExpr{[]expr{e}}
	for p.skip(tTilde) {
		c.parts = append(c.parts, p.product())
	}
	return c
}

func (p *parser) product() expr {
	e := p.power()
	for n := 0; ; n++ {
		p.chain(n)
		var op python.Op
		switch p.cur.kind {
		case tMul:
			op = python.Mul
		case tDiv:
			op = python.TrueDiv
		case tFloorDiv:
			op = python.FloorDiv
		case tMod:
			op = python.Mod
		default:
			return e
		}
		p.next()
		e = &binaryExpr{op, e, p.power()}
	}
}

func (p *parser) power() expr {
	e := p.unary(true)
	for n := 0; p.skip(tPow); n++ {
		p.chain(n)
		e = &binaryExpr{python.Pow, e, p.unary(true)}
	}
	return e
}

func (p *parser) unary(filters bool) expr {
	var e expr
	mark := len(p.late)
	switch p.cur.kind {
	case tSub, tAdd:
		p.enter()
		op := python.Pos
		if p.next().kind == tSub {
			op = python.Neg
		}
		e = &unaryExpr{op, p.unary(false)}
		p.leave()
	default:
		e = p.primary()
	}
	e = p.postfix(e)
	if filters {
		e = p.filtered(e, mark)
	}
	return e
}

// primary parses a name, a literal, or what is in brackets.
func (p *parser) primary() expr {
	t := p.cur
	switch t.kind {
	case tName:
		p.next()
		switch t.text {
		case "true", "True":
			return &constExpr{python.True}
		case "false", "False":
			return &constExpr{python.False}
		case "none", "None":
			return &constExpr{python.None}
		}
		return p.load(t)
	case tString:
		p.next()
		s := t.text
		if p.cur.kind == tString {
			var b strings.Builder
			b.WriteString(s)
			for p.cur.kind == tString {
				b.WriteString(p.next().text)
			}
			s = b.String()
		}
		return &constExpr{python.String(s)}
	case tInteger:
		p.next()
		return &constExpr{p.integer(t)}
	case tFloat:
		p.next()
		f, _ := strconv.ParseFloat(strings.ReplaceAll(t.text, "_", ""), 64)
		return &constExpr{python.Float(f)}
	case tLParen:
		p.next()
		p.enter()
		e := p.tuple(tupleOptions{parens: true})
		p.leave()
		p.expect(tRParen)
		return e
	case tLBracket:
		return p.list()
	case tLBrace:
		return p.dict()
	}
	p.failAt(t.line, "unexpected %s", pyQuote(t.String()))
	return nil
}

// integer is the value of an integer token.
func (p *parser) integer(t token) python.Value {
	s := strings.ReplaceAll(t.text, "_", "")
	if n, err := strconv.ParseInt(s, 0, 64); err == nil {
		return python.Int(n)
	}
	if strings.Trim(s, "0") == "" {
		return python.Int(0)
	}
	const maxDigits = 4300 // Python's, against quadratic conversion
	if len(s) > maxDigits && s[0] != '0' {
		p.failAt(t.line, "Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit", maxDigits, len(s))
	}
	n, ok := new(big.Int).SetString(s, 0)
	if !ok {
		p.failAt(t.line, "invalid literal for int() with base 0: '%s'", s)
	}
	return python.NewInt(n)
}

// load is a name that is read.
func (p *parser) load(t token) *nameExpr {
	e := &nameExpr{name: t.text, mode: p.env.undefined}
	p.scope.add(evLoad, t.text, &e.place)
	return e
}

// tupleOptions say where a tuple is parsed.
type tupleOptions struct {
	parens      bool // in parentheses, where it can be empty
	noCondition bool // without "x if y"
	target      bool // only names and literals
}

// tuple parses an expression, or several with commas between them.
func (p *parser) tuple(o tupleOptions) expr {
	var items []expr
	isTuple := false
	for {
		if len(items) > 0 {
			p.expect(tComma)
		}
		if k := p.cur.kind; k == tVariableEnd || k == tBlockEnd || k == tRParen {
			break
		}
		switch {
		case o.target:
			items = append(items, p.targetItem())
		case o.noCondition:
			items = append(items, p.or())
		default:
			items = append(items, p.expression())
		}
		if p.cur.kind != tComma {
			break
		}
		isTuple = true
	}
	if !isTuple {
		if len(items) > 0 {
			return items[0]
		}
		if !o.parens {
			p.fail("Expected an expression, got %s", pyQuote(p.cur.String()))
		}
	}
	return &tupleExpr{items: items}
}

func (p *parser) list() expr {
	p.enter()
	p.expect(tLBracket)
	e := &listExpr{}
	for p.cur.kind != tRBracket {
		if len(e.items) > 0 {
			p.expect(tComma)
		}
		if p.cur.kind == tRBracket {
			break
		}
		e.items = append(e.items, p.expression())
	}
	p.expect(tRBracket)
	p.leave()
	return e
}

func (p *parser) dict() expr {
	p.enter()
	p.expect(tLBrace)
	e := &dictExpr{}
	for p.cur.kind != tRBrace {
		if len(e.keys) > 0 {
			p.expect(tComma)
		}
		if p.cur.kind == tRBrace {
			break
		}
		key := p.expression()
		p.expect(tColon)
		e.keys = append(e.keys, key)
		e.values = append(e.values, p.expression())
	}
	p.expect(tRBrace)
	p.leave()
	return e
}
