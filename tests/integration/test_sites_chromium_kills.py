# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
The host of sites is killed while it writes the policies of browsers. Whatever the moment: an administrator's files are never touched,
what is in force afterwards is what the claims say, and after release every file and folder is what it was. POMOD_KILLS=100 kills at
every system call that touches a policy or the state, and a hundred times at random.
"""

import re
import shutil
import signal
import time

import pytest

from harness.browsers import BRAVE, CHROME, install, tree
from harness.loop import repeat_until
from harness.plugins import engage, release
from test_plugin_kills import EVERY, KILLS, TOUCHES, dice, strace

pytestmark = pytest.mark.root  # a host of the computer's runs as root

OWN = "~pomod.json"
MORE = ",mkdir,rmdir,chmod,fchmod,fchmodat,fchown,fsetxattr,link,linkat"
NAMES = [f"n{number}.example" for number in range(4)]
ADMIN = '{"URLBlocklist": ["intranet.example"]}\n'


class Scene:
    """A host of sites whose /etc and state can be put back to where they were."""

    def __init__(self, make_sites):
        self.sites = make_sites(etc={f"{CHROME}/admin.json": ADMIN}, more=install(CHROME, BRAVE))
        self.sites.set_standing(Hosts="no")
        self.host, self.client = self.sites.host, self.sites.client
        self.inside = list(self.host.prefix)
        self.before = self.world()
        self.kept = self.host.folder / "kept"
        for number, name in enumerate(NAMES):
            self.sites.make_profile(f"p{number}", name)

    def world(self):
        return tree(self.sites.etc)

    def folders(self):
        return {"etc": self.sites.etc, "state": self.host.state}

    def keep(self):
        for name, folder in self.folders().items():
            shutil.copytree(folder, self.kept / name, symlinks=True)

    def back(self):
        """Folder by folder within the two, which are mounted and watched."""
        for name, folder in self.folders().items():
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            shutil.copytree(self.kept / name, folder, symlinks=True, dirs_exist_ok=True)

    def expected(self, *names):
        """What is there while these are blocked: the world of before with two files more."""
        world = self.world()
        found = {folder: world[f"{folder}/{OWN}"][4].decode() if f"{folder}/{OWN}" in world else None for folder in (CHROME, BRAVE)}
        # Of two claims the older one comes first.
        lists = {folder: sorted(re.findall(r'"([^"]+\.example)"', text)) if text else None for folder, text in found.items()}
        return lists == {CHROME: ["intranet.example", *sorted(names)] if names else None, BRAVE: sorted(names) or None}

    def is_exact(self, *names):
        repeat_until(lambda: self.expected(*names), f"{names} to be blocked and nothing else", 30)
        now = self.world()
        left = {path for path in now if path not in self.before and not path.endswith(OWN) and not path.startswith(("brave", "chromium"))}
        assert not left, left
        assert all(now[path] == facts for path, facts in self.before.items())

    def run(self, *prefix):
        """The host until it is ready and stops, or is killed."""
        self.host.prefix = [*self.inside, *prefix]
        self.host.spawn()
        self.host.wait_ready()
        if self.host.alive():
            self.host.process.terminate()
        self.host.process.wait(30)
        self.host.prefix = self.inside
        return self.host.process.returncode

    def traced(self, output, *more):
        words = strace(output, *more)
        return [word + MORE if word == f"--trace={TOUCHES}" else word for word in words]

    def touching_calls(self, output):
        assert self.run(*self.traced(output)) == 0
        repeat_until(lambda: "+++ exited" in output.read_text(), "strace to write the last line")
        pid, counts, found = str(self.host.process.pid), {}, []
        for line in output.read_text().splitlines():
            begun = re.match(rf"{pid} +(\w+)\(", line)
            if begun:
                counts[begun[1]] = counts.get(begun[1], 0) + 1
                if re.search(r"/etc/(opt|brave|chromium)\b", line) or str(self.host.state) in line:
                    found.append((begun[1], counts[begun[1]]))
        return found

    def release_all(self):
        done = self.host.run("--release", "sites")
        assert done.returncode == 0, done.stderr
        assert self.world() == self.before


def stored(scene, *names):
    scene.host.start()
    scene.is_exact(*names)
    assert scene.host.stop() == 0


def engage_scene(scene):
    engage(scene.client, "p0")
    engage(scene.client, "p1")
    return [NAMES[0], NAMES[1]]


def change_scene(scene):
    claim = engage(scene.client, "p0")
    stored(scene, NAMES[0])
    release(scene.client, claim)
    engage(scene.client, "p1")
    return [NAMES[1]]


def release_scene(scene):
    claim = engage(scene.client, "p0")
    stored(scene, NAMES[0])
    release(scene.client, claim)
    return []


@pytest.mark.parametrize("prepare", [engage_scene, change_scene, release_scene])
def test_kills_at_system_calls(make_sites, folder, prepare):
    rolls = dice()
    scene = Scene(make_sites)
    names = prepare(scene)
    scene.keep()
    calls = scene.touching_calls(folder / "strace")
    assert len(calls) > 20 and {"fsync", "openat"} <= {call for call, _ in calls}, calls
    scene.is_exact(*names)
    killed = 0
    for call, when in calls if EVERY else rolls.sample(calls, KILLS):
        scene.back()
        if scene.run(*scene.traced(folder / "strace", f"--inject={call}:signal=SIGKILL:when={when}")) == 0:
            continue  # this time it did without that call
        killed += 1
        assert scene.host.process.returncode == -signal.SIGKILL
        print(f"killed at {call} number {when}")
        scene.host.start()
        scene.is_exact(*names)
        assert scene.host.stop() == 0
        scene.release_all()
    print(f"killed at {killed} of {len(calls)} system calls")
    assert killed > 0


@pytest.mark.parametrize("reboots", [False, True], ids=["same boot", "other boots"])
def test_kills_at_random_moments(make_sites, reboots):
    rolls = dice()
    scene = Scene(make_sites)
    claims = {}
    scene.host.start()
    for _ in range(KILLS):
        number = rolls.randrange(len(NAMES))
        if number in claims:
            release(scene.client, claims.pop(number))
        else:
            claims[number] = engage(scene.client, f"p{number}")
        until = time.monotonic() + rolls.uniform(0, 0.03)
        while time.monotonic() < until:
            pass
        scene.host.kill9()
        if reboots:
            scene.host.reboot()
        scene.host.start()
        scene.is_exact(*(NAMES[number] for number in sorted(claims)))
    for claim in claims.values():
        release(scene.client, claim)
    scene.is_exact()
    repeat_until(lambda: scene.world() == scene.before, "everything to be as before")
    assert scene.host.stop() == 0
