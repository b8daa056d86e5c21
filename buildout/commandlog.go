package buildout

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// defaultLogBytes bounds the log of a part.
const defaultLogBytes = 16 << 20

// commandLogs is the folder with the logs of parts.
type commandLogs struct {
	directory string // "" for no logs
	own       bool   // it may go when nothing is in it
	keep      bool   // also of what succeeds
	limit     int64
	touched   atomic.Bool
}

func newCommandLogs(c *Config, o Options) *commandLogs {
	l := &commandLogs{keep: o.KeepLogs, limit: defaultLogBytes}
	if o.LogDirectory != "" {
		l.directory = c.join(o.LogDirectory)
		rel, err := filepath.Rel(c.directory, l.directory)
		l.own = err == nil && rel != "." && filepath.IsLocal(rel)
	}
	if o.LogBytes > 0 {
		l.limit = max(o.LogBytes, 4096)
	}
	return l
}

// path is the log of a part.
func (l *commandLogs) path(part string) string {
	name := url.PathEscape(part)
	if len(name) > 200 {
		name = fmt.Sprintf("%s-%x", name[:180], sha256.Sum256([]byte(part)))[:200]
	}
	return filepath.Join(l.directory, name+".log")
}

// create starts the log of a part anew. There is none if that fails, which is no
// reason for the part to.
func (l *commandLogs) create(part string) *commandLog {
	if l.directory == "" || os.MkdirAll(l.directory, 0o777) != nil {
		return nil
	}
	l.remove(part)
	f, err := os.OpenFile(l.path(part), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil
	}
	return &commandLog{file: f, limit: l.limit}
}

// succeeded removes the log of a part, also of an earlier run.
func (l *commandLogs) succeeded(part string) {
	if l.directory != "" && !l.keep {
		l.remove(part)
	}
}

func (l *commandLogs) remove(part string) {
	l.touched.Store(true)
	path := l.path(part)
	if info, err := os.Lstat(path); err == nil && !info.IsDir() {
		_ = os.Remove(path)
	}
}

// tidy removes the folder if nothing is left in it.
func (l *commandLogs) tidy() {
	if !l.own || !l.touched.Load() {
		return
	}
	if info, err := os.Lstat(l.directory); err == nil && info.IsDir() {
		_ = os.Remove(l.directory)
	}
}

// commandLog is the file with what the commands of a part print. A nil one is
// none.
type commandLog struct {
	file    *os.File
	limit   int64
	size    int64
	head    int64 // bytes before the mark, once something is left out
	mark    int64 // length of the mark
	dropped int64 // bytes left out
}

// Write never fails: if the file does, it goes.
func (l *commandLog) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 && l != nil && l.file != nil {
		piece := p[:min(int64(len(p)), l.limit/4)]
		if l.size+int64(len(piece)) > l.limit && !l.try(l.shorten()) {
			break
		}
		_, err := l.file.Write(piece)
		if !l.try(err) {
			break
		}
		l.size += int64(len(piece))
		p = p[len(piece):]
	}
	return n, nil
}

// try gives the file up after an error.
func (l *commandLog) try(err error) bool {
	if err != nil {
		_ = os.Remove(l.file.Name())
		l.close()
	}
	return err == nil
}

// shorten leaves the first quarter of what may be in the file, a mark, and the
// last quarter, in whole lines if there are any.
func (l *commandLog) shorten() error {
	quarter := l.limit / 4
	if l.dropped == 0 {
		first := make([]byte, quarter)
		if _, err := l.file.ReadAt(first, 0); err != nil {
			return err
		}
		l.head = quarter
		if end := bytes.LastIndexByte(first, '\n') + 1; end > 0 {
			l.head = int64(end)
		}
	}
	last := make([]byte, quarter)
	if _, err := l.file.ReadAt(last, l.size-quarter); err != nil {
		return err
	}
	if begin := bytes.IndexByte(last, '\n') + 1; begin < len(last) {
		last = last[begin:]
	}
	l.dropped += l.size - l.head - l.mark - int64(len(last))
	mark := fmt.Appendf(nil, "\n[... %d bytes are left out here ...]\n", l.dropped)
	l.mark = int64(len(mark))
	if _, err := l.file.WriteAt(append(mark, last...), l.head); err != nil {
		return err
	}
	l.size = l.head + l.mark + int64(len(last))
	if err := l.file.Truncate(l.size); err != nil {
		return err
	}
	_, err := l.file.Seek(l.size, io.SeekStart)
	return err
}

// name is the path of the file, "" if there is none.
func (l *commandLog) name() string {
	if l == nil || l.file == nil {
		return ""
	}
	return l.file.Name()
}

func (l *commandLog) close() {
	if l != nil && l.file != nil {
		_ = l.file.Close()
		l.file = nil
	}
}

// reportedLine bounds a line of output in a report, in characters.
const reportedLine = 200

// report says in the lines of a report where a command failed and what it
// printed.
func (e *CommandError) report(b *strings.Builder) {
	if e.Dir != "" {
		fmt.Fprintf(b, "  in %s\n", e.Dir)
	}
	if e.Output != "" {
		b.WriteString("  the last lines it printed:\n")
		for line := range strings.SplitSeq(e.Output, "\n") {
			line = redact(printable(line))
			if runes := []rune(line); len(runes) > reportedLine {
				line = string(runes[:reportedLine]) + "..."
			}
			fmt.Fprintf(b, "    %s\n", line)
		}
	}
	switch {
	case e.Log != "" && e.LogDropped > 0:
		fmt.Fprintf(b, "  its output, but for %d bytes in the middle, is in %s\n", e.LogDropped, e.Log)
	case e.Log != "":
		fmt.Fprintf(b, "  the whole output is in %s\n", e.Log)
	}
}

// printable is what a line looks like after a terminal has shown it: what was
// written over, colours and other control characters are not there.
func printable(line string) string {
	line = strings.TrimRight(line, "\r")
	line = line[strings.LastIndexByte(line, '\r')+1:]
	var out strings.Builder
	escape := false
	for _, r := range line {
		switch {
		case escape:
			escape = r == '[' || r == ';' || r == '?' || '0' <= r && r <= '9'
		case r == '\x1b':
			escape = true
		case r == '\t' || r >= ' ' && r != 0x7f && (r < 0x80 || r >= 0xa0):
			out.WriteRune(r)
		}
	}
	return out.String()
}
