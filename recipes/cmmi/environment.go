package cmmi

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// environment are the variables that a part sets.
type environment map[string]string

// pairs are the variables as NAME=VALUE, sorted.
func (e environment) pairs() []string {
	pairs := make([]string, 0, len(e))
	for _, k := range slices.Sorted(maps.Keys(e)) {
		pairs = append(pairs, k+"="+e[k])
	}
	return pairs
}

// log says what the variables are.
func (e environment) log(tx *buildout.Tx) {
	for _, k := range slices.Sorted(maps.Keys(e)) {
		tx.Log().Info("[ENV] " + k + " = " + e[k])
	}
}

// expanded replaces %(NAME)s by variables of the environment that commands run
// in.
func (e environment) expanded(part *buildout.Part, option string) (environment, error) {
	out := make(environment, len(e))
	for _, k := range slices.Sorted(maps.Keys(e)) {
		v, err := format(e[k], func(name string) (string, bool, error) {
			v, ok := part.Getenv(name)
			return v, ok, nil
		})
		if err != nil {
			return nil, part.Errorf(option, "Can't expand the environment variable %s: %w\nin %s", k, err, e[k])
		}
		out[k] = v
	}
	return out, nil
}

// section adds the options of a section.
func (e environment) section(part *buildout.Part, name string) error {
	s, err := part.Section(name)
	if err != nil {
		return err
	}
	for _, k := range s.Options() {
		if e[k], err = s.Get(k); err != nil {
			return err
		}
	}
	return e.check(part)
}

// check refuses what can't be a variable's name or value.
func (e environment) check(part *buildout.Part) error {
	for _, k := range slices.Sorted(maps.Keys(e)) {
		if k == "" || strings.ContainsAny(k, "=\x00") || strings.ContainsRune(e[k], 0) {
			return part.Errorf("environment", "Invalid environment variable: %q\nfound the value %q", k, e[k])
		}
	}
	return nil
}

// hexagonitEnvironment is a section and, over it, the lines of the option.
func hexagonitEnvironment(part *buildout.Part, section, lines string) (environment, error) {
	e := environment{}
	if section = strings.TrimSpace(section); section != "" && part.Has(section) {
		if err := e.section(part, section); err != nil {
			return nil, err
		}
	}
	for line := range strings.SplitSeq(lines, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		if !ok {
			return nil, part.Errorf("environment", "Invalid environment variable definition: %s\nexpected NAME=VALUE", line)
		}
		e[strings.TrimSpace(k)] = v
	}
	return e, e.check(part)
}

// slaposEnvironment is either lines or the name of a section, told apart by an
// equals sign.
func slaposEnvironment(part *buildout.Part, text string) (environment, error) {
	e := environment{}
	text = strings.TrimSpace(text)
	if text == "" {
		return e, nil
	}
	if !strings.Contains(text, "=") {
		return e, e.section(part, text)
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		if !ok {
			return nil, part.Errorf("environment", "Line '%s' in environment is incorrect\nexpected NAME=VALUE", line)
		}
		k = strings.TrimSpace(k)
		if _, repeated := e[k]; repeated {
			return nil, part.Errorf("environment", "Key '%s' is repeated", k)
		}
		e[k] = strings.TrimSpace(v)
	}
	return e, e.check(part)
}
