# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""What pomod knows of plugins by their NAME.json, and what a user decides about them."""

import json
import os
import pathlib

import pytest
from gi.repository import GLib

from harness.client import options, refused, variant
from harness.loop import wait_until
from harness.units import HOUR



def setting(key, kind="text", **more):
    return {"key": key, "type": kind, "sentence": f"what {key} does", "fallback": None, "standing": False,
            "for-everyone": False, **more}


BELLS = {"name": "bells", "version": "1.2", "abi": 1, "scope": "session", "sentence": "rings bells",
         "settings": [setting("loud", "yes-no", fallback="no"), setting("kind", "choice", choices=["soft", "hard"]),
                      setting("wait", "duration", min=1_000_000, max=60_000_000),
                      setting("device", standing=True, fallback="hw0"),
                      setting("volume", "number", standing=True, min=0, max=100)]}
SITES = {**BELLS, "name": "sites", "scope": "system", "sentence": "blocks sites",
         "settings": [setting("block", "names"), setting("never", "names", standing=True)]}


class Plugins:
    def __init__(self, client, folder):
        self.client = client
        self.folder = folder

    def install(self, description, text=None):
        (self.folder / f"{description['name']}.so").touch()
        (self.folder / f"{description['name']}.json").write_text(json.dumps(description) if text is None else text)

    def list(self):
        return {record["Name"]: record for record in self.client.call("plugins", "List", "(a{sv})", ({},))}

    def get(self, plugin="bells"):
        return {record["Key"]: record for record in self.client.call("plugins", "Get", "(sa{sv})", (plugin, {}))}

    def set(self, key, value, plugin="bells"):
        return self.client.call("plugins", "Set", "(ssva{sv})", (plugin, key, variant(value), {}))

    def reset(self, key, plugin="bells"):
        return self.client.call("plugins", "Reset", "(ssa{sv})", (plugin, key, {}))

    def enable(self, plugin="bells", **opts):
        return self.client.call("plugins", "Enable", "(sa{sv})", (plugin, options(**opts)))

    def disable(self, plugin="bells", **opts):
        return self.client.call("plugins", "Disable", "(sa{sv})", (plugin, options(**opts)))

    def set_profile(self, name="deep", **keys):
        keys = {key.replace("_", "."): value for key, value in keys.items()}
        return self.client.call("focus", "SetProfile", "(sa{sv}a{sv})", (name, options(**keys), {}))

    def desired(self, plugin="bells"):
        *_, records = self.client.call("focus", "Desired", "(sa{sv})", (plugin, {}))
        return [record["Profile"] if "Profile" in record else record["Claim"] for record in records]

    def engage(self, profile="deep", **opts):
        return self.client.call("focus", "Engage", "(sa{sv})", (profile, options(for_usec=HOUR, **opts)))


@pytest.fixture
def plugins(pomod, client, env):
    folder = pathlib.Path(env["XDG_DATA_HOME"]) / "pomod/plugins"
    folder.mkdir(parents=True)
    made = Plugins(client, folder)
    made.install(BELLS)
    made.install(SITES)
    return made


def test_they_are_listed(plugins):
    listed = plugins.list()
    assert list(listed) == ["bells", "sites"]
    assert listed["sites"] == {"Name": "sites", "Scope": "system", "Sentence": "blocks sites", "Installed": True,
                               "Problem": "", "Enabled": True, "State": "absent", "Message": "", "Version": "1.2", "Pid": 0}
    (plugins.folder / "bells.so").unlink()
    (plugins.folder / "bells.json").unlink()
    assert list(plugins.list()) == ["sites"]


def test_a_list_is_paged(plugins):
    page, more = plugins.client.ask("plugins", "List", "(a{sv})", (options(limit=1),))
    assert [record["Name"] for record in page] == ["bells"] and more == {"after": "bells"}
    page, more = plugins.client.ask("plugins", "List", "(a{sv})", (options(after="bells"),))
    assert [record["Name"] for record in page] == ["sites"] and not more


