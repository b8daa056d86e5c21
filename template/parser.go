package template

import (
	"fmt"
	"strings"
)

// The bounds of what a template may nest, far over what Jinja2 can compile.
const (
	maxNesting = 200  // statements in statements, brackets in brackets
	maxChain   = 5000 // operators, filters and subscripts in one row
)

// parser parses the statements of one template, tag by tag as gonja comes to
// them.
type parser struct {
	env    *environment
	unit   *unit
	source *source

	tokens []token // of the tag at hand
	at     int
	cur    token

	scope  *scope
	saved  []surroundings
	soft   bool // in an if, where a filter that doesn't exist is a run-time error
	loops  int  // loops around, in the same function
	nested int  // statements around
	depth  int  // expressions around
	// nsTarget is set while a target may name attributes of namespaces.
	nsTarget bool

	tagStack []string   // statements that are open
	ends     [][]string // tags that the open bodies look for
	blocks   []*block
	// blockNames are their names, twice the errors for those that are there
	// twice.
	blockNames nameSet
	twice      []error
	fors       int     // loops around, in any function
	late       []error // found by Jinja2 when it compiles, after all is parsed
}

// open makes the tag the one that is parsed.
func (p *parser) open(t *tag) {
	p.tokens, p.at = t.tokens, 0
	p.show()
}

// show makes the current token p.cur. An error of the lexer is raised when its
// token comes up.
func (p *parser) show() {
	p.cur = p.tokens[p.at]
	if p.cur.kind == tError {
		p.failAt(p.cur.line, "%s", p.cur.text)
	}
}

// next consumes a token and returns it.
func (p *parser) next() token {
	t := p.cur
	if p.at+1 < len(p.tokens) {
		p.at++
		p.show()
	} else if t.kind != tEOF {
		p.cur = token{line: t.line}
	}
	return t
}

// look is the token after the current one.
func (p *parser) look() token {
	if p.at+1 >= len(p.tokens) {
		return token{line: p.cur.line}
	}
	t := p.tokens[p.at+1]
	if t.kind == tError {
		p.failAt(t.line, "%s", t.text)
	}
	return t
}

// skip consumes a token of the kind if it is the current one.
func (p *parser) skip(k kind) bool {
	if p.cur.kind != k {
		return false
	}
	p.next()
	return true
}

// skipName consumes the name if it is the current token.
func (p *parser) skipName(name string) bool {
	if !p.cur.is(name) {
		return false
	}
	p.next()
	return true
}

// expect consumes a token of the kind, which must be the current one.
func (p *parser) expect(k kind) token {
	if p.cur.kind != k {
		p.unexpected(kindNames[k])
	}
	return p.next()
}

// expectName consumes the name, which must be the current token.
func (p *parser) expectName(name string) {
	if !p.cur.is(name) {
		p.unexpected(name)
	}
	p.next()
}

func (p *parser) unexpected(want string) {
	if p.cur.kind == tEOF {
		p.fail("unexpected end of template, expected '%s'.", want)
	}
	p.fail("expected token '%s', got %s", want, pyQuote(p.cur.String()))
}

// syntaxError is how parsing stops; statement catches it.
type syntaxError struct{ err error }

func (p *parser) fail(format string, args ...any) { p.failAt(p.cur.line, format, args...) }

func (p *parser) failAt(line int32, format string, args ...any) {
	panic(syntaxError{p.unit.errorAt(int(line), "TemplateSyntaxError", fmt.Sprintf(format, args...))})
}

// later notes an error that Jinja2 finds only after it has parsed everything.
func (p *parser) later(class string, line int32, format string, args ...any) {
	p.late = append(p.late, p.unit.errorAt(int(line), class, fmt.Sprintf(format, args...)))
}

// failUnknown is the error for a tag that nobody knows, or for the end of the
// template (name is empty) where a tag was awaited.
func (p *parser) failUnknown(name string, line int32) {
	var b strings.Builder
	if name == "" {
		b.WriteString("Unexpected end of template.")
	} else {
		b.WriteString("Encountered unknown tag " + pyQuote(name) + ".")
	}
	if n := len(p.ends); n > 0 {
		expected := false
		for _, names := range p.ends {
			for _, end := range names {
				expected = expected || end == name
			}
		}
		looking := "'" + strings.Join(p.ends[n-1], "' or '") + "'"
		if expected {
			b.WriteString(" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for " + looking + ".")
		} else {
			b.WriteString(" Jinja was looking for the following tags: " + looking + ".")
		}
	}
	if n := len(p.tagStack); n > 0 {
		b.WriteString(" The innermost block that needs to be closed is " + pyQuote(p.tagStack[n-1]) + ".")
	}
	p.failAt(line, "%s", b.String())
}

// enter and leave bound the depth of expressions.
func (p *parser) enter() {
	if p.depth++; p.depth > maxNesting {
		panic(syntaxError{p.unit.errorAt(int(p.cur.line), "RecursionError", "maximum recursion depth exceeded")})
	}
}

func (p *parser) leave() { p.depth-- }

// chain bounds the length of a row of operators.
func (p *parser) chain(n int) {
	if n > maxChain {
		panic(syntaxError{p.unit.errorAt(int(p.cur.line), "RecursionError", "maximum recursion depth exceeded")})
	}
}

// pyQuote is the repr of a name in a message.
func pyQuote(s string) string {
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `\'`) + "'"
}
