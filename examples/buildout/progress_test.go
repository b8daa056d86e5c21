package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

// display is a terminal: what is on it after all that was written to it.
type display struct {
	columns, rows int
	cells         [][]rune
	row, column   int
}

func (d *display) size() (int, int) { return d.columns, d.rows }

func (d *display) Write(p []byte) (int, error) {
	text := []rune(string(p))
	for i := 0; i < len(text); i++ {
		switch r := text[i]; r {
		case '\n':
			d.row, d.column = d.row+1, 0
		case '\r':
			d.column = 0
		case '\x1b':
			number := ""
			for i += 2; text[i] >= '0' && text[i] <= '9'; i++ {
				number += string(text[i])
			}
			switch text[i] {
			case 'A':
				n, _ := strconv.Atoi(number)
				d.row -= n
			case 'J':
				d.cells = d.cells[:min(d.row, len(d.cells))]
			default:
				return 0, fmt.Errorf("unknown sequence in %q", p)
			}
		default:
			if d.column+cells(r) > d.columns {
				d.row, d.column = d.row+1, 0
			}
			for len(d.cells) <= d.row {
				d.cells = append(d.cells, nil)
			}
			d.cells[d.row] = append(d.cells[d.row][:d.column:d.column], r)
			if d.column++; cells(r) == 2 {
				d.cells[d.row] = append(d.cells[d.row], 0)
				d.column++
			}
		}
	}
	return len(p), nil
}

func (d *display) String() string {
	var lines []string
	for _, line := range d.cells {
		lines = append(lines, strings.ReplaceAll(string(line), "\x00", ""))
	}
	return strings.Join(lines, "\n")
}

// story is a progress on a display, with a clock.
type story struct {
	*progress
	*display
	clock time.Time
}

func newStory(columns, rows int) *story {
	s := &story{display: &display{columns: columns, rows: rows}}
	s.progress = &progress{out: s.display, size: func() (int, int) { return s.columns, s.display.rows }, now: func() time.Time { return s.clock }}
	return s
}

// after lets time pass and shows what there is then.
func (s *story) after(d time.Duration, events ...buildout.Event) string {
	s.clock = s.clock.Add(d)
	for _, e := range events {
		s.observe(e)
	}
	s.draw()
	return s.String()
}

func TestProgress(t *testing.T) {
	s := newStory(60, 24)
	write := func(text string) {
		n, err := s.progress.Write([]byte(text))
		require.NoError(t, err)
		require.Equal(t, len(text), n)
	}
	const url = "https://example.com/pkg-1.tar.gz?x=/y#z"
	require.Empty(t, s.after(0))
	write("Installing app.\n")
	require.Equal(t, "Installing app.\n  0:00 app: installing", s.after(0, buildout.PartStarted{Part: "app", Action: buildout.ActionInstall}))
	require.Equal(t, "Installing app.\n  0:01 app: fetching pkg-1.tar.gz", s.after(time.Second, buildout.DownloadStarted{Part: "app", URL: url}))
	require.Equal(t, "Installing app.\n  0:02 app: downloading pkg-1.tar.gz: 512 B", s.after(time.Second, buildout.DownloadProgress{Part: "app", URL: url, Bytes: 512, Total: -1}))
	require.Equal(t, "Installing app.\n  0:09 app: downloading pkg-1.tar.gz: 1.5 MB of 3.0 GB (0%)",
		s.after(7*time.Second, buildout.DownloadProgress{Part: "app", URL: url, Bytes: 1_500_000, Total: 3_000_000_000}))
	write("app: a warning\nbegun, ")
	require.Equal(t, "Installing app.\napp: a warning\n  0:09 app: downloading pkg-1.tar.gz: 1.5 MB of 3.0 GB (0%)", s.String())
	write("ended\n")
	require.Equal(t, "Installing app.\napp: a warning\nbegun, ended\n  1:09 app: installing\n  0:00 lib: updating",
		s.after(time.Minute, buildout.DownloadFinished{Part: "app"}, buildout.PartStarted{Part: "lib", Action: buildout.ActionUpdate}))
	s.cells = s.cells[3:] // look at the parts alone
	s.row -= 3
	require.Equal(t, "  1:09 app: make -j4\n  0:00 lib: cd x && ./configure --prefix=/srv/parts/lib --…", s.after(0,
		buildout.CommandStarted{Part: "app", Command: "make -j4"},
		buildout.CommandStarted{Part: "lib", Command: "cd x &&\n  ./configure --prefix=/srv/parts/lib --disable-static"}))
	require.Equal(t, "  1:10 app: make -j4: [ 42%] Building x.o\n  0:01 lib: cd x && ./configure --prefix=…: 漢字が漢字が漢…", s.after(time.Second,
		buildout.CommandOutput{Part: "app", Text: "0%\r[ 42%]  \x1b[1;32mBuilding\tx.o\x1b[0m\a\r\n"}, buildout.CommandOutput{Part: "app", Text: " \n"},
		buildout.CommandOutput{Part: "lib", Text: "漢字が漢字が漢字が\n"}))
	require.Equal(t, "1:00:00 app: installing", s.after(time.Hour-70*time.Second, buildout.CommandFinished{Part: "app"},
		buildout.CommandFinished{Part: "lib"}, buildout.PartFinished{Part: "lib"}))
	write("no end")
	s.close()
	require.Equal(t, "no end", s.String())
}

