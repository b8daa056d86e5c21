package python

import (
	"fmt"
	"reflect"
)

// LookupAttr returns the attribute of v; ok is false if there is none.
func LookupAttr(v Value, name string) (attr Value, ok bool, err error) {
	if fn := findMethod(v, name); fn != nil {
		return &Method{v, name, fn}, true, nil
	}
	switch v := v.(type) {
	case Attributer:
		attr, err = v.Attr(name)
		if err != nil || attr != nil {
			return attr, attr != nil, err
		}
	case *Tuple:
		if attr := v.field(name); attr != nil {
			return attr, true, nil
		}
	case Int, Bool, *BigInt, Float, Complex:
		if attr := numberAttr(v, name); attr != nil {
			return attr, true, nil
		}
	case *Range:
		switch name {
		case "start":
			return Int(v.Start), true, nil
		case "stop":
			return Int(v.Stop), true, nil
		case "step":
			return Int(v.Step), true, nil
		}
	}
	if _, ok := v.(Texter); ok {
		if fn := methodOf(kindStr, name); fn != nil {
			return &Method{v, name, fn}, true, nil
		}
	}
	switch name {
	case "__class__":
		return ClassOf(v), true, nil
	case "__doc__":
		return None, true, nil
	}
	return nil, false, nil
}

// GetAttr evaluates v.name. An absent attribute is an AttributeError.
func GetAttr(v Value, name string) (Value, error) {
	attr, ok, err := LookupAttr(v, name)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, attributeError(v, name)
	}
	return attr, nil
}

func attributeError(v Value, name string) error {
	switch v := v.(type) {
	case *Class:
		return Raise("AttributeError", "type object '%s' has no attribute '%s'", v.Name, name)
	case *Module:
		return Raise("AttributeError", "module '%s' has no attribute '%s'", v.Name, name)
	}
	return Raise("AttributeError", "'%s' object has no attribute '%s'", v.Type(), name)
}

// field returns an item of a named tuple.
func (t *Tuple) field(name string) Value {
	if t.Named == nil {
		return nil
	}
	for i, f := range t.Named.Fields {
		if f == name && i < len(t.Items) {
			return t.Items[i]
		}
	}
	if name == "_fields" {
		fields := &Tuple{}
		for _, f := range t.Named.Fields {
			fields.Items = append(fields.Items, String(f))
		}
		return fields
	}
	return nil
}

func numberAttr(v Value, name string) Value {
	c, isComplex := v.(Complex)
	_, isFloat := v.(Float)
	switch {
	case name == "real" && isComplex:
		return Float(real(c))
	case name == "imag" && isComplex:
		return Float(imag(c))
	case name == "real" && isFloat, name == "numerator" && !isFloat && !isComplex:
		return v
	case name == "real":
		n, _ := asBig(v)
		return NewInt(n)
	case name == "imag" && isFloat:
		return Float(0)
	case name == "imag":
		return Int(0)
	case name == "denominator" && !isFloat && !isComplex:
		return Int(1)
	}
	return nil
}

// address is the identity of a value as its repr shows it.
func address(v any) string {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer {
		return fmt.Sprintf("0x%012x", r.Pointer())
	}
	return "0x000000000000"
}

// hasIdentity reports whether == on the value does not panic.
func hasIdentity(v Value) bool {
	switch v.(type) {
	case nil:
		return true
	case Complex:
		return true
	}
	return reflect.TypeOf(v).Comparable()
}
