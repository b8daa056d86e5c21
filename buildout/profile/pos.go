package profile

import "fmt"

// Pos is a place in a profile. Line and Column count from 1; zero means unknown.
type Pos struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// IsValid reports whether the position names a file.
func (p Pos) IsValid() bool { return p.File != "" }

// String gives "file:line", "file" when the line is unknown, "" when nothing is.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Op is what an option line does to the value that is there before it.
type Op uint8

const (
	Set    Op = iota // name = value
	Add              // name += value: lines are appended
	Remove           // name -= value: equal lines are taken out
)

func (o Op) String() string { return [...]string{"set", "add", "remove"}[o] }
