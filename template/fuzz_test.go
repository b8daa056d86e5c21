package template

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// FuzzRender renders any text with any JSON value: nothing may panic, and
// nothing may take long.
func FuzzRender(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		for _, c := range readCases(f, path).cases {
			f.Add(c.text, `{"b": 1, "a": [1, 2, {"x": null}]}`)
		}
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		v, err := JSON(value)
		if err != nil {
			v = value
		}
		re, err := Module("re")
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []Options{
			{Python: true, Undefined: Strict},
			{Python: true, Undefined: Lenient, TrimBlocks: true, LstripBlocks: true, KeepTrailingNewline: true},
		} {
			o.Extensions = []string{"jinja2.ext.do", "jinja2.ext.loopcontrols"}
			o.Loader = Map{"x": text, "base": "{% block a %}{% endblock %}"}
			o.Limits = Limits{Steps: 100_000, Output: 1 << 20, Memory: 1 << 24, Depth: 100, Time: 5 * time.Second}
			tmpl, err := Parse("main", text, o)
			if err == nil {
				_, err = tmpl.Render(context.Background(), map[string]any{"d": v, "l": []any{v, 1, "a"}, "s": value, "n": 3, "re": re})
			}
			var e *Error
			if err != nil && (!errors.As(err, &e) || e.Class == "InternalError" || e.Class == "TimeoutError") {
				t.Fatalf("%q: %v", text, err)
			}
		}
	})
}
