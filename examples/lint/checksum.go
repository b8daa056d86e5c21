package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// downloaders are the recipes that download what their option url names and can
// verify it. The other recipes that take a url do something else with it, or have
// nothing to verify it with.
var downloaders = []string{
	"collective.recipe.cmmi", "gocept.download", "hexagonit.recipe.cmmi", "hexagonit.recipe.download",
	"slapos.recipe.build:download", "slapos.recipe.build:download-unpacked", "slapos.recipe.cmmi",
	"slapos.recipe.template", "slapos.recipe.template:jinja2", "zc.recipe.cmmi",
}

// checksums are the options that hold a checksum, with its number of digits.
var checksums = map[string]int{"md5sum": 32, "sha256": 64, "sha256sum": 64, "sha512": 128, "sha512sum": 128}

var (
	remote      = regexp.MustCompile(`^(https?|ftp)://`)
	hexadecimal = regexp.MustCompile(`^[0-9a-fA-F]+$`)
)

// checkDownload looks at what a part downloads.
func (c *check) checkDownload(v *view) {
	values := c.resolved.Section(v.Name)
	if !slices.Contains(downloaders, values["recipe"]) || c.bases[v.Name] && !c.used[v.Name] {
		return
	}
	verified := false
	for _, name := range slices.Sorted(maps.Keys(checksums)) {
		sum := values[name]
		if sum == "" {
			continue
		}
		verified = true
		// Where nothing uses the section, other text may stand for a sum to come.
		isSum, digits := hexadecimal.MatchString(sum), checksums[name]
		if !strings.Contains(sum, "${") && (len(sum) != digits || !isSum) && (isSum || c.used[v.Name]) {
			c.found.add(finding{rule: malformedChecksum, severity: c.grave(v.Name), pos: c.own(v, name),
				message: fmt.Sprintf("%s of '%s' is '%s', expected %d hexadecimal digits", name, v.Name, quoteLines(sum), digits)})
		}
	}
	switch url := values["url"]; {
	case !remote.MatchString(url):
	case verified:
		c.found.refute(missingChecksum, c.own(v, "url"))
	default:
		c.found.report(missingChecksum, c.own(v, "url"), "add md5sum = ...", "'%s' downloads %s without a checksum", v.Name, url)
	}
	if values["recipe"] != "slapos.recipe.cmmi" {
		return
	}
	for _, patch := range strings.Fields(values["patches"]) {
		if remote.MatchString(patch) && !strings.Contains(patch, "#") {
			c.found.report(missingChecksum, c.own(v, "patches"), "write "+patch+"#MD5SUM", "'%s' applies the patch %s without a checksum", v.Name, patch)
		}
	}
}

// own is where a section says what an option is, or where it begins if it
// inherits the option: what is wrong may be right for others that inherit it.
func (c *check) own(v *view, option string) profile.Pos {
	if o := v.Section.Option(option); o != nil {
		return c.position(o)
	}
	return clean(v.Section.Pos)
}
