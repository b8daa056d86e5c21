package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"

	"github.com/go-buildout/go-buildout/buildout"
)

// logOutput prints log records as Buildout does: its own bare, those of recipes
// with the part's name before them, all to standard output.
type logOutput struct {
	mu     sync.Mutex
	out    io.Writer
	level  int    // as Python counts: 20 is what is normal, 30 are warnings
	format string // the option log-format, "" for the default
	json   bool   // an object a line instead
}

// ownLogger is the name of what isn't a recipe's.
const ownLogger = "zc.buildout"

// configure takes log-level, verbosity and log-format from [buildout].
func (o *logOutput) configure(cfg *buildout.Config) error {
	value := func(option string) string {
		if o := cfg.Section("buildout").Option(option); o != nil {
			return o.Value()
		}
		return ""
	}
	fail := func(message, option string) error {
		e := cfg.Errorf("buildout", option, "%s", message)
		e.While = []string{"Initializing."}
		return e
	}
	level := value("log-level")
	number, ok := map[string]int{"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}[level]
	if !ok {
		n, err := strconv.Atoi(level)
		if err != nil {
			return fail("Invalid logging level "+level, "log-level")
		}
		number = n
	}
	if v := value("verbosity"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			return fail("Invalid verbosity "+v, "verbosity")
		}
		number -= n
	}
	o.level, o.format = number, value("log-format")
	return nil
}

// Write prints what commands print, between the records.
func (o *logOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.out.Write(p)
}

// showsData reports whether a run is so verbose that it prints its values.
func (o *logOutput) showsData() bool { return o.level < 10 }

// enabled reports whether records of a level are printed.
func (o *logOutput) enabled(level slog.Level) bool { return 20+int(level)*10/4 >= o.level }

// logger is a logger that prints so.
func (o *logOutput) logger() *slog.Logger {
	if o.json {
		return o.jsonLogger()
	}
	return slog.New(&logHandler{o, ""})
}

// logHandler prints the records of Buildout itself, or of the recipe of that name.
type logHandler struct {
	*logOutput
	name string
}

func (h *logHandler) Enabled(_ context.Context, level slog.Level) bool {
	return h.enabled(level)
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := &logHandler{h.logOutput, h.name}
	for _, a := range attrs {
		if a.Key == "logger" {
			n.name = a.Value.String()
		}
	}
	return n
}

func (h *logHandler) WithGroup(string) slog.Handler { return h }

func (h *logHandler) Handle(_ context.Context, r slog.Record) error {
	name, text := h.name, r.Message
	switch {
	case h.format != "":
		if name == "" {
			name = ownLogger
		}
		level := map[slog.Level]string{slog.LevelDebug: "DEBUG", slog.LevelInfo: "INFO", slog.LevelWarn: "WARNING", slog.LevelError: "ERROR"}[r.Level]
		text = strings.NewReplacer("%(levelname)s", level, "%(name)s", name, "%(message)s", text,
			"%(asctime)s", r.Time.Format("2006-01-02 15:04:05"), "%%", "%").Replace(h.format)
	case name != "":
		text = name + ": " + text
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := fmt.Fprintln(h.out, text)
	return err
}
