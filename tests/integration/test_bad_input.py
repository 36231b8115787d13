# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""What people and programs get wrong: each is answered with one clear sentence, and nothing is lost or changed."""

import json

import pytest
from gi.repository import GLib

from harness.client import error_name, options
from harness.units import SECOND

ERROR = "org.pomod.Pomod1.Error."


def refused(call, name):
    """The sentence of the refusal, which must have that name."""
    with pytest.raises(GLib.Error) as caught:
        call()
    assert error_name(caught.value) == (ERROR + name if "." not in name else name)
    message = caught.value.message.split(": ", 1)[1] if ": " in caught.value.message else caught.value.message
    assert message and "\n" not in message
    return message


def refused_somehow(call):
    """For what more than one error fits: one of ours, in one line."""
    with pytest.raises(GLib.Error) as caught:
        call()
    assert error_name(caught.value).startswith(ERROR)
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.fixture
def kept(pomod, client, pomoctl):
    """A day with something in it that must be the same afterwards."""
    client.add_task("the book")
    client.start("freeform", task="the book")
    client.do("Stop")

    def everything():
        timer = client.get_all()
        tasks = client.call("tasks", "List", "(a{sv})", (options(include_done=True),))
        return client.log("all"), tasks, timer, client.call("settings", "List", "(a{sv})", ({},))
    before = everything()
    yield before
    assert everything() == before, "a refusal changed something"


# ---- pomoctl: exit codes and sentences ----

@pytest.mark.parametrize("command,status,words", [
    (["config", "set", "pomodro", "25m"], 1, ["pomodro", "pomodoro"]),
    (["config", "get", "colour"], 1, ["colour"]),
    (["config", "set", "pomodoro", "25x"], 1, ["25x"]),
    (["config", "set", "pomodoro", "-5m"], 1, ["-5m"]),
    (["config", "set", "pomodoro", "1e9h"], 1, ["1e9h"]),
    (["config", "set", "pomodoro", "25"], 1, ["25"]),
    (["config", "set", "pomodoro", "25h"], 1, ["24h"]),
    (["config", "set", "pomodoro", "0s"], 1, ["1s"]),
    (["config", "set", "time-zone", "Mars/Olympus"], 1, ["Mars/Olympus"]),
    (["config", "set", "day-start", "25:00"], 1, ["25:00"]),
    (["config", "set", "week-start", "someday"], 1, ["someday", "monday"]),
    (["config", "set", "long-break-every", "0"], 1, ["0"]),
    (["start", "--for", "25x"], 2, ["25x"]),
    (["start", "--for=-5m"], 2, ["-5m"]),
    (["start", "--for", "1e9h"], 2, ["1e9h"]),
    (["start", "--for", "48h"], 1, ["24h"]),
    (["start", "freeform", "--for", "25m"], 1, ["freeform"]),
    (["start", "--ago", "30h"], 1, ["24h"]),
    (["start", "#4711"], 1, ["4711"]),
    (["extend", "ten"], 2, ["ten"]),
    (["stop"], 1, ["nothing is running"]),
    (["skip"], 1, ["nothing is running"]),
    (["task", "done", "#4711"], 1, ["4711"]),
    (["task", "edit", "no such thing", "--title", "x"], 1, ["no such thing"]),
    (["task", "add", "#12"], 1, ["#12"]),
    (["task", "add", ""], 1, ["title"]),
    (["task", "add", "one\ntwo"], 2, ["title"]),
    (["task", "add", "bell\a"], 2, ["title"]),
    (["task", "add", "x" * 100_000], 2, ["256"]),
    (["log", "add", "10:15-09:00", "the book"], (1, 2), ["10:15"]),
    (["log", "add", "09:00-09:00", "the book"], (1, 2), ["09:00"]),
    (["log", "add", "2999-01-01 09:00-10:00", "the book"], 1, ["2999"]),
    (["log", "add", "1969-12-01 09:00-10:00", "the book"], (1, 2), ["1970"]),
    (["log", "add", "9-12-15", "the book"], 2, ["9-12-15"]),
    (["log", "add", "25:00-26:00", "the book"], 2, ["25:00"]),
    (["log", "edit", "#4711", "--note", "x"], 1, ["4711"]),
    (["log", "delete", "#4711"], 1, ["4711"]),
    (["log", "2026-02-30"], (1, 2), ["2026-02-30"]),
    (["log", "2026-03-01..2026-02-01"], (1, 2), ["2026-02-01"]),
    (["log", "undo"], 1, ["undo"]),
    (["log", "redo"], 1, ["redo"]),
    (["restore", "yesterday"], 1, ["yesterday"]),
    (["strat"], 2, ["strat", "start"]),
    (["start", "--fro", "5m"], 2, ["--fro"]),
])
def test_one_clear_sentence(kept, pomoctl, command, status, words):
    result = pomoctl(*command)
    assert result.rc in (status if isinstance(status, tuple) else (status,)), result
    assert result.out == ""
    lines = result.err.strip().splitlines()
    assert 1 <= len(lines) <= (2 if result.rc == 2 else 1), result.err
    for word in words:
        assert word in result.err
    assert len(result.err) < 1500, "the sentence repeats what was too long"


