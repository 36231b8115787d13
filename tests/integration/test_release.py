# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
What a host left behind, and the three verbs that look after it: --release, --release --ended, --release-ended; and --list. Its world is a
file that the plugin `holds` writes.
"""

import hashlib
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest

from harness.loop import repeat_until
from harness.plugins import engage, make_profiles, profile
from harness.units import HOUR, MINUTE, SECOND

DAY, NIGHT = "day.example", "night.example"


@pytest.fixture
def host(pomod, client, make_plugin_host):
    client.subscribe()
    make_profiles(client, profile("day", "holds", DAY), profile("night", "holds", NIGHT))
    return make_plugin_host("holds", system=True)  # its folder is root's, as root demands of any plugin that it loads


@pytest.fixture
def left(host, pomod, client):
    """left(day=HOUR): what a host that was killed left in the world, and no pomod."""
    def leave(**profiles):
        host.start()
        for name, usec in profiles.items():
            engage(client, name, usec)
        host.wait_world(*[f"{name}.example" for name in profiles])
        repeat_until(lambda: len(host.claims()["claims"]) == len(profiles), "the claims to be in the state folder")
        host.kill9()
        pomod.stop()
        return host
    return leave


@pytest.fixture
def release_ended(host):
    """release_ended(): the service, as a process; it is ended in the end."""
    running = []

    def spawn(before=(), **env):
        running.append(subprocess.Popen([*host.bus.prefix, *before, str(host.program), "--release-ended"], env=host.env | env, cwd=host.folder,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
        return running[-1]
    yield spawn
    for process in running:
        process.kill()
        print(process.communicate()[1])


def rewrite(host, change):
    """Another content of the state folder, whole and with its digest."""
    held = host.claims()
    change(held)
    text = json.dumps(held, separators=(",", ":")) + "\n"
    new = host.state_file("claims~")
    new.write_text(text + hashlib.sha256(text.encode()).hexdigest() + "\n")
    new.chmod(0o600)
    new.rename(host.state_file())


def end_in(host, usec, which=0):
    """That claim ends so much later than now, by the clock of the computer's sleep and by that on the wall."""
    def change(held):
        end = held["claims"][which]["end"]
        end["boottime-usec"] = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000 + usec
        end["realtime-usec"] = time.time_ns() // 1000 + usec
    rewrite(host, change)


def list_line(host):
    done = host.run("--list")
    assert done.returncode == 0, done.stderr
    heading, *lines = done.stdout.splitlines()
    assert re.fullmatch(r"PLUGIN +SCOPE +PROCESS +WHAT IT HOLDS", heading)
    line = next(line for line in lines if line.startswith(f"{host.name} "))
    assert line.index(line.split()[2]) == heading.index("PROCESS"), "its columns stand below their headings"
    return re.sub("  +", "\t", line)


# ---- by hand ----

def test_release(left):
    host = left(day=HOUR, night=HOUR)
    done = host.run("--release", "holds")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert host.world() is None and host.claims()["claims"] == []
    assert "pomod is told when its host starts" in done.stdout
    assert host.state_file("released").exists()
    assert list(host.state_file("saved").iterdir()) == []


def failure(client):
    return next(iter(client.call("focus", "ListClaims", "(a{sv})", ({},))))["Failure"]


def test_release_is_on_record(host, client):
    host.start()
    engage(client, "day", HOUR, lock="admin")
    host.wait_world(DAY)
    host.kill9()
    done = host.run("--release", "holds")
    assert (done.returncode, done.stdout, done.stderr) == (0, "holds is released, and that is on record\n", "")
    assert failure(client) == "holds: released by hand: with pomod-plugin-host --release"
    assert not host.state_file("released").exists()


def test_release_is_told_later(left, pomod, client):
    """By the next host; pomod, whose word it is, has it put back."""
    host = left(day=HOUR)
    assert host.run("--release", "holds").returncode == 0
    pomod.start()
    host.start()
    repeat_until(lambda: "released by hand" in failure(client), "it to be on record")
    repeat_until(lambda: not host.state_file("released").exists(), "the note to be gone")
    host.wait_world(DAY)


def test_release_again_changes_nothing(left):
    host = left(day=HOUR)
    assert host.run("--release", "holds").returncode == 0
    host.state_file("released").unlink()
    again = host.run("--release", "holds")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert not host.state_file("released").exists()


def test_release_of_what_is_looked_after(host, client):
    host.start()
    engage(client, "day")
    host.wait_world(DAY)
    for args in ("--release", "holds"), ("--release", "holds", "--ended"):
        done = host.run(*args)
        assert done.returncode == 1
        assert f"process {host.pid} looks after the plugin" in done.stderr
        assert "systemctl --user disable --now pomod-plugin@holds" in done.stderr
    assert host.world() == [DAY] and host.alive()


