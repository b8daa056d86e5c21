package buildout

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Reason says why a part is reinstalled or uninstalled.
type Reason struct {
	Kind ReasonKind `json:"kind"`
	// Option is the option that changed.
	Option string `json:"option,omitempty"`
	// Was and Now are its values, or the versions of the recipe; "" also where
	// there is none. Both are empty if the value is Secret.
	Was    string `json:"was,omitempty"`
	Now    string `json:"now,omitempty"`
	Secret bool   `json:"secret,omitempty"`
	// Origin is the option, as "section:option", whose change changed Option, if it
	// is another one that Option refers to.
	Origin string `json:"origin,omitempty"`
	// Section is the section or part that the part depends on, or the part that a
	// path goes with.
	Section string `json:"section,omitempty"`
	// Changes are what changed in Section, if it is no part, as far as the record of
	// what is installed proves it.
	Changes []Reason `json:"changes,omitempty"`
	// Path is the installed path that is missing or goes, as it is recorded.
	Path string `json:"path,omitempty"`
	// Pos is the line that made the value what it is now; of an option that the
	// recipe set, where the section begins.
	Pos profile.Pos `json:"pos,omitzero"`
	// CommandLine says that no line but an assignment made the value.
	CommandLine bool `json:"commandLine,omitempty"`
}

// ReasonKind is a kind of [Reason]; it does not change between releases.
type ReasonKind string

// The kinds of reasons.
const (
	ReasonNotListed         ReasonKind = "not-listed"         // neither [buildout] parts nor a part asks for it
	ReasonOptionChanged     ReasonKind = "option-changed"     // an option has another value
	ReasonOptionNew         ReasonKind = "option-new"         // it had no such option
	ReasonOptionGone        ReasonKind = "option-gone"        // it has no such option any more
	ReasonRecipeChanged     ReasonKind = "recipe-changed"     // the recipe has another version
	ReasonInputsChanged     ReasonKind = "inputs-changed"     // what the recipe signs: see [Signer]
	ReasonDependencyChanged ReasonKind = "dependency-changed" // the section has other options, or the part another signature
	ReasonDependencyNew     ReasonKind = "dependency-new"     // it did not depend on the section
	ReasonDependencyGone    ReasonKind = "dependency-gone"    // it does not depend on the section any more
	ReasonNotUpdated        ReasonKind = "not-updated"        // its recipe could not update it: see [ErrReinstall]
	ReasonPathMissing       ReasonKind = "path-missing"       // something removed what it installed
	ReasonPathGoes          ReasonKind = "path-goes"          // another part that is uninstalled installed it too
)

// String words the reason in one line.
func (r Reason) String() string {
	text := r.text()
	if r.Origin != "" {
		text += ", by ${" + r.Origin + "}"
	}
	if r.CommandLine {
		return text + " (command line)"
	}
	return text + inParentheses(r.Pos)
}

func (r Reason) text() string {
	switch r.Kind {
	case ReasonNotListed:
		return "it is not among the parts any more"
	case ReasonOptionChanged:
		if r.Secret {
			return "option " + r.Option + " changed"
		}
		return fmt.Sprintf("option %s changed from %s to %s", r.Option, quoteValue(r.Was), quoteValue(r.Now))
	case ReasonOptionNew:
		if r.Secret {
			return "option " + r.Option + " is new"
		}
		return fmt.Sprintf("option %s is new: %s", r.Option, quoteValue(r.Now))
	case ReasonOptionGone:
		if r.Secret {
			return "option " + r.Option + " is gone"
		}
		return fmt.Sprintf("option %s is gone, it was %s", r.Option, quoteValue(r.Was))
	case ReasonRecipeChanged:
		return fmt.Sprintf("the recipe changed from %s to %s", r.Was, r.Now)
	case ReasonInputsChanged:
		return "what its recipe makes it from changed"
	case ReasonDependencyChanged:
		return r.Section + ", which it depends on, changed"
	case ReasonDependencyNew:
		return "it depends on " + r.Section + " now"
	case ReasonDependencyGone:
		return "it no longer depends on " + r.Section
	case ReasonNotUpdated:
		return "it could not be updated"
	case ReasonPathMissing:
		return "the installed path " + r.Path + " is missing"
	case ReasonPathGoes:
		return "the installed path " + r.Path + " goes with " + r.Section
	}
	return string(r.Kind)
}

// MarshalJSON gives the fields and, as "text", the words of [Reason.String].
func (r Reason) MarshalJSON() ([]byte, error) {
	type fields Reason
	return json.Marshal(struct {
		fields
		Text string `json:"text"`
	}{fields(r), r.String()})
}

// at notes what made the value of an option.
func (r *Reason) at(p *Part, option string) {
	if o := p.raw.Option(option); o != nil && o.source == commandLineSource {
		r.CommandLine = true
	} else {
		r.Pos = p.Pos(option)
	}
}

// quoteValue shows a value, cut where nobody would read on.
func quoteValue(v string) string {
	const most = 200
	if len(v) > most {
		return fmt.Sprintf("%q...", strings.ToValidUTF8(v[:most], ""))
	}
	return fmt.Sprintf("%q", v)
}

// comparison compares parts with what is installed of them.
type comparison struct {
	run   *Buildout
	state *state
	// removed are the paths of parts that are uninstalled before the part that is
	// looked at, with the name of the part.
	removed        map[string]string
	checkSignature bool
	guessed        map[[2]string][]Reason // by section and sum
	usersOf        map[string][]*Part
}

// remove notes that the paths of a part go.
func (c *comparison) remove(old *Installed) {
	for _, path := range old.Paths {
		if path != "" {
			c.removed[filepath.Clean(c.run.config.join(path))] = old.Name
		}
	}
}

