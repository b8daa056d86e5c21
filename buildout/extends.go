package buildout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// loader reads the files of one profile.
type loader struct {
	ctx       context.Context
	options   LoadOptions
	dialect   Dialect
	limits    Limits
	platform  profile.Platform
	overrides *layer
	// conditions remembers what the conditions of sections came to.
	conditions *profile.Conditions
	while      steps

	nodes    map[string]*node // by name, normalised if the dialect normalises
	stack    []*node          // that extend each other down to the one being visited
	files    map[string]*profile.File
	extended map[string]profile.Pos // Config.extended
	bytes    int64
	count    int // options read
	visits   int
	policy   *cachePolicy
	assembly *Config // what is merged so far
}

// root is a file that nothing extends.
type root struct {
	name string
	kind rootKind
}

type rootKind int

const (
	mainFile rootKind = iota
	userDefaults
	commandLineExtends
)

// node is a file that has been read.
type node struct {
	name     string
	layer    *layer
	extends  []reference
	optional []reference
	merged   bool
	open     bool // it is on the stack
}

// reference is a name in an extends option.
type reference struct {
	name string
	pos  profile.Pos
	node *node // once it is known
}

// assemble merges the roots with all that they extend over the defaults in c.
// Every file comes after what it extends. Where a file is named twice the
// dialects part: it is merged once, where it is first named, or each time.
func (l *loader) assemble(c *Config, roots []root) error {
	if l.dialect.DefaultsFirst {
		l.assembly = c
		for _, r := range roots {
			if err := l.visitRoot(r); err != nil {
				return err
			}
		}
		return nil
	}
	defaults := c.layer()
	l.assembly = l.newConfig()
	for _, r := range roots {
		if r.kind == commandLineExtends {
			c.merge(l.assembly.layer())
			l.assembly = l.newConfig()
		}
		l.policy = l.rootPolicy(r, defaults)
		if err := l.visitRoot(r); err != nil {
			return err
		}
	}
	c.merge(l.assembly.layer())
	return nil
}

func (l *loader) visitRoot(r root) error {
	ref := reference{name: r.name}
	from := ""
	if r.kind == commandLineExtends {
		from = filepath.Join(l.options.WorkingDirectory, "command line")
	} else if !isURL(r.name) && !exists(r.name) {
		return &Error{Code: CodeProfileMissing, Message: "Couldn't open " + r.name}
	}
	return l.visit(&ref, from)
}

// visit merges the file that another extends after what it extends itself. A
// root extends nothing: from is "" and the name is complete.
func (l *loader) visit(ref *reference, from string) error {
	if ref.node == nil {
		name := ref.name
		if from != "" {
			var err error
			if name, err = l.resolve(*ref, from); err != nil {
				return err
			}
		}
		n, err := l.node(name, *ref)
		if err != nil {
			return err
		}
		ref.node = n
	}
	n := ref.node
	switch {
	case n.open:
		return l.extendsLoop(n, *ref)
	case l.dialect.OncePerFile && n.merged:
		return nil
	case len(l.stack) >= l.limits.Depth:
		return l.limit(*ref, "files extend each other %d deep", l.limits.Depth)
	}
	l.stack, n.open = append(l.stack, n), true
	defer func() { l.stack, n.open = l.stack[:len(l.stack)-1], false }()
	for i := range n.extends {
		if err := l.visit(&n.extends[i], n.name); err != nil {
			return err
		}
	}
	for i := range n.optional {
		// The original looks for it from the working directory, and then opens it
		// from the file that names it.
		if e := &n.optional[i]; !exists(filepath.Join(l.options.WorkingDirectory, e.name)) {
			l.options.Logger.Info("optional-extends file not found: " + e.name)
		} else if err := l.visit(e, n.name); err != nil {
			return err
		}
	}
	if l.visits++; l.visits > l.limits.Visits {
		return l.limit(*ref, "files are merged %d times", l.limits.Visits)
	}
	n.merged = true
	l.assembly.merge(n.layer)
	return nil
}

func (l *loader) extendsLoop(n *node, ref reference) error {
	var quoted, loop []string
	for _, o := range l.stack {
		quoted = append(quoted, "'"+o.name+"'")
		if o == n || loop != nil {
			loop = append(loop, o.name)
		}
	}
	return &Error{Code: CodeExtendsLoop, Section: "buildout", Option: "extends", Pos: ref.pos,
		Message: fmt.Sprintf("Recursive file include [%s] %s", strings.Join(quoted, ", "), n.name),
		Detail:  []string{"the loop is " + strings.Join(append(loop, n.name), " -> ")}}
}

