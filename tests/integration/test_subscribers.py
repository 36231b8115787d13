# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Who is subscribed and does not read: the bus keeps what was not read and counts it against pomod, so that such a connection is told no
more. What changes faster than people see is told as one.
"""

import os
import signal
import time

import pytest
from gi.repository import GLib

from harness.daemon import start_clock
from harness.people import ALICE, MALLORY
from harness.raw import RawConnection
from harness.stream import Stream
from harness.units import MINUTE

pytestmark = pytest.mark.root
LIMIT = "org.pomod.Pomod1.Error.LimitsExceeded"
ASKED_AFTER = 256 * 1024  # bytes of signals
ANSWERS_WITHIN = 60       # seconds
A_SECOND = 20             # changes
AT_ONCE = 50              # calls that may wait


@pytest.fixture
def connect(bus):
    made = []

    def run(uid=os.getuid(), on=bus, answers=True):
        made.append(RawConnection(on, uid))
        made[-1].answers = answers
        return made[-1]
    yield run
    for connection in made:
        connection.close()


@pytest.fixture
def bar(program, env, bus, pomod):
    running = Stream([program("pomobar")], {**env, "POMOD_BUS": bus.address})
    yield running
    running.process.send_signal(signal.SIGCONT)
    running.close()


def subscribe(connection):
    return connection.wait(connection.call("manager", "Subscribe", "(a{sv})", ({},)))


def interrupt(connection, n, note=""):
    """So many changes as fast as can be; returns when all of them are made."""
    opts = {"note": GLib.Variant("s", note)} if note else {}
    while n > 0:
        numbers = [connection.queue_call("timer", "Interrupt", "(a{sv})", (opts,)) for _ in range(min(n, AT_ONCE))]
        n -= len(numbers)
        connection.send()
        for number in numbers:
            assert connection.wait(number).kind == "return"


def seq_of(connection):
    return connection.wait(connection.get_all()).body[0]["Seq"]


def events(connection):
    return [message for message in connection.signals if message.member == "Event"]


def told_seqs(connection):
    return [message.body[1]["Seq"] for message in connection.signals if message.member == "PropertiesChanged"]


def read_until_told(connection, seq):
    while seq not in told_seqs(connection)[-1:]:
        connection.read()


def flood(loud, *listening, notes=4000):
    """Until each of them was sent more than a subscriber is trusted with, change by change: a user makes no more than 200 at once."""
    before = {connection: connection.n_read for connection in listening}
    loud.wait(loud.call("timer", "Start", "(sa{sv})", ("freeform", {})))
    while any(connection.n_read - was <= ASKED_AFTER + 20000 for connection, was in before.items()):
        interrupt(loud, 1, "n" * notes)
        for connection in listening:
            read_until_told(connection, seq_of(loud))
    loud.wait(loud.call("timer", "Stop", "(a{sv})", ({},)))


def test_who_answers_stays_subscribed(pomod, connect):
    loud, listener = connect(), connect()
    subscribe(listener)
    for _ in range(2):
        flood(loud, listener)
    loud.wait(loud.call("timer", "Start", "(sa{sv})", ("short-break", {})))
    assert listener.wait_event("started")
    assert "unsubscribed" not in [event.body[1] for event in events(listener)]


def test_who_does_not_answer_is_told_no_more(pomod, connect, bar):
    """And a bar that was stopped meanwhile is right again when it goes on."""
    bar.wait_line("idle")
    bar.process.send_signal(signal.SIGSTOP)
    loud, listener, deaf = connect(), connect(), connect(answers=False)
    deaf.socket.settimeout(ANSWERS_WITHIN + 30)
    subscribe(listener)
    subscribe(deaf)
    flood(loud, listener, deaf)
    assert [call.get_member() for call in deaf.calls] == ["Ping"], "it is asked once"
    asked = time.monotonic()

    last = deaf.wait_event("unsubscribed")
    assert time.monotonic() - asked > ANSWERS_WITHIN - 10
    assert "Ping" in last.body[2]["Message"]
    assert len(deaf.calls) == 1
    loud.wait(loud.call("timer", "Start", "(sa{sv})", ("short-break", {})))
    assert listener.wait_event("started")
    deaf.barrier()
    assert deaf.signals[-1] is last, "it is the last signal"
    # It was subscribed as root's host, too.
    assert [message.member for message in deaf.signals].count("Unsubscribed") == 1

    answer = subscribe(deaf)
    assert answer.error == LIMIT and "Ping" in answer.body[0]
    deaf.answer()
    assert subscribe(deaf).kind == "return"

    bar.process.send_signal(signal.SIGCONT)
    bar.wait_line(lambda line: "break" in line)
    loud.wait(loud.call("timer", "Skip", "(a{sv})", ({},)))
    bar.wait_line("idle")
    assert deaf.wait_event("skipped")


def test_many_changes_are_told_as_one(pomod, connect):
    """The state is right, and what was not told apart can be asked for."""
    loud, listener = connect(), connect()
    since = subscribe(listener).body[0]
    loud.wait(loud.call("timer", "Start", "(sa{sv})", ("freeform", {})))
    begin = time.monotonic()
    interrupt(loud, 190)
    seq = seq_of(loud)
    assert seq == since + 191
    read_until_told(listener, seq)
    listener.barrier()
    most = A_SECOND * (2 + time.monotonic() - begin)
    assert len(told_seqs(listener)) <= most
    seqs = [event.body[0] for event in events(listener)]
    assert len(seqs) <= most
    assert seqs == sorted(set(seqs)) and seqs[0] == since + 1 and seqs[-1] == seq
    # A leap is filled by asking.
    missed = listener.wait(listener.call("history", "Events", "(ta{sv})", (seq - 100, {})))
    assert missed.kind == "return"
    assert [event[0] for event in missed.body[0]] == list(range(seq - 99, seq + 1))


def test_few_changes_are_told_apart(pomod, connect):
    loud, listener = connect(), connect()
    since = subscribe(listener).body[0]
    loud.wait(loud.call("timer", "Start", "(sa{sv})", ("freeform", {})))
    interrupt(loud, 9)
    read_until_told(listener, seq_of(loud))
    listener.barrier()
    assert [event.body[0] for event in events(listener)] == list(range(since + 1, since + 11))


def test_the_systems_bus_lets_it_ask_anybody(system_pomod, system_policy_bus, connect):
    loud, listener = connect(MALLORY, system_policy_bus), connect(MALLORY, system_policy_bus, answers=False)
    subscribe(listener)
    flood(loud, listener)
    listener.barrier()
    assert [call.get_member() for call in listener.calls] == ["Ping"]


def test_roots_hosts_are_told_of_everybody(system_pomod, system_policy_bus, connect):
    """What one user changes in a flood is told as one, and what others change is told."""
    mallory, alice, host = (connect(uid, system_policy_bus) for uid in (MALLORY, ALICE, 0))
    subscribe(host)
    for user, plugin in ((mallory, "sites"), (alice, "mute")):
        profile = {"Plugins": GLib.Variant("s", plugin)}
        assert user.wait(user.call("focus", "SetProfile", "(sa{sv}a{sv})", ("calm", profile, {}))).kind == "return"
    hour = {"for-usec": GLib.Variant("t", 60 * MINUTE)}
    begin = time.monotonic()
    for _ in range(3):
        numbers = []
        for _ in range(AT_ONCE // 2):
            numbers.append(mallory.queue_call("focus", "Engage", "(sa{sv})", ("calm", hour)))
            numbers.append(mallory.queue_call("focus", "Release", "(tsa{sv})", (0, "", {})))
        mallory.send()
        for number in numbers:
            assert mallory.wait(number).kind == "return"
    alice.wait(alice.call("focus", "Engage", "(sa{sv})", ("calm", hour)))
    while ("mute",) not in [message.body for message in host.signals]:
        host.read()
    told = [message.body for message in host.signals if message.member == "DesiredChanged"]
    assert 0 < told.count(("sites",)) <= A_SECOND * (2 + time.monotonic() - begin)


def test_a_bell_waits_for_no_rate(make_daemon, system_policy_bus, clock_begins, connect):
    """What waits is told before it, in order; a user's changes delay nobody else's."""
    daemon = start_clock(make_daemon, system_policy_bus, clock_begins, bus_argument="--bus=system",
                         env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_policy_bus.address})
    loud, listener, alice = (connect(uid, system_policy_bus) for uid in (MALLORY, MALLORY, ALICE))
    subscribe(listener)
    subscribe(alice)
    loud.wait(loud.call("timer", "Start", "(sa{sv})", ("pomodoro", {})))
    alice.wait(alice.call("timer", "Start", "(sa{sv})", ("pomodoro", {})))
    interrupt(loud, 100)
    daemon.advance(25 * MINUTE)
    listener.wait_event("completed")
    alice.wait_event("completed")
    seqs = [event.body[0] for event in events(listener)]
    assert seqs == sorted(set(seqs))
    assert [event.body[1] for event in events(alice)][:2] == ["started", "completed"]
