package buildout_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/buildout"
	"github.com/stretchr/testify/require"
)

// The tests of this file run a profile of 20 parts in a child process, which is
// killed, interrupted or meets errors of the disk. After that one plain run must
// give what an undisturbed one gives. They take a sample; with
// BUILDOUT_CRASH=full they try every point, 500 random moments, 10,000 damaged
// records and 100 rounds of runs at once, and print what they counted.
func full() bool { return os.Getenv("BUILDOUT_CRASH") == "full" }

// sample is every step-th of the points up to n, and all in a full run.
func sample(n, step int) []int {
	if full() {
		step = 1
	}
	var points []int
	for i := 1; i <= n; i += step {
		points = append(points, i)
	}
	return points
}

func pick(sampled, all int) int {
	if full() {
		return all
	}
	return sampled
}

// childVariable holds what a child process is to do: profile, injection, point and
// number of workers. The injection and its point are "kill 17", "ENOSPC 17", "full 17" or "count 0".
const childVariable = "BUILDOUT_CRASH_CHILD"

func TestMain(m *testing.M) {
	words := strings.Fields(os.Getenv(childVariable))
	if len(words) == 0 {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	o := buildout.Options{Logger: slog.New(slog.NewTextHandler(os.Stdout, nil)), Command: "crash test", NoWait: words[1] == "nowait"}
	var mu sync.Mutex
	count := 0
	point, err := strconv.Atoi(words[2])
	if err == nil {
		o.Workers, err = strconv.Atoi(words[3])
	}
	if err != nil {
		panic(err)
	}
	o = buildout.WithFault(o, func(op, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		count++
		switch {
		case words[1] == "kill" && count == point:
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		case words[1] == "ENOSPC" && count == point, words[1] == "full" && count >= point && op != "remove" && op != "rename": // which need no space
			return syscall.ENOSPC
		case words[1] == "EACCES" && count == point:
			return syscall.EACCES
		}
		return nil
	})
	err = runProfile(ctx, words[0], o)
	if words[1] == "count" {
		fmt.Printf("\ncount %d\n", count)
	}
	if err != nil {
		fmt.Fprint(os.Stderr, buildout.Report(err))
		os.Exit(1)
	}
	os.Exit(0)
}

func runProfile(ctx context.Context, profile string, o buildout.Options) error {
	d := buildout.SlapOS()
	if strings.HasSuffix(profile, "zc.cfg") {
		d = buildout.ZC()
	}
	cfg, err := buildout.Load(ctx, profile, buildout.LoadOptions{Dialect: d})
	if err != nil {
		return err
	}
	b, err := buildout.New(ctx, cfg, crashRecipes(), o)
	if err != nil {
		return err
	}
	_, err = b.Install(ctx)
	return err
}

// crashRecipes are the recipes of the 20 parts.
func crashRecipes() *buildout.Registry {
	r := &buildout.Registry{}
	add := func(name string, update bool, install func(context.Context, *buildout.Tx, func(string) string) error) {
		r.Register(name, buildout.Entry{Version: "1", New: func(_ context.Context, part *buildout.Part) (buildout.Recipe, error) {
			get := func(option string) string { v, _, _ := part.Lookup(option); return v }
			if _, err := part.Get("path"); err != nil {
				return nil, err
			}
			if get("content") == "impossible" {
				return nil, errors.New("impossible")
			}
			act := func(ctx context.Context, tx *buildout.Tx) error { return install(ctx, tx, get) }
			if update {
				return acts{act, act}, nil
			}
			return acts{act, func(context.Context, *buildout.Tx) error { return nil }}, nil
		}})
	}
	// As plain as a recipe can be: a second os.Mkdir fails.
	add("plain", false, func(_ context.Context, tx *buildout.Tx, get func(string) string) error {
		location := tx.Path(get("path"))
		tx.Created(location)
		if err := os.Mkdir(location, 0o755); err != nil {
			return err
		}
		for i := range 3 {
			dir := filepath.Join(location, fmt.Sprint("d", i))
			if err := os.Mkdir(dir, 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, "f"), []byte(get("content")), 0o644); err != nil {
				return err
			}
		}
		return os.Chmod(filepath.Join(location, "d1"), 0o555)
	})
	// A file and a link to it in a folder that is no part's, as configuration is.
	add("file", false, func(_ context.Context, tx *buildout.Tx, get func(string) string) error {
		path := get("path")
		if err := tx.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := tx.WriteFile(path, []byte(get("content")), 0o640); err != nil {
			return err
		}
		return tx.Symlink(filepath.Base(path), path+".link")
	})
	// The file is made anew in an update too, with an option that may change
	// without the part: it is [buildout]'s.
	add("live", true, func(_ context.Context, tx *buildout.Tx, get func(string) string) error {
		path := get("path")
		if err := tx.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		live, err := tx.Part().Buildout("live")
		if err != nil {
			return err
		}
		return tx.WriteFile(path, []byte(live), 0o644)
	})
	// A build: a tree that is removed and made again, by a command.
	add("build", false, func(ctx context.Context, tx *buildout.Tx, get func(string) string) error {
		location := tx.Path(get("path"))
		if err := tx.RemoveAll(location); err != nil {
			return err
		}
		tx.Created(location)
		return tx.Command(ctx, buildout.Command{Shell: "mkdir $L $L/bin && echo $C > $L/bin/x && chmod 755 $L/bin/x && mkdir $L/tmp && rm -r $L/tmp",
			Env: []string{"L=" + location, "C=" + get("content"), "PATH=/usr/bin:/bin"}})
	})
	return r
}

