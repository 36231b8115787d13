# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Plugins of tests/plugins that break what pomo-plugin.h asks. For each, `plugin list` says what happened, the plugin beside it goes
on, and nothing that holds is lifted.
"""

import os
import shutil
import re
import resource

import pytest

from harness.loop import repeat_until
from harness.plugins import engage, make_profiles, profile, wait_listed

GOOD, BAD = "good.example", "bad.example"


class Day:
    """A lock that nothing may lift, held by the plugin that behaves and by one that does not."""

    def __init__(self, client, make_plugin_host):
        self.client, self.make = client, make_plugin_host
        self.good = make_plugin_host("holds")
        self.good.start()
        self.claim = None

    def begin(self, name, *names, start=False, **kwargs):
        """The lock is taken; the bad host is there, and begun where the test says so."""
        both = f"[Profile deep]\nPlugins=holds;{name}\nholds.hold={GOOD}\n{name}.hold={';'.join(names or (BAD,))}\n"
        self.bad = self.make(name, **kwargs)
        make_profiles(self.client, both, profile("more", "holds", "more.example"))
        self.claim = engage(self.client, "deep", lock="admin")
        self.good.wait_world(GOOD)
        return self.bad.start() if start else self.bad.spawn()

    def says(self, state, pattern="", timeout=60):
        """`plugin list` comes to say so; the sentence is one that a terminal can print."""
        record = wait_listed(self.client, self.bad.name, state, pattern, timeout)
        assert record["Message"].isprintable() and len(record["Message"].encode()) <= 1024
        return record

    def holds(self, *names):
        assert self.bad.world() == sorted(names or (BAD,))

    def others_go_on(self):
        """The good one is engaged and follows, and the lock is in force."""
        assert self.good.alive() and self.good.world() == [GOOD]
        wait_listed(self.client, "holds", "engaged")
        more = engage(self.client, "more")
        self.good.wait_world(GOOD, "more.example")
        self.client.call("focus", "Release", "(tsa{sv})", (more, "tested", {}))
        self.good.wait_world(GOOD)
        claims = self.client.call("focus", "ListClaims", "(a{sv})", ({},))
        assert self.claim in [record["Id"] for record in claims]


@pytest.fixture
def day(pomod, client, make_plugin_host):
    client.subscribe()
    return Day(client, make_plugin_host)


# ---- what is refused before it runs ----

REFUSED = {
    "wrong-abi": r"ABI 7\b.*\b1\b",
    "no-symbol": r"ABI 2\b.*ABI 1\b",
    "small-table": r"\b96\b.*\b104\b",
    "needs-library": r"libpomo-not-there\.so",
    "mirror-shorter": r"\b96\b.*\b104\b",
    "table-1": r"somebody-else",
    "table-2": r"name",
    "table-3": r"name",
    "table-4": r"sentence",
    "table-5": r"sentence",
    "table-6": r"sentence",
    "table-7": r"version",
    "table-8": r"scope",
    "table-9": r"Not A Key",
    "table-10": r"key",
    "table-11": r"hold",
    "table-12": r"type",
    "table-13": r"flag",
    "table-14": r"choice",
    "table-15": r"soon",
    "table-16": r"\b9\b.*\b3\b",
    "table-17": r"\b8\b",
    "table-18": r"key",
    "table-19": r"apply\(\)",
    "table-20": r"release\(\)",
    "table-21": r"EVERYONE",
    "table-22": r"sentence",
}


def one_sentence(text):
    """What a program says on standard error when it fails."""
    lines = text.splitlines()
    assert len(lines) == 1 and lines[0].isprintable(), text
    return lines[0]


@pytest.mark.parametrize("name", REFUSED)
def test_refused(day, name):
    day.begin(name)
    checked = day.bad.run("--check", day.bad.plugins / f"{name}.so")
    assert checked.returncode == 1 and re.search(REFUSED[name], one_sentence(checked.stderr)), checked
    assert day.bad.run("--describe", day.bad.plugins / f"{name}.so").returncode == 1
    day.says("failed", REFUSED[name])
    assert day.bad.world() is None
    day.others_go_on()


def damaged(kind, path):
    """A file under the plugin's name that is none."""
    data = bytearray(path.read_bytes())
    path.unlink()
    if kind == "a text":
        path.write_text("#!/bin/sh\n")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "a folder":
        path.mkdir()
    elif kind == "of another processor":
        data[18:20] = (183).to_bytes(2, "little")  # EM_AARCH64
        path.write_bytes(data)
    elif kind == "of 32 bits":
        data[4] = 1
        path.write_bytes(data)
    elif kind == "cut short":
        path.write_bytes(data[:5000])
    elif kind == "a pipe":
        os.mkfifo(path)


