package template

import (
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// expr is an expression, ready to be evaluated.
type expr interface {
	eval(f *frame) (python.Value, error)
}

// frame holds the variables of a function that runs. A slot that is nil is a
// name without a value.
type frame struct {
	slots  []python.Value
	parent *frame
	ctx    *state
	run    *run
	unit   *unit
	// root is the frame of the root of the template that runs, extended the
	// template that it extends, once it does.
	root     *frame
	extended *unit
}

// at is the variable's slot.
func (f *frame) at(p place) *python.Value {
	for n := p.hops; n > 0; n-- {
		f = f.parent
	}
	return &f.slots[p.slot]
}

type constExpr struct{ value python.Value }

func (e *constExpr) eval(*frame) (python.Value, error) { return e.value, nil }

type nameExpr struct {
	name  string
	place place
	mode  Undefined
}

func (e *nameExpr) eval(f *frame) (python.Value, error) {
	for n := e.place.hops; n > 0; n-- {
		f = f.parent
	}
	if v := f.slots[e.place.slot]; v != nil {
		return v, nil
	}
	return &undefined{mode: e.mode, name: python.String(e.name)}, nil
}

// nsExpr is an attribute of a namespace that is assigned to.
type nsExpr struct {
	ns   *nameExpr
	name string
}

func (e *nsExpr) eval(f *frame) (python.Value, error) { return e.ns.eval(f) }

type tupleExpr struct{ items []expr }

func (e *tupleExpr) eval(f *frame) (python.Value, error) {
	items, err := evalAll(f, e.items)
	if err != nil {
		return nil, err
	}
	return python.NewTuple(items...), nil
}

type listExpr struct{ items []expr }

func (e *listExpr) eval(f *frame) (python.Value, error) {
	items, err := evalAll(f, e.items)
	if err != nil {
		return nil, err
	}
	return python.NewList(items...), nil
}

func evalAll(f *frame, exprs []expr) ([]python.Value, error) {
	items := make([]python.Value, len(exprs))
	for i, e := range exprs {
		v, err := e.eval(f)
		if err != nil {
			return nil, err
		}
		items[i] = v
	}
	return items, nil
}

type dictExpr struct{ keys, values []expr }

func (e *dictExpr) eval(f *frame) (python.Value, error) {
	d := python.NewDict()
	for i, k := range e.keys {
		key, err := k.eval(f)
		if err != nil {
			return nil, err
		}
		value, err := e.values[i].eval(f)
		if err != nil {
			return nil, err
		}
		if err := d.Set(key, value); err != nil {
			return nil, err
		}
	}
	return d, nil
}

type orExpr struct{ left, right expr }

func (e *orExpr) eval(f *frame) (python.Value, error) {
	v, err := e.left.eval(f)
	if err != nil {
		return nil, err
	}
	if yes, err := python.Truth(v); err != nil || yes {
		return v, err
	}
	return e.right.eval(f)
}

type andExpr struct{ left, right expr }

func (e *andExpr) eval(f *frame) (python.Value, error) {
	v, err := e.left.eval(f)
	if err != nil {
		return nil, err
	}
	if yes, err := python.Truth(v); err != nil || !yes {
		return v, err
	}
	return e.right.eval(f)
}

type notExpr struct{ operand expr }

func (e *notExpr) eval(f *frame) (python.Value, error) {
	yes, err := evalTruth(f, e.operand)
	return python.Bool(!yes), err
}

func evalTruth(f *frame, e expr) (bool, error) {
	v, err := e.eval(f)
	if err != nil {
		return false, err
	}
	if b, ok := v.(python.Bool); ok {
		return bool(b), nil
	}
	return python.Truth(v)
}

type operand struct {
	op    python.CompareOp
	right expr
}

type compareExpr struct {
	first expr
	rest  []operand
}

func (e *compareExpr) eval(f *frame) (python.Value, error) {
	left, err := e.first.eval(f)
	if err != nil {
		return nil, err
	}
	for i := range e.rest {
		right, err := e.rest[i].right.eval(f)
		if err != nil {
			return nil, err
		}
		ok, err := python.Compare(e.rest[i].op, left, right)
		if err != nil || !ok {
			return python.False, err
		}
		left = right
	}
	return python.True, nil
}

type binaryExpr struct {
	op          python.Op
	left, right expr
}

func (e *binaryExpr) eval(f *frame) (python.Value, error) {
	left, err := e.left.eval(f)
	if err != nil {
		return nil, err
	}
	right, err := e.right.eval(f)
	if err != nil {
		return nil, err
	}
	v, err := python.Binary(e.op, left, right)
	if err != nil {
		if t, ok := right.(*python.Tuple); ok && e.op == python.Mod {
			err = conversionError(err, t.Items)
		}
		return nil, err
	}
	return v, f.run.charge(v)
}

type unaryExpr struct {
	op      python.UnaryOp
	operand expr
}

func (e *unaryExpr) eval(f *frame) (python.Value, error) {
	v, err := e.operand.eval(f)
	if err != nil {
		return nil, err
	}
	return python.Unary(e.op, v)
}

type concatExpr struct{ parts []expr }

func (e *concatExpr) eval(f *frame) (python.Value, error) {
	if f.ctx.autoescape {
		return e.markup(f)
	}
	// All parts are evaluated before any is made text.
	var buf [8]string
	parts := buf[:0]
	var rest []python.Value
	size := 0
	for i, part := range e.parts {
		v, err := part.eval(f)
		if err != nil {
			return nil, err
		}
		if s, ok := v.(python.String); ok && rest == nil {
			parts = append(parts, string(s))
			size += len(s)
			continue
		}
		if rest == nil {
			rest = make([]python.Value, 0, len(e.parts)-i)
		}
		rest = append(rest, v)
	}
	for _, v := range rest {
		s, err := python.Str(v)
		if err != nil {
			return nil, err
		}
		parts = append(parts, s)
		size += len(s)
	}
	if size > python.MaxText {
		return nil, python.Raise("MemoryError", "text of %d bytes is over the limit of %d", size, python.MaxText)
	}
	v := python.String(strings.Join(parts, ""))
	return v, f.run.charge(v)
}

// markup joins with escaping if one of the parts is markup.
func (e *concatExpr) markup(f *frame) (python.Value, error) {
	parts, err := evalAll(f, e.parts)
	if err != nil {
		return nil, err
	}
	v, err := markupJoin(parts)
	if err != nil {
		return nil, err
	}
	return v, f.run.charge(v)
}

type condExpr struct {
	test, then, otherwise expr
	line                  int32
	unit                  *unit
}

func (e *condExpr) eval(f *frame) (python.Value, error) {
	yes, err := evalTruth(f, e.test)
	if err != nil {
		return nil, err
	}
	if yes {
		return e.then.eval(f)
	}
	if e.otherwise != nil {
		return e.otherwise.eval(f)
	}
	return &undefined{mode: Lenient, hint: "the inline if-expression on " + e.unit.position(int(e.line)) + " evaluated to false and no else section was defined."}, nil
}

type attrExpr struct {
	obj  expr
	name string
	mode Undefined
}

func (e *attrExpr) eval(f *frame) (python.Value, error) {
	obj, err := e.obj.eval(f)
	if err != nil {
		return nil, err
	}
	return getAttr(obj, e.name, e.mode)
}

type itemExpr struct {
	obj, key expr
	mode     Undefined
}

func (e *itemExpr) eval(f *frame) (python.Value, error) {
	obj, err := e.obj.eval(f)
	if err != nil {
		return nil, err
	}
	key, err := e.key.eval(f)
	if err != nil {
		return nil, err
	}
	return getItem(obj, key, e.mode)
}

type sliceExpr struct{ obj, start, stop, step expr }

func (e *sliceExpr) eval(f *frame) (python.Value, error) {
	obj, err := e.obj.eval(f)
	if err != nil {
		return nil, err
	}
	var bounds [3]python.Value
	for i, b := range [...]expr{e.start, e.stop, e.step} {
		bounds[i] = python.None
		if b != nil {
			if bounds[i], err = b.eval(f); err != nil {
				return nil, err
			}
		}
	}
	v, err := python.Slice(obj, bounds[0], bounds[1], bounds[2])
	if err != nil {
		return nil, err
	}
	return v, f.run.charge(v)
}

// filterExpr applies a filter; without an operand, to the text of a block.
type filterExpr struct {
	operand expr
	name    string
	fn      *filter
	args    *arguments
}

func (e *filterExpr) eval(f *frame) (python.Value, error) {
	v, err := e.operand.eval(f)
	if err != nil {
		return nil, err
	}
	return e.apply(f, v)
}

// apply applies the filter to a value.
func (e *filterExpr) apply(f *frame, v python.Value) (python.Value, error) {
	var buf [4]python.Value
	args, kwargs, err := e.args.evalAfter(f, v, &buf)
	if err != nil {
		return nil, err
	}
	if e.fn == nil {
		return nil, python.Raise("TemplateRuntimeError", "No filter named %s found.", pyQuote(e.name))
	}
	return e.fn.call(f, args, kwargs)
}

// blockText is the text of a filter block, as the operand of its first filter.
type blockText struct{ slot place }

func (e *blockText) eval(f *frame) (python.Value, error) { return *f.at(e.slot), nil }

type testExpr struct {
	operand expr
	name    string
	fn      *test
	args    *arguments
}

func (e *testExpr) eval(f *frame) (python.Value, error) {
	v, err := e.operand.eval(f)
	if err != nil {
		return nil, err
	}
	var buf [4]python.Value
	args, kwargs, err := e.args.evalAfter(f, v, &buf)
	if err != nil {
		return nil, err
	}
	if e.fn == nil {
		return nil, python.Raise("TemplateRuntimeError", "No test named %s found.", pyQuote(e.name))
	}
	yes, err := e.fn.call(f, args, kwargs)
	return python.Bool(yes), err
}
