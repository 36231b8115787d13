# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""An administrator's lock: polkit decides, nobody waits for it, nothing changes before its word, and root needs none."""

import contextlib

import pytest
from gi.repository import Gio, GLib

from harness import bus as buses
from harness.client import INTERFACES, options
from harness.loop import wait_until, watching_exit
from harness.polkit import OVERRIDE_LOCK, Call, Polkit
from harness.units import HOUR

pytestmark = pytest.mark.root
DENIED = "org.freedesktop.DBus.Error.AccessDenied"

AUTHORITY = """<node><interface name="org.freedesktop.PolicyKit1.Authority"><method name="CheckAuthorization">
<arg type="(sa{sv})" direction="in"/><arg type="s" direction="in"/><arg type="a{ss}" direction="in"/>
<arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="(bba{ss})" direction="out"/></method></interface></node>"""


@pytest.fixture
def shared_bus(folder):
    """A bus on which everybody may be anybody, in place of the system's."""
    policy = buses.SESSION_POLICY.replace('<allow own="*"/>', '<allow own="*"/><allow user="*"/>')
    instance = buses.Bus(folder / "shared-bus", "system", policy)
    yield instance
    instance.close()


@pytest.fixture
def daemon(make_daemon, shared_bus):
    return make_daemon(shared_bus, bus_argument="--bus=system",
                       env_more={"DBUS_SYSTEM_BUS_ADDRESS": shared_bus.address}).start()


@pytest.fixture
def polkit(shared_bus):
    instance = Polkit(shared_bus)
    yield instance
    instance.stop()


@pytest.fixture
def root(daemon, make_client, shared_bus, other_uid):
    """Root, with the object of the user before it: a profile is locked."""
    client = make_client(shared_bus, uid=other_uid)
    client.call("focus", "SetProfile", "(sa{sv}a{sv})", ("deep", options(Plugins="sites", **{"sites.Block": "example.org"}), {}))
    client.call("focus", "Engage", "(sa{sv})", ("deep", options(for_usec=HOUR, lock="admin")))
    return client


@pytest.fixture
def release(root, shared_bus, other_uid):
    """release(…): the user, who is not root, releases everything."""
    def call(claim=0, reason="enough", interactive=False):
        return Call(other_uid, shared_bus, root.path, INTERFACES["focus"], "Release",
                    f"(uint64 {claim}, '{reason}', @a{{sv}} {{}})", interactive)
    return call


def in_force(client):
    return client.call("focus", "ListClaims", "(a{sv})", ({},))


def test_allowed(root, release, polkit):
    polkit.allow(OVERRIDE_LOCK)
    (claim,) = in_force(root)
    assert claim["Lock"] == "admin"
    assert release(claim["Id"], "the house is on fire").result()[0] == "ok"
    assert in_force(root) == []
    (past,) = root.call("focus", "ListClaims", "(a{sv})", (options(from_realtime_usec=0),))
    assert (past["State"], past["Reason"]) == ("released", "the house is on fire")


def test_not_allowed(root, release, polkit):
    polkit.allow("org.pomod.something-else")
    name, message = release().result()
    assert name == DENIED and "administrator" in message
    assert len(in_force(root)) == 1


def test_no_polkit(root, release):
    name, message = release().result()
    assert name == DENIED and "only root" in message
    assert len(in_force(root)) == 1


def test_without_a_reason_nobody_is_asked(root, release, polkit):
    polkit.hang()
    name, message = release(reason=" ").result()
    assert name == "org.pomod.Pomod1.Error.Locked" and "reason" in message


def test_root_is_not_asked(root, polkit):
    root.call("focus", "Release", "(tsa{sv})", (0, "as root", {}))
    assert in_force(root) == []


def test_what_has_no_such_lock_is_not_asked_about(root, release, polkit):
    root.call("focus", "Release", "(tsa{sv})", (0, "as root", {}))
    claim = root.call("focus", "Engage", "(sa{sv})", ("deep", options(for_usec=HOUR)))
    assert release(claim).result()[0] == "ok"