type acts struct {
	install, update func(context.Context, *buildout.Tx) error
}

func (a acts) Install(ctx context.Context, tx *buildout.Tx) error { return a.install(ctx, tx) }
func (a acts) Update(ctx context.Context, tx *buildout.Tx) error  { return a.update(ctx, tx) }

// crashProfile is a profile of 20 parts: kinds in turn, among them parts that lie
// in the folder of another. skip leaves out every third part; swap exchanges the
// places of two.
func crashProfile(content string, skip, swap bool) string {
	var parts []string
	var sections strings.Builder
	for i := range 20 {
		if skip && i%3 == 1 {
			continue
		}
		name := fmt.Sprintf("p%02d", i)
		kind, path := []string{"plain", "file", "build", "live"}[i%4], "parts/"+name
		switch {
		case kind == "file" && i%8 == 1:
			path = fmt.Sprintf("parts/p%02d/etc/%s", i-1, name) // in the plain part before it
		case kind == "file":
			path = "etc/conf.d/" + name
		case kind == "live":
			path = "var/" + name
		}
		if swap && i == 4 {
			path = "parts/p12"
		} else if swap && i == 12 {
			path = "parts/p04"
		}
		parts = append(parts, name)
		fmt.Fprintf(&sections, "[%s]\nrecipe = %s\npath = %s\ncontent = %s\n", name, kind, path, content)
	}
	return "[buildout]\nlive = " + content + "\nparts = " + strings.Join(parts, " ") + "\n" + sections.String()
}

// scene is a buildout that is brought from one profile to another.
type scene struct {
	t       *testing.T
	dir     string
	start   string            // a copy of what is there before
	target  string            // the profile
	want    map[string]string // what is there after
	old     map[string]string // what is there before
	points  int
	workers int // of the runs that are disturbed
}

// inMemory is a temporary folder on a file system in memory, where there is one:
// these tests wait for thousands of writes to be safe, and it is their order that
// counts.
func inMemory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "buildout")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

