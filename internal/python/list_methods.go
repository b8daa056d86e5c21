package python

// listMethod returns a method of list, or nil.
func listMethod(name string) method {
	switch name {
	case "append":
		return listAppend
	case "clear":
		return listClear
	case "copy":
		return listCopy
	case "count":
		return listCount
	case "extend":
		return listExtend
	case "index":
		return listIndex
	case "insert":
		return listInsert
	case "pop":
		return listPop
	case "remove":
		return listRemove
	case "reverse":
		return listReverse
	case "sort":
		return listSort
	}
	return nil
}

// tupleMethod returns a method of tuple, or nil.
func tupleMethod(name string) method {
	switch name {
	case "count":
		return tupleCount
	case "index":
		return tupleIndex
	}
	return nil
}

func listAppend(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("list.append", args, kwargs)
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	if len(l.Items) >= MaxItems {
		return nil, tooMany()
	}
	l.Items = append(l.Items, v)
	return None, nil
}

func listClear(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("list.clear", args, kwargs); err != nil {
		return nil, err
	}
	self.(*List).Items = nil
	return None, nil
}

func listCopy(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("list.copy", args, kwargs); err != nil {
		return nil, err
	}
	return NewList(append([]Value(nil), self.(*List).Items...)...), nil
}

func listCount(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("list.count", args, kwargs)
	if err != nil {
		return nil, err
	}
	return countItem(self.(*List).Items, v)
}

func tupleCount(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("tuple.count", args, kwargs)
	if err != nil {
		return nil, err
	}
	return countItem(self.(*Tuple).Items, v)
}

func countItem(items []Value, v Value) (Value, error) {
	n := 0
	w := walk{}
	for _, item := range items {
		equal, err := w.same(item, v)
		if err != nil {
			return nil, err
		}
		if equal {
			n++
		}
	}
	return Int(n), nil
}

func listExtend(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("list.extend", args, kwargs)
	if err != nil {
		return nil, err
	}
	items, err := Collect(t, v)
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	if len(l.Items)+len(items) > MaxItems {
		return nil, tooMany()
	}
	l.Items = append(l.Items, items...)
	return None, nil
}

func listIndex(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	i, err := indexItem("list.index", self.(*List).Items, args, kwargs)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		shown, err := Repr(args[0])
		if err != nil {
			return nil, err
		}
		return nil, valueError("%s is not in list", shown)
	}
	return Int(i), nil
}

func tupleIndex(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	i, err := indexItem("tuple.index", self.(*Tuple).Items, args, kwargs)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return nil, valueError("tuple.index(x): x not in tuple")
	}
	return Int(i), nil
}

// indexItem returns the position of the first argument between the others, or
// -1.
func indexItem(name string, items []Value, args []Value, kwargs []Keyword) (int, error) {
	if err := positional(name, args, kwargs, 1, 3); err != nil {
		return 0, err
	}
	bounds := [2]int{0, len(items)}
	for i, v := range args[1:] {
		if !IsInt(v) {
			return 0, typeError("slice indices must be integers or have an __index__ method")
		}
		n, err := clampInt(v)
		if err != nil {
			return 0, err
		}
		bounds[i] = wrapBound(n, len(items))
	}
	w := walk{}
	for i := bounds[0]; i < min(bounds[1], len(items)); i++ {
		equal, err := w.same(items[i], args[0])
		if err != nil {
			return 0, err
		}
		if equal {
			return i, nil
		}
	}
	return -1, nil
}

func listInsert(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("list.insert", args, kwargs, 2, 2); err != nil {
		return nil, err
	}
	i, err := AsInt(args[0])
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	if len(l.Items) >= MaxItems {
		return nil, tooMany()
	}
	i = min(wrapBound(i, len(l.Items)), len(l.Items))
	l.Items = append(l.Items, nil)
	copy(l.Items[i+1:], l.Items[i:])
	l.Items[i] = args[1]
	return None, nil
}

func listPop(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("list.pop", args, kwargs, 0, 1); err != nil {
		return nil, err
	}
	i, err := intArg(argAt(args, 0), -1)
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	n := len(l.Items)
	if n == 0 {
		return nil, Raise("IndexError", "pop from empty list")
	}
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return nil, Raise("IndexError", "pop index out of range")
	}
	v := l.Items[i]
	l.removeAt(i)
	return v, nil
}

func (l *List) removeAt(i int) {
	copy(l.Items[i:], l.Items[i+1:])
	l.Items[len(l.Items)-1] = nil
	l.Items = l.Items[:len(l.Items)-1]
}

func listRemove(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("list.remove", args, kwargs)
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	w := walk{}
	for i, item := range l.Items {
		equal, err := w.same(item, v)
		if err != nil {
			return nil, err
		}
		if equal {
			l.removeAt(i)
			return None, nil
		}
	}
	return nil, valueError("list.remove(x): x not in list")
}

func listReverse(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("list.reverse", args, kwargs); err != nil {
		return nil, err
	}
	reverse(self.(*List).Items)
	return None, nil
}

var sortSignature = signature{name: "sort", params: []string{"key", "reverse"}}

func listSort(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	var bound [2]Value
	if err := sortSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	descending, err := intArg(bound[1], 0)
	if err != nil {
		return nil, err
	}
	l := self.(*List)
	sorted, err := SortItems(t, l.Items, bound[0], descending != 0)
	if err != nil {
		return nil, err
	}
	l.Items = sorted
	return None, nil
}
