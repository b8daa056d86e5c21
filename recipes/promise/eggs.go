package promise

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// requirement is a line such as "slapos.toolbox[x] >= 1".
type requirement struct {
	name        string // normalised
	extras      []string
	conditional bool // on the machine
}

var (
	requirementText = regexp.MustCompile(`^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?`)
	separators      = regexp.MustCompile(`[-_.]+`)
)

func normalise(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

func parseRequirement(line string) (requirement, bool) {
	m := requirementText.FindStringSubmatch(line)
	if m == nil {
		return requirement{}, false
	}
	req := requirement{name: normalise(m[1])}
	for extra := range strings.SplitSeq(m[2], ",") {
		if extra = normalise(strings.TrimSpace(extra)); extra != "" {
			req.extras = append(req.extras, extra)
		}
	}
	return req, true
}

// distribution is an egg, or what an egg-link leads to.
type distribution struct {
	location string
	version  string
	requires string // the file requires.txt
}

// eggPaths finds the distributions that eggs asks for, with what they require.
// One that is not installed is only worth a warning: a node may have it, or know
// the promise itself.
func eggPaths(part *buildout.Part, eggs []string, directories []string) ([]string, error) {
	var wanted []requirement
	for _, line := range eggs {
		req, ok := parseRequirement(line)
		if !ok {
			return nil, part.Errorf("eggs", "invalid requirement '%s'\nexpected the name of a distribution", line)
		}
		wanted = append(wanted, req)
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	pins, err := pinned(part)
	if err != nil {
		return nil, err
	}
	installed := scan(directories, pins)
	var paths, missing []string
	located, read := map[string]bool{}, map[string]bool{}
	for len(wanted) > 0 {
		req := wanted[0]
		wanted = wanted[1:]
		dist, found := installed[req.name]
		if !located[req.name] {
			located[req.name] = true
			if !found && !req.conditional {
				missing = append(missing, req.name)
			} else if found {
				paths = append(paths, dist.location)
			}
		}
		for _, extra := range append([]string{""}, req.extras...) {
			key := req.name + "[" + extra + "]"
			if found && !read[key] {
				read[key] = true
				wanted = append(wanted, dist.requirements(extra)...)
			}
		}
	}
	if len(missing) > 0 {
		part.Logger().Warn("Not installed, hence not on the path of the promise: " + strings.Join(missing, ", ") + ".")
	}
	return paths, nil
}

// pinned are the versions that the profile asks for.
func pinned(part *buildout.Part) (map[string]string, error) {
	pins := map[string]string{}
	name, _, err := part.BuildoutLookup("versions")
	if err != nil || name == "" || !part.Has(name) {
		return pins, err
	}
	versions, err := part.Section(name)
	if err != nil {
		return nil, err
	}
	for _, option := range versions.Options() {
		value, err := versions.Get(option)
		if err != nil {
			return nil, err
		}
		pins[normalise(option)] = value
	}
	return pins, nil
}

// scan lists the distributions of directories by name. Those in the first
// directory come first; of several versions it is the pinned one, or the newest.
func scan(directories []string, pins map[string]string) map[string]distribution {
	found := map[string]distribution{}
	for _, dir := range directories {
		here := map[string]distribution{}
		for _, pattern := range []string{"*.egg", "*.egg-link", "v[0-9]*/*.egg"} {
			matches, _ := filepath.Glob(filepath.Join(escape(dir), pattern)) // the pattern is well formed
			for _, path := range matches {
				name, dist, ok := open(path)
				old, twice := here[name]
				if ok && (!twice || dist.version == pins[name] || old.version != pins[name] && older(old.version, dist.version)) {
					here[name] = dist
				}
			}
		}
		for name, dist := range here {
			if _, ok := found[name]; !ok {
				found[name] = dist
			}
		}
	}
	return found
}

// escape keeps a directory's name from being taken for a pattern.
func escape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// open reads NAME-VERSION-pyX.Y.egg or NAME.egg-link.
func open(path string) (name string, dist distribution, ok bool) {
	base := filepath.Base(path)
	if link, isLink := strings.CutSuffix(base, ".egg-link"); isLink {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", dist, false
		}
		target, _, _ := strings.Cut(string(content), "\n")
		if target = strings.TrimSpace(target); target == "" {
			return "", dist, false
		}
		info := strings.NewReplacer("-", "_").Replace(link) + ".egg-info"
		return normalise(link), distribution{location: target, requires: filepath.Join(target, info, "requires.txt")}, true
	}
	fields := strings.Split(strings.TrimSuffix(base, ".egg"), "-")
	dist = distribution{location: path, requires: filepath.Join(path, "EGG-INFO", "requires.txt")}
	if len(fields) > 1 {
		dist.version = strings.ReplaceAll(fields[1], "_", "-")
	}
	return normalise(fields[0]), dist, true
}

// requirements reads what a distribution requires, for itself ("") or an extra.
// Conditions on the machine are taken for true: what they were false for isn't
// installed.
func (d distribution) requirements(extra string) []requirement {
	content, err := os.ReadFile(d.requires)
	if err != nil {
		return nil // nothing required, or a zipped egg
	}
	var list []requirement
	section, conditional := "", false
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if inside, ok := strings.CutPrefix(line, "["); ok {
			section, _, conditional = strings.Cut(strings.TrimSuffix(inside, "]"), ":")
			section = normalise(section)
			continue
		}
		if req, ok := parseRequirement(line); ok && section == extra {
			req.conditional = conditional
			list = append(list, req)
		}
	}
	return list
}
