package shellscript

import "strings"

// SyntaxError is what is wrong with a command line, in the words of Python's
// shlex.
type SyntaxError string

func (e SyntaxError) Error() string { return string(e) }

const (
	noQuote  SyntaxError = "No closing quotation"
	noEscape SyntaxError = "No escaped character"
)

// Split splits a command line into words by the rules of POSIX shells for quotes
// and backslashes. Nothing is expanded, and "#" begins no comment.
// An error is a [SyntaxError].
func Split(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case ' ', '\t', '\r', '\n':
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		case '\\':
			if i++; i == len(line) {
				return nil, noEscape
			}
			word.WriteByte(line[i])
			inWord = true
		case '\'', '"':
			n, err := quoted(&word, line[i+1:], c)
			if err != nil {
				return nil, err
			}
			i += n
			inWord = true
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

// quoted adds the text up to the closing quote to a word and returns how much of
// rest it takes, the quote included.
func quoted(word *strings.Builder, rest string, quote byte) (int, error) {
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case c == quote:
			return i + 1, nil
		case c == '\\' && quote == '"':
			if i++; i == len(rest) {
				return 0, noEscape
			}
			if rest[i] != '"' && rest[i] != '\\' {
				word.WriteByte('\\')
			}
			word.WriteByte(rest[i])
		default:
			word.WriteByte(c)
		}
	}
	return 0, noQuote
}
