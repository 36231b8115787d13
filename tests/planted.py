# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A room of two files, made anew for each thing that circles.py must notice, and compiled as the project's own are."""

import pathlib
import subprocess
import tempfile

import circles

ROOM = "planted/"
A_H = "#pragma once\nint call_a(void);\n"
B_H = "#pragma once\nint call_b(void);\n"
A_C = '#include "planted/a.h"\n#include "planted/b.h"\nint call_a(void) { return call_b(); }\n'
B_C = '#include "planted/b.h"\nint call_b(void) { return 1; }\n'
B_CALLS = '#include "planted/a.h"\n#include "planted/b.h"\nint call_b(void) { return %s; }\n'
LEAF_A_C = '#include "planted/a.h"\nint call_a(void) { return 1; }\n'

BY_POINTER = {
    "b.h": "#pragma once\ntypedef struct B {\n        int (*call)(void);\n} B;\nint call_b(const B *b);\n",
    "a.c": '#include "planted/a.h"\n#include "planted/b.h"\nint call_a(void) { return call_b(&(B){}); }\n',
    "b.c": '#include "planted/b.h"\nint call_b(const B *b) { return b->call(); }\n',
}
ROW = "| `B.call` | `->call(` | `call_a` in `planted/a.c` |\n"
CIRCLE = "2 files call each other in a circle: a.c, b.c"

PLANTS = [
    # what it is, files that are not as above, rows of the table of pointers, debts, what must be said
    ("a room without a circle", {}, "", [], None),
    ("a symbol", {"b.c": B_CALLS % "call_a()"}, "", [], CIRCLE),
    ("an inline function of a header", {
        "a.h": A_H + "static inline int value(void) {\n        return 1;\n}\n",
        "b.c": B_CALLS % "value()",
    }, "", [], CIRCLE),
    ("an inline function that calls", {
        "a.h": A_H + '#include "planted/b.h"\nstatic inline int value(void) {\n        return call_b();\n}\n',
        "a.c": LEAF_A_C,
        "b.c": B_CALLS % "value() + call_a()",
    }, "", [], CIRCLE),
    ("a macro that calls", {
        "a.h": A_H + "#define value(n) \\\n        (call_b() + (n))\n",
        "a.c": LEAF_A_C,
        "b.c": B_CALLS % "call_a()",
    }, "", [], CIRCLE),
    ("a destructor for cleanup_()", {
        "a.h": A_H + '#include "common/cleanup.h"\n#include "planted/b.h"\ntypedef int *Own;\n'
                     "DEFINE_CLEANUP(Own, drop);\n",
        "a.c": LEAF_A_C,
        "b.h": B_H + "void drop(int *own);\n",
        "b.c": B_CALLS % "call_a()" + "void drop(int *own) { *own = 0; }\n",
    }, "", [], CIRCLE),
    ("a pointer", BY_POINTER, ROW, [], CIRCLE),
    ("a pointer that no row is about", BY_POINTER, "", [], "B.call is a pointer to a function, and not in the table of pointers"),
    ("a row about a pointer that is gone", {}, ROW, [], "B.call is in the table of pointers, and no header of planted/ has it"),
    ("a row about a function that is gone", BY_POINTER, ROW.replace("call_a", "call_c"), [],
     "B.call calls call_c of planted/a.c by the table of pointers, and there is none"),
    ("a row about a use that is gone", BY_POINTER, ROW.replace("->call", "->cry"), [],
     "B.call is used as ->cry( by the table of pointers, and nobody does"),
    ("a circle that is a debt", {"b.c": B_CALLS % "call_a()"}, "", ["a.c b.c"], None),
    ("a debt that grew", {"b.c": B_CALLS % "call_a()"}, "", ["a.c"], CIRCLE),
    ("a debt that is paid", {}, "", ["a.c b.c"], "planted/a.c is in no circle any more: take it off the debts"),
    ("a file that nobody compiles", {"c.c": "\n"}, "", [], "planted/c.c has no object file with a symbol in this build"),
]


def compile_like(where, command, folder, source):
    """By the command of a file of the project, so that what sanitizers and gcov add is in the object, too."""
    words = [word for word, before in zip(command, ["", *command]) if not word.startswith("-M")
             and before not in ("-MQ", "-MF") and not word.endswith(".c")]
    target = folder / f"{source}.o"
    words[words.index("-o") + 1] = str(target)
    subprocess.run([*words, f"-I{folder}", str(folder / source)], cwd=where, check=True, stdin=subprocess.DEVNULL)
    return target


def said_of(where, command, files, rows, debts):
    with tempfile.TemporaryDirectory(prefix="pomod-planted-") as name:
        folder = pathlib.Path(name).resolve()
        (folder / ROOM).mkdir()
        for file, text in {"a.h": A_H, "b.h": B_H, "a.c": A_C, "b.c": B_C, **files}.items():
            (folder / ROOM / file).write_text(text)
        tree = circles.Tree(folder, lambda path: ROOM)
        for source in (f"{ROOM}a.c", f"{ROOM}b.c"):
            tree.add(source, compile_like(where, command, folder, source))
        symbols, pointers = circles.read_symbols(tree), circles.read_pointers(rows)
        return [*circles.wrong_pointers(tree, symbols, pointers, [ROOM]),
                *circles.wrong_circles(tree, symbols, pointers, ROOM, debts)]


def unnoticed(where, command):
    """A sentence for each plant that was not noticed, or that was complained of without reason."""
    for what, files, rows, debts, sentence in PLANTS:
        said = said_of(where, command, files, rows, debts)
        if said and sentence is None:
            yield f"{what}: {said}"
        elif sentence not in [*said, None]:
            yield f"{what} went unnoticed: {said}"
