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
	platform Platform

	mu      sync.RWMutex
	answers map[string]bool

	evaluating sync.Mutex
	names      starlark.StringDict // made when an expression first needs them
	work       budget              // of the expression under way
}

// NewConditions makes a Conditions for a platform.
func NewConditions(p Platform) *Conditions {
	p = p.withDefaults()
	return &Conditions{platform: p, answers: p.flags()} // most conditions are a name
}

// escapes are how a condition has what would begin a comment.
var escapes = strings.NewReplacer(`\x23`, "#", `\x3b`, ";")

// Holds decides a condition: as a PEP 508 marker if it reads as one, as a Python
// expression otherwise, as zc.buildout 3 and newer do.
func (c *Conditions) Holds(condition string) (bool, error) {
	c.mu.RLock()
	answer, ok := c.answers[condition]
	c.mu.RUnlock()
	if ok {
		return answer, nil
	}
	answer, err := c.decide(condition)
	if err != nil {
		return false, err
	}
	c.mu.Lock()
	c.answers[condition] = answer
	c.mu.Unlock()
	return answer, nil
}

func (c *Conditions) decide(condition string) (bool, error) {
	text := escapes.Replace(condition)
	if strings.TrimSpace(text) == "" {
		return false, errors.New("IndexError: list index out of range: the condition is empty")
	}
	if m, ok := parseMarker(text); ok {
		return m.eval(c.platform), nil
	}
	answer, err := c.evalExpression(text)
	if m, ok := err.(*misplaced); ok && text != condition {
		err = m.error
	}
	return answer, err
}
