package profile

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"
)

// The longest condition that is looked at and the most steps that one may take.
// Real ones are a line long and take a hundred.
const (
	maxConditionLength = 4096
	maxConditionSteps  = 100_000
)

// evalExpression evaluates a Python expression as zc.buildout does: as the first
// element of a list, so that "0, 1" is false. Starlark is the evaluator; what it
// has not of Python is an error and never a silent false.
func (c *Conditions) evalExpression(text string) (bool, error) {
	if len(text) > maxConditionLength {
		return false, fmt.Errorf("the condition is %d characters long, at most %d are allowed", len(text), maxConditionLength)
	}
	written := text
	if strings.Contains(text, "sys.version_info.") {
		text = versionField.ReplaceAllStringFunc(text, func(m string) string { return versionIndex[m] })
	}
	options := &syntax.FileOptions{}
	e, err := options.ParseExpr("condition", "["+text+"\n]", 0)
	if err != nil {
		return false, misplace(err, text == written)
	}
	if e, err = guard(e); err != nil {
		return false, err
	}
	c.evaluating.Lock()
	defer c.evaluating.Unlock()
	if c.names == nil {
		c.names = c.work.guards()
		maps.Copy(c.names, c.platform.names())
	}
	c.work = maxConditionWork
	thread := &starlark.Thread{Name: "condition"}
	thread.SetMaxExecutionSteps(maxConditionSteps)
	v, err := starlark.EvalExprOptions(options, thread, e, c.names)
	if err != nil {
		return false, misplace(err, text == written)
	}
	list, ok := v.(starlark.Indexable) // no list if brackets in the text make it end early
	if !ok {
		return false, fmt.Errorf("TypeError: '%s' object is not subscriptable", v.Type())
	}
	if list.Len() == 0 {
		return false, errors.New("IndexError: list index out of range: the condition is empty")
	}
	return bool(list.Index(0).Truth()), nil
}

// sys.version_info is a plain tuple here; its named fields become indexes.
var (
	versionField = regexp.MustCompile(`\bsys\.version_info\.(major|minor|micro|releaselevel|serial)\b`)
	versionIndex = map[string]string{
		"sys.version_info.major": "sys.version_info[0]", "sys.version_info.minor": "sys.version_info[1]",
		"sys.version_info.micro": "sys.version_info[2]", "sys.version_info.releaselevel": "sys.version_info[3]",
		"sys.version_info.serial": "sys.version_info[4]",
	}
)

// misplaced is a mistake at a character, counted from 0, of a condition.
type misplaced struct {
	error
	at int
}

// misplace words an error of Starlark, and keeps its place if that is one in the
// text as it was written.
func misplace(err error, written bool) error {
	worded := conditionError(err)
	var evalErr *starlark.EvalError
	var syntaxErr syntax.Error
	var undefined resolve.ErrorList
	var pos syntax.Position
	switch {
	case errors.As(err, &evalErr) && len(evalErr.CallStack) > 0:
		pos = evalErr.CallStack[0].Pos
	case errors.As(err, &syntaxErr):
		pos = syntaxErr.Pos
	case errors.As(err, &undefined):
		pos = undefined[0].Pos
	}
	if !written || pos.Line != 1 || pos.Col < 2 {
		return worded
	}
	return &misplaced{worded, int(pos.Col) - len("[") - 1}
}

// conditionError words an error of Starlark as Python does, as far as they agree.
func conditionError(err error) error {
	var evalErr *starlark.EvalError
	var syntaxErr syntax.Error
	var undefined resolve.ErrorList
	switch {
	case errors.As(err, &evalErr):
		if m := noAttribute.FindStringSubmatch(evalErr.Msg); m != nil {
			return fmt.Errorf("AttributeError: module '%s' has no attribute '%s' in a condition", m[1], m[2])
		}
		return errors.New(evalErr.Msg)
	case errors.As(err, &syntaxErr):
		if strings.Contains(syntaxErr.Msg, "does not associate") {
			return errors.New("SyntaxError: chained comparisons aren't supported in a condition: a < b < c is a < b and b < c")
		}
		return fmt.Errorf("SyntaxError: invalid syntax: %s", syntaxErr.Msg)
	case errors.As(err, &undefined):
		if name, ok := strings.CutPrefix(undefined[0].Msg, "undefined: "); ok {
			name, _, _ = strings.Cut(name, " ")
			return fmt.Errorf("NameError: name '%s' is not defined", name)
		}
		return fmt.Errorf("SyntaxError: invalid syntax: %s", undefined[0].Msg)
	}
	return err
}

