package wrapper

import (
	_ "embed"
	"os"
	"strings"

	"github.com/go-buildout/go-buildout/recipes/internal/shellscript"
)

//go:embed redirect.py
var redirectProgram string

// redirection gives the words that send what the command prints to files. These
// are opened anew upon a signal, which is USR1 unless sig-ign names another, and
// which trigger becomes. A shell can't do that: it opens files once, and the
// command keeps them.
func (r *recipe) redirection(trigger *string) ([]string, error) {
	o := &r.options
	sent, err := r.signal("redirect-signal", o.RedirectSignal)
	if err != nil {
		return nil, err
	}
	if o.RedirectStdout == "" && o.RedirectStderr == "" {
		if sent != "" {
			return nil, r.part.Errorf("redirect-signal", "redirect-signal without redirecting any output makes no sense")
		}
		return nil, nil
	}
	if *trigger == "" {
		*trigger = "USR1"
	}
	python, err := r.python()
	if err != nil {
		return nil, err
	}
	words := []string{python, "-I", "-c"}
	for _, word := range []string{strings.TrimSpace(redirectProgram), o.RedirectStdout, o.RedirectStderr, *trigger, sent} {
		words = append(words, shellscript.Quote(word))
	}
	return words, nil
}

// python is the interpreter of the buildout, or any that is on PATH.
func (r *recipe) python() (string, error) {
	executable, _, err := r.part.BuildoutLookup("executable")
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(executable); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
		return shellscript.Quote(executable), nil
	}
	option := "redirect-stdout"
	if r.options.RedirectStdout == "" {
		option = "redirect-stderr"
	}
	return r.program(option, "python3")
}