@pytest.mark.parametrize("text, why", [
    ("{", "it is no JSON object"),
    ("[]", "it is no JSON object"),
    ("{}", '"name" of bells is not there'),
    (json.dumps({**BELLS, "version": 1}), '"version" of bells is not a short line'),
    (json.dumps({**BELLS, "name": "other"}), '"name" of bells is not the name of the file'),
    (json.dumps({**BELLS, "settings": [setting("x", "thing")]}), '"type" of settings[0] is not one of the words'),
    (json.dumps({**BELLS, "settings": [setting("X")]}), '"key" of settings[0] is not a key'),
    (json.dumps({**BELLS, "settings": [setting("x"), setting("x")]}), '"key" of settings[1] is not given once'),
    (json.dumps({**BELLS, "settings": [setting("x", "number", min=1)]}), '"max" of settings[0]'),
    (json.dumps({**BELLS, "settings": [setting("x", "yes-no", fallback="so")]}), '"fallback" of settings[0]'),
    (json.dumps({**BELLS, "settings": [setting("x", "choice")]}), '"choices" of settings[0]'),
    (json.dumps({**BELLS, "settings": [setting("x")] * 65}), '"settings" of bells is not a list of at most 64'),
    (json.dumps({**BELLS, "sentence": "two\nlines"}), '"sentence" of bells'),
    (json.dumps({**BELLS, "sentence": "nul\0"}), '"sentence" of bells'),
    ('{"a":' * 20 + "1" + "}" * 20, "it is no JSON object"),
    (" " * 65537, "it has more than 64 KiB"),
])
def test_nonsense_is_told_and_checks_nothing(plugins, text, why):
    plugins.install(BELLS, text)
    assert why in plugins.list()["bells"]["Problem"]
    name, sentence = refused(plugins.get)
    assert name == "NotPossible" and why in sentence
    assert refused(plugins.set, "device", "hw1")[0] == "NotPossible"
    (warning,) = plugins.set_profile(Plugins="bells", bells_Anything="goes")
    assert "bells" in warning and why in warning
    plugins.install(BELLS)
    assert plugins.get()["device"]["Value"] == "hw0"


def test_one_that_says_nothing_is_taken_as_it_is(plugins):
    (plugins.folder / "bells.json").unlink()
    assert plugins.set_profile(Plugins="bells", bells_Anything="goes") == []
    assert plugins.list()["bells"]["Installed"] and "it is not there" in plugins.list()["bells"]["Problem"]


def test_a_file_that_is_none_is_not_waited_for(plugins):
    (plugins.folder / "bells.json").unlink()
    os.mkfifo(plugins.folder / "bells.json")
    assert "no ordinary file" in plugins.list()["bells"]["Problem"]


def test_as_many_settings_and_bytes_as_there_may_be(plugins):
    plugins.install({**BELLS, "settings": [setting(f"x{i}") for i in range(64)]})
    assert len(plugins.get()) == 64
    text = json.dumps(BELLS)
    plugins.install(BELLS, text + " " * (65536 - len(text)))
    assert plugins.list()["bells"]["Problem"] == ""


def test_a_profile_is_held_against_it(plugins):
    (warning,) = plugins.set_profile(Plugins="bells;sites", bells_Loud="yes", bells_Wait="30s", sites_Block="reddit.com;@mine")
    assert "names @mine, and there is neither a list nor a category of that name" in warning
    for keys, says in (({"bells_Lound": "yes"}, 'has no setting "Lound" in a profile; there can be loud, kind, wait'),
                       ({"bells_Loud": "maybe"}, 'bells.loud is "maybe"; it has to be yes or no'),
                       ({"bells_Wait": "2m"}, "from 1s to 1m"),
                       ({"bells_Device": "hw1"}, "bells.device holds always"),
                       ({"sites_Block": "http://a"}, '"http://a", which is no name of a host')):
        name, sentence = refused(plugins.set_profile, Plugins="bells;sites", **keys)
        assert name == "InvalidArgument" and says in sentence
    assert plugins.client.call("focus", "ListProfiles", "(a{sv})", ({},))[0]["bells.Loud"] == "yes"


