# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Who asks for much and reads nothing: the bus keeps what was not read and counts it against pomod, and at 127 MiB it would take nothing
more from pomod for anybody.
"""

import os
import pathlib
import signal
import sqlite3
import subprocess
import time

import pytest
from gi.repository import GLib

from harness import bus as buses
from harness.client import NAME
from harness.loop import wait_until
from harness.people import ALICE, MALLORY
from harness.raw import RawConnection

pytestmark = pytest.mark.root
OUR_POLICY = pathlib.Path(__file__).resolve().parents[2] / "dbus/org.pomod.Pomod1.conf"
MIB = 1 << 20
BURST, A_SECOND, ANSWER = 8 * MIB, 2 * MIB, 256 * 1024


@pytest.fixture
def limits():
    """What the bus allows, where that is not what a computer's own bus does."""
    return ""


@pytest.fixture
def crowd_bus(folder, limits):
    instance = buses.system_policy_bus(folder / "system-bus", OUR_POLICY, os.getuid(), limits)
    yield instance
    instance.close()


@pytest.fixture
def pomod(make_daemon, crowd_bus, build_dir):
    """It serves mallory, whose log has a thousand long notes."""
    daemon = make_daemon(crowd_bus, bus_argument="--bus=system", env_more={"DBUS_SYSTEM_BUS_ADDRESS": crowd_bus.address})
    store = daemon.state_dir / str(MALLORY)
    store.mkdir(parents=True, mode=0o700)
    subprocess.run([build_dir / "tests/data/seed-store", store, "1000"], check=True)
    with sqlite3.connect(store / "pomod.db") as db:
        db.execute("UPDATE intervals SET note = ?", ("n" * 4000,))
    db.close()
    return daemon.start()


@pytest.fixture
def connect(crowd_bus, pomod):
    made = []

    def run(uid):
        made.append(RawConnection(crowd_bus, uid))
        return made[-1]
    yield run
    for connection in made:
        connection.close()


def ask_for_much(connection, n):
    """So many pages of the log."""
    numbers = [connection.queue_call("history", "Query", "(sa{sv})", ("", {})) for _ in range(n)]
    connection.send()
    connection.barrier()
    return numbers


def test_who_reads_nothing_is_waited_for_by_nobody(connect):
    alice, others = connect(ALICE), [connect(MALLORY) for _ in range(2)]
    for other in others:
        other.wait(other.get_all())
    for _ in range(4):
        for other in others:
            # The bus itself answers the 129th of a connection that waits for an answer.
            for _ in range(15):
                other.queue_call("history", "Query", "(sa{sv})", ("", {}))
            other.send()
        for _ in range(5):
            assert alice.wait(alice.get_all()).kind == "return"


def test_what_is_answered_has_a_rate(connect):
    """2 MiB a second beyond a burst of 8, and others are answered meanwhile."""
    alice, mallory = connect(ALICE), connect(MALLORY)
    mallory.wait(mallory.get_all())
    begin, before = time.monotonic(), mallory.n_read
    waiting = ask_for_much(mallory, 32)
    while (taken := mallory.n_read - before) < BURST + 2 * A_SECOND:
        assert mallory.wait(waiting.pop(0)).kind == "return"
        assert taken <= BURST + A_SECOND * (time.monotonic() - begin) + 2 * ANSWER
        waiting.append(mallory.queue_call("history", "Query", "(sa{sv})", ("", {})))
        mallory.send()
        assert alice.wait(alice.get_all()).kind == "return"


def test_an_error_repeats_nothing_long(connect):
    """Else it would be an answer as large as its call, whatever the rate; and many parts of a path are many to look for."""
    alice, mallory = connect(ALICE), connect(MALLORY)
    properties, timer, long = "org.freedesktop.DBus.Properties", f"{NAME}.Timer", "x" * 60000
    calls = [(mallory.path, properties, "GetAll", "(s)", (long,)), (mallory.path, properties, "Get", "(ss)", (timer, long)),
             (mallory.path, properties, "Get", "(ss)", (long, "State")),
             (mallory.path, properties, "Set", "(ssv)", (timer, long, GLib.Variant("s", long))),
             (f"/{long}", timer, "Stop", "(a{sv})", ({},)), (f"{mallory.path}/{long}", properties, "GetAll", "(s)", (timer,)),
             ("/a" * 30000, "org.freedesktop.DBus.Introspectable", "Introspect", "()", ())]
    for path, interface, member, signature, arguments in calls:
        before = mallory.n_read
        number = mallory.queue(NAME, path, interface, member, GLib.Variant(signature, arguments))
        mallory.send()
        assert mallory.wait(number).kind == "error"
        assert mallory.n_read - before < 1024, (member, path[:80])
    assert alice.wait(alice.get_all()).kind == "return"
    assert mallory.wait(mallory.get_all()).kind == "return"


@pytest.mark.parametrize("limits", ['<limit name="max_incoming_bytes">300000</limit>'])
def test_the_bus_takes_nothing_any_more(pomod, crowd_bus, connect):
    """Which is how many who each keep to their rate end, on a bus that is sooner full: pomod connects anew, and says who it was."""
    owners = []
    done = crowd_bus.watch_owner(NAME, owners.append)
    alice, mallory = connect(ALICE), connect(MALLORY)
    alice.wait(alice.get_all())
    ask_for_much(mallory, 60)
    wait_until(lambda: owners and owners[-1] not in (None, pomod.owner), "pomod to take its name on a new connection")
    done()
    assert alice.wait(alice.get_all()).kind == "return"
    assert alice.wait(alice.call("timer", "Start", "(sa{sv})", ("freeform", {}))).kind == "return"
    [said] = [line for line in pomod.log().splitlines() if str(MALLORY) in line and "KiB" in line]
    assert f"by uid: {MALLORY} (" in said, "who was sent most is named first"


def test_who_was_stopped_does_not_take_the_bus_for_deaf(pomod, crowd_bus, connect):
    """A computer slept, or pomod was busy, while the bus had answered long ago."""
    alice, mallory = connect(ALICE), connect(MALLORY)
    for connection in (alice, mallory):
        connection.wait(connection.get_all())
    os.kill(pomod.pid, signal.SIGSTOP)
    numbers = [mallory.queue_get_all() for _ in range(60)]
    mallory.send_and_settle()
    # The answers lie before a bus that is stopped, and pomod asks whether it is there.
    os.kill(crowd_bus.process.pid, signal.SIGSTOP)
    os.kill(pomod.pid, signal.SIGCONT)
    time.sleep(0.5)  # nothing tells that pomod has asked: its bus is stopped
    os.kill(pomod.pid, signal.SIGSTOP)
    os.kill(crowd_bus.process.pid, signal.SIGCONT)
    for number in numbers:
        mallory.wait(number)
    mallory.barrier()
    time.sleep(2)  # too late for an answer that is waited for by the clock
    os.kill(pomod.pid, signal.SIGCONT)
    assert alice.wait(alice.get_all()).kind == "return"
    assert crowd_bus.owner(NAME) == pomod.owner and "anew" not in pomod.log()
