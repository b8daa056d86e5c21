package python

// walk bounds an operation that visits nested values.
type walk struct {
	depth int
	steps int
}

// maxWalk bounds the values visited: shared containers can be written in a few
// lines and have more parts than there are atoms.
const maxWalk = 1 << 23

// enter starts a container; what says what is done to it, for the message.
func (w *walk) enter(what string) error {
	if w.depth >= MaxDepth {
		return Raise("RecursionError", "maximum recursion depth exceeded%s", what)
	}
	w.depth++
	return w.step()
}

func (w *walk) leave() { w.depth-- }

func (w *walk) step() error {
	if w.steps >= maxWalk {
		return Raise("RuntimeError", "more than %d nested values", maxWalk)
	}
	w.steps++
	return nil
}
