package profile

import "strings"

// Platform is what the conditions of section headers can see: a machine and the
// Python that a Buildout would run on. The zero value of a field means the usual
// one: CPython 3.11 on a 64-bit little-endian Linux.
type Platform struct {
	Python         string // full version, "3.11.7"
	Implementation string // sys.implementation.name, "cpython"
	System         string // platform.system(), "Linux"
	OS             string // sys.platform, "linux"
	OSName         string // os.name, "posix"
	Machine        string // platform.machine(), "x86_64"
	Release        string // platform.release(), the kernel's
	Version        string // platform.version(), the kernel's build
	Node           string // platform.node()
	Bits32         bool
	BigEndian      bool

	// ReadFile answers open(path).read() and platform.freedesktop_os_release();
	// Exists answers the questions of os.path and os.access about a path. A nil
	// function makes such a condition an error.
	ReadFile func(path string) (string, error)
	Exists   func(path string) (exists, isDir bool)
	// Getenv answers os.environ; nil: an empty environment.
	Getenv func(name string) (string, bool)
}

func (p Platform) withDefaults() Platform {
	for _, d := range []struct {
		field *string
		value string
	}{
		{&p.Python, "3.11.7"}, {&p.Implementation, "cpython"}, {&p.System, "Linux"},
		{&p.OS, "linux"}, {&p.OSName, "posix"}, {&p.Machine, "x86_64"},
	} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	return p
}

// pythonVersion is the "3.11" of a full version.
func (p Platform) pythonVersion() string {
	parts := strings.SplitN(p.Python, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// implementationName is what platform.python_implementation() calls it.
func (p Platform) implementationName() string {
	switch p.Implementation {
	case "cpython":
		return "CPython"
	case "pypy":
		return "PyPy"
	case "jython":
		return "Jython"
	case "ironpython":
		return "IronPython"
	}
	return p.Implementation
}
