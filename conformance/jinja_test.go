package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/go-buildout/go-buildout/internal/corpus"
	"github.com/go-buildout/go-buildout/template"
)

// jinjaCase is a template with what Jinja2 makes of it: a line of the files of
// the corpus's folder jinja.
type jinjaCase struct {
	ID    string            `json:"id"`
	Group string            `json:"group"`
	Tmpl  string            `json:"tmpl"`
	Ctx   json.RawMessage   `json:"ctx"`
	Files map[string]string `json:"files"`
	Opts  struct {
		Undefined           string `json:"undefined"`
		KeepTrailingNewline *bool  `json:"ktn"`
		TrimBlocks          bool   `json:"trim"`
		LstripBlocks        bool   `json:"lstrip"`
		Python              *bool  `json:"py"`
	} `json:"opts"`
	Expect *string `json:"expect"`
	Err    *string `json:"err"`
}

func (c *jinjaCase) options(t testing.TB) template.Options {
	yes := func(b *bool) bool { return b == nil || *b }
	o := template.Options{
		Extensions:          []string{"jinja2.ext.do", "jinja2.ext.loopcontrols"},
		KeepTrailingNewline: yes(c.Opts.KeepTrailingNewline),
		TrimBlocks:          c.Opts.TrimBlocks,
		LstripBlocks:        c.Opts.LstripBlocks,
		Python:              yes(c.Opts.Python),
		Loader:              template.Map(c.Files),
	}
	switch c.Opts.Undefined {
	case "", "strict":
	case "chain":
		o.Undefined = template.Chainable
	case "lenient":
		o.Undefined = template.Lenient
	default:
		t.Fatalf("case %s: unknown undefined %q", c.ID, c.Opts.Undefined)
	}
	if o.Python {
		dumps, err := template.Member("json", "dumps")
		require.NoError(t, err)
		o.Globals = map[string]any{"dumps": dumps}
	}
	return o
}

// render gives what the library makes of the case.
func (c *jinjaCase) render(t *testing.T) (string, error) {
	vars, err := jinjaContext(c.Ctx)
	require.NoError(t, err, c.ID)
	tmpl, err := template.Parse("", c.Tmpl, c.options(t))
	if err != nil {
		return "", err
	}
	return tmpl.Render(context.Background(), vars)
}

// jinjaContext reads the variables, each with the order of its keys.
func jinjaContext(text []byte) (map[string]any, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	vars := make(map[string]any, len(raw))
	for name, value := range raw {
		v, err := template.JSON(string(value))
		if err != nil {
			return nil, err
		}
		vars[name] = v
	}
	return vars, nil
}

// problem is how the outcome differs from Jinja2's, or nothing.
func (c *jinjaCase) problem(got string, err error) string {
	var failure *template.Error
	switch {
	case err != nil && (!errors.As(err, &failure) || failure.Class == "InternalError"):
		return "fault: " + err.Error()
	case c.Err != nil && err == nil:
		return "rendered " + quoted(got) + ", expected the error " + *c.Err
	case c.Err == nil && err != nil:
		return "error " + failure.Class + ": " + err.Error() + ", expected " + quoted(*c.Expect)
	case c.Err == nil && got != *c.Expect:
		return "rendered " + quoted(got) + "\nexpected " + quoted(*c.Expect)
	}
	return ""
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// TestJinja runs the corpus's templates, or those of the file that
// BUILDOUT_JINJA names.
func TestJinja(t *testing.T) {
	files := []string{os.Getenv("BUILDOUT_JINJA")}
	if files[0] == "" {
		files = nil
		for _, name := range []string{"cases.jsonl", "real.jsonl.gz", "fuzz.jsonl.gz"} {
			files = append(files, corpus.Path(t, "jinja", name))
		}
	}
	passed, failed, worded, rejected := 0, 0, 0, 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			here, bad := 0, 0
			for _, c := range corpus.Read[*jinjaCase](t, file) {
				got, err := c.render(t)
				if problem := c.problem(got, err); problem != "" {
					bad++
					t.Errorf("%s: %q\n%s", c.ID, abridged(c.Tmpl), problem)
					continue
				}
				here++
				var failure *template.Error
				if errors.As(err, &failure) {
					rejected++
					if failure.Class+": "+failure.Message == *c.Err {
						worded++
					} else if testing.Verbose() {
						t.Logf("%s: error worded %q, Jinja2 has %q", c.ID, failure.Class+": "+failure.Message, *c.Err)
					}
				}
			}
			t.Logf("%s: %d passed, %d failed", filepath.Base(file), here, bad)
			passed += here
			failed += bad
		})
	}
	t.Logf("%d of %d errors worded as Jinja2 words them", worded, rejected)
	fmt.Printf("%d passed, %d failed\n", passed, failed)
}

