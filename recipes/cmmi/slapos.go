package cmmi

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/fetch"
	"github.com/go-buildout/go-buildout/recipes/download"
)

type slaposOptions struct {
	common
	URL            string   `buildout:"url" doc:"URL or path of the source archive"`
	SourcePath     string   `buildout:"path" doc:"folder with the source, instead of url"`
	MD5            string   `buildout:"md5sum" doc:"MD5 sum that the archive must have"`
	AlternateURL   string   `buildout:"alternate-url" doc:"where else to download from when url fails"`
	Offline        *bool    `buildout:"offline" doc:"download nothing; what [buildout] says if it is not given"`
	Strip          bool     `buildout:"strip-top-level-dir" default:"false" doc:"unpack what is in the one folder at the root of the archive, and not the folder"`
	Prefix         *string  `buildout:"prefix" doc:"where to install; [buildout] prefix or location if it is not given"`
	Shared         bool     `buildout:"shared" default:"false" doc:"build in a folder of [buildout] shared-part-list, for all buildouts that have the same part"`
	PreConfigure   string   `buildout:"pre-configure" doc:"shell commands to run before configure"`
	PreBuild       string   `buildout:"pre-build" doc:"shell commands to run before make"`
	PreInstall     string   `buildout:"pre-install" doc:"shell commands to run before make install"`
	PostInstall    string   `buildout:"post-install" doc:"shell commands to run at the end"`
	Environment    string   `buildout:"environment" doc:"lines NAME=VALUE or the name of a section; %(NAME)s is a variable of the environment"`
	KeepCompileDir *bool    `buildout:"keep-compile-dir" doc:"keep the folder in which the package was built; what [buildout] says if it is not given"`
	Promises       []string `buildout:"promises,lines" doc:"paths that should be there in the end; a missing one is a warning"`
}

type slapos struct {
	slaposOptions
	place   place
	prefix  string
	compile string
	keep    bool
	env     environment
}

// NewSlapos constructs the recipe slapos.recipe.cmmi.
func NewSlapos(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	s := &slapos{}
	var err error
	if s.place, err = placeOf(part); err != nil {
		return nil, err
	}
	if err := replaceLocation(part, s.place.location); err != nil {
		return nil, err
	}
	if err := part.Decode(&s.slaposOptions); err != nil {
		return nil, err
	}
	if err := source(part, s.URL, s.SourcePath); err != nil {
		return nil, err
	}
	if err := s.choosePrefix(part); err != nil {
		return nil, err
	}
	if s.compile = s.SourcePath; s.compile == "" {
		s.compile = filepath.Join(s.place.location, ".build")
	}
	if s.KeepCompileDir != nil {
		s.keep = *s.KeepCompileDir
	} else if s.keep, err = buildoutFlag(part, "keep-compile-dir"); err != nil {
		return nil, err
	}
	if s.env, err = slaposEnvironment(part, s.Environment); err != nil {
		return nil, err
	}
	part.Set("location", s.place.location)
	part.Set("prefix", s.prefix)
	part.Set("compile-directory", s.compile)
	return s, nil
}

// replaceLocation replaces @@LOCATION@@ in every option, and makes sure that an
// option location is nothing else than the location.
func replaceLocation(part *buildout.Part, location string) error {
	const mark = "@@LOCATION@@"
	for _, k := range part.Options() {
		v, ok, err := part.Lookup(k)
		if err != nil {
			return err
		}
		if ok && strings.Contains(v, mark) {
			part.Set(k, strings.ReplaceAll(v, mark, location))
		}
	}
	given, ok, err := part.Lookup("location")
	if err == nil && ok && given != location {
		err = part.Errorf("location", "invalid 'location' value\nfound %s\nexpected %s, or no option location", given, location)
	}
	return err
}

