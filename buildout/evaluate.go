package buildout

import (
	"slices"
	"strings"
	"sync"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

const sectionName = "_buildout_section_name_"

// evaluation gives sections their values, each when it is first asked for: its
// macros are expanded, the references in its options replaced in the order of
// their names, and its recipe, if it has one, constructed. That order is what
// Buildout installs parts in.
type evaluation struct {
	config *Config
	while  steps
	known  []*Part // by their place in the profile
	// expanded are sections with their macros, and macros as they are used.
	expanded map[*Section]*Section
	chains   int32  // begun so far
	scratch  []byte // where values are put together
	// Parts and their values are made in blocks: there are many.
	block []Part
	room  []value
	// run constructs the recipes of sections; nil when values are only looked at.
	// A reference that a recipe would answer then stays as its text.
	run *Buildout

	mu sync.Mutex // see hold
	// shared: parts are being installed side by side.
	shared bool
}

// hold keeps others out until the function that it returns is called, while parts
// are being installed side by side. Everything that a recipe calls holds; nothing
// that holds calls a recipe.
func (ev *evaluation) hold() func() {
	if !ev.shared {
		return func() {}
	}
	ev.mu.Lock()
	return ev.mu.Unlock
}

func newEvaluation(c *Config) *evaluation {
	return &evaluation{config: c, known: make([]*Part, len(c.sections)), expanded: map[*Section]*Section{}}
}

// Part is a section whose values are being, or have been, worked out. It is what
// a recipe sees of its own options, and of the sections it looks at. A Part
// belongs to one [Buildout]. While that installs, it is safe for concurrent use if
// there are several Workers.
type Part struct {
	name   string
	eval   *evaluation
	raw    *Section          // with macros
	values []value           // of raw's options
	set    map[string]string // set by a recipe
	err    error             // why it could not be initialised
	*construction
}

// construction is what a part has besides if recipes are to run, else it is nil.
type construction struct {
	keys      []string // of set, in the order of setting
	used      map[string]bool
	deps      dependencies
	signature string            // set by Plan
	saved     map[string]string // what is recorded of it; set by Plan
	recipe    Recipe
	entry     *Entry
}

// value is an option's value on its way.
type value struct {
	text string
	// waiting is the chain in which the value is being worked out.
	waiting chain
	done    bool // text has references replaced
}

// chain counts the options that wait for each other's values. It begins anew with
// each section that is initialised: sections may refer to each other as long as
// no option refers to itself.
type chain int32

func (ev *evaluation) newChain() chain {
	ev.chains++
	return chain(ev.chains)
}

// initializing is two steps that are never apart.
const initializing = "Getting section %s.\nInitializing section %s."

// part is a section that is known already, nil if it is not.
func (ev *evaluation) part(name string) *Part {
	if at, ok := ev.config.byName[name]; ok && at < len(ev.known) {
		return ev.known[at]
	}
	return nil
}

// sorted lists the known sections by name.
func (ev *evaluation) sorted() []*Part {
	known := slices.DeleteFunc(slices.Clone(ev.known), func(p *Part) bool { return p == nil })
	slices.SortFunc(known, func(a, b *Part) int { return strings.Compare(a.name, b.name) })
	return known
}

// section returns the section of that name, initialising it if it is new.
func (ev *evaluation) section(name string, by valueOwner) (*Part, error) {
	if p := ev.part(name); p != nil {
		return p, p.err
	}
	at, ok := ev.config.byName[name]
	if !ok || len(ev.while.stack) > ev.config.limits.References {
		ev.while.push("Getting section %s.", name, "")
		defer ev.while.pop()
		if ok {
			return nil, ev.fail(by, &Error{Code: CodeLimit, Message: "Sections refer to each other too deeply."})
		}
		return nil, ev.fail(by, &Error{Code: CodeUnknownSection,
			Message: "The referenced section, '" + name + "', was not defined.", Hint: didYouMean(name, ev.config.names())})
	}
	ev.while.push(initializing, name, name)
	defer ev.while.pop()
	p := ev.newPart(name)
	for len(ev.known) <= at {
		ev.known = append(ev.known, nil)
	}
	ev.known[at] = p // first: sections may refer to each other
	p.err = ev.initialize(p)
	return p, p.err
}

func (ev *evaluation) initialize(p *Part) error {
	expanded, err := ev.expand(p.name)
	if err != nil {
		return err
	}
	p.raw = expanded
	if ev.shared && p.hasRecipe() {
		return ev.run.tooLate(p)
	}
	var few [16]int
	for _, i := range p.raw.referring(few[:0]) {
		if _, err := p.evaluateAt(i, ev.newChain()); err != nil {
			return err
		}
	}
	if p.name == "buildout" {
		ev.config.finishDirectories(p)
		return nil
	}
	if p.raw.find(profile.PartDependencies) >= 0 {
		p.use(profile.PartDependencies)
		deps, _, err := p.evaluate(profile.PartDependencies, ev.newChain())
		if err != nil {
			return err
		}
		for _, dep := range strings.Fields(deps) {
			if _, err := p.depend(dep, valueOwner{p, profile.PartDependencies, dep}, ""); err != nil {
				return err
			}
		}
	}
	if ev.run != nil {
		return ev.run.construct(p)
	}
	return nil
}

func (ev *evaluation) newPart(name string) *Part {
	if len(ev.block) == 0 {
		ev.block = make([]Part, min(64, len(ev.config.sections)+1))
	}
	p := &ev.block[0]
	ev.block = ev.block[1:]
	p.name, p.eval = name, ev
	if ev.run != nil {
		p.construction = &construction{}
	}
	return p
}

func (ev *evaluation) newValues(n int) []value {
	if len(ev.room) < n {
		ev.room = make([]value, max(n, 256))
	}
	values := ev.room[:n:n]
	ev.room = ev.room[n:]
	return values
}

// valueOwner is the option on whose behalf something is looked up.
type valueOwner struct {
	part   *Part
	option string
	text   string // by which the option asks for it
}

func (ev *evaluation) fail(by valueOwner, e *Error) error {
	if by.part != nil && e.Section == "" {
		e.Section, e.Option, e.fault.text = by.part.name, by.option, by.text
		e.Pos = by.part.posOf(by.option)
	}
	return ev.while.fail(ev.config, e)
}

// referring adds to found the options whose values have references, sorted by
// name.
func (s *Section) referring(found []int) []int {
	for i := range s.size() {
		if s.refersAt(i) && s.keyAt(i) != "<" {
			found = append(found, i)
		}
	}
	if len(found) > 1 {
		slices.SortFunc(found, func(a, b int) int { return strings.Compare(s.keyAt(a), s.keyAt(b)) })
	}
	return found
}

// use notes that an option was read.
func (p *Part) use(option string) {
	if p.eval.run == nil {
		return // nobody will ask
	}
	if p.used == nil {
		p.used = map[string]bool{}
	}
	p.used[option] = true
}

// evaluate gives an option's value, with references replaced, as it is stored.
func (p *Part) evaluate(option string, waiting chain) (value string, ok bool, err error) {
	if v, ok := p.set[option]; ok {
		return v, true, nil
	}
	if p.raw == nil { // its macros are being expanded
		return "", false, nil
	}
	if option == "<" && p.name != "buildout" {
		return "", false, nil
	}
	i := p.raw.find(option)
	if i < 0 {
		return "", false, nil
	}
	value, err = p.evaluateAt(i, waiting)
	return value, err == nil, err
}

// evaluateAt is evaluate for an option of the profile.
func (p *Part) evaluateAt(i int, waiting chain) (string, error) {
	ev, v := p.eval, p.raw.valueAt(i)
	if p.values != nil && p.values[i].done {
		v = p.values[i].text
		if ev.run == nil {
			return v, nil // what is left in it is for recipes to answer
		}
	}
	if !hasReference(v) {
		return v, nil
	}
	option := p.raw.keyAt(i)
	ev.while.push("Getting option %s:%s.", p.name, option)
	defer ev.while.pop()
	if p.values == nil {
		p.values = ev.newValues(p.raw.size())
	}
	owner, outer := valueOwner{p, option, ""}, p.values[i].waiting
	if outer == waiting {
		return "", ev.while.fail(ev.config, ev.loop(p, option))
	}
	if len(ev.while.stack) > ev.config.limits.References {
		return "", ev.fail(owner, &Error{Code: CodeLimit, Message: "Options refer to each other too deeply."})
	}
	p.values[i].waiting = waiting
	text := v
	v, at, err := valueSyntax.substitute(&ev.scratch, text, ev.config.limits.ValueBytes, func(ref valueReference) (string, error) {
		return p.reference(owner, ref, waiting)
	})
	p.values[i].waiting = outer
	if err != nil {
		if e, ok := err.(*Error); ok && e.While == nil {
			err = ev.fail(valueOwner{p, option, referenceAt(text, at)}, e)
		}
		return "", err
	}
	p.values[i].text, p.values[i].done = v, true
	return v, nil
}

// loop is the error of an option that refers to itself, with the references from
// its first occurrence on.
func (ev *evaluation) loop(p *Part, option string) *Error {
	last := step{"Getting option %s:%s.", p.name, option}
	var options []step
	for _, s := range ev.while.stack[max(0, slices.Index(ev.while.stack, last)):] {
		if s.format == last.format {
			options = append(options, s)
		}
	}
	hops := make([]string, len(options))
	for i, o := range options {
		hops[i] = "${" + o.a + ":" + o.b + "}"
	}
	e := &Error{Code: CodeReferenceLoop, Section: p.name, Option: option, Pos: p.Pos(option), Message: "Circular reference in substitutions.\n"}
	if len(options) > 1 {
		e.fault = options[1].referredFrom(p.name)
	}
	var places []string
	if n := len(options); n <= maxSteps {
		for i := 1; i < n-1; i++ {
			o, next := options[i], options[i+1]
			place := &Error{Section: o.a, Option: o.b, fault: next.referredFrom(o.a)}
			ev.config.locateOption(place)
			places = append(places, o.a+":"+o.b+" refers to "+hops[i+1]+atPlace(place.Pos))
		}
	} else {
		hops = append(append(hops[:maxSteps/2:maxSteps/2], "..."), hops[n-maxSteps/2:]...)
	}
	e.Detail = append([]string{"the loop is " + strings.Join(hops, " -> ")}, shortened(places)...)
	return e
}

// referredFrom is the reference to the option of a step as it is written in a
// section.
func (s step) referredFrom(section string) fault {
	f := fault{text: "${" + s.a + ":" + s.b + "}"}
	if s.a == section {
		f.or = "${:" + s.b + "}"
	}
	return f
}

// reference answers one reference in the value of an option.
func (p *Part) reference(owner valueOwner, ref valueReference, waiting chain) (string, error) {
	owner.text = ref.text
	target, err := p.depend(ref.section, owner, ref.option)
	if err != nil {
		return "", err
	}
	target.use(ref.option)
	v, ok, err := target.evaluate(ref.option, waiting)
	switch {
	case err != nil:
		return "", err
	case ok:
		return v, nil
	case ref.option == sectionName:
		return p.name, nil
	case p.eval.run == nil && target.hasRecipe():
		if ref.section != "" {
			return ref.text, nil
		}
		return "${" + target.name + ":" + ref.option + "}", nil
	case target.hasRecipe() && target.recipe == nil:
		if v, ok := p.eval.run.fallback(target, ref.option, waiting); ok {
			return v, nil
		}
	}
	return "", p.eval.fail(owner, &Error{Code: CodeUnknownOption,
		Message: "Referenced option does not exist: " + target.name + " " + ref.option,
		Hint:    didYouMean(ref.option, target.optionNames())})
}

// depend looks up a section, "" being this one, on behalf of an option of p ("": of
// the recipe) and remembers that the part depends on an option of it ("": on any).
func (p *Part) depend(name string, by valueOwner, target string) (*Part, error) {
	section := p
	if name != "" && name != p.name {
		var err error
		if section, err = p.eval.section(name, by); err != nil {
			return nil, err
		}
	}
	if p.eval.run != nil {
		p.deps.add(dependency{by.option, section.name, target})
	}
	return section, nil
}

// hasRecipe reports whether the section names a recipe, which may set options.
func (p *Part) hasRecipe() bool {
	if p.raw == nil {
		return false
	}
	i := p.raw.find("recipe")
	return i >= 0 && p.raw.valueAt(i) != ""
}
