# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Office days lived on a running daemon: kept, broken, missed, moved, and what is on record stays there."""

import json

import pytest
from gi.repository import GLib

from harness.client import error_name, options
from harness.units import BOOT_2, DAY, HOUR, MINUTE

# July 2026: Wednesdays are the 1st, 8th, 15th, 22nd and 29th. The clock begins on the 1st, ten to ten.
DESK = """
[Profile deep]
Plugins=sites
sites.Block=example.org

[Rule desk]
Kind=office-day
Days=Wed
Hours=10:00-12:00;13:00-16:00
Focus=deep
Lock=delay 10m
Quota=1/week
"""


class Desk:
    def __init__(self, client):
        self.client = client
        client.call("schedules", "Import", "(sa{sv})", (DESK, options(replace=True)))

    def records(self, month="2026-07"):
        return self.client.call("schedules", "ListOfficeDays", "(sa{sv})", (month, {}))

    def month(self, month="2026-07"):
        days = self.records(month)
        return {day["Date"][8:]: day["Fate"] + (f" to {day['MovedTo'][8:]}" if day["MovedTo"] else "") for day in days}

    def change(self, method, *dates):
        self.client.call("schedules", method, f"(s{'s' * len(dates)}a{{sv}})", ("", *dates, {}))

    def release(self, reason="a fire"):
        self.client.call("focus", "Release", "(tsa{sv})", (0, reason, {}))


@pytest.fixture
def desk(clock, client):
    return Desk(client)


def test_a_month(clock, desk):
    assert desk.month() == {"01": "planned", "08": "planned", "15": "planned", "22": "planned", "29": "planned"}
    clock.advance(HOUR)
    assert desk.month()["01"] == "running"
    clock.advance(90 * MINUTE)
    assert desk.month()["01"] == "running", "between its hours it is not over"
    clock.advance(5 * HOUR)
    assert desk.month()["01"] == "kept"

    # The 8th is broken in the afternoon, after the wait.
    clock.advance(7 * DAY - 3 * HOUR)
    assert desk.month()["08"] == "running"
    desk.release()
    assert desk.month()["08"] == "running"
    clock.advance(10 * MINUTE)
    assert desk.month()["08"] == "broken"

    # The 15th is slept through; the 22nd is moved to the day after.
    clock.sleep(8 * DAY)
    assert desk.month()["15"] == "missed"
    desk.change("MoveOfficeDay", "2026-07-22", "2026-07-23")
    desk.change("DropOfficeDay", "2026-07-29")
    assert desk.month() == {"01": "kept", "08": "broken", "15": "missed", "22": "moved to 23", "23": "planned"}
    clock.advance(8 * DAY)
    assert desk.month()["23"] == "kept"


def test_what_was_before_the_rule_is_no_office_day(clock, desk, client):
    assert desk.month("2026-06") == {} and desk.month("2020-01") == {}
    clock.advance(8 * DAY)
    assert desk.month()["01"] == "kept"
    late = "[Rule late]\nKind=office-day\nDays=Tue\nHours=10:00-11:00\nExcept=2026-07-07\nAlso=2026-07-06\n"
    client.call("schedules", "Import", "(sa{sv})", (late, {}))
    client.call("schedules", "Import", "(sa{sv})", (late.replace("Tue", "Mon"), {}))
    assert [day["Date"][8:] for day in desk.records() if day["Rule"] == "late"] == ["13", "20", "27"]
    # It goes on from there, edited and over a restart, and what is missed then is missed.
    clock.get()
    clock.kill9()
    clock.resume_in_same_boot()
    clock.sleep(7 * DAY)
    assert [day["Fate"] for day in desk.records() if day["Rule"] == "late"] == ["missed", "planned", "planned"]


def test_a_rule_that_is_gone_leaves_its_record(clock, desk, client):
    clock.advance(7 * DAY + 4 * HOUR)
    desk.release()
    clock.advance(DAY)
    client.call("schedules", "Remove", "(sa{sv})", ("desk", {}))
    assert desk.month() == {"01": "kept", "08": "broken"}
    assert {(day["Rule"], day["Quota"]) for day in desk.records()} == {("desk", "")}


def test_the_end_of_all_years(desk):
    assert desk.month("9999-12") == {day: "planned" for day in ("01", "08", "15", "22", "29")}


