#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
dialect.py SOURCE: the C of this project is written one way where the language offers several. What clang-format does not see
is looked for here, line by line. Speaks TAP.
"""

import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/", re.S)
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
# Statements and rules for matching have clauses, which a line each makes readable; they are no sentences.
CLAUSES = ("daemon/store/", "tests/unit/store/", "tests/data/")

# name, what is wrong, and how it is written instead. Literals and comments are blanked before these look.
PATTERNS = [
    (re.compile(r"\bsizeof\b(?!\()"), "sizeof without brackets: sizeof(x)"),
    (re.compile(r"\{ *(?:0|NULL) *\}"), "zeros are {}"),
    (re.compile(r"\blong long\b"), "a number of 64 bits is uint64_t or int64_t, and printed by PRIu64 or PRId64"),
]
# This one looks at literals.
LENGTH_BY_GUESS = re.compile(r"%[-+ #0-9.*]*(?:ll|q|j|L)[diuxX]")


def blank(found):
    return re.sub(r"[^\n]", " ", found[0])


def without_comments(text):
    # Literals first: "/*" within one begins no comment.
    return re.sub(LITERAL.pattern + "|" + COMMENT.pattern + r"|//[^\n]*",
                  lambda found: found[0] if found[0].startswith('"') else blank(found), text, flags=re.S)


def faults(relative, text, has_header):
    """(line, sentence) for each."""
    code = without_comments(text)
    bare = LITERAL.sub(lambda found: '"' + " " * (len(found[0]) - 2) + '"', code)
    for number, line in enumerate(bare.splitlines(), 1):
        for pattern, sentence in PATTERNS:
            if pattern.search(line):
                yield number, sentence
    lines = code.splitlines()
    for number, line in enumerate(lines, 1):
        if any(LENGTH_BY_GUESS.search(literal) for literal in LITERAL.findall(line)):
            yield number, "a number of 64 bits is printed by PRIu64 or PRId64"
        ends = re.search(r'(\\[nr]|)"$', line)
        following = lines[number] if number < len(lines) else ""
        if ends and not ends[1] and following.lstrip().startswith('"') and not relative.startswith(CLAUSES) \
                and not re.search(r'\\(?:x[0-9a-fA-F]+|[0-7]{1,3})"$', line):
            yield number, "a sentence is one literal, however long, so that it is found by searching for it"
    includes = re.findall(r'^#include ["<]([^">]+)', text, re.M)
    own = re.sub(r"\.c$", ".h", relative)
    if has_header and includes and includes[0] != own:
        yield 1, f"a file includes its own header first: {own}"


PLANTED = [  # each must be found, and nothing else
    ("a.c", "int a = sizeof b;\n", False, 1),
    ("a.c", "A a = { 0 };\n", False, 1),
    ("a.c", "char *a[] = {NULL};\n", False, 1),
    ("a.c", "unsigned long long a;\n", False, 1),
    ("a.c", 'f("%llu");\n', False, 1),
    ("a.c", 'f("one half of it, "\n  "and the other");\n', False, 1),
    ("a.c", '#include <errno.h>\n#include "a.h"\n', True, 1),
    ("a.c", '#include "a.h"\n/* { 0 }, sizeof x */ f("sizeof x { 0 }\\n"\n"next %" PRIu64 "line", sizeof(a));\nA a = {};\n', True, 0),
    ("daemon/store/a.c", 'f("SELECT a"\n  " FROM b");\n', False, 0),
]


def main(source):
    root = pathlib.Path(source)
    blind = [f"of the planted text of row {i}, {n} faults are found and not {expected}"
             for i, (name, text, has_header, expected) in enumerate(PLANTED)
             if (n := len(list(faults(name, text, has_header)))) != expected]
    found = []
    looked_at = 0
    for path in sorted(root.rglob("*.[ch]")):
        relative = path.relative_to(root).as_posix()
        if relative.startswith((".", "build")) or "/." in relative:
            continue
        looked_at += 1
        has_header = path.suffix == ".c" and path.with_suffix(".h").exists()
        found += [f"{relative}:{line}: {sentence}" for line, sentence in faults(relative, path.read_text(), has_header)]

    print("1..2")
    for number, (name, wrong) in enumerate([("the check finds what it looks for", blind), ("C is written one way", found)], 1):
        for line in wrong:
            print("#", line)
        print("ok" if not wrong and looked_at > 0 else "not ok", number, "-", name)


main(*sys.argv[1:])
