# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Days that are lived by rules: edges on the very instant, over crashes, set clocks and zones; and locks that hold."""

import time

import pytest

from harness.client import options, refused
from harness.loop import repeat_until
from harness.units import BOOT_2, HOUR, MINUTE, SECOND


# Monday, 2026-03-02, 11:00 in Berlin
MONDAY_ELEVEN = 1_772_445_600 * SECOND

SPLIT_DAY = """
[Rule morning]
Days=Mon-Fri
Hours=09:00-12:00
Mode=freeform

[Rule afternoon]
Days=Mon-Fri
Hours=13:00-17:00
Target=7
"""


@pytest.fixture
def clock_begins():
    return MONDAY_ELEVEN // SECOND


@pytest.fixture
def rules(clock, client):
    client.set("time-zone", "Europe/Berlin")

    def put(text, **opts):
        return client.call("schedules", "Import", "(sa{sv})", (text, options(replace=True, **opts)))

    return put


def shown(client):
    timer = client.get_all()
    return timer["ScheduleState"], timer["Rule"], timer["Mode"]


# ---- edges ----

def test_a_split_day_as_who_watches_sees_it(clock, client, rules):
    rules(SPLIT_DAY)
    client.subscribe()
    assert shown(client) == ("window", "morning", "freeform")
    assert clock.next()["armed"] == clock.get()["boot"] + HOUR

    clock.advance(HOUR - 1)
    assert shown(client) == ("window", "morning", "freeform")
    clock.advance(1)
    client.wait_event("schedule-changed")
    client.wait_cached("ScheduleState", "off-hours")
    clock.advance(HOUR)
    client.wait_event("schedule-changed")
    client.wait_cached("Mode", "pomodoro")
    client.wait_cached("TargetToday", 7)
    client.wait_cached("Next", "pomodoro")
    # Nothing wakes it in between: the next it waits for is the end of the window.
    assert clock.next()["armed"] == clock.get()["boot"] + 4 * HOUR


def test_without_rules_nothing_is_waited_for(clock, client, rules):
    rules("")
    assert shown(client) == ("free", "", "")
    assert clock.next()["armed"] == "never"


def test_a_window_begins_its_mode_by_itself(clock, client, rules):
    rules("[Rule afternoon]\nHours=13:00-17:00\nAutoStart=yes\n")
    clock.advance(2 * HOUR + 25 * MINUTE)
    pomodoro, rest = client.log("today")
    assert pomodoro["StartedRealtimeUSec"] == MONDAY_ELEVEN + 2 * HOUR
    assert (pomodoro["Kind"], pomodoro["Outcome"], pomodoro["Rule"]) == ("pomodoro", "completed", "afternoon")
    assert rest["Kind"] == "short-break"


def test_a_freeform_morning_hands_over(clock, client, rules):
    rules("[Rule morning]\nHours=09:00-12:00\nMode=freeform\n[Rule afternoon]\nHours=12:00-17:00\nAutoSwitch=yes\n")
    client.start("freeform", task="Thesis")
    clock.advance(HOUR + MINUTE)
    morning, afternoon = client.log("today")
    assert (morning["Outcome"], morning["Reason"], morning["WorkedUSec"]) == ("completed", "schedule", HOUR)
    assert (afternoon["Kind"], afternoon["Outcome"], afternoon["Task"]) == ("pomodoro", "running", "Thesis")
    assert afternoon["StartedRealtimeUSec"] == MONDAY_ELEVEN + HOUR


def test_off_hours_and_overtime(clock, client, rules):
    rules(SPLIT_DAY)
    clock.advance(7 * HOUR)
    name, message = refused(client.start, "pomodoro")
    assert name == "OffHours" and "2026-03-03 09:00" in message
    client.start("pomodoro", anyway=True)
    clock.advance(26 * MINUTE)
    pomodoro, rest = client.log("today")
    assert (pomodoro["Overtime"], pomodoro["OvertimeUSec"]) == (True, 25 * MINUTE)
    assert (rest["Kind"], rest["Overtime"], rest["OvertimeUSec"]) == ("short-break", False, 0), "nobody works in a break"


def test_overtime_is_split_at_the_edge(clock, client, rules):
    rules(SPLIT_DAY)
    client.start("freeform")
    clock.advance(90 * MINUTE)
    assert client.log("today")[0]["OvertimeUSec"] == 30 * MINUTE, "of what runs, up to now"
    clock.advance(60 * MINUTE)
    client.call("timer", "Stop", "(a{sv})", ({},))
    (record,) = client.log("today")
    assert (record["Overtime"], record["WorkedUSec"], record["OvertimeUSec"]) == (False, 150 * MINUTE, HOUR)
    rules("")
    assert client.log("today")[0]["OvertimeUSec"] == 0


