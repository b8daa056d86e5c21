package python

// Module holds attributes: a Python module, or any fixed set of names.
type Module struct {
	Name string
	// Members are the attributes, in order.
	Members *Dict
}

// NewModule returns an empty module.
func NewModule(name string) *Module { return &Module{name, NewDict()} }

// Type implements Value.
func (*Module) Type() string { return "module" }

// Attr implements Attributer.
func (m *Module) Attr(name string) (Value, error) {
	if v, ok := m.Members.GetString(name); ok {
		return v, nil
	}
	if name == "__name__" {
		return String(m.Name), nil
	}
	return nil, nil
}

// Set sets an attribute and returns the module.
func (m *Module) Set(name string, v Value) *Module {
	m.Members.SetString(name, v)
	return m
}

// Repr implements Representer.
func (m *Module) Repr() (string, error) { return "<module '" + m.Name + "'>", nil }
