package profile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzValue compares the short way to the value of an option with the steps that
// Buildout takes.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{"", " a", "\n  a\n   b\n\n  c\n", "x\n  y\n\n\tz", "\n \t\n\n  a\r\n# c\n b\n  \n", "\n\x1c a\n b", "\x1c\n b", "\n  \u00a0\n   é \n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := Parse("f", "[s]\na ="+text)
		for _, s := range file.Sections() {
			for _, o := range s.Options {
				require.Equal(t, clean(file.raw(o.entry)), o.Value())
			}
		}
	})
}

// FuzzPrint prints files back: the lines make the source, and parsing what is
// printed gives the same.
// checkOptionLines compares the lines of the option that begins at an index with
// those of the whole file.
func checkOptionLines(t *testing.T, file *File, begin int) {
	lines := file.Lines()[begin:]
	end := 1
	for end < len(lines) && (lines[end].Kind == CommentLine || lines[end].Kind == ContinuationLine) {
		end++
	}
	got := file.OptionLines(begin + 1)
	require.Len(t, got, end)
	for i, l := range got {
		want := lines[i]
		if want.Option != nil {
			require.Equal(t, *want.Option, Option{l.Option.Name, l.Option.Key, l.Option.Op, l.Option.Pos, want.Option.file, want.Option.entry})
			if len(file.Errors) == 0 {
				require.Equal(t, want.Option.Value(), l.Option.Value())
			}
		}
		want.Option, want.Section, l.Option = nil, nil, nil
		require.Equal(t, want, l)
	}
}

func FuzzPrint(f *testing.F) {
	for _, seed := range []string{"", "[a]\nb=1\n", "# c\r\n[a:linux]\r  x\n=> y\n\n z", "\n\n", "[s]\na+=\n 1\n; x\njunk\n\t2\na -= 2", "\ufeff[", "[a]\n\x00=\xff\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := Parse("f", text)
		var printed strings.Builder
		options, headers := 0, 0
		for i, l := range file.Lines() {
			printed.WriteString(l.Text + l.End)
			require.Equal(t, i+1, l.Pos.Line)
			require.Equal(t, l.Text, file.Line(i+1))
			switch l.Kind {
			case OptionLine:
				options++
				require.Equal(t, l.Pos, l.Option.Pos)
				checkOptionLines(t, file, i)
			case HeaderLine:
				headers++
				require.Equal(t, l.Pos, l.Section.Pos)
			}
		}
		require.Equal(t, text, printed.String())
		for _, s := range file.Sections() {
			headers--
			options -= len(s.Options)
		}
		require.Zero(t, headers)
		require.Zero(t, options)
		printed.Reset()
		n, err := file.WriteTo(&printed)
		require.NoError(t, err)
		require.EqualValues(t, len(text), n)
		require.Equal(t, text, printed.String())
	})
}

func TestLines(t *testing.T) {
	var got []string
	for _, l := range Parse("x.cfg", "# c\nx = 1\n[s] ; d\n  stray\n\na = 1\n\n# e\n  2\njunk\n[t:linux]\n=> s").Lines() {
		line := fmt.Sprintf("%d %s %q", l.Pos.Line, l.Kind, l.Text)
		if l.Section != nil {
			line += " in " + l.Section.Name
		}
		if l.Option != nil {
			line += ":" + l.Option.Name
		}
		got = append(got, line)
	}
	require.Equal(t, []string{`1 comment "# c"`, `2 stray "x = 1"`, `3 header "[s] ; d" in s`, `4 stray "  stray" in s`, `5 blank "" in s`,
		`6 option "a = 1" in s:a`, `7 continuation "" in s:a`, `8 comment "# e" in s`, `9 continuation "  2" in s:a`,
		`10 stray "junk" in s`, `11 header "[t:linux]" in t`, `12 option "=> s" in t:<part-dependencies>`}, got)
}