var noAttribute = regexp.MustCompile(`^"(\w+)" struct has no \.(\w+) attribute`)

// pythonVersions are those that a condition can name, as python27.
var pythonVersions = strings.Fields("24 25 26 27 30 31 32 33 34 35 36 37 38 39 310 311 312 313 314 315")

// names are the variables of a condition: those that zc.buildout defines.
func (p Platform) names() starlark.StringDict {
	d := starlark.StringDict{
		"sys":      p.sysModule(),
		"os":       p.osModule(),
		"platform": p.platformModule(),
		"re":       reModule(),
		"open":     p.open(),
	}
	for name, holds := range p.flags() {
		d[name] = starlark.Bool(holds)
	}
	return d
}

// flags are the variables that are true or false.
func (p Platform) flags() map[string]bool {
	flags := map[string]bool{
		"python2": strings.HasPrefix(p.Python, "2."),
		"python3": strings.HasPrefix(p.Python, "3."),

		"cpython":    p.Implementation == "cpython",
		"pypy":       p.Implementation == "pypy",
		"jython":     p.Implementation == "jython",
		"ironpython": p.Implementation == "ironpython",

		"linux":   strings.HasPrefix(p.OS, "linux"),
		"windows": strings.HasPrefix(p.OS, "win"),
		"cygwin":  p.OS == "cygwin",
		"solaris": strings.HasPrefix(p.OS, "sunos"),
		"macosx":  p.OS == "darwin",
		"posix":   p.OSName == "posix",

		"bits32":        p.Bits32,
		"bits64":        !p.Bits32,
		"little_endian": !p.BigEndian,
		"big_endian":    p.BigEndian,
	}
	version := strings.ReplaceAll(p.pythonVersion(), ".", "")
	for _, v := range pythonVersions {
		flags["python"+v] = v == version
	}
	return flags
}

func module(name string, members starlark.StringDict) starlark.Value {
	return starlarkstruct.FromStringDict(starlark.String(name), members)
}

// function makes a Starlark built-in of a Go function over strings.
func function(name string, arity int, f func(args []string) (starlark.Value, error)) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if len(kwargs) > 0 || arity >= 0 && len(args) != arity {
			return nil, fmt.Errorf("%s: got %d arguments, want %d", name, len(args)+len(kwargs), arity)
		}
		strs := make([]string, len(args))
		for i, a := range args {
			s, ok := starlark.AsString(a)
			if !ok {
				return nil, fmt.Errorf("%s: argument %d is a %s, not a string", name, i+1, a.Type())
			}
			strs[i] = s
		}
		return f(strs)
	})
}

func constant(name, value string) *starlark.Builtin {
	return function(name, 0, func([]string) (starlark.Value, error) { return starlark.String(value), nil })
}

func (p Platform) sysModule() starlark.Value {
	version := starlark.Tuple{}
	for part := range strings.SplitSeq(p.Python, ".") {
		n := 0
		fmt.Sscanf(part, "%d", &n)
		version = append(version, starlark.MakeInt(n))
	}
	for len(version) < 3 {
		version = append(version, starlark.MakeInt(0))
	}
	version = append(version[:3:3], starlark.String("final"), starlark.MakeInt(0))
	maxsize := starlark.MakeInt64(1<<63 - 1)
	if p.Bits32 {
		maxsize = starlark.MakeInt64(1<<31 - 1)
	}
	byteorder := "little"
	if p.BigEndian {
		byteorder = "big"
	}
	return module("sys", starlark.StringDict{
		"version_info":   version,
		"version":        starlark.String(p.Python),
		"platform":       starlark.String(p.OS),
		"maxsize":        maxsize,
		"byteorder":      starlark.String(byteorder),
		"implementation": module("implementation", starlark.StringDict{"name": starlark.String(p.Implementation), "version": version}),
	})
}

