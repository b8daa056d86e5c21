package logrotate

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// entryOptions are those of slapos.cookbook:logrotate.d. The ones from frequency
// on are an addition: upstream ignores them, and the file is upstream's where
// none of them is given.
type entryOptions struct {
	Entries string  `buildout:"logrotate-entries,required" doc:"folder of the entries; made if it is missing"`
	Name    string  `buildout:"name,required" doc:"name of the entry's file"`
	Log     string  `buildout:"log,required" doc:"log files, as logrotate has them"`
	Backup  *string `buildout:"backup" doc:"folder for old logs; without it they stay where they are"`
	Post    *string `buildout:"post" doc:"shell commands to run after the rotation"`
	Pre     *string `buildout:"pre" doc:"shell commands to run before the rotation"`

	Frequency     string  `buildout:"frequency" default:"daily" doc:"hourly, daily, weekly, monthly or yearly"`
	Rotate        *int    `buildout:"rotate-num" doc:"how many old logs to keep; 3650 by default"`
	Misspelt      *int    `buildout:"rotatep-num" doc:"the same, with a warning"`
	NotIfEmpty    *string `buildout:"notifempty" doc:"false: empty logs are rotated too"`
	Create        *string `buildout:"create" doc:"false: no new log is made"`
	NoCompress    *string `buildout:"nocompress" doc:"true: old logs are not compressed"`
	DelayCompress *string `buildout:"delaycompress" doc:"false: the newest old log is compressed too"`
	CopyTruncate  *string `buildout:"copytruncate" doc:"true: the log is copied and emptied, not renamed"`
}

const defaultRotate = 3650

type entry struct {
	part *buildout.Part
	path string
	text string
}

// NewEntry is the constructor of slapos.cookbook:logrotate.d.
func NewEntry(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	var o entryOptions
	if err := part.Decode(&o); err != nil {
		return nil, err
	}
	if err := ignore(part, "conf", "state-file", "logrotate-binary", "gzip-binary", "gunzip-binary", "wrapper", "location"); err != nil {
		return nil, err
	}
	text, err := o.text(part)
	if err != nil {
		return nil, err
	}
	return &entry{part, filepath.Join(o.Entries, o.Name), text}, nil
}

// ignore looks at options without using them. Entries inherit these from the
// section logrotate: they are no typing errors.
func ignore(part *buildout.Part, options ...string) error {
	for _, option := range options {
		if _, _, err := part.Lookup(option); err != nil {
			return err
		}
	}
	return nil
}

func (e *entry) Install(_ context.Context, tx *buildout.Tx) error {
	return write(tx, "logrotate-entries", e.path, e.text, 0o600)
}

// text is the entry, in upstream's order.
func (o *entryOptions) text(part *buildout.Part) (string, error) {
	frequencies := []string{"hourly", "daily", "weekly", "monthly", "yearly"}
	if !slices.Contains(frequencies, o.Frequency) {
		return "", part.Errorf("frequency", "invalid frequency '%s'\nexpected %s", o.Frequency, strings.Join(frequencies, ", "))
	}
	rotate, err := o.rotate(part)
	if err != nil {
		return "", err
	}
	flags := map[string]bool{}
	for _, f := range []struct {
		name    string
		value   *string
		without bool
	}{
		{"notifempty", o.NotIfEmpty, true}, {"create", o.Create, true}, {"nocompress", o.NoCompress, false},
		{"delaycompress", o.DelayCompress, true}, {"copytruncate", o.CopyTruncate, false},
	} {
		if flags[f.name], err = truth(part, f.name, f.value, f.without); err != nil {
			return "", err
		}
	}
	lines := []string{o.Log + " {", o.Frequency, "dateext", "rotate " + strconv.Itoa(rotate)}
	add := func(condition bool, line string) {
		if condition {
			lines = append(lines, line)
		}
	}
	add(!flags["nocompress"], "compress")
	add(!flags["nocompress"] && flags["delaycompress"], "delaycompress")
	add(flags["nocompress"], "nocompress")
	add(flags["notifempty"], "notifempty")
	add(true, "sharedscripts")
	add(flags["create"], "create")
	add(flags["copytruncate"], "copytruncate")
	if o.Backup != nil {
		lines = append(lines, "olddir "+*o.Backup)
	}
	if o.Post != nil {
		lines = append(lines, "postrotate", *o.Post, "endscript")
	}
	if o.Pre != nil {
		lines = append(lines, "prerotate", *o.Pre, "endscript")
	}
	return strings.Join(append(lines, "}"), "\n"), nil
}

// rotate is how many old logs are kept.
func (o *entryOptions) rotate(part *buildout.Part) (int, error) {
	switch {
	case o.Rotate != nil && o.Misspelt != nil && *o.Rotate != *o.Misspelt:
		return 0, part.Errorf("rotatep-num", "options 'rotate-num' & 'rotatep-num' conflict")
	case o.Rotate != nil:
		return *o.Rotate, nil
	case o.Misspelt != nil:
		part.Logger().Warn("The option rotatep-num is taken for rotate-num.")
		return *o.Misspelt, nil
	}
	return defaultRotate, nil
}

// truth reads a flag.
func truth(part *buildout.Part, option string, value *string, without bool) (bool, error) {
	if value == nil {
		return without, nil
	}
	switch strings.ToLower(strings.TrimSpace(*value)) {
	case "y", "yes", "1", "true", "on":
		return true, nil
	case "n", "no", "0", "false", "off", "":
		return false, nil
	}
	return false, part.Errorf(option, "invalid value for '%s': '%s'\nexpected true or false", option, *value)
}
