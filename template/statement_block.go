package template

import (
	"strings"

	gonja "github.com/nikolalohinski/gonja/v2/parser"

	"github.com/go-buildout/go-buildout/internal/python"
)

// block is the code of a block, which can be part of another template's
// inheritance.
type block struct {
	name  string
	unit  *unit
	scope *scope
	body  body
}

// blockStatement renders the block of its name that is furthest down the line
// of inheritance.
type blockStatement struct {
	name     string
	required bool
	toplevel bool
	local    *dump // what a scoped block sees
}

func (p *parser) parseBlock(g *gonja.Parser, line int32) statement {
	b := &block{unit: p.unit}
	s := &blockStatement{toplevel: p.scope.isRoot}
	b.name = p.expect(tName).text
	s.name = b.name
	if p.skipName("scoped") {
		s.local = &dump{}
		p.scope.dumps = append(p.scope.dumps, s.local)
		for at := p.scope; at != nil; at = at.parent {
			at.scoped = true
		}
	}
	s.required = p.skipName("required")
	if p.cur.kind == tSub {
		p.fail("Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.")
	}
	if !p.blockNames.add(b.name) {
		p.twice = append(p.twice, p.unit.errorAt(int(line), "TemplateAssertionError", "block "+pyQuote(b.name)+" defined twice"))
	}
	p.blocks = append(p.blocks, b)
	b.scope = &scope{fn: &function{}, isBlock: true, free: true, declare: useSelf | useSuper}
	p.scope.events = append(p.scope.events, event{kind: evChild, child: b.scope})
	p.push(b.scope)
	b.body, _ = p.body(g, "endblock")
	p.pop()
	if s.required {
		for _, e := range b.body {
			if t, ok := e.do.(*textStatement); !ok || strings.TrimFunc(t.text, isSpace) != "" {
				p.fail("Required blocks can only contain comments or whitespace")
			}
		}
	}
	p.skipName(b.name)
	return s
}

func (s *blockStatement) exec(f *frame) error {
	if s.toplevel && f.root.extended != nil {
		return nil
	}
	line := f.ctx.blocks[s.name]
	if s.required && len(line) <= 1 {
		return python.Raise("TemplateRuntimeError", "Required block %s not found", pyQuote(s.name))
	}
	if len(line) == 0 {
		return python.Raise("KeyError", "%s", pyQuote(s.name))
	}
	ctx := f.ctx
	if s.local != nil {
		ctx = ctx.derived(f, s.local)
	}
	return f.run.block(&blockRef{name: s.name, ctx: ctx, line: line, run: f.run})
}

// block renders a block to the output.
func (r *run) block(b *blockRef) error {
	if err := r.thread.Enter(); err != nil {
		return err
	}
	defer r.thread.Leave()
	if err := r.tick(); err != nil {
		return err
	}
	code := b.line[b.depth]
	f := code.scope.newFrame(nil, b.ctx, r, code.unit)
	code.scope.set(f, useSelf, &selfRef{b.ctx, r})
	if code.scope.found&useSuper != 0 {
		code.scope.set(f, useSuper, b.ctx.super(code, r))
	}
	return crossing(code.body.exec(f))
}

// super is the block that code replaces.
func (c *state) super(code *block, r *run) python.Value {
	line := c.blocks[code.name]
	for i, b := range line {
		if b == code && i+1 < len(line) {
			return &blockRef{code.name, c, line, i + 1, r}
		}
	}
	return noParent(code.name, r)
}

func noParent(name string, r *run) python.Value {
	return &undefined{mode: r.env.undefined, hint: "there is no parent block called " + pyQuote(name) + ".", name: python.String("super")}
}

// blockRef is a block as a value: super, or an attribute of self.
type blockRef struct {
	name  string
	ctx   *state
	line  []*block
	depth int
	run   *run
}

func (b *blockRef) Type() string      { return "BlockReference" }
func (b *blockRef) qualified() string { return "jinja2.runtime.BlockReference" }

// Attr implements python.Attributer.
func (b *blockRef) Attr(name string) (python.Value, error) {
	switch name {
	case "name":
		return python.String(b.name), nil
	case "super":
		if b.depth+1 >= len(b.line) {
			return noParent(b.name, b.run), nil
		}
		return &blockRef{b.name, b.ctx, b.line, b.depth + 1, b.run}, nil
	}
	return nil, nil
}

// Call implements python.Callable: it renders the block.
func (b *blockRef) Call(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) > 0 || len(kwargs) > 0 {
		return nil, python.Raise("TypeError", "BlockReference.__call__() takes 1 positional argument but %d were given", 1+len(args)+len(kwargs))
	}
	saved := b.run.begin()
	text, err := b.run.end(saved, b.run.block(b))
	if err != nil {
		return nil, err
	}
	if b.ctx.autoescape {
		return markup(text), nil
	}
	return python.String(text), nil
}

// selfRef is the value of self.
type selfRef struct {
	ctx *state
	run *run
}

func (s *selfRef) Type() string      { return "TemplateReference" }
func (s *selfRef) qualified() string { return "jinja2.runtime.TemplateReference" }

// Repr implements python.Representer.
func (s *selfRef) Repr() (string, error) {
	return "<TemplateReference " + s.ctx.unit.quotedName() + ">", nil
}

// GetItem implements python.Getter: a block by its name.
func (s *selfRef) GetItem(key python.Value) (python.Value, error) {
	name, _ := python.AsText(key)
	if line := s.ctx.blocks[name]; len(line) > 0 {
		return &blockRef{name, s.ctx, line, 0, s.run}, nil
	}
	return nil, python.Raise("KeyError", "%s", pyQuote(name))
}

// extendsStatement makes another template the one that is rendered.
type extendsStatement struct{ name expr }

func (p *parser) parseExtends(_ *gonja.Parser, line int32) statement {
	if !p.scope.isRoot {
		p.later("TemplateAssertionError", line, "cannot use extend from a non top-level scope")
	}
	return &extendsStatement{p.expression()}
}

func (s *extendsStatement) exec(f *frame) error {
	if f.extended != nil {
		return python.Raise("TemplateRuntimeError", "extended multiple times")
	}
	name, err := s.name.eval(f)
	if err != nil {
		return err
	}
	u, err := f.run.template(name)
	if err != nil {
		return err
	}
	f.extended = u
	if f.ctx.blocks == nil {
		f.ctx.blocks = map[string][]*block{}
	}
	for _, b := range u.blocks {
		f.ctx.blocks[b.name] = append(f.ctx.blocks[b.name], b)
	}
	return nil
}