// newScene carries out a profile, if there is one, and finds out what the next
// one gives, undisturbed.
func newScene(t *testing.T, before, after, file string, workers int) *scene {
	t.Helper()
	dir, err := filepath.EvalSymlinks(inMemory(t))
	require.NoError(t, err)
	s := &scene{t: t, dir: filepath.Join(dir, "B"), start: filepath.Join(dir, "start"), target: filepath.Join(dir, "B", file), workers: workers}
	for name, text := range map[string]string{"user.txt": "mine", "parts/user/file": "mine", "etc/conf.d/user": "mine", "var/user": "mine", "sub/.buildout/x": "mine"} {
		path := filepath.Join(s.dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	if before != "" {
		s.write(before)
		require.NoError(t, s.run())
	}
	s.old = s.tree()
	s.write(after)
	s.copy(s.dir, s.start)
	out, err := s.child("count", 0).CombinedOutput()
	require.NoError(t, err, string(out))
	_, count, _ := strings.Cut(string(out), "\ncount ")
	s.points, err = strconv.Atoi(strings.TrimSpace(count))
	require.NoError(t, err)
	s.want = s.tree()
	return s
}

func (s *scene) write(profile string) {
	s.t.Helper()
	require.NoError(s.t, os.WriteFile(s.target, []byte(profile), 0o644))
}

// reset brings back what was there before.
func (s *scene) reset() {
	s.t.Helper()
	out, err := exec.Command("rm", "-rf", s.dir).CombinedOutput()
	require.NoError(s.t, err, string(out))
	s.copy(s.start, s.dir)
}

func (s *scene) copy(from, to string) {
	s.t.Helper()
	out, err := exec.Command("cp", "-a", from, to).CombinedOutput()
	require.NoError(s.t, err, string(out))
}

// run carries out the profile in this process.
func (s *scene) run() error { return runProfile(context.Background(), s.target, buildout.Options{}) }

func (s *scene) child(how string, point int) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %d %d", childVariable, s.target, how, point, s.workers))
	return cmd
}

// tree is every file with its content and permissions. The record of a run in
// dialect zc depends on how many it took; the parts in it do not. Those that a
// run with several workers has recorded before it was disturbed may be any.
func (s *scene) tree() map[string]string {
	s.t.Helper()
	all := map[string]string{}
	require.NoError(s.t, filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, s.dir)
		text := info.Mode().String()
		switch {
		case info.Mode().IsRegular():
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text += " " + string(b)
			if strings.HasPrefix(name, "/.installed.cfg") && (strings.HasSuffix(s.target, "zc.cfg") || s.workers > 1) {
				parts, err := buildout.ReadInstalled(path)
				if err != nil {
					return err
				}
				text = ""
				if s.workers > 1 {
					slices.SortFunc(parts, func(a, b *buildout.Installed) int { return strings.Compare(a.Name, b.Name) })
				}
				for _, in := range parts {
					text += fmt.Sprintln(in.Name, in.Options, in.Paths, in.Signature)
				}
			}
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			text += " " + target
		}
		all[name] = text
		return nil
	}))
	return all
}

var partName = regexp.MustCompile(`p\d\d`)

// oldOrNew checks that every part is whole, what it was or what it is to be.
func (s *scene) oldOrNew(what string) {
	s.t.Helper()
	now := s.tree()
	isOld, isNew := map[string]bool{}, map[string]bool{}
	for _, tree := range []map[string]string{now, s.old, s.want} {
		for path := range tree {
			names := partName.FindAllString(path, -1)
			if len(names) == 0 || strings.HasSuffix(path, "/etc") {
				continue
			}
			name := names[len(names)-1]
			if _, seen := isOld[name]; !seen {
				isOld[name], isNew[name] = true, true
			}
			isOld[name] = isOld[name] && now[path] == s.old[path]
			isNew[name] = isNew[name] && now[path] == s.want[path]
		}
	}
	profile, err := os.ReadFile(s.target)
	require.NoError(s.t, err)
	for name := range isOld {
		leaves := !strings.Contains(string(profile), "["+name+"]") // and may be on its way
		require.True(s.t, leaves || isOld[name] || isNew[name], "%s: %s is neither old nor new: %v", what, name, now)
	}
}

