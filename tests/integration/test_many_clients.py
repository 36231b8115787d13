# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Many clients at once: nothing that was acknowledged is lost, and each sees the whole."""

import json
import subprocess

CLIENTS = 64
SECOND = 1_000_000


def run_at_once(program, env, bus, commands):
    """All of them started before the first is waited for; each one's status and output."""
    processes = [subprocess.Popen([str(program("pomoctl")), *command], env={**env, "POMOD_BUS": bus.address},
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                 for command in commands]
    results = []
    for process in processes:
        out, err = process.communicate(timeout=60)
        results.append((process.returncode, out, err))
    return results


def test_sixty_four_tasks(pomod, bus, program, env, pomoctl):
    results = run_at_once(program, env, bus, [["task", "add", f"task {n}"] for n in range(CLIENTS)])
    assert [status for status, _, _ in results] == [0] * CLIENTS
    titles = [json.loads(line)["title"] for line in pomoctl("task", "list", "--json").out.splitlines()]
    assert sorted(titles) == sorted(f"task {n}" for n in range(CLIENTS))


def test_sixty_four_edits(pomod, bus, program, env, pomoctl, client):
    numbers = []
    for n in range(CLIENTS):
        began = (1_700_000_000 + n * 3600) * SECOND
        numbers.append(client.call("history", "Add", "(tta{sv})", (began, began + 1800 * SECOND, {}))["id"])
    results = run_at_once(program, env, bus, [["log", "edit", f"#{number}", "--note", f"note {number}"] for number in numbers])
    assert [status for status, _, _ in results] == [0] * CLIENTS, results
    notes = {record["id"]: record["note"] for record in map(json.loads, pomoctl("log", "all", "--json").out.splitlines())}
    assert notes == {number: f"note {number}" for number in numbers}


def test_tasks_and_edits_mixed_with_a_kill_after(pomod, bus, program, env, pomoctl, client):
    commands = [["task", "add", f"task {n}"] if n % 2 else
                ["log", "add", f"2024-03-{n // 2 % 28 + 1:02d} {8 + n // 56:02d}:00-{8 + n // 56:02d}:30", f"work {n}"]
                for n in range(CLIENTS)]
    results = run_at_once(program, env, bus, commands)
    done = [n for n, (status, _, _) in enumerate(results) if status == 0]
    assert len(done) == CLIENTS, results
    pomod.kill9()
    pomod.start()
    titles = {json.loads(line)["title"] for line in pomoctl("task", "list", "--json").out.splitlines()}
    assert titles == {f"task {n}" if n % 2 else f"work {n}" for n in range(CLIENTS)}
    assert len(pomoctl("log", "all", "--json").out.splitlines()) == CLIENTS // 2


def test_only_one_of_many_starts_wins(pomod, bus, program, env, client):
    results = run_at_once(program, env, bus, [["start", "pomodoro"] for _ in range(16)])
    assert sorted(status for status, _, _ in results) == [0] + [1] * 15
    assert len(client.log("today")) == 1


def test_a_stale_click_voids_nothing(pomod, make_client, bus):
    one, two = make_client(bus), make_client(bus)
    seq = one.get_all()["Seq"]
    two.start("pomodoro")
    try:
        one.do("Stop", if_seq=seq)
        raise AssertionError("a stop for a state that had passed was carried out")
    except Exception as error:
        assert "StateChanged" in str(error)
    assert two.get_all()["State"] == "pomodoro"
