package buildout_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// load reads buildout.cfg of a txtar archive in a directory of its own.
func load(t *testing.T, dialect buildout.Dialect, archive string, assignments ...string) (*buildout.Config, string, error) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, f.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(f.Data), "$DIR", dir)), 0o666))
	}
	var overrides []buildout.Assignment
	for _, text := range assignments {
		a, err := buildout.ParseAssignment(text)
		require.NoError(t, err)
		overrides = append(overrides, a)
	}
	cfg, err := buildout.Load(context.Background(), filepath.Join(dir, "buildout.cfg"), buildout.LoadOptions{
		Dialect: dialect, Overrides: overrides, Home: filepath.Join(dir, "home"), WorkingDirectory: dir,
		UserDefaults: filepath.Join(dir, "home", "default.cfg"),
	})
	return cfg, dir, err
}

// show lists the resolved values of a section, "·" standing for a newline.
func show(cfg *buildout.Config, dir, section string) string {
	r := cfg.Resolve(section)
	if e := r.Errors[section]; e != nil {
		return "error: " + e.Message
	}
	var out []string
	for _, k := range slices.Sorted(maps.Keys(r.Section(section))) {
		v := strings.ReplaceAll(r.Section(section)[k], "\n", "·")
		out = append(out, k+"="+strings.ReplaceAll(v, dir, "$DIR"))
	}
	return strings.Join(out, " ")
}

