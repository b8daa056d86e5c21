package buildout

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
	"github.com/go-buildout/go-buildout/internal/python"
)

// Action is what a plan does with a part.
type Action string

// The actions.
const (
	ActionInstall   Action = "install"   // it is not installed
	ActionReinstall Action = "reinstall" // it is uninstalled first: something changed
	ActionUpdate    Action = "update"    // it is installed and nothing changed
	ActionUninstall Action = "uninstall" // the profile does not list it any more
)

// Plan is what a run would do and why. It is made by [Buildout.Plan] and carried
// out by [Buildout.Apply].
type Plan struct {
	// Uninstall are the parts that go, in order.
	Uninstall []Step `json:"uninstall,omitempty"`
	// Steps are the parts that stay or come, in the order of their installation.
	Steps []Step `json:"steps"`

	named bool // parts were named: others are not touched
	state *state
}

// Step is what a plan does with one part.
type Step struct {
	Part    string   `json:"part"`
	Action  Action   `json:"action"`
	Reasons []Reason `json:"reasons,omitempty"`
}

// Reason says why a part is installed, reinstalled or uninstalled.
type Reason struct {
	Text   string      `json:"text"`
	Option string      `json:"option,omitempty"`
	Pos    profile.Pos `json:"pos,omitzero"`
}

func (r Reason) String() string {
	if r.Pos.IsValid() {
		return fmt.Sprintf("%s (%s)", r.Text, r.Pos)
	}
	return r.Text
}

// String shows the plan, a line for each part and the reasons below it.
func (p *Plan) String() string {
	var b strings.Builder
	for _, steps := range [][]Step{p.Uninstall, p.Steps} {
		for _, s := range steps {
			fmt.Fprintf(&b, "%s %s\n", s.Action, s.Part)
			for _, r := range s.Reasons {
				fmt.Fprintf(&b, "    %s\n", r)
			}
		}
	}
	return b.String()
}

// Plan works out what a run does: it constructs the recipes of the parts that
// the profile lists, or of those named, and of all that they refer to, and
// compares them with what is installed. It writes nothing.
func (b *Buildout) Plan(ctx context.Context, parts ...string) (*Plan, error) {
	b.ctx = ctx
	defer b.eval.while.enter("Installing.", "", "")()
	if err := b.checkExtensions(); err != nil {
		return nil, err
	}
	st, err := b.readState()
	if err != nil {
		return nil, err
	}
	plan := &Plan{named: len(parts) > 0, state: st}
	names := parts
	if !plan.named {
		if names, err = b.wanted(); err != nil {
			return nil, err
		}
	}
	install, err := b.toInstall(names, plan.named)
	if err != nil {
		return nil, err
	}
	for _, p := range install {
		if p.signature, err = b.signature(p); err != nil {
			return nil, err
		}
		if p.saved, err = p.snapshot(); err != nil {
			return nil, err
		}
	}
	plan.decide(b, install)
	return plan, nil
}

// decide compares what is installed, the last first, with what is to be: a part
// whose path goes with another part is installed again.
func (plan *Plan) decide(b *Buildout, install []*Part) {
	byName := map[string]*Part{}
	for _, p := range install {
		byName[p.name] = p
	}
	steps := map[string]Step{}
	removed := map[string]bool{}
	for _, name := range slices.Backward(plan.state.names()) {
		old := plan.state.records[name]
		s := Step{Part: name, Action: ActionUpdate}
		switch p := byName[name]; {
		case p != nil:
			if s.Reasons = b.differences(p, old, removed, plan.state.left); len(s.Reasons) > 0 {
				s.Action = ActionReinstall
			}
			if b.config.dialect.QuietReinstall {
				p.useAll() // the original reads every option to compare it
			}
		case plan.named:
			continue
		default:
			s.Action, s.Reasons = ActionUninstall, []Reason{{Text: "it is not among the parts any more"}}
			plan.Uninstall = append(plan.Uninstall, s)
		}
		if s.Action != ActionUpdate {
			for _, path := range old.Paths {
				removed[filepath.Clean(b.config.join(path))] = true
			}
		}
		steps[name] = s
	}
	for _, p := range install {
		s, ok := steps[p.name]
		if !ok {
			s = Step{Part: p.name, Action: ActionInstall}
		}
		plan.Steps = append(plan.Steps, s)
	}
}

func (b *Buildout) readState() (*state, error) {
	path, _, err := b.section().Lookup("installed")
	if err != nil {
		return nil, err
	}
	st, err := readState(path, b.config.dialect.AppendState)
	if err == nil {
		st.left, err = b.leftover(path)
	}
	if err == nil && (st.left == nil || st.left.foreign) {
		err = st.compareBackup(b.config.join) // else the journal vouches for it
	}
	if err != nil {
		return nil, b.eval.while.fail(b.config, err.(*Error))
	}
	return st, nil
}

