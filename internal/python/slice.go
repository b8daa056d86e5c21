package python

import (
	"math"
	"unicode/utf8"
)

// SliceKey is a slice as a subscript, x[start:stop:step]. A nil field is None.
type SliceKey struct {
	Start, Stop, Step Value
}

// Type implements Value.
func (*SliceKey) Type() string { return "slice" }

// Slice evaluates v[start:stop:step], where nil stands for a missing bound.
func Slice(v, start, stop, step Value) (Value, error) {
	return GetItem(v, &SliceKey{start, stop, step})
}

// bounds are the resolved indices of a slice.
type bounds struct {
	start, step, count int
}

// resolve applies the slice to a sequence of n items.
func (s *SliceKey) resolve(n int) (bounds, error) {
	step, err := sliceIndex(s.Step, 1)
	if err != nil {
		return bounds{}, err
	}
	if step == 0 {
		return bounds{}, valueError("slice step cannot be zero")
	}
	step = max(step, -math.MaxInt)
	first, last := 0, n
	if step < 0 {
		first, last = n-1, -1
	}
	start, err := sliceBound(s.Start, n, first, step < 0)
	if err != nil {
		return bounds{}, err
	}
	stop, err := sliceBound(s.Stop, n, last, step < 0)
	if err != nil {
		return bounds{}, err
	}
	b := bounds{start: start, step: step}
	switch {
	case step > 0 && start < stop:
		b.count = (stop-start-1)/step + 1
	case step < 0 && start > stop:
		b.count = (start-stop-1)/-step + 1
	}
	return b, nil
}

func sliceIndex(v Value, missing int) (int, error) {
	switch v.(type) {
	case nil, NoneType:
		return missing, nil
	case Int, Bool, *BigInt:
		return clampInt(v)
	}
	return 0, typeError("slice indices must be integers or None or have an __index__ method")
}

func sliceBound(v Value, n, missing int, backward bool) (int, error) {
	i, err := sliceIndex(v, missing)
	if err != nil {
		return 0, err
	}
	switch v.(type) {
	case nil, NoneType:
		return i, nil
	}
	low, high := 0, n
	if backward {
		low, high = -1, n-1
	}
	if i < 0 {
		i += n
	}
	return min(max(i, low), high), nil
}

// pick returns the items of the slice in a new slice.
func (b bounds) pick(items []Value) []Value {
	if b.step == 1 {
		return append([]Value(nil), items[b.start:b.start+b.count]...)
	}
	picked := make([]Value, b.count)
	for i := range picked {
		picked[i] = items[b.start+i*b.step]
	}
	return picked
}

func (b bounds) pickBytes(s string) string {
	if b.step == 1 {
		return s[b.start : b.start+b.count]
	}
	picked := make([]byte, b.count)
	for i := range picked {
		picked[i] = s[b.start+i*b.step]
	}
	return string(picked)
}

func sliceText(s string, key *SliceKey) (string, error) {
	n := utf8.RuneCountInString(s)
	b, err := key.resolve(n)
	if err != nil || b.count == 0 {
		return "", err
	}
	if n == len(s) {
		return b.pickBytes(s), nil
	}
	if b.step == 1 {
		from := runeOffset(s, b.start)
		return s[from : from+runeOffset(s[from:], b.count)], nil
	}
	offsets := make([]int, 0, n+1)
	for i := 0; i < len(s); i += runeLen(s[i:]) {
		offsets = append(offsets, i)
	}
	offsets = append(offsets, len(s))
	var picked []byte
	for i := range b.count {
		at := b.start + i*b.step
		picked = append(picked, s[offsets[at]:offsets[at+1]]...)
	}
	return string(picked), nil
}

// runeLen is the length in bytes of the first code point of s.
func runeLen(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// runeOffset is where code point n of s starts. There must be n before it.
func runeOffset(s string, n int) int {
	i := 0
	for ; n > 0; n-- {
		i += runeLen(s[i:])
	}
	return i
}
