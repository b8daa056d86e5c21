package shellscript

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestScript(t *testing.T) {
	command, err := Split(`sh -c "echo it's $FOO" "a b" plain 'x"y' ''`)
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		script Script
		want   string
	}{
		{"quotes and a long line",
			Script{Environment: map[string]string{"FOO": "bar baz", "ZED": "1=2", "EMPTY": ""}, Command: command},
			"#!/bin/sh -e\nexport EMPTY=''\nexport FOO='bar baz'\nexport ZED=1=2\n" +
				`exec sh -c 'echo it'"'"'s $FOO' 'a b' plain \` + "\n\t" + `'x"y' '' "$@"` + "\n"},
		{"ignored signal", Script{Ignore: "USR1", Command: []string{"/bin/true", "a"}},
			"#!/bin/sh -e\ntrap '' USR1\nexec /bin/true a \"$@\"\n"},
		{"before and via", Script{Before: []string{"echo x"}, Via: []string{`"$(y)"`}, Command: []string{"a"}},
			"#!/bin/sh -e\necho x\nexec \"$(y)\" a \"$@\"\n"},
		{"a word of 35 letters fills a line", Script{Command: []string{strings.Repeat("a", 35)}},
			"#!/bin/sh -e\nexec " + strings.Repeat("a", 35) + " \\\n\t\"$@\"\n"},
		{"a word of 34 letters does not", Script{Command: []string{strings.Repeat("a", 34)}},
			"#!/bin/sh -e\nexec " + strings.Repeat("a", 34) + " \"$@\"\n"},
		{"letters count, not bytes", Script{Command: []string{strings.Repeat("é", 32)}},
			"#!/bin/sh -e\nexec '" + strings.Repeat("é", 32) + "' \"$@\"\n"},
	} {
		require.Equal(t, c.want, c.script.String(), c.name)
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{"", nil},
		{" \t\r\n", nil},
		{"a  b\nc", []string{"a", "b", "c"}},
		{`a\ b \\ \'`, []string{"a b", `\`, "'"}},
		{`"a\"b\\c\d" 'e\f'`, []string{`a"b\c\d`, `e\f`}},
		{`x"y z"'w'`, []string{"xy zw"}},
		{`'' ""`, []string{"", ""}},
		{`a #b $c ~ *`, []string{"a", "#b", "$c", "~", "*"}},
		{"é 'ü'", []string{"é", "ü"}},
	} {
		got, err := Split(c.line)
		require.NoError(t, err, "%q", c.line)
		require.Equal(t, c.want, got, "%q", c.line)
	}
	for line, want := range map[string]string{
		`a "b`: "No closing quotation", `a 'b`: "No closing quotation", `a\`: "No escaped character", `"a\`: "No escaped character",
	} {
		_, err := Split(line)
		require.EqualError(t, err, want, "%q", line)
	}
}

// FuzzQuote checks that what is quoted is one word, for Split and for the shell.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"", "a", "it's", `"\`, "a\nb", "$x `y`", "é", "-n", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, word string) {
		quoted := Quote(word)
		words, err := Split(quoted)
		require.NoError(t, err)
		require.Equal(t, []string{word}, words)
		if strings.Contains(word, "\x00") {
			return // no argument can hold it
		}
		out, err := exec.Command("/bin/sh", "-c", "printf '%s|' "+quoted).Output()
		require.NoError(t, err)
		require.Equal(t, word+"|", string(out))
	})
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{`a "b\"c" 'd'`, `\`, `"`, "a\tb", `"a\`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words, err := Split(line)
		if err != nil {
			return
		}
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, Quote(w))
		}
		again, err := Split(strings.Join(quoted, " "))
		require.NoError(t, err)
		require.Equal(t, words, again)
	})
}
