package buildout

import "strings"

// maxOrigin bounds how many references are followed back.
const maxOrigin = 50

// origin finds the option whose change made was into the value that an option has
// now: the option itself, or one that it refers to if all else in its text is as
// it was.
func (p *Part) origin(option, was string) (*Part, string) {
	for range maxOrigin {
		section, name, value, ok := p.changedReference(option, was)
		if !ok {
			break
		}
		p, option, was = section, name, value
	}
	return p, option
}

// changedReference finds the first reference in the text of an option that, with
// another value, gives was; and that value.
func (p *Part) changedReference(option, was string) (section *Part, name, value string, ok bool) {
	if p.raw == nil || p.raw.Option(option) == nil {
		return nil, "", "", false
	}
	if _, set := p.set[option]; set {
		return nil, "", "", false // the recipe's own doing
	}
	type reference struct {
		valueReference
		value string
	}
	const mark = "\x00"
	var refs []reference
	text, _, err := valueSyntax.substitute(&p.eval.scratch, p.raw.Option(option).Value(), p.eval.config.limits.ValueBytes, func(r valueReference) (string, error) {
		v, err := p.reference(valueOwner{part: p, option: option}, r, p.eval.newChain())
		refs = append(refs, reference{r, v})
		return mark, err
	})
	pieces := strings.Split(text, mark)
	if err != nil || len(pieces) != len(refs)+1 {
		return nil, "", "", false
	}
	var whole strings.Builder
	starts := make([]int, len(refs))
	for i, r := range refs {
		whole.WriteString(pieces[i])
		starts[i] = whole.Len()
		whole.WriteString(r.value)
	}
	whole.WriteString(pieces[len(refs)])
	now := whole.String()
	before, after := commonPrefix(now, was), commonSuffix(now, was)
	for i, r := range refs {
		end := len(now) - starts[i] - len(r.value) // from the end
		if starts[i] > before || end > after || starts[i]+end > len(was) || r.option == sectionName {
			continue
		}
		target := p
		if r.section != "" {
			target = p.eval.part(r.section)
		}
		return target, r.option, was[starts[i] : len(was)-end], true
	}
	return nil, "", "", false
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
