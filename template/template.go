package template

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-buildout/go-buildout/internal/python"
)

// Options say what a template may use. The zero value is Jinja2 with strict
// undefined values and no loader.
type Options struct {
	// Extensions are Jinja2's extensions by name. "jinja2.ext.do" gives the
	// statement do, "jinja2.ext.loopcontrols" break and continue. Those that
	// are part of Jinja2 by now are accepted, others are an error.
	Extensions []string
	// KeepTrailingNewline keeps the newline at the end of a template.
	KeepTrailingNewline bool
	// TrimBlocks drops the newline behind a statement.
	TrimBlocks bool
	// LstripBlocks drops the space between the beginning of a line and a
	// statement.
	LstripBlocks bool
	// Undefined is what can be done with what isn't there.
	Undefined Undefined
	// Loader gives the templates that are imported, included or extended.
	Loader Loader
	// Globals are names that every template sees, imported ones as well.
	Globals map[string]any
	// Python adds what slapos.recipe.template adds to the globals: Python's
	// built-in functions and types, assert, and dumps.
	Python bool
	// Limits bound what a template may use up.
	Limits Limits
}

// Limits bound a rendering. A zero field is the default, which no real
// template meets; a negative one is no limit.
type Limits struct {
	// Depth is how deep macros, blocks, templates and calls may nest; 500, and
	// never more than 1000.
	Depth int
	// Steps is how many items and calls are handled; 50 million.
	Steps int64
	// Output is how many bytes are written; 64 MiB.
	Output int
	// Memory is how many bytes all values take that are computed, not counting
	// what is free again; 1 GiB.
	Memory int64
	// Time is how long a rendering takes; one minute.
	Time time.Duration
}

func (l Limits) withDefaults() Limits {
	pick := func(n *int64, def int64) {
		if *n == 0 {
			*n = def
		} else if *n < 0 {
			*n = 0
		}
	}
	depth, output, limit := int64(l.Depth), int64(l.Output), int64(l.Time)
	pick(&depth, 500)
	pick(&output, 64<<20)
	pick(&limit, int64(time.Minute))
	pick(&l.Steps, 50e6)
	pick(&l.Memory, 1<<30)
	// Even without a limit neither Go's stack nor its memory may run out.
	const maxDepth, maxOutput = 1000, 1 << 40
	if depth == 0 || depth > maxDepth {
		depth = maxDepth
	}
	if output == 0 {
		output = maxOutput
	}
	l.Depth, l.Output, l.Time = int(depth), int(output), time.Duration(limit)
	return l
}

// Loader finds templates by the names that templates use.
type Loader interface {
	// Load returns a template's text. If there is none of the name the error
	// is, or wraps, ErrNotFound or fs.ErrNotExist.
	Load(name string) (text string, err error)
}

// LoaderFunc is a function as a Loader.
type LoaderFunc func(name string) (string, error)

// Load implements Loader.
func (f LoaderFunc) Load(name string) (string, error) { return f(name) }

// Map is a Loader of texts by name.
type Map map[string]string

// Load implements Loader.
func (m Map) Load(name string) (string, error) {
	text, ok := m[name]
	if !ok {
		return "", ErrNotFound
	}
	return text, nil
}

// ErrNotFound is a Loader's error for a name without a template.
var ErrNotFound = errors.New("template not found")

// Template is a template that was parsed. It can be rendered any number of
// times, also side by side.
type Template struct {
	env  *environment
	unit *unit
}

// Parse parses a template. The name is for messages. What is wrong with the
// text is an *Error.
func Parse(name, text string, o Options) (t *Template, err error) {
	defer recoverFault(name, &err)
	env := &environment{options: o, undefined: o.Undefined, tags: map[string]bool{}, filters: builtinFilters, tests: builtinTests}
	for _, ext := range o.Extensions {
		switch ext {
		case "jinja2.ext.do":
			env.tags["do"] = true
		case "jinja2.ext.loopcontrols":
			env.tags["break"], env.tags["continue"] = true, true
		case "jinja2.ext.with_", "jinja2.ext.autoescape":
		default:
			return nil, fmt.Errorf("unknown Jinja2 extension %q, expected jinja2.ext.do or jinja2.ext.loopcontrols", ext)
		}
	}
	env.globals = jinjaGlobals
	if o.Python {
		env.globals = pythonGlobals
	}
	u, err := env.parse(name, text)
	if err != nil {
		return nil, err
	}
	return &Template{env, u}, nil
}

// Name is the name that the template was parsed with.
func (t *Template) Name() string { return t.unit.name }

// Render renders the template with the variables: Go's basic types, slices,
// maps (in the order of their keys), and the values that JSON, Literal, Dict
// and Module return. The template has copies of them: what it changes is seen
// nowhere else. What goes wrong is an *Error.
func (t *Template) Render(ctx context.Context, vars map[string]any) (text string, err error) {
	defer recoverFault(t.unit.name, &err)
	r := newRun(ctx, t.env, vars)
	r.out.Grow(min(len(t.unit.text), 1<<20))
	if err := ctx.Err(); err != nil {
		return "", (&frame{unit: t.unit}).locate(err, 0)
	}
	err = t.unit.render(r, newContext(r, t.unit, &layer{given: true}))
	if err == nil {
		err = r.spoilt
	}
	if err != nil {
		return "", (&frame{unit: t.unit}).locate(err, 0)
	}
	return r.out.String(), nil
}

// recoverFault makes a panic an error.
func recoverFault(name string, err *error) {
	if r := recover(); r != nil {
		*err = fault(name, r)
	}
}

// toValue converts a caller's value.
func toValue(g any) (python.Value, error) {
	if v, ok := g.(python.Value); ok {
		return v, nil
	}
	return python.FromGo(g)
}
