package python

// construct calls a built-in class.
func construct(c *Class, t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	switch c.kind {
	case kindBool:
		return newBool(args, kwargs)
	case kindInt:
		return newInt(args, kwargs)
	case kindFloat:
		return newFloat(args, kwargs)
	case kindComplex:
		return newComplex(args, kwargs)
	case kindStr:
		return newStr(args, kwargs)
	case kindBytes:
		return newBytes(t, args, kwargs)
	case kindByteArray:
		data, err := newBytes(t, args, kwargs)
		if err != nil {
			return nil, err
		}
		return &ByteArray{[]byte(data.(Bytes))}, nil
	case kindList:
		items, err := optionalItems("list", t, args, kwargs)
		return &List{items}, err
	case kindTuple:
		if len(args) == 1 && len(kwargs) == 0 {
			if v, ok := args[0].(*Tuple); ok && v.Named == nil {
				return v, nil
			}
		}
		items, err := optionalItems("tuple", t, args, kwargs)
		return NewTuple(items...), err
	case kindDict:
		if err := positional("dict", args, nil, 0, 1); err != nil {
			return nil, err
		}
		d := NewDict()
		return d, d.update(t, argAt(args, 0), kwargs)
	case kindSet, kindFrozenSet:
		return newSet(c, t, args, kwargs)
	case kindRange:
		return newRange(t, args, kwargs)
	case kindMap:
		return newMap(t, args, kwargs)
	case kindFilter:
		return newFilter(t, args, kwargs)
	case kindZip:
		return newZip(t, args, kwargs)
	case kindEnumerate:
		return newEnumerate(t, args, kwargs)
	case kindReversed:
		return newReversed(t, args, kwargs)
	case kindSlice:
		return newSlice(args, kwargs)
	case kindType:
		if len(args) != 1 || len(kwargs) > 0 {
			return nil, typeError("type() takes 1 or 3 arguments")
		}
		return ClassOf(args[0]), nil
	}
	return nil, typeError("cannot create '%s' instances", c.Name)
}

func newBool(args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("bool", args, kwargs, 0, 1); err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return False, nil
	}
	truth, err := Truth(args[0])
	return Bool(truth), err
}

func optionalItems(name string, t *Thread, args []Value, kwargs []Keyword) ([]Value, error) {
	if err := positional(name, args, kwargs, 0, 1); err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return nil, nil
	}
	return Collect(t, args[0])
}

func newSet(c *Class, t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional(c.Name, args, kwargs, 0, 1); err != nil {
		return nil, err
	}
	s := &Set{Frozen: c.kind == kindFrozenSet}
	if len(args) == 0 {
		return s, nil
	}
	if from, ok := args[0].(*Set); ok {
		s.table = from.table.clone()
		return s, t.Step(s.table.live)
	}
	return s, Each(t, args[0], s.Add)
}

func newSlice(args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("slice", args, kwargs, 1, 3); err != nil {
		return nil, err
	}
	if len(args) == 1 {
		return &SliceKey{Stop: args[0]}, nil
	}
	return &SliceKey{args[0], args[1], argAt(args, 2)}, nil
}

var strSignature = signature{name: "str", params: []string{"object", "encoding", "errors"}, positional: 3}

func newStr(args []Value, kwargs []Keyword) (Value, error) {
	if len(args) == 1 && len(kwargs) == 0 {
		s, err := Str(args[0])
		return String(s), err
	}
	var bound [3]Value
	if err := strSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	v := bound[0]
	if v == nil {
		return String(""), nil
	}
	if bound[1] == nil && bound[2] == nil {
		s, err := Str(v)
		return String(s), err
	}
	encoding, handler := "utf-8", "strict"
	var err error
	if bound[1] != nil {
		if encoding, err = strArg("str", "argument 'encoding'", bound[1]); err != nil {
			return nil, err
		}
	}
	if bound[2] != nil {
		if handler, err = strArg("str", "argument 'errors'", bound[2]); err != nil {
			return nil, err
		}
	}
	if _, ok := AsText(v); ok {
		return nil, typeError("decoding str is not supported")
	}
	data, ok := bytesOf(v)
	if !ok {
		return nil, typeError("decoding to str: need a bytes-like object, %s found", v.Type())
	}
	s, err := Decode(data, encoding, handler)
	return String(s), err
}

var bytesSignature = signature{name: "bytes", params: []string{"source", "encoding", "errors"}, positional: 3}

func newBytes(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	var bound [3]Value
	if err := bytesSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	encoding, handler := "", "strict"
	var err error
	if bound[1] != nil {
		if encoding, err = strArg("bytes", "argument 'encoding'", bound[1]); err != nil {
			return nil, err
		}
	}
	if bound[2] != nil {
		if handler, err = strArg("bytes", "argument 'errors'", bound[2]); err != nil {
			return nil, err
		}
	}
	v := bound[0]
	if v == nil {
		return Bytes(""), nil
	}
	if s, ok := AsText(v); ok {
		if bound[1] == nil {
			return nil, typeError("string argument without an encoding")
		}
		data, err := Encode(s, encoding, handler)
		return Bytes(data), err
	}
	if bound[1] != nil {
		return nil, typeError("encoding without a string argument")
	}
	if data, ok := bytesOf(v); ok {
		return Bytes(data), nil
	}
	if IsInt(v) {
		if _, ok := v.(*BigInt); ok {
			return nil, Raise("OverflowError", "cannot fit 'int' into an index-sized integer")
		}
		n, err := AsInt(v)
		switch {
		case err != nil:
			return nil, err
		case n < 0:
			return nil, valueError("negative count")
		case n > MaxText:
			return nil, tooLong(n)
		}
		return Bytes(make([]byte, n)), nil
	}
	if _, err := Iter(v); err != nil {
		return nil, typeError("cannot convert '%s' object to bytes", v.Type())
	}
	var data []byte
	err = Each(t, v, func(item Value) error {
		n, err := AsInt(item)
		if IsError(err, "OverflowError") || err == nil && (n < 0 || n > 255) {
			return valueError("bytes must be in range(0, 256)")
		}
		data = append(data, byte(n))
		return err
	})
	return Bytes(data), err
}
