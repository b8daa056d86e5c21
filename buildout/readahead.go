package buildout

import (
	"errors"
	"io/fs"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// readAhead reads local files on the other processors, each as soon as something
// is known to extend it, so that the walk from file to file seldom waits.
type readAhead struct {
	loader  *loader
	reading sync.WaitGroup

	mu       sync.Mutex
	files    map[string]*aheadFile
	queue    []*aheadFile
	queued   sync.Cond // there may be something in the queue, or all is over
	finished sync.Cond // a file is done
	workers  int       // to start yet
	stopped  bool
}

type aheadFile struct {
	name  string
	taken bool // somebody reads it, or has
	done  bool
	node  *node
	err   error
}

// usualFiles is how many files there is room for at first.
const usualFiles = 128

var errTooLarge = errors.New("the files of the profile are too large together")

func newReadAhead(l *loader) *readAhead {
	a := &readAhead{loader: l, files: make(map[string]*aheadFile, usualFiles), workers: runtime.GOMAXPROCS(0) - 1}
	a.queued.L, a.finished.L = &a.mu, &a.mu
	return a
}

// stop ends all reading and waits for that.
func (a *readAhead) stop() {
	a.mu.Lock()
	a.stopped = true
	a.mu.Unlock()
	a.queued.Broadcast()
	a.reading.Wait()
}

// get returns a file, as loader.parse does. It reads it itself if nothing has
// begun to, and others while it waits.
func (a *readAhead) get(name string) (*node, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.files[name]
	if f == nil {
		f = &aheadFile{name: name}
		a.files[name] = f
	}
	if !f.taken {
		a.read(f)
	}
	for !f.done {
		if next := a.next(); next != nil {
			a.read(next)
		} else {
			a.finished.Wait()
		}
	}
	return f.node, f.err
}

// read reads a file and puts what it extends into the queue. mu is held, and given
// up in between.
func (a *readAhead) read(f *aheadFile) {
	f.taken = true
	a.mu.Unlock()
	n, err := a.loader.readFile(f.name, f.name)
	a.mu.Lock()
	f.node, f.err, f.done = n, err, true
	a.finished.Broadcast()
	if err != nil {
		return
	}
	for _, ref := range n.extends {
		if ref.err != nil || isURL(ref.file) || a.files[ref.file] != nil || len(a.files) >= a.loader.limits.Files {
			continue
		}
		next := &aheadFile{name: ref.file}
		a.files[ref.file] = next
		a.queue = append(a.queue, next)
		a.queued.Signal()
		if a.workers > 0 && len(a.queue) > 1 {
			a.workers--
			a.reading.Add(1)
			go a.work()
		}
	}
}

// work reads files from the queue until all is over.
func (a *readAhead) work() {
	defer a.reading.Done()
	a.mu.Lock()
	defer a.mu.Unlock()
	for !a.stopped {
		if f := a.next(); f != nil {
			a.read(f)
		} else {
			a.queued.Wait()
		}
	}
}

// next takes a file that nobody reads off the queue; nil if there is none.
func (a *readAhead) next() *aheadFile {
	for len(a.queue) > 0 {
		f := a.queue[0]
		if a.queue = a.queue[1:]; !f.taken {
			return f
		}
	}
	return nil
}

// readFile reads and parses a local file, which is called name.
func (l *loader) readFile(name, file string) (*node, error) {
	if err := l.ctx.Err(); err != nil {
		return nil, err
	}
	text, err := readRegular(file, l.limits.Bytes-l.bytes.Load()+1)
	if err != nil {
		return nil, err
	}
	if l.bytes.Add(int64(len(text))) > l.limits.Bytes {
		return nil, errTooLarge
	}
	return l.parse(name, text)
}

// readRegular reads a file, or the most bytes of it and a few more. For most files
// it takes four system calls, half of what os.ReadFile makes, and one allocation:
// a profile can have hundreds of small files, and opening them is much of the cost.
func readRegular(name string, most int64) (string, error) {
	fd, err := retry(func() (int, error) { return unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0) })
	if err != nil {
		return "", &fs.PathError{Op: "open", Path: name, Err: err}
	}
	defer unix.Close(fd)
	var block [8 << 10]byte
	var text strings.Builder
	for {
		n, err := retry(func() (int, error) { return unix.Read(fd, block[:]) })
		if err != nil {
			return "", &fs.PathError{Op: "read", Path: name, Err: err}
		}
		if n == 0 || int64(text.Len()) >= most {
			return text.String(), nil
		}
		if n == len(block) && text.Len() == 0 {
			var is unix.Stat_t
			if unix.Fstat(fd, &is) == nil && is.Size < most {
				text.Grow(int(is.Size))
			}
		}
		text.Write(block[:n])
	}
}

// retry repeats a system call that a signal interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != unix.EINTR {
			return n, err
		}
	}
}
