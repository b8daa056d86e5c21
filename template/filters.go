package template

import "github.com/go-buildout/go-buildout/internal/python"

// builtinFilters are Jinja2's filters by name. Filters and tests that look
// others up find the tables in the environment.
var builtinFilters = makeFilters()

func makeFilters() map[string]*filter {
	none, empty, no, yes := python.None, python.String(""), python.False, python.True
	f := func(s *signature, fn func(f *frame, a []python.Value) (python.Value, error)) *filter {
		return &filter{sig: s, fn: fn}
	}
	hidden := func(s *signature) *signature { s.hidden = 1; return s }
	m := map[string]*filter{
		"abs":            f(sig("abs", "x"), filterAbs),
		"attr":           f(hidden(sig("do_attr", "obj", "name")), filterAttr),
		"batch":          f(sig("do_batch", "value", "linecount", "fill_with", none), filterBatch),
		"capitalize":     f(sig("do_capitalize", "s"), textMethod("capitalize")),
		"center":         f(sig("do_center", "value", "width", python.Int(80)), filterCenter),
		"default":        f(sig("do_default", "value", "default_value", empty, "boolean", no), filterDefault),
		"dictsort":       f(sig("do_dictsort", "value", "case_sensitive", no, "by", python.String("key"), "reverse", no), filterDictSort),
		"escape":         f(sig("escape", "s"), func(_ *frame, a []python.Value) (python.Value, error) { return escape(a[0]) }),
		"filesizeformat": f(sig("do_filesizeformat", "value", "binary", no), filterFileSize),
		"first":          f(hidden(sig("sync_do_first", "seq")), filterFirst),
		"float":          f(sig("do_float", "value", "default", python.Float(0)), filterFloat),
		"forceescape":    f(sig("do_forceescape", "value"), filterForceEscape),
		"format":         {raw: filterFormat},
		"groupby":        f(hidden(sig("sync_do_groupby", "value", "attribute", "default", none, "case_sensitive", no)), filterGroupBy),
		"indent":         f(sig("do_indent", "s", "width", python.Int(4), "first", no, "blank", no), filterIndent),
		"int":            f(sig("do_int", "value", "default", python.Int(0), "base", python.Int(10)), filterInt),
		"join":           f(hidden(sig("sync_do_join", "value", "d", empty, "attribute", none)), filterJoin),
		"last":           f(hidden(sig("do_last", "seq")), filterLast),
		"length":         f(sig("len", "obj"), filterLength),
		"list":           f(sig("sync_do_list", "value"), filterList),
		"lower":          f(sig("do_lower", "s"), textMethod("lower")),
		"items":          f(sig("do_items", "value"), filterItems),
		"map":            {raw: filterMap},
		"min":            f(hidden(sig("do_min", "value", "case_sensitive", no, "attribute", none)), filterExtreme(python.Lt)),
		"max":            f(hidden(sig("do_max", "value", "case_sensitive", no, "attribute", none)), filterExtreme(python.Gt)),
		"pprint":         f(sig("do_pprint", "value"), filterPPrint),
		"random":         f(hidden(sig("do_random", "seq")), filterRandom),
		"reject":         {raw: filterSelect(false, false)},
		"rejectattr":     {raw: filterSelect(false, true)},
		"replace":        f(hidden(sig("do_replace", "s", "old", "new", "count", none)), filterReplace),
		"reverse":        f(sig("do_reverse", "value"), filterReverse),
		"round":          f(sig("do_round", "value", "precision", python.Int(0), "method", python.String("common")), filterRound),
		"safe":           f(sig("do_mark_safe", "value"), filterSafe),
		"select":         {raw: filterSelect(true, false)},
		"selectattr":     {raw: filterSelect(true, true)},
		"slice":          f(sig("sync_do_slice", "value", "slices", "fill_with", none), filterSlice),
		"sort":           f(hidden(sig("do_sort", "value", "reverse", no, "case_sensitive", no, "attribute", none)), filterSort),
		"string":         f(sig("soft_str", "s"), func(_ *frame, a []python.Value) (python.Value, error) { return softStr(a[0]) }),
		"striptags":      f(sig("do_striptags", "value"), filterStripTags),
		"sum":            f(hidden(sig("sync_do_sum", "iterable", "attribute", none, "start", python.Int(0))), filterSum),
		"title":          f(sig("do_title", "s"), filterTitle),
		"trim":           f(sig("do_trim", "value", "chars", none), filterTrim),
		"truncate":       f(hidden(sig("do_truncate", "s", "length", python.Int(255), "killwords", no, "end", python.String("..."), "leeway", none)), filterTruncate),
		"unique":         f(hidden(sig("sync_do_unique", "value", "case_sensitive", no, "attribute", none)), filterUnique),
		"upper":          f(sig("do_upper", "s"), textMethod("upper")),
		"urlencode":      f(sig("do_urlencode", "value"), filterURLEncode),
		"urlize":         f(hidden(sig("do_urlize", "value", "trim_url_limit", none, "nofollow", no, "target", none, "rel", none, "extra_schemes", none)), filterURLize),
		"wordcount":      f(sig("do_wordcount", "s"), filterWordCount),
		"wordwrap":       f(hidden(sig("do_wordwrap", "s", "width", python.Int(79), "break_long_words", yes, "wrapstring", none, "break_on_hyphens", yes)), filterWordWrap),
		"xmlattr":        f(hidden(sig("do_xmlattr", "d", "autospace", yes)), filterXMLAttr),
		"tojson":         f(hidden(sig("do_tojson", "value", "indent", none)), filterToJSON),
	}
	m["count"], m["d"], m["e"] = m["length"], m["default"], m["escape"]
	return m
}

