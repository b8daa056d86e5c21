package download_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/go-buildout/go-buildout/fetch"
	"github.com/go-buildout/go-buildout/recipes/download"
	"github.com/stretchr/testify/require"
)

// pkg is a package as most are: one folder at the root.
var pkg = []member{
	{"pkg-1/", ""},
	{"pkg-1/README", "read me\n"},
	{"pkg-1/configure", "#!/bin/sh\n"},
	{"pkg-1/src/", ""},
	{"pkg-1/src/f", "f\n"},
}

// app is a package without such a folder.
var app = []member{{"bin/app", "#!/bin/sh\n"}, {"README", "app\n"}}

// member is a file of an archive, or a folder if its name ends with a slash.
// Files that begin with #! may be executed.
type member struct{ name, body string }

func (m member) mode() int64 {
	if strings.HasSuffix(m.name, "/") || strings.HasPrefix(m.body, "#!") {
		return 0o755
	}
	return 0o644
}

func tarGz(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Mode: m.mode(), Size: int64(len(m.body)), Typeflag: tar.TypeReg}
		if strings.HasSuffix(m.name, "/") {
			h.Typeflag = tar.TypeDir
		}
		require.NoError(t, w.WriteHeader(h))
		_, err := w.Write([]byte(m.body))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, z.Close())
	return b.Bytes()
}

func sum(content []byte) string {
	s := md5.Sum(content)
	return hex.EncodeToString(s[:])
}

// start makes a buildout with the package as pkg-1.tar.gz and a part app.
func start(t *testing.T, options ...string) *recipetest.Buildout {
	t.Helper()
	r := &buildout.Registry{}
	download.Register(r)
	b := recipetest.New(t, r, &fetch.Client{Retries: -1})
	b.Write("pkg-1.tar.gz", string(tarGz(t, pkg...)))
	b.Write("app.tar.gz", string(tarGz(t, app...)))
	profile(b, options...)
	return b
}

func profile(b *recipetest.Buildout, options ...string) {
	b.Write("buildout.cfg", "[buildout]\nparts = app\n\n[app]\nrecipe = hexagonit.recipe.download\n"+strings.Join(options, "\n")+"\n")
}

func abs(b *recipetest.Buildout, log []string) []string {
	for i, line := range log {
		log[i] = strings.ReplaceAll(line, b.Dir, "D")
	}
	return log
}

func TestUnpack(t *testing.T) {
	b := start(t, "url = pkg-1.tar.gz")
	log := abs(b, b.Run())
	require.Equal(t, []string{"Installing app.", "app: Extracting package to D/parts/app"}, log[len(log)-2:])
	require.Equal(t, "f\n", b.Read("parts/app/pkg-1/src/f"))
	require.EqualValues(t, 0o755, b.Mode("parts/app/pkg-1/configure"))
	require.EqualValues(t, 0o644, b.Mode("parts/app/pkg-1/README"))
	require.Equal(t, []string{"parts/app", "parts/app/pkg-1"}, b.Installed("app"))
	for option, value := range map[string]string{
		"destination": b.Path("parts/app"), "location": b.Path("parts/app"), "strip-top-level-dir": "false",
		"ignore-existing": "false", "download-only": "false", "hash-name": "true", "on-update": "false", "filename": "",
	} {
		require.Equal(t, value, b.Option("app", option), option)
	}

	before := b.Snapshot()
	require.Equal(t, []string{"Updating app."}, b.Run())
	require.Equal(t, before, b.Snapshot())
}

func TestStripTopLevelDirectory(t *testing.T) {
	b := start(t, "url = pkg-1.tar.gz", "strip-top-level-dir = Yes", "destination = ${buildout:directory}/d")
	b.Run()
	require.Equal(t, []string{"d", "d/README", "d/configure", "d/src"}, b.Installed("app"))
	require.Equal(t, "f\n", b.Read("d/src/f"))
	entries, err := os.ReadDir(b.Path("d"))
	require.NoError(t, err)
	require.Len(t, entries, 3, "nothing but the content of the package")
}

