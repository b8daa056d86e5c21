package fetch

import "unicode/utf8"

// fnmatch matches as Python's function of that name does on Unix: * stands
// for anything, slashes included, ? for one character, [abc], [a-z] and
// [!abc] for one of a set. A bracket that isn't closed stands for itself.
func fnmatch(pattern, name string) bool {
	// Where to go on after a mismatch: the last star takes one more character.
	// Earlier stars needn't be tried again, so that the time is bounded by the
	// product of both lengths.
	star, retry := -1, 0
	p, n := 0, 0
	for n < len(name) {
		r, size := utf8.DecodeRuneInString(name[n:])
		if p < len(pattern) && pattern[p] == '*' {
			star, retry = p, n
			p++
			continue
		}
		if p < len(pattern) {
			if ok, length := matchOne(pattern[p:], r, name[n:n+size]); ok {
				p += length
				n += size
				continue
			}
		}
		if star < 0 {
			return false
		}
		_, size = utf8.DecodeRuneInString(name[retry:])
		retry += size
		p, n = star+1, retry
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// matchOne matches one character, r with the bytes text, with the element at
// the start of a pattern, and returns the length of that element.
func matchOne(pattern string, r rune, text string) (ok bool, length int) {
	switch pattern[0] {
	case '?':
		return true, 1
	case '[':
		if set, length := bracket(pattern); length > 0 {
			return inSet(set, r), length
		}
	}
	_, size := utf8.DecodeRuneInString(pattern)
	return pattern[:size] == text, size
}

// bracket returns what is between the brackets at the start of a pattern, and
// the length of the whole; 0 if the bracket isn't closed.
func bracket(pattern string) (set string, length int) {
	i := 1
	if i < len(pattern) && pattern[i] == '!' {
		i++
	}
	if i < len(pattern) && pattern[i] == ']' {
		i++
	}
	for ; i < len(pattern); i++ {
		if pattern[i] == ']' {
			return pattern[1:i], i + 1
		}
	}
	return "", 0
}

func inSet(set string, r rune) bool {
	negated := len(set) > 0 && set[0] == '!'
	if negated {
		set = set[1:]
	}
	chars := []rune(set)
	found := false
	for i := 0; i < len(chars); i++ {
		low, high := chars[i], chars[i]
		if i+2 < len(chars) && chars[i+1] == '-' {
			high = chars[i+2]
			i += 2
		}
		found = found || low <= r && r <= high
	}
	return found != negated
}
