package template

// kind is the kind of a token inside a tag.
type kind uint8

const (
	tEOF kind = iota
	tError
	tVariableEnd
	tBlockEnd
	tName
	tString
	tInteger
	tFloat
	tAdd
	tAssign
	tColon
	tComma
	tDiv
	tDot
	tEq
	tFloorDiv
	tGt
	tGtEq
	tLBrace
	tLBracket
	tLParen
	tLt
	tLtEq
	tMod
	tMul
	tNe
	tPipe
	tPow
	tRBrace
	tRBracket
	tRParen
	tSemicolon
	tSub
	tTilde
)

// kindNames is how messages name the kinds.
var kindNames = [...]string{
	tEOF:         "end of template",
	tError:       "error",
	tVariableEnd: "end of print statement",
	tBlockEnd:    "end of statement block",
	tName:        "name",
	tString:      "string",
	tInteger:     "integer",
	tFloat:       "float",
	tAdd:         "+",
	tAssign:      "=",
	tColon:       ":",
	tComma:       ",",
	tDiv:         "/",
	tDot:         ".",
	tEq:          "==",
	tFloorDiv:    "//",
	tGt:          ">",
	tGtEq:        ">=",
	tLBrace:      "{",
	tLBracket:    "[",
	tLParen:      "(",
	tLt:          "<",
	tLtEq:        "<=",
	tMod:         "%",
	tMul:         "*",
	tNe:          "!=",
	tPipe:        "|",
	tPow:         "**",
	tRBrace:      "}",
	tRBracket:    "]",
	tRParen:      ")",
	tSemicolon:   ";",
	tSub:         "-",
	tTilde:       "~",
}

// token is one token of a tag. Its text is a name, the value of a string, the
// digits of a number or the message of an error.
type token struct {
	text string
	line int32
	kind kind
}

// String is the token as messages name it.
func (t token) String() string {
	if t.kind == tName {
		return t.text
	}
	return kindNames[t.kind]
}

// is reports whether the token is the name.
func (t token) is(name string) bool { return t.kind == tName && t.text == name }

// tagKind says what a tag of the source is.
type tagKind uint8

const (
	tagPrint tagKind = iota
	tagStatement
	tagText
)

// tag is one tag of the source, or text that is kept from gonja's lexer. Its last token is its end, the end of the template, or an error.
type tag struct {
	tokens []token
	text   string
	line   int32
	kind   tagKind
}