func abridged(s string) string {
	if len(s) > 200 {
		return s[:200] + "..."
	}
	return s
}

// BenchmarkJinja renders every real template of the corpus once: cold is
// parsing and rendering, warm is rendering alone. Where Python has Jinja2, the
// metric times-python says how many times longer that takes for the same.
func BenchmarkJinja(b *testing.B) {
	file := corpus.Path(b, "jinja", "real.jsonl.gz")
	var options []template.Options
	var vars []map[string]any
	var templates []*template.Template
	size := int64(0)
	cases := corpus.Read[*jinjaCase](b, file)
	for _, c := range cases {
		v, err := jinjaContext(c.Ctx)
		require.NoError(b, err)
		tmpl, err := template.Parse(c.ID, c.Tmpl, c.options(b))
		require.NoError(b, err)
		options, vars, templates = append(options, c.options(b)), append(vars, v), append(templates, tmpl)
		size += int64(len(c.Tmpl))
	}
	reference := pythonJinja(file)
	report := func(b *testing.B, name string) {
		if seconds, ok := reference[name]; ok {
			b.ReportMetric(seconds/(b.Elapsed().Seconds()/float64(b.N)), "times-python")
		}
	}
	b.Run("cold", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			for i, c := range cases {
				tmpl, err := template.Parse(c.ID, c.Tmpl, options[i])
				require.NoError(b, err)
				_, err = tmpl.Render(context.Background(), vars[i])
				require.NoError(b, err)
			}
		}
		report(b, "cold")
	})
	b.Run("warm", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			for i, tmpl := range templates {
				_, err := tmpl.Render(context.Background(), vars[i])
				require.NoError(b, err)
			}
		}
		report(b, "warm")
	})
}

// pythonJinja is how long Python's Jinja2 takes for the templates of a file,
// in seconds, cold and warm. It is empty where there is none.
func pythonJinja(file string) map[string]float64 {
	out, err := exec.Command("python3", "-c", jinjaProgram, file).Output()
	times := map[string]float64{}
	if err != nil || json.Unmarshal(out, &times) != nil {
		return nil
	}
	return times
}

// jinjaProgram times Jinja2, set up as options sets this library up.
const jinjaProgram = `
import builtins, gzip, json, sys, time
import jinja2

names = "abs all any bin bool bytes callable chr complex dict divmod enumerate filter float format frozenset hex int isinstance iter len list map max min next oct ord pow range repr reversed round set sorted str sum tuple zip"
cases = [json.loads(line) for line in gzip.open(sys.argv[1], "rt")]

def load(case):
    env = jinja2.Environment(
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=case["opts"].get("ktn", True),
        loader=jinja2.DictLoader(case["files"]))
    env.globals.update({name: getattr(builtins, name) for name in names.split()}, dumps=json.dumps)
    return env.from_string(case["tmpl"])

def timed(times, run):
    start = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - start) / times

cold = timed(2, lambda: [load(case).render(**case["ctx"]) for case in cases])
loaded = [(load(case), case["ctx"]) for case in cases]
warm = timed(20, lambda: [template.render(**ctx) for template, ctx in loaded])
print(json.dumps({"cold": cold, "warm": warm}))
`
