package template

import (
	"math/rand/v2"

	"github.com/go-buildout/go-buildout/internal/python"
)

func filterFirst(f *frame, a []python.Value) (python.Value, error) {
	it, err := python.Iter(a[0])
	if err != nil {
		return nil, err
	}
	v, ok, err := it.Next()
	if err != nil || ok {
		return v, err
	}
	return f.undefined("No first item, sequence was empty."), nil
}

// undefined is an undefined value with a message.
func (f *frame) undefined(hint string) python.Value {
	return &undefined{mode: f.run.env.undefined, hint: hint}
}

func filterLast(f *frame, a []python.Value) (python.Value, error) {
	switch v := a[0].(type) {
	case *python.List:
		if n := len(v.Items); n > 0 {
			return v.Items[n-1], nil
		}
		return f.undefined("No last item, sequence was empty."), nil
	case *undefined:
		if v.mode == Strict {
			return nil, v.fail()
		}
		return f.undefined("No last item, sequence was empty."), nil
	}
	it, err := python.Call(f.run.thread, python.ReversedClass, []python.Value{a[0]}, nil)
	if err != nil {
		return nil, err
	}
	items, err := python.Iter(it)
	if err != nil {
		return nil, err
	}
	v, ok, err := items.Next()
	if err != nil || ok {
		return v, err
	}
	return f.undefined("No last item, sequence was empty."), nil
}

func filterRandom(f *frame, a []python.Value) (python.Value, error) {
	n, err := python.Len(a[0])
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return f.undefined("No random item, sequence was empty."), nil
	}
	return python.GetItem(a[0], python.Int(rand.IntN(n)))
}

func filterLength(_ *frame, a []python.Value) (python.Value, error) {
	n, err := python.Len(a[0])
	return python.Int(n), err
}

func filterList(f *frame, a []python.Value) (python.Value, error) {
	items, err := python.Collect(f.run.thread, a[0])
	return python.NewList(items...), err
}

func filterItems(f *frame, a []python.Value) (python.Value, error) {
	if isUndefined(a[0]) {
		return stream("generator", nil, func() (python.Value, bool, error) { return nil, false, nil }), nil
	}
	d, ok := a[0].(*python.Dict)
	if !ok {
		return nil, python.Raise("TypeError", "Can only get item pairs from a mapping.")
	}
	view, err := method(f.run.thread, d, "items")
	if err != nil {
		return nil, err
	}
	it, err := python.Iter(view)
	if err != nil {
		return nil, err
	}
	return python.NewStream("generator", it), nil
}

// stream is a generator.
func stream(name string, inner python.Iterator, next func() (python.Value, bool, error)) python.Value {
	if inner == nil {
		return python.NewStream(name, python.IteratorFunc(next))
	}
	return python.NewStream(name, python.IteratorFunc(next), inner)
}

func filterReverse(f *frame, a []python.Value) (python.Value, error) {
	if _, ok := python.AsText(a[0]); ok {
		return python.Slice(a[0], python.None, python.None, python.Int(-1))
	}
	if u, ok := a[0].(*undefined); ok {
		if u.mode == Strict {
			return nil, u.fail()
		}
		return stream("reversed", nil, func() (python.Value, bool, error) { return nil, false, nil }), nil
	}
	v, err := python.Call(f.run.thread, python.ReversedClass, a[:1], nil)
	if err == nil || !python.IsError(err, "TypeError") {
		return v, err
	}
	items, err := python.Collect(f.run.thread, a[0])
	if err != nil {
		if python.IsError(err, "TypeError") {
			err = argumentError("argument must be iterable")
		}
		return nil, err
	}
	for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
		items[i], items[j] = items[j], items[i]
	}
	return python.NewList(items...), nil
}

