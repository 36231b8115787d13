#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
grow.py HEADER OUTPUT: pomo-plugin.h as a later release may have it, with one member more at the end of every struct. Whoever is
built with it finds POMO_GROWN defined. grow.py --shorter HEADER OUTPUT: with a table of a plugin that is one member shorter.
"""

import pathlib
import re
import sys

STRUCT = re.compile(r"^typedef struct (\w+) \{.*?^\} \1;$", re.S | re.M)
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def structs(header):
    """The text of each struct with members, by its name."""
    return {found[1]: found[0] for found in STRUCT.finditer(header)}


def members(text):
    """The names of a struct's members, in their order."""
    text = COMMENT.sub(" ", text)
    names = []
    for declaration in text[text.index("{") + 1:text.rindex("}")].split(";"):
        function = re.search(r"\(\*(\w+)\)\s*\(", declaration)
        names += [function[1]] if function else re.findall(r"(\w+)\s*(?=,|$)", declaration.strip())
    return names


def grown(header):
    """One member more in each; in a table of functions it is one of these."""
    def more(found):
        function = found[1] in ("PomoHostCalls", "PomoPlugin")
        member = "int (*grown)(PomoHost *host);" if function else "uint64_t grown;"
        return re.sub(r"^\} " + found[1] + ";$", f"        {member}\n}} {found[1]};", found[0], flags=re.M)
    return STRUCT.sub(more, header).replace("#define POMO_PLUGIN_ABI 1u", "#define POMO_PLUGIN_ABI 1u\n#define POMO_GROWN 1", 1)


def shorter(header):
    """Without the last member of PomoPlugin."""
    table = structs(header)["PomoPlugin"]
    at = table.index(f"(*{members(table)[-1]})")
    return header.replace(table, table[:table.rindex("\n", 0, at)] + table[table.index(";", at) + 1:])


def trimmed(header, first):
    """Without the members that the structs of the first release do not have: growth undone."""
    for name, text in structs(first).items():
        table = structs(header)[name]
        last = members(text)[-1]
        at = re.search(rf"\b{last}\b(?=[^/]*;)", COMMENT.sub(lambda found: "/" * len(found[0]), table)).end()
        header = header.replace(table, table[:table.index(";", at) + 1] + f"\n}} {name};")
    return header


def main(argv):
    make = shorter if argv[0] == "--shorter" else grown
    source, output = argv[-2:]
    pathlib.Path(output).write_text(make(pathlib.Path(source).read_text()))


if __name__ == "__main__":
    main(sys.argv[1:])
