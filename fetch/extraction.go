package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// member is one entry of an archive, whatever its format.
type member struct {
	name   string // as it is written in the archive
	kind   memberKind
	mode   fs.FileMode // permission bits only
	mtime  time.Time
	size   int64  // of a file, as the archive declares it
	target string // of a link
}

type memberKind int

const (
	memberFile memberKind = iota
	memberDir
	memberSymlink
	memberHardlink
	memberSpecial
)

// extraction creates members below root. Symbolic links are only collected
// until finish, so that there is none through which something could be
// written; that root refuses to follow them out is the second line of
// defence.
type extraction struct {
	ctx     context.Context
	root    *os.Root
	limits  Limits
	exclude []string
	packed  int64 // size of the archive file; 0: no ratio to be kept
	result  UnpackResult

	entries int64
	links   links
	dirs    []dirTime
	buf     []byte

	parent     *os.Root // the directory entered last, for its next member
	parentName string
}

// dirTime is a directory's modification time, which is set at the end since
// each new entry changes it.
type dirTime struct {
	name  string
	mtime time.Time
}

// add creates a member; content is that of a file.
func (x *extraction) add(m member, content io.Reader) error {
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if x.entries++; x.entries > x.limits.Entries {
		return &LimitError{Limit: "archive members", Max: x.limits.Entries, Name: m.name}
	}
	name, reason := localName(m.name)
	if reason != "" {
		x.skip(m, reason)
		return nil
	}
	for _, pattern := range x.exclude {
		if fnmatch(pattern, m.name) {
			x.result.Excluded = append(x.result.Excluded, m.name)
			return nil
		}
	}
	if len(name) > maxPath {
		return &LimitError{Limit: "bytes of a member's path", Max: maxPath, Name: name[:64] + "..."}
	}
	if depth := int64(strings.Count(name, "/") + 1); depth > x.limits.Depth {
		return &LimitError{Limit: "components of a member's path", Max: x.limits.Depth, Name: m.name}
	}
	if name == "." && m.kind != memberDir {
		return fmt.Errorf("%w: member %q: expected a directory", ErrCorrupt, m.name)
	}
	switch m.kind {
	case memberDir:
		return x.addDir(name, m)
	case memberFile:
		return x.addFile(name, m, content)
	case memberSymlink:
		return x.addSymlink(name, m)
	case memberHardlink:
		return x.addHardlink(name, m)
	}
	x.skip(m, "neither file, directory nor link")
	return nil
}

func (x *extraction) skip(m member, reason string) {
	x.result.Skipped = append(x.result.Skipped, SkippedMember{m.name, reason})
}

// localName turns the name of a member into a path below the directory, or
// says why it isn't one.
func localName(s string) (name, reason string) {
	switch {
	case strings.HasPrefix(s, "/"):
		return "", "absolute path"
	case strings.ContainsRune(s, 0):
		return "", "NUL in the path"
	}
	for part := range strings.SplitSeq(s, "/") {
		if part == ".." {
			return "", `".." in the path`
		}
	}
	name = path.Clean(s)
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", "not a local path"
	}
	return name, ""
}

// enter opens the directory of that name, which it makes if need be.
func (x *extraction) enter(name string) (*os.Root, error) {
	if name == "." {
		return x.root, nil
	}
	if x.parent != nil && x.parentName == name {
		return x.parent, nil
	}
	x.leave()
	if err := x.root.MkdirAll(name, 0o777); err != nil {
		return nil, x.conflict(name, err)
	}
	parent, err := x.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	x.parent, x.parentName = parent, name
	return parent, nil
}

func (x *extraction) leave() {
	if x.parent != nil {
		x.parent.Close()
		x.parent = nil
	}
}

// conflict explains why a directory can't be made: an archive that has a file
// where it also needs a directory is damaged.
func (x *extraction) conflict(name string, err error) error {
	for dir := name; dir != "."; dir = path.Dir(dir) {
		if info, err := x.root.Lstat(dir); err == nil && !info.IsDir() {
			return fmt.Errorf("%w: %q is a file and a directory", ErrCorrupt, dir)
		}
	}
	return err
}

func (x *extraction) addDir(name string, m member) error {
	if name == "." {
		return nil
	}
	parent, err := x.enter(path.Dir(name))
	if err != nil {
		return err
	}
	base := path.Base(name)
	switch err := parent.Mkdir(base, m.mode&0o755|0o700); {
	case errors.Is(err, fs.ErrExist):
		if info, err := parent.Lstat(base); err != nil || !info.IsDir() {
			return fmt.Errorf("%w: %q is a file and a directory", ErrCorrupt, name)
		}
	case err != nil:
		return err
	default:
		x.result.Dirs++
	}
	if !m.mtime.IsZero() {
		x.dirs = append(x.dirs, dirTime{name, m.mtime})
	}
	return nil
}

