# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Mallory floods the daemon in one run and the echo service in the next, and what is measured is alice's day: on a bus with the policy and
the limits of a computer's own, with the same calls at the same pace. Needs root, to be the two of them.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess

import harness
from figures import Figure
from harness import NAME, ROOT_PATH, BenchError

SOURCE = harness.HERE.parents[1]
KINDS = ("getall", "introspect", "connect", "unread", "quiet-reads", "quiet-writes", "refused", "start-stop", "tasks", "import",
         "export", "backup")
CONNECTIONS = (1, 16, 64)
RULES = 1000
RATIO, LATER_MS = 2, 20
NO_BELL_MS = 30000  # how long one is waited for


def load(name):
    """Of the integration tests: who the people are, and what the bus lets them do."""
    spec = importlib.util.spec_from_file_location(name, SOURCE / f"tests/integration/harness/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


people, policy = load("people"), load("policy")


def being(uid, *argv):
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *map(str, argv)]


def path_of(uid):
    return f"{ROOT_PATH}/user/_{uid}"


class Place:
    """What all runs share: programs and files that everybody may read, and a configuration of the bus."""

    def __init__(self, bench):
        if os.geteuid() != 0:
            raise BenchError("it needs other users: run it as root")
        self.bench = bench
        self.folder = bench.scratch("floods")
        self.folder.mkdir()
        for folder in (bench.folder, self.folder):
            folder.chmod(0o711)
        # The checkout may lie in somebody's home, which others may not pass through.
        for name in ("flood-client", "bystander", "ring-clock"):
            shutil.copy(bench.probe(name), self.folder / name)
        self.rules = self.folder / "rules"
        self.rules.write_text(harness.run([bench.probe("schedules-core"), RULES, "mixed"]))
        self.rules.chmod(0o644)
        self.prefix = people.knowing(self.folder)

    @contextlib.contextmanager
    def bus(self):
        config, path = self.bench.scratch("conf"), self.bench.scratch("bus")
        config.write_text(policy.configuration("system", path, policy.system_policy(
            SOURCE / "dbus/org.pomod.Pomod1.conf", os.getuid())))
        with contextlib.ExitStack() as stack:
            yield harness.Bus(self.bench, stack, config, self.prefix)

    @contextlib.contextmanager
    def pomod(self):
        """It has a log of mallory's, and alice's pomodoros are short."""
        state = self.bench.scratch("state")
        harness.run([self.bench.build / "tests/data/seed-store", state / str(people.MALLORY), 1000])
        argv = [self.bench.pomod, "--bus=system", f"--state-dir={state}"]
        with self.bus() as bus, harness.Service(bus, NAME, argv, env_more={"DBUS_SYSTEM_BUS_ADDRESS": bus.address}):
            for setting, value in (("pomodoro", "1s"), ("auto-start-break", "no")):
                bus.call(f"{NAME}.Settings", "Set", "sva{sv}", setting, "s", value, "0", path=path_of(people.ALICE))
            yield bus

    @contextlib.contextmanager
    def echo(self, introspection):
        # It has the name that everybody may call by the policy.
        with self.bus() as bus, harness.Service(bus, NAME, [self.bench.probe("echo-service"), bus.address, NAME, introspection]):
            yield bus

    def measure(self, bus, kind, connections):
        """Milliseconds of alice: p50 and p99 of GetAll, the same of connect + GetAll, the latest bell."""
        rings = 1 if self.bench.quick else 2
        flood = subprocess.Popen(being(people.MALLORY, self.folder / "flood-client", bus.address, NAME, kind, connections, self.rules),
                                 stdout=subprocess.PIPE, text=True)
        try:
            if flood.stdout.readline() != "ready\n":
                raise BenchError(f"the flood of {kind} did not begin")
            clock = subprocess.Popen(being(people.ALICE, self.folder / "ring-clock", bus.address, NAME, rings),
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            took = harness.run(being(people.ALICE, self.folder / "bystander", bus.address, NAME, 1000 * rings)).split()
            late, _ = clock.communicate(timeout=60)
            if flood.poll() is not None:
                raise BenchError(f"the flood of {kind} over {connections} connections ended by itself")
        finally:
            harness.end(flood)
        *quantiles, _n = [int(word) / 1000 for word in took]
        latest = max(int(line) for line in late.split()) / 1000 if clock.returncode == 0 else NO_BELL_MS
        return [*quantiles, min(latest, NO_BELL_MS)]


NAMES = ("GetAll, p50", "GetAll, p99", "connect + GetAll, p50", "connect + GetAll, p99")


def floods(bench):
    place = Place(bench)
    with place.pomod() as bus:
        introspection = len(bus.call("org.freedesktop.DBus.Introspectable", "Introspect", path=path_of(people.MALLORY)))
    for kind in KINDS:
        for connections in CONNECTIONS[1:2] if bench.quick else CONNECTIONS:
            yield from figures_of(place, kind, connections, introspection)


def figures_of(place, kind, connections, introspection):
    """In turn, so that a busy moment falls into both."""
    title = f"{kind} × {connections}"
    with place.pomod() as bus, place.echo(introspection) as echo_bus:
        pairs = [(place.measure(bus, kind, connections), place.measure(echo_bus, kind, connections))
                 for _ in range(1 if place.bench.quick else 3)]
    for i, name in enumerate(NAMES):
        value = harness.median([values[i] for values, _ in pairs])
        yield Figure("floods", f"{title}: {name}", value, "ms", value / harness.median([values[i] / floors[i] for values, floors in pairs]),
                     most_ratio=RATIO * place.bench.slack)
    bell, floor = (max(numbers[-1] for numbers in side) for side in zip(*pairs))
    yield Figure("floods", f"{title}: the latest bell", bell, "ms", floor, most=floor + LATER_MS * place.bench.slack)


ROWS = {"floods": floods}
