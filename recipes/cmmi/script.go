package cmmi

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-buildout/go-buildout/recipes/internal/shellscript"
)

// scriptName is the shell script, in the source tree, with which a build can be
// done again by hand.
const scriptName = "slapos.recipe.build.env.sh"

// writeScript writes the script: the variables that the part sets, and the
// commands to try.
func (b *build) writeScript(c commands) error {
	var s strings.Builder
	for _, k := range slices.Sorted(maps.Keys(b.env)) {
		if v, ok := b.tx.Part().Getenv(k); ok && v == b.env[k] {
			continue
		}
		switch k {
		case "TEMP", "TMP", "TMPDIR": // they may be gone by then
			s.WriteString("#")
		}
		s.WriteString("export " + k + "=" + shellscript.Quote(b.env[k]) + "\n")
	}
	s.WriteString("echo 'The environment is that of the build. Its commands are:'\n")
	for _, command := range []string{c.configure, c.make, c.install} {
		s.WriteString("echo " + shellscript.Quote("  "+command) + "\n")
	}
	return os.WriteFile(filepath.Join(b.dir, scriptName), []byte(s.String()), 0o666)
}