func (l *loader) limit(ref reference, format string, args ...any) error {
	return &Error{Code: CodeLimit, Section: "buildout", Option: "extends", Pos: ref.pos,
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
	text, err := l.read(name, ref)
	if err != nil {
		return nil, err
	}
	if l.bytes += int64(len(text)); l.bytes > l.limits.Bytes {
		return nil, l.limit(ref, "its files have more than %d bytes", l.limits.Bytes)
	}
	n, err := l.parse(name, text)
	if err != nil {
		return nil, err
	}
	l.nodes[name], l.extended[name] = n, ref.pos
	return n, nil
}

func (l *loader) parse(name, text string) (*node, error) {
	file := profile.Parse(name, text)
	l.files[name] = file
	contents, err := file.Eval(l.conditions, l.dialect.rules)
	if err != nil {
		var errs profile.Errors
		errors.As(err, &errs)
		e := &Error{Code: CodeProfileSyntax, Pos: errs[0].Pos, Message: err.Error(), Err: err}
		if errs[0].Kind == profile.BadCondition {
			e.Detail = []string{"in the condition of a section header"}
		}
		return nil, e
	}
	n := &node{name: name, layer: fileLayer(contents)}
	for _, s := range n.layer.sections {
		if l.count += len(s.options); l.count > l.limits.Options {
			return nil, l.limit(reference{pos: s.pos}, "it has more than %d options", l.limits.Options)
		}
		if s.name == "buildout" {
			if o := s.find("extended-by"); o != nil {
				return nil, &Error{Code: CodeExtends, Section: "buildout", Option: "extended-by", Pos: o.Pos(),
					Message: fmt.Sprintf("No-longer supported \"extended-by\" option found in %s.", name)}
			}
			n.extends = s.takeReferences("extends")
			if l.dialect.OptionalExtends {
				n.optional = s.takeReferences("optional-extends")
			}
		}
		if l.dialect.BaseLocation {
			s.addBaseLocation(base(name))
		}
	}
	return n, nil
}

// takeReferences removes an option that names files and returns the names.
func (s *layerSection) takeReferences(option string) []reference {
	o := s.find(option)
	if o == nil || o.op != profile.Set {
		return nil
	}
	s.options = slices.DeleteFunc(s.options, func(x *Option) bool { return x == o })
	var refs []reference
	for _, name := range strings.Fields(o.text) {
		refs = append(refs, reference{name: name, pos: o.Pos()})
	}
	return refs
}

const baseLocation = "_profile_base_location_"

// addBaseLocation gives the section the folder of its file if any of its values
// asks for it, even in vain ("$${:_profile_base_location_}").
func (s *layerSection) addBaseLocation(folder string) {
	for _, o := range s.options {
		if strings.Contains(o.text, "${:"+baseLocation+"}") {
			if s.find(baseLocation) == nil {
				s.options = append(s.options, &Option{Name: baseLocation, key: baseLocation, text: folder,
					last: newOperation(Operation{Kind: OpSet, Value: folder, Pos: o.Pos(), Source: o.Source()}, nil)})
			}
			return
		}
	}
}

var urlScheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*://`)

func isURL(name string) bool { return urlScheme.MatchString(name) }

// base is the folder of a file or URL, without a slash at its end.
func base(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:max(i, 0)]
	}
	return "."
}

// resolve gives the full name of what a file extends.
func (l *loader) resolve(ref reference, from string) (string, error) {
	name := ref.name
	remote := isURL(from) && !strings.HasPrefix(from, "file://")
	switch {
	case isURL(name):
		if remote && strings.HasPrefix(name, "file://") {
			return "", l.remoteExtendsLocal(ref, from)
		}
	case isURL(from):
		if strings.HasPrefix(name, "/") && !l.dialect.NormalizePaths {
			if remote {
				return "", l.remoteExtendsLocal(ref, from)
			}
			break
		}
		if l.dialect.NormalizePaths {
			joined, err := joinURL(from, name)
			if err != nil {
				return "", &Error{Code: CodeExtends, Section: "buildout", Option: "extends", Pos: ref.pos, Message: err.Error(), Err: err}
			}
			return joined, nil
		}
		return base(from) + "/" + name, nil
	case l.dialect.NormalizePaths:
		if rest, ok := strings.CutPrefix(name, "~/"); ok && l.options.Home != "" {
			name = filepath.Join(l.options.Home, rest)
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(from), name)
		}
		return filepath.Clean(name), nil
	case !filepath.IsAbs(name):
		return filepath.Dir(from) + "/" + name, nil
	}
	if l.dialect.NormalizePaths && isURL(name) {
		if u, err := url.Parse(name); err == nil && u.Path != "" {
			u.Path = path.Clean(u.Path)
			return u.String(), nil
		}
	}
	return name, nil
}

func joinURL(from, name string) (string, error) {
	b, err := url.Parse(from)
	if err != nil {
		return "", err
	}
	n, err := url.Parse(name)
	if err != nil {
		return "", err
	}
	return b.ResolveReference(n).String(), nil
}

func (l *loader) remoteExtendsLocal(ref reference, from string) error {
	return &Error{Code: CodeExtends, Section: "buildout", Option: "extends", Pos: ref.pos,
		Message: fmt.Sprintf("The remote profile %s can't extend the local file %s.", from, ref.name),
		Hint:    "a profile from the network is not trusted with this machine's files"}
}

// read returns the text of a file or URL.
func (l *loader) read(name string, ref reference) (string, error) {
	if local, ok := strings.CutPrefix(name, "file://"); ok {
		return l.readFile(path.Clean(local), ref)
	}
	if isURL(name) {
		return l.download(name, ref)
	}
	return l.readFile(name, ref)
}

func (l *loader) readFile(name string, ref reference) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		e := &Error{Code: CodeProfileMissing, Pos: ref.pos, Err: err}
		if ref.pos.IsValid() {
			e.Section, e.Option = "buildout", "extends"
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			e.Message = fmt.Sprintf("[Errno 2] No such file or directory: '%s'", name)
		case errors.Is(err, fs.ErrPermission):
			e.Message = fmt.Sprintf("[Errno 13] Permission denied: '%s'", name)
		default:
			e.Message = err.Error()
		}
		return "", e
	}
	defer f.Close()
	var size int64
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	return l.readAll(f, size, ref)
}

// readAll reads as much as the limit on all files leaves; size is what to expect.
func (l *loader) readAll(r io.Reader, size int64, ref reference) (string, error) {
	most := l.limits.Bytes - l.bytes + 1
	b := bytes.NewBuffer(make([]byte, 0, min(size, most)+bytes.MinRead))
	if _, err := b.ReadFrom(io.LimitReader(r, most)); err != nil {
		return "", &Error{Code: CodeProfileMissing, Pos: ref.pos, Message: err.Error(), Err: err}
	}
	return b.String(), nil
}
