# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
A plugin host and pomod are killed at any moment. Afterwards what is held is exactly what the claims say, no lock was lifted in
between, and nothing is left behind. For the record, a hundred kills of each alone, three hundred of both, and one at every system
call that touches the state or the world:

    POMOD_KILLS=100 script/test integration -k kills
"""

import json
import os
import random
import re
import shutil
import subprocess
import time

import pytest
from gi.repository import GLib

from harness.loop import wait_until
from harness.plugins import engage, make_profiles, profile, release
from harness.units import HOUR, SECOND

KILLS = int(os.environ.get("POMOD_KILLS", "4"))
# Every so many system calls one kill, from a random one on.
STRIDE = 1 if "POMOD_KILLS" in os.environ else 17
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

    def agrees():
        return {claim["id"] for claim in (host.claims() or {"claims": []})["claims"]} == set(claims)
    wait_until(agrees, "the state to say so")
    assert not left_behind(host)


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
    """Where a host begins: what is stored and in the world, and what should hold when it is through."""

    def __init__(self, host, client, pomod, alone):
        self.host, self.client, self.pomod, self.alone = host, client, pomod, alone
        self.kept = host.folder / "kept"

    def keep(self):
        """What is now is where each run begins."""
        for name in ("plugin-state", "world"):
            shutil.copytree(self.host.folder / name, self.kept / name)

    def back(self):
        for name in ("plugin-state", "world"):
            for path in (self.host.folder / name).iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            shutil.copytree(self.kept / name, self.host.folder / name, dirs_exist_ok=True)


def strace(when, output):
    """Counts those calls, and kills at that one; 0: never. -D: its parent is the test, so that it is waited for."""
    inject = [f"--inject={TOUCHES}:signal=SIGKILL:when={when}"] if when else []
    return ["strace", "-D", "-f", "-qq", "-o", str(output), f"--trace={TOUCHES}", *inject]


def engage_scene(client, host):
    """Nothing is stored, and a lock and a claim should hold."""
    del host
    return lambda: (engage(client, "locked", lock="admin"), engage(client, "p0")), set(), {LOCKED, NAMES[0]}


def change_scene(client, host):
    engage(client, "locked", lock="admin")
    claim = engage(client, "p0")
    host.start()
    host.wait_world(LOCKED, NAMES[0])
    host.stop()
    return lambda: (release(client, claim), engage(client, "p1")), {LOCKED}, {LOCKED, NAMES[1]}


def release_scene(client, host):
    claim = engage(client, "p0")
    host.start()
    host.wait_world(NAMES[0])
    host.stop()
    return lambda: release(client, claim), set(), set()


SCENES = {"engage": engage_scene, "change": change_scene, "release": release_scene}


def run_killed(scene, when, output):
    """One run up to that call; whether it was killed."""
    host = scene.host
    scene.back()
    host.prefix = strace(when, output)
    host.spawn()
    host.wait_ready()
    if host.alive():
        host.process.terminate()
    host.process.wait(30)
    host.prefix = []
    return host.process.returncode == -9 or "+++ killed by SIGKILL" in output.read_text()


@pytest.mark.parametrize("name", SCENES)
def test_kills_at_system_calls(pomod, client, make_plugin_host, folder, name):
    """With pomod there."""
    rolls = dice()
    prepare(client)
    host = make_plugin_host("holds")
    begin, always, after = SCENES[name](client, host)
    begin()
    scene = Scene(host, client, pomod, alone=False)
    scene.keep()
    when, killed = 1 + rolls.randrange(STRIDE), 0
    while run_killed(scene, when, folder / "strace"):
        assert always <= set(host.world() or []), f"killed at call {when}"
        host.start()
        is_exact(host, client)
        assert set(host.world() or []) == after
        assert host.stop() == 0
        when, killed = when + STRIDE, killed + 1
    assert killed > 0
    is_exact(host, client)
