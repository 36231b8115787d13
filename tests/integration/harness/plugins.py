# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A plugin host under test: started, waited for by its READY=1, killed, brought back; its world is a file that a plugin of tests/plugins writes."""

import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import uuid

from gi.repository import Gio, GLib

from harness.client import options
from harness.loop import repeat_until, wait_until, watching_exit
from harness.program import STOP_TIMEOUT, Program
from harness.units import HOUR

BOOT_ID = "/proc/sys/kernel/random/boot_id"


class PluginHost(Program):
    """
    One plugin NAME in a session, or with `system` one of root's. Its state folder, its world (the names that the plugin holds, as
    lines "UID NAME") and its log stay when it ends; .spawn() begins the next one on the same.
    """

    def __init__(self, program, name, folder, env, bus, plugins, system=False, prefix=(), args=()):
        super().__init__(f"the host of {name}", program, folder, env, folder / f"{name}.log")
        self.name, self.bus = name, bus
        self.prefix, self.args, self.system = list(prefix), list(args), system
        self.state = folder / "plugin-state"
        self.world_folder = folder / "world"
        self.plugins = plugins  # the folder that has it
        self.boot_id_path = folder / "boot-id"
        for each in (self.state, self.world_folder):
            each.mkdir(exist_ok=True, mode=0o700)
        if not self.boot_id_path.exists():
            shutil.copyfile(BOOT_ID, self.boot_id_path)
        self.notify_path = folder / f"notify-{name}"
        self.notify_path.unlink(missing_ok=True)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.notify.bind(str(self.notify_path))
        self.source = GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, self.notify.fileno(), GLib.IOCondition.IN, self._on_notify)
        self.monitor = Gio.File.new_for_path(str(self.world_folder)).monitor_directory(Gio.FileMonitorFlags.NONE, None)
        self.env = {**env, "NOTIFY_SOCKET": str(self.notify_path), "POMOD_TEST_STATE_DIR": str(self.state),
                    "POMOD_TEST_CONF_DIR": str(folder / "plugin-conf"),
                    "POMOD_TEST_CATEGORY_DIR": str(pathlib.Path(program).parents[2] / "data/categories"), "POMOD_TEST_BOOT_ID": str(self.boot_id_path),
                    "POMOD_TEST_WORLD": str(self.world_folder), "POMOD_BUS": bus.address}
        self.ready, self.told = False, []

    def _on_notify(self, *_):
        try:
            while True:
                text = self.notify.recv(65536).decode(errors="replace")
                self.told += text.splitlines()
                self.ready = self.ready or "READY=1" in self.told
        except BlockingIOError:
            return True

    # ---- its process ----

    def command(self):
        return [*self.bus.prefix, *self.prefix, str(self.program), f"--bus={self.bus.address}", *self.args, self.name]

    def spawn(self):
        self.ready, self.told = False, []
        return super().spawn()

    def start(self):
        """Returns once it is ready, which is after its first apply()."""
        self.spawn()
        self.wait_ready()
        assert self.ready, f"the host of {self.name} ended with {self.process.wait(1)}:\n{self.log()}"
        return self

    def wait_ready(self):
        """Until it says READY=1, or ended."""
        with watching_exit(self.process.pid):
            wait_until(lambda: self.ready or not self.alive(), f"the host of {self.name} to be ready")

    def wait_end(self, timeout=STOP_TIMEOUT):
        """What it exits with: a signal is negative."""
        return self.process.wait(timeout)

    def stop(self):
        """In good order; what it exits with."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_TIMEOUT)

    def run(self, *args, timeout=70):
        """Another verb of the program, such as --release: the CompletedProcess."""
        return subprocess.run([*self.bus.prefix, str(self.program), *map(str, args)], env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=timeout)

    def finish(self):
        if self.source:
            GLib.source_remove(self.source)
            self.source = 0
        self.monitor.cancel()
        self.notify.close()
        self.finish_process()

    # ---- what it holds ----

    def state_file(self, name="claims"):
        return self.state / self.name / name

    def claims(self):
        """What its state folder says, without the line of its digest; None where there is no file."""
        path = self.state_file()
        return json.loads(path.read_text().rsplit("\n", 2)[0]) if path.exists() else None

    def world(self):
        """The names that are held, None where there is no file."""
        path = self.world_folder / self.name
        return sorted({line.split()[1] for line in path.read_text().splitlines()}) if path.exists() else None

    def wait_world(self, *names, timeout=STOP_TIMEOUT):
        """Until exactly these are held."""
        wanted = sorted(names)
        wait_until(lambda: (self.world() or []) == wanted, f"{self.name} to hold {wanted}, not {self.world()}", timeout)

    def reboot(self):
        """The next one finds another boot; the world stays, as files do."""
        self.boot_id_path.write_text(f"{uuid.uuid4()}\n")


# ---- what it is given, and what pomod says of it ----

HELD = "held.example"
MORE = "more.example"

def profile(name, plugin, *names, **values):
    """A profile as text that holds these names by that plugin."""
    lines = [f"[Profile {name}]", f"Plugins={plugin}", f"{plugin}.hold={';'.join(names)}"]
    return "\n".join(lines + [f"{plugin}.{key}={value}" for key, value in values.items()]) + "\n"


def make_profiles(client, *texts):
    client.call("schedules", "Import", "(sa{sv})", ("\n".join(texts), {}))


def with_profiles(client, *texts):
    make_profiles(client, *texts)
    return client


def engage(client, name, usec=HOUR, **opts):
    answer = client.call("focus", "Engage", "(sa{sv})", (name, options(for_usec=usec, **opts)))
    return answer[0] if isinstance(answer, (tuple, list)) else answer


def start_holding(client, make_plugin_host):
    """A host of "holds" at work: HELD until an administrator releases it. The profile "more" holds MORE and is not engaged."""
    client.subscribe()
    make_profiles(client, profile("deep", "holds", HELD), profile("more", "holds", MORE))
    host = make_plugin_host("holds")
    engage(client, "deep", lock="admin")
    host.start()
    host.wait_world(HELD)
    return host


def release(client, claim=0):
    return client.call("focus", "Release", "(tsa{sv})", (claim, "tested", {}))


def listed(client, name):
    """The record of `plugin list`, None where pomod knows no such plugin."""
    return next((record for record in client.call("plugins", "List", "(a{sv})", ({},)) if record["Name"] == name), None)


def wait_listed(client, name, state, pattern="", timeout=STOP_TIMEOUT):
    """Until the plugin is in that state, with a message like that; gives the record."""
    last = []

    def so():
        last[:] = [listed(client, name)]
        record = last[0]
        return record and re.fullmatch(state, record["State"]) and re.search(pattern, record.get("Message", "")) and record
    try:
        return repeat_until(so, f"{name} to be {state}", timeout)
    except AssertionError as error:
        raise AssertionError(f"{error}: it is {last}") from None
