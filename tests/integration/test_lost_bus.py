# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
A connection to the bus that is lost while the bus lives is made anew, and no flood of connections and signals loses it.
"""

import ctypes
import os
import pathlib
import socket
import subprocess

import pytest

from harness.client import NAME
from harness.loop import repeat_until
from harness.people import ALICE, MALLORY

pytestmark = pytest.mark.root
SYS_PIDFD_GETFD = 438

# Connections that call and are gone at once, then signals of timedate1, every fourth to everybody; each so many. What a bus refuses of
# them is no matter.
FLOOD = """
import sys
from gi.repository import Gio, GLib
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
address, pomod, path, n_connections, n_signals = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
def connect():
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
for _ in range(n_connections):
    connection = connect()
    connection.call("org.pomod.Pomod1", path, "org.freedesktop.DBus.Properties", "GetAll", GLib.Variant("(s)", ("org.pomod.Pomod1.Timer",)),
                    None, Gio.DBusCallFlags.NONE, 20000, None, None)
    connection.flush_sync(None)
    connection.close_sync(None)
connection = connect()
zone = GLib.Variant("(sa{sv}as)", ("org.freedesktop.timedate1", {"Timezone": GLib.Variant("s", "Europe/Berlin")}, []))
for i in range(n_signals):
    connection.emit_signal(pomod if i % 4 else None, "/org/freedesktop/timedate1", "org.freedesktop.DBus.Properties", "PropertiesChanged", zone)
    if i % 500 == 0:
        connection.flush_sync(None)
connection.flush_sync(None)
"""


def flood(bus, daemon, n_connections, n_signals):
    return subprocess.Popen(["setpriv", f"--reuid={MALLORY}", f"--regid={MALLORY}", "--clear-groups", "/usr/bin/python3", "-c", FLOOD,
                             bus.address, daemon.owner, f"/org/pomod/Pomod1/user/_{MALLORY}", str(n_connections), str(n_signals)],
                            stdin=subprocess.DEVNULL, cwd="/")


@pytest.fixture
def alice(system_policy_bus, system_pomod, make_client):
    return make_client(system_policy_bus, uid=ALICE)


def test_connections_and_then_signals_of_another_zone(alice, system_pomod, system_policy_bus):
    alice.start("freeform")
    floods = [flood(system_policy_bus, system_pomod, 100, 5000) for _ in range(3)]
    while any(each.poll() is None for each in floods):
        assert alice.get_all()["State"] == "freeform"
    assert [each.wait() for each in floods] == [0, 0, 0]
    assert system_policy_bus.owner(NAME) == system_pomod.owner and system_pomod.alive()


def cut(pid, path):
    """The socket of that process to that path is at its end, whoever holds it."""
    libc = ctypes.CDLL(None, use_errno=True)
    process = os.pidfd_open(pid)
    try:
        for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            if not os.readlink(entry).startswith("socket:"):
                continue
            fd = libc.syscall(SYS_PIDFD_GETFD, process, int(entry.name), 0)
            assert fd >= 0, os.strerror(ctypes.get_errno())
            with socket.socket(fileno=fd) as copy:
                if copy.family == socket.AF_UNIX and copy.getpeername() == str(path):
                    copy.shutdown(socket.SHUT_RDWR)
                    return
    finally:
        os.close(process)
    raise AssertionError(f"{pid} has no connection to {path}")


def test_a_connection_that_is_lost_is_made_anew(alice, system_pomod, system_policy_bus):
    alice.start("freeform")
    pid = system_pomod.process.pid
    for _ in range(3):
        before = system_policy_bus.owner(NAME)
        cut(pid, system_policy_bus.socket)
        repeat_until(lambda: system_policy_bus.owner(NAME) not in (None, before), "pomod to be back on its bus")
        assert system_pomod.alive()
        assert alice.get_all()["State"] == "freeform"


def test_with_its_bus_it_ends(alice, system_pomod, system_policy_bus):
    alice.start("freeform")
    system_policy_bus.process.kill()
    system_policy_bus.process.wait()
    assert system_pomod.process.wait(20) == 0
    assert "is gone" in system_pomod.log()
