package python

import (
	"cmp"
	"slices"
)

// SortItems returns the items in ascending order of key(item), or descending.
// Items that compare as equal keep their order either way. A nil or None key
// compares the items themselves.
func SortItems(t *Thread, items []Value, key Value, descending bool) ([]Value, error) {
	if key == nil || key == None {
		return sortByKeys(t, items, items, descending)
	}
	keys := make([]Value, len(items))
	for i, item := range items {
		k, err := Call(t, key, []Value{item}, nil)
		if err != nil {
			return nil, err
		}
		keys[i] = k
	}
	return sortByKeys(t, items, keys, descending)
}

func sortByKeys(t *Thread, items, keys []Value, descending bool) ([]Value, error) {
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	if descending {
		reverse(order)
	}
	if err := t.Step(len(items)); err != nil {
		return nil, err
	}
	switch {
	case allOf[String](keys):
		sortNative[String](order, keys)
	case allOf[Int](keys):
		sortNative[Int](order, keys)
	default:
		if err := mergeSort(t, order, keys); err != nil {
			return nil, err
		}
	}
	if descending {
		reverse(order)
	}
	sorted := make([]Value, len(items))
	for i, j := range order {
		sorted[i] = items[j]
	}
	return sorted, nil
}

func allOf[T Value](values []Value) bool {
	for _, v := range values {
		if _, ok := v.(T); !ok {
			return false
		}
	}
	return true
}

// sortNative orders positions by keys that Go compares as Python does.
func sortNative[T interface {
	Value
	~string | ~int64
}](order []int, keys []Value) {
	type item struct {
		key             T
		place, position int
	}
	items := make([]item, len(order))
	for place, position := range order {
		items[place] = item{keys[position].(T), place, position}
	}
	slices.SortFunc(items, func(a, b item) int {
		if c := cmp.Compare(a.key, b.key); c != 0 {
			return c
		}
		return a.place - b.place
	})
	for place, i := range items {
		order[place] = i.position
	}
}

// mergeSort orders positions by their keys with < alone, as Python does, and
// stops at the first error.
func mergeSort(t *Thread, order []int, keys []Value) error {
	const short = 64
	if len(order) < short {
		return insertionSort(t, order, keys)
	}
	half := len(order) / 2
	if err := mergeSort(t, order[:half], keys); err != nil {
		return err
	}
	if err := mergeSort(t, order[half:], keys); err != nil {
		return err
	}
	left := slices.Clone(order[:half])
	right := order[half:]
	for k := 0; len(left) > 0 && len(right) > 0; k++ {
		less, err := lessKey(t, keys[right[0]], keys[left[0]])
		if err != nil {
			return err
		}
		if less {
			order[k], right = right[0], right[1:]
		} else {
			order[k], left = left[0], left[1:]
		}
	}
	copy(order[len(order)-len(right)-len(left):], left)
	return nil
}

// insertionSort compares the same pairs in the same order as CPython does for
// short lists, so that the first pair that can't be compared is the same too.
func insertionSort(t *Thread, order []int, keys []Value) error {
	sorted, err := sortedRun(t, order, keys)
	if err != nil {
		return err
	}
	for i := sorted; i < len(order); i++ {
		current := order[i]
		low, high := 0, i
		for low < high {
			middle := (low + high) / 2
			less, err := lessKey(t, keys[current], keys[order[middle]])
			if err != nil {
				return err
			}
			if less {
				high = middle
			} else {
				low = middle + 1
			}
		}
		copy(order[low+1:i+1], order[low:i])
		order[low] = current
	}
	return nil
}

// sortedRun returns how many positions are in order from the start on, after
// turning round a run in strictly descending order.
func sortedRun(t *Thread, order []int, keys []Value) (int, error) {
	if len(order) < 2 {
		return len(order), nil
	}
	descending, err := lessKey(t, keys[order[1]], keys[order[0]])
	if err != nil {
		return 0, err
	}
	n := 2
	for ; n < len(order); n++ {
		less, err := lessKey(t, keys[order[n]], keys[order[n-1]])
		if err != nil {
			return 0, err
		}
		if less != descending {
			break
		}
	}
	if descending {
		reverse(order[:n])
	}
	return n, nil
}

func lessKey(t *Thread, a, b Value) (bool, error) {
	if err := t.Step(1); err != nil {
		return false, err
	}
	return Compare(Lt, a, b)
}
