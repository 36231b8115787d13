# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
What one user can make grow has an end, and nobody's backup waits for ever behind somebody else's. The exact numbers are in the unit tests.
"""

import sqlite3
import time

import pytest
from gi.repository import Gio, GLib

from harness.client import INTERFACES, NAME, error_name, options
from harness.loop import wait_until
from harness.people import ALICE, BOB, MALLORY
from harness.units import HOUR, SECOND

BEGAN = 1_700_000_000 * SECOND
LIMITS = f"{NAME}.Error.LimitsExceeded"
USER = "/org/pomod/Pomod1/user/_{}"


@pytest.fixture
def alice(system_policy_bus, system_pomod, make_client):
    """Alice's object, as root sees it."""
    return make_client(system_policy_bus, uid=ALICE)


@pytest.mark.root
def test_changes_have_a_rate(alice):
    """Two hundred at once, then ten a second, and who asks for more is told when the next can be made."""
    begun, n = time.monotonic(), 0
    with pytest.raises(GLib.Error, match="the next can be made in") as refused:
        for n in range(2000):
            alice.set("target", str(n % 10 + 1))
    assert error_name(refused.value) == LIMITS
    assert 200 <= n <= 201 + 10 * (time.monotonic() - begun)
    assert alice.get_all()["TargetToday"] == (n - 1) % 10 + 1, "what was refused changed nothing, and reading is free"


@pytest.mark.root
def test_one_backup_by_hand_a_minute(alice):
    alice.call("history", "Backup", "(a{sv})", ({},))
    with pytest.raises(GLib.Error, match="one a minute") as refused:
        alice.call("history", "Backup", "(a{sv})", ({},))
    assert error_name(refused.value) == LIMITS


def ask(connection, uid, answers):
    send(connection, uid, "history", "Backup", GLib.Variant("(a{sv})", ({},)), lambda answer: answers.update({uid: answer}))


def send(connection, uid, room, method, arguments, then):
    """A call that is not waited for; then(what it answers, or the name of an error)."""
    connection.call(NAME, USER.format(uid), INTERFACES[room], method, arguments, None, Gio.DBusCallFlags.NONE, 60000, None,
                    lambda _, result: then(finish(connection, result)))


@pytest.mark.root
def test_backups_of_many_at_once_wait_for_each_other(system_policy_bus, system_pomod, make_client):
    """More of them than are made at once: each is made, and none is told to try again."""
    connection = make_client(system_policy_bus, uid=ALICE).connection
    answers = {}

    for uid in (ALICE, BOB, MALLORY):
        ask(connection, uid, answers)
    wait_until(lambda: len(answers) == 3, "three answers", timeout=60)
    assert all(str(answer).startswith("pomod-") for answer in answers.values()), answers


@pytest.mark.root
def test_the_end_while_backups_are_waited_for(system_policy_bus, system_pomod, make_client):
    """Told to stop, it answers who waits, and ends as it should."""
    connection = make_client(system_policy_bus, uid=ALICE).connection
    answers = {}
    for uid in (ALICE, BOB, MALLORY):
        ask(connection, uid, answers)
    connection.flush_sync(None)
    system_pomod.stop()
    wait_until(lambda: len(answers) == 3, "three answers")


def finish(connection, result):
    try:
        return (connection.call_finish(result).unpack() or (None,))[0]
    except GLib.Error as error:
        return error_name(error)


PROFILE = "[Profile work]\nPlugins=sites\n" + "".join(f"sites.List{n}={'x' * 16000}\n" for n in range(4))


