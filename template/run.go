package template

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/go-buildout/go-buildout/internal/python"
)

// run is one rendering. Nothing of it is seen by another.
type run struct {
	env       *environment
	thread    *python.Thread
	out       *strings.Builder
	maxOutput int
	// spoilt is the error of an output that something was written to that is
	// no text; it comes up when the output is used.
	spoilt  error
	given   map[string]any
	values  map[string]python.Value // converted from given and from the caller's globals, as far as used
	modules map[*unit]*module       // imported without context
	copier  copier

	ticks    int
	ctx      context.Context
	deadline time.Time // zero: none
	limits   Limits

	ownThread python.Thread
	ownOut    strings.Builder
}

func newRun(ctx context.Context, env *environment, vars map[string]any) *run {
	l := env.options.Limits.withDefaults()
	r := &run{env: env, maxOutput: l.Output, given: vars, ctx: ctx, limits: l}
	if l.Time > 0 {
		r.deadline = time.Now().Add(l.Time)
	}
	r.ownThread = python.Thread{MaxSteps: l.Steps, MaxBytes: l.Memory, MaxCalls: l.Depth, Interrupt: r.interrupt}
	r.thread, r.out = &r.ownThread, &r.ownOut
	return r
}

// interrupt stops a rendering that takes too long or is cancelled.
func (r *run) interrupt() error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if !r.deadline.IsZero() && time.Now().After(r.deadline) {
		return python.Raise("TimeoutError", "rendering took longer than %s", r.limits.Time)
	}
	return nil
}

// tick spends a step of a loop or a call. One step can take long, so the time
// is asked more often than the thread does.
func (r *run) tick() error {
	if r.ticks++; r.ticks%64 == 0 {
		if err := r.interrupt(); err != nil {
			return err
		}
	}
	return r.thread.Step(1)
}

// write writes to the output at hand.
func (r *run) write(s string) error {
	if r.out.Len()+len(s) > r.maxOutput {
		return python.Raise("MemoryError", "output is longer than %d bytes", r.maxOutput)
	}
	r.out.WriteString(s)
	return nil
}

// begin makes a new output the one that is written to; end goes back to the
// one that was, and returns what was written.
func (r *run) begin() output {
	saved := output{r.out, r.spoilt}
	r.out, r.spoilt = &strings.Builder{}, nil
	return saved
}

func (r *run) end(saved output, err error) (string, error) {
	text := r.out.String()
	if err == nil {
		err = r.spoilt
	}
	r.out, r.spoilt = saved.out, saved.spoilt
	return text, err
}

// output is an output that will be written to again.
type output struct {
	out    *strings.Builder
	spoilt error
}

// charge spends the memory of a new value.
func (r *run) charge(v python.Value) error {
	switch v.(type) {
	case python.Int, python.Float, python.Bool:
		return nil
	}
	return r.thread.Alloc(python.Weight(v))
}

// variable is a variable of Render, or nil.
func (r *run) variable(name string) python.Value {
	g, ok := r.given[name]
	if !ok {
		return nil
	}
	if v, ok := g.(python.Value); ok && !changes(v) {
		return v
	}
	if v, ok := r.values[name]; ok {
		return v
	}
	return r.convert(name, g)
}

// convert makes a value of the caller's Go value, once.
func (r *run) convert(name string, g any) python.Value {
	v, err := toValue(g)
	if err == nil {
		v = r.copier.copy(v)
	} else {
		v = &undefined{hint: fmt.Sprintf("%s can't be used: %s", pyQuote(name), err)}
	}
	if r.values == nil {
		r.values = map[string]python.Value{}
	}
	r.values[name] = v
	return v
}

// global is a global name, or nil.
func (r *run) global(name string) python.Value {
	if g, ok := r.env.options.Globals[name]; ok {
		if v, ok := g.(python.Value); ok && !changes(v) {
			return v
		}
		key := "\x00" + name
		if v, ok := r.values[key]; ok {
			return v
		}
		return r.convert(key, g)
	}
	return r.env.globals[name]
}

// template loads a template by its name.
func (r *run) template(name python.Value) (*unit, error) {
	if r.env.options.Loader == nil {
		return nil, python.Raise("TypeError", "no loader for this environment specified")
	}
	if u, ok := name.(*undefined); ok {
		return nil, u.fail()
	}
	s, ok := python.AsText(name)
	if !ok {
		if _, err := python.Hash(name); err != nil {
			return nil, err
		}
		text, err := python.Str(name)
		if err != nil {
			return nil, err
		}
		return nil, python.Raise("TemplateNotFound", "%s", text)
	}
	u, err := r.env.load(s)
	if errors.Is(err, ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return nil, python.Raise("TemplateNotFound", "%s", s)
	}
	return u, crossing(err)
}

// firstTemplate loads a template by its name, or the first that there is of
// several names.
func (r *run) firstTemplate(name python.Value) (*unit, error) {
	if _, ok := python.AsText(name); ok || isUndefined(name) {
		return r.template(name)
	}
	names, err := python.Collect(r.thread, name)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, python.Raise("TemplatesNotFound", "Tried to select from an empty list of templates.")
	}
	var tried []string
	for _, n := range names {
		u, err := r.template(n)
		if err == nil || !python.IsError(err, "TemplateNotFound", "UndefinedError") {
			return u, err
		}
		if python.IsError(err, "UndefinedError") {
			tried = append(tried, err.(*python.Error).Message)
			continue
		}
		tried = append(tried, err.(*python.Error).Message)
	}
	return nil, python.Raise("TemplatesNotFound", "none of the templates given were found: %s", strings.Join(tried, ", "))
}

// module is a template as it is imported without context, which is run once.
func (r *run) module(u *unit) (*module, error) {
	if m := r.modules[u]; m != nil {
		return m, nil
	}
	m, err := r.newModule(u, newContext(r, u, &layer{}))
	if err != nil {
		return nil, err
	}
	if r.modules == nil {
		r.modules = map[*unit]*module{}
	}
	r.modules[u] = m
	return m, nil
}

// newModule runs a template for what it exports.
func (r *run) newModule(u *unit, c *state) (*module, error) {
	saved := r.begin()
	text, err := r.end(saved, u.render(r, c))
	if err != nil {
		return nil, crossing(err)
	}
	m := &module{unit: u, text: text, names: python.NewDict(), ctx: c}
	for _, name := range c.exported.list {
		m.names.SetString(name, c.vars[name])
	}
	return m, nil
}
