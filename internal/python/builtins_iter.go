package python

// iterValue is iter(v) as a value.
func iterValue(v Value) (Value, error) {
	it, err := Iter(v)
	if err != nil {
		return nil, err
	}
	if s, ok := it.(Value); ok {
		return s, nil
	}
	return NewStream(iteratorName(v), it), nil
}

func iteratorName(v Value) string {
	switch v := v.(type) {
	case String:
		if isASCII(string(v)) {
			return "str_ascii_iterator"
		}
		return "str_iterator"
	case *Dict:
		return "dict_keyiterator"
	case *DictView:
		switch v.kind {
		case viewItems:
			return "dict_itemiterator"
		case viewValues:
			return "dict_valueiterator"
		}
		return "dict_keyiterator"
	case *Set:
		return "set_iterator"
	}
	return v.Type() + "_iterator"
}

func builtinIter(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("iter", args, kwargs, 1, 2); err != nil {
		return nil, err
	}
	if len(args) == 1 {
		return iterValue(args[0])
	}
	if !IsCallable(args[0]) {
		return nil, typeError("iter(v, w): v must be callable")
	}
	return NewStream("callable_iterator", IteratorFunc(func() (Value, bool, error) {
		v, err := Call(t, args[0], nil, nil)
		if err != nil {
			return nil, false, err
		}
		end, err := Equal(v, args[1])
		return v, !end, err
	})), nil
}

func builtinNext(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("next", args, kwargs, 1, 2); err != nil {
		return nil, err
	}
	it, ok := args[0].(Iterator)
	if !ok {
		return nil, typeError("'%s' object is not an iterator", args[0].Type())
	}
	v, ok, err := it.Next()
	if err != nil || ok {
		return v, err
	}
	if len(args) == 2 {
		return args[1], nil
	}
	return nil, Raise("StopIteration", "")
}

func newMap(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := noKeywords("map", kwargs); err != nil {
		return nil, err
	}
	if len(args) < 2 {
		return nil, typeError("map() must have at least two arguments.")
	}
	f := args[0]
	inputs, err := iterators(args[1:])
	if err != nil {
		return nil, err
	}
	return NewStream("map", IteratorFunc(func() (Value, bool, error) {
		items := make([]Value, len(inputs))
		for i, in := range inputs {
			v, ok, err := in.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			items[i] = v
		}
		v, err := Call(t, f, items, nil)
		return v, err == nil, err
	}), inputs...), nil
}

func iterators(values []Value) ([]Iterator, error) {
	its := make([]Iterator, len(values))
	for i, v := range values {
		it, err := Iter(v)
		if err != nil {
			return nil, err
		}
		its[i] = it
	}
	return its, nil
}

func newFilter(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("filter", args, kwargs, 2, 2); err != nil {
		return nil, err
	}
	f := args[0]
	in, err := Iter(args[1])
	if err != nil {
		return nil, err
	}
	return NewStream("filter", IteratorFunc(func() (Value, bool, error) {
		for range MaxItems {
			v, ok, err := in.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			verdict := v
			if f != None && f != Value(BoolClass) {
				if verdict, err = Call(t, f, []Value{v}, nil); err != nil {
					return nil, false, err
				}
			}
			if keep, err := Truth(verdict); err != nil || keep {
				return v, err == nil, err
			}
			if err := t.Step(1); err != nil {
				return nil, false, err
			}
		}
		return nil, false, tooMany()
	}), in), nil
}

func newZip(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	strict := false
	for _, kw := range kwargs {
		if kw.Name != "strict" {
			return nil, typeError("'%s' is an invalid keyword argument for zip()", kw.Name)
		}
		var err error
		if strict, err = Truth(kw.Value); err != nil {
			return nil, err
		}
	}
	inputs, err := iterators(args)
	if err != nil {
		return nil, err
	}
	return NewStream("zip", IteratorFunc(func() (Value, bool, error) {
		if len(inputs) == 0 {
			return nil, false, nil
		}
		items := make([]Value, len(inputs))
		for i, in := range inputs {
			v, ok, err := in.Next()
			if err != nil {
				return nil, false, err
			}
			if !ok {
				if strict {
					err = zipLength(inputs, i)
				}
				return nil, false, err
			}
			items[i] = v
		}
		return NewTuple(items...), true, nil
	}), inputs...), nil
}

