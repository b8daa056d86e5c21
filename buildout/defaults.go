package buildout

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// defaults puts in the options of [buildout] that are there before any file.
func (c *Config) defaults(executable string) {
	if executable == "" {
		executable = "/usr/bin/python3"
	}
	s := c.section("buildout", profile.Pos{})
	for _, d := range c.dialect.defaults {
		s.set(d[0], d[1], OpDefault, sourceDefault)
	}
	s.set("executable", executable, OpDefault, sourceDefault)
}

// addVersions gives every profile a section of pinned versions.
func (c *Config) addVersions() {
	b := c.byName["buildout"]
	if b.Option("versions") == nil {
		b.set("versions", "versions", OpDefault, sourceDefault)
		c.section("versions", profile.Pos{})
	}
	name := c.value("versions")
	if name == "" {
		return
	}
	s := c.byName[name]
	if s == nil {
		return // reported by checkOptions
	}
	for _, v := range [][2]string{{"zc.buildout", c.dialect.Version}, {"zc.recipe.egg", c.dialect.RecipeEggVersion}} {
		if s.Option(v[0]) == nil {
			s.set(v[0], ">="+v[1], OpDefault, sourceDefault)
		}
	}
}

// checkOptions reports values of [buildout] that can't be what they say.
func (c *Config) checkOptions() error {
	b := c.byName["buildout"]
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
	if v := c.value("versions"); v != "" && c.byName[v] == nil {
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
	b := c.byName["buildout"]
	if c.directory = c.value("directory"); c.directory == "" {
		return &Error{Code: CodeMissingOption, Section: "buildout", Option: "directory", Message: "Missing option: buildout:directory",
			Hint: "a profile that is a URL needs buildout:directory=PATH on the command line"}
	}
	if o := b.Option("directory"); !filepath.IsAbs(c.directory) && !strings.Contains(c.directory, "${") {
		o.absolute = filepath.Join(workingDirectory, c.directory)
		c.directory = o.absolute
	}
	for _, name := range []string{"download-cache", "eggs-directory", "extends-cache"} {
		o := b.Option(name)
		if o == nil || strings.Contains(o.text, "${") {
			continue
		}
		if o.text == "" {
			if c.dialect.OncePerFile && name != "eggs-directory" {
				b.remove(o)
			}
			continue
		}
		dir := o.text
		if rest, ok := strings.CutPrefix(dir, "~/"); ok && home != "" {
			dir = filepath.Join(home, rest)
		}
		if !filepath.IsAbs(dir) {
			from := c.directory
			if source := o.Source(); isURL(source) && !strings.HasPrefix(source, "file://") {
				return &Error{Code: CodeInvalidOption, Section: "buildout", Option: name, Pos: o.Pos(),
					Message: fmt.Sprintf("Setting \"%s\" to a non absolute location (\"%s\") within a\nremote configuration file (\"%s\") is ambiguous.", name, o.text, source)}
			} else if o.Pos().IsValid() {
				from = base(strings.TrimPrefix(source, "file://"))
			}
			dir = filepath.Join(from, dir)
		}
		dir = filepath.Clean(dir)
		if dir != o.text {
			o.text = dir
			o.last = newOperation(Operation{Kind: OpDirectory, Value: dir, Source: o.Source(), Pos: o.last.Pos}, o.last)
		}
	}
	for _, name := range []string{"bin-directory", "parts-directory", "eggs-directory", "develop-eggs-directory", "installed"} {
		if o := b.Option(name); o != nil && o.text != "" && !strings.Contains(o.text, "${") {
			o.absolute = c.join(o.text)
		}
	}
	return nil
}

// join makes a path absolute in the buildout directory.
func (c *Config) join(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.directory, path)
}

func (s *Section) remove(o *Option) {
	delete(s.byKey, o.key)
	s.options = slices.DeleteFunc(s.options, func(x *Option) bool { return x == o })
}

// finishDirectories makes the directories of [buildout] absolute that only
// became known with their references. A buildout that is carried out, and not just
// looked at, keeps eggs in their version's folder.
func (c *Config) finishDirectories(p *Part) {
	for _, name := range []string{"bin-directory", "parts-directory", "eggs-directory", "develop-eggs-directory", "installed"} {
		v, ok, err := p.evaluate(name, chain{})
		if err != nil || !ok || v == "" {
			continue
		}
		v = c.join(v)
		if version, _, _ := p.evaluate("eggs-directory-version", chain{}); name == "eggs-directory" && version != "" && p.eval.run != nil {
			v = filepath.Join(v, version)
		}
		p.assign(name, v)
	}
}
