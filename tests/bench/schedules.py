# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The rows about rules: what an answer costs with a thousand of them, and how a window's edge goes by."""

import contextlib
import functools
import os
import re
import subprocess
import time

import harness
from figures import Figure
from harness import ECHO_NAME, NAME, median

RULES = 1000
INSTANT = 1780300800000000  # 2026-06-01 10:00 in Zurich, as in schedules-core
PROFILE = "[Profile deep]\nPlugins=sites\nsites.Block=example.org\n"


@functools.cache
def core_lines(bench, rules):
    """What schedules-core printed, taken once for all rows."""
    return harness.run([bench.probe("schedules-core"), rules]).splitlines()[1:]


def core_figures(bench, question):
    """(shape of the rules, what the answer was, ms with many rules, with few) of schedules-core for a question."""
    def medians(rules):
        found = (re.fullmatch(rf"(.+): {question} \((.+)\) +(\d+) +\d+", line) for line in core_lines(bench, rules))
        return {m[1]: (m[2], int(m[3]) / 1000) for m in found if m}

    many, few = medians(RULES), medians(10)
    for shape, (answer, took) in many.items():
        yield shape, answer, took, few[shape][1]


def explain(bench):
    """In core alone, with a calendar made anew each time, as after a change of the rules; then through a daemon."""
    for shape, answer, took, floor in core_figures(bench, "explain"):
        yield Figure("explain", f"{RULES:,} rules, {shape}, next change: {answer}", took, "ms", floor, most=10)
    yield from explain_calls(bench)


def explain_calls(bench):
    """As a client sees it."""
    times = 50 if bench.quick else 200

    def p50(bus, name, *instant):
        return median([int(word) / 1000 for word in
                       harness.run([bench.probe("call-clock"), bus.address, name, times, *instant]).split()])

    with bench.pomod_on() as (bus, _), bench.echo_on() as (echo_bus, _):
        bus.set("time-zone", "Europe/Zurich")
        for shape in ("mixed", "far", "none near"):
            text = harness.run([bench.probe("schedules-core"), RULES, shape])
            harness.run([bench.pomoctl, "schedule", "import", "-", "--replace"], input=text,
                        env=bench.client_environment(bus))
            yield Figure("explain", f"call on the bus, p50, {RULES:,} rules, {shape}", p50(bus, NAME, INSTANT), "ms",
                         p50(echo_bus, ECHO_NAME), most=10)


def agenda(bench):
    for shape, answer, took, floor in core_figures(bench, "agenda"):
        yield Figure("agenda", f"a year, {RULES:,} rules, {shape}, {answer}", took, "ms", floor, most=50)


def import_windows(bus, begins, every, length, times):
    """So many windows of whole seconds with a focus, from a second of UTC on."""
    def of_day(second):
        return f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"

    hours = ";".join(f"{of_day(b)}-{of_day(b + length)}" for b in range(begins, begins + every * times, every))
    bus.set("time-zone", "UTC")
    bus.call(f"{NAME}.Schedules", "Import", "sa{sv}", f"{PROFILE}[Rule soon]\nHours={hours}\nFocus=deep\n", "0")


def edge(bench):
    """Windows that begin while the daemon waits: when a subscriber is told that Desired is another one."""
    times = 5 if bench.quick else 20
    with bench.pomod_on() as (bus, _), contextlib.ExitStack() as stack:
        observer = harness.Observer(bench, bus, stack)
        begins = int(time.time()) + 3
        import_windows(bus, begins, 2, 1, times)
        time.sleep(begins + 2 * times - time.time())
        ahead = (time.clock_gettime_ns(time.CLOCK_REALTIME) - time.clock_gettime_ns(time.CLOCK_BOOTTIME)) / 1000
        told = [int(words[0]) + ahead for words in map(str.split, observer.lines) if words[3] == "DesiredChanged"]
    late = [[min((at - second * 1e6 for at in told if at >= second * 1e6), default=float("inf")) / 1000
             for second in range(begins + part, begins + 2 * times, 2)] for part in (0, 1)]
    with bench.echo_on() as (echo_bus, _):
        floors = [int(line) / 1000
                  for line in harness.run([bench.probe("ring-clock"), echo_bus.address, ECHO_NAME, 5]).split()]
    yield Figure("edge", f"from a window's begin to DesiredChanged, worst of {times}", max(late[0]), "ms", max(floors),
                 most=50)
    yield Figure("edge", "the same, median", median(late[0]), "ms", median(floors))
    yield Figure("edge", f"from its end, worst of {times}", max(late[1]), "ms", max(floors), most=50)


def wait_for_a_trusted_clock():
    """Where nobody synchronises the clock, it is taken as it is ten minutes after the boot: a wakeup of its own."""
    with open("/proc/uptime", encoding="ascii") as file:
        time.sleep(max(0, 605 - float(file.read().split()[0])))


def edge_wakeups(bench):
    """Whether anything but a window's edges wakes the daemon."""
    quiet = 5 if bench.quick else 20
    wait_for_a_trusted_clock()
    with bench.pomod_on() as (bus, service), contextlib.ExitStack() as stack:
        harness.Observer(bench, bus, stack)
        begins = int(time.time()) + quiet + 2
        import_windows(bus, begins, quiet * 2, quiet, 1)
        counts = []
        for at in (begins - quiet, begins - 0.5, begins + 0.5, begins + quiet - 0.5, begins + quiet + 0.5,
                   begins + 2 * quiet):
            time.sleep(max(0, at - time.time()))
            counts.append(harness.wakeups(service.pid))
    before, begin, within, end, after = [b - a for a, b in zip(counts, counts[1:])]
    yield Figure("edge-wakeups", f"wakeups in {quiet} s before, within and after a window", before + within + after,
                 most=0)
    yield Figure("edge-wakeups", "wakeups at its begin, with what is written to disk", begin)
    yield Figure("edge-wakeups", "wakeups at its end", end)


def rules_ring(bench):
    """Whether a bell is on time while somebody imports as many rules as there can be, and a thousand that are judged."""
    times = 5 if bench.quick else 20
    for rules, shape in ((10000, "mixed"), (1000, "mixed")):
        text = bench.scratch("rules") / f"{rules}.rules"
        text.parent.mkdir(exist_ok=True)
        text.write_text(harness.run([bench.probe("schedules-core"), rules, shape]))
        with bench.pomod_on() as (bus, _):
            late = harness.ring_while(bench, bus, "1s", times, lambda: subprocess.Popen(
                [bench.pomoctl, "schedule", "import", "--replace", text], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env=bench.client_environment(bus)))
        yield Figure("rules-ring", f"ring lateness while {rules:,} rules are imported, worst of {times}",
                     max(late) / 1000, "ms", most=20)


def rules_property(bench):
    """The property test of the calendar with many cases: one that differs ends it, with the seed to run it again."""
    cases = 5000 if bench.quick else 100000
    begin = time.monotonic()
    done = subprocess.run([bench.build / "tests/unit/core/test-calendar-properties"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env={**os.environ, "POMOD_CASES": str(cases)})
    if done.returncode != 0:
        raise harness.BenchError(f"the property test ended with {done.returncode}:\n{done.stdout}")
    yield Figure("rules-property", f"differences from the slow evaluator, {cases:,} rule sets", 0, most=0)
    yield Figure("rules-property", "time for them", time.monotonic() - begin, "s")


ROWS = {
    "explain": explain,
    "agenda": agenda,
    "edge": edge,
    "edge-wakeups": edge_wakeups,
    "rules-ring": rules_ring,
}

OPTIONAL_ROWS = {"rules-property": rules_property}
