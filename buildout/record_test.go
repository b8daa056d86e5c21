package buildout_test

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/buildout/recipetest"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestDevelopEggs keeps what the originals have recorded of eggs that they
// develop, whatever becomes of the parts.
func TestDevelopEggs(t *testing.T) {
	const eggs = "/B/develop-eggs/a.egg-link\n\t/B/develop-eggs/b.egg-link"
	for name, d := range map[string]buildout.Dialect{"slapos": buildout.SlapOS(), "zc": buildout.ZC()} {
		t.Run(name, func(t *testing.T) {
			b := recipetest.New(t, registry(), nil)
			b.Dialect = d
			last := func() string {
				record := b.Read(".installed.cfg")
				return record[strings.LastIndex(record, "installed_develop_eggs = "):]
			}
			b.Write(".installed.cfg", "[buildout]\ninstalled_develop_eggs = "+eggs+"\nparts = \n")
			b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\n")
			for _, content := range []string{"", "content = 1\n", "content = 1\n", "content = 2\n"} {
				b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\n"+content)
				b.Run()
				require.True(t, strings.HasPrefix(last(), "installed_develop_eggs = "+eggs+"\n"), b.Read(".installed.cfg"))
			}
			b.Write("buildout.cfg", "[buildout]\nparts =\n")
			b.Run()
			require.True(t, strings.HasPrefix(last(), "installed_develop_eggs = "+eggs+"\n"), "the eggs are still there: %s", b.Read(".installed.cfg"))
			require.Nil(t, b.Installed("a"))
		})
	}
}

// TestCarriageReturn records one anywhere in a value so that it can be read again.
func TestCarriageReturn(t *testing.T) {
	for _, v := range []string{"\r", "a\rb", "a\r\nb", "\ra\r", "a\r\rb\n\rc", "a\r[x]"} {
		r := registry()
		r.Register("test:set", buildout.Entry{New: func(ctx context.Context, part *buildout.Part) (buildout.Recipe, error) {
			part.Set("value", v)
			return newFile(ctx, part)
		}})
		b := recipetest.New(t, r, nil)
		b.Write("buildout.cfg", "[buildout]\nparts = a\n[a]\nrecipe = test:set\npath = a\n")
		b.Run()
		require.Equal(t, v, b.Option("a", "value"))
		require.NotContains(t, b.Read(".installed.cfg"), "\r")
		require.Equal(t, []string{"Updating a."}, b.Run())
	}
}

// TestRecordIsNoFile refuses what would never end, or never begin, to be read.
func TestRecordIsNoFile(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	require.NoError(t, unix.Mkfifo(b.Path("fifo"), 0o600))
	require.NoError(t, os.Mkdir(b.Path("folder"), 0o700))
	for _, path := range []string{"/dev/full", "/dev/zero", b.Path("fifo"), b.Path("folder")} {
		b.Write("buildout.cfg", "[buildout]\nparts = a\ninstalled = "+path+"\n[a]\nrecipe = test:file\npath = a\n")
		report := b.Fail()
		require.Contains(t, report, "Error: The record of installed parts can't be read: read "+path+": expected a regular file, found ")
		require.False(t, b.Exists("a"))
	}
}

// TestRecordCantBeWritten says of which part it couldn't record the installation,
// or the removal.
func TestRecordCantBeWritten(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	run := func(profile string, fault func(op, path string) error) error {
		b.Write("buildout.cfg", profile)
		_, err := openWith(t, b, buildout.WithFault(buildout.Options{}, fault)).Install(t.Context())
		return err
	}
	full := func(op, path string) error {
		if op == "write" && strings.HasSuffix(path, ".installed.cfg.new") {
			return syscall.ENOSPC
		}
		return nil
	}
	const profile = "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\n"
	require.Regexp(t, "^While:\n  Installing a.\nError: Couldn't record what is installed: .*no space left", buildout.Report(run(profile, full)))
	require.False(t, b.Exists("a"))
	require.NoError(t, run(profile, nil))
	require.Regexp(t, "^While:\n  Installing.\n  Uninstalling a.\nError: Couldn't record what is installed: ", buildout.Report(run("[buildout]\nparts = b\n[b]\nrecipe = test:file\npath = b\n[a]\n", full)))
}

// TestStartOfRun is about what a run says and makes before the first part.
func TestStartOfRun(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	b.Write("buildout.cfg", "[buildout]\nparts =\nsocket-timeout = 5\neggs-directory = c/eggs\nextends-cache = b/extends\ndownload-cache = a/download\n")
	said := []string{"Setting socket time out to 5 seconds."}
	for _, dir := range []string{"a/download", "b/extends", "c/eggs", "bin", "parts", "develop-eggs"} {
		said = append(said, "Creating directory '"+b.Path(dir)+"'.")
	}
	require.Equal(t, said, b.Run())
	require.True(t, b.Exists("a/download/dist"))
	require.Equal(t, said[:1], b.Run())
}

// TestWhatChanged logs, for those who want to know everything, what made a part
// be installed again, as the originals do: before it is uninstalled, and never in
// a plan.
func TestWhatChanged(t *testing.T) {
	b := recipetest.New(t, registry(), nil)
	const profile = "[buildout]\nparts = a\n[a]\nrecipe = test:file\npath = a\n"
	b.Write("buildout.cfg", profile+"old = x\ncontent = '\n")
	b.Run()
	b.Write("buildout.cfg", profile+"new = x\ncontent = y\n")
	for level, want := range map[slog.Level][]string{
		slog.LevelDebug:     {"Uninstalling a.", "Installing a."},
		slog.LevelDebug - 4: {"Part a, option content changed:\n'y' != \"'\"", "Part a, dropped option old.", "Part a, new option new.", "Uninstalling a.", "Installing a."},
	} {
		log := &records{level: level}
		bo := openWith(t, b, buildout.Options{Logger: slog.New(log)})
		plan, err := bo.Plan(t.Context())
		require.NoError(t, err)
		require.Empty(t, log.texts)
		b.Write("keep.cfg", b.Read(".installed.cfg"))
		_, err = bo.Apply(t.Context(), plan)
		require.NoError(t, err)
		require.Equal(t, want, log.texts[:len(want)])
		b.Write(".installed.cfg", b.Read("keep.cfg"))
	}
}

// records keeps the messages that are logged.
type records struct {
	level slog.Level
	texts []string
}

func (r *records) Enabled(_ context.Context, level slog.Level) bool { return level >= r.level }
func (r *records) Handle(_ context.Context, record slog.Record) error {
	r.texts = append(r.texts, record.Message)
	return nil
}
func (r *records) WithAttrs([]slog.Attr) slog.Handler { return r }
func (r *records) WithGroup(string) slog.Handler      { return r }
