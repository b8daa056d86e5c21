package python

import "unicode/utf8"

// Truth reports whether v counts as true.
func Truth(v Value) (bool, error) {
	switch v := v.(type) {
	case Bool:
		return bool(v), nil
	case String:
		return v != "", nil
	case NoneType:
		return false, nil
	case Int:
		return v != 0, nil
	case *List:
		return len(v.Items) > 0, nil
	case *Dict:
		return v.table.live > 0, nil
	case *Tuple:
		return len(v.Items) > 0, nil
	case Float:
		return v != 0, nil
	case Complex:
		return v != 0, nil
	case Bytes:
		return v != "", nil
	case *ByteArray:
		return len(v.Data) > 0, nil
	case *Range:
		return v.Count() > 0, nil
	case Truther:
		return v.Truth()
	case Sized:
		n, err := v.Len()
		return n > 0, err
	case Texter:
		return v.Text() != "", nil
	}
	return true, nil
}

// Len returns the length of v.
func Len(v Value) (int, error) {
	switch v := v.(type) {
	case String:
		return utf8.RuneCountInString(string(v)), nil
	case *List:
		return len(v.Items), nil
	case *Tuple:
		return len(v.Items), nil
	case *Dict:
		return v.table.live, nil
	case Bytes:
		return len(v), nil
	case *ByteArray:
		return len(v.Data), nil
	case *Range:
		return v.Count(), nil
	case Sized:
		return v.Len()
	case Texter:
		return utf8.RuneCountInString(v.Text()), nil
	}
	return 0, typeError("object of type '%s' has no len()", v.Type())
}
