# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Killed at random moments of a busy run: what was acknowledged is there, once, and the day goes on. For more than two hundred kills:

    POMOD_KILLS=1000 script/test integration -k kills
"""

import os
import random
import time

from gi.repository import Gio, GLib

from harness.client import INTERFACES, NAME, options
from harness.loop import wait_until
from harness.units import SECOND

KILLS = int(os.environ.get("POMOD_KILLS", "200"))


class Day:
    """What a client was told is so, and the one request of which it was told nothing."""

    def __init__(self, client, dice):
        self.client = client
        self.dice = dice
        self.tasks = {}          # id: titles it may have
        self.intervals = {}      # id: kind
        self.interruptions = {}  # id: (at least, at most)
        self.notes = {}          # id: notes it may have
        self.ended = set()
        self.freeform = None     # the freeform interval that certainly runs: nothing but a request ends it
        self.maybe = None        # one that runs if the request that nobody answered was not carried out

    def request(self):
        """A random one: (interface, method, signature, arguments, what an acknowledgement means)."""
        dice = self.dice
        serial = dice.randrange(10**9)
        choices = ["add-task", "start", "start", "switch", "interrupt", "interrupt", "stop"]
        if self.ended:
            choices += ["note", "note"]
        if self.tasks:
            choices += ["rename"]
        what = dice.choice(choices)
        if what == "add-task":
            return what, None, ("Tasks", "Add", "(sa{sv})", (f"task {serial}", {})), f"task {serial}"
        if what == "rename":
            number = dice.choice(list(self.tasks))
            return what, number, ("Tasks", "Update", "(ta{sv})", (number, options(title=f"name {serial}"))), f"name {serial}"
        if what in ("start", "switch"):
            kind = dice.choice(["pomodoro", "freeform"])
            more = {"for_usec": SECOND} if kind == "pomodoro" else {}
            if what == "switch":
                more["switch"] = True
            return what, None, ("Timer", "Start", "(sa{sv})", (kind, options(**more))), kind
        if what == "note":
            number = dice.choice(list(self.ended))
            return what, number, ("History", "Edit", "(ta{sv})", (number, options(note=f"note {serial}"))), f"note {serial}"
        return what, None, ("Timer", what.capitalize(), "(a{sv})", ({},)), None

    def send(self, request):
        what, _number, (interface, method, signature, arguments), _value = request
        answer = []

        def done(connection, result):
            try:
                answer.append(connection.call_finish(result).unpack())
            except GLib.Error as error:
                answer.append(error)

        self.client.connection.call(NAME, self.client.path, INTERFACES[interface.lower()], method,
                                    GLib.Variant(signature, arguments), None, Gio.DBusCallFlags.NO_AUTO_START, 20000, None, done)
        self.client.connection.flush_sync(None)
        return what, request, answer

    def note_answer(self, sent):
        what, (_, number, _, value), answer = sent
        refused = isinstance(answer[0], GLib.Error) and "org.pomod.Pomod1.Error" in (Gio.DBusError.get_remote_error(answer[0]) or "")
        lost = isinstance(answer[0], GLib.Error) and not refused
        if refused:
            return
        if what == "add-task" and not lost:
            self.tasks[answer[0][0]] = {value}
        elif what == "rename":
            self.tasks[number] = self.tasks[number] | {value} if lost else {value}
        elif what == "note":
            self.notes[number] = self.notes.get(number, {""}) | {value} if lost else {value}
        elif what in ("start", "switch"):
            self.maybe, self.freeform = (self.freeform or self.maybe) if lost else None, None
            if not lost:
                number = answer[0][0]["id"]
                self.intervals[number] = value
                self.freeform = number if value == "freeform" else None
        elif what == "interrupt" and (self.freeform or self.maybe) is not None:
            number = self.freeform or self.maybe
            least, most = self.interruptions.get(number, (0, 0))
            self.interruptions[number] = (least + (not lost and number == self.freeform), most + 1)
        elif what == "stop":
            self.maybe, self.freeform = (self.freeform or self.maybe) if lost else None, None


def everything(client):
    """The whole log, in pieces of the size that one answer may have."""
    records = []
    while True:
        more = {}
        if records:
            more = {"after_started_realtime_usec": records[-1]["StartedRealtimeUSec"], "after_id": records[-1]["Id"]}
        piece = client.log("all", **more)
        records += piece
        if len(piece) < 1000:
            return records


def all_tasks(client):
    tasks = []
    while True:
        piece = client.call("tasks", "List", "(a{sv})", (options(include_done=True, after=tasks[-1]["Id"] if tasks else 0),))
        tasks += piece
        if len(piece) < 1000:
            return {task["Id"]: task["Title"] for task in tasks}


def at_one_moment(client):
    """The log and the timer as they were together: a deadline may come between two readings."""
    while True:
        seq = client.get_all()["Seq"]
        records = everything(client)
        timer = client.get_all()
        if timer["Seq"] == seq:
            return records, timer


def check(client, day):
    records, timer = at_one_moment(client)
    by_id = {record["Id"]: record for record in records}
    assert len(by_id) == len(records), "an id stands twice in the log"

    titles = all_tasks(client)
    for number, allowed in day.tasks.items():
        assert titles.get(number) in allowed, f"task #{number}: {titles.get(number)!r} is none of {allowed}"
    for number, kind in day.intervals.items():
        assert by_id[number]["Kind"] == kind
    for number, allowed in day.notes.items():
        assert by_id[number]["Note"] in allowed
    for number, (least, most) in day.interruptions.items():
        assert least <= by_id[number]["Internal"] <= most

    running = [record for record in records if record["Outcome"] == "running"]
    assert len(running) <= 1
    assert [record["Id"] for record in running] == ([timer["IntervalId"]] if timer["State"] != "idle" else [])
    spans = {}
    for record in records:
        assert record["WorkedUSec"] <= record["EndedRealtimeUSec"] - record["StartedRealtimeUSec"]
        if record["Kind"] == "pomodoro":
            assert record["WorkedUSec"] <= record["PlannedUSec"]
            assert (record["Outcome"] == "completed") == (record["WorkedUSec"] == record["PlannedUSec"])
        spans.setdefault(record["Epoch"], []).append((record["StartedRealtimeUSec"], record["EndedRealtimeUSec"], record["Id"]))
    for epoch in spans.values():
        epoch.sort()
        for (_, ended, first), (started, _, second) in zip(epoch, epoch[1:]):
            assert ended <= started, f"#{first} and #{second} overlap"
    day.ended = {record["Id"] for record in records[-50:] if record["Outcome"] != "running"}


def test_kills(pomod, make_client, bus):
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    dice = random.Random(seed)
    client = make_client(bus)
    day = Day(client, dice)
    client.set("short-break", "1s")
    client.set("long-break", "1s")

    for _ in range(KILLS):
        for _ in range(dice.randrange(1, 6)):
            sent = day.send(day.request())
            wait_until(lambda: sent[2], "an answer")
            day.note_answer(sent)
        sent = day.send(day.request())
        # Anywhere from before it was read to after it was answered.
        until = time.monotonic() + dice.uniform(0, 0.004)
        while time.monotonic() < until:
            pass
        pomod.kill9()
        wait_until(lambda: sent[2], "an answer, or the news that none will come")
        day.note_answer(sent)
        pomod.start()
        check(client, day)
        if day.freeform is not None:
            assert client.get_all()["IntervalId"] == day.freeform, "freeform that ran goes on"
