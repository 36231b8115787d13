# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Who is the host of a plugin, what it alone may say, what it alone is told, and what becomes of claims without one."""

import pytest
from gi.repository import Gio, GLib

from harness import people
from harness.client import NAME, PATH, options, refused
from harness.loop import wait_until
from harness.plugins import engage, release, with_profiles
from harness.units import HOUR, MINUTE, SECOND

PROFILES = "[Profile deep]\nPlugins=sites;mute\nsites.Block=example.org\n[Profile calm]\nPlugins=mute\n"


@pytest.fixture
def user(pomod, client):
    return with_profiles(client, PROFILES)


@pytest.fixture
def clock_user(test_clock_pomod, client):
    return with_profiles(client, PROFILES)


def desired(client, plugin="sites"):
    return client.call("focus", "Desired", "(sa{sv})", (plugin, {}))


def report(client, plugin="sites", state="failed", message="no rights", room="focus", **opts):
    client.call(room, "Report", "(stssa{sv})", (plugin, 0, state, message, options(**opts)))


def failed_alone(*records):
    return GLib.Variant("aa{sv}", [{key: GLib.Variant(*value) for key, value in record.items()} for record in records])


def state(client, plugin="sites"):
    return {row["Plugin"]: row["State"] for row in client.call("focus", "ListReports", "(a{sv})", ({},))}[plugin]


def said(client, key):
    return [claim[key] for claim in client.call("focus", "ListClaims", "(a{sv})", ({},))]


def failures(client):
    return said(client, "Failure")


# ---- who it is ----

def test_one_host_at_a_time(user, make_client, bus):
    host, other = make_client(bus), make_client(bus)
    host.register("sites", pid=4321)
    name, sentence = refused(other.register, "sites")
    assert name == "Busy" and "sites" in sentence and "4321" in sentence
    host.register("sites", version="1.1", pid=4322)
    assert "4322" in refused(other.register, "sites")[1]
    other.register("mute")
    report(host, state="engaged", message="")
    assert state(user) == "engaged"
    report(host, state="released", message="")
    assert state(user) == "idle"
    host.close()
    wait_until(lambda: state(user) == "absent", "it to be absent")
    other.register("sites")
    assert state(user) == "idle"


def test_it_alone_reports(user, make_client, bus):
    host = make_client(bus)
    name, sentence = refused(report, user)
    assert name == "NotPossible" and "Register" in sentence
    host.register("sites")
    for client, plugin in ((user, "sites"), (host, "mute")):
        assert refused(report, client, plugin)[0] == "NotPossible"
    report(host)
    assert state(user) == "failed"


@pytest.mark.parametrize("info, name, says", (
    ({"version": ("s", "1")}, "InvalidArgument", "pid"), ({"pid": ("u", 1)}, "InvalidArgument", "version"),
    ({}, "InvalidArgument", "both wanted"), ({"version": ("s", "1"), "pid": ("u", 0)}, "InvalidArgument", "pid"),
    ({"version": ("s", "x" * 65), "pid": ("u", 1)}, "LimitsExceeded", "64"),
    ({"version": ("s", "1\n"), "pid": ("u", 1)}, "InvalidArgument", "version"),
    ({"version": ("u", 1), "pid": ("u", 1)}, "InvalidArgument", "version"),
    ({"version": ("s", "1"), "pid": ("x", -1)}, "InvalidArgument", "pid"),
    ({"version": ("s", "1"), "pid": ("u", 1), "abi": ("u", 1)}, "InvalidArgument", "abi")))
def test_what_it_says_of_itself_has_to_make_sense(user, info, name, says):
    given = {key: GLib.Variant(*value) for key, value in info.items()}
    answer = refused(user.call, "focus", "Register", "(sa{sv})", ("sites", given))
    assert answer[0] == name and says in answer[1]
    assert refused(report, user)[0] == "NotPossible"


@pytest.mark.root
def test_as_many_as_there_may_be(user, make_client, bus):
    for n in range(64):
        user.register(f"p{n}", version="v" * 64)
        user.register(f"p{n}", "manager")
    for room in ("focus", "manager"):
        assert refused(user.register, "more", room)[0] == "LimitsExceeded"
    user.register("p63", version="2")
    assert refused(make_client(bus).register, "p7")[0] == "Busy"


def test_a_restart_forgets_it(user, pomod, make_client, bus):
    host = make_client(bus)
    host.register("sites")
    pomod.kill9()
    pomod.restart()
    assert refused(report, host)[0] == "NotPossible"
    user.register("sites")


