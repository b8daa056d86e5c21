package buildout

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// loader reads the files of one profile.
type loader struct {
	ctx       context.Context
	options   LoadOptions
	dialect   Dialect
	limits    Limits
	platform  profile.Platform
	defaults  *Config
	overrides []*Section
	// conditions remembers what the conditions of sections came to.
	conditions *profile.Conditions
	while      steps

	nodes  map[string]*node  // by name, normalised if the dialect normalises
	files  map[string]*node  // by the name that positions have
	stack  []visit           // that extend each other down to the one being walked
	links  map[string]string // folders and where they are: the same, or where a link leads
	linkMu sync.Mutex
	walked *files // what is read so far
	ahead  *readAhead
	bytes  atomic.Int64 // read so far
	count  int          // options read
	policy *cachePolicy
}

// root is a file that nothing extends.
type root struct {
	name string
	kind rootKind
	// assigned is the assignment of the command line that names it, if one does.
	assigned string
}

func (r root) reference() reference { return reference{name: r.name, assigned: r.assigned} }

type rootKind int

const (
	mainFile rootKind = iota
	userDefaults
	commandLineExtends
)

// node is a file that has been read.
type node struct {
	name     string
	file     *profile.File
	by       profile.Pos // where it is extended first
	called   string      // as it is named there
	sections []*Section
	extends  []reference
	optional []reference
	children []visit // what it extends, in order

	walked *files // that it is part of
	index  int    // in the order of these
	open   bool   // it is on the stack
}

// visit is a file as another, or a root, extends it. A dialect that doesn't
// normalise names shows them as they are written, as "a/../b.cfg", but the file is
// the same.
type visit struct {
	*node
	written string // "" if the dialect normalises names
}

// nameIn is the name that the visit shows where the extending file shows another.
func (v visit) nameIn(from string) string {
	switch {
	case v.written == "":
		return v.name
	case filepath.IsAbs(v.written) || isURL(v.written):
		return v.written
	}
	return base(from) + "/" + v.written
}

// reference is a name in an extends option.
type reference struct {
	name string
	pos  profile.Pos
	file string // the full name
	err  error  // or why there is none
	// assigned is the assignment of the command line that it is from, if it is.
	assigned string
}

func (r reference) fault() fault { return fault{text: r.name, assigned: r.assigned} }

// files are some roots with all that they extend.
type files struct {
	roots []visit
	order []*node // each where it is named first, after what it extends
	over  *Config // that each is merged over when it is walked; nil if all will be together
	again bool    // some are named more than once, or by another name than their own
	// rankOf is where in the sequence of all visits a file comes last; see rank.
	rankOf map[*profile.File]int
}

// sections counts, to make room.
func (f *files) sections() int {
	n := 1
	for _, node := range f.order {
		n += len(node.sections)
	}
	return n
}

// assemble merges the roots with all that they extend over the defaults.
// Every file comes after what it extends. Where a file is named twice the
// dialects part: it is merged once, where it is first named, or each time.
func (l *loader) assemble(roots []root) (*Config, error) {
	c, defaults := l.newConfig(usualSections), l.defaults.sections
	c.merge(defaults)
	if l.dialect.OncePerFile {
		l.walked = &files{over: c}
		for _, r := range roots {
			if err := l.walkRoot(r, defaults); err != nil {
				return nil, err
			}
		}
		return c, nil
	}
	l.walked = &files{}
	for _, r := range roots {
		if r.kind == commandLineExtends {
			if err := l.mergeWalked(c); err != nil {
				return nil, err
			}
			l.walked = &files{}
		}
		if err := l.walkRoot(r, defaults); err != nil {
			return nil, err
		}
		if r.kind == userDefaults {
			u := l.newConfig(1)
			u.merge(defaults)
			if err := l.mergeWalked(u); err != nil {
				return nil, err
			}
			defaults = u.sections
		}
	}
	err := l.mergeWalked(c)
	return c, err
}

// mergeWalked merges the files read so far with each other, each as often as it
// is named, and the whole over c.
func (l *loader) mergeWalked(c *Config) error {
	f := l.walked
	assembled := l.newConfig(f.sections())
	if f.again {
		if err := assembled.mergeVisits(f); err != nil {
			return l.while.fail(c, err)
		}
	} else {
		for _, n := range f.order {
			assembled.merge(n.sections)
		}
	}
	c.merge(assembled.sections)
	return nil
}

