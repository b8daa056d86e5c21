package python

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// evaluator runs the small Python of the test tables: statements that assign
// or evaluate, separated by semicolons, of which the last is the result.
type evaluator struct {
	*literalParser
	names  *Dict
	thread *Thread
}

func evaluate(source string) (Value, error) { return evaluateIn(&Thread{}, source) }

func evaluateIn(t *Thread, source string) (Value, error) {
	e := &evaluator{&literalParser{text: source}, Builtins(), t}
	e.names.SetString("json", JSONModule())
	e.names.SetString("pformat", NewFunc("pformat", func(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
		if err := positional("pformat", args, kwargs, 3, 3); err != nil {
			return nil, err
		}
		indent, err := AsInt(args[1])
		if err != nil {
			return nil, err
		}
		width, err := AsInt(args[2])
		if err != nil {
			return nil, err
		}
		s, err := PFormat(args[0], indent, width)
		return String(s), err
	}))
	e.names.SetString("saferepr", NewFunc("saferepr", func(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
		v, err := oneArg("saferepr", args, kwargs)
		if err != nil {
			return nil, err
		}
		s, err := SafeRepr(v)
		return String(s), err
	}))
	e.names.SetString("type", TypeClass)
	var result Value = None
	for {
		v, err := e.statement()
		if err != nil {
			return nil, err
		}
		if v != nil {
			result = v
		}
		if !e.take(';') {
			break
		}
	}
	if e.peek() != 0 {
		return nil, e.expected("the end")
	}
	return result, nil
}

func (e *evaluator) statement() (Value, error) {
	start := e.at
	if name, ok := e.keyword(); ok {
		if e.at < len(e.text) && e.text[e.at] == '=' {
			e.at = start
			return e.either()
		}
		v, err := e.either()
		if err == nil {
			e.names.SetString(name, v)
		}
		return nil, err
	}
	return e.either()
}

// word takes a keyword.
func (e *evaluator) word(w string) bool {
	e.space()
	start := e.at
	if e.name() == w {
		return true
	}
	e.at = start
	return false
}

func (e *evaluator) symbol(s string) bool {
	e.space()
	if strings.HasPrefix(e.text[e.at:], s) {
		e.at += len(s)
		return true
	}
	return false
}

func (e *evaluator) either() (Value, error) {
	v, err := e.both()
	for err == nil && e.word("or") {
		var right Value
		if right, err = e.both(); err == nil {
			var truth bool
			if truth, err = Truth(v); !truth {
				v = right
			}
		}
	}
	return v, err
}

func (e *evaluator) both() (Value, error) {
	v, err := e.comparison()
	for err == nil && e.word("and") {
		var right Value
		if right, err = e.comparison(); err == nil {
			var truth bool
			if truth, err = Truth(v); truth {
				v = right
			}
		}
	}
	return v, err
}

func (e *evaluator) comparison() (Value, error) {
	if e.word("not") {
		v, err := e.comparison()
		if err != nil {
			return nil, err
		}
		truth, err := Truth(v)
		return Bool(!truth), err
	}
	left, err := e.binary(0)
	if err != nil {
		return nil, err
	}
	op, ok := e.compareOp()
	if !ok {
		return left, nil
	}
	right, err := e.binary(0)
	if err != nil {
		return nil, err
	}
	result, err := Compare(op, left, right)
	return Bool(result), err
}

func (e *evaluator) compareOp() (CompareOp, bool) {
	for _, op := range []CompareOp{Eq, Ne, Le, Ge, Lt, Gt} {
		if e.symbol(op.String()) {
			return op, true
		}
	}
	if e.word("in") {
		return In, true
	}
	if e.word("not") {
		return NotIn, e.word("in")
	}
	return 0, false
}

var levels = [][]struct {
	text string
	op   Op
}{
	{{"|", Or}},
	{{"^", Xor}},
	{{"&", And}},
	{{"<<", LShift}, {">>", RShift}},
	{{"+", Add}, {"-", Sub}},
	{{"*", Mul}, {"//", FloorDiv}, {"/", TrueDiv}, {"%", Mod}},
}

func (e *evaluator) binary(level int) (Value, error) {
	if level == len(levels) {
		return e.prefix()
	}
	v, err := e.binary(level + 1)
next:
	for err == nil {
		for _, o := range levels[level] {
			if o.text == "*" && strings.HasPrefix(e.text[e.at:], "**") {
				continue
			}
			if e.symbol(o.text) {
				var right Value
				if right, err = e.binary(level + 1); err == nil {
					v, err = Binary(o.op, v, right)
				}
				continue next
			}
		}
		break
	}
	return v, err
}