# ---- what it says ----

def test_claims_that_fail_alone(user):
    first, second = engage(user, "deep"), engage(user, "deep")
    user.register("sites")
    user.register("mute")
    report(user, message="", claims=failed_alone({"Claim": ("t", second), "Message": ("s", "no such list")},
                                                 {"Claim": ("t", 4_000_000), "Message": ("s", "is over")}))
    assert failures(user) == ["sites", "sites: no such list"] and state(user) == "failed"
    assert said(user, "Failing") == ["", "sites: no such list"] and said(user, "Enforced") == [False, False]
    report(user, message="", claims=failed_alone({"Claim": ("t", first), "Uid": ("u", user.uid)}))
    assert said(user, "Failing") == ["sites", ""]


def test_claims_that_hold_in_part(user, make_client, bus):
    """They are no failure, now or on record, and one that is on record stays there."""
    first, second = engage(user, "deep"), engage(user, "deep")
    host = make_client(bus)
    user.register("sites")
    host.register("mute")
    report(user, state="engaged", message="", claims=failed_alone({"Claim": ("t", first), "Message": ("s", "x")},
                                                                  {"Claim": ("t", first), "Message": ("s", "no such list")}))
    report(host, "mute", state="engaged", message="", claims=failed_alone({"Claim": ("t", first), "Message": ("s", "one card alone")}))
    assert failures(user) == ["", ""] and said(user, "Enforced") == [True, True] and said(user, "Failing") == ["", ""]
    assert said(user, "InPart") == ["sites: no such list; mute: one card alone", ""]
    host.close()
    wait_until(lambda: said(user, "InPart") == ["sites: no such list", ""], "who is gone to count no more")
    report(user)
    report(user, state="engaged", message="", claims=failed_alone({"Claim": ("t", second), "Message": ("s", "later")}))
    assert failures(user) == ["sites: no rights"] * 2 and said(user, "InPart") == ["", "sites: later"]


def test_a_claim_that_held_in_part_is_on_record(user):
    claim = engage(user, "deep")
    user.register("sites")
    user.register("mute")
    report(user, state="engaged", message="", claims=failed_alone({"Claim": ("t", claim), "Message": ("s", "no such list")}))
    user.call("focus", "Release", "(tsa{sv})", (claim, "", {}))
    (past,) = user.call("focus", "ListClaims", "(a{sv})", (options(from_realtime_usec=1),))
    assert (past["Failure"], past["InPart"], past["Enforced"]) == ("", "sites: no such list", True)


def test_a_failure_that_is_over_is_on_record_alone(user):
    engage(user, "deep")
    user.register("sites")
    user.register("mute")
    report(user)
    assert said(user, "Enforced") == [False]
    report(user, state="engaged", message="")
    assert said(user, "Enforced") == [True] and failures(user) == ["sites: no rights"]


@pytest.mark.parametrize("record, name, says", (
    ({"Message": ("s", "x")}, "InvalidArgument", "Claim"), ({"Claim": ("s", "1")}, "InvalidArgument", "Claim"),
    ({"Claim": ("t", 1), "Uid": ("u", 4242)}, "InvalidArgument", "4242"), ({"Claim": ("t", 1), "Why": ("s", "")}, "InvalidArgument", "Why"),
    ({"Claim": ("t", 1), "Message": ("s", "x" * 4097)}, "LimitsExceeded", "4096"),
    ({"Claim": ("t", 1), "Message": ("t", 7)}, "InvalidArgument", "Message")))
def test_claims_that_make_no_sense(user, record, name, says):
    engage(user, "deep")
    user.register("sites")
    answer = refused(report, user, claims=failed_alone(record))
    assert answer[0] == name and says in answer[1]
    assert failures(user) == [""], "nothing of it is taken"


def test_as_many_claims_as_one_report_holds(user):
    user.register("sites")
    claim = {"Claim": ("t", engage(user, "deep"))}
    report(user, state="engaged", claims=failed_alone(*[claim] * 1000))
    assert refused(report, user, claims=failed_alone(*[claim] * 1001))[0] == "LimitsExceeded"
    assert refused(report, user, claims="all")[0] == "InvalidArgument"