// reasons says why a part that is installed must be installed again.
func (c *comparison) reasons(p *Part, old *Installed) []Reason {
	reasons := optionReasons(p, old.Options, p.saved)
	if old.Signature != p.signature {
		if strings.HasSuffix(old.Signature, staleMark) && c.checkSignature {
			reasons = append(reasons, Reason{Kind: ReasonNotUpdated})
		} else if c.checkSignature {
			reasons = append(reasons, c.signatureReasons(old.Signature, p.signature)...)
		} else {
			c.run.logger.Info(fmt.Sprintf("[%s]: %s is different but ignored.", p.name, optionSignature))
		}
	}
	if len(reasons) > 0 {
		return reasons
	}
	for _, path := range old.Paths {
		if path == "" {
			continue
		}
		abs := c.run.config.join(path)
		if !c.state.left.exists(abs) {
			reasons = append(reasons, Reason{Kind: ReasonPathMissing, Path: path})
		} else if owner := nearest(c.removed, filepath.Clean(abs)); owner != "" {
			reasons = append(reasons, Reason{Kind: ReasonPathGoes, Path: path, Section: owner})
		}
	}
	return reasons
}

// optionReasons says which options differ: those that were there, then the new
// ones.
func optionReasons(p *Part, was, is map[string]string) []Reason {
	var reasons, added []Reason
	for _, k := range slices.Sorted(maps.Keys(was)) {
		now, ok := is[k]
		r := Reason{Kind: ReasonOptionChanged, Option: k, Was: was[k], Now: now}
		switch {
		case !ok:
			r.Kind = ReasonOptionGone
		case now == was[k]:
			continue
		default:
			section, option := p.origin(k, was[k])
			r.at(section, option)
			if section != p || option != k {
				r.Origin = section.name + ":" + option
			}
		}
		reasons = append(reasons, r)
	}
	for _, k := range slices.Sorted(maps.Keys(is)) {
		if _, ok := was[k]; !ok {
			r := Reason{Kind: ReasonOptionNew, Option: k, Now: is[k]}
			r.at(p, k)
			added = append(added, r)
		}
	}
	reasons = append(reasons, added...)
	for i, r := range reasons {
		if p.secret(r.Option, r.Was, r.Now) {
			reasons[i].Secret, reasons[i].Was, reasons[i].Now = true, "", ""
		}
	}
	return reasons
}

// signatureReasons says which of the things that a signature stands for changed.
func (c *comparison) signatureReasons(was, is string) []Reason {
	before, beforeRecipe := signatureWords(was)
	after, afterRecipe := signatureWords(is)
	var reasons []Reason
	if !slices.Equal(beforeRecipe, afterRecipe) {
		reasons = append(reasons, Reason{Kind: ReasonRecipeChanged, Was: strings.Join(beforeRecipe, " "), Now: strings.Join(afterRecipe, " ")})
	}
	if before[""] != after[""] {
		reasons = append(reasons, Reason{Kind: ReasonInputsChanged})
	}
	for _, section := range slices.Sorted(maps.Keys(after)) {
		sum, known := before[section]
		switch {
		case section == "" || known && sum == after[section]:
		case known:
			r := Reason{Kind: ReasonDependencyChanged, Section: section}
			if p := c.run.eval.part(section); p.recipe == nil {
				r.Changes = c.sectionChanges(p, sum)
			}
			reasons = append(reasons, r)
		default:
			reasons = append(reasons, Reason{Kind: ReasonDependencyNew, Section: section})
		}
	}
	for _, section := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[section]; !ok && section != "" {
			reasons = append(reasons, Reason{Kind: ReasonDependencyGone, Section: section})
		}
	}
	if len(reasons) == 0 { // the same words in another order
		reasons = append(reasons, Reason{Kind: ReasonRecipeChanged, Was: was, Now: is})
	}
	return reasons
}

// signatureWords takes a signature apart: what it has of sections, by name, and
// of recipes.
func signatureWords(signature string) (sections map[string]string, recipes []string) {
	sections = map[string]string{}
	for _, word := range strings.Fields(signature) {
		if section, sum, ok := strings.Cut(word, ":"); ok {
			sections[section] = sum
		} else {
			recipes = append(recipes, word)
		}
	}
	return sections, recipes
}

// levelDetail is below slog.LevelDebug.
const levelDetail = slog.LevelDebug - 4

// sayChanges logs which options of a part differ from the installed ones, in the
// originals' words.
func (b *Buildout) sayChanges(ctx context.Context, p *Part, old *Installed) {
	for _, text := range p.changes(old) {
		b.logger.Log(ctx, levelDetail, text, "part", p.name)
	}
}

func (p *Part) changes(old *Installed) []string {
	defer p.eval.hold()()
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	was, is := maps.Clone(old.Options), maps.Clone(p.saved)
	was[optionSignature], is[optionSignature] = old.Signature, p.signature
	for _, k := range slices.Sorted(maps.Keys(was)) {
		switch now, ok := is[k]; {
		case !ok:
			say("Part %s, dropped option %s.", p.name, k)
		case now != was[k] && p.secret(k, was[k], now):
			say("Part %s, option %s changed.", p.name, k)
		case now != was[k]:
			say("Part %s, option %s changed:\n%s != %s", p.name, k, quotePython(now), quotePython(was[k]))
		}
	}
	for _, k := range p.optionNames() {
		_, isSaved := is[k]
		if _, had := was[k]; isSaved && !had {
			say("Part %s, new option %s.", p.name, k)
		}
	}
	return said
}
