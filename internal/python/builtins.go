package python

import (
	"math"
	"unicode/utf8"
)

// Builtins returns the built-in functions and types by name, in a dict of the
// caller's own.
func Builtins() *Dict {
	d := NewDict()
	for _, f := range []*Func{
		{"abs", builtinAbs}, {"all", builtinAll}, {"any", builtinAny}, {"ascii", builtinASCII},
		{"bin", builtinBin}, {"callable", builtinCallable}, {"chr", builtinChr},
		{"divmod", builtinDivmod}, {"format", builtinFormat}, {"hash", builtinHash},
		{"hex", builtinHex}, {"isinstance", builtinIsinstance}, {"iter", builtinIter},
		{"len", builtinLen}, {"max", builtinMax}, {"min", builtinMin}, {"next", builtinNext},
		{"oct", builtinOct}, {"ord", builtinOrd}, {"pow", builtinPow}, {"repr", builtinRepr},
		{"round", builtinRound}, {"sorted", builtinSorted}, {"sum", builtinSum},
	} {
		d.SetString(f.Name, f)
	}
	for _, c := range []*Class{
		BoolClass, BytesClass, ByteArrayClass, ComplexClass, DictClass, EnumerateClass,
		FilterClass, FloatClass, FrozenSetClass, IntClass, ListClass, MapClass, RangeClass,
		ReversedClass, SetClass, SliceClass, StrClass, TupleClass, ZipClass,
	} {
		d.SetString(c.Name, c)
	}
	return d
}

func builtinLen(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("len", args, kwargs)
	if err != nil {
		return nil, err
	}
	n, err := Len(v)
	return Int(n), err
}

func builtinRepr(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("repr", args, kwargs)
	if err != nil {
		return nil, err
	}
	s, err := Repr(v)
	return String(s), err
}

func builtinASCII(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("ascii", args, kwargs)
	if err != nil {
		return nil, err
	}
	s, err := ASCII(v)
	return String(s), err
}

func builtinHash(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("hash", args, kwargs)
	if err != nil {
		return nil, err
	}
	if h, ok := cpythonHash(v); ok {
		return Int(h), nil
	}
	h, err := Hash(v)
	return Int(h >> 3), err
}

func builtinCallable(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("callable", args, kwargs)
	if err != nil {
		return nil, err
	}
	return Bool(IsCallable(v)), nil
}

func builtinFormat(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("format", args, kwargs, 1, 2); err != nil {
		return nil, err
	}
	spec := ""
	if len(args) == 2 {
		var err error
		if spec, err = strArg("format", "argument 2", args[1]); err != nil {
			return nil, err
		}
	}
	s, err := Format(args[0], spec)
	return String(s), err
}

func builtinAll(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return quantify("all", t, args, kwargs, false)
}

func builtinAny(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return quantify("any", t, args, kwargs, true)
}

// quantify returns decisive at the first item with that truth.
func quantify(name string, t *Thread, args []Value, kwargs []Keyword, decisive bool) (Value, error) {
	v, err := oneArg(name, args, kwargs)
	if err != nil {
		return nil, err
	}
	it, err := Iter(v)
	if err != nil {
		return nil, err
	}
	for range MaxItems {
		item, ok, err := it.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return Bool(!decisive), nil
		}
		truth, err := Truth(item)
		if err != nil {
			return nil, err
		}
		if truth == decisive {
			return Bool(decisive), nil
		}
		if err := t.Step(1); err != nil {
			return nil, err
		}
	}
	return nil, tooMany()
}

func builtinChr(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("chr", args, kwargs)
	if err != nil {
		return nil, err
	}
	n, err := AsInt(v)
	switch {
	case IsError(err, "OverflowError") || err == nil && (n > math.MaxInt32 || n < math.MinInt32):
		return nil, Raise("OverflowError", "Python int too large to convert to C int")
	case err != nil:
		return nil, err
	case n < 0 || n > utf8.MaxRune:
		return nil, valueError("chr() arg not in range(0x110000)")
	case n >= 0xdc80 && n <= 0xdcff:
		return String([]byte{byte(n)}), nil
	case n >= 0xd800 && n <= 0xdfff:
		return nil, valueError("chr() of a surrogate is not supported: 0x%x", n)
	}
	return String(rune(n)), nil
}

