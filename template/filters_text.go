package template

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-buildout/go-buildout/internal/python"
)

// textMethod is a filter that is a method of str.
func textMethod(name string) func(*frame, []python.Value) (python.Value, error) {
	return func(f *frame, a []python.Value) (python.Value, error) {
		s, err := softStr(a[0])
		if err != nil {
			return nil, err
		}
		return method(f.run.thread, s, name, a[1:]...)
	}
}

func filterCenter(f *frame, a []python.Value) (python.Value, error) {
	return textMethod("center")(f, a)
}

func filterTrim(f *frame, a []python.Value) (python.Value, error) { return textMethod("strip")(f, a) }

func filterDefault(_ *frame, a []python.Value) (python.Value, error) {
	if isUndefined(a[0]) {
		return a[1], nil
	}
	boolean, err := python.Truth(a[2])
	if err != nil || !boolean {
		return a[0], err
	}
	if yes, err := python.Truth(a[0]); err != nil || yes {
		return a[0], err
	}
	return a[1], nil
}

func filterReplace(f *frame, a []python.Value) (python.Value, error) {
	count := a[3]
	if count == python.None {
		count = python.Int(-1)
	}
	texts := [3]python.Value{}
	if !f.ctx.autoescape {
		for i := range texts {
			s, err := python.Str(a[i])
			if err != nil {
				return nil, err
			}
			texts[i] = python.String(s)
		}
		return method(f.run.thread, texts[0], "replace", texts[1], texts[2], count)
	}
	_, oldHTML := a[1].(hypertext)
	_, newHTML := a[2].(hypertext)
	_, html := a[0].(hypertext)
	s := a[0]
	var err error
	if oldHTML || newHTML && !html {
		s, err = escape(s)
	} else {
		s, err = softStr(s)
	}
	if err != nil {
		return nil, err
	}
	for i := 1; i < 3; i++ {
		if texts[i], err = softStr(a[i]); err != nil {
			return nil, err
		}
	}
	return method(f.run.thread, s, "replace", texts[1], texts[2], count)
}

// filterTitle makes the first letter of each word upper case, and the others
// lower case.
func filterTitle(f *frame, a []python.Value) (python.Value, error) {
	v, err := softStr(a[0])
	if err != nil {
		return nil, err
	}
	s, _ := python.AsText(v)
	var b strings.Builder
	for s != "" {
		n := strings.IndexFunc(s, isTitleBreak)
		switch {
		case n < 0:
			n = len(s)
		case n == 0:
			for n < len(s) {
				r, size := utf8.DecodeRuneInString(s[n:])
				if !isTitleBreak(r) {
					break
				}
				n += size
			}
			b.WriteString(s[:n])
			s = s[n:]
			continue
		}
		_, size := utf8.DecodeRuneInString(s)
		first, err := method(f.run.thread, python.String(s[:size]), "upper")
		if err != nil {
			return nil, err
		}
		rest, err := method(f.run.thread, python.String(s[size:n]), "lower")
		if err != nil {
			return nil, err
		}
		b.WriteString(string(first.(python.String)) + string(rest.(python.String)))
		s = s[n:]
	}
	return python.String(b.String()), nil
}

func isTitleBreak(r rune) bool { return isSpace(r) || strings.ContainsRune("-({[<", r) }

func filterFormat(f *frame, args []python.Value, kwargs []python.Keyword) (python.Value, error) {
	if len(args) == 0 {
		return nil, python.Raise("TypeError", "do_format() missing 1 required positional argument: 'value'")
	}
	if len(args) > 1 && len(kwargs) > 0 {
		return nil, argumentError("can't handle positional and keyword arguments at the same time")
	}
	s, err := softStr(args[0])
	if err != nil {
		return nil, err
	}
	var values python.Value = python.NewTuple(args[1:]...)
	if len(kwargs) > 0 {
		d := python.NewDict()
		for _, k := range kwargs {
			d.SetString(k.Name, k.Value)
		}
		values = d
	}
	v, err := python.Binary(python.Mod, s, values)
	if err != nil {
		return nil, err
	}
	return v, f.run.charge(v)
}

