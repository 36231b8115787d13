# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Nobody waits for what others send: with the daemon held at the gate of its test clock calls queue up, and what it does in which order
when the gate opens is told by the numbers of its messages. No test here measures time.
"""

import pytest

from harness.bus import both_buses
from harness.daemon import start_clock
from harness.loop import repeat_until
from harness.people import ALICE, BOB, MALLORY
from harness.raw import RawConnection
from harness.units import MINUTE

pytestmark = [pytest.mark.root, both_buses]
LIMIT = "org.pomod.Pomod1.Error.LimitsExceeded"
WAITING = 64  # calls of a uid
UNKNOWN = 4   # calls of a connection while it is asked whose it is


@pytest.fixture
def pomod(make_daemon, system_policy_bus, clock_begins):
    return start_clock(make_daemon, system_policy_bus, clock_begins, bus_argument="--bus=system",
                       env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_policy_bus.address})


@pytest.fixture
def connect(system_policy_bus, pomod):
    """connect(uid): a connection that pomod knows; with known=False, one that never called it."""
    made = []

    def run(uid, known=True):
        made.append(RawConnection(system_policy_bus, uid))
        if known:
            made[-1].wait(made[-1].get_all())
        return made[-1]
    yield run
    for connection in made:
        connection.close()


@pytest.fixture
def alice(connect):
    return connect(ALICE)


@pytest.fixture
def mallory(connect):
    return connect(MALLORY)


def hold(pomod, connection):
    """The daemon is held in the middle of a call of that connection, whose number this gives."""
    pomod.close_gate()
    number = connection.get_all()
    pomod.wait_held()
    return number


def queue_many(connection, n):
    """So many calls at once, which the bus has handed on: their numbers."""
    numbers = [connection.queue_get_all() for _ in range(n)]
    connection.send_and_settle()
    return numbers


def places(connection, numbers):
    """Where in all that pomod sent the answers to those calls stand."""
    answers = [connection.wait(number) for number in numbers]
    assert [answer.error for answer in answers] == [None] * len(answers)
    return [answer.number for answer in answers]


def look_at(pomod):
    return pomod.get()["looks"]


# ---- whose turn it is ----

def test_a_call_behind_forty_of_another(pomod, alice, mallory):
    """It is answered before the second of them, and a bell comes in between; hers keep their order."""
    alice.wait(alice.call("manager", "Subscribe", "(a{sv})", ({},)))
    assert alice.wait(alice.call("timer", "Start", "(sa{sv})", ("pomodoro", {}))).kind == "return"
    first = hold(pomod, mallory)
    many = queue_many(mallory, 40)
    [asked] = queue_many(alice, 1)
    pomod.open_gate(advance_usec=25 * MINUTE)
    hers = places(mallory, [first, *many])
    assert hers == sorted(hers)
    assert alice.wait_event("completed").number < hers[1]
    [answered] = places(alice, [asked])
    assert answered < hers[2]


def test_a_call_behind_many_connections_of_another(pomod, alice, mallory, connect):
    others = [connect(MALLORY) for _ in range(5)]
    first = hold(pomod, mallory)
    numbers = [queue_many(other, 12) for other in others]
    [asked] = queue_many(alice, 1)
    pomod.open_gate()
    assert places(mallory, [first])
    hers = sorted(place for other, those in zip(others, numbers) for place in places(other, those))
    assert places(alice, [asked])[0] < hers[1]


def test_connections_of_one_take_turns(pomod, mallory, connect):
    """None is two answers ahead of another."""
    others = [connect(MALLORY) for _ in range(4)]
    first = hold(pomod, mallory)
    numbers = [queue_many(other, 12) for other in others]
    pomod.open_gate()
    assert places(mallory, [first])
    taken = [places(other, those) for other, those in zip(others, numbers)]
    for one in taken:
        assert one == sorted(one)
        for another in taken:
            assert all(earlier < later for earlier, later in zip(one, another[2:]))


def test_people_take_turns(pomod, mallory, alice, connect):
    """However many calls and connections each of them has."""
    bob = connect(BOB)
    first = hold(pomod, mallory)
    numbers = [(mallory, queue_many(mallory, 40)), (bob, queue_many(bob, 20)), (alice, queue_many(alice, 20))]
    pomod.open_gate()
    assert places(mallory, [first])
    taken = [places(connection, those) for connection, those in numbers]
    for one in taken:
        for another in taken:
            assert all(earlier < later for earlier, later in zip(one, another[2:]))


# ---- how many wait ----

def test_sixty_four_calls_of_one_wait(pomod, alice, mallory):
    """What is beyond is refused before those are served, which they are; it is nobody else's limit."""
    first = hold(pomod, mallory)
    served = queue_many(mallory, WAITING)
    refused = queue_many(mallory, 10)
    # Nor is it looked what such a call holds, which can take long.
    refused.append(mallory.call("timer", "Stop", "(ab)", ([True] * 20000,)))
    asked = queue_many(alice, 1)
    pomod.open_gate()
    hers = places(mallory, [first, *served])
    for number in refused:
        answer = mallory.wait(number)
        assert answer.error == LIMIT and str(WAITING) in answer.body[0]
        assert answer.number < hers[2]
    assert places(alice, asked)[0] < hers[2]
    assert places(mallory, queue_many(mallory, 1)), "there is room again"


