package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Limits bound what an archive may become. Zero means the default, which
// leaves ample room for the sources of Linux, LLVM or a browser.
type Limits struct {
	Entries    int64 // members; default 500 000
	TotalBytes int64 // all files together; default 64 GiB
	FileBytes  int64 // one file; default 16 GiB
	Depth      int64 // components of a member's path; default 128
	Ratio      int64 // unpacked size by packed size, once more than 64 MiB are unpacked; default 250
}

// ratioGrace is the size up to which a high compression ratio is nobody's
// harm: small archives of zeros are no rarity in test data.
const ratioGrace = 64 << 20

// maxPath is the length of a member's path that Unix allows.
const maxPath = 4096

func (l Limits) orDefault() Limits {
	return Limits{
		Entries:    cmp.Or(l.Entries, 500_000),
		TotalBytes: cmp.Or(l.TotalBytes, 64<<30),
		FileBytes:  cmp.Or(l.FileBytes, 16<<30),
		Depth:      cmp.Or(l.Depth, 128),
		Ratio:      cmp.Or(l.Ratio, 250),
	}
}

// UnpackOptions say what is unpacked of an archive.
type UnpackOptions struct {
	// Exclude has patterns as of Python's fnmatch, in which * also matches a
	// slash. A member whose full path in the archive matches one of them is
	// left out; so are directories, but not thereby what is in them.
	Exclude []string

	Limits Limits
}

// UnpackResult says what became of an archive.
type UnpackResult struct {
	Format string // directory, zip, tar, tar.gz, tar.bz2, tar.xz or tar.lz

	Files, Dirs, Links int   // members that were created; hard links count as files
	Bytes              int64 // the size of all files

	Excluded []string        // members that matched a pattern of Exclude
	Skipped  []SkippedMember // members that were refused
}

// SkippedMember is a member of an archive that wasn't created.
type SkippedMember struct {
	Name   string
	Reason string
}

// Unpack extracts an archive into the directory dir, which is made if need be
// and otherwise has to be empty. The format is found by content: zip, or tar
// as it is or compressed with gzip, bzip2, xz or lzip. A directory instead of
// an archive is copied.
//
// Members with an absolute path or with ".." in it are skipped, and so are
// links that lead out of dir, devices, pipes and sockets. Modification times
// are kept, and permissions but for set-user-ID and its like and for the
// right of others to write; files can always be read and written by their
// owner.
//
// The error is [ErrFormat] for a file that is no archive, [ErrCorrupt] for a
// damaged one, and a [*LimitError] for one that becomes too large, in the
// sense of errors.Is and errors.As. After an error nothing is left of what
// was extracted.
func Unpack(ctx context.Context, archive, dir string, o UnpackOptions) (_ UnpackResult, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("unpack %q: %w", archive, err)
		}
	}()
	if err := ctx.Err(); err != nil {
		return UnpackResult{}, err
	}
	source, err := os.Stat(archive)
	if err != nil {
		return UnpackResult{}, err
	}
	if !source.IsDir() && !source.Mode().IsRegular() {
		return UnpackResult{}, fmt.Errorf("%w: %s", ErrFormat, kind(source.Mode()))
	}
	root, created, err := openEmpty(dir)
	if err != nil {
		return UnpackResult{}, err
	}
	defer root.Close()

	x := &extraction{ctx: ctx, root: root, limits: o.Limits.orDefault(), exclude: o.Exclude, links: newLinks()}
	if source.IsDir() {
		x.result.Format = "directory"
		err = x.copyTree(archive)
	} else {
		err = x.unpackFile(archive)
	}
	if err == nil {
		err = x.finish()
	}
	x.leave()
	if err != nil {
		return UnpackResult{}, errors.Join(err, removeContent(root, dir, created))
	}
	return x.result, nil
}

// unpackFile extracts an archive file.
func (x *extraction) unpackFile(path string) error {
	f, info, err := openRegular(path)
	if err != nil {
		return err
	}
	defer f.Close()
	x.packed = info.Size()
	format, err := detect(f)
	if err != nil {
		return err
	}
	if format == formatZip || format == formatUnknown {
		// An archive may also be the tail of a program that unpacks itself.
		x.result.Format = "zip"
		return x.unpackZip(f, info.Size(), format == formatZip)
	}
	x.result.Format = format.String()
	return x.unpackTar(&contextReader{x.ctx, f}, format)
}

// openEmpty opens the directory to be filled.
func openEmpty(dir string) (root *os.Root, created bool, err error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return nil, false, err
	}
	switch err := os.Mkdir(dir, 0o777); {
	case err == nil:
		created = true
	case !errors.Is(err, fs.ErrExist):
		return nil, false, err
	}
	root, err = os.OpenRoot(dir)
	if err != nil {
		return nil, false, err
	}
	names, err := content(root, 1)
	if err == nil && len(names) > 0 {
		err = fmt.Errorf("%q: expected an empty directory, found %q in it", dir, names[0])
	}
	if err != nil {
		root.Close()
		return nil, false, err
	}
	return root, created, nil
}

// content returns at most n names of what is in a directory, all for n < 1.
func content(root *os.Root, n int) ([]string, error) {
	f, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(n)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return names, err
}

// removeContent undoes an extraction.
func removeContent(root *os.Root, dir string, created bool) error {
	names, err := content(root, -1)
	for _, name := range names {
		err = errors.Join(err, root.RemoveAll(name))
	}
	if created && err == nil {
		err = os.Remove(dir)
	}
	if err != nil {
		return fmt.Errorf("and could not be undone: %w", err)
	}
	return nil
}
