package template

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nikolalohinski/gonja/v2/config"
	"github.com/nikolalohinski/gonja/v2/exec"
	"github.com/nikolalohinski/gonja/v2/loaders"
	"github.com/nikolalohinski/gonja/v2/nodes"
	gonja "github.com/nikolalohinski/gonja/v2/parser"
	"github.com/nikolalohinski/gonja/v2/tokens"
)

// gonja lexes text and tags, nests statements and walks what it has nested. It
// does so on a rewritten source (see source): inside a tag there is only the
// tag's index. Everything that gonja is given is made for one template, none
// of its process-wide tables is used.

// endNames are the tags that end a body or continue a statement. gonja must
// see their names to find the end of a body.
var endNames = map[string]bool{
	"elif": true, "else": true, "endif": true, "endfor": true, "endmacro": true, "endcall": true, "endfilter": true,
	"endset": true, "endwith": true, "endblock": true, "endautoescape": true,
}

// shell is what gonja needs to know of a parser.
func (p *parser) shell() *exec.Environment {
	structures := make(map[string]gonja.ControlStructureParser, len(endNames)+1)
	structures[statementName] = p.structure
	for name := range endNames {
		structures[name] = p.structure
	}
	return &exec.Environment{
		Context:           exec.EmptyContext(),
		Filters:           exec.NewFilterSet(nil),
		Tests:             exec.NewTestSet(nil),
		ControlStructures: exec.NewControlStructureSet(structures),
	}
}

// nest gives the source to gonja, which calls structure for each tag.
func (p *parser) nest() (*exec.Template, error) {
	c := config.New()
	c.KeepTrailingNewline = true
	return exec.NewTemplate(p.unit.name, c, textLoader(p.source.rewrite), p.shell())
}

// textLoader is a loader of one text.
type textLoader string

func (l textLoader) Read(string) (io.Reader, error)         { return strings.NewReader(string(l)), nil }
func (l textLoader) Resolve(path string) (string, error)    { return path, nil }
func (l textLoader) Inherit(string) (loaders.Loader, error) { return l, nil }

// tagOf is the tag whose index the tokens are.
func (p *parser) tagOf(args *gonja.Parser) *tag {
	t := args.Match(tokens.Integer)
	if t == nil {
		panic(fmt.Errorf("tag without index in rewritten template"))
	}
	n, err := strconv.Atoi(t.Val)
	if err != nil || n >= len(p.source.tags) {
		panic(fmt.Errorf("tag with index %q in rewritten template", t.Val))
	}
	return &p.source.tags[n]
}

// structure parses the statement whose tag gonja has come to.
func (p *parser) structure(g, args *gonja.Parser) (cs nodes.ControlStructure, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case syntaxError:
			err = r.err
		default:
			panic(r)
		}
	}()
	t := p.tagOf(args)
	e := &element{line: t.line}
	switch t.kind {
	case tagText:
		e.do = &textStatement{text: t.text, checked: p.checked()}
	case tagPrint:
		p.open(t)
		e.line = p.cur.line
		e.do = p.print()
	default:
		p.open(t)
		e.do = p.statement(g)
		p.expect(tBlockEnd)
	}
	return e, nil
}

// body parses statements up to one of the end tags, and leaves the parser
// behind the end tag's name.
func (p *parser) body(g *gonja.Parser, ends ...string) (b body, end string) {
	p.skip(tColon)
	p.expect(tBlockEnd)
	if p.nested++; p.nested > maxNesting {
		panic(syntaxError{p.unit.errorAt(int(p.cur.line), "RecursionError", "statements nest deeper than "+strconv.Itoa(maxNesting))})
	}
	p.ends = append(p.ends, ends)
	wrapper, args, err := g.WrapUntil(ends...)
	if err != nil {
		var ours *Error
		if errors.As(err, &ours) {
			panic(syntaxError{ours})
		}
		var theirs *gonja.SyntaxError
		if errors.As(err, &theirs) && strings.HasPrefix(theirs.Message, "Unexpected EOF") {
			p.failUnknown("", p.source.lastLine)
		}
		panic(err)
	}
	p.ends = p.ends[:len(p.ends)-1]
	p.nested--
	p.open(p.tagOf(args))
	p.next()
	return p.convert(wrapper.Nodes), wrapper.EndTag
}

// convert makes a body of gonja's nodes.
func (p *parser) convert(list []nodes.Node) body {
	b := make(body, 0, len(list))
	for _, n := range list {
		switch n := n.(type) {
		case *nodes.Data:
			b = append(b, element{do: &textStatement{text: n.Data.Val, checked: p.checked()}})
		case *nodes.ControlStructureBlock:
			b = append(b, *n.ControlStructure.(*element))
		}
	}
	return b
}

// element is a statement as gonja sees it.
type element struct {
	do   statement
	line int32
}

// Position implements nodes.Node.
func (e *element) Position() *tokens.Token { return &tokens.Token{Line: int(e.line)} }

func (e *element) String() string { return fmt.Sprintf("%T", e.do) }

// Execute implements exec.ControlStructure: gonja has come to a statement of
// the template's root.
func (e *element) Execute(r *exec.Renderer, _ *nodes.ControlStructureBlock) error {
	f := r.Output.(*rootWriter).frame
	if err := e.do.exec(f); err != nil {
		return f.locate(err, e.line)
	}
	return nil
}

// rootWriter is what gonja writes the text of a template's root to. A template
// that extends another has no text of its own.
type rootWriter struct{ frame *frame }

func (w *rootWriter) Write(p []byte) (int, error) { return w.WriteString(string(p)) }

// WriteString implements io.StringWriter.
func (w *rootWriter) WriteString(s string) (int, error) {
	if w.frame.extended != nil {
		return len(s), nil
	}
	return len(s), w.frame.run.write(s)
}

// walk runs the root of a template.
func (u *unit) walk(f *frame) error {
	err := u.gonja.Execute(&rootWriter{f}, nil)
	if err == nil {
		return nil
	}
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	var cause interface{ Unwrap() error }
	for errors.As(err, &cause) {
		inner := cause.Unwrap()
		if inner == nil {
			break
		}
		err = inner
	}
	return f.locate(err, 0)
}
