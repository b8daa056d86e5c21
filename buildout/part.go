package buildout

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
	"github.com/go-buildout/go-buildout/internal/python"
)

// Name is the name of the section.
func (p *Part) Name() string { return p.name }

// Pos is where an option was last given a value, or where the section begins
// when no file gives it one.
func (p *Part) Pos(option string) profile.Pos {
	defer p.eval.hold()()
	return p.posOf(option)
}

func (p *Part) posOf(option string) profile.Pos {
	if p.raw != nil {
		if o := p.raw.Option(option); o != nil {
			if pos := o.Pos(); pos.IsValid() {
				return pos
			}
		}
	}
	return p.declared()
}

// declared is where the section is opened first.
func (p *Part) declared() profile.Pos {
	if p.raw == nil {
		return profile.Pos{}
	}
	return p.raw.Pos
}

// Options lists the names of the options: those of the profile in file order,
// then those that a recipe set.
func (p *Part) Options() []string {
	defer p.eval.hold()()
	return p.optionNames()
}

func (p *Part) optionNames() []string {
	var names []string
	if p.raw != nil {
		for i := range p.raw.size() {
			if key := p.raw.keyAt(i); key != "<" {
				names = append(names, key)
			}
		}
	}
	if p.construction == nil {
		return names
	}
	for _, k := range p.keys {
		if !slices.Contains(names, k) {
			names = append(names, k)
		}
	}
	return names
}

// Get returns the value of an option as a recipe sees it. A missing option is an
// [*Error], and so is a value that is not text (see [Part.Value]).
func (p *Part) Get(option string) (string, error) {
	defer p.eval.hold()()
	v, ok, err := p.lookup(option)
	if err == nil && !ok {
		err = p.missing(option)
	}
	return v, err
}

func (p *Part) missing(option string) error {
	return p.eval.while.fail(p.eval.config, &Error{Code: CodeMissingOption, Section: p.name, Option: option, Pos: p.declared(),
		Message: "Missing option: " + p.name + ":" + option, Hint: didYouMean(option, p.optionNames())})
}

// Lookup is Get for an option that may be missing.
func (p *Part) Lookup(option string) (value string, ok bool, err error) {
	defer p.eval.hold()()
	return p.lookup(option)
}

func (p *Part) lookup(option string) (value string, ok bool, err error) {
	p.use(option)
	stored, ok, err := p.evaluate(option, p.eval.newChain())
	if err != nil || !ok {
		return "", ok, err
	}
	v, err := p.decode(option, stored)
	if err != nil {
		return "", true, err
	}
	text, isText := v.(string)
	if !isText {
		return "", true, p.errorf(option, "The value of %s:%s is %s and not text.", p.name, option, stored)
	}
	return text, true, nil
}

// Value returns the value of an option with its type: a string, or, in a dialect
// that serialises values, what templates take as a Python value. A missing
// option is an [*Error].
func (p *Part) Value(option string) (any, error) {
	defer p.eval.hold()()
	p.use(option)
	stored, ok, err := p.evaluate(option, p.eval.newChain())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, p.missing(option)
	}
	return p.decode(option, stored)
}

// decode turns a stored value into what a recipe reads.
func (p *Part) decode(option, stored string) (any, error) {
	d := p.eval.config.dialect
	if d.Serialized && strings.HasPrefix(stored, "!py") {
		v, err := python.Loads(stored)
		if err != nil {
			e := p.errorf(option, "%s", err).(*Error)
			e.Detail = []string{"in the serialised value " + stored}
			return nil, e
		}
		if text, ok := python.AsText(v); ok {
			return text, nil
		}
		return v, nil
	}
	if d.Unescape {
		stored = strings.ReplaceAll(stored, "$${", "${")
	}
	return stored, nil
}

// Set gives an option a value, for the recipe itself and for every part that
// refers to it later. In a constructor it also becomes part of what is recorded
// of the part.
func (p *Part) Set(option, value string) {
	defer p.eval.hold()()
	if _, ok := p.set[option]; !ok {
		p.keys = append(p.keys, option)
	}
	p.assign(option, value)
}

