package cmmi

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/recipes/download"
)

type hexagonitOptions struct {
	download.Archive
	common
	URL                string `buildout:"url" doc:"URL or path of the source archive"`
	SourcePath         string `buildout:"path" doc:"folder with the source, instead of url"`
	Prefix             string `buildout:"prefix" doc:"where to install; location if it is not given"`
	KeepCompileDir     bool   `buildout:"keep-compile-dir,lenient" default:"false" doc:"keep the folder in which the package was built"`
	EnvironmentSection string `buildout:"environment-section" doc:"section with environment variables"`
	Environment        string `buildout:"environment" doc:"lines NAME=VALUE, over those of the section; %(NAME)s is a variable of the environment"`
}

type hexagonit struct {
	hexagonitOptions
	location string
	compile  string
	env      environment
}

// NewHexagonit constructs the recipe hexagonit.recipe.cmmi.
func NewHexagonit(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	h := &hexagonit{}
	if err := part.Decode(&h.hexagonitOptions); err != nil {
		return nil, err
	}
	parts, err := part.Buildout("parts-directory")
	if err != nil {
		return nil, err
	}
	h.location = filepath.Join(parts, part.Name())
	h.URL, h.SourcePath, h.Prefix = strings.TrimSpace(h.URL), strings.TrimSpace(h.SourcePath), strings.TrimSpace(h.Prefix)
	if err := source(part, h.URL, h.SourcePath); err != nil {
		return nil, err
	}
	if h.Prefix == "" {
		h.Prefix = h.location
	}
	if h.compile = h.SourcePath; h.compile == "" {
		h.compile = h.location + "__compile__"
	}
	env, err := hexagonitEnvironment(part, h.EnvironmentSection, h.Environment)
	if err != nil {
		return nil, err
	}
	if h.env, err = env.expanded(part, "environment"); err != nil {
		return nil, err
	}
	part.Set("location", h.location)
	part.Set("prefix", h.Prefix)
	part.Set("url", h.URL)
	part.Set("path", h.SourcePath)
	part.Set("compile-directory", h.compile)
	return h, nil
}

// Update does nothing: what is built stays.
func (h *hexagonit) Update(context.Context, *buildout.Tx) error { return nil }

func (h *hexagonit) Install(ctx context.Context, tx *buildout.Tx) error {
	h.env.log(tx)
	if err := h.prepare(ctx, tx); err != nil {
		return err
	}
	if err := makeFolder(tx, h.location); err != nil {
		return err
	}
	dir, err := enterOnly(tx.Path(h.compile))
	if err != nil {
		return err
	}
	b := &build{tx: tx, options: &h.common, dir: dir, env: h.env}
	c := h.commands(h.Prefix)
	err = b.run(ctx,
		step{do: b.patch},
		step{option: "pre-configure-hook", hook: h.PreConfigureHook},
		step{option: "configure-command", shell: c.configure},
		step{option: "pre-make-hook", hook: h.PreMakeHook},
		step{option: "make-binary", shell: c.make},
		step{option: "make-targets", shell: c.install},
		step{option: "post-make-hook", hook: h.PostMakeHook},
	)
	if err != nil {
		return b.left(ctx, err, "")
	}
	if h.SourcePath == "" {
		if h.KeepCompileDir {
			tx.Own(h.compile)
		} else if err := tx.RemoveAll(h.compile); err != nil {
			return err
		}
	}
	tx.Own(h.location)
	return nil
}

// prepare makes the source tree.
func (h *hexagonit) prepare(ctx context.Context, tx *buildout.Tx) error {
	if h.SourcePath != "" {
		tx.Log().Info("Using local source directory: " + h.SourcePath)
		return checkFolder(tx, h.SourcePath)
	}
	file, err := h.Fetch(ctx, tx, h.URL)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(h.compile); err == nil {
		tx.Log().Warn("Removing already existing directory " + h.compile)
		if err := tx.RemoveAll(h.compile); err != nil {
			return err
		}
	}
	return unpack(ctx, tx, h.Archive, file, h.compile)
}

// makeFolder makes a folder of the build. It is the part's from the first moment,
// though it is recorded only in the end; what is in it stays if the build fails.
func makeFolder(tx *buildout.Tx, dir string) error {
	tx.Own(dir)
	tx.Leave(dir)
	if err := os.MkdirAll(tx.Path(dir), 0o777); err != nil {
		return tx.Part().Errorf("", "%w", err)
	}
	return nil
}

// unpack unpacks a source archive into a new folder. After a failure the folder
// is gone.
func unpack(ctx context.Context, tx *buildout.Tx, a download.Archive, file, dir string) error {
	if err := makeFolder(tx, dir); err != nil {
		return err
	}
	if _, err := a.Unpack(ctx, tx, file, dir, download.Existing{}); err != nil {
		if removeErr := tx.RemoveAll(dir); removeErr != nil {
			tx.Log().Warn("Couldn't clean up '" + dir + "'.")
		}
		return err
	}
	return nil
}
