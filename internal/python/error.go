package python

import (
	"errors"
	"fmt"
)

// Error is a Python exception: the name of its class and what str() of it
// gives.
type Error struct {
	Class   string
	Message string
}

func (e *Error) Error() string {
	if e.Message == "" {
		return e.Class
	}
	return e.Class + ": " + e.Message
}

// Raise returns an *Error of the class with a formatted message.
func Raise(class, format string, args ...any) error {
	return &Error{class, fmt.Sprintf(format, args...)}
}

// IsError reports whether err is an *Error of one of the classes, or of any
// class if none is named.
func IsError(err error, classes ...string) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range classes {
		if e.Class == c {
			return true
		}
	}
	return len(classes) == 0
}

func typeError(format string, args ...any) error  { return Raise("TypeError", format, args...) }
func valueError(format string, args ...any) error { return Raise("ValueError", format, args...) }

// keyError is KeyError(key): its message is the key's repr.
func keyError(key Value) error {
	text, err := Repr(key)
	if err != nil {
		return err
	}
	return &Error{"KeyError", text}
}
