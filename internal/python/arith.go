package python

import (
	"math"
	"math/big"
	"math/bits"
)

// Binary evaluates a op b.
func Binary(op Op, a, b Value) (Value, error) {
	if x, ok := a.(Int); ok {
		if y, ok := b.(Int); ok {
			return intBinary(op, int64(x), int64(y))
		}
	}
	if op == Mod {
		switch a.(type) {
		case String:
			return percentText(a, b)
		case Bytes, *ByteArray:
			return percentBytes(a, b)
		}
	}
	if x, ok := a.(String); ok && op == Add {
		if y, ok := b.(String); ok {
			return concat(string(x), string(y))
		}
	}
	if result, handled, err := foreignBinary(op, a, b); handled || err != nil {
		return result, err
	}
	if result, err := numberBinary(op, a, b); result != nil || err != nil {
		return result, err
	}
	switch op {
	case Add:
		return addSequences(a, b)
	case Mul:
		return repeatSequence(a, b)
	case Mod:
		if _, ok := AsText(a); ok {
			return percentText(a, b)
		}
	case Sub, And, Or, Xor:
		if result, err := setBinary(op, a, b); result != nil || err != nil {
			return result, err
		}
	}
	return nil, unsupported(op, a, b)
}

func unsupported(op Op, a, b Value) error {
	return typeError("unsupported operand type(s) for %s: '%s' and '%s'", op, a.Type(), b.Type())
}

func foreignBinary(op Op, a, b Value) (result Value, handled bool, err error) {
	if o, ok := a.(Operand); ok {
		if result, handled, err = o.Binary(op, b, false); handled || err != nil {
			return result, handled, err
		}
	}
	if o, ok := b.(Operand); ok {
		return o.Binary(op, a, true)
	}
	return nil, false, nil
}

// numberBinary computes with numbers; it returns nil if an operand is none, or
// the operator is not for them.
func numberBinary(op Op, a, b Value) (Value, error) {
	if x, ok := smallInt(a); ok {
		if y, ok := smallInt(b); ok {
			_, aBool := a.(Bool)
			_, bBool := b.(Bool)
			if aBool && bBool && (op == And || op == Or || op == Xor) {
				return boolBinary(op, x != 0, y != 0), nil
			}
			return intBinary(op, x, y)
		}
	}
	if x, ok := asBig(a); ok {
		if y, ok := asBig(b); ok {
			return bigBinary(op, x, y)
		}
	}
	if op > Pow {
		return nil, nil
	}
	_, aComplex := a.(Complex)
	_, bComplex := b.(Complex)
	if aComplex || bComplex {
		return complexBinary(op, a, b)
	}
	x, ok, err := toFloat(a)
	if !ok {
		return nil, nil
	}
	y, ok, err2 := toFloat(b)
	if !ok {
		return nil, nil
	}
	if err == nil {
		err = err2
	}
	if err != nil {
		return nil, err
	}
	return floatBinary(op, x, y)
}

func boolBinary(op Op, x, y bool) Value {
	switch op {
	case And:
		return Bool(x && y)
	case Or:
		return Bool(x || y)
	}
	return Bool(x != y)
}

func intBinary(op Op, x, y int64) (Value, error) {
	switch op {
	case Add:
		if z := x + y; (z > x) == (y > 0) {
			return Int(z), nil
		}
	case Sub:
		if z := x - y; (z < x) == (y > 0) {
			return Int(z), nil
		}
	case Mul:
		if hi, lo := bits.Mul64(magnitude(x), magnitude(y)); hi == 0 && lo < 1<<63 {
			return Int(x * y), nil
		}
	case TrueDiv:
		if y == 0 {
			return nil, zeroDivision("division by zero")
		}
		const exact = 1 << 53
		if magnitude(x) <= exact && magnitude(y) <= exact {
			return Float(float64(x) / float64(y)), nil
		}
	case FloorDiv:
		if y == 0 {
			return nil, zeroDivision("integer division or modulo by zero")
		}
		if x != math.MinInt64 || y != -1 {
			q := x / y
			if x%y != 0 && (x < 0) != (y < 0) {
				q--
			}
			return Int(q), nil
		}
	case Mod:
		if y == 0 {
			return nil, zeroDivision("integer modulo by zero")
		}
		if y == -1 {
			return Int(0), nil
		}
		m := x % y
		if m != 0 && (m < 0) != (y < 0) {
			m += y
		}
		return Int(m), nil
	case And:
		return Int(x & y), nil
	case Or:
		return Int(x | y), nil
	case Xor:
		return Int(x ^ y), nil
	}
	return bigBinary(op, big.NewInt(x), big.NewInt(y))
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func zeroDivision(message string) error { return Raise("ZeroDivisionError", "%s", message) }

func floatBinary(op Op, x, y float64) (Value, error) {
	switch op {
	case Add:
		return Float(x + y), nil
	case Sub:
		return Float(x - y), nil
	case Mul:
		return Float(x * y), nil
	case TrueDiv:
		if y == 0 {
			return nil, zeroDivision("float division by zero")
		}
		return Float(x / y), nil
	case FloorDiv:
		if y == 0 {
			return nil, zeroDivision("float floor division by zero")
		}
		q, _ := floatDivMod(x, y)
		return Float(q), nil
	case Mod:
		if y == 0 {
			return nil, zeroDivision("float modulo")
		}
		_, m := floatDivMod(x, y)
		return Float(m), nil
	}
	return floatPow(x, y)
}

// floatDivMod is the floored quotient and the remainder with y's sign.
func floatDivMod(x, y float64) (q, m float64) {
	m = math.Mod(x, y)
	q = (x - m) / y
	if m != 0 {
		if (y < 0) != (m < 0) {
			m += y
			q--
		}
	} else {
		m = math.Copysign(0, y)
	}
	if q == 0 {
		return math.Copysign(0, x/y), m
	}
	floor := math.Floor(q)
	if q-floor > 0.5 {
		floor++
	}
	return floor, m
}

func floatPow(x, y float64) (Value, error) {
	switch {
	case x == 0 && y < 0:
		return nil, zeroDivision("0.0 cannot be raised to a negative power")
	case x < 0 && y != math.Trunc(y) && !math.IsInf(x, 0) && !math.IsInf(y, 0):
		return complexPow(complex(x, 0), complex(y, 0))
	}
	z := pow(x, y)
	if math.IsInf(z, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return nil, Raise("OverflowError", "(34, 'Numerical result out of range')")
	}
	return Float(z), nil
}

// Unary evaluates op a.
func Unary(op UnaryOp, a Value) (Value, error) {
	if u, ok := a.(UnaryOperand); ok {
		return u.Unary(op)
	}
	if n, ok := smallInt(a); ok {
		switch {
		case op == Pos:
			return Int(n), nil
		case op == Invert:
			return Int(^n), nil
		case n != math.MinInt64:
			return Int(-n), nil
		}
	}
	if n, ok := asBig(a); ok {
		switch op {
		case Neg:
			return NewInt(new(big.Int).Neg(n)), nil
		case Invert:
			return NewInt(new(big.Int).Not(n)), nil
		}
		return a, nil
	}
	switch a := a.(type) {
	case Float:
		if op == Neg {
			return -a, nil
		}
		if op == Pos {
			return a, nil
		}
	case Complex:
		if op == Neg {
			return -a, nil
		}
		if op == Pos {
			return a, nil
		}
	}
	return nil, typeError("bad operand type for unary %s: '%s'", op, a.Type())
}