def test_a_hand_that_lifted_it(user):
    engage(user, "deep")
    engage(user, "calm")
    user.call("focus", "NoteReleased", "(ssa{sv})", ("sites", "the boss called", {}))
    assert failures(user) == ["sites: released by hand: the boss called", ""]
    user.register("sites")
    user.register("mute")
    report(user)
    assert failures(user) == ["sites: released by hand: the boss called", ""]
    assert said(user, "Failing") == ["sites: released by hand: the boss called", ""]
    report(user, state="engaged", message="")
    assert said(user, "Failing") == ["", ""] and said(user, "Enforced") == [True, True], "it is back"
    assert refused(user.call, "focus", "NoteReleased", "(ssa{sv})", ("sites", "x" * 4097, {}))[0] == "LimitsExceeded"
    assert refused(user.call, "focus", "NoteReleased", "(ssa{sv})", ("No", "x", {}))[0] == "InvalidArgument"


# ---- what it is told ----

def test_a_record(clock_user, test_clock_pomod):
    claim = engage(clock_user, "deep", lock="delay 10m")
    test_clock_pomod.advance(5 * MINUTE)
    generation, standing, (record,) = desired(clock_user)
    boot = test_clock_pomod.get()["boot"]
    assert standing == {} and "Lists" not in record
    assert {key: record[key] for key in ("Plugin", "Uid", "Claim", "Profile", "Settings", "Lock", "Source", "Firm")} == {
        "Plugin": "sites", "Uid": clock_user.uid, "Claim": claim, "Profile": "deep", "Settings": {"Block": "example.org"},
        "Lock": "delay 10m", "Source": "user", "Firm": True}
    assert (record["LengthUSec"], record["UntilBoottimeUSec"]) == (HOUR, boot + 55 * MINUTE)
    assert (record["ReleaseBoottimeUSec"], record["RestsUntilBoottimeUSec"]) == (0, 0)

    release(clock_user, claim)
    later, _, (record,) = desired(clock_user)
    assert record["ReleaseBoottimeUSec"] == boot + 10 * MINUTE and later > generation
    clock_user.call("focus", "Withdraw", "(ta{sv})", (claim, {}))
    last, _, (record,) = desired(clock_user)
    assert record["ReleaseBoottimeUSec"] == 0 and last > later


def test_who_is_no_host_is_told_less(user, make_client, bus):
    name = "big" + "x" * 61
    keys = {"Plugins": "sites", "sites.Block": "x" * 2100}
    user.call("focus", "SetProfile", "(sa{sv}a{sv})", (name, options(**keys), {}))
    for _ in range(100):
        engage(user, name)
    host = make_client(bus)
    host.register("sites")
    assert len(desired(host)[2]) == 100
    name, sentence = refused(desired, user)
    assert name == "LimitsExceeded" and "256 KiB" in sentence and "Register" in sentence
    user.register("mute")
    assert refused(desired, user)[0] == "LimitsExceeded", "of another plugin it is the host"


class Heard:
    """The signals of one object that a connection is sent, after it subscribed to some of them."""

    def __init__(self, client, path=None, **wants):
        self.client, self.signals = client, []
        client.connection.signal_subscribe(NAME, None, None, path or client.path, None, Gio.DBusSignalFlags.NONE, self._on_signal)
        self.subscribe(**wants)

    def subscribe(self, **wants):
        words = {key: GLib.Variant("as", value) if key == "what" else GLib.Variant("s", value) for key, value in wants.items()}
        self.client.call("manager", "Subscribe", "(a{sv})", (words,))

    def _on_signal(self, _connection, _sender, _path, _interface, member, parameters):
        self.signals.append((member, parameters.unpack()[0] if member == "DesiredChanged" else None))

    def take(self):
        self.client.wait_signal_round_trip()
        heard, self.signals = self.signals, []
        return heard


def test_told_of_what_was_asked_for(user, make_client, bus):
    """Each connection what it wants; the last call counts."""
    everything, timer, events, sites, both = (Heard(make_client(bus), **wants) for wants in (
        {}, {"what": ["timer"]}, {"what": ["events"]}, {"what": ["desired"], "plugin": "sites"}, {"what": ["events", "desired"]}))
    engage(user, "deep")
    assert {name for name, _ in everything.take()} == {"PropertiesChanged", "Event", "DesiredChanged"}
    assert {name for name, _ in timer.take()} == {"PropertiesChanged"}
    assert {name for name, _ in events.take()} == {"Event"}
    assert sites.take() == [("DesiredChanged", "sites")]
    told = both.take()
    assert sorted(plugin for name, plugin in told if name == "DesiredChanged") == ["mute", "sites"]
    assert {name for name, _ in told} == {"Event", "DesiredChanged"}
    engage(user, "calm")
    assert sites.take() == [] and ("DesiredChanged", "mute") in both.take()
    sites.subscribe(what=["desired"], plugin="mute")
    both.subscribe(what=["timer"])
    engage(user, "calm")
    assert sites.take() == [("DesiredChanged", "mute")]
    assert {name for name, _ in both.take()} == {"PropertiesChanged"}


