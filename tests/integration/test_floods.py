# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Mallory does everything at once that could get in somebody's way, and alice lives her day. For longer than the twenty seconds:

    POMOD_FLOOD_SECONDS=600 script/test integration -k everything_at_once
"""

import os
import subprocess
import time

import pytest

from harness.client import NAME, options, variant
from harness.people import ALICE, MALLORY
from harness.raw import RawConnection
from harness.units import SECOND

pytestmark = pytest.mark.root
SECONDS = int(os.environ.get("POMOD_FLOOD_SECONDS", "20"))
KINDS = ("getall", "introspect", "connect", "unread", "quiet-reads", "quiet-writes", "refused", "start-stop", "tasks", "import", "export",
         "backup", "notes")
CONNECTIONS = 8
MIB = 1 << 20
MEMORY = 64 * MIB if "ASAN_OPTIONS" not in os.environ else 1024 * MIB  # a sanitizer keeps what was freed
# The store and what SQLite keeps beside it; backups by hand, the nightly ones, and one that is being made.
DISK = (512 + 64 + 1024 + 512) * MIB
LOG = MIB
# The bus keeps 127 MiB of what mallory does not read; until then there is no reason for pomod to connect anew.
FULL_AFTER = 55
GONE = ("org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner")
DAY = (("pomodoro", "2s"), ("short-break", "1s"), ("long-break", "1s"), ("auto-start-break", "yes"), ("auto-start-pomodoro", "yes"))


@pytest.fixture
def rules(folder):
    path = folder / "rules"
    path.write_text("".join(f"[Rule r{n}]\nDays=Mon-Fri\nHours=06:00-09:00\nPriority={n}\nKind=away\n" for n in range(1000)))
    path.chmod(0o644)
    return path


@pytest.fixture
def flood(system_policy_bus, system_pomod, program, rules):
    """flood(): every kind at once, from a process each; gives what they said in the end."""
    running = []

    def run():
        for kind in KINDS:
            command = [program("flood-client"), system_policy_bus.address, NAME, kind, CONNECTIONS, rules, "endless"]
            # Services and users have their shares of the processor on a computer; here niceness stands for that.
            running.append(subprocess.Popen(
                ["nice", "-n", "19", "setpriv", f"--reuid={MALLORY}", f"--regid={MALLORY}", "--clear-groups", *map(str, command)], cwd="/",
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))

    def end():
        said = {}
        for kind, process in zip(KINDS, running):
            process.terminate()
            said[kind] = process.communicate(timeout=60)[0].replace("ready\n", "").strip()
        running.clear()
        return said
    run.end = end
    yield run
    for process in running:
        process.kill()
        process.communicate()


class Day:
    """Alice's: pomodoros with their breaks one after the other, and a task every now and then."""

    def __init__(self, bus):
        self.bus = bus
        self.connection = None
        self.tasks, self.unanswered = set(), set()
        self.events = {}   # seq: kind and id
        self.slowest = 0
        self.n_moves = -1  # to a pomod on another connection
        self.owner = None
        self.turn_to_pomod()

    def turn_to_pomod(self):
        """What every client does when the name has another owner: it subscribes anew, and asks for what it missed."""
        if self.connection:
            self.take_events()
            self.connection.close()
        self.owner = self.bus.wait_owner(NAME)
        self.connection = RawConnection(self.bus, ALICE)
        self.connection.answers = True  # as every client does that reads
        self.n_moves += 1
        assert self.ask("manager", "Subscribe", "(a{sv})", ({},)).kind == "return"
        missed = self.ask("history", "Events", "(ta{sv})", (max(self.events, default=0), {})).body[0]
        self.note(missed)

    def note(self, events):
        for seq, kind, values in events:
            known = self.events.setdefault(seq, (kind, values.get("Id")))
            assert known == (kind, values.get("Id")), "an event has one number"

    def take_events(self):
        self.note(signal.body for signal in self.connection.signals if signal.member == "Event")
        self.connection.signals.clear()

    def ask(self, *args):
        return self.time(lambda: self.connection.call(*args))

    def time(self, call):
        begin = time.monotonic()
        answer = self.connection.wait(call())
        self.slowest = max(self.slowest, time.monotonic() - begin)
        return answer

    def set_up(self):
        for name, value in DAY:
            assert self.ask("settings", "Set", "(sva{sv})", (name, variant(value), {})).kind == "return"
        assert self.ask("timer", "Start", "(sa{sv})", ("pomodoro", {})).kind == "return"

    def live(self, n):
        """A moment of it."""
        if self.bus.owner(NAME) != self.owner:
            self.turn_to_pomod()
        state = self.time(self.connection.get_all)
        if state.error not in GONE:
            assert state.body[0]["State"] in ("pomodoro", "short-break", "long-break")
        answer = self.ask("tasks", "Add", "(sa{sv})", (f"task {n}", {}))
        assert answer.kind == "return" or answer.error in GONE, answer
        (self.tasks if answer.kind == "return" else self.unanswered).add(f"task {n}")
        self.take_events()

    def all_tasks(self):
        found, more = [], {}
        while True:
            page, more = self.ask("tasks", "List", "(a{sv})", ({key: variant(value) for key, value in more.items()},)).body
            found += page
            if not more:
                return found

    def records(self):
        found = []
        while True:
            after = options(after_started_realtime_usec=found[-1]["StartedRealtimeUSec"], after_id=found[-1]["Id"]) if found else {}
            page = self.ask("history", "Query", "(sa{sv})", ("", after)).body[0]
            if not page:
                return found
            found += page


