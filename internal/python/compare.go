package python

import (
	"cmp"
	"math"
	"math/big"
	"strings"
)

const inComparison = " in comparison"

// Identical reports whether a is b, as far as values without identity of their
// own go: numbers and texts of one type are identical if they are equal.
func Identical(a, b Value) bool {
	switch a := a.(type) {
	case *BigInt:
		b, ok := b.(*BigInt)
		return ok && a.big.Cmp(b.big) == 0
	case NoneType, Bool, Int, Float, String, Bytes,
		*List, *Tuple, *Dict, *Set, *Range, *DictView, *Stream, *Func, *Class, *Module:
		return a == b
	}
	return hasIdentity(a) && hasIdentity(b) && a == b
}

// Equal reports whether a == b.
func Equal(a, b Value) (bool, error) {
	switch a := a.(type) {
	case String:
		if b, ok := b.(String); ok {
			return a == b, nil
		}
	case Int:
		if b, ok := b.(Int); ok {
			return a == b, nil
		}
	}
	w := walk{}
	return w.equal(a, b)
}

// same is equality as containers test it: what is identical is equal.
func same(a, b Value) (bool, error) {
	w := walk{}
	return w.same(a, b)
}

// Compare evaluates a comparison.
func Compare(op CompareOp, a, b Value) (bool, error) {
	switch op {
	case In:
		return Contains(b, a)
	case NotIn:
		found, err := Contains(b, a)
		return !found, err
	}
	w := walk{}
	return w.compare(op, a, b)
}

func (w *walk) same(a, b Value) (bool, error) {
	if Identical(a, b) {
		return true, nil
	}
	return w.equal(a, b)
}

func (w *walk) equal(a, b Value) (bool, error) { return w.compare(Eq, a, b) }

func (w *walk) compare(op CompareOp, a, b Value) (bool, error) {
	if err := w.step(); err != nil {
		return false, err
	}
	if result, handled, err := compareForeign(op, a, b); handled || err != nil {
		return result, err
	}
	switch a := a.(type) {
	case String, Texter:
		x, _ := AsText(a)
		if y, ok := AsText(b); ok {
			return ordered(op, strings.Compare(x, y)), nil
		}
	case Bool, Int, Float, *BigInt, Complex:
		if result, ok := compareNumbers(op, a, b); ok {
			return result, nil
		}
	case *List:
		if b, ok := b.(*List); ok {
			return w.compareItems(op, a.Items, b.Items, a == b)
		}
	case *Tuple:
		if b, ok := b.(*Tuple); ok {
			return w.compareItems(op, a.Items, b.Items, a == b)
		}
	case Bytes, *ByteArray:
		x, _ := bytesOf(a)
		if y, ok := bytesOf(b); ok {
			return ordered(op, strings.Compare(x, y)), nil
		}
	case *Dict:
		if b, ok := b.(*Dict); ok && op <= Ne {
			equal, err := w.equalDicts(a, b)
			return equal == (op == Eq), err
		}
	case *Set, *DictView:
		if x, ok := setOf(a); ok {
			if y, ok := setOf(b); ok {
				return w.compareSets(op, x, y)
			}
		}
	case *Range:
		if b, ok := b.(*Range); ok && op <= Ne {
			return equalRanges(a, b) == (op == Eq), nil
		}
	}
	switch op {
	case Eq:
		return Identical(a, b), nil
	case Ne:
		return !Identical(a, b), nil
	}
	return false, typeError("'%s' not supported between instances of '%s' and '%s'", op, a.Type(), b.Type())
}

func compareForeign(op CompareOp, a, b Value) (result, handled bool, err error) {
	if c, ok := a.(Comparable); ok {
		if result, handled, err = c.Compare(op, b); handled || err != nil {
			return result, handled, err
		}
	}
	if c, ok := b.(Comparable); ok {
		return c.Compare(op.mirror(), a)
	}
	return false, false, nil
}

