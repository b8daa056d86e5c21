package python

import "strings"

// The functions below check arguments as the kinds of CPython's built-in
// functions do, each with its own wording. A method's name is given with its
// type, as "list.append"; some wordings show the last part only.

func lastName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func noKeywords(name string, kwargs []Keyword) error {
	if len(kwargs) > 0 {
		return typeError("%s() takes no keyword arguments", name)
	}
	return nil
}

// noArgs is for methods without arguments.
func noArgs(name string, args []Value, kwargs []Keyword) error {
	if err := noKeywords(name, kwargs); err != nil {
		return err
	}
	if len(args) > 0 {
		return typeError("%s() takes no arguments (%d given)", name, len(args))
	}
	return nil
}

// oneArg is for methods with exactly one argument.
func oneArg(name string, args []Value, kwargs []Keyword) (Value, error) {
	if err := noKeywords(name, kwargs); err != nil {
		return nil, err
	}
	if len(args) != 1 {
		return nil, typeError("%s() takes exactly one argument (%d given)", name, len(args))
	}
	return args[0], nil
}

// positional is for a number of arguments within bounds, none by keyword.
func positional(name string, args []Value, kwargs []Keyword, least, most int) error {
	if err := noKeywords(name, kwargs); err != nil {
		return err
	}
	n, bound, want := len(args), "", least
	switch {
	case n >= least && n <= most:
		return nil
	case least == most:
	case n < least:
		bound = "at least "
	default:
		bound, want = "at most ", most
	}
	return typeError("%s expected %s%d argument%s, got %d", lastName(name), bound, want, plural(want), n)
}

// tupleArgs is positional in the wording of functions that parse a tuple.
func tupleArgs(name string, args []Value, kwargs []Keyword, least, most int) error {
	if err := noKeywords(name, kwargs); err != nil {
		return err
	}
	n, bound, want := len(args), "at least", least
	if n >= least && n <= most {
		return nil
	}
	if n > most {
		bound, want = "at most", most
	}
	if least == most {
		bound = "exactly"
	}
	return typeError("%s() takes %s %d argument%s (%d given)", lastName(name), bound, want, plural(want), n)
}

// slotArgs is positional in the wording of special methods.
func slotArgs(args []Value, kwargs []Keyword, want int) error {
	if len(kwargs) > 0 {
		return typeError("wrapper() takes no keyword arguments")
	}
	if len(args) != want {
		return typeError("expected %d argument%s, got %d", want, plural(want), len(args))
	}
	return nil
}

// signature is the parameters of a function that takes keywords.
type signature struct {
	name     string
	params   []string
	required int
	// positional is how many may be given by position.
	positional int
}

// bind fills out, one place for each parameter; those not given stay nil.
func (s signature) bind(args []Value, kwargs []Keyword, out []Value) error {
	given := len(args) + len(kwargs)
	if given > len(s.params) {
		bound := "at most"
		if s.required == len(s.params) {
			bound = "exactly"
		}
		keyword := ""
		if len(args) == 0 {
			keyword = "keyword "
		}
		if s.positional == 0 && len(args) > 0 {
			return typeError("%s() takes no positional arguments", s.name)
		}
		return typeError("%s() takes %s %d %sargument%s (%d given)", s.name, bound, len(s.params), keyword, plural(len(s.params)), given)
	}
	if len(args) > s.positional {
		if s.positional == 0 {
			return typeError("%s() takes no positional arguments", s.name)
		}
		bound := "at most"
		if s.required >= s.positional {
			bound = "exactly"
		}
		return typeError("%s() takes %s %d positional argument%s (%d given)", s.name, bound, s.positional, plural(s.positional), len(args))
	}
	copy(out, args)
	matched := 0
	for i, param := range s.params {
		for _, kw := range kwargs {
			if kw.Name != param {
				continue
			}
			if i < len(args) {
				return typeError("argument for %s() given by name ('%s') and position (%d)", s.name, param, i+1)
			}
			out[i] = kw.Value
			matched++
		}
		if i < s.required && out[i] == nil {
			return typeError("%s() missing required argument '%s' (pos %d)", s.name, param, i+1)
		}
	}
	if matched < len(kwargs) {
		return s.unknown(kwargs)
	}
	return nil
}

func (s signature) unknown(kwargs []Keyword) error {
	for _, kw := range kwargs {
		known := false
		for _, param := range s.params {
			known = known || param == kw.Name
		}
		if !known {
			return typeError("'%s' is an invalid keyword argument for %s()", kw.Name, s.name)
		}
	}
	return nil
}

// strArg is the text of an argument, which messages call "argument 1" or
// "argument 'x'".
func strArg(function, argument string, v Value) (string, error) {
	s, ok := AsText(v)
	if ok {
		return s, nil
	}
	kind := v.Type()
	if v == None {
		kind = "None"
	}
	return "", typeError("%s() %s must be str, not %s", function, argument, kind)
}

// intArg is AsInt for an argument that may be absent.
func intArg(v Value, missing int) (int, error) {
	if v == nil {
		return missing, nil
	}
	return AsInt(v)
}

// argAt is the argument i, or nil.
func argAt(args []Value, i int) Value {
	if i < len(args) {
		return args[i]
	}
	return nil
}
