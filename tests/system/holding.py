# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The plugins of the tests, which write what they hold into a file, and claims that name them."""

import time

SYSTEM, SESSION = "holds-system", "holds"
UNIT = f"pomod-plugin@{SYSTEM}.service"
RELEASE = "pomod-release.service"
WORLD = "/var/lib/pomod-world"
NAME = "reddit.com"


def profile(computer, plugin=SYSTEM, user="alice", name=NAME):
    computer.pomoctl(user, "focus", "profile", "set", "deep", f"Plugins={plugin}", f"{plugin}.hold={name}").ok()


def hold(computer, seconds, *options, user="alice"):
    """A claim by hand; when it ends, by time.time()."""
    computer.pomoctl(user, "focus", "on", "deep", f"{seconds}s", *options).ok()
    return time.time() + seconds


def held(plugin=SYSTEM):
    """A shell condition: the plugin holds the name."""
    return f"grep -qs {NAME} {WORLD}/{plugin}"


def holds(computer, plugin=SYSTEM):
    return computer.root(held(plugin)).rc == 0


def world(computer, plugin=SYSTEM):
    """The lines of its file."""
    return set(computer.root(f"cat {WORLD}/{plugin}").out.splitlines())


def state(computer, plugin=SYSTEM, user="alice"):
    """Of `pomoctl plugin list`."""
    (line,) = [line for line in computer.pomoctl(user, "plugin", "list", "--json").lines() if line["name"] == plugin]
    return line


def begin(computer):
    """The host runs and holds nothing."""
    computer.root(f"systemctl reset-failed; systemctl enable --now {UNIT}").ok()
    profile(computer)
