package python

import "strings"

// JSONModule returns the module json with dumps, loads and JSONDecodeError's
// name.
func JSONModule() *Module {
	return NewModule("json").
		Set("dumps", NewFunc("dumps", JSONDumps)).
		Set("loads", NewFunc("loads", JSONLoads))
}

// JSONLoads is the function json.loads.
func JSONLoads(_ *Thread, args []Value, kwargs []Keyword) (Value, error) {
	if len(args) == 0 {
		return nil, typeError("loads() missing 1 required positional argument: 's'")
	}
	if len(args) > 1 {
		return nil, typeError("loads() takes 1 positional argument but %d were given", len(args))
	}
	for _, kw := range kwargs {
		if kw.Value != None {
			return nil, typeError("loads() does not support the keyword argument '%s'", kw.Name)
		}
	}
	if s, ok := AsText(args[0]); ok {
		return FromJSON(s)
	}
	data, ok := bytesOf(args[0])
	if !ok {
		return nil, typeError("the JSON object must be str, bytes or bytearray, not %s", args[0].Type())
	}
	s, err := Decode(data, "utf-8-sig", "surrogateescape")
	if err != nil {
		return nil, err
	}
	return FromJSON(s)
}

// JSONDumps is the function json.dumps.
func JSONDumps(t *Thread, args []Value, kwargs []Keyword) (Value, error) {
	switch len(args) {
	case 0:
		return nil, typeError("dumps() missing 1 required positional argument: 'obj'")
	case 1:
	default:
		return nil, typeError("dumps() takes 1 positional argument but %d were given", len(args))
	}
	var opts JSONOptions
	for _, kw := range kwargs {
		if err := opts.set(t, kw.Name, kw.Value); err != nil {
			return nil, err
		}
	}
	s, err := ToJSON(args[0], opts)
	return String(s), err
}

// set takes a keyword argument of json.dumps.
func (o *JSONOptions) set(t *Thread, name string, v Value) error {
	truth, err := Truth(v)
	if err != nil {
		return err
	}
	switch name {
	case "sort_keys":
		o.SortKeys = truth
	case "skipkeys":
		o.SkipKeys = truth
	case "ensure_ascii":
		o.AllowNonASCII = !truth
	case "allow_nan":
		o.ForbidNaN = !truth
	case "check_circular":
	case "indent":
		return o.setIndent(v)
	case "separators":
		return o.setSeparators(t, v)
	case "default":
		if v != None {
			o.Default = func(v2 Value) (Value, error) { return Call(t, v, []Value{v2}, nil) }
		}
	case "cls":
		if v != None {
			return typeError("dumps() does not support the keyword argument 'cls'")
		}
	default:
		return typeError("JSONEncoder.__init__() got an unexpected keyword argument '%s'", name)
	}
	return nil
}

func (o *JSONOptions) setIndent(v Value) error {
	if v == None {
		return nil
	}
	indent, ok := AsText(v)
	if !ok {
		n, err := clampIndex(v)
		if err != nil {
			return typeError("can't multiply sequence by non-int of type '%s'", v.Type())
		}
		if n > 1<<16 {
			return tooLong(n)
		}
		indent = strings.Repeat(" ", max(n, 0))
	}
	o.Indent = &indent
	return nil
}

func (o *JSONOptions) setSeparators(t *Thread, v Value) error {
	if v == None {
		return nil
	}
	pair, err := Collect(t, v)
	if err != nil {
		return err
	}
	if len(pair) != 2 {
		if len(pair) > 2 {
			return valueError("too many values to unpack (expected 2)")
		}
		return valueError("not enough values to unpack (expected 2, got %d)", len(pair))
	}
	var texts [2]string
	for i, s := range pair {
		var ok bool
		if texts[i], ok = AsText(s); !ok {
			return typeError("make_encoder() argument %d must be str, not %s", 6-i, s.Type())
		}
	}
	o.Separators = &texts
	return nil
}
