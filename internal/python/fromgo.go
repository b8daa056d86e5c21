package python

import (
	"math"
	"math/big"
	"slices"
)

// FromGo converts a Go value: nil, bool, numbers, string, []byte, *big.Int,
// slices and maps of these, Go functions with the arguments of a Func, and
// Values. The keys of maps are put in order.
func FromGo(v any) (Value, error) { return fromGo(v, 0) }

func fromGo(v any, depth int) (Value, error) {
	if depth > MaxDepth {
		return nil, Raise("RecursionError", "maximum recursion depth exceeded")
	}
	switch v := v.(type) {
	case nil:
		return None, nil
	case Value:
		return v, nil
	case string:
		return String(v), nil
	case bool:
		return Bool(v), nil
	case []byte:
		return Bytes(v), nil
	case []string:
		l := &List{Items: make([]Value, len(v))}
		for i, s := range v {
			l.Items[i] = String(s)
		}
		return l, nil
	case []any:
		l := &List{Items: make([]Value, len(v))}
		for i, item := range v {
			converted, err := fromGo(item, depth+1)
			if err != nil {
				return nil, err
			}
			l.Items[i] = converted
		}
		return l, nil
	case []Value:
		return NewList(slices.Clone(v)...), nil
	case map[string]string:
		return fromMap(v, depth)
	case map[string]any:
		return fromMap(v, depth)
	case map[string]Value:
		return fromMap(v, depth)
	case func(t *Thread, args []Value, kwargs []Keyword) (Value, error):
		return NewFunc("function", v), nil
	case func(args []Value) (Value, error):
		return NewFunc("function", func(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
			if err := noKeywords("function", kwargs); err != nil {
				return nil, err
			}
			return v(args)
		}), nil
	}
	if n, ok := fromGoNumber(v); ok {
		return n, nil
	}
	return nil, typeError("values of the Go type %T are not supported", v)
}

func fromMap[T any](m map[string]T, depth int) (Value, error) {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	d := NewDict()
	for _, key := range keys {
		v, err := fromGo(m[key], depth+1)
		if err != nil {
			return nil, err
		}
		d.SetString(key, v)
	}
	return d, nil
}

func fromGoNumber(v any) (Value, bool) {
	switch v := v.(type) {
	case int:
		return Int(v), true
	case int8:
		return Int(v), true
	case int16:
		return Int(v), true
	case int32:
		return Int(v), true
	case int64:
		return Int(v), true
	case uint8:
		return Int(v), true
	case uint16:
		return Int(v), true
	case uint32:
		return Int(v), true
	case uint:
		return fromUint(uint64(v)), true
	case uint64:
		return fromUint(v), true
	case float32:
		return Float(v), true
	case float64:
		return Float(v), true
	case *big.Int:
		return NewInt(new(big.Int).Set(v)), true
	}
	return nil, false
}

func fromUint(n uint64) Value {
	if n <= math.MaxInt64 {
		return Int(n)
	}
	return NewInt(new(big.Int).SetUint64(n))
}