// toInstall initialises the named parts and gives the list to install: the named
// ones, or, when the profile names them, every part that was constructed, what is
// referred to before what refers to it.
func (b *Buildout) toInstall(names []string, named bool) ([]*Part, error) {
	var parts []*Part
	for _, name := range names {
		p, err := b.eval.section(name, valueOwner{b.section(), "parts"})
		if err != nil {
			return nil, err
		}
		recipe, ok, err := p.Lookup("recipe")
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, p.missing("recipe")
		}
		if recipe != "" && !slices.Contains(parts, p) {
			parts = append(parts, p)
		}
	}
	if named {
		return parts, nil
	}
	return slices.Clone(b.live), nil
}

// differences says why a part that is installed must be installed again. removed
// are the paths of parts that are uninstalled before it is looked at.
func (b *Buildout) differences(p *Part, old *Installed, removed map[string]bool, left *leftover) []Reason {
	var reasons []Reason
	was, is := old.Options, p.saved
	for _, k := range slices.Sorted(maps.Keys(was)) {
		now, ok := is[k]
		switch {
		case !ok:
			reasons = append(reasons, Reason{Text: fmt.Sprintf("option %s is gone, it was %q", k, was[k]), Option: k})
			b.logger.Debug(fmt.Sprintf("Part %s, dropped option %s.", p.name, k))
		case now != was[k]:
			reasons = append(reasons, Reason{Text: fmt.Sprintf("option %s changed from %q to %q", k, was[k], now), Option: k, Pos: p.Pos(k)})
			b.logger.Debug(fmt.Sprintf("Part %s, option %s changed:\n%s != %s", p.name, k, quotePython(now), quotePython(was[k])))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(is)) {
		if _, ok := was[k]; !ok {
			reasons = append(reasons, Reason{Text: fmt.Sprintf("option %s is new: %q", k, is[k]), Option: k, Pos: p.Pos(k)})
			b.logger.Debug(fmt.Sprintf("Part %s, new option %s.", p.name, k))
		}
	}
	if old.Signature != p.signature {
		if check, ok, _ := b.section().Lookup("check-signature"); ok && check == "false" {
			b.logger.Info(fmt.Sprintf("[%s]: %s is different but ignored.", p.name, optionSignature))
		} else if strings.HasSuffix(old.Signature, staleMark) {
			reasons = append(reasons, Reason{Text: "it could not be updated"})
		} else {
			reasons = append(reasons, signatureReasons(old.Signature, p.signature)...)
		}
	}
	if len(reasons) > 0 {
		return reasons
	}
	for _, path := range old.Paths {
		if path == "" {
			continue
		}
		abs := b.config.join(path)
		if !left.exists(abs) {
			reasons = append(reasons, Reason{Text: "the installed path " + path + " is missing"})
		} else if within(removed, filepath.Clean(abs)) {
			reasons = append(reasons, Reason{Text: "the installed path " + path + " goes with another part"})
		}
	}
	return reasons
}

// signatureReasons says which of the things that a signature stands for changed.
func signatureReasons(was, is string) []Reason {
	before, after := strings.Fields(was), strings.Fields(is)
	var reasons []Reason
	say := func(word, format string) {
		what := "recipe " + word
		if section, _, ok := strings.Cut(word, ":"); ok {
			what = "section " + section
		}
		r := Reason{Text: fmt.Sprintf(format, what)}
		if !slices.Contains(reasons, r) {
			reasons = append(reasons, r)
		}
	}
	key := func(word string) string { k, _, _ := strings.Cut(word, ":"); return k }
	for _, w := range after {
		if slices.Contains(before, w) {
			continue
		}
		if slices.ContainsFunc(before, func(o string) bool { return strings.Contains(w, ":") && key(o) == key(w) }) {
			say(w, "%s, which it depends on, changed")
		} else {
			say(w, "%s is new to it")
		}
	}
	for _, w := range before {
		if !slices.ContainsFunc(after, func(o string) bool { return o == w || strings.Contains(w, ":") && key(o) == key(w) }) {
			say(w, "it no longer depends on %s")
		}
	}
	return reasons
}

// checkExtensions refuses the extensions that Buildout has taken in. Others are
// Python code, which this library has no use for.
func (b *Buildout) checkExtensions() error {
	v, ok, err := b.section().Lookup("extensions")
	if err != nil || !ok {
		return err
	}
	for _, name := range strings.Fields(v) {
		if name == "buildout-versions" || name == "buildout.dumppickedversions" {
			defer b.eval.while.enter("Loading extensions.", "", "")()
			return b.section().Errorf("extensions", "Buildout now includes 'buildout-versions' (and part of the older 'buildout.dumppickedversions').\nRemove the extension from your configuration and look at the 'show-picked-versions' option in buildout's documentation.")
		}
		b.logger.Debug("Extension " + name + " is Python code and is not loaded.")
	}
	return nil
}

// quotePython shows a value as Python's repr does.
func quotePython(s string) string {
	repr, err := python.Repr(python.String(s))
	if err != nil {
		return strconv.Quote(s)
	}
	return repr
}