func (p *Part) assign(option, value string) {
	if p.set == nil {
		p.set = map[string]string{}
	}
	p.set[option] = value
}

// SetValue is Set for values other than text, in a dialect that serialises them;
// in others it is an error.
func (p *Part) SetValue(option string, value any) error {
	if text, ok := value.(string); ok {
		p.Set(option, text)
		return nil
	}
	if !p.eval.config.dialect.Serialized {
		return p.Errorf(option, "Option values must be strings in this dialect: %s:%s", p.name, option)
	}
	v, err := python.FromGo(value)
	if err != nil {
		return p.Errorf(option, "%s", err)
	}
	stored, err := python.Dumps(v)
	if err != nil {
		return p.Errorf(option, "%s", err)
	}
	p.Set(option, stored)
	return nil
}

// Section looks at another section, which initialises it: its recipe, if it has
// one, becomes a part that is installed before this one.
func (p *Part) Section(name string) (*Part, error) {
	defer p.eval.hold()()
	return p.depend(name, valueOwner{part: p}, "")
}

// Has reports whether the profile has a section of that name, without looking
// at it.
func (p *Part) Has(section string) bool {
	defer p.eval.hold()()
	return p.eval.config.Section(section) != nil
}

// Buildout returns an option of [buildout]; a missing one is an [*Error].
func (p *Part) Buildout(option string) (string, error) { return p.eval.run.section().Get(option) }

// BuildoutLookup returns an option of [buildout] that may be missing.
func (p *Part) BuildoutLookup(option string) (string, bool, error) {
	return p.eval.run.section().Lookup(option)
}

// Directory is the buildout directory, what relative paths are relative to.
func (p *Part) Directory() string { return p.eval.config.directory }

// Path makes a path absolute in the buildout directory.
func (p *Part) Path(path string) string { return p.eval.config.join(path) }

// Logger logs for this part.
func (p *Part) Logger() *slog.Logger { return p.eval.run.partLogger(p.name) }

// Substitute replaces the references in a template as if it were the value of an
// option: sections that it names are initialised, and the part depends on them.
// "$$" becomes "$". name is what the template is called in errors, which give the
// line of the reference.
func (p *Part) Substitute(name, text string) (string, error) {
	return p.substitute(name, text, templateSyntax)
}

// SubstituteOwn is Substitute for templates in which ${option} is an option of
// the part itself, and that have no escape: "$$" is text, also before a reference.
func (p *Part) SubstituteOwn(name, text string) (string, error) {
	return p.substitute(name, text, ownSyntax)
}

func (p *Part) substitute(name, text string, s syntax) (string, error) {
	defer p.eval.hold()()
	v, at, err := s.substitute(&p.eval.scratch, text, p.eval.config.limits.ValueBytes, func(ref valueReference) (string, error) {
		return p.reference(valueOwner{part: p}, ref, p.eval.newChain())
	})
	e, ok := err.(*Error)
	if err == nil || !ok {
		return v, err
	}
	pos := profile.Pos{File: name, Line: 1 + strings.Count(text[:at], "\n")}
	if e.Section != "" && (e.Section != p.name || e.Option != "") {
		e.Detail = append(e.Detail, "in the template "+pos.String()) // what it refers to is at fault
		return "", e
	}
	begin := strings.LastIndexByte(text[:at], '\n') + 1
	e.Section, e.Pos, e.Chain, e.CommandLine, e.underlined = p.name, pos, nil, false, nil
	e.Line, _, _ = strings.Cut(text[begin:], "\n")
	e.Pos.Column, e.Length = columns(text[begin:], span{at - begin, at - begin + len(referenceAt(text, at))})
	if pos := p.declared(); pos.IsValid() {
		e.Detail = append(e.Detail, "in the template of the part at "+pos.String())
	}
	return "", p.eval.while.fail(nil, e)
}