func TestStripNeedsOneFolder(t *testing.T) {
	for name, c := range map[string]struct {
		members []member
		found   string
	}{
		"many":    {[]member{{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}, {"e", ""}}, "a, b, c, 2 more"},
		"a file":  {[]member{{"a", ""}}, "a"},
		"nothing": {nil, "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t, "url = x.tar.gz", "strip-top-level-dir = true")
			b.Write("x.tar.gz", string(tarGz(t, c.members...)))
			log, err := b.TryRun()
			require.Contains(t, log, "app: Unable to strip top level directory because there are more than one element in the root of the package.")
			require.Equal(t, `While:
  Installing app.
Error: Invalid package contents
  `+b.Path("buildout.cfg")+`:7 (app:strip-top-level-dir)
    strip-top-level-dir = true
                          ^~~~
  found at the root of the package: `+c.found+`
  expected exactly one folder
`, buildout.Report(err))
			require.False(t, b.Exists("parts/app"))
		})
	}
}

// The tutorial writes location where the original has destination.
func TestLocationIsDestination(t *testing.T) {
	b := start(t, "url = app.tar.gz", "location = ${buildout:parts-directory}/mysoftware")
	b.Run()
	require.EqualValues(t, 0o755, b.Mode("parts/mysoftware/bin/app"))
	require.Equal(t, b.Path("parts/mysoftware"), b.Option("app", "location"))
	require.Equal(t, b.Path("parts/mysoftware"), b.Option("app", "destination"))
	require.False(t, b.Exists("parts/app"))

	profile(b, "url = app.tar.gz", "location = ${buildout:parts-directory}/other", "destination = wins")
	b.Run()
	require.Equal(t, "wins", b.Option("app", "location"))
	require.Equal(t, []string{"wins", "wins/README", "wins/bin"}, b.Installed("app"))
	require.True(t, b.Exists("wins/bin/app"))
	require.False(t, b.Exists("parts/mysoftware"))
	require.False(t, b.Exists("parts/other"))
}

func TestOptionChangeReinstalls(t *testing.T) {
	b := start(t, "url = pkg-1.tar.gz")
	b.Run()
	profile(b, "url = app.tar.gz")
	require.Equal(t, []string{"Uninstalling app.", "Installing app.", "app: Extracting package to D/parts/app"}, abs(b, b.Run()))
	require.Equal(t, []string{"parts/app", "parts/app/README", "parts/app/bin"}, b.Installed("app"))
	require.False(t, b.Exists("parts/app/pkg-1"))
	profile(b)
	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists("parts/app"))
}

func TestExcludes(t *testing.T) {
	b := start(t, "url = pkg-1.tar.gz", "excludes =", "  pkg-*/src*", "  *READ?E")
	log := b.Run()
	require.Contains(t, log, "app: Excluding 3 file(s) matching the exclusion pattern.")
	require.False(t, b.Exists("parts/app/pkg-1/src"))
	require.False(t, b.Exists("parts/app/pkg-1/README"))
	require.True(t, b.Exists("parts/app/pkg-1/configure"))
}

