package buildout

import (
	"fmt"
	"io/fs"
	"reflect"
	"strconv"
	"strings"
)

// Decode reads options into the fields of the struct that v points to. A field
// is read from the option that its tag names:
//
//	URL   string            `buildout:"url,required" doc:"archive to download"`
//	Strip bool              `buildout:"strip-top-level-dir" default:"false"`
//	Mode  *fs.FileMode      `buildout:"mode"`                 // octal; nil: not given
//	Args  []string          `buildout:"configure-options,words"`
//	Dirs  []string          `buildout:"directories,lines"`    // blank lines are dropped
//	Env   map[string]string `buildout:"environment"`          // lines NAME=VALUE
//
// Other kinds are int and pointers to string, bool and int, which are nil when
// the option is missing. A bool is true or false; with ",lenient" yes, y, true,
// on and 1 in any case are true and everything else is false. A missing option
// takes the value of the tag "default", or the zero value; with ",required" it is
// an error. An error is an [*Error] with the option's place. The tag "doc" is for
// readers.
func (p *Part) Decode(v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("Decode wants a pointer to a struct, not %T", v)
	}
	return p.decodeStruct(target.Elem())
}

func (p *Part) decodeStruct(s reflect.Value) error {
	for i := range s.NumField() {
		field := s.Type().Field(i)
		tag, ok := field.Tag.Lookup("buildout")
		if !ok {
			if field.Anonymous && field.Type.Kind() == reflect.Struct {
				if err := p.decodeStruct(s.Field(i)); err != nil {
					return err
				}
			}
			continue
		}
		name, flags, _ := strings.Cut(tag, ",")
		text, found, err := p.Lookup(name)
		if err != nil {
			return err
		}
		if !found {
			if strings.Contains(flags, "required") {
				_, err := p.Get(name)
				return err
			}
			if text, found = field.Tag.Lookup("default"); !found {
				continue
			}
		}
		if err := p.decodeField(s.Field(i), name, flags, text); err != nil {
			return err
		}
	}
	return nil
}

func (p *Part) decodeField(f reflect.Value, name, flags, text string) error {
	if f.Kind() == reflect.Pointer {
		f.Set(reflect.New(f.Type().Elem()))
		f = f.Elem()
	}
	expected := ""
	switch {
	case f.Type() == reflect.TypeFor[fs.FileMode]():
		mode, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(text), "0o"), 8, 12)
		if err == nil {
			f.SetUint(mode)
			return nil
		}
		expected = "an octal number such as 0755"
	case f.Kind() == reflect.String:
		f.SetString(text)
		return nil
	case f.Kind() == reflect.Bool:
		value := strings.ToLower(strings.TrimSpace(text))
		if strings.Contains(flags, "lenient") {
			f.SetBool(value == "true" || value == "yes" || value == "y" || value == "on" || value == "1")
			return nil
		}
		if value = text; value == "true" || value == "false" {
			f.SetBool(value == "true")
			return nil
		}
		expected = "true or false"
	case f.Kind() == reflect.Int:
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err == nil {
			f.SetInt(int64(n))
			return nil
		}
		expected = "a whole number"
	case f.Type() == reflect.TypeFor[[]string]():
		if strings.Contains(flags, "lines") {
			f.Set(reflect.ValueOf(lines(text)))
		} else {
			f.Set(reflect.ValueOf(strings.Fields(text)))
		}
		return nil
	case f.Type() == reflect.TypeFor[map[string]string]():
		m := map[string]string{}
		for _, line := range lines(text) {
			k, v, ok := strings.Cut(line, "=")
			if !ok {
				return p.invalid(name, line, "a line NAME=VALUE")
			}
			m[strings.TrimSpace(k)] = strings.TrimSpace(v)
		}
		f.Set(reflect.ValueOf(m))
		return nil
	default:
		return fmt.Errorf("Decode can't fill a field of type %s, for option %s", f.Type(), name)
	}
	return p.invalid(name, text, expected)
}

func (p *Part) invalid(option, found, expected string) error {
	defer p.eval.hold()()
	e := p.errorAbout(option, found, "Invalid value for '%s' option: '%s'", option, found).(*Error)
	e.Code = CodeInvalidOption
	e.Detail = append(e.Detail, "expected "+expected)
	return e
}

// lines are the non-blank lines of a value, without the blanks around them.
func lines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
