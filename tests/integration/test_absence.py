# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""What pomoctl says where nobody answers on the system bus: what systemd says of the service, and what to type."""

import json
import subprocess

import pytest
from gi.repository import GLib

MOCK = "org.freedesktop.DBus.Mock"
NAME, PATH = "org.freedesktop.systemd1", "/org/freedesktop/systemd1"
UNIT_PATH, UNIT = f"{PATH}/unit/pomod_2eservice", f"{NAME}.Unit"
AT = 1_782_899_400 * 10**6  # 2026-07-01T09:50:00Z


@pytest.fixture
def systemd(bus):
    """systemd(ActiveState="failed", …): what it says of pomod.service from here on."""
    process = subprocess.Popen(["/usr/bin/python3", "-m", "dbusmock", "--system", NAME, PATH, f"{NAME}.Manager"],
                               env={"DBUS_SYSTEM_BUS_ADDRESS": bus.address, "PATH": "/usr/bin:/bin"})
    bus.wait_owner(NAME)

    def mock(path, method, signature, *arguments):
        bus.connection.call_sync(NAME, path, MOCK, method, GLib.Variant(signature, arguments), None, 0, 20000, None)

    texts = {"LoadState": "loaded", "ActiveState": "inactive", "SubState": "dead", "UnitFileState": "enabled"}
    properties = {**{key: GLib.Variant("s", text) for key, text in texts.items()},
                  **{key: GLib.Variant("t", 0) for key in ("StateChangeTimestamp", "ActiveExitTimestamp")}}
    mock(PATH, "AddObject", "(ssa{sv}a(ssss))", UNIT_PATH, UNIT, properties, [])

    def say(**values):
        mock(UNIT_PATH, "UpdateProperties", "(sa{sv})", UNIT,
             {key: GLib.Variant("t" if isinstance(value, int) else "s", value) for key, value in values.items()})
    yield say
    process.kill()
    process.wait()


@pytest.fixture
def failing(make_pomoctl, bus):
    """What `pomoctl status` says on that bus, taken for the system's."""
    pomoctl = make_pomoctl(bus)

    def run(*args):
        done = pomoctl("status", *args, env_more={"POMOD_BUS": "system", "DBUS_SYSTEM_BUS_ADDRESS": bus.address, "TZ": "Europe/Berlin"})
        assert done.rc == 3 and done.out == ""
        return done.err
    return run


@pytest.mark.parametrize("said, words", [
    ({"LoadState": "not-found", "UnitFileState": ""}, ["not installed", "pomod.service", "pomod --bus=session"]),
    ({"LoadState": "masked", "UnitFileState": "masked"}, ["masked", "systemctl unmask pomod"]),
    ({"LoadState": "masked", "UnitFileState": "masked-runtime"}, ["masked", "systemctl unmask --runtime pomod"]),
    ({"LoadState": "bad-setting"}, ["bad-setting", "systemctl status pomod"]),
    ({"UnitFileState": "disabled"}, ["disabled", "systemctl enable --now pomod"]),
    ({}, ["not started", "systemctl start pomod"]),
    ({"ActiveState": "failed", "SubState": "failed", "StateChangeTimestamp": AT},
     ["failed on 2026-07-01 at 11:50", "journalctl -u pomod", "systemctl restart pomod"]),
    ({"ActiveState": "activating", "SubState": "auto-restart", "ActiveExitTimestamp": AT},
     ["starting again since 2026-07-01 11:50", "journalctl -u pomod"]),
    ({"ActiveState": "activating", "SubState": "start", "StateChangeTimestamp": AT}, ["is starting", "try again"]),
    ({"ActiveState": "deactivating", "SubState": "stop-sigterm"}, ["is stopping", "try again"]),
    ({"ActiveState": "active", "SubState": "running"}, ["has no name on the bus", "systemctl restart pomod"]),
])
def test_what_systemd_says(systemd, failing, said, words):
    systemd(**said)
    sentence = failing()
    for word in words:
        assert word in sentence
    assert sentence.count("\n") == 1


def test_scripts_have_the_name_of_the_error(systemd, failing):
    systemd(UnitFileState="disabled")
    error = json.loads(failing("--json"))
    assert error["error"] == "org.freedesktop.DBus.Error.ServiceUnknown"
    assert "systemctl enable --now pomod" in error["message"]


def test_without_a_systemd(bus, failing):
    assert "not running on the system bus" in failing()


def test_what_answers_asks_nobody(bus, make_daemon, make_pomoctl, method_calls):
    make_daemon(bus).start()
    pomoctl = make_pomoctl(bus)
    assert method_calls(lambda: pomoctl("status", env_more={"POMOD_BUS": "system", "DBUS_SYSTEM_BUS_ADDRESS": bus.address})) == [
        "Hello", "org.freedesktop.DBus.Properties.GetAll"]


def test_on_another_bus_it_is_started_there(bus, make_pomoctl, systemd):
    systemd(UnitFileState="disabled")
    assert f"pomod is not running on the bus at {bus.address}; start it with: pomod --bus={bus.address}" in make_pomoctl(bus)("status").err
