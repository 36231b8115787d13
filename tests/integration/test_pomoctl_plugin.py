# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""pomoctl plugin: what there is and how it does, who decides what, and what is asked of systemd."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from gi.repository import GLib

from harness.client import variant
from harness.loop import wait_until

FIELDS = {"name", "scope", "state", "error", "message", "pid", "version", "enabled", "installed", "sentence"}


def setting(key, kind="text", **more):
    return {"key": key, "type": kind, "sentence": f"what {key} does", "fallback": None, "standing": False,
            "for-everyone": False, **more}


BELLS = {"name": "bells", "version": "1.2", "abi": 1, "scope": "session", "sentence": "rings bells",
         "settings": [setting("loud", "yes-no", fallback="no"), setting("device", standing=True, fallback="hw0"),
                      setting("volume", "number", standing=True, min=0, max=100)]}
SITES = {**BELLS, "name": "sites", "scope": "system", "sentence": "blocks sites",
         "settings": [setting("block", "names"), setting("never", "names", standing=True)]}


@pytest.fixture(autouse=True)
def installed(env):
    folder = pathlib.Path(env["XDG_DATA_HOME"]) / "pomod/plugins"
    folder.mkdir(parents=True)
    for plugin in BELLS, SITES:
        (folder / f"{plugin['name']}.so").touch()
        (folder / f"{plugin['name']}.json").write_text(json.dumps(plugin))
    return folder


@pytest.fixture
def systemctl(folder, env):
    """systemctl.calls(): the words of each call; systemctl.refuse(…): it fails with that."""
    class Systemctl:
        path = folder / "tools"
        log = folder / "systemctl.log"
        words = folder / "systemctl.says"

        def calls(self):
            return self.log.read_text().splitlines() if self.log.exists() else []

        def refuse(self, sentence):
            self.words.write_text(sentence)

    made = Systemctl()
    made.path.mkdir()
    program = made.path / "systemctl"
    program.write_text(f"#!/bin/sh\necho \"$*\" >>{made.log}\n[ ! -e {made.words} ] || {{ echo Warning: first; cat {made.words}; exit 1; }} >&2\n")
    program.chmod(0o755)
    env["PATH"] = f"{made.path}:{env['PATH']}"
    return made


@pytest.fixture
def on(pomod, bus, pomoctl, systemctl):
    """on("session", "plugin", …): pomoctl with that name for the bus; systemctl is the one above."""
    def run(kind, *args):
        return pomoctl(*args, env_more={"POMOD_BUS": kind, f"DBUS_{kind.upper()}_BUS_ADDRESS": bus.address})
    return run


@pytest.fixture
def host(client, pomod):
    """host(plugin, state, message): it has one, which says that."""
    def report(plugin, state, message="", by=client, **opts):
        by.call("focus", "Register", "(sa{sv})", (plugin, {"version": variant("1.2"), "pid": GLib.Variant("u", os.getpid())}))
        by.call("focus", "Report", "(stssa{sv})", (plugin, 0, state, message, opts))
    return report


def test_each_is_listed_with_what_it_says(records, ctl, host):
    bells, sites = records("plugin", "list")
    assert bells.keys() == FIELDS and sites.keys() == FIELDS
    assert (bells["name"], bells["scope"], bells["state"], bells["pid"], bells["enabled"]) == ("bells", "session", "absent", None, True)
    assert sites["error"] == "acts on the whole computer, which the pomod of one user has no say in"
    host("bells", "failed", "no bell here")
    (bells,) = [line for line in records("plugin") if line["name"] == "bells"]
    assert (bells["state"], bells["error"], bells["pid"], bells["version"]) == ("failed", "no bell here", os.getpid(), "1.2")
    assert re.search(r"bells +session +failed +yes +1\.2 +no bell here", ctl("plugin"))
    host("bells", "engaged", "but for the small one")
    (bells,) = [line for line in records("plugin") if line["name"] == "bells"]
    assert (bells["state"], bells["error"], bells["message"]) == ("engaged", "", "but for the small one")
    assert re.search(r"bells +session +engaged +yes +1\.2 +but for the small one", ctl("plugin"))
    assert ctl("plugin", "info", "bells").splitlines()[2] == "but for the small one"
    host("bells", "engaged")
    assert re.search(r"bells +session +engaged +yes +1\.2 +rings bells", ctl("plugin"))


def test_one_is_shown_with_its_settings(records, ctl):
    text = ctl("plugin", "info", "bells")
    assert "bells 1.2: rings bells" in text or "bells: rings bells" in text
    assert "acts in your session · not running · enabled" in text
    assert re.search(r"device +always +hw0 +hw0", text) and re.search(r"volume +always +- +- +0 to 100", text)
    assert "/etc/pomod" not in text
    assert ctl("plugin", "info", "sites").endswith("\nwhat holds always is set by root in /etc/pomod/plugins/sites.conf; shown is the default\n")
    (bells,) = records("plugin", "info", "bells")
    assert {row["key"] for row in bells["settings"]} == {"loud", "device", "volume"}


