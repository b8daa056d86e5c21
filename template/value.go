package template

import (
	"fmt"

	"github.com/go-buildout/go-buildout/internal/python"
)

// JSON reads a JSON text as Python's json.loads does. The value keeps the
// order of keys and the size of numbers, and is for the variables of Render.
func JSON(text string) (any, error) {
	v, err := python.FromJSON(text)
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Literal reads a Python literal, which may hold the constructors that the
// SlapOS dialect's serialised options hold. The value is for the variables of
// Render.
func Literal(text string) (any, error) {
	v, err := python.ParseLiteral(text)
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Loads reads a serialised option of the SlapOS dialect ("!py!" and a
// literal); any other text is itself.
func Loads(text string) (any, error) {
	v, err := python.Loads(text)
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Dumps serialises a value as the SlapOS dialect stores it in options.
func Dumps(value any) (string, error) {
	v, err := toValue(value)
	if err != nil {
		return "", err
	}
	s, err := python.Dumps(v)
	if err != nil {
		return "", err
	}
	return s, nil
}

// Pair is a key with its value.
type Pair struct {
	Key   string
	Value any
}

// Dict returns a Python dict with the pairs in their order, for the variables
// of Render.
func Dict(pairs ...Pair) (any, error) {
	d := python.NewDict()
	for _, p := range pairs {
		v, err := toValue(p.Value)
		if err != nil {
			return nil, fmt.Errorf("value of %q: %w", p.Key, err)
		}
		d.SetString(p.Key, v)
	}
	return d, nil
}

// Str is a value as Python's str() has it.
func Str(value any) (string, error) {
	v, err := toValue(value)
	if err != nil {
		return "", err
	}
	s, err := python.Str(v)
	if err != nil {
		return "", err
	}
	return s, nil
}
