package buildout

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// signature stands for what a part's installation depends on beside its own
// options: its recipe and, if the dialect says so, the sections that it refers
// to. Parts must be signed in the order of their installation: the options of a
// section that is itself a part include that part's signature.
func (b *Buildout) signature(p *Part) (string, error) {
	dist, _ := splitRecipe(p.entry.name)
	words := []string{dist}
	if p.entry.Version != "" {
		words[0] += "-" + p.entry.Version
	}
	if !b.config.dialect.SectionSignatures {
		return words[0], nil
	}
	for _, name := range p.dependsOn() {
		section, err := b.eval.section(name, valueOwner{part: p})
		if err != nil {
			return "", err
		}
		options, err := section.snapshot()
		if err != nil {
			return "", err
		}
		if section.signature != "" {
			options[optionSignature] = section.signature
		}
		sum, err := hashOptions(options)
		if err != nil {
			return "", err
		}
		section.useAll()
		words = append(words, name+":"+sum)
	}
	return strings.Join(words, " "), nil
}

// dependsOn lists the sections that a part refers to, sorted; [buildout] does
// not count.
func (p *Part) dependsOn() []string {
	var names []string
	for _, d := range p.deps {
		if d.Section != "buildout" && d.Section != p.name && !slices.Contains(names, d.Section) {
			names = append(names, d.Section)
		}
	}
	slices.Sort(names)
	return names
}

// hashOptions is the MD5 sum of options as the SlapOS fork computes it, over
// Python's repr of each name and value.
func hashOptions(options map[string]string) (string, error) {
	h := md5.New()
	for _, k := range slices.Sorted(maps.Keys(options)) {
		for _, s := range []string{k, options[k]} {
			repr, err := python.Repr(python.String(s))
			if err != nil {
				return "", err
			}
			_, _ = io.WriteString(h, repr+"\x00")
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// useAll marks every option as read.
func (p *Part) useAll() {
	for _, name := range p.Options() {
		p.use(name)
	}
}