func TestExistingTargets(t *testing.T) {
	b := start(t, "url = app.tar.gz", "destination = d")
	b.Write("d/bin/mine", "mine")
	before := b.Snapshot()
	log, err := b.TryRun()
	require.Contains(t, log, "app: Target d/bin already exists. Either remove it or set ``ignore-existing = true`` in your buildout.cfg to ignore existing files and directories.")
	require.Equal(t, `While:
  Installing app.
Error: File or directory already exists.
  `+b.Path("buildout.cfg")+`:7 (app:destination)
    destination = d
                  ^
  found d/bin
  remove it, or set ignore-existing = true to keep it
`, buildout.Report(err))
	after := b.Snapshot()
	require.Equal(t, before["d/bin/mine"], after["d/bin/mine"])
	require.NotContains(t, after, "d/README", "nothing is moved before all is known to fit")

	profile(b, "url = app.tar.gz", "destination = d", "ignore-existing = 1")
	require.Contains(t, b.Run(), "app: Ignoring existing target: d/bin")
	require.Equal(t, []string{"d/README"}, b.Installed("app"), "neither the folder nor what was in it is the part's")
	require.Equal(t, "mine", b.Read("d/bin/mine"))
	require.False(t, b.Exists("d/bin/app"))

	b.Write("buildout.cfg", "[buildout]\nparts =\n")
	b.Run()
	require.False(t, b.Exists("d/README"))
	require.Equal(t, "mine", b.Read("d/bin/mine"))
}

func TestOnUpdate(t *testing.T) {
	b := start(t, "url = app.tar.gz", "on-update = true", "ignore-existing = true")
	b.Run()
	require.NoError(t, os.RemoveAll(b.Path("parts/app/README")))
	require.NoError(t, os.WriteFile(b.Path("parts/app/bin/app"), []byte("changed"), 0o755))
	// A path that is missing means a new installation, so it is put back by hand.
	b.Write("parts/app/README", "old")
	log := abs(b, b.Run())
	require.Equal(t, []string{"Updating app.", "app: Extracting package to D/parts/app",
		"app: Ignoring existing target: D/parts/app/README", "app: Ignoring existing target: D/parts/app/bin"}, log)
	require.Equal(t, "old", b.Read("parts/app/README"))
	require.Equal(t, "changed", b.Read("parts/app/bin/app"))

	b.Write("app.tar.gz", string(tarGz(t, append(app[:2:2], member{"new", "new\n"})...)))
	b.Run()
	require.Equal(t, "new\n", b.Read("parts/app/new"))
	require.Equal(t, []string{"parts/app", "parts/app/README", "parts/app/bin", "parts/app/new"}, b.Installed("app"))
}

func TestDownloadOnly(t *testing.T) {
	b := start(t, "url = pkg-1.tar.gz", "download-only = true")
	require.NoError(t, os.Chmod(b.Path("pkg-1.tar.gz"), 0o640))
	b.Run()
	require.Equal(t, b.Read("pkg-1.tar.gz"), b.Read("parts/app/pkg-1.tar.gz"))
	require.EqualValues(t, 0o640, b.Mode("parts/app/pkg-1.tar.gz"), "that of the source")
	require.Equal(t, []string{"parts/app"}, b.Installed("app"))
	before := b.Snapshot()
	b.Run()
	require.Equal(t, before, b.Snapshot())

	profile(b, "url = pkg-1.tar.gz", "download-only = true", "filename = other.bin", "mode = 0750", "destination = there")
	b.Write("there/other.bin", "overwritten")
	b.Run()
	require.Equal(t, b.Read("pkg-1.tar.gz"), b.Read("there/other.bin"))
	require.EqualValues(t, 0o750, b.Mode("there/other.bin"))
	require.Equal(t, []string{"there/other.bin"}, b.Installed("app"), "the folder was there before")
}

func TestModeAboveThePermissions(t *testing.T) {
	b := start(t, "url = pkg-1.tar.gz", "download-only = true", "mode = 2755")
	b.Run()
	info, err := os.Stat(b.Path("parts/app/pkg-1.tar.gz"))
	require.NoError(t, err)
	require.Equal(t, os.ModeSetgid|0o755, info.Mode())
}