// walkRoot walks a root. Where only roots decide how files are downloaded, it
// does so over the given defaults.
func (l *loader) walkRoot(r root, defaults []*Section) error {
	name := r.name
	if r.kind == commandLineExtends {
		var err error
		if name, err = l.resolve(r.reference(), filepath.Join(l.options.WorkingDirectory, "command line")); err != nil {
			return err
		}
	} else if isURL(name) && l.dialect.NormalizePaths {
		name = joinURL("", name)
	} else if !isURL(name) && !exists(name) {
		return &Error{Code: CodeProfileMissing, Message: "Couldn't open " + name}
	}
	if !l.dialect.OncePerFile {
		if err := l.setRootPolicy(name, r.reference(), defaults); err != nil {
			return err
		}
	}
	n, err := l.node(name, r.reference())
	if err != nil {
		return err
	}
	v := visit{n, name}
	l.walked.roots = append(l.walked.roots, v)
	return l.walk(v, r.reference())
}

// walk reads what a file extends and puts it behind that.
func (l *loader) walk(n visit, ref reference) error {
	switch {
	case n.open:
		return l.extendsLoop(n, ref)
	case n.walked == l.walked:
		l.walked.again = true
		return nil
	case len(l.stack) >= l.limits.Depth:
		return l.limit(ref, "files extend each other %d deep", l.limits.Depth)
	}
	l.stack, n.open = append(l.stack, n), true
	defer func() { l.stack, n.open = l.stack[:len(l.stack)-1], false }()
	n.children = make([]visit, 0, len(n.extends))
	for _, e := range n.extends {
		if err := l.walkTo(n, e); err != nil {
			return err
		}
	}
	for _, e := range n.optional {
		// The original looks for it from the working directory, and then opens it
		// from the file that names it.
		if !exists(filepath.Join(l.options.WorkingDirectory, e.name)) {
			l.options.Logger.Info("optional-extends file not found: " + e.name)
		} else if err := l.walkTo(n, e); err != nil {
			return err
		}
	}
	n.walked = l.walked
	l.walked.order = append(l.walked.order, n.node)
	if c := l.walked.over; c != nil {
		c.merge(n.sections)
	}
	return nil
}

func (l *loader) walkTo(from visit, ref reference) error {
	if ref.err != nil {
		return ref.err
	}
	n, err := l.node(ref.file, ref)
	if err != nil {
		return err
	}
	v := visit{n, ""}
	if !l.dialect.NormalizePaths {
		v.written = ref.name
		l.walked.again = l.walked.again || !isPlain(ref.name) && ref.name != ref.file
	}
	from.children = append(from.children, v)
	return l.walk(v, ref)
}

func (l *loader) extendsLoop(n visit, ref reference) error {
	var quoted, loop, hops []string
	name := ""
	for i, o := range l.stack {
		name = o.nameIn(name)
		quoted = append(quoted, "'"+redact(name)+"'")
		if o.node != n.node && loop == nil {
			continue
		}
		loop = append(loop, redact(name))
		if i+1 < len(l.stack) {
			next := l.stack[i+1]
			hops = append(hops, fmt.Sprintf("%s extends %s", l.extending(o.node, next.node), redact(next.nameIn(name))))
		}
	}
	name = n.nameIn(name)
	return &Error{Code: CodeExtendsLoop, Section: "buildout", Option: "extends", Pos: ref.pos, fault: ref.fault(),
		Message: fmt.Sprintf("Recursive file include [%s] %s", strings.Join(quoted, ", "), redact(name)),
		Detail:  append([]string{"the loop is " + strings.Join(append(loop, redact(name)), " -> ")}, shortened(hops)...)}
}

// extending is the line by which a file extends another.
func (l *loader) extending(from, to *node) profile.Pos {
	for _, refs := range [][]reference{from.extends, from.optional} {
		for _, ref := range refs {
			if l.nodes[ref.file] == to {
				line, _, ok := l.newConfig(0).find(ref.pos, ref.fault())
				if ok {
					return line.Pos
				}
				return ref.pos
			}
		}
	}
	return profile.Pos{File: from.file.Name}
}

func (l *loader) limit(ref reference, format string, args ...any) error {
	return &Error{Code: CodeLimit, Section: "buildout", Option: "extends", Pos: ref.pos, fault: ref.fault(),
		Message: fmt.Sprintf("The profile is too large: "+format+".", args...),
		Hint:    "if it is meant to be, raise the limit in LoadOptions"}
}

// node returns the file of that name, read at most once.
func (l *loader) node(name string, ref reference) (*node, error) {
	if n := l.nodes[name]; n != nil {
		return n, nil
	}
	if len(l.nodes) >= l.limits.Files {
		return nil, l.limit(ref, "it has more than %d files", l.limits.Files)
	}
	if err := l.ctx.Err(); err != nil {
		return nil, err
	}
	n, err := l.read(name, ref)
	if errors.Is(err, errTooLarge) {
		return nil, l.limit(ref, "its files have more than %d bytes", l.limits.Bytes)
	}
	if n != nil {
		n.by, n.called = ref.pos, ref.name
		l.files[n.file.Name] = n
	}
	if err != nil {
		return nil, err
	}
	for _, s := range n.sections {
		if l.count += s.size(); l.count > l.limits.Options {
			return nil, l.limit(reference{pos: s.Pos}, "it has more than %d options", l.limits.Options)
		}
	}
	l.nodes[name] = n
	return n, nil
}