def test_release_needs_no_state(host):
    done = host.run("--release", "holds")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_release_of_no_plugin(host):
    done = host.run("--release", "not-there")
    assert done.returncode == 1 and "not-there" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_release_stops_the_unit(left, tmp_path):
    """systemctl is asked before anything is lifted; where it fails, nothing is."""
    host = left(day=HOUR)
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat {host.world_folder}/holds >> {tmp_path}/asked\nexit $STATUS\n')
    systemctl.chmod(0o755)
    host.env |= {"PATH": f"{tmp_path}:{os.environ['PATH']}", "STATUS": "1"}
    done = host.run("--release", "holds", "--stop")
    assert done.returncode == 1 and "systemctl did not stop pomod-plugin@holds.service" in done.stderr
    assert host.world() == [DAY]
    host.env["STATUS"] = "0"
    done = host.run("--release", "holds", "--stop")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "asked").read_text().splitlines()[0] == "--user disable --now pomod-plugin@holds.service"
    assert DAY in (tmp_path / "asked").read_text()
    assert host.world() is None


# ---- what has ended, and nothing else ----

def test_ended_lifts_nothing_early(left):
    host = left(day=HOUR)
    done = host.run("--release", "holds", "--ended")
    assert (done.returncode, done.stderr) == (0, "")
    assert host.world() == [DAY]
    end_in(host, 0)  # it holds on for two seconds, in which pomod would be asked
    assert host.run("--release", "holds", "--ended").returncode == 0
    assert host.world() == [DAY]


def test_ended_lifts_what_has_ended(left):
    host = left(day=HOUR, night=HOUR)
    end_in(host, -3 * SECOND, which=0)
    assert host.run("--release", "holds", "--ended").returncode == 0
    assert host.world() == [NIGHT]
    assert [claim["profile"] for claim in host.claims()["claims"]] == ["night"]
    end_in(host, -3 * SECOND)
    assert host.run("--release", "holds", "--ended").returncode == 0
    assert host.world() is None and host.claims()["claims"] == []
    assert not host.state_file("released").exists()


def test_ended_of_what_rests(left):
    """What is the last to rest has not ended."""
    host = left(day=HOUR)
    rewrite(host, lambda held: held["claims"][0].update({"rests-until-boottime-usec": (1 << 64) - 1}))
    assert host.run("--release", "holds", "--ended").returncode == 0
    assert len(host.claims()["claims"]) == 1
    rewrite(host, lambda held: held["claims"][0].update({"rests-until-boottime-usec": 1}))
    assert host.run("--release", "holds", "--ended").returncode == 0
    assert host.world() == [DAY]


@pytest.mark.parametrize("since, world", [(0, [DAY]), (HOUR, None)])
def test_ended_in_another_boot(left, since, world):
    """By the wall clock, as there is no other."""
    host = left(day=HOUR)
    host.reboot()

    def change(held):
        held["claims"][0]["end"]["boottime-usec"] = 1
        held["claims"][0]["end"]["realtime-usec"] -= since
    rewrite(host, change)
    done = host.run("--release", "holds", "--ended")
    assert (done.returncode, done.stderr) == (0, "")
    if world is None:
        # It holds on for two seconds, of which the first run has written when they began.
        repeat_until(lambda: host.run("--release", "holds", "--ended").returncode == 0 and host.world() is None, "it to be lifted")
    assert host.world() == world


def test_ended_of_what_cannot_be_read(left):
    host = left(day=HOUR)
    host.state_file().write_text("{")
    done = host.run("--release", "holds", "--ended")
    assert done.returncode == 0 and "which is kept as claims-unreadable" in done.stderr
    assert host.world() == [DAY]
    assert host.state_file("claims-unreadable").read_text() == "{"

    def over(held):
        held["unread"]["boottime-usec"] = 1
    rewrite(host, over)
    assert host.run("--release", "holds", "--ended").returncode == 0
    assert host.world() is None and "unread" not in host.claims()


@pytest.mark.parametrize("args", [("--release", "holds"), ("--release", "holds", "--ended")])
def test_newer_state(left, args):
    host = left(day=HOUR)
    rewrite(host, lambda held: held.update({"format": 2}))
    before = host.state_file().read_bytes()
    done = host.run(*args)
    assert done.returncode == 1 and "it is of format 2, from a newer pomod" in done.stderr
    assert host.world() == [DAY] and host.state_file().read_bytes() == before


# ---- a plugin that does not do as it should ----

