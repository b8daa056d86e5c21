package template

import (
	"github.com/go-buildout/go-buildout/internal/python"
)

// maxRegexSteps bounds the work of one search, which backtracking could make
// endless.
const maxRegexSteps = 5_000_000

// matcher matches an expression against a text.
type matcher struct {
	text   []rune
	marks  []int // start and end of each group, -1: none
	steps  int
	depth  int
	failed bool // too much work
}

// search is how a match is looked for.
type search struct {
	anchored bool // it begins where the search begins
	full     bool // it is all of the text
	advance  bool // where the search begins, it isn't empty
}

// find finds the first match from start on, within the budget of t.
func (re *regex) find(t *python.Thread, text []rune, start int, how search) ([]int, error) {
	m := &matcher{text: text, marks: make([]int, 2*(re.groups+1))}
	spent := 0
	for at := start; at <= len(text); at++ {
		for i := range m.marks {
			m.marks[i] = -1
		}
		end := -1
		ok := m.match(re.root, at, func(pos int) bool {
			if how.full && pos != len(text) || how.advance && at == start && pos == start {
				return false
			}
			end = pos
			return true
		})
		if m.failed {
			return nil, python.Raise("RuntimeError", "regular expression %s takes too long", pyQuote(re.pattern))
		}
		if err := t.Step(m.steps - spent); err != nil {
			return nil, err
		}
		spent = m.steps
		if ok {
			m.marks[0], m.marks[1] = at, end
			return m.marks, nil
		}
		if how.anchored {
			break
		}
	}
	return nil, nil
}

// match reports whether the node matches at pos so that what follows it, next,
// matches as well.
func (m *matcher) match(node reNode, pos int, next func(int) bool) bool {
	m.steps++
	if m.steps > maxRegexSteps || m.depth > 100_000 {
		m.failed = true
	}
	if m.failed {
		return false
	}
	m.depth++
	defer func() { m.depth-- }()
	switch n := node.(type) {
	case reChar:
		return pos < len(m.text) && n.match(m.text[pos]) && next(pos+1)
	case reSeq:
		return m.sequence(n, pos, next)
	case reAlt:
		for _, part := range n {
			if m.match(part, pos, next) {
				return true
			}
		}
		return false
	case reRepeat:
		return m.repeat(n, pos, next)
	case reGroup:
		return m.group(n, pos, next)
	case reAtomic:
		end := -1
		return m.match(n.node, pos, func(p int) bool { end = p; return true }) && next(end)
	case reLook:
		return m.look(n, pos) && next(pos)
	case reAssert:
		return m.assert(n, pos) && next(pos)
	case reBackref:
		return m.backref(n, pos, next)
	case reCond:
		if m.marks[2*n.index+1] >= 0 {
			return m.match(n.yes, pos, next)
		}
		return m.match(n.no, pos, next)
	}
	return next(pos)
}

func (m *matcher) sequence(seq reSeq, pos int, next func(int) bool) bool {
	for i, node := range seq {
		c, ok := node.(reChar)
		if !ok {
			rest := seq[i+1:]
			if len(rest) == 0 {
				return m.match(node, pos, next)
			}
			return m.match(node, pos, func(p int) bool { return m.sequence(rest, p, next) })
		}
		if pos >= len(m.text) || !c.match(m.text[pos]) {
			return false
		}
		pos++
	}
	return next(pos)
}

func (m *matcher) group(n reGroup, pos int, next func(int) bool) bool {
	if n.index == 0 {
		return m.match(n.node, pos, next)
	}
	i := 2 * n.index
	start, end := m.marks[i], m.marks[i+1]
	if m.match(n.node, pos, func(p int) bool {
		s, e := m.marks[i], m.marks[i+1]
		m.marks[i], m.marks[i+1] = pos, p
		if next(p) {
			return true
		}
		m.marks[i], m.marks[i+1] = s, e
		return false
	}) {
		return true
	}
	m.marks[i], m.marks[i+1] = start, end
	return false
}

func (m *matcher) repeat(n reRepeat, pos int, next func(int) bool) bool {
	if n.possessive {
		n.possessive = false
		end := -1
		return m.repeat(n, pos, func(p int) bool { end = p; return true }) && next(end)
	}
	if c, ok := n.node.(reChar); ok {
		return m.repeatChar(n, c, pos, next)
	}
	return m.times(n, 0, pos, -1, next)
}

// repeatChar repeats one character without recursion.
func (m *matcher) repeatChar(n reRepeat, c reChar, pos int, next func(int) bool) bool {
	fits := func(count int) bool {
		m.steps++
		return (n.most < 0 || count < n.most) && pos+count < len(m.text) && c.match(m.text[pos+count])
	}
	if n.lazy {
		for count := 0; ; count++ {
			if count >= n.least && next(pos+count) {
				return true
			}
			if m.failed || !fits(count) {
				return false
			}
		}
	}
	count := 0
	for fits(count) {
		count++
	}
	for ; count >= n.least && !m.failed; count-- {
		if next(pos + count) {
			return true
		}
	}
	return false
}

// times matches the node once more, or goes on. last is where the round
// before began: one that matches nothing is the last.
func (m *matcher) times(n reRepeat, count, pos, last int, next func(int) bool) bool {
	more := func() bool {
		if n.most >= 0 && count >= n.most || pos == last && count >= n.least {
			return false
		}
		return m.match(n.node, pos, func(p int) bool { return m.times(n, count+1, p, pos, next) })
	}
	if count < n.least {
		return more()
	}
	if n.lazy {
		return next(pos) || more()
	}
	return more() || next(pos)
}

func (m *matcher) look(n reLook, pos int) bool {
	saved := append([]int(nil), m.marks...)
	found := false
	if n.behind {
		found = pos >= n.width && m.match(n.node, pos-n.width, func(p int) bool { return p == pos })
	} else {
		found = m.match(n.node, pos, func(int) bool { return true })
	}
	if !found || n.negative {
		copy(m.marks, saved)
	}
	return found != n.negative
}

func (m *matcher) assert(n reAssert, pos int) bool {
	switch n.kind {
	case 'A':
		return pos == 0
	case 'Z':
		return pos == len(m.text)
	case '^':
		return pos == 0 || n.multi && m.text[pos-1] == '\n'
	case '$':
		return pos == len(m.text) || m.text[pos] == '\n' && (n.multi || pos == len(m.text)-1)
	}
	if len(m.text) == 0 {
		return false // neither \b nor \B match there, in Python
	}
	before := pos > 0 && isRegexWord(m.text[pos-1], n.ascii)
	after := pos < len(m.text) && isRegexWord(m.text[pos], n.ascii)
	return (before != after) == (n.kind == 'b')
}

func (m *matcher) backref(n reBackref, pos int, next func(int) bool) bool {
	start, end := m.marks[2*n.index], m.marks[2*n.index+1]
	if end < 0 || pos+end-start > len(m.text) {
		return false
	}
	for i := start; i < end; i++ {
		a, b := m.text[i], m.text[pos+i-start]
		if a != b && !(n.fold && sameFold(a, b)) {
			return false
		}
	}
	return next(pos + end - start)
}
