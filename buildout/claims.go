package buildout

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// claim is a path that a part has recorded, made absolute.
type claim struct{ path, part string }

func compareClaims(a, b claim) int {
	return cmp.Or(strings.Compare(a.path, b.path), strings.Compare(a.part, b.part))
}

// claims are the recorded paths of all parts, sorted.
type claims []claim

func (c *claims) add(part string, paths []string) {
	for _, p := range paths {
		n := claim{p, part}
		if i, found := slices.BinarySearchFunc(*c, n, compareClaims); !found {
			*c = slices.Insert(*c, i, n)
		}
	}
}

func (c *claims) drop(part string, paths []string) {
	for _, p := range paths {
		if i, found := slices.BinarySearchFunc(*c, claim{p, part}, compareClaims); found {
			*c = slices.Delete(*c, i, i+1)
		}
	}
}

// at are the claims to a path itself.
func (c claims) at(path string) []claim {
	return c.between(path, path+"\x00")
}

// inside are the claims to what is in a folder.
func (c claims) inside(path string) []claim {
	path = strings.TrimSuffix(path, "/")
	return c.between(path+"/", path+"0") // the byte after the slash
}

// between are the claims from one path on and before another.
func (c claims) between(from, before string) []claim {
	i, _ := slices.BinarySearchFunc(c, claim{path: from}, compareClaims)
	j, _ := slices.BinarySearchFunc(c, claim{path: before}, compareClaims)
	return slices.Clone(c[i:j])
}

// outermost leaves out the paths that lie in others of the list.
func outermost(paths []string) []string {
	sorted := slices.Compact(slices.Sorted(slices.Values(paths)))
	set := make(map[string]bool, len(sorted))
	var out []string
	for _, p := range sorted {
		if !nearest(set, filepath.Dir(p)) {
			set[p] = true
			out = append(out, p)
		}
	}
	return out
}

// nearest gives what a map has of a path, or of the nearest folder that it is in,
// and the zero value if it has none. Paths are clean.
func nearest[V any](m map[string]V, path string) (found V) {
	for len(m) > 0 {
		if v, ok := m[path]; ok {
			return v
		}
		parent := filepath.Dir(path)
		if parent == path {
			break
		}
		path = parent
	}
	return found
}
