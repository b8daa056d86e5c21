// Package corpus finds and reads the real profiles and recorded cases that tests
// use. They are no part of the repository: $BUILDOUT_CORPUS names their folder,
// else it is shared/corpus beside the repository.
package corpus

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Path is the place of a file or folder of the corpus. The test is skipped if
// there is none.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	dir := os.Getenv("BUILDOUT_CORPUS")
	if dir == "" {
		dir = filepath.Join(repository(t), "..", "shared", "corpus")
	}
	path, err := filepath.Abs(filepath.Join(append([]string{dir}, elem...)...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("no corpus, set BUILDOUT_CORPUS to its folder: " + err.Error())
	}
	return path
}

// repository is the folder with go.mod: tests run in the folders of their packages.
func repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the folder of the test")
		}
		dir = parent
	}
}

// Read decodes a file of one JSON value a line, compressed if it is named so.
func Read[T any](t testing.TB, name string) []T {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var r io.Reader = bytes.NewReader(data)
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	var all []T
	for d := json.NewDecoder(r); ; {
		var v T
		switch err := d.Decode(&v); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, v)
	}
}
