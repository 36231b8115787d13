# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Rows about plugin hosts: how soon a claim is so, what a host costs, and that a bad plugin costs nobody else anything."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time

import floods
import harness
from figures import Figure
from harness import NAME

USERS, CLAIMS, FIRST_UID = 100, 10, 30000

# Of bad-plugin: a p99 of so few calls says little, and the median of few pairs is still off by a third on a computer of two cores.
PAIRS = 31

# Of tests/plugins, and how they are told in a figure.
BAD = {
    "floods-reports": "a flood of reports",
    "floods-looks": "a flood of look_again()",
    "floods-claims": "a flood of claims that fail",
    "floods-log": "a flood of the log",
    "takes-memory": "all memory it can get",
    "hang-in-apply": "hangs, and is begun anew",
    "crash-in-apply": "crashes, and is begun anew",
    "nonsense": "nonsense in every string",
}


class Host:
    """A host of a plugin of tests/plugins in a session, whose world is a file; begun anew while `again`, as systemd does."""

    def __init__(self, bench, bus, stack, name, again=False):
        self.name = name
        self.folder = bench.scratch("host")
        # Root's host loads only what root alone can write.
        self.plugins = pathlib.Path(bench.build / "tests/plugins")
        self.world = self.folder / "world" / name
        for each in (self.folder, self.world.parent, self.folder / "state"):
            each.mkdir()
        self.env = {**harness.environment(self.folder), "POMOD_TEST_PLUGIN_DIR": str(self.plugins), "POMOD_TEST_STATE_DIR": str(self.folder / "state"),
                    "POMOD_TEST_WORLD": str(self.world.parent), "POMOD_BUS": bus.address}
        self.argv = [bench.build / "tests/plugins/pomod-plugin-host-test", f"--bus={bus.address}", name]
        self.again = again
        self.log = open(bench.scratch("log"), "wb")
        self.spawn()
        stack.callback(self.end)

    def spawn(self):
        self.process = subprocess.Popen([str(word) for word in self.argv], env=self.env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def keep_up(self):
        if self.again and self.process.poll() is not None:
            self.spawn()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()

    def holds(self, *names):
        with contextlib.suppress(FileNotFoundError):
            return sorted(line.split()[1] for line in self.world.read_text().splitlines()) == sorted(names)
        return not names

    def wait(self, *names):
        """Seconds on CLOCK_REALTIME at which the file that holds these was replaced."""
        until = time.monotonic() + 30
        while not self.holds(*names):
            self.keep_up()
            if time.monotonic() > until:
                raise harness.BenchError(f"{self.name} does not hold {names}")
            time.sleep(0.001)
        return self.world.stat().st_mtime


def focus(bus, method, *args):
    return bus.call(f"{NAME}.Focus", method, *args)


def add_profile(bus, profile, plugin, name):
    focus(bus, "SetProfile", "sa{sv}a{sv}", profile, "2", "Plugins", "s", plugin, f"{plugin}.hold", "s", name, "0")


def engage(bus, profile):
    """The claim's id and when it was engaged, in seconds of CLOCK_REALTIME, by the daemon's own word."""
    claim = focus(bus, "Engage", "sa{sv}", profile, "1", "for-usec", "t", "3600000000").split()[1]
    text = focus(bus, "ListClaims", "a{sv}", "0")
    words = text[text.index(f'"Id" t {claim} '):].split()
    return claim, int(words[words.index('"EngagedRealtimeUSec"') + 2]) / 1e6


def apply(bench):
    """From the edge to the return of apply(), which wrote the world to disk; and what an engaged host costs."""
    times = 20 if bench.quick else 100
    window = 10 if bench.quick else 60
    with contextlib.ExitStack() as stack:
        bus, _ = stack.enter_context(bench.pomod_on())
        add_profile(bus, "deep", "watches", "held.example")
        host = Host(bench, bus, stack, "watches")
        took = []
        for _ in range(times):
            claim, began = engage(bus, "deep")
            took.append((host.wait("held.example") - began) * 1000)
            focus(bus, "Release", "tsa{sv}", claim, "bench", "0")
            host.wait()
        took.sort()
        yield Figure("apply", f"edge to apply() returned, median of {times}", took[times // 2], "ms")
        yield Figure("apply", f"edge to apply() returned, p99 of {times}", took[times * 99 // 100], "ms", most=250)

        engage(bus, "deep")
        host.wait("held.example")
        time.sleep(2)  # what its start and its last report still owe
        dirty, pss, _ = harness.memory_kib(host.process.pid)
        yield Figure("apply", "private dirty of a host", dirty, "KiB", most=1024)
        yield Figure("apply", "PSS of a host", pss, "KiB")
        before = harness.wakeups(host.process.pid)
        time.sleep(window)
        yield Figure("apply", f"wakeups of an engaged host in {window} s, all threads", harness.wakeups(host.process.pid) - before, most=0)
        began = time.monotonic()
        host.world.unlink()
        host.wait("held.example")
        yield Figure("apply", "… and from a change of the world to its mending", (time.monotonic() - began) * 1000, "ms", most=1000)


def clock(bench, bus, times):
    return [int(line) for line in harness.run([bench.probe("call-clock"), bus.address, NAME, times]).split()]


def p99(took):
    return sorted(took)[len(took) * 99 // 100]


def in_turn(bench, bus, host, times, slices):
    """p99 of so many calls with the plugin running, and of as many with it stopped, in short turns, so that a busy moment falls into both."""
    took = {signal.SIGCONT: [], signal.SIGSTOP: []}
    for _ in range(slices):
        host.keep_up()
        for number, into in took.items():
            host.process.send_signal(number)
            into += clock(bench, bus, times // slices)
        host.process.send_signal(signal.SIGCONT)
    return [p99(each) for each in took.values()]


def bad_plugin(bench):
    """p99 of GetAll beside a plugin that misbehaves against that without one: the median of pairs."""
    times, slices = 1000, 20
    for name, told in BAD.items():
        with contextlib.ExitStack() as stack:
            bus, _ = stack.enter_context(bench.pomod_on())
            add_profile(bus, "deep", name, "held.example")
            engage(bus, "deep")
            host = Host(bench, bus, stack, name, again=True)
            host.wait("held.example")
            pairs = [in_turn(bench, bus, host, times, slices) for _ in range(bench.pairs if bench.quick else PAIRS)]
            value = harness.median([beside for beside, _ in pairs])
            ratio = harness.median([beside / without for beside, without in pairs])
            yield Figure("bad-plugin", f"p99 of {times:,} GetAll beside {told}", value, "µs", value / ratio, most_ratio=1.2)


@contextlib.contextmanager
def crowd(bench):
    """A pomod as on a computer's bus, and the uids of a hundred people with ten claims each."""
    if os.geteuid() != 0:
        raise harness.BenchError("it needs other users: run it as root")
    folder, config, path, state = bench.scratch("crowd"), bench.scratch("conf"), bench.scratch("bus"), bench.scratch("state")
    folder.mkdir()
    bench.folder.chmod(0o711)
    uids = range(FIRST_UID, FIRST_UID + USERS)
    prefix = floods.people.knowing(folder, {uid: f"crowd{uid}" for uid in uids})
    config.write_text(floods.policy.configuration("system", path, floods.policy.system_policy(
        floods.SOURCE / "dbus/org.pomod.Pomod1.conf", os.getuid())))
    with contextlib.ExitStack() as stack:
        bus = harness.Bus(bench, stack, config, prefix)
        stack.enter_context(harness.Service(bus, NAME, [bench.pomod, "--bus=system", f"--state-dir={state}"],
                                            env_more={"DBUS_SYSTEM_BUS_ADDRESS": bus.address}))
        for uid in uids:
            place = floods.path_of(uid)
            bus.call(f"{NAME}.Focus", "SetProfile", "sa{sv}a{sv}", "deep", "2", "Plugins", "s", "sites", "sites.Block", "s",
                     ";".join(f"n{i}.example" for i in range(20)), "0", path=place)
            for _ in range(CLAIMS):
                bus.call(f"{NAME}.Focus", "Engage", "sa{sv}", "deep", "1", "for-usec", "t", "3600000000", path=place)
        yield bus


def desired(bench):
    """What root's host asks for at each change: everybody's claims."""
    times = 20 if bench.quick else 100
    with crowd(bench) as bus, bench.echo_on() as (echo_bus, _):
        words = harness.run([bench.probe("desired-clock"), bus.address, NAME, "sites", times]).split()
        floor = harness.median([int(line) for line in harness.run([bench.probe("call-clock"), echo_bus.address, harness.ECHO_NAME, times]).split()])
    if set(words[1::2]) != {str(USERS * CLAIMS)}:
        raise harness.BenchError(f"Desired has {set(words[1::2])} claims")
    yield Figure("desired", f"Desired of {USERS} users with {CLAIMS} claims each", harness.median([int(word) for word in words[::2]]) / 1000, "ms",
                 floor / 1000, most=100)


ROWS = {"desired": desired, "apply": apply, "bad-plugin": bad_plugin}