def test_sixty_four_calls_over_all_connections(pomod, mallory, connect):
    others = [connect(MALLORY) for _ in range(4)]
    first = hold(pomod, mallory)
    numbers = [(other, number) for other in others for number in queue_many(other, 20)]
    pomod.open_gate()
    answers = [other.wait(number) for other, number in numbers]
    assert places(mallory, [first])
    assert [answer.error for answer in answers] == [None] * WAITING + [LIMIT] * (len(answers) - WAITING)


# ---- calls that want no reply ----

def test_reads_that_want_no_reply_are_not_served(pomod, alice, mallory):
    before = look_at(pomod)
    places(alice, queue_many(alice, 1))
    looks_a_call = look_at(pomod) - before
    first = hold(pomod, mallory)
    held_at = look_at(pomod)
    for _ in range(200):
        mallory.queue_call("history", "Query", "(sa{sv})", ("", {}), reply=False)
    mallory.queue_get_all(reply=False)
    mallory.send_and_settle()
    asked = queue_many(alice, 1)
    last = queue_many(mallory, 1)
    pomod.open_gate()
    # The last one of hers comes behind them all.
    assert places(mallory, [first, *last]) and places(alice, asked)
    assert look_at(pomod) - held_at <= 2 * looks_a_call + 1


def test_writes_that_want_no_reply_are_served_by_turns(pomod, alice, mallory):
    mallory.wait(mallory.call("manager", "Subscribe", "(a{sv})", ({},)))
    assert mallory.wait(mallory.call("timer", "Start", "(sa{sv})", ("freeform", {}))).kind == "return"
    first = hold(pomod, mallory)
    for _ in range(15):
        mallory.queue_call("timer", "Interrupt", "(a{sv})", ({},), reply=False)
    mallory.send_and_settle()
    asked = queue_many(alice, 1)
    last = queue_many(mallory, 1)
    pomod.open_gate()
    assert places(mallory, [first, *last])
    told = [signal.number for signal in mallory.signals if signal.member == "Event" and signal.body[1] == "interrupted"]
    assert len(told) == 15
    assert places(alice, asked)[0] < told[1]


# ---- who calls ----

def test_who_calls_is_asked_while_others_are_served(pomod, alice, mallory, connect):
    stranger = connect(MALLORY, known=False)
    first = hold(pomod, mallory)
    held = queue_many(stranger, UNKNOWN)
    refused = queue_many(stranger, 2)
    asked = queue_many(alice, 1)
    pomod.open_gate()
    assert places(mallory, [first])
    hers = places(stranger, held)
    assert hers == sorted(hers)
    assert places(alice, asked)[0] < hers[0]
    for number in refused:
        answer = stranger.wait(number)
        assert answer.error == LIMIT and answer.number < hers[0]
    assert places(stranger, queue_many(stranger, 1))


@pytest.mark.parametrize("known", [False, True])
def test_who_has_left_is_not_served(pomod, alice, mallory, connect, known):
    """As from a key of dbus-send that does not wait for its answer: nothing was changed."""
    one = connect(ALICE, known)
    first = hold(pomod, mallory)
    one.call("timer", "Start", "(sa{sv})", ("freeform", {}), reply=False)
    one.barrier()
    one.close()
    # The bus has noticed.
    repeat_until(lambda: mallory.wait(mallory.ask_bus("NameHasOwner", one.as_argument())).body == (False,), "the connection to be gone")
    asked = queue_many(alice, 1)
    pomod.open_gate()
    assert places(mallory, [first])
    assert alice.wait(asked[0]).body[0]["State"] == "idle"
    assert alice.wait(alice.get_all()).body[0]["State"] == "idle"
