# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""polkit as the test's own object, a plugin that everybody feels, and what is asked, granted and told."""

import json
import os
import pathlib
import shutil

from gi.repository import Gio, GLib

from harness.daemon import Daemon
from harness.loop import wait_until, watching_exit
from harness.polkit import Polkit

BLOCK = "org.pomod.block-for-everyone"

AUTHORITY = """<node><interface name="org.freedesktop.PolicyKit1.Authority"><method name="CheckAuthorization">
<arg type="(sa{sv})" direction="in"/><arg type="s" direction="in"/><arg type="a{ss}" direction="in"/>
<arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="(bba{ss})" direction="out"/></method>
<method name="CancelCheckAuthorization"><arg type="s" direction="in"/></method></interface></node>"""


class Question:
    def __init__(self, parameters, invocation):
        self.subject, self.action, self.details, self.flags, self.cancellation = parameters.unpack()
        self.invocation = invocation

    @property
    def names(self):
        return self.details["names"].split(", ")

    def answer(self, allowed, challenge=False):
        self.invocation.return_value(GLib.Variant("((bba{ss}))", ((allowed, challenge, {}),)))


class Authority:
    """.allows is what it answers at once; None: each question waits in .asked for its answer()."""

    def __init__(self, bus, allows=True):
        self.connection = bus.connect()
        self.allows, self.challenge = allows, False
        self.asked, self.cancelled = [], []
        interface = Gio.DBusNodeInfo.new_for_xml(AUTHORITY).interfaces[0]
        self.connection.register_object(Polkit.PATH, interface, self._on_call, None, None)
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                  GLib.Variant("(su)", (Polkit.NAME, 0)), None, 0, 10000, None)

    def _on_call(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        if method == "CancelCheckAuthorization":
            self.cancelled.append(parameters.unpack()[0])
            invocation.return_value(None)
            return
        self.asked.append(Question(parameters, invocation))
        if self.allows is not None:
            self.asked[-1].answer(self.allows, self.challenge)

    def wait_asked(self, n=1):
        wait_until(lambda: len(self.asked) >= n, f"polkit to be asked {n} times")
        return self.asked[n - 1]

    def wait_cancelled(self):
        wait_until(lambda: self.cancelled, "polkit to be told that nobody waits any more")

    def close(self):
        if not self.connection.is_closed():
            self.connection.close_sync(None)


def setting(key, type="names", for_everyone=False, standing=False):
    return {"key": key, "type": type, "sentence": f"What {key} is about", "fallback": None, "standing": standing,
            "for-everyone": for_everyone}


SITES = {"name": "sites", "version": "1", "abi": 1, "scope": "system", "sentence": "Blocks sites",
         "settings": [setting("block", for_everyone=True), setting("except")]}


class InTree(Daemon):
    """A pomod that lies in a tree, whose plugins are the test's."""

    @staticmethod
    def make_tree(folder, program):
        tree = folder / "tree"
        (tree / "bin").mkdir(parents=True)
        shutil.copy(program, tree / "bin")
        plugins = tree / os.environ["POMOD_PLUGIN_DIR"]
        plugins.mkdir(parents=True)
        categories = tree / "share/pomod/categories"
        categories.mkdir(parents=True)
        (categories / "social.tsv").write_text("social.example\tpeople talk there\t2026-01-01\n")
        return tree / "bin" / pathlib.Path(program).name, plugins


def describe(plugins, description):
    (plugins / f"{description['name']}.json").write_text(json.dumps(description))


def finished(call):
    """Its answer, while what the test itself answers is served."""
    with watching_exit(call.pid):
        wait_until(call.done, "the answer")
    return call.result()
