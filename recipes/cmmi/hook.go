package cmmi

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"os"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// hookProgram loads a file and calls a function of it.
//
//go:embed hook.py
var hookProgram string

// hook calls a Python function, given as PATH_OR_URL[#MD5SUM]:FUNCTION.
func (b *build) hook(ctx context.Context, option, ref string) error {
	part := b.tx.Part()
	ref = strings.TrimSpace(ref)
	i := strings.LastIndexByte(ref, ':')
	file, function := "", ""
	if i >= 0 {
		file, function = strings.TrimSpace(ref[:i]), strings.TrimSpace(ref[i+1:])
	}
	if file == "" || function == "" || strings.ContainsAny(function, "/#. ") {
		return part.Errorf(option, "The hook doesn't say which function to call.\nfound %s\nexpected FILE.py:FUNCTION", ref)
	}
	python, err := interpreter(part)
	if err != nil {
		return err
	}
	if python == "" {
		return part.Errorf(option, "The option %s needs Python, and there is none.\nexpected an interpreter at ${buildout:executable}, or python3 on the PATH", option)
	}
	path, err := b.bring(ctx, option, file)
	if err != nil {
		return err
	}
	given, err := b.hookInput(path, function)
	if err != nil {
		return err
	}
	err = b.tx.Command(ctx, buildout.Command{
		Args: []string{python, "-c", hookProgram}, Dir: b.dir, Env: b.env.pairs(), Stdin: strings.NewReader(given),
	})
	var failure *buildout.CommandError
	if errors.As(err, &failure) {
		failure.Command = python + " " + ref
	}
	return b.failed(option, err)
}

// hookInput is what the hook is given, as JSON.
func (b *build) hookInput(path, function string) (string, error) {
	part := b.tx.Part()
	section, err := part.Section("buildout")
	if err != nil {
		return "", err
	}
	given, err := json.Marshal(map[string]any{
		"path": path, "function": function,
		"part": part.Name(), "options": texts(part), "buildout": texts(section),
	})
	return string(given), err
}

// texts are the options of a section that are texts.
func texts(section *buildout.Part) map[string]string {
	values := map[string]string{}
	for _, k := range section.Options() {
		if v, ok, err := section.Lookup(k); ok && err == nil {
			values[k] = v
		}
	}
	return values
}

// interpreter finds a Python, "" if there is none.
func interpreter(part *buildout.Part) (string, error) {
	executable, _, err := part.BuildoutLookup("executable")
	if err != nil {
		return "", err
	}
	if executable != "" {
		executable = part.Path(executable)
		if info, err := os.Stat(executable); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return executable, nil
		}
	}
	return part.LookPath("python3"), nil
}
