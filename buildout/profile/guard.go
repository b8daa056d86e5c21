package profile

import (
	"errors"
	"fmt"
	regexpsyntax "regexp/syntax"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Starlark bounds the steps of an expression, but one step can be of any size:
// 'x' * 1000000000, max(range(...)), a list that is compared with itself. So
// every call and operator of a condition goes through a function that first
// takes the size of what it works on, and then that of the result, from a
// budget of about as many bytes. What can't be weighed is not supported.

const maxConditionWork = 1 << 23

var errTooMuchWork = errors.New("the condition takes too much memory or time")

// budget is what the evaluation of one condition may still take.
type budget int

// charge takes the size of values, all that they contain included.
func (b *budget) charge(values ...starlark.Value) error {
	for _, v := range values {
		b.weigh(v)
	}
	return b.spend(1)
}

func (b *budget) spend(n int) error {
	if n > int(*b) || n < 0 {
		*b = 0
		return errTooMuchWork
	}
	*b -= budget(n)
	return nil
}

func (b *budget) weigh(v starlark.Value) {
	size := 16
	switch v := v.(type) {
	case starlark.String:
		size += len(v)
	case starlark.Bytes:
		size += len(v)
	case starlark.Int:
		size += v.BigInt().BitLen() / 8
	case starlark.Indexable: // lists, tuples and ranges
		for i := 0; i < v.Len() && *b > 0; i++ {
			b.weigh(v.Index(i))
		}
	case *starlark.Dict:
		for _, item := range v.Items() {
			b.weigh(item)
		}
	}
	*b -= budget(min(size, int(*b)))
}

// call calls a function or a method.
func (b *budget) call(t *starlark.Thread, fn starlark.Value, args starlark.Tuple) (starlark.Value, error) {
	if err := b.charge(args); err != nil {
		return nil, err
	}
	f, ok := fn.(*starlark.Builtin)
	if !ok {
		return nil, fmt.Errorf("TypeError: '%s' object is not callable", fn.Type())
	}
	if r := f.Receiver(); r != nil {
		if err := b.charge(r); err != nil {
			return nil, err
		}
	}
	if err := b.chargeBeyond(f, args); err != nil {
		return nil, err
	}
	v, err := starlark.Call(t, fn, args, nil)
	if err != nil {
		return nil, err
	}
	return v, b.charge(v)
}

// chargeBeyond takes what a function can cost beyond the size of its arguments.
func (b *budget) chargeBeyond(f *starlark.Builtin, args starlark.Tuple) error {
	receiver, ok := f.Receiver().(starlark.String)
	switch name := f.Name(); {
	case !ok && (name == "match" || name == "search") && len(args) == 2:
		return b.chargeRegexp(args[0], args[1])
	case ok && name == "format":
		return errors.New("the method format isn't supported in a condition")
	case ok && name == "join" && len(args) == 1:
		return b.spend(len(receiver) * max(0, starlark.Len(args[0])))
	case ok && name == "replace" && len(args) >= 2:
		return b.spend((len(receiver) + 1) * (max(0, starlark.Len(args[1])) + 1))
	}
	return nil
}

// chargeRegexp takes the cost of a regular expression, in which what is repeated
// counts as often as that, up to a thousand times.
func (b *budget) chargeRegexp(pattern, text starlark.Value) error {
	p, _ := starlark.AsString(pattern)
	if err := b.spend(1000 * len(p)); err != nil {
		return err
	}
	parsed, err := regexpsyntax.Parse(p, regexpsyntax.Perl)
	if err != nil {
		return nil // said when it is called
	}
	program, err := regexpsyntax.Compile(parsed.Simplify())
	if err != nil {
		return err
	}
	return b.spend(len(program.Inst) * max(0, starlark.Len(text)) / 4)
}

// operate applies an operator.
func (b *budget) operate(op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	if err := b.charge(x, y); err != nil {
		return nil, err
	}
	switch op {
	case syntax.EQL, syntax.NEQ, syntax.LT, syntax.LE, syntax.GT, syntax.GE:
		v, err := starlark.Compare(op, x, y)
		return starlark.Bool(v), err
	case syntax.NOT_IN:
		v, err := starlark.Binary(syntax.IN, x, y)
		if err != nil {
			return nil, err
		}
		return !v.Truth(), nil
	case syntax.STAR, syntax.PERCENT:
		if !isNumber(x) || !isNumber(y) {
			return nil, fmt.Errorf("%s %s %s isn't supported in a condition: it is for numbers", x.Type(), op, y.Type())
		}
	}
	v, err := starlark.Binary(op, x, y)
	if err != nil {
		return nil, err
	}
	return v, b.charge(v)
}

func isNumber(v starlark.Value) bool {
	switch v.(type) {
	case starlark.Int, starlark.Float:
		return true
	}
	return false
}

// The functions that the rewritten expression calls; no text can name them.
const (
	guardCall    = "(call)"
	guardOperate = "(operate)"
	guardCharge  = "(charge)"
)

// guards are the functions that take from a budget.
func (b *budget) guards() starlark.StringDict {
	builtin := func(name string, f func(t *starlark.Thread, args starlark.Tuple) (starlark.Value, error)) *starlark.Builtin {
		return starlark.NewBuiltin(name, func(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return f(t, args)
		})
	}
	return starlark.StringDict{
		guardCall: builtin(guardCall, func(t *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
			return b.call(t, args[0], args[1:])
		}),
		guardOperate: builtin(guardOperate, func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
			op, _ := starlark.AsInt32(args[0])
			return b.operate(syntax.Token(op), args[1], args[2])
		}),
		guardCharge: builtin(guardCharge, func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
			return args[0], b.charge(args[0])
		}),
	}
}

