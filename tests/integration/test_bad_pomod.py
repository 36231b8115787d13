# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
A pomod that answers errors, nothing, late, nonsense or of an older generation, and somebody else who says that they are pomod or the
bus: what holds is not lifted by any of it.
"""

import os

import pytest
from gi.repository import Gio, GLib

from harness import people
from harness.client import INTERFACES, NAME, PATH
from harness.loop import repeat_until, wait_until
from harness.plugins import HELD, MORE, engage, make_profiles, profile, start_holding, wait_listed
from harness.raw import RawConnection
from harness.units import SECOND

XML = """
<node>
  <interface name="org.pomod.Pomod1.Manager">
    <method name="Subscribe"><arg type="a{sv}" direction="in"/><arg type="t" direction="out"/></method>
  </interface>
  <interface name="org.pomod.Pomod1.Focus">
    <method name="Register"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/></method>
    <method name="Desired"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="t" direction="out"/><arg type="a{sv}" direction="out"/><arg type="aa{sv}" direction="out"/></method>
    <method name="Report"><arg type="s" direction="in"/><arg type="t" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="a{sv}" direction="in"/></method>
    <signal name="DesiredChanged"><arg type="s"/></signal>
  </interface>
</node>
"""


class FakePomod:
    """Has pomod's name, and answers Desired as it is told: .answer(invocation) or what it is given."""

    def __init__(self, bus, uid):
        self.bus = bus
        self.connection = bus.connect()
        self.asked, self.reports, self.answer = 0, [], None
        self.user_path = f"{PATH}/user/_{uid}"
        self.host = None
        for interface in Gio.DBusNodeInfo.new_for_xml(XML).interfaces:
            path = PATH if interface.name.endswith("Manager") else self.user_path
            self.connection.register_object(path, interface, self._on_call, None, None)

    def own(self):
        reply = self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                          GLib.Variant("(su)", (NAME, 4)), None, 0, 10000, None)
        assert reply.unpack() == (1,)

    def _on_call(self, _connection, sender, _path, _interface, method, parameters, invocation):
        self.host = sender
        if method == "Subscribe":
            invocation.return_value(GLib.Variant("(t)", (1,)))
        elif method == "Desired":
            self.asked += 1
            self.answer(invocation)
        else:
            if method == "Report":
                self.reports.append(parameters.unpack())
            invocation.return_value(None)

    def changed(self, plugin):
        self.connection.emit_signal(self.host, self.user_path, INTERFACES["focus"], "DesiredChanged", GLib.Variant("(s)", (plugin,)))
        self.connection.flush_sync(None)

    def wait_asked(self, more_than, timeout=40):
        wait_until(lambda: self.asked > more_than, "Desired to be asked for", timeout)

    def close(self):
        self.connection.close_sync(None)


@pytest.fixture
def host(pomod, client, make_plugin_host):
    """Engaged, and pomod is gone; .real is what pomod last said."""
    one = start_holding(client, make_plugin_host)
    one.real = client.connection.call_sync(NAME, client.path, INTERFACES["focus"], "Desired", GLib.Variant("(sa{sv})", ("holds", {})),
                                           None, 0, 10000, None)
    return one


@pytest.fixture
def fake(bus, client, pomod, host):
    pomod.kill9()
    one = FakePomod(bus, client.uid)
    yield one
    if not one.connection.is_closed():
        one.close()


def parts(real):
    return [real.get_child_value(index) for index in range(3)]


def nothing(host, generation):
    """An answer in which nothing should hold."""
    del host
    return GLib.Variant.new_tuple(GLib.Variant("t", generation), GLib.Variant("a{sv}", {}), GLib.Variant("aa{sv}", []))


def error(invocation):
    invocation.return_dbus_error(f"{NAME}.Error.StoreFailed", "the disk is on fire")


def wrong_types(invocation):
    invocation.get_connection().send_message(reply_of(invocation, GLib.Variant("(s)", ("nothing holds",))), 0)


