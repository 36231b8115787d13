#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
docs.py SOURCE POMOCTL: what README and CONTRIBUTING tell people to type exists, and what they link to is there.
Speaks TAP.
"""

import pathlib
import re
import subprocess
import sys

PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "NEWS.md", "docs/ARCHITECTURE.md", "docs/schedules.md", "tests/integration/README.md")


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
        named = re.findall(r"`((?:common|daemon|clients|tests|script|dbus|systemd|docs|\.ci)/[A-Za-z0-9_./-]+)`", text)
        named += re.findall(r"^ {4}((?:script|\.ci)/[a-z]+)", text, re.M)
        for name in named:
            if "INTERFACE" not in name and not (root / name).exists():
                yield f"{page} names {name}, which is not there"


def main(root, pomoctl):
    root = pathlib.Path(root)
    results = [
        ("every verb that is told exists", wrong_verbs(root, verbs(pomoctl))),
        ("every setting that is named exists", wrong_settings(root, settings(root))),
        ("every link leads somewhere", wrong_links(root)),
        ("every file that is named is there", wrong_files(root)),
    ]
    print(f"1..{len(results)}")
    for number, (title, sentences) in enumerate(results, 1):
        sentences = list(sentences)
        for sentence in sentences:
            print(f"# {sentence}")
        print(f"{'not ok' if sentences else 'ok'} {number} {title}")


main(*sys.argv[1:])