// TestValues resolves section s of small profiles in both dialects.
func TestValues(t *testing.T) {
	const head = "-- buildout.cfg --\n[buildout]\n"
	for _, tc := range []struct{ name, files, slapos, zc string }{
		{"additions and removals by lines",
			"-- base.cfg --\n[s]\na = 1\nb =\n  1\n  2\nc = 1 2\nd =\n-- buildout.cfg --\n[buildout]\nextends = base.cfg\n[s]\na += 2\nb -=\n  1\n  3\nb += 3\nc -= 1\nd += 1\ne += 5\nf -= 1\n",
			"a=1·2 b=2 c=1 2 d=·1 e=·5 f=", ""},
		{"set and add in one file", "-- base.cfg --\n[s]\na = 1\n-- buildout.cfg --\n[buildout]\nextends = base.cfg\n[s]\na += 3\na = 2\n", "a=2·3", "a=2"},
		{"additions without a base", head + "[s]\nfoo+=1\nb -= 2\nc += 3\n", "b= c=3 foo=1", ""},
		{"diamond of additions",
			"-- base.cfg --\n[s]\na = 0\n-- x.cfg --\n[buildout]\nextends = base.cfg\n[s]\na += x\n-- y.cfg --\n[buildout]\nextends = base.cfg\n[s]\na += y\n-- buildout.cfg --\n[buildout]\nextends = x.cfg y.cfg\n[s]\na += z\n",
			"a=0·x·y·z", "a=0·y·z"},
		{"diamond of values",
			"-- c.cfg --\n[s]\nv = C\n-- a.cfg --\n[buildout]\nextends = c.cfg\n[s]\nv = A\n-- b.cfg --\n[buildout]\nextends = c.cfg\n-- buildout.cfg --\n[buildout]\nextends = a.cfg b.cfg\n",
			"v=A", "v=C"},
		{"a file named twice", "-- x.cfg --\n[s]\na += x\n-- buildout.cfg --\n[buildout]\nextends = x.cfg x.cfg\n", "a=x", "a=x·x"},
		{"macro", head + "[m]\nx = m\ny = m\nself = ${:_buildout_section_name_}/${:y}\n[s]\n<= m\ny = s\n", "self=s/s x=m y=s", ""},
		{"two macros", head + "[m]\nx = 1\ny = 1\n[n]\nx = 2\n[s]\n<=\n  m\n  n\n", "x=2 y=1", ""},
		{"additions to macros", head + "[m]\nx = 1\n[n]\n<= m\nx += 2\n[s]\n<= n\nx += 3\nz += 4\n", "x=1·2·3 z=·4", ""},
		{"addition in a later file loses the macro's value",
			"-- base.cfg --\n[m]\nx = 1\n[s]\n<= m\nx += 2\n-- buildout.cfg --\n[buildout]\nextends = base.cfg\n[s]\nx += 3\n", "x=·3·2", ""},
		{"a later macro replaces an earlier one",
			"-- base.cfg --\n[m]\nx = 1\n[n]\nx = 2\n[s]\n<= m\n-- buildout.cfg --\n[buildout]\nextends = base.cfg\n[s]\n<= n\n", "x=2", ""},
		{"a broken option of a macro that is overridden", head + "[m]\nx = ${no:such}\n[s]\n<= m\nx = 1\n", "x=1", ""},
		{"references", head + "[t]\na = 1\n[s]\nx = <${t:a}>\ny = ${:x}${t:a}\n", "x=<1> y=<1>1", ""},
		{"lines in a reference", head + "[t]\na =\n  1\n    2\n\n  3\n[s]\nx = <${t:a}>\n", "x=<1·  2··3>", ""},
		{"dollars", head + "[s]\ne = $${x:y}\nx = a$$b\ny = $$${:e}\nd = $\nu = ${ y\n", "d=$ e=$${x:y} u=${ y x=a$$b y=$$$${x:y}", ""},
		{"sections that refer to each other", head + "[t]\na = ${s:x}\nb = 2\n[s]\nx = ${t:b}\n", "x=2", ""},
		{"section name in a reference to another section", head + "[t]\nn = ${:_buildout_section_name_}\n[s]\nx = ${t:_buildout_section_name_} ${t:n}\n", "x=s t", ""},
		{"what a recipe would set", head + "[t]\nrecipe = r\n[s]\nx = ${t:location}/bin\n", "x=${t:location}/bin", ""},
		{"base location", "-- d/m.cfg --\n[m]\nurl = ${:_profile_base_location_}/x\n-- buildout.cfg --\n[buildout]\nextends = d/m.cfg\n[s]\n<= m\n",
			"_profile_base_location_=$DIR/d url=$DIR/d/x", "error: Referenced option does not exist: s _profile_base_location_"},
		{"directories", head + "bin-directory = b\n[s]\nb = ${buildout:bin-directory}\np = ${buildout:parts-directory}\n", "b=$DIR/b p=$DIR/parts", ""},
		{"a relative buildout directory", head + "directory = sub\n[s]\nd = ${buildout:directory}\nb = ${buildout:bin-directory}\n", "b=$DIR/sub/bin d=$DIR/sub", ""},
		{"user defaults", "-- home/default.cfg --\n[s]\na = user\nb = user\n-- base.cfg --\n[s]\na = base\nb += base\n-- buildout.cfg --\n[buildout]\nextends = base.cfg\n", "a=base b=user·base", ""},
		{"home in extends", "-- home/x.cfg --\n[s]\na = 1\n-- buildout.cfg --\n[buildout]\nextends = ~/x.cfg\n", "a=1", "load: [Errno 2] No such file or directory: '$DIR/~/x.cfg'"},
		{"parents in extends", "-- d/x.cfg --\n[buildout]\nextends = ../e/y.cfg\n-- e/y.cfg --\n[buildout]\nextends = z.cfg\n-- e/z.cfg --\n[s]\na = 1\n-- buildout.cfg --\n[buildout]\nextends = d/x.cfg\n", "a=1", ""},
		{"conditions", head + "[s]\na = 1\n[s:linux]\na = 2\n[s:python2]\na = 3\n", "a=2", ""},
		{"additions to defaults", "-- base.cfg --\n[buildout]\nallow-hosts += one\n-- buildout.cfg --\n[buildout]\nextends = base.cfg\nallow-hosts += two\n[s]\nx = ${buildout:allow-hosts}\n", "x=*·one·two", "x=one·two"},
	} {
		for _, d := range []struct {
			dialect buildout.Dialect
			want    string
		}{{buildout.SlapOS(), tc.slapos}, {buildout.ZC(), tc.zc}} {
			t.Run(tc.name+"/"+d.dialect.Name, func(t *testing.T) {
				want := d.want
				if want == "" {
					want = tc.slapos
				}
				cfg, dir, err := load(t, d.dialect, tc.files)
				if message, ok := strings.CutPrefix(want, "load: "); ok {
					require.ErrorContains(t, err, strings.ReplaceAll(message, "$DIR", dir))
					return
				}
				require.NoError(t, err)
				require.Equal(t, want, show(cfg, dir, "s"))
			})
		}
	}
}

