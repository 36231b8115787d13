# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The rows of the table: each function takes its figures and yields them. docs/BENCH.md says how to read them."""

import contextlib
import functools
import re
import subprocess
import time

import floods
import harness
import plugins
import schedules
import sites
from figures import Figure
from harness import BARE_NAME, ECHO_NAME, NAME, Bus, Service, median


def instructions_per_call(bench, service_on, name, prepare=None):
    """What a GetAll costs in the service alone: a run with 1,100 calls less one with 100, by 1,000."""
    totals = []
    for calls in (100, 1100):
        with service_on(callgrind=True) as (bus, service):
            if prepare:
                prepare(bus)
            bench.load(bus, name, 1, calls)
        totals.append(service.instructions)
    return (totals[1] - totals[0]) / 1000


def getall(bench):
    value = instructions_per_call(bench, bench.pomod_on, NAME, harness.work_on_something)
    floor = instructions_per_call(bench, bench.echo_on, ECHO_NAME)
    yield Figure("getall", "instructions of a GetAll of Timer", value, "", floor, most_ratio=1.15)


def throughput(bench):
    """Calls a second of 50 clients at once."""
    clients, calls = 50, 50 if bench.quick else 200
    rates = {NAME: [], ECHO_NAME: []}
    ratios = []
    with bench.pomod_on() as (bus, _), bench.echo_on() as (echo_bus, _):
        harness.work_on_something(bus)
        for name, at in ((NAME, bus), (ECHO_NAME, echo_bus)):
            bench.load(at, name, clients, 10)
        for _ in range(bench.pairs):
            for name, at in ((NAME, bus), (ECHO_NAME, echo_bus)):
                rates[name].append(clients * calls / bench.load(at, name, clients, calls))
            ratios.append(rates[NAME][-1] / rates[ECHO_NAME][-1])
    # The ratio of the medians would mix pairs that a busy moment fell into with those that it did not.
    value = median(rates[NAME])
    yield Figure("throughput", "GetAll a second, 50 clients", value, "/s", value / median(ratios), least_ratio=0.8)


def prepare_idle(bus):
    del bus


def prepare_paused(bus):
    bus.set("pause", "yes")
    harness.work_on_something(bus)
    bus.timer("Pause")


def idle(bench):
    """Nothing happens: nothing wakes up and nothing is said, watched by a subscriber."""
    window = 10 if bench.quick else 60
    cases = [("idle", prepare_idle), ("paused", prepare_paused), ("in a pomodoro", harness.work_on_something)]
    with contextlib.ExitStack() as stack:
        watched = []
        for title, prepare in cases:
            bus, service = stack.enter_context(bench.pomod_on())
            prepare(bus)
            subscriber = harness.Observer(bench, bus, stack)
            monitor = harness.Observer(bench, bus, stack, monitor=True)
            watched.append((title, service, subscriber, monitor))
        bare_bus = Bus(bench, stack)
        bare = stack.enter_context(Service(
            bare_bus, BARE_NAME, [bench.probe("bare-program"), bare_bus.address, BARE_NAME, bench.scratch("db")]))
        time.sleep(1)  # what their start still owes
        pids = [service.pid for _, service, _, _ in watched] + [bare.pid]
        before = [harness.wakeups(pid) for pid in pids]
        said = [(len(s.lines), len(m.lines)) for _, _, s, m in watched]
        time.sleep(window)
        counts = [harness.wakeups(pid) - was for pid, was in zip(pids, before)]
        for (title, _, subscriber, monitor), count, (was_told, was_said) in zip(watched, counts, said):
            yield Figure("idle", f"wakeups in {window} s, {title}, all threads", count, "", counts[-1], most=0)
            yield Figure("idle", f"signals to a subscriber in {window} s, {title}", len(subscriber.lines) - was_told,
                         most=0)
            yield Figure("idle", f"messages on the bus in {window} s, {title}", len(monitor.lines) - was_said, most=0)


