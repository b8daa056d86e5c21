package template

import (
	"sort"

	"github.com/go-buildout/go-buildout/internal/python"
)

// keyed are items with what they are sorted by.
type keyed struct {
	items, keys []python.Value
	reverse     bool
	err         error
}

func (k *keyed) Len() int { return len(k.items) }
func (k *keyed) Swap(i, j int) {
	k.items[i], k.items[j] = k.items[j], k.items[i]
	k.keys[i], k.keys[j] = k.keys[j], k.keys[i]
}

func (k *keyed) Less(i, j int) bool {
	if k.err != nil {
		return false
	}
	op := python.Lt
	if k.reverse {
		op = python.Gt
		// As Python does it, only < is asked.
		less, err := python.Compare(python.Lt, k.keys[j], k.keys[i])
		k.err = err
		return less
	}
	less, err := python.Compare(op, k.keys[i], k.keys[j])
	k.err = err
	return less
}

// sortBy sorts items by their keys, keeping the order of equal ones.
func sortBy(items []python.Value, reverse bool, key func(python.Value) (python.Value, error)) error {
	k := &keyed{items: items, keys: make([]python.Value, len(items)), reverse: reverse}
	for i, item := range items {
		v, err := key(item)
		if err != nil {
			return err
		}
		k.keys[i] = v
	}
	sort.Stable(k)
	return k.err
}

func filterSort(f *frame, a []python.Value) (python.Value, error) {
	items, err := python.Collect(f.run.thread, a[0])
	if err != nil {
		return nil, err
	}
	reverse, err := python.Truth(a[1])
	if err != nil {
		return nil, err
	}
	exact, err := python.Truth(a[2])
	if err != nil {
		return nil, err
	}
	var getters []*getter
	if s, ok := python.AsText(a[3]); ok {
		for more := true; more; {
			var part string
			part, s, more = cutByte(s, ',')
			getters = append(getters, attrGetter(f, python.String(part), !exact))
		}
	} else {
		getters = []*getter{attrGetter(f, a[3], !exact)}
	}
	err = sortBy(items, reverse, func(item python.Value) (python.Value, error) {
		key := python.NewList()
		for _, g := range getters {
			v, err := g.get(item)
			if err != nil {
				return nil, err
			}
			key.Items = append(key.Items, v)
		}
		return key, nil
	})
	return python.NewList(items...), err
}

func filterDictSort(f *frame, a []python.Value) (python.Value, error) {
	exact, err := python.Truth(a[1])
	if err != nil {
		return nil, err
	}
	at := -1
	switch by, _ := python.AsText(a[2]); by {
	case "key":
		at = 0
	case "value":
		at = 1
	default:
		return nil, argumentError(`You can only sort by either "key" or "value"`)
	}
	reverse, err := python.Truth(a[3])
	if err != nil {
		return nil, err
	}
	view, err := method(f.run.thread, a[0], "items")
	if err != nil {
		return nil, err
	}
	items, err := python.Collect(f.run.thread, view)
	if err != nil {
		return nil, err
	}
	err = sortBy(items, reverse, func(item python.Value) (python.Value, error) {
		v, err := python.GetItem(item, python.Int(at))
		if err != nil || exact {
			return v, err
		}
		return foldCase(f, v)
	})
	return python.NewList(items...), err
}

func filterUnique(f *frame, a []python.Value) (python.Value, error) {
	exact, err := python.Truth(a[1])
	if err != nil {
		return nil, err
	}
	g := attrGetter(f, a[2], !exact)
	it, err := python.Iter(a[0])
	if err != nil {
		return nil, err
	}
	seen, err := python.NewSet()
	if err != nil {
		return nil, err
	}
	return stream("generator", it, func() (python.Value, bool, error) {
		for {
			item, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			key, err := g.get(item)
			if err != nil {
				return nil, false, err
			}
			known, err := seen.Contains(key)
			if err != nil {
				return nil, false, err
			}
			if known {
				continue
			}
			return item, true, seen.Add(key)
		}
	}), nil
}

// filterExtreme is the filter min or max.
func filterExtreme(op python.CompareOp) func(*frame, []python.Value) (python.Value, error) {
	return func(f *frame, a []python.Value) (python.Value, error) {
		exact, err := python.Truth(a[1])
		if err != nil {
			return nil, err
		}
		g := attrGetter(f, a[2], !exact)
		var best, bestKey python.Value
		err = python.Each(f.run.thread, a[0], func(item python.Value) error {
			key, err := g.get(item)
			if err != nil {
				return err
			}
			if best != nil {
				better, err := python.Compare(op, key, bestKey)
				if err != nil || !better {
					return err
				}
			}
			best, bestKey = item, key
			return nil
		})
		if err != nil {
			return nil, err
		}
		if best == nil {
			return f.undefined("No aggregated item, sequence was empty."), nil
		}
		return best, nil
	}
}

// groupType is the class of what groupby gives.
var groupType = &python.TupleType{Name: "_GroupTuple", Fields: []string{"grouper", "list"}, Plain: true}

func filterGroupBy(f *frame, a []python.Value) (python.Value, error) {
	exact, err := python.Truth(a[3])
	if err != nil {
		return nil, err
	}
	g := attrGetter(f, a[1], !exact)
	g.def = defaultOf(a[2])
	plain := attrGetter(f, a[1], false)
	plain.def = g.def
	items, err := python.Collect(f.run.thread, a[0])
	if err != nil {
		return nil, err
	}
	if err := sortBy(items, false, g.get); err != nil {
		return nil, err
	}
	groups := python.NewList()
	var key python.Value
	var members *python.List
	for _, item := range items {
		k, err := g.get(item)
		if err != nil {
			return nil, err
		}
		if members != nil {
			same, err := python.Equal(key, k)
			if err != nil {
				return nil, err
			}
			if same {
				members.Items = append(members.Items, item)
				continue
			}
		}
		key, members = k, python.NewList(item)
		shown, err := plain.get(item)
		if err != nil {
			return nil, err
		}
		group := python.NewTuple(shown, members)
		group.Named = groupType
		groups.Items = append(groups.Items, group)
	}
	return groups, nil
}
