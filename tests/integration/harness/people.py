# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Accounts that a bus and its daemons know and this computer does not: alice, bob and mallory are people, as useradd makes them.
"""

import os
import pathlib
import shutil

ALICE, BOB, MALLORY = 21001, 21002, 21003
NAMES = {ALICE: "alice", BOB: "bob", MALLORY: "mallory"}


def knowing(folder, more=None):
    """What a command is begun with, so that it sees these accounts in /etc/passwd; root alone can do that."""
    accounts = folder / "passwd"
    people = {**NAMES, **(more or {})}
    accounts.write_text(pathlib.Path("/etc/passwd").read_text()
                        + "".join(f"{name}:x:{uid}:{uid}::/nonexistent:/bin/false\n" for uid, name in people.items()))
    accounts.chmod(0o644)
    return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", 'mount --bind "$0" /etc/passwd; exec "$@"', str(accounts)]


class Computer:
    """An /etc of its own, whose accounts change while commands run there."""

    def __init__(self, folder, names, services="files"):
        self.etc = folder / "etc"
        shutil.copytree("/etc", self.etc, symlinks=True)
        (self.etc / "nsswitch.conf").write_text(f"passwd: {services}\ngroup: files\n")
        self.base = pathlib.Path("/etc/passwd").read_text()
        self.has(names)
        self.prefix = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", 'mount --bind "$0" /etc; exec "$@"', str(self.etc)]

    def has(self, names):
        """These people have an account from here on, and no others; as usermod does it."""
        new = self.etc / "passwd+"
        new.write_text(self.base + "".join(f"{name}:x:{uid}:{uid}::/nonexistent:/bin/false\n" for uid, name in names.items()))
        new.chmod(0o644)
        os.rename(new, self.etc / "passwd")