def test_an_import_is_held_against_it(plugins):
    def load(text, **opts):
        return plugins.client.call("schedules", "Import", "(sa{sv})", (text, options(**opts)))
    bad = "[Profile deep]\nPlugins=bells\nbells.Loud=maybe\n"
    for opts in ({}, {"dry-run": True}):
        name, sentence = refused(load, bad, **opts)
        assert name == "InvalidArgument" and "yes or no" in sentence
    plugins.install(BELLS, "{")
    assert load(bad)["Profiles"] == 1
    plugins.install(BELLS)
    assert load("[Profile other]\nPlugins=bells\nbells.Loud=yes\n")["Profiles"] == 1
    assert load(bad)["Profiles"] == 0
    assert refused(load, bad.replace("maybe", "perhaps"))[0] == "InvalidArgument"


def test_settings_are_shown_set_and_reset(plugins, pomod):
    shown = plugins.get()
    assert list(shown) == ["loud", "kind", "wait", "device", "volume"]
    assert shown["device"] == {"Key": "device", "Type": "text", "Sentence": "what device does", "Standing": True,
                               "ForEveryone": False, "IsSet": False, "Value": "hw0", "Default": "hw0", "Minimum": "",
                               "Maximum": "", "Choices": []}
    assert shown["kind"]["Choices"] == ["soft", "hard"] and shown["wait"]["Maximum"] == "1m"
    plugins.set("Device", "hw1")
    plugins.set("volume", 30)
    pomod.kill9()
    pomod.start()
    assert (plugins.get()["device"]["Value"], plugins.get()["device"]["IsSet"]) == ("hw1", True)
    assert plugins.get()["volume"]["Value"] == "30"
    plugins.reset("device")
    plugins.reset("device")
    assert (plugins.get()["device"]["Value"], plugins.get()["device"]["IsSet"]) == ("hw0", False)


def test_settings_that_are_refused(plugins):
    assert refused(plugins.set, "volume", 101) == ("InvalidArgument", "bells.volume is \"101\"; it has to be from 0 to 100")
    assert refused(plugins.set, "volume", GLib.Variant("as", []))[0] == "InvalidArgument"
    assert refused(plugins.set, "device", "x" * 16385)[0] == "LimitsExceeded"
    assert refused(plugins.set, "loud", "yes")[0] == "NoSuchSetting"
    assert refused(plugins.reset, "nothing")[0] == "NoSuchSetting"
    for call in (plugins.set, plugins.reset):
        name, sentence = refused(call, "never", *(["a.b"] if call == plugins.set else []), plugin="sites")
        assert name == "NotPossible" and "/etc/pomod/plugins/sites.conf" in sentence
        for key, says in (("block", "sites.block is a key of profiles; it is set there"), ("nothing", 'has no setting "nothing"')):
            name, sentence = refused(call, key, *(["a.b"] if call == plugins.set else []), plugin="sites")
            assert name == "NoSuchSetting" and says in sentence
    for call in (plugins.get, plugins.enable, plugins.disable):
        assert refused(call, "nobody")[0] == "NoSuchPlugin"
    assert refused(plugins.set, "x", "y", plugin="nobody")[0] == "NoSuchPlugin"
    assert refused(plugins.get, "../bells")[0] == "InvalidArgument"
    plugins.set("device", "x" * 16384)


