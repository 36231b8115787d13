# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""With both cores busy and the disk too: what happened, in its order, at its very time."""

import os
import subprocess
import sys

import pytest

from harness.loop import wait_until
from harness.units import SECOND


BURN = "while True: pass"
FSYNC = """
import os, sys
with open(sys.argv[1], "wb") as file:
    while True:
        file.seek(0)
        file.write(os.urandom(65536))
        file.flush()
        os.fsync(file.fileno())
"""


@pytest.fixture
def load(folder):
    processes = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(2 * os.cpu_count())]
    processes += [subprocess.Popen([sys.executable, "-c", FSYNC, str(folder / f"noise-{n}")]) for n in range(2)]
    yield
    for process in processes:
        process.kill()
        process.wait()


def test_order_and_times_are_exact(pomod, client, load):
    client.subscribe()
    for name in ("short-break", "long-break", "pomodoro"):
        client.set(name, "1s")
    client.set("auto-start-pomodoro", "yes")
    client.events.clear()
    client.start("pomodoro")
    wait_until(lambda: sum(event[1] == "completed" for event in client.events) >= 8, "eight bells", 60)
    client.set("auto-start-pomodoro", "no")
    client.set("auto-start-break", "no")
    client.wait_cached("State", "idle")

    seqs = [event[0] for event in client.events]
    assert seqs == sorted(set(seqs)), "each event has a place of its own"
    timer_events = [(event[1], event[2]["Kind"]) for event in client.events if event[1] in ("started", "completed")]
    for first, second in zip(timer_events, timer_events[1:]):
        assert first[0] != second[0], "what started was completed before the next started"
        if first[0] == "started":
            assert first[1] == second[1]
    records = client.log("all")
    at = records[0]["StartedRealtimeUSec"]
    for record in records:
        assert record["Outcome"] == "completed"
        assert abs(record["StartedRealtimeUSec"] - at) <= 0, "each begins at the deadline of the one before"
        assert record["WorkedUSec"] == record["PlannedUSec"] == SECOND
        at = record["EndedRealtimeUSec"]
