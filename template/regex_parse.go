package template

import (
	"strings"
	"unicode"

	"github.com/go-buildout/go-buildout/internal/python"
)

// Flags of Python's re.
const (
	reIgnoreCase = 2
	reMultiline  = 8
	reDotAll     = 16
	reVerbose    = 64
	reASCII      = 256
)

// regex is a compiled regular expression in Python's syntax, which Go's own
// package doesn't cover: it has no look-around and no back-references.
type regex struct {
	pattern string
	flags   int
	root    reNode
	groups  int
	names   map[string]int
	order   []string // of names
}

// reNode is a part of an expression.
type reNode interface{}

type (
	reEmpty struct{}
	// reChar matches one character.
	reChar struct{ match func(r rune) bool }
	reSeq  []reNode
	reAlt  []reNode
	// reRepeat matches a part several times; most is -1 for any number.
	reRepeat struct {
		node        reNode
		least, most int
		lazy        bool
		possessive  bool
	}
	reGroup struct {
		node  reNode
		index int // 0: not captured
	}
	reAtomic struct{ node reNode }
	reLook   struct {
		node             reNode
		behind, negative bool
		width            int
	}
	reBackref struct {
		index int
		fold  bool
	}
	reCond struct {
		index   int
		yes, no reNode
	}
	// reAssert matches a place.
	reAssert struct {
		kind  byte // ^ $ A Z b B
		multi bool
		ascii bool
	}
)

// reParser parses an expression.
type reParser struct {
	s     []rune
	at    int
	flags int
	re    *regex
	depth int
	open  map[int]bool // groups that are not closed
	// starts are where the groups begin that are not closed.
	starts []int
	// conditions are the groups that conditions ask for, which may come later.
	conditions []int
}

// compileRegex compiles a pattern.
func compileRegex(pattern string, flags int) (re *regex, err error) {
	p := &reParser{s: []rune(pattern), flags: flags, re: &regex{pattern: pattern, names: map[string]int{}}, open: map[int]bool{}}
	if len(p.s) > 1<<16 {
		return nil, python.Raise("error", "pattern is too long")
	}
	for strings.HasPrefix(string(p.s[p.at:min(p.at+2, len(p.s))]), "(?") {
		end, on, ok := p.globalFlags()
		if !ok {
			break
		}
		p.flags |= on
		p.at = end
	}
	node, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.at < len(p.s) {
		return nil, p.fail("unbalanced parenthesis")
	}
	for _, index := range p.conditions {
		if index > p.re.groups {
			return nil, python.Raise("error", "invalid group reference %d", index)
		}
	}
	p.re.root, p.re.flags = node, p.flags
	return p.re, nil
}

func (p *reParser) fail(message string) error {
	return python.Raise("error", "%s at position %d", message, p.at)
}

func (p *reParser) unterminated() error {
	p.at = p.starts[len(p.starts)-1]
	return p.fail("missing ), unterminated subpattern")
}

// globalFlags reads flags for the whole expression, as (?im).
func (p *reParser) globalFlags() (end, flags int, ok bool) {
	i := p.at + 2
	for ; i < len(p.s) && flagOf(p.s[i]) >= 0; i++ {
		flags |= flagOf(p.s[i])
	}
	return i + 1, flags, i > p.at+2 && i < len(p.s) && p.s[i] == ')'
}

func flagOf(r rune) int {
	switch r {
	case 'i':
		return reIgnoreCase
	case 'm':
		return reMultiline
	case 's':
		return reDotAll
	case 'x':
		return reVerbose
	case 'a':
		return reASCII
	case 'u', 'L':
		return 0
	}
	return -1
}

func (p *reParser) peek() rune {
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return -1
}

func (p *reParser) take(r rune) bool {
	if p.peek() == r {
		p.at++
		return true
	}
	return false
}

func (p *reParser) alternatives() (reNode, error) {
	if p.depth++; p.depth > 100 {
		return nil, p.fail("pattern nests too deep")
	}
	defer func() { p.depth-- }()
	var alt reAlt
	for {
		seq, err := p.sequence()
		if err != nil {
			return nil, err
		}
		alt = append(alt, seq)
		if !p.take('|') {
			break
		}
	}
	if len(alt) == 1 {
		return alt[0], nil
	}
	return alt, nil
}

