package template

import "github.com/go-buildout/go-buildout/internal/python"

// nextFunc gives the next item of an iterator.
type nextFunc = func() (python.Value, bool, error)

// itertoolsModule is Python's itertools.
func itertoolsModule() *python.Module {
	m := python.NewModule("itertools")
	add := func(name string, fn func(t *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error)) {
		m.Set(name, python.NewFunc(name, func(t *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
			next, inner, err := fn(t, args, kwargs)
			if err != nil {
				return nil, err
			}
			counted := func() (python.Value, bool, error) {
				if err := t.Step(1); err != nil {
					return nil, false, err
				}
				return next()
			}
			return python.NewStream("itertools."+name, python.IteratorFunc(counted), inner...), nil
		}))
	}
	add("count", iterCount)
	add("cycle", iterCycle)
	add("repeat", iterRepeat)
	add("chain", func(t *python.Thread, args []python.Value, _ []python.Keyword) (nextFunc, []python.Iterator, error) {
		return chained(python.NewTuple(args...))
	})
	add("islice", iterSlice)
	add("zip_longest", iterZipLongest)
	add("takewhile", iterWhile(true))
	add("dropwhile", iterWhile(false))
	add("filterfalse", iterFilterFalse)
	add("starmap", iterStarMap)
	add("accumulate", iterAccumulate)
	add("compress", iterCompress)
	add("pairwise", iterPairwise)
	add("groupby", iterGroupBy)
	add("product", iterProduct)
	add("permutations", iterPermutations)
	add("combinations", iterCombinations)
	chain, _ := m.Members.GetString("chain")
	m.Set("chain", &chainClass{chain.(*python.Func)})
	return m
}

// chainClass is itertools.chain, which has a method of its own.
type chainClass struct{ *python.Func }

// Attr implements python.Attributer.
func (c *chainClass) Attr(name string) (python.Value, error) {
	if name != "from_iterable" {
		return c.Func.Attr(name)
	}
	return wrap(sig(name, "iterable"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
		next, inner, err := chained(a[0])
		if err != nil {
			return nil, err
		}
		return python.NewStream("itertools.chain", python.IteratorFunc(next), inner...), nil
	}), nil
}

// chained goes through the items of iterables one after another.
func chained(iterables python.Value) (nextFunc, []python.Iterator, error) {
	outer, err := python.Iter(iterables)
	if err != nil {
		return nil, nil, err
	}
	var inner python.Iterator
	return func() (python.Value, bool, error) {
		for {
			if inner == nil {
				v, ok, err := outer.Next()
				if err != nil || !ok {
					return nil, false, err
				}
				if inner, err = python.Iter(v); err != nil {
					return nil, false, err
				}
			}
			v, ok, err := inner.Next()
			if err != nil || ok {
				return v, ok, err
			}
			inner = nil
		}
	}, []python.Iterator{outer}, nil
}

var (
	countSignature  = sig("count", "start", python.Int(0), "step", python.Int(1))
	repeatSignature = sig("repeat", "object", "times", python.None)
)

func iterCount(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error) {
	a, err := countSignature.bind(args, kwargs)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range a {
		if !isNumber(v) {
			return nil, nil, python.Raise("TypeError", "a number is required")
		}
	}
	at, step := a[0], a[1]
	return func() (python.Value, bool, error) {
		v := at
		var err error
		at, err = python.Binary(python.Add, at, step)
		return v, err == nil, err
	}, nil, nil
}

func iterCycle(t *python.Thread, args []python.Value, _ []python.Keyword) (nextFunc, []python.Iterator, error) {
	if len(args) != 1 {
		return nil, nil, python.Raise("TypeError", "cycle expected 1 argument, got %d", len(args))
	}
	items, err := python.Collect(t, args[0])
	if err != nil {
		return nil, nil, err
	}
	at := 0
	return func() (python.Value, bool, error) {
		if len(items) == 0 {
			return nil, false, nil
		}
		v := items[at%len(items)]
		at = (at + 1) % len(items)
		return v, true, nil
	}, nil, nil
}

