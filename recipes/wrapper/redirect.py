# Runs a command whose output goes to files, which are opened anew upon a signal.
# Arguments: file for stdout and file for stderr ("": not redirected), that signal,
# the signal to send to the command then ("": none), the command and its words.
import os, select, signal, subprocess, sys

def number(name):
    base, sign, offset = name.replace("-", "+-").partition("+")
    return getattr(signal, "SIG" + base) + int(offset or 0)

stdout, stderr, trigger, sent, *command = sys.argv[1:]
trigger = number(trigger)
sent = sent and number(sent)
passed = [s for s in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
          if s != trigger and signal.getsignal(s) != signal.SIG_IGN]

def append(path):
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)

class Log:
    def __init__(self, path):
        self.path = path
        self.file = append(path)
        self.reader, self.writer = os.pipe()

    def reopen(self):
        try:
            new = append(self.path)
        except OSError as e:
            print(e, file=sys.stderr, flush=True)
        else:
            os.close(self.file)
            self.file = new

    def copy(self):
        data = os.read(self.reader, 65536)
        more = bool(data)
        while data:
            data = data[os.write(self.file, data):]
        return more

out = stdout and Log(stdout)
err = stderr and (out if stderr == stdout else Log(stderr))
logs = {log.reader: log for log in (out, err) if log}

wake, waker = os.pipe()
os.set_blocking(waker, False)

def rotate(*_):
    try:
        os.write(waker, b"x")
    except BlockingIOError:
        pass # it is awake

def prepare():
    if sent != trigger:
        signal.signal(trigger, signal.SIG_DFL)
    if sent:
        # Until the command handles it: it may come before that.
        signal.signal(sent, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, passed)

# From here on no signal is lost: what comes while the command starts waits.
signal.signal(trigger, rotate)
signal.pthread_sigmask(signal.SIG_BLOCK, passed)
try:
    process = subprocess.Popen(command, preexec_fn=prepare,
        stdout=out.writer if out else None, stderr=err.writer if err else None)
except OSError as e:
    sys.exit(str(e))
for s in passed:
    signal.signal(s, lambda s, _: process.send_signal(s))
signal.pthread_sigmask(signal.SIG_UNBLOCK, passed)
for log in logs.values():
    os.close(log.writer)

while logs:
    ready = select.select([wake, *logs], (), ())[0]
    for reader in ready:
        # What was printed before the signal belongs into the old file.
        if reader in logs and not logs[reader].copy():
            del logs[reader]
    if wake in ready:
        os.read(wake, 4096)
        if sent:
            process.send_signal(sent)
        for log in logs.values():
            log.reopen()

status = process.wait()
sys.exit(status if status >= 0 else 128 - status)
