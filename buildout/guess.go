package buildout

import (
	"maps"
	"slices"
)

// How many states of a section are tried to explain a change, and how many bytes
// of values are hashed for that.
const (
	maxGuesses    = 300
	maxGuessBytes = 10 << 20
)

// sectionChanges says what changed in a plain section since it had a sum. Only
// the sum is recorded, but parts have recorded values that they took from the
// section, and an option may be new: a guess that gives the sum is what was.
// Without one there is nothing to say.
func (c *comparison) sectionChanges(section *Part, sum string) []Reason {
	key := [2]string{section.name, sum}
	if reasons, ok := c.guessed[key]; ok {
		return reasons
	}
	reasons := c.guess(section, sum)
	c.guessed[key] = reasons
	return reasons
}

func (c *comparison) guess(section *Part, sum string) []Reason {
	now, err := section.snapshot()
	if err != nil {
		return nil
	}
	recorded := c.recordedValues(section, now)
	size := 1
	for _, value := range now {
		size += len(value)
	}
	left := min(maxGuesses, maxGuessBytes/size)
	// try compares the section as it would have been with other values and without
	// an option.
	try := func(values map[string]string, without string) []Reason {
		if left--; left < 0 {
			return nil
		}
		was := maps.Clone(now)
		maps.Copy(was, values)
		delete(was, without)
		if got, err := hashOptions(was); err != nil || got != sum {
			return nil
		}
		return optionReasons(section, was, now)
	}
	if reasons := try(recorded, ""); reasons != nil {
		return reasons
	}
	for option, was := range recorded {
		if reasons := try(map[string]string{option: was}, ""); reasons != nil {
			return reasons
		}
	}
	for _, option := range slices.Sorted(maps.Keys(now)) {
		for _, values := range []map[string]string{nil, recorded} {
			if reasons := try(values, option); reasons != nil {
				return reasons
			}
		}
	}
	return nil
}

// recordedValues are the values of a section's options that installed parts took
// over whole, where they are others now.
func (c *comparison) recordedValues(section *Part, now map[string]string) map[string]string {
	values := map[string]string{}
	for _, p := range c.users()[section.name] {
		old := c.state.records[p.name]
		if old == nil {
			continue
		}
		for _, d := range p.deps.list {
			if d.section != section.name || d.target == "" || d.option == "" {
				continue
			}
			if o := p.raw.Option(d.option); o == nil || o.Value() != "${"+d.section+":"+d.target+"}" {
				continue
			}
			if was, ok := old.Options[d.option]; ok && was != now[d.target] {
				values[d.target] = was
			}
		}
	}
	return values
}

// users lists the parts that refer to each section.
func (c *comparison) users() map[string][]*Part {
	if c.usersOf == nil {
		c.usersOf = map[string][]*Part{}
		for _, p := range c.run.live {
			seen := map[string]bool{}
			for _, d := range p.deps.list {
				if !seen[d.section] {
					seen[d.section] = true
					c.usersOf[d.section] = append(c.usersOf[d.section], p)
				}
			}
		}
	}
	return c.usersOf
}