func iterRepeat(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error) {
	a, err := repeatSignature.bind(args, kwargs)
	if err != nil {
		return nil, nil, err
	}
	left := -1
	if a[1] != python.None {
		if left, err = intArg(a[1]); err != nil {
			return nil, nil, err
		}
		left = max(left, 0)
	}
	return func() (python.Value, bool, error) {
		if left == 0 {
			return nil, false, nil
		}
		if left > 0 {
			left--
		}
		return a[0], true, nil
	}, nil, nil
}

func iterSlice(_ *python.Thread, args []python.Value, _ []python.Keyword) (nextFunc, []python.Iterator, error) {
	if len(args) < 2 || len(args) > 4 {
		return nil, nil, python.Raise("TypeError", "islice expected at least 2 arguments, got %d", len(args))
	}
	it, err := python.Iter(args[0])
	if err != nil {
		return nil, nil, err
	}
	bounds := [3]int{0, -1, 1}
	at := map[int][]int{2: {1}, 3: {0, 1}, 4: {0, 1, 2}}[len(args)]
	for i, b := range at {
		if args[i+1] == python.None {
			continue
		}
		if bounds[b], err = intArg(args[i+1]); err != nil || bounds[b] < 0 || b == 2 && bounds[b] == 0 {
			return nil, nil, python.Raise("ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
		}
	}
	next, index := bounds[0], 0
	return func() (python.Value, bool, error) {
		for {
			if bounds[1] >= 0 && next >= bounds[1] {
				return nil, false, nil
			}
			v, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			index++
			if index-1 == next {
				next += bounds[2]
				return v, true, nil
			}
		}
	}, []python.Iterator{it}, nil
}

// iterators are those of several iterables.
func iterators(values []python.Value) ([]python.Iterator, error) {
	its := make([]python.Iterator, len(values))
	for i, v := range values {
		var err error
		if its[i], err = python.Iter(v); err != nil {
			return nil, err
		}
	}
	return its, nil
}

func iterZipLongest(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error) {
	var fill python.Value = python.None
	for _, k := range kwargs {
		if k.Name != "fillvalue" {
			return nil, nil, python.Raise("TypeError", "zip_longest() got an unexpected keyword argument")
		}
		fill = k.Value
	}
	its, err := iterators(args)
	return func() (python.Value, bool, error) {
		row := make([]python.Value, len(its))
		more := false
		for i, it := range its {
			row[i] = fill
			if it == nil {
				continue
			}
			v, ok, err := it.Next()
			if err != nil {
				return nil, false, err
			}
			if !ok {
				its[i] = nil
				continue
			}
			row[i], more = v, true
		}
		return python.NewTuple(row...), more, nil
	}, append([]python.Iterator(nil), its...), err
}

// two are the arguments of a function and an iterable.
func two(name string, args []python.Value) (python.Value, python.Iterator, error) {
	if len(args) != 2 {
		return nil, nil, python.Raise("TypeError", "%s expected 2 arguments, got %d", name, len(args))
	}
	it, err := python.Iter(args[1])
	return args[0], it, err
}

// callTruth is the truth of a call.
func callTruth(t *python.Thread, fn, item python.Value) (bool, error) {
	if fn == python.None {
		return python.Truth(item)
	}
	v, err := python.Call(t, fn, []python.Value{item}, nil)
	if err != nil {
		return false, err
	}
	return python.Truth(v)
}

func iterWhile(take bool) func(*python.Thread, []python.Value, []python.Keyword) (nextFunc, []python.Iterator, error) {
	return func(t *python.Thread, args []python.Value, _ []python.Keyword) (nextFunc, []python.Iterator, error) {
		fn, it, err := two("takewhile", args)
		if err != nil {
			return nil, nil, err
		}
		begun := false
		return func() (python.Value, bool, error) {
			for {
				v, ok, err := it.Next()
				if err != nil || !ok || begun && !take {
					return v, ok, err
				}
				yes, err := callTruth(t, fn, v)
				if err != nil {
					return nil, false, err
				}
				if yes == take {
					begun = true
					return v, true, nil
				}
				if take {
					return nil, false, nil
				}
			}
		}, []python.Iterator{it}, nil
	}
}

func iterFilterFalse(t *python.Thread, args []python.Value, _ []python.Keyword) (nextFunc, []python.Iterator, error) {
	fn, it, err := two("filterfalse", args)
	if err != nil {
		return nil, nil, err
	}
	return func() (python.Value, bool, error) {
		for {
			v, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			yes, err := callTruth(t, fn, v)
			if err != nil || !yes {
				return v, err == nil, err
			}
		}
	}, []python.Iterator{it}, nil
}

func iterStarMap(t *python.Thread, args []python.Value, _ []python.Keyword) (nextFunc, []python.Iterator, error) {
	fn, it, err := two("starmap", args)
	if err != nil {
		return nil, nil, err
	}
	return func() (python.Value, bool, error) {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		items, err := python.Collect(t, v)
		if err != nil {
			return nil, false, err
		}
		v, err = python.Call(t, fn, items, nil)
		return v, err == nil, err
	}, []python.Iterator{it}, nil
}

var accumulateSignature = sig("accumulate", "iterable", "func", python.None, "initial", python.None)

func iterAccumulate(t *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error) {
	a, err := accumulateSignature.bind(args, kwargs)
	if err != nil {
		return nil, nil, err
	}
	it, err := python.Iter(a[0])
	if err != nil {
		return nil, nil, err
	}
	var total python.Value
	return func() (python.Value, bool, error) {
		if total == nil && a[2] != python.None {
			total = a[2]
			return total, true, nil
		}
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		switch {
		case total == nil:
			total = v
		case a[1] == python.None:
			total, err = python.Binary(python.Add, total, v)
		default:
			total, err = python.Call(t, a[1], []python.Value{total, v}, nil)
		}
		return total, err == nil, err
	}, []python.Iterator{it}, nil
}

func iterCompress(_ *python.Thread, args []python.Value, _ []python.Keyword) (nextFunc, []python.Iterator, error) {
	if len(args) != 2 {
		return nil, nil, python.Raise("TypeError", "compress expected 2 arguments, got %d", len(args))
	}
	its, err := iterators(args)
	return func() (python.Value, bool, error) {
		for {
			v, ok, err := its[0].Next()
			if err != nil || !ok {
				return nil, false, err
			}
			s, ok, err := its[1].Next()
			if err != nil || !ok {
				return nil, false, err
			}
			yes, err := python.Truth(s)
			if err != nil || yes {
				return v, err == nil, err
			}
		}
	}, its, err
}

func iterPairwise(_ *python.Thread, args []python.Value, _ []python.Keyword) (nextFunc, []python.Iterator, error) {
	if len(args) != 1 {
		return nil, nil, python.Raise("TypeError", "pairwise expected 1 argument, got %d", len(args))
	}
	it, err := python.Iter(args[0])
	if err != nil {
		return nil, nil, err
	}
	var before python.Value
	return func() (python.Value, bool, error) {
		if before == nil {
			v, ok, err := it.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			before = v
		}
		v, ok, err := it.Next()
		if err != nil || !ok {
			return nil, false, err
		}
		pair := python.NewTuple(before, v)
		before = v
		return pair, true, nil
	}, []python.Iterator{it}, nil
}

var groupbySignature = sig("groupby", "iterable", "key", python.None)

// iterGroupBy gives each group as an iterator of its items.
func iterGroupBy(t *python.Thread, args []python.Value, kwargs []python.Keyword) (nextFunc, []python.Iterator, error) {
	a, err := groupbySignature.bind(args, kwargs)
	if err != nil {
		return nil, nil, err
	}
	items, err := python.Collect(t, a[0])
	if err != nil {
		return nil, nil, err
	}
	key := func(v python.Value) (python.Value, error) {
		if a[1] == python.None {
			return v, nil
		}
		return python.Call(t, a[1], []python.Value{v}, nil)
	}
	return func() (python.Value, bool, error) {
		if len(items) == 0 {
			return nil, false, nil
		}
		k, err := key(items[0])
		if err != nil {
			return nil, false, err
		}
		n := 1
		for ; n < len(items); n++ {
			other, err := key(items[n])
			if err != nil {
				return nil, false, err
			}
			same, err := python.Equal(k, other)
			if err != nil {
				return nil, false, err
			}
			if !same {
				break
			}
		}
		group := generator(items[:n])
		items = items[n:]
		return python.NewTuple(k, group), true, nil
	}, nil, nil
}
