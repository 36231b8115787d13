# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
A plugin host and pomod are killed at any moment. Afterwards what is held is exactly what the claims say, no lock was lifted in
between, and nothing is left behind. For the record, a hundred kills of each alone, three hundred of both, and one at every system
call that touches the state or the world:

    POMOD_KILLS=100 script/test integration -k kills
"""

import contextlib
import os
import random
import re
import shutil
import signal
import sqlite3
import time

import pytest
from gi.repository import GLib

from harness import people
from harness.loop import repeat_until, wait_until
from harness.plugins import engage, make_profiles, profile, release
from harness.units import HOUR, SECOND

KILLS = int(os.environ.get("POMOD_KILLS", "2"))
# At every system call, or at so many of them in each scene.
EVERY = "POMOD_KILLS" in os.environ
TOUCHES = "openat,mkdirat,mkdir,write,pwrite64,writev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,close"
LOCKED = "locked.example"
NAMES = [f"n{number}.example" for number in range(6)]


def dice():
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    return random.Random(seed)


def prepare(client):
    """A profile for each name, and one that is locked."""
    client.subscribe()
    make_profiles(client, profile("locked", "holds", LOCKED), *(profile(f"p{number}", "holds", name) for number, name in enumerate(NAMES)))


def in_force(client):
    """id: the name that it holds."""
    held = {"locked": LOCKED, **{f"p{number}": name for number, name in enumerate(NAMES)}}
    return {record["Id"]: held[record["Profile"]] for record in client.call("focus", "ListClaims", "(a{sv})", ({},))}


def left_behind(host):
    """What is in the folders and belongs to nothing."""
    folder = host.state / host.name
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    there |= {path.name for path in host.world_folder.iterdir()} - {host.name}
    return there - {"lock", "claims", "saved/before"}


def is_exact(host, client):
    """World, state and pomod say the same."""
    claims = in_force(client)
    host.wait_world(*sorted(set(claims.values())), timeout=30)

    repeat_until(lambda: {claim["id"] for claim in (host.claims() or {"claims": []})["claims"]} == set(in_force(client)),
                 "the state to say so")
    # A file may just be replaced.
    repeat_until(lambda: not left_behind(host), "what is left behind to go")


# ---- at random moments ----

def change(client, rolls):
    """A request that changes what should hold, without waiting for its answer."""
    unlocked = [number for number, name in in_force(client).items() if name != LOCKED]
    if unlocked and rolls.random() < 0.5:
        method, signature, arguments = "Release", "(tsa{sv})", (rolls.choice(unlocked), "tested", {})
    else:
        method, signature, arguments = "Engage", "(sa{sv})", (f"p{rolls.randrange(len(NAMES))}", {"for-usec": GLib.Variant("t", HOUR)})
    answer = []

    def done(connection, result):
        try:
            answer.append(connection.call_finish(result).unpack())
        except GLib.Error as error:
            answer.append(error)

    client.connection.call("org.pomod.Pomod1", client.path, "org.pomod.Pomod1.Focus", method, GLib.Variant(signature, arguments),
                           None, 0, 20000, None, done)
    client.connection.flush_sync(None)
    return answer


@pytest.mark.parametrize("whom, times", [("host", KILLS), ("pomod", KILLS), ("both", 3 * KILLS)])
def test_kills_at_random_moments(pomod, client, make_plugin_host, whom, times):
    rolls = dice()
    prepare(client)
    host = make_plugin_host("holds").start()
    lock = engage(client, "locked", lock="admin")
    host.wait_world(LOCKED)
    lifted = []
    host.monitor.connect("changed", lambda *_: lifted.append(host.world()) if LOCKED not in (host.world() or []) else None)
    for _ in range(times):
        answer = change(client, rolls)
        # Anywhere from before pomod read it to after the plugin made it so.
        until = time.monotonic() + rolls.uniform(0, 0.03)
        while time.monotonic() < until:
            pass
        for each in rolls.sample([host, pomod], 2):
            if whom in ("both", "host" if each is host else "pomod"):
                each.kill9()
        assert LOCKED in host.world()
        wait_until(lambda: answer, "an answer, or the news that none will come")
        if whom != "host":
            pomod.start()
        if whom != "pomod":
            host.start()
        is_exact(host, client)
        assert lock in in_force(client)
    assert not lifted
    assert host.stop() == 0


# ---- at every system call ----

class Scene:
    """Where a host begins, in its folders: what is stored, and what is in the world."""

    FOLDERS = ("plugin-state", "world")

    def __init__(self, host):
        self.host, self.kept = host, host.folder / "kept"
        for name in self.FOLDERS:
            shutil.copytree(host.folder / name, self.kept / name)

    def back(self):
        for name in self.FOLDERS:
            for path in (self.host.folder / name).iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            shutil.copytree(self.kept / name, self.host.folder / name, dirs_exist_ok=True)


def strace(output, *more):
    """-D: what it runs is the child of the test, which waits for it. -y: descriptors come with their paths."""
    # Who looks for leaks wants to trace, too, and fails.
    return ["env", f"ASAN_OPTIONS={os.environ.get('ASAN_OPTIONS', '')}:detect_leaks=0", "strace", "-D", "-f", "-q", "-y", "-o", str(output), f"--trace={TOUCHES}", *more]


def run_to_its_end(host, prefix):
    """Until it is ready, and stops; or is killed."""
    host.prefix = prefix
    host.spawn()
    host.wait_ready()
    if host.alive():
        host.process.terminate()
    host.process.wait(30)
    host.prefix = []
    return host.process.returncode


def touching_calls(host, output):
    """(call, n) for each system call of the main thread that touches the state or the world: strace counts each call by itself."""
    assert run_to_its_end(host, strace(output)) == 0
    pid, counts, found = str(host.process.pid), {}, []

    def written():
        return "+++ exited" in output.read_text()
    repeat_until(written, "strace to write the last line")
    for line in output.read_text().splitlines():
        begun = re.match(rf"{pid} +(\w+)\(", line)
        if begun:
            counts[begun[1]] = counts.get(begun[1], 0) + 1
            if any(str(host.folder / name) in line for name in Scene.FOLDERS):
                found.append((begun[1], counts[begun[1]]))
    return found


def stored(host, *names):
    """A host that had its world, and stopped."""
    host.start()
    host.wait_world(*names)
    assert host.stop() == 0


def engage_scene(client, host):
    engage(client, "locked", lock="admin")
    engage(client, "p0")
    return set(), {LOCKED, NAMES[0]}


def change_scene(client, host):
    engage(client, "locked", lock="admin")
    claim = engage(client, "p0")
    stored(host, LOCKED, NAMES[0])
    release(client, claim)
    engage(client, "p1")
    return {LOCKED}, {LOCKED, NAMES[1]}


def release_scene(client, host):
    claim = engage(client, "p0")
    stored(host, NAMES[0])
    release(client, claim)
    return set(), set()


def engage_alone(client, host):
    """What is stored holds, and the world has lost it."""
    engage(client, "locked", lock="admin")
    engage(client, "p0")
    stored(host, LOCKED, NAMES[0])
    (host.world_folder / host.name).unlink()
    return set(), {LOCKED, NAMES[0]}


def change_alone(client, host):
    engage(client, "locked", lock="admin")
    engage(client, "p0", 2 * SECOND)
    stored(host, LOCKED, NAMES[0])
    repeat_until(lambda: NAMES[0] not in in_force(client).values(), "the end of one of the two")
    return {LOCKED}, {LOCKED}


def release_alone(client, host):
    engage(client, "p0", 2 * SECOND)
    stored(host, NAMES[0])
    repeat_until(lambda: not in_force(client), "the end of it")
    return set(), set()


def other_boot(client, host):
    engage(client, "locked", lock="admin")
    claim = engage(client, "p0")
    stored(host, LOCKED, NAMES[0])
    release(client, claim)
    host.reboot()
    return {LOCKED}, {LOCKED}


# What each does, and whether pomod is there when the host begins.
SCENES = {
    "engage": (engage_scene, True), "change": (change_scene, True), "release": (release_scene, True), "in another boot": (other_boot, True),
    "engage alone": (engage_alone, False), "change alone": (change_alone, False), "release alone": (release_alone, False),
}


@pytest.mark.parametrize("name", SCENES)
def test_kills_at_system_calls(pomod, client, make_plugin_host, folder, name):
    rolls = dice()
    prepare(client)
    host = make_plugin_host("holds")
    prepared, has_pomod = SCENES[name]
    always, after = prepared(client, host)
    if not has_pomod:
        pomod.kill9()
    scene = Scene(host)
    calls = touching_calls(host, folder / "strace")
    assert len(calls) > 20 and {"fsync", "openat", "write"} <= {call for call, _ in calls}, calls
    host.wait_world(*after)
    killed = 0
    for call, when in calls if EVERY else rolls.sample(calls, KILLS):
        scene.back()
        if run_to_its_end(host, strace(folder / "strace", f"--inject={call}:signal=SIGKILL:when={when}")) == 0:
            continue  # this time it did without that call
        killed += 1
        assert host.process.returncode == -signal.SIGKILL
        assert always <= set(host.world() or []), f"killed at {call} number {when}"
        host.start()
        host.wait_world(*after, timeout=30)
        if has_pomod:
            is_exact(host, client)
        assert host.stop() == 0
        assert not left_behind(host), f"killed at {call} number {when}"
    print(f"{name}: killed at {killed} of {len(calls)} system calls")
    assert killed > 0
    if not has_pomod:
        pomod.start()
    host.start()
    is_exact(host, client)
    assert host.stop() == 0


def test_kills_in_another_boot_without_pomod(pomod, client, make_plugin_host):
    """What files still hold stays for the 30 s that the host waits for pomod, and afterwards for as long as it has left."""
    rolls = dice()
    prepare(client)
    host = make_plugin_host("holds")
    engage(client, "locked", lock="admin")
    stored(host, LOCKED)
    pomod.kill9()
    host.reboot()
    for _ in range(KILLS):
        host.spawn()
        until = time.monotonic() + rolls.uniform(0, 0.2)
        while time.monotonic() < until:
            pass
        host.kill9()
        assert host.world() == [LOCKED]
    host.start()
    begun = time.monotonic()
    repeat_until(lambda: host.alive() and host.world() == [LOCKED] and time.monotonic() > begun + 33, "more than 30 s", 60)
    # A file may just be replaced.
    repeat_until(lambda: not left_behind(host), "what is left behind to go")
    assert host.world() == [LOCKED]
    pomod.start()
    is_exact(host, client)
    assert host.stop() == 0


# ---- users whom pomod cannot read ----

def store_of(pomod, uid):
    return next(pomod.state_dir.glob(f"{uid}/*.db"))


def newer_schema(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 999")


def over_the_cap(path):
    """As an older pomod with a larger cap might have let it be: what one claim may want, three hundred times."""
    many = ";".join(f"{'x' * 50}{i:04}.example" for i in range(240))
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        columns = ", ".join(row[1] for row in db.execute("PRAGMA table_info(claims)") if row[1] != "id")
        assert db.execute("UPDATE claims SET profile = replace(profile, 'bob.example', 'bob.example;' || ?)", (many,)).rowcount == 1
        for _ in range(299):
            db.execute(f"INSERT INTO claims ({columns}) SELECT {columns} FROM claims WHERE id = 1")


@pytest.fixture
def both_killed_with_two_locks(system_pomod, system_policy_bus, make_client, make_plugin_host):
    """Alice and Bob with a lock each, and the host that held them; it and pomod were killed."""
    alice, bob = (make_client(system_policy_bus, uid=uid) for uid in (people.ALICE, people.BOB))
    host = make_plugin_host("holds-system", on_bus=system_policy_bus, system=True)
    for each, name in ((alice, "alice.example"), (bob, "bob.example")):
        make_profiles(each, profile("deep", "holds-system", name), profile("more", "holds-system", "more.example"))
        engage(each, "deep", lock="delay 10m")
    host.start()
    host.wait_world("alice.example", "bob.example")
    system_pomod.kill9()
    host.kill9()
    return alice, host


@pytest.mark.root
@pytest.mark.parametrize("damage", [newer_schema, over_the_cap])
def test_kills_with_a_user_whom_pomod_cannot_read(system_pomod, both_killed_with_two_locks, damage):
    """Theirs and the others' hold, whoever is killed."""
    rolls = dice()
    alice, host = both_killed_with_two_locks
    damage(store_of(system_pomod, people.BOB))
    system_pomod.start()
    host.start()
    for _ in range(KILLS):
        claim = engage(alice, "more")
        host.wait_world("alice.example", "bob.example", "more.example")
        release(alice, claim)
        until = time.monotonic() + rolls.uniform(0, 0.03)
        while time.monotonic() < until:
            pass
        for each in rolls.sample([host, system_pomod], 2):
            each.kill9()
        assert {"alice.example", "bob.example"} <= set(host.world())
        system_pomod.start()
        host.start()
        host.wait_world("alice.example", "bob.example")
    _generation, _desired, unknown = alice.ask("manager", "Desired", "(sa{sv})", ("holds-system", {}))
    assert unknown == [people.BOB]
    assert host.stop() == 0


@pytest.mark.root
@pytest.mark.parametrize("legible, bobs", [(True, ["bob.example"]), (False, [])], ids=["legible", "nothing legible"])
def test_torn_with_a_user_whom_pomod_cannot_read(system_pomod, both_killed_with_two_locks, legible, bobs):
    """Nobody waits for that user, of whom holds what can be read of the state; that is all that anybody knows."""
    alice, host = both_killed_with_two_locks
    newer_schema(store_of(system_pomod, people.BOB))
    claims = host.state_file()
    claims.write_bytes(claims.read_bytes()[:-1 if legible else 10])
    host.start()
    assert host.world() == ["alice.example", "bob.example"], "done without an answer"
    system_pomod.start()
    host.wait_world("alice.example", *bobs)
    engage(alice, "more")
    host.wait_world("alice.example", *bobs, "more.example")
    assert host.stop() == 0
