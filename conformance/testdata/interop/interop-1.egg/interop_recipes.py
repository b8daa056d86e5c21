"""The recipes of package conformance/interop for the original, equal in behaviour."""
import json
import logging
import os

import zc.buildout


class WithoutUpdate:
    def __init__(self, buildout, name, options):
        self.name, self.options = name, options
        for other in options.get("look-at", "").split():
            buildout[other]
        for key, value in sorted(json.loads(options.get("values", "{}")).items()):
            options[key] = value
        options["location"] = os.path.join(buildout["buildout"]["parts-directory"], name)
        if "refuse" in options:
            raise zc.buildout.UserError(options["refuse"])

    def lines(self, option):
        return [line for line in self.options.get(option, "").split("\n") if line]

    def make(self, prefix):
        if "say" in self.options:
            logging.getLogger(self.name).info(self.options["say"])
        made = []
        for path in self.lines(prefix + "folders"):
            os.makedirs(path, exist_ok=True)
            self.options.created(path)
            made.append(path)
        for path in self.lines(prefix + "files"):
            with open(path, "w", newline="") as f:
                f.write(self.options.get("text", ""))
            self.options.created(path)
            made.append(path)
        if prefix + "fail" in self.options:
            raise zc.buildout.UserError(self.options[prefix + "fail"])
        return made

    def install(self):
        return self.make("")

    update = install


class Tree(WithoutUpdate):
    def update(self):
        # zc.buildout 2.13 forgets the paths of a part whose update returns no
        # path that is new.
        return self.make("update-") or None


def uninstalled(name, options):
    """Appends what it was called with to a file: options, and which paths are there."""
    paths = [p for p in options["__buildout_installed__"].split("\n") if p]
    called = [name, dict(options), [os.path.exists(p) for p in paths]]
    with open("uninstalled.jsonl", "a") as f:
        f.write(json.dumps(called, separators=(",", ":")) + "\n")
