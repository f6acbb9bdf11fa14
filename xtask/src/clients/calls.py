"""What the scripts in Python share: each call of an SDK becomes one line of JSON.

The verb sets `PLUMBLINE_BASE` (where the recording proxy listens), `PLUMBLINE_KEY` (the planted API
key), `PLUMBLINE_ITEMS` (how many experiments there are at first), `PLUMBLINE_PROJECT` (the id of a
project) and `PLUMBLINE_CALLS` (the file that the lines go to).
"""

import json
import os

BASE = os.environ["PLUMBLINE_BASE"]
KEY = os.environ["PLUMBLINE_KEY"]
ITEMS = int(os.environ["PLUMBLINE_ITEMS"])
PROJECT = os.environ["PLUMBLINE_PROJECT"]


def told(**line):
    """Writes a line."""
    with open(os.environ["PLUMBLINE_CALLS"], "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def call(name, operation, work):
    """Makes a call of the SDK. `work` gives what came back in a few words, and raises where the
    SDK does, or where something else came back than has to."""
    try:
        got = work()
    except Exception as error:  # Whatever an SDK raises is its outcome.
        why = f"{type(error).__name__}: {error}"
        told(call=name, operation=operation, outcome="failed", said=" ".join(why.split())[:400])
    else:
        told(call=name, operation=operation, outcome="decoded", said=got)


def absent(name, operation, owner, attribute):
    """Says that a part of an SDK has nothing for an operation; fails once it has."""
    if hasattr(owner, attribute):
        said = f"the SDK has {attribute} now: drive it"
        told(call=name, operation=operation, outcome="failed", said=said)
    else:
        told(call=name, operation=operation, outcome="not offered", said="")


def expect(holds, said):
    """Fails the call where something else came back than has to."""
    if not holds:
        raise AssertionError(said)
