package python

// Class is a Python type as a value: it is called to make instances, and named
// in isinstance.
type Class struct {
	Name string
	// Bases are the classes that it inherits from, but for object.
	Bases []*Class
	// New makes an instance. Built-in classes leave it nil.
	New func(t *Thread, args []Value, kwargs []Keyword) (Value, error)
	// Members are attributes of the class; nil for none.
	Members map[string]Value

	kind kind
}

// kind tells the built-in types apart.
type kind uint8

const (
	kindOther kind = iota
	kindObject
	kindType
	kindNone
	kindBool
	kindInt
	kindFloat
	kindComplex
	kindStr
	kindBytes
	kindByteArray
	kindList
	kindTuple
	kindDict
	kindSet
	kindFrozenSet
	kindRange
	kindSlice
	kindView
	kindStream
	kindMap
	kindFilter
	kindZip
	kindEnumerate
	kindReversed
)

// The built-in classes.
var (
	ObjectClass    = &Class{Name: "object", kind: kindObject}
	TypeClass      = &Class{Name: "type", kind: kindType}
	NoneClass      = &Class{Name: "NoneType", kind: kindNone}
	IntClass       = &Class{Name: "int", kind: kindInt}
	BoolClass      = &Class{Name: "bool", kind: kindBool, Bases: []*Class{IntClass}}
	FloatClass     = &Class{Name: "float", kind: kindFloat}
	ComplexClass   = &Class{Name: "complex", kind: kindComplex}
	StrClass       = &Class{Name: "str", kind: kindStr}
	BytesClass     = &Class{Name: "bytes", kind: kindBytes}
	ByteArrayClass = &Class{Name: "bytearray", kind: kindByteArray}
	ListClass      = &Class{Name: "list", kind: kindList}
	TupleClass     = &Class{Name: "tuple", kind: kindTuple}
	DictClass      = &Class{Name: "dict", kind: kindDict}
	SetClass       = &Class{Name: "set", kind: kindSet}
	FrozenSetClass = &Class{Name: "frozenset", kind: kindFrozenSet}
	RangeClass     = &Class{Name: "range", kind: kindRange}
	SliceClass     = &Class{Name: "slice", kind: kindSlice}
	MapClass       = &Class{Name: "map", kind: kindMap}
	FilterClass    = &Class{Name: "filter", kind: kindFilter}
	ZipClass       = &Class{Name: "zip", kind: kindZip}
	EnumerateClass = &Class{Name: "enumerate", kind: kindEnumerate}
	ReversedClass  = &Class{Name: "reversed", kind: kindReversed}
)

// Type implements Value.
func (*Class) Type() string { return "type" }

// Repr implements Representer.
func (c *Class) Repr() (string, error) { return "<class '" + c.Name + "'>", nil }

// Call implements Callable.
func (c *Class) Call(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if c.New != nil {
		return c.New(t, args, kwargs)
	}
	return construct(c, t, args, kwargs)
}

// Attr implements Attributer: names, members, and methods without an object.
func (c *Class) Attr(name string) (Value, error) {
	switch name {
	case "__name__", "__qualname__":
		return String(c.Name), nil
	case "__module__":
		return String("builtins"), nil
	}
	if v, ok := c.Members[name]; ok {
		return v, nil
	}
	if fn := classMethod(c.kind, name); fn != nil {
		return &Method{c, name, fn}, nil
	}
	if fn := methodOf(c.kind, name); fn != nil {
		return c.unbound(name, fn), nil
	}
	return nil, nil
}

// unbound returns a method that takes its object as the first argument.
func (c *Class) unbound(name string, fn method) Value {
	return NewFunc(name, func(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
		if len(args) == 0 {
			return nil, typeError("unbound method %s.%s() needs an argument", c.Name, name)
		}
		if !IsInstance(args[0], c) {
			return nil, typeError("descriptor '%s' for '%s' objects doesn't apply to a '%s' object", name, c.Name, args[0].Type())
		}
		return fn(t, args[0], args[1:], kwargs)
	})
}

// ClassOf returns the class of v.
func ClassOf(v Value) *Class {
	switch v := v.(type) {
	case Classed:
		return v.Class()
	case *Stream:
		switch v.name {
		case "map":
			return MapClass
		case "filter":
			return FilterClass
		case "zip":
			return ZipClass
		case "enumerate":
			return EnumerateClass
		case "reversed":
			return ReversedClass
		}
	case *Tuple:
		if v.Named != nil {
			return &Class{Name: v.Named.Name, Bases: []*Class{TupleClass}}
		}
	}
	switch kindOf(v) {
	case kindType:
		return TypeClass
	case kindNone:
		return NoneClass
	case kindBool:
		return BoolClass
	case kindInt:
		return IntClass
	case kindFloat:
		return FloatClass
	case kindComplex:
		return ComplexClass
	case kindStr:
		return StrClass
	case kindBytes:
		return BytesClass
	case kindByteArray:
		return ByteArrayClass
	case kindList:
		return ListClass
	case kindTuple:
		return TupleClass
	case kindDict:
		return DictClass
	case kindSet:
		return SetClass
	case kindFrozenSet:
		return FrozenSetClass
	case kindRange:
		return RangeClass
	case kindSlice:
		return SliceClass
	}
	return &Class{Name: v.Type()}
}

// IsInstance reports whether v is an instance of c or of a class derived from
// it.
func IsInstance(v Value, c *Class) bool { return ClassOf(v).IsSubclass(c) }

// IsSubclass reports whether c is base or inherits from it.
func (c *Class) IsSubclass(base *Class) bool {
	if c == base || base == ObjectClass || c.kind == kindOther && base.kind == kindOther && c.Name == base.Name {
		return true
	}
	for _, b := range c.Bases {
		if b.IsSubclass(base) {
			return true
		}
	}
	return false
}

func kindOf(v Value) kind {
	switch v := v.(type) {
	case String:
		return kindStr
	case *Dict:
		return kindDict
	case *List:
		return kindList
	case Int, *BigInt:
		return kindInt
	case *Tuple:
		return kindTuple
	case Bool:
		return kindBool
	case Float:
		return kindFloat
	case NoneType:
		return kindNone
	case Bytes:
		return kindBytes
	case *ByteArray:
		return kindByteArray
	case *Set:
		if v.Frozen {
			return kindFrozenSet
		}
		return kindSet
	case *Range:
		return kindRange
	case *DictView:
		return kindView
	case *Stream:
		return kindStream
	case *Class:
		return kindType
	case Complex:
		return kindComplex
	case *SliceKey:
		return kindSlice
	}
	return kindOther
}
