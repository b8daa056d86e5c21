package buildout

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/go-buildout/go-buildout/buildout/profile"
	"golang.org/x/sys/unix"
)

// Machine is the platform of the machine this program runs on, with Python 3.11.
func Machine() profile.Platform {
	p := profile.Platform{
		OS:       runtime.GOOS,
		OSName:   "posix",
		Bits32:   ^uint(0)>>32 == 0,
		ReadFile: readForCondition,
		Exists: func(path string) (bool, bool) {
			info, err := os.Stat(path)
			return err == nil, err == nil && info.IsDir()
		},
	}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		p.System, p.Node = unix.ByteSliceToString(u.Sysname[:]), unix.ByteSliceToString(u.Nodename[:])
		p.Release, p.Version = unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Version[:])
		p.Machine = unix.ByteSliceToString(u.Machine[:])
	}
	return p
}

// readForCondition reads files as small as those that say what a machine is, and
// nothing that could block or never end.
func readForCondition(path string) (string, error) {
	const most = 1 << 20
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("a condition can't read '%s': expected a file, found %s", path, info.Mode().Type())
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if len(b) > most {
		return "", fmt.Errorf("a condition can't read '%s': it has more than %d bytes", path, most)
	}
	return string(b), err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
