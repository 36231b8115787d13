# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Desired, DesiredChanged and Report are enough to reconcile from: a host of a plugin, as small as one can be, keeps its
world as pomod wants it through restarts, crashes and lost signals.
"""

import os
import signal

import pytest
from gi.repository import Gio, GLib

from harness import people
from harness.client import INTERFACES, NAME, PATH, error_name, options
from harness.loop import settle, wait_until
from harness.plugins import engage, release, with_profiles
from harness.units import HOUR, MINUTE, SECOND

PROFILES = """
[Profile deep]
Plugins=sites;mute
sites.Block=example.org
mute.What=mail

[Profile calm]
Plugins=sites
sites.Block=example.net

[Profile loud]
Plugins=mute
"""


INFO = {"version": GLib.Variant("s", "1.0"), "pid": GLib.Variant("u", os.getpid())}


class Host:
    """
    Level-triggered. What is engaged is a table of claims with their ends; an answer replaces it, and nothing else but
    the ends themselves takes anything away. With `manager` it is root's, for all users.
    """

    def __init__(self, bus, plugin, uid, manager=False, deaf=False, **wants):
        self.plugin, self.deaf, self.manager, self.wants = plugin, deaf, manager, wants
        self.path = PATH if manager else f"{PATH}/user/_{uid}"
        self.interface = f"{NAME}.Manager" if manager else INTERFACES["focus"]
        self.connection = bus.connect()
        self.engaged, self.generation = {}, None
        self.failures, self.looks, self.told = [], 0, []
        self.connection.signal_subscribe(NAME, self.interface, "DesiredChanged", self.path, None,
                                         Gio.DBusSignalFlags.NONE, self._on_changed)
        self.connection.signal_subscribe("org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", None, NAME,
                                         Gio.DBusSignalFlags.NONE, self._on_owner)
        self.look(subscribe=True)

    def _on_changed(self, _connection, _sender, _path, _interface, _member, parameters):
        self.told.append(parameters.unpack())
        if not self.deaf and self.told[-1] == (self.plugin,):
            self.look()

    def _on_owner(self, *args):
        if args[5].unpack()[2]:
            self.look(subscribe=True)

    def _call(self, path, interface, method, arguments, timeout):
        return self.connection.call_sync(NAME, path, interface, method, arguments, None, Gio.DBusCallFlags.NO_AUTO_START,
                                         timeout, None).unpack()

    def look(self, subscribe=False, timeout=10000):
        """Asks what should hold and makes it so; without an answer everything stays."""
        self.looks += 1
        try:
            if subscribe:
                self._call(PATH, f"{NAME}.Manager", "Subscribe", GLib.Variant("(a{sv})", (self.wants,)), timeout)
                self._call(self.path, self.interface, "Register", GLib.Variant("(sa{sv})", (self.plugin, INFO)), timeout)
            generation, *between, desired = self._call(self.path, self.interface, "Desired",
                                                 GLib.Variant("(sa{sv})", (self.plugin, {})), timeout)
        except GLib.Error as error:
            self.failures.append(error.message)
            return
        if self.manager:
            desired, self.unknown = *between, desired
        self.generation = generation
        self.resting = [record["Claim"] for record in desired if record["RestsUntilBoottimeUSec"] > 0]
        desired = [record for record in desired if record["RestsUntilBoottimeUSec"] == 0]
        self.engaged = {(record["Uid"], record["Claim"]): record for record in desired}
        self.report("engaged" if self.engaged else "released")

    def report(self, state, message="", generation=None, **opts):
        self._call(self.path, self.interface, "Report", GLib.Variant(
            "(stssa{sv})", (self.plugin, self.generation if generation is None else generation, state, message, options(**opts))), 10000)

    def world(self, key):
        """The union of what the claims ask for."""
        return sorted({value for record in self.engaged.values()
                       for value in record["Settings"].get(key, "").split(";") if value})

    def wait_world(self, key, wanted):
        wait_until(lambda: self.world(key) == wanted, f"{key} to be {wanted}")

    def wait_looked(self, more_than):
        wait_until(lambda: self.looks > more_than, "the host to look again")

    def close(self):
        if not self.connection.is_closed():
            self.connection.close_sync(None)


@pytest.fixture
def make_host():
    made = []

    def make(*args, **kwargs):
        made.append(Host(*args, **kwargs))
        return made[-1]

    yield make
    for host in made:
        host.close()


@pytest.fixture
def user(pomod, client):
    return with_profiles(client, PROFILES)


@pytest.fixture
def clock_user(test_clock_pomod, client):
    return with_profiles(client, PROFILES)


def reports(client):
    return {record["Plugin"]: record for record in client.call("focus", "ListReports", "(a{sv})", ({},))}


def test_what_was_engaged_before_it_came(user, bus, make_host):
    claim = engage(user, "deep", lock="delay 10m")
    host = make_host(bus, "sites", user.uid)
    (record,) = host.engaged.values()
    assert (record["Plugin"], record["Uid"], record["Claim"]) == ("sites", user.uid, claim)
    assert record["Settings"] == {"Block": "example.org"}
    assert (record["Lock"], record["Source"], record["BootId"]) == ("delay 10m", "user", user.get_all()["BootId"])
    assert 0 < record["UntilBoottimeUSec"] and record["UntilRealtimeUSec"] > 10**15
    assert reports(user)["sites"]["State"] == "engaged"


def test_it_is_told_of_what_comes_and_goes(user, bus, make_host):
    host = make_host(bus, "sites", user.uid)
    assert host.world("Block") == []
    claim = engage(user, "deep")
    host.wait_world("Block", ["example.org"])
    release(user, claim)
    host.wait_world("Block", [])
    wait_until(lambda: reports(user)["sites"]["State"] == "idle", "the report")


def test_the_union_of_claims(user, bus, make_host):
    host = make_host(bus, "sites", user.uid)
    first = engage(user, "deep")
    engage(user, "calm", 2 * HOUR)
    engage(user, "loud")
    host.wait_world("Block", ["example.net", "example.org"])
    assert len(host.engaged) == 2, "a profile without the plugin is nothing to it"
    release(user, first)
    host.wait_world("Block", ["example.net"])


def test_an_interval_and_its_break(clock_user, test_clock_pomod, bus, make_host):
    host = make_host(bus, "sites", clock_user.uid)
    clock_user.start("pomodoro", focus="deep")
    host.wait_world("Block", ["example.org"])
    assert [record["Source"] for record in host.engaged.values()] == ["interval"]
    test_clock_pomod.advance(25 * MINUTE)
    assert clock_user.get_all()["State"] == "short-break"
    host.wait_world("Block", [])


def test_it_ends_when_it_should(clock_user, test_clock_pomod, bus, make_host):
    host = make_host(bus, "sites", clock_user.uid)
    engage(clock_user, "deep", 10 * MINUTE)
    host.wait_world("Block", ["example.org"])
    test_clock_pomod.advance(10 * MINUTE - SECOND)
    host.look()
    assert host.world("Block") == ["example.org"]
    test_clock_pomod.advance(SECOND)
    host.wait_world("Block", [])


def test_pomod_crashes(user, pomod, bus, make_host):
    host = make_host(bus, "sites", user.uid)
    claim = engage(user, "deep", lock="admin")
    host.wait_world("Block", ["example.org"])
    before = dict(host.engaged)
    pomod.kill9()
    settle()
    assert host.engaged == before, "nobody there to ask is not an empty answer"
    host.look(timeout=500)
    assert host.failures and host.engaged == before
    looks = host.looks
    pomod.restart()
    host.wait_looked(looks)
    assert host.engaged == before, "the same claim, the same end"
    assert {key[1] for key in host.engaged} == {claim}
    engage(user, "calm")
    host.wait_world("Block", ["example.net", "example.org"])
    wait_until(lambda: reports(user)["sites"]["State"] == "engaged", "a report to the new one")


def test_pomod_hangs(user, pomod, bus, make_host):
    host = make_host(bus, "sites", user.uid)
    engage(user, "deep")
    host.wait_world("Block", ["example.org"])
    before = dict(host.engaged)
    pomod.process.send_signal(signal.SIGSTOP)
    try:
        host.look(timeout=200)
        assert host.failures and host.engaged == before
    finally:
        pomod.process.send_signal(signal.SIGCONT)
    host.look()
    assert host.engaged == before


def test_an_error_is_no_answer(user, bus, make_host):
    host = make_host(bus, "sites", user.uid)
    engage(user, "deep")
    host.wait_world("Block", ["example.org"])
    host.plugin = "No Plugin"
    host.look()
    assert "No Plugin" in host.failures[-1] and host.world("Block") == ["example.org"]


def test_lost_signals(user, pomod, bus, make_host):
    host = make_host(bus, "sites", user.uid, deaf=True)
    first = engage(user, "deep")
    engage(user, "calm")
    release(user, first)
    wait_until(lambda: len(host.told) >= 3, "three signals, all of them lost on it")
    assert host.world("Block") == []
    looks = host.looks
    pomod.restart()
    host.wait_looked(looks)
    assert host.world("Block") == ["example.net"]


def test_a_host_that_comes_back(user, bus, make_host):
    host = make_host(bus, "sites", user.uid)
    first = engage(user, "deep")
    host.wait_world("Block", ["example.org"])
    host.close()
    release(user, first)
    engage(user, "calm")
    again = make_host(bus, "sites", user.uid)
    assert again.world("Block") == ["example.net"]
    assert again.generation > host.generation


def test_an_older_report_is_ignored(user, bus, make_host):
    host = make_host(bus, "sites", user.uid)
    old = host.generation
    engage(user, "deep")
    host.wait_world("Block", ["example.org"])
    host.report("failed", "cannot write /etc/hosts")
    host.report("released", generation=old)
    assert (reports(user)["sites"]["State"], reports(user)["sites"]["Message"]) == ("failed", "cannot write /etc/hosts")
    host.report("released", "of a pomod that is gone", generation=host.generation + 1000)
    assert reports(user)["sites"]["State"] == "failed"
    host.report("engaged")
    assert reports(user)["sites"]["State"] == "engaged"


def test_a_report_to_an_earlier_run_is_ignored(user, bus, pomod, make_host):
    """A host that hangs over a restart says later what it found before it: that is nothing about now."""
    host = make_host(bus, "sites", user.uid)
    engage(user, "deep")
    host.wait_world("Block", ["example.org"])
    old = host.generation
    host.close()  # it hangs: it does not hear of the new run
    pomod.kill9()
    pomod.start()
    user.register("sites")
    user.call("focus", "Report", "(stssa{sv})", ("sites", old, "failed", "cannot write /etc/hosts", {}))
    assert reports(user) == {}
    assert user.call("focus", "ListClaims", "(a{sv})", ({},))[0].get("Failures", []) == []


@pytest.mark.parametrize("arguments", (("Sites", 0, "engaged", ""), ("", 0, "engaged", ""), ("-x", 0, "engaged", ""),
                                       ("sites", 0, "happy", ""), ("sites", 0, "engaged", "two\nlines"), ("s" * 65, 0, "engaged", "")))
def test_a_report_that_makes_no_sense(user, arguments):
    user.register("sites")
    with pytest.raises(GLib.Error) as refused:
        user.call("focus", "Report", "(stssa{sv})", (*arguments, {}))
    assert not error_name(refused.value).endswith(".NotPossible"), "it is the report that is refused"
    assert reports(user) == {}


# ---- root, for the whole computer ----

@pytest.fixture
def many_pomod(make_daemon, system_policy_bus):
    return make_daemon(system_policy_bus, bus_argument="--bus=system",
                       env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_policy_bus.address}).start()


@pytest.fixture
def users(system_policy_bus, many_pomod, make_client, other_uid):
    """Two users on a system bus, as root sees them."""
    return [with_profiles(make_client(system_policy_bus, uid=uid), PROFILES) for uid in (other_uid, people.BOB)]


def system_reports(client):
    return {(record["Plugin"], record.get("Uid")): record["State"]
            for record in client.call("manager", "ListReports", "(a{sv})", ({},))}


@pytest.mark.root
def test_all_users(users, system_policy_bus, make_host):
    host = make_host(system_policy_bus, "sites", 0, manager=True)
    assert host.engaged == {}
    first = engage(users[0], "deep")
    engage(users[1], "calm")
    host.wait_world("Block", ["example.net", "example.org"])
    assert {uid for uid, _ in host.engaged} == {user.uid for user in users}
    release(users[0], first)
    host.wait_world("Block", ["example.net"])
    host.report("failed", "nft is missing", uid=users[1].uid)
    assert system_reports(users[0]) == {("sites", None): "engaged", ("sites", users[1].uid): "failed"}
    assert reports(users[0]) == {}
    assert reports(users[1])["sites"]["Message"] == "nft is missing"
    assert [claim["Failure"] for claim in users[1].call("focus", "ListClaims", "(a{sv})", ({},))] == ["sites: nft is missing"]
    assert [claim["Failure"] for claim in users[0].call(
        "focus", "ListClaims", "(a{sv})", (options(from_realtime_usec=1),))] == [""]
    # Of nobody, or of somebody who is not there, it is kept all the same.
    host.report("failed", "no kernel")
    host.report("failed", "no user", uid=4_000_000_000)
    assert system_reports(users[0])[("sites", 4_000_000_000)] == "failed"


@pytest.mark.root
def test_it_is_told_of_the_plugin_that_changed(users, system_policy_bus, make_host):
    sites = make_host(system_policy_bus, "sites", 0, manager=True)
    mute = make_host(system_policy_bus, "mute", 0, manager=True)
    engage(users[0], "calm")
    sites.wait_world("Block", ["example.net"])
    engage(users[1], "loud")
    wait_until(lambda: len(mute.engaged) == 1, "mute to be engaged")
    assert mute.told == [("sites",), ("mute",)] and mute.looks == 2


@pytest.mark.root
def test_a_crash_with_all_users(users, system_policy_bus, many_pomod, make_host):
    host = make_host(system_policy_bus, "sites", 0, manager=True)
    for user in users:
        engage(user, "deep")
    wait_until(lambda: len(host.engaged) == 2, "both")
    before = dict(host.engaged)
    many_pomod.kill9()
    settle()
    assert host.engaged == before
    looks = host.looks
    many_pomod.restart()
    host.wait_looked(looks)
    assert host.engaged == before, "both users are there before anybody asked for them"


@pytest.mark.root
def test_nobody_else_is_told(users, system_policy_bus, make_host, make_recorder, other_uid):
    recorder = make_recorder(system_policy_bus, uid=other_uid)
    recorder.match("type='signal'")
    assert recorder.call(PATH, f"{NAME}.Manager", "Subscribe") == "ok"
    host = make_host(system_policy_bus, "sites", 0, manager=True)
    engage(users[1], "deep")
    host.wait_world("Block", ["example.org"])
    assert [message for message in recorder.from_daemon() if message["type"] == "signal"] == []
