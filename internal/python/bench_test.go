package python

import (
	"fmt"
	"strings"
	"testing"
)

func benchmark(b *testing.B, run func() error) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		if err := run(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAddInts(b *testing.B) {
	benchmark(b, func() error { _, err := Binary(Add, Int(40), Int(2)); return err })
}

func BenchmarkConcat(b *testing.B) {
	var x, y Value = String("hello, "), String("world")
	benchmark(b, func() error { _, err := Binary(Add, x, y); return err })
}

func BenchmarkCompareStrings(b *testing.B) {
	var x, y Value = String("hello, "), String("world")
	benchmark(b, func() error { _, err := Equal(x, y); return err })
}

func BenchmarkDictGet(b *testing.B) {
	for _, size := range []int{5, 50, 5000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			d := NewDict()
			for i := range size {
				d.SetString(fmt.Sprint("parameter-", i), Int(i))
			}
			var key Value = String(fmt.Sprint("parameter-", size/2))
			benchmark(b, func() error { _, err := GetItem(d, key); return err })
		})
	}
}

func BenchmarkDictBuild(b *testing.B) {
	var keys []Value
	for i := range 100 {
		keys = append(keys, String(fmt.Sprint("parameter-", i)))
	}
	benchmark(b, func() error {
		d := NewDict()
		for _, key := range keys {
			if err := d.Set(key, None); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkLookupAttr(b *testing.B) {
	var d Value = NewDict()
	benchmark(b, func() error { _, _, err := LookupAttr(d, "parameter"); return err })
}

func BenchmarkCallMethod(b *testing.B) {
	l := NewList()
	args := []Value{Int(1)}
	benchmark(b, func() error {
		l.Items = l.Items[:0]
		_, _, err := CallMethod(nil, l, "append", args, nil)
		return err
	})
}

func BenchmarkSplitJoin(b *testing.B) {
	var s, comma Value = String("alpha,beta,gamma,delta"), String(",")
	benchmark(b, func() error {
		parts, _, err := CallMethod(nil, s, "split", []Value{comma}, nil)
		if err != nil {
			return err
		}
		_, _, err = CallMethod(nil, comma, "join", []Value{parts}, nil)
		return err
	})
}

func BenchmarkPercent(b *testing.B) {
	var format, args Value = String("tcp://[%s]:%d/%s"), NewTuple(String("::1"), Int(8080), String("x"))
	benchmark(b, func() error { _, err := Binary(Mod, format, args); return err })
}

func BenchmarkFormat(b *testing.B) {
	var format Value = String("{0}:{port:05d} {name!r:>10}")
	args := []Value{String("::1")}
	kwargs := []Keyword{{"port", Int(80)}, {"name", String("x")}}
	benchmark(b, func() error { _, _, err := CallMethod(nil, format, "format", args, kwargs); return err })
}

func BenchmarkRepr(b *testing.B) {
	v, err := ParseLiteral(`[{'a': 1, 'b': [1.5, None, True]}, ('x', "it's"), 123456]`)
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, func() error { _, err := Repr(v); return err })
}

func BenchmarkLiteral(b *testing.B) {
	text := `!py!{'a': 1, 'b': [1.5, None, True], 'c': ('x', "it's"), 'd': '` + strings.Repeat("x", 200) + `'}`
	benchmark(b, func() error {
		v, err := Loads(text)
		if err != nil {
			return err
		}
		_, err = Dumps(v)
		return err
	})
}

func BenchmarkJSON(b *testing.B) {
	text := `[` + strings.Repeat(`{"name": "alpha", "port": 8080, "list": [1, 2.5, null, true]}, `, 50) + `{}]`
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		benchmark(b, func() error { _, err := FromJSON(text); return err })
	})
	b.Run("write", func(b *testing.B) {
		v, err := FromJSON(text)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(text)))
		benchmark(b, func() error { _, err := ToJSON(v, JSONOptions{}); return err })
	})
}

func BenchmarkIterateRange(b *testing.B) {
	var r Value = &Range{0, 1000, 1}
	benchmark(b, func() error { return Each(nil, r, func(Value) error { return nil }) })
}

func BenchmarkSort(b *testing.B) {
	l := &List{}
	for i := range 200 {
		l.Items = append(l.Items, String(fmt.Sprint("key", i*7919%200)))
	}
	benchmark(b, func() error { _, err := SortItems(nil, l.Items, nil, false); return err })
}
