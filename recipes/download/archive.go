package download

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/fetch"
)

// Archive are the options of a part about an archive: how it is fetched and what
// of it is unpacked. A recipe that has them embeds it in its options.
type Archive struct {
	MD5      *string  `buildout:"md5sum" doc:"MD5 sum that the download must have"`
	HashName string   `buildout:"hash-name" default:"true" doc:"name the file in the download cache by the MD5 sum of the URL (true) or by its last element"`
	Strip    bool     `buildout:"strip-top-level-dir,lenient" default:"false" doc:"unpack what is in the one folder at the root of the archive, and not the folder"`
	Excludes []string `buildout:"excludes,lines" doc:"patterns of members, by their whole path, that are not unpacked; * also matches a slash"`
}

// Existing says what is done about files that are in the place of unpacked ones.
type Existing struct {
	// Ignore leaves them; otherwise they are an error.
	Ignore bool
	// Record makes what is unpacked the part's.
	Record bool
	// Option is the option that names the folder, for the error.
	Option string
}

// Fetch brings the archive here.
func (a Archive) Fetch(ctx context.Context, tx *buildout.Tx, url string) (string, error) {
	o := buildout.FetchOptions{Option: "url", PlainName: !a.hashName()}
	if a.MD5 != nil {
		// To zc.buildout an empty sum is one that no file has, not the lack of one.
		if o.MD5 = strings.TrimSpace(*a.MD5); o.MD5 == "" {
			return "", tx.Part().Errorf("md5sum", "The checksum is empty.\nexpected 32 hexadecimal digits, or no option md5sum")
		}
	}
	return tx.Fetch(ctx, url, o)
}

// hashName reads the option as the original does, which unlike with its other
// options minds the case.
func (a Archive) hashName() bool {
	switch strings.TrimSpace(a.HashName) {
	case "yes", "true", "1", "on":
		return true
	}
	return false
}

// Unpack unpacks an archive into a folder, which exists, and returns what it put
// there, a path for each file or folder at the root. After an error nothing of it
// is left.
func (a Archive) Unpack(ctx context.Context, tx *buildout.Tx, file, dir string, existing Existing) (targets []string, err error) {
	targets, err = a.unpack(ctx, tx, file, dir, existing)
	if errors.Is(err, fetch.ErrFormat) {
		err = notAnArchive(tx, file, err)
	}
	return targets, err
}

// unpack returns [fetch.ErrFormat], not yet worded, if the file is no archive.
func (a Archive) unpack(ctx context.Context, tx *buildout.Tx, file, dir string, existing Existing) (targets []string, err error) {
	temp, remove, err := scratch(tx, dir)
	if err != nil {
		return nil, tx.Part().Errorf(existing.Option, "%w", err)
	}
	defer remove()
	result, err := fetch.Unpack(ctx, file, temp, fetch.UnpackOptions{Exclude: a.Excludes})
	if err != nil {
		return nil, failed(ctx, tx, file, err)
	}
	report(tx, result)
	base, entries, err := a.root(tx, temp)
	if err != nil {
		return nil, err
	}
	tx.Log().Info("Extracting package to " + dir)
	names, err := free(tx, entries, dir, existing)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		target := filepath.Join(dir, name)
		if existing.Record {
			tx.Created(target)
		}
		if err := os.Rename(filepath.Join(base, name), tx.Path(target)); err != nil {
			for _, t := range targets {
				err = errors.Join(err, tx.RemoveAll(t))
			}
			return nil, tx.Part().Errorf(existing.Option, "%w", err)
		}
		targets = append(targets, target)
	}
	return targets, nil
}

// failed words why an archive could not be unpacked, but for an unknown format.
func failed(ctx context.Context, tx *buildout.Tx, file string, err error) error {
	var path *fs.PathError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &path): // a full disk is not the archive's fault
		return tx.Part().Errorf("url", "%w", err)
	case errors.Is(err, fetch.ErrFormat):
		return err
	}
	tx.Log().Error("Unable to extract the package " + file + ".")
	return tx.Part().Errorf("url", "Package extraction error\n%w", err)
}

func notAnArchive(tx *buildout.Tx, file string, err error) error {
	tx.Log().Error("Unable to extract the package " + file + ". Unknown format.")
	return tx.Part().Errorf("url", "Package extraction error\n%w", err)
}

// report says what was left out of an archive.
func report(tx *buildout.Tx, result fetch.UnpackResult) {
	for _, name := range result.Excluded {
		tx.Log().Debug("Excluding " + name)
	}
	if n := len(result.Excluded); n > 0 {
		tx.Log().Info(fmt.Sprintf("Excluding %d file(s) matching the exclusion pattern.", n))
	}
	if n := len(result.Skipped); n > 0 {
		first := result.Skipped[0]
		tx.Log().Warn(fmt.Sprintf("Skipping %d member(s) of the archive that would be unsafe, first %q: %s.", n, first.Name, first.Reason))
	}
}

// root returns the folder whose entries are wanted: the one that was unpacked
// into, or the only one in it.
func (a Archive) root(tx *buildout.Tx, dir string) (string, []os.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	if err != nil || !a.Strip {
		return dir, entries, err
	}
	if len(entries) == 1 && entries[0].IsDir() {
		dir = filepath.Join(dir, entries[0].Name())
		entries, err = os.ReadDir(dir)
		return dir, entries, err
	}
	found := "nothing"
	if len(entries) > 0 {
		names := make([]string, 0, 4)
		for _, e := range entries[:min(len(entries), 3)] {
			names = append(names, e.Name())
		}
		if more := len(entries) - len(names); more > 0 {
			names = append(names, fmt.Sprintf("%d more", more))
		}
		found = strings.Join(names, ", ")
	}
	tx.Log().Error("Unable to strip top level directory because there are more than one element in the root of the package.")
	return "", nil, tx.Part().Errorf("strip-top-level-dir", "Invalid package contents\nfound at the root of the package: %s\nexpected exactly one folder", found)
}

// free returns the names of the entries for which there is room.
func free(tx *buildout.Tx, entries []os.DirEntry, dir string, existing Existing) ([]string, error) {
	var names []string
	for _, e := range entries {
		target := filepath.Join(dir, e.Name())
		_, err := os.Lstat(tx.Path(target))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			names = append(names, e.Name())
		case err != nil:
			return nil, tx.Part().Errorf(existing.Option, "%w", err)
		case existing.Ignore:
			tx.Log().Info("Ignoring existing target: " + target)
		default:
			tx.Log().Error("Target " + target + " already exists. Either remove it or set ``ignore-existing = true`` in your buildout.cfg to ignore existing files and directories.")
			return nil, tx.Part().Errorf(existing.Option, "File or directory already exists.\nfound %s\nremove it, or set ignore-existing = true to keep it", target)
		}
	}
	return names, nil
}