// Parse adds the sections of a profile's text, which may be indented as a whole,
// and initialises them in order. They can't extend files or continue sections
// that are there.
func (p *Part) Parse(text string) error {
	defer p.eval.hold()()
	name := fmt.Sprintf("<added by %s>", p.name)
	c := p.eval.config
	file, contents, err := profile.Read(name, profile.Dedent(text), profile.NewConditions(c.platform), c.dialect.rules)
	added := &node{name: name, file: file}
	c.files[name] = added
	if err != nil {
		return p.errorf("", "%w", err)
	}
	for _, s := range contents.Sections {
		if c.Section(s.Name) != nil {
			return p.errorf("", "Section already exists: %s", s.Name)
		}
	}
	added.sections = layer(contents)
	c.merge(added.sections)
	for _, s := range contents.Sections {
		if _, err := p.depend(s.Name, valueOwner{part: p}, ""); err != nil {
			return err
		}
	}
	return nil
}

// Errorf makes an [*Error] about an option, or about the whole part if option is
// "", with its place in the profile.
func (p *Part) Errorf(option, format string, args ...any) error {
	defer p.eval.hold()()
	return p.errorf(option, format, args...)
}

func (p *Part) errorf(option, format string, args ...any) error {
	return p.errorAbout(option, "", format, args...)
}

// errorAbout is errorf about a word in the value of the option.
func (p *Part) errorAbout(option, word, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if strings.Contains(word, "\n") {
		word = "" // all of it
	}
	e := &Error{Code: CodeRecipe, Section: p.name, Option: option, Pos: p.posOf(option), fault: fault{text: word}, Err: errors.Unwrap(err)}
	e.Message, e.Detail = splitMessage(err.Error())
	return p.eval.while.fail(p.eval.config, e)
}

// splitMessage takes the lines after the first as details.
func splitMessage(text string) (string, []string) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return lines[0], lines[1:]
}

// wrap turns what a recipe returned into an error about its part.
func (p *Part) wrap(err error) error {
	var e *Error
	var bug *Bug
	if errors.As(err, &e) || errors.As(err, &bug) || isCancelled(err) {
		return err
	}
	return p.Errorf("", "%w", err)
}

// Getenv returns a variable of the environment that commands run in.
func (p *Part) Getenv(name string) (string, bool) {
	for _, kv := range slices.Backward(p.eval.run.environ) {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			return v, true
		}
	}
	return "", false
}

// LookPath finds a program on the PATH that commands run with, "" if none.
func (p *Part) LookPath(program string) string {
	path, _ := p.Getenv("PATH")
	for _, dir := range filepath.SplitList(path) {
		file := filepath.Join(dir, program)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return file
		}
	}
	return ""
}

// snapshot is what is recorded of the part: every option as it is stored.
func (p *Part) snapshot() (map[string]string, error) {
	out := make(map[string]string, p.raw.size()+len(p.set))
	for i := range p.raw.size() {
		if key := p.raw.keyAt(i); key != "<" {
			out[key] = p.stored(i)
		}
	}
	maps.Copy(out, p.set)
	for k, v := range out {
		if !p.eval.config.dialect.Serialized || !strings.HasPrefix(v, "!py") {
			continue
		}
		decoded, err := p.decode(k, v)
		if err != nil {
			return nil, err
		}
		if text, ok := decoded.(string); ok {
			out[k] = text
		} else if out[k], err = python.Dumps(decoded.(python.Value)); err != nil {
			return nil, p.errorf(k, "%w", err)
		}
	}
	return out, nil
}

// stored is the value of an option of the profile as far as it is known: set by
// the recipe, with references replaced, or as it was written.
func (p *Part) stored(i int) string {
	if p.set != nil {
		if v, ok := p.set[p.raw.keyAt(i)]; ok {
			return v
		}
	}
	if p.values != nil && p.values[i].done {
		return p.values[i].text
	}
	return p.raw.valueAt(i)
}

// unused lists the options of the profile that nothing has read, sorted.
func (p *Part) unused() []string {
	var names []string
	for i := range p.raw.size() {
		key := p.raw.keyAt(i)
		if _, set := p.set[key]; !set && !p.used[key] && key != "<" {
			names = append(names, key)
		}
	}
	slices.Sort(names)
	return names
}
