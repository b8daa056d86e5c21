package buildout

import (
	"bytes"
	"time"
)

// Event is something that happened in a run, as [Options].Observer is told: a
// [PartStarted], [PartFinished], [CommandStarted], [CommandOutput],
// [CommandFinished], [DownloadStarted], [DownloadProgress], [DownloadFinished] or
// [StateWritten]. More may be added.
//
// Those of one part come in the order in which they happened, between its
// PartStarted and its PartFinished; those of parts that are installed side by side
// mix. A recipe that downloads while it is constructed does so before.
type Event interface{ event() }

// PartStarted is the beginning of work on a part: its recipe is about to be
// called. With [AsUpstream] a part that changed is first uninstalled, on its own.
type PartStarted struct {
	Part   string
	Action Action
}

// PartFinished is the end of that. If there was no error, it is recorded.
type PartFinished struct {
	Part     string
	Action   Action
	Duration time.Duration
	// Err is why it failed, as the run returns it; a cancelled context included.
	Err error
}

// CommandStarted is a command that a recipe runs. A part has one at a time.
type CommandStarted struct {
	Part    string
	Command string // as it was given: arguments joined by blanks, or for the shell
	Dir     string // its working directory
}

// CommandOutput is what the command prints, put together: standard output and
// errors in the order in which they come.
type CommandOutput struct {
	Part string
	// Text is a line with its newline. A line of more than 16 KiB comes in pieces,
	// and the last of a command may have no newline.
	Text string
}

// CommandFinished is the end of a command.
type CommandFinished struct {
	Part     string
	Command  string
	Duration time.Duration
	Err      error // a *CommandError, or that of the context
}

// DownloadStarted is a file that a recipe asks for, which may be in the cache, or
// a local one.
type DownloadStarted struct {
	Part string
	URL  string // without user and password
}

// DownloadProgress is how far a download is, if the [Fetcher] is a
// [ProgressFetcher].
type DownloadProgress struct {
	Part  string
	URL   string
	Bytes int64 // that have come
	Total int64 // that are to come in all; -1 if the server doesn't say
}

// DownloadFinished says that the file is here, or why not.
type DownloadFinished struct {
	Part     string
	URL      string
	Duration time.Duration
	Err      error
}

// StateWritten says that the record of installed parts was replaced.
type StateWritten struct{ Path string }

func (PartStarted) event()      {}
func (PartFinished) event()     {}
func (CommandStarted) event()   {}
func (CommandOutput) event()    {}
func (CommandFinished) event()  {}
func (DownloadStarted) event()  {}
func (DownloadProgress) event() {}
func (DownloadFinished) event() {}
func (StateWritten) event()     {}

// observe tells the observer.
func (b *Buildout) observe(e Event) {
	if b.observer != nil {
		b.observing.Lock()
		defer b.observing.Unlock()
		b.observer(e)
	}
}

// longestLine bounds how much of a line is kept until the rest of it comes.
const longestLine = 16 << 10

// lineWriter calls f with each line that is written to it.
type lineWriter struct {
	f   func(line []byte)
	buf []byte
}

func (l *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n') + 1
		if end == 0 {
			end = len(p)
		}
		end = min(end, longestLine-len(l.buf))
		l.buf = append(l.buf, p[:end]...)
		p = p[end:]
		if l.buf[len(l.buf)-1] == '\n' || len(l.buf) == longestLine {
			l.end()
		}
	}
	return n, nil
}

// end passes on what has no newline.
func (l *lineWriter) end() {
	if len(l.buf) > 0 {
		l.f(l.buf)
		l.buf = l.buf[:0]
	}
}
