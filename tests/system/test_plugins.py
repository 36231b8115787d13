# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Hosts of plugins as services: sound and shut in, there before who logs in, back after each kill, in a session of its own."""

import random
import re
import time

import pytest

from holding import NAME, RELEASE, SESSION, SYSTEM, UNIT, WORLD, begin, held, hold, holds, profile, state, world
from machine import Session

# What a plugin might try in a session. TRACEME is granted to everybody whom nothing keeps from it.
TRIES = """
import ctypes, json, os
libc = ctypes.CDLL(None, use_errno=True)
def refused(deed):
    try:
        return deed() == -1
    except OSError:
        return True
print(json.dumps({
    "usr": refused(lambda: os.close(os.open("/usr/pomod-was-here", os.O_CREAT | os.O_WRONLY))),
    "ptrace": refused(lambda: libc.ptrace(0, 0, 0, 0)),
    "privileges": "NoNewPrivs:\\t1" in open("/proc/self/status").read(),
}), file=open("/tmp/tries", "w"))
"""


@pytest.fixture
def plugins(booted):
    """The shared computer; what holds before and afterwards is nothing."""
    clear = (f"systemctl disable --now {UNIT} {RELEASE}; systemctl stop pomod.service; systemctl reset-failed; "
             f"rm -rf /var/lib/pomod/* /var/lib/pomod-plugins/* {WORLD}/*")
    booted.root(clear)
    yield booted
    print(f"--- journal of pomod ---\n{booted.journal()}")
    booted.root(clear)


# ---- the units ----

def test_the_units_are_sound(plugins):
    units = f"{UNIT} {RELEASE} pomod.service"
    done = plugins.root(f"systemd-analyze verify --man=no {units}")
    assert (done.rc, done.out + done.err) == (0, "")
    done = plugins.root(f"XDG_RUNTIME_DIR=/run systemd-analyze --user --man=no verify pomod-plugin@{SESSION}.service {RELEASE}")
    assert (done.rc, done.out + done.err) == (0, "")


@pytest.mark.parametrize("unit, most", [(UNIT, 0.6), ("pomod-plugin@sites.service", 1.3), (RELEASE, 1.3)])
def test_hosts_of_the_computer_are_shut_in(plugins, unit, most):
    """Worse than this number is a change that somebody has to decide on. Who releases can do what each plugin can."""
    out = plugins.root(f"systemd-analyze security --no-pager {unit}").ok()
    assert float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", out)[1]) <= most


def test_a_host_has_no_rights_that_it_does_not_need(plugins):
    begin(plugins)
    pid = plugins.show(UNIT, "MainPID")["MainPID"]
    status = plugins.root(f"cat /proc/{pid}/status").ok()
    for line in (r"CapEff:\s*0+", r"CapBnd:\s*0+", r"NoNewPrivs:\s*1", r"Seccomp:\s*2"):
        assert re.search(f"^{line}$", status, re.M), line


def test_a_session_host_changes_no_program_and_looks_into_none(plugins):
    unit = "pomod-plugin@tries.service"
    plugins.root(f"mkdir -p /etc/systemd/user/{unit}.d && cat >/tmp/tries.py && "
                 f"printf '[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart=/usr/bin/python3 /tmp/tries.py\n' "
                 f">/etc/systemd/user/{unit}.d/tries.conf", stdin=TRIES).ok()
    with Session(plugins, "alice"):
        plugins.systemctl_user("alice", "start", unit).ok()
        assert plugins.root("cat /tmp/tries").json() == {"usr": True, "ptrace": True, "privileges": True}


def test_nothing_acts_because_it_was_installed(plugins):
    plugins.root(f"systemctl preset {UNIT}").ok()
    assert plugins.root(f"systemctl is-enabled {UNIT}").out.strip() == "disabled"
    assert plugins.root(f"systemctl is-enabled {RELEASE}").out.strip() == "static"
    assert plugins.show(UNIT, "ActiveState")["ActiveState"] == "inactive"


# ---- boot ----

def monotonic(computer, unit, moment):
    return int(computer.show(unit, moment)[moment])


def test_it_holds_before_anybody_logs_in(make_machine):
    computer = make_machine(own_boot_id=True).boot()
    begin(computer)
    hold(computer, 3600)
    computer.until(held())
    computer.setup["enabled"] = f"systemctl --root=$root enable {UNIT}"
    computer.power_cut()

    computer.boot()
    assert holds(computer)
    after = computer.show(UNIT, "After")["After"].split()
    assert "dbus.socket" in after and "pomod.service" not in after
    assert monotonic(computer, UNIT, "ActiveEnterTimestampMonotonic") <= monotonic(
        computer, "systemd-user-sessions.service", "InactiveExitTimestampMonotonic")
    computer.until("pomoctl --user=alice plugin list --json | grep holds-system | grep -q engaged")


def test_a_pomod_that_does_not_come_up_keeps_nobody_from_logging_in(make_machine):
    computer = make_machine(own_boot_id=True, login=True).boot()
    begin(computer)
    hold(computer, 3600)
    computer.until(held())
    computer.setup["enabled"] = f"systemctl --root=$root enable {UNIT}"
    computer.setup["stopped"] = (
        "mkdir -p $root/etc/systemd/system/pomod.service.d; "
        "printf '[Service]\nExecStart=\nExecStart=/bin/sh -c \"kill -STOP $$$$; exec pomod --bus=system\"\n' "
        ">$root/etc/systemd/system/pomod.service.d/stopped.conf")
    computer.power_cut()

    computer.console.unlink()
    computer.boot(until_up=False)
    end = time.monotonic() + 30
    while "login:" not in computer.console.read_text(errors="replace") and time.monotonic() < end:
        time.sleep(0.05)  # nobody tells of a console
    # Their monotonic clock is ours. What this computer took for the boot up to there is no business of plugins.
    taken = time.monotonic() - monotonic(computer, UNIT, "InactiveExitTimestampMonotonic") / 1_000_000
    assert taken < 12, f"the login prompt came after {taken:.1f} s"
    assert computer.show("pomod.service", "ActiveState")["ActiveState"] == "activating"
    assert holds(computer)