@pytest.mark.parametrize("kind, pattern", [("a text", r"ELF|no plugin"), ("empty", r"ELF|empty"), ("a folder", r"no plain file"),
                                           ("of another processor", r"processor"), ("of 32 bits", r"32|processor"),
                                           ("cut short", r"."), ("a pipe", r"no plain file")])
def test_files_that_are_no_plugin(day, add_plugin, kind, pattern):
    damaged(kind, add_plugin("fails"))
    day.begin("fails", add=False)
    checked = day.bad.run("--check", day.bad.plugins / "fails.so")
    assert checked.returncode == 1 and re.search(pattern, one_sentence(checked.stderr)), checked
    day.says("failed", pattern)
    day.others_go_on()


def test_a_plugin_that_is_not_there(day):
    day.begin("nowhere", add=False)
    day.says("failed", "there is no plugin nowhere")
    day.others_go_on()


# ---- what ends its process ----

# The plugin, what ends it, and whether its world was made before.
ENDS = {
    "constructor-crashes": ("constructors.*SEGV", False),
    "crash-in-open": (r"open\(\).*SEGV", False),
    "crash-in-apply": (r"apply\(\).*SEGV", True),
    "crash-in-event": (r"event\(\).*SEGV", None),
    "exits": (r"apply\(\)|exit\(\)", True),
    "done-thread": (r"done\(\).*thread", True),
    "calls-from-thread": (r"log\(\).*thread", True),
    "closes-descriptors": (r".", True),
}
HANGS = {
    "constructor-hangs": ("constructors.*5 s", False),
    "hang-in-open": (r"open\(\).*5 s", False),
    "hang-in-apply": (r"apply\(\).*5 s", True),
    "hang-in-event": (r"event\(\).*5 s", None),
}


def ends_and_says(day, pattern, made):
    """It ends by itself; the next one says why, and what it held before is held."""
    assert day.bad.wait_end() not in (0, None)
    if made:
        day.holds()
    before = day.bad.world()
    day.bad.spawn()
    day.says("failed|absent", pattern)
    assert day.bad.world() == before
    assert made is not True or [claim["id"] for claim in held(day.bad)] == [day.claim]


def held(host):
    """The claims of its state folder."""
    return host.claims()["claims"]


@pytest.mark.parametrize("name", ENDS)
def test_what_ends_its_process(day, name):
    day.begin(name)
    # libsystemd's own, when its descriptors are closed under it.
    day.bad.may_write = re.compile("close_nointr" if name == "closes-descriptors" else "(?!)")
    ends_and_says(day, *ENDS[name])
    day.others_go_on()


@pytest.mark.parametrize("name", HANGS)
def test_five_seconds_and_no_more(day, name):
    day.begin(name)
    day.others_go_on()
    ends_and_says(day, *HANGS[name])
    day.others_go_on()


@pytest.mark.parametrize("name, pattern", [("crash-in-close", "SEGV"), ("hang-in-close", "5 s")])
def test_in_close(day, name, pattern):
    day.begin(name, start=True)
    day.holds()
    assert day.bad.stop() != 0
    day.holds()
    day.bad.spawn()
    day.says("failed", rf"close\(\).*{pattern}")
    day.holds()
    day.others_go_on()


