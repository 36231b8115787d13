# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Sleep, set clocks, other boots and other zones, on the real engine with clocks that the test drives."""

import json

import pytest

from harness.client import options
from harness.units import BOOT_2, HOUR, MINUTE, SECOND



def no_overlap(records):
    """Within an epoch of the clock, each begins when the one before has ended."""
    by_epoch = {}
    for record in records:
        by_epoch.setdefault(record["Epoch"], []).append((record["StartedRealtimeUSec"], record["EndedRealtimeUSec"]))
    for spans in by_epoch.values():
        spans.sort()
        for (_, ended), (started, _) in zip(spans, spans[1:]):
            assert ended <= started
    return True


# ---- awake ----

def test_a_day_of_pomodoros(clock, client):
    client.set("auto-start-pomodoro", "yes")
    began = clock.get()["real"]
    client.start("pomodoro")
    clock.advance(4 * 25 * MINUTE + 3 * 5 * MINUTE + 15 * MINUTE)

    records = client.log("today")
    finished = [record for record in records if record["Outcome"] == "completed"]
    assert [record["Kind"] for record in finished] == ["pomodoro", "short-break"] * 3 + ["pomodoro", "long-break"]
    assert records[-1]["Kind"] == "pomodoro" and records[-1]["Outcome"] == "running"
    at = began
    for record in finished:
        assert record["StartedRealtimeUSec"] == at, "each begins at the very deadline of the one before"
        assert record["WorkedUSec"] == record["PlannedUSec"]
        at += record["PlannedUSec"]
    timer = client.get_all()
    assert timer["Cycle"] == 0 and timer["CompletedToday"] == 4


def test_freeform_runs_for_days(clock, client):
    client.start("freeform")
    clock.advance(75 * HOUR)
    timer = client.get_all()
    assert timer["State"] == "freeform" and timer["DeadlineBoottimeUSec"] == 0
    client.do("Stop")
    assert client.log("all")[-1]["WorkedUSec"] == 75 * HOUR


def test_a_cycle_restarts_after_an_hour_without_a_pomodoro(clock, client):
    client.subscribe()
    client.set("auto-start-break", "no")
    client.start("pomodoro")
    clock.advance(25 * MINUTE)
    assert (client.get_all()["Cycle"], client.get_all()["Next"]) == (1, "short-break")
    clock.advance(HOUR - SECOND)
    assert client.get_all()["Cycle"] == 1
    clock.advance(SECOND)
    client.wait_event("cycle-restarted")
    assert (client.get_all()["Cycle"], client.get_all()["Next"]) == (0, "pomodoro")


def test_a_pause_stops_the_deadline(clock, client):
    client.set("pause", "yes")
    client.start("pomodoro")
    clock.advance(10 * MINUTE)
    client.do("Pause")
    timer = client.get_all()
    assert timer["Paused"] and timer["PausedRemainingUSec"] == 15 * MINUTE and timer["DeadlineBoottimeUSec"] == 0
    clock.advance(3 * HOUR)
    client.do("Resume")
    clock.advance(15 * MINUTE)
    record = client.log("all")[0]
    assert record["Outcome"] == "completed" and record["Paused"]
    assert record["WorkedUSec"] == 25 * MINUTE
    assert record["EndedRealtimeUSec"] - record["StartedRealtimeUSec"] == 25 * MINUTE + 3 * HOUR


def test_pause_and_grace_are_those_it_began_with(clock, client):
    client.start("pomodoro")
    client.set("pause", "yes")
    client.set("suspend-grace", "0s")
    with pytest.raises(Exception, match="the next one can be paused"):
        client.do("Pause")
    clock.kill9()
    clock.resume_in_same_boot()
    clock.sleep(50 * SECOND)
    assert client.get_all()["State"] == "pomodoro"
    assert client.do("Toggle") == "interrupted"
    client.do("Stop")
    client.start("pomodoro")
    client.set("pause", "no")
    client.do("Pause")
    assert client.get_all()["Paused"]


# ---- asleep ----

