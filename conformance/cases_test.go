package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-buildout/go-buildout/internal/corpus"
	"github.com/stretchr/testify/require"
)

// recordedCase is a small buildout with what the originals made of it.
type recordedCase struct {
	ID, Title string
	Steps     []step
}

type step struct {
	Op      string
	File    string
	Text    string
	Args    []string
	Env     map[string]string
	Option  string
	Section string
	Files   []string
	Expect  map[string]outcome // by engine; "all" where they agree
}

type outcome struct {
	RC     int
	Stdout string
	Stderr string
	Value  *string
	Body   *string
	Error  *string
	Text   *string
	Files  map[string]bool
}

// engines are the recorded originals, with the dialect that stands for each.
var engines = map[string]string{"zc6": "zc", "slap": "slapos"}

// TestCases runs the recorded cases with the command, built with the recipes of
// package reftest. BUILDOUT_CASES names another file of cases.
func TestCases(t *testing.T) {
	file := os.Getenv("BUILDOUT_CASES")
	if file == "" {
		file = corpus.Path(t, "cases", "cases.jsonl")
	}
	command := buildCommand(t)
	deviates := deviations(t)
	passed, failed := 0, 0
	for _, c := range corpus.Read[recordedCase](t, file) {
		for _, engine := range []string{"zc6", "slap"} {
			if engine == "zc6" && strings.ContainsAny(c.ID[:1], "by") {
				continue // about what only the fork has, and recorded with it alone
			}
			r := &caseRun{command: command, engine: engine, dir: filepath.Join(t.TempDir(), "B")}
			problems := r.run(c)
			if deviates[c.ID+" "+engine] {
				if len(problems) > 0 {
					continue
				}
				problems = []string{"  it agrees, and should not be listed in deviations.md"}
			}
			if len(problems) > 0 {
				failed++
				t.Errorf("%s (%s): %s\n%s", c.ID, engine, c.Title, strings.Join(problems, "\n"))
			} else {
				passed++
			}
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
}

// deviations are the cases that differ on purpose, as "id engine".
func deviations(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("deviations.md")
	require.NoError(t, err)
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\w+) \| (zc6|slap) \|`).FindAllStringSubmatch(string(text), -1) {
		listed[m[1]+" "+m[2]] = true
	}
	return listed
}

// buildCommand builds examples/buildout with the reference recipes in place of
// its own.
func buildCommand(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	own, err := filepath.Abs("../examples/buildout/registry.go")
	require.NoError(t, err)
	ours, err := filepath.Abs("testdata/registry.go.txt")
	require.NoError(t, err)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{own: ours}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o666))
	bin := filepath.Join(dir, "buildout")
	out, err := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", bin, "../examples/buildout").CombinedOutput()
	require.NoError(t, err, string(out))
	return bin
}

type caseRun struct {
	command, engine, dir string
	problems             []string
}

func (r *caseRun) run(c recordedCase) []string {
	if err := os.MkdirAll(filepath.Join(r.dir, "home"), 0o777); err != nil {
		return []string{err.Error()}
	}
	for i, s := range c.Steps {
		want, ok := s.Expect["all"]
		if !ok {
			if want, ok = s.Expect[r.engine]; !ok && len(s.Expect) > 0 {
				return nil // only recorded for the other one
			}
		}
		before := len(r.problems)
		r.step(s, want)
		for j := before; j < len(r.problems); j++ {
			r.problems[j] = fmt.Sprintf("  step %d, %s: %s", i+1, s.Op, r.problems[j])
		}
	}
	return r.problems
}

func (r *caseRun) say(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *caseRun) step(s step, want outcome) {
	path := filepath.Join(r.dir, s.File)
	switch s.Op {
	case "write":
		_ = os.MkdirAll(filepath.Dir(path), 0o777)
		if err := os.WriteFile(path, []byte(r.here(s.Text)), 0o666); err != nil {
			r.say("%v", err)
		}
	case "remove":
		if err := os.RemoveAll(path); err != nil {
			r.say("%v", err)
		}
	case "run":
		stdout, stderr, rc := r.exec(s.Args, s.Env)
		r.sameStatus(rc, want.RC, stderr)
		if got, want := progress(stdout), progress(want.Stdout); !slices.Equal(got, want) {
			r.say("did %q, want %q\n%s", got, want, stderr)
		}
		if want.RC != -2 { // that is Ctrl-C, and a traceback
			r.sameError(stderr, firstOfError(want.Stderr))
		}
	case "query":
		stdout, stderr, rc := r.exec(append(slices.Clone(s.Args), "query", s.Option), s.Env)
		r.sameStatus(rc, want.RC, stderr)
		if want.Value != nil && strings.TrimSuffix(stdout, "\n") != *want.Value {
			r.say("value %q, want %q", strings.TrimSuffix(stdout, "\n"), *want.Value)
		}
		if want.Error != nil && want.RC != 0 {
			r.sameError(stderr, strings.TrimPrefix(*want.Error, "Error: "))
		}
	case "annotate":
		stdout, stderr, rc := r.exec(append(slices.Clone(s.Args), "annotate", s.Section), s.Env)
		r.sameStatus(rc, want.RC, stderr)
		if want.RC != 0 {
			if want.Error != nil {
				r.sameError(stderr, strings.TrimPrefix(*want.Error, "Error: "))
			}
			return
		}
		got := sectionBody(stdout, s.Section)
		switch {
		case want.Body == nil && got != nil:
			r.say("section %s is there:\n%s", s.Section, *got)
		case want.Body != nil && got == nil:
			r.say("section %s is not there", s.Section)
		case want.Body != nil && plainSources(*got) != plainSources(*want.Body):
			r.say("got\n%s\nwant\n%s", *got, *want.Body)
		}
	case "cat":
		b, err := os.ReadFile(path)
		switch {
		case want.Text == nil && err == nil:
			r.say("%s is there:\n%s", s.File, b)
		case want.Text != nil && err != nil:
			r.say("%v", err)
		case want.Text != nil && maskSignatures(r.there(string(b))) != maskSignatures(*want.Text):
			r.say("%s is\n%s\nwant\n%s", s.File, maskSignatures(r.there(string(b))), maskSignatures(*want.Text))
		}
	case "exists":
		for name, there := range want.Files {
			if _, err := os.Lstat(filepath.Join(r.dir, name)); (err == nil) != there {
				r.say("%s exists: %v, want %v", name, err == nil, there)
			}
		}
	default:
		r.say("unknown operation")
	}
}

// here puts the directory of this run into a text of the recording, there does
// the opposite.
func (r *caseRun) here(text string) string {
	return regexp.MustCompile(`/B\b`).ReplaceAllLiteralString(text, r.dir)
}
func (r *caseRun) there(text string) string { return strings.ReplaceAll(text, r.dir, "/B") }

func (r *caseRun) exec(args []string, env map[string]string) (stdout, stderr string, rc int) {
	args = slices.Clone(args)
	for i := range args {
		args[i] = r.here(args[i])
	}
	cmd := exec.Command(r.command, append([]string{"--dialect", engines[r.engine], "--on-failure", "upstream"}, args...)...)
	cmd.Dir = r.dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + filepath.Join(r.dir, "home")}
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+r.here(v))
	}
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		rc = exit.ExitCode()
	} else if err != nil {
		rc = -100
	}
	return r.there(out.String()), r.there(errOut.String()), rc
}

func (r *caseRun) sameStatus(got, want int, stderr string) {
	if want == -2 { // Python's way to end on Ctrl-C
		want = 130
	}
	if got != want {
		r.say("status %d, want %d\n%s", got, want, stderr)
	}
}

// sameError compares with the first line of the original's message.
func (r *caseRun) sameError(stderr, want string) {
	if want != "" && !strings.Contains(stderr, want) {
		r.say("error is\n%swant it to contain %q", stderr, want)
	}
}

// firstOfError takes the first line of the message from what an original printed.
func firstOfError(stderr string) string {
	for line := range strings.SplitSeq(stderr, "\n") {
		if m, ok := strings.CutPrefix(line, "Error: "); ok {
			return m
		}
		if m, ok := strings.CutPrefix(line, "Traceback ... "); ok {
			if class, message, ok := strings.Cut(m, ": "); ok && !strings.ContainsAny(class, " '\t") {
				return message
			}
			return m
		}
	}
	return ""
}

var progressLine = regexp.MustCompile(`^(Installing|Updating|Uninstalling) [^ ]+\.$`)

func progress(stdout string) []string {
	lines := []string{}
	for line := range strings.SplitSeq(stdout, "\n") {
		if progressLine.MatchString(line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// sectionBody takes one section's text from the output of annotate.
func sectionBody(stdout, section string) *string {
	_, rest, ok := strings.Cut(stdout, "\n["+section+"]\n")
	if !ok {
		return nil
	}
	body, _, _ := strings.Cut(rest, "\n\n")
	body = strings.TrimSuffix(body, "\n")
	return &body
}

// plainSources takes away what the recorded fork, being older than the one that
// the dialect stands for, prints differently: whole file names and a blank after
// the "=" of an empty value.
func plainSources(body string) string {
	body = regexp.MustCompile(`(?m)^((?:  |\+=|-=)  )/B/`).ReplaceAllString(body, "$1")
	return regexp.MustCompile(`(?m)= $`).ReplaceAllString(body, "=")
}

var signature = regexp.MustCompile(`(?m)^__buildout_signature__ = .*$`)

func maskSignatures(text string) string {
	return signature.ReplaceAllString(text, "__buildout_signature__ = MASKED")
}
