// Package reftest has the recipes that the recorded cases of zc.buildout and of
// the SlapOS fork use, "reftest:NAME". What they print goes to standard output.
package reftest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/internal/python"
)

// Register adds the recipes to a registry. They print to out.
func Register(r *buildout.Registry, out io.Writer) {
	for name, kind := range kinds {
		r.Register("reftest:"+name, buildout.Entry{
			Version: "1",
			New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
				c := &common{part: part, out: out}
				if trace, _, _ := part.Lookup("trace"); trace != "" && name != "noupd" {
					c.print("init " + part.Name())
				}
				return kind(c)
			},
			Uninstall: uninstaller(name, out),
		})
	}
}

var kinds = map[string]func(*common) (buildout.Recipe, error){
	"default": newShow, "show": newShow, "mk": newMk, "fail": newFail, "user": newUser,
	"failinit": newFailInit, "failupd": newFailUpdate, "set": newSet, "late": newLate, "none": newNone,
	"str": newStr, "noupd": newNoUpdate, "upd": newUpdate, "use": newUse, "ref": newRef,
	"parse": newParse, "un": newUninstall, "lateaccess": newLateAccess, "created": newCreated,
}

type common struct {
	part *buildout.Part
	out  io.Writer
}

func (c *common) print(line string) { fmt.Fprintln(c.out, line) }

func (c *common) option(name string) string {
	v, _, _ := c.part.Lookup(name)
	return v
}

// repr shows a value as Python does.
func repr(v any) (string, error) {
	value, err := python.FromGo(v)
	if err != nil {
		return "", err
	}
	return python.Repr(value)
}

// funcs makes a recipe of two functions.
type funcs struct{ install, update func(*buildout.Tx) error }

func (f funcs) Install(_ context.Context, tx *buildout.Tx) error { return f.install(tx) }
func (f funcs) Update(_ context.Context, tx *buildout.Tx) error  { return f.update(tx) }

func nothing(*buildout.Tx) error { return nil }

func newShow(c *common) (buildout.Recipe, error) {
	show := func(*buildout.Tx) error {
		names := c.part.Options()
		slices.Sort(names)
		for _, name := range names {
			v, err := c.part.Value(name)
			if err != nil {
				return err
			}
			text, err := repr(v)
			if err != nil {
				return err
			}
			c.print("  " + name + "=" + text)
		}
		return nil
	}
	return funcs{show, show}, nil
}

func (c *common) mkdirs(tx *buildout.Tx) error {
	for _, dir := range strings.Fields(c.option("paths")) {
		if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
		tx.Own(dir)
	}
	return nil
}

func (c *common) setPaths() error {
	path, err := c.part.Get("path")
	if err != nil {
		return err
	}
	var paths []string
	for _, word := range strings.Fields(path) {
		paths = append(paths, c.part.Path(word))
	}
	c.part.Set("paths", strings.Join(paths, " "))
	return nil
}

func newMk(c *common) (buildout.Recipe, error) {
	return funcs{c.mkdirs, nothing}, c.setPaths()
}

func newFail(c *common) (buildout.Recipe, error) {
	fail := func(tx *buildout.Tx) error {
		path, err := c.part.Get("path")
		if err != nil {
			return err
		}
		if err := os.Mkdir(tx.Path(path), 0o777); err != nil {
			return err
		}
		if c.option("created") != "" {
			tx.Created(path)
			c.print("created -> ['" + path + "']")
		}
		return errors.New("boom")
	}
	return funcs{fail, fail}, nil
}

func newUser(c *common) (buildout.Recipe, error) {
	fail := func(*buildout.Tx) error { return c.part.Errorf("", "user problem 3") }
	return funcs{fail, fail}, nil
}

func newFailInit(c *common) (buildout.Recipe, error) {
	return nil, c.part.Errorf("", "init problem")
}

func newFailUpdate(c *common) (buildout.Recipe, error) {
	return funcs{c.mkdirs, func(*buildout.Tx) error { return errors.New("upd boom") }}, c.setPaths()
}

func newSet(c *common) (buildout.Recipe, error) {
	c.part.Set("location", "/loc/"+c.part.Name())
	if late, ok, _ := c.part.Lookup("late"); ok {
		c.part.Set("copy", late)
	}
	if c.option("dollar") != "" {
		c.part.Set("d", "${nosuch:thing}")
	}
	if c.option("nonstr") != "" {
		if err := c.part.SetValue("n", map[string]any{"a": []any{1, nil, true}}); err != nil {
			c.print("TypeError ('Option values must be strings', {'a': [1, None, True]})")
		}
	}
	return funcs{nothing, nothing}, nil
}

