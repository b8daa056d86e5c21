package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// follow goes through the local files that a file extends, reports those that
// can't be read and those that come round to themselves, and tells whether
// anything keeps Buildout from reading the profile. What is behind URLs, Buildout
// reads itself.
func (l *linter) follow(s *source, stack []*source, seen map[*source]bool) (broken bool) {
	if seen[s] {
		return s.broken
	}
	seen[s] = true
	stack = append(stack, s)
	broken = s.broken
	s.extends = nil
	for _, ref := range l.extends(s) {
		other, err := l.source(ref.name)
		if err != nil {
			broken = true
			l.found.report(unreadableExtends, ref.pos, "names are relative to the file that extends", "'%s' can't be read: %s", ref.text, reason(err))
			continue
		}
		s.extends = append(s.extends, ref.name)
		if i := slices.Index(stack, other); i >= 0 {
			broken = true
			var loop []string
			for _, o := range append(stack[i:len(stack):len(stack)], other) {
				loop = append(loop, filepath.Base(o.file.Name))
			}
			l.found.report(extendsLoop, ref.pos, "", "'%s' extends this file again: the loop is %s", ref.text, strings.Join(loop, " -> "))
			continue
		}
		if l.follow(other, stack, seen) {
			broken = true
		}
	}
	return broken
}

// reason is why a file can't be read, without its name.
func reason(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file"
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// extended is a file that another extends.
type extended struct {
	text string // as it is written
	name string // of the file
	pos  profile.Pos
}

var urlScheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*://`)

// extends lists the local files that a file extends.
func (l *linter) extends(s *source) []extended {
	var refs []extended
	for _, name := range []string{"extends", "optional-extends"} {
		o := l.option(s, name)
		if o == nil {
			continue
		}
		for _, text := range strings.Fields(o.Value()) {
			if urlScheme.MatchString(text) {
				continue
			}
			if name == "optional-extends" {
				// It is looked for from the working directory, and then opened from here.
				_, err := os.Stat(filepath.Join(l.options.WorkingDirectory, text))
				if err != nil || !l.options.Dialect.OptionalExtends {
					continue
				}
			}
			refs = append(refs, extended{text, l.resolve(text, s.file.Name), s.find(o.Pos, matchWord(text))})
		}
	}
	return refs
}

// option is the last plain setting of an option of [buildout] in a file.
func (l *linter) option(s *source, name string) *profile.Option {
	var last *profile.Option
	for _, section := range s.file.Sections() {
		if section.Name != "buildout" {
			continue
		}
		if section.Cond.Present {
			if ok, err := l.conditions.Holds(section.Cond.Text); err != nil || !ok {
				continue
			}
		}
		for _, o := range section.Options {
			if o.Name == name && o.Op == profile.Set {
				last = o
			}
		}
	}
	return last
}

func (l *linter) resolve(name, from string) string {
	if rest, ok := strings.CutPrefix(name, "~/"); ok && l.options.Dialect.NormalizePaths && l.options.Home != "" {
		name = filepath.Join(l.options.Home, rest)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(from), name)
	}
	return filepath.Clean(name)
}

// extendsFile reports whether a file extends another, directly or through others.
func (l *linter) extendsFile(file, other string) bool {
	seen := map[string]bool{}
	next := []string{file}
	for len(next) > 0 {
		s := l.sources[next[0]]
		next = next[1:]
		if s == nil {
			continue
		}
		for _, name := range s.extends {
			if name == other {
				return true
			}
			if !seen[name] {
				seen[name] = true
				next = append(next, name)
			}
		}
	}
	return false
}