func filterIndent(f *frame, a []python.Value) (python.Value, error) {
	t := f.run.thread
	width, ok := python.AsText(a[1])
	if !ok {
		v, err := python.Binary(python.Mul, python.String(" "), a[1])
		if err != nil {
			return nil, err
		}
		width = string(v.(python.String))
	}
	first, err := python.Truth(a[2])
	if err != nil {
		return nil, err
	}
	blank, err := python.Truth(a[3])
	if err != nil {
		return nil, err
	}
	s, ok := python.AsText(a[0])
	if !ok {
		if u, ok := a[0].(*undefined); ok {
			return nil, u.fail()
		}
		if _, ok := a[0].(*python.List); ok {
			return nil, python.Raise("AttributeError", "'list' object has no attribute 'splitlines'")
		}
		return nil, python.Raise("TypeError", "unsupported operand type(s) for +=: '%s' and 'str'", a[0].Type())
	}
	v, err := method(t, python.String(s+"\n"), "splitlines")
	if err != nil {
		return nil, err
	}
	lines := v.(*python.List).Items
	var b strings.Builder
	for i, line := range lines {
		text := string(line.(python.String))
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == 0 && first || i > 0 && (blank || text != "") {
			b.WriteString(width)
		}
		b.WriteString(text)
		if b.Len() > python.MaxText {
			return nil, python.Raise("MemoryError", "text is over the limit of %d bytes", python.MaxText)
		}
	}
	if _, ok := a[0].(markup); ok {
		return markup(b.String()), nil
	}
	return python.String(b.String()), nil
}

func filterTruncate(f *frame, a []python.Value) (python.Value, error) {
	length, err := intArg(a[1])
	if err != nil {
		return nil, err
	}
	kill, err := python.Truth(a[2])
	if err != nil {
		return nil, err
	}
	endLength, err := python.Len(a[3])
	if err != nil {
		return nil, err
	}
	leeway := 5
	if a[4] != python.None {
		if leeway, err = intArg(a[4]); err != nil {
			return nil, err
		}
	}
	if length < endLength {
		return nil, python.Raise("AssertionError", "expected length >= %d, got %d", endLength, length)
	}
	if leeway < 0 {
		return nil, python.Raise("AssertionError", "expected leeway >= 0, got %d", leeway)
	}
	n, err := python.Len(a[0])
	if err != nil {
		return nil, err
	}
	if n <= length+leeway {
		return a[0], nil
	}
	s, err := python.Slice(a[0], python.None, python.Int(length-endLength), python.None)
	if err != nil {
		return nil, err
	}
	if !kill {
		v, err := method(f.run.thread, s, "rsplit", python.String(" "), python.Int(1))
		if err != nil {
			return nil, err
		}
		s = v.(*python.List).Items[0]
	}
	return python.Binary(python.Add, s, a[3])
}

func filterWordCount(_ *frame, a []python.Value) (python.Value, error) {
	v, err := softStr(a[0])
	if err != nil {
		return nil, err
	}
	s, _ := python.AsText(v)
	words := strings.FieldsFunc(s, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	return python.Int(len(words)), nil
}

func filterPPrint(_ *frame, a []python.Value) (python.Value, error) {
	if u, ok := a[0].(*undefined); ok {
		s, err := u.Repr()
		return python.String(s), err
	}
	s, err := python.PFormat(a[0], 1, 80)
	return python.String(s), err
}

func filterAttr(f *frame, a []python.Value) (python.Value, error) {
	name, ok := python.AsText(a[1])
	if !ok {
		return nil, python.Raise("TypeError", "attribute name must be string, not '%s'", a[1].Type())
	}
	v, ok, err := python.LookupAttr(a[0], name)
	if err != nil && !python.IsError(err, "AttributeError") {
		return nil, err
	}
	if ok {
		return v, nil
	}
	return &undefined{mode: f.run.env.undefined, obj: a[0], name: a[1]}, nil
}
