# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Whose a uid is: accounts that change while pomod runs, and accounts that only a name service knows, which answers late, never or
with an error. Nobody else waits for it, and nobody is told that there is no account because nobody knows.
"""

import json
import os
import pathlib
import sqlite3
import subprocess
import time

import pytest
from gi.repository import GLib

from harness import bus as buses
from harness import people
from harness.client import INTERFACES, NAME, PATH, options
from harness.loop import repeat_until
from harness.people import ALICE, BOB

pytestmark = pytest.mark.root
POLICY = pathlib.Path(__file__).resolve().parents[2] / "dbus/org.pomod.Pomod1.conf"
# Accounts of a directory are far above those of the file.
CAROL, HANGS, BUSY, AWAY, NOBODY_HAS_IT = 1_800_000_001, 1_800_000_002, 1_800_000_003, 1_800_000_004, 1_800_000_005
NO_USER, LOOKUP_FAILED = f"{NAME}.Error.NoUser", f"{NAME}.Error.LookupFailed"

# One call on a connection of its own: [what came back] or an error's name, and how long it took.
CALLER = """
import json, sys, time
from gi.repository import Gio, GLib
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
address, path, interface, method, arguments = sys.argv[1:]
connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
began = time.monotonic()
try:
    answer = connection.call_sync("org.pomod.Pomod1", path, interface, method, GLib.Variant.parse(None, arguments), None,
                                  Gio.DBusCallFlags.NONE, 30000, None).unpack()
except GLib.Error as error:
    answer = Gio.DBusError.get_remote_error(error) or error.message
