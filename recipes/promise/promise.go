// Package promise is the recipe slapos.cookbook:promise.plugin: a Python file
// that gives a node the class RunPromise of a module or a file, and the
// configuration to make it with.
package promise

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/internal/python"
)

// Register adds the recipe.
func Register(r *buildout.Registry) {
	r.Register("slapos.cookbook:promise.plugin", buildout.Entry{New: New, Version: "1"})
}

type options struct {
	Eggs   []string    `buildout:"eggs,lines" doc:"distributions to put on sys.path, with what they require"`
	Module string      `buildout:"module" doc:"module that has the class; one without a dot may be MODULE.py beside the profile or in the buildout directory"`
	File   string      `buildout:"file" doc:"Python file that has the class"`
	Class  string      `buildout:"class" default:"RunPromise" doc:"name of the class"`
	Output string      `buildout:"output,required" doc:"file to make"`
	Mode   fs.FileMode `buildout:"mode" default:"0644" doc:"its permissions"`
}

// configPrefix begins the names of the options that become configuration.
const configPrefix = "config-"

type recipe struct {
	part    *buildout.Part
	options options
	plugin  plugin
}

var (
	className  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	moduleName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$`)
)

// New checks the options and looks for the module.
func New(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	r := &recipe{part: part}
	o := &r.options
	if err := part.Decode(o); err != nil {
		return nil, err
	}
	var directories []string
	for _, option := range []string{"develop-eggs-directory", "eggs-directory"} {
		dir, err := part.Buildout(option)
		if err != nil {
			return nil, err
		}
		part.Set(option, dir)
		directories = append(directories, part.Path(dir))
	}
	o.Module, o.File, o.Class = strings.TrimSpace(o.Module), strings.TrimSpace(o.File), strings.TrimSpace(o.Class)
	switch {
	case (o.Module == "") == (o.File == ""):
		return nil, part.Errorf("", "Either 'module' or 'file' is required but not both")
	case !className.MatchString(o.Class):
		return nil, part.Errorf("class", "'%s' is not a valid class name", o.Class)
	case o.Module != "" && !moduleName.MatchString(o.Module):
		return nil, part.Errorf("module", "'%s' is not a valid module name", o.Module)
	}
	r.plugin.class, r.plugin.module = o.Class, o.Module
	if o.File != "" {
		r.plugin.file = part.Path(o.File)
	} else if err := r.findModule(); err != nil {
		return nil, err
	}
	var err error
	if r.plugin.config, err = r.config(); err != nil {
		return nil, err
	}
	r.plugin.path, err = eggPaths(part, o.Eggs, directories)
	return r, err
}

// config collects the options of the promise itself.
func (r *recipe) config() (*python.Dict, error) {
	config := python.NewDict()
	for _, option := range r.part.Options() {
		name, ok := strings.CutPrefix(option, configPrefix)
		if !ok {
			continue
		}
		value, err := r.part.Value(option)
		if err != nil {
			return nil, err
		}
		v, err := python.FromGo(value)
		if err != nil {
			return nil, r.part.Errorf(option, "%w", err)
		}
		config.SetString(name, v)
	}
	return config, nil
}

// findModule looks for the file of a module without a dot: a promise that
// stands beside its profile is in no distribution. It is run by its path, for
// the plugin may well have its name, and would import itself.
func (r *recipe) findModule() error {
	module, part := r.options.Module, r.part
	if strings.Contains(module, ".") {
		return nil
	}
	output := part.Path(r.options.Output)
	folders := r.folders()
	for _, folder := range folders {
		path := filepath.Join(folder, module+".py")
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && path != output {
			r.plugin.file = path
			return nil
		}
	}
	where := "no " + module + ".py in " + strings.Join(folders, " or ")
	if filepath.Base(output) == module+".py" {
		return part.Errorf("module", "the plugin %s would import itself as its module '%s'\nthere is %s", r.options.Output, module, where)
	}
	if len(r.options.Eggs) == 0 {
		part.Logger().Warn("There is " + where + ": the promise will need a module " + module + " on Python's path.")
	}
	return nil
}

// folders are where modules without a dot are looked for: beside the profiles
// that name the module and the part, and in the buildout directory.
func (r *recipe) folders() []string {
	var folders []string
	seen := map[string]bool{}
	add := func(folder string) {
		if folder = filepath.Clean(folder); !seen[folder] {
			seen[folder] = true
			folders = append(folders, folder)
		}
	}
	for _, option := range []string{"module", ""} {
		if pos := r.part.Pos(option); pos.IsValid() && filepath.IsAbs(pos.File) {
			add(filepath.Dir(pos.File))
		}
	}
	add(r.part.Directory())
	return folders
}

func (r *recipe) Install(_ context.Context, tx *buildout.Tx) error {
	text, err := r.plugin.text()
	if err != nil {
		return r.part.Errorf("", "%w", err)
	}
	if file := r.plugin.file; file != "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			tx.Log().Warn("The file of the promise does not exist: " + file)
		}
	}
	if err := tx.MkdirAll(filepath.Dir(r.options.Output), 0o777); err != nil {
		return r.part.Errorf("output", "%w", err)
	}
	if err := tx.WriteFile(r.options.Output, []byte(text), r.options.Mode); err != nil {
		return r.part.Errorf("output", "%w", err)
	}
	return nil
}
