package template

import (
	"fmt"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// signature is what a built-in function takes. A parameter with a default of
// nil is required.
type signature struct {
	name   string
	params []param
	hidden int // parameters that Jinja2 gives itself, which messages count
	// operator is set for the functions of Python's operator, which take
	// nothing by name and have words of their own.
	operator bool
}

type param struct {
	name string
	def  python.Value
}

// sig reads a signature from its parameters: a name, and behind a required
// one nothing, behind others the default.
func sig(name string, params ...any) *signature {
	s := &signature{name: name}
	for _, p := range params {
		if text, ok := p.(string); ok {
			s.params = append(s.params, param{name: text})
			continue
		}
		s.params[len(s.params)-1].def = p.(python.Value)
	}
	return s
}

// bind orders the arguments by the parameters. Every parameter has a value
// then.
func (s *signature) bind(args []python.Value, kwargs []python.Keyword) ([]python.Value, error) {
	if s.operator && len(args) != len(s.params) {
		return nil, python.Raise("TypeError", "%s expected %d arguments, got %d", s.name, len(s.params), len(args))
	}
	if len(args) > len(s.params) {
		return nil, s.tooMany(len(args))
	}
	if len(kwargs) == 0 && len(args) == len(s.params) {
		return args, nil
	}
	values := make([]python.Value, len(s.params))
	copy(values, args)
	for _, k := range kwargs {
		at := -1
		for i, p := range s.params {
			if p.name == k.Name {
				at = i
			}
		}
		if at < 0 {
			return nil, python.Raise("TypeError", "%s() got an unexpected keyword argument '%s'", s.name, k.Name)
		}
		if values[at] != nil {
			return nil, python.Raise("TypeError", "%s() got multiple values for argument '%s'", s.name, k.Name)
		}
		values[at] = k.Value
	}
	var missing []string
	for i, p := range s.params {
		if values[i] == nil {
			if p.def == nil {
				missing = append(missing, "'"+p.name+"'")
			}
			values[i] = p.def
		}
	}
	if n := len(missing); n > 0 {
		list, plural := missing[0], ""
		if n > 1 {
			plural = "s"
			list = strings.Join(missing[:n-1], ", ")
			if n > 2 {
				list += ","
			}
			list += " and " + missing[n-1]
		}
		return nil, python.Raise("TypeError", "%s() missing %d required positional argument%s: %s", s.name, n, plural, list)
	}
	return values, nil
}

func (s *signature) tooMany(n int) error {
	least := 0
	for _, p := range s.params {
		if p.def == nil {
			least++
		}
	}
	most := len(s.params)
	takes := fmt.Sprint(most + s.hidden)
	if least != most {
		takes = fmt.Sprintf("from %d to %d", least+s.hidden, most+s.hidden)
	}
	plural := "s"
	if most+s.hidden == 1 && least == most {
		plural = ""
	}
	were := "were"
	if n+s.hidden == 1 {
		were = "was"
	}
	return python.Raise("TypeError", "%s() takes %s positional argument%s but %d %s given", s.name, takes, plural, n+s.hidden, were)
}

// filter is a filter: with a signature its arguments are in order, without
// one they are as given.
type filter struct {
	sig *signature
	fn  func(f *frame, a []python.Value) (python.Value, error)
	raw func(f *frame, a []python.Value, kwargs []python.Keyword) (python.Value, error)
}

func (x *filter) call(f *frame, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if x.raw != nil {
		return x.raw(f, args, kwargs)
	}
	a, err := x.sig.bind(args, kwargs)
	if err != nil {
		return nil, err
	}
	v, err := x.fn(f, a)
	if err != nil {
		return nil, err
	}
	return v, f.run.charge(v)
}

// test is a test.
type test struct {
	sig *signature
	fn  func(f *frame, a []python.Value) (bool, error)
}

func (x *test) call(f *frame, args []python.Value, kwargs []python.Keyword) (bool, error) {
	a, err := x.sig.bind(args, kwargs)
	if err != nil {
		return false, err
	}
	return x.fn(f, a)
}

// wrap binds a call of a function with a signature.
func wrap(s *signature, fn func(t *python.Thread, a []python.Value) (python.Value, error)) *python.Func {
	return python.NewFunc(s.name, func(t *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
		a, err := s.bind(args, kwargs)
		if err != nil {
			return nil, err
		}
		return fn(t, a)
	})
}

// method calls a method of a built-in type.
func method(t *python.Thread, v python.Value, name string, args ...python.Value) (python.Value, error) {
	result, found, err := python.CallMethod(t, v, name, args, nil)
	if found {
		return result, err
	}
	fn, err := python.GetAttr(v, name)
	if err != nil {
		return nil, err
	}
	return python.Call(t, fn, args, nil)
}
