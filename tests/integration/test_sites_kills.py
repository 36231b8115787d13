# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
The host of sites is killed at random moments, in the same boot and in others, while it writes both /etc/hosts and the policies of
browsers. Then exactly what the claims say is blocked, and after release all of /etc is what it was: bytes, modes, owners, extended
attributes, and times of others. POMOD_KILLS=100 kills it three hundred times each.
"""

import os
import time

import pytest

from harness.browsers import CHROME, install, tree
from harness.loop import repeat_until
from harness.plugins import engage, release
from test_plugin_kills import KILLS, dice
from test_sites_chromium import policy

pytestmark = pytest.mark.root

ADMIN = '{"URLBlocklist": ["intranet.example"]}\n'
OWN = f"{CHROME}/~pomod.json"
NAMES = [f"n{number}.example" for number in range(4)]
PATHS = ("hosts", f"{CHROME}/admin.json")


def with_prefixes(names):
    return {prefix + name for name in names for prefix in ("", "www.", "m.")}


class Scene:
    def __init__(self, make_sites):
        self.sites = make_sites(etc={f"{CHROME}/admin.json": ADMIN}, more=install(CHROME))
        for path in PATHS:
            os.setxattr(self.sites.etc / path, "user.origin", b"\0anything")
        (self.sites.etc / "hosts").chmod(0o664)
        self.before = self.world()
        self.claims = {}
        for number, name in enumerate(NAMES):
            self.sites.make_profile(f"p{number}", name)

    def world(self):
        return tree(self.sites.etc)

    def change(self, number):
        if number in self.claims:
            release(self.sites.client, self.claims.pop(number))
        else:
            self.claims[number] = engage(self.sites.client, f"p{number}")

    def says(self):
        """What is blocked, in both ways, and what is there that should not be."""
        world = self.world()
        # The computer may have Chromium, too, whose folders are made meanwhile.
        others = {path: facts for path, facts in world.items() if path not in ("hosts", OWN) and path.split("/")[0] != "chromium"}
        found = policy(self.sites)
        return {
            "hosts": self.sites.is_blocked(with_prefixes(NAMES[number] for number in self.claims)),
            "policy": found and sorted(found),
            "text": world["hosts"][4].startswith(self.before["hosts"][4]),
            "mode, owner, attributes": world["hosts"][:4] == self.before["hosts"][:4],
            "others": {path for path in {*others, *self.before} - {"hosts"} if others.get(path) != self.before.get(path)},
        }

    def expected(self):
        return {"hosts": True, "policy": sorted(["intranet.example", *(NAMES[number] for number in self.claims)]) if self.claims else None,
                "text": True, "mode, owner, attributes": True, "others": set()}

    def is_exact(self):
        repeat_until(lambda: self.says() == self.expected(), f"{self.expected()}, and not {self.says()}", 60)

    def is_as_before(self):
        """The one file that is written for names has another time, and nothing else has."""
        def without_time(world):
            return {path: facts[:5] if path == "hosts" else facts for path, facts in world.items()}
        repeat_until(lambda: without_time(self.world()) == without_time(self.before), "everything to be as before", 60)


@pytest.mark.parametrize("reboots", [False, True], ids=["same boot", "other boots"])
def test_kills_at_random_moments(make_sites, reboots):
    rolls = dice()
    scene = Scene(make_sites)
    host = scene.sites.host
    host.start()
    for number in range(3 * KILLS):
        scene.change(rolls.randrange(len(NAMES)))
        # Anywhere from before the host is told to after both are written.
        until = time.monotonic() + rolls.uniform(0, 0.03)
        while time.monotonic() < until:
            pass
        host.kill9()
        if reboots:
            host.reboot()
        host.start()
        scene.is_exact()
        if number % 10 == 9:
            for each in list(scene.claims):
                scene.change(each)
            scene.is_as_before()
    for each in list(scene.claims):
        scene.change(each)
    scene.is_as_before()
    assert host.stop() == 0
