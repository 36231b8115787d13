# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The drawings of docs/ARCHITECTURE.md that put a room's object files on levels, and the calls that go up in them."""

import pathlib
import re

# The chapters that draw a room: all of its object files, and no others.
CHAPTERS = {"daemon/engine/": "The engine", "daemon/store/": "The store", "plugins/host/": "The host of a plugin"}
# Calls that may go up, as the chapter says: (pointer of the table of pointers, room).
UPWARD = {("Yield.func", "daemon/engine/")}


def drawn(text, chapter):
    """Names of object files, the lowest level first. Words end where their explanation begins, behind several blanks."""
    block = re.search(rf"^## {chapter}\n.*?\n\n((?:    [^\n]*\n)+)", text, re.S | re.M)[1]
    return [re.findall(r"[a-z0-9-]+", re.split(r" {3,}", line.strip())[0]) for line in block.splitlines()]


def wrong_levels(tree, edges, levels, folder):
    """edges: as circles.calls() has them, for the room."""
    level = {name: i for i, names in enumerate(levels) for name in names}
    there = {pathlib.PurePath(name).stem for name in tree.inside(folder, ".c")}
    told = [name for names in levels for name in names]
    for name in sorted(set(told) ^ there):
        yield f"{name}.c of {folder} is {'on a level but not there' if name in level else 'there but on no level'}"
    for name in sorted({name for name in told if told.count(name) > 1}):
        yield f"{name}.c of {folder} is on two levels"
    for caller, called in edges.items():
        for other, by in called.items():
            low, high = level.get(pathlib.PurePath(caller).stem), level.get(pathlib.PurePath(other).stem)
            if low is not None and high is not None and low < high:
                yield f"{caller} calls {by} of {other}, which stands higher"


class Fake:
    """A room of two files."""

    def inside(self, folder, suffix):
        return [f"{folder}{name}{suffix}" for name in ("above", "below")]


def unnoticed():
    """A call that goes up, a file on no level, one that is gone and one on two levels are noticed, and nothing else is."""
    up, down = {"r/below.c": {"r/above.c": "call"}}, {"r/above.c": {"r/below.c": "call"}}
    for what, edges, levels, n in (("a call that goes down", down, [["below"], ["above"]], 0),
                                   ("a call within a level", up, [["below", "above"]], 0),
                                   ("a call that goes up", up, [["below"], ["above"]], 1),
                                   ("a file on no level", down, [["below"]], 1),
                                   ("a file that is gone", down, [["below"], ["above", "attic"]], 1),
                                   ("a file on two levels", down, [["below"], ["above", "below"]], 1)):
        said = list(wrong_levels(Fake(), edges, levels, "r/"))
        if len(said) != n:
            yield f"of {what} this was said: {said}"
