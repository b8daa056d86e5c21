package template

import (
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	jinja "github.com/go-buildout/go-buildout/template"
)

// builtinNames are what every template has without a context, but for Jinja2's
// own globals: a context may not give them another meaning.
var builtinNames = strings.Fields(`
	abs all any assert bin bool bytes callable chr complex dict divmod dumps
	enumerate filter float format frozenset hex int isinstance iter len list map
	max min next oct ord pow range repr reversed round set six sorted str sum
	tuple zip`)

// entry is one line TYPE NAME EXPRESSION.
type entry struct{ kind, name, expression string }

// entries splits the lines of an option.
func entries(part *buildout.Part, option, text string) ([]entry, error) {
	list, incomplete := parseEntries(text)
	if incomplete != "" {
		return nil, part.Errorf(option, "incomplete line in %s: '%s'\nexpected TYPE NAME EXPRESSION", option, incomplete)
	}
	return list, nil
}

// parseEntries splits lines, and returns the first that lacks something.
func parseEntries(text string) (list []entry, incomplete string) {
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		kind, rest := cutWord(line)
		name, expression := cutWord(rest)
		if expression == "" {
			return nil, line
		}
		list = append(list, entry{kind, name, expression})
	}
	return list, ""
}

// cutWord cuts at the first run of blanks.
func cutWord(text string) (word, rest string) {
	i := strings.IndexAny(text, " \t\r\f\v")
	if i < 0 {
		return text, ""
	}
	return text[:i], strings.TrimLeft(text[i:], " \t\r\f\v")
}

// variables evaluates the context.
func (r *jinja2) variables() (map[string]any, error) {
	list, err := entries(r.part, "context", r.options.Context)
	if err != nil {
		return nil, err
	}
	vars := map[string]any{}
	var names []string
	for _, e := range list {
		if _, twice := vars[e.name]; twice || slices.Contains(builtinNames, e.name) {
			return nil, r.part.Errorf("context", "Duplicate context entry '%s'", e.name)
		}
		value, err := r.evaluate(e)
		if err != nil {
			return nil, err
		}
		vars[e.name] = value
		names = append(names, e.name)
	}
	nest(vars, names)
	return vars, nil
}

// evaluate gives the value of a line of the context.
func (r *jinja2) evaluate(e entry) (any, error) {
	fail := func(err error) (any, error) {
		return nil, r.part.Errorf("context", "context entry '%s': %w", e.name, err)
	}
	switch e.kind {
	case "raw":
		return e.expression, nil
	case "key":
		section, option, err := target(r.part, "context", e)
		if err != nil {
			return nil, err
		}
		return section.Value(option)
	case "jsonkey":
		section, option, err := target(r.part, "context", e)
		if err != nil {
			return nil, err
		}
		text, err := section.Get(option)
		if err != nil {
			return nil, err
		}
		value, err := jinja.JSON(text)
		if err != nil {
			return fail(err)
		}
		return value, nil
	case "json":
		value, err := jinja.JSON(e.expression)
		if err != nil {
			return fail(err)
		}
		return value, nil
	case "section":
		section, err := r.part.Section(e.expression)
		if err != nil {
			return nil, err
		}
		return sectionValue(section)
	case "import":
		value, err := r.modules().Module(e.expression)
		if err != nil {
			return fail(err)
		}
		return value, nil
	}
	return nil, r.part.Errorf("context", "unknown type of context entry '%s': '%s'\nexpected raw, key, section, json, jsonkey or import", e.name, e.kind)
}

// target finds the section and the option of SECTION:OPTION. Without a section
// it is the part's own.
func target(part *buildout.Part, in string, e entry) (*buildout.Part, string, error) {
	name, option, ok := strings.Cut(e.expression, ":")
	if !ok || strings.Contains(option, ":") {
		return nil, "", part.Errorf(in, "invalid expression for '%s': '%s'\nexpected SECTION:OPTION", e.name, e.expression)
	}
	if name == "" {
		return part, option, nil
	}
	section, err := part.Section(name)
	return section, option, err
}

// sectionValue is a section as a dict.
func sectionValue(section *buildout.Part) (any, error) {
	var pairs []jinja.Pair
	for _, option := range section.Options() {
		value, err := section.Value(option)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, jinja.Pair{Key: option, Value: value})
	}
	return jinja.Dict(pairs...)
}

// modules are the Python modules that the context can import. Of the environment
// they see what scripts commonly ask for.
func (r *jinja2) modules() jinja.Modules {
	environ := map[string]string{}
	for _, name := range []string{"HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TEMP", "TMP", "TMPDIR", "TZ", "USER"} {
		if value, ok := r.part.Getenv(name); ok {
			environ[name] = value
		}
	}
	return jinja.Modules{Environ: environ, Dir: r.part.Directory()}
}