// recover only puts things in order: the plan of this profile fails.
func (s *scene) recover(what string) {
	s.t.Helper()
	profile, err := os.ReadFile(s.target)
	require.NoError(s.t, err)
	s.write("[buildout]\nparts = x\nlive =\n[x]\nrecipe = plain\npath = x\ncontent = impossible\n")
	err = s.run()
	require.ErrorContains(s.t, err, "impossible", what)
	s.write(string(profile))
}

// converges runs the profile once and compares with an undisturbed run.
func (s *scene) converges(what string) {
	s.t.Helper()
	require.NoError(s.t, s.run(), what)
	require.Equal(s.t, s.want, s.tree(), what)
}

// scenes are what the tests disturb.
func scenes(t *testing.T, sampled int, f func(t *testing.T, s *scene)) {
	one, two, three := crashProfile("one", false, false), crashProfile("two", false, false), crashProfile("two", true, false)
	for i, c := range []struct {
		name, before, after, file string
		workers                   int
	}{
		{"changed", one, two, "buildout.cfg", 1},
		{"fresh", "", one, "buildout.cfg", 1},
		{"removed", two, three, "buildout.cfg", 1},
		{"swapped", one, crashProfile("one", false, true), "buildout.cfg", 1},
		{"fresh in zc", "", one, "zc.cfg", 1},
		{"changed in zc", one, three, "zc.cfg", 1},
		{"changed by four workers", one, two, "buildout.cfg", 4},
		{"fresh by four workers", "", one, "buildout.cfg", 4},
		{"changed by four workers in zc", one, three, "zc.cfg", 4},
	} {
		if i >= sampled && !full() {
			break
		}
		t.Run(c.name, func(t *testing.T) {
			f(t, newScene(t, c.before, c.after, c.file, c.workers))
		})
	}
}

// TestKilledAtEveryPoint kills the run before each change to the disk that the
// engine makes, and then the run that puts that in order.
func TestKilledAtEveryPoint(t *testing.T) {
	scenes(t, 9, func(t *testing.T, s *scene) {
		killed, again := 0, 0
		for i, point := range sample(s.points, 89) {
			what := fmt.Sprint("killed at ", point)
			s.reset()
			require.Equal(t, -1, exitCode(s.child("kill", point)), what)
			killed++
			if i%3 == 0 {
				for n := 1 + rand.IntN(12); n > 0; n /= 3 {
					what += fmt.Sprint(", then at ", n)
					if exitCode(s.child("kill", n)) == -1 {
						again++
					}
				}
			}
			s.recover(what)
			if !strings.HasPrefix(t.Name(), "TestKilledAtEveryPoint/swapped") {
				s.oldOrNew(what)
			}
			s.converges(what)
		}
		fmt.Printf("%s: %d points, %d killed, %d runs after it killed too, all converged\n", t.Name(), s.points, killed, again)
	})
}

// TestKilledAtRandom kills the run at a random moment.
func TestKilledAtRandom(t *testing.T) {
	scenes(t, 2, func(t *testing.T, s *scene) {
		s.reset()
		begin := time.Now()
		require.Zero(t, exitCode(s.child("count", 0)))
		takes := time.Since(begin)
		killed := 0
		for range pick(3, 120) {
			s.reset()
			cmd := s.child("run", 0)
			require.NoError(t, cmd.Start())
			after := rand.N(takes)
			timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
			if err := cmd.Wait(); err != nil {
				killed++
			}
			timer.Stop()
			// Commands that it ran may be at work yet: they are in groups of their own.
			s.converges(fmt.Sprint("killed after ", after))
		}
		fmt.Printf("%s: %d killed, all converged\n", t.Name(), killed)
	})
}

// TestDiskErrors lets each change to the disk fail: once, or from there on.
func TestDiskErrors(t *testing.T) {
	scenes(t, 2, func(t *testing.T, s *scene) {
		counts := map[string]int{}
		for _, how := range []string{"ENOSPC", "EACCES", "full"} {
			for _, point := range sample(s.points, 139) {
				what := fmt.Sprint(how, " at ", point)
				s.reset()
				code := exitCode(s.child(how, point))
				require.GreaterOrEqual(t, code, 0, what)
				counts[fmt.Sprint(how, " exit ", code)]++
				if how != "full" && !strings.HasPrefix(t.Name(), "TestDiskErrors/swapped") {
					s.recover(what)
					s.oldOrNew(what)
				}
				s.converges(what)
			}
		}
		fmt.Printf("%s: %v, all converged\n", t.Name(), counts)
	})
}

