package python

// findMethod returns the method of v's built-in type, or nil.
func findMethod(v Value, name string) method { return methodOf(kindOf(v), name) }

// methodOf returns the method of a built-in type, or nil.
func methodOf(k kind, name string) method {
	if k == kindOther || k == kindType {
		return nil
	}
	var fn method
	switch k {
	case kindStr:
		fn = strMethod(name)
	case kindList:
		fn = listMethod(name)
	case kindDict:
		fn = dictMethod(name)
	case kindTuple:
		fn = tupleMethod(name)
	case kindSet, kindFrozenSet:
		fn = setMethod(name, k == kindFrozenSet)
	case kindBytes, kindByteArray:
		fn = bytesMethod(name)
	case kindInt, kindBool, kindFloat, kindComplex:
		fn = numberMethod(name, k)
	case kindRange:
		fn = rangeMethod(name)
	case kindView:
		fn = viewMethod(name)
	}
	if fn == nil && len(name) > 4 && name[:2] == "__" {
		fn = specialMethod(name, k)
	}
	return fn
}
