#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
docs.py SOURCE POMOCTL: what README and CONTRIBUTING tell people to type exists, what they link to is there, and so are the
functions and files that documents and comments name. Speaks TAP.
"""

import pathlib
import re
import subprocess
import sys

PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "NEWS.md", "docs/ARCHITECTURE.md", "docs/PLUGINS.md", "docs/schedules.md", "tests/integration/README.md")


def verbs(pomoctl):
    """The words that `pomoctl --help` lists below Verbs, with the second words that it offers: log [add|edit]."""
    text = subprocess.run([pomoctl, "--help"], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    section = re.search(r"^Verbs:\n(.*?)^\S", text, re.S | re.M)[1]
    return set(re.findall(r"^  ([a-z]+)", section, re.M))


def settings(root):
    return set(re.findall(r'"([a-z]+(?:-[a-z]+)*)",\s*SETTING_', (root / "daemon/core/settings.c").read_text())) | set(
        re.findall(r'\.name = "([a-z-]+)"', (root / "daemon/core/settings.c").read_text()))


def wrong_verbs(root, known):
    for page in PAGES:
        for verb in re.findall(r"(?:^ {4}|`|run )pomoctl ([a-z]+)\b", (root / page).read_text(), re.M):
            if verb not in known:
                yield f"{page} tells to type `pomoctl {verb}`, which there is not"


def wrong_settings(root, known):
    for page in PAGES:
        for name in re.findall(r"pomoctl config (?:set|get|reset) ([a-z-]+)", (root / page).read_text()):
            if name not in known:
                yield f"{page} names the setting {name}, which there is not"


def wrong_links(root):
    for page in PAGES:
        text = (root / page).read_text()
        for target in re.findall(r"\]\(([^)#]+?)\)", text):
            if "://" not in target and not ((root / page).parent / target).exists():
                yield f"{page} links to {target}, which is not there"


def wrong_files(root):
    for page in PAGES:
        text = (root / page).read_text()
        named = re.findall(r"`((?:common|daemon|clients|plugins|tests|script|dbus|systemd|docs|\.ci)/[A-Za-z0-9_./-]+)`", text)
        named += re.findall(r"^ {4}((?:script|\.ci)/[a-z]+)", text, re.M)
        for name in named:
            if "INTERFACE" not in name and not (root / name).exists():
                yield f"{page} names {name}, which is not there"


COMMENT_OR_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*', re.S)
FILE_NAME = re.compile(r"(?<![\w*/.-])([\w/-]+\.(?:c|h|py|sql))\b")
FUNCTION_NAME = re.compile(r"\b([a-z]\w*)\(\)")


def sources(root):
    """The text of every file of code, by its path."""
    return {path.relative_to(root).as_posix(): path.read_text()
            for path in sorted(root.rglob("*")) if path.suffix in (".c", ".h", ".py", ".sql")
            and not path.relative_to(root).as_posix().startswith(("build", "."))}


def wrong_names(texts, files):
    """texts: (where, prose); files: the sources. What the prose calls NAME() or NAME.c has to be among these."""
    words, names = set(), set()
    for name, text in files.items():
        words |= set(re.findall(r"\w+", COMMENT_OR_LITERAL.sub(" ", text) if name.endswith((".c", ".h")) else text))
        parts = name.split("/")
        names |= {"/".join(parts[i:]) for i in range(len(parts))}
    for where, prose in texts:
        for function in FUNCTION_NAME.findall(prose):
            if function not in words:
                yield f"{where} names {function}(), which there is not"
        for name in FILE_NAME.findall(prose):
            if name not in names and not re.search("foo|[A-Z]", name):  # a name for any name
                yield f"{where} names {name}, which is not there"


def told_names(root):
    files = sources(root)
    texts = [(page, (root / page).read_text()) for page in PAGES if page != "NEWS.md"]
    for name, text in files.items():
        if name.endswith((".c", ".h")):
            texts += [(f"{name}:{text.count(chr(10), 0, found.start()) + 1}", found[0])
                      for found in COMMENT_OR_LITERAL.finditer(text) if not found[0].startswith('"')]
    yield from wrong_names(texts, files)


def wrong_plugins(page, header, acts):
    """docs/PLUGINS.md and pomo-plugin.h: every call, type and flag of a setting is told, and every POMO_ word that is told is there."""
    for name in ("PomoHostCalls", "PomoPlugin"):
        table = re.search(rf"^typedef struct {name} \{{(.*?)^\}} {name};", header, re.S | re.M)[1]
        for call in re.findall(r"\(\*(\w+)\)\(PomoHost|\(\*(\w+)\)\(void \*state", table):
            if f"{''.join(call)}()" not in page:
                yield f"docs/PLUGINS.md does not tell of {''.join(call)}()"
    told = set(re.findall(r"^\| `([a-z ]+)` \|", page[page.index("| verb | arguments |"):page.index("\nWith an `interval`")], re.M))
    for verb in sorted(told ^ set(re.findall(r'\.words = "([a-z ]+)"', acts))):
        yield f"{verb!r} of act() is {'told but not there' if verb in told else 'there but not told'}"
    for name in ("PomoType", "PomoSettingFlags", "PomoScope"):
        for word in re.findall(r"(POMO_\w+) = ", re.search(rf"^enum {name} \{{(.*?)^\}}", header, re.S | re.M)[1]):
            if f"`{word}`" not in page:
                yield f"docs/PLUGINS.md does not tell of {word}"
    for word in sorted(set(re.findall(r"\bPOMO_\w+|\bPomo[A-Z]\w+", page))):
        if not re.search(rf"\b{word}\b", header):
            yield f"docs/PLUGINS.md names {word}, which pomo-plugin.h has not"


def blind_plugins(page, header, acts):
    """A call that is gone from the page, one that is new in the header, a verb that is new, and a word that never was are noticed."""
    if not list(wrong_plugins(page, header, acts + '.words = "log add"')):
        yield "a verb of act() went unnoticed"
    for changed_page, changed_header in ((page.replace("look_again()", ""), header), (page + "`POMO_NEVER`", header),
                                         (page, header.replace("(*look_again)(PomoHost", "(*look_twice)(PomoHost")),
                                         (page, header.replace("POMO_NAMES = 7", "POMO_NAMES = 7, POMO_COLOUR = 8"))):
        if not list(wrong_plugins(changed_page, changed_header, acts)):
            yield "a page or header that was changed went unnoticed"


def blind():
    """The check of names finds what it looks for, and nothing else."""
    files = {"a/b.c": 'int is_there(void) { return "is_quoted"[0]; } /* is_told() */'}
    prose = "is_there() of b.c and a/b.c, of is_quoted() and is_told(), in c/b.c"
    found = [sentence.split()[2].rstrip(",") for sentence in wrong_names([("here", prose)], files)]
    if found != ["is_quoted()", "is_told()", "c/b.c"]:
        yield f"of the planted text this was found: {found}"


def main(root, pomoctl):
    root = pathlib.Path(root)
    plugins = [(root / name).read_text() for name in ("docs/PLUGINS.md", "plugins/api/pomo-plugin.h", "plugins/host/act.c")]
    results = [
        ("every verb that is told exists", wrong_verbs(root, verbs(pomoctl))),
        ("every setting that is named exists", wrong_settings(root, settings(root))),
        ("every link leads somewhere", wrong_links(root)),
        ("every file that is named is there", wrong_files(root)),
        ("every call and type of a plugin is told", wrong_plugins(*plugins)),
        ("what is not told of plugins is noticed", blind_plugins(*plugins)),
        ("the check of names finds what it looks for", blind()),
        ("every function and file that prose or a comment names is there", told_names(root)),
    ]
    print(f"1..{len(results)}")
    for number, (title, sentences) in enumerate(results, 1):
        sentences = list(sentences)
        for sentence in sentences:
            print(f"# {sentence}")
        print(f"{'not ok' if sentences else 'ok'} {number} {title}")


main(*sys.argv[1:])
