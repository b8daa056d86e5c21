package python

import (
	"strings"
	"unicode/utf8"
)

func strFind(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	i, err := findText("str.find", self, args, kwargs, strings.Index)
	return Int(i), err
}

func strRfind(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	i, err := findText("str.rfind", self, args, kwargs, strings.LastIndex)
	return Int(i), err
}

func strIndex(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	i, err := findText("str.index", self, args, kwargs, strings.Index)
	return foundAt(i, err)
}

func strRindex(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	i, err := findText("str.rindex", self, args, kwargs, strings.LastIndex)
	return foundAt(i, err)
}

func foundAt(i int, err error) (Value, error) {
	if err == nil && i < 0 {
		err = valueError("substring not found")
	}
	if err != nil {
		return nil, err
	}
	return Int(i), nil
}

// findText returns the position of the first argument in the range that the
// others give, in code points, or -1.
func findText(name string, self Value, args []Value, kwargs []Keyword, index func(s, part string) int) (int, error) {
	if err := tupleArgs(name, args, kwargs, 1, 3); err != nil {
		return 0, err
	}
	w, err := window(text(self), argAt(args, 1), argAt(args, 2))
	if err != nil {
		return 0, err
	}
	part, ok := AsText(args[0])
	if !ok {
		return 0, typeError("must be str, not %s", args[0].Type())
	}
	if w.empty {
		return -1, nil
	}
	i := index(w.text, part)
	if i < 0 {
		return -1, nil
	}
	return w.start + utf8.RuneCountInString(w.text[:i]), nil
}

// textWindow is the part of a text between two positions in code points.
type textWindow struct {
	text  string
	start int
	// empty is set for a start beyond the end, where not even "" is found.
	empty bool
}

func window(s string, from, to Value) (textWindow, error) {
	if from == nil && to == nil {
		return textWindow{text: s}, nil
	}
	n := utf8.RuneCountInString(s)
	start, err := sliceIndex(orNone(from), 0)
	if err != nil {
		return textWindow{}, err
	}
	stop, err := sliceIndex(orNone(to), n)
	if err != nil {
		return textWindow{}, err
	}
	start, stop = wrapBound(start, n), min(wrapBound(stop, n), n)
	if start > stop {
		return textWindow{empty: true}, nil
	}
	at := runeOffset(s, start)
	return textWindow{text: s[at : at+runeOffset(s[at:], stop-start)], start: start}, nil
}

func wrapBound(i, n int) int {
	if i < 0 {
		return max(i+n, 0)
	}
	return i
}

func strCount(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := tupleArgs("str.count", args, kwargs, 1, 3); err != nil {
		return nil, err
	}
	w, err := window(text(self), argAt(args, 1), argAt(args, 2))
	if err != nil {
		return nil, err
	}
	part, ok := AsText(args[0])
	if !ok {
		return nil, typeError("must be str, not %s", args[0].Type())
	}
	if w.empty {
		return Int(0), nil
	}
	return Int(strings.Count(w.text, part)), nil
}

func strStartswith(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return affix("startswith", self, args, kwargs, strings.HasPrefix)
}

func strEndswith(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return affix("endswith", self, args, kwargs, strings.HasSuffix)
}

func affix(name string, self Value, args []Value, kwargs []Keyword, has func(s, part string) bool) (Value, error) {
	if err := tupleArgs("str."+name, args, kwargs, 1, 3); err != nil {
		return nil, err
	}
	w, err := window(text(self), argAt(args, 1), argAt(args, 2))
	if err != nil {
		return nil, err
	}
	if choices, ok := args[0].(*Tuple); ok {
		for _, c := range choices.Items {
			part, ok := AsText(c)
			if !ok {
				return nil, typeError("tuple for %s must only contain str, not %s", name, c.Type())
			}
			if !w.empty && has(w.text, part) {
				return True, nil
			}
		}
		return False, nil
	}
	part, ok := AsText(args[0])
	if !ok {
		return nil, typeError("%s first arg must be str or a tuple of str, not %s", name, args[0].Type())
	}
	return Bool(!w.empty && has(w.text, part)), nil
}

