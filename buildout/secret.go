package buildout

import "regexp"

// secretWord is what the names of options have in them whose values are not for
// showing.
var secretWord = regexp.MustCompile(`(?i)passw|secret|token|key`)

// secretText is a value that has a secret in it: a line NAME=VALUE, as of an
// environment, or credentials in a URL.
var secretText = regexp.MustCompile(`(?i)[\w.-]*(passw|secret|token|key)[\w.-]*["']?[ \t]*[=:]|[a-z]://[^/\s@]*@`)

// secret reports whether one of the values of an option is not for showing: the
// name of the option, or of one that it refers to, says so, or the value itself.
func (p *Part) secret(option string, values ...string) bool {
	for _, v := range values {
		if secretText.MatchString(v) {
			return true
		}
	}
	seen := map[dependency]bool{}
	var named func(p *Part, option string) bool
	named = func(p *Part, option string) bool {
		if secretWord.MatchString(option) {
			return true
		}
		for _, d := range p.deps.byOption[option] {
			d.option = ""
			if seen[d] || d.target == "" {
				continue
			}
			seen[d] = true
			if named(p.eval.part(d.section), d.target) {
				return true
			}
		}
		return false
	}
	return named(p, option)
}