def test_while_polkit_thinks_others_are_served(root, release, polkit):
    polkit.hang()
    polkit.allow(OVERRIDE_LOCK)
    call = release()
    polkit.wait_hanging()
    assert root.get_all()["State"] == "idle"
    assert root.start("pomodoro") > 0
    assert len(in_force(root)) == 1 and not call.done()
    polkit.answer()
    assert call.result()[0] == "ok"
    assert in_force(root) == []


def test_a_word_about_one_profile_is_none_about_another(root, release, polkit):
    """Another lock that is engaged while polkit thinks is asked about by itself."""
    polkit.hang()
    polkit.allow(OVERRIDE_LOCK)
    call = release()
    polkit.wait_hanging()
    root.call("focus", "SetProfile", "(sa{sv}a{sv})", ("light", options(Plugins="sites", **{"sites.Block": "example.net"}), {}))
    root.call("focus", "Engage", "(sa{sv})", ("light", options(for_usec=HOUR, lock="admin")))
    polkit.answer()
    polkit.wait_hanging()
    assert len(in_force(root)) == 2 and not call.done()
    polkit.answer()
    assert call.result()[0] == "ok"
    assert in_force(root) == []


def test_it_ends_while_polkit_thinks(root, release, polkit, daemon):
    polkit.hang()
    call = release()
    polkit.wait_hanging()
    daemon.stop()
    assert call.result()[0] == "org.freedesktop.DBus.Error.NoReply"


def test_polkit_that_leaves_while_it_thinks(root, release, polkit):
    polkit.hang()
    call = release()
    polkit.wait_hanging()
    polkit.process.kill()
    name, message = call.result()
    assert name == DENIED and "did not answer" in message
    assert len(in_force(root)) == 1


def test_so_many_at_once(root, release, polkit):
    polkit.hang()
    polkit.allow(OVERRIDE_LOCK)
    calls = [release() for _ in range(9)]
    with contextlib.ExitStack() as stack:
        for call in calls:
            stack.enter_context(watching_exit(call.pid))
        wait_until(lambda: any(call.done() for call in calls), "one of them to be refused")
    (refused,) = [call for call in calls if call.done()]
    name, message = refused.result()
    assert name == "org.pomod.Pomod1.Error.LimitsExceeded" and "8" in message
    polkit.answer()
    assert "ok" in [call.result()[0] for call in calls if call is not refused]


# ---- what polkit is asked ----

@pytest.fixture
def authority(shared_bus):
    """polkit as the test's own object: (flags, action, details, subject) of each question, which a password would answer."""
    connection = shared_bus.connect()
    asked = []

    def on_call(_connection, _sender, _path, _interface, _method, parameters, invocation):
        subject, action, details, flags, _cancel = parameters.unpack()
        asked.append((flags, action, details, subject))
        invocation.return_value(GLib.Variant("((bba{ss}))", ((False, True, {}),)))

    interface = Gio.DBusNodeInfo.new_for_xml(AUTHORITY).interfaces[0]
    connection.register_object(Polkit.PATH, interface, on_call, None, None)
    connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                         GLib.Variant("(su)", (Polkit.NAME, 0)), None, 0, 10000, None)
    yield asked
    connection.close_sync(None)


def finished(call):
    with watching_exit(call.pid):
        wait_until(call.done, "the answer")
    return call.result()


@pytest.mark.parametrize("interactive", (False, True))
def test_a_password_is_asked_for_where_the_call_allows_it(root, release, authority, interactive):
    name, _ = finished(release(interactive=interactive))
    assert name == (DENIED if interactive else "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired")
    ((flags, action, details, subject),) = authority
    assert flags == (1 if interactive else 0)
    assert action == OVERRIDE_LOCK and details == {"profile": "deep"}
    assert subject[0] == "system-bus-name" and subject[1]["name"].startswith(":")
