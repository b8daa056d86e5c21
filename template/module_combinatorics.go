package template

import "github.com/go-buildout/go-buildout/internal/python"

// pools are the items of several iterables.
func pools(t *python.Thread, values []python.Value) ([][]python.Value, error) {
	all := make([][]python.Value, len(values))
	for i, v := range values {
		items, err := python.Collect(t, v)
		if err != nil {
			return nil, err
		}
		all[i] = items
	}
	return all, nil
}

func iterProduct(t *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error) {
	repeat := 1
	for _, k := range kwargs {
		if k.Name != "repeat" {
			return nil, nil, python.Raise("TypeError", "product() got an unexpected keyword argument '%s'", k.Name)
		}
		var err error
		if repeat, err = intArg(k.Value); err != nil {
			return nil, nil, err
		}
	}
	once, err := pools(t, args)
	if err != nil {
		return nil, nil, err
	}
	if repeat < 0 {
		return nil, nil, python.Raise("ValueError", "repeat argument cannot be negative")
	}
	if repeat*len(once) > python.MaxDepth {
		return nil, nil, python.Raise("MemoryError", "product of more than %d iterables", python.MaxDepth)
	}
	var all [][]python.Value
	for range repeat {
		all = append(all, once...)
	}
	at := make([]int, len(all))
	done := false
	for _, pool := range all {
		done = done || len(pool) == 0
	}
	return func() (python.Value, bool, error) {
		if done {
			return nil, false, nil
		}
		row := make([]python.Value, len(all))
		for i, pool := range all {
			row[i] = pool[at[i]]
		}
		done = true
		for i := len(all) - 1; i >= 0; i-- {
			if at[i]++; at[i] < len(all[i]) {
				done = false
				break
			}
			at[i] = 0
		}
		return python.NewTuple(row...), true, nil
	}, nil, nil
}

// choose reads the arguments of permutations and combinations.
func choose(t *python.Thread, s *signature, args []python.Value, kwargs []python.Keyword) (items []python.Value, r int, err error) {
	a, err := s.bind(args, kwargs)
	if err != nil {
		return nil, 0, err
	}
	if items, err = python.Collect(t, a[0]); err != nil {
		return nil, 0, err
	}
	r = len(items)
	if a[1] != python.None {
		if r, err = intArg(a[1]); err != nil {
			return nil, 0, err
		}
	}
	if r < 0 {
		return nil, 0, python.Raise("ValueError", "r must be non-negative")
	}
	return items, r, nil
}

var permutationsSignature = sig("permutations", "iterable", "r", python.None)

func iterPermutations(t *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error) {
	items, r, err := choose(t, permutationsSignature, args, kwargs)
	if err != nil {
		return nil, nil, err
	}
	n := len(items)
	indices, cycles := make([]int, n), make([]int, min(r, n))
	for i := range indices {
		indices[i] = i
	}
	for i := range cycles {
		cycles[i] = n - i
	}
	done := r > n
	return func() (python.Value, bool, error) {
		if done {
			return nil, false, nil
		}
		row := make([]python.Value, r)
		for i := range row {
			row[i] = items[indices[i]]
		}
		done = true
		for i := r - 1; i >= 0; i-- {
			cycles[i]--
			if cycles[i] > 0 {
				j := n - cycles[i]
				indices[i], indices[j] = indices[j], indices[i]
				done = false
				break
			}
			first := indices[i]
			copy(indices[i:], indices[i+1:])
			indices[n-1] = first
			cycles[i] = n - i
		}
		return python.NewTuple(row...), true, nil
	}, nil, nil
}

var combinationsSignature = sig("combinations", "iterable", "r")

func iterCombinations(t *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error) {
	items, r, err := choose(t, combinationsSignature, args, kwargs)
	if err != nil {
		return nil, nil, err
	}
	n := len(items)
	done := r > n
	indices := make([]int, min(r, n))
	for i := range indices {
		indices[i] = i
	}
	return func() (python.Value, bool, error) {
		if done {
			return nil, false, nil
		}
		row := make([]python.Value, r)
		for i, at := range indices {
			row[i] = items[at]
		}
		i := r - 1
		for i >= 0 && indices[i] == i+n-r {
			i--
		}
		if done = i < 0; !done {
			indices[i]++
			for j := i + 1; j < r; j++ {
				indices[j] = indices[j-1] + 1
			}
		}
		return python.NewTuple(row...), true, nil
	}, nil, nil
}