// The tutorial downloads a script without saying download-only.
func TestFileThatIsNoArchive(t *testing.T) {
	b := start(t, "url = app.py", "location = ${buildout:parts-directory}/app", "mode = 600")
	b.Write("app.py", "print('hello')\n")
	log := abs(b, b.Run())
	require.Equal(t, "app: The download is not an archive and was copied to D/parts/app/app.py as it is; set download-only = true if that is meant.", log[len(log)-1])
	require.Equal(t, "print('hello')\n", b.Read("parts/app/app.py"))
	require.EqualValues(t, 0o600, b.Mode("parts/app/app.py"))
	require.Equal(t, []string{"parts/app"}, b.Installed("app"))
	before := b.Snapshot()
	require.Equal(t, []string{"Updating app."}, b.Run())
	require.Equal(t, before, b.Snapshot())
}

func TestNotTheExpectedArchive(t *testing.T) {
	for name, c := range map[string]struct {
		url, content, option, log, detail string
	}{
		"by its name": {"page.tar.gz", "<html>", "", "Unable to extract the package D/page.tar.gz. Unknown format.", "unknown archive format"},
		"zip":         {"page.ZIP", "<html>", "", "Unable to extract the package D/page.ZIP. Unknown format.", "unknown archive format"},
		"strip":       {"page", "<html>", "strip-top-level-dir = true", "Unable to extract the package D/page. Unknown format.", "unknown archive format"},
		"excludes":    {"page", "<html>", "excludes = *.o", "Unable to extract the package D/page. Unknown format.", "unknown archive format"},
		"damaged":     {"page", string(tarGz(t, pkg...)[:60]), "", "Unable to extract the package D/page.", "corrupt archive: breaks off"},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t, "url = "+c.url, c.option)
			b.Write(c.url, c.content)
			log, err := b.TryRun()
			require.Contains(t, abs(b, log), "app: "+c.log)
			report := buildout.Report(err)
			require.Contains(t, report, "\nError: Package extraction error\n  "+b.Path("buildout.cfg")+":6 (app:url)\n    url = "+c.url+"\n")
			require.Contains(t, report, c.detail)
			require.False(t, b.Exists("parts/app"), "nothing is left")
		})
	}
}

func TestChecksum(t *testing.T) {
	b := start(t)
	right := sum([]byte(b.Read("pkg-1.tar.gz")))
	profile(b, "url = pkg-1.tar.gz", "md5sum = "+right)
	b.Run()
	require.True(t, b.Exists("parts/app/pkg-1"))

	profile(b, "url = pkg-1.tar.gz", "md5sum = abc123def4567890")
	require.Equal(t, `While:
  Installing app.
Error: MD5 checksum mismatch for local resource at '`+b.Path("pkg-1.tar.gz")+`'.
  `+b.Path("buildout.cfg")+`:6 (app:url)
    url = pkg-1.tar.gz
          ^~~~~~~~~~~~
  expected abc123def4567890, found `+right+`
  "abc123def4567890" is not a 32-digit md5
`, b.Fail())
	require.True(t, b.Exists("parts/app/pkg-1"), "the old one stays")

	profile(b, "url = pkg-1.tar.gz", "md5sum =")
	require.Contains(t, b.Fail(), "Error: The checksum is empty.\n  "+b.Path("buildout.cfg")+":7 (app:md5sum)\n")
}

func TestMissingURL(t *testing.T) {
	b := start(t)
	require.Contains(t, b.Fail(), "\nError: Missing option: app:url\n")
	profile(b, "url = /", "download-only = true")
	require.Contains(t, b.Fail(), "Error: The URL doesn't say what the file is to be called.\n")
	require.False(t, b.Exists("parts/app"))
}