def no_records(invocation):
    """Types that fit, and records without what they need."""
    invocation.return_value(GLib.Variant("(ta{sv}aa{sv})", (2**62, {}, [{"Plugin": GLib.Variant("s", "holds")}])))


def another_plugin(invocation):
    record = {"Plugin": GLib.Variant("s", "other"), "Uid": GLib.Variant("u", 7), "Claim": GLib.Variant("t", 1)}
    invocation.return_value(GLib.Variant("(ta{sv}aa{sv})", (2**62, {}, [record])))


def reply_of(invocation, body):
    message = Gio.DBusMessage.new_method_reply(invocation.get_message())
    message.set_body(body)
    return message


@pytest.mark.parametrize("answer", [error, wrong_types, no_records, another_plugin], ids=lambda each: each.__name__)
@pytest.mark.parametrize("fresh", [False, True], ids=["while it runs", "as it starts"])
def test_what_is_no_answer(host, fake, answer, fresh):
    if fresh:
        host.kill9()
    fake.answer = answer
    fake.own()
    if fresh:
        host.spawn()
    fake.wait_asked(0)
    if fresh:
        host.wait_ready()
    fake.wait_asked(1)
    assert host.world() == [HELD] and host.alive()
    assert [claim["profile"] for claim in host.claims()["claims"]] == ["deep"]


def test_a_list_that_is_not_given(host, fake):
    """It is missing where it is named, and nothing else is lost by it, also where the host begins anew without pomod."""
    generation, standing, records = parts(host.real)
    record = records.get_child_value(0)
    fields = {key: record.lookup_value(key) for key in record.unpack()}
    fields |= {"Claim": GLib.Variant("t", 77), "Settings": GLib.Variant("a{sv}", {"hold": GLib.Variant("s", f"{MORE};@mine")}),
               "Lists": GLib.Variant("a{ss}", {"mine": "0" * 64})}
    more = GLib.Variant.new_array(None, [record, GLib.Variant("a{sv}", fields)])
    fake.answer = lambda call: call.return_value(GLib.Variant.new_tuple(generation, standing, more))
    fake.own()
    host.wait_world(HELD, MORE)
    host.kill9()
    fake.close()
    host.start()
    host.wait_world(HELD, MORE)
    assert len(host.claims()["claims"]) == 2 and not host.state_file("claims-unreadable").exists()


def test_silence(host, fake):
    """Asked, and no answer: a host that starts applies what is stored."""
    host.kill9()
    os.unlink(host.world_folder / "holds")
    kept = []
    fake.answer = kept.append
    fake.own()
    host.start()
    host.wait_world(HELD)
    assert kept and host.alive()
    # Late, it is an answer all the same.
    kept[-1].return_value(nothing(host, 2**62))
    host.wait_world()


def test_an_older_generation(host, fake):
    """Of the same pomod: what it said later holds."""
    generation, standing, records = parts(host.real)
    answers = [GLib.Variant.new_tuple(generation, standing, records), nothing(host, generation.get_uint64() - 1)]
    fake.answer = lambda invocation: invocation.return_value(answers[0])
    fake.own()
    fake.wait_asked(0)
    fake.answer = lambda invocation: invocation.return_value(answers[1])
    fake.changed("holds")
    fake.wait_asked(1)
    fake.answer = lambda invocation: invocation.return_value(answers[0])
    fake.changed("holds")
    fake.wait_asked(2)
    assert host.world() == [HELD]


# ---- somebody else ----

@pytest.fixture
def mallory(bus):
    made = []

    def make(on_bus=bus, uid=os.getuid()):
        made.append(RawConnection(on_bus, uid))
        return made[-1]
    yield make
    for each in made:
        each.socket.close()


