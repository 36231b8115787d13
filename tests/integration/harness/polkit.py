# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""polkit, played by python-dbusmock's template, and calls made by an account that is not root."""

import json
import subprocess

from harness.loop import repeat_until
from harness.mock import MockService

OVERRIDE_LOCK = "org.pomod.override-lock"


class Polkit(MockService):
    """By default nothing is allowed."""

    TEMPLATE, NAME, PATH = "polkitd", "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority"

    def allow(self, *actions):
        self.mock("SetAllowed", "(as)", list(actions))

    def hang(self, hanging=True):
        self.mock("SimulateHang", "(b)", hanging)

    def wait_hanging(self):
        repeat_until(lambda: self.mock("HaveHangingCalls", "()")[0], "polkit to be asked")

    def answer(self):
        self.mock("ReleaseHangingCalls", "()")


CALLER = """
import json, sys
from gi.repository import Gio, GLib
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
connection = Gio.DBusConnection.new_for_address_sync(sys.argv[1], flags, None, None)
interactive = Gio.DBusCallFlags.ALLOW_INTERACTIVE_AUTHORIZATION if sys.argv[2] == "1" else Gio.DBusCallFlags.NONE
path, interface, method, arguments = json.load(sys.stdin)
try:
    answer = connection.call_sync("org.pomod.Pomod1", path, interface, method, GLib.Variant.parse(None, arguments), None,
                                  interactive, 20000, None)
    json.dump(["ok", answer.unpack()], sys.stdout)
except GLib.Error as error:
    json.dump([Gio.DBusError.get_remote_error(error) or "none", error.message], sys.stdout)
"""


class Call:
    """A call by another account, in a process of its own. `result()` waits for it: ("ok", values), or (name, message)."""

    def __init__(self, uid, bus, path, interface, method, arguments, interactive=False):
        self.process = subprocess.Popen(
            ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "/usr/bin/python3", "-c", CALLER,
             bus.address, "1" if interactive else "0"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")
        json.dump([path, interface, method, arguments], self.process.stdin)
        self.process.stdin.close()

    @property
    def pid(self):
        return self.process.pid

    def done(self):
        return self.process.poll() is not None

    def result(self):
        self.process.wait(30)
        with self.process.stdout as out:
            return tuple(json.load(out))
