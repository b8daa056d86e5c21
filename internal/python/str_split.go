package python

import (
	"strings"
	"unicode/utf8"
)

var (
	splitSignature      = signature{name: "split", params: []string{"sep", "maxsplit"}, positional: 2}
	rsplitSignature     = signature{name: "rsplit", params: []string{"sep", "maxsplit"}, positional: 2}
	splitlinesSignature = signature{name: "splitlines", params: []string{"keepends"}, positional: 1}
)

func strSplit(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	sep, limit, err := splitArgs(splitSignature, args, kwargs)
	if err != nil {
		return nil, err
	}
	s := text(self)
	if sep != "" {
		return textList(splitOn(s, sep, limit))
	}
	return textList(splitSpace(s, limit, isSpace))
}

func strRsplit(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	sep, limit, err := splitArgs(rsplitSignature, args, kwargs)
	if err != nil {
		return nil, err
	}
	s := text(self)
	if sep != "" {
		return textList(splitOnRight(s, sep, limit))
	}
	return textList(splitSpaceRight(s, limit, isSpace))
}

// splitArgs returns "" for white space.
func splitArgs(sig signature, args []Value, kwargs []Keyword) (sep string, limit int, err error) {
	var bound [2]Value
	if err := sig.bind(args, kwargs, bound[:]); err != nil {
		return "", 0, err
	}
	if limit, err = intArg(bound[1], -1); err != nil {
		return "", 0, err
	}
	switch v := bound[0].(type) {
	case nil, NoneType:
		return "", limit, nil
	default:
		sep, ok := AsText(v)
		if !ok {
			return "", 0, typeError("must be str or None, not %s", v.Type())
		}
		if sep == "" {
			return "", 0, valueError("empty separator")
		}
		return sep, limit, nil
	}
}

func textList(parts []string) (Value, error) {
	if len(parts) > MaxItems {
		return nil, tooMany()
	}
	items := make([]Value, len(parts))
	for i, p := range parts {
		items[i] = String(p)
	}
	return &List{items}, nil
}

func splitOn(s, sep string, limit int) []string {
	if limit < 0 {
		return strings.Split(s, sep)
	}
	return strings.SplitN(s, sep, min(limit, len(s))+1)
}

func splitOnRight(s, sep string, limit int) []string {
	var parts []string
	for limit != 0 {
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		parts = append(parts, s[i+len(sep):])
		s = s[:i]
		limit--
	}
	parts = append(parts, s)
	reverse(parts)
	return parts
}

func reverse[T any](items []T) {
	for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
		items[i], items[j] = items[j], items[i]
	}
}

func splitSpace(s string, limit int, isSpace func(rune) bool) []string {
	var parts []string
	for {
		s = strings.TrimLeftFunc(s, isSpace)
		if s == "" {
			return parts
		}
		end := strings.IndexFunc(s, isSpace)
		if end < 0 || limit == 0 {
			return append(parts, s)
		}
		parts = append(parts, s[:end])
		s = s[end:]
		limit--
	}
}

func splitSpaceRight(s string, limit int, isSpace func(rune) bool) []string {
	var parts []string
	for {
		s = strings.TrimRightFunc(s, isSpace)
		if s == "" {
			break
		}
		i := strings.LastIndexFunc(s, isSpace)
		if i < 0 || limit == 0 {
			parts = append(parts, s)
			break
		}
		parts = append(parts, s[i+runeLen(s[i:]):])
		s = s[:i]
		limit--
	}
	reverse(parts)
	return parts
}

func strSplitlines(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	var bound [1]Value
	if err := splitlinesSignature.bind(args, kwargs, bound[:]); err != nil {
		return nil, err
	}
	keep, err := intArg(bound[0], 0)
	if err != nil {
		return nil, err
	}
	return textList(splitLines(text(self), keep != 0, isLineBreak))
}

func isLineBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

func splitLines(s string, keep bool, isBreak func(rune) bool) []string {
	var lines []string
	for s != "" {
		end := strings.IndexFunc(s, isBreak)
		if end < 0 {
			return append(lines, s)
		}
		next := end + runeLen(s[end:])
		if s[end] == '\r' && next < len(s) && s[next] == '\n' {
			next++
		}
		if keep {
			end = next
		}
		lines = append(lines, s[:end])
		s = s[next:]
	}
	return lines
}

func strPartition(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	sep, err := partitionArg("str.partition", args, kwargs)
	if err != nil {
		return nil, err
	}
	s := text(self)
	before, after, ok := strings.Cut(s, sep)
	if !ok {
		return NewTuple(String(s), String(""), String("")), nil
	}
	return NewTuple(String(before), String(sep), String(after)), nil
}

func strRpartition(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	sep, err := partitionArg("str.rpartition", args, kwargs)
	if err != nil {
		return nil, err
	}
	s := text(self)
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return NewTuple(String(""), String(""), String(s)), nil
	}
	return NewTuple(String(s[:i]), String(sep), String(s[i+len(sep):])), nil
}

func partitionArg(name string, args []Value, kwargs []Keyword) (string, error) {
	v, err := oneArg(name, args, kwargs)
	if err != nil {
		return "", err
	}
	sep, ok := AsText(v)
	if !ok {
		return "", typeError("must be str, not %s", v.Type())
	}
	if sep == "" {
		return "", valueError("empty separator")
	}
	return sep, nil
}

func strStrip(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return strip("strip", self, args, kwargs, true, true)
}

func strLstrip(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return strip("lstrip", self, args, kwargs, true, false)
}

func strRstrip(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return strip("rstrip", self, args, kwargs, false, true)
}

func strip(name string, self Value, args []Value, kwargs []Keyword, left, right bool) (Value, error) {
	if err := positional("str."+name, args, kwargs, 0, 1); err != nil {
		return nil, err
	}
	drop := isSpace
	switch v := argAt(args, 0).(type) {
	case nil, NoneType:
	default:
		chars, ok := AsText(v)
		if !ok {
			return nil, typeError("%s arg must be None or str", name)
		}
		drop = func(r rune) bool { return r != utf8.RuneError && strings.ContainsRune(chars, r) }
	}
	s := text(self)
	if left {
		s = strings.TrimLeftFunc(s, drop)
	}
	if right {
		s = strings.TrimRightFunc(s, drop)
	}
	return String(s), nil
}

func strJoin(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("str.join", args, kwargs)
	if err != nil {
		return nil, err
	}
	var items []Value
	switch v := v.(type) {
	case *List:
		items = v.Items
	case *Tuple:
		items = v.Items
	default:
		if items, err = Collect(t, v); err != nil {
			if _, iterErr := Iter(v); IsError(iterErr, "TypeError") {
				return nil, typeError("can only join an iterable")
			}
			return nil, err
		}
	}
	return joinText(text(self), items)
}

func joinText(sep string, items []Value) (Value, error) {
	size := len(sep) * max(len(items)-1, 0)
	for i, item := range items {
		s, ok := AsText(item)
		if !ok {
			return nil, typeError("sequence item %d: expected str instance, %s found", i, item.Type())
		}
		if size += len(s); size > MaxText {
			return nil, tooLong(size)
		}
	}
	var out strings.Builder
	out.Grow(size)
	for i, item := range items {
		if i > 0 {
			out.WriteString(sep)
		}
		s, _ := AsText(item)
		out.WriteString(s)
	}
	return String(out.String()), nil
}
