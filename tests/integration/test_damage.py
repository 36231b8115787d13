# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""State folders and stores that are not as they should be: one clear sentence, and nothing is lost."""

import os
import random
import shutil
import sqlite3

import pytest
from gi.repository import GLib

from harness import bus as buses
from harness.client import Client, error_name, options
from harness.loop import repeat_until
from harness.units import HOUR, SECOND

BEGAN = 1_700_000_000 * SECOND


def add(client, n):
    return client.call("history", "Add", "(tta{sv})", (BEGAN + n * HOUR, BEGAN + n * HOUR + HOUR // 2, {}))["id"]


def add_many(daemon, client, count):
    """The first by the daemon, and the others like it: more than it would take at once."""
    add(client, 0)
    daemon.stop()
    with sqlite3.connect(database(daemon)) as db:
        names = [row[1] for row in db.execute("PRAGMA table_info(intervals)") if row[1] not in ("id", "started_usec")]
        db.executemany(f"INSERT INTO intervals (id, started_usec, {', '.join(names)})"
                       f" SELECT 1 + ?1, started_usec + ?1 * {HOUR}, {', '.join(names)} FROM intervals WHERE id = 1",
                       ((n,) for n in range(1, count)))
        db.execute("UPDATE state SET next_interval = ?", (count + 1,))
    db.close()
    daemon.start()


def database(daemon):
    (path,) = daemon.state_dir.glob("*.db")
    return path


def backup(client):
    return client.call("history", "Backup", "(a{sv})", ({},))


@pytest.fixture
def others_bus(folder):
    """A bus that lets accounts other than its own in."""
    instance = buses.Bus(folder / "others-bus", "session",
                         buses.SESSION_POLICY + '<policy context="default"><allow user="*"/></policy>')
    yield instance
    instance.stop()


def truncated(path):
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) // 2 + 100)


def zeroed(path):
    with open(path, "r+b") as file:
        file.write(bytes(os.path.getsize(path)))


def zeroed_in_front(path):
    with open(path, "r+b") as file:
        file.write(bytes(4096))


def a_text(path):
    path.write_text("dear diary\n" * 1000)


def emptied(path):
    with open(path, "r+b") as file:
        file.truncate(0)


@pytest.mark.parametrize("damage", [truncated, zeroed, zeroed_in_front, a_text, emptied])
def test_a_damaged_store_is_set_aside_and_the_backup_takes_its_place(pomod, client, damage):
    numbers = [add(client, n) for n in range(150)]
    backup(client)
    last = add(client, 500)
    seq = client.get_all()["Seq"]
    pomod.stop()
    path = database(pomod)
    damage(path)
    damaged = path.read_bytes()

    pomod.start()
    records = client.log("all")
    assert [record["Id"] for record in records] == numbers
    assert client.get_all()["Seq"] > seq, "Seq only grows"
    aside = [name for name in pomod.state_dir.iterdir() if "damaged" in name.name]
    assert any(name.read_bytes() == damaged for name in aside), "never deleted"
    assert "damaged" in pomod.log()
    assert add(client, 600) > last, "an id is never given twice"


def test_a_hole_in_the_middle_is_noticed_when_it_is_met(pomod, client):
    count = 3000
    add_many(pomod, client, count)
    backup(client)
    pomod.stop()
    path = database(pomod)
    size = os.path.getsize(path)
    assert size > 400_000
    with open(path, "r+b") as file:
        file.seek(size // 4 // 4096 * 4096)
        file.write(bytes(size // 2 // 4096 * 4096))
    pomod.start()

    def everything():
        found, key = [], {}
        while True:
            piece = client.log("all", **key)
            found += piece
            if len(piece) < 1000:
                return found
            key = {"after_started_realtime_usec": piece[-1]["StartedRealtimeUSec"], "after_id": piece[-1]["Id"]}

    try:
        records = everything()
    except GLib.Error as error:
        assert "StoreFailed" in error_name(error)
        records = everything()
    assert len(records) == count
    assert [name for name in pomod.state_dir.iterdir() if "damaged" in name.name]


def test_without_a_backup_it_begins_anew_and_keeps_what_was(pomod, client):
    add(client, 1)
    # One is made after the first change of a day, in a process of its own; it must be over to be taken away.
    repeat_until(lambda: client.call("history", "ListBackups", "(a{sv})", ({},)), "the day's backup")
    pomod.stop()
    a_text(database(pomod))
    shutil.rmtree(pomod.state_dir / "backups")
    for journal in pomod.state_dir.glob("*-wal"):
        journal.unlink()  # with it, nothing would be lost
    pomod.start()
    assert client.log("all") == []
    assert add(client, 2)
    assert any(name.read_bytes().startswith(b"dear diary") for name in pomod.state_dir.iterdir() if "damaged" in name.name)


def test_a_newer_schema_is_left_alone(pomod, client):
    add(client, 1)
    pomod.stop()
    path = database(pomod)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    before = path.read_bytes()
    pomod.spawn()
    try:
        status = pomod.process.wait(20)
    except Exception:
        # It may also live and answer each call with the sentence.
        with pytest.raises(GLib.Error) as caught:
            client.get_all()
        assert "StoreNewer" in error_name(caught.value)
        pomod.stop()
    else:
        assert status == 1 and "newer" in pomod.log()
        pomod.process = None
    assert path.read_bytes() == before


@pytest.mark.root
def test_a_uid_whose_account_has_another_name(system_policy_bus, system_pomod, make_client, other_uid):
    """Who was deleted left a uid that somebody new was given: nothing of the one is shown to the other."""
    client = make_client(system_policy_bus, uid=other_uid)
    number = add(client, 1)
    client.add_task("a secret of olga's")
    client.start("freeform")
    system_pomod.stop()
    folder = system_pomod.state_dir / str(other_uid)
    with sqlite3.connect(folder / "pomod.db") as db:
        db.execute("UPDATE state SET account = 'olga'")
    db.close()

    system_pomod.start()
    assert client.get_all()["State"] == "idle"
    assert client.log("all") == [] and client.call("tasks", "List", "(a{sv})", (options(include_done=True),)) == []
    assert client.call("history", "ListBackups", "(a{sv})", ({},)) == [], "a backup would give it all away"
    (aside,) = (path for path in folder.iterdir() if path.name.startswith("pomod.db.account-olga") and path.is_file())
    with sqlite3.connect(f"file:{aside}?mode=ro", uri=True) as db:
        assert db.execute("SELECT id FROM intervals WHERE id = ?", (number,)).fetchall() == [(number,)], "it is kept"
    db.close()
    warnings = [line for line in system_pomod.log().splitlines() if "olga" in line]
    assert len(warnings) == 1 and str(folder) in warnings[0] and str(other_uid) in warnings[0]

    add(client, 2)
    system_pomod.restart()
    assert len(client.log("all")) == 1, "the new store is this account's, and stays"


def test_a_bus_that_goes_away(pomod, client, bus):
    """It stores and ends, for whoever supervises it to start it again; what ran goes on."""
    number = client.start("pomodoro", task="the book")
    client.do("Interrupt")
    bus.stop()
    assert pomod.process.wait(20) == 0
    pomod.process = None
    assert "to be started again" in pomod.log()
    bus.start()
    pomod.bus_argument = f"--bus={bus.address}"
    pomod.start()
    found = Client(bus, os.getuid())
    assert found.get_all()["IntervalId"] == number
    (record,) = found.log("all")
    assert (record["Outcome"], record["Internal"], record["Task"]) == ("running", 1, "the book")
    found.close()


def test_a_second_pomod_on_the_same_name(pomod, make_daemon, bus):
    other = make_daemon(bus).spawn()
    assert other.process.wait(20) == 1
    assert len(other.log().strip().splitlines()) == 1 and "already" in other.log()
    other.process = None


def test_a_second_pomod_on_the_same_state(pomod, client, make_daemon, folder):
    add(client, 1)
    second_bus = buses.session_bus(folder / "second-bus")
    try:
        other = make_daemon(second_bus)
        other.state_dir = pomod.state_dir
        other.spawn()
        assert other.process.wait(20) == 1
        assert len(other.log().strip().splitlines()) == 1 and str(pomod.state_dir) in other.log()
        other.process = None
    finally:
        second_bus.stop()
    assert len(client.log("all")) == 1


def test_a_state_folder_that_is_missing_is_made(pomod, client):
    assert add(client, 1)
    assert (pomod.state_dir.stat().st_mode & 0o777) == 0o700


@pytest.mark.root
def test_a_state_folder_that_cannot_be_written(make_daemon, others_bus, make_client, other_uid):
    daemon = make_daemon(others_bus, uid=other_uid)
    daemon.state_dir.mkdir()
    os.chown(daemon.state_dir, other_uid, other_uid)
    daemon.state_dir.chmod(0o555)
    daemon.start()
    client = make_client(others_bus, uid=other_uid)
    assert client.get_all()["State"] == "idle"
    with pytest.raises(GLib.Error) as caught:
        client.start("pomodoro")
    assert "StoreFailed" in error_name(caught.value) and str(daemon.state_dir) in caught.value.message
    assert client.get_all()["State"] == "idle", "what could not be stored did not happen"


@pytest.mark.root
def test_a_state_folder_of_someone_else(make_daemon, others_bus, other_uid):
    daemon = make_daemon(others_bus, uid=other_uid)
    daemon.state_dir.mkdir(mode=0o700)  # root's
    daemon.spawn()
    status = daemon.process.wait(20)
    assert status == 1 and str(daemon.state_dir) in daemon.log()
    assert len(daemon.log().strip().splitlines()) == 1
    daemon.process = None


@pytest.mark.root
def test_a_full_disk(make_daemon, bus, client, folder):
    """A real one of 1 MiB, in a mount namespace of the daemon's own."""
    daemon = make_daemon(bus)
    daemon.state_dir.mkdir()
    plain = daemon.command

    def command():
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                'mount -t tmpfs -o size=1m,mode=700 tmpfs "$0" && exec "$@"', str(daemon.state_dir), *plain()]
    daemon.command = command
    daemon.start()
    done = 0
    message = None
    for n in range(5000):
        try:
            client.call("history", "Add", "(tta{sv})", (BEGAN + n * HOUR, BEGAN + n * HOUR + HOUR // 2,
                                                        {"note": GLib.Variant("s", "x" * 4000)}))["id"]
            done += 1
        except GLib.Error as error:
            assert "StoreFailed" in error_name(error)
            message = error.message
            break
    assert message and "full" in message
    assert len(client.log("all", limit=1000)) == done
    client.call("history", "Delete", "(ta{sv})", (client.log("all")[0]["Id"], {})) if done > 1000 else None
    assert client.get_all()["State"] == "idle"


# ---- what lies where the store should lie ----

def removed(path):
    path.unlink()


def moved(path):
    path.rename(path.with_suffix(".elsewhere"))


def replaced(path):
    other = path.with_suffix(".other")
    shutil.copy(path, other)
    other.rename(path)


def log_removed(path):
    path.with_name(path.name + "-wal").unlink()


def folder_moved(path):
    path.parent.rename(path.parent.with_name("elsewhere"))


def folder_removed(path):
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("take", [removed, moved, replaced, log_removed, folder_moved, folder_removed])
def test_a_store_that_is_taken_away_while_pomod_runs(pomod, client, take):
    """The first change is refused, and everything that was acknowledged before is there again."""
    numbers = [add(client, n) for n in range(5)]
    client.add_task("letter")
    take(database(pomod))
    with pytest.raises(GLib.Error) as caught:
        client.add_task("refused")
    assert error_name(caught.value).endswith("StoreFailed")
    assert "moved or replaced" in caught.value.message and "try again" in caught.value.message
    client.add_task("mail")
    numbers.append(add(client, 6))
    pomod.kill9()
    pomod.start()
    assert [record["Id"] for record in client.log("all")] == numbers
    assert [task["Title"] for task in client.call("tasks", "List", "(a{sv})", ({},))] == ["letter", "mail"]
    assert "moved or replaced" in pomod.log()


def test_what_runs_goes_on_in_a_store_that_is_put_back(clock, client):
    """24 minutes of a pomodoro are not lost because somebody moved a file."""
    client.start("pomodoro", task="letter")
    clock.advance(10 * 60 * SECOND)
    client.do("Interrupt")
    clock.advance(14 * 60 * SECOND)
    before = client.get_all()
    moved(database(clock))
    with pytest.raises(GLib.Error):
        client.add_task("refused")
    after = client.get_all()
    assert {key: value for key, value in after.items() if key != "Seq"} == {key: value for key, value in before.items() if key != "Seq"}
    clock.advance(60 * SECOND)
    (record, *_) = client.log("today")
    assert (record["Outcome"], record["WorkedUSec"], record["Internal"]) == ("completed", 25 * 60 * SECOND, 1)


def folder_behind_a_link(path):
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to("elsewhere")


def test_a_folder_that_lies_behind_a_link_now_is_the_same(pomod, client):
    client.add_task("letter")
    folder_behind_a_link(database(pomod))
    client.add_task("mail")
    removed(pomod.state_dir / "pomod.db")
    with pytest.raises(GLib.Error) as caught:
        client.add_task("refused")
    assert "moved or replaced" in caught.value.message
    client.add_task("post")
    pomod.restart()
    assert [task["Title"] for task in client.call("tasks", "List", "(a{sv})", ({},))] == ["letter", "mail", "post"]


def test_a_folder_whose_place_is_taken(pomod, client):
    """Until whoever put a file there takes it away, changes are refused for that reason, and none is lost."""
    client.add_task("letter")
    folder_moved(database(pomod))
    pomod.state_dir.write_text("not a folder")
    for _ in range(2):
        with pytest.raises(GLib.Error) as caught:
            client.add_task("refused")
        assert error_name(caught.value).endswith("StoreFailed") and "moved or replaced" in caught.value.message
        assert "damaged" not in caught.value.message
    pomod.state_dir.unlink()
    with pytest.raises(GLib.Error):
        client.add_task("refused")
    client.add_task("mail")
    assert [task["Title"] for task in client.call("tasks", "List", "(a{sv})", ({},))] == ["letter", "mail"]


@pytest.mark.parametrize("name", ["pomod.db", "pomod.db-wal", "pomod.db-shm", "pomod.db-journal", "pomod.db.restoring", "lock",
                                  "backups", "backups/pomod-20300101T000000Z.db"])
def test_what_is_no_file_is_never_read(make_daemon, bus, make_client, name):
    """A pipe in the place of a file would be waited for without end."""
    daemon = make_daemon(bus).start()
    client = make_client(bus)
    client.add_task("letter")
    backup(client)
    daemon.stop()
    path = daemon.state_dir / name
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    daemon.start()
    client.add_task("mail")
    assert [task["Title"] for task in client.call("tasks", "List", "(a{sv})", ({},))] == ["letter", "mail"]


# ---- a log of SQLite's that ends too early ----

FRAME = 24 + 4096


def cut_in_front(wal):
    return 0


def cut_after_the_header(wal):
    return 32


def cut_by_a_frame(wal):
    return len(wal) - FRAME


def cut_at_random(wal):
    return random.randrange(1, len(wal))


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("where", [cut_in_front, cut_after_the_header, cut_by_a_frame, cut_at_random])
def test_a_damaged_wal_takes_no_locked_claim_with_it(pomod, client, where, flipped):
    """SQLite ignores what comes after the damage; that the store is older than it was is noticed all the same."""
    client.add_task("before")
    # The day's own: a call for one while it is made would be answered with it.
    repeat_until(lambda: client.call("history", "ListBackups", "(a{sv})", ({},)), "the day's backup")
    pomod.restart()
    client.call("schedules", "Import", "(sa{sv})", ("[Profile work]\nPlugins=sites\nsites.Block=reddit.com\n", {}))
    claim = client.call("focus", "Engage", "(sa{sv})", ("work", options(for_usec=HOUR, lock="admin")))
    backup(client)
    for n in range(3):
        client.add_task(f"after {n}")
    pomod.kill9()
    path = pomod.state_dir / "pomod.db-wal"
    wal = bytearray(path.read_bytes())
    at = where(wal)
    print(f"at {at} of {len(wal)}")
    if flipped:
        wal[at] ^= 1
    else:
        del wal[at:]
    path.write_bytes(wal)

    pomod.start()
    assert [held["Id"] for held in client.call("focus", "ListClaims", "(a{sv})", ({},))] == [claim]
    titles = [task["Title"] for task in client.call("tasks", "List", "(a{sv})", ({},))]
    assert titles[0] == "before"
    if len(titles) < 4:
        assert "its newest changes are missing" in pomod.log()
        (aside,) = [name for name in pomod.state_dir.glob("pomod.db.damaged-*") if "-wal" not in name.name and "-shm" not in name.name]
        assert aside.with_name(aside.name + "-wal").read_bytes() == wal, "never deleted"


# ---- a bit that flipped within a text ----

def broken(table, column, number):
    """SQL that puts what is no UTF-8 into the middle of a text."""
    return (f"UPDATE {table} SET {column} = CAST(substr(CAST({column} AS BLOB), 1, 2) || x'ff' || "
            f"substr(CAST({column} AS BLOB), 4) AS TEXT) WHERE id = {number}")


def test_a_text_that_cannot_be_shown_denies_no_other(pomod, client):
    """It is named in the journal once, left out of lists, and there again once it is edited."""
    numbers = [add(client, n) for n in range(3)]
    for number in numbers:
        client.call("history", "Edit", "(ta{sv})", (number, options(note="a note")))
    tasks = [client.add_task(f"letter {n}") for n in range(3)]
    pomod.stop()
    with sqlite3.connect(database(pomod)) as db:
        db.execute(broken("tasks", "title", tasks[1]))
        db.execute(broken("intervals", "note", numbers[1]))
    db.close()
    pomod.start()

    def shown():
        return ([task["Id"] for task in client.call("tasks", "List", "(a{sv})", ({},))], [record["Id"] for record in client.log("all")])
    for _ in range(3):
        assert shown() == ([tasks[0], tasks[2]], [numbers[0], numbers[2]])
    assert [len(client.log("all", limit=2)), len(client.call("tasks", "List", "(a{sv})", (options(limit=2),)))] == [2, 2], "a page is whole"
    for name in (f"task #{tasks[1]} ", f"interval #{numbers[1]} "):
        assert pomod.log().count(name) == 1

    client.call("tasks", "Update", "(ta{sv})", (tasks[1], options(title="mended")))
    client.call("history", "Edit", "(ta{sv})", (numbers[1], options(note="mended")))
    assert shown() == (tasks, numbers)


def test_a_text_that_cannot_be_shown_can_be_removed(pomod, client):
    numbers = [add(client, n) for n in range(2)]
    client.call("history", "Edit", "(ta{sv})", (numbers[1], options(note="a note")))
    tasks = [client.add_task(f"letter {n}") for n in range(2)]
    pomod.stop()
    with sqlite3.connect(database(pomod)) as db:
        db.execute(broken("tasks", "title", tasks[1]))
        db.execute(broken("intervals", "note", numbers[1]))
    db.close()
    pomod.start()
    client.call("tasks", "Remove", "(ta{sv})", (tasks[1], {}))
    client.call("history", "Delete", "(ta{sv})", (numbers[1], {}))
    assert [task["Id"] for task in client.call("tasks", "List", "(a{sv})", ({},))] == tasks[:1]
    assert [record["Id"] for record in client.log("all")] == numbers[:1]