def memory(bench):
    calls = 10000 if bench.quick else 100000
    with contextlib.ExitStack() as stack:
        bus, service = stack.enter_context(bench.pomod_on(bench.store(1000)))
        bare_bus = Bus(bench, stack)
        bare = stack.enter_context(Service(
            bare_bus, BARE_NAME, [bench.probe("bare-program"), bare_bus.address, BARE_NAME, bench.scratch("db")]))
        # As it stands after an ordinary morning: something runs, was interrupted, and the log was looked at.
        harness.work_on_something(bus)
        bus.timer("Interrupt")
        env = bench.client_environment(bus)
        for words in (["log", "today"], ["log", "week"], ["task", "list"], ["config", "list"], ["status"]):
            harness.run([bench.pomoctl, *words], env=env)
        bench.load(bus, NAME, 10, 1000)
        dirty, pss, anonymous = harness.memory_kib(service.pid)
        bare_dirty, bare_pss, _ = harness.memory_kib(bare.pid)
        bench.load(bus, NAME, 10, calls // 10)
        *_, anonymous_after = harness.memory_kib(service.pid)
        yield Figure("memory", "threads", harness.threads(service.pid), "", harness.threads(bare.pid), most=1)
        yield Figure("memory", "private dirty", dirty, "KiB", bare_dirty, most=1536)
        yield Figure("memory", "PSS", pss, "KiB", bare_pss, most=6144)
        yield Figure("memory", f"growth over {calls:,} more calls", anonymous_after - anonymous, "KiB", most=16)


def start(bench):
    """Milliseconds from exec to the name, and to the first answer; how they grow with the log."""
    many = 100000 if bench.quick else 1000000
    empty, full = bench.store(0), bench.store(many)
    took = {"new": [], "empty": [], "full": [], "echo": []}
    with contextlib.ExitStack() as stack:
        bus = Bus(bench, stack)

        def clock(name, argv):
            owned, answered = harness.run([bench.probe("start-clock"), bus.address, name, *argv],
                                          env=harness.environment(bench.folder)).split()
            return int(owned) / 1000, int(answered) / 1000

        for i in range(bench.pairs + 1):
            answers = {
                "empty": clock(NAME, bench.daemon_argv(bus, empty)),
                "full": clock(NAME, bench.daemon_argv(bus, full)),
                "echo": clock(ECHO_NAME, [bench.probe("echo-service"), bus.address, ECHO_NAME]),
                "new": clock(NAME, bench.daemon_argv(bus, bench.scratch("state"))),
            }
            if i > 0:  # the first one warms the page cache
                for key, answer in answers.items():
                    took[key].append(answer)
    middle = {key: [median(column) for column in zip(*values)] for key, values in took.items()}
    yield Figure("start", "name owned", middle["empty"][0], "ms", middle["echo"][0], most=30)
    yield Figure("start", "first answer", middle["empty"][1], "ms", middle["echo"][1], most=30)
    yield Figure("start", "first answer, no store yet", middle["new"][1], "ms", middle["echo"][1], most=30)
    ratio = median([f[1] / e[1] for f, e in zip(took["full"], took["empty"])])
    yield Figure("start", f"first answer, {many:,} intervals / none", middle["full"][1], "ms",
                 middle["full"][1] / ratio, most_ratio=1.3)


def status(bench):
    with bench.pomod_on() as (bus, _):
        harness.work_on_something(bus)
        env = bench.client_environment(bus)
        floor = harness.count_instructions(bench, [bench.probe("bare-client"), bus.address, NAME], env)
        value = harness.count_instructions(bench, [bench.pomoctl, "status"], env)
        yield Figure("status", "instructions of pomoctl status", value, "", floor, most_ratio=2)
        value = harness.count_instructions(bench, [bench.pomoctl, "status", "--json"], env)
        yield Figure("status", "instructions of pomoctl status --json", value, "", floor, most_ratio=2)


def log_instructions(bench, intervals, period):
    """What `pomoctl log PERIOD` costs in the daemon: twelve runs of it less two, by ten; and how many lines it has."""
    totals = []
    for times in (2, 12):
        with bench.pomod_on(bench.store_with_today(intervals), callgrind=True) as (bus, service):
            env = bench.client_environment(bus)
            for _ in range(times):
                out = harness.run([bench.pomoctl, "log", period, "--json"], env=env)
        totals.append(service.instructions)
    return (totals[1] - totals[0]) / 10, out.count("\n")


def log(bench):
    many = 100000 if bench.quick else 1000000
    for period in ("today", "week"):
        floor, few_lines = log_instructions(bench, 10, period)
        value, lines = log_instructions(bench, many, period)
        yield Figure("log", f"instructions of log {period}, {many:,} intervals / 10", value, "", floor, most_ratio=1.15)
        yield Figure("log", f"lines of log {period}, {many:,} intervals / 10", lines, "", few_lines)


def exporting(bench, bus):
    return subprocess.Popen([bench.pomoctl, "log", "all", "--json"], stdout=subprocess.DEVNULL,
                            env=bench.client_environment(bus))


def export_seconds(bench, bus):
    """Of `pomoctl log all --json` into nothing."""
    begin = time.monotonic()
    with exporting(bench, bus) as client:
        if client.wait() != 0:
            raise harness.BenchError(f"pomoctl log all exited with {client.returncode}")
    return time.monotonic() - begin


def peak_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"^VmHWM:\s*(\d+) kB", file.read(), re.M).group(1))


