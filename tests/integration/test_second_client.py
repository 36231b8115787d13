# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""GDBus, which shares no line with sd-bus, as client: what it is told, and what nobody else is told."""

import datetime

import pytest
from gi.repository import GLib

from harness.client import options
from harness.loop import wait_until
from harness.units import SECOND



def test_a_pomodoro_rings_and_the_break_follows(pomod, client):
    client.subscribe()
    client.set("short-break", "3s")
    number = client.start("pomodoro", for_usec=2 * SECOND, task="write the letter")

    client.wait_cached("State", "pomodoro")
    client.wait_cached("State", "short-break")
    running, follows = client.log("today")[-2:]

    assert running["Id"] == number
    assert running["Kind"] == "pomodoro"
    assert running["Outcome"] == "completed"
    assert running["PlannedUSec"] == 2 * SECOND
    assert running["WorkedUSec"] == 2 * SECOND
    assert running["EndedRealtimeUSec"] - running["StartedRealtimeUSec"] == 2 * SECOND
    assert running["Task"] == "write the letter"
    assert follows["Kind"] == "short-break"
    assert follows["Outcome"] == "running"
    assert follows["PlannedUSec"] == 3 * SECOND
    assert follows["StartedRealtimeUSec"] == running["EndedRealtimeUSec"]

    client.wait_cached("State", "idle")
    assert client.log("today")[-1]["Outcome"] == "completed"
    assert client.cached()["Next"] == "pomodoro"


def test_what_was_planned_and_what_was_worked_are_both_in_the_log(pomod, client):
    client.start("pomodoro", for_usec=600 * SECOND)
    client.do("Stop", reason="the phone")
    (record,) = client.log("today")
    assert record["Outcome"] == "void"
    assert record["PlannedUSec"] == 600 * SECOND
    assert 0 < record["WorkedUSec"] < 20 * SECOND


def test_a_subscribed_proxy_holds_what_is_true(pomod, client):
    client.subscribe()
    assert client.cached() == client.get_all()
    client.start("pomodoro", for_usec=600 * SECOND)
    client.do("Interrupt", note="the door")
    client.wait_cached("State", "pomodoro")
    client.wait_signal_round_trip()
    assert client.cached() == client.get_all()


def test_a_subscribed_proxy_is_right_again_after_a_crash(pomod, client):
    client.subscribe()
    number = client.start("pomodoro", for_usec=600 * SECOND)
    client.wait_cached("State", "pomodoro")
    before = client.cached()["Seq"]

    pomod.kill9()
    pomod.restart()
    client.subscribe()
    # The proxy drops what it knew when the owner goes, and reads all of it when there is one again.
    wait_until(lambda: client.timer.get_name_owner() == pomod.owner and "BootId" in client.cached(), "the proxy to have read")
    assert client.cached()["IntervalId"] == number
    assert client.cached()["Seq"] >= before

    client.do("Stop")
    client.wait_cached("State", "idle")
    client.wait_signal_round_trip()
    assert client.cached() == client.get_all()


def test_who_did_not_subscribe_is_sent_nothing(pomod, client, bus, make_recorder):
    silent = make_recorder(bus)
    told = make_recorder(bus)
    for recorder in (silent, told):
        recorder.match("type='signal'")
    assert told.call("/org/pomod/Pomod1", "org.pomod.Pomod1.Manager", "Subscribe") == "ok"

    busy_day(client)

    assert [message["member"] for message in told.from_daemon() if message["member"] == "Event"]
    assert silent.from_daemon() == []


@pytest.mark.root
def test_no_signal_reaches_another_uid_under_the_stock_system_policy(
        make_daemon, system_policy_bus, make_client, make_recorder, other_uid):
    make_daemon(system_policy_bus).start()
    client = make_client(system_policy_bus)
    other = make_recorder(system_policy_bus, uid=other_uid)
    assert other.match("type='signal'")
    assert other.match("type='signal',sender='org.pomod.Pomod1'")
    assert not other.match("type='signal',eavesdrop='true'")

    subscribed = other.call("/org/pomod/Pomod1", "org.pomod.Pomod1.Manager", "Subscribe")
    assert subscribed != "ok" or client.uid != other_uid
    client.subscribe()
    busy_day(client)
    client.wait_cached("State", "idle")

    assert [message for message in other.from_daemon() if message["type"] == "signal"] == []
    assert other.call(client.path, "org.pomod.Pomod1.Timer", "Stop") == "org.freedesktop.DBus.Error.AccessDenied"


