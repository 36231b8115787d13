# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""What every figure needs: a private bus, services on it, and ways to count what they do.

Nothing here links GLib or opens a connection of its own: a bench that maps the libraries of the daemon would
share their pages and flatter its PSS. Calls are made by busctl.
"""

import contextlib
import os
import pathlib
import re
import resource
import signal
import statistics
import subprocess
import tempfile
import threading
import time

NAME = "org.pomod.Pomod1"
ECHO_NAME = "org.pomod.Bench.Echo"
BARE_NAME = "org.pomod.Bench.Bare"
ROOT_PATH = "/org/pomod/Pomod1"
USER_PATH = f"{ROOT_PATH}/user/_{os.getuid()}"
HERE = pathlib.Path(__file__).resolve().parent


class BenchError(Exception):
    """A figure could not be taken; the sentence says which program failed and how."""


def run(argv, **options):
    """A short program's standard output; what it said on standard error if it fails."""
    done = subprocess.run([str(a) for a in argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        raise BenchError(f"{pathlib.Path(str(argv[0])).name} exited with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def environment(folder):
    """The caller's, without what could point at a real daemon or a real user's state."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DBUS_", "POMOD_", "XDG_", "NOTIFY_", "WATCHDOG_"))}
    env["HOME"] = str(folder)
    return env


class Bus:
    """A private dbus-daemon with the session policy, or another configuration; ends with the context."""

    def __init__(self, bench, stack, config=HERE / "session.conf", prefix=()):
        self.bench = bench
        self.prefix = prefix  # begins the command of the bus and of the services on it
        self.process = subprocess.Popen(
            [*prefix, "dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(bench.folder))
        stack.callback(end, self.process)
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            raise BenchError("dbus-daemon gave no address")

    def wait_for(self, name):
        run(["gdbus", "wait", "--address", self.address, "--timeout", "30", name])

    def call(self, interface, method, *args, path=USER_PATH, name=NAME):
        return run(["busctl", f"--address={self.address}", "call", name, path, interface, method, *args])

    def timer(self, method, *args):
        return self.call(f"{NAME}.Timer", method, *(args or ("a{sv}", "0")))

    def set(self, setting, value):
        self.call(f"{NAME}.Settings", "Set", "sva{sv}", setting, "s", value, "0")


def end(process):
    """SIGTERM, and the exit status; a service that does not end is killed, which fails the run."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        status = process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise BenchError(f"{process.args[0]} did not end on SIGTERM") from None
    if process.stdout:
        process.stdout.close()
    return status


class Service:
    """A program that owns a name on the bus, perhaps under callgrind; `instructions` is what it ran in all."""

    def __init__(self, bus, name, argv, callgrind=False, env_more=None):
        self.out = None
        env = {**environment(bus.bench.folder), **(env_more or {})}
        if callgrind:
            self.out = bus.bench.scratch("callgrind")
            argv = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.out}", *argv]
        self.log = open(bus.bench.scratch("log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([str(a) for a in (*bus.prefix, *argv)], env=env, stderr=self.log, stdout=self.log)
        self.pid = self.process.pid
        try:
            bus.wait_for(name)
        except BenchError as error:
            self.end()
            raise BenchError(f"{name} did not come up: {error}\n{self.log_text()}") from None

    def log_text(self):
        self.log.seek(0)
        return self.log.read()

    def end(self):
        status = end(self.process)
        if status not in (0, -signal.SIGTERM):
            raise BenchError(f"{self.process.args} exited with {status}:\n{self.log_text()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def instructions(self):
        return callgrind_total(self.out)


class Observer:
    """A subscribed connection, or a monitor of the whole bus, and the lines that it printed."""

    def __init__(self, bench, bus, stack, monitor=False):
        argv = [bench.probe("observer"), bus.address, NAME, *(["--monitor"] if monitor else [])]
        self.process = subprocess.Popen([str(a) for a in argv], stdout=subprocess.PIPE, text=True)
        stack.callback(end, self.process)
        self.lines = []
        assert self.process.stdout.readline() == "ready\n", "the observer saw nothing"
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        with contextlib.suppress(ValueError):
            self.lines.extend(iter(self.process.stdout.readline, ""))


def callgrind_total(path):
    """Instructions of a whole run, summed over the parts of the file."""
    text = pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
    totals = re.findall(r"^(?:summary|totals): (\d+)", text, re.M)
    if not totals:
        raise BenchError(f"callgrind left no total in {path}")
    return int(totals[-1])


def count_instructions(bench, argv, env):
    """Of a short program, from its first instruction to its last, the dynamic linker's included."""
    out = bench.scratch("callgrind")
    run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *argv], env=env)
    return callgrind_total(out)


# ---- what /proc says ----

def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def wakeups(pid):
    """How often any thread went to sleep by itself, which is how often it had been woken."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        status = pathlib.Path(f"/proc/{pid}/task/{task}/status").read_text(encoding="ascii")
        total += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.M).group(1))
    return total


def cpu_seconds(pid):
    """On a CPU so far: in nanoseconds at the source, where utime and stime have the grain of a tick."""
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def memory_kib(pid):
    """(private dirty, PSS, anonymous); the last leaves out the files whose pages the kernel writes back when it likes"""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return tuple(int(re.search(rf"^{key}:\s*(\d+) kB", text, re.M).group(1)) for key in ("Private_Dirty", "Pss", "Anonymous"))


class Bench:
    """The programs, a scratch folder that goes when it ends, and how thorough to be."""

    def __init__(self, build, quick, stack, slack=1):
        self.build = pathlib.Path(build).resolve()
        self.quick = quick
        self.slack = slack
        self.stack = stack
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pomod-bench-")))
        self.stores = {}
        self.with_today = set()
        self.n_scratch = 0
        self.pairs = 3 if quick else 9
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)  # a bus with a thousand connections needs them
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def scratch(self, kind):
        self.n_scratch += 1
        return self.folder / f"{kind}.{self.n_scratch}"

    def probe(self, name):
        return self.build / "tests/bench" / name

    @property
    def pomod(self):
        return self.build / "daemon/pomod"

    @property
    def pomoctl(self):
        return self.build / "clients/pomoctl/pomoctl"

    def store(self, intervals):
        """A state folder with so many intervals that end about now, made once a run."""
        if intervals not in self.stores:
            folder = self.folder / f"store-{intervals}"
            run([self.build / "tests/data/seed-store", folder, intervals])
            self.stores[intervals] = folder
        return self.stores[intervals]

    def store_with_today(self, intervals):
        """The same with ten short stretches of today: what `log today` finds is the same however long the log is."""
        folder = self.store(intervals)
        if folder not in self.with_today:
            self.with_today.add(folder)
            with self.pomod_on(folder) as (bus, _):
                for _ in range(10):
                    bus.timer("Start", "sa{sv}", "freeform", "1", "task", "s", "the bench")
                    bus.timer("Stop")
        return folder

    def client_environment(self, bus):
        return {**environment(self.folder), "POMOD_BUS": bus.address}

    def daemon_argv(self, bus, state):
        return [self.pomod, f"--bus={bus.address}", f"--state-dir={state}"]

    @contextlib.contextmanager
    def pomod_on(self, state=None, callgrind=False):
        """(bus, service): a pomod with a bus of its own; without a folder, on a new one."""
        with contextlib.ExitStack() as stack:
            bus = Bus(self, stack)
            argv = self.daemon_argv(bus, state or self.scratch("state"))
            yield bus, stack.enter_context(Service(bus, NAME, argv, callgrind))

    @contextlib.contextmanager
    def echo_on(self, callgrind=False):
        with contextlib.ExitStack() as stack:
            bus = Bus(self, stack)
            argv = [self.probe("echo-service"), bus.address, ECHO_NAME]
            yield bus, stack.enter_context(Service(bus, ECHO_NAME, argv, callgrind))

    def load(self, bus, name, clients, calls):
        """Seconds that so many clients needed for so many GetAll each."""
        return float(run([self.probe("load-client"), bus.address, name, clients, calls]))


def prepare_rings(bus, length):
    bus.set("pomodoro", length)
    bus.set("auto-start-break", "no")


def ring_while(bench, bus, length, times, begin_work):
    """How late so many bells are, in microseconds, while one process after the other that begin_work starts is at work."""
    prepare_rings(bus, length)
    with subprocess.Popen([bench.probe("ring-clock"), bus.address, NAME, str(times)], stdout=subprocess.PIPE,
                          text=True) as clock:
        while clock.poll() is None:
            with begin_work() as client:
                while clock.poll() is None and client.poll() is None:
                    time.sleep(0.01)
                client.terminate()
        if clock.returncode != 0:
            raise BenchError("ring-clock failed")
        return [int(line) for line in clock.stdout]


def work_on_something(bus):
    """The state that most reads meet: a pomodoro with a task."""
    bus.timer("Start", "sa{sv}", "pomodoro", "1", "task", "s", "the bench")


def median(values):
    return statistics.median(values)
