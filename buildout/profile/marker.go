package profile

import (
	"strconv"
	"strings"
)

// A marker is a PEP 508 environment marker: comparisons joined by and/or.
type marker interface{ eval(Platform) bool }

type (
	markerAnd  []marker
	markerOr   []marker
	comparison struct {
		left, right operand
		op          string
	}
	operand struct {
		text     string
		variable bool
	}
)

func (m markerAnd) eval(p Platform) bool {
	for _, x := range m {
		if !x.eval(p) {
			return false
		}
	}
	return true
}

func (m markerOr) eval(p Platform) bool {
	for _, x := range m {
		if x.eval(p) {
			return true
		}
	}
	return false
}

// markerVariables are the names a marker can use; the dotted ones are those of
// PEP 345, which packaging still accepts.
var markerVariables = map[string]func(Platform) string{
	"os_name":                        func(p Platform) string { return p.OSName },
	"sys_platform":                   func(p Platform) string { return p.OS },
	"platform_machine":               func(p Platform) string { return p.Machine },
	"platform_python_implementation": Platform.implementationName,
	"platform_release":               func(p Platform) string { return p.Release },
	"platform_system":                func(p Platform) string { return p.System },
	"platform_version":               func(p Platform) string { return p.Version },
	"python_version":                 Platform.pythonVersion,
	"python_full_version":            func(p Platform) string { return p.Python },
	"implementation_name":            func(p Platform) string { return p.Implementation },
	"implementation_version":         func(p Platform) string { return p.Python },
	"extra":                          func(Platform) string { return "" },
	"os.name":                        func(p Platform) string { return p.OSName },
	"sys.platform":                   func(p Platform) string { return p.OS },
	"platform.version":               func(p Platform) string { return p.Version },
	"platform.machine":               func(p Platform) string { return p.Machine },
	"platform.python_implementation": Platform.implementationName,
	"python_implementation":          Platform.implementationName,
}

func (o operand) value(p Platform) string {
	if o.variable {
		return markerVariables[o.text](p)
	}
	return o.text
}

func (c comparison) eval(p Platform) bool {
	l, r := c.left.value(p), c.right.value(p)
	switch c.op {
	case "in":
		return strings.Contains(r, l)
	case "not in":
		return !strings.Contains(r, l)
	case "===":
		return l == r
	}
	cmp, ok := compareVersions(l, r)
	if !ok {
		if strings.HasSuffix(r, ".*") && (c.op == "==" || c.op == "!=") {
			prefix := strings.TrimSuffix(r, "*")
			return strings.HasPrefix(l+".", prefix) == (c.op == "==")
		}
		cmp = strings.Compare(l, r)
	}
	switch c.op {
	case "==":
		return cmp == 0
	case "!=":
		return cmp != 0
	case "<":
		return cmp < 0
	case "<=":
		return cmp <= 0
	case ">":
		return cmp > 0
	case ">=":
		return cmp >= 0
	default: // "~=": at least r, with all but the last number of r the same
		prefix := r[:max(0, strings.LastIndex(r, "."))]
		return ok && cmp >= 0 && strings.HasPrefix(l+".", prefix+".")
	}
}

// compareVersions compares dotted release numbers, which is what the versions of
// Pythons and kernels amount to; ok is false when either is anything else.
func compareVersions(a, b string) (cmp int, ok bool) {
	x, okA := release(a)
	y, okB := release(b)
	if !okA || !okB {
		return 0, false
	}
	for i := range max(len(x), len(y)) {
		var m, n int
		if i < len(x) {
			m = x[i]
		}
		if i < len(y) {
			n = y[i]
		}
		if m != n {
			return m - n, true
		}
	}
	return 0, true
}

func release(s string) ([]int, bool) {
	var out []int
	for part := range strings.SplitSeq(s, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

// parseMarker parses text as a marker. ok is false if it is not one; it may then
// be a Python expression. Two literals compare as markers do not: their meaning
// is Python's.
func parseMarker(text string) (marker, bool) {
	p := markerParser{rest: text}
	m, ok := p.or()
	if p.blank(); !ok || p.rest != "" {
		return nil, false
	}
	return m, true
}

type markerParser struct{ rest string }

func (p *markerParser) blank() { p.rest = strings.TrimLeft(p.rest, " \t") }

func (p *markerParser) word(w string) bool {
	p.blank()
	rest, ok := strings.CutPrefix(p.rest, w)
	if ok && (rest == "" || !isWordByte(rest[0])) {
		p.rest = rest
		return true
	}
	return false
}

func isWordByte(c byte) bool {
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *markerParser) or() (marker, bool) {
	var terms markerOr
	for {
		m, ok := p.and()
		if !ok {
			return nil, false
		}
		terms = append(terms, m)
		if !p.word("or") {
			return terms, true
		}
	}
}

func (p *markerParser) and() (marker, bool) {
	var terms markerAnd
	for {
		m, ok := p.term()
		if !ok {
			return nil, false
		}
		terms = append(terms, m)
		if !p.word("and") {
			return terms, true
		}
	}
}

func (p *markerParser) term() (marker, bool) {
	p.blank()
	if strings.HasPrefix(p.rest, "(") {
		p.rest = p.rest[1:]
		m, ok := p.or()
		p.blank()
		if !ok || !strings.HasPrefix(p.rest, ")") {
			return nil, false
		}
		p.rest = p.rest[1:]
		return m, true
	}
	var c comparison
	var ok bool
	if c.left, ok = p.operand(); !ok {
		return nil, false
	}
	if c.op, ok = p.operator(); !ok {
		return nil, false
	}
	if c.right, ok = p.operand(); !ok || !c.left.variable && !c.right.variable {
		return nil, false
	}
	return c, true
}

func (p *markerParser) operator() (string, bool) {
	p.blank()
	for _, op := range []string{"===", "==", "~=", "!=", "<=", ">=", "<", ">"} {
		if rest, ok := strings.CutPrefix(p.rest, op); ok {
			p.rest = rest
			return op, true
		}
	}
	if p.word("in") {
		return "in", true
	}
	if p.word("not") && p.word("in") {
		return "not in", true
	}
	return "", false
}

func (p *markerParser) operand() (operand, bool) {
	p.blank()
	if p.rest == "" {
		return operand{}, false
	}
	if q := p.rest[0]; q == '"' || q == '\'' {
		text, rest, ok := strings.Cut(p.rest[1:], string(q))
		p.rest = rest
		return operand{text: text}, ok
	}
	n := 0
	for n < len(p.rest) && isWordByte(p.rest[n]) {
		n++
	}
	name := p.rest[:n]
	if _, ok := markerVariables[name]; !ok {
		return operand{}, false
	}
	p.rest = p.rest[n:]
	return operand{text: name, variable: true}, true
}