// ordered applies op to the result of a three-way comparison.
func ordered(op CompareOp, c int) bool {
	switch op {
	case Eq:
		return c == 0
	case Ne:
		return c != 0
	case Lt:
		return c < 0
	case Le:
		return c <= 0
	case Gt:
		return c > 0
	}
	return c >= 0
}

// compareNumbers compares numbers; ok is false if b is none, or op is not for
// these.
func compareNumbers(op CompareOp, a, b Value) (result, ok bool) {
	if x, isInt := smallInt(a); isInt {
		if y, isInt := smallInt(b); isInt {
			return ordered(op, cmp.Compare(x, y)), true
		}
	}
	x, xOK := a.(Complex)
	y, yOK := b.(Complex)
	if xOK || yOK {
		if op > Ne {
			return false, false
		}
		if !xOK {
			if _, numeric := asFloat(a); !numeric {
				return false, false
			}
			if imag(y) != 0 {
				return op == Ne, true
			}
			return compareNumbers(op, a, Float(real(y)))
		}
		if yOK {
			return (x == y) == (op == Eq), true
		}
		if _, numeric := asFloat(b); !numeric {
			return false, false
		}
		if imag(x) != 0 {
			return op == Ne, true
		}
		return compareNumbers(op, Float(real(x)), b)
	}
	f, aFloat := a.(Float)
	g, bFloat := b.(Float)
	switch {
	case aFloat && bFloat:
		return orderedFloats(op, float64(f), float64(g)), true
	case aFloat:
		n, ok := asBig(b)
		if !ok {
			return false, false
		}
		return compareMixed(op.mirror(), n, float64(f)), true
	case bFloat:
		n, ok := asBig(a)
		if !ok {
			return false, false
		}
		return compareMixed(op, n, float64(g)), true
	}
	m, aOK := asBig(a)
	n, bOK := asBig(b)
	if !aOK || !bOK {
		return false, false
	}
	return ordered(op, m.Cmp(n)), true
}

func orderedFloats(op CompareOp, f, g float64) bool {
	if math.IsNaN(f) || math.IsNaN(g) {
		return op == Ne
	}
	return ordered(op, cmp.Compare(f, g))
}

// compareMixed compares an int with a float exactly.
func compareMixed(op CompareOp, n *big.Int, f float64) bool {
	switch {
	case math.IsNaN(f):
		return op == Ne
	case math.IsInf(f, 0):
		return ordered(op, cmp.Compare(0, f))
	}
	return ordered(op, new(big.Float).SetInt(n).Cmp(big.NewFloat(f)))
}

func (w *walk) compareItems(op CompareOp, a, b []Value, identical bool) (bool, error) {
	if op == Eq || op == Ne {
		if identical {
			return op == Eq, nil
		}
		if len(a) != len(b) {
			return op == Ne, nil
		}
	}
	if err := w.enter(inComparison); err != nil {
		return false, err
	}
	defer w.leave()
	for i := range min(len(a), len(b)) {
		// A comparison of foreign values may change the list.
		equal, err := w.same(a[i], b[i])
		if err != nil {
			return false, err
		}
		if equal {
			continue
		}
		if op == Eq || op == Ne {
			return op == Ne, nil
		}
		return w.compare(op, a[i], b[i])
	}
	return ordered(op, cmp.Compare(len(a), len(b))), nil
}

func (w *walk) equalDicts(a, b *Dict) (bool, error) {
	if a == b {
		return true, nil
	}
	if a.table.live != b.table.live {
		return false, nil
	}
	if err := w.enter(inComparison); err != nil {
		return false, err
	}
	defer w.leave()
	for _, e := range a.table.entries {
		if e.key == nil {
			continue
		}
		other, ok, err := b.Get(e.key)
		if err != nil || !ok {
			return false, err
		}
		if equal, err := w.same(e.value, other); err != nil || !equal {
			return false, err
		}
	}
	return true, nil
}

// setOf returns the table of what compares as a set. The items of a dict are
// no such table, and are copied.
func setOf(v Value) (*Set, bool) {
	switch v := v.(type) {
	case *Set:
		return v, true
	case *DictView:
		switch v.kind {
		case viewKeys:
			return &Set{table: v.dict.table}, true
		case viewItems:
			s := &Set{}
			for key, value := range v.dict.All {
				if s.Add(NewTuple(key, value)) != nil {
					return nil, false
				}
			}
			return s, true
		}
	}
	return nil, false
}

