# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Schedules, office days, focus and plans through pomoctl on a running daemon, as a person and a script use them."""

import csv
import datetime
import json
import pathlib
import re

import pytest

from harness.client import options
from harness.loop import repeat_until
from harness.stream import Stream
from harness.terminal import on_terminal
from harness.units import HOUR, MINUTE, SECOND

DATA = pathlib.Path(__file__).resolve().parents[1] / "data" / "schedules"
SCENARIOS = sorted(path.name for path in DATA.glob("*.csv") if ".capacity." not in path.name)
SUMMER = "[Rule summer]\nDates=06-15..08-31\nDays=Mon-Fri\nHours=09:00-12:00\nPriority=5\n"


@pytest.fixture(autouse=True)
def plugins(env):
    """Those that profiles here name, as far as pomod can see."""
    folder = pathlib.Path(env["XDG_DATA_HOME"]) / "pomod/plugins"
    folder.mkdir(parents=True)
    for name in ("sites", "mute"):
        (folder / f"{name}.so").touch()


@pytest.fixture
def warned(pomod, pomoctl):
    """Like ctl(), but of rules of which some can never come true: it says so, and does it all the same."""
    def run(*args, **kwargs):
        done = pomoctl(*args, **kwargs)
        assert done.rc == 0 and all(line.startswith("pomoctl: warning: ") for line in done.err.splitlines()), f"pomoctl {args}: {done}"
        return done.out
    return run


@pytest.fixture
def refused(pomod, pomoctl):
    """refused(1, "schedule", …): the one sentence that it answers with."""
    def run(rc, *args, **kwargs):
        done = pomoctl(*args, "--json", **kwargs)
        assert done.rc == rc and done.out == "", f"pomoctl {args}: {done}"
        (line,) = done.err.splitlines()
        error = json.loads(line)
        assert error.keys() == {"error", "message"} and len(error["message"]) > 10
        return error["message"]
    return run


def today():
    return datetime.datetime.now(datetime.timezone.utc).date()


def rows_of(name):
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- what holds when ----

@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_row_of_a_scenario(ctl, warned, records, scenario):
    rules, zone, _ = scenario.split(".")
    warned("schedule", "import", DATA / f"{rules}.rules")
    ctl("config", "set", "time-zone", zone.replace("-", "/", 1))
    rows = rows_of(scenario)
    assert len(rows) > 50
    answers = []
    for start in range(0, len(rows), 40):  # many instants, one connection
        answers += records("schedule", "explain", *(row["at"] for row in rows[start:start + 40]))
    assert len(answers) == len(rows)
    wrong = []
    for row, answer in zip(rows, answers):
        assert {"at", "state", "rule", "mode", "until", "why"} <= answer.keys()
        found = {key: answer[key] or "" for key in row}
        if found != row:
            wrong.append((row, answer))
        assert answer["why"], answer
    assert not wrong, wrong


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.capacity.csv")))
def test_capacities(ctl, records, name):
    ctl("schedule", "import", DATA / f"{name.split('.')[0]}.rules")
    ctl("config", "set", "time-zone", "Europe/Zurich")
    rows = rows_of(name)
    answers = records("plan", "capacity", *(row["date"] for row in rows))
    assert [(a["date"], a["pomodoros"]) for a in answers] == [(r["date"], int(r["pomodoros"])) for r in rows]


def test_instants_as_people_type_them(ctl, records):
    ctl("config", "set", "time-zone", "Europe/Zurich")
    ctl("schedule", "import", "-", stdin=SUMMER)
    asked = ["2026-07-01", "2026-07-01 10:00", "2026-07-01T10:00:30", "2026-07-01T08:00:00Z", "2026-07-01T10:00:00+02:00",
             "2026-07-01T08:00:00.500000Z"]
    answers = records("schedule", "explain", *asked, "2026-07-01", "11:59")
    assert [a["at"] for a in answers] == [
        "2026-06-30T22:00:00Z", "2026-07-01T08:00:00Z", "2026-07-01T08:00:30Z", "2026-07-01T08:00:00Z",
        "2026-07-01T08:00:00Z", "2026-07-01T08:00:00Z", "2026-07-01T09:59:00Z"]
    assert [a["state"] for a in answers] == ["off-hours"] + ["window"] * 6
    assert answers[1]["until"] == "2026-07-01T10:00:00Z" and answers[1]["rule"] == "summer"

    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    for answer in records("schedule", "explain") + records("schedule", "explain", "now"):
        at = datetime.datetime.fromisoformat(answer["at"].replace("Z", "+00:00"))
        assert before <= at <= datetime.datetime.now(datetime.timezone.utc)
    shown = ctl("schedule", "explain", "2026-07-01 10:00")
    assert shown.startswith("Wed 2026-07-01 10:00  summer, pomodoro, until 12:00\n")


