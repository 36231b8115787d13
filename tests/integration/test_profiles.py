# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A profile may name a plugin that is not there, and is told so."""

import os
import pathlib
import shutil

import pytest

from harness.client import options
from harness.daemon import Daemon

DEEP = options(Plugins="sites;mute")
TEXT = "[Profile deep]\nPlugins=sites;mute\n[Rule mornings]\nHours=09:00-12:00\nFocus=deep\n"


def missing(plugin, profile="deep"):
    return f"the profile {profile} names the plugin {plugin}, which is not installed here: that part of it does nothing"


def set_profile(client, keys=DEEP):
    return client.call("focus", "SetProfile", "(sa{sv}a{sv})", ("deep", keys, {}))


def imported(client, **opts):
    return client.call("schedules", "Import", "(sa{sv})", (TEXT, options(**opts)))["Warnings"]


def report(client, plugin):
    client.register(plugin)
    client.call("focus", "Report", "(stssa{sv})", (plugin, 0, "idle", "", {}))


def test_until_its_host_has_said_something(pomod, client):
    assert imported(client, **{"dry-run": True}) == [missing("sites"), missing("mute")]
    assert imported(client) == [missing("sites"), missing("mute")]
    assert set_profile(client) == [missing("sites"), missing("mute")]
    report(client, "sites")
    assert set_profile(client) == [missing("mute")]
    report(client, "mute")
    assert set_profile(client) == imported(client) == []


@pytest.fixture
def installed(folder, program, make_daemon, bus, env):
    """A tree with a pomod in bin, and the folders for plugins, of the tree and of the user."""
    tree = folder / "tree"
    (tree / "bin").mkdir(parents=True)
    shutil.copy(program("pomod"), tree / "bin")
    folders = [tree / os.environ["POMOD_PLUGIN_DIR"], pathlib.Path(env["XDG_DATA_HOME"]) / "pomod/plugins"]
    for each in folders:
        each.mkdir(parents=True)
    make_daemon(bus, kind=lambda on_bus, _, *args, **kwargs: Daemon(on_bus, tree / "bin/pomod", *args, **kwargs)).start()
    return folders


@pytest.mark.parametrize("place", [0, 1], ids=["of the tree", "of the user"])
def test_until_it_is_installed(installed, client, place):
    assert set_profile(client) == [missing("sites"), missing("mute")]
    (installed[place] / "mute.so").touch()
    assert set_profile(client) == [missing("sites")]


def test_pomoctl_says_so_and_goes_on(pomod, client, pomoctl):
    done = pomoctl("focus", "profile", "set", "deep", "Plugins=sites")
    assert done.rc == 0 and done.err == f"pomoctl: warning: {missing('sites')}\n" and "added profile deep" in done.out
    done = pomoctl("schedule", "import", "-", stdin=TEXT)
    assert done.rc == 0 and done.err == "".join(f"pomoctl: warning: {missing(p)}\n" for p in ("sites", "mute"))
    report(client, "sites")
    assert pomoctl("focus", "profile", "set", "deep", "Plugins=sites").err == ""