func TestCommandLine(t *testing.T) {
	cfg, dir, err := load(t, buildout.SlapOS(), "-- x.cfg --\n[s]\nb = x\n-- buildout.cfg --\n[s]\na = 1\n",
		"s:a+=2", "s:b-=1", "x=5", "t:n= sp ", "s:c=2", "s:c=1", "extends=x.cfg")
	require.NoError(t, err)
	require.Equal(t, "a=1·2 b=x c=2", show(cfg, dir, "s"))
	require.Equal(t, "n=sp", show(cfg, dir, "t"))
	x, err := cfg.Query("buildout", "x")
	require.NoError(t, err)
	require.Equal(t, "5", x)
	_, err = buildout.ParseAssignment("a:b:c=1")
	require.Error(t, err)
	_, err = buildout.ParseAssignment("no assignment")
	require.Error(t, err)
}

// TestProfileErrors looks at the full report of mistakes in profiles.
func TestProfileErrors(t *testing.T) {
	const head = "-- buildout.cfg --\n[buildout]\n"
	for _, tc := range []struct {
		name, files string
		code        buildout.Code
		report      []string
	}{
		{"no colon", head + "[s]\nx = ${t}\n", buildout.CodeInvalidReference, []string{"Error: The substitution, ${t},\ndoesn't contain a colon.\n  $DIR/buildout.cfg:3 (s:x)\n    x = ${t}\n"}},
		{"colons", head + "[s]\nx = ${a:b:c}\n", buildout.CodeInvalidReference, []string{"has too many colons."}},
		{"section characters", head + "[s]\nx = ${a/b:c}\n", buildout.CodeInvalidReference, []string{"The section name in substitution, ${a/b:c},\nhas invalid characters."}},
		{"option characters", head + "[s]\nx = ${a:b/c}\n", buildout.CodeInvalidReference, []string{"The option name in substitution, ${a:b/c},"}},
		{"empty", head + "[s]\nx = ${:}\n", buildout.CodeInvalidReference, []string{"The section name in substitution, ${:},"}},
		{"unknown section", head + "[target]\n[s]\nx = ${tarlget:a}\n", buildout.CodeUnknownSection, []string{"The referenced section, 'tarlget', was not defined.", "did you mean 'target'?", "$DIR/buildout.cfg:4 (s:x)"}},
		{"unknown option", head + "[t]\nlocation = 1\n[s]\nx = ${t:locaton}\n", buildout.CodeUnknownOption, []string{"Referenced option does not exist: t locaton", "did you mean 'location'?"}},
		{"loop", head + "[s]\nx = ${t:a}\n[t]\na = ${s:x}\n", buildout.CodeReferenceLoop, []string{"Circular reference in substitutions.", "the loop is ${t:a} -> ${s:x} -> ${t:a}"}},
		{"unknown macro", head + "[base]\n[s]\n<= bsae\n", buildout.CodeUnknownSection, []string{"No section named 'bsae'", "did you mean 'base'?", "$DIR/buildout.cfg:4 (s:<)"}},
		{"macro loop", head + "[m]\n<= s\n[s]\n<= m\n", buildout.CodeMacroLoop, []string{"Infinite extending loop 's'", "the loop is s <= m <= s"}},
		{"two macros on one line", head + "[s]\n<= a b\n", buildout.CodeUnknownSection, []string{"No section named 'a b'"}},
		{"bomb", head + "[s]\nx = ${t:j}\n[t]\na = aaaaaaaaaaaaaaaa\n" + doubling("bcdefghijklmnopqrstuvwxyz") + "[s]\nx = ${t:z}\n", buildout.CodeLimit, []string{"The value is too large"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cfg, dir, err := load(t, buildout.SlapOS(), tc.files)
			require.NoError(t, err)
			e := cfg.Resolve("s").Errors["s"]
			require.NotNil(t, e)
			require.Equal(t, tc.code, e.Code)
			for _, want := range tc.report {
				require.Contains(t, e.Report(), strings.ReplaceAll(want, "$DIR", dir))
			}
		})
	}
}

// doubling gives options that each refer twice to the one before.
func doubling(names string) string {
	var b strings.Builder
	last := "a"
	for _, n := range strings.Split(names, "") {
		b.WriteString(n + " = ${:" + last + "}${:" + last + "}\n")
		last = n
	}
	return b.String()
}

