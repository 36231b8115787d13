#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
abi.py SOURCE: pomo-plugin.h keeps what docs/PLUGINS.md promises of ABI 1. Its first release lies in abi/pomo-plugin-1.h and is
never edited; offsets.c says where each member stands, abidiff compares the types, four compilers read it. Speaks TAP.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "abi"))
import grow  # noqa: E402

STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror")
COMPILERS = (("gcc", "-std=c11", "-Wstrict-prototypes"), ("clang", "-std=c11", "-Wstrict-prototypes"),
             ("g++", "-x", "c++", "-std=c++17"), ("clang++", "-x", "c++", "-std=c++17"))
HEADER_ALONE = '#include "pomo-plugin.h"\n#include "pomo-plugin.h"\nint here(void);\nint here(void) { return POMO_DONE; }\n'


class Tree:
    """Headers and what is compiled with them, in a folder that is gone afterwards."""

    def __init__(self, source, folder):
        self.here = source / "tests/plugins/abi"
        self.folder = folder
        self.first = (self.here / "pomo-plugin-1.h").read_text()
        self.now = (source / "plugins/api/pomo-plugin.h").read_text()
        self.made = 0

    def path(self, suffix):
        self.made += 1
        return self.folder / f"{self.made}{suffix}"

    def compile(self, source, header, *command):
        """What the compiler says against it, "" where it takes it; source.object is what it made."""
        place = self.path("")
        (place / "plugins/api").mkdir(parents=True)
        for name in ("pomo-plugin.h", "plugins/api/pomo-plugin.h"):
            (place / name).write_text(header)
        self.object = place / "object"
        # From standard input and in an empty folder: no other header of that name is found first.
        done = subprocess.run([*(command or ("gcc", "-std=c11")), "-I", place, *(() if "-x" in command else ("-x", "c")), "-", "-o", self.object,
                               *(() if "-shared" in command else ("-c",))], input=source, capture_output=True, text=True, cwd=place)
        return "" if done.returncode == 0 else done.stderr.strip() or f"{command} ended with {done.returncode}"

    def text(self, name):
        return (self.here / name).read_text()

    def library(self, header):
        said = self.compile(self.text("every-type.c"), header, "gcc", "-std=c11", "-g", "-fPIC", "-shared", "-fvisibility=hidden")
        if said:
            raise ValueError(said)
        return self.object

    def difference(self, header):
        """What abidiff says of the types of the first release in that header; members that came later are no matter."""
        try:
            pair = [self.library(self.first), self.library(grow.trimmed(header, self.first))]
        except (ValueError, AttributeError, KeyError) as error:
            return f"it does not compile: {error}"
        done = subprocess.run(["abidiff", *pair], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return "" if done.returncode == 0 else done.stdout.strip() or done.stderr.strip()


def unclean(tree):
    """By each compiler: the header alone, and twice; the table of offsets; a plugin, which in C++17 has designators as an extension."""
    for command in COMPILERS:
        sources = ((HEADER_ALONE, STRICT), (tree.text("offsets.c"), STRICT),
                   (tree.text("every-type.c"), ("-Wall", "-Wextra", "-Werror", "-Wno-c++20-designator",
                                                "-Wno-missing-field-initializers")))
        for source, warnings in sources:
            if said := tree.compile(source, tree.now, *command, *warnings):
                yield f"{' '.join(command)}: {said}"


def moved(tree, header):
    return tree.compile(tree.text("offsets.c"), header)


def not_held(tree):
    """Members and words of the header that offsets.c says nothing of."""
    held = set(re.findall(r"^AT\((\w+), (\w+),", tree.text("offsets.c"), re.M))
    words = set(re.findall(r"^IS\((\w+),", tree.text("offsets.c"), re.M))
    for name, text in grow.structs(tree.now).items():
        yield from (f"offsets.c has no line for {name}.{member}" for member in grow.members(text) if (name, member) not in held)
        if f"AT_LEAST({name}," not in tree.text("offsets.c"):
            yield f"offsets.c has no line for the size of {name}"
        if f"NAMES({name})" not in tree.text("every-type.c"):
            yield f"every-type.c does not name {name}"
    for name, text in re.findall(r"^enum (\w+) \{(.*?)^\}", tree.now, re.S | re.M):
        yield from (f"offsets.c has no line for {word}" for word in re.findall(r"(\w+) = ", grow.COMMENT.sub("", text)) if word not in words)
        if f"NUMBERS({name})" not in tree.text("every-type.c"):
            yield f"every-type.c does not name {name}"


# A change that breaks plugins, and who has to see it: the offsets, abidiff, or both.
BREACHES = (
    ("        uint64_t seq;\n        uint64_t interval;", "        uint64_t interval;\n        uint64_t seq;", "both"),
    ("        const char *profile;", "        uint64_t more;\n        const char *profile;", "both"),
    ("        size_t n_names;\n", "", "both"),
    ("        uint64_t seq;", "        double seq;", "abidiff"),
    ("        int input_fd, output_fd;", "        int output_fd, input_fd;", "both"),
    ("POMO_ENDED = 4", "POMO_ENDED = 7", "both"),
    ("int (*apply)(void *state, const PomoDesired *desired);", "int (*apply)(void *state, const PomoDesired *desired, int more);", "abidiff"),
    ("uint64_t interval,\n                        void (*func)", "uint32_t interval,\n                        void (*func)", "abidiff"),
)


def unnoticed(tree):
    """Each of the breaches in a header of its own."""
    for was, becomes, by in BREACHES:
        if was not in tree.now:
            yield f"the header has no {was!r} to change"
            continue
        header = tree.now.replace(was, becomes, 1)
        if by == "both" and not moved(tree, header):
            yield f"offsets.c takes {becomes!r}"
        if not tree.difference(header):
            yield f"abidiff takes {becomes!r}"


def growth(tree):
    """Members at the end of every struct and further values are no breach, and are told from one."""
    header = grow.grown(tree.now).replace("POMO_UNKNOWN = 3,", "POMO_UNKNOWN = 3,\n        POMO_LATER_ON = 4,")
    if header.count(" grown;") + header.count("(*grown)") != len(grow.structs(tree.now)):
        yield "not every struct of the grown header is larger"
    for said in (moved(tree, header), tree.difference(header), tree.compile(tree.text("every-type.c"), header, "gcc", "-std=c11", *STRICT)):
        if said:
            yield said
    if not moved(tree, grow.shorter(tree.now)):
        yield "offsets.c takes a table that is one member shorter"


def main(source):
    with tempfile.TemporaryDirectory(prefix="pomod-abi-") as folder:
        tree = Tree(pathlib.Path(source), pathlib.Path(folder))
        results = [
            ("C11 and C++17 take the header without a warning, by gcc and clang", unclean(tree)),
            ("every member and word is held", not_held(tree)),
            ("every member stands where the first release put it", filter(None, [moved(tree, tree.now), moved(tree, tree.first)])),
            ("every type is what it was in the first release", filter(None, [tree.difference(tree.now)])),
            ("what grows at an end breaks nothing", growth(tree)),
            ("what breaks plugins is noticed", unnoticed(tree)),
        ]
        print(f"1..{len(results)}")
        for number, (title, sentences) in enumerate(results, 1):
            sentences = list(sentences)
            for sentence in sentences:
                print("# " + sentence.replace("\n", "\n# "))
            print(f"{'not ok' if sentences else 'ok'} {number} {title}")


main(*sys.argv[1:])
