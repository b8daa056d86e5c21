package template

import (
	"math"
	"strconv"

	"github.com/go-buildout/go-buildout/internal/python"
)

func filterAbs(f *frame, a []python.Value) (python.Value, error) {
	if u, ok := a[0].(*undefined); ok {
		return nil, python.Raise("TypeError", "bad operand type for abs(): '%s'", u.Type())
	}
	return builtin(f.run.thread, "abs", a...)
}

func filterInt(f *frame, a []python.Value) (python.Value, error) {
	t := f.run.thread
	args := a[:1]
	if u, ok := a[0].(*undefined); ok {
		return nil, u.fail()
	}
	if _, ok := python.AsText(a[0]); ok {
		args = []python.Value{a[0], a[2]}
	}
	v, err := python.Call(t, python.IntClass, args, nil)
	if err == nil || !python.IsError(err, "TypeError", "ValueError") {
		return v, err
	}
	if v, err = python.Call(t, python.FloatClass, a[:1], nil); err == nil {
		v, err = python.Call(t, python.IntClass, []python.Value{v}, nil)
	}
	if err != nil && python.IsError(err, "TypeError", "ValueError", "OverflowError") {
		return a[1], nil
	}
	return v, err
}

func filterFloat(f *frame, a []python.Value) (python.Value, error) {
	if u, ok := a[0].(*undefined); ok {
		return nil, u.fail()
	}
	v, err := python.Call(f.run.thread, python.FloatClass, a[:1], nil)
	if err != nil && python.IsError(err, "TypeError", "ValueError") {
		return a[1], nil
	}
	return v, err
}

func filterRound(f *frame, a []python.Value) (python.Value, error) {
	how, _ := python.AsText(a[2])
	switch how {
	case "common":
		if u, ok := a[0].(*undefined); ok {
			return nil, python.Raise("TypeError", "type %s doesn't define __round__ method", u.Type())
		}
		return builtin(f.run.thread, "round", a[:2]...)
	case "ceil", "floor":
	default:
		return nil, argumentError("method must be common, ceil or floor")
	}
	scale, err := python.Binary(python.Pow, python.Int(10), a[1])
	if err != nil {
		return nil, err
	}
	v, err := python.Binary(python.Mul, a[0], scale)
	if err != nil {
		return nil, err
	}
	if x, ok := v.(python.Float); ok {
		round := math.Floor
		if how == "ceil" {
			round = math.Ceil
		}
		if v, err = python.Call(f.run.thread, python.IntClass, []python.Value{python.Float(round(float64(x)))}, nil); err != nil {
			return nil, err
		}
	} else if !isNumber(v) {
		return nil, python.Raise("TypeError", "must be real number, not %s", v.Type())
	}
	return python.Binary(python.TrueDiv, v, scale)
}

func filterFileSize(f *frame, a []python.Value) (python.Value, error) {
	if u, ok := a[0].(*undefined); ok {
		return nil, u.fail()
	}
	v, err := python.Call(f.run.thread, python.FloatClass, a[:1], nil)
	if err != nil {
		return nil, err
	}
	size := float64(v.(python.Float))
	binary, err := python.Truth(a[1])
	if err != nil {
		return nil, err
	}
	base, prefixes := 1000.0, []string{"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"}
	if binary {
		base, prefixes = 1024, []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"}
	}
	switch {
	case size == 1:
		return python.String("1 Byte"), nil
	case size < base:
		n, err := python.Call(f.run.thread, python.IntClass, []python.Value{v}, nil)
		if err != nil {
			return nil, err
		}
		s, err := python.Str(n)
		return python.String(s + " Bytes"), err
	}
	unit, prefix := base, ""
	for _, prefix = range prefixes {
		unit *= base
		if size < unit {
			break
		}
	}
	return python.String(strconv.FormatFloat(base*size/unit, 'f', 1, 64) + " " + prefix), nil
}
