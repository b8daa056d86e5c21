package cmmi_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/hex"
	"os/exec"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/go-buildout/go-buildout/fetch"
	"github.com/go-buildout/go-buildout/recipes/cmmi"
	"github.com/stretchr/testify/require"
)

// configure is what autoconf would make: it takes --prefix and writes a
// Makefile. It tells what it was called with, and so does make.
const configure = `#!/bin/sh
prefix=/nowhere
for a in "$@"; do
  case $a in
  --prefix=*) prefix=${a#--prefix=};;
  --fail) echo "checking for luck... no"; echo "configure: error: no luck" >&2; exit 3;;
  esac
done
printf 'configure [%s]\n' "$@"
cat > Makefile <<EOF
prefix = $prefix
all:
	@printf 'make GREETING=%s V=%s\n' "\$\$GREETING" "\$(V)"
	@cp tool.in tool
install:
	@printf 'make install V=%s\n' "\$(V)"
	@mkdir -p \$(prefix)/bin
	@cp tool \$(prefix)/bin/tool
	@chmod 755 \$(prefix)/bin/tool
docs:
	@mkdir -p \$(prefix)
	@echo docs > \$(prefix)/docs
EOF
`

const tool = "#!/bin/sh\necho tool\n"

// files is a package: names and contents. A content that begins with #! may be
// executed.
type files map[string]string

func pkg() files {
	return files{"pkg-1/configure": configure, "pkg-1/tool.in": tool}
}

// tarGz packs it, sorted by name.
func (f files) tarGz(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, body := range f {
		mode := int64(0o644)
		if strings.HasPrefix(body, "#!") {
			mode = 0o755
		}
		require.NoError(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(body))}))
		_, err := w.Write([]byte(body))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, z.Close())
	return b.String()
}

func sum(content string) string {
	s := md5.Sum([]byte(content))
	return hex.EncodeToString(s[:])
}

// start makes a buildout with the package as pkg-1.tar.gz.
func start(t *testing.T) *recipetest.Buildout {
	t.Helper()
	for _, program := range []string{"make", "patch"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("this test needs the program %s", program)
		}
	}
	r := &buildout.Registry{}
	cmmi.Register(r)
	b := recipetest.New(t, r, &fetch.Client{Retries: -1})
	b.Write("pkg-1.tar.gz", pkg().tarGz(t))
	return b
}

// part writes a profile with one part of a recipe.
func part(b *recipetest.Buildout, recipe string, lines ...string) {
	b.Write("buildout.cfg", "[buildout]\nparts = p\n\n[p]\nrecipe = "+recipe+"\n"+strings.Join(lines, "\n")+"\n")
}

// said is what commands printed in the last run, and what was logged, with D for
// the buildout directory.
func said(b *recipetest.Buildout, log []string) []string {
	var lines []string
	for _, line := range append(log, strings.Split(strings.TrimSuffix(b.Output, "\n"), "\n")...) {
		if line != "" && !strings.HasPrefix(line, "Creating directory") {
			lines = append(lines, strings.ReplaceAll(line, b.Dir, "D"))
		}
	}
	return lines
}
