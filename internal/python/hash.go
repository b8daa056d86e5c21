package python

import (
	"hash/maphash"
	"math"
	"math/big"
	"reflect"
)

// hashSeed keeps the hashes of one process from being guessed by another.
// Nothing that is visible depends on it.
var hashSeed = maphash.MakeSeed()

func hashString(s string) uint64 { return maphash.String(hashSeed, s) }

func hashUint(n uint64) uint64 {
	n ^= n >> 33
	n *= 0xff51afd7ed558ccd
	n ^= n >> 33
	n *= 0xc4ceb9fe1a85ec53
	return n ^ n>>33
}

// Hash returns a hash of v, equal for equal values. A value that can't be a
// key is a TypeError.
func Hash(v Value) (uint64, error) {
	w := walk{}
	return w.hash(v)
}

func (w *walk) hash(v Value) (uint64, error) {
	switch v := v.(type) {
	case String:
		return hashString(string(v)), nil
	case Int:
		return hashUint(uint64(v)), nil
	case Bool:
		if v {
			return hashUint(1), nil
		}
		return hashUint(0), nil
	case Float:
		return hashFloat(float64(v)), nil
	case NoneType:
		return 0x5f3759df, nil
	case *Tuple:
		return w.hashTuple(v)
	case Bytes:
		return hashString(string(v)) + 1, nil
	case *BigInt:
		return hashBig(v.big), nil
	case Complex:
		if imag(v) == 0 {
			return hashFloat(real(v)), nil
		}
		return hashFloat(real(v)) ^ hashUint(math.Float64bits(imag(v))), nil
	case *Set:
		if v.Frozen {
			return w.hashSet(v)
		}
	case *Range:
		return hashRange(v), nil
	case Hashable:
		return v.Hash()
	case Texter:
		return hashString(v.Text()), nil
	case *List, *Dict, *ByteArray, *SliceKey, *DictView:
	default:
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer {
			return hashUint(uint64(r.Pointer())), nil
		}
	}
	return 0, typeError("unhashable type: '%s'", v.Type())
}

func (w *walk) hashTuple(t *Tuple) (uint64, error) {
	if err := w.enter(""); err != nil {
		return 0, err
	}
	defer w.leave()
	sum := uint64(len(t.Items))
	for _, item := range t.Items {
		h, err := w.hash(item)
		if err != nil {
			return 0, err
		}
		sum = hashUint(sum*31 + h)
	}
	return sum, nil
}

func (w *walk) hashSet(s *Set) (uint64, error) {
	if err := w.enter(""); err != nil {
		return 0, err
	}
	defer w.leave()
	sum := uint64(s.table.live)
	for _, e := range s.table.entries {
		if e.key == nil {
			continue
		}
		h, err := w.hash(e.key)
		if err != nil {
			return 0, err
		}
		sum += hashUint(h)
	}
	return sum, nil
}

// hashRange follows equality of ranges: the same items.
func hashRange(r *Range) uint64 {
	switch n := r.Count(); n {
	case 0:
		return 1
	case 1:
		return hashUint(uint64(r.Start))
	default:
		return hashUint(uint64(r.Start) ^ hashUint(uint64(n)^hashUint(uint64(r.Step))))
	}
}

func hashFloat(f float64) uint64 {
	switch {
	case f == math.Trunc(f) && math.Abs(f) < 1<<63:
		return hashUint(uint64(int64(f)))
	case math.IsInf(f, 0) || math.IsNaN(f) || f != math.Trunc(f):
		return hashUint(math.Float64bits(f))
	}
	n, _ := new(big.Float).SetFloat64(f).Int(nil)
	if n.IsInt64() {
		return hashUint(uint64(n.Int64()))
	}
	return hashBig(n)
}

func hashBig(n *big.Int) uint64 {
	sum := uint64(n.Sign())
	for _, word := range n.Bits() {
		sum = hashUint(sum*31 + uint64(word))
	}
	return sum
}

// cpythonHash is CPython's hash of a real number, which orders its sets.
func cpythonHash(v Value) (int64, bool) {
	const modulus = 1<<61 - 1
	switch v := v.(type) {
	case Bool:
		if v {
			return 1, true
		}
		return 0, true
	case Int:
		return hashSign(int64(v)%modulus, 0), true
	case *BigInt:
		m := new(big.Int).Rem(v.big, big.NewInt(modulus))
		return hashSign(m.Int64(), 0), true
	case Float:
		f := float64(v)
		switch {
		case math.IsNaN(f):
			return 0, false
		case math.IsInf(f, 0):
			return hashSign(314159, f), true
		}
		m, e := math.Frexp(math.Abs(f))
		var x uint64
		for m != 0 {
			x = x<<28&modulus | x>>(61-28)
			m *= 1 << 28
			e -= 28
			y := uint64(m)
			m -= float64(y)
			if x += y; x >= modulus {
				x -= modulus
			}
		}
		e = ((e % 61) + 61) % 61
		x = x<<e&modulus | x>>(61-e)
		return hashSign(int64(x), f), true
	}
	return 0, false
}

// hashSign gives the hash the sign of f, and keeps it from CPython's -1.
func hashSign(h int64, f float64) int64 {
	if f < 0 {
		h = -h
	}
	if h == -1 {
		return -2
	}
	return h
}