def test_a_disabled_one_gets_no_claims(plugins, pomod):
    plugins.set_profile(Plugins="bells;sites")
    claim = plugins.engage()
    before, *_ = plugins.client.call("focus", "Desired", "(sa{sv})", ("bells", {}))
    plugins.disable()
    after, _, records = plugins.client.call("focus", "Desired", "(sa{sv})", ("bells", {}))
    assert not records and after > before
    assert plugins.desired("sites") and not plugins.list()["bells"]["Enabled"]
    plugins.disable()
    assert plugins.client.call("focus", "Desired", "(sa{sv})", ("bells", {}))[0] == after
    pomod.kill9()
    pomod.start()
    assert plugins.desired() == [] and plugins.desired("sites")
    plugins.enable()
    assert plugins.desired() == plugins.desired("sites")
    assert plugins.client.call("focus", "ListClaims", "(a{sv})", ({},))[0]["Id"] == claim


def test_a_lock_is_not_lifted_by_disabling(plugins):
    plugins.set_profile(Plugins="bells")
    plugins.set_profile("other", Plugins="sites")
    claim = plugins.engage(lock="delay 10m")
    plugins.disable("sites")
    name, sentence = refused(plugins.disable)
    assert name == "Locked" and f"#{claim} (deep)" in sentence
    assert plugins.desired()


def test_engaging_says_at_once_what_is_not_enforced(plugins):
    """By hand and with an interval. In the shell, what is said after it is the property NotEnforced."""
    def engage():
        return plugins.client.ask("focus", "Engage", "(sa{sv})", ("deep", options(for_usec=HOUR)))[1]

    def start():
        made = plugins.client.call("timer", "Start", "(sa{sv})", ("pomodoro", options(focus="deep", switch=True)))
        return made.get("warnings", [])
    plugins.set_profile(Plugins="bells;nobody")
    missing = "the profile deep names the plugin nobody, which is not installed here: that part of it does nothing"
    away = "bells is not running: that part of the profile deep is not enforced; see pomoctl plugin info bells"
    assert engage() == start() == [away, missing]
    plugins.set_profile(Plugins="bells")
    plugins.client.call("focus", "Register", "(sa{sv})", ("bells", {"version": GLib.Variant("s", "1"), "pid": GLib.Variant("u", 1)}))
    assert engage() == start() == []
    plugins.disable()
    assert engage() == start() == [away.replace("is not running", "is disabled")]


def test_engaging_says_which_list_is_gone(plugins):
    """As SetProfile did, while it was not there yet."""
    def gone(said):
        return [each for each in said if "@mine" in each]
    made = plugins.set_profile(Plugins="bells;sites", sites_Block="a.example;@mine")
    assert len(gone(made)) == 1
    for engage in (lambda: plugins.client.ask("focus", "Engage", "(sa{sv})", ("deep", options(for_usec=HOUR)))[1],
                   lambda: plugins.client.call("timer", "Start", "(sa{sv})", ("", options(focus="deep", switch=True)))["warnings"]):
        assert gone(engage()) == gone(made)


def test_one_that_is_gone_can_be_enabled_again(plugins):
    plugins.disable()
    (plugins.folder / "bells.so").unlink()
    (plugins.folder / "bells.json").unlink()
    plugins.enable()
    assert refused(plugins.enable)[0] == "NoSuchPlugin"


def test_a_stale_click_changes_nothing(plugins):
    assert refused(plugins.disable, if_seq=77)[0] == "StateChanged"
    assert plugins.list()["bells"]["Enabled"]


def test_a_setting_that_the_plugin_dropped_can_be_taken_back(plugins):
    plugins.set("device", "hw1")
    plugins.install({**BELLS, "settings": [setting("volume", "number", standing=True)]})
    row = plugins.get()["device"]
    assert (row["Value"], row["IsSet"], row["Standing"]) == ("hw1", True, True) and row["Sentence"].startswith("unknown")
    assert refused(plugins.set, "device", "hw2")[0] == "NoSuchSetting"
    plugins.reset("device")
    assert list(plugins.get()) == ["volume"]
    assert refused(plugins.reset, "device")[0] == "NoSuchSetting"


