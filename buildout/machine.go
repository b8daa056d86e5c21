package buildout

import (
	"os"
	"runtime"
	"strings"
	"syscall"

	"github.com/go-buildout/go-buildout/buildout/profile"
)

// Machine is the platform of the machine this program runs on, with Python 3.11.
func Machine() profile.Platform {
	p := profile.Platform{
		OS:     runtime.GOOS,
		OSName: "posix",
		Bits32: ^uint(0)>>32 == 0,
		ReadFile: func(path string) (string, error) {
			b, err := os.ReadFile(path)
			return string(b), err
		},
		Exists: func(path string) (bool, bool) {
			info, err := os.Stat(path)
			return err == nil, err == nil && info.IsDir()
		},
	}
	var u syscall.Utsname
	if syscall.Uname(&u) == nil {
		p.System, p.Node = cString(u.Sysname[:]), cString(u.Nodename[:])
		p.Release, p.Version, p.Machine = cString(u.Release[:]), cString(u.Version[:]), cString(u.Machine[:])
	}
	return p
}

func cString[T int8 | uint8](b []T) string {
	var s strings.Builder
	for _, c := range b {
		if c == 0 {
			break
		}
		s.WriteByte(byte(c))
	}
	return s.String()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
