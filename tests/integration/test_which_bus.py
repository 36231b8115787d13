# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Where nobody says which bus: the session bus while pomod is there, else the system bus, and nothing is started in search."""

import signal

import pytest
from gi.repository import GLib

from harness import bus as buses
from harness.client import NAME
from harness.stream import Stream

AWAY = "pomod is away"


@pytest.fixture
def system_bus(folder):
    """A bus that stands for the computer's."""
    instance = buses.session_bus(folder / "computer-bus")
    yield instance
    instance.close()


@pytest.fixture
def both(bus, system_bus):
    """The environment of a session on that computer, in which nobody says which bus."""
    return {"POMOD_BUS": "", "DBUS_SESSION_BUS_ADDRESS": bus.address.split(",")[0],
            "DBUS_SYSTEM_BUS_ADDRESS": system_bus.address.split(",")[0]}


@pytest.fixture
def task_of(make_pomoctl, bus, both):
    """task_of(): what the pomod that pomoctl finds works on; None where it finds none."""
    pomoctl = make_pomoctl(bus)

    def ask(*args, **env_more):
        done = pomoctl("status", "--format", "%t", *args, env_more={**both, **env_more})
        assert done.rc in (0, 3), done
        return done.out.strip() if done.rc == 0 else None
    return ask


def working_on(make_daemon, make_client, on_bus, title):
    daemon = make_daemon(on_bus).start()
    make_client(on_bus).start("freeform", task=title)
    return daemon


def test_the_session_bus_is_the_one_while_pomod_is_there(make_daemon, make_client, bus, system_bus, task_of):
    assert task_of() is None
    working_on(make_daemon, make_client, system_bus, "Computer")
    assert task_of() == "Computer"
    session = working_on(make_daemon, make_client, bus, "Session")
    assert task_of() == "Session"
    session.stop()
    assert task_of() == "Computer"


def test_who_says_which_is_not_contradicted(make_daemon, make_client, bus, system_bus, task_of):
    working_on(make_daemon, make_client, bus, "Session")
    working_on(make_daemon, make_client, system_bus, "Computer")
    assert task_of("--bus=system") == task_of(POMOD_BUS="system") == "Computer"
    assert task_of("--bus=session", POMOD_BUS="system") == "Session"


def test_what_is_asked_for_another_user_is_asked_of_the_computers(make_daemon, make_client, bus, make_pomoctl, both):
    working_on(make_daemon, make_client, bus, "Session")
    done = make_pomoctl(bus)("--user=4321", "status", env_more=both)
    assert done.rc == 3 and "the system bus" in done.err, done


def test_the_search_starts_nobody(folder, program, system_bus, make_pomoctl):
    """The session bus could start a pomod: it is not asked to."""
    services = folder / "services"
    services.mkdir()
    (services / f"{NAME}.service").write_text(f"[D-BUS Service]\nName={NAME}\nExec={program('pomod')} --bus=session\n")
    session = buses.Bus(folder / "lazy", "session", buses.SESSION_POLICY + f"<servicedir>{services}</servicedir>")
    try:
        done = make_pomoctl(session)("status", env_more={"POMOD_BUS": "", "DBUS_SESSION_BUS_ADDRESS": session.address,
                                                         "DBUS_SYSTEM_BUS_ADDRESS": system_bus.address})
        assert done.rc == 3 and "the system bus" in done.err, done
        assert session.owner(NAME) is None
    finally:
        session.stop()


@pytest.mark.parametrize("session", ["", "unix:path=/nowhere/bus", "nonsense"])
def test_without_a_session_bus_it_is_the_systems(make_daemon, make_client, system_bus, task_of, session):
    working_on(make_daemon, make_client, system_bus, "Computer")
    assert task_of(DBUS_SESSION_BUS_ADDRESS=session) == "Computer"


def test_a_session_bus_that_does_not_answer_is_waited_for_a_second(make_daemon, make_client, bus, system_bus, task_of):
    working_on(make_daemon, make_client, system_bus, "Computer")
    bus.process.send_signal(signal.SIGSTOP)
    try:
        assert task_of() == "Computer"
    finally:
        bus.process.send_signal(signal.SIGCONT)


def test_a_bar_goes_where_pomod_is(make_daemon, make_client, bus, system_bus, program, env, both):
    bar = Stream([program("pomobar"), "--no-seconds"], {**env, **both})
    try:
        assert bar.next_line() == AWAY
        working_on(make_daemon, make_client, system_bus, "Computer")
        bar.wait_line(lambda line: "Computer" in line)
        session = working_on(make_daemon, make_client, bus, "Session")
        bar.wait_line(lambda line: "Session" in line)
        session.kill9()
        bar.wait_line(lambda line: "Computer" in line)
        session.start()
        bar.wait_line(lambda line: "Session" in line)
    finally:
        bar.close()


def test_who_is_told_by_somebody_else_stays(make_daemon, make_client, bus, system_bus, program, env, both):
    """Anybody may send a signal to a unique name: the bar compares who did."""
    working_on(make_daemon, make_client, system_bus, "Computer")
    bar = Stream([program("pomobar"), "--no-seconds"], {**env, **both})
    try:
        bar.wait_line(lambda line: "Computer" in line)
        liar = bus.connect()
        listeners = [name for name in bus.call("ListNames")[0] if name.startswith(":") and name != liar.get_unique_name()]
        for name in listeners:
            liar.emit_signal(name, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                             GLib.Variant("(sss)", (NAME, "", ":1.99")))
        liar.flush_sync(None)
        # What the bar is told of its own pomod comes later, and it still listens to it.
        make_client(system_bus).do("Stop")
        bar.wait_line(lambda line: "idle" in line)
        liar.close_sync(None)
    finally:
        bar.close()