// supportedBuiltins are the functions of Python that a condition may call.
var supportedBuiltins = []string{
	"None", "True", "False", "abs", "all", "any", "bool", "float", "hasattr", "int", "len", "list",
	"max", "min", "range", "sorted", "str", "tuple",
}

// guard rewrites an expression so that it can't do anything without the guards.
func guard(e syntax.Expr) (syntax.Expr, error) {
	g := &guarding{}
	e = g.expr(e)
	return e, g.err
}

type guarding struct{ err error }

func (g *guarding) unsupported(what string) {
	if g.err == nil {
		g.err = fmt.Errorf("SyntaxError: %s isn't supported in a condition", what)
	}
}

func (g *guarding) exprs(list []syntax.Expr) []syntax.Expr {
	for i, e := range list {
		list[i] = g.expr(e)
	}
	return list
}

func through(name string, at syntax.Expr, args ...syntax.Expr) *syntax.CallExpr {
	start, end := at.Span()
	return &syntax.CallExpr{Fn: &syntax.Ident{NamePos: start, Name: name}, Lparen: start, Args: args, Rparen: end}
}

// expr rewrites an expression and what it consists of.
func (g *guarding) expr(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case nil:
		return nil
	case *syntax.Literal:
	case *syntax.Ident:
		if starlark.Universe.Has(e.Name) && !slices.Contains(supportedBuiltins, e.Name) {
			g.unsupported("the function " + e.Name)
		}
	case *syntax.ParenExpr:
		e.X = g.expr(e.X)
	case *syntax.UnaryExpr:
		if e.X = g.expr(e.X); e.Op == syntax.STAR || e.Op == syntax.STARSTAR {
			g.unsupported(e.Op.String() + " before an argument")
		}
	case *syntax.CondExpr:
		e.Cond, e.True, e.False = g.expr(e.Cond), g.expr(e.True), g.expr(e.False)
	case *syntax.ListExpr:
		g.exprs(e.List)
	case *syntax.TupleExpr:
		g.exprs(e.List)
	case *syntax.IndexExpr:
		e.X, e.Y = g.expr(e.X), g.expr(e.Y)
	case *syntax.DotExpr:
		e.X = g.expr(e.X)
	case *syntax.SliceExpr:
		e.X, e.Lo, e.Hi, e.Step = g.expr(e.X), g.expr(e.Lo), g.expr(e.Hi), g.expr(e.Step)
		return through(guardCharge, e, e)
	case *syntax.BinaryExpr:
		x, y := g.expr(e.X), g.expr(e.Y)
		switch e.Op {
		case syntax.AND, syntax.OR:
			e.X, e.Y = x, y
			return e
		case syntax.EQ:
			g.unsupported("an argument with a name")
		}
		op := &syntax.Literal{Token: syntax.INT, TokenPos: e.OpPos, Raw: fmt.Sprint(int(e.Op)), Value: int64(e.Op)}
		return through(guardOperate, e, op, x, y)
	case *syntax.CallExpr:
		return through(guardCall, e, append([]syntax.Expr{g.expr(e.Fn)}, g.exprs(e.Args)...)...)
	case *syntax.Comprehension:
		return g.comprehension(e)
	case *syntax.LambdaExpr:
		g.unsupported("lambda")
	case *syntax.DictExpr:
		g.unsupported("a dictionary")
	default:
		g.unsupported("this")
	}
	return e
}

func (g *guarding) comprehension(e *syntax.Comprehension) syntax.Expr {
	if e.Curly {
		g.unsupported("a dictionary")
		return e
	}
	for _, c := range e.Clauses {
		switch c := c.(type) {
		case *syntax.ForClause:
			c.X = g.expr(c.X)
		case *syntax.IfClause:
			c.Cond = g.expr(c.Cond)
		}
	}
	e.Body = g.expr(e.Body)
	return e
}