// TestSignals interrupts the run: it ends by itself, and nothing is half done.
func TestSignals(t *testing.T) {
	scenes(t, 1, func(t *testing.T, s *scene) {
		s.reset()
		begin := time.Now()
		require.Zero(t, exitCode(s.child("count", 0)))
		takes := time.Since(begin)
		interrupted := 0
		for i := range pick(4, 40) {
			s.reset()
			cmd := s.child("run", 0)
			require.NoError(t, cmd.Start())
			sig := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[i%2]
			timer := time.AfterFunc(rand.N(takes), func() { _ = cmd.Process.Signal(sig) })
			_ = cmd.Wait()
			timer.Stop()
			switch cmd.ProcessState.ExitCode() {
			case 1:
				interrupted++
				for _, name := range []string{".buildout.lock", ".installed.cfg.journal", ".buildout"} {
					require.NoFileExists(t, filepath.Join(s.dir, name))
					require.NoDirExists(t, filepath.Join(s.dir, name))
				}
				if !strings.HasPrefix(t.Name(), "TestSignals/swapped") {
					s.oldOrNew(sig.String())
				}
			case -1: // before it could listen
			}
			s.converges(sig.String())
		}
		fmt.Printf("%s: %d interrupted, all converged\n", t.Name(), interrupted)
	})
}

func exitCode(cmd *exec.Cmd) int {
	_ = cmd.Run()
	return cmd.ProcessState.ExitCode()
}

// TestDamagedRecord damages .installed.cfg: cut at every byte, and at random.
func TestDamagedRecord(t *testing.T) {
	s := newScene(t, crashProfile("one", false, false), crashProfile("two", true, false), "buildout.cfg", 1)
	damaged(t, s, ".installed.cfg", pick(61, 1), pick(40, 10000))
}

// TestDamagedJournal damages the journal of a run that was killed.
func TestDamagedJournal(t *testing.T) {
	s := newScene(t, crashProfile("one", false, false), crashProfile("two", false, false), "buildout.cfg", 1)
	s.reset()
	require.Equal(t, -1, exitCode(s.child("kill", s.points/2)))
	require.NoError(t, os.Remove(filepath.Join(s.dir, ".buildout.lock")))
	require.NoError(t, os.RemoveAll(s.start))
	s.copy(s.dir, s.start)
	damaged(t, s, ".installed.cfg.journal", pick(397, 9), pick(10, 1000))
}

func damaged(t *testing.T, s *scene, name string, step, random int) {
	s.reset()
	before := s.tree()
	path := filepath.Join(s.dir, name)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	counts := map[string]int{}
	try := func(damage []byte) {
		if bytes.Equal(damage, content) {
			return
		}
		require.NoError(t, os.WriteFile(path, damage, 0o644))
		err := s.run()
		var e *buildout.Error
		switch {
		case err == nil:
			counts["carried on"]++
		case errors.As(err, &e) && e.Code == buildout.CodeState && strings.Contains(buildout.Report(err), "damaged"):
			counts["refused"]++
			left, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(damage), string(left), "a damaged file is kept")
			now := s.tree()
			now["/"+name] = before["/"+name]
			require.Equal(t, before, now)
			return
		default:
			require.ErrorAs(t, err, &e, "%s", buildout.Report(err)) // and no panic
			counts["other error"]++
		}
		after := s.tree()
		for name, text := range before {
			if strings.Contains(name, "user") || strings.HasPrefix(name, "/sub") {
				require.Equal(t, text, after[name], "%s after %q", name, damage)
			}
		}
		s.reset()
	}
	for n := 0; n < len(content); n += step {
		try(content[:n])
	}
	for range random {
		damage := bytes.Clone(content)
		for range 1 + rand.IntN(3) {
			i := rand.IntN(len(damage))
			switch rand.IntN(5) {
			case 0:
				damage[i] = byte(rand.IntN(256))
			case 1:
				damage[i] = "/.\n\t =[]ab"[rand.IntN(10)]
			case 2:
				damage = append(damage[:i], damage[i+rand.IntN(min(40, len(damage)-i)):]...)
			case 3:
				damage = append(damage[:i:i], append([]byte(string(content[rand.IntN(len(content)):])), damage[i:]...)...)
			case 4:
				j := rand.IntN(len(damage))
				damage[i], damage[j] = damage[j], damage[i]
			}
		}
		try(damage)
	}
	fmt.Printf("%s: %v\n", t.Name(), counts)
}

