package template

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// caseFile is a file of testdata: templates, each with the text that Jinja2
// 3.1.6 gives for it, or its error. All share the variables and the templates
// that a loader gives.
type caseFile struct {
	vars    map[string]any
	options Options
	files   Map
	modules []string
	cases   []templateCase
}

type templateCase struct {
	name, text, want string
	fails            bool
}

// readCases reads a file of testdata.
func readCases(t testing.TB, path string) *caseFile {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	f := &caseFile{files: Map{}, options: Options{Extensions: []string{"jinja2.ext.do", "jinja2.ext.loopcontrols"}, Python: true}}
	header, rest, _ := strings.Cut(strings.TrimSuffix(string(data), "\n"), "\n=== ")
	for line := range strings.Lines(header) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "context":
			f.vars = readVars(t, value)
		case "modules":
			f.modules = strings.Fields(value)
		case "undefined":
			f.options.Undefined = map[string]Undefined{"strict": Strict, "chainable": Chainable, "lenient": Lenient}[value]
		case "trim":
			f.options.TrimBlocks = value == "true"
		case "lstrip":
			f.options.LstripBlocks = value == "true"
		case "keep":
			f.options.KeepTrailingNewline = value == "true"
		case "python":
			f.options.Python = value == "true"
		}
	}
	for _, name := range f.modules {
		m, err := testModules.Module(name)
		require.NoError(t, err)
		f.vars[strings.ReplaceAll(name, ".", "_")] = m
	}
	for _, chunk := range strings.Split(rest, "\n=== ") {
		name, text, _ := strings.Cut(chunk, "\n")
		if file, ok := strings.CutPrefix(name, "file "); ok {
			f.files[file] = text
			continue
		}
		c := templateCase{name: name}
		if at := strings.LastIndex(text, "\n--- error "); at >= 0 {
			c.text, c.want, c.fails = text[:at], text[at+len("\n--- error "):], true
		} else {
			var ok bool
			c.text, c.want, ok = strings.Cut(text, "\n---\n")
			if !ok {
				c.text, ok = strings.CutSuffix(text, "\n---")
			}
			require.True(t, ok, "%s: %s", path, name)
		}
		f.cases = append(f.cases, c)
	}
	f.options.Loader = f.files
	return f
}

func readVars(t testing.TB, text string) map[string]any {
	var raw map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(text), &raw))
	vars := map[string]any{}
	for name, value := range raw {
		v, err := JSON(string(value))
		require.NoError(t, err)
		vars[name] = v
	}
	return vars
}

// testModules are what the cases with modules know of the machine.
var testModules = Modules{Environ: map[string]string{"HOME": "/home/u", "X": "1", "PATH": "/bin:/usr/bin"}}

// describe is an error as testdata has it: "NAME:LINE: CLASS: MESSAGE".
func describe(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return "not a template's error: " + err.Error()
	}
	where := ""
	if e.Line > 0 {
		where = Place{Name: e.Name, Line: e.Line}.String() + ": "
	}
	return where + e.Class + ": " + e.Message
}

func TestCases(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		f := readCases(t, path)
		for _, c := range f.cases {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txt")+"/"+c.name, func(t *testing.T) {
				got, err := "", error(nil)
				tmpl, err := Parse("main", c.text, f.options)
				if err == nil {
					// Values are shared by reference: each case has its own.
					got, err = tmpl.Render(context.Background(), readCases(t, path).vars)
				}
				if c.fails {
					require.Error(t, err, "rendered %q", got)
					assert.Equal(t, c.want, describe(err), c.text)
					return
				}
				require.NoError(t, err, c.text)
				assert.Equal(t, c.want, got, c.text)
			})
		}
	}
}
