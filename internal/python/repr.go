package python

import (
	"fmt"
	"strings"
)

// Str returns str(v).
func Str(v Value) (string, error) {
	switch v := v.(type) {
	case String:
		return string(v), nil
	case Stringer:
		return v.Str()
	case Texter:
		return v.Text(), nil
	}
	return Repr(v)
}

// Repr returns repr(v).
func Repr(v Value) (string, error) {
	switch v := v.(type) {
	case String:
		return quote(string(v)), nil
	case Int:
		return formatInt(int64(v)), nil
	case Bool:
		if v {
			return "True", nil
		}
		return "False", nil
	case NoneType:
		return "None", nil
	}
	r := representer{}
	if err := r.write(v); err != nil {
		return "", err
	}
	return r.out.String(), nil
}

// ASCII returns ascii(v): repr with everything but ASCII escaped.
func ASCII(v Value) (string, error) {
	text, err := Repr(v)
	if err != nil {
		return "", err
	}
	return escapeNonASCII(text), nil
}

// representer writes the repr of nested values.
type representer struct {
	out  strings.Builder
	walk walk
	open []Value // the containers around
}

func (r *representer) write(v Value) error {
	if err := r.walk.step(); err != nil {
		return err
	}
	if r.out.Len() > MaxText {
		return tooLong(r.out.Len())
	}
	switch v := v.(type) {
	case String:
		writeQuoted(&r.out, string(v), false)
	case Int:
		r.out.WriteString(formatInt(int64(v)))
	case Bool:
		if v {
			r.out.WriteString("True")
		} else {
			r.out.WriteString("False")
		}
	case NoneType:
		r.out.WriteString("None")
	case Float:
		r.out.WriteString(formatFloat(float64(v)))
	case *List:
		return r.items(v, "[", v.Items, "]")
	case *Tuple:
		return r.tuple(v)
	case *Dict:
		return r.dict(v)
	case *Set:
		return r.set(v)
	case *BigInt:
		text, err := formatBig(v.big)
		if err != nil {
			return err
		}
		r.out.WriteString(text)
	case Complex:
		r.out.WriteString(formatComplex(complex128(v)))
	case Bytes:
		writeQuotedBytes(&r.out, string(v))
	case *ByteArray:
		r.out.WriteString("bytearray(")
		writeQuotedBytes(&r.out, string(v.Data))
		r.out.WriteString(")")
	case *Range:
		if v.Step == 1 {
			fmt.Fprintf(&r.out, "range(%d, %d)", v.Start, v.Stop)
		} else {
			fmt.Fprintf(&r.out, "range(%d, %d, %d)", v.Start, v.Stop, v.Step)
		}
	case *DictView:
		return r.view(v)
	case *SliceKey:
		return r.fields("slice(", []Value{orNone(v.Start), orNone(v.Stop), orNone(v.Step)})
	case Representer:
		text, err := v.Repr()
		if err != nil {
			return err
		}
		r.out.WriteString(text)
	case Texter:
		writeQuoted(&r.out, v.Text(), false)
	default:
		fmt.Fprintf(&r.out, "<%s object at %s>", v.Type(), address(v))
	}
	return nil
}

func orNone(v Value) Value {
	if v == nil {
		return None
	}
	return v
}

// enter starts a container. It reports again = true if v is being written
// already, further out.
func (r *representer) enter(v Value) (again bool, err error) {
	for _, o := range r.open {
		if o == v {
			return true, nil
		}
	}
	if err := r.walk.enter(" while getting the repr of an object"); err != nil {
		return false, err
	}
	r.open = append(r.open, v)
	return false, nil
}

func (r *representer) leave() {
	r.open = r.open[:len(r.open)-1]
	r.walk.leave()
}

func (r *representer) items(v Value, open string, items []Value, end string) error {
	again, err := r.enter(v)
	if err != nil {
		return err
	}
	r.out.WriteString(open)
	if again {
		r.out.WriteString("...")
	} else {
		defer r.leave()
		if err := r.list(items); err != nil {
			return err
		}
	}
	r.out.WriteString(end)
	return nil
}

func (r *representer) list(items []Value) error {
	for i, item := range items {
		if i > 0 {
			r.out.WriteString(", ")
		}
		if err := r.write(item); err != nil {
			return err
		}
	}
	return nil
}

func (r *representer) fields(open string, items []Value) error {
	r.out.WriteString(open)
	if err := r.list(items); err != nil {
		return err
	}
	r.out.WriteString(")")
	return nil
}

func (r *representer) tuple(t *Tuple) error {
	if t.Named != nil && !t.Named.Plain {
		return r.namedTuple(t)
	}
	for _, o := range r.open {
		if o == Value(t) {
			r.out.WriteString("(...)")
			return nil
		}
	}
	if len(t.Items) == 1 {
		return r.items(t, "(", t.Items, ",)")
	}
	return r.items(t, "(", t.Items, ")")
}

func (r *representer) namedTuple(t *Tuple) error {
	again, err := r.enter(t)
	if err != nil {
		return err
	}
	if again {
		r.out.WriteString("...")
		return nil
	}
	defer r.leave()
	r.out.WriteString(t.Named.Name + "(")
	for i, item := range t.Items {
		if i > 0 {
			r.out.WriteString(", ")
		}
		if i < len(t.Named.Fields) {
			r.out.WriteString(t.Named.Fields[i] + "=")
		}
		if err := r.write(item); err != nil {
			return err
		}
	}
	r.out.WriteString(")")
	return nil
}

func (r *representer) dict(d *Dict) error {
	again, err := r.enter(d)
	if err != nil {
		return err
	}
	if again {
		r.out.WriteString("{...}")
		return nil
	}
	defer r.leave()
	r.out.WriteString("{")
	first := true
	for key, value := range d.All {
		if !first {
			r.out.WriteString(", ")
		}
		first = false
		if err := r.write(key); err != nil {
			return err
		}
		r.out.WriteString(": ")
		if err := r.write(value); err != nil {
			return err
		}
	}
	r.out.WriteString("}")
	return nil
}

func (r *representer) set(s *Set) error {
	if s.table.live == 0 {
		r.out.WriteString(s.Type() + "()")
		return nil
	}
	if s.Frozen {
		return r.items(s, "frozenset({", s.Items(), "})")
	}
	return r.items(s, "{", s.Items(), "}")
}

func (r *representer) view(v *DictView) error {
	again, err := r.enter(v.dict)
	if err != nil {
		return err
	}
	if again {
		r.out.WriteString("...")
		return nil
	}
	defer r.leave()
	r.out.WriteString(v.Type() + "([")
	first := true
	for key, value := range v.dict.All {
		if !first {
			r.out.WriteString(", ")
		}
		first = false
		switch v.kind {
		case viewKeys:
			err = r.write(key)
		case viewValues:
			err = r.write(value)
		default:
			err = r.items(NewTuple(key, value), "(", []Value{key, value}, ")")
		}
		if err != nil {
			return err
		}
	}
	r.out.WriteString("])")
	return nil
}
