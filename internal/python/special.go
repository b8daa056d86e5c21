package python

// specialMethod returns a method with a name like __len__, or nil.
func specialMethod(name string, k kind) method {
	switch name {
	case "__str__":
		return func(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
			return specialText(self, args, kwargs, Str)
		}
	case "__repr__":
		return func(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
			return specialText(self, args, kwargs, Repr)
		}
	case "__format__":
		return specialFormat
	case "__hash__":
		return specialHash
	}
	if op, ok := compareName(name); ok {
		return func(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
			if err := slotArgs(args, kwargs, 1); err != nil {
				return nil, err
			}
			result, err := Compare(op, self, args[0])
			return Bool(result), err
		}
	}
	if fn := containerMethod(name, k); fn != nil {
		return fn
	}
	return operatorMethod(name, k)
}

func specialText(self Value, args []Value, kwargs []Keyword, show func(Value) (string, error)) (Value, error) {
	if err := slotArgs(args, kwargs, 0); err != nil {
		return nil, err
	}
	s, err := show(self)
	return String(s), err
}

func specialFormat(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg(self.Type()+".__format__", args, kwargs)
	if err != nil {
		return nil, err
	}
	spec, err := strArg("__format__", "argument", v)
	if err != nil {
		return nil, err
	}
	s, err := Format(self, spec)
	return String(s), err
}

func specialHash(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := slotArgs(args, kwargs, 0); err != nil {
		return nil, err
	}
	h, err := Hash(self)
	return Int(h >> 3), err
}

func compareName(name string) (CompareOp, bool) {
	switch name {
	case "__eq__":
		return Eq, true
	case "__ne__":
		return Ne, true
	case "__lt__":
		return Lt, true
	case "__le__":
		return Le, true
	case "__gt__":
		return Gt, true
	case "__ge__":
		return Ge, true
	}
	return 0, false
}

// containerMethod returns the special methods of containers.
func containerMethod(name string, k kind) method {
	if k == kindStream {
		switch name {
		case "__iter__":
			return specialIter
		case "__next__":
			return specialNext
		}
		return nil
	}
	sized := k == kindStr || k == kindBytes || k == kindByteArray || k == kindList || k == kindTuple ||
		k == kindDict || k == kindSet || k == kindFrozenSet || k == kindRange || k == kindView
	if !sized {
		return nil
	}
	switch name {
	case "__len__":
		return specialLen
	case "__contains__":
		return specialContains
	case "__iter__":
		return specialIter
	}
	if k == kindSet || k == kindFrozenSet || k == kindView {
		return nil
	}
	switch {
	case name == "__getitem__":
		return specialGetitem
	case name == "__setitem__" && (k == kindDict || k == kindList):
		return specialSetitem
	case name == "__delitem__" && (k == kindDict || k == kindList):
		return specialDelitem
	}
	return nil
}

func specialIter(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := slotArgs(args, kwargs, 0); err != nil {
		return nil, err
	}
	return iterValue(self)
}

func specialNext(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := slotArgs(args, kwargs, 0); err != nil {
		return nil, err
	}
	v, ok, err := self.(*Stream).Next()
	if err == nil && !ok {
		err = Raise("StopIteration", "")
	}
	return v, err
}

func specialLen(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := slotArgs(args, kwargs, 0); err != nil {
		return nil, err
	}
	n, err := Len(self)
	return Int(n), err
}

func specialContains(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	var err error
	switch self.(type) {
	case *Dict, *Set:
		_, err = oneArg(self.Type()+".__contains__", args, kwargs)
	default:
		err = slotArgs(args, kwargs, 1)
	}
	if err != nil {
		return nil, err
	}
	found, err := Contains(self, args[0])
	return Bool(found), err
}

func specialGetitem(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := slotArgs(args, kwargs, 1); err != nil {
		return nil, err
	}
	return GetItem(self, args[0])
}

func specialSetitem(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if len(args) != 2 || len(kwargs) > 0 {
		return nil, typeError(" expected 2 arguments, got %d", len(args))
	}
	return None, SetItem(self, args[0], args[1])
}

func specialDelitem(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := slotArgs(args, kwargs, 1); err != nil {
		return nil, err
	}
	return None, DelItem(self, args[0])
}

// operatorMethod returns the special methods of arithmetic.
func operatorMethod(name string, k kind) method {
	numeric := k == kindInt || k == kindBool || k == kindFloat || k == kindComplex
	sequence := k == kindStr || k == kindBytes || k == kindByteArray || k == kindList || k == kindTuple
	var op Op
	switch name {
	case "__add__":
		op = Add
	case "__mul__":
		op = Mul
	case "__mod__":
		op = Mod
		sequence = k == kindStr || k == kindBytes
	case "__sub__":
		op = Sub
		sequence = k == kindSet || k == kindFrozenSet
	case "__truediv__":
		op, sequence = TrueDiv, false
	case "__floordiv__":
		op, sequence = FloorDiv, false
	case "__pow__":
		op, sequence = Pow, false
	case "__neg__", "__pos__", "__bool__":
		if numeric {
			return unaryMethod(name)
		}
		return nil
	default:
		return nil
	}
	if !numeric && !sequence {
		return nil
	}
	return func(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
		if err := slotArgs(args, kwargs, 1); err != nil {
			return nil, err
		}
		return Binary(op, self, args[0])
	}
}

func unaryMethod(name string) method {
	return func(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
		if err := slotArgs(args, kwargs, 0); err != nil {
			return nil, err
		}
		switch name {
		case "__neg__":
			return Unary(Neg, self)
		case "__pos__":
			return Unary(Pos, self)
		}
		truth, err := Truth(self)
		return Bool(truth), err
	}
}

// classMethod returns the methods that a class itself has, or nil.
func classMethod(k kind, name string) method {
	switch {
	case k == kindDict && name == "fromkeys":
		return dictFromkeys
	case k == kindStr && name == "maketrans":
		return strMaketrans
	case (k == kindBytes || k == kindByteArray) && name == "fromhex":
		return bytesFromhex
	case (k == kindInt || k == kindBool) && name == "from_bytes":
		return intFromBytes
	}
	return nil
}
