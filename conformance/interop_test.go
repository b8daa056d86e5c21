package conformance

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/conformance/interop"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// TestInterop carries out histories, each a sequence of runs in one directory,
// by turns: the original alone, ours alone, and each run by the other program
// than the one before. After each run all directories must be the same: files,
// record of installed parts, what the run said and how it ended.
//
// A history is a txtar file of testdata/interop. Each file in it is a run: its
// name is a number and the arguments, its content a new profile if it is not
// empty. "N rm PATH" removes a path between the runs.
func TestInterop(t *testing.T) {
	original, ours := original(t), ours(t, "zc")
	histories, err := filepath.Glob("testdata/interop/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, histories)
	turns := [][2]*program{{original, original}, {ours, ours}, {original, ours}, {ours, original}}
	for _, file := range histories {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			history, err := txtar.ParseFile(file)
			require.NoError(t, err)
			dirs := make([]string, len(turns))
			for i := range dirs {
				dirs[i] = emptyDir(t)
			}
			for n, step := range history.Files {
				var want string
				for i, dir := range dirs {
					p := turns[i][n%2]
					got := carryOut(t, p, dir, step)
					if i == 0 {
						want = got
						continue
					}
					require.Equal(t, want, got, "run %q by %s after %s, compared with the original alone", step.Name, p.name, turns[i][(n+1)%2].name)
				}
			}
		})
	}
}

// carryOut makes one run and returns all that is to be the same afterwards.
func carryOut(t *testing.T, p *program, dir string, step txtar.File) string {
	t.Helper()
	words := strings.Fields(step.Name)[1:]
	if len(words) == 2 && words[0] == "rm" {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, words[1])))
		return ""
	}
	if len(step.Data) > 0 {
		writeFile(t, filepath.Join(dir, "buildout.cfg"), string(step.Data))
	}
	r := p.run(t, dir, append([]string{"-U", "-N"}, words...)...)
	return fmt.Sprintf("%s\nstatus %d\n%s", r.said(), r.Status, tree(t, dir))
}

// tree lists what is below a directory, with the content of files.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && name == "eggs":
			return fs.SkipDir // where the versions have different folders
		case filepath.Ext(name) == ".bak":
			return nil // only ours keeps a copy
		case d.IsDir():
			fmt.Fprintf(&b, "%s/\n", name)
			return nil
		}
		content, err := os.ReadFile(path)
		text := strings.ReplaceAll(string(content), dir, "$DIR")
		if filepath.Base(name) != "buildout.cfg" {
			// Written by the original when a run begins, by ours when it has a plan.
			text = strings.ReplaceAll(text, "\n[buildout]\ninstalled_develop_eggs = \n", "")
		}
		fmt.Fprintf(&b, "%s\n  %s\n", name, strings.ReplaceAll(text, "\n", "\n  "))
		return err
	}))
	return b.String()
}

// awkward are values that a careless format loses.
func awkward() []string {
	values := []string{
		"", " ", "  ", "\n", "\n\n", " \n ", "x", "x\n", "\nx", "x\n\n", "\n\nx", "a\n\nb", "a\n\n\nb", "a\n b", "a \nb", "a\n  b\n c",
		" x", "x ", "  x  ", "\n x \n", "\fx\v", "x\v\ny", "x\f\f\ny", "\v", "a \n\n b", "a\n \nb", "a\n\n \n\nb", "a b  c",
		"%", "%%", "100%", "%(x)s", "%(", "%3d", "%(__buildout_space__)", "%(__buildout_space__)s", "x%(__buildout_space_n__)s", "%(__buildout_space_x__)s",
		"$", "$$", "$${a:b}", "$$$${a:b}", "${", "}", "$x", "$$ {",
		"# x", "; x", "x\n# y", "x\n; y\nz", "[x]", "x\n[buildout]\nparts = y", "=x", "a = b", "x\n=> y", "<= m", "+= x", "\\", "x\\\ny",
		"é", "日本", "😀", "\u00a0x\u00a0", "\u2028", "x\u2028y", "\ufeff", "\u0000", "\u0001\u001b", "\u001cx\u001d", "\u0085x\u0085", "x\u0085y", "\u3000x",
		"\tx", "x\t", "x\ty", "x\n\ty", "x\t\ny", "\t", "\t\n\t", " \tx", "x\n \ty",
		strings.Repeat("long ", 2000) + "x", strings.Repeat("x\n", 500) + "x",
		"'", "\"", "'''", "!py!'x'", "!py!",
	}
	pieces := []string{" ", " ", "\n", "\n", "\t", "\f", "\v", "x", "y z", "%", "%(__buildout_space_n__)s", "#", ";", "[a]", "=", "$", "é", "\u00a0", "\u2028", "\u0085", "\u001f"}
	random := rand.New(rand.NewPCG(2, 13))
	for range 400 {
		var b strings.Builder
		for range random.IntN(9) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		values = append(values, b.String())
	}
	return values
}