@pytest.mark.parametrize("word", ["25:00", "2026-02-30", "2026-07-01T10:00:00X", "yesterdayish", "", "1969-12-31"])
def test_what_is_no_instant(refused, word):
    assert "say now" in refused(2, "schedule", "explain", "now", word) or "no date" in refused(2, "schedule", "explain", word)


# ---- bad input ----

BAD = {
    "[Rule x]\nHours=25:00-26:00\n": "25:00",
    "[Rule x]\nHours=9-12-15\n": "9-12-15",
    "[Rule x]\nHours=09:00-09:00\n": "09:00-09:00",
    "[Rule x]\nHours=\n\n[Rule x]\nHours=\n": "x",
    "[Rule x]\nDays=0Mon\n": "0Mon",
    "[Rule x]\nDays=6Mon\n": "6Mon",
    "[Rule x]\nDays=Foo\n": "Foo",
    "[Rule x]\nDates=13-01..14-01\n": "13-01",
    "[Rule x]\nDates=2026-08-31..2026-06-15\n": "2026-08-31",
    "[Rule x]\nDates=..\n": "..",
    "[Rule x]\nDates=2026-02-30..2026-03-01\n": "2026-02-30",
    "[Rule x]\nAlso=2026-13-01\n": "2026-13-01",
    "[Rule x]\nKind=holiday\n": "holiday",
    "[Rule x]\nMode=nap\n": "nap",
    "[Rule x]\nPriority=high\n": "high",
    "[Rule x]\nHours=09:00-12:00\nFocus=nowhere\n": "nowhere",
    "[Rule x]\nColour=red\n": "Colour",
    "Hours=09:00-12:00\n": "Hours",
    "[Rule x\nHours=09:00-12:00\n": "[Rule x",
    "nonsense\n": "nonsense",
    "[Profile p]\nPlugins=../x\n": "../x",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_rules_are_refused_whole(ctl, refused, text):
    ctl("schedule", "import", "-", stdin=SUMMER)
    before = ctl("schedule", "export")
    assert BAD[text] in refused(1, "schedule", "import", "-", stdin="[Rule good]\nHours=08:00-09:00\n\n" + text)
    assert BAD[text] in refused(1, "schedule", "import", "-", "--replace", stdin=text + "\n[Rule good]\nHours=08:00-09:00\n")
    assert ctl("schedule", "export") == before


def test_ten_thousand_and_one_rules(ctl, refused):
    ctl("schedule", "import", "-", stdin=SUMMER)
    before = ctl("schedule", "export")
    text = "".join(f"[Rule r{i}]\nDates=2026-01-01..2026-01-01\nHours=09:00-10:00\n" for i in range(10_001))
    assert "10000" in refused(1, "schedule", "import", "-", "--replace", stdin=text)
    assert ctl("schedule", "export") == before


def test_files_that_are_no_text(ctl, refused, folder):
    for name, data, says in (("zero", b"[Rule x]\n\0", "zero byte"), ("latin", b"[Rule caf\xe9]\n", "line 1: is not valid UTF-8"),
                             ("bell", b"[Rule x]\nHours=\a\n", "line 2: holds a control character"),
                             ("large", b"#" * (4 << 20) + b"\n", "larger than 4 MiB")):
        (folder / name).write_bytes(data)
        assert says in refused(2, "schedule", "import", folder / name)
    assert "No such file" in refused(1, "schedule", "import", folder / "none")
    assert "which file" in refused(2, "schedule", "import")
    (folder / "dos").write_bytes(b"\xef\xbb\xbf" + SUMMER.replace("\n", "\r\n").encode())
    assert ctl("schedule", "import", folder / "dos") == "imported 1 rule\n"
    assert ctl("schedule", "export") == SUMMER


def test_a_zone_that_there_is_not(ctl, refused):
    assert "Mars/Olympus" in refused(1, "config", "set", "time-zone", "Mars/Olympus")


@pytest.mark.parametrize("args, says", [
    (["schedule", "lst"], "did you mean 'schedule list'"),
    (["schedule", "xyzzy"], "--help"),
    (["schedule", "add"], "which rule"),
    (["schedule", "add", "x"], "what of it"),
    (["schedule", "add", "x", "09:00-12:00"], "KEY=VALUE"),
    (["schedule", "add", "x", "Huors=09:00-12:00"], "did you mean Hours"),
    (["schedule", "edit", "x", "Hours=09:00-12:00"], "no rule 'x'"),
    (["schedule", "preset", "winter"], "no preset 'winter'"),
    (["schedule", "agenda", "2026-07-14..2026-07-01"], "ends before it begins"),
    (["schedule", "agenda", "someday"], "are no days"),
    (["office-day", "2026-13"], "is no month"),
    (["office-day", "move", "2026-10-07"], "to which"),
    (["office-day", "mvoe", "x"], "did you mean 'office-day move'"),
    (["office-day", "drop", "someday"], "is no date"),
    (["focus", "on"], "which profile"),
    (["focus", "on", "deep"], "for how long"),
    (["focus", "on", "deep", "2"], "'2' is no duration"),
    (["focus", "off", "#x"], "is no id"),
    (["focus", "profile", "set", "deep", "Plugin=sites"], "did you mean Plugins"),
    (["plan", "capacity", "2026-02-30"], "2026-02-30"),
    (["plan", "add", "x"], "for which day"),
    (["plan", "add", "x", "someday"], "is no date"),
    (["plan", "weak"], "are no days"),
])
def test_what_makes_no_sense_is_2(refused, args, says):
    assert says in refused(2, *args)


# ---- rules ----

def test_rules_one_by_one(ctl, records, refused):
    assert "every hour is free" in ctl("schedule")
    assert ctl("schedule", "add", "summer", "Dates=06-15..08-31", "days=Mon-Fri", "Hours=09:00-12:00", "Priority=5") == \
        "added rule summer\n"
    assert ctl("schedule", "export") == SUMMER
    assert "already" in refused(2, "schedule", "add", "summer", "Hours=10:00-11:00")
    ctl("schedule", "add", "day", "Hours=09:00-17:00")
    ctl("schedule", "edit", "summer", "Hours=08:00-11:00", "Priority=", "Target=4")
    listed = records("schedule", "list")
    assert [rule["name"] for rule in listed] == ["summer", "day"]  # an edit keeps its place
    assert (listed[0]["hours"], listed[0]["priority"], listed[0]["target"], listed[0]["kind"]) == ("08:00-11:00", 0, 4, "work")
    assert "summer" in ctl("schedule", "list") and "every day" in ctl("schedule")
    assert "25:00" in refused(1, "schedule", "edit", "summer", "Hours=25:00-26:00")
    assert "nothing" in refused(1, "schedule", "remove", "nothing")
    ctl("schedule", "remove", "summer")
    assert [rule["name"] for rule in records("schedule", "list")] == ["day"]


def test_what_can_never_hold_is_a_warning(ctl, pomoctl):
    ctl("schedule", "add", "all", "Hours=09:00-17:00", "Priority=9")
    done = pomoctl("schedule", "add", "hidden", "Hours=10:00-11:00")
    assert done.rc == 0 and done.out == "added rule hidden\n"
    assert done.err.startswith("pomoctl: warning: ") and "hidden" in done.err
    text = "[Rule gone]\nDates=2020-01-01..2020-12-31\nHours=09:00-10:00\n"
    for option in ("--dry-run", "--replace"):
        done = pomoctl("schedule", "import", "-", option, "--json", stdin=text)
        assert done.rc == 0 and json.loads(done.out)["rules"] == 1
        assert any("gone" in json.loads(line)["warning"] for line in done.err.splitlines())


def test_import_and_export(ctl, records, folder):
    ctl("schedule", "import", DATA / "freelancer-year.rules")
    exported = ctl("schedule", "export")
    assert "wrote" in ctl("schedule", "export", folder / "year.rules")
    assert (folder / "year.rules").read_text() == exported
    assert ctl("schedule", "import", folder / "year.rules") == "nothing changes: all of it is there already\n"

    longer = SUMMER.replace("12:00", "13:00")
    (result,) = records("schedule", "import", "-", "--replace", "--dry-run", stdin=longer)
    assert (result["rules"], result["removed"], result["dry_run"]) == (1, 6, True)
    assert ctl("schedule", "export") == exported
    listed = [rule["name"] for rule in records("schedule")]
    listed.remove("summer")
    removed = f"{', '.join(listed[:5])} and 1 more\n"
    assert ctl("schedule", "import", "-", "--replace", "--dry-run", stdin=longer) == (
        f"would import 1 rule, and remove 6\nwould replace, where they differ: summer\nwould remove: {removed}")
    assert ctl("schedule", "import", "-", "--replace", stdin=longer) == (
        f"imported 1 rule, removed 6\nreplaced: summer\nremoved: {removed}")
    assert ctl("schedule", "export") == longer


def test_a_thousand_rules_and_more_are_all_listed(warned, records):
    text = "".join(f"[Rule r{i}]\nDates=2026-01-01..2099-01-01\nHours=09:00-10:00\n" for i in range(1500))
    warned("schedule", "import", "-", stdin=text)
    assert [rule["name"] for rule in records("schedule", "list")] == [f"r{i}" for i in range(1500)]
    warned("schedule", "edit", "r1499", "Hours=10:00-11:00")
    assert records("schedule", "list")[-1]["hours"] == "10:00-11:00"


def test_presets(ctl, warned, records):
    names = {preset["name"] for preset in records("schedule", "preset")}
    assert names >= {"summer", "split-day", "office-day", "annual-break"}
    for name in sorted(names):
        text = ctl("schedule", "preset", name)
        assert "[Rule " in text
        assert "would import" in warned("schedule", "preset", name, "--add", "--dry-run")
        assert "imported" in warned("schedule", "preset", name, "--add")
        assert name in ctl("schedule", "preset")
    assert len(records("schedule", "list")) >= len(names)
    warned("schedule", "edit", "summer", "Hours=07:00-08:00")
    assert "replaced: summer\n" in warned("schedule", "preset", "summer", "--add")
    assert warned("schedule", "preset", "summer", "--add") == "nothing changes: all of it is there already\n"
    # Each of them makes a day that is not free.
    assert records("schedule", "explain", "2026-07-01 10:00", "2026-12-28 10:00")[1]["state"] == "away"


# ---- the week ----

def test_a_date_that_the_zone_skipped(ctl, refused):
    ctl("config", "set", "time-zone", "Pacific/Apia")
    assert refused(2, "schedule", "agenda", "2011-12-30") == \
        "the zone Pacific/Apia skipped the date 2011-12-30, so it has no agenda; ask for another date"
    for period in ("2011-12-29", "2011-12-31", "2011-12-30..2011-12-31"):
        ctl("schedule", "agenda", period)


def test_days_by_their_words(ctl, records):
    day = today() + datetime.timedelta(days=3)
    name, short = day.strftime("%A").lower(), day.strftime("%a")
    ctl("schedule", "add", "office", "Kind=office-day", f"Days={today() + datetime.timedelta(days=1):%a}", "Hours=09:00-17:00")
    ctl("office-day", "add", name)
    ctl("plan", "add", "Report", short)
    assert [record["date"] for record in records("schedule", "agenda", name)] == [str(day)]
    assert [(record["date"], len(record["tasks"])) for record in records("plan", short)] == [(str(day), 1)]
    (explained,) = records("schedule", "explain", name, "10:00")
    assert explained["at"].startswith(f"{day}T10:00:00") and explained["rule"] == "office"
    (explained,) = records("schedule", "explain", "tomorrow")
    assert explained["at"].startswith(f"{today() + datetime.timedelta(days=1)}T00:00:00")
    assert [record["date"] for record in records("office-day", f"{day:%Y-%m}") if record["date"] == str(day)] == [str(day)]


def test_agenda(ctl, records):
    ctl("config", "set", "time-zone", "Europe/Zurich")
    ctl("schedule", "import", DATA / "freelancer-year.rules")
    week = records("schedule", "agenda", "2026-10-05..2026-10-11")
    assert [(s["date"], s["rule"]) for s in week if s["kind"] == "office-day"] == [("2026-10-08", "office-day")] * 2
    assert [s["rule"] for s in week if s["state"] == "away"] == ["saturday-market"]
    for edge in ("from", "to"):
        for stretch, answer in zip(week, records("schedule", "explain", *(s[edge] for s in week))):
            assert (answer["rule"] == stretch["rule"] and answer["state"] == stretch["state"]) == (edge == "from")

    lines = ctl("schedule", "agenda", "2026-10-08")
    assert lines.splitlines()[:2] == ["Thu 2026-10-08", "  09:00–12:00  office-day (office day)"]
    year = records("schedule", "agenda", "2026-01-01..2026-12-31")
    assert len(year) > 400 and [s["from"] for s in year] == sorted(s["from"] for s in year)
    for period in ("today", "week", "next-week", "tomorrow"):
        ctl("schedule", "agenda", period)


def test_a_week_is_drawn(ctl):
    ctl("schedule", "import", DATA / "freelancer-year.rules")
    drawn = ctl("schedule", "agenda", "--draw", "2026-10-05..2026-10-11").splitlines()
    assert drawn[0].split() == ["Mon", "05", "Tue", "06", "Wed", "07", "Thu", "08", "Fri", "09", "Sat", "10", "Sun", "11"]
    (nine,) = [line for line in drawn if line.strip().startswith("09:00")]
    (noon,) = [line for line in drawn if line.strip().startswith("12:00")]
    (one,) = [line for line in drawn if line.strip().startswith("13:00")]
    # Told apart without colour: freeform, the office day, away, pomodoros.
    assert [nine[8 + 10 * day] for day in range(7)] == ["░", "░", "░", "█", "░", "╱", " "]
    assert [one[8 + 10 * day] for day in range(7)] == ["▓", "▓", "▓", "█", "▓", " ", " "]
    assert noon.strip() == "12:00"
    assert all(len(line) <= 80 for line in drawn) and "\033" not in "".join(drawn)
    assert "pomodoro" in drawn[-1] and "office day" in drawn[-1] and "away" in drawn[-1]


def test_a_terminal_sees_it_drawn_and_a_narrow_one_gets_lines(ctl, program, env, bus):
    ctl("schedule", "import", DATA / "freelancer-year.rules")
    command = [program("pomoctl"), "schedule", "agenda", "2026-10-05..2026-10-11"]
    env = {**env, "POMOD_BUS": bus.address}
    wide = on_terminal(command, env, 120)
    assert "▓" in wide and "\033[1;31m" in wide and "Mon 05 Oct" in wide
    assert all(len(re.sub("\033\\[[0-9;]*m", "", line)) <= 120 for line in wide.splitlines())
    middle = on_terminal(command, {**env, "NO_COLOR": "1"}, 50)
    assert "▓" in middle and "\033" not in middle and all(len(line.rstrip("\r")) <= 50 for line in middle.splitlines())
    narrow = on_terminal(command, {**env, "NO_COLOR": "1"}, 30)
    assert "▓" not in narrow and "13:00–17:00  afternoons" in narrow


# ---- the timer lives by it ----

@pytest.fixture
def off_hours(ctl):
    """Rules that govern today, with no window now."""
    hour = datetime.datetime.now(datetime.timezone.utc).hour
    hours = "23:58-23:59" if hour < 12 else "00:01-00:02"
    ctl("schedule", "add", "never-now", f"Hours={hours}")


def test_start_outside_the_hours(ctl, pomoctl, refused, off_hours):
    done = pomoctl("start")
    assert done.rc == 1 and "--anyway" in done.err
    refused(1, "start")
    assert "off hours, until " in ctl("status")
    ctl("start", "--anyway")
    assert "pomodoro" in ctl("status")


def test_status_shows_the_window_and_its_end(ctl, records):
    day = today()
    ctl("schedule", "add", "now", f"Dates={day}..{day}", "Mode=freeform")
    end = day + datetime.timedelta(days=1)
    assert f"now, freeform, until {end:%a} {end} 00:00\n" in ctl("status")
    assert ctl("status", "--format", "%u|%m|%w|%W") == f"now|freeform|window|{end:%a} {end} 00:00\n"
    (status,) = records("status")
    assert (status["rule"], status["mode"], status["schedule_state"]) == ("now", "freeform", "window")


def test_a_bar_shows_the_window_and_its_end(ctl, pomod, program, env, bus):
    day = today()
    end = day + datetime.timedelta(days=1)
    bar = Stream([program("pomobar")], {**env, "POMOD_BUS": bus.address.split(",")[0]})
    tips = Stream([program("pomobar"), "--format=waybar"], {**env, "POMOD_BUS": bus.address.split(",")[0]})
    try:
        bar.wait_line("idle")
        ctl("schedule", "add", "now", f"Dates={day}..{day}", "Mode=freeform")
        bar.wait_line(f"idle · now until {end:%a %d %b} 00:00")
        tips.wait_line(lambda line: f"now until {end:%a %d %b} 00:00" in json.loads(line)["tooltip"])
        # The same rule, but another end.
        ctl("schedule", "edit", "now", f"Dates={day}..{end}")
        after = end + datetime.timedelta(days=1)
        bar.wait_line(f"idle · now until {after:%a %d %b} 00:00")
        ctl("start", "--focus=")
        bar.wait_line(lambda line: line.startswith("+0:"))
    finally:
        bar.close()
        tips.close()


# ---- plans ----

def test_a_plan(ctl, records):
    ctl("schedule", "import", "-", stdin="[Rule day]\nHours=09:00-12:00\n")
    tomorrow, later = today() + datetime.timedelta(days=1), today() + datetime.timedelta(days=2)
    assert 'created task #1 "Write report"' in ctl("plan", "add", "Write", "report", "tomorrow", "--project=Acme")
    ctl("task", "edit", "#1", "--estimate=4")
    ctl("task", "add", "Mail", "--estimate=3", "--plan", tomorrow)
    ctl("task", "add", "Call", "--plan", later)
    days = records("plan", f"{tomorrow}..{later}")
    assert [(d["date"], d["capacity"], d["planned"], d["left"], d["without_estimate"]) for d in days] == [
        (str(tomorrow), 5, 7, -2, 0), (str(later), 5, 0, 5, 1)]
    assert [(t["title"], t["needs"]) for t in days[0]["tasks"]] == [("Write report", 4), ("Mail", 3)]
    shown = ctl("plan", f"{tomorrow}..{later}")
    assert "5 fit by the rules · 7 planned · 2 more than fit" in shown
    assert "Acme: 4" in shown and "no project: 3" in shown and "#3 Call: no estimate" in shown
    assert "Too much is planned: 2 pomodoros will not fit. There is room on other days." in shown

    ctl("plan", "add", "#2", str(later))
    assert [d["planned"] for d in records("plan", f"{tomorrow}..{later}")] == [4, 3]
    assert "Too much" not in ctl("plan", f"{tomorrow}..{later}")
    ctl("plan", "remove", "Mail")
    assert [d["planned"] for d in records("plan", f"{tomorrow}..{later}")] == [4, 0]
    for period in ([], ["today"], ["week"], ["next-week"]):
        ctl("plan", *period)


def at_noon(ctl):
    """The user is where it is noon now, give or take half an hour, and no date is near."""
    now = datetime.datetime.now(datetime.timezone.utc)
    east = round(12 - now.hour - now.minute / 60)
    ctl("config", "set", "time-zone", f"Etc/GMT{-east:+d}")
    return (now + datetime.timedelta(hours=east)).date()


def test_a_plan_of_a_day_that_is_half_over(ctl, records):
    date = at_noon(ctl)
    ctl("schedule", "import", "-", stdin="[Rule early]\nHours=05:00-08:00\n[Rule late]\nHours=18:00-19:00\n")
    ctl("task", "add", "Mail", "--estimate=3", "--plan", date)
    (day,) = records("plan")
    assert (day["date"], day["capacity"], day["planned"], day["still_fits"], day["left"]) == (str(date), 7, 3, 2, -1)
    shown = ctl("plan")
    assert "7 fit by the rules · 2 still fit · 3 planned · 1 more than fit\n" in shown
    assert "Too much is planned: 1 pomodoro will not fit." in shown
    yesterday, _, tomorrow = records("plan", f"{date - datetime.timedelta(days=1)}..{date + datetime.timedelta(days=1)}")
    assert (yesterday["capacity"], yesterday["still_fits"], tomorrow["still_fits"], tomorrow["left"]) == (7, 0, 7, 7)
    assert records("plan", "capacity", date)[0]["pomodoros"] == 7, "of the whole day"


def test_a_pomodoro_that_runs_has_its_place_in_the_plan(ctl, records):
    at_noon(ctl)
    zone = datetime.timezone(datetime.timedelta(hours=-int(ctl("config", "get", "time-zone").strip().removeprefix("Etc/GMT"))))
    end = datetime.datetime.now(zone) + datetime.timedelta(minutes=24)
    ctl("schedule", "import", "-", stdin=f"[Rule day]\nHours=08:00-{end:%H:%M:%S}\n")
    assert records("plan")[0]["still_fits"] == 0
    ctl("start", "pomodoro", "--ago", "2m")
    assert records("plan")[0]["still_fits"] == 1


# ---- overtime ----

def test_overtime_in_the_log(ctl, records):
    ctl("schedule", "import", "-", stdin="[Rule day]\nDays=Wed\nHours=09:00-12:00\n")
    ctl("log", "add", "2026-07-01 08:30-09:30", "Write report")
    ctl("log", "add", "2026-07-01 10:00-11:00")
    ctl("log", "add", "2026-07-02 20:00-21:00")
    assert [row["overtime_usec"] // SECOND for row in records("log", "all")] == [1800, 0, 0]
    shown = ctl("log", "all")
    assert "Write report  30m overtime" in shown
    assert "2h freeform · 30m overtime\n" in shown and "        1h freeform\n" in shown
    assert "In all: 3h freeform · 30m overtime\n" in shown


# ---- office days ----

def test_office_days(ctl, records, refused):
    ctl("config", "set", "time-zone", "Europe/Zurich")
    ctl("schedule", "import", "-", stdin="[Rule office]\nKind=office-day\nDays=Wed\nHours=09:00-12:00\nQuota=1/week\n"
                                         "[Rule other]\nHours=13:00-17:00\n")
    first = [day["date"] for day in records("office-day", "2030-10")]
    assert first == ["2030-10-02", "2030-10-09", "2030-10-16", "2030-10-23", "2030-10-30"]
    assert "moved the office day of Wed 2030-10-09 to Thu 2030-10-10" in ctl("office-day", "move", "2030-10-09", "2030-10-10")
    days = {day["date"]: day for day in records("office-day", "list", "2030-10")}
    assert (days["2030-10-09"]["fate"], days["2030-10-09"]["moved_to"]) == ("moved", "2030-10-10")
    assert (days["2030-10-10"]["fate"], days["2030-10-10"]["rule"]) == ("planned", "office")
    assert [a["rule"] for a in records("schedule", "explain", "2030-10-09 10:00", "2030-10-10 10:00")] == ["", "office"]
    # Out of its week.
    assert "2030-11-21 is not in the week of 2030-10-16" in refused(1, "office-day", "move", "2030-10-16", "2030-11-21")
    assert "itself" in refused(1, "office-day", "move", "2030-10-16", "2030-10-16")
    ctl("office-day", "add", "2030-10-25")
    ctl("office-day", "drop", "2030-10-30", "--rule", "office")
    dates = [day["date"] for day in records("office-day", "2030-10") if day["fate"] == "planned"]
    assert "2030-10-25" in dates and "2030-10-30" not in dates
    month = ctl("office-day", "2030-10")
    assert month.startswith("October 2030\n") and " 9→" in month and "10○" in month
    assert "office, 1/week: 1 moved →" in month and "Wed 2030-10-09  moved to Thu 2030-10-10" in month
    assert "no office days" in ctl("office-day", "2020-01")


# ---- focus ----

def test_focus_by_hand(ctl, records, refused):
    assert "no profiles" in ctl("focus", "profile")
    ctl("focus", "profile", "set", "deep", "Plugins=sites;mute", "sites.Block=reddit.com;@social", "mute.What=mail")
    (profile,) = records("focus", "profile", "list")
    assert profile["name"] == "deep" and profile["settings"] == {"sites.Block": "reddit.com;@social", "mute.What": "mail"}
    ctl("focus", "profile", "set", "deep", "mute.What=")
    assert "mute.What" not in ctl("focus", "profile", "show", "deep")
    assert "sites" in ctl("focus", "profile") and "deep" in refused(1, "focus", "on", "deepest", "2h")
    assert "0s is no time to focus" in refused(1, "focus", "on", "deep", "0s")

    assert "no focus is in force" in ctl("focus")
    (claim,) = records("focus", "on", "deep", "2h")
    assert (claim["profile"], claim["source"], claim["state"], claim["plugins"]) == ("deep", "user", "in-force", ["sites", "mute"])
    assert [c["id"] for c in records("focus")] == [claim["id"]]
    assert "by hand" in ctl("focus", "list")
    assert "released" in ctl("focus", "off", "--reason", "the phone")
    assert records("focus") == []
    (past,) = records("focus", "list", "today")
    assert (past["state"], past["reason"]) == ("released", "the phone") and past["ended"]
    assert "released" in ctl("focus", "list", "week")


def test_a_release_that_waits_is_taken_back(ctl, records):
    ctl("focus", "profile", "set", "deep", "Plugins=sites")
    (claim,) = records("focus", "on", "deep", "2h", "--lock", "delay 10m")
    assert claim["lock"] == "delay 10m"
    assert "take it back with: pomoctl focus keep" in ctl("focus", "off", f"#{claim['id']}", "--reason", "tired")
    assert records("focus")[0]["release"] and "unless kept" in ctl("focus")
    ctl("focus", "keep")
    assert records("focus")[0]["release"] is None


def test_a_release_that_waited_is_over(clock, client, pomoctl):
    assert pomoctl("focus", "profile", "set", "deep", "Plugins=sites").rc == 0
    client.call("focus", "Engage", "(sa{sv})", ("deep", options(for_usec=HOUR, lock="delay 10m")))
    assert pomoctl("focus", "off", "--reason", "tired").rc == 0
    assert "unless kept" in pomoctl("focus", "list", "2026-07-01").out
    clock.advance(10 * MINUTE)
    done = pomoctl("focus", "list", "2026-07-01")
    assert done.rc == 0 and "unless kept" not in done.out and re.search(r"  released .*10:00: tired", done.out), done


def test_what_becomes_of_each_of_several(ctl, records, pomoctl):
    for name in "deep", "calm":
        ctl("focus", "profile", "set", name, "Plugins=sites")
    ids = [records("focus", "on", *words)[0]["id"] for words in (("deep", "2h", "--lock", "delay 10m"), ("calm", "2h"), ("calm", "1h"), ("deep", "1h"))]
    for words in [], ["--reason", " "]:
        done = pomoctl("focus", "off", *words)
        assert done.rc == 1 and done.err.endswith("releasing it takes a reason, which is kept on record; give it with --reason WHY\n"), done
    assert ctl("focus", "off", str(ids[3])) == f"#{ids[3]} deep: released\n"
    lines = ctl("focus", "off", "--reason", "tired").splitlines()
    assert lines[1:] == [f"#{ids[1]} calm: released", f"#{ids[2]} calm: released"]
    assert re.fullmatch(rf"#{ids[0]} deep: to be released at .*\d\d:\d\d; until then, take it back with: pomoctl focus keep {ids[0]}", lines[0])
    assert [claim["id"] for claim in records("focus")] == ids[:1]
    ctl("focus", "keep", str(ids[0]))
    assert [claim["release"] for claim in records("focus")] == [None]


def test_an_interval_with_focus(ctl, records, pomod):
    ctl("focus", "profile", "set", "deep", "Plugins=sites")
    ctl("start", "--focus", "deep")
    (claim,) = records("focus")
    assert (claim["source"], claim["interval"]) == ("interval", 1)
    ctl("stop")
    repeat_until(lambda: records("focus") == [], "its focus to end")


# ---- help ----

def test_help_of_every_verb(pomoctl):
    page = pomoctl("--help")
    assert all(len(line) < 80 for line in page.out.splitlines()) and len(page.out.splitlines()) <= 50
    for words in (["schedule"], ["schedule", "add"], ["schedule", "explain"], ["office-day"], ["office-day", "move"], ["focus"],
                  ["focus", "profile"], ["focus", "profile", "set"], ["plan"], ["plan", "capacity"]):
        shown = pomoctl(*words, "--help")
        assert shown.rc == 0 and f"Usage: pomoctl {' '.join(words)}" in shown.out and "Examples:" in shown.out
