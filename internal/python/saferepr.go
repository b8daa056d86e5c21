package python

import (
	"fmt"
	"strings"
)

// SafeRepr returns v as pprint shows it in one line: repr, but with the keys of
// dicts in order where they can be ordered.
func SafeRepr(v Value) (string, error) {
	s := safeRepr{}
	if err := s.write(v); err != nil {
		return "", err
	}
	return s.out.String(), nil
}

// safeRepr writes nested values; readable is false once a part of them can't
// be read back.
type safeRepr struct {
	out        strings.Builder
	walk       walk
	open       []Value
	unreadable bool
}

func (s *safeRepr) write(v Value) error {
	if err := s.walk.step(); err != nil {
		return err
	}
	switch v := v.(type) {
	case *Dict:
		return s.container(v, func() error { return s.dict(v) })
	case *List:
		return s.container(v, func() error { return s.items("[", v.Items, "]") })
	case *Tuple:
		if v.Named != nil && !v.Named.Plain {
			break
		}
		end := ")"
		if len(v.Items) == 1 {
			end = ",)"
		}
		return s.container(v, func() error { return s.items("(", v.Items, end) })
	}
	text, err := reprOfText(v)
	if err != nil {
		return err
	}
	if text == "" || text[0] == '<' {
		s.unreadable = true
	}
	s.out.WriteString(text)
	if s.out.Len() > MaxText {
		return tooLong(s.out.Len())
	}
	return nil
}

// reprOfText is Repr, with what is a str by inheritance shown as one.
func reprOfText(v Value) (string, error) {
	if s, ok := AsText(v); ok {
		return quote(s), nil
	}
	return Repr(v)
}

func (s *safeRepr) container(v Value, write func() error) error {
	for _, o := range s.open {
		if o == v {
			s.unreadable = true
			s.out.WriteString(recursion(v))
			return nil
		}
	}
	if err := s.walk.enter(" while getting the repr of an object"); err != nil {
		return err
	}
	s.open = append(s.open, v)
	err := write()
	s.open = s.open[:len(s.open)-1]
	s.walk.leave()
	return err
}

func (s *safeRepr) items(open string, items []Value, end string) error {
	s.out.WriteString(open)
	for i, item := range items {
		if i > 0 {
			s.out.WriteString(", ")
		}
		if err := s.write(item); err != nil {
			return err
		}
	}
	s.out.WriteString(end)
	return nil
}

func (s *safeRepr) dict(d *Dict) error {
	s.out.WriteByte('{')
	keys, err := sortSafely(d.Keys())
	if err != nil {
		return err
	}
	for i, key := range keys {
		if i > 0 {
			s.out.WriteString(", ")
		}
		if err := s.write(key); err != nil {
			return err
		}
		s.out.WriteString(": ")
		value, _, err := d.Get(key)
		if err != nil {
			return err
		}
		if err := s.write(value); err != nil {
			return err
		}
	}
	s.out.WriteByte('}')
	return nil
}

// sortSafely sorts values; those that can't be compared go by the names of
// their types.
func sortSafely(values []Value) ([]Value, error) {
	if sorted, err := SortItems(nil, values, nil, false); err == nil {
		return sorted, nil
	}
	keys := make([]Value, len(values))
	for i, v := range values {
		keys[i] = safeKey{v}
	}
	return sortByKeys(nil, values, keys, false)
}

// safeKey is a value that compares with any other.
type safeKey struct{ v Value }

// Type implements Value.
func (k safeKey) Type() string { return k.v.Type() }

// Compare implements Comparable.
func (k safeKey) Compare(op CompareOp, other Value) (result, handled bool, err error) {
	o := other.(safeKey)
	less, err := Compare(op, k.v, o.v)
	if err == nil {
		return less, true, nil
	}
	if !IsError(err, "TypeError") {
		return false, true, err
	}
	return k.Type() < o.Type(), true, nil
}

// recursion stands for a container within itself.
func recursion(v Value) string {
	return fmt.Sprintf("<Recursion on %s with id=%s>", v.Type(), address(v))
}