@pytest.mark.parametrize("name, pattern", [("crash-in-release", "SEGV"), ("hang-in-release", "5 s")])
def test_in_release(day, name, pattern):
    """A hand that takes everything back gets a sentence, and what was not put back is still on record."""
    day.begin(name, start=True)
    day.bad.stop()
    released = day.bad.run("--release", name)
    assert released.returncode == 1 and re.search(rf"release\(\).*{pattern}", one_sentence(released.stderr))
    day.holds()
    assert [claim["id"] for claim in held(day.bad)] == [day.claim]
    day.bad.start()
    day.says("engaged")
    day.others_go_on()


# ---- done() ----

def test_done_twice_is_done_once(day):
    day.begin("done-twice", start=True)
    day.says("engaged")
    day.holds()
    day.others_go_on()


def test_done_that_does_not_come_within_a_minute(day):
    """Never, and from inside apply(), where it counts for nothing."""
    inside = day.make("done-inside")
    make_profiles(day.client, profile("inside", "done-inside", BAD))
    engage(day.client, "inside")
    inside.spawn()
    day.begin("done-never")
    day.says("failed", r"apply\(\).*60 s", timeout=80)
    wait_listed(day.client, "done-inside", "failed", r"apply\(\).*60 s")
    day.holds()
    assert inside.world() == [BAD]
    day.others_go_on()


# ---- too much ----

@pytest.mark.parametrize("name", ["floods-reports", "floods-looks", "floods-log", "floods-claims"])
def test_floods(day, name):
    day.begin(name, start=True)
    day.says("engaged" if name != "floods-claims" else "engaged|failed", r"again|" if name == "floods-looks" else "")
    day.others_go_on()
    day.holds()
    assert len(day.bad.log().splitlines()) < 400
    assert day.bad.stop() == 0


@pytest.mark.parametrize("name", ["spins-times", "spins-descriptors"])
def test_spinning(day, name):
    """Fifty calls in 100 ms, and no processor for itself."""
    day.begin(name, start=True)
    took = day.bad.world_folder / f"{name}.took"
    repeat_until(lambda: took.exists() and took.read_text().endswith("\n"), "a thousand calls")
    assert int(took.read_text()) >= 1800
    day.holds()
    day.others_go_on()
    assert day.bad.stop() == 0


def test_memory(day):
    day.begin("takes-memory")
    if "ASAN_OPTIONS" in os.environ:
        # A sanitizer that gets no memory for itself ends the process in its own way.
        assert day.bad.wait_end() != 0
    else:
        record = day.says("failed", r"beyond \d+ MiB")
        assert 64 < int(re.search(r"beyond (\d+) MiB", record["Message"])[1]) <= 256
        assert day.bad.alive()
    day.holds()
    day.others_go_on()


