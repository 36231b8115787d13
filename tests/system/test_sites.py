# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Sites are blocked on a computer's real files: from before anybody logs in, to the end of the office day, and then nothing is left."""

import datetime
import json
import pathlib
import random
import socket
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from harness.browsers import CHROME, tree  # noqa: E402

UNIT = "pomod-plugin@sites.service"
RELEASE = "pomod-release.service"
OWN = f"{CHROME}/~pomod.json"
ADMIN = '{"URLBlocklist": ["intranet.example"]}\n'
FOREIGN = "10.0.0.1 added.example # by another program\n"
NAMES = {"reddit.com", "news.example.org"}
SOCKET = "/run/pomod/clock"
DAY = 24 * 3600
# By the C library, whatever this computer has a route to.
LOOK_UP = """
import json, socket, sys
def addresses(name):
    try:
        return sorted({info[4][0] for info in socket.getaddrinfo(name, 80, type=socket.SOCK_STREAM)})
    except OSError as error:
        return str(error)
print(json.dumps({name: addresses(name) for name in sys.argv[1:]}))
"""
BLOCKED = {"hosts": {name: ["255.255.255.255", "ff00::"] for name in NAMES}, "first": "intranet.example", "policy": sorted(NAMES)}
CONSENT = "[Consent]\nBlockForEveryone=alice\n"

# Of one program that begins before anybody can log in.
SEES = """
[Unit]
After=pomod-plugin@sites.service nss-lookup.target
Before=systemd-user-sessions.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'getent ahosts reddit.com >/var/lib/pomod-world/seen 2>&1; cat /etc/{policies} >/var/lib/pomod-world/policy'
[Install]
WantedBy=multi-user.target
""".replace("{policies}", OWN)

RULES = """
[Profile deep]
Plugins=sites
sites.block=reddit.com;@mine

[Rule desk]
Kind=office-day
Days={day:%a}
Hours=09:00-17:00
Focus=deep
Lock=admin
"""


class Computer:
    """A machine with a browser, an administrator's policies, and a pomod that is told what day it is."""

    def __init__(self, machine, consent):
        self.machine = machine
        clock = machine.build / "tests/clock/pomod-test-clock"
        machine.setup["browser"] = (
            f"mkdir -p $root/opt/google/chrome $root/etc/{CHROME} $root/etc/pomod; cp $root/bin/true $root/opt/google/chrome/chrome; "
            f"cp {clock} $root/usr/bin; printf '%s' '{ADMIN}' >$root/etc/{CHROME}/admin.json; "
            "/usr/bin/python3 -c 'import os, sys; [os.setxattr(path, \"user.origin\", b\"admin\") for path in sys.argv[1:]]' "
            f"$root/etc/{CHROME}/admin.json $root/etc/hosts; printf '%s' '{consent}' >$root/etc/pomod/pomod.conf; "
            f"systemctl --root=$root enable {UNIT}")

    def boot(self, now):
        """At that moment of the wall clock, by pomod's."""
        start = f"real={int(now.timestamp() * 1_000_000)} sync=1"
        self.machine.setup["clock"] = (
            "mkdir -p $root/etc/systemd/system/pomod.service.d; printf '[Service]\\nExecStart=\\nExecStart=/usr/bin/pomod-test-clock "
            f"--bus=system --clock-socket={SOCKET} \"--clock-start={start}\"\\n' >$root/etc/systemd/system/pomod.service.d/clock.conf")
        self.machine.boot()
        # What was set up is so from the second boot on, as it is after a reboot.
        self.machine.setup.pop("browser", None)

    def clock(self, line):
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(60)
            stream.connect(f"/proc/{self.machine.leader}/root{SOCKET}")
            stream.sendall(f"{line}\n".encode())
            answer = stream.recv(1000).decode()
        assert answer.startswith("ok"), answer

    # ---- what is so ----

    def etc(self):
        return tree(f"/proc/{self.machine.leader}/root/etc")

    def policy(self):
        """The names in our policy file; None where there is none."""
        found = self.etc().get(OWN)
        return found and json.loads(found[4])["URLBlocklist"]

    def blocked(self):
        """What is so, of each name: both families by getaddrinfo(), and the policy with the administrator's own name first."""
        found = self.machine.root(f"/usr/bin/python3 -c '{LOOK_UP}' {' '.join(sorted(NAMES))}").json()
        policy = self.policy() or [""]
        return {"hosts": found, "first": policy[0], "policy": sorted(policy[1:])}

    def is_blocked(self):
        return self.blocked() == BLOCKED

    def wait_blocked(self):
        self.machine.until(f"grep -q 'reddit.com' /etc/hosts && [ -e /etc/{OWN} ]")
        assert self.blocked() == BLOCKED

    def claim(self):
        (line,) = self.machine.pomoctl("alice", "focus", "--json").lines()
        return line


