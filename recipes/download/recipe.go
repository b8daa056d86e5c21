package download

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/fetch"
)

type options struct {
	Archive
	URL            string       `buildout:"url" doc:"URL or path of what to download; required"`
	Destination    string       `buildout:"destination" doc:"folder to unpack or copy into; location, or parts/PART, if it is not given"`
	Location       string       `buildout:"location" doc:"the same as destination, which wins; always set to it"`
	IgnoreExisting bool         `buildout:"ignore-existing,lenient" default:"false" doc:"leave targets that exist as they are, instead of failing"`
	DownloadOnly   bool         `buildout:"download-only,lenient" default:"false" doc:"copy the file and do not unpack it"`
	Filename       string       `buildout:"filename" doc:"name of the copied file; the last element of the URL's path if it is not given"`
	Mode           *fs.FileMode `buildout:"mode" doc:"permissions of the copied file, octal; those of the source if they are not given"`
	OnUpdate       bool         `buildout:"on-update,lenient" default:"false" doc:"do everything again at each run"`
}

type recipe struct {
	options
	given string // the option that says where to unpack, "" if none does
}

// New constructs the recipe hexagonit.recipe.download. A missing url is an error
// only when the part is installed, as with the original.
func New(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	r := &recipe{}
	if err := part.Decode(&r.options); err != nil {
		return nil, err
	}
	switch {
	case r.Destination != "":
		r.given = "destination"
	case r.Location != "":
		r.Destination, r.given = r.Location, "location"
	default:
		parts, err := part.Buildout("parts-directory")
		if err != nil {
			return nil, err
		}
		r.Destination = filepath.Join(parts, part.Name())
	}
	part.Set("destination", r.Destination)
	part.Set("location", r.Destination)
	for _, d := range [][2]string{
		{"strip-top-level-dir", "false"}, {"ignore-existing", "false"}, {"download-only", "false"},
		{"hash-name", "true"}, {"on-update", "false"}, {"filename", ""},
	} {
		_, given, err := part.Lookup(d[0])
		if err != nil {
			return nil, err
		}
		if !given {
			part.Set(d[0], d[1])
		}
	}
	return r, nil
}

// Update does nothing, unless the part says on-update.
func (r *recipe) Update(ctx context.Context, tx *buildout.Tx) error {
	if !r.OnUpdate {
		return nil
	}
	return r.Install(ctx, tx)
}

func (r *recipe) Install(ctx context.Context, tx *buildout.Tx) error {
	url, err := tx.Part().Get("url")
	if err != nil {
		return err
	}
	url = strings.TrimSpace(url)
	file, err := r.Fetch(ctx, tx, url)
	if err != nil {
		return err
	}
	created, err := r.makeDestination(tx)
	if err != nil {
		return err
	}
	if r.DownloadOnly {
		_, err := r.keep(tx, file, url, created)
		return err
	}
	_, err = r.unpack(ctx, tx, file, r.Destination, Existing{Ignore: r.IgnoreExisting, Record: true, Option: r.given})
	if errors.Is(err, fetch.ErrFormat) {
		if r.expectsArchive(url) {
			return notAnArchive(tx, file, err)
		}
		target, err := r.keep(tx, file, url, created)
		if err == nil {
			tx.Log().Warn("The download is not an archive and was copied to " + target + " as it is; set download-only = true if that is meant.")
		}
		return err
	}
	if err != nil {
		return err
	}
	return nil
}

// makeDestination makes the folder to unpack into, and says whether it had to.
func (r *recipe) makeDestination(tx *buildout.Tx) (created bool, err error) {
	if info, err := os.Stat(tx.Path(r.Destination)); err == nil && info.IsDir() {
		return false, nil
	}
	if err := tx.MkdirAll(r.Destination, 0o777); err != nil {
		return false, tx.Part().Errorf(r.given, "%w", err)
	}
	tx.Created(r.Destination)
	return true, nil
}

// expectsArchive reports whether the part is clear about the download being an
// archive, so that anything else is a failure and not a file to be kept.
func (r *recipe) expectsArchive(url string) bool {
	if r.Strip || len(r.Excludes) > 0 {
		return true
	}
	name := strings.ToLower(fetch.Basename(url))
	for _, suffix := range []string{".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tlz", ".zip", ".egg", ".whl"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return strings.Contains(name, ".tar.")
}

// keep copies the downloaded file to the destination. It is part of it if that
// was created, and recorded on its own if not.
func (r *recipe) keep(tx *buildout.Tx, file, url string, created bool) (target string, err error) {
	name := r.Filename
	if name == "" {
		name = fetch.Basename(url)
	}
	if name == "" || name == "." || name == ".." {
		return "", tx.Part().Errorf("url", "The URL doesn't say what the file is to be called.\nfound no name at the end of the path of %s\ngive one with the option filename", url)
	}
	target = filepath.Join(r.Destination, name)
	if err := tx.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return "", tx.Part().Errorf("filename", "%w", err)
	}
	if info, err := os.Lstat(tx.Path(target)); err == nil && !info.IsDir() {
		if err := tx.RemoveAll(target); err != nil {
			return "", tx.Part().Errorf("filename", "%w", err)
		}
	}
	if !created {
		tx.Created(target)
	}
	temp, remove, err := scratch(tx, filepath.Dir(target))
	if err != nil {
		return "", tx.Part().Errorf("filename", "%w", err)
	}
	defer remove()
	if err := copyFile(file, tx.Path(target), temp, r.Mode); err != nil {
		return "", tx.Part().Errorf("url", "%w", err)
	}
	return target, nil
}
