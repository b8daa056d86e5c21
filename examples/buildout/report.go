package main

import (
	"io"

	"github.com/go-buildout/go-buildout/buildout"
)

// report is open for a command that prints what is planned: the log goes to
// standard error, so that programs can read the output.
func (s *session) report() (*buildout.Buildout, error) {
	s.log.out = s.errOut
	return s.open()
}

// plan prints what install would do.
func (s *session) plan() error {
	asJSON := s.flag("--json")
	b, err := s.report()
	if err != nil {
		return err
	}
	plan, err := b.Plan(s.ctx, s.args...)
	if err != nil {
		return err
	}
	return s.print(plan, asJSON)
}

// why tells the story of a part.
func (s *session) why() error {
	asJSON := s.flag("--json")
	if len(s.args) != 1 {
		return commandLineError("The why command requires a single part.")
	}
	b, err := s.report()
	if err != nil {
		return err
	}
	story, err := b.Why(s.ctx, s.args[0])
	if err != nil {
		return err
	}
	return s.print(story, asJSON)
}

// print prints a report as JSON, or for people, in colour if they see it.
func (s *session) print(report interface {
	Write(w io.Writer, colour bool) error
}, asJSON bool) error {
	if asJSON {
		return s.printJSON(report)
	}
	t, _ := s.out.(terminal)
	return report.Write(s.out, t.colour)
}

// graph prints the references between parts.
func (s *session) graph() error {
	format, err := s.value("--format", string(buildout.GraphText))
	if err != nil {
		return err
	}
	if len(s.args) > 0 {
		return commandLineError("The graph command takes no argument " + s.args[0])
	}
	b, err := s.report()
	if err != nil {
		return err
	}
	if _, err := b.Plan(s.ctx); err != nil {
		return err
	}
	return b.Graph().Write(s.out, buildout.GraphFormat(format))
}
