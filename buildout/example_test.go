package buildout_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/go-buildout/go-buildout/buildout"
)

func ExampleLoad() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "buildout.cfg")
	profile := "[buildout]\nparts = app\n\n[app]\n<= base\nport = 8080\n\n[base]\nurl = http://localhost:${:port}/\n"
	if err := os.WriteFile(file, []byte(profile), 0o666); err != nil {
		panic(err)
	}
	cfg, err := buildout.Load(context.Background(), file, buildout.LoadOptions{
		Overrides: []buildout.Assignment{{Section: "app", Option: "port", Value: "9000"}},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(cfg.Resolve("app").Section("app")["url"])
	for _, op := range cfg.Section("app").Option("port").History() {
		fmt.Println(op.Kind, op.Value, op.Pos.Line)
	}
	// Output:
	// http://localhost:9000/
	// set 8080 6
	// command-line 9000 0
}

// greeting is a recipe that writes a file.
type greeting struct {
	Name string `buildout:"name,required" doc:"who is greeted"`
	Path string `buildout:"path" default:"greeting.txt"`
}

func newGreeting(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	g := &greeting{}
	if err := part.Decode(g); err != nil {
		return nil, err
	}
	part.Set("location", part.Path(g.Path))
	return g, nil
}

func (g *greeting) Install(_ context.Context, tx *buildout.Tx) error {
	return tx.WriteFile(g.Path, []byte("hello "+g.Name+"\n"), 0o644)
}

func ExampleBuildout_Plan() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "buildout.cfg")
	if err := os.WriteFile(file, []byte("[buildout]\nparts = hello\n[hello]\nrecipe = my.greeting\nname = ${names:who}\n[names]\nwho = world\n"), 0o666); err != nil {
		panic(err)
	}
	ctx := context.Background()
	cfg, err := buildout.Load(ctx, file, buildout.LoadOptions{})
	if err != nil {
		panic(err)
	}
	recipes := &buildout.Registry{}
	recipes.Register("my.greeting", buildout.Entry{New: newGreeting, Version: "1"})
	b, err := buildout.New(ctx, cfg, recipes, buildout.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}
	plan, err := b.Plan(ctx)
	if err != nil {
		panic(err)
	}
	fmt.Print(plan)
	result, err := b.Apply(ctx, plan)
	if err != nil {
		panic(err)
	}
	fmt.Println(result.Installed)
	text, _ := os.ReadFile(filepath.Join(dir, "greeting.txt"))
	fmt.Print(string(text))
	// Output:
	// install hello
	// 1 to install
	// [hello]
	// hello world
}

func ExampleBuildout_Why() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "buildout.cfg")
	if err := os.WriteFile(file, []byte("[buildout]\nparts = hello\n[hello]\nrecipe = my.greeting\nname = ${names:who}\n[names]\nwho = world\n"), 0o666); err != nil {
		panic(err)
	}
	ctx := context.Background()
	recipes := &buildout.Registry{}
	recipes.Register("my.greeting", buildout.Entry{New: newGreeting, Version: "1"})
	open := func(who string) *buildout.Buildout {
		cfg, err := buildout.Load(ctx, file, buildout.LoadOptions{
			Overrides: []buildout.Assignment{{Section: "names", Option: "who", Value: who}},
		})
		if err != nil {
			panic(err)
		}
		b, err := buildout.New(ctx, cfg, recipes, buildout.Options{})
		if err != nil {
			panic(err)
		}
		return b
	}
	if _, err := open("world").Install(ctx); err != nil {
		panic(err)
	}
	story, err := open("everybody").Why(ctx, "hello")
	if err != nil {
		panic(err)
	}
	for _, r := range story.Step.Reasons {
		fmt.Printf("%s: %s\n", r.Kind, r)
	}
	// Output:
	// option-changed: option name changed from "world" to "everybody", by ${names:who} (command line)
	// dependency-changed: names, which it depends on, changed
}
