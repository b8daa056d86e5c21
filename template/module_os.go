package template

import (
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// osModule is Python's os as far as templates use it: the environment and
// os.path.
func (m Modules) osModule() *python.Module {
	mod := python.NewModule("os").Set("path", m.pathModule()).Set("environ", m.environ())
	for name, value := range map[string]string{
		"sep": "/", "linesep": "\n", "pathsep": ":", "curdir": ".", "pardir": "..", "extsep": ".", "devnull": "/dev/null", "name": "posix",
	} {
		mod.Set(name, python.String(value))
	}
	return set(mod,
		wrap(sig("getcwd"), func(*python.Thread, []python.Value) (python.Value, error) { return python.String(m.dir()), nil }),
		wrap(sig("getenv", "key", "default", python.None), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			name, err := textArg("getenv", a[0])
			if err != nil {
				return nil, err
			}
			if value, ok := m.Environ[name]; ok {
				return python.String(value), nil
			}
			return a[1], nil
		}),
		wrap(sig("fspath", "path"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			_, err := textArg("fspath", a[0])
			return a[0], err
		}),
	)
}

func (m Modules) dir() string {
	if m.Dir == "" {
		return "/"
	}
	return m.Dir
}

// environ is os.environ. Setting a variable changes nothing but it.
func (m Modules) environ() *python.Dict {
	names := make([]string, 0, len(m.Environ))
	for name := range m.Environ {
		names = append(names, name)
	}
	sort.Strings(names)
	d := python.NewDict()
	for _, name := range names {
		d.SetString(name, python.String(m.Environ[name]))
	}
	return d
}

// pathModule is Python's os.path.
func (m Modules) pathModule() *python.Module {
	text := func(name string, fn func(s string) python.Value) *python.Func {
		return wrap(sig(name, "path"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			s, err := textArg(name, a[0])
			if err != nil {
				return nil, err
			}
			return fn(s), nil
		})
	}
	mod := python.NewModule("posixpath").Set("sep", python.String("/")).Set("pathsep", python.String(":"))
	return set(mod,
		python.NewFunc("join", joinPaths),
		text("basename", func(s string) python.Value { return python.String(s[strings.LastIndexByte(s, '/')+1:]) }),
		text("dirname", func(s string) python.Value { head, _ := splitPath(s); return python.String(head) }),
		text("split", func(s string) python.Value {
			head, tail := splitPath(s)
			return python.NewTuple(python.String(head), python.String(tail))
		}),
		text("splitext", func(s string) python.Value {
			root, ext := splitExt(s)
			return python.NewTuple(python.String(root), python.String(ext))
		}),
		text("normpath", func(s string) python.Value { return python.String(normPath(s)) }),
		text("abspath", func(s string) python.Value { return python.String(m.abs(s)) }),
		text("isabs", func(s string) python.Value { return python.Bool(strings.HasPrefix(s, "/")) }),
		text("normcase", func(s string) python.Value { return python.String(s) }),
		text("expanduser", func(s string) python.Value { return python.String(m.expandUser(s)) }),
		text("expandvars", func(s string) python.Value { return python.String(m.expandVars(s)) }),
		wrap(sig("relpath", "path", "start", python.String(".")), m.relPath),
		wrap(sig("commonprefix", "m"), commonPrefix),
		wrap(sig("commonpath", "paths"), commonPath),
		wrap(sig("realpath", "filename"), m.realPath),
		m.asks("exists", func(fs.FileInfo) python.Value { return python.True }),
		m.asks("lexists", func(fs.FileInfo) python.Value { return python.True }),
		m.asks("isfile", func(i fs.FileInfo) python.Value { return python.Bool(i.Mode().IsRegular()) }),
		m.asks("isdir", func(i fs.FileInfo) python.Value { return python.Bool(i.IsDir()) }),
		m.asks("islink", func(i fs.FileInfo) python.Value { return python.Bool(i.Mode()&fs.ModeSymlink != 0) }),
	)
}

// asks is a function that asks for a file.
func (m Modules) asks(name string, answer func(fs.FileInfo) python.Value) *python.Func {
	return wrap(sig(name, "path"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
		s, err := textArg(name, a[0])
		if err != nil {
			return nil, err
		}
		if m.Stat == nil {
			return nil, python.Raise("PermissionError", "os.path.%s: templates have no access to files here", name)
		}
		info, err := m.Stat(m.abs(s))
		if err != nil {
			return python.False, nil
		}
		return answer(info), nil
	})
}

func (m Modules) abs(s string) string {
	if !strings.HasPrefix(s, "/") {
		s = strings.TrimRight(m.dir(), "/") + "/" + s
	}
	return normPath(s)
}

func (m Modules) realPath(_ *python.Thread, a []python.Value) (python.Value, error) {
	s, err := textArg("realpath", a[0])
	if err != nil {
		return nil, err
	}
	s = m.abs(s)
	if m.EvalSymlinks != nil {
		if real, err := m.EvalSymlinks(s); err == nil {
			s = real
		}
	}
	return python.String(s), nil
}