def test_told_of_what_makes_no_sense(user):
    for wants, says in (({"what": GLib.Variant("as", ["bells"])}, "bells"), ({"what": GLib.Variant("s", "timer")}, "list of strings"),
                        ({"plugin": GLib.Variant("s", "No Plugin")}, "No Plugin"), ({"what": GLib.Variant("as", ["timer"] * 20)}, "64")):
        name, sentence = refused(user.call, "manager", "Subscribe", "(a{sv})", (wants,))
        assert name in ("InvalidArgument", "LimitsExceeded") and says in sentence


# ---- claims without one ----

def test_nobody_acts_on_it(clock_user, test_clock_pomod, make_client, bus):
    host = make_client(bus)
    host.register("sites")
    engage(clock_user, "deep")
    engage(clock_user, "calm")
    test_clock_pomod.advance(MINUTE - SECOND)
    assert failures(clock_user) == ["", ""]
    test_clock_pomod.advance(2 * SECOND)
    mute = failures(clock_user)
    assert all(text.startswith("mute: not running since ") for text in mute) and mute[0] == mute[1]
    clock_user.register("mute")
    report(host, state="engaged", message="")
    host.close()
    wait_until(lambda: state(clock_user) == "absent", "it to be absent")
    test_clock_pomod.advance(2 * MINUTE)
    assert failures(clock_user)[0].startswith("sites: not running since ") and failures(clock_user)[1] == mute[1]


# ---- root, for the whole computer ----

@pytest.fixture
def users(system_policy_bus, make_daemon, make_client, other_uid):
    make_daemon(system_policy_bus, bus_argument="--bus=system",
                env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_policy_bus.address}).start()
    return [with_profiles(make_client(system_policy_bus, uid=uid), PROFILES) for uid in (other_uid, people.BOB)]


@pytest.fixture
def root(users, system_policy_bus, make_client):
    return make_client(system_policy_bus, uid=0)


@pytest.mark.root
def test_the_host_of_all_users(users, root):
    claims = [engage(user, "deep") for user in users]
    assert refused(report, root, room="manager")[0] == "NotPossible"
    root.register("sites", "manager")
    report(root, room="manager", state="engaged", message="",
           claims=failed_alone({"Uid": ("u", users[1].uid), "Claim": ("t", claims[1]), "Message": ("s", "no such list")}))
    assert (said(users[0], "InPart"), said(users[1], "InPart")) == ([""], ["sites: no such list"])
    assert "Uid" in refused(report, root, room="manager", claims=failed_alone({"Claim": ("t", 1)}))[1]
    report(root, room="manager", message="no nft")
    assert (failures(users[0]), failures(users[1])) == (["sites: no nft"], ["sites: no nft"])
    root.call("manager", "NoteReleased", "(ssa{sv})", ("sites", "", {}))
    assert failures(users[0]) == failures(users[1]) == ["sites: released by hand"]


@pytest.mark.root
def test_who_is_no_host_of_all_is_told_less(users, root, system_policy_bus, make_client):
    for user, n in zip(users, (60, 90), strict=True):
        user.call("focus", "SetProfile", "(sa{sv}a{sv})", ("big", options(Plugins="sites", **{"sites.Block": "x" * 2000}), {}))
        for _ in range(n):
            engage(user, "big")
    *_, records, unknown = root.call("manager", "Desired", "(sa{sv})", ("sites", {}))
    assert len(records) == 60 and unknown == [users[1].uid]
    root.register("sites", "manager")
    *_, records, unknown = root.call("manager", "Desired", "(sa{sv})", ("sites", {}))
    assert len(records) == 150 and unknown == []


@pytest.mark.root
def test_root_is_told_of_its_plugin_alone(users, root):
    heard = Heard(root, PATH, what=["desired"], plugin="mute")
    engage(users[0], "calm")
    engage(users[1], "calm")
    wait_until(lambda: len(heard.signals) == 2, "both")
    assert heard.take() == [("DesiredChanged", "mute")] * 2
    heard.subscribe(plugin="sites")
    engage(users[0], "deep")
    wait_until(lambda: heard.signals, "the signal")
    assert heard.take() == [("DesiredChanged", "sites")]
    name, sentence = refused(heard.subscribe, what=["timer"])
    assert name == "InvalidArgument" and "uid" in sentence
