package buildout

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// setDefaults puts in the options of [buildout] that are there before any file.
func (c *Config) setDefaults(executable string) {
	s := c.buildout()
	for _, d := range c.dialect.defaults {
		s.set(d[0], d[1], defaultOperation, defaultSource)
	}
	s.set("executable", cmp.Or(executable, defaultExecutable), defaultOperation, defaultSource)
}

// addVersions gives every profile a section of pinned versions.
func (c *Config) addVersions() {
	if c.Section("buildout").Option("versions") == nil {
		c.buildout().set("versions", "versions", defaultOperation, defaultSource)
		c.own("versions")
	}
	name := c.value("versions")
	if name == "" {
		return
	}
	if c.Section(name) == nil {
		return // reported by checkOptions
	}
	for _, v := range [][2]string{{"zc.buildout", c.dialect.Version}, {"zc.recipe.egg", c.dialect.RecipeEggVersion}} {
		if c.Section(name).Option(v[0]) == nil {
			c.own(name).set(v[0], ">="+v[1], defaultOperation, defaultSource)
		}
	}
}

// checkOptions reports values of [buildout] that can't be what they say.
func (c *Config) checkOptions() error {
	b := c.Section("buildout")
	invalid := func(name, format string, args ...any) error {
		o := b.Option(name)
		return &Error{Code: CodeInvalidOption, Section: "buildout", Option: name, Pos: o.Pos(), Message: fmt.Sprintf(format, args...)}
	}
	for _, name := range []string{"offline", "newest", "prefer-final", "use-dependency-links", "allow-picked-versions", "show-picked-versions", "install-from-cache"} {
		o := b.Option(name)
		if o == nil || strings.Contains(o.text, "${") || slices.Contains([]string{"true", "false"}, o.text) {
			continue
		}
		e := invalid(name, "Invalid value for '%s' option: '%s'", name, o.text).(*Error)
		e.Hint = "write true or false"
		return e
	}
	if v := c.value("versions"); v != "" && c.Section(v) == nil {
		e := invalid("versions", "The section of versions, '%s', was not defined.", v).(*Error)
		e.Hint = didYouMean(v, c.names())
		return e
	}
	if c.value("offline") == "true" && c.value("install-from-cache") == "true" {
		return invalid("install-from-cache", "install-from-cache can't be used with offline mode.\nNothing is installed, even from cache, in offline\nmode, which might better be called 'no-install mode'.\n")
	}
	return nil
}

// absolutize makes the directories of [buildout] absolute: caches and eggs
// relative to the file that names them, the others relative to the buildout, and
// that relative to the working directory.
func (c *Config) absolutize(home, workingDirectory string) error {
	b := c.buildout()
	if c.directory = c.value("directory"); c.directory == "" {
		return &Error{Code: CodeMissingOption, Section: "buildout", Option: "directory", Message: "Missing option: buildout:directory",
			Hint: "a profile that is a URL needs buildout:directory=PATH on the command line"}
	}
	if o := b.Option("directory"); !filepath.IsAbs(c.directory) && !strings.Contains(c.directory, "${") {
		c.directory = filepath.Join(workingDirectory, c.directory)
		b.put(o.at(c.directory))
	}
	for _, name := range []string{"download-cache", "eggs-directory", "extends-cache"} {
		o := b.Option(name)
		if o == nil || strings.Contains(o.text, "${") {
			continue
		}
		if o.text == "" {
			if c.dialect.OncePerFile && name != "eggs-directory" {
				b.remove(name)
			}
			continue
		}
		dir, err := o.place(home, c.directory)
		if err != nil {
			return err
		}
		if dir != o.text {
			b.put(&Option{Name: name, text: dir, kind: directoryOperation, prev: o})
		}
	}
	for _, name := range []string{"bin-directory", "parts-directory", "eggs-directory", "develop-eggs-directory", "installed"} {
		if o := b.Option(name); o != nil && o.text != "" && !strings.Contains(o.text, "${") {
			b.put(o.at(c.join(o.text)))
		}
	}
	return nil
}

// place is the directory that the option names: "~/" is home, and what is
// relative is so to the file that says it, or else to the buildout.
func (o *Option) place(home, directory string) (string, error) {
	dir, source := o.text, o.Source()
	if rest, ok := strings.CutPrefix(dir, "~/"); ok && home != "" {
		dir = filepath.Join(home, rest)
	}
	switch {
	case filepath.IsAbs(dir):
		return filepath.Clean(dir), nil
	case isRemote(source):
		return "", &Error{Code: CodeInvalidOption, Section: "buildout", Option: o.Name, Pos: o.Pos(),
			Message: fmt.Sprintf("Setting \"%s\" to a non absolute location (\"%s\") within a\nremote configuration file (\"%s\") is ambiguous.", o.Name, o.text, source)}
	case hasFileScheme(source):
		directory = base(source[len("file://"):])
	case filepath.IsAbs(source): // not the command line
		directory = base(source)
	}
	return filepath.Join(directory, dir), nil
}

// join makes a path absolute in the buildout directory.
func (c *Config) join(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.directory, path)
}

// at gives the option with the path that stands for its value.
func (o *Option) at(path string) *Option {
	n := *o
	n.rare = &rare{absolute: path}
	if o.rare != nil {
		n.rare.visits = o.rare.visits
	}
	return &n
}

// finishDirectories makes the directories of [buildout] absolute that only
// became known with their references. A buildout that is carried out, and not just
// looked at, keeps eggs in their version's folder.
func (c *Config) finishDirectories(p *Part) {
	for _, name := range []string{"bin-directory", "parts-directory", "eggs-directory", "develop-eggs-directory", "installed"} {
		v, ok, err := p.evaluate(name, p.eval.newChain())
		if err != nil || !ok || v == "" {
			continue
		}
		v = c.join(v)
		if version, _, _ := p.evaluate("eggs-directory-version", p.eval.newChain()); name == "eggs-directory" && version != "" && p.eval.run != nil {
			v = filepath.Join(v, version)
		}
		p.assign(name, v)
	}
}
