# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
The fixtures of the integration tests: private buses, a daemon on one of them, clients of two D-Bus implementations.
Nothing of the person who runs the tests is touched: HOME and every XDG folder are the test's own.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

import gi

gi.require_version("Gio", "2.0")
import pytest  # noqa: E402

from harness import bus as buses  # noqa: E402
from harness import people  # noqa: E402
from harness.client import NAME, Client  # noqa: E402
from harness.daemon import ClockDaemon, Daemon, start_clock  # noqa: E402
from harness.loop import repeat_until  # noqa: E402
from harness.plugins import PluginHost  # noqa: E402
from harness.recorder import Recorder  # noqa: E402
from harness.sites import Sites, SitesHost, enter, make_etc  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = {
    "pomod": "daemon/pomod",
    "pomod-test-clock": "tests/clock/pomod-test-clock",
    "pomoctl": "clients/pomoctl/pomoctl",
    "pomoctl-ics": "clients/ics/pomoctl-ics",
    "pomobar": "clients/pomobar/pomobar",
    "pomod-plugin-host": "plugins/host/pomod-plugin-host",
    "pomod-plugin-host-test": "tests/plugins/pomod-plugin-host-test",
    "pomod-plugin-host-grown": "tests/plugins/pomod-plugin-host-grown",
    "flood-client": "tests/bench/flood-client",
}
# What a program looks for beside itself.
HELPERS = {"pomoctl": ("pomoctl-ics",)}
# What a sanitizer or a tool around the programs is told; nothing else of our environment reaches them.
INHERITED = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "GCOV_PREFIX", "GCOV_PREFIX_STRIP")


# ---- how the run is held together ----

def pytest_configure(config):
    config.addinivalue_line("markers", "root: needs other uids, so it runs as root only")
    folder = os.environ.get("POMOD_BUILD_DIR")
    if not folder:
        pytest.exit("POMOD_BUILD_DIR is not set: it names the build to test, as in `meson test --suite integration`", 4)
    missing = [path for path in PROGRAMS.values() if not (pathlib.Path(folder) / path).exists()]
    if missing:
        pytest.exit(f"POMOD_BUILD_DIR={folder} has no {', '.join(missing)}: build it first with ninja", 4)
    if shutil.which("dbus-daemon") is None:
        pytest.exit("dbus-daemon is not installed: script/bootstrap test installs it", 4)


