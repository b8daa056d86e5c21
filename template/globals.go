package template

import (
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// The names that every template sees, of Jinja2 alone and with those that
// slapos.recipe.template adds. Their values have no state, so that all
// templates can share them.
var (
	jinjaGlobals  = makeGlobals(false)
	pythonGlobals = makeGlobals(true)
)

// pythonNames are the built-ins that slapos.recipe.template gives to templates.
var pythonNames = strings.Fields("abs all any bin bool bytes callable chr complex dict divmod enumerate filter float format frozenset hex int isinstance iter len list map max min next oct ord pow range repr reversed round set sorted str sum tuple zip")

// builtins are Python's built-in functions and types.
var builtins = makeBuiltins()

func makeBuiltins() map[string]python.Value {
	m := map[string]python.Value{}
	for name, v := range python.Builtins().All {
		s, _ := python.AsText(name)
		m[s] = v
	}
	return m
}

func makeGlobals(withPython bool) map[string]python.Value {
	g := map[string]python.Value{}
	if withPython {
		for _, name := range pythonNames {
			g[name] = builtins[name]
		}
		g["six"] = sixModule()
		g["assert"] = python.NewFunc("assert", assertion)
		g["dumps"] = python.NewFunc("dumps", dumps)
	}
	g["range"] = python.RangeClass
	g["dict"] = python.DictClass
	g["lipsum"] = lipsum
	g["cycler"] = cyclerClass
	g["joiner"] = joinerClass
	g["namespace"] = namespaceClass
	return g
}

// builtin calls one of Python's built-in functions.
func builtin(t *python.Thread, name string, args ...python.Value) (python.Value, error) {
	return python.Call(t, builtins[name], args, nil)
}

// assertion is the assert of slapos.recipe.template: nothing, or an AssertionError.
func assertion(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) == 0 || len(kwargs) > 0 {
		return nil, python.Raise("TypeError", "assert() missing 1 required positional argument: 'x'")
	}
	yes, err := python.Truth(args[0])
	if err != nil {
		return nil, err
	}
	if yes {
		return python.String(""), nil
	}
	var message string
	switch len(args) {
	case 1:
	case 2:
		message, err = python.Str(args[1])
	default:
		message, err = python.Repr(python.NewTuple(args[1:]...))
	}
	if err != nil {
		return nil, err
	}
	return nil, &python.Error{Class: "AssertionError", Message: message}
}

// dumps is the SlapOS dialect's serialisation of options.
func dumps(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) != 1 || len(kwargs) > 0 {
		return nil, python.Raise("TypeError", "dumps() takes 1 positional argument but %d were given", len(args)+len(kwargs))
	}
	if u, ok := args[0].(*undefined); ok {
		return nil, u.fail()
	}
	s, err := python.Dumps(args[0])
	return python.String(s), err
}

// namespace is a set of attributes that can be assigned.
type namespace struct {
	attrs  *python.Dict
	thread *python.Thread
	shown  bool // its repr is being made
}

func (*namespace) Type() string      { return "Namespace" }
func (*namespace) qualified() string { return "jinja2.utils.Namespace" }

// Class implements python.Classed.
func (*namespace) Class() *python.Class { return namespaceClass }

// Attr implements python.Attributer.
func (n *namespace) Attr(name string) (python.Value, error) {
	if v, ok := n.attrs.GetString(name); ok {
		return v, nil
	}
	return nil, nil
}

// SetItem implements python.Setter.
func (n *namespace) SetItem(key, value python.Value) error { return n.attrs.Set(key, value) }

// Repr implements python.Representer.
func (n *namespace) Repr() (string, error) {
	if n.shown {
		return "<Namespace {...}>", nil
	}
	if err := n.thread.Enter(); err != nil {
		return "", err
	}
	n.shown = true
	s, err := python.Repr(n.attrs)
	n.shown = false
	n.thread.Leave()
	return "<Namespace " + s + ">", err
}

var namespaceClass = &python.Class{Name: "Namespace", New: func(t *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	d, err := python.Call(t, python.DictClass, args, kwargs)
	if err != nil {
		return nil, err
	}
	return &namespace{attrs: d.(*python.Dict), thread: t}, nil
}}

