# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A service of the system, played by a template of python-dbusmock."""

import subprocess

from gi.repository import GLib

MOCK = "org.freedesktop.DBus.Mock"


class MockService:
    TEMPLATE = NAME = PATH = None

    def __init__(self, bus):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", "-m", "dbusmock", "--system", "--template", self.TEMPLATE],
            env={"DBUS_SYSTEM_BUS_ADDRESS": bus.address, "PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE, text=True)
        bus.wait_owner(self.NAME)
        self.connection = bus.connect()

    def mock(self, method, signature=None, *arguments, path=None, interface=MOCK):
        parameters = GLib.Variant(signature, arguments) if signature else None
        return self.connection.call_sync(self.NAME, path or self.PATH, interface, method, parameters, None, 0, 20000, None).unpack()

    def stop(self):
        self.connection.close_sync(None)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