@pytest.mark.parametrize("name", ["crash-in-release", "hang-in-release"])
def test_release_fails(host, make_plugin_host, name):
    bad = make_plugin_host(name, system=True)
    done = bad.run("--release", name)
    assert done.returncode != 0 and "release()" in done.stderr
    assert bad.claims() is None


# ---- another pomod ----

def test_another_store(left, make_daemon, bus):
    """It wants nothing, and its word is not that of the pomod whose claim this is."""
    host = left(day=HOUR)
    make_daemon(bus).start()
    host.spawn()
    repeat_until(lambda: f"{host.folder.parent}/daemon-0/state" in host.log(), "the host to name the store that it holds for")
    assert host.world() == [DAY]
    host.kill9()
    assert [claim["profile"] for claim in host.claims()["claims"]] == ["day"]


# ---- killed at every system call that touches the state or the world ----

TOUCHES = "openat mkdirat write pwrite64 fsync ftruncate rename renameat unlink unlinkat close".split()


def run_killed(host, call, when, *args):
    """One run up to the so-manieth of those calls, as strace counts each by itself; whether it was killed by it."""
    output = host.folder / "strace"
    strace = ["strace", "-D", "-f", "-qq", "-o", output, f"--trace={call}", f"--inject={call}:signal=SIGKILL:when={when}"]
    # With -D the child is the program itself, and strace may write its last line after that is gone.
    done = subprocess.run([*host.bus.prefix, *map(str, strace), str(host.program), *args], env=host.env, cwd=host.folder,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=70)
    return done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("args, always, after", [
    (("--release", "holds"), set(), []),
    (("--release", "holds", "--ended"), {NIGHT}, [NIGHT]),
], ids=["all", "ended"])
def test_killed_at_system_calls(left, args, always, after):
    host = left(day=HOUR, night=HOUR)
    end_in(host, -3 * SECOND, which=0)
    kept = host.folder / "kept"
    for name in "plugin-state", "world":
        shutil.copytree(host.folder / name, kept / name)

    def is_as_it_should_be(where):
        assert (host.world() or []) == after, where
        assert [f"{claim['profile']}.example" for claim in host.claims()["claims"]] == after, where
        assert host.state_file("released").exists() == (not after), where
        assert not list(host.state.rglob(".new-*")), where

    reached = set()
    for call in TOUCHES:
        for when in itertools.count(1):
            killed = run_killed(host, call, when, *args)
            if killed:
                reached.add(call)
                where = f"killed at {call} {when}"
                assert always <= set(host.world() or []), where
                done = host.run(*args)
                assert done.returncode == 0, f"{where}: {done.stderr}"
            is_as_it_should_be(where if killed else f"not killed at {call} {when}")
            for name in "plugin-state", "world":
                shutil.rmtree(host.folder / name)
                shutil.copytree(kept / name, host.folder / name)
            if not killed:
                break
    assert {"openat", "write", "fsync", "renameat"} <= reached


# ---- the service ----

def test_service_without_anything_ends(host, release_ended):
    assert release_ended().wait(20) == 0


def test_service_lifts_at_the_end_and_not_before(left, release_ended):
    host = left(day=HOUR, night=HOUR)
    end_in(host, 2 * SECOND, which=0)
    ends = time.clock_gettime(time.CLOCK_BOOTTIME) + 2
    service = release_ended()
    host.wait_world(NIGHT)
    assert time.clock_gettime(time.CLOCK_BOOTTIME) > ends
    assert service.poll() is None
    repeat_until(lambda: len(host.claims()["claims"]) == 1, "the state to say so, too")
    end_in(host, -3 * SECOND)
    assert service.wait(20) == 0
    assert host.world() is None


