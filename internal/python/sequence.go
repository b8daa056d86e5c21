package python

// List is a Python list, shared by reference.
type List struct {
	Items []Value
}

// NewList returns a list of the items.
func NewList(items ...Value) *List { return &List{items} }

// Type implements Value.
func (*List) Type() string { return "list" }

// Tuple is a Python tuple. Its items must not be changed.
type Tuple struct {
	Items []Value
	// Named is set for the tuples whose items are also attributes.
	Named *TupleType
}

// TupleType is the class of a named tuple.
type TupleType struct {
	Name   string
	Fields []string
	// Plain is set where repr shows a bare tuple.
	Plain bool
}

// NewTuple returns a tuple of the items.
func NewTuple(items ...Value) *Tuple { return &Tuple{Items: items} }

// Type implements Value.
func (t *Tuple) Type() string {
	if t.Named != nil {
		return t.Named.Name
	}
	return "tuple"
}

// Range is a Python range.
type Range struct {
	Start, Stop, Step int64
}

// Type implements Value.
func (*Range) Type() string { return "range" }

// Count is the number of items.
func (r *Range) Count() int {
	var n uint64
	switch {
	case r.Step > 0 && r.Start < r.Stop:
		n = (uint64(r.Stop)-uint64(r.Start)-1)/uint64(r.Step) + 1
	case r.Step < 0 && r.Start > r.Stop:
		n = (uint64(r.Start)-uint64(r.Stop)-1)/(-uint64(r.Step)) + 1
	}
	const most = 1<<63 - 1
	return int(min(n, most))
}

// At returns the item i, which must exist.
func (r *Range) At(i int) Value { return Int(r.Start + int64(i)*r.Step) }

// Iter implements Iterable.
func (r *Range) Iter() (Iterator, error) {
	return &rangeIterator{next: r.Start, step: r.Step, left: r.Count()}, nil
}

type rangeIterator struct {
	next, step int64
	left       int
}

func (it *rangeIterator) Next() (Value, bool, error) {
	if it.left == 0 {
		return nil, false, nil
	}
	v := it.next
	it.next += it.step
	it.left--
	return Int(v), true, nil
}
