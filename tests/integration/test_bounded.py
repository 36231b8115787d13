# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""No answer is larger than 256 KiB, whatever is stored: a list goes on in the next one, and what is text goes out through a pipe."""

import hashlib
import os
import sqlite3
import time
import uuid
from xml.etree import ElementTree

import pytest
from gi.repository import Gio, GLib

from harness.client import INTERFACES, NAME, PATH, error_name, options
from harness.loop import repeat_until, wait_until
from harness.people import ALICE, MALLORY

MOST = 256 << 10
NOTE = "n" * 4096
pytestmark = pytest.mark.root  # the lists of Manager are root's
LIMITS = "org.pomod.Pomod1.Error.LimitsExceeded"
BEGUN = 1_000_000_000 * 10**6
HOUR = 3600 * 10**6


def answer(client, room, method, signature, arguments):
    """The answer as it came, which is no larger than it may be."""
    path, interface = (PATH, f"{NAME}.Manager") if room == "manager" else (client.path, INTERFACES[room])
    reply = client.connection.call_sync(NAME, path, interface, method, GLib.Variant(signature, arguments), None,
                                        Gio.DBusCallFlags.NONE, 60000, None)
    assert reply.get_size() <= MOST, f"{method} answered {reply.get_size()} bytes"
    return reply


def pages(client, room, method, signature="(a{sv})", arguments=(), **opts):
    """A list of the records of each answer, asked on as an answer says."""
    made, more = [], {}
    while True:
        given = {**options(**opts), **{key: more.lookup_value(key) for key in more.keys()}} if more else options(**opts)
        reply = answer(client, room, method, signature, (*arguments, given))
        made.append(reply.get_child_value(0).unpack())
        last = reply.get_child_value(reply.n_children() - 1)
        assert last.get_type_string() == "a{sv}", f"{method} does not say whether there is more"
        if last.n_children() == 0:
            return made
        more = GLib.VariantDict.new(last).end()



def listed(*args, **kwargs):
    return [record for page in pages(*args, **kwargs) for record in page]


def written(client, room, method):
    """What it writes into the pipe that it answers with."""
    answered, fds = client.connection.call_with_unix_fd_list_sync(
        NAME, client.path, INTERFACES[room], method, GLib.Variant("(a{sv})", ({},)), None, Gio.DBusCallFlags.NONE, 20000, None, None)
    with os.fdopen(fds.get(answered.unpack()[0]), encoding="utf-8") as lines:
        return lines.read()


def fill_tasks(db):
    db.executemany("INSERT INTO tasks (id, uuid, title, note, tags) VALUES (?, ?, ?, ?, ?)",
                   [(n, str(uuid.UUID(int=n)), f"task {n}", NOTE, "t" * 200) for n in range(1, 301)])


