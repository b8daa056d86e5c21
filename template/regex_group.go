package template

import (
	"strconv"

	"github.com/go-buildout/go-buildout/internal/python"
)

func (p *reParser) group() (reNode, error) {
	p.starts = append(p.starts, p.at-1)
	defer func() { p.starts = p.starts[:len(p.starts)-1] }()
	if !p.take('?') {
		return p.capture("")
	}
	c := p.peek()
	p.at++
	switch c {
	case ':':
		return p.inside(func(n reNode) reNode { return reGroup{node: n} })
	case '>':
		return p.inside(func(n reNode) reNode { return reAtomic{n} })
	case '=', '!':
		return p.inside(func(n reNode) reNode { return reLook{node: n, negative: c == '!'} })
	case '#':
		for p.at < len(p.s) && p.s[p.at] != ')' {
			p.at++
		}
		if !p.take(')') {
			return nil, p.fail("missing ), unterminated comment")
		}
		return nil, nil
	case '<':
		d := p.peek()
		if d != '=' && d != '!' {
			return nil, p.fail("unknown extension ?<" + string(d))
		}
		p.at++
		node, err := p.inside(func(n reNode) reNode { return n })
		if err != nil {
			return nil, err
		}
		width, ok := reWidth(node)
		if !ok {
			return nil, python.Raise("error", "look-behind requires fixed-width pattern")
		}
		return reLook{node: node, behind: true, negative: d == '!', width: width}, nil
	case 'P':
		return p.named()
	case '(':
		return p.conditional()
	}
	p.at--
	return p.localFlags()
}

// inside parses what is in a group, up to its end.
func (p *reParser) inside(make func(reNode) reNode) (reNode, error) {
	flags := p.flags
	node, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	p.flags = flags
	if !p.take(')') {
		return nil, p.unterminated()
	}
	return make(node), nil
}

func (p *reParser) capture(name string) (reNode, error) {
	p.re.groups++
	index := p.re.groups
	if name != "" {
		if _, ok := p.re.names[name]; ok {
			return nil, p.fail("redefinition of group name " + pyQuote(name))
		}
		p.re.names[name] = index
		p.re.order = append(p.re.order, name)
	}
	p.open[index] = true
	node, err := p.inside(func(n reNode) reNode { return reGroup{n, index} })
	delete(p.open, index)
	return node, err
}

// word reads up to the end character.
func (p *reParser) word(end rune) (string, error) {
	start := p.at
	for p.at < len(p.s) && p.s[p.at] != end {
		p.at++
	}
	name := string(p.s[start:min(p.at, len(p.s))])
	if !p.take(end) {
		return "", p.fail("missing " + string(end) + ", unterminated name")
	}
	return name, nil
}

func (p *reParser) named() (reNode, error) {
	switch {
	case p.take('<'):
		name, err := p.word('>')
		if err != nil {
			return nil, err
		}
		if !isIdentifier(name) {
			return nil, p.fail("bad character in group name " + pyQuote(name))
		}
		return p.capture(name)
	case p.take('='):
		name, err := p.word(')')
		if err != nil {
			return nil, err
		}
		index, ok := p.re.names[name]
		if !ok {
			return nil, p.fail("unknown group name " + pyQuote(name))
		}
		if p.open[index] {
			return nil, p.fail("cannot refer to an open group")
		}
		return reBackref{index, p.flags&reIgnoreCase != 0}, nil
	}
	return nil, p.fail("unknown extension ?P")
}

func (p *reParser) conditional() (reNode, error) {
	name, err := p.word(')')
	if err != nil {
		return nil, err
	}
	index, ok := p.re.names[name]
	if !ok {
		if index, ok = smallNumber(name); !ok || index == 0 {
			return nil, p.fail("bad character in group name " + pyQuote(name))
		}
		p.conditions = append(p.conditions, index)
	}
	return p.inside(func(n reNode) reNode {
		alt, ok := n.(reAlt)
		if !ok {
			return reCond{index, n, reEmpty{}}
		}
		return reCond{index, alt[0], reAlt(alt[1:])}
	})
}

// localFlags parses (?i-s:...).
func (p *reParser) localFlags() (reNode, error) {
	on, off, negative := 0, 0, false
	for {
		c := p.peek()
		p.at++
		switch {
		case c == '-' && !negative:
			negative = true
		case c >= 0 && flagOf(c) >= 0:
			if negative {
				off |= flagOf(c)
			} else {
				on |= flagOf(c)
			}
		case c == ':':
			saved := p.flags
			p.flags = p.flags&^off | on
			node, err := p.alternatives()
			p.flags = saved
			if err != nil {
				return nil, err
			}
			if !p.take(')') {
				return nil, p.unterminated()
			}
			return reGroup{node: node}, nil
		case c == ')':
			return nil, p.fail("global flags not at the start of the expression")
		default:
			return nil, p.fail("unknown extension")
		}
	}
}

// reWidth is how many characters a part matches, if that is fixed.
func reWidth(node reNode) (int, bool) {
	switch n := node.(type) {
	case reChar:
		return 1, true
	case reSeq:
		total := 0
		for _, part := range n {
			w, ok := reWidth(part)
			if !ok {
				return 0, false
			}
			total += w
		}
		return total, true
	case reAlt:
		first, ok := reWidth(n[0])
		for _, part := range n[1:] {
			w, fixed := reWidth(part)
			ok = ok && fixed && w == first
		}
		return first, ok
	case reRepeat:
		w, ok := reWidth(n.node)
		return w * n.least, ok && n.least == n.most
	case reGroup:
		return reWidth(n.node)
	case reAtomic:
		return reWidth(n.node)
	case reBackref, reCond:
		return 0, false
	}
	return 0, true
}

// number parses digits of a base, up to a length.
func (p *reParser) number(base, most int) (rune, bool) {
	end := p.at
	for end < len(p.s) && end-p.at < most {
		if _, err := strconv.ParseUint(string(p.s[end]), base, 8); err != nil {
			break
		}
		end++
	}
	n, err := strconv.ParseUint(string(p.s[p.at:end]), base, 32)
	if err != nil {
		return 0, false
	}
	p.at = end
	return rune(n), true
}