func TestLoadErrors(t *testing.T) {
	for _, tc := range []struct {
		name, files string
		code        buildout.Code
		report      string
	}{
		{"syntax", "-- buildout.cfg --\n[buildout]\nfoo bar\n", buildout.CodeProfileSyntax, "File contains parsing errors: $DIR/buildout.cfg\n\t[line  2]: 'foo bar\\n'\n  $DIR/buildout.cfg:2"},
		{"condition", "-- buildout.cfg --\n[buildout]\n[s:nosuch]\n", buildout.CodeProfileSyntax, "NameError: name 'nosuch' is not defined\n  $DIR/buildout.cfg:2\n    [s:nosuch]"},
		{"missing file", "-- buildout.cfg --\n[buildout]\nextends = x.cfg\n", buildout.CodeProfileMissing, "[Errno 2] No such file or directory: '$DIR/x.cfg'\n  $DIR/buildout.cfg:2 (buildout:extends)"},
		{"loop", "-- buildout.cfg --\n[buildout]\nextends = x.cfg\n-- x.cfg --\n[buildout]\nextends = buildout.cfg\n", buildout.CodeExtendsLoop, "Recursive file include ['$DIR/buildout.cfg', '$DIR/x.cfg'] $DIR/buildout.cfg\n  $DIR/x.cfg:2"},
		{"extended-by", "-- buildout.cfg --\n[buildout]\nextended-by = x\n", buildout.CodeExtends, "No-longer supported \"extended-by\" option found in $DIR/buildout.cfg."},
		{"bool", "-- buildout.cfg --\n[buildout]\nnewest = yes\n", buildout.CodeInvalidOption, "Invalid value for 'newest' option: 'yes'\n  $DIR/buildout.cfg:2 (buildout:newest)"},
		{"url without an opener", "-- buildout.cfg --\n[buildout]\nextends = http://127.0.0.1:1/x.cfg\n", buildout.CodeDownload, "Couldn't download 'http://127.0.0.1:1/x.cfg'"},
		{"offline url", "-- buildout.cfg --\n[buildout]\noffline = true\nextends = a.cfg http://127.0.0.1:1/x.cfg\n-- a.cfg --\n[buildout]\noffline = true\n", buildout.CodeDownload, "Couldn't download 'http://127.0.0.1:1/x.cfg' in offline mode."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, dir, err := load(t, buildout.SlapOS(), tc.files)
			var e *buildout.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, tc.code, e.Code)
			require.Contains(t, e.Report(), strings.ReplaceAll(tc.report, "$DIR", dir))
		})
	}
	_, err := buildout.Load(context.Background(), "/nosuch/buildout.cfg", buildout.LoadOptions{})
	require.EqualError(t, err, "Couldn't open /nosuch/buildout.cfg")
}

func TestLimits(t *testing.T) {
	dir := t.TempDir()
	// Each file extends the next twice: exponentially many visits in dialect zc.
	for i := range 40 {
		text := "[buildout]\nextends = " + name(i+1) + " " + name(i+1) + "\n[s]\na += x\n"
		if i == 39 {
			text = "[s]\na = 1\n"
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name(i)), []byte(text), 0o666))
	}
	// The last visit of the last file sets the value anew.
	cfg, err := buildout.Load(context.Background(), filepath.Join(dir, name(0)), buildout.LoadOptions{Dialect: buildout.ZC()})
	require.NoError(t, err)
	require.Equal(t, "1"+strings.Repeat("\nx", 39), cfg.Section("s").Option("a").Value())
	require.Len(t, cfg.Section("s").Option("a").History(), 100_000)
	// Without that, they add up.
	require.NoError(t, os.WriteFile(filepath.Join(dir, name(39)), []byte("[s]\na += x\n"), 0o666))
	_, err = buildout.Load(context.Background(), filepath.Join(dir, name(0)), buildout.LoadOptions{Dialect: buildout.ZC()})
	var e *buildout.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, buildout.CodeLimit, e.Code)
	require.Equal(t, "s", e.Section)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name(39)), []byte("[s]\na = 1\n"), 0o666))
	cfg, err = buildout.Load(context.Background(), filepath.Join(dir, name(0)), buildout.LoadOptions{})
	require.NoError(t, err)
	require.Equal(t, 40, strings.Count(cfg.Resolve("s").Section("s")["a"], "\n")+1)
	_, err = buildout.Load(context.Background(), filepath.Join(dir, name(0)), buildout.LoadOptions{Limits: buildout.Limits{Depth: 10}})
	require.ErrorAs(t, err, &e)
	_, err = buildout.Load(context.Background(), filepath.Join(dir, name(0)), buildout.LoadOptions{Limits: buildout.Limits{Files: 10}})
	require.ErrorAs(t, err, &e)
	_, err = buildout.Load(context.Background(), filepath.Join(dir, name(0)), buildout.LoadOptions{Limits: buildout.Limits{Bytes: 100}})
	require.ErrorAs(t, err, &e)
	_, err = buildout.Load(context.Background(), filepath.Join(dir, name(0)), buildout.LoadOptions{Limits: buildout.Limits{Options: 10}})
	require.ErrorAs(t, err, &e)
}

