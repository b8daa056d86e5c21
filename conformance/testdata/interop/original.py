"""Runs zc.buildout 2.13 on request.

Each line of standard input asks for a run: a JSON object with the directory, the
arguments and the environment. Each is answered by a line: the status and what was
printed. Runs are forked from this process, which saves their start.

It takes names from collections that Python 3.10 moved to collections.abc. With
the only argument "read", a run prints .installed.cfg as the original reads it, as
JSON: {section: {option: value}}.
"""
import collections
import collections.abc
import json
import os
import sys
import tempfile
import traceback

for name in ("Mapping", "MutableMapping", "Sequence", "Set", "Iterable", "Callable"):
    setattr(collections, name, getattr(collections.abc, name))

import zc.buildout.buildout as original


class Reader(dict):
    """As much of a Buildout as reading the record of installed parts needs."""

    @staticmethod
    def Options(buildout, section, options):
        return options


def run(args):
    if args == ["read"]:
        reader = Reader(buildout={"installed": ".installed.cfg"})
        record, _ = original.Buildout._read_installed_part_options(reader)
        json.dump(record, sys.stdout)
    else:
        original.main(args)


def child(request, out, err):
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    os.environ.update(request["env"])
    os.chdir(request["dir"])
    status = 0
    try:
        run(request["args"])
    except SystemExit as e:
        status = e.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


for line in sys.stdin:
    request = json.loads(line)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            child(request, out, err)
        _, waited = os.waitpid(pid, 0)
        printed = []
        for f in (out, err):
            f.seek(0)
            printed.append(f.read().decode())
    answer = {"status": os.waitstatus_to_exitcode(waited), "stdout": printed[0], "stderr": printed[1]}
    print(json.dumps(answer), flush=True)
