package python

// table is the hash table behind dict and set: entries in order of insertion,
// and above a handful of them an index by hash with linear probing.
type table struct {
	entries []entry
	index   []int32 // position of an entry plus one, or free or gone; nil while small
	filled  int     // places of the index that are not free
	live    int     // entries that are not removed
}

type entry struct {
	key   Value // nil when removed
	value Value
	hash  uint64 // set once there is an index
}

// The places of an index without an entry: where probing ends, and where it
// goes on.
const (
	free = 0
	gone = -1
)

// smallTable is the number of entries that are searched without an index.
const smallTable = 8

// findString returns the position of a str key, or -1.
func (t *table) findString(key string) int {
	if t.index == nil {
		for i := range t.entries {
			switch k := t.entries[i].key.(type) {
			case String:
				if string(k) == key {
					return i
				}
			case nil:
			default:
				if text, ok := AsText(k); ok && text == key {
					return i
				}
			}
		}
		return -1
	}
	hash := hashString(key)
	mask := uint64(len(t.index) - 1)
	for slot := hash & mask; t.index[slot] != free; slot = (slot + 1) & mask {
		i := int(t.index[slot]) - 1
		if i < 0 || t.entries[i].hash != hash {
			continue
		}
		e := &t.entries[i]
		if text, ok := AsText(e.key); ok && text == key {
			return i
		}
	}
	return -1
}

// find returns the position of the key, or -1, and the key's hash if there is
// an index.
func (t *table) find(key Value) (int, uint64, error) {
	if s, ok := key.(String); ok {
		return t.findString(string(s)), 0, nil
	}
	hash, err := Hash(key)
	if err != nil {
		return -1, 0, err
	}
	if t.index == nil {
		for i := range t.entries {
			if t.entries[i].key == nil {
				continue
			}
			same, err := sameKey(t.entries[i].key, key)
			if err != nil {
				return -1, 0, err
			}
			if same {
				return i, hash, nil
			}
		}
		return -1, hash, nil
	}
	mask := uint64(len(t.index) - 1)
	for slot := hash & mask; t.index[slot] != free; slot = (slot + 1) & mask {
		i := int(t.index[slot]) - 1
		if i < 0 || t.entries[i].hash != hash {
			continue
		}
		e := &t.entries[i]
		same, err := sameKey(e.key, key)
		if err != nil {
			return -1, 0, err
		}
		if same {
			return i, hash, nil
		}
	}
	return -1, hash, nil
}

func sameKey(a, b Value) (bool, error) {
	if i, ok := a.(Int); ok {
		if j, ok := b.(Int); ok {
			return i == j, nil
		}
	}
	if Identical(a, b) {
		return true, nil
	}
	return Equal(a, b)
}

// set adds the key, or replaces the value of the one that is there.
func (t *table) set(key, value Value) error {
	i, hash, err := t.find(key)
	if err != nil {
		return err
	}
	if i >= 0 {
		t.entries[i].value = value
		return nil
	}
	if t.live >= MaxItems {
		return tooMany()
	}
	if t.index != nil {
		if s, ok := key.(String); ok {
			hash = hashString(string(s))
		}
	}
	return t.add(key, value, hash)
}

func (t *table) add(key, value Value, hash uint64) error {
	if len(t.entries) == cap(t.entries) && t.live < len(t.entries)*3/4 {
		t.compact()
	}
	t.entries = append(t.entries, entry{key, value, hash})
	t.live++
	if t.index == nil {
		if len(t.entries) > smallTable {
			return t.reindex()
		}
		return nil
	}
	if t.filled*3 > len(t.index)*2 {
		return t.reindex()
	}
	t.place(len(t.entries) - 1)
	return nil
}

func (t *table) place(i int) {
	mask := uint64(len(t.index) - 1)
	slot := t.entries[i].hash & mask
	for t.index[slot] != free {
		slot = (slot + 1) & mask
	}
	t.index[slot] = int32(i + 1)
	t.filled++
}

// reindex drops removed entries and builds an index with room to grow.
func (t *table) reindex() error {
	fresh := t.index == nil
	t.squeeze()
	size := 32
	for size < len(t.entries)*3 {
		size *= 2
	}
	t.index, t.filled = make([]int32, size), 0
	for i := range t.entries {
		if fresh {
			hash, err := Hash(t.entries[i].key)
			if err != nil {
				return err
			}
			t.entries[i].hash = hash
		}
		t.place(i)
	}
	return nil
}

// compact drops removed entries.
func (t *table) compact() {
	t.squeeze()
	if t.index != nil {
		clear(t.index)
		t.filled = 0
		for i := range t.entries {
			t.place(i)
		}
	}
}

func (t *table) squeeze() {
	if t.live == len(t.entries) {
		return
	}
	kept := t.entries[:0]
	for _, e := range t.entries {
		if e.key != nil {
			kept = append(kept, e)
		}
	}
	clear(t.entries[len(kept):])
	t.entries = kept
}

// remove removes the entry at position i.
func (t *table) remove(i int) {
	if t.index != nil {
		mask := uint64(len(t.index) - 1)
		slot := t.entries[i].hash & mask
		for t.index[slot] != int32(i+1) {
			slot = (slot + 1) & mask
		}
		t.index[slot] = gone
	}
	t.entries[i].key, t.entries[i].value = nil, nil
	t.live--
	if t.live == 0 {
		t.clear()
		return
	}
	n := len(t.entries)
	for t.entries[n-1].key == nil {
		n--
	}
	t.entries = t.entries[:n]
}

func (t *table) clear() { *t = table{} }

// clone returns a copy without removed entries. It leaves t as it is, which may
// share its entries with another.
func (t *table) clone() table {
	if t.live == len(t.entries) {
		return table{
			entries: append([]entry(nil), t.entries...),
			index:   append([]int32(nil), t.index...),
			filled:  t.filled,
			live:    t.live,
		}
	}
	copied := table{entries: make([]entry, 0, t.live), live: t.live}
	for _, e := range t.entries {
		if e.key != nil {
			copied.entries = append(copied.entries, e)
		}
	}
	if t.index != nil {
		copied.index = make([]int32, len(t.index))
		for i := range copied.entries {
			copied.place(i)
		}
	}
	return copied
}