@pytest.mark.parametrize("title", [b"caf\xe9", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80"])
def test_titles_that_are_no_text(kept, program, env, bus, title):
    import subprocess
    done = subprocess.run([str(program("pomoctl")), "task", "add", title], capture_output=True, timeout=60,
                          env={**env, "POMOD_BUS": bus.address})
    assert done.returncode == 2 and done.stdout == b""
    assert b"UTF-8" in done.stderr.splitlines()[0]


def test_errors_as_json(kept, pomoctl):
    result = pomoctl("task", "done", "#4711", "--json")
    assert result.rc == 1
    error = json.loads(result.err)
    assert error["error"] == ERROR + "NoSuchTask" and "4711" in error["message"]


def test_no_daemon_is_3(bus, pomoctl):
    result = pomoctl("status")
    assert result.rc == 3 and len(result.err.strip().splitlines()) == 1


def test_no_bus_is_3(pomoctl):
    result = pomoctl("status", "--bus=unix:path=/nonexistent/bus")
    assert result.rc == 3 and "/nonexistent/bus" in result.err


# ---- the bus ----

TEXTS = {
    "title": (256, lambda client, text: client.add_task(text)),
    "project": (128, lambda client, text: client.add_task("the other book", project=text)),
    "note of a task": (4096, lambda client, text: client.call("tasks", "Update", "(ta{sv})", (1, options(note=text)))),
    "task to start": (256, lambda client, text: client.start("freeform", task=text)),
    "its project": (128, lambda client, text: client.start("freeform", task="x", project=text)),
    "note of an interruption": (4096, lambda client, text: client.do("Interrupt", note=text)),
    "reason to stop": (4096, lambda client, text: client.do("Stop", reason=text)),
    "note of an addition": (4096, lambda client, text: client.call(
        "history", "Add", "(tta{sv})", (1_780_000_000 * SECOND, 1_780_000_060 * SECOND, options(note=text)))),
    "note of an edit": (4096, lambda client, text: client.call("history", "Edit", "(ta{sv})", (1, options(note=text)))),
    "task of an edit": (256, lambda client, text: client.call("history", "Edit", "(ta{sv})", (1, options(task=text)))),
    "reason to release": (4096, lambda client, text: client.call("focus", "Release", "(tsa{sv})", (1, text, {}))),
    "backup": (63, lambda client, text: client.call("history", "Restore", "(sa{sv})", (text, {}))),
}


@pytest.mark.parametrize("what", TEXTS)
def test_texts_are_checked_at_the_bus(kept, client, what):
    cap, call = TEXTS[what]
    assert str(cap) in refused(lambda: call(client, "x" * (cap + 1)), "LimitsExceeded")
    for wrong in "two\nlines", "a\tb", "\x7f", "\u2028", "\u202e":
        assert "control character" in refused(lambda: call(client, wrong), "InvalidArgument")


@pytest.mark.parametrize("date", ["2026-02-30", "2026-7-1", "someday", "1969-12-31"])
def test_a_date_is_checked_at_the_bus(kept, client, date):
    update = (1, options(plan_date=date))
    assert f'"{date}" is no date' in refused(lambda: client.call("tasks", "Update", "(ta{sv})", update), "InvalidArgument")


def test_texts_at_their_caps_are_kept(pomod, client):
    client.add_task("t" * 256, project="p" * 128)
    client.start("freeform", task="s" * 256, project="q" * 128)
    client.do("Interrupt", note="i" * 4096)
    client.do("Stop", reason="r" * 4096)
    for what in "note of a task", "note of an edit", "task of an edit", "note of an addition":
        cap, call = TEXTS[what]
        call(client, "x" * cap)
    assert client.log("all")[-1]["Note"] == "x" * 4096


def test_ten_megabytes(kept, client):
    ten = "x" * 10_000_000
    assert "256" in refused(lambda: client.add_task(ten), "LimitsExceeded")
    assert "4096" in refused(lambda: client.do("Interrupt", note=ten), "LimitsExceeded")
    refused(lambda: client.start("pomodoro", task=ten), "LimitsExceeded")
    refused(lambda: client.set(ten, "25m"), "NoSuchSetting")
    for name in ("pomodoro", "time-zone", "week-start"):
        assert len(refused_somehow(lambda: client.set(name, ten))) < 1000
    for call in (lambda: client.start(ten), lambda: client.log(ten),
                 lambda: client.call("history", "Restore", "(sa{sv})", (ten, {}))):
        assert len(refused_somehow(call)) < 1000


def test_titles_with_control_characters(kept, client):
    for title in ("a\nb", "a\tb", "\x1b[2J", "a\x7f", "a\u0085b", "a\u2028b", "a\u202eb"):
        refused(lambda: client.add_task(title), "InvalidArgument")


def test_options(kept, client):
    assert "colour" in refused(lambda: client.start("pomodoro", colour="red"), "InvalidArgument")
    assert "for-usec" in refused(lambda: client.start("pomodoro", for_usec="25m"), "InvalidArgument")
    assert "-5" in refused(lambda: client.start("pomodoro", for_usec=-5), "InvalidArgument")
    refused(lambda: client.start("pomodoro", switch=3), "InvalidArgument")
    refused(lambda: client.start("siesta"), "InvalidArgument")
    many = {f"key-{n}": GLib.Variant("t", n) for n in range(1000)}
    refused(lambda: client.call("timer", "Start", "(sa{sv})", ("pomodoro", many)), "InvalidArgument")


@pytest.mark.parametrize("kind", ["y", "n", "q", "i", "u", "x", "t"])
def test_any_integer_type(pomod, client, kind):
    seq = client.get_all()["Seq"]
    if seq < 100:
        client.start("freeform", if_seq=GLib.Variant(kind, seq))
        assert client.get_all()["State"] == "freeform"


def test_times_that_cannot_be(kept, client):
    now = client.log("all")[-1]["EndedRealtimeUSec"]
    add = lambda a, b: client.call("history", "Add", "(tta{sv})", (a, b, {}))["id"]  # noqa: E731
    refused(lambda: add(now + 3600 * SECOND, now + 7200 * SECOND), "InvalidTime")
    refused(lambda: add(now - 3600 * SECOND, now + 7200 * SECOND), "InvalidTime")
    refused(lambda: add(now - 3600 * SECOND, now - 7200 * SECOND), "InvalidTime")
    refused(lambda: add(now - 3600 * SECOND, now - 3600 * SECOND), "InvalidTime")
    refused(lambda: add(2**63, 2**64 - 1), "InvalidTime")
    refused(lambda: add(0, 2**64 - 1), "InvalidTime")


def test_numbers_that_are_too_large_are_told_as_they_were_sent(pomod, client):
    extend = lambda: client.call("timer", "Extend", "(ta{sv})", (2**64 - 1, {}))  # noqa: E731
    refused(extend, "NotRunning")
    client.start("pomodoro")
    assert "4h in all is the most" in refused(extend, "LimitsExceeded")
    for number in (2**63, 2**64 - 1):
        assert f"#{number};" in refused(lambda: client.call("tasks", "Update", "(ta{sv})", (number, {})), "NoSuchTask")
        assert f"#{number};" in refused(lambda: client.call("history", "Delete", "(ta{sv})", (number, {})), "NoSuchInterval")
        assert f"#{number}" in refused(lambda: client.log("", interval=number), "NoSuchInterval")


def test_an_overlap_names_what_is_in_the_way(pomod, client):
    began = 1_700_000_000 * SECOND
    number = client.call("history", "Add", "(tta{sv})", (began, began + 3600 * SECOND, options(task="the book")))["id"]
    before = client.log("all")
    for a, b in ((-60, 60), (60, 120), (3540, 7200), (-60, 7200), (0, 3600)):
        message = refused(lambda: client.call("history", "Add", "(tta{sv})", (began + a * SECOND, began + b * SECOND, {}))["id"], "Overlap")
        assert f"#{number}" in message and "the book" in message
    later = client.call("history", "Add", "(tta{sv})", (began + 3600 * SECOND, began + 5000 * SECOND, {}))["id"]
    message = refused(lambda: client.call("history", "Edit", "(ta{sv})", (later, options(started_realtime_usec=began + 3000 * SECOND))), "Overlap")
    assert f"#{number}" in message
    assert client.log("all")[:1] == before


def test_undo_does_not_overlap_either(pomod, client):
    began = 1_700_000_000 * SECOND
    add = lambda a, b: client.call("history", "Add", "(tta{sv})", (began + a * SECOND, began + b * SECOND, {}))["id"]  # noqa: E731
    first = add(0, 3600)
    client.call("history", "Delete", "(ta{sv})", (first, {}))
    assert client.call("history", "Undo", "(a{sv})", ({},)) == first
    assert client.call("history", "Redo", "(a{sv})", ({},)) == first
    assert client.log("all") == []
    assert client.call("history", "Undo", "(a{sv})", ({},)) == first
    (record,) = client.log("all")
    assert record["Id"] == first and record["EndedRealtimeUSec"] - record["StartedRealtimeUSec"] == 3600 * SECOND


def test_a_start_while_something_runs(pomod, client, pomoctl):
    number = client.start("pomodoro", task="the book")
    message = refused(lambda: client.start("freeform"), "Busy")
    assert f"#{number}" in message and "; stop it first" in message
    result = pomoctl("start", "freeform")
    assert result.rc == 1 and "--switch" in result.err and "pomodoro" in result.err
    assert pomoctl("start", "freeform", "--switch").rc == 0
    assert [record["Outcome"] for record in client.log("all")] == ["void", "running"]


def test_a_title_that_fits_two_tasks(pomod, client, pomoctl):
    one = client.add_task("report", project="red")
    two = client.add_task("report", project="blue")
    result = pomoctl("start", "pomodoro", "report")
    assert result.rc == 1 and "report" in result.err
    refused(lambda: client.start("pomodoro", task="report"), "AmbiguousTask")
    assert client.get_all()["State"] == "idle"
    assert client.start("pomodoro", task="report", project="blue")
    assert client.get_all()["TaskId"] == two != one


def test_what_is_refused_creates_no_task(pomod, client):
    client.start("pomodoro")
    refused(lambda: client.start("pomodoro", task="never begun"), "Busy")
    assert client.call("tasks", "List", "(a{sv})", ({},)) == []


def test_a_read_makes_no_store(pomod, client, pomoctl):
    client.subscribe()
    assert client.get_all()["State"] == "idle"
    assert client.log("all") == []
    assert pomoctl("config", "list").rc == 0
    assert not list(pomod.state_dir.glob("**/*.db"))


def test_paths_that_are_nobodys(pomod, client):
    for path in ("/org/pomod/Pomod1/user/_4294967295", "/org/pomod/Pomod1/user/_", "/org/pomod/Pomod1/user/_0x0",
                 "/org/pomod/Pomod1/user/_00", "/org/pomod/Pomod1/user/_99999999999999999999", "/org/pomod/Pomod1/user/root"):
        with pytest.raises(GLib.Error) as caught:
            client.connection.call_sync("org.pomod.Pomod1", path, "org.freedesktop.DBus.Properties", "GetAll",
                                        GLib.Variant("(s)", ("org.pomod.Pomod1.Timer",)), None, 0, 20000, None)
        assert "AccessDenied" in error_name(caught.value) or "UnknownObject" in error_name(caught.value) or "NoUser" in error_name(caught.value)
