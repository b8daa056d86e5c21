package buildout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Recipe installs a part. It is made by a [Constructor] and may do more by
// implementing [Updater] and [Signer].
type Recipe interface {
	// Install makes what the part is for. What it makes through tx belongs to the
	// part: it is recorded when Install returns nil and undone when it does not.
	Install(ctx context.Context, tx *Tx) error
}

// Updater is a recipe that does something else than Install when the part is
// installed already and nothing it depends on has changed. Paths that it adds
// to tx are added to those of the part. Without it Install runs again.
type Updater interface {
	Update(ctx context.Context, tx *Tx) error
}

// ErrReinstall, in what Update returns, says that the part can't be updated but
// has to be installed anew. The next run does that, and puts the new part in the
// place of the old, which stays until then.
var ErrReinstall = errors.New("the part has to be installed anew")

// Constructor makes the recipe of a part: it reads the options, checks them, and
// sets those that other parts can refer to. It runs when the part is first
// referred to, and writes nothing below the buildout directory.
type Constructor func(ctx context.Context, part *Part) (Recipe, error)

// Entry is a recipe in a [Registry].
type Entry struct {
	New Constructor
	// Version is part of every part's signature: changing it reinstalls them.
	Version string
	// Uninstall, if not nil, runs before the paths of a part are removed.
	Uninstall func(ctx context.Context, old *Installed) error
	// Fallback, if not nil, answers a reference to an option that a part of this
	// recipe has not, before its recipe is constructed.
	Fallback func(part *Part, option string) (value string, ok bool)

	name string // "distribution:entry"
}

// Registry holds recipes by the names that profiles use. The zero value is
// empty. It is safe for concurrent use once it is filled.
type Registry struct {
	entries map[string]*Entry
}

// Register adds a recipe as "distribution:entry"; a name without a colon is the
// entry "default". Registering a name again replaces the recipe.
func (r *Registry) Register(name string, e Entry) {
	if r.entries == nil {
		r.entries = map[string]*Entry{}
	}
	dist, entry := splitRecipe(name)
	e.name = dist + ":" + entry
	r.entries[e.name] = &e
}

// Names lists the registered names, sorted, "distribution" standing for
// "distribution:default".
func (r *Registry) Names() []string {
	names := make([]string, 0, len(r.entries))
	for name := range r.entries {
		names = append(names, strings.TrimSuffix(name, ":default"))
	}
	slices.Sort(names)
	return names
}

// splitRecipe splits the value of a recipe option: a distribution, perhaps with
// a version requirement, and an entry.
func splitRecipe(name string) (dist, entry string) {
	dist, entry, ok := strings.Cut(name, ":")
	if !ok {
		entry = "default"
	}
	if i := strings.IndexAny(dist, "<>=!~[ "); i >= 0 {
		dist = strings.TrimSpace(dist[:i])
	}
	return dist, entry
}

// lookup finds the recipe that a recipe option names.
func (r *Registry) lookup(name string) (*Entry, *Error) {
	if strings.Count(name, ":") > 1 {
		return nil, &Error{Code: CodeUnknownRecipe, Message: "The recipe '" + name + "' has too many colons.",
			Detail: []string{"expected distribution or distribution:entry"}}
	}
	if r == nil {
		r = &Registry{}
	}
	dist, entry := splitRecipe(name)
	if e := r.entries[dist+":"+entry]; e != nil {
		return e, nil
	}
	var others []string
	for _, known := range r.Names() {
		if d, _ := splitRecipe(known); d == dist {
			others = append(others, known)
		}
	}
	e := &Error{Code: CodeUnknownRecipe, Hint: didYouMean(strings.TrimSuffix(dist+":"+entry, ":default"), r.Names())}
	if len(others) > 0 {
		e.Message = fmt.Sprintf("Entry point ('zc.buildout', '%s') not found: nobody registered the recipe '%s'.", entry, name)
		e.Detail = []string{"of " + dist + " there are " + strings.Join(others, ", ")}
	} else {
		e.Message = fmt.Sprintf("We don't have a distribution for %s: nobody registered the recipe '%s'.", dist, name)
	}
	return nil, e
}
