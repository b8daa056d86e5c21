package python

import "fmt"

// Keyword is one keyword argument.
type Keyword struct {
	Name  string
	Value Value
}

// Func is a built-in function.
type Func struct {
	Name string
	Fn   func(t *Thread, args []Value, kwargs []Keyword) (Value, error)
}

// NewFunc returns a function of the name.
func NewFunc(name string, fn func(t *Thread, args []Value, kwargs []Keyword) (Value, error)) *Func {
	return &Func{name, fn}
}

// Type implements Value.
func (*Func) Type() string { return "builtin_function_or_method" }

// Call implements Callable.
func (f *Func) Call(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return f.Fn(t, args, kwargs)
}

// Repr implements Representer.
func (f *Func) Repr() (string, error) { return "<built-in function " + f.Name + ">", nil }

// Attr implements Attributer.
func (f *Func) Attr(name string) (Value, error) {
	switch name {
	case "__name__", "__qualname__":
		return String(f.Name), nil
	}
	return nil, nil
}

// method is the implementation of a method of a built-in type.
type method func(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error)

// Method is a method bound to its object.
type Method struct {
	self Value
	name string
	fn   method
}

// Type implements Value.
func (*Method) Type() string { return "builtin_function_or_method" }

// Call implements Callable.
func (m *Method) Call(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	return m.fn(t, m.self, args, kwargs)
}

// Repr implements Representer.
func (m *Method) Repr() (string, error) {
	return fmt.Sprintf("<built-in method %s of %s object at %s>", m.name, m.self.Type(), address(m)), nil
}

// Attr implements Attributer.
func (m *Method) Attr(name string) (Value, error) {
	switch name {
	case "__name__", "__qualname__":
		return String(m.name), nil
	case "__self__":
		return m.self, nil
	}
	return nil, nil
}

// Call calls f within the budget of t, which may be nil.
func Call(t *Thread, f Value, args []Value, kwargs []Keyword) (Value, error) {
	callable, ok := f.(Callable)
	if !ok {
		return nil, typeError("'%s' object is not callable", f.Type())
	}
	if err := t.Enter(); err != nil {
		return nil, err
	}
	result, err := callable.Call(t, args, kwargs)
	t.Leave()
	return settle(t, result, err)
}

// CallMethod calls a method of a built-in type without making a bound method.
// It reports found = false, and does nothing, if v's type has no such method.
func CallMethod(t *Thread, v Value, name string, args []Value, kwargs []Keyword) (result Value, found bool, err error) {
	fn := findMethod(v, name)
	if fn == nil {
		return nil, false, nil
	}
	if err := t.Enter(); err != nil {
		return nil, true, err
	}
	result, err = fn(t, v, args, kwargs)
	t.Leave()
	result, err = settle(t, result, err)
	return result, true, err
}

// settle charges a call and its result.
func settle(t *Thread, result Value, err error) (Value, error) {
	if err != nil || t == nil {
		return result, err
	}
	if err := t.Step(1); err != nil {
		return nil, err
	}
	if n := Weight(result); n > 0 {
		if err := t.Alloc(n); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// IsCallable reports what callable(v) does.
func IsCallable(v Value) bool {
	_, ok := v.(Callable)
	return ok
}
