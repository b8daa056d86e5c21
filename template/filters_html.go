package template

import (
	"html"
	"regexp"
	"sort"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// unescapeHTML resolves entities.
func unescapeHTML(s string) string { return html.UnescapeString(s) }

func filterSafe(_ *frame, a []python.Value) (python.Value, error) {
	if h, ok := a[0].(hypertext); ok {
		s, err := h.HTML()
		return markup(s), err
	}
	s, err := python.Str(a[0])
	return markup(s), err
}

func filterForceEscape(_ *frame, a []python.Value) (python.Value, error) {
	s, err := plainText(a[0])
	return markup(htmlEscaper.Replace(s)), err
}

// plainText is the text of a value, which may be HTML.
func plainText(v python.Value) (string, error) {
	if h, ok := v.(hypertext); ok {
		return h.HTML()
	}
	return python.Str(v)
}

func filterStripTags(_ *frame, a []python.Value) (python.Value, error) {
	s, err := plainText(a[0])
	return python.String(stripTags(s)), err
}

func filterXMLAttr(f *frame, a []python.Value) (python.Value, error) {
	view, err := callAttr(f, a[0], "items")
	if err != nil {
		return nil, err
	}
	space, err := python.Truth(a[1])
	if err != nil {
		return nil, err
	}
	var items []string
	err = python.Each(f.run.thread, view, func(item python.Value) error {
		pair, err := python.Collect(nil, item)
		if err != nil || len(pair) != 2 {
			return err
		}
		if pair[1] == python.None || isUndefined(pair[1]) {
			return nil
		}
		name, ok := python.AsText(pair[0])
		if !ok {
			return python.Raise("TypeError", "expected string or bytes-like object, got '%s'", pair[0].Type())
		}
		if strings.ContainsAny(name, " \t\n\r\f\v/>=") {
			shown, err := python.Repr(pair[0])
			if err != nil {
				return err
			}
			return python.Raise("ValueError", "Invalid character in attribute name: %s", shown)
		}
		key, err := escape(pair[0])
		if err != nil {
			return err
		}
		value, err := escape(pair[1])
		items = append(items, string(key)+`="`+string(value)+`"`)
		return err
	})
	if err != nil {
		return nil, err
	}
	s := strings.Join(items, " ")
	if space && s != "" {
		s = " " + s
	}
	return f.markup(s), nil
}

// callAttr calls a method without arguments.
func callAttr(f *frame, v python.Value, name string) (python.Value, error) {
	if u, ok := v.(*undefined); ok {
		return nil, u.fail()
	}
	return method(f.run.thread, v, name)
}

func filterToJSON(_ *frame, a []python.Value) (python.Value, error) {
	o := python.JSONOptions{SortKeys: true}
	if a[1] != python.None {
		indent, ok := python.AsText(a[1])
		if !ok {
			n, err := intArg(a[1])
			if err != nil {
				return nil, err
			}
			indent = strings.Repeat(" ", min(max(n, 0), 1000))
		}
		o.Indent = &indent
	}
	if u, ok := a[0].(*undefined); ok {
		return nil, python.Raise("TypeError", "Object of type %s is not JSON serializable", u.Type())
	}
	s, err := python.ToJSON(a[0], o)
	if err != nil {
		return nil, err
	}
	return markup(jsonEscaper.Replace(s)), nil
}

var jsonEscaper = strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`)

// quoteURL quotes bytes for a URL but those that are safe.
func quoteURL(s, safe string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || strings.IndexByte("_.-~", c) >= 0 || c < 0x80 && strings.IndexByte(safe, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// urlText quotes a value; in a query, slashes too, and spaces are plus signs.
func urlText(v python.Value, query bool) (string, error) {
	s, ok := "", false
	if b, isBytes := v.(python.Bytes); isBytes {
		s, ok = string(b), true
	}
	if !ok {
		var err error
		if s, err = python.Str(v); err != nil {
			return "", err
		}
	}
	if query {
		return strings.ReplaceAll(quoteURL(s, ""), "%20", "+"), nil
	}
	return quoteURL(s, "/"), nil
}

func filterURLEncode(f *frame, a []python.Value) (python.Value, error) {
	_, text := python.AsText(a[0])
	var pairs []python.Value
	if !text {
		v := a[0]
		if d, ok := v.(*python.Dict); ok {
			view, err := method(f.run.thread, d, "items")
			if err != nil {
				return nil, err
			}
			v = view
		}
		var err error
		pairs, err = python.Collect(f.run.thread, v)
		if err != nil {
			if !python.IsError(err, "TypeError") {
				return nil, err
			}
			text = true
		}
	}
	if text {
		s, err := urlText(a[0], false)
		return python.String(s), err
	}
	parts := make([]string, len(pairs))
	for i, pair := range pairs {
		items, err := python.Collect(f.run.thread, pair)
		if err != nil {
			return nil, err
		}
		if len(items) != 2 {
			return nil, unpackError(len(items), 2)
		}
		key, err := urlText(items[0], true)
		if err != nil {
			return nil, err
		}
		value, err := urlText(items[1], true)
		if err != nil {
			return nil, err
		}
		parts[i] = key + "=" + value
	}
	return python.String(strings.Join(parts, "&")), nil
}

// unpackError is the error for a sequence of the wrong length.
func unpackError(got, want int) error {
	if got > want {
		return python.Raise("ValueError", "too many values to unpack (expected %d)", want)
	}
	return python.Raise("ValueError", "not enough values to unpack (expected %d, got %d)", want, got)
}

var (
	urlPattern    = regexp.MustCompile(`(?i)^((https?://|www\.)(([\pL\pN_%-]+\.)+)?([a-z]{2,63}|xn--[\pL\pN_%]{2,59})|([\pL\pN_%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?://)((\d{1,3}(\.\d{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])))(?::\d{1,5})?(?:[/?#]\S*)?\n?$`)
	mailPattern   = regexp.MustCompile(`^\S+@[\pL\pN_][\pL\pN_.-]*\.[\pL\pN_]+\n?$`)
	schemePattern = regexp.MustCompile(`^[\pL\pN_.+-]{2,}:/{0,2}$`)
	headPattern   = regexp.MustCompile(`^([(<]|&lt;)+`)
	tailPattern   = regexp.MustCompile(`([)>.,\n]|&gt;)+$`)
)

// linker makes links of what looks like a URL.
type linker struct {
	limit       int // of the text shown; -1: none
	rel, target string
	schemes     []string
}

func filterURLize(f *frame, a []python.Value) (python.Value, error) {
	l := &linker{limit: -1}
	var err error
	if a[1] != python.None {
		if l.limit, err = intArg(a[1]); err != nil {
			return nil, err
		}
	}
	nofollow, err := python.Truth(a[2])
	if err != nil {
		return nil, err
	}
	rels := map[string]bool{"noopener": true}
	if nofollow {
		rels["nofollow"] = true
	}
	if s, ok := python.AsText(a[4]); ok {
		for _, part := range strings.FieldsFunc(s, isSpace) {
			rels[part] = true
		}
	}
	var list []string
	for rel := range rels {
		list = append(list, rel)
	}
	sort.Strings(list)
	l.rel = ` rel="` + htmlEscaper.Replace(strings.Join(list, " ")) + `"`
	if s, ok := python.AsText(a[3]); ok && s != "" {
		l.target = ` target="` + htmlEscaper.Replace(s) + `"`
	}
	if a[5] != python.None {
		schemes, err := python.Collect(f.run.thread, a[5])
		if err != nil {
			return nil, err
		}
		for _, v := range schemes {
			s, _ := python.AsText(v)
			if !schemePattern.MatchString(s) {
				return nil, argumentError("%s is not a valid URI scheme prefix.", pyQuote(s))
			}
			l.schemes = append(l.schemes, s)
		}
	}
	text, err := escape(a[0])
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for s := string(text); s != ""; {
		n := strings.IndexFunc(s, isSpace)
		if n < 0 {
			n = len(s)
		}
		b.WriteString(l.word(s[:n]))
		s = s[n:]
		n = leadingSpace(s)
		b.WriteString(s[:n])
		s = s[n:]
	}
	return f.markup(b.String()), nil
}

// word makes a link of a word that is one.
func (l *linker) word(word string) string {
	head := headPattern.FindString(word)
	middle, tail := word[len(head):], ""
	if at := tailPattern.FindStringIndex(middle); at != nil {
		middle, tail = middle[:at[0]], middle[at[0]:]
	}
	for _, pair := range [][2]string{{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}} {
		open := strings.Count(middle, pair[0])
		if open <= strings.Count(middle, pair[1]) {
			continue
		}
		for n := min(open, strings.Count(tail, pair[1])); n > 0; n-- {
			end := strings.Index(tail, pair[1]) + len(pair[1])
			middle, tail = middle+tail[:end], tail[end:]
		}
	}
	return head + l.link(middle) + tail
}

func (l *linker) link(s string) string {
	switch {
	case urlPattern.MatchString(s):
		url := s
		if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
			url = "https://" + s
		}
		return `<a href="` + url + `"` + l.rel + l.target + ">" + l.shorten(s) + "</a>"
	case strings.HasPrefix(s, "mailto:") && mailPattern.MatchString(s[7:]):
		return `<a href="` + s + `">` + s[7:] + "</a>"
	case strings.Contains(s, "@") && !strings.HasPrefix(s, "www.") && !strings.HasPrefix(s, "@") && !strings.Contains(s, ":") && mailPattern.MatchString(s):
		return `<a href="mailto:` + s + `">` + s + "</a>"
	}
	for _, scheme := range l.schemes {
		if s != scheme && strings.HasPrefix(s, scheme) {
			s = `<a href="` + s + `"` + l.rel + l.target + ">" + s + "</a>"
		}
	}
	return s
}

func (l *linker) shorten(s string) string {
	r := []rune(s)
	if l.limit < 0 || len(r) <= l.limit {
		return s
	}
	return string(r[:l.limit]) + "..."
}