def pytest_collection_modifyitems(config, items):
    if os.geteuid() == 0:
        return
    # A host of the whole computer asks for what all users want, and loads what is root's.
    away = [item for item in items if item.get_closest_marker("root") or "make_sites" in item.fixturenames]
    if away and os.environ.get("CI") == "true":
        pytest.exit("CI=true runs everything, and these need root: " + ", ".join(item.name for item in away), 4)
    items[:] = [item for item in items if item not in away]
    config.hook.pytest_deselected(items=away)
    for item in away:
        print(f"needs root, not run: {item.nodeid}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that was skipped did not pass."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and a skipped test is a failed one"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    # All of a file needed root, which is named above, or -k chose nothing of it: no failure.
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and (os.geteuid() != 0 or session.config.option.keyword):
        session.exitstatus = pytest.ExitCode.OK


# ---- folders and environment ----

@pytest.fixture
def build_dir():
    return pathlib.Path(os.environ["POMOD_BUILD_DIR"]).resolve()


@pytest.fixture
def folder():
    """A folder of this test's own, short enough for sockets, with passage for other uids."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="pomod-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    # A backup that was being made when its daemon was killed may still be writing into it.
    repeat_until(lambda: shutil.rmtree(path, ignore_errors=True) or not path.exists(), f"{path} to be gone")


@pytest.fixture
def program(build_dir, folder):
    """program("pomoctl"): the path of a program that was built, where every uid may run it."""
    homely = any(not parent.stat().st_mode & 0o001 for parent in (build_dir, *build_dir.parents))

    def path(name):
        if not homely or os.geteuid() != 0:
            return build_dir / PROGRAMS[name]
        # The checkout lies in somebody's home, which others may not pass through.
        for each in (name, *HELPERS.get(name, ())):
            copy = folder / "build" / PROGRAMS[each]
            if not copy.exists():
                copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
                shutil.copy(build_dir / PROGRAMS[each], copy)
        if not (folder / "build/data").exists():
            shutil.copytree(build_dir / "data", folder / "build/data")
        return folder / "build" / PROGRAMS[name]
    return path


@pytest.fixture
def env(folder):
    """The environment of every program under test."""
    home = folder / "home"
    values = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": str(home), "TZ": "UTC"}
    for name, below in (("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".local/share"),
                        ("XDG_STATE_HOME", ".local/state"), ("XDG_CACHE_HOME", ".cache"), ("XDG_RUNTIME_DIR", ".run")):
        (home / below).mkdir(parents=True)
        (home / below).chmod(0o700)
        values[name] = str(home / below)
    values.update({name: os.environ[name] for name in INHERITED if name in os.environ})
    return values


# ---- buses ----

@pytest.fixture
def bus(folder):
    """A private bus with a session's policy."""
    instance = buses.session_bus(folder / "session-bus")
    yield instance
    instance.close()


@pytest.fixture
def bus_kind():
    """Which implementation of a bus system_policy_bus is; a test names the other one with @both_buses."""
    return buses.Bus


@pytest.fixture
def system_policy_bus(folder, bus_kind):
    """A private bus with the stock policy of the system bus and the policy file that we install."""
    instance = buses.system_policy_bus(folder / "system-bus", SOURCE / "dbus/org.pomod.Pomod1.conf", os.getuid(), kind=bus_kind)
    yield instance
    instance.close()


@pytest.fixture
def activating_bus(folder, program):
    """A private bus that starts the daemon for whoever asks for it."""
    services = folder / "services"
    services.mkdir()
    (services / f"{NAME}.service").write_text(
        f"[D-BUS Service]\nName={NAME}\nExec={program('pomod')} --bus=unix:path={folder}/activation/bus "
        f"--state-dir={folder}/state\n")
    instance = buses.Bus(folder / "activation", "session", buses.SESSION_POLICY + f"<servicedir>{services}</servicedir>")
    yield instance
    instance.stop()


# ---- daemons ----

@pytest.fixture
def make_daemon(program, folder, env):
    """make_daemon(bus, …): a Daemon that is not started yet; every one of them is stopped and looked at in the end."""
    made = []

    def make(on_bus, name="pomod", kind=Daemon, place=None, env_more=None, **kwargs):
        place = folder / (place or f"daemon-{len(made)}")
        place.mkdir(exist_ok=True)
        if kwargs.get("uid") is not None:
            os.chown(place, kwargs["uid"], kwargs["uid"])
        made.append(kind(on_bus, program(name), place, {**env, **(env_more or {})}, **kwargs))
        return made[-1]

    yield make
    errors = []
    for daemon in reversed(made):
        try:
            daemon.finish()
        except (AssertionError, subprocess.TimeoutExpired) as error:
            errors.append(str(error))
    assert not errors, "\n".join(errors)


@pytest.fixture
def pomod(make_daemon, bus):
    """The daemon, running on `bus`."""
    return make_daemon(bus).start()


@pytest.fixture
def system_pomod(make_daemon, system_policy_bus):
    """The daemon as on a computer's own bus: many users, the stock policy."""
    return make_daemon(system_policy_bus, bus_argument="--bus=system",
                       env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_policy_bus.address}).start()


@pytest.fixture
def crowded_pomod(make_daemon, system_policy_bus, folder):
    """A daemon on the system bus that knows a thousand accounts more than this computer has."""
    first = 30000
    system_policy_bus.prefix = people.knowing(folder, {uid: f"crowd{uid}" for uid in range(first, first + 1000)})
    daemon = make_daemon(system_policy_bus, bus_argument="--bus=system",
                         env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_policy_bus.address})
    daemon.first_uid = first
    return daemon.start()