// TestInteropValues compares how values are recorded: the same bytes by both
// programs, and read back as the same values by both, which is each value itself
// but where the format has no word for what is in it.
func TestInteropValues(t *testing.T) {
	original, ours := original(t), ours(t, "zc")
	values, recorded := awkward(), map[string]string{}
	for i, v := range values {
		recorded[fmt.Sprintf("v%03d", i)] = v
	}
	text, err := json.Marshal(recorded)
	require.NoError(t, err)
	// What JSON needs no escape for is escaped if a profile would take it apart.
	profile := "[buildout]\nparts = a\n[a]\nrecipe = interop\nvalues = " + strings.ReplaceAll(string(text), "$", `\u0024`) + "\n"
	states := map[*program]string{}
	for _, p := range []*program{original, ours} {
		dir := emptyDir(t)
		writeFile(t, filepath.Join(dir, "buildout.cfg"), profile)
		r := p.run(t, dir, "-U", "-N")
		require.Zero(t, r.Status, r.Stderr)
		file := filepath.Join(dir, ".installed.cfg")
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		states[p] = strings.ReplaceAll(string(b), dir, "$DIR")

		read, err := buildout.ReadInstalled(file)
		require.NoError(t, err)
		require.Len(t, read, 1)
		byOriginal := readByOriginal(t, original, dir)["a"]
		for i, v := range values {
			name := fmt.Sprintf("v%03d", i)
			require.Equal(t, byOriginal[name], read[0].Options[name], "value %q written by %s", v, p.name)
			if !losable.MatchString(v) {
				require.Equal(t, v, read[0].Options[name], "written by %s", p.name)
			}
		}
	}
	require.Equal(t, strings.Split(states[original], "\n"), strings.Split(states[ours], "\n"))
}

// losable is what the format has no word for: white space other than blanks,
// newlines, form feeds and vertical tabs at the ends of lines, and its own words.
var losable = regexp.MustCompile("%\\(__buildout_space|(?m:^|\\A)[ \f\v]*[\t\u001c-\u001f\u0085\\pZ]|[\t\u001c-\u001f\u0085\\pZ][ \f\v]*(?m:$|\\z)")

// TestInteropSignatures is about recipes whose signature differs, as it does when
// the original's recipe is an egg of another name: each part is installed again,
// once, and the plan says that the recipe is why. With check-signature = false
// what is there is taken over as it is.
func TestInteropSignatures(t *testing.T) {
	original := original(t)
	const profile = "[buildout]\nparts = a b\n[a]\nrecipe = interop:watched\nfiles = a\n[b]\nrecipe = interop\nfolders = b\n"
	registry := &buildout.Registry{}
	interop.Register(registry, "2")
	open := func(dir string, overrides ...buildout.Assignment) *buildout.Buildout {
		cfg, err := buildout.Load(t.Context(), filepath.Join(dir, "buildout.cfg"), buildout.LoadOptions{Dialect: buildout.ZC(), Overrides: overrides})
		require.NoError(t, err)
		b, err := buildout.New(t.Context(), cfg, registry, buildout.Options{OnFailure: buildout.AsUpstream})
		require.NoError(t, err)
		return b
	}
	both := []string{"a", "b"}

	dir := emptyDir(t)
	writeFile(t, filepath.Join(dir, "buildout.cfg"), profile)
	require.Zero(t, original.run(t, dir, "-U", "-N").Status)
	plan, err := open(dir).Plan(t.Context())
	require.NoError(t, err)
	require.Len(t, plan.Steps, 2)
	for _, s := range plan.Steps {
		require.Equal(t, buildout.ActionReinstall, s.Action)
		require.Equal(t, []buildout.Reason{{Kind: buildout.ReasonRecipeChanged, Was: "interop-1.egg", Now: "interop-2"}}, s.Reasons)
	}

	install := func(overrides ...buildout.Assignment) *buildout.Result {
		r, err := open(dir, overrides...).Install(t.Context())
		require.NoError(t, err)
		r.Parts = nil
		return r
	}
	ignored := buildout.Assignment{Section: "buildout", Option: "check-signature", Value: "false"}
	require.Equal(t, &buildout.Result{Updated: both}, install(ignored))
	require.Equal(t, &buildout.Result{Uninstalled: []string{"b", "a"}, Installed: both}, install())
	require.Equal(t, &buildout.Result{Updated: both}, install())
	// And back, in the same words.
	require.Equal(t, "Uninstalling b.\nUninstalling a.\nRunning uninstall recipe.\nInstalling a.\nInstalling b.\n", original.run(t, dir, "-U", "-N").said())
	require.Equal(t, "Updating a.\nUpdating b.\n", original.run(t, dir, "-U", "-N").said())
}

// TestInteropSlapOS changes hands between dialects: what the dialect slapos
// records, zc.buildout reads, updates and uninstalls, and the other way round.
// Only the part whose signature has the section that it refers to is installed
// again.
func TestInteropSlapOS(t *testing.T) {
	original, ours := original(t), ours(t, "slapos")
	const profile = "[buildout]\nparts = a b\n[a]\nrecipe = interop:watched\nfiles = a\nvalues = {\"v\": \" x \\n\\ny\"}\n[b]\nrecipe = interop\nfolders = b\nref = ${a:location}\n"
	const ofB = "Uninstalling b.\nUpdating a.\nInstalling b.\n"
	dir := emptyDir(t)
	writeFile(t, filepath.Join(dir, "buildout.cfg"), profile)
	require.Equal(t, "Installing a.\nInstalling b.\nUnused options for b: 'ref'.\n", ours.run(t, dir, "-U", "-N").said())
	require.Equal(t, ofB, original.run(t, dir, "-U", "-N").said())
	require.Equal(t, "Updating a.\nUpdating b.\n", original.run(t, dir, "-U", "-N").said())
	require.Equal(t, ofB+"Unused options for b: 'ref'.\n", ours.run(t, dir, "-U", "-N").said())
	require.Equal(t, "Updating a.\nUpdating b.\n", ours.run(t, dir, "-U", "-N").said())
	require.Equal(t, "Uninstalling b.\nUninstalling a.\nRunning uninstall recipe.\n", original.run(t, dir, "-U", "-N", "parts=").said())
	for _, name := range []string{"a", "b", ".installed.cfg"} {
		require.NoFileExists(t, filepath.Join(dir, name))
		require.NoDirExists(t, filepath.Join(dir, name))
	}
}
