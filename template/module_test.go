package template

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNetaddr(t *testing.T) {
	netaddr, err := Module("netaddr")
	require.NoError(t, err)
	for _, c := range []struct{ text, want string }{
		{"{{ netaddr.IPNetwork('1234::/71') }}", "1234::/71"},
		{"{{ netaddr.IPNetwork('1234::/71')[1] }}", "1234::1"},
		{"{{ netaddr.IPNetwork('1234::/71')[-1] }}", "1234::1ff:ffff:ffff:ffff"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24').prefixlen }}", "24"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24') }}", "10.0.0.5/24"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24').network }}", "10.0.0.0"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24').netmask }}", "255.255.255.0"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24').hostmask }}", "0.0.0.255"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24').broadcast }}", "10.0.0.255"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24').cidr }}", "10.0.0.0/24"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24').ip }}", "10.0.0.5"},
		{"{{ netaddr.IPNetwork('10.0.0.5/24').size }}", "256"},
		{"{{ netaddr.IPNetwork('10.0.0.0/255.255.0.0') }}", "10.0.0.0/16"},
		{"{{ netaddr.IPNetwork('10.0.0.1') }}", "10.0.0.1/32"},
		{"{{ netaddr.IPNetwork('10.0.0.0/30')|list }}", "[IPAddress('10.0.0.0'), IPAddress('10.0.0.1'), IPAddress('10.0.0.2'), IPAddress('10.0.0.3')]"},
		{"{{ netaddr.IPNetwork('10.0.0.0/29').iter_hosts()|map('string')|first }}", "10.0.0.1"},
		{"{{ netaddr.IPNetwork('10.0.0.0/30').subnet(31)|map('string')|list }}", "['10.0.0.0/31', '10.0.0.2/31']"},
		{"{{ netaddr.IPAddress('10.0.0.1') in netaddr.IPNetwork('10.0.0.0/8') }} {{ '11.0.0.1' in netaddr.IPNetwork('10.0.0.0/8') }}", "True False"},
		{"{{ netaddr.IPAddress('10.0.0.1') + 1 }} {{ netaddr.IPAddress('::2') - 1 }} {{ netaddr.IPAddress('10.0.0.1').version }}", "10.0.0.2 ::1 4"},
		{"{{ netaddr.IPAddress('10.0.0.1') < netaddr.IPAddress('10.0.0.2') }} {{ netaddr.IPAddress(1) }} {{ netaddr.IPAddress('::1').value }}", "True 0.0.0.1 1"},
		{"{{ netaddr.IPNetwork('::/0').size }} {{ netaddr.IPNetwork('::/64').last }}", "340282366920938463463374607431768211456 18446744073709551615"},
		{"{{ isinstance(netaddr.IPAddress('::1'), netaddr.IPAddress) }}", "True"},
	} {
		got, err := render(t, c.text, Options{Python: true}, map[string]any{"netaddr": netaddr})
		require.NoError(t, err, c.text)
		assert.Equal(t, c.want, got, c.text)
	}
	for text, want := range map[string]string{
		"{{ netaddr.IPNetwork('x') }}":              "main:1: invalid IPNetwork x",
		"{{ netaddr.IPNetwork('10.0.0.0/33') }}":    "main:1: invalid IPNetwork 10.0.0.0/33",
		"{{ netaddr.IPAddress('1.2.3') }}":          "main:1: failed to detect a valid IP address from '1.2.3'",
		"{{ netaddr.IPNetwork('10.0.0.0/30')[9] }}": "main:1: netaddr.ip.IPNetwork object has no element 9",
	} {
		_, err := render(t, text, Options{}, map[string]any{"netaddr": netaddr})
		assert.EqualError(t, err, want, text)
	}
}

func TestModulesAskForFiles(t *testing.T) {
	files := fstest.MapFS{"etc/conf": {Data: []byte("x")}, "link": {Mode: fs.ModeSymlink}}
	mods := Modules{
		Dir:          "/etc",
		Stat:         func(path string) (fs.FileInfo, error) { return fs.Lstat(files, path[1:]) },
		EvalSymlinks: func(path string) (string, error) { return "/real" + path, nil },
	}
	os, err := mods.Module("os")
	require.NoError(t, err)
	got, err := render(t, "{{ os.path.exists('conf') }} {{ os.path.isfile('/etc/conf') }} {{ os.path.isdir('/etc') }} {{ os.path.exists('/nope') }} {{ os.path.islink('/link') }} {{ os.path.realpath('conf') }} {{ os.getcwd() }}", Options{}, map[string]any{"os": os})
	require.NoError(t, err)
	assert.Equal(t, "True True True False True /real/etc/conf /etc", got)

	os, err = Module("os")
	require.NoError(t, err)
	_, err = render(t, "{{ os.path.exists('x') }}", Options{}, map[string]any{"os": os})
	assert.EqualError(t, err, "main:1: os.path.exists: templates have no access to files here")
}

func TestModuleNames(t *testing.T) {
	for _, name := range []string{
		"json", "os", "os.path", "urllib", "urllib.parse", "six.moves.urllib.parse", "six.moves.urllib", "urlparse", "re", "itertools",
		"functools", "operator", "hashlib", "base64", "netaddr", "six", "six.moves", "shlex",
	} {
		_, err := Module(name)
		assert.NoError(t, err, name)
	}
	_, err := Module("subprocess")
	assert.EqualError(t, err, "no module named 'subprocess' among the Python modules that templates can import")
	_, err = Member("json", "nope")
	assert.EqualError(t, err, "cannot import name 'nope' from 'json'")
}

func TestSix(t *testing.T) {
	got, err := render(t, "{% for k, v in six.iteritems({'a': 1}) %}{{ k }}{{ v }}{% endfor %} {{ six.moves.shlex_quote('a b') }} {{ six.ensure_binary('é') }} {{ six.ensure_text(six.ensure_binary('é')) }} {{ six.itervalues({'a': 1})|list }} {{ isinstance('x', six.string_types) }} {{ six.PY3 }}", Options{Python: true}, nil)
	require.NoError(t, err)
	assert.Equal(t, "a1 'a b' b'\\xc3\\xa9' é [1] True True", got)
}

func TestRegexTakesNoTime(t *testing.T) {
	re, err := Module("re")
	require.NoError(t, err)
	_, err = render(t, "{{ re.match('(a*)*b', 'a' * 100) }}", Options{}, map[string]any{"re": re})
	assert.EqualError(t, err, "main:1: regular expression '(a*)*b' takes too long")
}
