package python

import (
	"math"
	"math/big"
	"math/cmplx"
	"strconv"
)

func builtinAbs(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("abs", args, kwargs)
	if err != nil {
		return nil, err
	}
	if n, ok := smallInt(v); ok && n != math.MinInt64 {
		return Int(max(n, -n)), nil
	}
	if n, ok := asBig(v); ok {
		return NewInt(new(big.Int).Abs(n)), nil
	}
	switch v := v.(type) {
	case Float:
		return Float(math.Abs(float64(v))), nil
	case Complex:
		return Float(cmplx.Abs(complex128(v))), nil
	}
	return nil, typeError("bad operand type for abs(): '%s'", v.Type())
}

func builtinBin(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return inBase("bin", "0b", 2, args, kwargs)
}

func builtinOct(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return inBase("oct", "0o", 8, args, kwargs)
}

func builtinHex(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return inBase("hex", "0x", 16, args, kwargs)
}

func inBase(name, prefix string, base int, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg(name, args, kwargs)
	if err != nil {
		return nil, err
	}
	n, ok := asBig(v)
	if !ok {
		return nil, typeError("'%s' object cannot be interpreted as an integer", v.Type())
	}
	digits, err := intText(n, base)
	if n.Sign() < 0 {
		prefix = "-" + prefix
	}
	return String(prefix + digits), err
}

func builtinDivmod(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("divmod", args, kwargs, 2, 2); err != nil {
		return nil, err
	}
	a, b := args[0], args[1]
	_, aNumber := asFloat(a)
	_, bNumber := asFloat(b)
	if !aNumber || !bNumber {
		return nil, typeError("unsupported operand type(s) for divmod(): '%s' and '%s'", a.Type(), b.Type())
	}
	q, err := Binary(FloorDiv, a, b)
	if err != nil {
		if IsError(err, "ZeroDivisionError") && !(IsInt(a) && IsInt(b)) {
			err = zeroDivision("float divmod()")
		}
		return nil, err
	}
	m, err := Binary(Mod, a, b)
	return NewTuple(q, m), err
}

var powSignature = signature{name: "pow", params: []string{"base", "exp", "mod"}, required: 2, positional: 3}

func builtinPow(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	var bound [3]Value
	if err := powSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	if bound[2] == nil || bound[2] == None {
		return Binary(Pow, bound[0], bound[1])
	}
	x, xOK := asBig(bound[0])
	y, yOK := asBig(bound[1])
	m, mOK := asBig(bound[2])
	switch {
	case !xOK || !yOK || !mOK:
		_, x := bound[0].(Float)
		_, y := bound[1].(Float)
		_, m := bound[2].(Float)
		if x || y || m {
			return nil, typeError("pow() 3rd argument not allowed unless all arguments are integers")
		}
		return nil, typeError("unsupported operand type(s) for ** or pow(): '%s', '%s', '%s'",
			bound[0].Type(), bound[1].Type(), bound[2].Type())
	case m.Sign() == 0:
		return nil, valueError("pow() 3rd argument cannot be 0")
	}
	modulus := new(big.Int).Abs(m)
	// The time grows with the product of the sizes, and with the modulus twice.
	if y.BitLen()*modulus.BitLen() > MaxIntBits*16 {
		return nil, intTooLarge()
	}
	result := new(big.Int).Exp(x, y, modulus)
	if result == nil || y.Sign() < 0 && new(big.Int).GCD(nil, nil, new(big.Int).Mod(x, modulus), modulus).Cmp(big.NewInt(1)) != 0 {
		return nil, valueError("base is not invertible for the given modulus")
	}
	_, result = floorDivMod(result, m)
	return NewInt(result), nil
}

var roundSignature = signature{name: "round", params: []string{"number", "ndigits"}, required: 1, positional: 2}

func builtinRound(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	var bound [2]Value
	if err := roundSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	v, digits := bound[0], bound[1]
	if digits == None {
		digits = nil
	}
	if n, ok := asBig(v); ok {
		if digits == nil {
			return NewInt(n), nil
		}
		places, err := clampIndex(digits)
		if err != nil {
			return nil, err
		}
		return roundInt(n, places), nil
	}
	f, ok := v.(Float)
	if !ok {
		return nil, typeError("type %s doesn't define __round__ method", v.Type())
	}
	if digits == nil {
		n, err := truncated(math.RoundToEven(float64(f)))
		if err != nil {
			return nil, err
		}
		return NewInt(n), nil
	}
	places, err := clampIndex(digits)
	if err != nil {
		return nil, err
	}
	return roundFloat(float64(f), places)
}

func clampIndex(v Value) (int, error) {
	if !IsInt(v) {
		return 0, typeError("'%s' object cannot be interpreted as an integer", v.Type())
	}
	return clampInt(v)
}

// roundInt rounds half to even at a negative number of places.
func roundInt(n *big.Int, places int) Value {
	if places >= 0 {
		return NewInt(n)
	}
	if -places > n.BitLen() {
		return Int(0) // 10**places is more than twice n
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-places)), nil)
	q, m := floorDivMod(n, unit)
	switch twice := new(big.Int).Lsh(m, 1); {
	case twice.Cmp(unit) > 0, twice.Cmp(unit) == 0 && q.Bit(0) == 1:
		q.Add(q, big.NewInt(1))
	}
	return NewInt(q.Mul(q, unit))
}

// roundFloat rounds the exact value of f half to even, as the decimal text of
// that many places does.
func roundFloat(f float64, places int) (Value, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0) || f == 0 || places > 323:
		return Float(f), nil
	case places < -308:
		return Float(math.Copysign(0, f)), nil
	case places >= 0:
		rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', places, 64), 64)
		if err != nil {
			return nil, Raise("OverflowError", "rounded value too large to represent")
		}
		return Float(rounded), nil
	}
	exact := new(big.Rat)
	exact.SetFloat64(math.Abs(f))
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-places)), nil)
	exact.Quo(exact, new(big.Rat).SetInt(unit))
	q, m := floorDivMod(exact.Num(), exact.Denom())
	switch c := new(big.Int).Lsh(m, 1).Cmp(exact.Denom()); {
	case c > 0, c == 0 && q.Bit(0) == 1:
		q.Add(q, big.NewInt(1))
	}
	rounded, _ := new(big.Float).SetInt(q.Mul(q, unit)).Float64()
	if math.IsInf(rounded, 0) {
		return nil, Raise("OverflowError", "rounded value too large to represent")
	}
	return Float(math.Copysign(rounded, f)), nil
}
