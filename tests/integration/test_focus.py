# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Claims on a live daemon: a rule's by itself and through a crash, locks and clocks, every way around a lock tried."""

import datetime
import time

import pytest
from gi.repository import GLib

from harness.client import error_name, options, refused
from harness.loop import wait_until
from harness.units import BOOT_2, HOUR, MINUTE, SECOND

ERROR = "org.pomod.Pomod1.Error."
PROFILES = """
[Profile deep]
Plugins=sites
sites.Block=example.org

[Profile quiet]
Plugins=mute
mute.What=mail
"""
# Of the day on which the test clock begins, a Wednesday, ten to ten.
MORNING = PROFILES + "[Rule morning]\nHours=10:00-13:00\nFocus=deep\nLock=delay 1h\n"


class Focus:
    """What is claimed, as one client sees it."""

    def __init__(self, client):
        self.client = client

    def load(self, text, replace=True):
        return self.client.call("schedules", "Import", "(sa{sv})", (text, options(replace=replace)))

    def claims(self, **opts):
        return self.client.call("focus", "ListClaims", "(a{sv})", (options(**opts),))

    def record(self):
        return self.claims(from_realtime_usec=1, to_realtime_usec=2**62)

    def engage(self, profile="deep", usec=2 * HOUR, **opts):
        return self.client.call("focus", "Engage", "(sa{sv})", (profile, options(for_usec=usec, **opts)))

    def release(self, claim=0, reason="tested"):
        return self.client.call("focus", "Release", "(tsa{sv})", (claim, reason, {}))

    def withdraw(self, claim=0):
        return self.client.call("focus", "Withdraw", "(ta{sv})", (claim, {}))

    def desired(self, plugin="sites"):
        generation, _standing, records = self.client.call("focus", "Desired", "(sa{sv})", (plugin, {}))
        return generation, records


@pytest.fixture
def focus(clock, client):
    made = Focus(client)
    made.load(PROFILES)
    return made


@pytest.fixture
def live(pomod, client):
    return Focus(client)


def left(focus, clock):
    """What is left of the one claim in force; 0 where there is none."""
    claims = focus.claims()
    assert len(claims) <= 1
    return claims[0]["UntilBoottimeUSec"] - clock.get()["boot"] if claims else 0


# ---- by itself, on the computer's own clocks ----

def test_a_window_engages_by_itself_survives_a_kill_and_ends_on_time(pomod, live):
    begins = datetime.datetime.now(datetime.UTC).replace(microsecond=0) + datetime.timedelta(seconds=4)
    ends = begins + datetime.timedelta(seconds=8)
    live.client.set("time-zone", "UTC")
    live.load(PROFILES + f"[Rule soon]\nHours={begins:%H:%M:%S}-{ends:%H:%M:%S}\nFocus=deep\nLock=delay 1h\n")
    assert live.claims() == [] and live.desired()[1] == []

    live.client.subscribe()
    live.client.wait_event("focus-changed")
    (claim,) = live.claims()
    edge = int(begins.timestamp()) * SECOND
    assert (claim["Source"], claim["Rule"], claim["Profile"], claim["Lock"]) == ("rule", "soon", "deep", "delay 1h")
    # How late an edge may be is for the bench, where nothing else runs.
    assert edge <= claim["EngagedRealtimeUSec"] < int(ends.timestamp()) * SECOND
    assert abs(claim["UntilRealtimeUSec"] - int(ends.timestamp()) * SECOND) < SECOND

    pomod.kill9()
    pomod.restart()
    (again,) = live.claims()
    assert (again["Id"], again["UntilBoottimeUSec"]) == (claim["Id"], claim["UntilBoottimeUSec"])
    assert [record["UntilBoottimeUSec"] for record in live.desired()[1]] == [claim["UntilBoottimeUSec"]]

    live.client.subscribe()
    wait_until(lambda: live.claims() == [], "the window's end")
    assert time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000 >= claim["UntilBoottimeUSec"]
    (record,) = live.record()
    assert record["State"] == "ended" and record["Reason"] == ""
    assert record["EndedRealtimeUSec"] > int(ends.timestamp()) * SECOND - SECOND


# ---- locks and clocks ----

@pytest.mark.parametrize("hours", (3, -3, 24 * 365 + 6))
def test_setting_the_clock_lifts_no_lock(clock, focus, hours):
    focus.load(MORNING)
    clock.advance(40 * MINUTE)
    assert left(focus, clock) == 2.5 * HOUR
    generation = focus.desired()[0]
    clock.step(hours * HOUR)
    assert left(focus, clock) == 2.5 * HOUR
    now, (record,) = focus.desired()
    assert now > generation, "the wall clock's end is another one"
    assert record["UntilRealtimeUSec"] == clock.get()["real"] + 2.5 * HOUR
    clock.advance(150 * MINUTE)
    assert left(focus, clock) == 0 and focus.desired()[1] == []


