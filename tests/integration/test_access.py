# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Who may see what, in every way there is to ask; and how much one caller can have, at each limit and one past it."""

import json
import os
import re
import select
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest
from gi.repository import Gio, GLib

from harness import bus as buses
from harness.client import INTERFACES, NAME, PATH, error_name, options

CAPS_HEADER = os.path.join(os.path.dirname(__file__), "../../common/caps.h")
DENIED = "org.freedesktop.DBus.Error.AccessDenied"
LIMITS = "org.pomod.Pomod1.Error.LimitsExceeded"
# A user who has an object, one who never came here, and two whose accounts are the system's.
SOMEBODY_ELSE, NEVER_HERE, SYSTEM_ACCOUNT, NOBODY = 0, 54321, 1, 65534


def cap(name):
    with open(CAPS_HEADER, encoding="utf-8") as file:
        return int(re.search(rf"#define CAP_{name}\s+(\d+)u", file.read()).group(1))


def ask(connection, path, interface, method, arguments=None):
    return connection.call_sync(NAME, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 20000, None).unpack()


def refused(function, name):
    with pytest.raises(GLib.Error) as caught:
        function()
    assert error_name(caught.value) == name
    return caught.value.message


def introspected_methods(connection, path):
    """(interface, method, signature of what goes in) of everything that is ours there."""
    root = ElementTree.fromstring(ask(connection, path, "org.freedesktop.DBus.Introspectable", "Introspect")[0])
    return [(interface.get("name"), method.get("name"),
             "".join(arg.get("type") for arg in method.findall("arg") if arg.get("direction") == "in"))
            for interface in root.findall("interface") if interface.get("name").startswith(NAME)
            for method in interface.findall("method")]


# Makes calls as somebody else: (path, interface, method, arguments as text) in, "ok" or the name of the error out.
CALLER = """
import json, sys
from gi.repository import Gio, GLib
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
connection = Gio.DBusConnection.new_for_address_sync(sys.argv[1], flags, None, None)
def result(path, interface, method, arguments):
    try:
        connection.call_sync("org.pomod.Pomod1", path, interface, method, GLib.Variant.parse(None, arguments), None,
                             Gio.DBusCallFlags.NONE, 20000, None)
        return "ok"
    except GLib.Error as error:
        return Gio.DBusError.get_remote_error(error) or error.message
json.dump([result(*call) for call in json.load(sys.stdin)], sys.stdout)
"""
FILLERS = {"a{sv}": "@a{sv} {}", "s": "''", "t": "uint64 1", "v": "<uint64 1>", "h": "handle 0"}
PROPERTIES = "org.freedesktop.DBus.Properties"


def calls_as(uid, bus, calls):
    done = subprocess.run(["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "/usr/bin/python3", "-c",
                           CALLER, bus.address], input=json.dumps(calls), capture_output=True, text=True, timeout=60,
                          cwd="/", check=True)
    return json.loads(done.stdout)


def filled(signature):
    parts = [FILLERS[part] for part in re.findall(r"a\{sv\}|.", signature)]
    return "(" + ", ".join(parts) + ("," if len(parts) == 1 else "") + ")"


def every_way_to_ask(methods, uid):
    path = f"{PATH}/user/_{uid}"
    calls = [(path, interface, method, filled(signature)) for interface, method, signature in methods]
    calls += [(path, PROPERTIES, "GetAll", f"('{interface}',)") for interface in [*INTERFACES.values(), ""]]
    calls += [(path, PROPERTIES, "Get", f"('{INTERFACES['timer']}', 'State')"),
              (path, PROPERTIES, "Set", f"('{INTERFACES['timer']}', 'State', <'idle'>)"),
              (path, "org.freedesktop.DBus.Introspectable", "Introspect", "()")]
    options_of_uid = f"({{'uid': <uint32 {uid}>}},)"
    calls += [(PATH, f"{NAME}.Manager", method, options_of_uid) for method in ("GetUser", "Subscribe", "Unsubscribe")]
    return calls + [(PATH, f"{NAME}.Manager", "Register", "('sites', {'version': <'1'>, 'pid': <uint32 1>})"),
                    (PATH, f"{NAME}.Manager", "Desired", "('sites', @a{sv} {})"),
                    (PATH, f"{NAME}.Manager", "Report", "('sites', uint64 0, 'idle', '', @a{sv} {})"),
                    (PATH, f"{NAME}.Manager", "ListReports", "(@a{sv} {},)")]


