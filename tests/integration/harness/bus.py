# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Private message buses: one with a session's policy, one with the policy of the stock system bus and ours."""

import os
import signal
import subprocess

from gi.repository import Gio, GLib

from harness import people
from harness.loop import wait_until
from harness.policy import configuration, system_policy


# max_* as on any session bus of a desktop: what one user may do to their own bus is not limited by it.
SESSION_POLICY = """
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_connections_per_user">10000</limit>
  <limit name="max_completed_connections">10000</limit>
  <limit name="max_match_rules_per_connection">50000</limit>
  <limit name="max_replies_per_connection">50000</limit>
"""


class Bus:
    """A dbus-daemon of our own, with its address. `connect()` gives a connection of GDBus."""

    def __init__(self, folder, kind, policy):
        self.folder = folder
        self.kind = kind
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        # Begins the command of the bus, and of every daemon on it.
        self.prefix = people.knowing(folder) if os.geteuid() == 0 else []
        self.config = folder / "bus.conf"
        self.socket = folder / "bus"
        self.config.write_text(configuration(kind, self.socket, policy))
        self.process = None
        self._connection = None
        self.daemons = []  # on this bus: they end before it does
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [*self.prefix, "dbus-daemon", f"--config-file={self.config}", "--nofork", "--nopidfile", "--print-address=1"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        assert self.address, "dbus-daemon did not start"
        self._connection = None

    def connect(self):
        """A new connection; a bus that goes away does not take the test with it."""
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        connection = Gio.DBusConnection.new_for_address_sync(self.address, flags, None, None)
        connection.set_exit_on_close(False)
        return connection

    @property
    def connection(self):
        """The harness's own connection, for looking at the bus."""
        if self._connection is None:
            self._connection = self.connect()
        return self._connection

    def call(self, method, parameters=None):
        """A method of the bus itself."""
        answer = self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                           method, parameters, None, Gio.DBusCallFlags.NONE, 10000, None)
        return answer.unpack()

    def owner(self, name):
        """The unique name of the owner, None where there is none."""
        try:
            return self.call("GetNameOwner", GLib.Variant("(s)", (name,)))[0]
        except GLib.Error as error:
            if Gio.DBusError.get_remote_error(error) == "org.freedesktop.DBus.Error.NameHasNoOwner":
                return None
            raise

    def watch_owner(self, name, changed):
        """Calls changed(new_owner or None) at each change; returns what ends that."""
        number = self.connection.signal_subscribe(
            "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", "/org/freedesktop/DBus", name,
            Gio.DBusSignalFlags.NONE, lambda *args: changed(args[5].unpack()[2] or None))
        return lambda: self.connection.signal_unsubscribe(number)

    def wait_owner(self, name, owned=True, alive=lambda: True):
        """Until the name has an owner (or has none): by NameOwnerChanged, and one look at the start."""
        seen = []
        done = self.watch_owner(name, seen.append)
        try:
            seen.append(self.owner(name))
            wait_until(lambda: bool(seen[-1]) == owned or not alive(), f"{name} to be {'owned' if owned else 'gone'}")
        finally:
            done()
        return seen[-1]

    def close(self):
        """The end of the test: the daemons are finished before their bus is taken from them."""
        try:
            for daemon in self.daemons:
                daemon.finish()
        finally:
            self.stop()

    def stop(self):
        if self._connection is not None and not self._connection.is_closed():
            self._connection.close_sync(None)
        self._connection = None
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)
        if self.process:
            self.process.stdout.close()


def session_bus(folder):
    return Bus(folder, "session", SESSION_POLICY)


def system_policy_bus(folder, our_policy, owner_uid, limits=""):
    """As the computer's own."""
    return Bus(folder, "system", system_policy(our_policy, owner_uid, limits))
