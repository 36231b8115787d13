# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Switched off, and the power cut: what the next boot makes of what ran."""

USER = "alice"


def test_a_pomodoro_that_the_power_cut_ended_is_void(make_machine):
    computer = make_machine(own_boot_id=True).boot()
    computer.pomoctl(USER, "task", "add", "Letter").ok()
    computer.pomoctl(USER, "start", "pomodoro", "Letter").ok()
    computer.pomoctl(USER, "interrupt", "the door").ok()
    started = computer.pomoctl(USER, "status", "--json").json()["started"]
    computer.power_cut()

    computer.boot()
    assert computer.pomoctl(USER, "status", "--json").json()["state"] == "idle"
    (record,) = computer.pomoctl(USER, "log", "--json").lines()
    assert record["outcome"] == "void"
    assert record["reason"] == "reboot"
    assert record["started"] == started
    assert record["internal"] == 1
    assert record["planned_usec"] == 25 * 60 * 1_000_000
    assert 0 <= record["worked_usec"] < 60 * 1_000_000
    assert [task["title"] for task in computer.pomoctl(USER, "task", "list", "--json").lines()] == ["Letter"]


def test_freeform_that_the_power_cut_ended_is_kept_up_to_its_checkpoint(make_machine):
    computer = make_machine(own_boot_id=True).boot()
    computer.pomoctl(USER, "start", "freeform", "Garden").ok()
    computer.power_cut()

    computer.boot()
    assert computer.pomoctl(USER, "status", "--json").json()["state"] == "idle"
    (record,) = computer.pomoctl(USER, "log", "--json").lines()
    assert record["outcome"] == "completed"
    assert record["reason"] == "reboot"
    assert record["kind"] == "freeform"
    assert record["planned_usec"] is None or record["planned_usec"] == 0


def test_what_rang_before_an_orderly_shutdown_is_counted_once(make_machine):
    computer = make_machine(own_boot_id=True).boot()
    computer.pomoctl(USER, "config", "set", "auto-start-break", "no").ok()
    computer.pomoctl(USER, "start", "pomodoro", "--for", "1s").ok()
    computer.user(USER, "until pomoctl status --json | grep -q '\"state\":\"idle\"'; do :; done").ok()
    computer.power_off()

    computer.boot()
    (record,) = computer.pomoctl(USER, "log", "--json").lines()
    assert record["outcome"] == "completed"
    assert computer.pomoctl(USER, "status", "--json").json()["completed_today"] == 1
    computer.power_off()
