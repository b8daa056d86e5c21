package python

// Set is a Python set, shared by reference, or a frozenset.
type Set struct {
	table  table
	Frozen bool
}

// NewSet returns a set of the items.
func NewSet(items ...Value) (*Set, error) {
	s := &Set{}
	for _, item := range items {
		if err := s.Add(item); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Type implements Value.
func (s *Set) Type() string {
	if s.Frozen {
		return "frozenset"
	}
	return "set"
}

// Len implements Sized.
func (s *Set) Len() (int, error) { return s.table.live, nil }

// Add adds an item. It does not look at Frozen.
func (s *Set) Add(item Value) error {
	i, _, err := s.table.find(item)
	if err != nil || i >= 0 {
		return err
	}
	return s.table.set(item, nil)
}

// Contains implements Container. A set in a set is looked up as a frozenset.
func (s *Set) Contains(item Value) (bool, error) {
	if inner, ok := item.(*Set); ok && !inner.Frozen {
		item = &Set{table: inner.table, Frozen: true}
	}
	i, _, err := s.table.find(item)
	return i >= 0, err
}

// Discard removes an item if it is there.
func (s *Set) Discard(item Value) (bool, error) {
	i, _, err := s.table.find(item)
	if err != nil || i < 0 {
		return false, err
	}
	s.table.remove(i)
	return true, nil
}

// Items returns the items in a new slice, in the order in which Python would
// give them where that does not depend on its random hashes: numbers by their
// hash. Other sets are in order of insertion.
func (s *Set) Items() []Value {
	items := make([]Value, 0, s.table.live)
	for _, e := range s.table.entries {
		if e.key != nil {
			items = append(items, e.key)
		}
	}
	return numericOrder(items)
}

// Iter implements Iterable.
func (s *Set) Iter() (Iterator, error) {
	return &setIterator{set: s, items: s.Items(), size: s.table.live}, nil
}

type setIterator struct {
	set   *Set
	items []Value
	next  int
	size  int
}

func (it *setIterator) Next() (Value, bool, error) {
	if it.set.table.live != it.size {
		return nil, false, Raise("RuntimeError", "Set changed size during iteration")
	}
	if it.next >= len(it.items) {
		return nil, false, nil
	}
	it.next++
	return it.items[it.next-1], true, nil
}

// numericOrder puts numbers where CPython's set of them has them, and leaves
// items alone if there is anything else.
func numericOrder(items []Value) []Value {
	hashes := make([]int64, len(items))
	for i, item := range items {
		h, ok := cpythonHash(item)
		if !ok {
			return items
		}
		hashes[i] = h
	}
	slots := setSlots{mask: 7, at: make([]int, 8)}
	for i := range items {
		slots.place(hashes, i)
		slots.used++
		if slots.used*5 >= int(slots.mask)*3 {
			slots.grow(hashes)
		}
	}
	ordered := items[:0:0]
	for _, i := range slots.at {
		if i != 0 {
			ordered = append(ordered, items[i-1])
		}
	}
	return ordered
}

// setSlots follows the probing of CPython's set.
type setSlots struct {
	at   []int // index of the item plus one
	mask uint64
	used int
}

func (s *setSlots) place(hashes []int64, item int) {
	const linearProbes = 9
	perturb := uint64(hashes[item])
	i := perturb & s.mask
	for {
		probes := uint64(0)
		if i+linearProbes <= s.mask {
			probes = linearProbes
		}
		for j := i; j <= i+probes; j++ {
			if s.at[j] == 0 {
				s.at[j] = item + 1
				return
			}
		}
		perturb >>= 5
		i = (i*5 + 1 + perturb) & s.mask
	}
}

func (s *setSlots) grow(hashes []int64) {
	target := s.used * 4
	if s.used > 50000 {
		target = s.used * 2
	}
	size := 8
	for size <= target {
		size *= 2
	}
	old := s.at
	s.at, s.mask = make([]int, size), uint64(size-1)
	for _, i := range old {
		if i != 0 {
			s.place(hashes, i-1)
		}
	}
}
