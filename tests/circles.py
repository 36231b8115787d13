# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
The calls between the object files of one room, and the circles among them.

An object file is named for its source. A calls B where A's object asks for a symbol of B's; where A uses an inline function
or a macro of the header of B, as if B.c held it; and where A uses a pointer that the table of pointers in
docs/ARCHITECTURE.md sets to a function of B. A header without a .c file of its name stands for itself.
"""

import json
import pathlib
import re
import shlex
import subprocess

INSTRUMENTED = re.compile(r"^__(asan|odr_asan|ubsan|tsan|msan|sanitizer|gcov|llvm|start_|stop_)|^gcov_|^__afl")
WORD = re.compile(r"[A-Za-z_]\w*")
NOISE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
INLINE = re.compile(r"\binline\b[^;{}]*?\b(\w+)\s*\((?:[^;{}]*)\)\s*\{")
MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)\([^)\n]*\)((?:[^\n]*\\\n)*[^\n]*)", re.M)
CLEANUP = re.compile(r"^DEFINE_CLEANUP\([^,]+,\s*(\w+)\)", re.M)  # of common/cleanup.h: an inline NAMEp() that calls NAME()
POINTER_TYPE = re.compile(r"^typedef\b[^;]*\(\*(\w+)\)\s*\(", re.M)
STRUCT = re.compile(r"\bstruct\s+(\w+)\s*\{(.*?)^\}", re.S | re.M)
POINTER_MEMBER = re.compile(r"\(\*(\w+)\)\s*\(")


def code_of(path):
    """The text without comments and strings."""
    return NOISE.sub(" ", path.read_text())


class Tree:
    """The sources of the rooms and their object files. Commands of a compile_commands.json say which is whose."""

    def __init__(self, root, folder_of):
        self.root = root
        self.folder_of = folder_of
        self.objects = {}   # source → paths of its object files: a file can be part of two programs
        self.commands = {}  # source → how its object was compiled, and where
        self.codes = {}

    def read_commands(self, build):
        for entry in json.loads((build / "compile_commands.json").read_text()):
            source = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
            if self.root in source.parents and self.folder_of(source.relative_to(self.root).as_posix()):
                self.add(source.relative_to(self.root).as_posix(), pathlib.Path(entry["directory"]) / entry["output"],
                         (entry["directory"], shlex.split(entry["command"])))

    def add(self, source, path, command=None):
        self.objects.setdefault(source, []).append(path)
        self.commands[source] = command

    def inside(self, folder, suffix):
        return sorted(path.relative_to(self.root).as_posix() for path in (self.root / folder).glob(f"*{suffix}"))

    def code(self, name):
        if name not in self.codes:
            self.codes[name] = code_of(self.root / name)
        return self.codes[name]


def read_symbols(tree):
    """source → (symbols that others can ask for, symbols that it asks for, its functions, those of the file alone included)"""
    paths = {str(path): source for source, paths in tree.objects.items() for path in paths}
    out = subprocess.run(["nm", "-A", "--format=posix", *paths], check=True, capture_output=True, text=True,
                         stdin=subprocess.DEVNULL).stdout
    symbols = {source: (set(), set(), set()) for source in tree.objects}
    for line in out.splitlines():
        path, rest = line.split(": ", 1)
        name, kind = rest.split()[:2]
        defined, asked, functions = symbols[paths[path]]
        name = name.split("@")[0]
        if INSTRUMENTED.match(name):
            continue
        if kind in "Uwv":
            asked.add(name)
        elif kind.isupper():
            defined.add(name)
        if kind in "TtWi":
            functions.add(name.split(".")[0])  # what an optimizer made of it has a suffix
    return symbols


def inline_functions(code):
    """(name, the words of its body) of each inline function and each macro with arguments."""
    for found in INLINE.finditer(code):
        depth, end = 1, found.end()
        while depth and end < len(code):
            depth += {"{": 1, "}": -1}.get(code[end], 0)
            end += 1
        yield found[1], set(WORD.findall(code[found.end():end]))
    for name, body in MACRO.findall(code):
        yield name, set(WORD.findall(body))
    for name in CLEANUP.findall(code):
        yield f"{name}p", {name}


def read_pointers(text):
    """Rows of the table: | `Type.member` | `->member(` | `function` in `daemon/x/file.c`, `other` in … |, or – for nobody of the rooms."""
    pointers = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        found = re.fullmatch(r"`(\w+\.\w+)`", cells[0]) if len(cells) == 3 else None
        if found:
            pointers.append((found[1], cells[1].strip("`"), re.findall(r"`(\w+)` in `([\w./-]+)`", cells[2])))
    return pointers


def pointer_members(tree, folder):
    """Type.member of each pointer to a function that a struct in a header of the room has."""
    headers = {name: tree.code(name) for name in tree.inside(folder, ".h")}
    types = {name for code in headers.values() for name in POINTER_TYPE.findall(code)}
    typed = re.compile(r"^\s*(?:%s)\s+(\w+);" % "|".join(types), re.M) if types else None
    for code in headers.values():
        for struct, body in STRUCT.findall(code):
            for member in POINTER_MEMBER.findall(body) + (typed.findall(body) if typed else []):
                yield f"{struct}.{member}"


def users_of_pointer(tree, folder, fragment):
    """Who calls through it or hands it on; who only sets it is none of them."""
    used = re.compile(re.escape(fragment) + (r"(?!\w)(?!\s*=[^=])" if WORD.fullmatch(fragment[-1]) else ""))
    return [name for name in tree.inside(folder, ".c") if used.search(tree.code(name))]


def wrong_pointers(tree, symbols, pointers, folders):
    """Where the table and the code do not agree."""
    there = {member for folder in folders for member in pointer_members(tree, folder)}
    listed = [pointer for pointer, _, _ in pointers]
    for pointer in sorted(there - set(listed)):
        yield f"{pointer} is a pointer to a function, and not in the table of pointers"
    for pointer, fragment, targets in pointers:
        if pointer not in there:
            yield f"{pointer} is in the table of pointers, and no header of {', '.join(sorted(folders))} has it"
        if not any(users_of_pointer(tree, folder, fragment) for folder in folders):
            yield f"{pointer} is used as {fragment} by the table of pointers, and nobody does"
        for function, source in targets:
            if function not in symbols.get(source, ((), (), ()))[2]:
                yield f"{pointer} calls {function} of {source} by the table of pointers, and there is none"


def calls(tree, symbols, pointers, folder):
    """source → {source: by what}, within the room."""
    sources, headers = tree.inside(folder, ".c"), tree.inside(folder, ".h")
    edges = {name: {} for name in sources + headers}
    home = {}
    for name in sources:
        home.update({symbol: name for symbol in symbols[name][0]})

    def add(caller, called, by):
        if caller != called:
            edges[caller].setdefault(called, by)

    for name in sources:
        for symbol in sorted(symbols[name][1] & set(home)):
            add(name, home[symbol], symbol)

    subject = {name: name[:-1] + "c" if name[:-1] + "c" in sources else name for name in headers}
    inline = [(subject[name], *function) for name in headers for function in inline_functions(tree.code(name))]
    bodies = [(name, set(WORD.findall(tree.code(name)))) for name in sources] + [(owner, body) for owner, _, body in inline]
    for owner, name, body in inline:
        for symbol in sorted(body & set(home)):
            add(owner, home[symbol], f"{symbol}, in {name}")
        for user, words in bodies:
            if name in words:
                add(user, owner, f"{name}, inline")

    for pointer, fragment, targets in pointers:
        for function, source in targets:
            if source in edges:
                for user in users_of_pointer(tree, folder, fragment):
                    add(user, source, f"{function}, by {pointer}")
    return edges


def circles(edges):
    """Each set of files that reach each other, the largest first."""
    reach = {}
    for start in edges:
        seen, waiting = set(), [start]
        while waiting:
            for name in edges[waiting.pop()]:
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        reach[start] = seen
    found = {frozenset(other for other in reach[name] if name in reach[other]) for name in edges if name in reach[name]}
    return sorted(found, key=lambda circle: (-len(circle), sorted(circle)))


def shortest(edges, start):
    """The shortest way from a file back to it."""
    before, waiting = {}, [start]
    for name in waiting:
        for called in sorted(edges[name]):
            if called == start:
                way = [start, name]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if called not in before:
                before[called] = name
                waiting.append(called)
    return []


def describe(edges, circle):
    """One line for the circle, and ways through it until each of its files has been on one."""
    short = {name: pathlib.PurePath(name).name for name in circle}
    yield f"{len(circle)} files call each other in a circle: {', '.join(sorted(short.values()))}"
    left = sorted(circle)
    while left:
        way = shortest(edges, left[0])
        yield "  " + short[way[0]] + "".join(f" → ({edges[a][b]}) {short[b]}" for a, b in zip(way, way[1:]))
        left = [name for name in left if name not in way]


def wrong_circles(tree, symbols, pointers, folder, debts):
    """Circles of the room that are no debt, and debts that are paid."""
    for name in tree.inside(folder, ".c"):
        if name not in symbols or not symbols[name][0]:
            yield f"{name} has no object file with a symbol in this build"
            return
    edges = calls(tree, symbols, pointers, folder)
    found = circles(edges)
    owed = [{folder + name for name in debt.split()} for debt in debts]
    for circle in found:
        if not any(circle <= debt for debt in owed):
            yield from describe(edges, circle)
    for name in sorted(set().union(*owed) - set().union(*found)):
        yield f"{name} is in no circle any more: take it off the debts"