func newLate(c *common) (buildout.Recipe, error) {
	return funcs{func(*buildout.Tx) error { c.part.Set("added-in-install", "x"); return nil }, nothing}, nil
}

func newNone(c *common) (buildout.Recipe, error) {
	return funcs{func(*buildout.Tx) error {
		c.print("The " + c.part.Name() + " install returned None.  A path or iterable os paths should be returned.")
		return nil
	}, nothing}, nil
}

// touch makes an empty file and records it under the name it is given.
func (c *common) touch(tx *buildout.Tx, name string) error {
	if err := os.WriteFile(tx.Path(name), nil, 0o666); err != nil {
		return err
	}
	tx.Own(name)
	return nil
}

func newStr(c *common) (buildout.Recipe, error) {
	return funcs{func(tx *buildout.Tx) error { return c.touch(tx, c.option("path")) }, nothing}, nil
}

func newNoUpdate(c *common) (buildout.Recipe, error) {
	install := func(*buildout.Tx) error { c.print("install called"); return nil }
	return funcs{install, func(tx *buildout.Tx) error {
		c.print("The recipe for " + c.part.Name() + " doesn't define an update method.  Using its install method.")
		return install(tx)
	}}, nil
}

func newUpdate(c *common) (buildout.Recipe, error) {
	return funcs{
		func(tx *buildout.Tx) error { return c.touch(tx, "u0") },
		func(tx *buildout.Tx) error {
			switch mode, _, _ := c.part.BuildoutLookup("mode"); mode {
			case "list":
				return c.touch(tx, "u1")
			case "str":
				return c.touch(tx, "u2")
			case "true":
				panic("TypeError: 'bool' object is not iterable")
			}
			return nil
		},
	}, nil
}

func newUse(c *common) (buildout.Recipe, error) {
	other, err := c.part.Section(c.option("other"))
	if err != nil {
		return nil, err
	}
	location, _, err := other.Lookup("location")
	c.print("sees " + location)
	return funcs{nothing, nothing}, err
}

func newRef(c *common) (buildout.Recipe, error) {
	_, err := c.part.Section(c.option("other"))
	return funcs{nothing, nothing}, err
}

func newParse(c *common) (buildout.Recipe, error) {
	return funcs{nothing, nothing}, c.part.Parse(strings.ReplaceAll(c.option("text"), "|", "\n"))
}

func newUninstall(c *common) (buildout.Recipe, error) {
	return funcs{func(tx *buildout.Tx) error {
		tx.Own("und")
		return os.Mkdir(tx.Path("und"), 0o777)
	}, nothing}, nil
}

// uninstaller is what "reftest:un" runs before its paths are removed.
func uninstaller(name string, out io.Writer) func(context.Context, *buildout.Installed) error {
	if name != "un" {
		return nil
	}
	return func(_ context.Context, old *buildout.Installed) error {
		var options []string
		for k, v := range old.Options {
			name, err := repr(k)
			if err != nil {
				return err
			}
			value, err := repr(v)
			if err != nil {
				return err
			}
			options = append(options, "("+name+", "+value+")")
		}
		slices.Sort(options)
		_, err := os.Stat(filepath.Join(old.Directory, "und"))
		fmt.Fprintln(out, "uninstaller", old.Name, "["+strings.Join(options, ", ")+"]", err == nil)
		return nil
	}
}

func newLateAccess(c *common) (buildout.Recipe, error) {
	return funcs{func(*buildout.Tx) error {
		other, err := c.part.Section(c.option("other"))
		if err != nil {
			return err
		}
		location, _, err := other.Lookup("location")
		c.print("late " + location)
		return err
	}, nothing}, nil
}

// exit is an error that asks the program to end with a status.
type exit int

func (e exit) Error() string   { return fmt.Sprintf("exit %d", int(e)) }
func (e exit) ExitStatus() int { return int(e) }

func newCreated(c *common) (buildout.Recipe, error) {
	return funcs{func(tx *buildout.Tx) error {
		if err := os.Mkdir(tx.Path("c1"), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(tx.Path("c2"), nil, 0o666); err != nil {
			return err
		}
		tx.Created("c1", "c2", "c3")
		switch {
		case c.option("exit") != "":
			return exit(3)
		case c.option("kbd") != "":
			return context.Canceled
		}
		return c.part.Errorf("", "x")
	}, nothing}, nil
}