def test_a_wrong_clock_at_boot_locks_nobody_in(clock, focus):
    focus.load(PROFILES + "[Rule night]\nHours=02:00-05:00\nFocus=deep\nLock=admin\n")
    clock.get()
    clock.kill9()
    # The battery of the hardware clock is empty: three in the night of 1970, says it.
    clock.clocks["real"] = 3 * HOUR + 24 * HOUR * 365
    clock.reboot(BOOT_2, sync=0)
    assert left(focus, clock) == 2 * HOUR - MINUTE
    clock.set(real=1_782_899_400 * SECOND + MINUTE, sync=1)
    assert focus.claims() == [] and focus.desired()[1] == []
    assert [record["State"] for record in focus.record()] == ["void"]
    # In its own time it engages.
    clock.advance(17 * HOUR)
    assert focus.claims()[0]["Rule"] == "night"


def test_a_clock_ahead_at_boot_lifts_no_lock_for_good(clock, focus):
    focus.engage(lock="delay 1h")
    clock.get()
    clock.kill9()
    clock.clocks["real"] += 48 * HOUR
    clock.reboot(BOOT_2, down_usec=10 * MINUTE, sync=0)
    assert focus.claims() == []
    clock.set(real=1_782_899_400 * SECOND + 10 * MINUTE, sync=1)
    assert left(focus, clock) == 110 * MINUTE


def test_another_boot_goes_on_with_what_is_left(clock, focus):
    focus.engage(lock="admin")
    clock.step(3 * HOUR)
    clock.get()
    clock.kill9()
    clock.reboot(BOOT_2, down_usec=30 * MINUTE)
    assert left(focus, clock) == 90 * MINUTE
    assert focus.claims()[0]["BootId"] == BOOT_2


def test_asleep_over_the_end(clock, focus):
    focus.engage(lock="admin")
    clock.sleep(3 * HOUR)
    assert focus.claims() == []
    (record,) = focus.record()
    assert (record["State"], record["EndedRealtimeUSec"]) == ("ended", record["EngagedRealtimeUSec"] + 2 * HOUR)


# ---- ways around a lock ----

def remove_the_rule(focus, clock):
    focus.client.call("schedules", "Remove", "(sa{sv})", ("morning", {}))
    focus.client.call("focus", "RemoveProfile", "(sa{sv})", ("deep", {}))


def edit_the_rule(focus, clock):
    focus.client.call("schedules", "Set", "(sa{sv}a{sv})", ("morning", options(Hours="10:00-10:41"), {}))


def edit_the_profile(focus, clock):
    focus.client.call("focus", "SetProfile", "(sa{sv}a{sv})", ("deep", options(Plugins="mute"), {}))


def import_nothing(focus, clock):
    focus.load("")


def be_away(focus, clock):
    focus.load("[Rule ill]\nKind=away\nDates=2026-07-01..2026-07-31\n", replace=False)


def change_the_zone(focus, clock):
    focus.client.set("time-zone", "Asia/Tokyo")


def undo(focus, clock):
    focus.client.start("freeform", anyway=True)
    focus.client.do("Stop")
    (record,) = focus.client.log("all")
    focus.client.call("history", "Delete", "(ta{sv})", (record["Id"], {}))
    focus.client.call("history", "Undo", "(a{sv})", ({},))


def step_to_the_end_and_back(focus, clock):
    clock.step(3 * HOUR)
    clock.step(-3 * HOUR)


def set_the_clock_while_it_is_down(focus, clock):
    clock.get()
    clock.kill9()
    clock.clocks["real"] += 3 * HOUR
    clock.resume_in_same_boot()


def kill_it(focus, clock):
    clock.get()
    clock.kill9()
    clock.resume_in_same_boot()


def restart_it(focus, clock):
    clock.get()
    clock.stop()
    clock.resume_in_same_boot()


def claim_less(focus, clock):
    shorter = focus.engage(usec=SECOND)
    focus.release(shorter, "")


def ask_without_a_reason(focus, clock):
    name, message = refused(focus.release, reason="")
    assert name == "Locked" and "reason" in message


def ask_and_take_it_back(focus, clock):
    (claim,) = focus.claims()
    assert focus.release(claim["Id"], "a fire") == clock.get()["real"] + HOUR
    assert focus.claims()[0]["ReleaseRealtimeUSec"] == clock.get()["real"] + HOUR
    focus.withdraw(claim["Id"])
    assert focus.claims()[0]["ReleaseRealtimeUSec"] == 0


