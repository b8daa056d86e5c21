package buildout

import "strings"

// origin finds the option whose change made was into the value that an option has
// now: the option itself, or one that it refers to if all else in its text is as
// it was.
func (p *Part) origin(option, was string) (*Part, string) {
	for range p.eval.config.limits.References {
		section, name, before, ok := p.changedReference(option, was)
		if !ok {
			break
		}
		p, option, was = section, name, before
	}
	return p, option
}

// changedReference finds the first reference in the text of an option that, with
// another value, gives was; and that value.
func (p *Part) changedReference(option, was string) (section *Part, name, before string, ok bool) {
	if p.raw == nil || p.raw.byKey[option] == nil {
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
	text, _, err := valueSyntax.substitute(p.raw.byKey[option].Value(), p.eval.config.limits.ValueBytes, func(r valueReference) (string, error) {
		v, err := p.reference(valueOwner{p, option}, r, chain{})
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
	for i, r := range refs {
		prefix, suffix := now[:starts[i]], now[starts[i]+len(r.value):]
		if len(was) < len(prefix)+len(suffix) || !strings.HasPrefix(was, prefix) || !strings.HasSuffix(was, suffix) || r.option == sectionName {
			continue
		}
		target := p
		if r.section != "" {
			target = p.eval.parts[r.section]
		}
		return target, r.option, was[len(prefix) : len(was)-len(suffix)], true
	}
	return nil, "", "", false
}
