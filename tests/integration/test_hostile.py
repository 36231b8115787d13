# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
People who mean harm, on a bus with the stock policy of the system bus: what they try ends, stops or deafens nobody else's pomod.
"""

import os
import subprocess

import pytest
from gi.repository import Gio, GLib

from harness import zones
from harness.bus import both_buses
from harness.client import INTERFACES, NAME, PATH, error_name, options
from harness.loop import wait_until
from harness.people import ALICE, MALLORY

pytestmark = pytest.mark.root
DENIED = "org.freedesktop.DBus.Error.AccessDenied"

# What mallory does, in a process of hers: Python with a connection, `call` and `signal`; prints what it is to be judged by.
ATTACK = """
import json, os, sys
from gi.repository import Gio, GLib
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
def connect():
    return Gio.DBusConnection.new_for_address_sync(sys.argv[1], flags, None, None)
connection = connect()
def call(path, interface, method, arguments, fds=None):
    try:
        connection.call_with_unix_fd_list_sync("org.pomod.Pomod1", path, interface, method, GLib.Variant.parse(None, arguments), None,
                                               Gio.DBusCallFlags.NONE, 20000, fds, None)
        return "ok"
    except GLib.Error as error:
        return Gio.DBusError.get_remote_error(error) or error.message
def signal(destination, path, interface, member, arguments):
    connection.emit_signal(destination, path, interface, member, GLib.Variant.parse(None, arguments))
MANAGER = ("/org/pomod/Pomod1", "org.pomod.Pomod1.Manager")
"""


@pytest.fixture
def attack(system_policy_bus):
    """attack(code, *args): mallory runs that code on the bus, and its last line is given."""
    def run(code, *args):
        done = subprocess.run(["setpriv", f"--reuid={MALLORY}", f"--regid={MALLORY}", "--clear-groups", "/usr/bin/python3", "-c",
                               ATTACK + code, system_policy_bus.address, *map(str, args)],
                              capture_output=True, text=True, timeout=60, cwd="/", check=True, stdin=subprocess.DEVNULL)
        return done.stdout.splitlines()[-1]
    return run


@pytest.fixture
def alice(system_policy_bus, system_pomod, make_client):
    """Alice's object, as root sees it."""
    return make_client(system_policy_bus, uid=ALICE)


@both_buses
def test_descriptors_that_no_method_takes(attack, alice):
    """They are refused by the bus, and pomod never holds them."""
    answer = attack("""
fds = Gio.UnixFDList.new()
for _ in range(16): fds.append(os.open("/dev/null", os.O_RDONLY))
print(call(*MANAGER, "GetUser", "(@a{sv} {},)", fds), call(*MANAGER, "GetUser", "(@a{sv} {},)"))
""")
    assert answer == f"{DENIED} ok"
    assert alice.get_all()["State"] == "idle"


def subscribe(client):
    client.proxy("timer")
    client.call("manager", "Subscribe", "(a{sv})", (options(uid=client.uid),))


@pytest.fixture
def set_zone(folder, system_policy_bus):
    return zones.settable(folder, system_policy_bus)


def test_a_forged_zone(set_zone, attack, alice, system_pomod):
    """Who says that the zone has changed, without being timedated, costs nobody a calendar: nobody looks."""
    assert zones.offset(alice) == 0
    set_zone("Asia/Tokyo")
    attack("""
words = '("org.freedesktop.timedate1", {"Timezone": <"Asia/Tokyo">}, @as [])'
for destination in (sys.argv[2], None) * 50:
    signal(destination, '/org/freedesktop/timedate1', 'org.freedesktop.DBus.Properties', 'PropertiesChanged', words)
print(call(*MANAGER, "GetUser", "(@a{sv} {},)"))
""", system_pomod.owner)
    assert zones.offset(alice) == 0


FORGED = "signal(sys.argv[2], '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameOwnerChanged', \"('%s', '%s', '')\" % (sys.argv[3], sys.argv[3]))"


@both_buses
def test_a_forged_end_of_a_connection(attack, alice, system_policy_bus, system_pomod):
    """Who says that a subscriber has left, without being the bus, deafens nobody."""
    subscribe(alice)
    attack(FORGED + '\nprint(call(*MANAGER, "GetUser", "(@a{sv} {},)"))', system_pomod.owner, alice.connection.get_unique_name())
    alice.start("freeform")
    alice.wait_event("started")


def test_a_forged_end_where_no_policy_helps(bus, pomod, client):
    client.subscribe()
    name = client.connection.get_unique_name()
    other = bus.connect()
    other.emit_signal(pomod.owner, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                      GLib.Variant("(sss)", (name, name, "")))
    # Answered after the signal was read.
    other.call_sync(NAME, PATH, f"{NAME}.Manager", "GetUser", GLib.Variant("(a{sv})", ({},)), None, Gio.DBusCallFlags.NONE, 20000, None)
    client.start("freeform")
    client.wait_event("started")
    other.close_sync(None)


def test_who_ends_badly_again_and_again_waits(make_daemon, bus, folder):
    """Under a supervisor that restarts it for ever: it comes back each time, later each time, and at once after a good end."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    daemon = make_daemon(bus, env_more={"RUNTIME_DIRECTORY": str(runtime)}).start()
    for _ in range(3):
        daemon.kill9()
        daemon.start()
    daemon.restart()
    assert [line.split("waits ")[1].split(" before")[0] for line in daemon.log().splitlines() if "ended badly" in line] == [
        "100 ms", "200 ms", "400 ms"]
    daemon.stop()
    assert list(runtime.iterdir()) == []


def test_the_end_while_somebody_waits_for_a_backup(make_daemon, bus, client, build_dir):
    """In good order, and told so."""
    daemon = make_daemon(bus)
    subprocess.run([build_dir / "tests/data/seed-store", daemon.state_dir, "50000"], check=True)
    daemon.start()
    answers = []
    client.connection.call(NAME, client.path, INTERFACES["history"], "Backup", GLib.Variant("(a{sv})", ({},)), None,
                           Gio.DBusCallFlags.NONE, 20000, None, lambda _connection, done: answers.append(done))
    client.get_all()
    daemon.stop()
    wait_until(lambda: answers, "an answer")
    with pytest.raises(GLib.Error) as refused:
        client.connection.call_finish(answers[0])
    assert error_name(refused.value) == "org.pomod.Pomod1.Error.StoreFailed"