func strReplace(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("str.replace", args, kwargs, 2, 3); err != nil {
		return nil, err
	}
	from, err := strArg("replace", "argument 1", args[0])
	if err != nil {
		return nil, err
	}
	to, err := strArg("replace", "argument 2", args[1])
	if err != nil {
		return nil, err
	}
	limit, err := intArg(argAt(args, 2), -1)
	if err != nil {
		return nil, err
	}
	return replaceText(text(self), from, to, limit)
}

func replaceText(s, from, to string, limit int) (Value, error) {
	if grow := len(to) - len(from); grow > 0 {
		n := strings.Count(s, from)
		if limit >= 0 {
			n = min(n, limit)
		}
		if n > 0 && grow > (MaxText-len(s))/n {
			return nil, tooLong(len(s) + n*grow)
		}
	}
	return String(strings.Replace(s, from, to, limit)), nil
}

func strRemoveprefix(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("str.removeprefix", args, kwargs)
	if err != nil {
		return nil, err
	}
	prefix, err := strArg("removeprefix", "argument", v)
	return String(strings.TrimPrefix(text(self), prefix)), err
}

func strRemovesuffix(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("str.removesuffix", args, kwargs)
	if err != nil {
		return nil, err
	}
	suffix, err := strArg("removesuffix", "argument", v)
	return String(strings.TrimSuffix(text(self), suffix)), err
}

func strTranslate(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	table, err := oneArg("str.translate", args, kwargs)
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	for _, r := range text(self) {
		to, err := GetItem(table, Int(r))
		if err != nil {
			if !IsError(err, "KeyError", "IndexError", "LookupError") {
				return nil, err
			}
			out.WriteRune(r)
			continue
		}
		switch to := to.(type) {
		case NoneType:
		case Int:
			if to < 0 || to > utf8.MaxRune {
				return nil, valueError("character mapping must be in range(0x110000)")
			}
			out.WriteRune(rune(to))
		default:
			s, ok := AsText(to)
			if !ok {
				return nil, typeError("character mapping must return integer, None or str")
			}
			out.WriteString(s)
		}
		if out.Len() > MaxText {
			return nil, tooLong(out.Len())
		}
	}
	return String(out.String()), nil
}

func strMaketrans(_ *Thread, _ Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := positional("str.maketrans", args, kwargs, 1, 3); err != nil {
		return nil, err
	}
	table := NewDict()
	if len(args) == 1 {
		from, ok := args[0].(*Dict)
		if !ok {
			return nil, typeError("if you give only one argument to maketrans it must be a dict")
		}
		for key, value := range from.All {
			if s, ok := AsText(key); ok {
				if utf8.RuneCountInString(s) != 1 {
					return nil, valueError("string keys in translate table must be of length 1")
				}
				r, _ := utf8.DecodeRuneInString(s)
				key = Int(r)
			} else if !IsInt(key) {
				return nil, typeError("keys in translate table must be strings or integers")
			}
			if err := table.Set(key, value); err != nil {
				return nil, err
			}
		}
		return table, nil
	}
	var texts [3][]rune
	for i, arg := range args {
		s, ok := AsText(arg)
		if !ok && i == 0 {
			return nil, typeError("first maketrans argument must be a string if there is a second argument")
		}
		if !ok {
			return nil, typeError("maketrans() argument %d must be str, not %s", i+1, arg.Type())
		}
		texts[i] = []rune(s)
	}
	if len(texts[0]) != len(texts[1]) {
		return nil, valueError("the first two maketrans arguments must have equal length")
	}
	for i, r := range texts[0] {
		if err := table.Set(Int(r), Int(texts[1][i])); err != nil {
			return nil, err
		}
	}
	for _, r := range texts[2] {
		if err := table.Set(Int(r), None); err != nil {
			return nil, err
		}
	}
	return table, nil
}
