# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The second D-Bus implementation: a client of GDBus with ordinary proxies, and what it was told."""

from gi.repository import Gio, GLib

from harness.daemon import NAME
from harness.loop import wait_until

PATH = "/org/pomod/Pomod1"
INTERFACES = {name.lower(): f"{NAME}.{name}" for name in ("Timer", "Tasks", "History", "Settings", "Schedules", "Focus",
                                                        "Plugins")}
TIMEOUT_MS = 60000
# What answers with a page of a list, and last with the options to go on with.
PAGED = {("focus", "ListProfiles"), ("focus", "ListClaims"), ("focus", "ListReports"), ("focus", "ListLists"), ("manager", "ListReports"),
         ("plugins", "List"),
         ("tasks", "List"), ("history", "Query"), ("history", "Events"), ("history", "ListBackups"),
         ("schedules", "List"), ("schedules", "Agenda"), ("schedules", "ListOfficeDays")}


def variant(value):
    if isinstance(value, GLib.Variant):
        return value
    if isinstance(value, bool):
        return GLib.Variant("b", value)
    if isinstance(value, int):
        return GLib.Variant("t", value) if value >= 0 else GLib.Variant("x", value)
    if isinstance(value, str):
        return GLib.Variant("s", value)
    raise TypeError(f"{value!r} has no obvious type on the bus: give a GLib.Variant")


def options(**values):
    """if_seq=3 becomes {'if-seq': <uint64 3>}."""
    return {key.replace("_", "-"): variant(value) for key, value in values.items()}


def error_name(error):
    """The D-Bus name of what a call refused with."""
    return Gio.DBusError.get_remote_error(error)


def refused(call, *args, **kwargs):
    """What a call is refused with: the name of the error, ours without what all begin with, and its sentence."""
    try:
        call(*args, **kwargs)
    except GLib.Error as error:
        name = error_name(error) or ""
        return name.removeprefix(f"{NAME}.Error."), error.message.removeprefix(f"GDBus.Error:{name}: ")
    raise AssertionError(f"{call} was not refused")


class Client:
    """
    client.timer, .tasks, .history, .settings and .manager are Gio.DBusProxy objects with flags that start no daemon.
    `client.call("timer", "Start", "(sa{sv})", ("pomodoro", options(for_usec=2_000_000)))` unpacks the answer.
    """

    def __init__(self, bus, uid, start_daemon=False):
        self.bus = bus
        self.uid = uid
        self.path = f"{PATH}/user/_{uid}"
        self.connection = bus.connect()
        self.flags = Gio.DBusProxyFlags.NONE if start_daemon else Gio.DBusProxyFlags.DO_NOT_AUTO_START
        self.proxies = {}
        self.events = []
        self.changes = []

    def proxy(self, room):
        if room not in self.proxies:
            path = PATH if room == "manager" else self.path
            interface = f"{NAME}.Manager" if room == "manager" else INTERFACES[room]
            proxy = Gio.DBusProxy.new_sync(self.connection, self.flags, None, NAME, path, interface, None)
            proxy.set_default_timeout(TIMEOUT_MS)
            if room == "timer":
                proxy.connect("g-signal", self._on_signal)
                proxy.connect("g-properties-changed", self._on_changed)
            self.proxies[room] = proxy
        return self.proxies[room]

    def __getattr__(self, name):
        if name in INTERFACES or name == "manager":
            return self.proxy(name)
        raise AttributeError(name)

    def _on_signal(self, _proxy, _sender, member, parameters):
        if member == "Event":
            self.events.append(parameters.unpack())

    def _on_changed(self, _proxy, changed, invalidated):
        self.changes.append((changed.unpack(), list(invalidated)))

    def call(self, room, method, signature=None, arguments=None):
        """What a method answers; of Engage the claim alone; of a list all of it, page after page, unless a limit is given."""
        values = self.ask(room, method, signature, arguments)
        if (room, method) == ("focus", "Engage"):
            return values[0]
        if (room, method) not in PAGED:
            return values[0] if len(values) == 1 else values or None
        *first, more = values
        while more and "limit" not in arguments[-1]:
            given = {**arguments[-1], **{key: variant(value) for key, value in more.items()}}
            page, *_, more = self.ask(room, method, signature, (*arguments[:-1], given))
            first[0] = first[0] + page
        return first[0] if len(first) == 1 else tuple(first)

    def ask(self, room, method, signature=None, arguments=None):
        """One answer, with all that is in it."""
        # Past the proxy, which learns of a daemon that came back only when the loop runs.
        path, interface = (PATH, f"{NAME}.Manager") if room == "manager" else (self.path, INTERFACES[room])
        answer = self.connection.call_sync(
            NAME, path, interface, method, GLib.Variant(signature, arguments) if signature else None, None,
            Gio.DBusCallFlags.NO_AUTO_START, TIMEOUT_MS, None)
        return answer.unpack()

    def subscribe(self):
        """Subscribe, with the Timer's proxy there first so that nothing passes by; gives Seq."""
        self.proxy("timer")
        return self.call("manager", "Subscribe", "(a{sv})", ({},))

    def start(self, kind="pomodoro", **opts):
        """The id of the interval."""
        return self.call("timer", "Start", "(sa{sv})", (kind, options(**opts)))["id"]

    def do(self, method, **opts):
        """Stop, Interrupt, Skip, Pause, Resume, Toggle, SetTask."""
        return self.call("timer", method, "(a{sv})", (options(**opts),))

    def set(self, name, value):
        return self.call("settings", "Set", "(sva{sv})", (name, variant(value), {}))

    def add_task(self, title, **opts):
        return self.call("tasks", "Add", "(sa{sv})", (title, options(**opts)))

    def log(self, period="today", **opts):
        """The records, oldest first."""
        return self.call("history", "Query", "(sa{sv})", (period, options(**opts)))

    def register(self, plugin, room="focus", version="1.0", pid=1):
        """This connection is the plugin's host from now on."""
        self.call(room, "Register", "(sa{sv})", (plugin, {"version": GLib.Variant("s", version), "pid": GLib.Variant("u", pid)}))

    def get_all(self):
        """What the daemon itself says now, past every cache."""
        answer = self.connection.call_sync(
            NAME, self.path, "org.freedesktop.DBus.Properties", "GetAll", GLib.Variant("(s)", (INTERFACES["timer"],)),
            None, Gio.DBusCallFlags.NO_AUTO_START, TIMEOUT_MS, None)
        return answer.unpack()[0]

    def cached(self):
        """What the proxy believes, without asking."""
        names = self.timer.get_cached_property_names() or []
        return {name: self.timer.get_cached_property(name).unpack() for name in names}

    def wait_event(self, kind, timeout=60):
        """The first event of that kind that was not waited for yet."""
        def taken():
            for index, event in enumerate(self.events):
                if event[1] == kind:
                    del self.events[:index + 1]
                    return event
            return None
        return wait_until(taken, f"the event {kind}", timeout)

    def wait_cached(self, name, value, timeout=60):
        """Until the proxy's cache says so: it is told, it does not ask."""
        def so():
            held = self.timer.get_cached_property(name)
            return held is not None and held.unpack() == value
        wait_until(so, f"{name} to be {value!r}", timeout)

    def wait_signal_round_trip(self):
        """After this, everything that was sent to this connection before has been handled."""
        done = []
        self.connection.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId", None, None,
                             Gio.DBusCallFlags.NONE, TIMEOUT_MS, None, lambda *_: done.append(True))
        wait_until(lambda: done, "the bus to answer")

    def close(self):
        if not self.connection.is_closed():
            self.connection.close_sync(None)
