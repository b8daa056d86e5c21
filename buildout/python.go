package buildout

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

const defaultExecutable = "/usr/bin/python3"

// python is the executable whose Python conditions see. Files are not asked: what
// they set depends on their conditions.
func (o LoadOptions) python() string {
	executable := ""
	for _, a := range o.Overrides {
		if a.Section == "buildout" && a.Option == "executable" {
			executable = max(executable, a.Value) // as commandLineLayer decides
		}
	}
	executable = cmp.Or(executable, o.Executable, defaultExecutable)
	if !filepath.IsAbs(executable) {
		executable = filepath.Join(o.WorkingDirectory, executable)
	}
	return executable
}

// withPythonOf lets conditions see the Python of an executable, as far as files
// tell: the name where its links end, the pyvenv.cfg of a virtual environment,
// the standard library beside it. Nothing is run. If they don't tell, or there is
// no such file, it is the usual Python.
func withPythonOf(executable string, p profile.Platform) profile.Platform {
	info, err := os.Stat(executable)
	if err != nil || !info.Mode().IsRegular() {
		return p
	}
	file, err := filepath.EvalSymlinks(executable)
	if err != nil {
		return p
	}
	name := filepath.Base(file)
	if m := interpreterName.FindStringSubmatch(name); m != nil {
		p.Python = m[2] + ".0"
		if m[1] == "pypy" {
			p.Implementation = m[1]
		}
		return p
	}
	for _, prefix := range []string{filepath.Dir(filepath.Dir(executable)), filepath.Dir(filepath.Dir(file))} {
		version := environmentVersion(prefix)
		if version == "" {
			version = libraryVersion(prefix, name)
		}
		if version != "" {
			p.Python = version
			return p
		}
	}
	return p
}

// interpreterName is "python3.11", also with the kind of build: "python3.13t",
// "python3.11-dbg".
var interpreterName = regexp.MustCompile(`^(python|pypy)([23]\.\d{1,3})([a-z]*|-dbg)$`)

// environmentVersion is what pyvenv.cfg says about a virtual environment.
func environmentVersion(prefix string) string {
	text, err := os.ReadFile(filepath.Join(prefix, "pyvenv.cfg"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, "=")
		if key = strings.TrimSpace(key); key != "version" && key != "version_info" {
			continue
		}
		if m := fullVersion.FindStringSubmatch(strings.TrimSpace(value)); m != nil {
			return m[1]
		}
	}
	return ""
}

// fullVersion is "3.9.2"; version_info has ".final.0" behind it.
var fullVersion = regexp.MustCompile(`^([23]\.\d{1,3}\.\d{1,3})(\.[a-z]+\.\d+)?$`)

// libraryVersion is the newest Python whose standard library is below prefix, of
// those that an executable of that name can be.
func libraryVersion(prefix, name string) string {
	major := strings.TrimPrefix(name, "python")
	if major != "2" && major != "3" {
		major = ""
	}
	newest, version := -1, ""
	entries, _ := os.ReadDir(filepath.Join(prefix, "lib"))
	for _, e := range entries {
		m := libraryName.FindStringSubmatch(e.Name())
		if m == nil || major != "" && m[1] != major || !exists(filepath.Join(prefix, "lib", e.Name(), "os.py")) {
			continue
		}
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		if n := x*1000 + y; n > newest {
			newest, version = n, m[1]+"."+m[2]+".0"
		}
	}
	return version
}

var libraryName = regexp.MustCompile(`^python([23])\.(\d{1,3})$`)