@pytest.mark.root
def test_everybody_is_told_of_their_own(crowded_pomod, system_policy_bus, make_client, make_recorder, other_uid):
    """Two users of one daemon, both at work: to each their own, and only on the connection that asked."""
    one, other = (make_client(system_policy_bus, uid=uid) for uid in (crowded_pomod.first_uid, other_uid))
    for client in (one, other):
        client.proxy("timer")
        client.call("manager", "Subscribe", "(a{sv})", (options(uid=client.uid),))
    told, silent = (make_recorder(system_policy_bus, uid=other_uid) for _ in range(2))
    for recorder in (told, silent):
        assert recorder.match("type='signal'")
    assert told.call("/org/pomod/Pomod1", "org.pomod.Pomod1.Manager", "Subscribe") == "ok"

    busy_day(one)
    one.wait_cached("State", "idle")
    one.wait_event("completed")
    assert told.from_daemon() == []

    busy_day(other)
    assert {message["member"] for message in told.from_daemon()} == {"PropertiesChanged", "Event"}
    for message in told.from_daemon():
        assert (message["path"], message["destination"]) == (other.path, told.name)
    assert silent.from_daemon() == []


def busy_day(client):
    """Every kind of change that somebody might be told of."""
    client.add_task("quiet work")
    client.set("target", "8")
    client.start("pomodoro", for_usec=1 * SECOND)
    client.do("Interrupt")
    client.start("freeform", switch=True)
    client.do("Pause")
    client.do("Resume")
    client.do("Stop")


PERIODS = ["today", "yesterday", "week", "last-week", "month", "last-month", "all", "monday", "tue", "Wednesday", "thursday",
           "friday", "sat", "sunday", "{month}", "{day}", "{day}..today", "yesterday..{today}"]


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_is_the_same_on_the_bus_and_in_the_shell(pomod, client, records, period):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    for ago in (0, 1, 2, 6, 8, 15, 31, 45):
        day = today - datetime.timedelta(days=ago)
        if ago > 0:
            start = datetime.datetime(day.year, day.month, day.day, 9, tzinfo=datetime.timezone.utc).timestamp()
            client.call("history", "Add", "(tta{sv})", (int(start) * SECOND, int(start + 600) * SECOND, {}))
    word = period.format(month=f"{today:%Y-%m}", day=today - datetime.timedelta(days=8), today=today)
    on_the_bus = [record["Id"] for record in client.log(word)]
    assert on_the_bus == [row["id"] for row in records("log", word)]
    assert len(client.log("all")) == 7 and (word != "all" or len(on_the_bus) == 7)


@pytest.mark.parametrize("period, says", [
    ("yestrday", 'did you mean "yesterday"?'), ("tomorrow", "is still to come"), ("next-week", "is still to come"),
    ("next-month", "is still to come"), ("2026-02-30", "write today, yesterday, monday"),
    ("2026-07-02..2026-07-01", "ends before it begins")])
def test_what_is_no_period_is_answered_alike(pomod, client, pomoctl, period, says):
    with pytest.raises(GLib.Error) as refused:
        client.log(period)
    sentence = refused.value.message.removeprefix("GDBus.Error:org.pomod.Pomod1.Error.InvalidArgument: ")
    assert says in sentence
    done = pomoctl("log", period)
    assert done.rc == 2 and sentence in done.err


def test_an_answer_names_the_task_that_was_made(pomod, client):
    """Start, SetTask, Add and Edit answer with the interval's id, and with that of a task where a title made one."""
    began = 1_780_000_000 * SECOND
    start = ("timer", "Start", "(sa{sv})", ("freeform", options(task="letter")))
    assert client.call(*start) == {"id": 1, "created-task": 1}
    assert client.call("timer", "SetTask", "(a{sv})", (options(task="mail"),)) == {"id": 1, "created-task": 2}
    assert client.call("timer", "SetTask", "(a{sv})", (options(task="letter"),)) == {"id": 1}
    add = ("history", "Add", "(tta{sv})", (began, began + SECOND, options(task="post")))
    assert client.call(*add) == {"id": 2, "created-task": 3}
    assert client.call("history", "Edit", "(ta{sv})", (2, options(task="letter"))) == {"id": 2}
    assert client.call("history", "Edit", "(ta{sv})", (2, options(task="walk"))) == {"id": 2, "created-task": 4}
    assert [task["Title"] for task in client.call("tasks", "List", "(a{sv})", ({},))] == ["letter", "mail", "post", "walk"]