func (s *slapos) choosePrefix(part *buildout.Part) error {
	if s.Prefix != nil {
		s.prefix = *s.Prefix
		if outside := s.prefix != s.place.location && !strings.HasPrefix(s.prefix, s.place.location+"/"); outside && s.Shared {
			return part.Errorf("prefix", "When shared=true, 'prefix' can't be outside location\nfound %s\nexpected a folder in %s", s.prefix, s.place.location)
		}
		return nil
	}
	common, _, err := part.BuildoutLookup("prefix")
	if err != nil {
		return err
	}
	if s.prefix = common; common == "" {
		s.prefix = s.place.location
	} else if s.Shared {
		return part.Errorf("shared", "When shared=true, option 'prefix' must be set or ${buildout:prefix} can't be set")
	}
	return nil
}

// buildoutFlag reads an option of [buildout] that is true or false.
func buildoutFlag(part *buildout.Part, option string) (bool, error) {
	text, ok, err := part.BuildoutLookup(option)
	if err != nil || !ok || text == "false" {
		return false, err
	}
	if text != "true" {
		section, err := part.Section("buildout")
		if err != nil {
			return false, err
		}
		return false, section.Errorf(option, "Invalid value for '%s' option: '%s'\nexpected true or false", option, text)
	}
	return true, nil
}

// Update does nothing: what is built stays.
func (s *slapos) Update(context.Context, *buildout.Tx) error { return nil }

func (s *slapos) Install(ctx context.Context, tx *buildout.Tx) error {
	if s.place.built() {
		tx.Log().Info("shared part is already installed")
		return nil
	}
	steps, c, err := s.steps(tx.Part())
	if err != nil {
		return err
	}
	env, err := s.env.expanded(tx.Part(), "environment")
	if err != nil {
		return err
	}
	if err := s.prepare(ctx, tx); err != nil {
		return err
	}
	dir, err := enterOnly(tx.Path(s.compile))
	if err != nil {
		return err
	}
	env.log(tx)
	b := &build{tx: tx, options: &s.common, dir: dir, env: env, strict: "set -e;"}
	steps = append([]step{{do: b.patch}}, steps...)
	if err := b.run(ctx, steps...); err != nil {
		more := "."
		if scriptErr := b.writeScript(c); scriptErr == nil {
			more = ". A shell script " + scriptName + " has been generated there: source it to have the environment of the build."
		}
		return b.left(ctx, err, more)
	}
	if s.keep {
		if err := b.writeScript(c); err != nil {
			return err
		}
		tx.Log().Info("A shell script " + scriptName + " has been generated.")
	} else if s.SourcePath == "" {
		if err := tx.RemoveAll(s.compile); err != nil {
			return err
		}
	}
	return s.finish(tx)
}

// prepare makes the location and the source tree.
func (s *slapos) prepare(ctx context.Context, tx *buildout.Tx) error {
	archive := download.Archive{Strip: s.Strip}
	var file string
	var err error
	if s.SourcePath == "" {
		file, err = s.fetch(ctx, tx)
	} else {
		err = checkFolder(tx, s.SourcePath)
	}
	if err != nil {
		return err
	}
	location := s.place.location
	if err := tx.RemoveAll(location); err != nil {
		return tx.Part().Errorf("", "%w", err)
	}
	if s.place.shared { // others may build it too
		err = os.MkdirAll(location, 0o777)
	} else {
		err = makeFolder(tx, location)
	}
	if err != nil {
		return tx.Part().Errorf("", "%w", err)
	}
	if s.SourcePath != "" {
		tx.Log().Info("Using local source directory: " + s.SourcePath)
		return nil
	}
	if err := unpack(ctx, tx, archive, file, s.compile); err != nil {
		if removeErr := tx.RemoveAll(location); removeErr != nil {
			tx.Log().Warn("Couldn't clean up '" + location + "'.")
		}
		return err
	}
	return nil
}

