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


DEMAND = re.compile(r"\b(?:must|never NULL|not while)\b", re.I)
# A comment and the prototypes below it, up to a blank line or the next comment; or one behind a prototype.
ABOVE = re.compile(r"/\*(.*?)\*/[ \t]*\n((?:(?!\s*/\*|\s*$)[^\n]*\n)*)", re.S)
PROTOTYPE = r"^[A-Za-z_][\w \*]*?\b(\w+)\("
BEHIND = re.compile(PROTOTYPE + r"[^;{}]*\);[ \t]*/\*(.*?)\*/", re.S | re.M)


def demands(header):
    """The functions of which a header says what their callers must do."""
    for prose, code in ABOVE.findall(header):
        found = re.search(PROTOTYPE, code, re.M)
        if found and not code.startswith("typedef") and DEMAND.search(re.sub(r"\s*\n\s*\*?\s*", " ", prose)):
            yield found[1]
    for name, prose in BEHIND.findall(header):
        if DEMAND.search(prose):
            yield name


def unasserted(headers, sources):
    """headers: name and text. A sentence there that nothing holds is a wish."""
    for header, text in headers:
        for name in demands(text):
            body = next((found[1] for source in sources if (found := re.search(
                r"^\S[^\n;{}]*\b" + name + r"\([^;{}]*\)\s*\{\n(.*?)^\}", source, re.S | re.M))), "")
            if "assert(" not in body:
                yield f"{header}: what it demands of the callers of {name}() is not asserted there"


PLANTED_DEMANDS = ("/* b must be there. */\nint a(B *b);\n\n/* Anything goes. */\nint c(void);\nint d(B *b); /* not while it runs */\n"
                   "/* b must be there. */\nint e(B *b);\n", "int a(B *b) {\n        f(b);\n}\n\nint e(B *b) {\n        assert(b);\n}\n")

# What waits for an answer of the bus, however long that takes, and who may: before the name is taken nobody waits for pomod.
WAITS = re.compile(r"\b(sd_bus_(?:call|call_method|call_methodv|query_sender_creds|query_sender_privilege|get_name_creds|get_owner_creds|"
                   r"add_match|add_matchv|match_signal|request_name|release_name|list_names|get_name_machine_id|get_unique_name|wait|"
                   r"flush|flush_close_unrefp?|track_\w+|(?:get|set)_property\w*))\b")
# What asks the name services, any of which may take for ever; GLib's ask them for more than they tell.
ASKS_NAMES = re.compile(r"\b((?:get|f?get|set|end)(?:pw|gr|sp)(?:uid|gid|nam|ent)(?:_r)?|getgrouplist|initgroups|getaddrinfo|getnameinfo|gethostby\w+|"
                        r"g_get_(?:home_dir|user_name|real_name|user_\w+_dir))\b")
MAY_WAIT = {
    "daemon/account-lookup.c": {"look_up": {"getpwuid_r"}},  # a process of its own
    "daemon/bus/bus.c": {"bus_start": {"sd_bus_request_name"}, "flush": {"sd_bus_wait"}},
}
FUNCTION = re.compile(r"^(?![ \t#/}])[^\n;{}=]*?\b(\w+)\([^;{}]*\)\s*\{\n(.*?)^\}", re.S | re.M)


def waits(relative, text):
    """A sentence for each call that waits for others and may not be where it is."""
    code = without_comments(text)
    allowed = MAY_WAIT.get(relative, {})
    spans = [(found.start(2), found.end(2), found[1]) for found in FUNCTION.finditer(code)]
    for pattern, whom in ((WAITS, "the bus"), (ASKS_NAMES, "name services")):
        for found in pattern.finditer(code):
            function = next((name for begin, end, name in spans if begin <= found.start() < end), "")
            if found[1] not in allowed.get(function, ()):
                line = code.count("\n", 0, found.start()) + 1
                yield f"{relative}:{line}: {found[1]}() in {function or 'no function'} waits for {whom}, and everybody for it"


PLANTED_WAITS = [
    ("daemon/bus/bus.c", "int bus_start(Bus *bus) {\n        return sd_bus_request_name(bus->bus, NAME, 0);\n}\n", 0),
    ("daemon/bus/bus.c", "int bus_stop(Bus *bus) {\n        return sd_bus_request_name(bus->bus, NAME, 0);\n}\n", 1),
    ("daemon/bus/a.c", "static int a(\n                Bus *b) {\n        if (b)\n                sd_bus_call(b);\n}\n", 1),
    ("daemon/bus/a.c", "A *a = &(A){ sd_bus_track_unref };\nint b(void) {\n        sd_bus_call_async(b); /* sd_bus_call() */\n}\n", 1),
    ("daemon/account-lookup.c", "static int look_up(uid_t uid) {\n        return getpwuid_r(uid, &a, b, c, &d);\n}\n", 0),
    ("daemon/engine/users.c", "static int look_up(uid_t uid) {\n        return getpwuid_r(uid, &a, b, c, &d);\n}\n", 1),
]

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
    if list(demands(PLANTED_DEMANDS[0])) != ["a", "e", "d"] or len(list(unasserted([("a.h", PLANTED_DEMANDS[0])], PLANTED_DEMANDS[1:]))) != 2:
        blind.append("of the planted headers the wrong functions demand something")
    blind += [f"of the planted calls of row {i}, {n} wait and not {expected}"
              for i, (name, text, expected) in enumerate(PLANTED_WAITS) if (n := len(list(waits(name, text)))) != expected]
    found, waiting = [], []
    headers, sources = [], []
    looked_at = 0
    for path in sorted(root.rglob("*.[ch]")):
        relative = path.relative_to(root).as_posix()
        if relative.startswith((".", "build")) or "/." in relative:
            continue
        looked_at += 1
        has_header = path.suffix == ".c" and path.with_suffix(".h").exists()
        if relative.startswith(("common/", "daemon/", "clients/")):
            sources.append(path.read_text())
            if path.suffix == ".h":
                headers.append((relative, sources[-1]))
        if relative.startswith("daemon/"):
            waiting += waits(relative, path.read_text())
        found += [f"{relative}:{line}: {sentence}" for line, sentence in faults(relative, path.read_text(), has_header)]

    demanded = list(unasserted(headers, sources))
    print("1..4")
    for number, (name, wrong) in enumerate([("the check finds what it looks for", blind), ("C is written one way", found),
                                            ("what a header demands of callers is asserted", demanded),
                                            ("nobody waits for the bus once the name is taken, nor for a name service", waiting)], 1):
        for line in wrong:
            print("#", line)
        print("ok" if not wrong and looked_at > 0 else "not ok", number, "-", name)


main(*sys.argv[1:])