def test_a_night_asleep_voids_a_pomodoro_when_it_began(clock, client):
    client.start("pomodoro")
    clock.advance(10 * MINUTE)
    clock.sleep(12 * HOUR)
    (record,) = client.log("all")
    assert (record["Outcome"], record["Reason"], record["WorkedUSec"]) == ("void", "suspend", 10 * MINUTE)
    assert client.get_all()["State"] == "idle" and client.get_all()["CompletedToday"] == 0
    assert clock.next()["armed"] == "never"


def test_a_night_asleep_ends_freeform_when_it_began(clock, client):
    client.subscribe()
    client.start("freeform")
    clock.advance(42 * MINUTE)
    clock.sleep(12 * HOUR)
    (record,) = client.log("all")
    assert (record["Outcome"], record["Reason"], record["WorkedUSec"]) == ("completed", "suspend", 42 * MINUTE)
    _seq, _kind, details = client.wait_event("completed")
    assert details["Reason"] == "suspend"


def test_short_sleeps_add_up_in_a_pomodoro(clock, client):
    client.start("pomodoro")
    for _ in range(2):
        clock.advance(MINUTE)
        clock.sleep(30 * SECOND)
    assert client.get_all()["State"] == "pomodoro"
    clock.advance(MINUTE)
    clock.sleep(SECOND)
    assert client.get_all()["State"] == "idle"
    assert client.log("all")[0]["WorkedUSec"] == 4 * MINUTE


def test_a_sleep_within_the_grace_is_counted_and_it_rings(clock, client):
    client.start("pomodoro")
    clock.advance(24 * MINUTE + 30 * SECOND)
    clock.sleep(45 * SECOND)
    record, rest = client.log("all")
    assert record["Outcome"] == "completed" and record["WorkedUSec"] == 25 * MINUTE
    assert rest["Kind"] == "short-break"
    assert rest["StartedRealtimeUSec"] == record["EndedRealtimeUSec"]


def test_sleep_is_looked_at_before_the_deadline(clock, client):
    client.start("pomodoro")
    clock.advance(24 * MINUTE)
    clock.sleep(10 * HOUR)
    (record,) = client.log("all")
    assert record["Outcome"] == "void" and record["WorkedUSec"] == 24 * MINUTE


def test_a_break_may_be_over_on_waking_and_no_pomodoro_follows(clock, client):
    client.set("auto-start-pomodoro", "yes")
    client.start("break")
    clock.advance(MINUTE)
    clock.sleep(10 * HOUR)
    (record,) = client.log("all")
    assert record["Outcome"] == "completed" and record["WorkedUSec"] == 5 * MINUTE
    assert client.get_all()["State"] == "idle"


def test_a_break_goes_on_over_a_short_sleep(clock, client):
    client.start("break")
    clock.sleep(2 * MINUTE)
    timer = client.get_all()
    assert timer["State"] == "short-break"
    assert timer["DeadlineBoottimeUSec"] - clock.get()["boot"] == 3 * MINUTE


def test_a_paused_interval_sleeps_through(clock, client):
    client.start("freeform")
    clock.advance(10 * MINUTE)
    client.do("Pause")
    clock.sleep(12 * HOUR)
    assert client.get_all()["Paused"]
    client.do("Resume")
    clock.advance(MINUTE)
    client.do("Stop")
    assert client.log("all")[0]["WorkedUSec"] == 11 * MINUTE


# ---- a clock that is set ----

@pytest.mark.parametrize("step", [3 * HOUR, -3 * HOUR])
def test_a_set_clock_changes_no_length(clock, client, step):
    client.subscribe()
    client.start("pomodoro")
    clock.advance(10 * MINUTE)
    clock.step(step)
    client.wait_event("clock-set")
    timer = client.get_all()
    assert timer["StartedRealtimeUSec"] == clock.get()["real"] - 10 * MINUTE
    assert timer["DeadlineBoottimeUSec"] - clock.get()["boot"] == 15 * MINUTE
    clock.advance(15 * MINUTE)
    record = client.log("all")[0]
    assert record["Outcome"] == "completed" and record["WorkedUSec"] == 25 * MINUTE


