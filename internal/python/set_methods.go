package python

// setMethod returns a method of set or frozenset, or nil.
func setMethod(name string, frozen bool) method {
	switch name {
	case "copy":
		return setCopy
	case "difference":
		return setDifference
	case "intersection":
		return setIntersection
	case "isdisjoint":
		return setIsdisjoint
	case "issubset":
		return setIssubset
	case "issuperset":
		return setIssuperset
	case "symmetric_difference":
		return setSymmetricDifference
	case "union":
		return setUnion
	}
	if frozen {
		return nil
	}
	switch name {
	case "add":
		return setAdd
	case "clear":
		return setClear
	case "discard":
		return setDiscard
	case "pop":
		return setPop
	case "remove":
		return setRemove
	case "update":
		return setUpdate
	case "difference_update":
		return setDifferenceUpdate
	case "intersection_update":
		return setIntersectionUpdate
	case "symmetric_difference_update":
		return setSymmetricDifferenceUpdate
	}
	return nil
}

func setAdd(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("set.add", args, kwargs)
	if err != nil {
		return nil, err
	}
	return None, self.(*Set).Add(v)
}

func setClear(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("set.clear", args, kwargs); err != nil {
		return nil, err
	}
	self.(*Set).table.clear()
	return None, nil
}

func setCopy(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs(self.Type()+".copy", args, kwargs); err != nil {
		return nil, err
	}
	return self.(*Set).clone(), nil
}

func (s *Set) clone() *Set { return &Set{table: s.table.clone(), Frozen: s.Frozen} }

func setDiscard(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("set.discard", args, kwargs)
	if err != nil {
		return nil, err
	}
	_, err = self.(*Set).Discard(v)
	return None, err
}

func setRemove(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	v, err := oneArg("set.remove", args, kwargs)
	if err != nil {
		return nil, err
	}
	removed, err := self.(*Set).Discard(v)
	if err == nil && !removed {
		err = keyError(v)
	}
	return None, err
}

func setPop(_ *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if err := noArgs("set.pop", args, kwargs); err != nil {
		return nil, err
	}
	s := self.(*Set)
	items := s.Items()
	if len(items) == 0 {
		return nil, keyError(String("pop from an empty set"))
	}
	_, err := s.Discard(items[0])
	return items[0], err
}

func setUnion(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return combined("union", t, self, args, kwargs, (*Set).addAll)
}

func setDifference(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return combined("difference", t, self, args, kwargs, (*Set).removeAll)
}

func setIntersection(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return combined("intersection", t, self, args, kwargs, (*Set).keepAll)
}

func setUpdate(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return updated("update", t, self, args, kwargs, (*Set).addAll)
}

func setDifferenceUpdate(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return updated("difference_update", t, self, args, kwargs, (*Set).removeAll)
}

func setIntersectionUpdate(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return updated("intersection_update", t, self, args, kwargs, (*Set).keepAll)
}

func setSymmetricDifference(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if _, err := oneArg(self.Type()+".symmetric_difference", args, kwargs); err != nil {
		return nil, err
	}
	return combined("symmetric_difference", t, self, args, kwargs, (*Set).toggleAll)
}

func setSymmetricDifferenceUpdate(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	if _, err := oneArg("set.symmetric_difference_update", args, kwargs); err != nil {
		return nil, err
	}
	return updated("symmetric_difference_update", t, self, args, kwargs, (*Set).toggleAll)
}

// combined applies change to a copy of the set, with each argument.
func combined(name string, t *Thread, self Value, args []Value, kwargs []Keyword, change func(*Set, *Thread, Value) error) (Value, error) {
	if err := noKeywords(self.Type()+"."+name, kwargs); err != nil {
		return nil, err
	}
	s := self.(*Set).clone()
	for _, arg := range args {
		if err := change(s, t, arg); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// updated applies change to the set, with each argument.
func updated(name string, t *Thread, self Value, args []Value, kwargs []Keyword, change func(*Set, *Thread, Value) error) (Value, error) {
	if err := noKeywords("set."+name, kwargs); err != nil {
		return nil, err
	}
	for _, arg := range args {
		if err := change(self.(*Set), t, arg); err != nil {
			return nil, err
		}
	}
	return None, nil
}

// collectSet returns the items of v as a set.
func collectSet(t *Thread, v Value) (*Set, error) {
	if s, ok := v.(*Set); ok {
		return s, t.Step(s.table.live)
	}
	s := &Set{}
	return s, Each(t, v, s.Add)
}

func (s *Set) addAll(t *Thread, v Value) error {
	other, err := collectSet(t, v)
	if err != nil {
		return err
	}
	for _, item := range other.Items() {
		if err := s.Add(item); err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) removeAll(t *Thread, v Value) error {
	other, err := collectSet(t, v)
	if err != nil {
		return err
	}
	for _, item := range other.Items() {
		if _, err := s.Discard(item); err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) keepAll(t *Thread, v Value) error {
	other, err := collectSet(t, v)
	if err != nil {
		return err
	}
	for _, item := range s.Items() {
		found, err := other.Contains(item)
		if err == nil && !found {
			_, err = s.Discard(item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) toggleAll(t *Thread, v Value) error {
	other, err := collectSet(t, v)
	if err != nil {
		return err
	}
	for _, item := range other.Items() {
		removed, err := s.Discard(item)
		if err == nil && !removed {
			err = s.Add(item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func setIsdisjoint(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return related("isdisjoint", t, self, args, kwargs, func(w *walk, a, b *Set) (bool, error) {
		for _, item := range a.Items() {
			if found, err := b.Contains(item); err != nil || found {
				return false, err
			}
		}
		return true, nil
	})
}

func setIssubset(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return related("issubset", t, self, args, kwargs, func(w *walk, a, b *Set) (bool, error) {
		return w.compareSets(Le, a, b)
	})
}

func setIssuperset(t *Thread, self Value, args []Value, kwargs []Keyword) (Value, error) {
	return related("issuperset", t, self, args, kwargs, func(w *walk, a, b *Set) (bool, error) {
		return w.compareSets(Ge, a, b)
	})
}

func related(name string, t *Thread, self Value, args []Value, kwargs []Keyword, test func(w *walk, a, b *Set) (bool, error)) (Value, error) {
	v, err := oneArg(self.Type()+"."+name, args, kwargs)
	if err != nil {
		return nil, err
	}
	a, _ := setOf(self)
	if a == nil {
		return nil, unhashableItems()
	}
	b, err := collectSet(t, v)
	if err != nil {
		return nil, err
	}
	holds, err := test(&walk{}, a, b)
	return Bool(holds), err
}

func unhashableItems() error { return typeError("unhashable items in a dict view") }

// setBinary evaluates the operators of sets; it returns nil if an operand is
// no set.
func setBinary(op Op, a, b Value) (Value, error) {
	if op == Or {
		if x, ok := a.(*Dict); ok {
			if y, ok := b.(*Dict); ok {
				merged := x.Copy()
				return merged, merged.update(nil, y, nil)
			}
		}
	}
	x, ok := setOf(a)
	if !ok {
		return nil, nil
	}
	y, ok := setOf(b)
	if !ok {
		return nil, nil
	}
	result := x.clone()
	var err error
	switch op {
	case Sub:
		err = result.removeAll(nil, y)
	case And:
		err = result.keepAll(nil, y)
	case Or:
		err = result.addAll(nil, y)
	case Xor:
		err = result.toggleAll(nil, y)
	}
	return result, err
}
