package python

// dictMethod returns a method of dict, or nil.
func dictMethod(name string) method {
	switch name {
	case "clear":
		return dictClear
	case "copy":
		return dictCopy
	case "fromkeys":
		return dictFromkeys
	case "get":
		return dictGet
	case "items":
		return dictItems
	case "keys":
		return dictKeys
	case "pop":
		return dictPop
	case "popitem":
		return dictPopitem
	case "setdefault":
		return dictSetdefault
	case "update":
		return dictUpdate
	case "values":
		return dictValues
	}
	return nil
}

func dictClear(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("dict.clear", args, kwargs); err != nil {
		return nil, err
	}
	self.(*Dict).Clear()
	return None, nil
}

func dictCopy(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("dict.copy", args, kwargs); err != nil {
		return nil, err
	}
	return self.(*Dict).Copy(), nil
}

func dictFromkeys(t *Thread, _ Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("dict.fromkeys", args, kwargs, 1, 2); err != nil {
		return nil, err
	}
	value := orNone(argAt(args, 1))
	d := NewDict()
	err := Each(t, args[0], func(key Value) error { return d.Set(key, value) })
	if err != nil {
		return nil, err
	}
	return d, nil
}

func dictGet(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("dict.get", args, kwargs, 1, 2); err != nil {
		return nil, err
	}
	v, ok, err := self.(*Dict).Get(args[0])
	if err != nil || ok {
		return v, err
	}
	return orNone(argAt(args, 1)), nil
}

func dictItems(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("dict.items", args, kwargs); err != nil {
		return nil, err
	}
	return &DictView{self.(*Dict), viewItems}, nil
}

func dictKeys(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("dict.keys", args, kwargs); err != nil {
		return nil, err
	}
	return &DictView{self.(*Dict), viewKeys}, nil
}

func dictValues(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("dict.values", args, kwargs); err != nil {
		return nil, err
	}
	return &DictView{self.(*Dict), viewValues}, nil
}

func dictPop(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("dict.pop", args, kwargs, 1, 2); err != nil {
		return nil, err
	}
	v, ok, err := self.(*Dict).Delete(args[0])
	if err != nil || ok {
		return v, err
	}
	if len(args) == 2 {
		return args[1], nil
	}
	return nil, keyError(args[0])
}

func dictPopitem(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("dict.popitem", args, kwargs); err != nil {
		return nil, err
	}
	d := self.(*Dict)
	for i := len(d.table.entries) - 1; i >= 0; i-- {
		if e := d.table.entries[i]; e.key != nil {
			d.table.remove(i)
			return NewTuple(e.key, e.value), nil
		}
	}
	return nil, keyError(String("popitem(): dictionary is empty"))
}

func dictSetdefault(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("dict.setdefault", args, kwargs, 1, 2); err != nil {
		return nil, err
	}
	d := self.(*Dict)
	v, ok, err := d.Get(args[0])
	if err != nil || ok {
		return v, err
	}
	v = orNone(argAt(args, 1))
	return v, d.Set(args[0], v)
}

func dictUpdate(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("dict.update", args, nil, 0, 1); err != nil {
		return nil, err
	}
	return None, self.(*Dict).update(t, argAt(args, 0), kwargs)
}

// update adds what dict() and dict.update() take: a mapping or pairs, and
// keywords.
func (d *Dict) update(t *Thread, from Value, kwargs []Keyword) error {
	if from != nil {
		if err := d.updateFrom(t, from); err != nil {
			return err
		}
	}
	for _, kw := range kwargs {
		d.SetString(kw.Name, kw.Value)
	}
	return nil
}

func (d *Dict) updateFrom(t *Thread, from Value) error {
	if other, ok := from.(*Dict); ok {
		if err := t.Step(other.Size()); err != nil {
			return err
		}
		if d != other && d.table.live == 0 {
			d.table = other.table.clone()
			return nil
		}
		for key, value := range other.All {
			if err := d.Set(key, value); err != nil {
				return err
			}
		}
		return nil
	}
	if keys, ok, err := LookupAttr(from, "keys"); err != nil {
		return err
	} else if ok {
		list, err := Call(t, keys, nil, nil)
		if err != nil {
			return err
		}
		return Each(t, list, func(key Value) error {
			value, err := GetItem(from, key)
			if err != nil {
				return err
			}
			return d.Set(key, value)
		})
	}
	n := 0
	return Each(t, from, func(item Value) error {
		if _, err := Iter(item); err != nil {
			return typeError("cannot convert dictionary update sequence element #%d to a sequence", n)
		}
		pair, err := Collect(t, item)
		if err != nil {
			return err
		}
		if len(pair) != 2 {
			return valueError("dictionary update sequence element #%d has length %d; 2 is required", n, len(pair))
		}
		n++
		return d.Set(pair[0], pair[1])
	})
}

// viewMethod returns a method of a dict view, or nil.
func viewMethod(name string) method {
	if name == "isdisjoint" {
		return setIsdisjoint
	}
	return nil
}
