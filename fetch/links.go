package fetch

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// maxHops is the number of symbolic links that Linux follows for one path.
const maxHops = 40

// maxLinkWork bounds the bytes of paths looked at while links are followed: a
// few thousand entangled links could keep a machine busy for hours.
const maxLinkWork = 1 << 30

// link is a symbolic link that is to be created.
type link struct {
	name   string // cleaned
	member member
}

// links are the symbolic links of an archive, in its order; of several with
// one name the last one counts.
type links struct {
	list   []link
	byName map[string]int // the place in list
}

func newLinks() links { return links{byName: map[string]int{}} }

func (s *links) add(l link) {
	s.byName[l.name] = len(s.list)
	s.list = append(s.list, l)
}

func (s *links) drop(name string) { delete(s.byName, name) }

func (s *links) get(name string) (link, bool) {
	if i, ok := s.byName[name]; ok {
		return s.list[i], true
	}
	return link{}, false
}

// all yields the links that count.
func (s *links) all(yield func(link) bool) {
	for i, l := range s.list {
		if j, ok := s.byName[l.name]; ok && i == j && !yield(l) {
			return
		}
	}
}

// createLinks creates those links that stay inside. Whether one does depends
// on the others and on which names became directories, so those come first.
func (x *extraction) createLinks() error {
	for l := range x.links.all {
		if err := x.ctx.Err(); err != nil {
			return err
		}
		if _, err := x.enter(path.Dir(l.name)); err != nil {
			return err
		}
	}
	for l := range x.links.all {
		if info, err := x.root.Lstat(l.name); err == nil && info.IsDir() {
			x.skip(l.member, "symbolic link where there is a directory")
			x.links.drop(l.name)
		}
	}
	work := 0
	var inside []link
	for l := range x.links.all {
		if err := x.ctx.Err(); err != nil {
			return err
		}
		if x.links.escapes(l, &work) {
			x.skip(l.member, "symbolic link to the outside")
		} else {
			inside = append(inside, l)
		}
		if work > maxLinkWork {
			return &LimitError{Limit: "bytes of paths while links are followed", Max: maxLinkWork, Name: l.member.name}
		}
	}
	for _, l := range inside {
		if err := x.ctx.Err(); err != nil {
			return err
		}
		switch err := x.root.Remove(l.name); {
		case err == nil:
			x.result.Files-- // a file of the same name came before
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
		if err := x.root.Symlink(l.member.target, l.name); err != nil {
			return err
		}
		x.result.Links++
	}
	return nil
}

// escapes follows a link, through other links as well, as the system would do
// it, and reports whether it leads out of the directory. One that leads to
// nothing, or in a circle, doesn't.
func (s *links) escapes(l link, work *int) bool {
	here := strings.Split(l.name, "/")
	here = here[:len(here)-1]
	todo := []string{l.member.target} // targets of which a rest is to be walked, innermost last
	for hops := 0; len(todo) > 0; {
		last := len(todo) - 1
		if strings.HasPrefix(todo[last], "/") {
			return true
		}
		part, rest, more := strings.Cut(todo[last], "/")
		if todo[last] = strings.TrimLeft(rest, "/"); !more || todo[last] == "" {
			todo = todo[:last]
		}
		*work += len(part) + 1
		switch part {
		case "", ".":
			continue
		case "..":
			if len(here) == 0 {
				return true
			}
			here = here[:len(here)-1]
			continue
		}
		here = append(here, part)
		name := strings.Join(here, "/")
		if *work += len(name); *work > maxLinkWork {
			return true
		}
		if next, ok := s.get(name); ok {
			if hops++; hops > maxHops {
				return false
			}
			here = here[:len(here)-1]
			todo = append(todo, next.member.target)
		}
	}
	return false
}
