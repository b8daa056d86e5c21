package buildout

import (
	"context"
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
// out by [Buildout.Apply]. Secrets are not in it: see [Reason].
type Plan struct {
	// Uninstall are the parts that go, in order.
	Uninstall []Step `json:"uninstall"`
	// Steps are the parts that stay or come, in the order of their installation.
	Steps []Step `json:"steps"`
	// Kept are the installed parts that are left alone because others were named.
	Kept []string `json:"kept"`

	named bool // parts were named: others are not touched
	state *state
}

// Step is what a plan does with one part.
type Step struct {
	Part   string `json:"part"`
	Action Action `json:"action"`
	// Recipe is the option of that name; of a part that goes, the recorded one.
	Recipe string `json:"recipe"`
	// Pos is where the section begins; no file for a part that is not in the
	// profile any more.
	Pos profile.Pos `json:"pos,omitzero"`
	// Reasons are why an installed part does not stay as it is.
	Reasons []Reason `json:"reasons,omitempty"`
	// Removes are the paths that the part installed and that go, as recorded.
	Removes []string `json:"removes,omitempty"`
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
	plan := &Plan{Uninstall: []Step{}, Steps: []Step{}, Kept: []string{}, named: len(parts) > 0, state: st}
	names, err := b.wanted()
	if err != nil {
		return nil, err
	}
	if plan.named {
		names = parts
	}
	install, err := b.toInstall(names, plan.named)
	if err != nil {
		return nil, err
	}
	if err := b.sign(st, install); err != nil {
		return nil, err
	}
	plan.decide(b, install)
	return plan, nil
}

// decide compares what is installed, the last first, with what is to be: a part
// whose path goes with another part is installed again.
func (plan *Plan) decide(b *Buildout, install []*Part) {
	byName := make(map[string]*Part, len(install))
	for _, p := range install {
		byName[p.name] = p
	}
	check, _, _ := b.section().Lookup("check-signature")
	c := &comparison{run: b, state: plan.state, removed: map[string]string{}, checkSignature: check != "false", guessed: map[[2]string][]Reason{}}
	steps := map[string]Step{}
	for _, name := range slices.Backward(plan.state.names()) {
		old := plan.state.records[name]
		s := Step{Part: name, Action: ActionUpdate, Recipe: old.Options["recipe"]}
		switch p := byName[name]; {
		case p != nil:
			if s.Reasons = c.reasons(p, old); len(s.Reasons) > 0 {
				s.Action = ActionReinstall
			}
			if b.config.dialect.QuietReinstall {
				p.useAll() // the original reads every option to compare it
			}
		case plan.named:
			plan.Kept = append(plan.Kept, name)
			continue
		default:
			s.Action = ActionUninstall
			s.Reasons = []Reason{{Kind: ReasonNotListed, Pos: b.section().Pos("parts")}}
			if section := b.config.Section(name); section != nil {
				s.Pos = section.Pos
			}
		}
		if s.Action != ActionUpdate {
			c.remove(old)
			s.Removes = slices.DeleteFunc(slices.Clone(old.Paths), func(path string) bool { return path == "" })
		}
		if s.Action == ActionUninstall {
			plan.Uninstall = append(plan.Uninstall, s)
		}
		steps[name] = s
	}
	slices.Reverse(plan.Kept)
	for _, p := range install {
		s, ok := steps[p.name]
		if !ok {
			s = Step{Part: p.name, Action: ActionInstall}
		}
		s.Recipe, s.Pos = p.saved["recipe"], p.declared()
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
	listed := map[*Part]bool{}
	for _, name := range names {
		var by valueOwner
		if !named {
			by = valueOwner{b.section(), "parts", name}
		}
		p, err := b.eval.section(name, by)
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
		if recipe != "" && !listed[p] {
			listed[p] = true
			parts = append(parts, p)
		}
	}
	if named {
		return parts, nil
	}
	return slices.Clone(b.live), nil
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
