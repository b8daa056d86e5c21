package buildout

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// Options say how a profile is carried out. The zero value fetches nothing, is
// silent and gives commands a minimal environment.
type Options struct {
	// Fetcher brings files for parts. nil: a part that needs one fails.
	Fetcher Fetcher
	// Logger gets the progress. Records about a part have an attribute "part"; what
	// a recipe says itself also has "logger", the part's name. With several Workers
	// those of several parts mix. nil: silence.
	Logger *slog.Logger
	// Output gets what commands print, with several Workers in whole lines, a line of
	// more than 16 KiB in pieces. nil: only their failures show it.
	Output io.Writer
	// LogDirectory is a folder for logs, of this buildout alone: what the commands
	// of a part print goes into the file of its name there, PART.log. The log of a
	// part that fails stays until the part succeeds. A relative path begins at the
	// buildout directory; a folder in it is made, and removed when it is empty. "":
	// no logs.
	LogDirectory string
	// KeepLogs keeps the logs of parts that succeed as well.
	KeepLogs bool
	// LogBytes bounds each log; what is more is left out in the middle of it. 0: 16
	// MiB. The least is 4 KiB.
	LogBytes int64
	// Observer is told what happens, one event at a time, by the goroutine that it
	// happens in: the run goes on when it returns. It must not call the Buildout.
	Observer func(Event)
	// Environ is the environment of commands, as os.Environ gives it. nil: only a
	// PATH of the usual directories.
	Environ []string
	// Workers is how many parts are installed side by side at most; 0 is 1. A part
	// waits for those that it refers to, and for those in whose place it is. What is
	// installed, recorded and logged for each part is the same with any number.
	Workers int
	// CancelOnFailure: when a part fails, those that are at work beside it are
	// cancelled and undone; otherwise they are finished and recorded.
	CancelOnFailure bool
	// OnFailure says what becomes of an installed part whose reinstallation or
	// update fails.
	OnFailure OnFailure
	// NoWait: a run fails at once if another is at work in the directory.
	NoWait bool
	// Command is what others are told when they find this run at work.
	Command string

	fault func(op, path string) error // see disk
}

// Buildout is a profile that is being carried out: its sections are evaluated
// and its recipes constructed as they are needed. It is for one goroutine.
type Buildout struct {
	ctx      context.Context // of the call under way: evaluation happens on access
	config   *Config
	registry *Registry
	fetcher  Fetcher
	logger   *slog.Logger
	output   io.Writer
	environ  []string
	disk     *disk
	eval     *evaluation
	live     []*Part // with a recipe, in the order in which they were constructed

	workers         int
	cancelOnFailure bool
	onFailure       OnFailure
	noWait          bool
	command         string
	logs            *commandLogs
	observer        func(Event)
	telling         sync.Mutex // while the observer, or the output, gets something
	lock            *os.File
	locks           int // how often Lock was called and not released
}

