package cmmi

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/go-buildout/go-buildout/recipes/internal/shellscript"
	"github.com/google/renameio/v2"
)

// shebangSize is how much of a program Linux reads to find its interpreter: what
// is longer is cut off.
const shebangSize = 128

// launcher runs the program in a file beside it, by the interpreter that the
// first line of the file names. What follows the interpreter is one argument, as
// for the system.
const launcher = `#!/bin/sh -e
# The path of the interpreter is too long for the system to read it.
program=PROGRAM
IFS= read -r line < "$program"
line=${line#??}
read -r interpreter argument <<EOF
$line
EOF
if [ "$argument" ]; then
  exec "$interpreter" "$argument" "$program" "$@"
fi
exec "$interpreter" "$program" "$@"
`

// fixShebangs replaces the programs of a part whose first line is too long.
func fixShebangs(location string) error {
	for _, name := range []string{"bin", "sbin"} {
		dir := filepath.Join(location, name)
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			if !e.Type().IsRegular() {
				continue
			}
			if err := fixShebang(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func fixShebang(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	long, err := longShebang(path)
	if err != nil || !long {
		return err
	}
	program := path + ".shebang"
	if err := os.Rename(path, program); err != nil {
		return err
	}
	text := bytes.Replace([]byte(launcher), []byte("PROGRAM"), []byte(shellscript.Quote(program)), 1)
	return renameio.WriteFile(path, text, info.Mode().Perm(), renameio.IgnoreUmask())
}

// longShebang reports whether the first line of a program names an interpreter
// and is too long.
func longShebang(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return false, nil // no script: the interpreter couldn't read it either
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, shebangSize)
	n, err := io.ReadFull(f, head)
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = nil // a file that is shorter has no long line
		}
		return false, err
	}
	head = head[:n]
	return bytes.HasPrefix(head, []byte("#!")) && !bytes.Contains(head, []byte("\n")), nil
}
