"""Starts zc.buildout 2.13 with the arguments of its command.

It takes names from collections that Python 3.10 moved to collections.abc.
With the only argument "read", it prints .installed.cfg as the original reads it,
as JSON: {section: {option: value}}.
"""
import collections
import collections.abc
import json
import sys

for name in ("Mapping", "MutableMapping", "Sequence", "Set", "Iterable", "Callable"):
    setattr(collections, name, getattr(collections.abc, name))

import zc.buildout.buildout as original


class Reader(dict):
    """As much of a Buildout as reading the record of installed parts needs."""

    @staticmethod
    def Options(buildout, section, options):
        return options


if sys.argv[1:] == ["read"]:
    reader = Reader(buildout={"installed": ".installed.cfg"})
    record, _ = original.Buildout._read_installed_part_options(reader)
    json.dump(record, sys.stdout)
else:
    original.main()
