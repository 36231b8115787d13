# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""pomoctl in a terminal: its countdown with keys, and tables that fit."""

import datetime
import os
import re
import signal

import pytest

from harness.terminal import Terminal, on_terminal


@pytest.fixture
def shown(program, env, bus):
    """shown(80, "task", "list"): its lines on a terminal of 80 columns, without colours."""
    def run(columns, *args):
        text = on_terminal([program("pomoctl"), *args], {**env, "NO_COLOR": "1", "POMOD_BUS": bus.address}, columns)
        lines = text.replace("\r", "").splitlines()
        assert all(len(line) <= columns for line in lines), text
        return lines
    return run


# ---- watch ----


@pytest.fixture
def terminal(program, env, bus):
    made = []

    def make(*args, **kwargs):
        command = [str(program("pomoctl")), *args]
        made.append(Terminal(command, {**env, "TERM": "xterm", "POMOD_BUS": bus.address.split(",")[0]}, **kwargs))
        return made[-1]

    yield make
    for instance in made:
        instance.close()


def test_watch_in_a_terminal(pomod, ctl, status, records, terminal):
    screen = terminal("watch")
    screen.wait_for("space: start pomodoro")
    screen.press(" ")
    screen.wait_for("x: stop")
    assert status()["state"] == "pomodoro"
    screen.press("e")
    screen.wait_for("noted: interrupted by others")
    screen.press("s")
    screen.wait_for("cannot be skipped")
    screen.resize(30, 4)
    screen.wait_for("…")
    screen.resize(80, 24)
    pomod.kill9()
    screen.wait_for("pomod is away")
    pomod.start()
    screen.wait_for("x: stop")
    screen.press("x")
    screen.wait_for("space: start pomodoro")
    (row,) = records("log")
    assert (row["outcome"], row["external"]) == ("void", 1)
    screen.press("q")
    # The screen and the cursor are given back.
    screen.wait_for("\033[?25h\033[?1049l")
    assert screen.wait_exit() == 0


def test_watch_offers_to_go_on_after_a_sleep(test_clock_pomod, ctl, status, terminal):
    screen = terminal("watch")
    screen.wait_for("space: start pomodoro")
    ctl("start", "freeform")
    screen.wait_for("space: stop")
    test_clock_pomod.advance(42 * 60_000_000)
    test_clock_pomod.sleep(12 * 3600_000_000)
    screen.wait_for("when the computer slept; space goes on")
    assert status()["state"] == "idle"


def test_watch_offers_what_is_possible(ctl, status, terminal):
    ctl("start")
    screen = terminal("watch")
    assert "p: pause" not in screen.read_until("space: interrupted")
    ctl("config", "set", "pause", "yes")
    # That is for the next one.
    assert "space: pause" not in screen.read_until("space: interrupted")
    ctl("start", "--switch")
    screen.wait_for("space: pause")
    screen.press(" ")
    screen.wait_for("space: resume")
    assert status()["paused"] is True


def test_a_notice_goes_away(ctl, terminal):
    ctl("start")
    screen = terminal("watch")
    screen.wait_for("x: stop")
    screen.press("e")
    screen.wait_for("noted: interrupted by others")
    screen.press("?")
    screen.wait_for("\033[J")
    assert "noted" not in screen.read_until("\033[J")
    screen.press("s")
    screen.wait_for("cannot be skipped")
    screen.wait_for("\033[J")
    for _ in range(15):  # a picture each second
        if "cannot be skipped" not in screen.read_until("\033[J"):
            break
    else:
        raise AssertionError("it is still there")


def test_watch_in_off_hours(ctl, status, terminal):
    hour = datetime.datetime.now(datetime.timezone.utc).hour
    ctl("schedule", "add", "never-now", f"Hours={'23:58-23:59' if hour < 12 else '00:01-00:02'}")
    said = re.search("off hours, until .*", ctl("status"))[0]
    screen = terminal("watch")
    screen.wait_for(said)
    screen.wait_for("a: start anyway")
    screen.press("a")
    screen.wait_for("space: interrupted")
    assert status()["state"] == "pomodoro"


def test_watch_ends_well_on_a_signal(pomod, terminal):
    screen = terminal("watch")
    screen.wait_for("space: start pomodoro")
    os.kill(screen.pid, signal.SIGTERM)
    screen.wait_for("\033[?25h\033[?1049l")
    assert screen.wait_exit() == 0


