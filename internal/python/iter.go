package python

// Iterator gives one value after another.
type Iterator interface {
	// Next returns the next value, or ok = false at the end. After an error
	// or the end it must not be called again unless it is a Stream.
	Next() (v Value, ok bool, err error)
}

// IteratorFunc is a function as an Iterator.
type IteratorFunc func() (Value, bool, error)

// Next implements Iterator.
func (f IteratorFunc) Next() (Value, bool, error) { return f() }

// Stream is an iterator as a value: a generator, a map, a list_iterator. It
// can be walked once, and stays at its end.
type Stream struct {
	name  string
	it    Iterator
	done  bool
	depth int
}

// NewStream returns it as a value of the type name, such as "generator".
// inner are the iterators that it reads from; if they nest too deep, reading
// the stream is an error.
func NewStream(name string, it Iterator, inner ...Iterator) *Stream {
	depth := 0
	for _, i := range inner {
		if s, ok := i.(*Stream); ok {
			depth = max(depth, s.depth)
		}
	}
	return &Stream{name: name, it: it, depth: depth + 1}
}

// Type implements Value.
func (s *Stream) Type() string { return s.name }

// Iter implements Iterable.
func (s *Stream) Iter() (Iterator, error) { return s, nil }

// Next implements Iterator.
func (s *Stream) Next() (Value, bool, error) {
	if s.done {
		return nil, false, nil
	}
	if s.depth > MaxDepth {
		return nil, false, Raise("RecursionError", "maximum recursion depth exceeded")
	}
	v, ok, err := s.it.Next()
	if err != nil || !ok {
		s.done = true
		s.it = nil
		return nil, false, err
	}
	return v, true, nil
}

// Iter returns an iterator over v.
func Iter(v Value) (Iterator, error) {
	switch v := v.(type) {
	case *List:
		return &listIterator{list: v}, nil
	case *Tuple:
		return &sliceIterator{items: v.Items}, nil
	case String:
		return &stringIterator{rest: string(v)}, nil
	case *Dict:
		return v.iterate(viewKeys), nil
	case Iterable:
		return v.Iter()
	case Bytes, *ByteArray:
		data, _ := bytesOf(v)
		return &bytesIterator{data: data}, nil
	case Texter:
		return &stringIterator{rest: v.Text()}, nil
	}
	return nil, typeError("'%s' object is not iterable", v.Type())
}

// Each calls f for each item of v, within the budget of t.
func Each(t *Thread, v Value, f func(Value) error) error {
	it, err := Iter(v)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		item, ok, err := it.Next()
		if err != nil || !ok {
			return err
		}
		if n >= MaxItems {
			return tooMany()
		}
		if err := t.Step(1); err != nil {
			return err
		}
		if err := f(item); err != nil {
			return err
		}
	}
}

// Collect returns the items of v in a new slice, within the budget of t.
func Collect(t *Thread, v Value) ([]Value, error) {
	switch v := v.(type) {
	case *List:
		return append([]Value(nil), v.Items...), t.Step(len(v.Items))
	case *Tuple:
		return append([]Value(nil), v.Items...), t.Step(len(v.Items))
	}
	var items []Value
	if n, ok := sizeHint(v); ok {
		items = make([]Value, 0, n)
	}
	err := Each(t, v, func(item Value) error {
		items = append(items, item)
		return nil
	})
	return items, err
}

func sizeHint(v Value) (int, bool) {
	switch v := v.(type) {
	case *Dict:
		return v.table.live, true
	case *DictView:
		return v.dict.table.live, true
	case *Set:
		return v.table.live, true
	case *Range:
		n := v.Count()
		return n, n <= MaxItems
	}
	return 0, false
}

type listIterator struct {
	list *List
	next int
}

func (it *listIterator) Next() (Value, bool, error) {
	if it.next >= len(it.list.Items) {
		return nil, false, nil
	}
	it.next++
	return it.list.Items[it.next-1], true, nil
}

type sliceIterator struct {
	items []Value
	next  int
}

func (it *sliceIterator) Next() (Value, bool, error) {
	if it.next >= len(it.items) {
		return nil, false, nil
	}
	it.next++
	return it.items[it.next-1], true, nil
}

type stringIterator struct {
	rest string
}

func (it *stringIterator) Next() (Value, bool, error) {
	if it.rest == "" {
		return nil, false, nil
	}
	n := runeLen(it.rest)
	s := it.rest[:n]
	it.rest = it.rest[n:]
	return String(s), true, nil
}

type bytesIterator struct {
	data string
	next int
}

func (it *bytesIterator) Next() (Value, bool, error) {
	if it.next >= len(it.data) {
		return nil, false, nil
	}
	it.next++
	return Int(it.data[it.next-1]), true, nil
}
