package buildout

import (
	"os"
	"runtime"

	"github.com/go-buildout/go-buildout/buildout/profile"
	"golang.org/x/sys/unix"
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
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		p.System, p.Node = unix.ByteSliceToString(u.Sysname[:]), unix.ByteSliceToString(u.Nodename[:])
		p.Release, p.Version = unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Version[:])
		p.Machine = unix.ByteSliceToString(u.Machine[:])
	}
	return p
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
