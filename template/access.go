package template

import "github.com/go-buildout/go-buildout/internal/python"

// getAttr is obj.name: the attribute, or else the item.
func getAttr(obj python.Value, name string, mode Undefined) (python.Value, error) {
	v, ok, err := python.LookupAttr(obj, name)
	if err != nil && !python.IsError(err, "AttributeError") {
		return nil, err
	}
	if ok {
		return v, nil
	}
	switch o := obj.(type) {
	case *python.Dict:
		if v, ok := o.GetString(name); ok {
			return v, nil
		}
	case python.Getter:
		v, err := o.GetItem(python.String(name))
		if err == nil {
			return v, nil
		}
		if !isLookup(err) {
			return nil, err
		}
	}
	return &undefined{mode: mode, obj: obj, name: python.String(name)}, nil
}

// getItem is obj[key]: the item, or else the attribute.
func getItem(obj, key python.Value, mode Undefined) (python.Value, error) {
	if d, ok := obj.(*python.Dict); ok {
		if v, ok, err := d.Get(key); ok {
			return v, nil
		} else if err != nil && !isLookup(err) {
			return nil, err
		}
	} else {
		v, err := python.GetItem(obj, key)
		if err == nil {
			return v, nil
		}
		if !isLookup(err) {
			return nil, err
		}
	}
	if name, ok := python.AsText(key); ok {
		v, ok, err := python.LookupAttr(obj, name)
		if err != nil && !python.IsError(err, "AttributeError") {
			return nil, err
		}
		if ok {
			return v, nil
		}
	}
	return &undefined{mode: mode, obj: obj, name: key}, nil
}

// isLookup reports whether the error means that an item isn't there.
func isLookup(err error) bool {
	return python.IsError(err, "AttributeError", "TypeError", "LookupError", "KeyError", "IndexError")
}