@pytest.fixture
def test_clock_pomod(make_daemon, bus):
    """The daemon with clocks that the test drives: .advance() .sleep() .step() .set() .get() .reboot()."""
    daemon = make_daemon(bus, name="pomod-test-clock", kind=ClockDaemon).start()
    daemon.get()
    return daemon


@pytest.fixture
def clock_begins():
    """When it begins on `clock`, in seconds: ten to ten of a Wednesday in summer, UTC."""
    return 1_782_899_400


@pytest.fixture
def clock(make_daemon, bus, clock_begins):
    """The same at a known moment, in a boot that is ten hours old."""
    return start_clock(make_daemon, bus, clock_begins)


# ---- plugin hosts ----

@pytest.fixture
def plugin_folders():
    """A folder of the computer's plugins and one of the user's, where root alone can write, as a host of root's demands."""
    parent = pathlib.Path(tempfile.mkdtemp(prefix="pomod-plugins-", dir="/run" if os.geteuid() == 0 else "/tmp"))
    parent.chmod(0o755)
    for name in ("computer", "user"):
        (parent / name).mkdir()
    yield parent / "computer", parent / "user"
    shutil.rmtree(parent)


@pytest.fixture
def plugin_folder(plugin_folders):
    return plugin_folders[0]


@pytest.fixture
def user_plugin_folder(env, plugin_folders):
    """What a daemon and a host find in the home of whoever runs the tests' programs."""
    (pathlib.Path(env["XDG_DATA_HOME"]) / "pomod").mkdir()
    (pathlib.Path(env["XDG_DATA_HOME"]) / "pomod/plugins").symlink_to(plugin_folders[1])
    return plugin_folders[1]


@pytest.fixture
def add_plugin(build_dir, program, user_plugin_folder):
    """add_plugin("holds"): puts that plugin of tests/plugins, or of ours, into the home, or the folder that is named, with what it says
    of itself where it can; gives its path."""
    def add(name, into=None):
        target = (into or user_plugin_folder) / f"{name}.so"
        source = next(path for path in (build_dir / "tests/plugins" / f"{name}.so", build_dir / "plugins/modules" / f"{name}.so")
                      if path.exists())
        shutil.copyfile(source, target)
        target.chmod(0o755)
        said = subprocess.run([program("pomod-plugin-host"), "--describe", target], capture_output=True, stdin=subprocess.DEVNULL)
        if said.returncode == 0:
            target.with_suffix(".json").write_bytes(said.stdout)
        return target
    return add


@pytest.fixture
def make_plugin_host(program, env, folder, plugin_folder, user_plugin_folder, add_plugin, bus):
    """make_plugin_host("holds"): a PluginHost that is not started yet, on `bus`; all are ended and looked at in the end."""
    made = []

    def make(name, on_bus=None, program_name="pomod-plugin-host-test", add=True, place="hosts", system=False, kind=PluginHost, **kwargs):
        plugins = plugin_folder if system else user_plugin_folder
        if add and not (plugins / f"{name}.so").exists():
            add_plugin(name, plugins)
        (folder / place).mkdir(exist_ok=True)
        made.append(kind(program(program_name), name, folder / place, {**env, "POMOD_TEST_PLUGIN_DIR": str(plugin_folder)},
                               on_bus or bus, plugins, system=system, **kwargs))
        return made[-1]

    yield make
    errors = []
    for host in reversed(made):
        try:
            host.finish()
        except (AssertionError, subprocess.TimeoutExpired) as error:
            errors.append(str(error))
    assert not errors, "\n".join(errors)


