package template

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strings"

	"github.com/go-buildout/go-buildout/internal/python"
)

// hashes are the functions of hashlib.
var hashes = []struct {
	name  string
	make  func() hash.Hash
	block int
}{
	{"md5", md5.New, 64}, {"sha1", sha1.New, 64}, {"sha224", sha256.New224, 64}, {"sha256", sha256.New, 64},
	{"sha384", sha512.New384, 128}, {"sha512", sha512.New, 128},
}

// hashlibModule is Python's hashlib.
func hashlibModule() *python.Module {
	m := python.NewModule("hashlib")
	for _, h := range hashes {
		m.Set(h.name, wrap(&signature{name: h.name, params: []param{{"string", python.Bytes("")}, {"usedforsecurity", python.True}}}, func(_ *python.Thread, a []python.Value) (python.Value, error) {
			d := &digest{name: h.name}
			return d, d.update(a[0])
		}))
	}
	return m.Set("new", wrap(&signature{name: "new", params: []param{{"name", nil}, {"data", python.Bytes("")}}}, func(_ *python.Thread, a []python.Value) (python.Value, error) {
		name, err := textArg("new", a[0])
		if err != nil {
			return nil, err
		}
		for _, h := range hashes {
			if h.name == strings.ToLower(name) {
				d := &digest{name: h.name}
				return d, d.update(a[1])
			}
		}
		return nil, python.Raise("ValueError", "unsupported hash type %s", name)
	}))
}

// digest is a hash that is being computed.
type digest struct {
	name string
	data []byte
}

func (d *digest) Type() string      { return "HASH" }
func (d *digest) qualified() string { return "_hashlib.HASH" }

func (d *digest) update(v python.Value) error {
	if _, ok := python.AsText(v); ok {
		return python.Raise("TypeError", "Strings must be encoded before hashing")
	}
	data, err := bytesArg(v)
	if err != nil {
		if python.IsError(err, "TypeError") {
			err = python.Raise("TypeError", "object supporting the buffer API required")
		}
		return err
	}
	if len(d.data)+len(data) > python.MaxText {
		return python.Raise("MemoryError", "data to hash is over the limit of %d bytes", python.MaxText)
	}
	d.data = append(d.data, data...)
	return nil
}

func (d *digest) sum() []byte {
	for _, h := range hashes {
		if h.name == d.name {
			state := h.make()
			state.Write(d.data)
			return state.Sum(nil)
		}
	}
	return nil
}

// Attr implements python.Attributer.
func (d *digest) Attr(name string) (python.Value, error) {
	switch name {
	case "name":
		return python.String(d.name), nil
	case "digest_size":
		return python.Int(len(d.sum())), nil
	case "block_size":
		for _, h := range hashes {
			if h.name == d.name {
				return python.Int(h.block), nil
			}
		}
	case "update":
		return wrap(sig("update", "obj"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			return python.None, d.update(a[0])
		}), nil
	case "digest":
		return wrap(sig("digest"), func(*python.Thread, []python.Value) (python.Value, error) {
			return python.Bytes(d.sum()), nil
		}), nil
	case "hexdigest":
		return wrap(sig("hexdigest"), func(*python.Thread, []python.Value) (python.Value, error) {
			return python.String(hex.EncodeToString(d.sum())), nil
		}), nil
	case "copy":
		return wrap(sig("copy"), func(*python.Thread, []python.Value) (python.Value, error) {
			return &digest{d.name, append([]byte(nil), d.data...)}, nil
		}), nil
	}
	return nil, nil
}

// Repr implements python.Representer.
func (d *digest) Repr() (string, error) { return "<" + d.name + " _hashlib.HASH object>", nil }

// base64Module is Python's base64.
func base64Module() *python.Module {
	m := python.NewModule("base64")
	type coding struct {
		suffix         string
		encode, decode func(s string) (string, error)
	}
	std := func(enc *base64.Encoding) coding {
		return coding{"", func(s string) (string, error) { return enc.EncodeToString([]byte(s)), nil }, func(s string) (string, error) { return decode64(s, enc) }}
	}
	codings := map[string]coding{
		"b64": std(base64.StdEncoding), "standard_b64": std(base64.StdEncoding), "urlsafe_b64": std(base64.URLEncoding),
		"b32": {"", func(s string) (string, error) { return base32.StdEncoding.EncodeToString([]byte(s)), nil }, func(s string) (string, error) {
			data, err := base32.StdEncoding.DecodeString(s)
			if err != nil {
				return "", python.Raise("Error", "Non-base32 digit found")
			}
			return string(data), nil
		}},
		"b16": {"", func(s string) (string, error) { return strings.ToUpper(hex.EncodeToString([]byte(s))), nil }, func(s string) (string, error) {
			data, err := hex.DecodeString(strings.ToLower(s))
			if err != nil || s != strings.ToUpper(s) {
				return "", python.Raise("Error", "Non-base16 digit found")
			}
			return string(data), nil
		}},
	}
	for name, c := range codings {
		m.Set(name+"encode", wrap(sig(name+"encode", "s"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			s, err := bytesArg(a[0])
			if err != nil {
				return nil, err
			}
			s, err = c.encode(s)
			return python.Bytes(s), err
		}))
		m.Set(name+"decode", wrap(sig(name+"decode", "s"), func(_ *python.Thread, a []python.Value) (python.Value, error) {
			s, ok := python.AsText(a[0])
			if !ok {
				var err error
				if s, err = bytesArg(a[0]); err != nil {
					return nil, err
				}
			}
			s, err := c.decode(s)
			return python.Bytes(s), err
		}))
	}
	return m
}

// decode64 decodes as Python does, which skips what isn't of the alphabet.
func decode64(s string, enc *base64.Encoding) (string, error) {
	extra := "+/"
	if enc == base64.URLEncoding {
		extra = "-_"
	}
	var b strings.Builder
	padding := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '=':
			padding++
		case c < 0x80 && c != '_' && isWord(rune(c)) || strings.IndexByte(extra, c) >= 0:
			b.WriteByte(c)
		}
	}
	digits := b.String()
	switch rest := len(digits) % 4; {
	case rest == 1:
		return "", python.Raise("Error", "Invalid base64-encoded string: number of data characters (%d) cannot be 1 more than a multiple of 4", len(digits))
	case rest > 0 && padding < 4-rest:
		return "", python.Raise("Error", "Incorrect padding")
	}
	data, err := enc.WithPadding(base64.NoPadding).DecodeString(digits)
	if err != nil {
		return "", python.Raise("Error", "Invalid base64-encoded string")
	}
	return string(data), nil
}
