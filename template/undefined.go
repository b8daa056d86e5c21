package template

import "github.com/go-buildout/go-buildout/internal/python"

// Undefined is what can be done with a name, an attribute or an item that
// isn't there.
type Undefined uint8

const (
	// Strict allows nothing but asking whether it is defined.
	Strict Undefined = iota
	// Chainable allows printing, iteration, truth, and attributes and items
	// of it, which are undefined again.
	Chainable
	// Lenient allows printing, iteration and truth.
	Lenient
)

// undefined is an undefined value.
type undefined struct {
	mode Undefined
	hint string       // the message, if set
	obj  python.Value // what it was looked up in, if anything
	name python.Value
}

func (u *undefined) Type() string {
	return [...]string{"StrictUndefined", "ChainableUndefined", "Undefined"}[u.mode]
}

func (u *undefined) qualified() string { return "jinja2.runtime." + u.Type() }

// fail is the error of everything that is not allowed.
func (u *undefined) fail() error { return python.Raise("UndefinedError", "%s", u.message()) }

func (u *undefined) message() string {
	if u.hint != "" {
		return u.hint
	}
	name, err := python.Repr(u.name)
	if err != nil {
		name = "?"
	}
	if u.obj == nil {
		return name + " is undefined"
	}
	if _, ok := python.AsText(u.name); !ok {
		return objectType(u.obj) + " has no element " + name
	}
	return pyQuote(objectType(u.obj)) + " has no attribute " + name
}

// objectType is how Jinja2 names the type of an object in messages.
func objectType(v python.Value) string {
	switch v := v.(type) {
	case python.NoneType:
		return "None"
	case interface{ qualified() string }:
		return v.qualified() + " object"
	case *python.Tuple:
		if v.Named == groupType {
			return "jinja2.filters._GroupTuple object"
		}
	}
	return v.Type() + " object"
}

func (u *undefined) Str() (string, error) {
	if u.mode == Strict {
		return "", u.fail()
	}
	return "", nil
}

func (u *undefined) Repr() (string, error) { return "Undefined", nil }

func (u *undefined) Truth() (bool, error) {
	if u.mode == Strict {
		return false, u.fail()
	}
	return false, nil
}

func (u *undefined) Len() (int, error) {
	if u.mode == Strict {
		return 0, u.fail()
	}
	return 0, nil
}

func (u *undefined) Iter() (python.Iterator, error) {
	if u.mode == Strict {
		return nil, u.fail()
	}
	return python.Iter(python.NewTuple())
}

func (u *undefined) Contains(python.Value) (bool, error) {
	if u.mode == Strict {
		return false, u.fail()
	}
	return false, nil
}

func (u *undefined) Attr(name string) (python.Value, error) {
	if len(name) > 3 && name[:2] == "__" && name[len(name)-2:] == "__" {
		return nil, nil
	}
	if u.mode == Chainable {
		return u, nil
	}
	return nil, u.fail()
}

func (u *undefined) GetItem(python.Value) (python.Value, error) {
	if u.mode == Chainable {
		return u, nil
	}
	return nil, u.fail()
}

func (u *undefined) Call(*python.Thread, []python.Value, []python.Keyword) (python.Value, error) {
	return nil, u.fail()
}

func (u *undefined) Hash() (uint64, error) {
	if u.mode == Strict {
		return 0, u.fail()
	}
	return 0x75d + uint64(u.mode), nil
}

func (u *undefined) Binary(python.Op, python.Value, bool) (python.Value, bool, error) {
	return nil, true, u.fail()
}

func (u *undefined) Unary(python.UnaryOp) (python.Value, error) { return nil, u.fail() }

func (u *undefined) Compare(op python.CompareOp, other python.Value) (result, handled bool, err error) {
	if u.mode != Strict && (op == python.Eq || op == python.Ne) {
		o, ok := other.(*undefined)
		return (ok && o.mode == u.mode) == (op == python.Eq), true, nil
	}
	return false, true, u.fail()
}

func (u *undefined) Format(spec string) (string, error) {
	if spec != "" {
		return "", python.Raise("TypeError", "unsupported format string passed to %s.__format__", u.Type())
	}
	return u.Str()
}

// isUndefined reports whether v is undefined.
func isUndefined(v python.Value) bool {
	_, ok := v.(*undefined)
	return ok
}
