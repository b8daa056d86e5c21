package profile

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// flat shows contents as "section.key=value" lines in order.
func flat(c *Contents) string {
	var b strings.Builder
	for _, s := range c.Sections {
		b.WriteString("[" + s.Name + "]\n")
		for _, o := range s.Options {
			b.WriteString(o.Key + "=" + strings.ReplaceAll(o.Value, "\n", "·") + "\n")
		}
	}
	return b.String()
}

func TestEval(t *testing.T) {
	zc := Rules{JoinRepeated: true}
	for _, tc := range []struct {
		name, text, want string
		rules            Rules
	}{
		{"headers", "[ a ]   # comment ] here\n[b];c\n[c.d-e_f]\n[x/y+z]\n[<<]\n[a=b]\n[\"q\"]\n[s] # a: b ]\n[t:True] # ] : x\n",
			"[a]\n[b]\n[c.d-e_f]\n[x/y+z]\n[<<]\n[a=b]\n[\"q\"]\n[s]\n[t]\n", zc},
		{"names", "[s]\na-b.c_d=1\n/x/y = 2\n<z> = 3\né = 4\n;k = 5\n@!$%^&*()=6\n\"q\"=7\n",
			"[s]\na-b.c_d=1\n/x/y=2\n<z>=3\né=4\n@!$%^&*()=6\n\"q\"=7\n", zc},
		{"equal signs", "[s]\na==1\nb = c = d\ne=\nf =   \ng  =\tx  \n", "[s]\na==1\nb=c = d\ne=\nf=\ng=x\n", zc},
		{"inline value", "[s]\na = 1\n   2\n     3\n  \n   4\n", "[s]\na=1·2·3·4\n", zc},
		{"block value", "[s]\nb =\n   1\n     2  \n \n   3\n \n \n", "[s]\nb=1·  2··3\n", zc},
		{"comments in values", "[s]\na =\n  1\n# comment\n  2\n; another\n  # kept\n  3 # kept too\n  ; kept\n",
			"[s]\na=1·2·# kept·3 # kept too·; kept\n", zc},
		{"no inline comments", "[s]\nb = x ; y # z\na = # not a comment\n", "[s]\nb=x ; y # z\na=# not a comment\n", zc},
		{"blank line in a block", "[s]\na =\n  1\n\n  2\nb = 1\n\n  2\n", "[s]\na=1··2\nb=1·2\n", zc},
		{"tabs", "[s]\na =\n\t1\n\t  2\nb =\n    1\n\t2\nc =\n  1\n 2\n", "[s]\na=1·  2\nb=    1·\t2\nc= 1·2\n", zc},
		{"form feed and no-break space continue", "[s]\na = 1\n\f2\n\u00a03\n", "[s]\na=1·2·3\n", zc},
		{"Python's separators are white space", "[s]\na = 1\x1c\n\x1d2\x1e\nb =\n  3\x1f\n", "[s]\na=1·2\nb=3\n", zc},
		{"option-like lines in a value", "[s]\na =\n  b = 2\n  [x]\n", "[s]\na=b = 2·[x]\n", zc},
		{"crlf", "[s]\r\na = 1\r\nb =\r\n  2\r\n  3\r\nc=4", "[s]\na=1\nb=2·3\nc=4\n", zc},
		{"sections are merged", "[s]\na=1\na=2\n[t]\nx=1\n[s]\nb=3\na=4\n", "[s]\na=4\nb=3\n[t]\nx=1\n", zc},
		{"repeated +=", "[s]\na = 1\na += 2\na += 3\n", "[s]\na=1\na +=2·3\n", zc},
		{"repeated +=, older", "[s]\na = 1\na += 2\na += 3\n", "[s]\na=1\na +=3\n", Rules{}},
		{"= cancels +=", "[s]\na += 2\na = 1\n", "[s]\na=1\n", zc},
		{"= cancels nothing, older", "[s]\na += 2\na = 1\n", "[s]\na +=2\na=1\n", Rules{}},
		{"joined before dedent", "[s]\na +=\n    1\n[s:True]\na +=\n  2\n", "[s]\na +=  1·2\n", zc},
		{"spellings of +=", "[s]\na+ = 1\nb +=1\nc  += 2\nd-=3\n", "[s]\na+=1\nb +=1\nc  +=2\nd-=3\n", zc},
		{"part dependencies", "[a]\n=> b c\n", "[a]\n<part-dependencies>=b c\n", zc},
		{"conditions", "[s]\na=base\n[s:linux]\na=linux\n[s:windows]\na=win\n[ s : python3 and bits64 ] # c\nb=64\n[s:sys.version_info[0] == 3]\nc=3\n[u:False]\nx=1\n",
			"[s]\na=linux\nb=64\nc=3\n", zc},
		{"empty conditional section", "[t:True]\n", "[t]\n", zc},
		{"no condition after the colon", "[s:]\na=1\n", "[s]\na=1\n", zc},
		{"false section swallows continuations", "[s]\na=1\n[s:False]\n  b\nc =\n  2\n[s]\nd=3\n", "[s]\na=1\nd=3\n", zc},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Parse("x.cfg", tc.text).Eval(NewConditions(Platform{}), tc.rules)
			require.NoError(t, err)
			require.Equal(t, tc.want, flat(c))
		})
	}
}

