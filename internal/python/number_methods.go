package python

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// numberMethod returns a method of a numeric type, or nil.
func numberMethod(name string, k kind) method {
	switch k {
	case kindComplex:
		if name == "conjugate" {
			return numberConjugate
		}
		return nil
	case kindFloat:
		switch name {
		case "is_integer":
			return floatIsInteger
		case "as_integer_ratio":
			return floatRatio
		case "hex":
			return floatHex
		case "conjugate":
			return numberConjugate
		}
		return nil
	}
	switch name {
	case "bit_length":
		return intBitLength
	case "bit_count":
		return intBitCount
	case "as_integer_ratio":
		return intRatio
	case "conjugate":
		return numberConjugate
	case "to_bytes":
		return intToBytes
	}
	return nil
}

func numberConjugate(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs(self.Type()+".conjugate", args, kwargs); err != nil {
		return nil, err
	}
	switch v := self.(type) {
	case Complex:
		return Complex(complex(real(v), -imag(v))), nil
	case Bool:
		n, _ := smallInt(v)
		return Int(n), nil
	}
	return self, nil
}

func intBitLength(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("int.bit_length", args, kwargs); err != nil {
		return nil, err
	}
	n, _ := asBig(self)
	return Int(n.BitLen()), nil
}

func intBitCount(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("int.bit_count", args, kwargs); err != nil {
		return nil, err
	}
	n, _ := asBig(self)
	count := 0
	for i := range n.BitLen() {
		count += int(new(big.Int).Abs(n).Bit(i))
	}
	return Int(count), nil
}

func intRatio(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("int.as_integer_ratio", args, kwargs); err != nil {
		return nil, err
	}
	n, _ := asBig(self)
	return NewTuple(NewInt(n), Int(1)), nil
}

var toBytesSignature = signature{name: "to_bytes", params: []string{"length", "byteorder", "signed"}, positional: 2}

func intToBytes(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	var bound [3]Value
	if err := toBytesSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	length, err := intArg(bound[0], 1)
	if err != nil {
		return nil, err
	}
	order := "big"
	if bound[1] != nil {
		if order, err = strArg("to_bytes", "argument 'byteorder'", bound[1]); err != nil {
			return nil, err
		}
	}
	signed, err := Truth(orNone(bound[2]))
	if err != nil {
		return nil, err
	}
	n, _ := asBig(self)
	bits := n.BitLen()
	if signed && (n.Sign() >= 0 || int(n.TrailingZeroBits()) != bits-1) {
		bits++
	}
	switch {
	case order != "big" && order != "little":
		return nil, valueError("byteorder must be either 'little' or 'big'")
	case length < 0:
		return nil, valueError("length argument must be non-negative")
	case n.Sign() < 0 && !signed:
		return nil, Raise("OverflowError", "can't convert negative int to unsigned")
	case length > MaxText:
		return nil, tooLong(length)
	case bits > 8*length:
		return nil, Raise("OverflowError", "int too big to convert")
	}
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*length)))
	}
	data := n.FillBytes(make([]byte, length))
	if order == "little" {
		reverse(data)
	}
	return Bytes(data), nil
}

func floatIsInteger(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("float.is_integer", args, kwargs); err != nil {
		return nil, err
	}
	f := float64(self.(Float))
	return Bool(f == math.Trunc(f) && !math.IsInf(f, 0)), nil
}

func floatRatio(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("float.as_integer_ratio", args, kwargs); err != nil {
		return nil, err
	}
	f := float64(self.(Float))
	if math.IsInf(f, 0) {
		return nil, Raise("OverflowError", "cannot convert Infinity to integer ratio")
	}
	if math.IsNaN(f) {
		return nil, valueError("cannot convert NaN to integer ratio")
	}
	r := new(big.Rat)
	r.SetFloat64(f)
	return NewTuple(NewInt(r.Num()), NewInt(r.Denom())), nil
}

func floatHex(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("float.hex", args, kwargs); err != nil {
		return nil, err
	}
	f := float64(self.(Float))
	switch {
	case math.IsInf(f, 0) || math.IsNaN(f):
		return String(formatFloat(f)), nil
	case f == 0:
		return String(strings.TrimSuffix(formatFloat(f), "0.0") + "0x0.0p+0"), nil
	}
	bits := math.Float64bits(math.Abs(f))
	lead, exponent := 1, int(bits>>52)-1023
	if bits>>52 == 0 {
		lead, exponent = 0, -1022
	}
	sign := ""
	if f < 0 {
		sign = "-"
	}
	return String(fmt.Sprintf("%s0x%d.%013xp%s", sign, lead, bits&(1<<52-1), signed(exponent))), nil
}

func signed(n int) string {
	if n < 0 {
		return strconv.Itoa(n)
	}
	return "+" + strconv.Itoa(n)
}

// rangeMethod returns a method of range, or nil.
func rangeMethod(name string) method {
	switch name {
	case "count":
		return rangeCount
	case "index":
		return rangeIndex
	}
	return nil
}

func rangeCount(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("range.count", args, kwargs)
	if err != nil {
		return nil, err
	}
	found, err := self.(*Range).contains(v)
	if found {
		return Int(1), err
	}
	return Int(0), err
}

func rangeIndex(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("range.index", args, kwargs)
	if err != nil {
		return nil, err
	}
	if n, ok := smallInt(v); ok {
		if i, ok := self.(*Range).indexOf(n); ok {
			return Int(i), nil
		}
		return nil, valueError("%d is not in range", n)
	}
	return nil, valueError("sequence.index(x): x not in sequence")
}

func intFromBytes(t *Thread, _ Value, args []Value, kwargs []Keyword) (Value, error) {
	sig := signature{name: "from_bytes", params: []string{"bytes", "byteorder", "signed"}, required: 1, positional: 2}
	var bound [3]Value
	if err := sig.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	order := "big"
	if bound[1] != nil {
		var err error
		if order, err = strArg("from_bytes", "argument 'byteorder'", bound[1]); err != nil {
			return nil, err
		}
	}
	signed, err := Truth(orNone(bound[2]))
	if err != nil {
		return nil, err
	}
	if order != "big" && order != "little" {
		return nil, valueError("byteorder must be either 'little' or 'big'")
	}
	v, err := newBytes(t, bound[:1], nil)
	if err != nil {
		return nil, err
	}
	data := []byte(v.(Bytes))
	if 8*len(data) > MaxIntBits {
		return nil, intTooLarge()
	}
	if order == "little" {
		reverse(data)
	}
	n := new(big.Int).SetBytes(data)
	if signed && len(data) > 0 && data[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(data))))
	}
	return NewInt(n), nil
}