print(json.dumps([answer, time.monotonic() - began]))
"""


@pytest.fixture
def own_bus(folder):
    """A bus with the stock policy that knows everybody: whom pomod knows is another matter."""
    instance = buses.system_policy_bus(folder / "system-bus", POLICY, os.getuid())
    instance.stop()
    (folder / "known").mkdir()
    instance.prefix = people.knowing(folder / "known", {CAROL: "carol", HANGS: "hugo", BUSY: "bruno", AWAY: "anna", NOBODY_HAS_IT: "nemo"})
    instance.start()
    yield instance
    instance.close()


@pytest.fixture
def services(folder):
    """services({uid: word}): what the name service says from here on."""
    def say(words):
        new = folder / "words+"
        new.write_text("".join(f"{uid} {word}\n" for uid, word in words.items()))
        new.chmod(0o644)
        os.rename(new, folder / "words")
    say({CAROL: "carol", HANGS: "hangs", BUSY: "busy", AWAY: "away"})
    return say


@pytest.fixture
def computer(folder):
    return people.Computer(folder, {ALICE: "alice", BOB: "bob"}, "files pomotest systemd")


@pytest.fixture
def daemon(own_bus, computer, services, make_daemon, build_dir, folder):
    own_bus.prefix = computer.prefix
    return make_daemon(own_bus, bus_argument="--bus=system", env_more={
        "DBUS_SYSTEM_BUS_ADDRESS": own_bus.address, "LD_LIBRARY_PATH": str(build_dir / "tests/integration"),
        "POMOD_TEST_ACCOUNTS": str(folder / "words")}).start()


class Caller:
    """A call as that uid, under way."""

    def __init__(self, bus, uid, room, method, arguments):
        interface = INTERFACES.get(room, room)
        self.process = subprocess.Popen(
            ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "/usr/bin/python3", "-c", CALLER,
             bus.address, f"{PATH}/user/_{uid}", interface, method, arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, cwd="/")

    def answer(self):
        out, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return json.loads(out)


@pytest.fixture
def ask(own_bus):
    """ask(uid, room, method, arguments): a Caller; they are gone in the end."""
    made = []

    def begin(uid, room="org.freedesktop.DBus.Properties", method="GetAll", arguments=f"('{INTERFACES['timer']}',)"):
        made.append(Caller(own_bus, uid, room, method, arguments))
        return made[-1]
    yield begin
    for caller in made:
        caller.process.kill()
        caller.process.communicate()


def state(answer):
    return answer[0]["State"] if isinstance(answer, list) else answer


START = ("timer", "Start", "('pomodoro', {'task': <'a letter to Dora'>})")
LIST = ("tasks", "List", "(@a{sv} {},)")


def tasks(answer):
    return [task["Title"] for task in answer[0]]


def set_aside(daemon, uid, name):
    """The titles in the one store of that account that was set aside."""
    found = [path for path in (daemon.state_dir / str(uid)).iterdir()
             if f"account-{name}" in path.name and path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    assert len(found) == 1
    with sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True) as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert store.execute("SELECT account FROM state").fetchall() == [(name,)]
        return [title for title, in store.execute("SELECT title FROM tasks")]


def test_a_uid_is_given_to_another_account(daemon, computer, ask, make_client, own_bus):
    watcher = make_client(own_bus, uid=ALICE)  # root, who looks at her
    ask(ALICE, *START).answer()
    watcher.proxy("timer")
    watcher.call("manager", "Subscribe", "(a{sv})", (options(uid=ALICE),))
    assert tasks(ask(ALICE, *LIST).answer()[0]) == ["a letter to Dora"]

    computer.has({ALICE: "erin", BOB: "bob"})
    assert state(ask(ALICE).answer()[0]) == "idle"
    assert tasks(ask(ALICE, *LIST).answer()[0]) == []
    assert set_aside(daemon, ALICE, "alice") == ["a letter to Dora"]

    # Whoever was let in by the old owner hears nothing of the new one.
    before = len(watcher.events)
    ask(ALICE, "timer", "Start", "('freeform', {'task': <'a secret'>})").answer()
    watcher.wait_signal_round_trip()
    assert [event for event in watcher.events[before:] if "secret" in str(event)] == []
    assert all("secret" not in str(change) for change in watcher.changes)
    assert "account alice" not in daemon.log() and "set aside" in daemon.log()


def test_what_is_no_news_sets_nothing_aside(daemon, computer, ask):
    ask(ALICE, *START).answer()
    computer.has({BOB: "bob", ALICE: "alice", 21005: "erin"})
    assert state(ask(ALICE).answer()[0]) == "pomodoro"
    assert [path.name for path in (daemon.state_dir / str(ALICE)).iterdir() if "account" in path.name] == []


def test_an_account_is_gone(daemon, computer, ask):
    ask(ALICE, *START).answer()
    computer.has({BOB: "bob"})
    assert ask(ALICE).answer()[0] == NO_USER
    computer.has({ALICE: "alice", BOB: "bob"})
    assert state(ask(ALICE).answer()[0]) == "pomodoro"


def test_nobody_waits_for_a_name_service(daemon, ask):
    hung = ask(HANGS)
    began = time.monotonic()
    while time.monotonic() - began < 1:
        answer, took = ask(BOB).answer()
        assert state(answer) == "idle" and took < 1
    for uid, expected in ((CAROL, "idle"), (BUSY, LOOKUP_FAILED), (AWAY, LOOKUP_FAILED), (NOBODY_HAS_IT, NO_USER)):
        answer, took = ask(uid).answer()
        assert state(answer) == expected and took < 5
    answer, took = hung.answer()
    assert answer == LOOKUP_FAILED and took < 13


def test_a_start_while_a_name_service_hangs(daemon, services, ask):
    """What a directory's user had running goes on, and is shown again once it is known whose it is."""
    ask(CAROL, *START).answer()
    daemon.kill9()
    services({CAROL: "hangs"})
    daemon.start()
    answer, took = ask(BOB).answer()
    assert state(answer) == "idle" and took < 1
    assert ask(CAROL).answer()[0] == LOOKUP_FAILED
    services({CAROL: "carol"})
    repeat_until(lambda: state(ask(CAROL).answer()[0]) == "pomodoro", "carol to be known")
    services({CAROL: "claire"})
    daemon.restart()
    assert state(ask(CAROL).answer()[0]) == "idle"
    assert set_aside(daemon, CAROL, "carol") == ["a letter to Dora"]