func (p Platform) osModule() starlark.Value {
	exists := func(want func(exists, dir bool) bool) func([]string) (starlark.Value, error) {
		return func(args []string) (starlark.Value, error) {
			if p.Exists == nil {
				return nil, errors.New("a condition can't look at files here")
			}
			e, d := p.Exists(args[0])
			return starlark.Bool(want(e, d)), nil
		}
	}
	isThere := func(e, _ bool) bool { return e }
	return module("os", starlark.StringDict{
		"name": starlark.String(p.OSName),
		"F_OK": starlark.MakeInt(0), "R_OK": starlark.MakeInt(4), "W_OK": starlark.MakeInt(2), "X_OK": starlark.MakeInt(1),
		"access": starlark.NewBuiltin("access", func(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			if len(args) != 2 {
				return nil, errors.New("access: want a path and a mode")
			}
			return function("access", 1, exists(isThere)).CallInternal(t, args[:1], nil)
		}),
		"environ": module("environ", starlark.StringDict{
			"get": function("get", -1, func(args []string) (starlark.Value, error) {
				if len(args) == 0 || len(args) > 2 {
					return nil, errors.New("get: want a name and perhaps a default")
				}
				if p.Getenv != nil {
					if v, ok := p.Getenv(args[0]); ok {
						return starlark.String(v), nil
					}
				}
				if len(args) == 2 {
					return starlark.String(args[1]), nil
				}
				return starlark.None, nil
			}),
		}),
		"path": module("path", starlark.StringDict{
			"exists":   function("exists", 1, exists(isThere)),
			"isdir":    function("isdir", 1, exists(func(e, d bool) bool { return e && d })),
			"isfile":   function("isfile", 1, exists(func(e, d bool) bool { return e && !d })),
			"join":     function("join", -1, func(args []string) (starlark.Value, error) { return starlark.String(path.Join(args...)), nil }),
			"basename": function("basename", 1, func(args []string) (starlark.Value, error) { return starlark.String(path.Base(args[0])), nil }),
			"dirname":  function("dirname", 1, func(args []string) (starlark.Value, error) { return starlark.String(path.Dir(args[0])), nil }),
		}),
	})
}

func (p Platform) open() *starlark.Builtin {
	return function("open", 1, func(args []string) (starlark.Value, error) {
		if p.ReadFile == nil {
			return nil, errors.New("a condition can't read files here")
		}
		read := function("read", 0, func([]string) (starlark.Value, error) {
			text, err := p.ReadFile(args[0])
			return starlark.String(text), err
		})
		return module("file", starlark.StringDict{"read": read}), nil
	})
}

func (p Platform) platformModule() starlark.Value {
	return module("platform", starlark.StringDict{
		"machine":               constant("machine", p.Machine),
		"system":                constant("system", p.System),
		"release":               constant("release", p.Release),
		"version":               constant("version", p.Version),
		"node":                  constant("node", p.Node),
		"processor":             constant("processor", ""),
		"python_version":        constant("python_version", p.Python),
		"python_implementation": constant("python_implementation", p.implementationName()),
		"freedesktop_os_release": function("freedesktop_os_release", 0, func([]string) (starlark.Value, error) {
			return p.osRelease()
		}),
	})
}

// osRelease reads the file as Python 3.10 does, with its defaults.
func (p Platform) osRelease() (starlark.Value, error) {
	if p.ReadFile == nil {
		return nil, errors.New("a condition can't read files here")
	}
	text, err := p.ReadFile("/etc/os-release")
	if err != nil {
		if text, err = p.ReadFile("/usr/lib/os-release"); err != nil {
			return nil, errors.New("unable to read files /etc/os-release, /usr/lib/os-release")
		}
	}
	d := starlark.NewDict(16)
	set := func(k, v string) error { return d.SetKey(starlark.String(k), starlark.String(v)) }
	for _, kv := range [][2]string{{"NAME", "Linux"}, {"ID", "linux"}, {"PRETTY_NAME", "Linux"}} {
		if err := set(kv[0], kv[1]); err != nil {
			return nil, err
		}
	}
	for line := range strings.Lines(text) {
		k, v, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(k, "#") {
			continue
		}
		if len(v) >= 2 && (v[0] == '"' || v[0] == '\'') && v[len(v)-1] == v[0] {
			v = v[1 : len(v)-1]
		}
		if err := set(k, v); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// reModule has the two questions a condition asks: a match is true, none is None.
func reModule() starlark.Value {
	matcher := func(name, prefix string) *starlark.Builtin {
		return function(name, 2, func(args []string) (starlark.Value, error) {
			re, err := regexp.Compile(prefix + "(?:" + args[0] + ")")
			if err != nil {
				return nil, err
			}
			if re.MatchString(args[1]) {
				return starlark.True, nil
			}
			return starlark.None, nil
		})
	}
	return module("re", starlark.StringDict{"match": matcher("match", "^"), "search": matcher("search", "")})
}
