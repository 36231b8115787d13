# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Accounts that a bus and its daemons know and this computer does not: alice, bob and mallory are people, as useradd makes them.
"""

import pathlib

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
