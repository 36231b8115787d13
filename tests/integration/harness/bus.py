# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Private message buses: one with a session's policy, one with the policy of the stock system bus and ours."""

import contextlib
import os
import signal
import socket
import subprocess
import threading

import pytest
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
        self.process = self.spawn()
        self._connection = None

    def spawn(self):
        """The process of the bus, which takes connections at self.address."""
        process = subprocess.Popen(
            [*self.prefix, "dbus-daemon", f"--config-file={self.config}", "--nofork", "--nopidfile", "--print-address=1"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.address = process.stdout.readline().strip()
        assert self.address, "dbus-daemon did not start"
        return process

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
            self.process.wait(60)  # it lets go of thousands of connections
        if self.process:
            self.process.stdout.close()


# A service manager gives it the socket that it listens on; it speaks to the bus itself, and to a journal.
BROKER = """
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal
ln -s "$1/journal" /run/systemd/journal/socket
LISTEN_PID=$$ exec dbus-broker-launch --scope system --config-file "$1/bus.conf" 3<&"$2"
"""


class BrokerBus(Bus):
    """The other implementation of the bus, dbus-broker; of root alone."""

    def spawn(self):
        self.address = f"unix:path={self.socket}"
        listening, self.journal = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        for each, path in ((listening, self.socket), (self.journal, self.folder / "journal")):
            each.bind(str(path))
            path.chmod(0o666)
        listening.listen(128)
        threading.Thread(target=self.read_journal, daemon=True).start()
        with listening:
            return subprocess.Popen(
                [*self.prefix, "bash", "-ec", BROKER, "bash", self.folder, str(listening.fileno())], pass_fds=[listening.fileno()],
                env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.address, "LISTEN_FDS": "1"},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def read_journal(self):
        """What nobody reads would stop it in the end."""
        with contextlib.suppress(OSError):
            while self.journal.recv(65536):
                pass

    def stop(self):
        super().stop()
        self.journal.shutdown(socket.SHUT_RDWR)
        self.journal.close()


def session_bus(folder):
    return Bus(folder, "session", SESSION_POLICY)


def system_policy_bus(folder, our_policy, owner_uid, limits="", kind=Bus):
    """As the computer's own."""
    return kind(folder, "system", system_policy(our_policy, owner_uid, limits))


both_buses = pytest.mark.parametrize("bus_kind", [Bus, BrokerBus], ids=["dbus-daemon", "dbus-broker"])
