# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""logind and timedated, played by python-dbusmock on a bus that stands in for the system's."""

import pytest
from gi.repository import GLib

from harness import bus as buses, zones
from harness.daemon import start_clock
from harness.loop import repeat_until
from harness.mock import MockService
from harness.units import HOUR, MINUTE, SECOND

MANAGER = "org.freedesktop.login1.Manager"


class Logind(MockService):
    TEMPLATE, NAME, PATH = "logind", "org.freedesktop.login1", "/org/freedesktop/login1"

    def add_session(self, uid):
        self.mock("AddSession", "(ssusb)", "c1", "seat0", uid, "someone", True)
        return self.PATH + "/session/c1"

    def prepare_for_sleep(self, about_to):
        self.mock("EmitSignal", "(sssav)", MANAGER, "PrepareForSleep", "b", [GLib.Variant("b", about_to)])

    def session_says(self, path, **hints):
        self.mock("UpdateProperties", "(sa{sv})", "org.freedesktop.login1.Session",
                  {key: GLib.Variant("b", value) if isinstance(value, bool) else GLib.Variant("t", value)
                   for key, value in hints.items()}, path=path)

    def calls(self, method):
        return [call for call in self.mock("GetCalls")[0] if call[1] == method]

    def inhibitors_held(self):
        """How many of the descriptors that Inhibit gave out are still open at the other end."""
        return len(self.mock("ListInhibitors", interface=MANAGER)[0])


@pytest.fixture
def system_bus(folder):
    instance = buses.session_bus(folder / "in-place-of-the-system-bus")
    yield instance
    instance.stop()


@pytest.fixture
def logind(system_bus):
    instance = Logind(system_bus)
    yield instance
    instance.stop()


@pytest.fixture
def session(logind):
    import os
    return logind.add_session(os.getuid())


@pytest.fixture
def daemon(session, make_daemon, bus, system_bus, clock_begins):
    return start_clock(make_daemon, bus, clock_begins, env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_bus.address})


def test_told_of_a_sleep_it_notes_what_runs_and_lets_go(daemon, logind, client):
    repeat_until(lambda: logind.calls("Inhibit"), "the daemon to ask for a delay")
    (call,) = logind.calls("Inhibit")
    assert call[2][0] == "sleep" and call[2][3] == "delay"

    client.start("freeform")
    daemon.advance(3 * MINUTE)
    logind.prepare_for_sleep(True)
    daemon.get()
    daemon.sleep(9 * HOUR)
    logind.prepare_for_sleep(False)
    repeat_until(lambda: len(logind.calls("Inhibit")) == 2, "a delay for the next sleep")
    (record,) = client.log("all")
    assert (record["Reason"], record["WorkedUSec"]) == ("suspend", 3 * MINUTE)


def test_a_power_cut_while_asleep_loses_nothing_that_was_noted(daemon, logind, client):
    repeat_until(lambda: logind.inhibitors_held() == 1, "the daemon to hold a delay")
    client.start("freeform")
    daemon.advance(4 * MINUTE)
    logind.prepare_for_sleep(True)
    repeat_until(lambda: logind.inhibitors_held() == 0, "the daemon to let go, since it has noted how far it is")
    daemon.kill9()
    daemon.reboot("2" * 32)
    (record,) = client.log("all")
    assert (record["Reason"], record["WorkedUSec"]) == ("reboot", 4 * MINUTE)


def test_the_signal_alone_voids_nothing(daemon, logind, client):
    client.start("pomodoro")
    daemon.advance(MINUTE)
    logind.prepare_for_sleep(True)
    logind.prepare_for_sleep(False)
    daemon.advance(24 * MINUTE)
    assert client.log("all")[0]["Outcome"] == "completed"


def test_a_locked_screen_is_noted(daemon, logind, session, client):
    client.start("pomodoro")
    daemon.advance(MINUTE)
    logind.session_says(session, LockedHint=True)
    # The hint travels over another bus than ours: that it has arrived shows in the log of the running interval.
    repeat_until(lambda: daemon.advance(SECOND) and client.log("all")[0]["LockedUSec"] > 0, "the daemon to know")
    daemon.advance(2 * MINUTE)
    logind.session_says(session, LockedHint=False)

    def over():
        before = client.log("all")[0]["LockedUSec"]
        daemon.advance(SECOND)
        return client.log("all")[0]["LockedUSec"] == before
    repeat_until(over, "the daemon to know that somebody is back")
    assert 2 * MINUTE <= client.log("all")[0]["LockedUSec"] < 23 * MINUTE
    assert client.get_all()["State"] == "pomodoro"


