package fetch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// cached reports whether the cache file can be used as it is. A wrong one is
// removed, so that the next one to look doesn't find it either; offline, or
// when no file could ever be right, it stays and is an error.
func (c *Client) cached(ctx context.Context, url, path string, sum checksum, offline bool) (bool, error) {
	info, err := os.Stat(path)
	if os.IsNotExist(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, fmt.Errorf("cached download at %q: expected a regular file, found a %s", path, kind(info.Mode()))
	}
	got, err := sum.ofFile(ctx, path)
	if err != nil {
		return false, err
	}
	if sum.matches(got) {
		return true, nil
	}
	wrong := sum.mismatch(mismatchCached, url, path, got)
	if offline || sum.hint != "" {
		return false, wrong
	}
	c.log().Warn(fmt.Sprintf("Cached download at %s has a wrong checksum: downloading it again", quote(path)),
		"url", wrong.URL, "want", wrong.Want, "got", wrong.Got)
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return false, err
	}
	return false, nil
}

// store downloads into the cache: into a temporary file beside the final one
// first, which takes its name only when it is whole, right and on the disk.
func (c *Client) store(ctx context.Context, url, path string, sum checksum) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	temp, err := c.download(ctx, url, dir, 0o666, sum)
	if err != nil {
		return err
	}
	defer os.Remove(temp) // fails once it is renamed
	if err := syncFile(temp); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	_ = syncFile(dir) // not every file system can, and the file is in place
	return nil
}

// syncFile brings a file or a directory to the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
