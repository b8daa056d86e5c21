package profile

import (
	"errors"
	"strings"
)

// eval decides a header's condition: as a PEP 508 marker if it reads as one, as
// a Python expression otherwise, as zc.buildout 3 and newer do.
func (c Condition) eval(p Platform) (bool, error) {
	text := strings.NewReplacer(`\x23`, "#", `\x3b`, ";").Replace(c.Text)
	if strings.TrimSpace(text) == "" {
		return false, errors.New("IndexError: list index out of range: the condition is empty")
	}
	p = p.withDefaults()
	if m, ok := parseMarker(text); ok {
		return m.eval(p), nil
	}
	return evalExpression(text, p)
}
