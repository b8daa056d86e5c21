package python

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sources are the sources of the tables.
func sources(tb testing.TB) []string {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(tb, err)
	var list []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(tb, err)
		for _, line := range strings.Split(string(data), "\n") {
			if source, _, ok := strings.Cut(line, "  =>  "); ok {
				list = append(list, source)
			}
		}
	}
	return list
}

// readable reports whether v, which was read, has a literal: NaN and infinity
// have none, and the signs of zeros in a complex get lost, as in Python.
func readable(v Value) bool {
	switch v := v.(type) {
	case Float:
		return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	case Complex:
		return real(v) != 0 && imag(v) != 0 && readable(Float(real(v))) && readable(Float(imag(v)))
	case *List:
		for _, item := range v.Items {
			if !readable(item) {
				return false
			}
		}
	case *Tuple:
		return readable(&List{v.Items})
	case *Set:
		return readable(&List{v.Items()})
	case *Dict:
		for key, value := range v.All {
			if !readable(key) || !readable(value) {
				return false
			}
		}
	}
	return true
}

// depth is how deep the lists of the literal may nest at most.
func depth(text string) int {
	return strings.Count(text, "[") + strings.Count(text, "(") + strings.Count(text, "{")
}

func FuzzParseLiteral(f *testing.F) {
	for _, seed := range []string{
		`{'a': [1, 2.5, None], ('b', 1): {1, 2}}`, `'\x24\udc80\u00e9' "x"`, `b'\xff'`, `1+2j`, `-1e-5`,
		`dict(a=1, b=set([1]))`, `frozenset({1})`, `bytearray(b'x')`, `'''a'b'''`, `complex(1, -2)`, `0x_ff`,
		`str(b'\xff', 'latin-1')`, `{1: 2, 'a': 3, None: 4}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := ParseLiteral(text)
		if err != nil {
			require.True(t, IsError(err), "%v", err)
			return
		}
		if !readable(v) || depth(text) > MaxDepth/3 {
			return
		}
		shown, err := SafeRepr(v)
		require.NoError(t, err)
		back, err := ParseLiteral(shown)
		require.NoError(t, err, shown)
		equal, err := Equal(v, back)
		require.NoError(t, err)
		require.True(t, equal, "%s read back as another value", shown)
		again, err := SafeRepr(back)
		require.NoError(t, err)
		require.Equal(t, shown, again)
		packed, err := Dumps(v)
		require.NoError(t, err)
		unpacked, err := Loads(packed)
		require.NoError(t, err)
		equal, err = Equal(v, unpacked)
		require.NoError(t, err)
		require.True(t, equal, packed)
	})
}

func FuzzPercent(f *testing.F) {
	f.Add("%s-%03d %(a)r", "x", 5, 1.5)
	f.Add("%*.*f|%-5s|%+x|%#o|%c|%%", "é", -7, 1e300)
	f.Add("%(a)*d %ld %.3e %G", "\xff", 0, math.Copysign(0, -1))
	f.Fuzz(func(t *testing.T, format, s string, n int, x float64) {
		d := NewDict()
		d.SetString("a", Int(n))
		d.SetString(s, String(s))
		for _, args := range []Value{
			NewTuple(String(s), Int(n), Float(x), Int(n%40), None), NewTuple(Int(n%40), Float(x)), d, String(s),
		} {
			_, err := Binary(Mod, String(format), args)
			require.True(t, err == nil || IsError(err), "%v", err)
			_, err = Binary(Mod, Bytes(format), args)
			require.True(t, err == nil || IsError(err), "%v", err)
		}
	})
}

func FuzzFormat(f *testing.F) {
	for _, source := range sources(f) {
		if v, err := ParseLiteral(strings.SplitN(source, ".format(", 2)[0]); err == nil {
			if s, ok := v.(String); ok {
				f.Add(string(s), ">10,.2f", 5, 2.5)
			}
		}
	}
	f.Fuzz(func(t *testing.T, format, spec string, n int, x float64) {
		args := []Value{String(spec), Int(n), Float(x), NewList(Int(n))}
		kwargs := []Keyword{{"a", Int(n)}, {"b", String(spec)}}
		_, _, err := CallMethod(nil, String(format), "format", args, kwargs)
		require.True(t, err == nil || IsError(err), "%v", err)
		for _, v := range append(args, Complex(complex(x, float64(n))), None, True) {
			_, err := Format(v, spec)
			require.True(t, err == nil || IsError(err), "%v", err)
		}
	})
}

func FuzzFromJSON(f *testing.F) {
	for _, seed := range []string{
		`{"b": 1, "a": [1, 2.0, null, true]}`, `"\ud83d\ude00\udc80"`, `[NaN, -Infinity]`, `1E400`, `{"a":1,"a":2}`, `[1,`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := FromJSON(text)
		if err != nil {
			require.True(t, IsError(err), "%v", err)
			return
		}
		shown, err := ToJSON(v, JSONOptions{})
		if err != nil {
			return
		}
		back, err := FromJSON(shown)
		require.NoError(t, err, shown)
		again, err := ToJSON(back, JSONOptions{})
		require.NoError(t, err)
		require.Equal(t, shown, again)
	})
}

// FuzzEvaluate looks for panics anywhere behind the operations.
func FuzzEvaluate(f *testing.F) {
	for _, source := range sources(f) {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if depth(source) > 100 || strings.Count(source, "*") > 20 {
			return
		}
		v, err := evaluateIn(&Thread{MaxSteps: 1 << 20, MaxBytes: 1 << 26}, source)
		if err == nil {
			_, err = Repr(v)
		}
		require.True(t, err == nil || IsError(err), "%v", err)
	})
}