def fill_log(db):
    db.executemany(
        "INSERT INTO intervals (id, uuid, kind, outcome, note, started_usec, offset_sec, length_usec, planned_usec, extended_usec,"
        " epoch, overtime, task) VALUES (?, ?, 'freeform', 'completed', ?, ?, 0, ?, 0, 0, 1, 0, ?)",
        [(n, str(uuid.UUID(int=n)), NOTE, BEGUN + n * HOUR, HOUR // 2, n % 300 + 1) for n in range(1, 401)])
    db.executemany("INSERT INTO interruptions (interval, ordinal, offset_usec, external, note) VALUES (?, ?, ?, 0, ?)",
                   [(n, i, i * 10**6, f"{i} {NOTE}"[:4096]) for n in (7, 8, 9) for i in range(1000)])
    db.execute("UPDATE state SET next_interval = 1000, next_task = 1000, next_claim = 1000")


def fill_claims(db):
    db.executemany(
        "INSERT INTO claims (id, state, source, window_start_sec, profile_name, profile, lock, lock_delay_usec, engaged_real_usec,"
        " engaged_boot_usec, length_usec, until_real_usec, until_boot_usec, boot_id, firm, resting, release_boot_usec, ended_real_usec,"
        " reason, carried) VALUES (?, 'released', 'user', 0, 'deep', ?, 'none', 0, ?, 0, ?, ?, 0, ?, 1, 0, 0, ?, ?, 0)",
        [(n, f"[Profile deep]\nPlugins=sites\nsites.Block={'x' * 9000}\n", BEGUN + n // 3 * HOUR, HOUR, BEGUN + n // 3 * HOUR + HOUR,
          "0" * 32, BEGUN + n // 3 * HOUR + HOUR, NOTE) for n in range(1, 301)])


def fill_profiles(db):
    """More than may be by now, as an older pomod has stored them."""
    big = "".join(f"sites.Block{n:02}={'x' * 16000}\n" for n in range(64))
    small = "".join(f"sites.Block{n:02}={'x' * 8000}\n" for n in range(7))
    db.execute("DELETE FROM profiles")
    db.executemany("INSERT INTO profiles (position, name, text) VALUES (?, ?, ?)",
                   [(n, f"p{n}", f"[Profile p{n}]\nPlugins=sites\n{big if n % 2 else small}") for n in range(20)])


def fill_lists(db):
    for n in range(32):
        text = f"{n}.example.org\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        db.execute("INSERT INTO lists VALUES (?, ?)", (f"list{n}", digest))
        db.execute("INSERT INTO list_texts VALUES (?, 1, ?)", (digest, text))


@pytest.fixture
def crammed(pomod, client):
    """A client of a pomod whose store is full, in all that it can be full of."""
    client.add_task("first")
    pomod.stop()
    folder = pomod.state_dir / str(client.uid) if (pomod.state_dir / str(client.uid)).exists() else pomod.state_dir
    db = sqlite3.connect(next(folder.rglob("pomod.db")))
    with db:
        db.execute("DELETE FROM tasks")
        for fill in (fill_tasks, fill_log, fill_claims, fill_profiles, fill_lists):
            fill(db)
    db.close()
    pomod.start()
    client.add_task("second")
    repeat_until(lambda: client.call("history", "ListBackups", "(a{sv})", ({},)), "the day's backup")
    for n in range(5000):
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() - 60 * n - 60))
        (next(folder.rglob("backups")) / f"pomod-{stamp}.db").touch()
    also = ";".join(f"20{y:02}-{m:02}-{d:02}" for y in range(30, 62) for m in range(1, 13) for d in (1,))
    rules = "".join(f"[Rule r{n}]\nHours=09:00-17:00\nAlso={also}\nExcept={also.replace('-01;', '-02;')}\n" for n in range(60))
    rules += "".join(f"[Rule o{n}]\nKind=office-day\nHours={10 + n // 60}:{n % 60:02}:00-{10 + n // 60}:{n % 60:02}:30\n" for n in range(300))
    rules += "[Rule many]\nPriority=9\nDates=2030-01-01..2031-12-31\nHours=" + ";".join(f"{h:02}:00-{h:02}:40" for h in range(24)) + "\n"
    client.call("schedules", "Import", "(sa{sv})", (rules, {}))
    for n in range(64):
        client.register(f"p{n}")
        client.register(f"p{n}", "manager")
        client.call("focus", "Report", "(stssa{sv})", (f"p{n}", 0, "failed", f"{n} {NOTE}"[:4096], {}))
        client.call("manager", "Report", "(stssa{sv})", (f"p{n}", 0, "failed", f"{n} {NOTE}"[:4096], options(uid=client.uid)))
    client.start("freeform", anyway=True)
    for n in range(100):
        client.do("Interrupt", note=f"{n} {NOTE}"[:4096])
    client.do("Stop")
    return client


# Arguments before the options of the methods that list, and how many records there are at least.
LISTS = {
    ("focus", "ListProfiles"): ("(a{sv})", (), 20),
    ("focus", "ListReports"): ("(a{sv})", (), 128),
    ("manager", "ListReports"): ("(a{sv})", (), 128),
    ("focus", "ListClaims"): ("(a{sv})", (), 300),
    ("focus", "ListLists"): ("(a{sv})", (), 32),
    ("plugins", "List"): ("(a{sv})", (), 64),
    ("tasks", "List"): ("(a{sv})", (), 300),
    ("history", "Query"): ("(sa{sv})", ("all",), 401),
    ("history", "Events"): ("(ta{sv})", (0,), 100),
    ("history", "ListBackups"): ("(a{sv})", (), 4000),
    ("schedules", "List"): ("(a{sv})", (), 361),
    ("schedules", "Agenda"): ("(tta{sv})", (1_900_000_000 * 10**6, 1_900_000_000 * 10**6 + 700 * 24 * HOUR), 10000),
    ("schedules", "ListOfficeDays"): ("(sa{sv})", ("2027-07",), 9000),
}
OPTIONS = {("focus", "ListClaims"): {"from_realtime_usec": 0}, ("history", "Query"): {"interruptions": True},
           ("schedules", "List"): {"warnings": True}, ("tasks", "List"): {"include_done": True}}
# What is fixed and small, or no list.
WHOLE = {("settings", "List"), ("schedules", "ListPresets"), ("focus", "ListPresets")}
# Of one plugin: its NAME.json has 64 KiB at most, what is set of it as much; and what hosts are told.
OF_ONE_PLUGIN = {("plugins", "Get"), ("focus", "Desired"), ("manager", "Desired")}


def key_of(record):
    return str(record)


def test_every_list_of_a_crammed_store(crammed):
    for (room, method), (signature, arguments, least) in LISTS.items():
        opts = OPTIONS.get((room, method), {})
        records = listed(crammed, room, method, signature, arguments, **opts)
        assert len(records) >= least, f"{room} {method}: {len(records)}"
        assert len({key_of(record) for record in records}) == len(records), f"{method} gave some twice"
        by_few = listed(crammed, room, method, signature, arguments, limit=7, **opts) if least < 1000 else records
        assert by_few == records, f"{method}: other records by sevens"
    assert len(crammed.get_all()) > 10


def test_no_list_is_forgotten(pomod, client):
    """Each method that answers with records has a place above."""
    known = {(room, method) for room, method in (*LISTS, *WHOLE, *OF_ONE_PLUGIN)}
    found = set()
    for path in (PATH, client.path):
        xml = client.connection.call_sync(NAME, path, "org.freedesktop.DBus.Introspectable", "Introspect", None, None,
                                          Gio.DBusCallFlags.NONE, 20000, None).unpack()[0]
        for interface in ElementTree.fromstring(xml).iter("interface"):
            room = interface.get("name").rpartition(".")[2].lower()
            for method in interface.iter("method"):
                out = [arg.get("type") for arg in method.iter("arg") if arg.get("direction") == "out"]
                if interface.get("name").startswith(NAME) and any(kind.startswith(("aa{", "a(")) for kind in out):
                    found.add((room, method.get("name")))
                    assert (room, method.get("name")) in known, f"{room} {method.get('name')}"
    assert known - found == set()
    for room, method in WHOLE:
        answer(client, room, method, "(a{sv})", ({},))


def test_a_profile_that_is_too_large_for_an_answer(crammed):
    """It is listed, and says so; it can be made smaller, and removed."""
    profiles = {profile["Name"]: profile for profile in listed(crammed, "focus", "ListProfiles")}
    assert profiles["p1"]["TooLarge"] > 1 << 20 and profiles["p1"]["Plugins"] == "sites" and "Text" not in profiles["p1"]
    assert "TooLarge" not in profiles["p0"] and len(profiles["p0"]["Text"]) > 56000
    crammed.call("focus", "SetProfile", "(sa{sv}a{sv})", ("p1", options(Plugins="sites"), {}))
    crammed.call("focus", "RemoveProfile", "(sa{sv})", ("p3", {}))
    profiles = {profile["Name"]: profile for profile in listed(crammed, "focus", "ListProfiles")}
    assert "TooLarge" not in profiles["p1"] and "p3" not in profiles and len(profiles) == 19


def test_rules_as_text_go_through_a_pipe(crammed):
    text = written(crammed, "schedules", "Export")
    assert len(text) > 10 << 20 and text.count("[Profile ") == 20 and text.count("[Rule ") == 361
    crammed.call("schedules", "Import", "(sa{sv})", (text[text.index("[Rule "):], {}))


def test_interruptions_of_one_interval(crammed):
    """A list carries fifty of each, and how many there are; the rest is asked for by the interval."""
    (some,) = [record for record in listed(crammed, "history", "Query", "(sa{sv})", ("all",), interruptions=True) if record["Id"] == 8]
    assert len(some["Interruptions"]) == 50 and some["Internal"] == 1000
    asked = listed(crammed, "history", "Query", "(sa{sv})", ("",), interruptions=True, interval=8)
    notes = [interruption["Note"] for record in asked for interruption in record["Interruptions"]]
    assert [int(note.split()[0]) for note in notes] == list(range(1000))


def big_profile(client, name, plugins="sites;mute"):
    keys = {"Plugins": plugins, **{f"sites.Block{n}": "x" * 15000 for n in range(4)}}
    client.call("focus", "SetProfile", "(sa{sv}a{sv})", (name, options(**keys), {}))


def test_a_profile_at_the_cap_and_past_it(pomod, client):
    head = len("[Profile p]\nPlugins=sites\n")
    keys = {"Plugins": "sites", **{f"sites.k{n}": "x" * (16384 - len(f"sites.k{n}=\n")) for n in range(3)}}

    def take(last):
        client.call("focus", "SetProfile", "(sa{sv}a{sv})", ("p", options(**keys, **{"sites.last": "x" * last}), {}))
    left = (64 << 10) - head - 3 * 16384 - len("sites.last=\n")
    with pytest.raises(GLib.Error) as refused:
        take(left + 1)
    assert error_name(refused.value) == LIMITS and "65537 bytes" in refused.value.message
    take(left)
    (profile,) = listed(client, "focus", "ListProfiles")
    assert len(profile["Text"]) == 64 << 10 and "TooLarge" not in profile


def test_what_is_in_force_for_one_plugin(pomod, client):
    """By hand it is refused; what engages by itself leaves out the plugin that could not be told of it all, and says so."""
    big_profile(client, "big")

    def engage():
        client.call("focus", "Engage", "(sa{sv})", ("big", options(for_usec=HOUR)))
    for _ in range(4):
        engage()
    with pytest.raises(GLib.Error) as refused:
        engage()
    assert error_name(refused.value) == LIMITS and "256 KiB" in refused.value.message and "sites" in refused.value.message
    client.call("schedules", "Set", "(sa{sv}a{sv})", ("always", options(Focus="big"), {}))
    (by_rule,) = [claim for claim in listed(client, "focus", "ListClaims") if claim["Source"] == "rule"]
    assert by_rule["Plugins"] == ["mute"] and by_rule["Failure"].startswith("sites: left out")
    for plugin, n in (("sites", 4), ("mute", 5)):
        assert len(client.call("focus", "Desired", "(sa{sv})", (plugin, {}))[2]) == n
    generation, desired, unknown = client.ask("manager", "Desired", "(sa{sv})", ("sites", {}))
    assert len(desired) == 4 and unknown == [] and generation > 0


def test_nobody_waits_for_what_is_stored_by_others(system_policy_bus, system_pomod, make_client):
    """While mallory's lists are read, each of hundreds of weeks under thousands of rules, alice is answered."""
    mallory, alice = make_client(system_policy_bus, uid=MALLORY), make_client(system_policy_bus, uid=ALICE)
    rules = "".join(f"[Rule r{n}]\nHours={n // 60:02}:{n % 60:02}:00-{n // 60:02}:{n % 60:02}:30\n" for n in range(1400))
    mallory.call("schedules", "Import", "(sa{sv})", (rules, {}))
    for week in range(100):
        start = (1_000_000_000 + week * 7 * 86400) * 10**6
        mallory.call("history", "Add", "(tta{sv})", (start, start + 7 * 86400 * 10**6 - 1, {}))
    other = mallory.bus.connect()
    read = []
    other.call(NAME, mallory.path, INTERFACES["history"], "Query", GLib.Variant("(sa{sv})", ("all", {})), None,
               Gio.DBusCallFlags.NONE, 60000, None, lambda source, result: read.append(source.call_finish(result)))
    assert alice.get_all()["State"] == "idle"
    wait_until(lambda: read, "mallory to be answered")
    assert 0 < read[0].get_child_value(0).n_children() < 100, "one page had all of it: more than 20 ms of work"
    assert len(mallory.log("all")) == 100
