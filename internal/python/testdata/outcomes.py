"""Writes the outcomes of CPython into the tables: outcomes.py FILE...

Each line holds statements separated by semicolons, of which the last is an
expression. Its repr, or the exception, follows behind an arrow.
"""
import ast
import json
import pprint
import sys
import warnings

warnings.simplefilter("ignore")


def outcome(source):
    names = {
        "json": json,
        "pformat": lambda v, indent, width: pprint.pformat(v, indent=indent, width=width),
        "saferepr": pprint.saferepr,
    }
    try:
        body = ast.parse(source).body
        last = ast.Expression(body.pop().value)
        exec(compile(ast.Module(body, []), "", "exec"), names)
        return repr(eval(compile(last, "", "eval"), names))
    except Exception as e:
        return ("! %s: %s" % (type(e).__name__, e)).removesuffix(": ")


for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as f:
        lines = f.read().split("\n")
    for i, line in enumerate(lines):
        if line and not line.startswith("# "):
            source = line.split("  =>  ")[0].rstrip()
            lines[i] = source + "  =>  " + outcome(source)
    with open(name, "w", encoding="utf-8") as f:
        f.write("\n".join(lines))
