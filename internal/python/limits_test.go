package python

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLimits has what would take too much memory or time, written in a line.
func TestLimits(t *testing.T) {
	for source, want := range map[string]string{
		`9**9**9`:                                       "OverflowError: int of more than 1048576 bits",
		`(1<<1000000)*(1<<1000000)`:                     "OverflowError: int of more than 1048576 bits",
		`1 << 10**10`:                                   "OverflowError: int of more than 1048576 bits",
		`pow(3, 1<<1000000, (1<<1000000)+1)`:            "OverflowError: int of more than 1048576 bits",
		`'a' * 10**9`:                                   "MemoryError: text of 1000000000 times 1 bytes is over the limit of 16777216",
		`[0] * 10**9`:                                   "MemoryError: more than 4194304 items",
		`list(range(10**9))`:                            "MemoryError: more than 4194304 items",
		`sum(range(10**12))`:                            "MemoryError: more than 4194304 items",
		`max(range(10**12))`:                            "MemoryError: more than 4194304 items",
		`all(range(1, 10**12))`:                         "MemoryError: more than 4194304 items",
		`-1 in map(abs, range(10**12))`:                 "MemoryError: more than 4194304 items",
		`'%9999999999d' % 1`:                            "MemoryError: text of 9999999999 bytes is over the limit of 16777216",
		`'%*d' % (10**9, 1)`:                            "MemoryError: text of 1000000000 bytes is over the limit of 16777216",
		`'%.99999999f' % 1`:                             "MemoryError: text of 99999999 bytes is over the limit of 16777216",
		`format(1, '99999999')`:                         "MemoryError: text of 99999999 bytes is over the limit of 16777216",
		`format(1.5, '.99999999f')`:                     "MemoryError: text of 99999999 bytes is over the limit of 16777216",
		`format('a', '99999999')`:                       "MemoryError: text of width 99999998 is over the limit of 16777216",
		`'a'.center(10**9)`:                             "MemoryError: text of width 999999999 is over the limit of 16777216",
		`'a'.zfill(10**9)`:                              "MemoryError: text of width 999999999 is over the limit of 16777216",
		`('a'*4000).replace('a', 'b'*4000*2)`:           "MemoryError: text of 32000000 bytes is over the limit of 16777216",
		`'\t'.expandtabs(10**9)`:                        "MemoryError: text of 1000000000 bytes is over the limit of 16777216",
		`('a'*10000).join(['']*10000)`:                  "MemoryError: text of 99990000 bytes is over the limit of 16777216",
		`bytes(10**9)`:                                  "MemoryError: text of 1000000000 bytes is over the limit of 16777216",
		`('x'*16000000) + ('x'*16000000)`:               "MemoryError: text of 32000000 bytes is over the limit of 16777216",
		`[0]*3000000 + [0]*3000000`:                     "MemoryError: more than 4194304 items",
		`json.dumps(1, indent=10**9)`:                   "MemoryError: text of 1000000000 bytes is over the limit of 16777216",
		`pformat([1,2], 10**9, 1)`:                      "MemoryError: text of 1000000000 bytes is over the limit of 16777216",
		`x=['a'*9]; x=[x]*999; x=[x]*999; x=[x]*999; x`: "MemoryError: text of ",
		`x=[0]; y=[0]; x=[x]*999; y=[y]*999; x=[x]*999; y=[y]*999; x=[x]*999; y=[y]*999; x == y`: "RuntimeError: more than 8388608 nested values",
		`x=(0,); x=(x,)*999; x=(x,)*999; x=(x,)*999; {x: 1}`:                                     "RuntimeError: more than 8388608 nested values",
		`x=[0]; x=[x]*999; x=[x]*999; x=[x]*999; json.dumps(x)`:                                  "",
		`x=[0]; x=[x]*999; x=[x]*999; x=[x]*999; pformat(x, 1, 80)`:                              "",
	} {
		_, err := evaluateIn(nil, source)
		if err == nil {
			v, _ := evaluateIn(nil, source)
			_, err = Repr(v)
		}
		if assert.Error(t, err, source) {
			assert.ErrorContains(t, err, want, source)
		}
	}
}

func TestDeepNesting(t *testing.T) {
	list, tuple := func() (Value, Value) {
		var l, u Value = NewList(), NewTuple()
		for range 1000000 {
			l, u = NewList(l), NewTuple(u)
		}
		return l, u
	}()
	other := NewList(list.(*List).Items[0].(*List).Items[0])
	_, err := Repr(list)
	require.EqualError(t, err, "RecursionError: maximum recursion depth exceeded while getting the repr of an object")
	_, err = Equal(list, other)
	require.EqualError(t, err, "RecursionError: maximum recursion depth exceeded in comparison")
	_, err = Hash(tuple)
	require.EqualError(t, err, "RecursionError: maximum recursion depth exceeded")
	_, err = ToJSON(list, JSONOptions{})
	require.EqualError(t, err, "RecursionError: maximum recursion depth exceeded while encoding a JSON object")
	_, err = SafeRepr(list)
	require.True(t, IsError(err, "RecursionError"))
	_, err = PFormat(list, 1, 80)
	require.True(t, IsError(err, "RecursionError"))

	var stream Value = list
	for range 100000 {
		stream, err = newMap(nil, []Value{StrClass, stream}, nil)
		require.NoError(t, err)
	}
	_, err = Collect(nil, stream)
	require.EqualError(t, err, "RecursionError: maximum recursion depth exceeded")
}

func TestThread(t *testing.T) {
	_, err := evaluateIn(&Thread{MaxSteps: 1000}, "sum(range(2000))")
	require.EqualError(t, err, "RuntimeError: more than 1000 steps taken")
	_, err = evaluateIn(&Thread{MaxSteps: 1000}, "list(map(str, range(2000)))")
	require.EqualError(t, err, "RuntimeError: more than 1000 steps taken")
	_, err = evaluateIn(&Thread{MaxBytes: 100000}, "list(map('x'.ljust, [5000]*30))")
	require.EqualError(t, err, "MemoryError: more than 100000 bytes used")

	stop := errors.New("stopped")
	asked := 0
	_, err = evaluateIn(&Thread{Interrupt: func() error {
		if asked++; asked > 2 {
			return stop
		}
		return nil
	}}, "sorted(range(4000000), key=abs)")
	require.ErrorIs(t, err, stop)

	thread := &Thread{MaxCalls: 50}
	var again *Func
	again = NewFunc("again", func(t *Thread, _ []Value, _ []Keyword) (Value, error) { return Call(t, again, nil, nil) })
	_, err = Call(thread, again, nil, nil)
	require.EqualError(t, err, "RecursionError: maximum recursion depth exceeded")
	_, err = Call(thread, StrClass, nil, nil)
	require.NoError(t, err, "the depth is back where it was")
}
