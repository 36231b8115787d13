# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The row about the plugin of sites: how soon names are blocked, what every lookup pays for it, and what its host costs."""

import contextlib
import os
import subprocess
import time

import harness
from figures import Figure
from plugins import engage, focus

CHROME = "opt/chrome/policies/managed"
FILES = {"Hosts": "hosts", "Chromium": f"{CHROME}/~pomod.json"}  # of each backend, below /etc, by its setting of root's
MANY = 20000

# Of a name that is in no line, so that all of them are read.
LOOK_UP = """
import socket, sys, time
took = []
for _ in range(int(sys.argv[1])):
    begin = time.perf_counter()
    try:
        socket.getaddrinfo("nobody.example", 80, type=socket.SOCK_STREAM)
    except socket.gaierror:
        pass
    took.append(time.perf_counter() - begin)
print(sorted(took)[len(took) // 2] * 1000)
"""


class Host:
    """A host of sites that sees an /etc of its own, on a computer with Chrome."""

    def __init__(self, bench, bus, stack):
        if os.geteuid() != 0:
            raise harness.BenchError("it needs an /etc of its own: run it as root")
        self.folder = bench.scratch("sites")
        self.etc = self.folder / "etc"
        for each in ("etc", "state", "conf"):
            (self.folder / each).mkdir(parents=True)
        (self.etc / "hosts").write_text("127.0.0.1 localhost\n")
        (self.etc / "nsswitch.conf").write_text("hosts: files\n")
        env = {**harness.environment(self.folder), "POMOD_TEST_PLUGIN_DIR": str(bench.build / "plugins/modules"),
               "POMOD_TEST_STATE_DIR": str(self.folder / "state"), "POMOD_TEST_CONF_DIR": str(self.folder / "conf"), "POMOD_BUS": bus.address}
        script = ('mount --bind "$1" /etc; mount -t tmpfs tmpfs /opt; mkdir -p /opt/google/chrome; cp /bin/true /opt/google/chrome/chrome; '
                  'shift; exec "$@"')
        self.log = stack.enter_context(open(bench.scratch("log"), "wb"))
        self.process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-ec", script, "sh", self.etc, bench.build / "tests/plugins/pomod-plugin-host-test",
             f"--bus={bus.address}", "sites"], env=env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        stack.callback(harness.end, self.process)

    def set(self, **settings):
        new = self.folder / "conf/new"
        new.write_text("[Settings]\n" + "".join(f"{key}={value}\n" for key, value in settings.items()))
        new.rename(self.folder / "conf/sites.conf")

    def holds(self, file, name):
        with contextlib.suppress(FileNotFoundError):
            return name.encode() in (self.etc / file).read_bytes()
        return False

    def wait(self, file, name, so=True):
        """When that was first seen, in seconds of CLOCK_REALTIME: a millisecond late at most."""
        until = time.monotonic() + 60
        while self.holds(file, name) != so:
            if time.monotonic() > until or self.process.poll() is not None:
                raise harness.BenchError(f"{file} does not {'hold' if so else 'leave'} {name}")
            time.sleep(0.001)
        return time.time()

    def look_up(self, times):
        """The median of so many, in milliseconds, with that /etc."""
        return float(harness.run(["nsenter", f"--target={self.process.pid}", "--mount", "/usr/bin/python3", "-c", LOOK_UP, times]))


def release(bus, claim):
    focus(bus, "Release", "tsa{sv}", claim, "bench", "0")


def add_list(bench, bus, host, name, n):
    """A list of so many names, none of which gets a prefix, and a profile that blocks it and nothing else."""
    path = host.folder / name
    path.write_text("".join(f"www.n{number}.example\n" for number in range(n)))
    harness.run([bench.pomoctl, "focus", "names", "set", name, path], env=bench.client_environment(bus))
    add_profile(bus, name, f"@{name}")


def taken(bench, bus, host, times):
    """As lists are on the web: each name five times and more. By pomoctl, from its start to its end."""
    path = host.folder / "web"
    path.write_text("".join(f"0.0.0.0 n{number % 18000}.example.org\n" for number in range(100_000)))
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        harness.run([bench.pomoctl, "focus", "names", "set", "web", path], env=bench.client_environment(bus))
        took.append((time.perf_counter() - begin) * 1000)
    yield Figure("sites", f"a list of 18,000 names in 100,000 lines is taken, worst of {times}", max(took), "ms", most=1000)


def add_profile(bus, profile, block):
    focus(bus, "SetProfile", "sa{sv}a{sv}", profile, "2", "Plugins", "s", "sites", "sites.block", "s", block, "0")


def edges(bus, host, times):
    """Each backend alone: from the daemon's word that a claim is engaged to the file that others read."""
    for key, file in FILES.items():
        host.set(**{other: "no" for other in FILES if other != key})
        took = []
        for _ in range(times):
            claim, began = engage(bus, "one")
            took.append((host.wait(file, "held.example") - began) * 1000)
            release(bus, claim)
            host.wait(file, "held.example", False)
        took.sort()
        yield Figure("sites", f"edge to in force, {key.lower()}, median of {times}", took[times // 2], "ms")
        yield Figure("sites", f"edge to in force, {key.lower()}, p99 of {times}", took[times * 99 // 100], "ms", most=500)


def lookups(bus, host, times):
    """In turns, so that a busy moment falls into all of them."""
    took = {0: [], 1000: [], MANY: []}
    for _ in range(5):
        for n, into in took.items():
            claim = engage(bus, f"n{n}")[0] if n else None
            if n:
                host.wait("hosts", f"www.n{n - 1}.example")
            into.append(host.look_up(times))
            if n:
                release(bus, claim)
                host.wait("hosts", f"www.n{n - 1}.example", False)
    floor = harness.median(took[0])
    for n, each in took.items():
        yield Figure("sites", f"a lookup that reads all of /etc/hosts, {n:,} names", harness.median(each), "ms", floor if n else None)


def engaged(bus, host, window):
    """Signals would be wakeups: nothing is asked of it meanwhile."""
    claim, began = engage(bus, f"n{MANY}")
    last = f"www.n{MANY - 1}.example"
    yield Figure("sites", f"edge to in force, both, {MANY:,} names", (host.wait("hosts", last) - began) * 1000, "ms", most=5000)
    time.sleep(5)  # what its start and its last report still owe
    dirty, pss, _ = harness.memory_kib(host.process.pid)
    yield Figure("sites", f"private dirty of the host, {MANY:,} names", dirty, "KiB", most=16384)
    yield Figure("sites", f"PSS of the host, {MANY:,} names", pss, "KiB")
    before = harness.wakeups(host.process.pid)
    time.sleep(window)
    yield Figure("sites", f"wakeups of the engaged host in {window} s, all threads", harness.wakeups(host.process.pid) - before, most=0)
    release(bus, claim)
    host.wait("hosts", last, False)


def sites(bench):
    with contextlib.ExitStack() as stack:
        bus, _ = stack.enter_context(bench.pomod_on())
        host = Host(bench, bus, stack)
        add_profile(bus, "one", "held.example")
        for n in (1000, MANY):
            add_list(bench, bus, host, f"n{n}", n)
        yield from taken(bench, bus, host, 3 if bench.quick else 10)
        yield from edges(bus, host, 20 if bench.quick else 100)
        host.set()
        yield from lookups(bus, host, 50 if bench.quick else 200)
        yield from engaged(bus, host, 10 if bench.quick else 60)


ROWS = {"sites": sites}