func TestErrors(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"space in a section name", "[buildout]\n[a b]\n", "File contains parsing errors: x.cfg\n\t[line  2]: '[a b]\\n'"},
		{"text after a header", "[a] foo\n", "File contains no section headers.\nfile: x.cfg, line: 1\n'[a] foo\\n'"},
		{"empty name", "[s]\n[]\n", "File contains parsing errors: x.cfg\n\t[line  2]: '[]\\n'"},
		{"indented header", "[s]\n [a]\n", "File contains parsing errors: x.cfg\n\t[line  2]: ' [a]\\n'"},
		{"option before any section", "\n# c\nx = 1\n", "File contains no section headers.\nfile: x.cfg, line: 3\n'x = 1\\n'"},
		{"all bad lines", "[s]\nfoo bar\nx=1\nbaz: 3\n", "File contains parsing errors: x.cfg\n\t[line  2]: 'foo bar\\n'\n\t[line  4]: 'baz: 3\\n'"},
		{"operator apart", "[s]\na + = 1\n", "File contains parsing errors: x.cfg\n\t[line  2]: 'a + = 1\\n'"},
		{"bad characters in a name", "[s]\na b = 1\n{x} = 2\n[y] = 3\n", "File contains parsing errors: x.cfg\n\t[line  2]: 'a b = 1\\n'\n\t[line  3]: '{x} = 2\\n'\n\t[line  4]: '[y] = 3\\n'"},
		{"junk in a false section", "[t]\n[s:False]\njunk\n", "File contains parsing errors: x.cfg\n\t[line  3]: 'junk\\n'"},
		{"false section first", "[s:False]\na=1\n[buildout]\n", "File contains no section headers.\nfile: x.cfg, line: 2\n'a=1\\n'"},
		{"continuation in a false section after an empty one", "[t]\n[s:False]\na =\n# c\n  1\n", "File contains parsing errors: x.cfg\n\t[line  5]: '  1\\n'"},
		{"byte order mark", "\ufeff[s]\n", "File contains no section headers.\nfile: x.cfg, line: 1\n'\\ufeff[s]\\n'"},
		{"empty condition", "[s: ]\n", "IndexError: list index out of range: the condition is empty"},
		{"unknown name", "[s:nosuch]\n", "NameError: name 'nosuch' is not defined"},
		{"syntax", "[s:1 +]\n", "SyntaxError: invalid syntax: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse("x.cfg", tc.text).Eval(NewConditions(Platform{}), Rules{JoinRepeated: true})
			require.Error(t, err)
			require.True(t, strings.HasPrefix(err.Error(), tc.want), "got %q, want %q", err, tc.want)
		})
	}
}