@pytest.fixture
def make_sites(make_plugin_host, make_client, folder, bus, pomod):
    """make_sites(etc={"hosts": "…"}): a Sites with an /etc of its own, on `bus`. more: what a shell does there first."""
    def make(etc=None, more="true", prefix=(), on_bus=None, **kwargs):
        path = make_etc(folder, etc or {})
        inside = enter(path, more)
        host = make_plugin_host("sites", on_bus=on_bus, system=True, kind=SitesHost, prefix=[*inside, *prefix], **kwargs)
        host.watch(path)
        return Sites(path, host, make_client(on_bus or bus), inside)
    return make


# ---- clients ----

@pytest.fixture
def make_client():
    """make_client(bus, uid=…): a Client of GDBus; all are closed in the end."""
    made = []

    def make(on_bus, uid=None, **kwargs):
        made.append(Client(on_bus, os.getuid() if uid is None else uid, **kwargs))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client, bus):
    """A client on `bus`; ask for `pomod` or `test_clock_pomod` before it."""
    return make_client(bus)


@pytest.fixture
def make_recorder():
    """make_recorder(bus, uid=…): everything that arrives on a connection of that uid."""
    made = []

    def make(on_bus, uid=None):
        made.append(Recorder(on_bus, uid))
        return made[-1]

    yield make
    for recorder in made:
        recorder.close()


@dataclass
class Result:
    rc: int
    out: str
    err: str


@pytest.fixture
def make_pomoctl(program, env):
    """make_pomoctl(bus, uid=…): a function that runs pomoctl against that bus."""
    def make(on_bus, uid=None):
        prefix = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"] if uid is not None else []

        def run(*args, stdin="", timeout=30, env_more=None):
            done = subprocess.run([*prefix, str(program("pomoctl")), *map(str, args)], input=stdin, timeout=timeout,
                                  capture_output=True, text=True, errors="surrogateescape",
                                  env={**env, "POMOD_BUS": on_bus.address, **(env_more or {})})
            return Result(done.returncode, done.stdout, done.stderr)
        return run
    return make


@pytest.fixture
def pomoctl(make_pomoctl, bus):
    """pomoctl("status", "--json") gives .rc, .out, .err; it talks to `bus`."""
    return make_pomoctl(bus)


@pytest.fixture
def ctl(pomod, pomoctl):
    """ctl("start", …): what it printed; it has to succeed and to complain of nothing."""
    def run(*args, **kwargs):
        done = pomoctl(*args, **kwargs)
        assert done.rc == 0 and done.err == "", f"pomoctl {args}: {done}"
        return done.out
    return run


@pytest.fixture
def records(ctl):
    """records("log", "all"): its JSON lines."""
    return lambda *args, **kwargs: [json.loads(line) for line in ctl(*args, "--json", **kwargs).splitlines()]


@pytest.fixture
def status(records):
    """status(): the one record of `pomoctl status`."""
    return lambda: records("status")[0]


@pytest.fixture
def other_uid():
    """The uid of a person who is neither root nor whoever runs the daemon; on a bus with policies an account, too."""
    return people.ALICE


@pytest.fixture
def method_calls(bus):
    """method_calls(run) gives the members that others than the daemon call on the bus while run() runs, in their order."""
    def listen(run):
        daemon = bus.owner(NAME)
        monitor = subprocess.Popen(["dbus-monitor", "--address", bus.address, "--profile"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        try:
            # What a monitor is told last of itself, before it hears others.
            while "NameLost" not in (line := monitor.stdout.readline()):
                assert line, "dbus-monitor ended"
            run()
            bus.call("GetId")
            members = []
            while not members or members[-1] != "GetId":
                line = monitor.stdout.readline()
                assert line, "dbus-monitor ended"
                kind, *fields = line.rstrip("\n").split("\t")
                if kind == "mc" and fields[2] != daemon:
                    interface, member = fields[-2:]
                    members.append(member if interface == "org.freedesktop.DBus" else f"{interface}.{member}")
            return members[:-1]
        finally:
            monitor.kill()
            monitor.wait()
            monitor.stdout.close()
    return listen
