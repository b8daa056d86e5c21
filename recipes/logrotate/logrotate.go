// Package logrotate has the recipes that configure logrotate:
// slapos.cookbook:logrotate, its configuration and a script that runs it, and
// slapos.cookbook:logrotate.d, what to do with one log.
package logrotate

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/recipes/internal/shellscript"
)

// Register adds both recipes.
func Register(r *buildout.Registry) {
	r.Register("slapos.cookbook:logrotate", buildout.Entry{New: New, Version: "1", Fallback: location})
	r.Register("slapos.cookbook:logrotate.d", buildout.Entry{New: NewEntry, Version: "1"})
}

type options struct {
	Entries   string `buildout:"logrotate-entries,required" doc:"folder of the entries of logrotate.d; made if it is missing"`
	Conf      string `buildout:"conf,required" doc:"configuration file to make"`
	StateFile string `buildout:"state-file,required" doc:"where logrotate keeps what it did"`
	Binary    string `buildout:"logrotate-binary,required" doc:"the program"`
	Gzip      string `buildout:"gzip-binary" doc:"program that compresses; by default the one on PATH, or beside logrotate"`
	Gunzip    string `buildout:"gunzip-binary" doc:"program that decompresses; the same default"`
	Wrapper   string `buildout:"wrapper" doc:"script to make; by default logrotate in the bin-directory"`
}

type recipe struct {
	part    *buildout.Part
	options options
}

// New is the constructor of slapos.cookbook:logrotate. It sets the options that
// have defaults, and location (see [location]).
func New(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
	r := &recipe{part: part}
	o := &r.options
	if err := part.Decode(o); err != nil {
		return nil, err
	}
	if err := r.locate(); err != nil {
		return nil, err
	}
	for _, program := range []struct {
		name  string
		value *string
	}{{"gzip", &o.Gzip}, {"gunzip", &o.Gunzip}} {
		if err := r.provide(program.name, program.value); err != nil {
			return nil, err
		}
	}
	if o.Wrapper == "" {
		bin, err := part.Buildout("bin-directory")
		if err != nil {
			return nil, err
		}
		o.Wrapper = filepath.Join(bin, "logrotate")
		part.Set("wrapper", o.Wrapper)
	}
	return r, nil
}

// provide gives the option of a program the default that it has on this machine.
func (r *recipe) provide(program string, value *string) error {
	option := program + "-binary"
	if *value != "" {
		return nil
	}
	if *value = r.find(program); *value != "" {
		r.part.Set(option, *value)
		return nil
	}
	return r.part.Errorf(option, "Missing option: %s:%s\nthere is no %s on PATH, nor beside %s", r.part.Name(), option, program, r.options.Binary)
}

// find looks for a program on PATH and beside logrotate.
func (r *recipe) find(program string) string {
	if path := r.part.LookPath(program); path != "" {
		return path
	}
	if path := filepath.Join(filepath.Dir(r.part.Path(r.options.Binary)), program); executable(path) {
		return path
	}
	return ""
}

func (r *recipe) Install(_ context.Context, tx *buildout.Tx) error {
	o := &r.options
	if _, err := os.Stat(tx.Path(o.Binary)); filepath.IsAbs(o.Binary) && errors.Is(err, fs.ErrNotExist) {
		tx.Log().Warn("The program of logrotate-binary does not exist: " + o.Binary)
	}
	if err := tx.MkdirAll(o.Entries, 0o777); err != nil {
		return r.part.Errorf("logrotate-entries", "%w", err)
	}
	script := shellscript.Script{Command: []string{o.Binary, "-s", o.StateFile, o.Conf}}
	if err := write(tx, "wrapper", o.Wrapper, script.String(), 0o700); err != nil {
		return err
	}
	conf := "compresscmd " + o.Gzip + "\ncompressoptions -9\nuncompresscmd " + o.Gunzip + "\ninclude " + o.Entries
	return write(tx, "conf", o.Conf, conf, 0o600)
}

// write makes the file that an option names, and its folder.
func write(tx *buildout.Tx, option, path, text string, mode fs.FileMode) error {
	err := tx.MkdirAll(filepath.Dir(path), 0o777)
	if err == nil {
		err = tx.WriteFile(path, []byte(text), mode)
	}
	if err != nil {
		return tx.Part().Errorf(option, "%w", err)
	}
	return nil
}
