package python

import "strings"

// serialised starts the text of a serialised value; between the marks stands
// the version of the format.
const serialised = "!py!"

// escapeOption writes what a profile would take for a reference or a comment
// as escapes, which the literal has the same meaning with.
var escapeOption = strings.NewReplacer("$", `\x24`, ";", `\x3b`)

// Dumps serialises v as the SlapOS dialect stores option values that are not
// plain text: !py! and a literal. It is a ValueError if v has none.
func Dumps(v Value) (string, error) {
	s := safeRepr{}
	if err := s.write(v); err != nil {
		return "", err
	}
	text := s.out.String()
	if s.unreadable {
		return "", valueError("Value cannot be serialised: %s", text)
	}
	return serialised + escapeOption.Replace(text), nil
}

// IsSerialised reports whether the text claims to be a serialised value, which
// Loads reads.
func IsSerialised(text string) bool { return strings.HasPrefix(text, "!py") }

// Loads reads what Dumps wrote. Other text is a str, but for text that claims
// to be serialised and isn't, which gives the errors of the original.
func Loads(text string) (Value, error) {
	if !IsSerialised(text) {
		return String(text), nil
	}
	version, literal, ok := strings.Cut(text[len("!py"):], "!")
	if !ok {
		return nil, Raise("AttributeError", "'NoneType' object has no attribute 'groups'")
	}
	if version != "" {
		return nil, keyError(String(version))
	}
	return ParseLiteral(literal)
}
