package template

// nameSet is a set of names that knows their order.
type nameSet struct {
	list  []string
	index map[string]bool // once there are many
}

// manyNames is from how many names on a set has an index.
const manyNames = 16

func (s *nameSet) has(name string) bool {
	if s.index != nil {
		return s.index[name]
	}
	for _, n := range s.list {
		if n == name {
			return true
		}
	}
	return false
}

// add adds a name, and reports whether it is new.
func (s *nameSet) add(name string) bool {
	if s.has(name) {
		return false
	}
	s.list = append(s.list, name)
	if s.index == nil && len(s.list) > manyNames {
		s.index = make(map[string]bool, 2*len(s.list))
		for _, n := range s.list {
			s.index[n] = true
		}
	} else if s.index != nil {
		s.index[name] = true
	}
	return true
}

// remove removes a name.
func (s *nameSet) remove(name string) {
	if !s.has(name) {
		return
	}
	for i, n := range s.list {
		if n == name {
			s.list = append(s.list[:i], s.list[i+1:]...)
			break
		}
	}
	delete(s.index, name)
}
