package python

import "math/big"

// NoneType is the type of None.
type NoneType struct{}

// None is Python's None.
var None = NoneType{}

// Type implements Value.
func (NoneType) Type() string { return "NoneType" }

// Bool is a Python bool, which is also the int 0 or 1.
type Bool bool

// True and False are Python's.
const (
	True  = Bool(true)
	False = Bool(false)
)

// Type implements Value.
func (Bool) Type() string { return "bool" }

// Int is a Python int that fits 64 bits.
type Int int64

// Type implements Value.
func (Int) Type() string { return "int" }

// BigInt is a Python int that does not fit 64 bits. It is made by NewInt only.
type BigInt struct {
	big *big.Int
}

// Type implements Value.
func (*BigInt) Type() string { return "int" }

// Big returns the number, which must not be changed.
func (b *BigInt) Big() *big.Int { return b.big }

// NewInt returns the int n, as an Int if it fits. It keeps n if not.
func NewInt(n *big.Int) Value {
	if n.IsInt64() {
		return Int(n.Int64())
	}
	return &BigInt{n}
}

// Float is a Python float.
type Float float64

// Type implements Value.
func (Float) Type() string { return "float" }

// Complex is a Python complex.
type Complex complex128

// Type implements Value.
func (Complex) Type() string { return "complex" }

// String is a Python str in UTF-8. Bytes that are not UTF-8 count as one code
// point each, the lone surrogate that Python's surrogateescape gives them.
type String string

// Type implements Value.
func (String) Type() string { return "str" }

// Text implements Texter.
func (s String) Text() string { return string(s) }

// Bytes is a Python bytes.
type Bytes string

// Type implements Value.
func (Bytes) Type() string { return "bytes" }

// ByteArray is a Python bytearray, as far as serialised options need it: it is
// read, compared and written, and has the methods of bytes.
type ByteArray struct {
	Data []byte
}

// Type implements Value.
func (*ByteArray) Type() string { return "bytearray" }

// AsText returns the text of a str or of a value that is one by inheritance.
func AsText(v Value) (string, bool) {
	switch v := v.(type) {
	case String:
		return string(v), true
	case Texter:
		return v.Text(), true
	}
	return "", false
}

// bytesOf returns the content of a bytes or bytearray.
func bytesOf(v Value) (string, bool) {
	switch v := v.(type) {
	case Bytes:
		return string(v), true
	case *ByteArray:
		return string(v.Data), true
	}
	return "", false
}
