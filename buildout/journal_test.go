package buildout

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// written is a journal with entries of every kind.
func written(t testing.TB) ([]byte, []entry) {
	t.Helper()
	j := &journal{disk: &disk{}, path: filepath.Join(t.TempDir(), "journal"), directory: "/b"}
	require.NoError(t, j.start("before"))
	for _, e := range []entry{
		{Kind: entryDir, Path: "/b/.buildout"},
		{Kind: entryAside, Tx: 1, Part: "a", Path: "/b/parts/a", Aside: "/b/.buildout/aside-1-1"},
		{Kind: entryNew, Tx: 1, Part: "a", Path: "/b/parts/a", Temp: "/b/parts/.buildout-new-a"},
		{Kind: entryMode, Tx: 2, Part: "b", Path: "/b/\xff\n", Mode: 0o600},
		{Kind: entryState, Tx: 1, Part: "a", From: "before", To: "after"},
	} {
		require.NoError(t, j.announce(e))
	}
	j.end(1)
	require.NoError(t, j.close(true))
	text, err := os.ReadFile(j.path)
	require.NoError(t, err, "a transaction is open, so that the journal stays")
	entries, err := readJournal(text)
	require.NoError(t, err)
	require.Len(t, entries, 7)
	require.Equal(t, diskPath("/b/\xff\n"), entries[4].Path)
	require.NoError(t, checkEntries(entries, "/b/.installed.cfg.journal", "/b"))
	return text, entries
}

// TestJournalCut cuts a journal at every byte: what is left of it is read.
func TestJournalCut(t *testing.T) {
	text, entries := written(t)
	for n := range text {
		got, err := readJournal(text[:n])
		require.NoError(t, err, n)
		require.Equal(t, entries[:strings.Count(string(text[:n]), "\n")], append([]entry{}, got...))
	}
}

// TestJournalDamaged changes every byte of a journal: nothing of it is believed.
func TestJournalDamaged(t *testing.T) {
	text, _ := written(t)
	for n := range len(text) - 1 {
		damaged := []byte(string(text))
		damaged[n] ^= 1
		_, err := readJournal(damaged)
		require.Error(t, err, "%d: %s", n, damaged)
	}
	lines := strings.SplitAfter(string(text), "\n")
	_, err := readJournal([]byte(lines[0] + lines[2]))
	require.ErrorContains(t, err, "line 2 is not as it was written", "a line is missing")
	_, err = readJournal([]byte(lines[1]))
	require.Error(t, err, "without its beginning")
}

// TestJournalHostile has entries that no run has written.
func TestJournalHostile(t *testing.T) {
	for _, e := range []entry{
		{Kind: entryNew, Path: "/"}, {Kind: entryNew, Path: "/b"}, {Kind: entryNew, Path: "b/x"}, {Kind: entryNew, Path: "/b/../c"}, {Kind: entryNew},
		{Kind: entryNew, Path: "/b/.installed.cfg.journal"}, {Kind: entryNew, Path: "/b/x", Temp: "/b/y"}, {Kind: entryNew, Path: "/b/x", Aside: "/b/.buildout/aside-1-1"},
		{Kind: entryNew, Path: "/b/x\x00"}, {Kind: "rm", Path: "/b/x"}, {Kind: entryEnd, Path: "/b/x"},
		{Kind: entryAside, Path: "/b/x"}, {Kind: entryAside, Path: "/b/x", Aside: "/etc/passwd"}, {Kind: entryAside, Path: "/b/x", Aside: "/b/.buildout/x"},
		{Kind: entryAside, Path: "/b/x", Aside: "/b/y/.buildout-aside-1-1"}, {Kind: entryAside, Path: "/b/x", Aside: "/b/.buildout/aside-1/../../x"},
	} {
		require.Error(t, checkEntries([]entry{{Kind: entryRun, Path: "/b"}, e}, "/b/.installed.cfg.journal", "/b"), "%v", e)
	}
}

// TestJudge finds out which transactions are committed.
func TestJudge(t *testing.T) {
	run := entry{Kind: entryRun, To: "0"}
	state := func(tx int, from, to string) entry { return entry{Kind: entryState, Tx: tx, From: from, To: to} }
	for _, tc := range []struct {
		entries   []entry
		now       string
		committed map[int]bool
		foreign   bool
	}{
		{[]entry{run}, "0", map[int]bool{}, false},
		{[]entry{run}, "x", map[int]bool{}, true},
		{[]entry{run, state(1, "0", "1")}, "0", map[int]bool{}, false},
		{[]entry{run, state(1, "0", "1")}, "1", map[int]bool{1: true}, false},
		{[]entry{run, state(1, "0", "1")}, "x", map[int]bool{}, true},
		{[]entry{run, state(1, "0", "0")}, "0", map[int]bool{1: true}, false},
		{[]entry{run, state(1, "0", "1"), state(2, "1", "2")}, "1", map[int]bool{1: true}, false},
		{[]entry{run, state(1, "0", "1"), state(2, "1", "2")}, "2", map[int]bool{1: true, 2: true}, false},
		{[]entry{run, state(1, "0", "1"), state(2, "0", "2")}, "0", map[int]bool{}, false},
		{[]entry{run, state(1, "0", "1"), state(2, "0", "2")}, "2", map[int]bool{2: true}, false},
		{[]entry{run, state(1, "0", "1"), state(2, "1", "0")}, "0", map[int]bool{1: true, 2: true}, false},
	} {
		l := &leftover{committed: map[int]bool{}}
		l.judge(tc.entries, tc.now)
		require.Equal(t, tc.committed, l.committed, "%v, now %s", tc.entries, tc.now)
		require.Equal(t, tc.foreign, l.foreign, "%v, now %s", tc.entries, tc.now)
	}
}

func FuzzReadJournal(f *testing.F) {
	text, _ := written(f)
	f.Add(text)
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := readJournal(text)
		if err == nil && len(entries) > 0 {
			_ = checkEntries(entries, "/b/.installed.cfg.journal", "/b")
		}
	})
}

func TestClaims(t *testing.T) {
	var c claims
	c.add("a", []string{"/p", "/p/x", "/p-q", "/p0"})
	c.add("b", []string{"/p/x", "/p/x/y", "/p/xy", "/o"})
	require.Equal(t, []claim{{"/p", "a"}}, c.at("/p"))
	require.Equal(t, []claim{{"/p/x", "a"}, {"/p/x", "b"}}, c.at("/p/x"))
	require.Equal(t, []claim{{"/p/x", "a"}, {"/p/x", "b"}, {"/p/x/y", "b"}, {"/p/xy", "b"}}, c.inside("/p"))
	require.Len(t, c.inside("/"), 8)
	c.drop("a", []string{"/p/x", "/nothing"})
	require.Equal(t, []claim{{"/p/x", "b"}}, c.at("/p/x"))
	require.Equal(t, []string{"/a", "/b-c", "/b/c"}, outermost([]string{"/b/c/d", "/a", "/a/b", "/b-c", "/b/c", "/a"}))
}
