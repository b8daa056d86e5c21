package template

import (
	"context"
	"net/url"
	"os"
	"strings"

	"github.com/go-buildout/go-buildout/buildout"
)

// inlinePrefix begins a value of the option template that is the text itself.
const inlinePrefix = "inline:"

// source is where a template comes from.
type source struct {
	option string // that names it or holds it
	inline bool
	text   string // of an inline template
	url    string // of any other
	md5    string
}

// sourceOptions are the options of a source; those that are missing are nil.
type sourceOptions struct {
	URL      *string `buildout:"url" doc:"template: a path or a URL"`
	Inline   *string `buildout:"inline" doc:"the template's text"`
	Template *string // an older name for both; not every recipe has it
	MD5      string  `buildout:"md5sum" doc:"checksum of the template behind url"`
}

// source chooses among the options. Empty ones count only if there is no other.
func (o *sourceOptions) source(part *buildout.Part) (source, error) {
	var given []source
	add := func(option string, value *string) {
		if value == nil {
			return
		}
		s := source{option: option, url: *value, md5: o.MD5}
		if text, ok := strings.CutPrefix(*value, inlinePrefix); ok && option == "template" {
			s = source{option: option, inline: true, text: strings.TrimLeft(text, "\r\n")}
		} else if option == "inline" {
			s = source{option: option, inline: true, text: *value}
		} else if *value == "" {
			return
		}
		given = append(given, s)
	}
	add("url", o.URL)
	add("template", o.Template)
	add("inline", o.Inline)
	if n := len(given); n > 1 && given[n-1].option == "inline" && given[n-1].text == "" {
		given = given[:n-1]
	}
	switch {
	case len(given) == 0 && o.URL == nil:
		_, err := part.Get("url")
		return source{}, err
	case len(given) == 0:
		return source{}, part.Errorf("url", "Missing option: %s:url\nfound an empty one", part.Name())
	case len(given) > 1:
		first, second := given[0].option, given[1].option
		if second == "inline" {
			first, second = second, first
		}
		return source{}, part.Errorf(second, "options '%s' & '%s' conflict", first, second)
	}
	s := given[0]
	if s.inline && o.MD5 != "" {
		return source{}, part.Errorf("md5sum", "options '%s' & 'md5sum' conflict", s.option)
	}
	return s, nil
}

// fixed reports whether the template can't have changed since it was read last.
func (s *source) fixed() bool { return s.inline || s.md5 != "" }

// name is what messages call the template; they must not tell passwords.
func (s *source) name() string {
	if s.inline {
		return "inline"
	}
	if u, err := url.Parse(s.url); err == nil && u.User != nil {
		u.User = nil
		return u.String()
	}
	return s.url
}

func (s *source) fetchOptions() buildout.FetchOptions {
	return buildout.FetchOptions{Option: s.option, MD5: s.md5}
}

// read gives the template's bytes, in a constructor.
func (s *source) read(ctx context.Context, part *buildout.Part) (string, error) {
	if s.inline {
		return s.text, nil
	}
	path, remove, err := part.Fetch(ctx, s.url, s.fetchOptions())
	if err != nil {
		return "", err
	}
	defer remove()
	return s.file(part, path)
}

// readInstall is read in an installation.
func (s *source) readInstall(ctx context.Context, tx *buildout.Tx) (string, error) {
	if s.inline {
		return s.text, nil
	}
	path, err := tx.Fetch(ctx, s.url, s.fetchOptions())
	if err != nil {
		return "", err
	}
	return s.file(tx.Part(), path)
}

func (s *source) file(part *buildout.Part, path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", part.Errorf(s.option, "%w", err)
	}
	return string(content), nil
}
