// Package python holds Python's values as Jinja2 templates and the SlapOS
// dialect's serialised options need them: text, numbers, containers and
// callables with Python's equality, ordering, arithmetic, methods, formatting
// and representation, worded and spelt as CPython 3.11 does.
//
// A [Value] says only the name of its type. What else a value can do is found
// by assertion of the small interfaces in this file, so that a template engine
// adds values of its own (undefined names, macros, loop state) that behave in
// every operation of the package.
//
// Lists, dicts and sets are shared by reference. Values are not safe for use
// by several goroutines unless all of them only read.
package python

// Value is a Python object.
type Value interface {
	// Type is the name of the value's Python type, as in error messages.
	Type() string
}

// Texter is a value that is a str by inheritance. Wherever a str is accepted,
// a Texter is.
type Texter interface {
	Value
	Text() string
}

// Stringer is a value with its own str().
type Stringer interface {
	Str() (string, error)
}

// Representer is a value with its own repr().
type Representer interface {
	Repr() (string, error)
}

// Truther is a value with its own truth.
type Truther interface {
	Truth() (bool, error)
}

// Sized is a value with a length.
type Sized interface {
	Len() (int, error)
}

// Iterable is a value that can be iterated.
type Iterable interface {
	Iter() (Iterator, error)
}

// Container is a value with its own membership test. Without it the in
// operator walks an Iterable.
type Container interface {
	Contains(item Value) (bool, error)
}

// Attributer is a value with attributes. An attribute that is absent is
// (nil, nil); an error is for an attribute that can't be read.
type Attributer interface {
	Attr(name string) (Value, error)
}

// Getter is a value that can be subscripted.
type Getter interface {
	GetItem(key Value) (Value, error)
}

// Setter is a value whose items can be set.
type Setter interface {
	SetItem(key, value Value) error
}

// Deleter is a value whose items can be deleted.
type Deleter interface {
	DelItem(key Value) error
}

// Hashable is a value that can be a key of a dict. Values that are equal must
// have equal hashes. A foreign pointer type without it is hashed by identity.
type Hashable interface {
	Hash() (uint64, error)
}

// Callable is a value that can be called.
type Callable interface {
	Value
	Call(t *Thread, args []Value, kwargs []Keyword) (Value, error)
}

// Operand is a value that takes part in binary operations. It is asked before
// the built-in rules, with reflected set when it is the right operand. It
// answers handled = false to leave the operation to the other side.
type Operand interface {
	Binary(op Op, other Value, reflected bool) (result Value, handled bool, err error)
}

// UnaryOperand is a value with its own unary plus or minus.
type UnaryOperand interface {
	Unary(op UnaryOp) (Value, error)
}

// Comparable is a value with its own comparison. It is asked before the
// built-in rules; as the right operand it is asked with the mirrored operator.
type Comparable interface {
	Compare(op CompareOp, other Value) (result, handled bool, err error)
}

// Formatter is a value with its own format().
type Formatter interface {
	Format(spec string) (string, error)
}

// Classed is a value that knows its class; others have a class without
// attributes, named after their type.
type Classed interface {
	Class() *Class
}
