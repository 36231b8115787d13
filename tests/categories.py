#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
categories.py SOURCE: whether the categories of names in data/categories are as a plugin takes them. Each name is a host's, in
A-labels and small letters; none is a public suffix, none stands below another, none is in two categories; names are sorted, and
each says why it is there and since when. Speaks TAP.
"""

import pathlib
import re
import sys

SUFFIXES = pathlib.Path("/usr/share/publicsuffix/public_suffix_list.dat")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
SINCE = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
CATEGORY = re.compile(r"[a-z0-9-]{1,64}")
LICENCE = ["# SPDX-License-Identifier: MIT", "# SPDX-FileCopyrightText: 2026 The pomod authors"]
WHY_MAX = 80
BYTES_MAX = 1 << 20
# A browser takes 1,000: who blocks all categories has room for names of their own.
NAMES_MAX = 850


def ascii_of(name):
    return name.encode("idna").decode()


def read_suffixes(text):
    """The rules of publicsuffix.org: suffixes, "*.ck", "!www.ck"; those of registries and of companies alike."""
    rules = set()
    for line in text.splitlines():
        word = line.split()[0] if line.strip() and not line.startswith("//") else ""
        if word:
            mark = word[:1] if word[0] == "!" else word[:2] if word.startswith("*.") else ""
            rules.add(mark + ascii_of(word[len(mark):]))
    return rules


def is_public_suffix(name, rules):
    if "!" + name in rules:
        return False
    return name in rules or "." not in name or "*." + name.split(".", 1)[1] in rules


def wrong_label(label):
    if not LABEL.fullmatch(label):
        return "can have a-z, 0-9 and dashes between them"
    if label.startswith("xn--"):
        try:
            if ascii_of(label.encode().decode("idna")) != label:
                return "is no A-label"
        except UnicodeError:
            return "is no A-label"
    return None


def wrong_name(name, rules):
    for label in name.split("."):
        why = wrong_label(label)
        if why:
            return f"the label \"{label}\" {why}"
    if len(name) > 253 or name.split(".")[-1].isdigit():
        return "it is no name of a host"
    if is_public_suffix(name, rules):
        return "it is a public suffix, under which anybody has names"
    return None


def wrong_row(line, rules):
    fields = line.split("\t")
    if len(fields) != 3:
        return f"has {len(fields)} fields in place of 3: a name, why, since when"
    name, why, since = fields
    if wrong_name(name, rules):
        return f"\"{name}\": {wrong_name(name, rules)}"
    if why.strip() != why or not 1 <= len(why) <= WHY_MAX:
        return f"\"{name}\" has no reason, or a long one"
    return None if SINCE.fullmatch(since) else f"\"{name}\" is here since \"{since}\", which is no month like 2026-11"


def above(name):
    """www.example.org: example.org and org."""
    labels = name.split(".")
    return [".".join(labels[i:]) for i in range(1, len(labels))]


def faults(categories, rules):
    """(category, sentence) for all that is wrong in {name: text}."""
    places = {}
    for category, text in sorted(categories.items()):
        if not CATEGORY.fullmatch(category):
            yield category, "a category is named by small letters, digits and dashes"
        if text.splitlines()[:2] != LICENCE or not text.endswith("\n") or len(text.encode()) > BYTES_MAX:
            yield category, "it begins with its licence, ends in a newline, and has at most 1 MiB"
        before = ""
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("#"):
                continue
            why = wrong_row(line, rules)
            if why:
                yield category, f"line {number} {why}"
                continue
            name = line.split("\t")[0]
            if name <= before:
                yield category, f"line {number} \"{name}\" stands behind \"{before}\": sort them, each once"
            elif name in places:
                yield category, f"line {number} \"{name}\" is in {places[name]}, too"
            before = name
            places.setdefault(name, category)
    if len(places) > NAMES_MAX:
        yield "all", f"there are {len(places)} names in all categories, and {NAMES_MAX} are the most"
    for name, category in places.items():
        for each in above(name):
            if each in places:
                yield category, f"\"{name}\" is below \"{each}\" of {places[each]}, which covers it"


def planted():
    """What must be found: rows below a good head, with a word of the sentence."""
    return {
        "a.org\tx": "has 2 fields", "A.org\tx\t2026-11": "label", "müller.de\tx\t2026-11": "label",
        "xn--zz--.org\tx\t2026-11": "label", "xn--a.org\tx\t2026-11": "no A-label", "com\tx\t2026-11": "public suffix",
        "co.uk\tx\t2026-11": "public suffix", "anything.ck\tx\t2026-11": "public suffix", "1.2.3.4\tx\t2026-11": "no name",
        "a.org/b\tx\t2026-11": "label", "*.a.org\tx\t2026-11": "label", "a.org\t\t2026-11": "no reason",
        "a.org\tx\t2026-13": "no month", "b.org\tx\t2026-11\na.org\tx\t2026-11": "sort", "a.org\tx\t2026-11\na.org\tx\t2026-11": "sort",
        "a.org\tx\t2026-11\nm.a.org\tx\t2026-11": "below", "": None, "www.ck\tx\t2026-11": None,
        "a.org\tx\t2026-11\nb.org\tx\t2026-11\nxn--mller-kva.de\tx\t2026-11": None,
    }


def unseen(rules):
    head = "\n".join(LICENCE) + "\n"
    for rows, word in planted().items():
        found = [sentence for _, sentence in faults({"c": head + rows + ("\n" if rows else "")}, rules)]
        if (word is None) != (not found) or (word and not any(word in sentence for sentence in found)):
            yield f"{rows!r}: {found}"
    many = "".join(f"n{number:04}.org\tx\t2026-11\n" for number in range(NAMES_MAX + 1))
    if list(faults({"c": head + many.split("\n", 1)[1]}, rules)) or not list(faults({"c": head + many}, rules)):
        yield "one name too many"
    for what, categories in (("no licence", {"c": "a.org\tx\t2026-11\n"}), ("a bad name", {"C": head}),
                             ("in two", {"c": head + "a.org\tx\t2026-11\n", "d": head + "a.org\tx\t2026-11\n"}),
                             ("below one of another", {"c": head + "a.org\tx\t2026-11\n", "d": head + "m.a.org\tx\t2026-11\n"})):
        if not list(faults(categories, rules)):
            yield what


def not_installed(root, categories):
    listed = set(re.findall(r"'([^']+)\.tsv'", (root / "data/categories/meson.build").read_text()))
    yield from (f"data/categories/meson.build does not install {name}" for name in sorted(set(categories) - listed))
    yield from (f"data/categories/meson.build installs {name}, which is not there" for name in sorted(listed - set(categories)))


def main():
    root = pathlib.Path(sys.argv[1])
    categories = {path.stem: path.read_text(encoding="utf-8") for path in sorted((root / "data/categories").glob("*.tsv"))}
    if not SUFFIXES.exists():
        print(f"1..1\nnot ok 1 - public suffixes are known\n# {SUFFIXES} is not there: install publicsuffix")
        return 1
    rules = read_suffixes(SUFFIXES.read_text(encoding="utf-8"))
    checks = [("what is wrong is found", list(unseen(rules))),
              ("every name of a category can be blocked, once", [f"@{name}: {sentence}" for name, sentence in faults(categories, rules)]),
              ("all of them are installed", list(not_installed(root, categories)) or ([] if len(categories) >= 5 else ["there are none"]))]
    print(f"1..{len(checks)}")
    for number, (title, wrong) in enumerate(checks, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {title}")
        for sentence in wrong:
            print(f"# {sentence}")
    return any(wrong for _, wrong in checks)


if __name__ == "__main__":
    sys.exit(main())