func filterBatch(f *frame, a []python.Value) (python.Value, error) {
	size, err := intArg(a[1])
	if err != nil {
		return nil, err
	}
	items, err := python.Collect(f.run.thread, a[0])
	if err != nil {
		return nil, err
	}
	var rows []python.Value
	row := python.NewList()
	for _, item := range items {
		if len(row.Items) == size {
			rows = append(rows, row)
			row = python.NewList()
		}
		row.Items = append(row.Items, item)
	}
	if len(row.Items) > 0 {
		if a[2] != python.None {
			if size > python.MaxItems {
				return nil, python.Raise("MemoryError", "more than %d items", python.MaxItems)
			}
			for len(row.Items) < size {
				row.Items = append(row.Items, a[2])
			}
		}
		rows = append(rows, row)
	}
	return generator(rows), nil
}

// generator is a generator of items.
func generator(items []python.Value) python.Value {
	at := 0
	return stream("generator", nil, func() (python.Value, bool, error) {
		if at >= len(items) {
			return nil, false, nil
		}
		at++
		return items[at-1], true, nil
	})
}

func filterSlice(f *frame, a []python.Value) (python.Value, error) {
	slices, err := intArg(a[1])
	if err != nil {
		return nil, err
	}
	items, err := python.Collect(f.run.thread, a[0])
	if err != nil {
		return nil, err
	}
	if slices == 0 {
		return nil, python.Raise("ZeroDivisionError", "integer division or modulo by zero")
	}
	if slices > python.MaxItems {
		return nil, python.Raise("MemoryError", "more than %d items", python.MaxItems)
	}
	var rows []python.Value
	for i, start := 0, 0; i < slices; i++ {
		n := len(items) / slices
		if i < len(items)%slices {
			n++
		}
		row := python.NewList(append([]python.Value(nil), items[start:start+n]...)...)
		if a[2] != python.None && i >= len(items)%slices {
			row.Items = append(row.Items, a[2])
		}
		start += n
		rows = append(rows, row)
	}
	return generator(rows), nil
}

func filterSum(f *frame, a []python.Value) (python.Value, error) {
	if _, err := python.Iter(a[0]); err != nil {
		return nil, err
	}
	if _, ok := python.AsText(a[2]); ok {
		return nil, python.Raise("TypeError", "sum() can't sum strings [use ''.join(seq) instead]")
	}
	g := attrGetter(f, a[1], false)
	total := a[2]
	err := python.Each(f.run.thread, a[0], func(item python.Value) error {
		v, err := g.get(item)
		if err != nil {
			return err
		}
		if total, err = python.Binary(python.Add, total, v); err != nil {
			return err
		}
		return f.run.charge(total)
	})
	return total, err
}

func filterJoin(f *frame, a []python.Value) (python.Value, error) {
	if !f.ctx.autoescape {
		s, err := python.Str(a[1])
		if err != nil {
			return nil, err
		}
		a[1] = python.String(s)
	}
	items, err := python.Collect(f.run.thread, a[0])
	if err != nil {
		return nil, err
	}
	if a[2] != python.None {
		g := attrGetter(f, a[2], false)
		for i, item := range items {
			if items[i], err = g.get(item); err != nil {
				return nil, err
			}
		}
	}
	sep := a[1]
	if !f.ctx.autoescape {
		for i, item := range items {
			if _, ok := item.(python.String); ok {
				continue
			}
			s, err := python.Str(item)
			if err != nil {
				return nil, err
			}
			items[i] = python.String(s)
		}
		return method(f.run.thread, sep, "join", python.NewList(items...))
	}
	html := false
	for i, item := range items {
		if _, ok := item.(hypertext); ok {
			html = true
			continue
		}
		if items[i], err = softStr(item); err != nil {
			return nil, err
		}
	}
	if _, ok := sep.(hypertext); !ok && html {
		if sep, err = escape(sep); err != nil {
			return nil, err
		}
	}
	if sep, err = softStr(sep); err != nil {
		return nil, err
	}
	return method(f.run.thread, sep, "join", python.NewList(items...))
}