// intArg is an argument that is used as an int.
func intArg(v python.Value) (int, error) {
	if u, ok := v.(*undefined); ok {
		return 0, u.fail()
	}
	return python.AsInt(v)
}

// getter is how items of a sequence are looked at: themselves, or an
// attribute of them.
type getter struct {
	f     *frame
	parts []python.Value
	fold  bool         // texts in lower case
	def   python.Value // instead of undefined; nil: none
}

// attrGetter reads an attribute's path: names and indexes with dots.
func attrGetter(f *frame, attribute python.Value, fold bool) *getter {
	g := &getter{f: f, fold: fold}
	switch attribute.(type) {
	case nil, python.NoneType:
		return g
	}
	s, ok := python.AsText(attribute)
	if !ok {
		g.parts = []python.Value{attribute}
		return g
	}
	g.parts = attrParts(s)
	return g
}

func attrParts(s string) []python.Value {
	var parts []python.Value
	for {
		part, rest, more := cutByte(s, '.')
		if n, ok := smallNumber(part); ok {
			parts = append(parts, python.Int(n))
		} else {
			parts = append(parts, python.String(part))
		}
		if !more {
			return parts
		}
		s = rest
	}
}

func cutByte(s string, c byte) (before, after string, found bool) {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// smallNumber is the number that s is, if it is nothing but digits.
func smallNumber(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || n > 1<<40 {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != ""
}

// get is what the getter sees of an item.
func (g *getter) get(item python.Value) (python.Value, error) {
	for _, part := range g.parts {
		v, err := getItem(item, part, g.f.run.env.undefined)
		if err != nil {
			return nil, err
		}
		if g.def != nil && isUndefined(v) {
			v = g.def
		}
		item = v
	}
	if g.fold {
		return foldCase(g.f, item)
	}
	return item, nil
}

// foldCase is a text in lower case, and anything else as it is.
func foldCase(f *frame, v python.Value) (python.Value, error) {
	if _, ok := python.AsText(v); ok {
		return method(f.run.thread, v, "lower")
	}
	return v, nil
}

// defaultOf is a default argument, with None for none.
func defaultOf(v python.Value) python.Value {
	if v == python.None {
		return nil
	}
	return v
}

// argumentError is a FilterArgumentError.
func argumentError(message string, args ...any) error {
	return python.Raise("FilterArgumentError", message, args...)
}
