package python

// Op is a binary operator.
type Op uint8

// The binary operators.
const (
	Add Op = iota
	Sub
	Mul
	TrueDiv
	FloorDiv
	Mod
	Pow
	And
	Or
	Xor
	LShift
	RShift
)

var opNames = [...]string{"+", "-", "*", "/", "//", "%", "** or pow()", "&", "|", "^", "<<", ">>"}

// String is the operator as error messages name it.
func (op Op) String() string { return opNames[op] }

// UnaryOp is a unary operator.
type UnaryOp uint8

// The unary operators but not, which is Truth.
const (
	Neg UnaryOp = iota
	Pos
	Invert
)

var unaryNames = [...]string{"-", "+", "~"}

// String is the operator as error messages name it.
func (op UnaryOp) String() string { return unaryNames[op] }

// CompareOp is a comparison.
type CompareOp uint8

// The comparisons.
const (
	Eq CompareOp = iota
	Ne
	Lt
	Le
	Gt
	Ge
	In
	NotIn
)

var compareNames = [...]string{"==", "!=", "<", "<=", ">", ">=", "in", "not in"}

// String is the operator as written.
func (op CompareOp) String() string { return compareNames[op] }

// mirror is the operator with its operands exchanged.
func (op CompareOp) mirror() CompareOp {
	switch op {
	case Lt:
		return Gt
	case Le:
		return Ge
	case Gt:
		return Lt
	case Ge:
		return Le
	}
	return op
}
