package main

import "fmt"

// severity is how bad a finding is. The zero value is none, which is no finding's.
type severity int

const (
	none severity = iota
	note
	warning
	failure
)

var severities = []string{"none", "note", "warning", "error"}

// String gives the name that the output and the command line use, which is also
// the level that SARIF knows.
func (s severity) String() string { return severities[s] }

func parseSeverity(name string) (severity, error) {
	for i, s := range severities {
		if s == name && severity(i) != none {
			return severity(i), nil
		}
	}
	return none, fmt.Errorf("invalid severity %q: it is error, warning or note", name)
}

// rule is a kind of finding. Its id does not change between releases.
type rule struct {
	id       string
	severity severity // unless a finding says otherwise
	short    string
	long     string
}

// The rules, in the order in which --rules lists them.
var (
	syntaxError = &rule{"syntax-error", failure, "A line is neither a section header, an option, a continuation nor a comment.",
		"Buildout refuses the whole profile. All such lines of a file are reported."}
	badCondition = &rule{"bad-condition", failure, "The condition of a section header can't be evaluated.",
		"A condition is a PEP 508 marker or a Python expression over the names that Buildout gives it."}
	unreadableExtends = &rule{"unreadable-extends", failure, "A file or URL in extends can't be read.",
		"Names are relative to the file that extends."}
	extendsLoop = &rule{"extends-loop", failure, "Files extend each other in a circle.",
		"The message shows the whole circle."}
	ignoredExtends = &rule{"ignored-extends", warning, "extends with += or -= is not processed.",
		"Buildout looks at the plain option only, and takes \"extends +=\" for data."}
	invalidProfile = &rule{"invalid-profile", failure, "Buildout refuses the profile for another reason.",
		"An option of [buildout] has a value that it can't have, or the profile is too large."}
	duplicateOption = &rule{"duplicate-option", warning, "An option is set twice in a section of one file.",
		"The last one wins. An unconditional value that a conditional section replaces is not reported, nor are conditions of which at most one holds here."}
	unknownSection = &rule{"unknown-section", failure, "A reference names a section that is not there.",
		"An error if the section that refers is a part or a part needs it, otherwise a warning: Buildout evaluates only what parts need."}
	unknownOption = &rule{"unknown-option", failure, "A reference names an option that is not there.",
		"Options that the recipe of the other section may set are not reported. Severity as for unknown-section. In a section that others inherit from, ${:option} may be theirs to give."}
	invalidReference = &rule{"invalid-reference", failure, "A ${...} is not a reference.",
		"A reference is ${section:option} or ${:option}; $${ stands for a literal ${. Severity as for unknown-section."}
	referenceLoop = &rule{"reference-loop", failure, "Options refer to each other in a circle.",
		"The message shows the whole circle. Severity as for unknown-section."}
	unknownMacro = &rule{"unknown-macro", failure, "A section inherits (<=) from one that is not there.",
		"Names stand on lines of their own: two names on a line are one. Severity as for unknown-section."}
	macroLoop = &rule{"macro-loop", failure, "Sections inherit (<=) from each other in a circle.",
		"The message shows the whole circle. Severity as for unknown-section."}
	unknownPart = &rule{"unknown-part", failure, "A part is listed that is no section.",
		"In [buildout] parts, or behind => of a part."}
	partWithoutRecipe = &rule{"part-without-recipe", failure, "A part is listed in [buildout] parts whose section has no recipe.",
		"The recipe may also come from a section that it inherits from."}
	unusedMacro = &rule{"unused-macro", warning, "Nothing uses a section that is no part.",
		"A section of a file on the command line that has no recipe, or lacks what its own ${:option} refer to, and that nothing inherits from, refers to or names: no section of this or of another file on the command line, and no template that they render. Sections that whoever runs the profile adds to, such as [versions], are not reported."}
	redundantOverride = &rule{"redundant-override", note, "An option is set to the value that it has already.",
		"The file extends the one that set it, and could leave it out. Not reported if it has an effect for another file on the command line."}
	removesNothing = &rule{"removes-nothing", warning, "A -= removes no line.",
		"Whole lines are compared. The value before has none that is equal to one of the lines to remove."}
	missingChecksum = &rule{"missing-checksum", warning, "A download has no checksum.",
		"A part of a recipe that downloads and can verify has a remote url and no md5sum (or what else the recipe knows), or a remote patch has no #md5."}
	malformedChecksum = &rule{"malformed-checksum", failure, "A checksum has not the form of one, so that it never matches.",
		"An MD5 sum has 32 hexadecimal digits, a SHA-256 64 and a SHA-512 128. Severity as for unknown-section."}
	badSuppression = &rule{"bad-suppression", warning, "A comment disables a rule that doesn't exist.",
		"\"# lint: disable=RULE,RULE\" before a line is about that line, and at the head of a file about the file."}
)

var rules = []*rule{
	syntaxError, badCondition, unreadableExtends, extendsLoop, ignoredExtends, invalidProfile, duplicateOption,
	unknownSection, unknownOption, invalidReference, referenceLoop, unknownMacro, macroLoop, unknownPart,
	partWithoutRecipe, unusedMacro, redundantOverride, removesNothing, missingChecksum, malformedChecksum, badSuppression,
}

func ruleIDs() []string {
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.id
	}
	return ids
}
