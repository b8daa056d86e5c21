package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/go-buildout/go-buildout/buildout"
)

// progress shows a line for each part at work below what is written to it. It
// shows nothing by itself: draw does, and Write.
type progress struct {
	out  io.Writer
	size func() (columns, rows int)
	now  func() time.Time

	mu    sync.Mutex
	parts []*partProgress
	shown string // the lines on the screen
	drawn []int  // how many columns each of them takes
	begun []byte // a line that was written without its end
}

// partProgress is what a part does.
type partProgress struct {
	name    string
	action  buildout.Action // "" outside of its installation
	since   time.Time
	command string
	output  string // the last line of the command
	url     string // under way
	arrived bool   // some of it
	bytes   int64
	total   int64 // -1 if it isn't known
}

// observe notes what happens.
func (p *progress) observe(e buildout.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := e.(type) {
	case buildout.PartStarted:
		s := p.part(e.Part)
		s.action, s.since = e.Action, p.now()
	case buildout.PartFinished:
		p.drop(e.Part)
	case buildout.CommandStarted:
		s := p.part(e.Part)
		s.command, s.output = plain(strings.ReplaceAll(e.Command, "\n", " ")), ""
	case buildout.CommandOutput:
		if text := plain(e.Text); text != "" {
			p.part(e.Part).output = text
		}
	case buildout.CommandFinished:
		s := p.part(e.Part)
		s.command, s.output = "", ""
		p.rest(s)
	case buildout.DownloadStarted:
		s := p.part(e.Part)
		s.url, s.arrived = plain(e.URL), false
	case buildout.DownloadProgress:
		s := p.part(e.Part)
		s.arrived, s.bytes, s.total = true, e.Bytes, e.Total
	case buildout.DownloadFinished:
		s := p.part(e.Part)
		s.url = ""
		p.rest(s)
	}
}

// part is what is known of a part at work.
func (p *progress) part(name string) *partProgress {
	for _, s := range p.parts {
		if s.name == name {
			return s
		}
	}
	s := &partProgress{name: name, since: p.now()}
	p.parts = append(p.parts, s)
	return s
}

// rest drops a part that did something before its turn.
func (p *progress) rest(s *partProgress) {
	if s.action == "" {
		p.drop(s.name)
	}
}

func (p *progress) drop(name string) {
	for i, s := range p.parts {
		if s.name == name {
			p.parts = append(p.parts[:i], p.parts[i+1:]...)
			return
		}
	}
}

// draw brings the lines up to date.
func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	columns, rows := p.size()
	if lines, widths := p.lines(columns, rows); lines != p.shown {
		_ = p.replace("", lines, widths)
	}
}

// Write writes whole lines above those of the parts.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun = append(p.begun, text...)
	end := bytes.LastIndexByte(p.begun, '\n') + 1
	if end == 0 {
		return len(text), nil
	}
	columns, rows := p.size()
	lines, widths := p.lines(columns, rows)
	err := p.replace(string(p.begun[:end]), lines, widths)
	p.begun = append(p.begun[:0], p.begun[end:]...)
	return len(text), err
}

// close takes the lines away.
func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parts = nil
	_ = p.replace(string(p.begun), "", nil)
	p.begun = nil
}

// replace writes text and then lines in place of those on the screen, all at once
// so that nothing flickers.
func (p *progress) replace(text, lines string, widths []int) error {
	columns, rows := p.size()
	up := 0 // the screen may be narrower than it was: lines may have been broken
	for _, n := range p.drawn {
		up += max(1, (n+columns-1)/columns)
	}
	var out strings.Builder
	if up = min(up, rows-1); up > 0 {
		fmt.Fprintf(&out, "\r\x1b[%dA\x1b[J", up)
	}
	out.WriteString(text)
	out.WriteString(lines)
	p.shown, p.drawn = lines, widths
	if out.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(p.out, out.String())
	return err
}

// lines are those of the parts, for a screen of a size.
func (p *progress) lines(columns, rows int) (string, []int) {
	var out strings.Builder
	var widths []int
	add := func(line string) {
		line, n := fit(line, columns-1)
		out.WriteString(line + "\n")
		widths = append(widths, n)
	}
	room := max(1, rows-2)
	for i, s := range p.parts {
		if i == room-1 && len(p.parts) > room {
			add(fmt.Sprintf("      and %d more", len(p.parts)-i))
			break
		}
		add(fmt.Sprintf("%6s %s: %s", clock(p.now().Sub(s.since)), plain(s.name), s.what()))
	}
	return out.String(), widths
}

// shownCommand bounds a command before the line that it printed, in columns.
const shownCommand = 30

// what says what the part does.
func (s *partProgress) what() string {
	switch {
	case s.url != "" && !s.arrived:
		return "fetching " + fileName(s.url)
	case s.url != "" && s.total > 0:
		return fmt.Sprintf("downloading %s: %s of %s (%d%%)", fileName(s.url), size(s.bytes), size(s.total), min(100, 100*s.bytes/s.total))
	case s.url != "":
		return fmt.Sprintf("downloading %s: %s", fileName(s.url), size(s.bytes))
	case s.command != "" && s.output != "":
		command, _ := fit(s.command, shownCommand)
		return command + ": " + s.output
	case s.command != "":
		return s.command
	}
	return map[buildout.Action]string{
		buildout.ActionInstall: "installing", buildout.ActionReinstall: "reinstalling",
		buildout.ActionUpdate: "updating", buildout.ActionUninstall: "uninstalling",
	}[s.action]
}

// fileName is the last piece of a URL's path, the URL if there is none.
func fileName(url string) string {
	name, _, _ := strings.Cut(url, "#")
	name, _, _ = strings.Cut(name, "?")
	if name = name[strings.LastIndexByte(name, '/')+1:]; name == "" {
		return url
	}
	return name
}

// clock words a duration: 0:07, 1:02:03.
func clock(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// size words a number of bytes.
func size(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	f := float64(n)
	for _, unit := range []string{"kB", "MB", "GB"} {
		if f /= 1000; f < 999.95 {
			return fmt.Sprintf("%.1f %s", f, unit)
		}
	}
	return fmt.Sprintf("%.1f TB", f/1000)
}

// progressMode is what --progress asks for.
type progressMode string

const (
	progressAuto  progressMode = "auto"
	progressPlain progressMode = "plain"
	progressNone  progressMode = "none"
)

// redrawPause is how often the lines are brought up to date.
const redrawPause = 100 * time.Millisecond

// showProgress keeps lines about parts on the screen until the function that it
// returns is called, if there is a screen.
func (s *session) showProgress() func() {
	t, ok := s.out.(terminal)
	if !ok || s.logJSON || s.progress != progressAuto {
		return func() {}
	}
	s.live = &progress{out: t.Writer, size: t.size, now: time.Now}
	s.log.out = s.live
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(redrawPause)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.live.draw()
			case <-end:
				return
			}
		}
	}()
	return func() {
		close(end)
		<-ended
		s.live.close()
		s.log.out = s.out
	}
}

// observed are where a run tells what happens, and where its commands print.
func (s *session) observed() (func(buildout.Event), io.Writer) {
	switch {
	case s.logJSON && s.progress == progressNone:
	case s.logJSON:
		return s.logOutput, nil
	case s.live != nil && s.log.level < 20:
		return s.live.observe, s.log
	case s.live != nil:
		return s.live.observe, nil
	case s.progress != progressNone:
		return nil, s.log
	}
	return nil, nil
}
