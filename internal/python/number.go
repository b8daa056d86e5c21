package python

import (
	"math"
	"math/big"
)

// smallInt returns the value of a bool or an int of 64 bits.
func smallInt(v Value) (int64, bool) {
	switch v := v.(type) {
	case Int:
		return int64(v), true
	case Bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// asBig returns the value of an int or bool, which must not be changed.
func asBig(v Value) (*big.Int, bool) {
	if b, ok := v.(*BigInt); ok {
		return b.big, true
	}
	if n, ok := smallInt(v); ok {
		return big.NewInt(n), true
	}
	return nil, false
}

// asFloat returns the value of a real number as a float; a big int out of
// range is infinite.
func asFloat(v Value) (float64, bool) {
	switch v := v.(type) {
	case Float:
		return float64(v), true
	case *BigInt:
		f, _ := new(big.Float).SetInt(v.big).Float64()
		return f, true
	}
	n, ok := smallInt(v)
	return float64(n), ok
}

// toFloat is asFloat with Python's error for an int that is too large.
func toFloat(v Value) (float64, bool, error) {
	f, ok := asFloat(v)
	if _, isBig := v.(*BigInt); isBig && math.IsInf(f, 0) {
		return 0, true, Raise("OverflowError", "int too large to convert to float")
	}
	return f, ok, nil
}

// IsInt reports whether v is an int, which a bool is too.
func IsInt(v Value) bool {
	switch v.(type) {
	case Int, Bool, *BigInt:
		return true
	}
	return false
}

// AsInt returns the value of an int or bool as a Go int, with an error for
// other types and for numbers that are too large.
func AsInt(v Value) (int, error) {
	if n, ok := smallInt(v); ok {
		return int(n), nil
	}
	if _, ok := v.(*BigInt); ok {
		return 0, Raise("OverflowError", "Python int too large to convert to C ssize_t")
	}
	return 0, typeError("'%s' object cannot be interpreted as an integer", v.Type())
}

// clampInt is AsInt with large numbers cut to the range.
func clampInt(v Value) (int, error) {
	if b, ok := v.(*BigInt); ok {
		if b.big.Sign() < 0 {
			return math.MinInt, nil
		}
		return math.MaxInt, nil
	}
	return AsInt(v)
}