func name(i int) string { return "f" + strings.Repeat("x", i) + ".cfg" }

func TestLongChain(t *testing.T) {
	var b strings.Builder
	b.WriteString("-- buildout.cfg --\n[s]\nx = ${s0:x}\n")
	const n = 10_000
	for i := range n {
		b.WriteString("[s" + strconv.Itoa(i) + "]\nx = ${s" + strconv.Itoa(i+1) + ":x}\n")
	}
	b.WriteString("[s" + strconv.Itoa(n) + "]\nx = end\n")
	cfg, dir, err := load(t, buildout.SlapOS(), b.String())
	require.NoError(t, err)
	require.Equal(t, "x=end", show(cfg, dir, "s"))
}

func TestHistory(t *testing.T) {
	cfg, dir, err := load(t, buildout.SlapOS(),
		"-- base.cfg --\n[s]\na =\n  1\n  2\n-- buildout.cfg --\n[buildout]\nextends = base.cfg\n\n[s]\na += 3\na -= 1\n", "s:a+=4")
	require.NoError(t, err)
	var lines []string
	for _, op := range cfg.Section("s").Option("a").History() {
		lines = append(lines, string(op.Kind)+" "+strings.ReplaceAll(op.Value, "\n", "·")+" "+strings.TrimPrefix(op.Pos.String(), dir+"/"))
	}
	require.Equal(t, []string{"set 1·2 base.cfg:2", "add 3 buildout.cfg:5", "remove 1 buildout.cfg:6", "add 4 "}, lines)
}

func TestAnnotate(t *testing.T) {
	cfg, dir, err := load(t, buildout.SlapOS(),
		"-- base.cfg --\n[s]\na = 1\nb = 1\n-- buildout.cfg --\n[buildout]\nextends = base.cfg\n[s]\na += 2\nb = 2\nc =\n")
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, cfg.WriteAnnotated(&b, false, "s"))
	require.Equal(t, "\nAnnotated sections\n==================\n\n[s]\na= 1\n2\n    base.cfg\n+=  buildout.cfg\nb= 2\n    buildout.cfg\nc=\n    buildout.cfg\n", b.String())
	b.Reset()
	require.NoError(t, cfg.WriteAnnotated(&b, true, "s"))
	require.Contains(t, b.String(), "b= 2\n\n   IN buildout.cfg\n   OVERRIDE VALUE = 2\n   IN base.cfg\n   SET VALUE = 1\n\n")
	a := cfg.Annotate("s").Sections["s"]["b"]
	require.Equal(t, buildout.AnnotatedOption{Value: "2", History: []buildout.AnnotatedOperation{
		{Operation: "set", Value: "1", File: dir + "/base.cfg", Line: 3},
		{Operation: "override", Value: "2", File: dir + "/buildout.cfg", Line: 5},
	}}, a)
}

// TestManyAdditions adds to more options than there are bits in a mask, in files
// that are merged twice.
func TestManyAdditions(t *testing.T) {
	const n = 150
	var base, a, b strings.Builder
	for i := range n {
		fmt.Fprintf(&base, "o%d = base\n", i)
		fmt.Fprintf(&a, "o%d += a\n", i)
		fmt.Fprintf(&b, "o%d += b%d\n", i, i)
	}
	c, _, err := load(t, buildout.ZC(), "-- buildout.cfg --\n[buildout]\nextends = a.cfg b.cfg\n"+
		"-- base.cfg --\n[s]\n"+base.String()+
		"-- a.cfg --\n[buildout]\nextends = base.cfg\n[s]\n"+a.String()+
		"-- b.cfg --\n[buildout]\nextends = base.cfg\n[s]\n"+b.String())
	require.NoError(t, err)
	for i := range n {
		require.Equal(t, fmt.Sprintf("base\nb%d", i), c.Section("s").Option(fmt.Sprintf("o%d", i)).Value())
	}
}
