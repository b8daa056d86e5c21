package cmmi

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/google/renameio/v2"
)

// sharedFile is in a shared part that is complete; it says what it was built
// from.
const sharedFile = ".buildout-shared.json"

// signatureOption is not an option of the part but counts as one for what makes
// two shared parts the same.
const signatureOption = "__buildout_signature__"

// place is where a part is built.
type place struct {
	location string
	shared   bool
	text     []byte // what a shared part is built from
}

// placeOf finds the place of a part: parts/PART, or, if it is shared, a folder of
// its name and of the MD5 sum of its options. It reads the options as the
// profile gives them, before any is set.
func placeOf(part *buildout.Part) (place, error) {
	parts, err := part.Buildout("parts-directory")
	if err != nil {
		return place{}, err
	}
	own := place{location: filepath.Join(parts, part.Name())}
	var o struct {
		Shared bool `buildout:"shared" default:"false"`
	}
	if err := part.Decode(&o); err != nil || !o.Shared {
		return own, err
	}
	list, _, err := part.BuildoutLookup("shared-part-list")
	if err != nil {
		return place{}, err
	}
	text, err := identity(part)
	if err != nil {
		return place{}, err
	}
	sum := md5.Sum(text)
	var writable string
	for line := range strings.SplitSeq(list, "\n") {
		dir := strings.TrimRight(strings.TrimSpace(line), "/")
		if dir == "" {
			continue
		}
		dir = part.Path(dir)
		p := place{filepath.Join(dir, part.Name(), hex.EncodeToString(sum[:])), true, text}
		if p.built() {
			part.Logger().Info("shared at " + p.location + " (already built)")
			return p, nil
		}
		if writable == "" && mayWrite(dir) {
			writable = p.location
		}
	}
	if writable == "" {
		return own, nil
	}
	part.Logger().Info("will be shared at " + writable + " (needs to build)")
	return place{writable, true, text}, nil
}

// identity is a text that is the same for parts that may share what is built:
// their options. Where the profile lies makes no difference.
func identity(part *buildout.Part) ([]byte, error) {
	options := map[string]string{}
	for _, k := range part.Options() {
		v, ok, err := part.Lookup(k)
		if err != nil {
			return nil, err
		}
		if ok {
			options[k] = v
		}
	}
	const base = "_profile_base_location_"
	if location := options[base]; location != "" {
		for k, v := range options {
			options[k] = strings.ReplaceAll(v, location, "${:"+base+"}")
		}
	}
	delete(options, base)
	options[signatureOption] = "slapos.recipe.cmmi-" + version
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(options); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// mayWrite reports whether files can be made in a folder.
func mayWrite(dir string) bool {
	const write, search = 2, 1
	info, err := os.Stat(dir)
	return err == nil && info.IsDir() && syscall.Access(dir, write|search) == nil
}

// built reports whether a shared part is there and complete.
func (p place) built() bool {
	if !p.shared {
		return false
	}
	_, err := os.Stat(filepath.Join(p.location, sharedFile))
	return err == nil
}

// seal makes a shared part complete. Nothing in it can be written any more; the
// mark of completeness comes when that is so.
func (p place) seal() error {
	if err := makeReadOnly(p.location); err != nil {
		return err
	}
	mark := filepath.Join(p.location, sharedFile)
	err := renameio.WriteFile(mark, p.text, 0o444, renameio.IgnoreUmask(), renameio.WithTempDir(p.location))
	if err != nil {
		return err
	}
	return dropWrite(p.location)
}