func (w *walk) compareSets(op CompareOp, a, b *Set) (bool, error) {
	switch op {
	case Gt, Ge:
		return w.compareSets(op.mirror(), b, a)
	case Ne:
		equal, err := w.compareSets(Eq, a, b)
		return !equal, err
	case Eq:
		if a.table.live != b.table.live {
			return false, nil
		}
	case Lt:
		if a.table.live >= b.table.live {
			return false, nil
		}
	}
	if a.table.live > b.table.live {
		return false, nil
	}
	for _, e := range a.table.entries {
		if e.key == nil {
			continue
		}
		if err := w.step(); err != nil {
			return false, err
		}
		if i, _, err := b.table.find(e.key); err != nil || i < 0 {
			return false, err
		}
	}
	return true, nil
}

func equalRanges(a, b *Range) bool {
	n := a.Count()
	if n != b.Count() {
		return false
	}
	return n == 0 || a.Start == b.Start && (n == 1 || a.Step == b.Step)
}

// Contains reports whether item in container.
func Contains(container, item Value) (bool, error) {
	switch c := container.(type) {
	case *List:
		return containsItem(c.Items, item)
	case *Tuple:
		return containsItem(c.Items, item)
	case *Dict:
		i, _, err := c.table.find(item)
		return i >= 0, err
	case *Range:
		return c.contains(item)
	case Bytes, *ByteArray:
		return containsByte(container, item)
	case Container:
		return c.Contains(item)
	}
	if text, ok := AsText(container); ok {
		part, ok := AsText(item)
		if !ok {
			return false, typeError("'in <string>' requires string as left operand, not %s", item.Type())
		}
		return strings.Contains(text, part), nil
	}
	it, err := Iter(container)
	if err != nil {
		if IsError(err, "TypeError") {
			return false, typeError("argument of type '%s' is not iterable", container.Type())
		}
		return false, err
	}
	for range MaxItems {
		v, ok, err := it.Next()
		if err != nil || !ok {
			return false, err
		}
		if found, err := same(v, item); err != nil || found {
			return found, err
		}
	}
	return false, tooMany()
}

func containsItem(items []Value, item Value) (bool, error) {
	w := walk{}
	for _, v := range items {
		if found, err := w.same(v, item); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

func (r *Range) contains(item Value) (bool, error) {
	if f, ok := item.(Float); ok && float64(f) == math.Trunc(float64(f)) && math.Abs(float64(f)) < 1<<63 {
		item = Int(f)
	}
	n, ok := smallInt(item)
	if !ok {
		return false, nil
	}
	_, found := r.indexOf(n)
	return found, nil
}

// indexOf returns the position of n.
func (r *Range) indexOf(n int64) (int, bool) {
	if r.Step > 0 {
		if n < r.Start || n >= r.Stop || (uint64(n)-uint64(r.Start))%uint64(r.Step) != 0 {
			return 0, false
		}
		return int((uint64(n) - uint64(r.Start)) / uint64(r.Step)), true
	}
	step := -uint64(r.Step)
	if n > r.Start || n <= r.Stop || (uint64(r.Start)-uint64(n))%step != 0 {
		return 0, false
	}
	return int((uint64(r.Start) - uint64(n)) / step), true
}

func containsByte(container, item Value) (bool, error) {
	data, _ := bytesOf(container)
	if part, ok := bytesOf(item); ok {
		return strings.Contains(data, part), nil
	}
	n, ok := smallInt(item)
	if !ok {
		if _, isBig := item.(*BigInt); !isBig {
			return false, typeError("a bytes-like object is required, not '%s'", item.Type())
		}
		n = -1
	}
	if n < 0 || n > 255 {
		return false, valueError("byte must be in range(0, 256)")
	}
	return strings.IndexByte(data, byte(n)) >= 0, nil
}
