package buildout

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// Signer is a recipe whose part depends on more than its options and what they
// refer to, such as the content of a file that it compiles in. What Sign writes
// becomes part of the part's signature: when it changes, the part is installed
// anew. Sign is called for every plan; it writes nothing to disk.
type Signer interface {
	Sign(ctx context.Context, w io.Writer) error
}

// signing gives the parts of one plan their signatures.
type signing struct {
	run     *Buildout
	state   *state
	planned map[string]bool   // the parts that the plan installs or updates
	sums    map[string]string // of the options of sections, by name
	read    map[string]bool   // sections all of whose options count as read
}

// sign gives each part that a plan installs or updates its signature and what
// is recorded of it, in the order of installation: the options of a section that
// is itself a part include that part's signature.
func (b *Buildout) sign(st *state, install []*Part) error {
	s := &signing{run: b, state: st, planned: map[string]bool{}, sums: map[string]string{}, read: map[string]bool{}}
	for _, p := range b.live {
		p.signature = "" // of an earlier plan
	}
	for _, p := range install {
		s.planned[p.name] = true
	}
	for _, p := range install {
		var err error
		if p.signature, err = s.signature(p); err != nil {
			return err
		}
		delete(s.sums, p.name)
		if p.saved, err = p.snapshot(); err != nil {
			return err
		}
	}
	return nil
}

// signature stands for what a part's installation depends on beside its own
// options: its recipe, what the recipe signs itself, and, if the dialect says so,
// the sections that the part refers to. Of sections behind these only parts
// count: what others give is in the values.
func (s *signing) signature(p *Part) (string, error) {
	dist, _ := splitRecipe(p.entry.name)
	words := []string{dist}
	if p.entry.Version != "" {
		words[0] += "-" + p.entry.Version
	}
	if signer, ok := p.recipe.(Signer); ok {
		h := sha256.New()
		if err := s.run.guard(func() error { return signer.Sign(s.run.ctx, h) }); err != nil {
			return "", p.wrap(err)
		}
		words = append(words, ":"+hex.EncodeToString(h.Sum(nil))) // no section has that name
	}
	if !s.run.config.dialect.SectionSignatures {
		return strings.Join(words, " "), nil
	}
	for _, name := range s.dependsOn(p) {
		sum, err := s.sum(p, name)
		if err != nil {
			return "", err
		}
		words = append(words, name+":"+sum)
	}
	return strings.Join(words, " "), nil
}

// dependsOn lists the sections that a part refers to, and the parts that it
// refers to through plain sections, sorted; [buildout] does not count.
func (s *signing) dependsOn(p *Part) []string {
	names, seen := map[string]bool{}, map[dependency]bool{}
	ev := s.run.eval
	for _, d := range p.deps.list {
		if d.section == "buildout" || d.section == p.name {
			continue
		}
		names[d.section] = true
		if !s.read[d.section] {
			s.read[d.section] = true
			ev.part(d.section).useAll()
		}
		ev.follow(p, d, seen, func(part *Part, _ string, _ *hop) { names[part.name] = true })
	}
	return slices.Sorted(maps.Keys(names))
}

// sum hashes the options of a section that p depends on. A part that this plan
// leaves alone counts as it is installed, since that is what others are built upon.
func (s *signing) sum(p *Part, name string) (string, error) {
	if sum, ok := s.sums[name]; ok {
		return sum, nil
	}
	section, err := s.run.eval.section(name, valueOwner{part: p})
	if err != nil {
		return "", err
	}
	options, signature := map[string]string(nil), section.signature
	if old := s.state.records[name]; old != nil && section.recipe != nil && !s.planned[name] {
		options, signature = maps.Clone(old.Options), old.Signature
	} else if options, err = section.snapshot(); err != nil {
		return "", err
	}
	if signature != "" {
		options[optionSignature] = signature
	}
	sum, err := hashOptions(options)
	if err != nil {
		return "", err
	}
	s.sums[name] = sum
	return sum, nil
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