func (e *evaluator) prefix() (Value, error) {
	for text, op := range map[string]UnaryOp{"-": Neg, "+": Pos, "~": Invert} {
		if e.symbol(text) {
			v, err := e.prefix()
			if err != nil {
				return nil, err
			}
			return Unary(op, v)
		}
	}
	v, err := e.postfix()
	if err == nil && e.symbol("**") {
		right, err := e.prefix()
		if err != nil {
			return nil, err
		}
		return Binary(Pow, v, right)
	}
	return v, err
}

func (e *evaluator) postfix() (Value, error) {
	v, err := e.operand()
	for err == nil {
		switch {
		case e.take('.'):
			v, err = GetAttr(v, e.name())
		case e.take('('):
			v, err = e.arguments(v)
		case e.take('['):
			v, err = e.subscript(v)
		default:
			return v, nil
		}
	}
	return v, err
}

func (e *evaluator) arguments(f Value) (Value, error) {
	var args []Value
	var kwargs []Keyword
	for !e.take(')') {
		if e.symbol("**") {
			v, err := e.either()
			if err != nil {
				return nil, err
			}
			d, ok := v.(*Dict)
			if !ok {
				return nil, typeError("not a mapping: %s", v.Type())
			}
			for key, value := range d.All {
				kwargs = append(kwargs, Keyword{text(key), value})
			}
			e.take(',')
			continue
		}
		name, isKeyword := e.keyword()
		v, err := e.either()
		if err != nil {
			return nil, err
		}
		if isKeyword {
			kwargs = append(kwargs, Keyword{name, v})
		} else {
			args = append(args, v)
		}
		e.take(',')
	}
	return Call(e.thread, f, args, kwargs)
}

func (e *evaluator) subscript(v Value) (Value, error) {
	var bounds [3]Value
	n := 0
	for !e.take(']') {
		if e.take(':') {
			if n++; n > 2 {
				return nil, e.expected("']'")
			}
			continue
		}
		bound, err := e.either()
		if err != nil {
			return nil, err
		}
		bounds[n] = bound
	}
	if n == 0 && bounds[0] == nil {
		return nil, e.expected("a subscript")
	}
	if n == 0 {
		if e.peek() == '=' && !strings.HasPrefix(e.text[e.at:], "==") {
			e.at++
			value, err := e.either()
			if err != nil {
				return nil, err
			}
			return value, SetItem(v, bounds[0], value)
		}
		return GetItem(v, bounds[0])
	}
	return Slice(v, bounds[0], bounds[1], bounds[2])
}

func (e *evaluator) operand() (Value, error) {
	switch c := e.peek(); {
	case c == '[' || c == '(':
		end := byte(']')
		if c == '(' {
			end = ')'
		}
		e.at++
		l, comma := &List{}, false
		for !e.take(end) {
			v, err := e.either()
			if err != nil {
				return nil, err
			}
			l.Items = append(l.Items, v)
			comma = e.take(',')
		}
		if c == '[' {
			return l, nil
		}
		if len(l.Items) == 1 && !comma {
			return l.Items[0], nil
		}
		return NewTuple(l.Items...), nil
	case c == '{':
		return e.braced()
	case isDigit(c) || c == '\'' || c == '"' || e.atString() || c == '.':
		return e.atom()
	}
	name := e.name()
	switch name {
	case "None", "True", "False":
		return e.named(name)
	}
	if v, ok := e.names.GetString(name); ok {
		return v, nil
	}
	return nil, Raise("NameError", "name '%s' is not defined", name)
}

func (e *evaluator) braced() (Value, error) {
	e.at++
	d, s, isSet := NewDict(), &Set{}, false
	for !e.take('}') {
		key, err := e.either()
		if err != nil {
			return nil, err
		}
		if isSet = !e.take(':'); isSet {
			err = s.Add(key)
		} else {
			var v Value
			if v, err = e.either(); err == nil {
				err = d.Set(key, v)
			}
		}
		if err != nil {
			return nil, err
		}
		e.take(',')
	}
	if isSet {
		return s, nil
	}
	return d, nil
}

// outcome is the repr of what the source gives, or its error.
func outcome(source string) string {
	v, err := evaluate(source)
	if err == nil {
		var s string
		if s, err = Repr(v); err == nil {
			return s
		}
	}
	return "! " + err.Error()
}

func TestEvaluatorItself(t *testing.T) {
	require.Equal(t, "7", outcome("1 + 2 * 3"))
	require.Equal(t, "[1, 2]", outcome("x = [1]; x.append(2); x"))
	require.Equal(t, "True", outcome("1 == 1.0 and not 2 < 1"))
	require.Equal(t, "! NameError: name 'y' is not defined", outcome("y"))
}