func TestHTTP(t *testing.T) {
	archive := tarGz(t, pkg...)
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if r.URL.Path != "/files/pkg-1.tar.gz" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(archive)
	}))
	defer server.Close()
	url := server.URL + "/files/pkg-1.tar.gz?ref=x/y#frag"

	b := start(t, "url = "+url, "md5sum = "+sum(archive))
	b.Run()
	require.Equal(t, "f\n", b.Read("parts/app/pkg-1/src/f"))
	b.Run()
	require.EqualValues(t, 1, requests.Load(), "the second run asks for nothing")

	profile(b, "url = "+url, "download-only = true")
	b.Run()
	require.Equal(t, string(archive), b.Read("parts/app/pkg-1.tar.gz"))

	for name, hashName := range map[string]string{"pkg-1.tar.gz": "false", sum([]byte(url)): "on"} {
		b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "download-cache", Value: "cache"}}
		profile(b, "url = "+url, "hash-name = "+hashName)
		b.Run()
		require.True(t, b.Exists("cache/"+name), hashName)
	}

	b.Overrides = nil
	profile(b, "url = "+url, "md5sum = 00000000000000000000000000000000")
	require.Contains(t, b.Fail(), "Error: MD5 checksum mismatch downloading '"+url+"'\n")
	profile(b, "url = "+server.URL+"/missing.tar.gz")
	require.Contains(t, b.Fail(), "Error: Error downloading extends for URL "+server.URL+"/missing.tar.gz: HTTP Error 404: Not Found\n")
	b.Overrides = []buildout.Assignment{{Section: "buildout", Option: "offline", Value: "true"}}
	require.Contains(t, b.Fail(), "Error: Couldn't download '"+server.URL+"/missing.tar.gz' in offline mode.\n")
}

func TestZipAndFolder(t *testing.T) {
	b := start(t, "url = x.zip")
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	f, err := w.Create("dir/file")
	require.NoError(t, err)
	_, err = f.Write([]byte("zipped"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	b.Write("x.zip", z.String())
	b.Run()
	require.Equal(t, "zipped", b.Read("parts/app/dir/file"))

	b.Write("folder/sub/file", "copied")
	profile(b, "url = file://"+b.Path("folder"))
	b.Run()
	require.Equal(t, "copied", b.Read("parts/app/sub/file"))
	require.Equal(t, "copied", b.Read("folder/sub/file"))
	require.Equal(t, []string{"parts/app", "parts/app/sub"}, b.Installed("app"))
}

func TestUnsafeMembers(t *testing.T) {
	b := start(t, "url = x.tar.gz")
	b.Write("x.tar.gz", string(tarGz(t, member{"../escaped", "no"}, member{"kept", "yes"})))
	require.Contains(t, b.Run(), `app: Skipping 1 member(s) of the archive that would be unsafe, first "../escaped": ".." in the path.`)
	require.Equal(t, []string{"parts/app", "parts/app/kept"}, b.Installed("app"))
	require.False(t, b.Exists("parts/escaped"))
}

func TestEarlierPartStaysWhenOneFails(t *testing.T) {
	b := start(t)
	b.Write("buildout.cfg", "[buildout]\nparts = one two\n\n[one]\nrecipe = hexagonit.recipe.download\nurl = app.tar.gz\n\n"+
		"[two]\nrecipe = hexagonit.recipe.download\nurl = gone.tar.gz\n")
	require.Contains(t, b.Fail(), b.Path("buildout.cfg")+":10 (two:url)\n")
	require.Equal(t, []string{"parts/one", "parts/one/README", "parts/one/bin"}, b.Installed("one"))
	require.Nil(t, b.Installed("two"))
	before := b.Snapshot()
	b.Fail()
	after := b.Snapshot()
	require.Equal(t, before, after)
}

func TestDestinationIsAFile(t *testing.T) {
	b := start(t, "url = app.tar.gz", "destination = taken")
	b.Write("taken", "")
	report := b.Fail()
	require.Contains(t, report, "there is a file of that name")
	require.Contains(t, report, "(app:destination)")
}

func TestOptionsOfWrongKind(t *testing.T) {
	b := start(t, "url = app.tar.gz", "mode = rwx")
	require.Contains(t, b.Fail(), "Error: Invalid value for 'mode' option: 'rwx'\n  "+b.Path("buildout.cfg")+":7 (app:mode)\n")
}
