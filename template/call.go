package template

import (
	"errors"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// arguments are the arguments of a call as written.
type arguments struct {
	positional       []expr
	names            []string
	named            []expr
	star, doubleStar expr
}

// evalAfter evaluates the arguments of a filter or test of v. a may be nil.
func (a *arguments) evalAfter(f *frame, v python.Value, buf *[4]python.Value) ([]python.Value, []python.Keyword, error) {
	if a == nil {
		buf[0] = v
		return buf[:1], nil, nil
	}
	return a.eval(f, append(buf[:0], v))
}

// eval evaluates the arguments, and appends those without a name to args.
func (a *arguments) eval(f *frame, args []python.Value) ([]python.Value, []python.Keyword, error) {
	for _, e := range a.positional {
		v, err := e.eval(f)
		if err != nil {
			return nil, nil, err
		}
		args = append(args, v)
	}
	if a.star != nil {
		v, err := a.star.eval(f)
		if err != nil {
			return nil, nil, err
		}
		items, err := python.Collect(f.run.thread, v)
		if err != nil {
			if python.IsError(err, "TypeError") {
				err = python.Raise("TypeError", "Value after * must be an iterable, not %s", v.Type())
			}
			return nil, nil, err
		}
		args = append(args, items...)
	}
	if len(a.names) == 0 && a.doubleStar == nil {
		return args, nil, nil
	}
	kwargs := make([]python.Keyword, 0, len(a.names)+4)
	for i, e := range a.named {
		v, err := e.eval(f)
		if err != nil {
			return nil, nil, err
		}
		kwargs = append(kwargs, python.Keyword{Name: a.names[i], Value: v})
	}
	if a.doubleStar == nil {
		return args, kwargs, nil
	}
	v, err := a.doubleStar.eval(f)
	if err != nil {
		return nil, nil, err
	}
	kwargs, err = spread(kwargs, v)
	return args, kwargs, err
}

// spread adds the items of a mapping as keyword arguments.
func spread(kwargs []python.Keyword, v python.Value) ([]python.Keyword, error) {
	d, ok := v.(*python.Dict)
	if !ok {
		return nil, python.Raise("TypeError", "argument after ** must be a mapping, not %s", v.Type())
	}
	var err error
	named := len(kwargs)
	for key, value := range d.All {
		name, ok := python.AsText(key)
		if !ok {
			return nil, python.Raise("TypeError", "keywords must be strings")
		}
		for _, k := range kwargs[:named] {
			if k.Name == name {
				err = python.Raise("TypeError", "got multiple values for keyword argument '%s'", name)
			}
		}
		kwargs = append(kwargs, python.Keyword{Name: name, Value: value})
	}
	return kwargs, err
}

// callExpr calls what an expression gives.
type callExpr struct {
	fn   expr
	args *arguments
}

func (e *callExpr) eval(f *frame) (python.Value, error) { return e.call(f, nil) }

// call calls with the caller of a call block, if there is one.
func (e *callExpr) call(f *frame, caller python.Value) (python.Value, error) {
	if m, ok := e.fn.(*attrExpr); ok {
		return e.method(f, m, caller)
	}
	fn, err := e.fn.eval(f)
	if err != nil {
		return nil, err
	}
	args, kwargs, err := e.arguments(f, caller)
	if err != nil {
		return nil, err
	}
	return f.call(fn, args, kwargs)
}

func (e *callExpr) arguments(f *frame, caller python.Value) ([]python.Value, []python.Keyword, error) {
	args, kwargs, err := e.args.eval(f, make([]python.Value, 0, len(e.args.positional)))
	if err == nil && caller != nil {
		kwargs = append(kwargs, python.Keyword{Name: "caller", Value: caller})
	}
	return args, kwargs, err
}

// method calls an attribute, which for a method of a built-in type needs no
// bound method.
func (e *callExpr) method(f *frame, m *attrExpr, caller python.Value) (python.Value, error) {
	obj, err := m.obj.eval(f)
	if err != nil {
		return nil, err
	}
	if u, ok := obj.(*undefined); ok && u.mode != Chainable {
		return nil, u.fail()
	}
	args, kwargs, err := e.arguments(f, caller)
	if err != nil {
		return nil, err
	}
	if err := f.run.tick(); err != nil {
		return nil, err
	}
	v, found, err := python.CallMethod(f.run.thread, obj, m.name, args, kwargs)
	if found {
		return f.called(v, err)
	}
	fn, err := getAttr(obj, m.name, m.mode)
	if err != nil {
		return nil, err
	}
	return f.call(fn, args, kwargs)
}

// call calls a value.
func (f *frame) call(fn python.Value, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if c, ok := fn.(contextual); ok {
		return f.called(c.callIn(f, args, kwargs))
	}
	if err := f.run.tick(); err != nil {
		return nil, err
	}
	v, err := python.Call(f.run.thread, fn, args, kwargs)
	if err != nil {
		err = conversionError(err, args)
	}
	return f.called(v, err)
}

// conversionError is the error of a conversion to a number. Where an undefined
// value was to be converted, it is the undefined value's own.
func conversionError(err error, args []python.Value) error {
	var e *python.Error
	if !errors.As(err, &e) || e.Class != "TypeError" {
		return err
	}
	for _, start := range []string{"int() argument", "float() argument", "must be real number", "%d format", "%i format", "%u format"} {
		if !strings.HasPrefix(e.Message, start) {
			continue
		}
		for _, arg := range args {
			if u, ok := arg.(*undefined); ok && strings.Contains(e.Message, u.Type()) {
				return u.fail()
			}
		}
	}
	return err
}

// contextual is a function that needs to know where it is called.
type contextual interface {
	callIn(f *frame, args []python.Value, kwargs []python.Keyword) (python.Value, error)
}

// called makes an iterator's end an undefined value, as Jinja2 does.
func (f *frame) called(v python.Value, err error) (python.Value, error) {
	if err != nil && python.IsError(err, "StopIteration") {
		return &undefined{mode: f.run.env.undefined, hint: "value was undefined because a callable raised a StopIteration exception"}, nil
	}
	return v, err
}
