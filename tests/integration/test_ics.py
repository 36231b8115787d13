# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Calendar files in and out of a live daemon, read back by a second implementation of iCalendar."""

import datetime
import json
import shutil
import subprocess
import zoneinfo

import icalendar
import pytest
from gi.repository import GLib

from conftest import SOURCE
from harness.stream import Stream

SAMPLES = SOURCE / "tests/data/ics"
RULES = SOURCE / "tests/data/schedules/freelancer-year.rules"
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
UTC = datetime.timezone.utc
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
SCHEDULES = "org.pomod.Pomod1.Schedules"


@pytest.fixture
def ctl(pomod, pomoctl):
    """ctl("schedule", …): what it printed; it has to succeed."""
    pomoctl("config", "set", "time-zone", "Europe/Berlin")

    def run(*args, **kwargs):
        done = pomoctl(*args, **kwargs)
        assert done.rc == 0, f"pomoctl {args}: {done}"
        return done.out
    return run


@pytest.fixture
def agenda(ctl, client):
    """agenda(from, to): the daemon's own stretches, by second."""
    def ask(start, end):
        records = client.connection.call_sync(
            "org.pomod.Pomod1", client.path, SCHEDULES, "Agenda",
            GLib.Variant("(tta{sv})", (int(start.timestamp()) * 10**6, int(end.timestamp()) * 10**6, {})),
            None, 0, 20000, None).unpack()[0]
        return [(r["Rule"], r["FromRealtimeUSec"] // 10**6, r["ToRealtimeUSec"] // 10**6) for r in records]
    return ask


def event(uid, summary, *lines):
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", *lines, "END:VEVENT", ""])


def calendar(*events):
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nX-WR-CALNAME:Home\r\n" + "".join(events) + "END:VCALENDAR\r\n"


def all_day(first, last):
    return (f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{last + DAY:%Y%m%d}")


def local(zone, naive):
    """Older ones have zones of pytz, which take a time in a way of their own."""
    return zone.localize(naive) if hasattr(zone, "localize") else naive.replace(tzinfo=zone)


def instants(text):
    """[(summary, from, to, busy)] as icalendar reads them, zones by the file's own VTIMEZONE."""
    read = icalendar.Calendar.from_ical(text)
    zones = {str(zone["TZID"]): zone.to_tz() for zone in read.walk("VTIMEZONE")}
    found = []
    for item in read.walk("VEVENT"):
        times = []
        for key in ("DTSTART", "DTEND"):
            value = item[key].dt
            if not isinstance(value, datetime.datetime):
                value = datetime.datetime.combine(value, datetime.time(), BERLIN)
            elif "TZID" in item[key].params:
                value = local(zones[item[key].params["TZID"]], value.replace(tzinfo=None))
            times.append(int(value.timestamp()))
        found.append((str(item["SUMMARY"]), *times, str(item["TRANSP"])))
    return found


# ---- export ----

def test_a_year_is_the_same_instants_in_another_implementation(ctl, agenda):
    ctl("schedule", "import", RULES)
    first = TODAY.replace(day=1)
    last = first + 365 * DAY
    text = ctl("schedule", "ics", "export", "--from", first, "--to", last)
    found = instants(text)
    start = datetime.datetime.combine(first, datetime.time(), BERLIN)
    end = datetime.datetime.combine(last + DAY, datetime.time(), BERLIN)

    wanted = agenda(start, end)
    days = {(rule, start, end) for rule, start, end, _ in found}
    timed = {entry for entry in wanted if entry[0] != "closed-shop"}
    assert len(timed) > 300
    assert timed == {entry for entry in days if entry[0] != "closed-shop"}
    # An absence of whole days is one event of whole days, and covers what it covered.
    def covered(entries):
        return sum(min(to, end.timestamp()) - max(since, start.timestamp()) for rule, since, to in entries
                   if rule == "closed-shop")
    assert covered(wanted) == covered(days)
    assert sum(rule == "closed-shop" for rule, *_ in days) < 40

    busy = {rule for rule, _, _, transparency in found if transparency == "OPAQUE"}
    assert "office-day" in busy and "closed-shop" in busy and not busy & {"mornings", "afternoons", "summer"}


def test_uids_are_the_same_tomorrow_and_each_is_one_event(ctl):
    ctl("schedule", "import", RULES)

    def uids(text):
        return {(str(e["UID"]), str(e["DTSTART"].dt)) for e in icalendar.Calendar.from_ical(text).walk("VEVENT")}
    first = uids(ctl("schedule", "ics", "export", "--from", "2026-12-20", "--to", "2027-03-10"))
    assert len({uid for uid, _ in first}) == len(first)
    later = uids(ctl("schedule", "ics", "export", "--from", "2027-01-05", "--to", "2027-03-10"))
    assert later < first


def test_only_office_days_into_a_file_that_is_left_alone_while_nothing_changes(ctl, folder):
    path = folder / "office.ics"
    ctl("schedule", "import", RULES)
    ctl("schedule", "ics", "export", "--only", "office-day", "--output", path)
    made = path.stat()
    assert {name for name, *_ in instants(path.read_text())} == {"office-day"}
    ctl("schedule", "ics", "export", "--only", "office-day", "--output", path)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns)
    assert [entry.name for entry in folder.glob("*office*")] == ["office.ics"]


def test_a_file_is_kept_current(ctl, pomod, program, bus, env, folder):
    path = folder / "kept.ics"
    keeper = Stream([program("pomoctl"), f"--bus={bus.address}", "schedule", "ics", "export", "--output", path, "--keep"], env)
    keeper.wait_line(f"wrote {path}")
    assert instants(path.read_text()) == []
    ctl("schedule", "add", "mornings", "Days=Mon-Sun", "Hours=09:00-12:00")
    while len(instants(path.read_text())) <= 360:
        keeper.wait_line(f"wrote {path}")

    # Over a restart of the daemon, too; and what else happens does not end it.
    pomod.restart()
    ctl("start", "--anyway")
    ctl("schedule", "remove", "mornings")
    # Coming back, it may have written once more what was still so.
    while instants(path.read_text()) != []:
        keeper.wait_line(f"wrote {path}")
    keeper.close()


# ---- import ----

def test_a_dry_run_says_what_would_change_and_changes_nothing(ctl, folder):
    path = folder / "home.ics"
    trip = all_day(TODAY + 10 * DAY, TODAY + 20 * DAY)
    path.write_text(calendar(event("u", "Trip", *trip)))
    said = ctl("schedule", "ics", "import", "--as", "away", "--dry-run", path)
    assert f"new      Home-Trip-0bfe935e70: {TODAY + 10 * DAY}..{TODAY + 20 * DAY}" in said
    assert "would be: 1 new, 0 changed, 0 removed, 0 as before" in said
    assert ctl("schedule", "export") == ""


def test_importing_again_updates(ctl, folder):
    path = folder / "home.ics"
    day = TODAY + 10 * DAY
    timed = (f"DTSTART;TZID=Europe/Berlin:{day:%Y%m%d}T090000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY;COUNT=3")
    path.write_text(calendar(event("u", "Trip", *all_day(day, day)), event("v", "Course", *timed)))
    lines = ctl("schedule", "ics", "import", "--as", "away", "--json", path).splitlines()
    assert [json.loads(line)["change"] for line in lines] == ["new", "new"]
    assert f"Also={day};{day + 7 * DAY};{day + 14 * DAY}" in ctl("schedule", "export")
    assert "0 new, 0 changed, 0 removed, 2 as before" in ctl("schedule", "ics", "import", "--as", "away", path)

    noon = datetime.datetime.combine(day, datetime.time(10), BERLIN).astimezone(UTC)
    at = f"{noon:%Y-%m-%dT%H:%M:%SZ}"
    assert json.loads(ctl("schedule", "explain", at, "--json"))["state"] == "away"

    # The trip moves and is called otherwise; the course is gone.
    path.write_text(calendar(event("u", "Journey", *all_day(day + DAY, day + 2 * DAY))))
    said = ctl("schedule", "ics", "import", "--as", "away", path)
    assert "0 new, 1 changed, 0 removed" in said and "1 are not in the file any more" in said
    assert f"Dates={day + DAY}..{day + 2 * DAY}" in ctl("schedule", "export")
    said = ctl("schedule", "ics", "import", "--as", "away", "--prune", path)
    assert "0 new, 0 changed, 1 removed, 1 as before" in said
    assert "Course" not in ctl("schedule", "export")


def test_office_days_come_with_hours_and_keep_their_focus(ctl, folder):
    path = folder / "office.ics"
    day = TODAY + 10 * DAY
    path.write_text(calendar(event("o", "Office", *all_day(day, day))))
    ctl("schedule", "ics", "import", "--as", "office-day", "--hours", "09:00-12:00;13:00-17:00", "--name", "desk", path)
    rules = ctl("schedule", "export")
    assert f"Kind=office-day\nDates={day}..{day}\nHours=09:00-12:00;13:00-17:00\nAlso={day}\n" in rules
    ctl("schedule", "import", "-", stdin=rules + "Focus=deep\n\n[Profile deep]\nPlugins=sites\n")
    path.write_text(calendar(event("o", "Office", *all_day(day + DAY, day + DAY))))
    ctl("schedule", "ics", "import", "--as", "office-day", "--name", "desk", path)
    assert "Focus=deep" in ctl("schedule", "export")


@pytest.mark.parametrize("name", ["apple", "evolution", "google", "outlook", "thunderbird"])
def test_what_calendar_programs_write_is_taken(ctl, name):
    text = (SAMPLES / f"{name}.ics").read_bytes().decode()
    # What lies in the past by the time of this test is left out; nothing of it is refused.
    said = ctl("schedule", "ics", "import", "--as", "away", "-", stdin=text)
    assert "0 changed, 0 removed, 0 as before" in said


def test_an_export_is_taken_back(ctl, agenda, folder):
    path = folder / "own.ics"
    first = TODAY + DAY
    ctl("schedule", "add", "desk", "Kind=office-day", "Days=Wed", "Hours=09:00-12:00;13:00-17:00")
    ctl("schedule", "ics", "export", "--only", "office-day", "--from", first, "--to", first + 60 * DAY, "--output", path)
    span = (datetime.datetime.combine(first, datetime.time(), BERLIN),
            datetime.datetime.combine(first + 61 * DAY, datetime.time(), BERLIN))
    before = [entry[1:] for entry in agenda(*span)]
    assert len(before) > 15
    ctl("schedule", "remove", "desk")
    ctl("schedule", "ics", "import", "--as", "office-day", path)
    assert [entry[1:] for entry in agenda(*span)] == before


# ---- what is wrong ----

SOON = f"{TODAY + DAY:%Y%m%d}T090000"


@pytest.mark.parametrize("text, part", [
    ("", "there is no calendar in it"),
    ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "it was cut off"),
    ("BEGIN:VCALENDAR\r\nX-A:\udcff\r\nEND:VCALENDAR\r\n", "line 2 is not UTF-8"),
    (calendar(event("u", "Tick", f"DTSTART:{SOON}", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;COUNT=1000000000")),
     "it recurs every second"),
    (calendar(event("u", "Tick", f"DTSTART:{SOON}", "DURATION:PT1M", "RRULE:FREQ=HOURLY")), "more than 10000 instances"),
    (calendar(event("u", "Fine", *all_day(TODAY, TODAY)), event("v", "Bad", "DTSTART:soon")), 'the event "Bad": its DTSTART'),
    (calendar(event("u", "Far", f"DTSTART;TZID=Mars/Olympus:{SOON}", "DURATION:PT1H")), '"Mars/Olympus"'),
])
def test_what_is_wrong_is_one_sentence_and_changes_nothing(ctl, pomoctl, text, part):
    done = pomoctl("schedule", "ics", "import", "--as", "away", "-", stdin=text)
    assert done.rc == 2 and part in done.err and len(done.err.splitlines()) == 1, done
    assert ctl("schedule", "export") == ""


def test_a_file_over_the_cap_is_refused(ctl, pomoctl, folder):
    path = folder / "large.ics"
    path.write_bytes(b"x" * ((8 << 20) + 1))
    done = pomoctl("schedule", "ics", "import", "--as", "away", path)
    assert done.rc == 1 and "larger than 8 MiB" in done.err
    done = pomoctl("schedule", "ics", "import", "--as", "away", folder / "nowhere.ics", "--json")
    assert done.rc == 1 and "No such file" in json.loads(done.err)["message"]


@pytest.mark.parametrize("words, part", [
    (["import", "-"], "--as away or --as office-day"),
    (["import", "--as", "holiday", "-"], "'holiday'"),
    (["import", "--as", "away"], "one file"),
    (["import", "--as", "away", "--hours", "9-12-15", "-"], "'9-12-15'"),
    (["import", "--as", "away", "--name", "a/b", "-"], "'a/b'"),
    (["export", "--from", "2026-02-30"], "'2026-02-30'"),
    (["export", "--from", "2026-03-02", "--to", "2026-03-01"], "--to 2026-03-01 lies before --from 2026-03-02"),
    (["export", "--only", "holiday"], "'holiday'"),
    (["export", "--keep"], "--keep needs a file"),
    (["export", "--output", "/nowhere/at/all.ics"], "/nowhere/at/all.ics"),
])
def test_what_is_typed_wrong(ctl, pomoctl, words, part):
    done = pomoctl("schedule", "ics", *words)
    assert done.rc in (1, 2) and part in done.err and done.out == "", done


def test_nobody_answers(bus, pomoctl):
    done = pomoctl("schedule", "ics", "export")
    assert done.rc == 3 and "pomod is not running" in done.err


def test_the_helper_is_found_beside_an_installed_pomoctl(ctl, program, bus, env, folder):
    for name, place in (("pomoctl", "bin"), ("pomoctl-ics", "libexec")):
        (folder / "tree" / place).mkdir(parents=True)
        shutil.copy(program(name), folder / "tree" / place)
    done = subprocess.run([folder / "tree/bin/pomoctl", "schedule", "ics", "export"], env={**env, "POMOD_BUS": bus.address},
                          capture_output=True, text=True, timeout=30)
    assert done.returncode == 0 and done.stdout.startswith("BEGIN:VCALENDAR")
