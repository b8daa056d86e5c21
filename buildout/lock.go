package buildout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// lockName is the file in the buildout directory that a run locks. It is there
// as long as the run.
const lockName = ".buildout.lock"

// lockPoll is how often a run that waits looks whether the lock is free.
const lockPoll = 100 * time.Millisecond

// holder says who holds a lock. It is for people: the lock itself is the
// system's, and goes with the process.
type holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Start   time.Time `json:"start"`
	Command string    `json:"command,omitempty"`
}

func (h holder) String() string {
	if h.PID == 0 {
		return "another process"
	}
	who := fmt.Sprintf("process %d", h.PID)
	if h.Command != "" {
		who += " (" + h.Command + ")"
	}
	return fmt.Sprintf("%s on %s, since %s", who, h.Host, h.Start.Format("2006-01-02 15:04:05"))
}

// Lock keeps other runs, of this process or of others, out of the buildout
// directory until release is called. It waits while another is at work there,
// unless Options.NoWait says otherwise. Apply and Install lock for themselves; a
// program that plans, looks at the plan and then applies it locks first, so that
// the plan still holds. A dry run locks nothing.
func (b *Buildout) Lock(ctx context.Context) (release func(), err error) {
	if b.dryRun() {
		return func() {}, nil
	}
	if b.locks == 0 {
		if b.lock, err = b.acquire(ctx); err != nil {
			return nil, err
		}
	}
	b.locks++
	return func() {
		if b.locks--; b.locks == 0 {
			// Removed while it is held: whoever has it open sees that it is gone.
			_ = b.disk.remove(b.lock.Name())
			_ = b.lock.Close()
			b.lock = nil
		}
	}, nil
}

// acquire takes the lock, waiting for it if need be.
func (b *Buildout) acquire(ctx context.Context) (*os.File, error) {
	path := filepath.Join(b.config.directory, lockName)
	fail := func(err error) error {
		return b.eval.while.fail(b.config, &Error{Code: CodeLocked, Err: err,
			Message: "Couldn't lock the buildout directory: " + err.Error()})
	}
	if err := b.disk.mkdirAll(filepath.Dir(path)); err != nil {
		return nil, fail(err)
	}
	for tries := 1; ; tries++ {
		f, by, err := b.tryLock(path)
		if err != nil {
			return nil, fail(err)
		}
		if f != nil {
			return f, nil
		}
		wait := lockPoll
		if b.noWait {
			const patience = 20 // tries until a holder has said who it is
			if by != (holder{}) || tries > patience {
				return nil, b.eval.while.fail(b.config, &Error{Code: CodeLocked,
					Message: "Another run is at work in this directory: " + by.String() + ".",
					Detail:  []string{"in " + b.config.directory}, Hint: "try again when it has ended"})
			}
			wait /= patience
		} else if tries == 1 {
			b.logger.Info("Waiting for another run in this directory to end: " + by.String() + ".")
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// tryLock returns the locked file, or nil and who has it locked.
func (b *Buildout) tryLock(path string) (*os.File, holder, error) {
	if err := b.disk.try("create", path); err != nil {
		return nil, holder{}, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o666)
	if err != nil {
		return nil, holder{}, err
	}
	for {
		if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		defer f.Close()
		var by holder
		if text, err := io.ReadAll(io.LimitReader(f, 1<<16)); err == nil && json.Unmarshal(text, &by) != nil {
			by = holder{} // it is just being written
		}
		return nil, by, nil
	}
	if err != nil {
		_ = f.Close()
		return nil, holder{}, fmt.Errorf("%s: %w", path, err)
	}
	locked, err := f.Stat()
	if now, statErr := os.Lstat(path); err != nil || statErr != nil || !os.SameFile(locked, now) {
		_ = f.Close() // the run that had it has ended, and the file with it
		return b.tryLock(path)
	}
	host, _ := os.Hostname()
	text, err := json.Marshal(holder{os.Getpid(), host, time.Now(), b.command})
	if err == nil && f.Truncate(0) == nil {
		// Who holds it is good to know; that it is held doesn't depend on it.
		_, _ = f.WriteAt(append(text, '\n'), 0)
	}
	return f, holder{}, nil
}