def unique_name(bus, pid):
    """Of the host's connection."""
    for name in bus.call("ListNames")[0]:
        if name.startswith(":") and bus.call("GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0] == pid:
            return name
    raise AssertionError(f"{pid} is not on the bus")


def signal(connection, to, path, interface, member, body):
    message = Gio.DBusMessage.new_signal(path, interface, member)
    message.set_destination(to)
    message.set_body(body)
    connection._serial += 1
    message.set_serial(connection._serial)
    connection._unsent.append(message.to_blob(Gio.DBusCapabilityFlags.NONE))
    connection.send()


def forge(connection, bus, host, client):
    """Everything that pomod and the bus say, and that a host would act on."""
    to, owner = unique_name(bus, host.pid), bus.owner(NAME)
    signal(connection, to, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged", GLib.Variant("(sss)", (NAME, owner, "")))
    signal(connection, to, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged",
           GLib.Variant("(sss)", (NAME, "", connection.name)))
    signal(connection, to, client.path, INTERFACES["focus"], "DesiredChanged", GLib.Variant("(s)", (host.name,)))
    signal(connection, to, client.path, INTERFACES["timer"], "Event",
           GLib.Variant("(tsa{sv})", (2**63, "rang", {"Id": GLib.Variant("t", 4711)})))
    # It has been read by the host once the bus has it, and the host answers what comes behind it.
    number = connection.queue(to, "/", "org.freedesktop.DBus.Peer", "Ping")
    connection.send()
    connection.wait(number)


@pytest.mark.root  # another user sends it
def test_forged(pomod, client, bus, make_plugin_host, mallory, method_calls):
    """Nobody asks pomod because somebody said so, nothing is lifted, and no event reaches the plugin."""
    client.subscribe()
    make_profiles(client, profile("deep", "mirror").replace("mirror.hold=", "mirror.names=held.example"), profile("more", "holds", MORE))
    engage(client, "deep", lock="admin")
    host = make_plugin_host("mirror").start()
    wait_listed(client, "mirror", "engaged")
    repeat_until(host.state_file("saved/state").exists, "the event that says what is so")
    before = host.state_file("saved/seen").read_bytes(), host.state_file("saved/state").read_bytes()
    other = mallory()
    calls = [member for member in method_calls(lambda: forge(other, bus, host, client)) if member.startswith(NAME)]
    assert calls == []
    assert (host.state_file("saved/seen").read_bytes(), host.state_file("saved/state").read_bytes()) == before
    assert not host.state_file("saved/event").exists()
    # And it hears the real ones.
    client.start("pomodoro")
    repeat_until(host.state_file("saved/event").exists, "an event")


@pytest.mark.root
def test_forged_by_another_user(system_pomod, system_policy_bus, make_client, make_plugin_host, mallory):
    """On the computer's bus, against root's host."""
    alice = make_client(system_policy_bus, uid=people.ALICE)
    alice.subscribe()
    make_profiles(alice, profile("deep", "holds-system", HELD), profile("more", "holds-system", MORE))
    engage(alice, "deep", lock="admin")
    host = make_plugin_host("holds-system", on_bus=system_policy_bus, system=True).start()
    host.wait_world(HELD)
    other = mallory(system_policy_bus, people.MALLORY)
    for _ in range(10):
        forge(other, system_policy_bus, host, alice)
    assert host.world() == [HELD] and host.alive()
    wait_listed(alice, "holds-system", "engaged")
    engage(alice, "more", 60 * SECOND)
    host.wait_world(HELD, MORE)


def test_a_name_that_somebody_takes(host, bus, client, pomod):
    """Who has pomod's name is pomod, on a bus where anybody may have it; what it says of nothing is not believed before it has answered."""
    pomod.kill9()
    thief = FakePomod(bus, client.uid)
    thief.answer = error
    thief.own()
    thief.wait_asked(0)
    assert host.world() == [HELD]
    thief.close()
    pomod.start()
    client.subscribe()
    wait_listed(client, "holds", "engaged")
    assert host.world() == [HELD]
