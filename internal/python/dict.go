package python

// Dict is a Python dict, shared by reference.
type Dict struct {
	table table
}

// NewDict returns an empty dict.
func NewDict() *Dict { return &Dict{} }

// Type implements Value.
func (*Dict) Type() string { return "dict" }

// Len implements Sized.
func (d *Dict) Len() (int, error) { return d.table.live, nil }

// Size is the number of items.
func (d *Dict) Size() int { return d.table.live }

// Get returns the value of the key; ok is false if it is absent. A key that
// can't be hashed is an error.
func (d *Dict) Get(key Value) (v Value, ok bool, err error) {
	i, _, err := d.table.find(key)
	if err != nil || i < 0 {
		return nil, false, err
	}
	return d.table.entries[i].value, true, nil
}

// GetString returns the value of a str key.
func (d *Dict) GetString(key string) (Value, bool) {
	i := d.table.findString(key)
	if i < 0 {
		return nil, false
	}
	return d.table.entries[i].value, true
}

// Set sets the value of the key.
func (d *Dict) Set(key, value Value) error { return d.table.set(key, value) }

// SetString sets the value of a str key.
func (d *Dict) SetString(key string, value Value) {
	if i := d.table.findString(key); i >= 0 {
		d.table.entries[i].value = value
		return
	}
	var hash uint64
	if d.table.index != nil {
		hash = hashString(key)
	}
	// A dict that holds its keys can hash them again: no error is possible.
	_ = d.table.add(String(key), value, hash)
}

// Delete removes the key and returns its value; ok is false if it is absent.
func (d *Dict) Delete(key Value) (v Value, ok bool, err error) {
	i, _, err := d.table.find(key)
	if err != nil || i < 0 {
		return nil, false, err
	}
	v = d.table.entries[i].value
	d.table.remove(i)
	return v, true, nil
}

// Clear removes all items.
func (d *Dict) Clear() { d.table.clear() }

// Copy returns a shallow copy.
func (d *Dict) Copy() *Dict { return &Dict{d.table.clone()} }

// All calls yield for each item in order until it returns false. The dict must
// not be changed meanwhile.
func (d *Dict) All(yield func(key, value Value) bool) {
	for _, e := range d.table.entries {
		if e.key != nil && !yield(e.key, e.value) {
			return
		}
	}
}

// Keys returns the keys in a new slice.
func (d *Dict) Keys() []Value {
	keys := make([]Value, 0, d.table.live)
	for _, e := range d.table.entries {
		if e.key != nil {
			keys = append(keys, e.key)
		}
	}
	return keys
}

type viewKind uint8

const (
	viewKeys viewKind = iota
	viewValues
	viewItems
)

// DictView is what dict.keys(), dict.values() and dict.items() return.
type DictView struct {
	dict *Dict
	kind viewKind
}

// Type implements Value.
func (v *DictView) Type() string {
	switch v.kind {
	case viewKeys:
		return "dict_keys"
	case viewValues:
		return "dict_values"
	}
	return "dict_items"
}

// Len implements Sized.
func (v *DictView) Len() (int, error) { return v.dict.table.live, nil }

// Iter implements Iterable.
func (v *DictView) Iter() (Iterator, error) { return v.dict.iterate(v.kind), nil }

// Contains implements Container.
func (v *DictView) Contains(item Value) (bool, error) {
	switch v.kind {
	case viewKeys:
		_, ok, err := v.dict.Get(item)
		return ok, err
	case viewItems:
		pair, ok := item.(*Tuple)
		if !ok || len(pair.Items) != 2 {
			return false, nil
		}
		value, ok, err := v.dict.Get(pair.Items[0])
		if err != nil || !ok {
			return false, err
		}
		return same(value, pair.Items[1])
	}
	found := false
	err := Each(nil, v, func(value Value) (err error) {
		if !found {
			found, err = same(value, item)
		}
		return err
	})
	return found, err
}

func (d *Dict) iterate(kind viewKind) Iterator {
	return &dictIterator{dict: d, kind: kind, size: d.table.live}
}

type dictIterator struct {
	dict *Dict
	kind viewKind
	next int
	size int
}

func (it *dictIterator) Next() (Value, bool, error) {
	if it.dict.table.live != it.size {
		return nil, false, Raise("RuntimeError", "dictionary changed size during iteration")
	}
	entries := it.dict.table.entries
	for it.next < len(entries) {
		e := entries[it.next]
		it.next++
		if e.key == nil {
			continue
		}
		switch it.kind {
		case viewKeys:
			return e.key, true, nil
		case viewValues:
			return e.value, true, nil
		}
		return NewTuple(e.key, e.value), true, nil
	}
	return nil, false, nil
}