def test_a_screen_that_is_locked_in_a_flood(daemon, logind, session, client):
    """Each time would be stored: it is told as one, and the last is what holds."""
    client.start("freeform")
    for _ in range(50):
        logind.session_says(session, LockedHint=True)
        logind.session_says(session, LockedHint=False)
    logind.session_says(session, LockedHint=True)
    repeat_until(lambda: daemon.advance(SECOND) and client.log("all")[0]["LockedUSec"] > 0, "the daemon to know")

    def goes_on():
        before = client.log("all")[0]["LockedUSec"]
        daemon.advance(SECOND)
        return client.log("all")[0]["LockedUSec"] == before + SECOND
    repeat_until(goes_on, "the last to hold")


def test_who_comes_back_can_end_it_where_they_left(daemon, logind, session, client):
    client.subscribe()
    client.start("freeform")
    daemon.advance(10 * MINUTE)
    logind.session_says(session, LockedHint=True)
    repeat_until(lambda: daemon.advance(SECOND) and client.log("all")[0]["LockedUSec"] > 0, "the daemon to know")
    daemon.advance(30 * MINUTE)
    logind.session_says(session, LockedHint=False)
    _seq, _kind, details = client.wait_event("back")
    client.do("Stop", at_realtime_usec=details["SinceRealtimeUSec"])
    (record,) = client.log("all")
    assert 10 * MINUTE <= record["WorkedUSec"] < 30 * MINUTE and record["LockedUSec"] == 0


def test_without_logind_it_works_all_the_same(make_daemon, bus, client, system_bus):
    make_daemon(bus, env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_bus.address}).start()
    client.start("freeform")
    client.do("Stop")
    assert client.log("all")[0]["LockedUSec"] == 0


def test_without_a_system_bus_it_works_all_the_same(make_daemon, bus, client):
    make_daemon(bus, env_more={"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}).start()
    client.start("freeform")
    client.do("Stop")
    assert client.log("all")[0]["Outcome"] == "completed"


# ---- another zone ----

class Timedate(MockService):
    TEMPLATE, NAME, PATH = "timedated", "org.freedesktop.timedate1", "/org/freedesktop/timedate1"

    def say(self, zone):
        self.mock("UpdateProperties", "(sa{sv})", self.NAME, {"Timezone": GLib.Variant("s", zone)})


@pytest.fixture
def timedate(system_bus):
    instance = Timedate(system_bus)
    yield instance
    instance.stop()


@pytest.fixture
def set_zone(folder, bus):
    """What timedated does before it says so."""
    return zones.settable(folder, bus)


@pytest.fixture
def zoned(set_zone, make_daemon, bus, logind, system_bus, clock_begins):
    return start_clock(make_daemon, bus, clock_begins, env_more={"DBUS_SYSTEM_BUS_ADDRESS": system_bus.address})


def lie_about_the_zone(system_bus, pid):
    liar = system_bus.connect()
    zones.lie(system_bus, liar, pid)
    liar.close_sync(None)


def heard(logind):
    """Returns when pomod has read all that was said to it before."""
    before = len(logind.calls("Inhibit"))
    logind.prepare_for_sleep(False)
    repeat_until(lambda: len(logind.calls("Inhibit")) > before, "pomod to have heard of it")


@pytest.mark.root
def test_a_zone_that_is_another(zoned, set_zone, logind, timedate, system_bus, client):
    """timedated is believed, and nobody else."""
    repeat_until(lambda: logind.calls("Inhibit"), "pomod to listen")
    assert zones.offset(client) == 0
    set_zone("Asia/Tokyo")
    lie_about_the_zone(system_bus, zoned.pid)
    heard(logind)
    assert zones.offset(client) == 0
    timedate.say("Asia/Tokyo")
    heard(logind)
    assert zones.offset(client) == 9


@pytest.mark.root
def test_timedated_comes_and_goes(zoned, set_zone, logind, system_bus, client):
    """The bus starts it when it is needed, and it ends when it is idle."""
    repeat_until(lambda: logind.calls("Inhibit"), "pomod to listen")
    for zone, hours in (("Asia/Tokyo", 9), ("Etc/UTC", 0)):
        timedate = Timedate(system_bus)
        set_zone(zone)
        timedate.say(zone)
        heard(logind)
        assert zones.offset(client) == hours
        timedate.stop()
        system_bus.wait_owner(Timedate.NAME, owned=False)
        heard(logind)  # that it has gone, when the zone is looked at once more
        set_zone("America/Lima")
        lie_about_the_zone(system_bus, zoned.pid)
        heard(logind)
        assert zones.offset(client) == hours
