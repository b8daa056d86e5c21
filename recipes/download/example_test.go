package download_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/fetch"
	"github.com/go-buildout/go-buildout/recipes/download"
)

func ExampleRegister() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{
		"app.py": "print('hello')\n",
		"buildout.cfg": `[buildout]
parts = app

[app]
recipe = hexagonit.recipe.download
url = ${buildout:directory}/app.py
download-only = true
mode = 0755
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			log.Fatal(err)
		}
	}

	var recipes buildout.Registry
	download.Register(&recipes)
	ctx := context.Background()
	cfg, err := buildout.Load(ctx, filepath.Join(dir, "buildout.cfg"), buildout.LoadOptions{})
	if err != nil {
		log.Fatal(buildout.Report(err))
	}
	b, err := buildout.New(ctx, cfg, &recipes, buildout.Options{Fetcher: &fetch.Client{}})
	if err != nil {
		log.Fatal(buildout.Report(err))
	}
	result, err := b.Install(ctx)
	if err != nil {
		log.Fatal(buildout.Report(err))
	}
	info, err := os.Stat(filepath.Join(dir, "parts/app/app.py"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Installed, info.Mode())
	// Output: [app] -rwxr-xr-x
}
