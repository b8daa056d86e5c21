package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// jsonLogger is a logger that prints an object a line to the output: time, level,
// message, logger and, if there is one, part.
func (o *logOutput) jsonLogger() *slog.Logger {
	h := slog.NewJSONHandler(o, &slog.HandlerOptions{
		Level: slog.Level(-1 << 31), // logOutput decides
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.MessageKey {
				a.Key = "message"
			}
			return a
		},
	})
	return slog.New(&jsonHandler{h, o, false})
}

// jsonHandler adds the name of the logger where none is.
type jsonHandler struct {
	slog.Handler
	output *logOutput
	named  bool
}

func (h *jsonHandler) Enabled(_ context.Context, level slog.Level) bool {
	return h.output.enabled(level)
}

func (h *jsonHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := &jsonHandler{h.Handler.WithAttrs(attrs), h.output, h.named}
	for _, a := range attrs {
		n.named = n.named || a.Key == "logger"
	}
	return n
}

func (h *jsonHandler) WithGroup(name string) slog.Handler {
	return &jsonHandler{h.Handler.WithGroup(name), h.output, h.named}
}

func (h *jsonHandler) Handle(ctx context.Context, r slog.Record) error {
	named := h.named
	r.Attrs(func(a slog.Attr) bool { named = named || a.Key == "logger"; return !named })
	if !named {
		r = r.Clone()
		r.AddAttrs(slog.String("logger", ownLogger))
	}
	return h.Handler.Handle(ctx, r)
}

// logOutput is an observer that logs what commands print.
func (s *session) logOutput(e buildout.Event) {
	if o, ok := e.(buildout.CommandOutput); ok {
		s.log.logger().Info(strings.TrimRight(o.Text, "\r\n"), "part", o.Part, "logger", o.Part, "stream", "output")
	}
}

// logError is the last record of a run that failed.
func logError(logger *slog.Logger, err error, causes bool) {
	message := err.Error()
	var attrs []slog.Attr
	add := func(a slog.Attr, given bool) {
		if given {
			attrs = append(attrs, a)
		}
	}
	var e *buildout.Error
	var bug *buildout.Bug
	var failure *buildout.CommandError
	var by interrupted
	switch {
	case errors.As(err, &by):
		message = "Interrupted."
		add(slog.String("signal", by.signal.String()), true)
	case errors.As(err, &e):
		message = e.Message
		add(slog.String("code", string(e.Code)), e.Code != "")
		add(slog.String("file", e.Pos.File), e.Pos.IsValid())
		add(slog.Int("line", e.Pos.Line), e.Pos.IsValid())
		add(slog.Int("column", e.Pos.Column), e.Pos.IsValid() && e.Pos.Column > 0)
		add(slog.String("text", e.Line), e.Line != "")
		add(slog.Bool("command_line", true), e.CommandLine)
		add(slog.String("section", e.Section), e.Section != "")
		add(slog.String("option", e.Option), e.Option != "")
		add(slog.Any("detail", e.Detail), len(e.Detail) > 0)
		add(slog.String("hint", e.Hint), e.Hint != "")
		var via []string
		for _, v := range e.Chain {
			via = append(via, v.String())
		}
		add(slog.Any("via", via), len(via) > 0)
		add(slog.Any("while", e.While), len(e.While) > 0)
	case errors.As(err, &bug):
		add(slog.Any("while", bug.While), len(bug.While) > 0)
		add(slog.String("stack", string(bug.Stack)), true)
	}
	if errors.As(err, &failure) {
		add(slog.Group("command", "text", failure.Command, "directory", failure.Dir, "status", failure.Code,
			"signal", failure.Signal, "output", failure.Output, "log", failure.Log), true)
	}
	if causes {
		var chain []string
		for e := err; e != nil; e = errors.Unwrap(e) {
			chain = append(chain, fmt.Sprintf("%T: %v", e, e))
		}
		add(slog.Any("causes", chain), true)
	}
	logger.LogAttrs(context.Background(), slog.LevelError, message, attrs...)
}

// showsData tells the commands that print data to standard output from those that
// only log there.
func showsData(command string) bool {
	switch command {
	case "install", "init", "bootstrap":
		return false
	}
	return true
}

// logStream is where the records of a log for machines go, so that what reads the
// output of a command finds nothing else there.
func (c *commandLine) logStream(stdout, stderr io.Writer) io.Writer {
	if showsData(c.command) {
		return stderr
	}
	return stdout
}
