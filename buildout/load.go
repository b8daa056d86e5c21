package buildout

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Opener reads what is behind a URL; fetch.Client is one.
type Opener interface {
	Open(ctx context.Context, url string) (io.ReadCloser, error)
}

// LoadOptions say how a profile is read. The zero value reads local files in the
// SlapOS dialect.
type LoadOptions struct {
	// Dialect is SlapOS() when it has no name.
	Dialect Dialect
	// Overrides are the assignments of a command line.
	Overrides []Assignment
	// Opener reads extended profiles that are URLs. nil: a URL is an error.
	Opener Opener
	// Platform is what conditions see. nil: this machine with the Python of
	// Executable, or of buildout:executable among the Overrides; 3.11 if files
	// don't tell its version. No process is started.
	Platform *profile.Platform
	// Limits bound what input can make large; zero: the defaults.
	Limits Limits
	// UserDefaults is the path of a default.cfg that is read before the profile,
	// if it exists. "": none.
	UserDefaults string
	// Home is what "~" stands for. "": "~" is not replaced.
	Home string
	// WorkingDirectory is what relative names are relative to; "": the process's.
	WorkingDirectory string
	// Logger gets what is worth saying while files are read. nil: nothing is said.
	Logger *slog.Logger
	// Executable is the Python that profiles see as ${buildout:executable}, an
	// absolute path; "": /usr/bin/python3.
	Executable string
}

// Assignment is one section:option=value of a command line. Option may end in
// "+" or "-", as in a file.
type Assignment struct {
	Section, Option, Value string
}

// ParseAssignment reads "section:option=value", or "option=value" for an option
// of [buildout].
func ParseAssignment(text string) (Assignment, error) {
	left, value, ok := strings.Cut(text, "=")
	if !ok {
		return Assignment{}, &Error{Code: CodeCommandLine, Message: "Invalid assignment " + text, Hint: "write section:option=value"}
	}
	section, option, ok := strings.Cut(left, ":")
	if !ok {
		section, option = "buildout", left
	}
	a := Assignment{strings.TrimSpace(section), strings.TrimSpace(option), strings.TrimSpace(value)}
	if strings.Contains(option, ":") || a.Option == "" || a.Section == "" {
		return Assignment{}, &Error{Code: CodeCommandLine, Message: "Invalid assignment " + text,
			Detail: []string{"found '" + left + "' before '=', expected section:option or option"}}
	}
	return a, nil
}

// Limits bound what a profile can make large. A zero field means its default,
// which no real profile meets; meeting a limit is an [Error] with CodeLimit.
type Limits struct {
	Files      int   // files read: 10,000
	Depth      int   // files that extend each other in a row: 5,000
	Bytes      int64 // bytes of all files together: 256 MiB
	Options    int   // options in all sections: 2,000,000
	ValueBytes int   // bytes of one value with its references replaced: 16 MiB
	References int   // references that lead to each other in a row: 100,000
}

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.Files, 10_000)
	def(&l.Depth, 5_000)
	def(&l.Options, 2_000_000)
	def(&l.ValueBytes, 16<<20)
	def(&l.References, 100_000)
	if l.Bytes == 0 {
		l.Bytes = 256 << 20
	}
	return l
}

// Load reads a profile, a path or a URL, with everything it extends. An error
// is an [*Error] unless ctx ended or reading failed for a reason of the machine.
func Load(ctx context.Context, name string, o LoadOptions) (*Config, error) {
	if o.Dialect.Name == "" {
		o.Dialect = SlapOS()
	}
	if o.WorkingDirectory == "" {
		dir, err := filepath.Abs(".")
		if err != nil {
			return nil, err
		}
		o.WorkingDirectory = dir
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Platform == nil {
		machine := withPythonOf(o.python(), Machine())
		o.Platform = &machine
	}
	l := &loader{
		ctx: ctx, options: o, dialect: o.Dialect, limits: o.Limits.withDefaults(),
		platform: *o.Platform, conditions: profile.NewConditions(*o.Platform),
		nodes: make(map[string]*node, usualFiles), files: make(map[string]*node, usualFiles), links: map[string]string{},
	}
	l.ahead = newReadAhead(l)
	defer l.ahead.stop()
	l.while.push("Initializing.", "", "")
	c, err := l.load(name)
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			if c == nil {
				c = l.newConfig(0)
			}
			return nil, l.while.fail(c, e)
		}
		return nil, err
	}
	return c, nil
}

// load gives the profile also with an error in what it says as a whole.
func (l *loader) load(name string) (*Config, error) {
	remote := isURL(name)
	if !remote && !filepath.IsAbs(name) {
		name = filepath.Join(l.options.WorkingDirectory, name)
	}
	l.defaults = l.newConfig(1)
	l.defaults.setDefaults(l.options.Executable)
	if !remote {
		name = filepath.Clean(name)
		l.defaults.buildout().set("directory", filepath.Dir(name), computedOperation, computedSource)
	}
	l.overrides = commandLineLayer(l.options.Overrides)

	roots := []root{{name: name, kind: mainFile}}
	if d := l.options.UserDefaults; d != "" && exists(d) {
		roots = slices.Insert(roots, 0, root{name: d, kind: userDefaults})
	}
	extends := take(l.overrides, "buildout", "extends")
	for _, e := range strings.Fields(extends) {
		roots = append(roots, root{name: e, kind: commandLineExtends, assigned: "buildout:extends=" + extends})
	}
	c, err := l.assemble(roots)
	if err != nil {
		return nil, err
	}
	c.merge(l.overrides)
	c.addVersions()
	if err := c.checkOptions(); err != nil {
		return c, err
	}
	return c, c.absolutize(l.options.Home, l.options.WorkingDirectory)
}

// usualSections is how many sections there is room for at first.
const usualSections = 256

// newConfig makes an empty profile with room for sections.
func (l *loader) newConfig(sections int) *Config {
	return &Config{dialect: l.dialect, limits: l.limits, platform: l.platform, files: l.files,
		sections: make([]*Section, 0, sections), byName: make(map[string]int, sections)}
}

// commandLineLayer orders assignments as zc.buildout does: by section, option
// and value, so that of two for one option the greater value wins.
func commandLineLayer(assignments []Assignment) []*Section {
	sorted := slices.Clone(assignments)
	slices.SortStableFunc(sorted, func(a, b Assignment) int {
		return strings.Compare(a.Section+"\x00"+a.Option+"\x00"+a.Value, b.Section+"\x00"+b.Option+"\x00"+b.Value)
	})
	var layer []*Section
	for _, a := range sorted {
		i := slices.IndexFunc(layer, func(s *Section) bool { return s.Name == a.Section })
		if i < 0 {
			i = len(layer)
			layer = append(layer, &Section{Name: a.Section})
		}
		name, op := profile.SplitKey(a.Option)
		layer[i].put(&Option{Name: name, text: a.Value, kind: commandLineOperation, source: commandLineSource,
			from: &profile.OptionContents{Key: a.Option, Op: op, Value: a.Value}, waiting: op != profile.Set})
	}
	return layer
}

// take removes a plain option from a layer and returns its value.
func take(layer []*Section, section, option string) string {
	for _, s := range layer {
		if o := s.Option(option); s.Name == section && o != nil {
			s.remove(option)
			return o.text
		}
	}
	return ""
}
