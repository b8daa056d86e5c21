package buildout

import (
	"fmt"
	"maps"
	"strings"
)

// InstalledText is .installed.cfg as it is after a plan was carried out by
// recipes that install nothing.
func InstalledText(b *Buildout, plan *Plan) string {
	var names []string
	var parts strings.Builder
	for _, s := range plan.Steps {
		p := b.eval.part(s.Part)
		options := maps.Clone(p.saved)
		options[optionSignature], options[optionPaths] = p.signature, ""
		names = append(names, p.name)
		parts.WriteByte('\n')
		writeOptions(&parts, p.name, options)
	}
	return fmt.Sprintf("[buildout]\nparts = %s\n%s", strings.Join(names, " "), parts.String())
}

// WithFault has every change that the engine makes to the disk ask f before.
func WithFault(o Options, f func(op, path string) error) Options {
	o.fault = f
	return o
}