def test_the_target_of_a_day_is_not_gone_at_lunch(clock, client, rules):
    client.set("target", "8")
    rules("[Rule a]\nDays=Mon\nHours=09:00-12:00\nTarget=3\n[Rule b]\nDays=Mon\nHours=13:00-17:00\nTarget=6\n")
    client.subscribe()
    assert client.get_all()["TargetToday"] == 3
    for hours, target in ((1, 9), (1, 6), (4, 9), (7, 8)):
        clock.advance(hours * HOUR)
        client.wait_cached("TargetToday", target)
        assert client.get_all()["TargetToday"] == target
    rules("[Rule a]\nHours=09:00-12:00\nTarget=4\n")
    client.wait_cached("TargetToday", 4)


def test_what_still_fits(clock, client, rules):
    rules(SPLIT_DAY)

    def capacity(date, **opts):
        return client.call("schedules", "Capacity", "(sa{sv})", (date, options(**opts)))

    assert capacity("2026-03-02") == capacity("") == 7
    assert capacity("2026-03-02", from_realtime_usec=MONDAY_ELEVEN) == 7
    assert capacity("", from_realtime_usec=MONDAY_ELEVEN + 5 * HOUR) == 2, "from 16:00 on"
    assert capacity("", from_realtime_usec=MONDAY_ELEVEN + 5 * HOUR + 50 * MINUTE) == 0
    assert capacity("2026-03-03", from_realtime_usec=MONDAY_ELEVEN + 5 * HOUR) == 7
    assert refused(capacity, "", from_realtime_usec=2**62)[0] == "InvalidTime"


def test_the_day_ends_while_a_pomodoro_runs(clock, client, rules):
    rules(SPLIT_DAY)
    client.set("auto-start-pomodoro", "yes")
    clock.advance(50 * MINUTE)
    client.start("pomodoro")
    clock.advance(40 * MINUTE)
    assert [(r["Kind"], r["Outcome"]) for r in client.log("today")] == [
        ("pomodoro", "completed"), ("short-break", "completed")]
    assert client.get_all()["State"] == "idle"


# ---- what happens to a day ----

def test_killed_over_an_edge(clock, client, rules):
    rules(SPLIT_DAY)
    client.start("freeform")
    clock.get()
    clock.kill9()
    clock.resume_in_same_boot(2 * HOUR + 10 * MINUTE)
    assert shown(client) == ("window", "afternoon", "pomodoro")
    assert client.get_all()["State"] == "freeform"
    clock.get()
    assert clock.next()["armed"] <= clock.clocks["boot"] + 4 * HOUR


def test_set_clocks_and_other_zones(clock, client, rules):
    rules(SPLIT_DAY)
    clock.step(90 * MINUTE)
    assert shown(client)[0] == "off-hours"
    clock.step(-90 * MINUTE)
    assert shown(client) == ("window", "morning", "freeform")
    client.set("time-zone", "Asia/Kolkata")
    assert shown(client) == ("window", "afternoon", "pomodoro")
    client.set("time-zone", "America/New_York")
    assert shown(client)[0] == "off-hours"
    assert clock.next()["armed"] == clock.get()["boot"] + 4 * HOUR


def test_asleep_over_an_edge(clock, client, rules):
    rules("[Rule afternoon]\nHours=13:00-17:00\nAutoStart=yes\n")
    clock.sleep(2 * HOUR + 10 * MINUTE)
    assert shown(client) == ("window", "afternoon", "pomodoro")
    assert client.get_all()["State"] == "idle", "nobody was there when it began"


def test_a_night_is_one_day(clock, client, rules):
    client.set("auto-start-break", "no")
    rules("[Rule night]\nHours=22:00-02:30\n")
    clock.advance(11 * HOUR)
    for _ in range(5):
        client.start("pomodoro")
        clock.advance(40 * MINUTE)
    assert client.get_all()["CompletedToday"] == 5, "on both sides of midnight"
    clock.advance(2 * HOUR)
    assert client.get_all()["CompletedToday"] == 0


# ---- locks ----

LOCKED = """
[Profile work]
Plugins=sites
sites.Block=reddit.com

[Rule office]
Kind=office-day
Days=Mon
Hours=11:30-13:30
Focus=work
Lock=admin
"""


def held(client):
    """What a host would be told to block, and until when."""
    _generation, _standing, desired = client.call("focus", "Desired", "(sa{sv})", ("sites", {}))
    return [(d["Settings"].get("Block"), d["UntilBoottimeUSec"]) for d in desired]


