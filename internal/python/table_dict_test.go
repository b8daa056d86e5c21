package python

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDictAgainstModel changes a dict at random next to a map and a list of
// keys, which say what it must hold, in which order.
func TestDictAgainstModel(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	d, model, order := NewDict(), map[string]int{}, []string{}
	forget := func(key string) {
		delete(model, key)
		for i, k := range order {
			if k == key {
				order = append(order[:i], order[i+1:]...)
				return
			}
		}
	}
	for step := range 20000 {
		key := fmt.Sprint("k", random.IntN(60))
		switch random.IntN(5) {
		case 0, 1:
			if _, ok := model[key]; !ok {
				order = append(order, key)
			}
			model[key] = step
			d.SetString(key, Int(step))
		case 2:
			want, present := model[key]
			v, ok, err := d.Delete(String(key))
			require.NoError(t, err)
			require.Equal(t, present, ok)
			if present {
				require.Equal(t, Int(want), v)
				forget(key)
			}
		case 3:
			if len(order) == 0 {
				continue
			}
			pair, _, err := CallMethod(nil, d, "popitem", nil, nil)
			require.NoError(t, err)
			last := order[len(order)-1]
			require.Equal(t, String(last), pair.(*Tuple).Items[0])
			forget(last)
		case 4:
			d = d.Copy()
		}
		require.Equal(t, len(model), d.Size())
		v, ok := d.GetString(key)
		want, present := model[key]
		require.Equal(t, present, ok)
		if present {
			require.Equal(t, Int(want), v)
		}
	}
	keys := []string{}
	for key, value := range d.All {
		keys = append(keys, text(key))
		require.Equal(t, Int(model[text(key)]), value)
	}
	require.Equal(t, order, keys)
}

func TestDictKeysOfManyKinds(t *testing.T) {
	d := NewDict()
	for i := range 100 {
		require.NoError(t, d.Set(Int(i), String("int")))
		require.NoError(t, d.Set(Float(i), String("float")))
		require.NoError(t, d.Set(NewTuple(Int(i), String("x")), Int(i)))
		require.NoError(t, d.Set(String(fmt.Sprint(i)), Int(i)))
	}
	require.Equal(t, 300, d.Size())
	v, ok, err := d.Get(True)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, String("float"), v)
	v, ok, err = d.Get(NewTuple(Float(7), String("x")))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, Int(7), v)
	_, _, err = d.Get(NewTuple(NewList()))
	require.EqualError(t, err, "TypeError: unhashable type: 'list'")
}

func TestDictChangedWhileIterated(t *testing.T) {
	d := NewDict()
	d.SetString("a", None)
	it, err := Iter(d)
	require.NoError(t, err)
	_, ok, err := it.Next()
	require.NoError(t, err)
	require.True(t, ok)
	d.SetString("b", None)
	_, _, err = it.Next()
	require.EqualError(t, err, "RuntimeError: dictionary changed size during iteration")
}

func TestListIsSharedAndSeenWhileIterated(t *testing.T) {
	l := NewList(Int(1))
	it, err := Iter(l)
	require.NoError(t, err)
	for i := 1; i < 4; i++ {
		v, ok, err := it.Next()
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, Int(i), v)
		if i < 3 {
			_, found, err := CallMethod(nil, l, "append", []Value{Int(i + 1)}, nil)
			require.NoError(t, err)
			require.True(t, found)
		} else {
			break
		}
	}
	_, ok, err := it.Next()
	require.NoError(t, err)
	require.False(t, ok)
}
