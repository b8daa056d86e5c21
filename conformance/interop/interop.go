// Package interop has recipes that exist for the original too, equal in
// behaviour: its side is testdata/interop of package conformance. They make what
// their options say.
//
//	look-at          sections to look at when constructed
//	values           options to set when constructed, a JSON object
//	refuse           an error to construct with
//	folders, files   what install makes, a path a line
//	text             what is in the files
//	fail             an error to end install with
//	say              what to log when something is made
//	update-folders, update-files, update-fail   the same for update
//
// They set location. "interop:noupdate" has no update, and "interop:watched"
// notes in uninstalled.jsonl what its uninstaller was called with.
package interop

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// Version makes the signature of the recipes that of the original's egg.
const Version = "1.egg"

// Register adds the recipes to a registry.
func Register(r *buildout.Registry, version string) {
	r.Register("interop", buildout.Entry{Version: version, New: newTree})
	r.Register("interop:watched", buildout.Entry{Version: version, New: newTree, Uninstall: uninstalled})
	r.Register("interop:noupdate", buildout.Entry{Version: version, New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
		m, err := newMaker(part)
		return m, err
	}})
}

// maker makes what options say. Each option is read just when the original's
// recipe reads it: the others are reported as unused.
type maker struct{ part *buildout.Part }

func newMaker(part *buildout.Part) (*maker, error) {
	m := &maker{part}
	for _, name := range strings.Fields(m.option("look-at")) {
		if _, err := part.Section(name); err != nil {
			return nil, err
		}
	}
	var values map[string]string
	if text := m.option("values"); text != "" {
		if err := json.Unmarshal([]byte(text), &values); err != nil {
			return nil, part.Errorf("values", "%w", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		part.Set(name, values[name])
	}
	parts, err := part.Buildout("parts-directory")
	if err != nil {
		return nil, err
	}
	part.Set("location", filepath.Join(parts, part.Name()))
	return m, m.fail("refuse")
}

func (m *maker) option(name string) string {
	v, _, _ := m.part.Lookup(name)
	return v
}

func (m *maker) fail(option string) error {
	if message, ok, _ := m.part.Lookup(option); ok {
		return m.part.Errorf("", "%s", message)
	}
	return nil
}

func (m *maker) lines(option string) []string {
	return slices.DeleteFunc(strings.Split(m.option(option), "\n"), func(s string) bool { return s == "" })
}

func (m *maker) make(tx *buildout.Tx, prefix string) error {
	if text, ok, _ := m.part.Lookup("say"); ok {
		tx.Log().Info(text)
	}
	for _, path := range m.lines(prefix + "folders") {
		if err := os.MkdirAll(tx.Path(path), 0o777); err != nil {
			return err
		}
		tx.Created(path)
	}
	for _, path := range m.lines(prefix + "files") {
		if err := os.WriteFile(tx.Path(path), []byte(m.option("text")), 0o666); err != nil {
			return err
		}
		tx.Created(path)
	}
	return m.fail(prefix + "fail")
}

func (m *maker) Install(_ context.Context, tx *buildout.Tx) error { return m.make(tx, "") }

// tree is a maker that can be updated.
type tree struct{ *maker }

func newTree(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	m, err := newMaker(part)
	return tree{m}, err
}

func (t tree) Update(_ context.Context, tx *buildout.Tx) error { return t.make(tx, "update-") }

func uninstalled(_ context.Context, old *buildout.Installed) error {
	options := maps.Clone(old.Options)
	options["__buildout_installed__"] = strings.Join(old.Paths, "\n")
	options["__buildout_signature__"] = old.Signature
	there := []bool{}
	for _, path := range old.Paths {
		if !filepath.IsAbs(path) {
			path = filepath.Join(old.Directory, path)
		}
		_, err := os.Stat(path)
		there = append(there, err == nil)
	}
	line, err := json.Marshal([]any{old.Name, options, there})
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(old.Directory, "uninstalled.jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}
