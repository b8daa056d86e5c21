package python

import "unicode/utf8"

// GetItem evaluates v[key].
func GetItem(v, key Value) (Value, error) {
	switch v := v.(type) {
	case *Dict:
		return dictItem(v, key)
	case *List:
		if s, ok := key.(*SliceKey); ok {
			b, err := s.resolve(len(v.Items))
			if err != nil {
				return nil, err
			}
			return &List{b.pick(v.Items)}, nil
		}
		i, err := sequenceIndex("list", key, len(v.Items), "list index out of range")
		if err != nil {
			return nil, err
		}
		return v.Items[i], nil
	case *Tuple:
		if s, ok := key.(*SliceKey); ok {
			b, err := s.resolve(len(v.Items))
			if err != nil {
				return nil, err
			}
			return NewTuple(b.pick(v.Items)...), nil
		}
		i, err := sequenceIndex("tuple", key, len(v.Items), "tuple index out of range")
		if err != nil {
			return nil, err
		}
		return v.Items[i], nil
	case String:
		return textItem(string(v), key)
	case *Range:
		return rangeItem(v, key)
	case Bytes, *ByteArray:
		return bytesItem(v, key)
	case Getter:
		return v.GetItem(key)
	case Texter:
		return textItem(v.Text(), key)
	}
	if c, ok := v.(*Class); ok {
		return nil, typeError("type '%s' is not subscriptable", c.Name)
	}
	return nil, typeError("'%s' object is not subscriptable", v.Type())
}

// SetItem evaluates v[key] = value.
func SetItem(v, key, value Value) error {
	switch v := v.(type) {
	case *Dict:
		return v.Set(key, value)
	case *List:
		if s, ok := key.(*SliceKey); ok {
			return setSlice(v, s, value)
		}
		i, err := sequenceIndex("list", key, len(v.Items), "list assignment index out of range")
		if err != nil {
			return err
		}
		v.Items[i] = value
		return nil
	case Setter:
		return v.SetItem(key, value)
	}
	return typeError("'%s' object does not support item assignment", v.Type())
}

// DelItem evaluates del v[key].
func DelItem(v, key Value) error {
	switch v := v.(type) {
	case *Dict:
		_, ok, err := v.Delete(key)
		if err == nil && !ok {
			err = keyError(key)
		}
		return err
	case *List:
		if s, ok := key.(*SliceKey); ok {
			return deleteSlice(v, s)
		}
		i, err := sequenceIndex("list", key, len(v.Items), "list assignment index out of range")
		if err != nil {
			return err
		}
		v.Items = append(v.Items[:i], v.Items[i+1:]...)
		return nil
	case Deleter:
		return v.DelItem(key)
	}
	return typeError("'%s' object doesn't support item deletion", v.Type())
}

func dictItem(d *Dict, key Value) (Value, error) {
	value, ok, err := d.Get(key)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, keyError(key)
	}
	return value, nil
}

// sequenceIndex checks the index of a sequence of n items and makes it
// positive.
func sequenceIndex(kind string, key Value, n int, outOfRange string) (int, error) {
	if !IsInt(key) {
		return 0, typeError("%s indices must be integers or slices, not %s", kind, key.Type())
	}
	return wrapIndex(key, n, outOfRange)
}

func wrapIndex(key Value, n int, outOfRange string) (int, error) {
	if _, ok := key.(*BigInt); ok {
		return 0, Raise("IndexError", "cannot fit 'int' into an index-sized integer")
	}
	i64, _ := smallInt(key)
	i := int(i64)
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return 0, Raise("IndexError", "%s", outOfRange)
	}
	return i, nil
}

func textItem(s string, key Value) (Value, error) {
	if k, ok := key.(*SliceKey); ok {
		part, err := sliceText(s, k)
		return String(part), err
	}
	if !IsInt(key) {
		return nil, typeError("string indices must be integers, not '%s'", key.Type())
	}
	i, err := wrapIndex(key, utf8.RuneCountInString(s), "string index out of range")
	if err != nil {
		return nil, err
	}
	at := runeOffset(s, i)
	return String(s[at : at+runeLen(s[at:])]), nil
}

func bytesItem(v, key Value) (Value, error) {
	data, _ := bytesOf(v)
	kind, outOfRange := "byte", "index out of range"
	if v.Type() == "bytearray" {
		kind, outOfRange = "bytearray", "bytearray index out of range"
	}
	if k, ok := key.(*SliceKey); ok {
		b, err := k.resolve(len(data))
		if err != nil {
			return nil, err
		}
		return bytesLike(v, b.pickBytes(data)), nil
	}
	i, err := sequenceIndex(kind, key, len(data), outOfRange)
	if err != nil {
		return nil, err
	}
	return Int(data[i]), nil
}

// bytesLike returns data as the type of v.
func bytesLike(v Value, data string) Value {
	if _, ok := v.(*ByteArray); ok {
		return &ByteArray{[]byte(data)}
	}
	return Bytes(data)
}

func rangeItem(r *Range, key Value) (Value, error) {
	if s, ok := key.(*SliceKey); ok {
		b, err := s.resolve(r.Count())
		if err != nil {
			return nil, err
		}
		start := r.Start + int64(b.start)*r.Step
		step := r.Step * int64(b.step)
		return &Range{start, start + int64(b.count)*step, step}, nil
	}
	i, err := sequenceIndex("range", key, r.Count(), "range object index out of range")
	if err != nil {
		return nil, err
	}
	return r.At(i), nil
}

func setSlice(l *List, key *SliceKey, value Value) error {
	items, err := Collect(nil, value)
	if err != nil {
		if IsError(err, "TypeError") {
			return typeError("can only assign an iterable")
		}
		return err
	}
	b, err := key.resolve(len(l.Items))
	if err != nil {
		return err
	}
	if b.step == 1 {
		rest := append(items, l.Items[b.start+b.count:]...)
		l.Items = append(l.Items[:b.start:b.start], rest...)
		return nil
	}
	if len(items) != b.count {
		return valueError("attempt to assign sequence of size %d to extended slice of size %d", len(items), b.count)
	}
	for i, item := range items {
		l.Items[b.start+i*b.step] = item
	}
	return nil
}

func deleteSlice(l *List, key *SliceKey) error {
	b, err := key.resolve(len(l.Items))
	if err != nil {
		return err
	}
	drop := make(map[int]bool, b.count)
	for i := range b.count {
		drop[b.start+i*b.step] = true
	}
	kept := make([]Value, 0, len(l.Items)-b.count)
	for i, item := range l.Items {
		if !drop[i] {
			kept = append(kept, item)
		}
	}
	l.Items = kept
	return nil
}
