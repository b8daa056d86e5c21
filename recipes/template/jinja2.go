package template

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/internal/python"
	jinja "github.com/go-buildout/go-buildout/template"
)

type jinja2Options struct {
	sourceOptions
	Template        *string      `buildout:"template" doc:"older name of url; or inline: and the text"`
	Output          *string      `buildout:"output" doc:"file to make"`
	Rendered        *string      `buildout:"rendered" doc:"older name of output"`
	Mode            *fs.FileMode `buildout:"mode" doc:"its exact permissions; by default those that the umask leaves, executable for a script"`
	Context         string       `buildout:"context" doc:"variables: lines TYPE NAME EXPRESSION, with the types raw, key, section, json, jsonkey and import"`
	Once            string       `buildout:"once" doc:"file that marks that the template was rendered; it is not rendered again while that exists"`
	Extensions      []string     `buildout:"extensions,words" doc:"Jinja2's extensions, such as jinja2.ext.do"`
	ImportList      string       `buildout:"import-list" doc:"templates to import: lines TYPE NAME EXPRESSION, with the types rawfile, file, rawfolder and folder"`
	ImportDelimiter string       `buildout:"import-delimiter" default:"/" doc:"what stands between the name of a folder and that of a file in it"`
	Encoding        string       `buildout:"encoding" default:"utf-8" doc:"of the template, what it imports, and the file"`
	Update          bool         `buildout:"update" default:"false" doc:"render again even if the template can't have changed"`
}

type jinja2 struct {
	part    *buildout.Part
	options jinja2Options
	source  source
	output  output
	vars    map[string]any
	engine  jinja.Options
}

// NewJinja2 is the constructor of slapos.recipe.template:jinja2. It evaluates the
// context; the template itself, which another part may have to make first, is
// read when the part is installed.
func NewJinja2(ctx context.Context, part *buildout.Part) (buildout.Recipe, error) {
	r := &jinja2{part: part}
	o := &r.options
	if err := part.Decode(o); err != nil {
		return nil, err
	}
	o.sourceOptions.Template = o.Template
	var err error
	if r.source, err = o.source(part); err != nil {
		return nil, err
	}
	if err := r.chooseOutput(); err != nil {
		return nil, err
	}
	if _, err := python.Encode("", o.Encoding, "strict"); err != nil {
		return nil, part.Errorf("encoding", "%s\nexpected one such as utf-8 or latin-1", message(err))
	}
	if r.vars, err = r.variables(); err != nil {
		return nil, err
	}
	r.engine = jinja.Options{Extensions: o.Extensions, Python: true}
	if r.engine.Loader, err = r.loader(); err != nil {
		return nil, err
	}
	if _, err := jinja.Parse("", "", r.engine); err != nil {
		return nil, part.Errorf("extensions", "%w", err)
	}
	return r, r.provideConfiguration(ctx)
}

// chooseOutput reads both names of the output, and sets both for other parts.
func (r *jinja2) chooseOutput() error {
	o, part := &r.options, r.part
	switch {
	case o.Output != nil && o.Rendered != nil && *o.Output != *o.Rendered:
		return part.Errorf("rendered", "options 'output' & 'rendered' conflict")
	case o.Output != nil:
		r.output = output{"output", *o.Output, o.Mode}
	case o.Rendered != nil:
		r.output = output{"rendered", *o.Rendered, o.Mode}
	default:
		_, err := part.Get("output")
		return err
	}
	if r.output.path == "" {
		return part.Errorf(r.output.option, "the option %s is empty\nexpected the name of a file", r.output.option)
	}
	part.Set("output", r.output.path)
	part.Set("rendered", r.output.path)
	return nil
}

func (r *jinja2) Install(ctx context.Context, tx *buildout.Tx) error {
	once := r.options.Once
	if once != "" {
		if _, err := os.Stat(tx.Path(once)); err == nil {
			return nil
		}
	}
	bytes, err := r.source.readInstall(ctx, tx)
	if err != nil {
		return err
	}
	text, err := r.decode(bytes)
	if err != nil {
		return r.part.Errorf(r.source.option, "%s: %s: %s", r.part.Name(), r.source.name(), message(err))
	}
	if text, err = r.render(ctx, text); err != nil {
		return r.explain(ctx, err)
	}
	content, err := python.Encode(text, r.options.Encoding, "strict")
	if err != nil {
		return r.part.Errorf("encoding", "%s: %s: %s", r.part.Name(), r.source.name(), message(err))
	}
	if err := r.output.write(tx, content); err != nil || once == "" {
		return err
	}
	tx.Leave(r.output.path) // made once, it is the user's
	if err := touch(tx, once); err != nil {
		return r.part.Errorf("once", "%w", err)
	}
	return nil
}

func (r *jinja2) Update(ctx context.Context, tx *buildout.Tx) error {
	if r.source.fixed() && !r.options.Update {
		return nil
	}
	return r.Install(ctx, tx)
}

func (r *jinja2) render(ctx context.Context, text string) (string, error) {
	t, err := jinja.Parse(r.source.name(), text, r.engine)
	if err != nil {
		return "", err
	}
	return t.Render(ctx, r.vars)
}

// explain makes the user's error of a template's.
func (r *jinja2) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	failure := r.part.Errorf(r.source.option, "%s: %w", r.part.Name(), err)
	var te *jinja.Error
	var e *buildout.Error
	if errors.As(err, &te) && errors.As(failure, &e) {
		lines := strings.Split(te.Trace(), "\n")
		for _, line := range lines[min(len(lines), 1+strings.Count(te.Error(), "\n")):] {
			e.Detail = append(e.Detail, strings.TrimPrefix(line, "  "))
		}
	}
	return failure
}

func (r *jinja2) decode(bytes string) (string, error) {
	return python.Decode(bytes, r.options.Encoding, "strict")
}

// message is the text of a Python exception without its class.
func message(err error) string {
	var e *python.Error
	if errors.As(err, &e) && e.Message != "" {
		return e.Message
	}
	return err.Error()
}
