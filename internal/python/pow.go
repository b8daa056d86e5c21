package python

import (
	"math"
	"math/big"
)

// pow is x to the power of y, correctly rounded as C libraries have it and
// math.Pow has not. x is not negative unless y is an integer.
func pow(x, y float64) float64 {
	rough := math.Pow(x, y)
	exceptional := rough == 0 || math.IsInf(rough, 0) || math.IsNaN(rough) || math.IsInf(y, 0)
	if exceptional || x == 1 || y == 0 || y == 1 || math.Abs(rough) < 0x1p-1000 {
		return rough
	}
	if y == math.Trunc(y) && y > 0 && y <= 64 {
		return powExact(x, int(y))
	}
	size := new(big.Float).SetPrec(powBits).SetFloat64(math.Abs(x))
	power := newFloatWith(powBits).Mul(bigLog(size), newFloatWith(powBits).SetFloat64(y))
	z, _ := bigExp(power).Float64()
	if math.IsInf(z, 0) {
		return rough
	}
	return math.Copysign(z, rough)
}

// powBits is the precision of the steps on the way to 53 bits.
const powBits = 160

func newFloatWith(bits uint) *big.Float { return new(big.Float).SetPrec(bits) }

// powExact multiplies without rounding.
func powExact(x float64, n int) float64 {
	bits := uint(53 * n)
	result := newFloatWith(bits).SetInt64(1)
	base := newFloatWith(bits).SetFloat64(x)
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			result.Mul(result, base)
		}
		if n > 1 {
			base.Mul(base, base)
		}
	}
	z, _ := result.Float64()
	return z
}

// bigLog is the natural logarithm of a positive number.
func bigLog(x *big.Float) *big.Float {
	mantissa := newFloatWith(powBits)
	exponent := x.MantExp(mantissa)
	// Near one, the logarithm is 2 artanh((m-1)/(m+1)).
	if mantissa.Cmp(big.NewFloat(0.75)) < 0 {
		mantissa.SetMantExp(mantissa, 1)
		exponent--
	}
	sum := bigArtanh(mantissa)
	if exponent == 0 {
		return sum
	}
	log2 := bigArtanh(newFloatWith(powBits).SetInt64(2))
	return sum.Add(sum, log2.Mul(log2, newFloatWith(powBits).SetInt64(int64(exponent))))
}

// bigArtanh is 2 artanh((m-1)/(m+1)), which is log(m).
func bigArtanh(m *big.Float) *big.Float {
	one := newFloatWith(powBits).SetInt64(1)
	t := newFloatWith(powBits).Quo(newFloatWith(powBits).Sub(m, one), newFloatWith(powBits).Add(m, one))
	square := newFloatWith(powBits).Mul(t, t)
	sum := newFloatWith(powBits).Set(t)
	for n := int64(3); t.Sign() != 0; n += 2 {
		t.Mul(t, square)
		term := newFloatWith(powBits).Quo(t, newFloatWith(powBits).SetInt64(n))
		if term.Sign() == 0 || term.MantExp(nil) < sum.MantExp(nil)-powBits {
			break
		}
		sum.Add(sum, term)
	}
	return sum.Mul(sum, newFloatWith(powBits).SetInt64(2))
}

// bigExp is e to the power of x.
func bigExp(x *big.Float) *big.Float {
	log2 := bigArtanh(newFloatWith(powBits).SetInt64(2))
	ratio, _ := newFloatWith(powBits).Quo(x, log2).Float64()
	twos := int(math.Round(ratio))
	// The rest is at most log(2)/2; 2**8 times less makes the series short.
	const halvings = 8
	rest := newFloatWith(powBits).Sub(x, log2.Mul(log2, newFloatWith(powBits).SetInt64(int64(twos))))
	rest.SetMantExp(rest, -halvings)
	sum := newFloatWith(powBits).SetInt64(1)
	term := newFloatWith(powBits).SetInt64(1)
	for n := int64(1); ; n++ {
		term.Mul(term, rest)
		term.Quo(term, newFloatWith(powBits).SetInt64(n))
		if term.Sign() == 0 || term.MantExp(nil) < -powBits {
			break
		}
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum.SetMantExp(sum, twos)
}