@pytest.fixture
def make_computer(make_machine):
    def make(consent=CONSENT):
        return Computer(make_machine(own_boot_id=True, keeps_all=True), consent)

    return make


def write_rules(machine, day):
    machine.pomoctl("alice", "config", "set", "time-zone", "UTC").ok()
    machine.user("alice", "echo news.example.org >$HOME/mine && pomoctl focus names set mine $HOME/mine").ok()
    machine.user("alice", "pomoctl schedule import -", stdin=RULES.format(day=day)).ok()


def others(world):
    """All but the one file that is written for names."""
    return {path: facts for path, facts in world.items() if path not in ("hosts", OWN)}


def stays(before, after):
    """But for the lines in the one file, everything is what it was: times of others, too."""
    assert others(after) == others(before)
    assert after["hosts"][:4] == before["hosts"][:4]


# ---- an office day ----

def clock_back(computer):
    computer.clock(f"step -{DAY * 1_000_000}")


def clock_forward(computer):
    computer.clock(f"step {3 * DAY * 1_000_000}")


def kills(computer):
    chance = random.Random(10)
    for _ in range(10):
        victims = chance.choice([UNIT, "pomod.service", f"{UNIT} pomod.service"])
        computer.machine.root(f"systemctl reset-failed {UNIT}; systemctl kill -s KILL {victims}; sleep {chance.random() * 0.2:.3f}")
        assert computer.is_blocked(), f"after a kill of {victims}"
    computer.machine.root(f"systemctl reset-failed {UNIT}; systemctl start {UNIT} pomod.service").ok()


def restarts(computer):
    computer.machine.root(f"systemctl restart {UNIT} pomod.service").ok()


def edits(computer):
    computer.machine.pomoctl("alice", "focus", "profile", "set", "deep", "sites.block=other.example", "sites.except=reddit.com").ok()
    computer.machine.pomoctl("alice", "schedule", "edit", "desk", "Hours=03:00-04:00", "Lock=none").ok()


def removal(computer):
    computer.machine.pomoctl("alice", "schedule", "remove", "desk").ok()
    computer.machine.pomoctl("alice", "focus", "profile", "remove", "deep").ok()
    computer.machine.pomoctl("alice", "focus", "names", "remove", "mine").ok()


def revoke(computer):
    """Root does not answer for alice any more."""
    computer.machine.root("rm /etc/pomod/pomod.conf && systemctl reload pomod.service").ok()


def root_s_conf(computer):
    """An edit of a file is no way around a lock."""
    computer.machine.root("mkdir -p /etc/pomod/plugins && printf '[Settings]\\nHosts=no\\nChromium=no\\n' >/etc/pomod/plugins/sites.conf").ok()
    computer.machine.until("pomoctl --user=alice plugin list --json | grep '\"sites\"' | grep -q 'waits for the end'")


def deletes(computer):
    """What is hers, and what is not."""
    done = computer.machine.user("alice", f"rm -rf $HOME/* $HOME/.[!.]*; rm -f /etc/hosts /etc/{OWN}; echo >/etc/hosts; "
                                 "rm -rf /var/lib/pomod /var/lib/pomod-plugins/sites; pkill -KILL pomod; true")
    assert "Permission denied" in done.err


def off(computer):
    refused = computer.machine.pomoctl("alice", "focus", "off", "--reason", "enough")
    assert refused.rc != 0, refused


DEEDS = [off, clock_back, clock_forward, kills, edits, restarts, removal, revoke, root_s_conf, deletes, kills]