// parse takes in the text of a file. The node is there also with an error.
func (l *loader) parse(name, text string) (*node, error) {
	file, contents, err := profile.Read(redact(name), text, l.conditions, l.dialect.rules)
	n := &node{name: name, file: file}
	if err != nil {
		var errs profile.Errors
		errors.As(err, &errs)
		e := &Error{Code: CodeProfileSyntax, Pos: errs[0].Pos, Length: errs[0].Length, Message: err.Error(), Err: err}
		if errs[0].Kind == profile.BadCondition {
			e.Detail = []string{"in the condition of a section header"}
			e.Hint = "a condition is a PEP 508 marker, such as python_version < \"3.9\", or an expression of linux, python3,\nsys, os, platform, re and open, with and, or, not, in, comparisons and comprehensions"
		}
		return n, e
	}
	n.sections = layer(contents)
	based := l.dialect.BaseLocation && strings.Contains(text, baseLocationReference)
	for _, s := range n.sections {
		if s.Name == "buildout" {
			if o := s.Option("extended-by"); o != nil {
				return n, &Error{Code: CodeExtends, Section: "buildout", Option: "extended-by", Pos: o.Pos(),
					Message: fmt.Sprintf("No-longer supported \"extended-by\" option found in %s.", name)}
			}
			n.extends = l.takeReferences(s, "extends", name)
			if l.dialect.OptionalExtends {
				n.optional = l.takeReferences(s, "optional-extends", name)
			}
		}
		if based {
			s.addBaseLocation(base(name))
		}
	}
	return n, nil
}

// takeReferences removes an option that names files and returns the names.
func (l *loader) takeReferences(s *Section, option, from string) []reference {
	o, ok := s.contents.Remove(option)
	if !ok {
		return nil
	}
	names := strings.Fields(o.Value)
	refs := make([]reference, len(names))
	for i, name := range names {
		refs[i] = reference{name: name, pos: o.Pos()}
		refs[i].file, refs[i].err = l.resolve(refs[i], from)
	}
	return refs
}

const (
	baseLocation          = "_profile_base_location_"
	baseLocationReference = "${:" + baseLocation + "}"
)

// addBaseLocation gives the section the folder of its file if any of its values
// asks for it, even in vain ("$${:_profile_base_location_}").
func (s *Section) addBaseLocation(folder string) {
	for _, o := range s.contents.Options {
		if strings.Contains(o.Value, baseLocationReference) {
			if s.find(baseLocation) < 0 {
				s.contents.Add(profile.OptionContents{Key: baseLocation, Value: folder, File: o.File, Line: o.Line,
					Refers: strings.Contains(folder, "${")})
			}
			return
		}
	}
}

// read reads a file or URL. The node is there also if what it says is wrong.
func (l *loader) read(name string, ref reference) (*node, error) {
	if !isURL(name) {
		n, err := l.ahead.get(name)
		return n, l.openError(err, name, ref)
	}
	if hasFileScheme(name) {
		file := path.Clean(name[len("file://"):])
		n, err := l.readFile(name, file)
		return n, l.openError(err, file, ref)
	}
	text, err := l.download(name, ref)
	if err != nil {
		return nil, err
	}
	if l.bytes.Add(int64(len(text))) > l.limits.Bytes {
		return nil, errTooLarge
	}
	n, err := l.parse(name, text)
	return n, l.wherefrom(err, name)
}

// openError words why a file can't be opened.
func (l *loader) openError(err error, name string, ref reference) error {
	if err == nil {
		return nil
	}
	var pathError *fs.PathError
	if !errors.As(err, &pathError) {
		return err
	}
	e := &Error{Code: CodeProfileMissing, Pos: ref.pos, fault: ref.fault(), Message: err.Error(), Err: err}
	if ref.pos.IsValid() || ref.assigned != "" {
		e.Section, e.Option = "buildout", "extends"
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Message = fmt.Sprintf("[Errno 2] No such file or directory: '%s'", name)
	case errors.Is(err, fs.ErrPermission):
		e.Message = fmt.Sprintf("[Errno 13] Permission denied: '%s'", name)
	}
	return e
}

// readAll reads as much as the limit on all files leaves.
func (l *loader) readAll(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, l.limits.Bytes-l.bytes.Load()+1))
	return string(text), err
}