def test_one_of_the_computer_has_no_values_of_a_user(plugins):
    """What was set while it was one of a session counts for nothing."""
    plugins.set("device", "hw1")
    plugins.set("volume", 30)
    plugins.install({**BELLS, "scope": "system", "settings": [setting("device", standing=True, fallback="hw0")]})
    assert {key: (row["Value"], row["IsSet"]) for key, row in plugins.get().items()} == {"device": ("hw0", False)}


def test_the_list_says_whose_host_is_there(plugins, make_client, bus):
    host = make_client(bus)
    host.register("bells", version="9", pid=77)
    row = plugins.list()["bells"]
    assert (row["State"], row["Version"], row["Pid"]) == ("idle", "9", 77)
    host.call("focus", "Report", "(stssa{sv})", ("bells", 0, "failed", "no sound", {}))
    assert (plugins.list()["bells"]["State"], plugins.list()["bells"]["Message"]) == ("failed", "no sound")
    plugins.set("device", "hw1")
    assert host.call("focus", "Desired", "(sa{sv})", ("bells", {}))[1] == {"device": "hw1"}
    host.close()
    wait_until(lambda: plugins.list()["bells"]["State"] == "absent", "its absence")
    assert plugins.list()["bells"]["Pid"] == 0


# ---- what is not enforced ----

def enforced(client):
    """The sentence of Timer.NotEnforced, empty where all holds."""
    return client.get_all()["NotEnforced"]


def register(host, plugin="bells"):
    host.call("focus", "Register", "(sa{sv})", (plugin, {"version": variant("1.2"), "pid": GLib.Variant("u", os.getpid())}))


def test_what_should_hold_and_does_not_is_said(plugins, client, make_client, bus):
    plugins.install(BELLS)
    plugins.set_profile(Plugins="bells")
    client.subscribe()
    assert enforced(client) == ""
    plugins.engage()
    assert enforced(client) == "bells is not running"
    wait_until(lambda: client.cached()["NotEnforced"] == "bells is not running", "the bar to be told")

    host = make_client(bus)
    register(host)
    wait_until(lambda: client.cached()["NotEnforced"] == "", "its host to count")
    generation, *_ = host.ask("focus", "Desired", "(sa{sv})", ("bells", {}))
    host.call("focus", "Report", "(stssa{sv})", ("bells", generation, "failed", "no bell here", {}))
    wait_until(lambda: client.cached()["NotEnforced"] == "bells failed: no bell here", "its failure to count")
    host.call("focus", "Report", "(stssa{sv})", ("bells", generation, "engaged", "", {}))
    wait_until(lambda: client.cached()["NotEnforced"] == "", "its success to count")
    plugins.disable()
    assert enforced(client) == "bells is disabled"
    plugins.enable()
    host.close()
    wait_until(lambda: client.cached()["NotEnforced"] == "bells is not running", "its end to count")
    client.call("focus", "Release", "(tsa{sv})", (0, "enough", {}))
    assert enforced(client) == ""


def test_many_that_do_not_are_counted(plugins, client):
    names = [f"bells{number}" for number in range(6)]
    plugins.set_profile(Plugins=";".join(names))
    plugins.engage()
    assert enforced(client) == "; ".join(f"{name} is not installed" for name in names[:4]) + "; and 2 more"


@pytest.mark.root
def test_a_host_registers_for_whom_it_acts(plugins):
    """Nobody passes for the host of what acts on the whole computer, nor root for that of a session."""
    for plugin, room, says in (("sites", "focus", "Manager"), ("bells", "manager", "Focus")):
        name, sentence = refused(lambda: plugins.client.register(plugin, room))
        assert name == "NotPossible" and says in sentence
    plugins.client.register("sites", "manager")
    plugins.client.register("bells")
    assert plugins.list()["sites"]["State"] == plugins.list()["bells"]["State"] == "idle"
