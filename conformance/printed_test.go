package conformance

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what the commands print to testdata/printed")

// TestPrinted compares what commands print with what the files of
// testdata/printed say. Of an error it is the message's first line and all before.
func TestPrinted(t *testing.T) {
	ours := ours(t, "zc")
	for _, file := range printedFiles(t) {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		got := printAll(t, ours, archive)
		if *update {
			archive.Files = append(profiles(archive), txtar.File{Name: "want", Data: []byte(got)})
			require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o666))
			continue
		}
		require.Equal(t, wanted(archive), got, file)
	}
}

// TestPrintedOriginal compares the same files with the original, but that of
// what is newer than zc.buildout 2.13.
func TestPrintedOriginal(t *testing.T) {
	original := original(t)
	for _, file := range printedFiles(t) {
		if filepath.Base(file) == "newer.txtar" {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			require.Equal(t, wanted(archive), printAll(t, original, archive))
		})
	}
}

func printedFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/printed/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

func profiles(archive *txtar.Archive) []txtar.File {
	var files []txtar.File
	for _, f := range archive.Files {
		if f.Name != "want" {
			files = append(files, f)
		}
	}
	return files
}

func wanted(archive *txtar.Archive) string {
	for _, f := range archive.Files {
		if f.Name == "want" {
			return string(f.Data)
		}
	}
	return ""
}

// printAll runs the commands of an archive, its lines that begin with "$".
func printAll(t *testing.T, p *program, archive *txtar.Archive) string {
	t.Helper()
	dir := emptyDir(t)
	text := string(archive.Comment)
	for _, f := range profiles(archive) {
		writeFile(t, filepath.Join(dir, f.Name), string(f.Data))
		text += string(f.Data)
	}
	var out strings.Builder
	for line := range strings.Lines(string(archive.Comment)) {
		if args, ok := strings.CutPrefix(line, "$ "); ok {
			r := p.run(t, dir, append([]string{"-U"}, strings.Fields(args)...)...)
			fmt.Fprintf(&out, "%s%s", line, withoutDefaults(r.said(), text))
			if r.Status != 0 {
				fmt.Fprintf(&out, "status %d\n", r.Status)
			}
		}
	}
	return out.String()
}

var (
	optionStart   = regexp.MustCompile(`(?m)^[\w-]+=`)
	ownVersionPin = regexp.MustCompile(`(?m)^(zc\.buildout=|   SET VALUE =) >=\d[\d.a]+$`)
)

// withoutDefaults leaves out the options of [buildout] that a profile doesn't
// mention, in which versions differ, and the version itself.
func withoutDefaults(printed, profile string) string {
	printed = ownVersionPin.ReplaceAllString(printed, "$1 >=VERSION")
	before, rest, ok := strings.Cut(printed, "\n[buildout]\n")
	if !ok {
		return printed
	}
	body, after, _ := strings.Cut(rest, "\n[")
	kept := before + "\n[buildout]\n"
	starts := optionStart.FindAllStringIndex(body, -1)
	for i, at := range starts {
		end := len(body)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		mentioned := regexp.MustCompile(`(?m)(^|[ :])` + regexp.QuoteMeta(body[at[0]:at[1]-1]) + `\s*[+-]?=`)
		if mentioned.MatchString(profile) {
			kept += body[at[0]:end]
		}
	}
	return kept + "\n[" + after
}