// TestProgressBeforeItsTurn has a part download while its recipe is constructed.
func TestProgressBeforeItsTurn(t *testing.T) {
	s := newStory(60, 24)
	require.Equal(t, "  0:00 app: fetching http://h/", s.after(0, buildout.DownloadStarted{Part: "app", URL: "http://h/"}))
	require.Empty(t, s.after(0, buildout.DownloadFinished{Part: "app", URL: "http://h/"}))
	require.Equal(t, "  0:00 app: reinstalling", s.after(time.Hour, buildout.PartStarted{Part: "app", Action: buildout.ActionReinstall}), "the time is the part's own")
}

// TestProgressFits has a screen that is too small, and gets narrower.
func TestProgressFits(t *testing.T) {
	s := newStory(40, 5)
	var events []buildout.Event
	for i := range 5 {
		events = append(events, buildout.PartStarted{Part: fmt.Sprintf("part-%d-of-a-name", i), Action: buildout.ActionInstall})
	}
	require.Equal(t, "  0:00 part-0-of-a-name: installing\n  0:00 part-1-of-a-name: installing\n      and 3 more", s.after(0, events...))
	// The terminal breaks its lines: each takes two now.
	s.columns, s.display.rows = 20, 6
	s.cells = [][]rune{[]rune("  0:00 part-0-of-a-n"), []rune("ame: installing"), []rune("  0:00 part-1-of-a-n"), []rune("ame: installing"), []rune("      and 3 more")}
	s.row, s.column = 5, 0
	require.Equal(t, "  0:01 part-0-of-a…\n  0:01 part-1-of-a…\n  0:01 part-2-of-a…\n      and 2 more", s.after(time.Second))
	s.columns, s.display.rows = 1, 1
	s.draw()
	s.close()
}

// TestProgressIsQuiet writes nothing when nothing has changed.
func TestProgressIsQuiet(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out, size: func() (int, int) { return 80, 24 }, now: func() time.Time { return time.Time{} }}
	p.draw()
	p.close()
	require.Empty(t, out.String())
	p.observe(buildout.PartStarted{Part: "a", Action: buildout.ActionInstall})
	p.draw()
	p.draw()
	require.Equal(t, "  0:00 a: installing\n", out.String())
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 45_600_000: "45.6 MB", 7_000_000_000_000: "7.0 TB"} {
		require.Equal(t, want, size(n))
	}
}

// TestProgressModes runs the same build on a terminal and elsewhere.
func TestProgressModes(t *testing.T) {
	work := func(onTerminal bool, args ...string) string {
		dir := t.TempDir()
		file := filepath.Join(dir, "buildout.cfg")
		require.NoError(t, os.WriteFile(file, []byte(failingBuild), 0o666))
		d := &display{columns: 400, rows: 24}
		var out, errOut bytes.Buffer
		args = append([]string{"-U", "-c", file}, args...)
		if onTerminal {
			require.Equal(t, 1, run(context.Background(), args, terminal{Writer: d, size: d.size}, &errOut))
			out.WriteString(d.String())
		} else {
			require.Equal(t, 1, run(context.Background(), args, &out, &errOut))
		}
		if !strings.Contains(strings.Join(args, " "), "json") {
			require.Contains(t, errOut.String(), "  the last lines it printed:\n    checking <luck>\n  the whole output is in "+dir+"/.buildout.logs/app.log\n")
		}
		return strings.ReplaceAll(strings.TrimSuffix(out.String(), "\n"), dir, "$DIR")
	}
	plain := work(false)
	require.Contains(t, plain, "\nchecking <luck>\n")
	require.NotContains(t, plain, "\x1b")
	require.Equal(t, plain, work(true, "--progress", "plain"))
	require.Equal(t, plain, work(false, "--progress=auto"))
	quiet := strings.Replace(plain, "checking <luck>\n", "", 1)
	require.Equal(t, quiet, work(true), "all lines of parts are gone in the end")
	require.Equal(t, quiet, work(false, "--progress=none"))
	require.Contains(t, work(true, "-v"), "\nchecking <luck>\n")
	require.NotContains(t, work(true, "--log-format=json"), "\x1b")
	require.Contains(t, work(true, "--log-format=json"), `"message":"checking <luck>"`)
	require.NotContains(t, work(true, "--log-format=json", "--progress=none"), `"message":"checking <luck>"`)
}