def test_the_clock_forward_and_back_and_then_a_start(clock, client):
    client.start("freeform")
    clock.advance(HOUR)
    client.do("Stop")
    clock.step(3 * HOUR)
    client.start("freeform")
    clock.advance(10 * MINUTE)
    client.do("Stop")
    clock.step(-3 * HOUR)
    client.start("pomodoro")
    clock.advance(25 * MINUTE)
    records = client.log("all")
    assert sorted(record["Epoch"] for record in records if record["Kind"] != "short-break") == [1, 1, 2]
    assert no_overlap(records)
    assert client.get_all()["State"] == "short-break"


def test_a_clock_that_was_wrong_at_boot_and_is_put_right(clock, client):
    client.start("freeform")
    clock.advance(HOUR)
    right = clock.get()["real"]
    clock.kill9()
    clock.start_clocks = f"boot={5 * SECOND} mono={5 * SECOND} real={1_000_000_000 * SECOND} sync=0 boot-id={BOOT_2}"
    clock.start()
    (record,) = client.log("all")
    assert (record["Outcome"], record["Reason"]) == ("completed", "reboot")
    client.start("pomodoro")
    clock.advance(10 * MINUTE)
    clock.set(real=right + HOUR, sync=1)
    clock.advance(15 * MINUTE)
    pomodoro = [record for record in client.log("all") if record["Kind"] == "pomodoro"][0]
    assert pomodoro["StartedRealtimeUSec"] == right + HOUR - 10 * MINUTE
    assert pomodoro["Outcome"] == "completed" and pomodoro["WorkedUSec"] == 25 * MINUTE
    assert no_overlap(client.log("all"))


def test_hands_put_nothing_over_what_was_timed_after_a_wrong_clock(clock, client):
    client.start("freeform")
    clock.advance(HOUR)
    client.do("Stop")
    right = clock.get()["real"]
    clock.kill9()
    clock.start_clocks = f"boot={5 * SECOND} mono={5 * SECOND} real={1_000_000_000 * SECOND} sync=0 boot-id={BOOT_2}"
    clock.start()
    client.start("freeform")
    clock.advance(MINUTE)
    clock.set(real=right + HOUR, sync=1)
    client.do("Stop")
    clock.advance(24 * HOUR)
    timed = client.start("freeform")
    clock.advance(HOUR)
    client.do("Stop")
    running = client.start("freeform")
    clock.advance(HOUR)
    now = clock.get()["real"]

    for from_now, in_the_way in ((110, timed), (50, running)):
        with pytest.raises(Exception, match=f"#{in_the_way} is in the way"):
            client.call("history", "Add", "(tta{sv})", (now - from_now * MINUTE, now - (from_now - 10) * MINUTE, {}))["id"]
    number = client.call("history", "Add", "(tta{sv})", (now - 3 * HOUR, now - 2 * HOUR, {}))["id"]
    added = [record for record in client.log("all") if record["Id"] == number]
    assert added[0]["Epoch"] == 2, "of the clock that its neighbours were timed on"


def test_a_day_with_two_clocks_is_marked(clock, client, pomoctl):
    marked = "the clock was set back on this day: times may overlap"
    for step in (0, -30 * MINUTE):
        clock.step(step)
        client.start("freeform")
        clock.advance(HOUR)
        client.do("Stop")
    assert pomoctl("log", "today").out.count(marked) == 1
    assert [json.loads(line)["epoch"] for line in pomoctl("log", "today", "--json").out.splitlines()] == [1, 2]
    clock.advance(24 * HOUR)
    client.start("freeform")
    assert marked not in pomoctl("log", "today").out
    assert pomoctl("log", "all").out.count(marked) == 1


# ---- killed, and another boot ----

def test_it_goes_on_in_the_same_boot(clock, client):
    number = client.start("pomodoro")
    clock.advance(10 * MINUTE)
    clock.kill9()
    clock.resume_in_same_boot(down_usec=5 * MINUTE)
    timer = client.get_all()
    assert (timer["State"], timer["IntervalId"]) == ("pomodoro", number)
    assert timer["DeadlineBoottimeUSec"] - clock.get()["boot"] == 10 * MINUTE


