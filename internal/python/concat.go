package python

import "strings"

func concat(a, b string) (Value, error) {
	if len(a)+len(b) > MaxText {
		return nil, tooLong(len(a) + len(b))
	}
	return String(a + b), nil
}

func addSequences(a, b Value) (Value, error) {
	switch x := a.(type) {
	case *List:
		if y, ok := b.(*List); ok {
			items, err := joinItems(x.Items, y.Items)
			return &List{items}, err
		}
		return nil, cannotConcatenate("list", b)
	case *Tuple:
		if y, ok := b.(*Tuple); ok {
			items, err := joinItems(x.Items, y.Items)
			return NewTuple(items...), err
		}
		return nil, cannotConcatenate("tuple", b)
	case Bytes, *ByteArray:
		p, _ := bytesOf(a)
		q, ok := bytesOf(b)
		if !ok {
			return nil, typeError("can't concat %s to %s", b.Type(), a.Type())
		}
		if len(p)+len(q) > MaxText {
			return nil, tooLong(len(p) + len(q))
		}
		return bytesLike(a, p+q), nil
	}
	if s, ok := AsText(a); ok {
		if t, ok := AsText(b); ok {
			return concat(s, t)
		}
		return nil, cannotConcatenate("str", b)
	}
	return nil, unsupported(Add, a, b)
}

func cannotConcatenate(kind string, b Value) error {
	return typeError(`can only concatenate %s (not "%s") to %s`, kind, b.Type(), kind)
}

func joinItems(a, b []Value) ([]Value, error) {
	if len(a)+len(b) > MaxItems {
		return nil, tooMany()
	}
	items := make([]Value, 0, len(a)+len(b))
	return append(append(items, a...), b...), nil
}

func isSequence(v Value) bool {
	switch v.(type) {
	case *List, *Tuple, String, Bytes, *ByteArray, Texter:
		return true
	}
	return false
}

func repeatSequence(a, b Value) (Value, error) {
	if !isSequence(a) {
		if !isSequence(b) {
			return nil, unsupported(Mul, a, b)
		}
		a, b = b, a
	}
	if !IsInt(b) {
		return nil, typeError("can't multiply sequence by non-int of type '%s'", b.Type())
	}
	if _, ok := b.(*BigInt); ok {
		return nil, Raise("OverflowError", "cannot fit 'int' into an index-sized integer")
	}
	n, err := AsInt(b)
	if err != nil {
		return nil, err
	}
	n = max(n, 0)
	switch x := a.(type) {
	case *List:
		items, err := repeatItems(x.Items, n)
		return &List{items}, err
	case *Tuple:
		items, err := repeatItems(x.Items, n)
		return NewTuple(items...), err
	case Bytes, *ByteArray:
		data, _ := bytesOf(a)
		text, err := repeatText(data, n)
		return bytesLike(a, text), err
	}
	s, _ := AsText(a)
	text, err := repeatText(s, n)
	return String(text), err
}

func repeatText(s string, n int) (string, error) {
	if len(s) > 0 && n > MaxText/len(s) {
		return "", Raise("MemoryError", "text of %d times %d bytes is over the limit of %d", n, len(s), MaxText)
	}
	return strings.Repeat(s, n), nil
}

func repeatItems(items []Value, n int) ([]Value, error) {
	if len(items) == 0 || n == 0 {
		return nil, nil
	}
	if n > MaxItems/len(items) {
		return nil, tooMany()
	}
	repeated := make([]Value, 0, n*len(items))
	for range n {
		repeated = append(repeated, items...)
	}
	return repeated, nil
}