def test_moved_within_its_week(desk):
    desk.change("AddOfficeDay", "2026-07-13")
    desk.change("MoveOfficeDay", "2026-07-15", "2026-07-16")
    assert desk.month()["15"] == "moved to 16"
    for to, says in (("2026-07-22", "itself"), ("2026-08-20", "2026-08-20 is not in the week of 2026-07-22")):
        with pytest.raises(GLib.Error) as caught:
            desk.change("MoveOfficeDay", "2026-07-22", to)
        assert error_name(caught.value).endswith(".InvalidArgument") and says in caught.value.message
    assert desk.month()["22"] == "planned"


def test_what_failed_is_noted_beside(clock, desk, client, pomoctl):
    def report(state, message):
        generation, *_ = client.call("focus", "Desired", "(sa{sv})", ("sites", {}))
        client.call("focus", "Report", "(stssa{sv})", ("sites", generation, state, message, {}))

    client.register("sites")
    clock.advance(HOUR)
    report("failed", "no rights")
    report("engaged", "")
    assert desk.records()[0]["Failure"] == "sites: no rights"
    clock.advance(MINUTE)
    clock.get()
    clock.kill9()
    clock.resume_in_same_boot()
    client.register("sites")
    clock.advance(9 * HOUR)
    assert not desk.records()[0]["Enforced"] and desk.records()[1]["Enforced"]
    assert desk.records()[0]["Failure"] == "sites: no rights" and desk.month()["01"] == "kept"
    assert [day["Failure"] for day in desk.records()[1:]] == [""] * 4

    month = pomoctl("office-day", "2026-07").out
    assert "Wed 2026-07-01  kept, not enforced; failed: sites: no" in month
    first = json.loads(pomoctl("office-day", "2026-07", "--json").out.splitlines()[0])
    assert (first["fate"], first["failure"]) == ("kept", "sites: no rights")
    claims = [json.loads(line) for line in pomoctl("focus", "list", "2026-07-01", "--json").out.splitlines()]
    assert [claim["failure"] for claim in claims] == ["sites: no rights", ""]
    assert "; failed: sites: no" in pomoctl("focus", "list", "2026-07-01").out


def test_away_hides_one(clock, desk, pomoctl):
    desk.client.call("schedules", "Import", "(sa{sv})", ("[Rule ill]\nKind=away\nDates=2026-07-08..2026-07-08\n", {}))
    assert [(day["Fate"], day["Away"]) for day in desk.records()[:2]] == [("planned", ""), ("missed", "ill")]
    assert "Wed 2026-07-08  missed, away: ill\n" in pomoctl("office-day", "2026-07").out
    assert json.loads(pomoctl("office-day", "2026-07", "--json").out.splitlines()[1])["away"] == "ill"
    clock.advance(8 * DAY)
    assert (desk.month()["01"], desk.month()["08"]) == ("kept", "missed")
    assert all(claim["Date"] != "2026-07-08" for claim in desk.client.call(
        "focus", "ListClaims", "(a{sv})", (options(from_realtime_usec=1, to_realtime_usec=2**62),)))


def test_what_is_on_record_stays(clock, desk):
    clock.advance(HOUR)
    # Nothing that is done to the rule unmakes what its claim is.
    desk.change("DropOfficeDay", "2026-07-01")
    assert desk.month()["01"] == "running"
    desk.release()
    clock.advance(10 * MINUTE)
    assert desk.month()["01"] == "broken"
    desk.change("AddOfficeDay", "2026-07-01")
    clock.advance(DAY)
    assert desk.month()["01"] == "broken"
    with pytest.raises(GLib.Error) as caught:
        desk.change("MoveOfficeDay", "2026-07-01", "2026-07-03")
    assert error_name(caught.value).endswith(".InvalidTime") and "2026-07-01" in caught.value.message


def test_it_survives_a_crash_and_another_boot(clock, desk):
    clock.advance(HOUR)
    clock.kill9()
    clock.resume_in_same_boot()
    assert desk.month()["01"] == "running"
    clock.get()
    clock.kill9()
    clock.reboot(BOOT_2, down_usec=30 * MINUTE)
    assert desk.month()["01"] == "running"
    clock.advance(8 * HOUR)
    assert desk.month()["01"] == "kept"
