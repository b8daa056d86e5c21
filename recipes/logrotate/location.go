package logrotate

import (
	"os"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// place is where profiles look for logrotate below its location.
const place = "/usr/sbin/logrotate"

// location answers ${logrotate:location} in a section that has no such option:
// what stands before place in the path of the machine's logrotate. Instances name
// their section like the software's component, whose location it was to be.
func location(part *buildout.Part, option string) (value string, ok bool) {
	if option != "location" {
		return "", false
	}
	path := part.LookPath("logrotate")
	if prefix, found := strings.CutSuffix(path, place); found {
		part.Logger().Warn("There is no option location: taking the logrotate on PATH, " + path + ".")
		return prefix, true
	}
	switch {
	case executable(place):
		part.Logger().Warn("There is no option location: taking " + place + ".")
	case path == "":
		part.Logger().Warn("There is no option location, and no logrotate on PATH: assuming " + place + ".")
	}
	return "", true // if it is elsewhere on PATH, New says so and takes it
}

// locate sets the option location if the section has none, for the sections that
// inherit a reference to it, and takes the logrotate on PATH where it stands in
// no folder usr/sbin.
func (r *recipe) locate() error {
	_, has, err := r.part.Lookup("location")
	if err != nil || has {
		return err
	}
	prefix, below := strings.CutSuffix(r.options.Binary, place)
	if !below {
		return nil
	}
	r.part.Set("location", prefix)
	if r.options.Binary != place || executable(place) {
		return nil
	}
	if path := r.part.LookPath("logrotate"); path != "" {
		r.part.Logger().Warn("There is no " + place + ": taking the logrotate on PATH, " + path + ".")
		r.options.Binary = path
		r.part.Set("logrotate-binary", path)
	}
	return nil
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