def test_standing_settings_are_set_and_taken_back(ctl, pomoctl):
    assert ctl("plugin", "set", "bells", "device", "hw1") == "bells.device is now hw1\n"
    assert ctl("plugin", "reset", "bells", "device") == "bells.device is now hw0\n"
    for words, said in ((("bells", "volume", "300"), "100"), (("bells", "loud", "yes"), "profile"),
                        (("sites", "never", "a.example"), "/etc/pomod/plugins/sites.conf"), (("bells", "nose", "1"), "nose")):
        done = pomoctl("plugin", "set", *words)
        assert done.rc == 1 and said in done.err, done


def test_what_is_not_there_is_named(pomod, pomoctl):
    for verb in "info", "enable", "disable":
        done = pomoctl("plugin", verb, "nope")
        assert done.rc == 1 and '"nope"' in done.err, done
    assert pomoctl("plugin", "info").rc == 2
    assert pomoctl("plugin", "set", "bells").rc == 2


def test_a_host_of_the_session_is_asked_of_its_manager(on, systemctl, env):
    done = on("session", "plugin", "enable", "bells")
    assert done.rc == 0 and done.out == "bells is enabled · not running\n", done
    assert systemctl.calls() == ["--user --quiet enable --now pomod-plugin@bells.service"]
    assert on("session", "plugin", "disable", "bells").rc == 0
    assert systemctl.calls()[1:] == ["--user --quiet disable pomod-plugin@bells.service"]
    assert '"enabled":false' in on("session", "plugin", "list", "--json").out
    manager = pathlib.Path(env["XDG_RUNTIME_DIR"], "systemd/private")
    manager.parent.mkdir()
    manager.touch()
    systemctl.refuse("Failed to enable unit: no such unit\n")
    done = on("session", "plugin", "enable", "bells")
    assert done.rc == 1 and "no such unit" in done.err and "Warning" not in done.err, done
    assert "systemctl --user enable --now pomod-plugin@bells.service" in done.err


def test_where_no_manager_of_the_user_runs(on, systemctl, env):
    """What was done, what is missing, and what to type, which is not systemctl then."""
    systemctl.refuse("Failed to connect to bus: No medium found\n")
    done = on("session", "plugin", "enable", "bells")
    assert done.rc == 1 and done.err.count("\n") == 1, done
    assert "bells is enabled for you, but no systemd of yours runs here" in done.err
    assert re.search(r"start it with: /\S+/pomod-plugin-host bells\n", done.err), done
    (systemctl.path / "systemctl").unlink()
    env["PATH"] = str(systemctl.path)
    done = on("session", "plugin", "enable", "bells")
    assert done.rc == 1 and "there is no systemctl" in done.err and "pomod-plugin-host bells" in done.err, done


def test_an_own_plugin_that_pomod_has_not_seen(on, systemctl, installed, env):
    """pomod of the system bus looks into no home, and pomoctl does."""
    home = installed.parents[1] / "elsewhere"
    (home / "pomod/plugins").mkdir(parents=True)
    (home / "pomod/plugins/mine.so").touch()
    env["XDG_DATA_HOME"] = str(home)
    done = on("session", "plugin", "enable", "mine")
    assert systemctl.calls() == ["--user --quiet enable --now pomod-plugin@mine.service"]
    assert done.rc == 1 and '"mine"' in done.err, "this systemctl starts none"
    systemctl.refuse("Failed to connect to bus: No medium found\n")
    done = on("session", "plugin", "enable", "mine")
    assert done.rc == 1 and "no systemd of yours" in done.err and "pomod-plugin-host mine\n" in done.err, done
    assert on("session", "plugin", "enable", "nobodys").rc == 1 and len(systemctl.calls()) == 2


def test_a_host_of_the_computer_is_roots(on, systemctl):
    systemctl.refuse("Failed to enable unit: Interactive authentication required.\n")
    done = on("system", "plugin", "enable", "sites")
    assert done.rc == 1 and "Interactive authentication required" in done.err, done
    assert "sudo systemctl enable --now pomod-plugin@sites.service" in done.err
    assert systemctl.calls() == ["--system --quiet enable --now pomod-plugin@sites.service"]
    # It is one user's word that it should not reach the plugin, and nothing about anybody else.
    assert on("system", "plugin", "disable", "sites").rc == 0
    assert len(systemctl.calls()) == 1