def export(bench):
    """Everything: linear, streamed, and the bell on time meanwhile."""
    few, many = (10000, 100000) if bench.quick else (100000, 1000000)
    seconds, cpu, peaks, dirty = {}, {}, {}, {}
    for intervals in (few, many):
        with bench.pomod_on(bench.store(intervals)) as (bus, service):
            before = harness.cpu_seconds(service.pid)
            seconds[intervals] = export_seconds(bench, bus)
            cpu[intervals] = harness.cpu_seconds(service.pid) - before
            peaks[intervals] = peak_kib(service.pid)
            dirty[intervals] = harness.memory_kib(service.pid)[0]
            if intervals == many:
                lateness = harness.ring_while(bench, bus, "3s", 3, functools.partial(exporting, bench, bus))
    yield Figure("export", f"log all of {many:,} intervals", seconds[many], "s", 10 * seconds[few])
    yield Figure("export", f"CPU of the daemon for it / 10 × {few:,}", cpu[many], "s", 10 * cpu[few], most_ratio=1.25)
    yield Figure("export", f"peak memory of the daemon, {many:,} / {few:,}", peaks[many], "KiB", peaks[few],
                 most_ratio=1.25)
    yield Figure("export", f"private dirty after it, {many:,} / {few:,}", dirty[many], "KiB", dirty[few], most=1536)
    yield Figure("export", "ring lateness meanwhile, worst", max(lateness) / 1000, "ms", most=20)


def ring(bench):
    times = 5 if bench.quick else 20

    def lateness(bus, name):
        return [int(line) / 1000 for line in harness.run([bench.probe("ring-clock"), bus.address, name, times]).split()]

    with bench.pomod_on() as (bus, _), bench.echo_on() as (echo_bus, _):
        harness.prepare_rings(bus, "1s")
        values, floors = lateness(bus, NAME), lateness(echo_bus, ECHO_NAME)
    yield Figure("ring", f"lateness, worst of {times}", max(values), "ms", max(floors), most=20)
    yield Figure("ring", f"lateness, median of {times}", median(values), "ms", median(floors))


def fanout(bench):
    """A change told to many: CPU of the daemon, and the time until the last one knew."""
    n, changes = (100, 3) if bench.quick else (1000, 9)

    def measure(bus, service, name):
        out = harness.run([bench.probe("subscribers"), bus.address, name, service.pid, n, changes])
        return [median([int(word) / 1000 for word in column]) for column in zip(*map(str.split, out.splitlines()))]

    with bench.pomod_on() as (bus, service), bench.echo_on() as (echo_bus, echo):
        harness.work_on_something(bus)
        cpu, took = measure(bus, service, NAME)
        echo_cpu, echo_took = measure(echo_bus, echo, ECHO_NAME)
    yield Figure("fanout", f"CPU of the daemon to tell {n:,} clients of a change", cpu, "ms", echo_cpu)
    yield Figure("fanout", f"until the last of {n:,} knew", took, "ms", echo_took)


ROWS = {
    "getall": getall,
    "throughput": throughput,
    "idle": idle,
    "memory": memory,
    "start": start,
    "status": status,
    "log": log,
    "export": export,
    "ring": ring,
    "fanout": fanout,
    **schedules.ROWS,
    **plugins.ROWS,
    **sites.ROWS,
}

# Minutes of computing that only somebody who asks for them wants.
OPTIONAL_ROWS = {**schedules.OPTIONAL_ROWS, **floods.ROWS}

# Instructions are the same on every computer and under any load; these rows may fail a build.
RATIO_ROWS = ["getall", "status", "log"]