// cycler goes through its items in circles.
type cycler struct {
	items []python.Value
	at    int
}

func (*cycler) Type() string      { return "Cycler" }
func (*cycler) qualified() string { return "jinja2.utils.Cycler" }

// Attr implements python.Attributer.
func (c *cycler) Attr(name string) (python.Value, error) {
	switch name {
	case "current":
		return c.items[c.at], nil
	case "items":
		return python.NewTuple(c.items...), nil
	case "pos":
		return python.Int(c.at), nil
	case "next", "__next__":
		return wrap(sig("next"), func(*python.Thread, []python.Value) (python.Value, error) {
			v := c.items[c.at]
			c.at = (c.at + 1) % len(c.items)
			return v, nil
		}), nil
	case "reset":
		return wrap(sig("reset"), func(*python.Thread, []python.Value) (python.Value, error) {
			c.at = 0
			return python.None, nil
		}), nil
	}
	return nil, nil
}

var cyclerClass = &python.Class{Name: "Cycler", New: func(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(kwargs) > 0 {
		return nil, python.Raise("TypeError", "Cycler.__init__() got an unexpected keyword argument '%s'", kwargs[0].Name)
	}
	if len(args) == 0 {
		return nil, python.Raise("RuntimeError", "at least one item has to be provided")
	}
	return &cycler{items: append([]python.Value(nil), args...)}, nil
}}

// joiner is empty when it is called first, and its separator from then on.
type joiner struct {
	sep  python.Value
	used bool
}

func (*joiner) Type() string      { return "Joiner" }
func (*joiner) qualified() string { return "jinja2.utils.Joiner" }

// Call implements python.Callable.
func (j *joiner) Call(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args)+len(kwargs) > 0 {
		return nil, python.Raise("TypeError", "Joiner.__call__() takes 1 positional argument but %d were given", 1+len(args)+len(kwargs))
	}
	if !j.used {
		j.used = true
		return python.String(""), nil
	}
	return j.sep, nil
}

// Attr implements python.Attributer.
func (j *joiner) Attr(name string) (python.Value, error) {
	switch name {
	case "sep":
		return j.sep, nil
	case "used":
		return python.Bool(j.used), nil
	}
	return nil, nil
}

var joinerSignature = sig("Joiner.__init__", "sep", python.String(", "))

var joinerClass = &python.Class{Name: "Joiner", New: func(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	a, err := joinerSignature.bind(args, kwargs)
	if err != nil {
		return nil, err
	}
	return &joiner{sep: a[0]}, nil
}}

// lipsum gives filler text. Jinja2's is random; this one is the same each time.
var lipsum = wrap(sig("generate_lorem_ipsum", "n", python.Int(5), "html", python.True, "min", python.Int(20), "max", python.Int(100)),
	func(_ *python.Thread, a []python.Value) (python.Value, error) {
		var bounds [3]int
		for i, v := range []python.Value{a[0], a[2], a[3]} {
			n, err := python.AsInt(v)
			if err != nil {
				return nil, err
			}
			bounds[i] = n
		}
		n, low, high := bounds[0], bounds[1], bounds[2]
		if low >= high && n > 0 {
			return nil, python.Raise("ValueError", "empty range for randrange() (%d, %d, %d)", low, high, high-low)
		}
		if n > 10000 || high > 10000 {
			return nil, python.Raise("MemoryError", "too much filler text")
		}
		html, err := python.Truth(a[1])
		if err != nil {
			return nil, err
		}
		var paragraphs []string
		for i := range n {
			text := filler(low+i*7%(high-low), i)
			if html {
				text = "<p>" + text + "</p>"
			}
			paragraphs = append(paragraphs, text)
		}
		if html {
			return markup(strings.Join(paragraphs, "\n")), nil
		}
		return python.String(strings.Join(paragraphs, "\n\n")), nil
	})

const fillerWords = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua"

// filler is a paragraph of n words.
func filler(n, seed int) string {
	words := strings.Fields(fillerWords)
	var b strings.Builder
	for i := range n {
		w := words[(i*5+seed*3)%len(words)]
		if i == 0 {
			w = strings.ToUpper(w[:1]) + w[1:]
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	b.WriteByte('.')
	return b.String()
}