def look_at_day(day, seconds):
    """Every interval begins at the deadline of the one before, is as long as it was meant to be, and was told once."""
    records = [record for record in day.records() if record["Outcome"] != "running"]
    assert len(records) >= seconds // 3 * 2 - 2
    at = records[0]["StartedRealtimeUSec"]
    for record in records:
        assert record["Outcome"] == "completed"
        assert record["StartedRealtimeUSec"] == at
        assert record["WorkedUSec"] == record["PlannedUSec"] in (SECOND, 2 * SECOND)
        at = record["EndedRealtimeUSec"]
    told = [number for kind, number in day.events.values() if kind == "completed"]
    assert sorted(told) == sorted(set(told)) and set(told) >= {record["Id"] for record in records}
    titles = [task["Title"] for task in day.all_tasks()]
    assert len(titles) == len(set(titles)) and day.tasks <= set(titles) <= day.tasks | day.unanswered


def disk_of(folder):
    return sum(entry.stat().st_blocks * 512 for entry in folder.rglob("*") if entry.is_file())


def peak_memory(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


def test_everything_at_once(system_pomod, system_policy_bus, flood):
    day = Day(system_policy_bus)
    day.set_up()
    flood()
    most_disk, n = 0, 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        day.live(n)
        n += 1
        if n % 100 == 0:
            most_disk = max(most_disk, disk_of(system_pomod.state_dir / str(MALLORY)))
        day.connection.read_for(0.5)
    said = flood.end()
    disk, memory = disk_of(system_pomod.state_dir / str(MALLORY)), peak_memory(system_pomod.pid)
    print(f"{SECONDS} s: memory {memory / MIB:.1f} MiB at most, mallory's disk {max(disk, most_disk) / MIB:.1f} MiB, "
          f"alice waited {day.slowest * 1000:.0f} ms at most, pomod connected anew {day.n_moves} times, "
          f"log {len(system_pomod.log())} bytes")
    print("\n".join(f"{kind}: {words}" for kind, words in said.items()))
    day.live(n)
    look_at_day(day, SECONDS)
    assert memory <= MEMORY and max(disk, most_disk) <= DISK and len(system_pomod.log()) <= LOG
    assert day.n_moves <= SECONDS // FULL_AFTER
    assert all("sent" in words for words in said.values())
