package profile

import (
	"errors"
	"strings"
	"sync"

	"go.starlark.net/starlark"
)

// Conditions answers the conditions of section headers on one platform, and
// remembers the answers. It is safe for concurrent use.
type Conditions struct {
	mu       sync.Mutex
	platform Platform
	answers  map[string]bool
	names    starlark.StringDict // made when an expression first needs them
	work     budget              // of the expression under way
}

// NewConditions makes a Conditions for a platform.
func NewConditions(p Platform) *Conditions {
	return &Conditions{platform: p.withDefaults(), answers: map[string]bool{}}
}

// escapes are how a condition has what would begin a comment.
var escapes = strings.NewReplacer(`\x23`, "#", `\x3b`, ";")

// Holds decides a condition: as a PEP 508 marker if it reads as one, as a Python
// expression otherwise, as zc.buildout 3 and newer do.
func (c *Conditions) Holds(condition string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer, ok := c.answers[condition]; ok {
		return answer, nil
	}
	text := escapes.Replace(condition)
	if strings.TrimSpace(text) == "" {
		return false, errors.New("IndexError: list index out of range: the condition is empty")
	}
	answer, err := false, error(nil)
	if m, ok := parseMarker(text); ok {
		answer = m.eval(c.platform)
	} else if answer, err = c.evalExpression(text); err != nil {
		if m, ok := err.(*misplaced); ok && text != condition {
			err = m.error
		}
		return false, err
	}
	c.answers[condition] = answer
	return answer, nil
}
