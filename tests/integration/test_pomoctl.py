# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Every verb of pomoctl once as a person would use it, what it exits with, and what it says to scripts."""

import datetime
import json
import pathlib
import re
import shlex
import subprocess

import pytest

from harness.loop import repeat_until
from harness.stream import Stream
from harness.units import MINUTE

STATUS = {"state", "paused", "next", "task", "started", "deadline", "remaining_usec", "elapsed_usec", "cycle",
          "completed_today", "target_today", "mode", "rule", "schedule_state", "not_enforced", "seq"}
INTERVAL = {"id", "kind", "outcome", "reason", "started", "ended", "planned_usec", "worked_usec", "task", "project",
            "internal", "external", "paused", "note", "overtime", "rule"}
TASK = {"id", "title", "project", "estimate", "done"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


# ---- the timer ----

def test_a_pomodoro_from_start_to_stop(ctl, status, records):
    assert "idle · next pomodoro" in ctl()
    assert 'created task #1 "Write report"' in ctl("start", "Write", "report")
    assert "Write report #1" in ctl("status")

    now = status()
    assert STATUS <= now.keys()
    assert (now["state"], now["task"], now["paused"], now["schedule_state"]) == ("pomodoro", "Write report", False, "free")
    assert INSTANT.fullmatch(now["started"]) and INSTANT.fullmatch(now["deadline"])
    assert 24 * MINUTE < now["remaining_usec"] <= 25 * MINUTE
    assert now["target_today"] is None

    assert "external interruption" in ctl("interrupt", "--external", "the", "phone")
    assert "internal interruption" in ctl("toggle")
    ctl("extend", "5m")
    assert 29 * MINUTE < status()["remaining_usec"] <= 30 * MINUTE
    assert "is void" in ctl("stop", "--reason", "lunch")

    (row,) = records("log")
    assert INTERVAL <= row.keys()
    assert (row["kind"], row["outcome"], row["internal"], row["external"]) == ("pomodoro", "void", 1, 1)
    assert row["planned_usec"] == 30 * MINUTE and row["task"] == "Write report"
    assert "lunch" in row["reason"] + row["note"]


def test_start_says_what_and_how_long(ctl, status):
    # No longer ago than the computer is on.
    ctl("start", "pomodoro", "--for", "50m", "--ago", "1m")
    now = status()
    assert 48 * MINUTE < now["remaining_usec"] <= 49 * MINUTE
    assert 1 * MINUTE <= now["elapsed_usec"] < 2 * MINUTE
    ctl("start", "freeform", "Other", "--project=Acme", "--switch")
    now = status()
    assert (now["state"], now["task"], now["remaining_usec"], now["deadline"]) == ("freeform", "Other", None, None)
    ctl("start", "freeform", "#1", "--switch", "--ago", "0s")
    assert status()["task"] == "Other"


def test_a_slip_in_the_kind_makes_no_task(ctl, pomoctl, status, records):
    done = pomoctl("start", "pomdoro", "Report")
    assert done.rc == 2 and "did you mean pomodoro?" in done.err and "start pomodoro 'pomdoro Report'" in done.err
    assert pomoctl("start", "Freeform").rc == 2 and pomoctl("start", "short-brake").rc == 2
    assert status()["state"] == "idle" and records("task") == []
    ctl("start", "pomodoro", "pomdoro", "Report")
    ctl("start", "pomdoro", "Report", "--switch")
    # Words that titles begin with are no slips.
    for title in "Check mail", "Bring it", "Great things", "Speak with Bob", "short talk", "Free the server":
        ctl("start", *title.split(), "--switch")
    assert len(records("task")) == 7


def test_pause_resume_skip(ctl, status):
    ctl("config", "set", "pause", "yes")
    ctl("start", "--for=8m")
    assert "paused" in ctl("pause")
    now = status()
    assert now["paused"] and now["deadline"] is None and 7 * MINUTE < now["remaining_usec"] <= 8 * MINUTE
    assert "paused" not in ctl("resume")
    ctl("start", "break", "--switch")
    assert "skipped" in ctl("skip")
    assert status()["state"] == "idle"


def test_stop_at_an_earlier_time(ctl, records):
    ctl("start", "freeform", "--ago", "1m")
    started = records("log", "all")[0]["started"]
    # The wall clock time of a moment within it, as a person would read it off.
    at = subprocess.run(["date", "-u", "-d", f"{started} + 30 seconds", "+%Y-%m-%d %H:%M:%S"], check=True,
                        capture_output=True, text=True).stdout.strip()
    ctl("stop", "--at", at)
    (row,) = records("log", "all")
    assert row["outcome"] == "completed" and row["ended"][:19] == at.replace(" ", "T")


def test_status_for_prompts(ctl):
    assert ctl("status", "--format", "%s|%S|%t|%p|100%%") == "idle|idle||0|100%\n"
    assert ctl("--format", "%s %S") == ctl("--format=%s %S") == "idle idle\n"
    ctl("start", "break", "--for", "1h")
    assert re.fullmatch(r"short break 1:00:00|short break 59:5\d", ctl("status", "--format=%s %r").strip())


# ---- tasks ----

def test_tasks(ctl, pomoctl, records):
    assert 'created task #1 "Write report"' in ctl("task", "add", "Write", "report", "--estimate", 3, "--project", "Acme",
                                                   "--plan", "2026-07-01")
    ctl("task", "edit", "#1", "--title", "Write the report", "--estimate", 4)
    assert pomoctl("task", "edit", "1", "--estimate", "").rc == 2
    (task,) = records("task", "list")
    assert TASK <= task.keys()
    assert (task["id"], task["title"], task["project"], task["estimate"], task["done"]) == (
        1, "Write the report", "Acme", 4, False)
    assert "Write the report" in ctl("task")
    ctl("task", "done", "Write", "the", "report")
    assert records("task", "list") == []
    assert records("task", "list", "--all")[0]["done"] is True
    ctl("task", "done", "1", "--undo")
    ctl("task", "remove", "1")
    assert records("task", "list", "--all") == []


def test_the_note_of_a_task(ctl, pomoctl, records, pomod):
    ctl("task", "add", "Write", "report", "--note", "Größe from Ms. Li; send as PDF")
    ctl("task", "add", "Plain")
    assert [task["note"] for task in records("task")] == ["Größe from Ms. Li; send as PDF", ""]
    ctl("task", "edit", "1", "--estimate", 2)
    assert "Write report Größe from Ms. Li; send as PDF" in ctl("task")
    pomod.restart()
    assert [task["note"] for task in records("task")] == ["Größe from Ms. Li; send as PDF", ""]
    ctl("task", "edit", "1", "--note", "none")
    ctl("task", "edit", "2", "--note", "n" * 4096)
    assert [len(task["note"]) for task in records("task")] == [0, 4096]
    for text in ("n" * 4097, "two\nlines"):
        refused = pomoctl("task", "edit", "2", "--note", text)
        assert refused.rc != 0 and "note" in refused.err


def test_tags_of_tasks(ctl, pomoctl, records, pomod):
    ctl("task", "add", "Letter", "--tag", "urgent,Größe urgent")
    ctl("task", "add", "Report", "--tag", "home")
    ctl("task", "add", "Plain")
    assert [task["tags"] for task in records("task")] == [["urgent", "Größe"], ["home"], []]
    for day, title in enumerate(("Letter", "Report", "Plain", "Letter"), 1):
        ctl("log", "add", f"2026-07-0{day} 10:00..11:00", title)
    pomod.restart()
    assert "Letter [urgent Größe]" in ctl("task") and "no task has that tag" in ctl("task", "list", "--tag", "nowhere")

    assert [task["title"] for task in records("task", "list", "--tag", "GRÖSSE")] == ["Letter"]
    assert [row["task"] for row in records("log", "all", "--tag", "urgent")] == ["Letter", "Letter"]
    assert records("log", "all", "--tag", "urg") == [] and records("task", "list", "--tag", "nowhere") == []
    ctl("task", "edit", "Letter", "--tag", "none")
    ctl("task", "edit", "Plain", "--tag", "home")
    assert [task["title"] for task in records("task", "list", "--tag", "home")] == ["Report", "Plain"]
    assert records("log", "all", "--tag", "urgent") == []

    ctl("task", "edit", "Plain", "--tag", "t" * 256)
    refused = pomoctl("task", "edit", "Plain", "--tag", "t" * 200 + " " + "u" * 60)
    assert refused.rc != 0 and "256" in refused.err
    assert pomoctl("task", "edit", "Plain", "--tag", "bell\a").rc != 0


def test_a_task_is_an_id_or_a_title(ctl, pomoctl, records, status):
    """A number is an id in every verb, with and without its sign; everything else is a title."""
    for title in ("one", "two", "1", "#urgent fix"):
        ctl("task", "add", title)
    ctl("task", "edit", "1", "--estimate", 3)
    ctl("start", "1")
    assert status()["task"] == "one"
    ctl("log", "add", "2026-07-01 09:00-10:00", "3")
    ctl("plan", "add", "1", "2026-07-02")
    assert {task["title"]: (task["estimate"], task["plan_date"]) for task in records("task")} == {
        "one": (3, "2026-07-02"), "two": (0, ""), "1": (0, ""), "#urgent fix": (0, "")}
    assert [row["task_id"] for row in records("log", "all", "--task", "1")] == [1]
    assert [row["task_id"] for row in records("log", "all", "--task", "#3")] == [3]

    ctl("start", "#urgent", "fix", "--switch")
    assert status()["task_id"] == 4
    done = pomoctl("start", "5", "--switch", "--json")
    assert (done.rc, json.loads(done.err)["error"]) == (1, "org.pomod.Pomod1.Error.NoSuchTask")
    assert len(records("task")) == 4
    ctl("start", "#1", "--switch")
    assert status()["task"] == "one"

    ctl("task", "done", "1")
    assert [task["title"] for task in records("task")] == ["two", "1", "#urgent fix"]
    ctl("task", "done", "#urgent fix")
    assert [task["title"] for task in records("task")] == ["two", "1"]


def test_a_start_is_two_calls(ctl, method_calls):
    """Timer.Start says which task it made, so that nothing needs to be asked but what is true afterwards."""
    two = ["Hello", "org.pomod.Pomod1.Timer.Start", "org.freedesktop.DBus.Properties.GetAll"]
    for args in (["start"], ["start", "Write", "report", "--switch"], ["start", "Write", "report", "--switch"],
                 ["start", "freeform", "1", "--switch", "--focus="], ["start", "pomodoro", "Mail", "--switch", "--for", "10m", "--json"]):
        assert method_calls(lambda: ctl(*args)) == two, args
    assert method_calls(lambda: ctl("status")) == [two[0], two[2]]


def test_a_task_that_is_none_is_refused_alike(ctl, pomoctl):
    ctl("task", "add", "one")
    for args in (["task", "remove"], ["task", "done"], ["plan", "remove"], ["log", "all", "--task"]):
        for text in ("nothing", "#nothing"):
            done = pomoctl(*args, text, "--json")
            assert (done.rc, json.loads(done.err)["error"]) == (1, "org.pomod.Pomod1.Error.NoSuchTask"), args
            assert f'no open task "{text}"' in done.err.replace("\\", "")
    assert "#99" in pomoctl("start", "#99").err and "#99" in pomoctl("task", "done", "99").err
    done = pomoctl("task", "remove", "#0")
    assert done.rc == 2 and "'#0' is no id of a task" in done.err


# ---- the log ----

def test_the_log_by_hand(ctl, records):
    added = records("log", "add", "2026-07-01 09:00-10:15", "Write", "report", "--note", "from memory")[0]
    assert (added["id"], added["kind"], added["started"], added["ended"], added["note"]) == (
        1, "freeform", "2026-07-01T09:00:00.000000Z", "2026-07-01T10:15:00.000000Z", "from memory")
    ctl("log", "add", "2026-07-01", "22:00-02:30", "--kind", "freeform")
    ctl("log", "add", "2026-07-02", "08:00..2026-07-02", "08:25", "#1", "--kind=pomodoro")

    shown = ctl("log", "2026-07-01..2026-07-02")
    assert "Wednesday 2026-07-01" in shown and "Thursday 2026-07-02" in shown and "In all: 1 pomodoro" in shown
    assert [row["id"] for row in records("log", "all")] == [1, 2, 3]
    assert [row["id"] for row in records("log", "all", "--task", "Write report")] == [1, 3]
    assert [row["id"] for row in records("log", "2026-07-02")] == [3]

    changed = records("log", "edit", "1", "--start", "09:05", "--task", "none", "--note", "")[0]
    assert (changed["started"][11:16], changed["task"], changed["note"]) == ("09:05", "", "")
    assert records("log", "trim", "#2", "01:00")[0]["ended"] == "2026-07-02T01:00:00.000000Z"
    ctl("log", "delete", "3")
    assert [row["id"] for row in records("log", "all")] == [1, 2]
    ctl("log", "undo")
    assert [row["id"] for row in records("log", "all")] == [1, 2, 3]
    ctl("log", "redo")
    assert [row["id"] for row in records("log", "all")] == [1, 2]
    for period in ("today", "yesterday", "week"):
        ctl("log", period)


def test_days_by_their_words(ctl, records):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    before = today - datetime.timedelta(days=2)
    name = before.strftime("%A").lower()
    ctl("log", "add", "yesterday", "09:00-10:15", "Report")
    ctl("log", "add", name, "22:00..yesterday", "01:00", "Night")
    assert "Night" in ctl("log", name) and "Report" not in ctl("log", name)
    assert "Report" in ctl("log", "yesterday")
    assert {row["task"] for row in records("log", f"{name}..today")} == {"Night", "Report"}
    for period in "month", "last-month", f"{before:%Y-%m}", "last-week":
        rows = records("log", period)
        assert all(row["task"] in ("Night", "Report") for row in rows)
    assert "Night" in {row["task"] for row in records("log", f"{before:%Y-%m}")}
    assert {row["task"] for row in records("log", "month") + records("log", "last-month")} == {"Night", "Report"}
    ctl("task", "edit", "Report", "--plan", "tomorrow")
    assert {task["plan_date"] for task in records("task")} == {str(today + datetime.timedelta(days=1)), ""}


def test_what_runs_is_in_the_log(ctl, records):
    ctl("start", "freeform", "--ago", "1m")
    (row,) = records("log", "all")
    assert (row["outcome"], row["ended"]) == ("running", None)
    assert 1 * MINUTE <= row["worked_usec"] < 2 * MINUTE
    assert "running" in ctl("log", "all")
    ctl("log", "edit", "last", "--note", "it runs")
    assert records("log", "all")[0]["note"] == "it runs"


def test_times_are_in_the_zone_of_the_settings(ctl, records):
    ctl("config", "set", "time-zone", "Asia/Tokyo")
    assert records("log", "add", "2026-07-01 09:00-10:00")[0]["started"] == "2026-07-01T00:00:00.000000Z"
    assert "09:00–10:00" in ctl("log", "all")


# ---- settings, backups ----

def test_settings(ctl, records):
    assert ctl("config", "get", "pomodoro") == "25m\n"
    assert ctl("config", "set", "pomodoro", "50m") == "pomodoro is now 50m\n"
    listed = {record["name"]: record for record in records("config", "list")}
    assert listed["pomodoro"]["value"] == 50 * MINUTE and listed["pomodoro"]["default"] == "25m"
    assert listed["auto-start-break"]["value"] is True
    assert "long-break-every" in ctl("config")
    ctl("config", "reset", "pomodoro")
    assert ctl("config", "get", "pomodoro") == "25m\n"


def test_what_took_days_says_until_when(ctl):
    added = ctl("log", "add", "2026-07-01 22:00..2026-07-04 01:00", "Night shift")
    ctl("log", "add", "2026-07-05 22:00..2026-07-06 01:00")
    assert "22:00–01:00" in added and "until 2026-07-04  Night shift" in added
    listed = ctl("log", "2026-07-01..2026-07-31")
    assert "until 2026-07-04  Night shift" in listed and listed.count("until") == 1


def test_times_are_of_the_place_where_it_was_worked(ctl, records):
    ctl("config", "set", "time-zone", "Asia/Tokyo")
    ctl("log", "add", "2026-07-01 09:00-10:00")
    ctl("config", "set", "time-zone", "America/New_York")
    assert "09:00–09:30" in ctl("log", "trim", "1", "09:30")
    assert "09:00–09:20" in ctl("log", "edit", "1", "--end", "09:20")
    assert "09:10–09:20" in ctl("log", "edit", "1", "--start=09:10")
    (row,) = records("log", "all")
    assert (row["started"], row["ended"]) == ("2026-07-01T00:10:00.000000Z", "2026-07-01T00:20:00.000000Z")
    assert row["offset_sec"] == 9 * 3600


def test_backup_and_restore(ctl, records):
    ctl("task", "add", "kept")
    name = records("backup")[0]["name"]
    ctl("task", "add", "lost")
    assert name in [record["name"] for record in records("backup", "list")]
    assert name in ctl("backup", "list")
    said = ctl("restore", name)
    assert [task["title"] for task in records("task", "list")] == ["kept"]

    # The wrong one? What was there before is a backup, too, and the one after it is of what was chosen.
    kept = re.search(r"pomoctl restore (pomod-\S+\.db)\n$", said)[1]
    names = repeat_until(lambda: (found := [record["name"] for record in records("backup", "list")])[0] != kept and found)
    assert names[1] == kept and name in names[2:]
    assert records("restore", kept)[0]["restored"] == kept
    assert [task["title"] for task in records("task", "list")] == ["kept", "lost"]


def test_what_ran_in_a_backup_does_not_go_on(ctl, records, status):
    ctl("start", "pomodoro")
    name = records("backup")[0]["name"]
    ctl("stop", "--reason=phone")
    ctl("restore", name)
    assert status()["state"] == "idle"
    assert [(row["outcome"], row["reason"]) for row in records("log")] == [("void", "restored")]


def test_what_is_said_in_a_sentence_is_an_object_for_scripts(ctl, pomoctl, records, tmp_path):
    def one(*args):
        (record,) = records(*args)
        return record

    assert one("start", "Letter", "--for", "1h")["created_task"] == 1
    assert "created_task" not in one("start", "Letter", "--for", "1h", "--switch")
    assert one("interrupt", "--external")["interruption"] == "external"
    assert one("toggle")["interruption"] == "internal"
    ended = one("stop")
    assert (ended["state"], ended["ended"]["id"], ended["ended"]["outcome"]) == ("idle", 2, "void")
    ctl("start", "break")
    assert one("skip")["ended"]["outcome"] == "skipped"
    ctl("start", "freeform")
    assert one("toggle")["ended"]["outcome"] == "completed"
    assert STATUS <= one("toggle").keys()
    assert one("log", "add", "2026-07-01 09:00-10:00", "Mail")["created_task"] == 2
    assert one("plan", "add", "Post", "2026-07-02") == {"id": 3, "plan_date": "2026-07-02", "created_task": 3}
    assert one("plan", "remove", "Post") == {"id": 3, "plan_date": ""}

    profile = json.loads(pomoctl("focus", "profile", "set", "deep", "Plugins=mute", "--json").out)
    assert (profile["name"], profile["plugins"]) == ("deep", "mute")
    assert profile == one("focus", "profile", "show", "deep")
    ctl("focus", "on", "deep", "1h", "--lock", "delay 10m")
    assert one("focus", "off", "--reason", "phone")["pending"] is True
    assert one("focus", "keep") == {"kept": True}
    assert one("focus", "profile", "remove", "deep") == {"name": "deep", "removed": True}
    ctl("schedule", "add", "office", "Kind=office-day", "Days=Wed", "Quota=1/week")
    assert one("office-day", "add", "2030-01-01") == {
        "change": "added", "rule": "", "date": "2030-01-01", "moved_to": ""}
    assert one("office-day", "move", "2030-01-09", "2030-01-10") == {
        "change": "moved", "rule": "", "date": "2030-01-09", "moved_to": "2030-01-10"}
    assert one("schedule", "export", str(tmp_path / "rules")) == {"file": str(tmp_path / "rules")}
    assert one("schedule", "remove", "office") == {"name": "office", "removed": True}


# ---- refusals ----

@pytest.mark.parametrize("args, says", [
    (["strat"], "did you mean 'start'"),
    (["xyzzy"], "pomoctl --help"),
    (["log", "yestrday"], "yesterday"),
    (["log", "2026-02-30"], "is not a period"),
    (["log", "add", "10:15-09:00"], "ends before it begins"),
    (["log", "add", "Write", "report"], "is no stretch of time"),
    (["log", "trim", "1"], "when did it end"),
    (["log", "edit", "1"], "nothing to change: give --start, --end, --task, with it --project, --note or --kind"),
    (["log", "edit", "1", "--project", "Acme"], "--project belongs to a TASK"),
    (["log", "edit", "x", "--note", "y"], "'x' is no id of an interval; say it like 12 or #12, or last"),
    (["log", "add", "2026-07-01 09:00-10:00", "--kind", "short-break"], "say pomodoro or freeform"),
    (["log", "delete", "#x"], "is no id"),
    (["status", "--format", "%z"], "%z"),
    (["status", "--fromat", "%s"], "did you mean --format"),
    (["status", "now"], "one word too many"),
    (["start", "--for", "25x"], "'25x' is no duration"),
    (["start", "--for", "-5m"], "'-5m' is no duration"),
    (["start", "--for"], "needs a value"),
    (["start", "--for", "0s"], "'0s' is not from 1s to 24h"),
    (["start", "two\nlines"], "control character"),
    (["start", b"\xff\xfe"], "not valid UTF-8"),
    (["start", "x" * 10_000], "at most 256"),
    (["extend"], "by how much"),
    (["extend", "1e9h"], "'1e9h' is no duration"),
    (["extend", "0s"], "'0s' is not from 1s to 4h"),
    (["stop", "--at", "25:00"], "'25:00' is no time"),
    (["stop", "--at", "1969-12-31 10:00"], "'1969-12-31 10:00' is before 1970"),
    (["stop", "--at", "1970-01-01 00:00"], "'1970-01-01 00:00' is before 1970"),
    (["--format", "%z"], "--format has no placeholder %z"),
    (["--format", "%s", "strat"], "did you mean 'start'"),
    (["task", "add"], "which"),
    (["task", "add", "x", "--estimate", "many"], "'many' is no estimate"),
    (["config", "set", "pomodoro"], "to what"),
    (["restore"], "which backup"),
    (["--user=no-such-account", "status"], "no such account"),
    (["--bus=nonsense", "status"], "'nonsense' is no bus"),
])
def test_what_makes_no_sense_is_2(pomod, program, bus, env, args, says):
    # Bytes that are no UTF-8 are only possible past the harness's own pomoctl.
    for json_option in ([], ["--json"]):
        done = subprocess.run([program("pomoctl"), *json_option, *args], capture_output=True, timeout=60,
                              env={**env, "POMOD_BUS": bus.address})
        err = done.stderr.decode()
        assert (done.returncode, done.stdout) == (2, b""), err
        if json_option:
            error = json.loads(err)
            assert error.keys() == {"error", "message"}
            err = error["message"]
        assert says in err


def test_what_the_daemon_refuses_is_1(ctl, pomoctl):
    refusals = {
        ("stop",): "NotRunning",
        ("skip",): "NotRunning",
        ("start", "#99"): "NoSuchTask",
        ("log", "--task", "nothing"): "NoSuchTask",
        ("task", "done", "nothing", "--undo"): "NoSuchTask",
        ("log", "undo"): "NothingToUndo",
        ("log", "delete", "99"): "NoSuchInterval",
        ("config", "set", "pomodoro", "25x"): "InvalidArgument",
        ("config", "get", "pomdoro"): "NoSuchSetting",
        ("restore", "nothing"): "NoSuchBackup",
        ("log", "add", "1969-01-01 09:00-10:00"): None,
        ("log", "add", "2100-01-01 09:00-10:00"): "InvalidTime",
    }
    for args, name in refusals.items():
        done = pomoctl(*args, "--json")
        error = json.loads(done.err)
        if name is None:
            assert done.rc == 2
            continue
        assert (done.rc, error["error"]) == (1, f"org.pomod.Pomod1.Error.{name}"), args
        assert len(error["message"]) > 10

    ctl("start")
    done = pomoctl("start", "freeform")
    assert done.rc == 1 and done.out == ""
    assert done.err.startswith("pomoctl: a pomodoro is running")
    assert done.err.endswith("; stop it first, or start with --switch\n"), "once, and in pomoctl's words"
    name = json.loads(ctl("backup", "--json"))["name"]
    assert pomoctl("restore", name).err.endswith("; stop it first\n"), "restore has no --switch"
    assert "did you mean pomodoro" in pomoctl("config", "get", "pomdoro").err


def test_a_title_of_two_tasks(ctl, pomoctl):
    ctl("task", "add", "Mail", "--project", "Acme")
    ctl("task", "add", "Mail", "--project", "Home")
    done = pomoctl("start", "Mail", "--json")
    assert done.rc == 1 and json.loads(done.err)["error"].endswith("AmbiguousTask")
    ctl("start", "Mail", "--project=Home")


def test_a_verb_starts_the_daemon_but_looking_does_not(activating_bus, program, env, make_pomoctl):
    watch = Stream([program("pomoctl"), "watch", "--json"], {**env, "POMOD_BUS": activating_bus.address})
    try:
        assert json.loads(watch.next_line())["state"] == "away"
        assert activating_bus.owner("org.pomod.Pomod1") is None
        assert make_pomoctl(activating_bus)("status").rc == 0
        assert json.loads(watch.next_line())["state"] == "idle"
    finally:
        watch.close()


def test_no_daemon_is_3(pomoctl):
    for args in (["status"], ["log"], ["start"]):
        done = pomoctl(*args)
        assert done.rc == 3 and "pomod is not running on the bus at" in done.err and done.out == ""
    done = pomoctl("--bus=unix:path=/nonexistent/bus", "status", "--json")
    assert done.rc == 3 and "cannot reach" in json.loads(done.err)["message"]


@pytest.mark.root
def test_another_account(ctl, pomod, make_pomoctl, system_pomod, system_policy_bus, other_uid):
    as_other, as_root = make_pomoctl(system_policy_bus, uid=other_uid), make_pomoctl(system_policy_bus)
    done = as_other("--user=0", "status")
    assert done.rc == 1 and done.out == ""
    assert as_root("--user=4294967295", "status").rc == 2


def lines_of_readme(begin, end):
    """The words behind each pomoctl that README tells to type from one place to another."""
    text = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text()
    section = text[text.index(begin):text.index(end)]
    return [shlex.split(line, comments=True)[1:] for line in re.findall("^    (pomoctl .*)$", section, re.M)]


def test_a_day_of_the_readme(pomod, pomoctl, folder):
    """What README tells to type runs in that order, whatever the hour."""
    (folder / "distracting.txt").write_text("example.org\n")
    lines = lines_of_readme("## A day with it", "## What you can rely on")
    assert len(lines) > 15
    for words in lines:
        if words != ["watch"]:
            done = pomoctl(*[str(folder / word) if word == "distracting.txt" else word for word in words])
            assert done.rc == 0, f"pomoctl {words}: {done}"


def test_the_first_screen_of_the_readme(pomod, ctl, pomoctl, records):
    """Its office day engages the profile, with a lock for oneself. What systemd is asked for is shown elsewhere."""
    lines = lines_of_readme("## An office day", "## What it keeps")
    assert lines[0] == ["plugin", "enable", "sites"] and len(lines) == 4
    for words in lines[1:]:
        done = pomoctl(*words)
        assert done.rc == 0, f"pomoctl {words}: {done}"
    rule = next(rule for rule in records("schedule", "list") if rule["name"] == "office-day")
    assert (rule["focus"], rule["lock"], rule["days"]) == ("deep", "delay 10m", "Wed")
    assert "@social" in ctl("focus", "profile", "show", "deep")


def test_help_says_it_all(pomoctl):
    page = pomoctl("--help")
    assert page.rc == 0 and page.err == ""
    assert all(len(line) < 80 for line in page.out.splitlines())
    verbs = re.findall(r"^  ([a-z]+) ", page.out[page.out.index("Verbs:"):page.out.index("Options:")], re.M)
    assert len(verbs) >= 14
    for verb in verbs:
        shown = pomoctl(verb, "--help")
        assert shown.rc == 0 and "Examples:" in shown.out and f"Usage: pomoctl {verb}" in shown.out
        assert pomoctl("help", verb).out == shown.out
    assert pomoctl("--version").out.startswith("pomoctl ")
    assert "Usage: pomoctl log add" in pomoctl("log", "add", "--help").out


def test_a_full_disk_is_told(pomod, program, bus, env):
    with open("/dev/full", "w") as full:
        done = subprocess.run([program("pomoctl"), "status"], stdout=full, stderr=subprocess.PIPE, text=True,
                              timeout=60, env={**env, "POMOD_BUS": bus.address})
    assert done.returncode == 1 and "cannot write" in done.stderr


def test_times_are_shown_in_the_zone_of_the_settings(pomod, ctl, client):
    ctl("config", "set", "time-zone", "Asia/Kathmandu")
    ctl("start", "--for", "1h")
    until = datetime.datetime.fromtimestamp(client.get_all()["DeadlineRealtimeUSec"] // 1_000_000, datetime.timezone(
        datetime.timedelta(hours=5, minutes=45))).strftime("%H:%M")
    assert f"until {until}" in ctl("status")
    assert f"until {until}" in ctl("start", "--for", "1h", "--switch")
    ctl("config", "reset", "time-zone")
    assert client.get_all()["TimeZone"] == "" and f"until {until}" not in ctl("status")


# ---- watch ----

@pytest.fixture
def watch(program, env):
    """watch(bus, "--json"): a running `pomoctl watch` on a pipe."""
    made = []

    def make(on_bus, *args):
        address = on_bus.address.split(",")[0]
        made.append(Stream([program("pomoctl"), "watch", *args], {**env, "POMOD_BUS": address}))
        return made[-1]

    yield make
    for stream in made:
        stream.close()


def test_watch_on_a_pipe(pomod, ctl, watch, bus):
    stream = watch(bus)
    assert stream.next_line().endswith("idle · next pomodoro")
    ctl("start", "Write", "report")
    assert "Write report #1" in stream.next_line()
    pomod.kill9()
    assert "pomod is away" in stream.next_line()
    pomod.start()
    assert "Write report #1" in stream.next_line()


def test_watch_for_scripts(pomod, ctl, watch, bus):
    stream = watch(bus, "--json")
    assert json.loads(stream.next_line())["state"] == "idle"
    ctl("start", "break")
    assert json.loads(stream.next_line())["state"] == "short-break"