@pytest.fixture
def manager(tmp_path):
    """The socket on which the service tells its manager what it does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.settimeout(30)
        one.bind(str(tmp_path / "notify"))
        yield one


def barrier(manager):
    """What the service is told by, once it is closed, that all it said was read."""
    assert manager.recv(4096) == b"STOPPING=1"
    message, fds, *_ = socket.recv_fds(manager, 4096, 1)
    assert message == b"BARRIER=1" and len(fds) == 1
    return fds[0]


@pytest.mark.parametrize("comes, status", [(True, 75), (False, 0)])
def test_service_looks_once_more_as_it_ends(left, release_ended, manager, comes, status):
    """What a host leaves until the manager knows that the service ends makes it come back."""
    host = left(day=HOUR)
    claims = host.claims()["claims"]
    rewrite(host, lambda held: held.update(claims=[]))
    service = release_ended(NOTIFY_SOCKET=manager.getsockname())
    fd = barrier(manager)
    if comes:
        rewrite(host, lambda held: held.update(claims=claims))
    os.close(fd)
    assert service.wait(20) == status
    assert host.world() == [DAY] and host.claims()["claims"] == (claims if comes else [])


def test_service_ends_what_came_as_it_ended(left, release_ended, manager):
    """The plugin is at it then, and is not left alone."""
    host = left(day=HOUR)
    claims = host.claims()["claims"]
    rewrite(host, lambda held: held.update(claims=[]))
    service = release_ended(NOTIFY_SOCKET=manager.getsockname())
    fd = barrier(manager)
    rewrite(host, lambda held: held.update(claims=claims))
    end_in(host, -3 * SECOND)
    os.close(fd)
    assert service.wait(60) == 0
    assert host.world() is None and host.claims()["claims"] == []


def test_service_leaves_a_host_alone(host, client, release_ended):
    """The host lifts at its end, and the service has nothing to do but to go."""
    host.start()
    engage(client, "day", 3 * SECOND)
    host.wait_world(DAY)
    service = release_ended()
    host.wait_world()
    assert service.wait(20) == 0
    assert host.alive()


def test_service_takes_over_from_a_host(host, pomod, client, release_ended):
    """It hears that the host has gone, while it sleeps."""
    host.start()
    engage(client, "day", HOUR)
    host.wait_world(DAY)
    service = release_ended()
    claim = engage(client, "night", 4 * SECOND)
    assert claim
    host.wait_world(DAY, NIGHT)
    host.kill9()
    pomod.stop()
    host.wait_world(DAY)
    assert service.poll() is None
    service.terminate()
    assert service.wait(20) == 0
    assert host.world() == [DAY]


def test_service_puts_back_what_rested(left, release_ended):
    host = left(day=HOUR)

    def rest(held):
        held["claims"][0]["rests-until-boottime-usec"] = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000 + 2 * SECOND
    rewrite(host, rest)
    (host.world_folder / "holds").unlink()
    release_ended()
    host.wait_world(DAY)


def test_service_in_another_boot(left, release_ended):
    """What was left is counted down by the wall clock, and written at once."""
    host = left(day=HOUR)
    host.reboot()
    service = release_ended()
    boot = host.boot_id_path.read_text().strip()
    repeat_until(lambda: host.claims()["boot"] == boot, "the state to be of this boot")
    end = host.claims()["claims"][0]["end"]
    left_usec = end["boottime-usec"] - time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
    assert HOUR - MINUTE < left_usec <= HOUR and host.world() == [DAY]
    assert service.poll() is None


def test_service_sets_aside_what_cannot_be_read(left, release_ended):
    host = left(day=HOUR)
    host.state_file().write_text("{")
    service = release_ended()
    repeat_until(lambda: host.state_file("claims-unreadable").exists() and "unread" in host.state_file().read_text(), "it to be set aside")
    assert host.world() == [DAY] and service.poll() is None


@pytest.mark.root  # of a clock of its own
def test_service_does_not_believe_the_first_clock(left, release_ended):
    """Past by a clock that nobody vouches for: it is left until a minute after the boot, by when a host would have asked pomod."""
    host = left(day=HOUR)
    host.reboot()

    def change(held):
        held["claims"][0]["end"] |= {"boottime-usec": 1, "realtime-usec": 1}
    rewrite(host, change)
    began = 50  # seconds after the boot
    offset = began - int(time.clock_gettime(time.CLOCK_BOOTTIME))
    # Nobody is said to have set the clock, whatever is so on this computer.
    release_ended(before=["unshare", "--time", "--boottime", str(offset), "--fork", "--kill-child", "--",
                          "strace", "-D", "-f", "-qq", "-o", "/dev/null", "--trace=adjtimex,clock_adjtime",
                          "--inject=adjtimex,clock_adjtime:error=EPERM"])
    repeat_until(lambda: host.claims()["other-boot"] and host.claims()["claims"][0]["end"]["suspended"], "the other boot to be on record")
    assert host.world() == [DAY]
    host.wait_world(timeout=40)
    assert time.clock_gettime(time.CLOCK_BOOTTIME) + offset >= 60, "lifted by the first clock"
    assert [claim["profile"] for claim in host.claims()["claims"]] == ["day"], "it may come back"


# ---- --list ----

def test_list(host, client, pomod):
    assert host.run("--list").stdout == "no plugin has held anything here yet\n"
    host.start()
    assert list_line(host).endswith(f"\t{host.pid}\tnothing")
    engage(client, "day", HOUR)
    host.wait_world(DAY)
    repeat_until(lambda: "\t1 claim, until 20" in list_line(host), "the claim to be listed")
    host.kill9()
    assert "\tnone\t1 claim, until 20" in list_line(host)
    host.state_file().write_text("{")
    assert "\tnone\tcannot be read: " in list_line(host)
