package buildout

import "errors"

// during adds a step that was under way to what an error says, around those that
// it has. Parts are installed side by side, each in steps of its own; so these are
// added on the way out, and only those of the evaluation are on its stack. The
// error may be shared: it is not changed.
func during(step string, err error) error {
	var e *Error
	var bug *Bug
	switch {
	case errors.As(err, &e):
		n := *e
		n.While = append([]string{step}, e.While...)
		if err == error(e) {
			return &n
		}
		return stepError{err, &n}
	case errors.As(err, &bug):
		n := *bug
		n.While = append([]string{step}, bug.While...)
		return &n
	}
	return err
}

// stepError is an error in which there is an *Error, with more steps in that.
type stepError struct {
	error
	report *Error
}

func (e stepError) Unwrap() error { return e.error }

func (e stepError) As(target any) bool {
	t, ok := target.(**Error)
	if ok {
		*t = e.report
	}
	return ok
}