def test_a_child_has_the_limits_from_before(day):
    def words(kind, unit):
        soft = resource.getrlimit(kind)[0]
        return "unlimited" if soft == resource.RLIM_INFINITY else str(soft // unit)
    day.begin("child-limits", start=True)
    path = day.bad.world_folder / "child-limits.limits"
    repeat_until(lambda: path.exists() and len(path.read_text().split()) == 3, "the child to end")
    assert path.read_text().split() == [words(resource.RLIMIT_DATA, 1024), words(resource.RLIMIT_NOFILE, 1), words(resource.RLIMIT_CORE, 512)]
    day.others_go_on()


def test_descriptors(day):
    day.begin("leaks-descriptors")
    day.says("failed|engaged")
    day.holds()
    day.others_go_on()


# ---- what it does to its process ----

@pytest.mark.parametrize("name", ["forks", "constructor-forks", "waits-for-all", "masks-signals", "ignores-sigterm"])
def test_its_process(day, name):
    """The host follows, stops when it is told to, and the next one gets the lock."""
    day.begin(name, start=True)
    day.says("engaged")
    day.others_go_on()
    assert day.bad.stop() == 0
    day.holds()
    day.bad.start()
    day.says("engaged")
    day.bad.kill9()
    day.bad.start()
    day.says("engaged")
    day.holds()
    day.others_go_on()


def test_nonsense_in_every_string(day):
    day.begin("nonsense", start=True)
    record = day.says("engaged", "nothing was taken")
    assert "\x1b" not in record["Message"]
    day.holds()
    assert not list(day.bad.state.parent.glob("claims")) and day.bad.claims() is not None
    for line in day.bad.log().splitlines():
        assert line.isprintable() and len(line) < 4096
    day.others_go_on()


def test_a_plugin_that_fails(day):
    day.begin("fails")
    day.says("failed", "the disk of the world is full")
    day.holds()
    (claim,) = day.client.call("focus", "ListClaims", "(a{sv})", ({},))
    assert claim["Failure"] == "fails: the disk of the world is full"
    day.others_go_on()


def test_one_claim_that_fails(day):
    day.begin("fails-one-claim", "fails.example", BAD, start=True)
    day.says("engaged|failed")
    day.holds("fails.example", BAD)
    (claim,) = day.client.call("focus", "ListClaims", "(a{sv})", ({},))
    assert (claim["InPart"], claim["Failure"]) == ("fails-one-claim: fails.example cannot be held", "")
    day.others_go_on()


# ---- files that change under it ----

def test_replaced_while_it_is_loaded(day, add_plugin):
    """By rename, as a package does: the old one goes on until it ends."""
    day.begin("done-twice", start=True)
    other = add_plugin("fails", day.bad.folder)
    # A rename is within a file system, and the folders of a test may be on two.
    shutil.copy(other, day.bad.plugins / "new.so")
    os.rename(day.bad.plugins / "new.so", day.bad.plugins / "done-twice.so")
    day.others_go_on()
    day.holds()
    day.says("engaged")
    day.bad.stop()
    day.bad.spawn()
    day.says("failed", "fails")
    day.holds()


def test_overwritten_while_it_is_loaded(day):
    """In place, as cp does: the process may crash, and holds all the same."""
    day.begin("done-twice", start=True)
    path = day.bad.plugins / "done-twice.so"
    with open(path, "r+b") as file:
        file.truncate(4096)
    engage(day.client, "deep")
    if day.bad.alive():
        day.bad.kill9()
    day.bad.spawn()
    day.says("failed")
    day.holds()
    day.others_go_on()


def test_a_setting_that_the_plugin_does_not_know(day, add_plugin):
    """NAME.json of another version than the plugin: what both know holds."""
    path = add_plugin("done-twice").with_suffix(".json")
    path.write_text(path.read_text().replace("[", '[{"key":"newer","type":"text","sentence":"of a later version","fallback":null,"standing":false,"for-everyone":false},', 1))
    day.bad = day.make("done-twice")
    make_profiles(day.client, f"[Profile deep]\nPlugins=holds;done-twice\nholds.hold={GOOD}\ndone-twice.hold={BAD}\ndone-twice.newer=1\n",
                  profile("more", "holds", "more.example"))
    day.claim = engage(day.client, "deep", lock="admin")
    day.bad.start()
    record = day.says("engaged|failed")
    day.holds()
    (claim,) = day.client.call("focus", "ListClaims", "(a{sv})", ({},))
    assert "newer" in record["Message"] + claim["InPart"]
    day.good.wait_world(GOOD)
    day.others_go_on()


# ---- two of a name ----

def test_two_hosts_of_one_name(day):
    day.begin("done-twice", start=True)
    done = day.bad.run(f"--bus={day.bad.bus.address}", "done-twice")
    assert done.returncode == 1 and str(day.bad.pid) in one_sentence(done.stderr)
    day.says("engaged")
    day.holds()
    day.others_go_on()


def test_two_plugins_of_one_name(day, add_plugin, plugin_folder):
    """The computer's is the one; the user's is refused by name."""
    add_plugin("done-twice", plugin_folder)
    add_plugin("fails").rename(add_plugin("done-twice"))
    day.begin("done-twice", start=True)
    record = day.says("engaged")
    day.holds()
    assert "is not used" in record["Message"] + day.bad.log()
    day.others_go_on()