WAYS = (remove_the_rule, edit_the_rule, edit_the_profile, import_nothing, be_away, change_the_zone, undo, step_to_the_end_and_back,
        set_the_clock_while_it_is_down, kill_it, restart_it, claim_less, ask_without_a_reason, ask_and_take_it_back)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_around(clock, focus, way):
    focus.load(MORNING)
    clock.advance(40 * MINUTE)
    (before,) = focus.claims()
    try:
        way(focus, clock)
    except GLib.Error as error:
        assert (error_name(error) or "").startswith(ERROR), "refused is as good"
    (after,) = focus.claims()
    assert (after["Id"], after["UntilBoottimeUSec"], after["Lock"]) == (before["Id"], before["UntilBoottimeUSec"], "delay 1h")
    (record,) = focus.desired()[1]
    assert record["Settings"] == {"Block": "example.org"}
    clock.advance(after["UntilBoottimeUSec"] - clock.get()["boot"])
    assert focus.claims() == []
    assert focus.record()[0]["State"] == "ended"


def test_a_restored_backup_lifts_nothing(clock, focus):
    focus.load(MORNING)
    name = focus.client.call("history", "Backup", "(a{sv})", ({},))
    clock.advance(40 * MINUTE)
    (before,) = focus.claims()
    focus.load("")
    focus.client.call("history", "Restore", "(sa{sv})", (name, {}))
    (after,) = focus.claims()
    assert (after["Id"], after["UntilBoottimeUSec"]) == (before["Id"], before["UntilBoottimeUSec"])


def test_a_release_is_on_record_and_the_window_does_not_engage_again(clock, focus):
    focus.load(MORNING)
    clock.advance(40 * MINUTE)
    focus.release(reason="the house is on fire")
    clock.advance(HOUR - SECOND)
    assert len(focus.claims()) == 1
    clock.advance(SECOND)
    assert focus.claims() == []
    (record,) = focus.record()
    assert (record["State"], record["Reason"]) == ("released", "the house is on fire")
    clock.get()
    clock.kill9()
    clock.resume_in_same_boot()
    assert focus.claims() == [] and len(focus.record()) == 1
    # A day on it does.
    clock.advance(24 * HOUR)
    assert len(focus.record()) == 2


# ---- intervals, and what makes no sense ----

def test_an_interval_claims_its_profile(clock, focus):
    focus.load(PROFILES)
    name, message = refused(focus.client.start, "pomodoro", focus="work")
    assert name == "NoSuchProfile" and "work" in message
    assert focus.client.get_all()["State"] == "idle"
    focus.client.set("auto-start-pomodoro", "yes")
    focus.client.start("pomodoro", focus="deep")
    assert left(focus, clock) == 25 * MINUTE
    clock.advance(26 * MINUTE)
    assert focus.claims()[0]["Resting"]
    (record,) = focus.desired()[1]
    assert record["RestsUntilBoottimeUSec"] == record["UntilBoottimeUSec"] == focus.client.get_all()["DeadlineBoottimeUSec"]
    clock.advance(5 * MINUTE)
    assert [record["RestsUntilBoottimeUSec"] for record in focus.desired()[1]] == [0]
    focus.client.do("Stop")
    assert focus.claims() == []


@pytest.mark.parametrize("profile, opts, name, word", (
    ("work", {"for_usec": HOUR}, "NoSuchProfile", "work"),
    ("deep", {"for_usec": 0}, "InvalidArgument", "1s"),
    ("deep", {"for_usec": 8 * 24 * HOUR}, "InvalidArgument", "7 days"),
    ("deep", {"for_usec": HOUR, "lock": "delay"}, "InvalidArgument", "delay"),
    ("deep", {"for_usec": HOUR, "lock": "forever"}, "InvalidArgument", "forever"),
))
def test_what_makes_no_sense(live, profile, opts, name, word):
    live.load(PROFILES)
    with pytest.raises(GLib.Error) as caught:
        live.client.call("focus", "Engage", "(sa{sv})", (profile, options(**opts)))
    assert error_name(caught.value) == ERROR + name and word in caught.value.message
    assert live.claims() == []
    assert refused(live.release, 7)[0] == "NoSuchClaim"
    assert refused(live.withdraw, 7)[0] == "NoSuchClaim"


def test_no_wakeup_but_at_the_edges(clock, focus):
    focus.load(MORNING)
    began = clock.get()["boot"]
    assert clock.next()["armed"] == began + 10 * MINUTE
    for plugin in ("sites", "mute"):  # else it is said after a minute that they have no host
        focus.client.register(plugin)
    clock.advance(10 * MINUTE)
    assert clock.next()["armed"] == began + 10 * MINUTE + 3 * HOUR