// New evaluates [buildout], whose values may refer to parts, with the recipes of
// a registry.
func New(ctx context.Context, c *Config, recipes *Registry, o Options) (*Buildout, error) {
	c = c.clone() // recipes may add sections
	b := &Buildout{
		ctx: ctx, config: c, registry: recipes,
		fetcher: o.Fetcher, logger: o.Logger, output: o.Output, environ: o.Environ, observer: o.Observer,
		disk: &disk{fault: o.fault}, logs: newCommandLogs(c, o),
		workers: max(1, o.Workers), onFailure: o.OnFailure, cancelOnFailure: o.CancelOnFailure,
		noWait: o.NoWait, command: o.Command,
	}
	if b.logger == nil {
		b.logger = slog.New(slog.DiscardHandler)
	}
	if b.output == nil {
		b.output = io.Discard
	}
	if b.environ == nil {
		b.environ = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	}
	b.eval = newEvaluation(c)
	b.eval.run = b
	defer b.eval.while.enter("Initializing.", "", "")()
	// References in [buildout] may lead to recipes, which look at it themselves.
	if _, err := b.eval.section("buildout", valueOwner{}); err != nil {
		return nil, err
	}
	if versions := c.value("versions"); versions != "" && c.Section(versions) != nil {
		if _, err := b.eval.section(versions, valueOwner{}); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// part is a section that was evaluated, nil if it was not.
func (b *Buildout) part(name string) *Part {
	defer b.eval.hold()()
	return b.eval.part(name)
}

// fail completes an error with the steps under way.
func (b *Buildout) fail(e *Error) error {
	defer b.eval.hold()()
	return b.eval.while.fail(b.config, e)
}

// section is [buildout]. It is there from the first moment of its evaluation,
// since recipes that it refers to look at it themselves.
func (b *Buildout) section() *Part { return b.part("buildout") }

// Config is the profile.
func (b *Buildout) Config() *Config { return b.config }

// Part returns a section, initialising it if nothing has yet.
func (b *Buildout) Part(ctx context.Context, name string) (*Part, error) {
	b.ctx = ctx
	return b.eval.section(name, valueOwner{})
}

// construct makes the recipe of a section that names one, and adds it to the
// parts.
func (b *Buildout) construct(p *Part) error {
	name, ok, err := p.evaluate("recipe", b.eval.newChain())
	if err != nil || !ok || name == "" {
		return err
	}
	p.use("recipe")
	entry, unknown := b.registry.lookup(name)
	if unknown != nil {
		unknown.Section, unknown.Option, unknown.Pos = p.name, "recipe", p.Pos("recipe")
		return b.failToLoad(name, unknown)
	}
	p.entry = entry
	var recipe Recipe
	err = b.guard(func() (err error) {
		recipe, err = entry.New(b.ctx, p)
		return err
	})
	if err != nil {
		return p.wrap(err)
	}
	p.recipe = recipe
	b.live = append(b.live, p)
	return nil
}

// failToLoad reports an unknown recipe with the steps in which the originals look
// for it: first its distribution, then its entry.
func (b *Buildout) failToLoad(name string, unknown *Error) error {
	dist, entry := splitRecipe(name)
	known := b.registry != nil && slices.ContainsFunc(b.registry.Names(), func(n string) bool { d, _ := splitRecipe(n); return d == dist })
	switch {
	case strings.Count(name, ":") > 1:
	case known:
		defer b.eval.while.enter("Loading zc.buildout recipe entry %s:%s.", dist, entry)()
	default:
		defer b.eval.while.enter("Installing recipe %s.", dist, "")()
		defer b.eval.while.enter("Getting distribution for '%s'.", dist, "")()
	}
	return b.eval.while.fail(b.config, unknown)
}

// fallback asks the recipe that a part is going to have for an option.
func (b *Buildout) fallback(p *Part, option string, waiting chain) (string, bool) {
	name, _, err := p.evaluate("recipe", waiting) // which may be what asks
	if err != nil {
		return "", false
	}
	entry, unknown := b.registry.lookup(name)
	if unknown != nil || entry.Fallback == nil {
		return "", false
	}
	return entry.Fallback(p, option)
}

// guard runs recipe code and turns a panic into a [*Bug].
func (b *Buildout) guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			defer b.eval.hold()()
			err = &Bug{While: b.eval.while.lines(), Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}

// partLogger is the logger of a recipe.
func (b *Buildout) partLogger(name string) *slog.Logger {
	return b.logger.With("part", name, "logger", name)
}

// WriteData prints the options of every section that has been evaluated, in the
// notation of .installed.cfg, as a very verbose run does. They count as read then:
// no option is reported as unused.
func (b *Buildout) WriteData(w io.Writer) error {
	var out strings.Builder
	out.WriteString("\nConfiguration data:\n")
	for _, p := range b.eval.sorted() {
		options, err := p.snapshot()
		if err != nil {
			return err
		}
		p.useAll()
		writeOptions(&out, p.name, options)
	}
	out.WriteByte('\n')
	_, err := io.WriteString(w, out.String())
	return err
}

// wanted are the parts that [buildout] lists.
func (b *Buildout) wanted() ([]string, error) {
	parts, err := b.section().Get("parts")
	if err != nil {
		return nil, err
	}
	return strings.Fields(parts), nil
}

// Install plans and applies: it installs, updates and uninstalls parts as the
// profile says, or, if parts are named, installs or updates just these.
func (b *Buildout) Install(ctx context.Context, parts ...string) (*Result, error) {
	release, err := b.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if !b.dryRun() {
		if err := b.recover(ctx); err != nil {
			return nil, err
		}
	}
	plan, err := b.Plan(ctx, parts...)
	if err != nil {
		return nil, err
	}
	return b.Apply(ctx, plan)
}

// isCancelled reports whether an error is the end of a context.
func isCancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
