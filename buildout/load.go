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
	// Platform is what conditions see; zero: this machine with Python 3.11.
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
	// Executable is the Python that profiles see as ${buildout:executable};
	// "": /usr/bin/python3.
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
	Visits     int   // times a file is merged (dialect zc): 1,000,000
	Depth      int   // files that extend each other in a row: 500
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
	def(&l.Visits, 1_000_000)
	def(&l.Depth, 500)
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
	platform := Machine()
	if o.Platform != nil {
		platform = *o.Platform
	}
	l := &loader{
		ctx: ctx, options: o, dialect: o.Dialect, limits: o.Limits.withDefaults(),
		platform: platform, conditions: profile.NewConditions(platform), nodes: map[string]*node{}, files: map[string]*profile.File{}, extended: map[string]profile.Pos{},
	}
	defer l.while.enter("Initializing.", "", "")()
	c, err := l.load(name)
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			return nil, l.while.fail(&Config{files: l.files}, e)
		}
		return nil, err
	}
	return c, nil
}

func (l *loader) load(name string) (*Config, error) {
	remote := isURL(name)
	if !remote && !filepath.IsAbs(name) {
		name = filepath.Join(l.options.WorkingDirectory, name)
	}
	c := l.newConfig()
	c.defaults(l.options.Executable)
	if !remote {
		name = filepath.Clean(name)
		c.byName["buildout"].set("directory", filepath.Dir(name), OpComputed, sourceComputed)
	}
	l.overrides = commandLineLayer(l.options.Overrides)

	roots := []root{{name: name, kind: mainFile}}
	if d := l.options.UserDefaults; d != "" && exists(d) {
		roots = slices.Insert(roots, 0, root{name: d, kind: userDefaults})
	}
	for _, e := range strings.Fields(l.overrides.take("buildout", "extends")) {
		roots = append(roots, root{name: e, kind: commandLineExtends})
	}
	if err := l.assemble(c, roots); err != nil {
		return nil, err
	}
	c.merge(l.overrides)
	c.addVersions()
	if err := c.checkOptions(); err != nil {
		return nil, err
	}
	if err := c.absolutize(l.options.Home, l.options.WorkingDirectory); err != nil {
		return nil, err
	}
	return c, nil
}

func (l *loader) newConfig() *Config {
	return &Config{dialect: l.dialect, limits: l.limits, platform: l.platform,
		byName: map[string]*Section{}, files: l.files, extended: l.extended}
}

// commandLineLayer orders assignments as zc.buildout does: by section, option
// and value, so that of two for one option the greater value wins.
func commandLineLayer(assignments []Assignment) *layer {
	sorted := slices.Clone(assignments)
	slices.SortStableFunc(sorted, func(a, b Assignment) int {
		return strings.Compare(a.Section+"\x00"+a.Option+"\x00"+a.Value, b.Section+"\x00"+b.Option+"\x00"+b.Value)
	})
	l := &layer{}
	for _, a := range sorted {
		i := slices.IndexFunc(l.sections, func(s *layerSection) bool { return s.name == a.Section })
		if i < 0 {
			i = len(l.sections)
			l.sections = append(l.sections, &layerSection{name: a.Section})
		}
		s := l.sections[i]
		o := &Option{Name: a.Option, key: a.Option, text: a.Value,
			last: newOperation(Operation{Kind: OpCommandLine, Value: a.Value, Source: sourceCommandLine}, nil)}
		if name := strings.TrimRight(a.Option, " +"); strings.HasSuffix(a.Option, "+") && name != "" {
			o.Name, o.op = name, profile.Add
		} else if name := strings.TrimRight(a.Option, " -"); strings.HasSuffix(a.Option, "-") && name != "" {
			o.Name, o.op = name, profile.Remove
		}
		if old := s.find(o.key); old != nil {
			*old = *o
			continue
		}
		s.options = append(s.options, o)
	}
	return l
}

// take removes a plain option from a layer and returns its value.
func (l *layer) take(section, option string) string {
	for _, s := range l.sections {
		if o := s.find(option); s.name == section && o != nil {
			s.options = slices.DeleteFunc(s.options, func(x *Option) bool { return x == o })
			return o.text
		}
	}
	return ""
}