// fetch brings the archive here, from the alternate URL if the first fails to
// deliver.
func (s *slapos) fetch(ctx context.Context, tx *buildout.Tx) (string, error) {
	from := func(option, url string) (string, error) {
		if s.Offline != nil && *s.Offline && strings.Contains(url, "://") && !strings.HasPrefix(url, "file:") {
			return "", tx.Part().Errorf(option, "%w", &fetch.OfflineError{URL: url})
		}
		return tx.Fetch(ctx, url, buildout.FetchOptions{Option: option, MD5: s.MD5})
	}
	file, err := from("url", s.URL)
	var failure *fetch.DownloadError
	if s.AlternateURL == "" || !errors.As(err, &failure) {
		return file, err
	}
	tx.Log().Warn(failure.Error() + "; trying alternate-url")
	return from("alternate-url", s.AlternateURL)
}

// steps are what is done in the source tree, with options put into commands.
func (s *slapos) steps(part *buildout.Part) ([]step, commands, error) {
	expand := func(option, text string) (string, error) {
		out, err := format(text, part.Lookup)
		if err != nil {
			return "", part.Errorf(option, "Can't expand the option %s: %w", option, err)
		}
		return out, nil
	}
	o := s.common
	for _, f := range []struct {
		option string
		words  *[]string
	}{{"configure-options", &o.ConfigureOptions}, {"make-options", &o.MakeOptions}, {"make-targets", &o.MakeTargets}} {
		text, err := expand(f.option, strings.Join(*f.words, " "))
		if err != nil {
			return nil, commands{}, err
		}
		*f.words = []string{text}
	}
	hooks := make([]string, 4)
	for i, f := range []struct{ option, text string }{
		{"pre-configure", s.PreConfigure}, {"pre-build", s.PreBuild}, {"pre-install", s.PreInstall}, {"post-install", s.PostInstall},
	} {
		var err error
		if hooks[i], err = expand(f.option, strings.TrimSpace(f.text)); err != nil {
			return nil, commands{}, err
		}
	}
	var err error
	if o.ConfigureCommand, err = expand("configure-command", strings.TrimSpace(o.ConfigureCommand)); err != nil {
		return nil, commands{}, err
	}
	if o.MakeBinary, err = expand("make-binary", strings.TrimSpace(o.MakeBinary)); err != nil {
		return nil, commands{}, err
	}
	if o.ConfigureCommand != "" && o.MakeBinary == "make" && o.MakeTargets[0] == "install" {
		o.MakeTargets[0] += ` prefix="` + s.prefix + `"`
	}
	c := o.commands(s.prefix)
	return []step{
		{option: "pre-configure-hook", hook: o.PreConfigureHook},
		{option: "pre-configure", shell: hooks[0]},
		{option: "configure-command", shell: c.configure},
		{option: "pre-make-hook", hook: o.PreMakeHook},
		{option: "pre-build", shell: hooks[1]},
		{option: "make-binary", shell: c.make},
		{option: "pre-install", shell: hooks[2]},
		{option: "make-targets", shell: c.install},
		{option: "post-make-hook", hook: o.PostMakeHook},
		{option: "post-install", shell: hooks[3]},
	}, c, nil
}

// finish checks what was built and makes it the part's, or the property of all
// if it is shared.
func (s *slapos) finish(tx *buildout.Tx) error {
	location := s.place.location
	switch info, err := os.Stat(location); {
	case errors.Is(err, os.ErrNotExist):
		return tx.Part().Errorf("", "'%s' was not created", location)
	case err != nil:
		return err
	case !info.IsDir():
		return tx.Part().Errorf("", "'%s' is not a directory", location)
	}
	for _, path := range s.Promises {
		if _, err := os.Stat(tx.Path(path)); err != nil {
			tx.Log().Warn("could not find promise '" + path + "'")
		}
	}
	if err := fixShebangs(location); err != nil {
		return tx.Part().Errorf("", "%w", err)
	}
	if s.place.shared {
		return s.place.seal()
	}
	tx.Own(location)
	return nil
}
