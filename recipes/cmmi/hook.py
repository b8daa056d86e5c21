# Calls the function of a hook. What it is given comes as JSON on the standard
# input.
import importlib.machinery
import importlib.util
import inspect
import json
import os
import sys

given = json.load(sys.stdin)
sys.stdin = open(os.devnull)
sys.argv = [given["path"]]
sys.dont_write_bytecode = True

loader = importlib.machinery.SourceFileLoader("buildout_hook", given["path"])
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("buildout_hook", loader))
sys.modules["buildout_hook"] = module
loader.exec_module(module)
function = getattr(module, given["function"])

options = given["options"]
buildout = {given["part"]: options, "buildout": given["buildout"]}
arguments = options, buildout, dict(os.environ)


def takes(count):
    try:
        inspect.signature(function).bind(*arguments[:count])
    except TypeError:
        return False
    except ValueError:  # nothing is known about it
        return True
    return True


function(*arguments if takes(3) else arguments[:2])