def test_what_rang_while_it_was_down_is_completed_and_one_break_follows(clock, client):
    client.set("auto-start-pomodoro", "yes")
    client.start("pomodoro")
    clock.advance(10 * MINUTE)
    clock.kill9()
    clock.resume_in_same_boot(down_usec=3 * HOUR)
    records = client.log("all")
    assert [(r["Kind"], r["Outcome"]) for r in records] == [("pomodoro", "completed"), ("short-break", "completed")]
    assert [r["WorkedUSec"] for r in records] == [25 * MINUTE, 5 * MINUTE]
    assert records[1]["StartedRealtimeUSec"] == records[0]["EndedRealtimeUSec"]
    assert client.get_all()["State"] == "idle"
    clock.kill9()
    clock.resume_in_same_boot()
    assert len(client.log("all")) == 2, "and nothing is counted twice"


def test_sleep_while_it_was_down(clock, client):
    client.start("freeform")
    clock.advance(10 * MINUTE)
    clocks = clock.get()
    clock.kill9()
    clock.start_clocks = (f"boot={clocks['boot'] + 9 * HOUR} mono={clocks['mono'] + MINUTE} "
                          f"real={clocks['real'] + 9 * HOUR} sync=1 boot-id={'1' * 32}")
    clock.start()
    (record,) = client.log("all")
    assert record["Reason"] == "suspend"
    assert 10 * MINUTE <= record["WorkedUSec"] <= 11 * MINUTE


@pytest.mark.parametrize("kind,outcome,worked", [("pomodoro", "void", None), ("freeform", "completed", 10 * MINUTE)])
def test_another_boot(clock, client, kind, outcome, worked):
    client.start(kind)
    clock.advance(12 * MINUTE)
    clock.kill9()
    clock.reboot(BOOT_2)
    (record,) = client.log("all")
    assert (record["Outcome"], record["Reason"]) == (outcome, "reboot")
    if worked is not None:
        assert record["WorkedUSec"] == worked, "up to the last checkpoint"
    assert client.get_all()["State"] == "idle"


def test_the_day_has_an_edge_that_is_told(clock, client):
    client.subscribe()
    client.set("auto-start-break", "no")
    client.start("pomodoro")
    clock.advance(25 * MINUTE)
    assert client.get_all()["CompletedToday"] == 1
    to_midnight = -clock.get()["real"] % (24 * HOUR)
    clock.advance(to_midnight)
    client.wait_event("day-changed")
    client.wait_cached("CompletedToday", 0)


def test_what_was_noted_after_an_end_that_was_earlier_is_not_of_it(clock, client):
    client.start("freeform")
    clock.advance(5 * MINUTE)
    client.do("Interrupt")
    clock.advance(5 * MINUTE)
    client.do("Interrupt")
    began = client.get_all()["StartedRealtimeUSec"]
    client.do("Stop", at_realtime_usec=began + 7 * MINUTE)
    (record,) = client.log("all")
    assert (record["WorkedUSec"], record["Internal"]) == (7 * MINUTE, 1)


# ---- days ----

def test_the_log_is_told_by_the_day_of_the_window(clock, client, pomoctl):
    client.set("time-zone", "UTC")
    client.call("schedules", "Import", "(sa{sv})", ("[Rule night]\nHours=22:00-02:30\n", options(replace=True)))
    clock.advance(14 * HOUR + 40 * MINUTE)
    client.start("freeform")
    (record,) = client.log("today")
    assert record["Date"] == "2026-07-01", "it is half past midnight"
    shown = pomoctl("log", "2026-07-01")
    assert shown.out.startswith("Wednesday 2026-07-01\n") and "00:30" in shown.out and not shown.err
    assert json.loads(pomoctl("log", "all", "--json").out)["date"] == "2026-07-01"
    (said,) = client.log("", interval=record["Id"])
    assert said["Date"] == "2026-07-01"


