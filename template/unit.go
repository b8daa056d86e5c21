package template

import (
	"errors"
	"sync"

	"github.com/nikolalohinski/gonja/v2/exec"

	"github.com/go-buildout/go-buildout/internal/python"
)

// unit is one template that was parsed. It isn't changed afterwards.
type unit struct {
	name   string
	text   string
	source *source
	gonja  *exec.Template
	scope  *scope
	blocks []*block
}

func (u *unit) quotedName() string {
	if u.name == "" {
		return "None"
	}
	return pyQuote(u.name)
}

// environment is what templates that load each other have in common.
type environment struct {
	options   Options
	undefined Undefined
	globals   map[string]python.Value
	tags      map[string]bool // of extensions
	filters   map[string]*filter
	tests     map[string]*test

	mu    sync.Mutex
	units map[string]*unit // by name
}

// extended reports whether the tag is of Jinja2 itself, or of an extension
// that is switched on.
func (e *environment) extended(tag string) bool {
	switch tag {
	case "do", "break", "continue":
		return e.tags[tag]
	}
	return true
}

// load returns the template of a name. What was parsed is kept as long as the
// loader gives the same text.
func (e *environment) load(name string) (*unit, error) {
	text, err := e.options.Loader.Load(name)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	u := e.units[name]
	e.mu.Unlock()
	if u != nil && u.text == text {
		return u, nil
	}
	if u, err = e.parse(name, text); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.units == nil {
		e.units = map[string]*unit{}
	}
	if old := e.units[name]; old != nil && old.text == text {
		return old, nil
	}
	e.units[name] = u
	return u, nil
}

// parse parses a template.
func (e *environment) parse(name, text string) (*unit, error) {
	if len(text) > maxSource {
		return nil, &Error{Name: name, Class: "MemoryError", Message: "template is longer than 64 MiB"}
	}
	u := &unit{name: name, text: text, source: scan(text, &e.options)}
	u.scope = &scope{fn: &function{}, isRoot: true, declare: useSelf}
	p := &parser{env: e, unit: u, source: u.source, scope: u.scope}
	shell, err := p.nest()
	if err != nil {
		var ours *Error
		if errors.As(err, &ours) {
			return nil, ours
		}
		return nil, fault(name, err)
	}
	if len(p.twice) > 0 {
		return nil, p.twice[0]
	}
	if len(p.late) > 0 {
		for _, err := range p.late {
			if !isClass(err, "SyntaxError") {
				return nil, err
			}
		}
		return nil, p.late[0]
	}
	u.gonja, u.blocks = shell, p.blocks
	u.scope.bind()
	u.source.tags = nil
	return u, nil
}

const maxSource = 1 << 26

// render runs the template's root, and that of the template it extends.
func (u *unit) render(r *run, c *state) error {
	if err := r.thread.Enter(); err != nil {
		return err
	}
	defer r.thread.Leave()
	f := u.scope.newFrame(nil, c, r, u)
	u.scope.set(f, useSelf, &selfRef{c, r})
	if err := u.walk(f); err != nil {
		return err
	}
	if f.extended != nil {
		return f.extended.render(r, c)
	}
	return nil
}