@pytest.fixture
def locked(clock, client, rules):
    """In the middle of an office day that nobody can end early, with a backup from before it."""
    rules(LOCKED)
    client.call("manager", "Subscribe", "(a{sv})", ({},))
    clock.advance(30 * MINUTE)
    until = clock.get()["boot"] + 2 * HOUR
    assert held(client) == [("reddit.com", until)]
    return until


WAYS_AROUND = {
    "the rule removed": lambda client, clock, rules: client.call("schedules", "Remove", "(sa{sv})", ("office", {})),
    "other hours": lambda client, clock, rules: client.call("schedules", "Set", "(sa{sv}a{sv})", (
        "office", options(Kind="office-day", Days="Mon", Hours="11:30-11:31", Focus="work"), {})),
    "all rules replaced": lambda client, clock, rules: rules("[Rule free]\nMode=freeform\n"),
    "another profile of that name": lambda client, clock, rules: rules(
        LOCKED.replace("reddit.com", "example.org").replace("Lock=admin", "Lock=none")),
    "the day dropped": lambda client, clock, rules: client.call(
        "schedules", "DropOfficeDay", "(ssa{sv})", ("", "2026-03-02", {})),
    "the day moved": lambda client, clock, rules: client.call(
        "schedules", "MoveOfficeDay", "(sssa{sv})", ("", "2026-03-02", "2026-03-03", {})),
    "gone away": lambda client, clock, rules: client.call("schedules", "Set", "(sa{sv}a{sv})", (
        "gone", options(Kind="away", Dates="03-01..03-31"), {})),
    "another zone": lambda client, clock, rules: client.set("time-zone", "Asia/Tokyo"),
    "the clock set forward": lambda client, clock, rules: clock.step(3 * HOUR),
    "the clock set back": lambda client, clock, rules: clock.step(-3 * HOUR),
    "an edit of the log undone": lambda client, clock, rules: refused(
        client.call, "history", "Undo", "(a{sv})", ({},)),
}


@pytest.mark.parametrize("way", WAYS_AROUND)
def test_no_way_around_a_lock(clock, client, rules, locked, way):
    WAYS_AROUND[way](client, clock, rules)
    assert held(client) == [("reddit.com", locked)]
    clock.kill9()
    clock.resume_in_same_boot(MINUTE)
    assert held(client) == [("reddit.com", locked)]
    clock.get()
    clock.advance(locked - clock.clocks["boot"])
    assert held(client) == [], "it ends when it should"


def test_a_restored_backup_lifts_no_lock(clock, client, rules):
    client.call("history", "Backup", "(a{sv})", ({},))
    name = client.call("history", "ListBackups", "(a{sv})", ({},))[0]["Name"]
    rules(LOCKED)
    clock.advance(30 * MINUTE)
    before = held(client)
    assert before
    client.call("history", "Restore", "(sa{sv})", (name, {}))
    assert client.call("schedules", "List", "(a{sv})", ({},)) == [], "the rules are those of the backup"
    assert held(client) == before
    clock.get()
    clock.kill9()
    clock.resume_in_same_boot(MINUTE)
    assert held(client) == before


def test_another_boot_keeps_the_remainder(clock, client, rules, locked):
    clock.advance(30 * MINUTE)
    clock.get()
    clock.kill9()
    clock.reboot(BOOT_2, down_usec=10 * MINUTE)
    clock.get()
    assert held(client) == [("reddit.com", clock.clocks["boot"] + 80 * MINUTE)]


# ---- live ----

def test_a_window_that_begins_in_three_seconds(pomod, client):
    """With the kernel's own clocks: it engages by itself, outlives a crash, and ends on time."""
    client.set("time-zone", "UTC")
    begins = int(time.time()) + 3
    of_day = [f"{t // 3600 % 24:02}:{t // 60 % 60:02}:{t % 60:02}" for t in (begins, begins + 4)]
    client.call("schedules", "Import", "(sa{sv})", (
        "[Profile work]\nPlugins=sites\nsites.Block=reddit.com\n"
        f"[Rule soon]\nHours={of_day[0]}-{of_day[1]}\nFocus=work\nLock=admin\n", {}))
    assert held(client) == []
    repeat_until(lambda: held(client), "the window to engage")
    assert begins <= time.time() < begins + 2
    pomod.kill9()
    pomod.start()
    assert held(client)
    repeat_until(lambda: not held(client), "the window to end")
    assert begins + 4 <= time.time() < begins + 6
    assert [c["State"] for c in client.call("focus", "ListClaims", "(a{sv})", (
        options(from_realtime_usec=(begins - 60) * SECOND, to_realtime_usec=(begins + 60) * SECOND),))] == ["ended"]