def test_a_switch_that_is_dated_back_takes_what_was_noted_since(clock, client):
    first = client.start("freeform")
    clock.advance(5 * MINUTE)
    client.do("Interrupt", note="before")
    clock.advance(10 * MINUTE)
    client.do("Interrupt", external=True, note="Anna called")
    clock.advance(5 * MINUTE)
    second = client.start("pomodoro", switch=True, ago_usec=10 * MINUTE)
    client.do("Interrupt")
    old, new = client.log("all")
    assert (old["Id"], old["WorkedUSec"], old["Internal"], old["External"]) == (first, 10 * MINUTE, 1, 0)
    assert (new["Id"], new["WorkedUSec"], new["Internal"], new["External"]) == (second, 10 * MINUTE, 1, 1)
    clock.kill9()
    clock.resume_in_same_boot()
    assert [(record["Internal"], record["External"]) for record in client.log("all")] == [(1, 0), (1, 1)]


def test_the_note_of_an_interruption_is_read_again(clock, client, pomoctl):
    client.subscribe()
    began = clock.get()["real"]
    number = client.start("pomodoro")
    clock.advance(5 * MINUTE)
    assert pomoctl("interrupt", "--external", "Anna called").rc == 0
    clock.advance(MINUTE)
    client.do("Interrupt")
    for events in ([client.wait_event("interrupted") for _ in range(2)],
                   [event for event in client.call("history", "Events", "(ta{sv})", (0, {}))[0] if event[1] == "interrupted"]):
        assert [details.get("Note") for _seq, _kind, details in events] == ["Anna called", None]

    noted = [{"AtRealtimeUSec": began + 5 * MINUTE, "External": True, "Note": "Anna called"},
             {"AtRealtimeUSec": began + 6 * MINUTE, "External": False, "Note": ""}]
    assert "Interruptions" not in client.log("all")[0]
    assert client.log("all", interruptions=True)[0]["Interruptions"] == noted
    assert client.log("", interval=number, interruptions=True)[0]["Interruptions"] == noted

    assert "09:55  interrupted by others: Anna called\n" in pomoctl("log").out
    wanted = [{"at": "2026-07-01T09:55:00.000000Z", "external": True, "note": "Anna called"},
              {"at": "2026-07-01T09:56:00.000000Z", "external": False, "note": ""}]
    assert json.loads(pomoctl("log", "--json").out)["interruptions"] == wanted
    assert json.loads(pomoctl("log", "edit", "last", "--note", "x", "--json").out)["interruptions"] == wanted


def test_many_notes_come_in_more_than_one_answer(clock, client, pomoctl):
    for _ in range(2):
        client.start("freeform")
        for n in range(1000):
            if n % 100 == 0:
                clock.advance(10 * SECOND)
            client.do("Interrupt", note="n" * 600)
        clock.advance(MINUTE)
        client.do("Stop")
    client.start("freeform")
    *noted, runs = client.log("all", interruptions=True)
    assert [len(record["Interruptions"]) for record in noted] == [50, 50] and "Interruptions" not in runs, "the rest is asked for apart"
    lines = [json.loads(line) for line in pomoctl("log", "all", "--json").out.splitlines()]
    assert [len(line["interruptions"]) for line in lines] == [1000, 1000, 0], "an export has all of them"


# ---- zones ----

def test_another_zone_moves_the_day_and_no_length(clock, client):
    client.start("pomodoro")
    clock.advance(10 * MINUTE)
    client.set("time-zone", "Pacific/Kiritimati")
    clock.advance(15 * MINUTE)
    record = client.log("all")[0]
    assert record["OffsetSec"] == 0 and record["WorkedUSec"] == 25 * MINUTE
    assert client.log("all")[1]["OffsetSec"] == 14 * 3600
    # It began at 23:50 there; the break is the next day's.
    assert [r["Kind"] for r in client.log("today")] == ["short-break"]
    assert [r["Kind"] for r in client.log("yesterday")] == ["pomodoro"]