# ---- kills ----

def test_killed_thirty_times_each_it_holds_all_the_while(plugins):
    """The host, pomod, and both, at random moments: no name ever goes, and what is asked for later still comes."""
    begin(plugins)
    profile(plugins, user="bob", name="example.org")
    hold(plugins, 3600)
    hold(plugins, 3600, "--lock", "delay 10m", user="bob")
    whole = {f"{plugins.uid('alice')} {NAME}", f"{plugins.uid('bob')} example.org"}
    plugins.until(f"[ $(wc -l <{WORLD}/{SYSTEM}) = 2 ]")
    assert world(plugins) == whole
    chance = random.Random(9)
    deeds = 30 * [[UNIT], ["pomod.service"], [UNIT, "pomod.service"]]
    chance.shuffle(deeds)
    for number, victims in enumerate(deeds):
        plugins.root(f"systemctl reset-failed {UNIT}; sleep {chance.random() * 0.3:.3f}; "
                     f"systemctl kill -s KILL {' '.join(victims)}")
        assert world(plugins) == whole, f"after kill {number}, of {victims}"
    plugins.root(f"systemctl reset-failed {UNIT}; systemctl start {UNIT} pomod.service").ok()
    plugins.until("pomoctl --user=alice plugin list --json | grep holds-system | grep -q engaged")
    assert world(plugins) == whole
    plugins.pomoctl("alice", "focus", "off", "--reason", "enough").ok()
    plugins.until(f"[ $(wc -l <{WORLD}/{SYSTEM}) = 1 ]")
    assert world(plugins) == {f"{plugins.uid('bob')} example.org"}
    (claim,) = plugins.pomoctl("bob", "focus", "--json").lines()
    assert claim["state"] == "in-force" and claim["lock"] == "delay 10m"


def test_one_that_is_not_there_is_said_to_be(plugins):
    begin(plugins)
    plugins.root(f"systemctl stop {UNIT}").ok()
    hold(plugins, 3600)
    said = plugins.pomoctl("alice", "status").ok() + plugins.pomoctl("alice", "focus").ok()
    assert len(re.findall(f"{SYSTEM} is not running", said)) == 2
    plugins.root(f"systemctl start {UNIT}").ok()
    plugins.until(held())
    said = plugins.pomoctl("alice", "status").ok() + plugins.pomoctl("alice", "focus").ok()
    assert "not running" not in said


# ---- sessions ----

def test_a_session_host_follows_its_session(plugins):
    profile(plugins, SESSION)
    unit = f"pomod-plugin@{SESSION}.service"
    uid = plugins.uid("alice")
    with Session(plugins, "alice"):
        plugins.systemctl_user("alice", "enable", "--now", unit).ok()
        hold(plugins, 3600)
        plugins.until(held(SESSION))
        assert state(plugins, SESSION)["state"] == "engaged"
    plugins.until(f"! systemctl is-active -q user@{uid}.service")
    assert state(plugins, SESSION)["state"] == "absent"
    assert holds(plugins, SESSION), "who logs out does not lift it"
    with Session(plugins, "alice"):
        plugins.until("pomoctl --user=alice plugin list --json | grep '\"holds\"' | grep -q engaged")
        assert NAME in plugins.root(f"cat {WORLD}/{SESSION}").ok()
        plugins.pomoctl("alice", "focus", "off", "--reason", "enough").ok()
        plugins.until(f"! {held(SESSION)}")
        plugins.systemctl_user("alice", "disable", "--now", unit).ok()


@pytest.mark.parametrize("deed", ["stop", "mask --now", "disable --now"])
def test_what_a_session_host_left_goes_at_its_end(plugins, deed):
    """By the same service of the user's manager, which is killed on the way, too."""
    profile(plugins, SESSION)
    unit = f"pomod-plugin@{SESSION}.service"
    with Session(plugins, "alice"):
        plugins.systemctl_user("alice", "enable", "--now", unit).ok()
        end = hold(plugins, 15)
        plugins.until(held(SESSION))
        plugins.systemctl_user("alice", *deed.split(), unit).ok()
        plugins.systemctl_user("alice", "kill", "-s", "KILL", RELEASE).ok()
        assert holds(plugins, SESSION)
        left = end - time.time() - 2
        assert plugins.root(f"timeout {left:.1f} sh -c 'while {held(SESSION)}; do sleep 0.1; done'").rc == 124, "lifted early"
        plugins.until(f"! {held(SESSION)}", timeout=15)
        plugins.systemctl_user("alice", "unmask", unit).ok()
        plugins.systemctl_user("alice", "disable", "--now", unit)


def test_enabling_is_asked_of_systemd(plugins):
    """Nobody is there who could be asked for a password: then the line to type is said."""
    refused = plugins.pomoctl("alice", "plugin", "enable", SYSTEM)
    assert refused.rc == 1 and f"sudo systemctl enable --now {UNIT}" in refused.err, refused
    plugins.root("systemctl start pomod.service").ok()
    plugins.root(f"systemctl enable --now {UNIT}").ok()
    assert plugins.pomoctl("alice", "plugin", "enable", SYSTEM).rc == 0
