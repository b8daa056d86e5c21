package template

import (
	"fmt"
	"io/fs"

	"github.com/go-buildout/go-buildout/internal/python"
)

// Modules makes the Python modules that templates import. The zero value knows
// nothing of the machine: os.environ is empty, the working directory is "/",
// and what asks for files is an error.
type Modules struct {
	// Environ is os.environ.
	Environ map[string]string
	// Dir is the working directory, which paths are relative to.
	Dir string
	// Stat answers os.path.exists, isfile, isdir, islink and getsize. It
	// doesn't follow a link.
	Stat func(path string) (fs.FileInfo, error)
	// EvalSymlinks answers os.path.realpath.
	EvalSymlinks func(path string) (string, error)
}

// Module returns a Python module by its dotted name, for the variables of
// Render. It is Modules{}.Module.
func Module(name string) (any, error) { return Modules{}.Module(name) }

// Module returns a Python module by its dotted name, for the variables of
// Render.
func (m Modules) Module(name string) (any, error) {
	v, err := m.load(name)
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Member returns one name of a Python module, for the variables of Render.
func Member(module, name string) (any, error) {
	m, err := Modules{}.load(module)
	if err != nil {
		return nil, err
	}
	v, err := m.Attr(name)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fmt.Errorf("cannot import name '%s' from '%s'", name, module)
	}
	return v, nil
}

// load makes a module.
func (m Modules) load(name string) (*python.Module, error) {
	switch name {
	case "json":
		return python.JSONModule(), nil
	case "os":
		return m.osModule(), nil
	case "os.path", "posixpath":
		return m.pathModule(), nil
	case "urllib":
		return urllibModule(), nil
	case "urllib.parse", "urlparse", "six.moves.urllib.parse", "six.moves.urllib_parse":
		return urlparseModule(), nil
	case "six.moves.urllib":
		return python.NewModule("six.moves.urllib").Set("parse", urlparseModule()), nil
	case "six":
		return sixModule(), nil
	case "six.moves":
		return sixMovesModule(), nil
	case "re":
		return reModule(), nil
	case "itertools":
		return itertoolsModule(), nil
	case "functools":
		return functoolsModule(), nil
	case "operator":
		return operatorModule(), nil
	case "hashlib":
		return hashlibModule(), nil
	case "base64":
		return base64Module(), nil
	case "netaddr":
		return netaddrModule(), nil
	case "shlex":
		return python.NewModule("shlex").Set("quote", shellQuote).Set("split", shellSplit), nil
	}
	return nil, fmt.Errorf("no module named '%s' among the Python modules that templates can import", name)
}

// set adds functions with signatures to a module.
func set(m *python.Module, fns ...*python.Func) *python.Module {
	for _, fn := range fns {
		m.Set(fn.Name, fn)
	}
	return m
}

// textArg is an argument that must be a str.
func textArg(fn string, v python.Value) (string, error) {
	if u, ok := v.(*undefined); ok {
		return "", u.fail()
	}
	s, ok := python.AsText(v)
	if !ok {
		return "", python.Raise("TypeError", "%s: expected str, got %s", fn, v.Type())
	}
	return s, nil
}

// bytesArg is an argument that must be bytes.
func bytesArg(v python.Value) (string, error) {
	switch v := v.(type) {
	case python.Bytes:
		return string(v), nil
	case *python.ByteArray:
		return string(v.Data), nil
	case *undefined:
		return "", v.fail()
	}
	return "", python.Raise("TypeError", "a bytes-like object is required, not '%s'", v.Type())
}