@pytest.mark.root
def test_every_way_to_ask_is_denied(system_policy_bus, system_pomod, make_client, other_uid):
    mine = make_client(system_policy_bus, uid=other_uid)
    methods = introspected_methods(mine.connection, mine.path)
    assert {interface for interface, _, _ in methods} == set(INTERFACES.values())
    assert len(methods) > 45

    own = [(mine.path, PROPERTIES, "GetAll", f"('{INTERFACES['timer']}',)"),
           (PATH, f"{NAME}.Manager", "Subscribe", "(@a{sv} {},)")]
    assert calls_as(other_uid, system_policy_bus, own) == ["ok", "ok"]
    for uid in (SOMEBODY_ELSE, NEVER_HERE, SYSTEM_ACCOUNT, NOBODY):
        calls = every_way_to_ask(methods, uid)
        answers = calls_as(other_uid, system_policy_bus, calls)
        allowed = [(call, answer) for call, answer in zip(calls, answers) if answer != DENIED]
        assert not allowed


@pytest.fixture
def open_bus(folder):
    """A bus with a session's policy that lets everybody in."""
    instance = buses.Bus(folder / "open-bus", "session", buses.SESSION_POLICY.replace(
        '<allow own="*"/>', '<allow own="*"/><allow user="*"/>'))
    yield instance
    instance.stop()


@pytest.mark.root
def test_somebody_else_on_ones_own_bus(open_bus, make_daemon, other_uid):
    """Off the system bus there is one user; whoever else gets onto that bus is nobody."""
    make_daemon(open_bus).start()
    calls = [(f"{PATH}/user/_{uid}", PROPERTIES, "GetAll", f"('{INTERFACES['timer']}',)") for uid in (os.getuid(), other_uid)]
    calls += [(PATH, f"{NAME}.Manager", method, "(@a{sv} {},)") for method in ("GetUser", "Subscribe")]
    assert calls_as(other_uid, open_bus, calls) == [DENIED] * 4


@pytest.mark.root
def test_root_looks_at_a_user(system_policy_bus, system_pomod, make_client, other_uid):
    root = make_client(system_policy_bus, uid=other_uid)
    assert ask(root.connection, PATH, f"{NAME}.Manager", "GetUser",
               GLib.Variant("(a{sv})", (options(uid=other_uid),))) == (root.path,)
    assert root.get_all()["State"] == "idle"
    assert not (system_pomod.state_dir / str(other_uid)).exists(), "a read made a store"
    refused(lambda: root.call("manager", "GetUser", "(a{sv})", ({},)), "org.pomod.Pomod1.Error.NoUser")


def agenda(client, limit=0):
    """A day of ten windows, an hour each."""
    rule = options(Hours=";".join(f"{hour:02}:00-{hour:02}:30" for hour in range(10)))
    client.call("schedules", "Set", "(sa{sv}a{sv})", ("hours", rule, {}))
    return lambda begin, end: client.call("schedules", "Agenda", "(tta{sv})", (begin, end, options(limit=limit)))


def test_an_agenda_goes_on_where_it_was_full(client_of_pomod):
    day = 1_800_000_000 // 86400 * 86400 * 10**6
    client_of_pomod.set("time-zone", "UTC")
    ask_all, ask_some = agenda(client_of_pomod), agenda(client_of_pomod, limit=3)
    whole, read, begin = ask_all(day, day + 86400 * 10**6), [], day
    while stretches := ask_some(begin, day + 86400 * 10**6):
        assert len(stretches) <= 3
        read += stretches
        begin = stretches[-1]["ToRealtimeUSec"]
    assert len(whole) == 10 and read == whole


def test_two_years_of_agenda(client_of_pomod):
    most = cap("RECORDS_PER_REPLY")
    two_years = 731 * 86400 * 10**6
    begin = 1_800_000_000 * 10**6
    # An answer may end before, where 20 ms of a slow computer are over.
    assert 0 < len(agenda(client_of_pomod)(begin, begin + two_years)) <= most
    refused(lambda: agenda(client_of_pomod)(begin, begin + two_years + 1), LIMITS)
    refused(lambda: agenda(client_of_pomod, limit=most + 1)(begin, begin + 1), LIMITS)
    refused(lambda: agenda(client_of_pomod)(begin, begin - 1), "org.pomod.Pomod1.Error.InvalidTime")
    refused(lambda: agenda(client_of_pomod)(0, 2**64 - 1), "org.pomod.Pomod1.Error.InvalidTime")


def test_rules_are_listed_on_behind_the_last(client_of_pomod):
    client = client_of_pomod
    text = "".join(f"[Rule r{number}]\nDates=2026-01-01..2030-01-01\n" for number in range(5))
    client.call("schedules", "Import", "(sa{sv})", (text, {}))

    def listed(**opts):
        return [rule["Name"] for rule in client.call("schedules", "List", "(a{sv})", (options(**opts),))]
    assert listed(limit=2) == ["r0", "r1"] and listed(limit=2, after="r1") == ["r2", "r3"]
    assert listed(limit=2, after="r3") == ["r4"] and listed(after="r4") == []
    refused(lambda: listed(after="gone"), "org.pomod.Pomod1.Error.NoSuchRule")
    assert str(cap("RECORDS_PER_REPLY")) in refused(lambda: listed(limit=cap("RECORDS_PER_REPLY") + 1), LIMITS)


