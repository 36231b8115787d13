# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Browsers that are installed for a test, as far as a plugin can see, and folders as they are to the last byte."""

import errno
import os
import stat

FOLDERS = {"chrome": "opt/chrome/policies/managed", "brave": "brave/policies/managed", "edge": "opt/edge/policies/managed"}  # below /etc
CHROME, BRAVE = FOLDERS["chrome"], FOLDERS["brave"]
PROGRAMS = {CHROME: "/opt/google/chrome/chrome", BRAVE: "/opt/brave.com/brave/brave"}


def install(*folders, mount=True):
    """What a shell does so that the browsers of these folders are there: for `more` of make_sites()."""
    lines = ["mount -t tmpfs tmpfs /opt"] if mount else []
    for program in (PROGRAMS[folder] for folder in folders):
        lines += [f"mkdir -p {os.path.dirname(program)}", f"cp /bin/true {program}"]
    return "\n".join(lines)


def tree(folder):
    """All that is below it, with everything that must stay: of a folder not when it was last changed."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(place, name)
            try:
                found[os.path.relpath(path, folder)] = facts_of(path)
            except FileNotFoundError:
                continue  # gone between two looks
    return found


def facts_of(path):
    """Of one and the same file: what is replaced between two looks is looked at anew."""
    while True:
        st = os.lstat(path)
        try:
            facts = [oct(st.st_mode), st.st_uid, st.st_gid,
                     {key: os.getxattr(path, key, follow_symlinks=False) for key in os.listxattr(path, follow_symlinks=False)}]
            if stat.S_ISREG(st.st_mode):
                with open(path, "rb") as file:
                    facts += [file.read(), st.st_mtime_ns]
            elif stat.S_ISLNK(st.st_mode):
                facts.append(os.readlink(path))
        except OSError as error:
            if error.errno != errno.EINVAL:  # it was a link, and is none any more
                raise
            continue
        if os.lstat(path).st_ino == st.st_ino:
            return facts
