# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A button that was shown with an interval does nothing to another one, and still fits when that one has just rung."""

import pytest
from gi.repository import GLib

from harness.client import error_name, options
from harness.units import MINUTE

CHANGED = "org.pomod.Pomod1.Error.StateChanged"
PLAIN = ("Stop", "Interrupt", "Skip", "Pause", "Resume", "Toggle", "SetTask")


def call(client, method, interval):
    opts = options(if_interval=interval)
    if method == "Start":
        return client.call("timer", method, "(sa{sv})", ("", opts))
    if method == "Extend":
        return client.call("timer", method, "(ta{sv})", (MINUTE, opts))
    return client.call("timer", method, "(a{sv})", (opts,))


def stale(client, method, interval):
    with pytest.raises(GLib.Error) as refused:
        call(client, method, interval)
    return error_name(refused.value) == CHANGED


@pytest.mark.parametrize("method", ["Start", "Extend", *PLAIN])
def test_every_method_takes_it(clock, client, method):
    first = client.start("pomodoro")
    second = client.start("pomodoro", switch=True)
    before = client.get_all()
    assert stale(client, method, first) and stale(client, method, 0) and stale(client, method, 2**63)
    assert client.get_all() == before and before["IntervalId"] == second


def test_tasks_and_claims_do_not_make_it_stale(clock, client):
    interval = client.start("pomodoro")
    client.add_task("Report")
    call(client, "Stop", interval)
    assert stale(client, "Start", interval)


def test_a_pomodoro_that_rang_and_its_break(clock, client):
    pomodoro = client.start("pomodoro")
    clock.advance(25 * MINUTE)
    assert client.get_all()["State"] == "short-break"
    pause = client.get_all()["IntervalId"]
    call(client, "Extend", pomodoro)
    clock.kill9()
    clock.resume_in_same_boot()
    call(client, "Extend", pomodoro)
    clock.advance(7 * MINUTE)
    assert client.get_all()["State"] == "idle"
    assert stale(client, "Start", pomodoro)
    call(client, "Start", pause)
    assert client.get_all()["State"] == "pomodoro"
    assert stale(client, "Stop", pause) and stale(client, "Stop", pomodoro)


def test_a_break_that_waits_to_be_started(clock, client):
    client.set("auto-start-break", False)
    pomodoro = client.start("pomodoro")
    clock.advance(25 * MINUTE)
    assert client.get_all()["State"] == "idle"
    call(client, "Start", pomodoro)
    assert client.get_all()["State"] == "short-break"
    call(client, "Skip", pomodoro)
    client.start("short-break")
    assert stale(client, "Skip", pomodoro)


def test_what_begins_by_itself_ends_it(clock, client):
    client.set("auto-start-pomodoro", True)
    client.start("pomodoro")
    clock.advance(25 * MINUTE)
    pause = client.get_all()["IntervalId"]
    clock.advance(5 * MINUTE)
    assert client.get_all()["State"] == "pomodoro"
    assert stale(client, "Stop", pause)


def test_freeform_is_over_when_it_was_stopped(clock, client):
    interval = client.start("freeform")
    call(client, "Stop", interval)
    assert stale(client, "Start", interval)