def test_a_text_of_rules_past_the_cap(client_of_pomod):
    most = 4 << 20
    line = "# " + "x" * 1021 + "\n"
    text = line * (most // len(line))

    def take(text):
        return client_of_pomod.call("schedules", "Import", "(sa{sv})", (text, {}))
    assert len(text) == most and take(text)["Rules"] == 0
    assert str(most) in refused(lambda: take(text + "#"), LIMITS)


def test_a_path_that_is_no_user(bus, pomod):
    for name in ("_01", "_4294967295", "_x", "1000"):
        refused(lambda: ask(bus.connection, f"{PATH}/user/{name}", "org.freedesktop.DBus.Properties", "GetAll",
                            GLib.Variant("(s)", (INTERFACES["timer"],))), "org.freedesktop.DBus.Error.UnknownObject")


# ---- limits ----

@pytest.fixture
def client_of_pomod(pomod, client):
    return client


@pytest.mark.root
def test_subscribers_of_one_user(system_policy_bus, system_pomod, make_client, other_uid):
    most = cap("SUBSCRIBERS_PER_UID")
    arguments = GLib.Variant("(a{sv})", (options(uid=other_uid),))
    clients = [make_client(system_policy_bus, uid=other_uid) for _ in range(most + 1)]

    def subscribe(client):
        return ask(client.connection, PATH, f"{NAME}.Manager", "Subscribe", arguments)

    for client in clients[:most]:
        subscribe(client)
        subscribe(client)  # twice is once
    assert str(most) in refused(lambda: subscribe(clients[most]), LIMITS)
    ask(clients[0].connection, PATH, f"{NAME}.Manager", "Unsubscribe", arguments)
    subscribe(clients[most])
    assert str(most) in refused(lambda: subscribe(clients[0]), LIMITS)


@pytest.mark.root
def test_subscribers_in_all(system_policy_bus, crowded_pomod, make_client):
    per_uid, in_all = cap("SUBSCRIBERS_PER_UID"), cap("SUBSCRIBERS")
    clients = [make_client(system_policy_bus) for _ in range(per_uid)]

    def subscribe(client, uid, method="Subscribe"):
        return ask(client.connection, PATH, f"{NAME}.Manager", method, GLib.Variant("(a{sv})", (options(uid=uid),)))

    places = [(client, crowded_pomod.first_uid + n) for n in range(in_all // per_uid + 1) for client in clients]
    for place in places[:in_all]:
        subscribe(*place)
    assert str(in_all) in refused(lambda: subscribe(*places[in_all]), LIMITS)
    subscribe(*places[0])  # who is subscribed may say so again
    subscribe(*places[0], method="Unsubscribe")
    subscribe(*places[in_all])
    assert str(in_all) in refused(lambda: subscribe(*places[0]), LIMITS)


def test_texts(client_of_pomod):
    client = client_of_pomod
    title, project, note = (cap(f"{name}_BYTES") for name in ("TITLE", "PROJECT", "NOTE"))
    two_bytes = "é"
    number = client.add_task(two_bytes * (title // 2), project=two_bytes * (project // 2))

    def update(**opts):
        return client.call("tasks", "Update", "(ta{sv})", (number, options(**opts)))

    for call in (lambda: client.add_task("x" * (title + 1)), lambda: update(title="x" * (title + 1)),
                 lambda: client.start("freeform", task="x" * (title + 1))):
        assert str(title) in refused(call, LIMITS)
    for call in (lambda: client.add_task("x", project="x" * (project + 1)), lambda: update(project="x" * (project + 1)),
                 lambda: client.start("freeform", task="x", project="x" * (project + 1))):
        assert str(project) in refused(call, LIMITS)

    interval = client.start("freeform")
    client.do("Interrupt", note="x" * note)
    assert str(note) in refused(lambda: client.do("Interrupt", note="x" * (note + 1)), LIMITS)
    assert str(note) in refused(lambda: client.do("Stop", reason="x" * (note + 1)), LIMITS)
    client.do("Stop", reason="x" * note)

    def edit(text):
        return client.call("history", "Edit", "(ta{sv})", (interval, options(note=text)))

    edit("x" * note)
    assert str(note) in refused(lambda: edit("x" * (note + 1)), LIMITS)
    assert [record["Note"] for record in client.log()] == ["x" * note]


def test_extensions(client_of_pomod):
    client, hours = client_of_pomod, 3600 * 10**6
    client.start()
    deadline = client.get_all()["DeadlineBoottimeUSec"]

    def extend(usec):
        return client.call("timer", "Extend", "(ta{sv})", (usec, {}))

    extend(hours)
    assert "3h" in refused(lambda: extend(3 * hours + 1), LIMITS)
    extend(3 * hours)
    refused(lambda: extend(1), LIMITS)
    assert client.get_all()["DeadlineBoottimeUSec"] == deadline + 4 * hours


def test_records_of_one_answer(client_of_pomod):
    client, most = client_of_pomod, cap("RECORDS_PER_REPLY")
    assert client.log("all", limit=most) == []
    assert str(most) in refused(lambda: client.log("all", limit=most + 1), LIMITS)
    assert str(most) in refused(lambda: client.call("tasks", "List", "(a{sv})", (options(limit=most + 1),)), LIMITS)


def test_the_log_is_read_on_behind_the_last_record(client_of_pomod):
    client = client_of_pomod
    for start in range(1_000_000_000, 1_000_000_000 + 5 * 3600, 3600):
        client.call("history", "Add", "(tta{sv})", (start * 10**6, (start + 600) * 10**6, {}))["id"]
    whole = [record["Id"] for record in client.log("")]
    read, last = [], {}
    while True:
        records = client.log("", limit=2, **last)
        if not records:
            break
        read += [record["Id"] for record in records]
        last = {"after_started_realtime_usec": records[-1]["StartedRealtimeUSec"], "after_id": records[-1]["Id"]}
    assert len(whole) == 5 and read == whole


# ---- exports ----

def export(client, period="all", **opts):
    answer, fds = client.connection.call_with_unix_fd_list_sync(
        NAME, client.path, INTERFACES["history"], "Export", GLib.Variant("(sa{sv})", (period, options(**opts))), None,
        Gio.DBusCallFlags.NONE, 20000, None, None)
    return fds.get(answer.unpack()[0])


def fill_log(client, n, note):
    for i in range(n):
        start = (1_000_000_000 + i * 3600) * 10**6
        client.call("history", "Add", "(tta{sv})", (start, start + 60 * 10**6, options(note=note)))["id"]


def test_an_export_says_what_query_says(client_of_pomod):
    client = client_of_pomod
    client.start("pomodoro", task='A "task" — ü', project="P/Q")
    client.do("Interrupt", external=True, note="phone")
    client.do("Stop", reason="that was it")
    with os.fdopen(export(client, "today"), encoding="utf-8") as lines:
        assert [json.loads(line) for line in lines] == client.log("today")


def test_an_export_of_records_that_cost_much(client_of_pomod):
    """Weeks without an end under a thousand rules: a slice ends before its records do, and none is lost."""
    client = client_of_pomod
    rules = "".join(f"[Rule r{n}]\nHours={n // 60:02}:{n % 60:02}:00-{n // 60:02}:{n % 60:02}:30\n" for n in range(1000))
    client.call("schedules", "Import", "(sa{sv})", (rules, {}))
    for week in range(150):
        start = (1_000_000_000 + week * 7 * 86400) * 10**6
        client.call("history", "Add", "(tta{sv})", (start, start + (7 * 86400 - 1) * 10**6, {}))["id"]
    with os.fdopen(export(client), encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    assert [record["Id"] for record in records] == list(range(1, 151))
    assert records == client.log("all")
    assert all(0 < record["OvertimeUSec"] < record["WorkedUSec"] for record in records)


def test_exports_at_once(client_of_pomod):
    """More than a pipe holds, so that each stays open until it is read or closed."""
    client, most = client_of_pomod, cap("EXPORTS_PER_USER")
    fill_log(client, 100, "n" * 4000)
    open_ones = [export(client) for _ in range(most)]
    assert str(most) in refused(lambda: export(client), LIMITS)

    os.close(open_ones.pop())  # hanging up ends one
    for _ in range(100):  # requests are served before exports, so the first may come too early
        try:
            open_ones.append(export(client))
            break
        except GLib.Error as error:
            assert error_name(error) == LIMITS
    assert len(open_ones) == most
    for fd in open_ones:
        with os.fdopen(fd, encoding="utf-8") as lines:
            assert len(list(lines)) == 100
    os.close(export(client))


def test_an_export_nobody_reads_holds_up_nothing(client_of_pomod, pomod):
    client = client_of_pomod
    fill_log(client, 100, "n" * 4000)
    unread = export(client)
    client.subscribe()
    client.set("pomodoro", "1s")
    client.start()
    assert client.wait_event("completed")
    assert select.select([unread], [], [], 0)[0], "what fits into the pipe is there"
    pomod.stop()
    os.close(unread)