// zipLength is the error of a strict zip when the input at short has ended.
func zipLength(inputs []Iterator, short int) error {
	before := "argument 1"
	if short > 0 {
		if short > 1 {
			before = "arguments 1-" + formatInt(int64(short))
		}
		return valueError("zip() argument %d is shorter than %s", short+1, before)
	}
	for i, in := range inputs[1:] {
		_, ok, err := in.Next()
		if err != nil {
			return err
		}
		if ok {
			if i > 0 {
				before = "arguments 1-" + formatInt(int64(i+1))
			}
			return valueError("zip() argument %d is longer than %s", i+2, before)
		}
	}
	return nil
}

var enumerateSignature = signature{name: "enumerate", params: []string{"iterable", "start"}, positional: 2}

func newEnumerate(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	var bound [2]Value
	if err := enumerateSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	if bound[0] == nil {
		return nil, typeError("enumerate() missing required argument 'iterable'")
	}
	next, err := intArg(bound[1], 0)
	if err != nil {
		return nil, err
	}
	in, err := Iter(bound[0])
	if err != nil {
		return nil, err
	}
	return NewStream("enumerate", IteratorFunc(func() (Value, bool, error) {
		v, ok, err := in.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		next++
		return NewTuple(Int(next-1), v), true, nil
	}), in), nil
}

func newReversed(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("reversed", args, kwargs, 1, 1); err != nil {
		return nil, err
	}
	return Reversed(args[0])
}

// Reversed is reversed(v), an iterator from the end.
func Reversed(v Value) (Value, error) {
	name := "reversed"
	var items []Value
	switch v := v.(type) {
	case *Range:
		n := v.Count()
		if n == 0 {
			return NewStream("range_iterator", &rangeIterator{}), nil
		}
		last := v.Start + int64(n-1)*v.Step
		return NewStream("range_iterator", &rangeIterator{next: last, step: -v.Step, left: n}), nil
	case *List:
		return reversedList(v), nil
	case *Tuple:
		items = append(items, v.Items...)
	case *Dict, *DictView:
		name = iteratorName(v)
		name = "dict_reverse" + name[len("dict_"):]
		var err error
		if items, err = Collect(nil, v); err != nil {
			return nil, err
		}
	case String, Bytes, *ByteArray, Texter:
		var err error
		if items, err = Collect(nil, v); err != nil {
			return nil, err
		}
	default:
		// Anything that has a length and items is a sequence to Python.
		sized, hasLen := v.(Sized)
		getter, hasItems := v.(Getter)
		if !hasLen || !hasItems {
			return nil, typeError("'%s' object is not reversible", v.Type())
		}
		n, err := sized.Len()
		if err != nil {
			return nil, err
		}
		if n > MaxItems {
			return nil, Raise("MemoryError", "a sequence of %d items is too long to reverse", n)
		}
		for i := range n {
			item, err := getter.GetItem(Int(i))
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
	}
	reverse(items)
	return NewStream(name, &sliceIterator{items: items}), nil
}

func reversedList(l *List) Value {
	next := len(l.Items) - 1
	return NewStream("list_reverseiterator", IteratorFunc(func() (Value, bool, error) {
		if next < 0 || next >= len(l.Items) {
			return nil, false, nil
		}
		next--
		return l.Items[next+1], true, nil
	}))
}

func newRange(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("range", args, kwargs, 1, 3); err != nil {
		return nil, err
	}
	for _, arg := range args {
		if _, err := clampIndex(arg); err != nil {
			return nil, err
		}
	}
	bounds := [3]int64{0, 0, 1}
	for i, arg := range args {
		n, err := AsInt(arg)
		if err != nil {
			return nil, err
		}
		bounds[i] = int64(n)
	}
	if len(args) == 1 {
		bounds[0], bounds[1] = 0, bounds[0]
	}
	if bounds[2] == 0 {
		return nil, valueError("range() arg 3 must not be zero")
	}
	return &Range{bounds[0], bounds[1], bounds[2]}, nil
}
