package cmmi

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/recipes/internal/shellscript"
)

// common are the options that both recipes read alike.
type common struct {
	PatchBinary  string   `buildout:"patch-binary" default:"patch" doc:"program that applies patches"`
	PatchOptions []string `buildout:"patch-options,words" default:"-p0" doc:"its options"`
	Patches      []string `buildout:"patches,words" doc:"paths or URLs of patches, each may end with #MD5SUM"`

	PreConfigureHook string `buildout:"pre-configure-hook" doc:"Python function to call before configure, as FILE.py:FUNCTION"`
	PreMakeHook      string `buildout:"pre-make-hook" doc:"Python function to call before make"`
	PostMakeHook     string `buildout:"post-make-hook" doc:"Python function to call after make install"`

	MakeBinary       string   `buildout:"make-binary" default:"make" doc:"program for make"`
	MakeOptions      []string `buildout:"make-options,words" doc:"options for both calls of make"`
	MakeTargets      []string `buildout:"make-targets,words" default:"install" doc:"targets of the second call of make"`
	ConfigureCommand string   `buildout:"configure-command" doc:"instead of ./configure; it is not given a --prefix"`
	ConfigureOptions []string `buildout:"configure-options,words" doc:"options of the configure command"`
}

// commands are the three that a package is built with.
type commands struct{ configure, make, install string }

// commands words them. Values are left to the shell as they are: profiles count
// on quotes and substitutions in them.
func (o *common) commands(prefix string) commands {
	configure, options := strings.TrimSpace(o.ConfigureCommand), strings.Join(o.ConfigureOptions, " ")
	if configure == "" {
		configure = "./configure"
		if !strings.Contains(options, "--prefix") {
			options = strings.TrimRight(`--prefix="`+prefix+`" `+options, " ")
		}
	}
	build := strings.TrimSpace(o.MakeBinary) + " " + strings.Join(o.MakeOptions, " ")
	return commands{configure + " " + options, build, build + " " + strings.Join(o.MakeTargets, " ")}
}

// build is a build under way.
type build struct {
	tx      *buildout.Tx
	options *common
	dir     string      // the source tree
	env     environment // over that of the run
	strict  string      // comes before each command
}

// step is one thing to do, for an option: a command, a function in Python or
// something else.
type step struct {
	option string
	shell  string
	hook   string
	do     func(context.Context) error
}

// run does the steps in order.
func (b *build) run(ctx context.Context, steps ...step) error {
	for _, s := range steps {
		var err error
		switch {
		case s.do != nil:
			err = s.do(ctx)
		case s.hook != "":
			b.tx.Log().Info("Executing " + s.option)
			err = b.hook(ctx, s.option, s.hook)
		case s.shell != "":
			err = b.command(ctx, s.option, buildout.Command{Shell: b.strict + s.shell})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// command runs a command in the source tree.
func (b *build) command(ctx context.Context, option string, c buildout.Command) error {
	c.Dir, c.Env = b.dir, b.env.pairs()
	return b.failed(option, b.tx.Command(ctx, c))
}

// failed words the failure of a command.
func (b *build) failed(option string, err error) error {
	var failure *buildout.CommandError
	if !errors.As(err, &failure) {
		return err
	}
	b.tx.Log().Error(failure.Error())
	if _, given, _ := b.tx.Part().Lookup(option); !given {
		option = ""
	}
	return b.tx.Part().Errorf(option, "System error\n%w", failure)
}

// left says after a failure where the tree is.
func (b *build) left(ctx context.Context, err error, more string) error {
	if ctx.Err() != nil {
		return err
	}
	b.tx.Log().Error("Compilation error. The package is left as is at " + b.dir + " where you can inspect what went wrong" + more)
	return err
}

// enterOnly returns the folder to build in: dir, or the only entry of it if that
// is a folder.
func enterOnly(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		return dir, err
	}
	only := filepath.Join(dir, entries[0].Name())
	if info, err := os.Stat(only); err == nil && info.IsDir() {
		return only, nil
	}
	return dir, nil
}

// bring returns a local file for a path or URL that may end with #MD5SUM. A
// relative path is one of the source tree if it is there, as it is when the
// originals read it, and otherwise one of the buildout directory.
func (b *build) bring(ctx context.Context, option, ref string) (string, error) {
	url, sum := ref, ""
	if i := strings.LastIndexByte(ref, '#'); i >= 0 {
		url, sum = ref[:i], ref[i+1:]
	}
	if !filepath.IsAbs(url) {
		inside := filepath.Join(b.dir, url)
		if info, err := os.Stat(inside); err == nil && info.Mode().IsRegular() {
			url = inside
		}
	}
	return b.tx.Fetch(ctx, url, buildout.FetchOptions{Option: option, MD5: sum})
}

// patch applies the patches.
func (b *build) patch(ctx context.Context) error {
	if len(b.options.Patches) == 0 {
		return nil
	}
	b.tx.Log().Info("Applying patches")
	for _, ref := range b.options.Patches {
		file, err := b.bring(ctx, "patches", ref)
		if err != nil {
			return err
		}
		command := strings.TrimSpace(b.options.PatchBinary) + " " + strings.Join(b.options.PatchOptions, " ") + " < " + shellscript.Quote(file)
		if err := b.command(ctx, "patches", buildout.Command{Shell: b.strict + command}); err != nil {
			return err
		}
	}
	return nil
}

// source checks that a part names its source in exactly one way.
func source(part *buildout.Part, url, path string) error {
	switch {
	case url != "" && path != "":
		return part.Errorf("path", `You must use either "url" or "path", not both!`)
	case url == "" && path == "":
		return part.Errorf("", `You must provide either "url" or "path".`)
	}
	return nil
}

// checkFolder makes sure that the option path names a folder.
func checkFolder(tx *buildout.Tx, path string) error {
	info, err := os.Stat(tx.Path(path))
	if err == nil && !info.IsDir() {
		return tx.Part().Errorf("path", "The source directory is not a directory: %s", path)
	}
	if err != nil {
		return tx.Part().Errorf("path", "The source directory can't be used: %w", err)
	}
	return nil
}
