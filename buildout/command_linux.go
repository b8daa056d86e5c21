package buildout

import "syscall"

// ownGroup starts a command in a process group of its own, which can be killed as
// a whole. If this process is killed, so is the command: it must not be at work
// yet when the next run puts things in order.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
