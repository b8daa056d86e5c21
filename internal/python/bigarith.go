package python

import (
	"math"
	"math/big"
	"math/cmplx"
)

func bigBinary(op Op, x, y *big.Int) (Value, error) {
	z := new(big.Int)
	switch op {
	case Add:
		return boundedInt(z.Add(x, y))
	case Sub:
		return boundedInt(z.Sub(x, y))
	case Mul:
		if x.BitLen()+y.BitLen() > MaxIntBits+1 {
			return nil, intTooLarge()
		}
		return boundedInt(z.Mul(x, y))
	case TrueDiv:
		return divideInts(x, y)
	case FloorDiv:
		if y.Sign() == 0 {
			return nil, zeroDivision("integer division or modulo by zero")
		}
		q, _ := floorDivMod(x, y)
		return NewInt(q), nil
	case Mod:
		if y.Sign() == 0 {
			return nil, zeroDivision("integer modulo by zero")
		}
		_, m := floorDivMod(x, y)
		return NewInt(m), nil
	case Pow:
		return intPow(x, y)
	case And:
		return NewInt(z.And(x, y)), nil
	case Or:
		return NewInt(z.Or(x, y)), nil
	case Xor:
		return NewInt(z.Xor(x, y)), nil
	}
	return shift(op, x, y)
}

func intTooLarge() error {
	return Raise("OverflowError", "int of more than %d bits", MaxIntBits)
}

func boundedInt(n *big.Int) (Value, error) {
	if n.BitLen() > MaxIntBits {
		return nil, intTooLarge()
	}
	return NewInt(n), nil
}

// floorDivMod is the floored quotient and the remainder with y's sign.
func floorDivMod(x, y *big.Int) (q, m *big.Int) {
	q, m = new(big.Int).QuoRem(x, y, new(big.Int))
	if m.Sign() != 0 && m.Sign() != y.Sign() {
		m.Add(m, y)
		q.Sub(q, big.NewInt(1))
	}
	return q, m
}

// divideInts is the correctly rounded quotient.
func divideInts(x, y *big.Int) (Value, error) {
	if y.Sign() == 0 {
		return nil, zeroDivision("division by zero")
	}
	f, _ := new(big.Rat).SetFrac(x, y).Float64()
	if f == 0 && (x.Sign() < 0) != (y.Sign() < 0) {
		f = math.Copysign(0, -1)
	}
	if math.IsInf(f, 0) {
		return nil, Raise("OverflowError", "integer division result too large for a float")
	}
	return Float(f), nil
}

func intPow(x, y *big.Int) (Value, error) {
	if y.Sign() < 0 {
		if x.Sign() == 0 {
			return nil, zeroDivision("0.0 cannot be raised to a negative power")
		}
		f, _, err := toFloat(NewInt(x))
		if err != nil {
			return nil, err
		}
		g, _, err := toFloat(NewInt(y))
		if err != nil {
			return nil, err
		}
		return floatPow(f, g)
	}
	if x.BitLen() > 1 && (!y.IsInt64() || y.Int64() > MaxIntBits/int64(x.BitLen()-1)) {
		return nil, intTooLarge()
	}
	if x.BitLen() <= 1 {
		return smallPow(x.Int64(), y), nil
	}
	return boundedInt(new(big.Int).Exp(x, y, nil))
}

// smallPow raises 0, 1 or -1.
func smallPow(x int64, y *big.Int) Value {
	switch {
	case y.Sign() == 0:
		return Int(1)
	case x < 0 && y.Bit(0) == 0:
		return Int(1)
	}
	return Int(x)
}

func shift(op Op, x, y *big.Int) (Value, error) {
	if y.Sign() < 0 {
		return nil, valueError("negative shift count")
	}
	if op == RShift {
		if !y.IsInt64() || y.Int64() > int64(x.BitLen()) {
			y = big.NewInt(int64(x.BitLen()))
		}
		return NewInt(new(big.Int).Rsh(x, uint(y.Int64()))), nil
	}
	if x.Sign() == 0 {
		return Int(0), nil
	}
	if !y.IsInt64() || y.Int64() > MaxIntBits {
		return nil, intTooLarge()
	}
	return boundedInt(new(big.Int).Lsh(x, uint(y.Int64())))
}

func asComplex(v Value) (complex128, bool, error) {
	if c, ok := v.(Complex); ok {
		return complex128(c), true, nil
	}
	f, ok, err := toFloat(v)
	return complex(f, 0), ok, err
}

func complexBinary(op Op, a, b Value) (Value, error) {
	x, ok, err := asComplex(a)
	if !ok || err != nil {
		return nil, err
	}
	y, ok, err := asComplex(b)
	if !ok || err != nil {
		return nil, err
	}
	switch op {
	case Add:
		return Complex(x + y), nil
	case Sub:
		return Complex(x - y), nil
	case Mul:
		return Complex(x * y), nil
	case TrueDiv:
		if y == 0 {
			return nil, zeroDivision("complex division by zero")
		}
		return Complex(x / y), nil
	case Pow:
		return complexPow(x, y)
	}
	return nil, nil
}

func complexPow(x, y complex128) (Value, error) {
	switch {
	case y == 0:
		return Complex(1), nil
	case x == 0 && (real(y) < 0 || imag(y) != 0):
		return nil, zeroDivision("0.0 to a negative or complex power")
	}
	var z complex128
	if n := real(y); imag(y) == 0 && n == math.Trunc(n) && math.Abs(n) <= 100 {
		z = complexPowInt(x, int(n))
	} else {
		size, angle := cmplx.Polar(x)
		length := pow(size, real(y))
		phase := angle * real(y)
		if imag(y) != 0 {
			length *= math.Exp(-angle * imag(y))
			phase += imag(y) * math.Log(size)
		}
		z = complex(length*math.Cos(phase), length*math.Sin(phase))
	}
	if cmplx.IsInf(z) {
		return nil, Raise("OverflowError", "complex exponentiation")
	}
	return Complex(z), nil
}

// complexPowInt raises to a small power, exactly where the result is exact.
func complexPowInt(x complex128, n int) complex128 {
	if n < 0 {
		return 1 / complexPowInt(x, -n)
	}
	result := complex128(1)
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			result *= x
		}
		x *= x
	}
	return result
}
