package main

import (
	"path/filepath"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/profile"
)

// history lists the operations that made a value, oldest first. zc.buildout goes
// through files again and again: what follows the same operation a second time
// says nothing new.
func (c *check) history(o *buildout.Option) []buildout.Operation {
	if short, ok := c.histories[o]; ok {
		return short
	}
	type pair struct{ before, op profile.Pos }
	seen := map[pair]bool{}
	var short []buildout.Operation
	var before profile.Pos
	for _, op := range o.History() {
		if p := (pair{before, op.Pos}); !op.Pos.IsValid() || !seen[p] {
			seen[p] = true
			kept := op
			kept.Pos = clean(op.Pos)
			short = append(short, kept)
		}
		before = op.Pos
	}
	c.histories[o] = short
	return short
}

// checkHistory looks at the operations that made a value, for those that change
// nothing.
func (c *check) checkHistory(v *view, o *buildout.Option) {
	text := ""
	var before *buildout.Operation
	for _, op := range c.history(o) {
		pos := op.Pos
		switch op.Kind {
		case buildout.OpAdd:
			text += "\n" + op.Value
		case buildout.OpRemove:
			rest, removed := removeLines(text, op.Value)
			// Of a value that an inherited one will come before, nothing is known.
			if !removed && pos.IsValid() && before != nil && !o.Waits() {
				c.found.report(removesNothing, pos, didYouMean(op.Value, strings.Split(text, "\n")),
					"'%s -= %s' removes no line of '%s'%s", o.Name, quoteLines(op.Value), quoteLines(text), c.through(pos))
			} else {
				c.found.refute(removesNothing, pos)
			}
			text = rest
		case buildout.OpOverride:
			c.checkOverride(v, o, before, op, pos)
			text = op.Value
		case buildout.OpDirectory: // of what a file said
		default:
			text = op.Value
		}
		before = &op
	}
}

// checkOverride looks at a value that replaces another.
func (c *check) checkOverride(v *view, o *buildout.Option, before *buildout.Operation, op buildout.Operation, pos profile.Pos) {
	if !pos.IsValid() || o.Name == "_profile_base_location_" {
		return
	}
	same := before != nil && before.Value == op.Value && (before.Kind == buildout.OpSet || before.Kind == buildout.OpOverride)
	if !same {
		c.found.refute(redundantOverride, pos)
		return
	}
	// Without the other file the value is needed.
	if base := before.Pos; base.IsValid() && base.File != pos.File && c.extendsFile(pos.File, base.File) {
		c.found.report(redundantOverride, pos, "", "'%s' of section '%s' has this value already, from %s",
			o.Name, v.Name, c.name(base))
	}
}

// name words a place for a message.
func (c *check) name(pos profile.Pos) string {
	if rel, err := filepath.Rel(filepath.Dir(c.root), pos.File); err == nil && !urlScheme.MatchString(pos.File) {
		pos.File = rel
	}
	return pos.String()
}

// removeLines takes the lines of text that are equal to a line of removed.
func removeLines(text, removed string) (rest string, any bool) {
	gone := map[string]bool{}
	for line := range strings.SplitSeq(removed, "\n") {
		gone[line] = true
	}
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if gone[line] {
			any = true
		} else {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n"), any
}

// quoteLines shows a value on one line, cut where nobody would read on.
func quoteLines(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:57]) + "..."
	}
	return text
}