// TestRunsAtOnce starts two to eight runs in one directory.
func TestRunsAtOnce(t *testing.T) {
	s := newScene(t, "", crashProfile("one", false, false), "buildout.cfg", 1)
	counts := map[string]int{}
	for round := range pick(3, 100) {
		s.reset()
		n := 2 + round%7
		how := []string{"wait", "nowait"}[round%2]
		outputs := make([]bytes.Buffer, n)
		cmds := make([]*exec.Cmd, n)
		for i := range cmds {
			cmds[i] = s.child(how, 0)
			cmds[i].Stdout, cmds[i].Stderr = &outputs[i], &outputs[i]
			require.NoError(t, cmds[i].Start())
		}
		for i, cmd := range cmds {
			_ = cmd.Wait()
			out := outputs[i].String()
			switch cmd.ProcessState.ExitCode() {
			case 0:
				if strings.Contains(out, "Waiting for another run") {
					counts["waited"]++
				} else {
					counts["worked at once"]++
				}
			default:
				require.Equal(t, "nowait", how, out)
				require.Contains(t, out, "Another run is at work in this directory: ")
				counts["refused"]++
				if strings.Contains(out, "(crash test)") {
					counts["refused with the name of the holder"]++
				}
			}
		}
		require.Equal(t, s.want, s.tree())
	}
	fmt.Printf("%s: %v\n", t.Name(), counts)
}

// TestModesAgree goes through the same changes with either mode: without failures
// they differ in nothing but the order of the log lines of different parts.
func TestModesAgree(t *testing.T) {
	for _, file := range []string{"buildout.cfg", "zc.cfg"} {
		logs, trees := [2]map[string][]string{}, [2]map[string]string{}
		for i, mode := range []buildout.OnFailure{buildout.KeepOld, buildout.AsUpstream} {
			s := &scene{t: t, dir: filepath.Join(inMemory(t), "B")}
			s.target = filepath.Join(s.dir, file)
			require.NoError(t, os.Mkdir(s.dir, 0o755))
			logs[i] = map[string][]string{}
			for _, profile := range []string{crashProfile("one", false, false), crashProfile("two", false, false), crashProfile("two", false, false),
				crashProfile("two", false, true), crashProfile("three", false, false), crashProfile("three", true, false), crashProfile("four", true, false)} {
				s.write(profile)
				o := buildout.Options{OnFailure: mode, Logger: slog.New(calling{slog.NewTextHandler(&bytes.Buffer{}, nil), func(m string) {
					name := partName.FindString(m)
					logs[i][name] = append(logs[i][name], strings.ReplaceAll(m, s.dir, "B"))
				}})}
				require.NoError(t, runProfile(context.Background(), s.target, o))
			}
			trees[i] = s.tree()
			for _, name := range []string{"/.installed.cfg", "/.installed.cfg.bak"} {
				b, err := os.ReadFile(s.dir + name)
				require.NoError(t, err)
				trees[i][name] = strings.ReplaceAll(string(b), s.dir, "B")
			}
		}
		require.Equal(t, logs[0], logs[1])
		require.Equal(t, trees[0], trees[1])
	}
}