func builtinOrd(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("ord", args, kwargs)
	if err != nil {
		return nil, err
	}
	n := 0
	if s, ok := AsText(v); ok {
		if n = utf8.RuneCountInString(s); n == 1 {
			r, size := utf8.DecodeRuneInString(s)
			if invalid(r, size) {
				return Int(0xdc00 + int(s[0])), nil
			}
			return Int(r), nil
		}
	} else if data, ok := bytesOf(v); ok {
		if n = len(data); n == 1 {
			return Int(data[0]), nil
		}
	} else {
		return nil, typeError("ord() expected string of length 1, but %s found", v.Type())
	}
	return nil, typeError("ord() expected a character, but string of length %d found", n)
}

func builtinIsinstance(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("isinstance", args, kwargs, 2, 2); err != nil {
		return nil, err
	}
	is, err := isInstanceOf(args[0], args[1], 0)
	return Bool(is), err
}

func isInstanceOf(v, class Value, depth int) (bool, error) {
	switch c := class.(type) {
	case *Class:
		return IsInstance(v, c), nil
	case *Tuple:
		if depth > MaxDepth {
			return false, Raise("RecursionError", "maximum recursion depth exceeded in __instancecheck__")
		}
		for _, item := range c.Items {
			if is, err := isInstanceOf(v, item, depth+1); err != nil || is {
				return is, err
			}
		}
		return false, nil
	}
	return false, typeError("isinstance() arg 2 must be a type, a tuple of types, or a union")
}

func builtinSorted(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("sorted", args, nil, 1, 1); err != nil {
		return nil, err
	}
	items, err := Collect(t, args[0])
	if err != nil {
		return nil, err
	}
	l := &List{items}
	if _, err := listSort(t, l, nil, kwargs); err != nil {
		return nil, err
	}
	return l, nil
}

var sumSignature = signature{name: "sum", params: []string{"iterable", "start"}, positional: 2}

func builtinSum(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if len(args) == 0 {
		return nil, typeError("sum() takes at least 1 positional argument (0 given)")
	}
	var bound [2]Value
	if err := sumSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	if _, err := Iter(bound[0]); err != nil {
		return nil, err
	}
	total := bound[1]
	switch v := total.(type) {
	case nil:
		total = Int(0)
	case String, Texter:
		return nil, typeError("sum() can't sum strings [use ''.join(seq) instead]")
	case Bytes:
		return nil, typeError("sum() can't sum bytes [use b''.join(seq) instead]")
	case *ByteArray:
		return nil, typeError("sum() can't sum bytearray [use b''.join(seq) instead]")
	case *List:
		return sumLists(t, v, bound[0])
	}
	err := Each(t, bound[0], func(item Value) (err error) {
		total, err = Binary(Add, total, item)
		return err
	})
	return total, err
}

// sumLists adds lists up in one, where adding two by two would copy the sum
// over and over.
func sumLists(t *Thread, start *List, lists Value) (Value, error) {
	sum := NewList(append([]Value(nil), start.Items...)...)
	var total Value = sum
	err := Each(t, lists, func(item Value) (err error) {
		list, ok := item.(*List)
		if !ok || total != Value(sum) {
			total, err = Binary(Add, total, item)
			return err
		}
		if len(sum.Items)+len(list.Items) > MaxItems {
			return tooMany()
		}
		sum.Items = append(sum.Items, list.Items...)
		return nil
	})
	return total, err
}

func builtinMax(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return extreme("max", Gt, t, args, kwargs)
}

func builtinMin(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return extreme("min", Lt, t, args, kwargs)
}

func extreme(name string, better CompareOp, t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if len(args) == 0 {
		return nil, typeError("%s expected at least 1 argument, got 0", name)
	}
	var key, missing Value
	for _, kw := range kwargs {
		switch kw.Name {
		case "key":
			key = kw.Value
		case "default":
			missing = kw.Value
		default:
			return nil, typeError("'%s' is an invalid keyword argument for %s()", kw.Name, name)
		}
	}
	var items Value = &Tuple{Items: args}
	if len(args) == 1 {
		items = args[0]
	} else if missing != nil {
		return nil, typeError("Cannot specify a default for %s() with multiple positional arguments", name)
	}
	var best, bestKey Value
	err := Each(t, items, func(item Value) (err error) {
		k := item
		if key != nil && key != None {
			if k, err = Call(t, key, []Value{item}, nil); err != nil {
				return err
			}
		}
		if best != nil {
			wins, err := Compare(better, k, bestKey)
			if err != nil || !wins {
				return err
			}
		}
		best, bestKey = item, k
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case best != nil:
		return best, nil
	case missing != nil:
		return missing, nil
	}
	return nil, valueError("%s() arg is an empty sequence", name)
}