func (x *extraction) addFile(name string, m member, content io.Reader) error {
	if m.size > x.limits.FileBytes {
		return &LimitError{Limit: "bytes of a file", Max: x.limits.FileBytes, Name: m.name}
	}
	parent, err := x.enter(path.Dir(name))
	if err != nil {
		return err
	}
	base := path.Base(name)
	if err := x.replace(parent, base, name); err != nil {
		return err
	}
	f, err := parent.OpenFile(base, os.O_CREATE|os.O_EXCL|os.O_WRONLY, m.mode&0o755|0o600)
	if err != nil {
		return err
	}
	err = x.copy(f, content, m.name)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	x.result.Files++
	return x.setTime(parent, base, m.mtime)
}

// copy writes a file, and keeps the limits whatever size was declared.
func (x *extraction) copy(w io.Writer, r io.Reader, name string) error {
	if x.buf == nil {
		x.buf = make([]byte, 128<<10)
	}
	var size int64
	for {
		n, readErr := r.Read(x.buf)
		size += int64(n)
		x.result.Bytes += int64(n)
		if size > x.limits.FileBytes {
			return &LimitError{Limit: "bytes of a file", Max: x.limits.FileBytes, Name: name}
		}
		if err := x.bound(x.result.Bytes, name); err != nil {
			return err
		}
		if _, err := w.Write(x.buf[:n]); err != nil {
			return err
		}
		if readErr == io.EOF {
			return nil
		}
		if readErr != nil {
			return damaged(name, readErr)
		}
		if err := x.ctx.Err(); err != nil {
			return err
		}
	}
}

// bound checks the size of what came out of the archive until now.
func (x *extraction) bound(size int64, name string) error {
	if size > x.limits.TotalBytes {
		return &LimitError{Limit: "bytes of all files", Max: x.limits.TotalBytes, Name: name}
	}
	if x.packed > 0 && size > ratioGrace && size/x.limits.Ratio > x.packed {
		return &LimitError{Limit: "times the size of the archive", Max: x.limits.Ratio, Name: name}
	}
	return nil
}

// replace makes room for a file: as with tar, the last of several members
// with one name wins.
func (x *extraction) replace(parent *os.Root, base, name string) error {
	x.links.drop(name)
	info, err := parent.Lstat(base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%w: %q is a file and a directory", ErrCorrupt, name)
	}
	x.result.Files--
	return parent.Remove(base)
}

func (x *extraction) addSymlink(name string, m member) error {
	switch {
	case m.target == "" || strings.ContainsRune(m.target, 0):
		x.skip(m, "symbolic link to nowhere")
	case len(m.target) >= maxPath:
		x.skip(m, "symbolic link with too long a target")
	default:
		x.links.add(link{name: name, member: m})
	}
	return nil
}

func (x *extraction) addHardlink(name string, m member) error {
	target, reason := localName(m.target)
	if reason != "" {
		x.skip(m, "hard link to "+fmt.Sprintf("%q", m.target)+": "+reason)
		return nil
	}
	if target == name {
		x.skip(m, "hard link to itself")
		return nil
	}
	if l, ok := x.links.get(target); ok {
		m.target = l.member.target
		return x.addSymlink(name, m)
	}
	if info, err := x.root.Lstat(target); err != nil || !info.Mode().IsRegular() {
		x.skip(m, "hard link to "+fmt.Sprintf("%q", m.target)+", which is no file extracted before")
		return nil
	}
	parent, err := x.enter(path.Dir(name))
	if err != nil {
		return err
	}
	if err := x.replace(parent, path.Base(name), name); err != nil {
		return err
	}
	if err := x.root.Link(target, name); err != nil {
		return err
	}
	x.result.Files++
	return nil
}

// setTime sets a modification time, unless it is one that no file could have.
func (x *extraction) setTime(parent *os.Root, base string, t time.Time) error {
	if t.IsZero() || t.Unix() < 0 || t.Unix() >= 1<<33 {
		return nil
	}
	return parent.Chtimes(base, t, t)
}

// finish creates the symbolic links, and then sets the times of directories.
func (x *extraction) finish() error {
	if err := x.createLinks(); err != nil {
		return err
	}
	for _, d := range x.dirs {
		if err := x.ctx.Err(); err != nil {
			return err
		}
		if err := x.setTime(x.root, d.name, d.mtime); err != nil {
			return err
		}
	}
	return nil
}

// damaged explains an error met while reading an archive, unless it isn't the
// archive's fault.
func damaged(name string, err error) error {
	var limit *LimitError
	var file *fs.PathError
	if errors.As(err, &limit) || errors.As(err, &file) || errors.Is(err, ErrFormat) || errors.Is(err, ErrCorrupt) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	what := err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		what = "breaks off"
	}
	if name == "" {
		return fmt.Errorf("%w: %s", ErrCorrupt, what)
	}
	return fmt.Errorf("%w: %s at %q", ErrCorrupt, what, name)
}
