# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
The state folder of a host is torn, full, read-only, of a newer version, of another bus, of another boot, or somebody else's. What
holds is not lifted, and `plugin list` or the one who starts the host is told.
"""

import hashlib
import json
import os
import pathlib
import shutil

import pytest

from harness import people
from harness.plugins import HELD, MORE, engage, make_profiles, profile, release, start_holding, wait_listed


@pytest.fixture
def host(pomod, client, make_plugin_host):
    """One that stopped, and left a lock in the world."""
    one = start_holding(client, make_plugin_host)
    assert one.stop() == 0
    return one


def rewrite(host, **members):
    """Members of the claims file are others, and its digest is right."""
    text = json.dumps({**host.claims(), **members}) + "\n"
    host.state_file().write_text(text + hashlib.sha256(text.encode()).hexdigest() + "\n")


TEARS = {
    "cut": lambda data: data[:len(data) // 2],
    "empty": lambda data: b"",
    "a byte": lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    "zeros": lambda data: b"\0" * len(data),
    "without its digest": lambda data: data[:data.index(b"\n") + 1],
    "with more behind it": lambda data: data + b"{}\n",
}


def tear(host, how):
    path = host.state_file()
    path.write_bytes(TEARS[how](path.read_bytes()))


@pytest.mark.parametrize("how", TEARS)
def test_torn(host, client, how):
    """It is set aside, and what holds comes from pomod."""
    tear(host, how)
    host.start()
    assert host.world() == [HELD]
    wait_listed(client, "holds", "engaged")
    assert [claim["profile"] for claim in host.claims()["claims"]] == ["deep"]
    engage(client, "more")
    host.wait_world(HELD, MORE)


@pytest.mark.root  # nobody else releases a lock of an administrator without polkit
def test_torn_and_no_pomod(host, client, pomod):
    """Nothing is done until pomod has answered; the world stays as it is."""
    pomod.kill9()
    tear(host, "cut")
    host.start()
    assert host.world() == [HELD]
    pomod.start()
    client.subscribe()
    wait_listed(client, "holds", "engaged")
    assert host.world() == [HELD]
    release(client)
    host.wait_world()


def test_of_a_newer_version(host, client):
    rewrite(host, format=2)
    before = host.state_file().read_bytes()
    host.spawn()
    wait_listed(client, "holds", "failed", "newer")
    assert host.world() == [HELD] and host.state_file().read_bytes() == before


@pytest.mark.parametrize("members, named", [({"store": "another-store"}, "another-store"),
                                            ({"bus": "unix:path=/nowhere,guid=1", "store": ""}, "unix:path=/nowhere")])
def test_of_another_bus_or_store(host, client, members, named):
    """What has not ended is another pomod's to say: this one is refused, and the other is named."""
    rewrite(host, **members)
    host.spawn()
    record = wait_listed(client, "holds", "failed")
    assert named in record["Message"]
    assert host.world() == [HELD] and host.claims()["store"] == members["store"]


def test_the_folder_of_pomod_is_away(host, client, pomod):
    """Its file system is not mounted, say: an empty store is another store, and says nothing of what holds."""
    pomod.kill9()
    away = pomod.state_dir.with_name("away")
    pomod.state_dir.rename(away)
    pomod.start()
    host.start()
    client.subscribe()
    record = wait_listed(client, "holds", "failed")
    assert f'it still holds "deep" until' in record["Message"] and f"{pomod.state_dir}#" in record["Message"]
    assert host.world() == [HELD]
    pomod.kill9()
    shutil.rmtree(pomod.state_dir)
    away.rename(pomod.state_dir)
    pomod.start()
    client.subscribe()
    wait_listed(client, "holds", "engaged")
    assert host.world() == [HELD]


def test_of_an_earlier_session(host, client):
    """Its bus was another one, and the store is the same."""
    rewrite(host, bus="unix:path=/nowhere,guid=1")
    host.start()
    wait_listed(client, "holds", "engaged")
    assert host.world() == [HELD]


def test_of_another_boot(host, client):
    host.reboot()
    host.start()
    host.wait_world(HELD)
    wait_listed(client, "holds", "engaged")
    assert host.claims()["boot"] == host.boot_id_path.read_text().strip()


@pytest.mark.root
def test_somebody_elses(host, client):
    os.chown(host.state / "holds", people.ALICE, people.ALICE)
    host.spawn()
    wait_listed(client, "holds", "failed", "it is not this user's")
    assert host.world() == [HELD]


def within(*commands):
    """What a host is begun with, so that its state folder ($0) is mounted so, for it alone."""
    return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "; ".join(commands) + '; exec "$@"']


@pytest.mark.root
def test_read_only(host, client):
    host.prefix = [*within('mount --bind "$0" "$0"', 'mount -o remount,bind,ro "$0"'), str(host.state)]
    host.spawn()
    wait_listed(client, "holds", "failed", "[Rr]ead-only")
    assert host.world() == [HELD]


def fill_up(host):
    """No byte more fits beside its state, until the file that this returns is gone."""
    fill = pathlib.Path(f"/proc/{host.pid}/root{host.state}/fill")
    with open(fill, "wb", buffering=0) as file:
        with pytest.raises(OSError):
            while True:
                file.write(b"x" * 4096)
    return fill


@pytest.mark.root
def test_full(pomod, client, make_plugin_host):
    """What cannot be written down is not done, and is done as soon as there is room."""
    client.subscribe()
    make_profiles(client, profile("deep", "holds", HELD))
    host = make_plugin_host("holds")
    host.prefix = [*within('mount -t tmpfs -o size=64k,mode=700 tmpfs "$0"'), str(host.state)]
    host.start()
    fill = fill_up(host)
    engage(client, "deep", lock="admin")
    record = wait_listed(client, "holds", "failed", "No space left")
    assert record["Pid"] == host.pid and not host.world()
    fill.unlink()
    host.wait_world(HELD, timeout=70)
    wait_listed(client, "holds", "engaged")


@pytest.mark.root
def test_full_while_it_holds(host, client):
    """What was written holds; what came later waits."""
    host.prefix = [*within('mount -t tmpfs -o size=64k,mode=700 tmpfs "$0.there"', 'cp -a "$0/." "$0.there"', 'mount --bind "$0.there" "$0"'),
                   str(host.state)]
    (host.state.parent / f"{host.state.name}.there").mkdir()
    host.start()
    fill = fill_up(host)
    engage(client, "more")
    wait_listed(client, "holds", "failed", "No space left")
    assert host.world() == [HELD]
    fill.unlink()
    host.wait_world(HELD, MORE, timeout=70)