def test_an_office_day(make_computer):
    """By a rule that was written the day before, on a computer that was off meanwhile."""
    computer = make_computer()
    machine = computer.machine
    yesterday = datetime.datetime.now(datetime.timezone.utc).replace(hour=18, minute=0, second=0, microsecond=0)
    computer.boot(yesterday)
    machine.root("cat >/etc/systemd/system/sees.service && systemctl enable sees.service", stdin=SEES).ok()
    write_rules(machine, yesterday + datetime.timedelta(days=1))
    before = computer.etc()
    assert OWN not in before and machine.pomoctl("alice", "focus", "--json").ok() == ""
    machine.power_cut()

    computer.boot(yesterday + datetime.timedelta(hours=16))
    assert "255.255.255.255" in machine.root("cat /var/lib/pomod-world/seen").ok()
    assert "reddit.com" in machine.root("cat /var/lib/pomod-world/policy").ok()
    assert computer.is_blocked()
    assert computer.claim()["lock"] == "admin" and computer.claim()["state"] == "in-force"
    machine.root("cat >>/etc/hosts", stdin=FOREIGN).ok()
    id_before = computer.claim()["id"]
    for deed in DEEDS:
        deed(computer)
        computer.wait_blocked()
        claim = computer.claim()
        assert (claim["id"], claim["state"], claim["lock"]) == (id_before, "in-force", "admin"), deed.__name__

    machine.power_cut()
    computer.boot(yesterday + datetime.timedelta(hours=20))
    assert computer.is_blocked()
    assert computer.claim()["id"] == id_before

    machine.pomoctl("root", "--user=alice", "focus", "off", "--reason", "shown").ok()
    machine.until(f"! grep -q reddit.com /etc/hosts && ! [ -e /etc/{OWN} ]")
    after = computer.etc()
    assert after["hosts"][4] == before["hosts"][4] + FOREIGN.encode()
    after = {path: facts for path, facts in after.items() if not path.startswith("pomod/plugins")}
    stays({path: facts for path, facts in before.items() if path not in ("pomod/pomod.conf", "systemd/system/pomod.service.d/clock.conf")},
          {path: facts for path, facts in after.items() if path != "systemd/system/pomod.service.d/clock.conf"})


def test_an_office_day_ends(make_computer):
    """By the clock that runs on, to what was before."""
    computer = make_computer()
    machine = computer.machine
    morning = datetime.datetime.now(datetime.timezone.utc).replace(hour=8, minute=59, second=0, microsecond=0)
    computer.boot(morning)
    write_rules(machine, morning)
    before = computer.etc()
    computer.clock("advance 120000000")
    computer.wait_blocked()
    computer.clock(f"advance {8 * 3600 * 1_000_000}")
    machine.until(f"! grep -q reddit.com /etc/hosts && ! [ -e /etc/{OWN} ]")
    after = computer.etc()
    assert after["hosts"][4] == before["hosts"][4]
    stays(before, after)


# ---- consent ----

def test_root_grants(make_computer):
    """Without a word of an administrator the names of a user are nobody else's; with it they are blocked."""
    computer = make_computer(consent="")
    machine = computer.machine
    computer.boot(datetime.datetime.now(datetime.timezone.utc))
    write_rules(machine, datetime.datetime.now(datetime.timezone.utc))
    before = computer.etc()
    machine.pomoctl("alice", "focus", "on", "deep", "1h").ok()
    machine.until("pomoctl --user=alice focus | grep -q 'focus profile grant deep'")
    assert computer.etc() == before
    machine.pomoctl("root", "--user=alice", "focus", "off", "--reason", "shown").ok()
    machine.pomoctl("root", "--user=alice", "focus", "profile", "grant", "deep").ok()
    machine.pomoctl("alice", "focus", "on", "deep", "1h").ok()
    computer.wait_blocked()


# ---- put away by root ----

def test_released_by_hand(make_computer):
    """Nothing is left, whoever's lock it had, and it is on record."""
    computer = make_computer()
    machine = computer.machine
    computer.boot(datetime.datetime.now(datetime.timezone.utc))
    write_rules(machine, datetime.datetime.now(datetime.timezone.utc))
    before = computer.etc()
    machine.pomoctl("alice", "focus", "on", "deep", "1h", "--lock", "admin").ok()
    computer.wait_blocked()
    machine.root(f"systemctl disable --now {UNIT}").ok()
    assert computer.is_blocked(), "a host that is disabled lifts nothing"
    done = machine.root("$(find /usr -name pomod-plugin-host -type f) --release sites")
    assert done.rc == 0 and "on record" in done.out, done
    after = computer.etc()
    assert after["hosts"][4] == before["hosts"][4]
    link = f"systemd/system/multi-user.target.wants/{UNIT}"
    assert link in before and link not in after
    stays({path: facts for path, facts in before.items() if path != link}, after)
    assert machine.root("cd /var/lib/pomod-plugins/sites && find . -path './saved/*'").out == ""
    said = machine.pomoctl("alice", "focus").ok() + machine.pomoctl("alice", "focus", "today").ok()
    assert said.count("released by hand") == 2, said
    assert computer.claim()["state"] == "in-force"
    machine.until(f"[ $(systemctl show -P ActiveState {RELEASE}) = inactive ]")
    assert computer.etc()["hosts"] == after["hosts"]
