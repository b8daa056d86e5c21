package template

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"

	jinja "github.com/go-buildout/go-buildout/template"
)

// maxNesting is how many dots a name may have to become mappings.
const maxNesting = 20

// nest adds mappings for names with dots, so that "configuration.port" can be
// read as an attribute. Names that are given stay what they are.
func nest(vars map[string]any, names []string) {
	made := map[string]any{}
	for _, name := range names {
		first, rest, dotted := strings.Cut(name, ".")
		if _, given := vars[first]; !dotted || given || strings.Count(name, ".") > maxNesting {
			continue
		}
		mapping, _ := made[first].(map[string]any)
		if mapping == nil {
			mapping = map[string]any{}
			made[first] = mapping
		}
		put(mapping, rest, vars[name])
	}
	maps.Copy(vars, made)
}

// put gives a name with dots a value in nested mappings, unless a part of the
// name has a value already.
func put(mapping map[string]any, name string, value any) {
	first, rest, dotted := strings.Cut(name, ".")
	old, taken := mapping[first]
	switch inner, isMapping := old.(map[string]any); {
	case !dotted && !taken:
		mapping[first] = value
	case dotted && !taken:
		inner = map[string]any{}
		mapping[first] = inner
		put(inner, rest, value)
	case dotted && isMapping:
		put(inner, rest, value)
	}
}

const configuration = "configuration"

type parameterSection struct{ name, prefix string }

// The sections that parameters of an instance are in, each before those that it
// goes before, and what their options begin with.
var parameterSections = []parameterSection{
	{"slap-configuration", configuration + "."},
	{"instance-parameter", configuration + "."},
	{"slap-parameter", ""},
}

// provideConfiguration gives the template a variable configuration with the
// parameters of the instance if it needs one that its context does not have.
// Whether it does is found out by rendering it; a template that isn't there yet
// can't be asked.
func (r *jinja2) provideConfiguration(ctx context.Context) error {
	has := func(s parameterSection) bool { return r.part.Has(s.name) }
	if _, given := r.vars[configuration]; given || !slices.ContainsFunc(parameterSections, has) {
		return nil
	}
	text := r.source.text
	if !r.source.inline {
		content, err := os.ReadFile(r.part.Path(r.source.url))
		if err != nil {
			return nil
		}
		if text, err = r.decode(string(content)); err != nil {
			return nil // said when it is installed
		}
	}
	if !strings.Contains(text, configuration) {
		return nil
	}
	_, err := r.render(ctx, text)
	// A template can change the values of its context.
	if vars, err := r.variables(); err == nil {
		r.vars = vars
	} else {
		return err
	}
	var e *jinja.Error
	if !errors.As(err, &e) || e.Class != "UndefinedError" || e.Message != "'"+configuration+"' is undefined" {
		return nil
	}
	parameters := map[string]any{}
	for _, s := range parameterSections {
		if err := r.addParameters(parameters, s.name, s.prefix); err != nil {
			return err
		}
	}
	if len(parameters) > 0 {
		r.vars[configuration] = parameters
	}
	return nil
}

// addParameters adds the parameters of a section. An empty one is none.
func (r *jinja2) addParameters(to map[string]any, name, prefix string) error {
	if !r.part.Has(name) {
		return nil
	}
	section, err := r.part.Section(name)
	if err != nil {
		return err
	}
	for _, option := range section.Options() {
		parameter, ok := strings.CutPrefix(option, prefix)
		if !ok || option == "recipe" || strings.Count(parameter, ".") > maxNesting {
			continue
		}
		value, err := section.Value(option)
		if err != nil {
			return err
		}
		if value != "" {
			put(to, parameter, value)
		}
	}
	return nil
}