func TestConditions(t *testing.T) {
	p := Platform{
		Release: "5.10.0-8-amd64",
		ReadFile: func(path string) (string, error) {
			return "# c\nID=debian\nVERSION_ID=\"12\"\n", nil
		},
		Exists: func(path string) (bool, bool) { return path == "/usr", true },
	}
	for text, want := range map[string]bool{
		`linux and platform.machine() == "x86_64"`:                        true,
		`not (linux and platform.machine() == "x86_64")`:                  false,
		`sys.version_info < (3,11)`:                                       false,
		`sys.version_info >= (3, 11)`:                                     true,
		`sys.version_info.major == 3`:                                     true,
		`python311`:                                                       true,
		`python2`:                                                         false,
		`pypy or sys.version_info >= (3,13)`:                              false,
		`[int(q) for q in platform.release().split(".")[:2]]<[4,14]`:      false,
		`platform.freedesktop_os_release()['ID'] == 'debian'`:             true,
		`int(platform.freedesktop_os_release()['VERSION_ID']) < 12`:       false,
		`os.path.isdir('/usr') and os.access('/usr', os.R_OK)`:            true,
		`os.path.isdir('/nosuch')`:                                        false,
		`'debian' in open('/etc/os-release').read()`:                      true,
		`python_version >= "3.0" and platform_system == "Linux"`:          true,
		`python_version < "3.9"`:                                          false,
		`python_version >= "3.10"`:                                        true,
		`(os_name == 'posix' or sys_platform == 'win32') and extra == ''`: true,
		`platform_machine not in "i386 i686"`:                             true,
		`python_full_version == "3.11.*"`:                                 true,
		`python_version ~= "3.9"`:                                         true,
		`'\x23' in 'a\x23'`:                                               true,
		`'x' in 'y'`:                                                      false,
		`1, 0`:                                                            true,
		`0, 1`:                                                            false,
		`0], [1`:                                                          true,
		`'.'.join(platform.release().split(".")[:2]) == '5.10'`:           true,
		`sys.version_info[0] * 100 + sys.version_info[1] % 100 >= 309`:    true,
		`'python3' not in [x for x in ['a', 'b'] if x != 'a']`:            true,
		`not (max(1, 2) if linux else 0) - 2`:                             true,
		`re.match('lin', sys.platform)`:                                   true,
		`re.search('nope', sys.platform)`:                                 false,
		`os.environ.get('HOME', 'none') == 'none'`:                        true,
		`bits64 and little_endian and cpython and posix and not windows`:  true,
	} {
		got, err := NewConditions(p).Holds(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

// TestConditionIsBounded: an expression of a stranger ends soon and in little
// memory.
func TestConditionIsBounded(t *testing.T) {
	const tooMuch = "the condition takes too much memory or time"
	p := Platform{ReadFile: func(string) (string, error) { return strings.Repeat("a ", 1<<19), nil }}
	for text, want := range map[string]string{
		`[x for x in range(1000000000) if x < 0]`:                              tooMuch,
		`max(range(1000000000000))`:                                            tooMuch,
		`sorted(range(1000000000))`:                                            tooMuch,
		`5 in [[x, x, x] for x in [range(1000000)]]`:                           tooMuch,
		`[open('f').read() for x in range(1000)]`:                              tooMuch,
		`[l[:] for l in [open('f').read().split()] for x in range(1000)]`:      tooMuch,
		`[x + x + x + x + x for x in [open('f').read()]]`:                      tooMuch,
		`open('f').read().join(open('f').read().split())`:                      tooMuch,
		`open('f').read().replace('a', open('f').read())`:                      tooMuch,
		`re.search('(a{1000})(a{1000})(a{1000})', open('f').read())`:           tooMuch,
		`[re.match('a{1000}', 'x') for x in range(100000)]`:                    tooMuch,
		`str([[x, x, x, x] for x in [[y, y, y, y] for y in [range(100000)]]])`: tooMuch,
		`[x for x in "` + strings.Repeat("x", 4096) + `"]`:                     "the condition is 4111 characters long",
		strings.Repeat("(", 4000):                                              "SyntaxError: invalid syntax: excessive nesting",
		`"x" * 1000000000000`:                                                  "string * int isn't supported in a condition",
		`'%1000000000d' % 1`:                                                   "string % int isn't supported in a condition",
		`'{}'.format(1)`:                                                       "the method format isn't supported in a condition",
		`zip([1])`:                                                             "the function zip isn't supported in a condition",
		`print(1)`:                                                             "the function print isn't supported in a condition",
		`(lambda x: x(x))(lambda x: x(x))`:                                     "lambda isn't supported in a condition",
		`sorted([1], reverse=True)`:                                            "an argument with a name isn't supported in a condition",
		`max(*[1, 2])`:                                                         "* before an argument isn't supported in a condition",
		`{x: x for x in [1]}`:                                                  "a dictionary isn't supported in a condition",
	} {
		_, err := NewConditions(p).Holds(text)
		require.ErrorContains(t, err, want, text)
	}
}

// TestUnsupportedConditions: what Python has and conditions have not is named.
func TestUnsupportedConditions(t *testing.T) {
	for text, want := range map[string]string{
		`is64bits`:                             "NameError: name 'is64bits' is not defined",
		`os.uname()`:                           "AttributeError: module 'os' has no attribute 'uname' in a condition",
		`(3, 6) <= sys.version_info < (3, 10)`: "SyntaxError: chained comparisons aren't supported in a condition: a < b < c is a < b and b < c",
		`sys.maxsize > 2**32`:                  "SyntaxError: invalid syntax: got '**', want ']'",
		`linux()`:                              "TypeError: 'bool' object is not callable",
		`1 + 'x'`:                              "unknown binary op: int + string",
		`1] + 5 and [1`:                        "unknown binary op: list + int",
		`1] and len([1])and 5 or [0][0`:        "TypeError: 'int' object is not subscriptable",
		`[] if linux else ]`:                   "SyntaxError: invalid syntax: ",
		`python_version >= "3" and (linux)`:    "NameError: name 'python_version' is not defined",
	} {
		_, err := NewConditions(Platform{}).Holds(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestPositions(t *testing.T) {
	f := Parse("x.cfg", "[s]\n# c\na =\n  1\n\nb = 2\n")
	require.Equal(t, Pos{"x.cfg", 1, 1}, f.Sections()[0].Pos)
	require.Equal(t, Pos{"x.cfg", 3, 1}, f.Sections()[0].Options[0].Pos)
	require.Equal(t, "x.cfg:6", f.Sections()[0].Options[1].Pos.String())
	require.Equal(t, "b = 2", f.Line(6))
	require.Equal(t, "", f.Line(7))
	require.Equal(t, "1", f.Sections()[0].Options[0].Value())
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "[a]\nb=1\n", "[a:linux]\n  x\n=>\n", "[s]\na+=\n 1\n\na -= 2\n", "\ufeff[", "[a]\n\x00=\xff\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := Parse("f", text)
		c, err := file.Eval(NewConditions(Platform{}), Rules{JoinRepeated: true})
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		for _, s := range c.Sections {
			require.NotEmpty(t, s.Name)
			for _, o := range s.Options {
				require.NotEmpty(t, o.Name)
			}
		}
	})
}

func FuzzCondition(f *testing.F) {
	for _, seed := range []string{"linux", "1, 0", "python_version >= '3'", "sys.version_info < (3, 11)", "[x for x in 'a']", "'a' in 'b'", "((", "not", "0], [1", "1] and 5 or [0",
		"sorted(range(9))[1:] + [1]", "'.'.join('a b'.split()).replace('a', 'b')", "re.match('a{9}', sys.platform)", "1 if linux else 2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := NewConditions(Platform{}).Holds(text); err != nil {
			require.NotEmpty(t, err.Error())
		}
	})
}