def peak(pomod):
    """The most memory that it ever had, in MiB."""
    with open(f"/proc/{pomod.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def add_claims(pomod, n, where="."):
    """Of another day, and over: each with its own copy of a full profile."""
    pomod.stop()
    db = sqlite3.connect(pomod.state_dir / where / "pomod.db")
    db.executemany("INSERT INTO claims (state, source, window_start_sec, profile_name, profile, lock, lock_delay_usec, engaged_real_usec,"
                   " engaged_boot_usec, length_usec, until_real_usec, until_boot_usec, boot_id, firm, resting, release_boot_usec,"
                   " ended_real_usec, carried) VALUES ('released', 'hand', 0, 'work', ?, 'none', 0, ?, 0, 0, 0, 0, '', 1, 0, 0, 0, 0)",
                   ((PROFILE, 1_700_000_000_000_000 + i) for i in range(n)))
    db.execute("UPDATE state SET next_claim = ?", (n + 1,))
    db.commit()
    db.close()
    pomod.start()


def test_a_restore_costs_pomod_no_memory(pomod, client):
    """It is made in a process of its own, whatever there is to carry over, and others are answered meanwhile."""
    client.set("target", "5")
    name = client.call("history", "Backup", "(a{sv})", ({},))
    client.set("target", "6")
    add_claims(pomod, 1500)
    client.get_all()
    before = peak(pomod)
    client.call("history", "Restore", "(sa{sv})", (name, options()))
    assert client.get_all()["TargetToday"] == 5
    assert peak(pomod) < before + 8


def test_a_restore_is_whole_or_not_at_all(pomod, client, make_client, bus):
    """Killed at any moment of it: it comes back with what was or with what was chosen, and nothing of it lies about."""
    client.set("target", "5")
    name = client.call("history", "Backup", "(a{sv})", ({},))
    add_claims(pomod, 100)
    found = set()
    for n in range(24):
        client = make_client(bus)
        client.set("target", "6")
        client.call("history", "Add", "(tta{sv})", (BEGAN + n * HOUR, BEGAN + n * HOUR + HOUR // 2, {}))
        client.connection.call(NAME, USER.format(client.uid), INTERFACES["history"], "Restore", GLib.Variant("(sa{sv})", (name, {})), None,
                               Gio.DBusCallFlags.NONE, 20000, None, None)
        client.connection.flush_sync(None)
        time.sleep(n * 0.004)
        pomod.kill9()
        pomod.start()
        client = make_client(bus)
        target, records = client.get_all()["TargetToday"], len(client.log("all"))
        assert (target, records > 0) in ((5, False), (6, True))
        assert [path.name for path in pomod.state_dir.iterdir() if "restor" in path.name] == []
        found.add(target)
    client.call("history", "Restore", "(sa{sv})", (name, {}))
    assert 6 in found and client.get_all()["TargetToday"] == 5


def test_a_restore_takes_no_backup_by_hand_away(pomod, client):
    """However often: each is followed by a backup, and these are nobody's choice."""
    name = client.call("history", "Backup", "(a{sv})", ({},))
    for n in range(12):  # 10 are kept of those by hand
        client.set("target", str(n + 1))
        client.call("history", "Restore", "(sa{sv})", (name, {}))
    assert name in [record["Name"] for record in client.call("history", "ListBackups", "(a{sv})", ({},))]


@pytest.mark.root
def test_others_are_answered_while_a_restore_goes_on(system_policy_bus, system_pomod, make_client):
    """The one who restores waits for it, and is Busy with what else would be changed; nobody else notices."""
    alice, bob = (make_client(system_policy_bus, uid=uid) for uid in (ALICE, BOB))
    alice.set("target", "5")
    name = alice.call("history", "Backup", "(a{sv})", ({},))
    alice.set("target", "6")
    # So that it takes longer than a call that was sent behind it.
    add_claims(system_pomod, 1500, str(ALICE))
    bob.get_all(), alice.get_all()
    answers = []
    send(alice.connection, ALICE, "history", "Restore", GLib.Variant("(sa{sv})", (name, {})), answers.append)
    send(alice.connection, ALICE, "settings", "Set", GLib.Variant("(sva{sv})", ("target", GLib.Variant("s", "7"), {})), answers.append)
    bob.set("target", "7")
    assert alice.get_all()["TargetToday"] in (5, 6)
    wait_until(lambda: len(answers) == 2, "the end of the restore")
    assert answers[0] == f"{NAME}.Error.Busy" and answers[1].startswith("pomod-")
    assert alice.get_all()["TargetToday"] == 5
    assert bob.get_all()["TargetToday"] == 7