@pytest.mark.parametrize("terminal_type", ["dumb", None])
def test_watch_where_nothing_can_be_drawn(pomod, ctl, program, env, bus, terminal_type):
    """A terminal that knows no escape sequences gets a line for every change."""
    more = {"TERM": terminal_type} if terminal_type else {}
    screen = Terminal([str(program("pomoctl")), "watch"], {**env, **more, "POMOD_BUS": bus.address})
    seen = screen.read_until("idle")
    ctl("start", "Letter")
    seen += screen.read_until("Letter")
    ctl("stop")
    seen += screen.read_until("idle")
    assert "\033" not in seen
    os.kill(screen.pid, signal.SIGTERM)
    assert screen.wait_exit() in (0, -signal.SIGTERM)
    screen.close()


# ---- tables ----

REPORT = "Write the quarterly report for the association of allotment gardeners"


def test_tables_in_a_narrow_terminal(ctl, shown):
    ctl("task", "add", REPORT, "--project=Book", "--estimate=4")
    assert REPORT in ctl("task", "list"), "a pipe gets all of it in one line"
    assert len(shown(150, "task", "list")) == 2
    lines = shown(80, "task", "list")
    column = lines[0].index("TITLE")
    assert " ".join(line[column:] for line in lines[1:]) == REPORT
    assert all(not line[:column].strip() for line in lines[2:]) and len(lines) > 2
    lines = shown(40, "task", "list")
    assert [line.split()[0] for line in lines[:5]] == ["ID", "POMODOROS", "WORKED", "PROJECT", "TITLE"]
    assert " ".join(" ".join(lines[4:]).split()) == f"TITLE {REPORT}"


def test_the_log_in_a_narrow_terminal(ctl, shown):
    ctl("log", "add", "2026-07-01 09:00-10:15", REPORT, "--note", "by hand")
    assert f'  {REPORT}  "by hand"  edited' in ctl("log", "2026-07-01"), "a pipe gets all of it in one line"
    for columns in 120, 80:
        lines = shown(columns, "log", "2026-07-01")
        assert "09:00–10:15  freeform     completed     1h15m" in lines[2]
        assert " ".join(" ".join(lines[3 if columns == 80 else 2:-1]).split()).find(REPORT) >= 0
    assert lines[3].startswith("        Write the quarterly report")
    lines = shown(40, "log", "2026-07-01")
    assert lines[2] == "TIME     09:00–10:15" and lines[5] == "WORKED   1h15m"
    assert REPORT in " ".join(" ".join(lines).split())


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_listing_is_wider_than_its_terminal(ctl, pomoctl, shown, columns):
    ctl("schedule", "add", "school-days", "Dates=06-15..08-31", "Days=Mon;Tue;Thu;Fri",
        "Hours=08:00-09:30;10:00-12:00;13:00-15:30", "Priority=5", "Target=8")
    assert pomoctl("focus", "profile", "set", "deep", "Plugins=sites;mute").rc == 0, "it warns: neither is installed"
    assert pomoctl("focus", "on", "deep", "2h", "--lock", "delay 10m").rc == 0
    ctl("task", "add", REPORT, "--plan=2026-07-01", "--estimate=4")
    ctl("backup")
    for args in (("schedule",), ("config",), ("focus",), ("plan", "2026-06-29..2026-07-05"), ("backup", "list"),
                 ("schedule", "preset"), ("schedule", "explain", "2026-07-01 09:00", "2026-07-04")):
        assert shown(columns, *args)


def test_a_reason_is_a_line_for_each_clause(ctl, shown):
    ctl("schedule", "preset", "split-day", "--add")
    ctl("schedule", "add", "garden", "Days=Wed", "Hours=09:00-12:00", "Priority=3")
    line, why = ctl("schedule", "explain", "2026-07-01 09:30").splitlines()
    assert "; " in why
    lines = shown(200, "schedule", "explain", "2026-07-01 09:30")
    assert [clause.strip() for clause in lines[1:]] == why.strip().replace("; ", ";\n").splitlines()


def test_colour_only_where_it_is_wanted(pomod, ctl, terminal, program, env, bus):
    assert "\033" not in ctl("start")
    screen = terminal("status")
    screen.wait_for("\033[1;31mpomodoro")
    assert screen.wait_exit() == 0
    plain = Terminal([str(program("pomoctl")), "status"],
                     {**env, "TERM": "xterm", "NO_COLOR": "1", "POMOD_BUS": bus.address})
    plain.wait_for("today")
    assert "\033" not in plain.text
    assert plain.wait_exit() == 0
    plain.close()
