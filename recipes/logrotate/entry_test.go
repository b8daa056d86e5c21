package logrotate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const plainEntry = `[buildout]
parts = e
[e]
recipe = slapos.cookbook:logrotate.d
logrotate-entries = ${buildout:directory}/entries
name = app
log = /var/log/app.log
backup = /backup
`

func TestEntries(t *testing.T) {
	const head, tail = "/var/log/app.log {\n", "}"
	for _, c := range []struct{ name, options, want string }{
		{"upstream's", "", "daily\ndateext\nrotate 3650\ncompress\ndelaycompress\nnotifempty\nsharedscripts\ncreate\nolddir /backup\n"},
		{"scripts", "pre = one\npost =\n  two\n  three\n", "daily\ndateext\nrotate 3650\ncompress\ndelaycompress\nnotifempty\nsharedscripts\ncreate\nolddir /backup\n" +
			"postrotate\ntwo\nthree\nendscript\nprerotate\none\nendscript\n"},
		{"an empty script", "post =\n", "daily\ndateext\nrotate 3650\ncompress\ndelaycompress\nnotifempty\nsharedscripts\ncreate\nolddir /backup\npostrotate\n\nendscript\n"},
		{"frequency and number", "frequency = monthly\nrotate-num = 30\nrotatep-num = 30\n",
			"monthly\ndateext\nrotate 30\ncompress\ndelaycompress\nnotifempty\nsharedscripts\ncreate\nolddir /backup\n"},
		{"flags off", "notifempty = false\ncreate = No\ndelaycompress =\n", "daily\ndateext\nrotate 3650\ncompress\nsharedscripts\nolddir /backup\n"},
		{"flags on", "copytruncate = 1\nnocompress = true\n", "daily\ndateext\nrotate 3650\nnocompress\nnotifempty\nsharedscripts\ncreate\ncopytruncate\nolddir /backup\n"},
	} {
		b := newBuildout(t)
		b.Write("buildout.cfg", plainEntry+c.options)
		b.Run()
		require.Equal(t, head+c.want+tail, b.Read("entries/app"), c.name)
		before := b.Snapshot()
		require.Equal(t, []string{"Updating e."}, b.Run())
		require.Equal(t, before, b.Snapshot())
	}
}

func TestEntryErrors(t *testing.T) {
	for _, c := range []struct{ options, want string }{
		{"frequency = often\n", "Error: invalid frequency 'often'\n  D/buildout.cfg:9 (e:frequency)\n    frequency = often\n                ^~~~~\n  expected hourly, daily, weekly, monthly, yearly\n"},
		{"rotate-num = many\n", "Error: Invalid value for 'rotate-num' option: 'many'\n  D/buildout.cfg:9 (e:rotate-num)\n    rotate-num = many\n                 ^~~~\n  expected a whole number\n"},
		{"rotate-num = 1\nrotatep-num = 2\n", "Error: options 'rotate-num' & 'rotatep-num' conflict\n  D/buildout.cfg:10 (e:rotatep-num)\n"},
		{"create = 0600\n", "Error: invalid value for 'create': '0600'\n  D/buildout.cfg:9 (e:create)\n    create = 0600\n             ^~~~\n  expected true or false\n"},
		{"logrotate-entries = taken\n", "Error: mkdir D/taken: there is a file of that name\n  D/buildout.cfg:9 (e:logrotate-entries)\n"},
	} {
		b := newBuildout(t)
		b.Write("taken", "")
		b.Write("buildout.cfg", plainEntry+c.options)
		require.Contains(t, b.Fail(), strings.ReplaceAll(c.want, "D/", b.Dir+"/"))
		require.Nil(t, b.Installed("e"))
	}
}