def test_on_a_private_bus_nothing_is_asked_of_systemd(ctl, pomoctl, systemctl):
    shown = ctl("plugin", "enable", "bells")
    assert shown.startswith("bells is enabled · not running\n") and re.search(r"start it with: /\S+/pomod-plugin-host --bus=unix:\S+ bells\n$", shown)
    done = pomoctl("plugin", "enable", "sites")
    assert done.rc == 1 and "acts on the whole computer" in done.err and "--bus=system" in done.err, done
    assert systemctl.calls() == []


def test_one_that_a_locked_focus_needs_stays(ctl, pomoctl):
    ctl("focus", "profile", "set", "deep", "Plugins=bells")
    ctl("focus", "on", "deep", "1h", "--lock", "delay 10m")
    done = pomoctl("plugin", "disable", "bells")
    assert done.rc == 1 and "locked" in done.err.lower(), done
    assert '"enabled":true' in ctl("plugin", "list", "--json").splitlines()[0]


def test_what_does_not_hold_is_said(ctl, status, host):
    ctl("focus", "profile", "set", "deep", "Plugins=bells")
    assert ctl("focus", "on", "deep", "1h").endswith("\nnot enforced: bells is not running\n")
    assert "not enforced: bells is not running\n" in ctl("start")
    assert "not enforced: bells is not running\n" in ctl("status")
    assert "not enforced: bells is not running\n" in ctl("focus")
    assert status()["not_enforced"] == "bells is not running"
    host("bells", "failed", "no bell here")
    assert "not enforced: bells failed: no bell here\n" in ctl("focus")
    assert ctl("focus").count("no bell here") == ctl("status").count("no bell here") == 1, "a cause is told once"
    host("bells", "engaged", "but for the small one")
    assert ctl("focus").endswith("\nbells: but for the small one\n")
    host("bells", "engaged")
    assert "not enforced" not in ctl("focus") + ctl("status") and status()["not_enforced"] == ""
    assert "no bell here" not in ctl("focus") and "failed" not in ctl("focus"), "what is over is on record alone"
    ctl("focus", "off")
    assert "; failed: bells: no bell here" in ctl("focus", "list", "today")
    host("bells", "engaged", "but for the small one")
    assert "bells: but" not in ctl("focus"), "no focus here names it"


def test_what_holds_in_part_is_said_as_that(ctl, host):
    ctl("focus", "profile", "set", "deep", "Plugins=bells")
    ctl("focus", "on", "deep", "1h", "--json")
    claim = json.loads(ctl("focus", "--json"))["id"]
    host("bells", "engaged", claims=GLib.Variant("aa{sv}", [{"Claim": GLib.Variant("t", claim), "Message": variant("the small one")}]))
    shown = ctl("focus")
    assert "in force; holds in part: bells: the small one" in shown and "failed" not in shown and "not enforced" not in shown
    ctl("focus", "off")
    shown = ctl("focus", "list", "today")
    assert "; held in part: bells: the small one" in shown and "failed" not in shown


def test_what_is_not_installed_is_said_as_that(ctl, installed):
    ctl("focus", "profile", "set", "deep", "Plugins=bells")
    for plugin in installed.glob("bells.*"):
        plugin.rename(plugin.with_name("other" + plugin.suffix))
    assert ctl("focus", "on", "deep", "1h").endswith("\nnot enforced: bells is not installed\n")
    for plugin in installed.glob("other.*"):
        plugin.rename(plugin.with_name("bells" + plugin.suffix))
    assert "not enforced: bells is not running\n" in ctl("focus") and "bells is not running\n" in ctl("status")


def test_a_mistyped_name_goes_with_its_host(ctl, host, make_client, bus):
    """One that a profile names stays."""
    gone = make_client(bus)
    host("bels", "engaged", by=gone)
    host("sounds", "failed", "no card", by=gone)
    ctl("focus", "profile", "set", "deep", "Plugins=sounds")
    assert "\nbels " in ctl("plugin", "list")
    gone.close()
    wait_until(lambda: "\nbels " not in ctl("plugin", "list"), "the row to go")
    assert "\nsounds " in ctl("plugin", "list")


def test_a_file_is_checked_by_a_host(build_dir, folder, env):
    # Where nobody can read it, as who looks at it.
    folder.chmod(0o755)
    plugin = shutil.copy(build_dir / "plugins/modules/example.so", folder)

    def check(file):
        # The one that was built, as it finds the host beside it.
        return subprocess.run([build_dir / "clients/pomoctl/pomoctl", "plugin", "check", file], env=env, cwd=folder, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL)
    assert check(plugin).returncode == 0
    done = check("/etc/passwd")
    assert done.returncode == 1 and done.stderr
    done = check("nope")
    assert done.returncode == 1 and "nope" in done.stderr
    assert check("").returncode != 0
