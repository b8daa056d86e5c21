package buildout

import (
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// base is the folder of a file or URL, without a slash at its end.
func base(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:max(i, 0)]
	}
	return "."
}

// resolve gives the full name of what a file extends.
func (l *loader) resolve(ref reference, from string) (string, error) {
	name, remote := ref.name, isRemote(from)
	switch {
	case !l.dialect.NormalizePaths:
		switch {
		case isURL(name):
		case !isURL(from):
			name = l.physical(base(from), name)
		case !filepath.IsAbs(name):
			name = base(from) + "/" + name
		}
	case strings.HasPrefix(name, "~/") && !remote && l.options.Home != "":
		name = filepath.Join(l.options.Home, name[2:])
	case isURL(name) || isURL(from):
		name = joinURL(from, name)
	case filepath.IsAbs(name):
		name = filepath.Clean(name)
	default:
		name = joinFile(from, name)
	}
	if remote && !isRemote(name) {
		return "", &Error{Code: CodeExtends, Section: "buildout", Option: "extends", Pos: ref.pos, fault: ref.fault(),
			Message: fmt.Sprintf("The remote profile %s can't extend the local file %s.", redact(from), ref.name),
			Hint:    "a profile from the network is not trusted with this machine's files"}
	}
	return name, nil
}

// joinFile is filepath.Join of the folder of a file, whose name is clean, and a
// name, with a short way for the usual "../x/y.cfg".
func joinFile(from, name string) string {
	dir, rest := base(from), name
	for strings.HasPrefix(rest, "../") && strings.LastIndexByte(dir, '/') > 0 {
		dir, rest = base(dir), rest[len("../"):]
	}
	if dir == "" || !isPlain(rest) {
		return filepath.Join(filepath.Dir(from), name)
	}
	return dir + "/" + rest
}

// isPlain reports whether there is nothing to clean in a relative path.
func isPlain(path string) bool {
	return path != "" && path[0] != '.' && path[0] != '/' && path[len(path)-1] != '/' &&
		!strings.Contains(path, "//") && !strings.Contains(path, "/.")
}

// physical joins a folder and a name as the operating system does when it opens
// the file: ".." is the parent of where a link leads. The result has no "..".
func (l *loader) physical(dir, name string) string {
	if filepath.IsAbs(name) {
		dir = ""
	}
	for strings.HasPrefix(name, "../") {
		dir, name = strings.TrimSuffix(base(l.target(dir)), "/"), name[len("../"):]
	}
	if isPlain(name) {
		return dir + "/" + name
	}
	for segment := range strings.SplitSeq(name, "/") {
		switch segment {
		case "", ".":
		case "..":
			dir = strings.TrimSuffix(base(l.target(dir)), "/")
		default:
			dir += "/" + segment
		}
	}
	return dir
}

// target is where a folder is if it is a link, or else the folder.
func (l *loader) target(dir string) string {
	l.linkMu.Lock()
	target, known := l.links[dir]
	l.linkMu.Unlock()
	if known {
		return target
	}
	target = dir
	var is unix.Stat_t
	if err := unix.Lstat(dir, &is); err == nil && is.Mode&unix.S_IFMT == unix.S_IFLNK {
		if to, err := filepath.EvalSymlinks(dir); err == nil {
			target = to
		}
	}
	l.linkMu.Lock()
	l.links[dir] = target
	l.linkMu.Unlock()
	return target
}