func (m Modules) expandUser(s string) string {
	home, ok := m.Environ["HOME"]
	if ok && (s == "~" || strings.HasPrefix(s, "~/")) {
		return strings.TrimRight(home, "/") + s[1:]
	}
	return s
}

func (m Modules) expandVars(s string) string {
	var b strings.Builder
	for s != "" {
		at := strings.IndexByte(s, '$')
		if at < 0 || at+1 == len(s) {
			break
		}
		b.WriteString(s[:at])
		s = s[at:]
		name, length := "", 0
		if s[1] == '{' {
			if end := strings.IndexByte(s, '}'); end > 0 {
				name, length = s[2:end], end+1
			}
		} else {
			length = 1
			for length < len(s) && (s[length] == '_' || isWord(rune(s[length])) && s[length] < 0x80) {
				length++
			}
			name = s[1:length]
		}
		value, ok := m.Environ[name]
		switch {
		case ok:
			b.WriteString(value)
		case length == 0:
			length = 1
			b.WriteByte('$')
		default:
			b.WriteString(s[:length])
		}
		s = s[length:]
	}
	return b.String() + s
}

func joinPaths(_ *python.Thread, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) == 0 || len(kwargs) > 0 {
		return nil, python.Raise("TypeError", "join() missing 1 required positional argument: 'a'")
	}
	joined := ""
	for i, a := range args {
		if u, ok := a.(*undefined); ok {
			return nil, u.fail()
		}
		s, ok := python.AsText(a)
		if !ok {
			return nil, python.Raise("TypeError", "join() argument must be str, bytes, or os.PathLike object, not '%s'", a.Type())
		}
		switch {
		case i == 0 || strings.HasPrefix(s, "/"):
			joined = s
		case joined == "" || strings.HasSuffix(joined, "/"):
			joined += s
		default:
			joined += "/" + s
		}
	}
	return python.String(joined), nil
}

func splitPath(s string) (head, tail string) {
	at := strings.LastIndexByte(s, '/') + 1
	head, tail = s[:at], s[at:]
	if trimmed := strings.TrimRight(head, "/"); trimmed != "" {
		head = trimmed
	}
	return head, tail
}

func splitExt(s string) (root, ext string) {
	name := s[strings.LastIndexByte(s, '/')+1:]
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || strings.Trim(name[:dot], ".") == "" {
		return s, ""
	}
	at := len(s) - len(name) + dot
	return s[:at], s[at:]
}

func normPath(s string) string {
	if strings.HasPrefix(s, "//") && !strings.HasPrefix(s, "///") {
		return "/" + path.Clean(s[1:])
	}
	return path.Clean(s)
}

func (m Modules) relPath(_ *python.Thread, a []python.Value) (python.Value, error) {
	target, err := textArg("relpath", a[0])
	if err != nil {
		return nil, err
	}
	if target == "" {
		return nil, python.Raise("ValueError", "no path specified")
	}
	start := "."
	if a[1] != python.None {
		if start, err = textArg("relpath", a[1]); err != nil {
			return nil, err
		}
	}
	from, to := pathParts(m.abs(start)), pathParts(m.abs(target))
	n := 0
	for n < len(from) && n < len(to) && from[n] == to[n] {
		n++
	}
	parts := make([]string, len(from)-n, len(from)+len(to))
	for i := range parts {
		parts[i] = ".."
	}
	parts = append(parts, to[n:]...)
	if len(parts) == 0 {
		return python.String("."), nil
	}
	return python.String(strings.Join(parts, "/")), nil
}

func pathParts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '/' })
}

func commonPrefix(t *python.Thread, a []python.Value) (python.Value, error) {
	list, err := textList(t, "commonprefix", a[0])
	if err != nil || len(list) == 0 {
		return python.String(""), err
	}
	prefix := list[0]
	for _, s := range list[1:] {
		n := 0
		for n < len(prefix) && n < len(s) && prefix[n] == s[n] {
			n++
		}
		prefix = prefix[:n]
	}
	return python.String(prefix), nil
}

func commonPath(t *python.Thread, a []python.Value) (python.Value, error) {
	list, err := textList(t, "commonpath", a[0])
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, python.Raise("ValueError", "commonpath() arg is an empty sequence")
	}
	absolute := strings.HasPrefix(list[0], "/")
	common := pathParts(path.Clean(list[0]))
	for _, s := range list[1:] {
		if strings.HasPrefix(s, "/") != absolute {
			return nil, python.Raise("ValueError", "Can't mix absolute and relative paths")
		}
		parts := pathParts(path.Clean(s))
		n := 0
		for n < len(common) && n < len(parts) && common[n] == parts[n] {
			n++
		}
		common = common[:n]
	}
	joined := strings.Join(common, "/")
	if absolute {
		joined = "/" + joined
	}
	return python.String(joined), nil
}

// textList is an argument that must hold texts.
func textList(t *python.Thread, fn string, v python.Value) ([]string, error) {
	items, err := python.Collect(t, v)
	if err != nil {
		return nil, err
	}
	list := make([]string, len(items))
	for i, item := range items {
		if list[i], err = textArg(fn, item); err != nil {
			return nil, err
		}
	}
	return list, nil
}