func (p *reParser) sequence() (reNode, error) {
	var seq reSeq
	for {
		p.skipSpace()
		c := p.peek()
		if c < 0 || c == '|' || c == ')' {
			return seq, nil
		}
		node, err := p.atom()
		if err != nil {
			return nil, err
		}
		if node, err = p.repeats(node); err != nil {
			return nil, err
		}
		if node != nil {
			seq = append(seq, node)
		}
	}
}

// skipSpace skips what a verbose expression ignores.
func (p *reParser) skipSpace() {
	for p.flags&reVerbose != 0 && p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c == '#':
			for p.at < len(p.s) && p.s[p.at] != '\n' {
				p.at++
			}
		case isWrapSpace(c):
			p.at++
		default:
			return
		}
	}
}

func (p *reParser) repeats(node reNode) (reNode, error) {
	for first := true; ; first = false {
		p.skipSpace()
		start := p.at
		r := reRepeat{node: node, most: -1}
		switch p.peek() {
		case '*':
			p.at++
		case '+':
			p.at++
			r.least = 1
		case '?':
			p.at++
			r.most = 1
		case '{':
			if !p.bounds(&r) {
				return node, nil
			}
			if r.most >= 0 && r.least > r.most {
				return nil, p.fail("min repeat greater than max repeat")
			}
			if r.least > 65535 || r.most > 65535 {
				return nil, p.fail("the repetition number is too large")
			}
		default:
			return node, nil
		}
		if !first {
			p.at = start
			return nil, p.fail("multiple repeat")
		}
		if _, ok := node.(reAssert); ok || node == nil {
			p.at = start
			return nil, p.fail("nothing to repeat")
		}
		if p.take('?') {
			r.lazy = true
		} else if p.take('+') {
			r.possessive = true
		}
		node = r
	}
}

// bounds reads {m,n}. What is no such thing is text.
func (p *reParser) bounds(r *reRepeat) bool {
	end := p.at + 1
	for end < len(p.s) && p.s[end] != '}' {
		end++
	}
	if end >= len(p.s) {
		return false
	}
	low, high, comma := strings.Cut(string(p.s[p.at+1:end]), ",")
	number := func(s string, def int) (int, bool) {
		if s == "" {
			return def, true
		}
		n, ok := smallNumber(s)
		return n, ok
	}
	least, ok1 := number(low, 0)
	most, ok2 := number(high, -1)
	if !ok1 || !ok2 || low == "" && !comma {
		return false
	}
	if !comma {
		most = least
	}
	r.least, r.most = least, most
	p.at = end + 1
	return true
}

// atom parses one part. It may be nothing: flags or a comment.
func (p *reParser) atom() (reNode, error) {
	c := p.s[p.at]
	p.at++
	switch c {
	case '.':
		all := p.flags&reDotAll != 0
		return reChar{func(r rune) bool { return all || r != '\n' }}, nil
	case '^':
		return reAssert{kind: '^', multi: p.flags&reMultiline != 0}, nil
	case '$':
		return reAssert{kind: '$', multi: p.flags&reMultiline != 0}, nil
	case '(':
		return p.group()
	case '[':
		return p.set()
	case '\\':
		return p.escape()
	case '*', '+', '?':
		p.at--
		return nil, p.fail("nothing to repeat")
	}
	return p.literal(c), nil
}

// literal matches one character, in either case if that is ignored.
func (p *reParser) literal(c rune) reNode {
	if p.flags&reIgnoreCase == 0 {
		return reChar{func(r rune) bool { return r == c }}
	}
	return reChar{func(r rune) bool { return r == c || sameFold(r, c) }}
}

// sameFold reports whether two characters differ in case only.
func sameFold(a, b rune) bool {
	for f := unicode.SimpleFold(a); f != a; f = unicode.SimpleFold(f) {
		if f == b {
			return true
		}
	}
	return a == b
}
