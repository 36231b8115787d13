# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
A connection to the bus of anybody, that does only what it is told: it sends without waiting, reads when it is asked to, and knows of
each message of pomod its number, in the order in which pomod sent them to anybody.
"""

import contextlib
import os
import select
import socket
import time
from dataclasses import dataclass

from gi.repository import Gio, GLib

from harness.daemon import NAME

TIMEOUT = 60
READ = 65536


@dataclass
class Message:
    kind: str        # "return", "error", "signal", "call"
    number: int      # of all that its sender sent
    to: int          # what it answers
    member: str
    error: str
    body: tuple


KINDS = {Gio.DBusMessageType.METHOD_RETURN: "return", Gio.DBusMessageType.ERROR: "error", Gio.DBusMessageType.SIGNAL: "signal",
         Gio.DBusMessageType.METHOD_CALL: "call"}


@contextlib.contextmanager
def being(uid):
    """The bus asks the kernel who connects."""
    os.setegid(uid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


class RawConnection:
    """`call(…)` gives the number to `wait(…)` for; what has arrived is in .messages."""

    def __init__(self, bus, uid):
        self.uid = uid
        self.path = f"/org/pomod/Pomod1/user/_{uid}"
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(TIMEOUT)
        self.messages = {}  # what answers a call, by its number
        self.signals = []
        self.calls = []     # that others made, and nobody has answered
        self.answers = False  # each is answered as soon as it is read
        self.n_read = 0     # bytes
        self._serial = 0
        self._buffer = b""
        self._unsent = []
        with being(uid):
            self.socket.connect(str(bus.socket))
            self.socket.sendall(b"\0AUTH EXTERNAL " + str(uid).encode().hex().encode() + b"\r\nBEGIN\r\n")
            line = b""
            while not line.endswith(b"\r\n"):
                line += self.socket.recv(1)
        assert line.startswith(b"OK "), line
        self.name = self.wait(self.ask_bus("Hello")).body[0]

    # ---- sending ----

    def queue(self, destination, path, interface, member, body=None, reply=True):
        """Adds a call to what send() sends; gives its number."""
        message = Gio.DBusMessage.new_method_call(destination, path, interface, member)
        if body is not None:
            message.set_body(body)
        flags = Gio.DBusMessageFlags.NO_AUTO_START
        if not reply:
            flags |= Gio.DBusMessageFlags.NO_REPLY_EXPECTED
        message.set_flags(flags)
        self._serial += 1
        message.set_serial(self._serial)
        self._unsent.append(message.to_blob(Gio.DBusCapabilityFlags.NONE))
        return self._serial

    def send(self):
        unsent, self._unsent = self._unsent, []
        self.socket.sendall(b"".join(unsent))

    def ask_bus(self, member, body=None):
        number = self.queue("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", member, body)
        self.send()
        return number

    def queue_call(self, room, member, signature=None, arguments=None, reply=True):
        """Of pomod: rooms are timer, history, …, of this user's object, and manager."""
        path = "/org/pomod/Pomod1" if room == "manager" else self.path
        body = GLib.Variant(signature, arguments) if signature else None
        return self.queue(NAME, path, f"{NAME}.{room.capitalize()}", member, body, reply)

    def queue_get_all(self, reply=True):
        return self.queue(NAME, self.path, "org.freedesktop.DBus.Properties", "GetAll", GLib.Variant("(s)", (f"{NAME}.Timer",)), reply)

    def call(self, *args, **kwargs):
        number = self.queue_call(*args, **kwargs)
        self.send()
        return number

    def get_all(self):
        number = self.queue_get_all()
        self.send()
        return number

    def answer(self):
        """To all who called."""
        for call in self.calls:
            message = Gio.DBusMessage.new_method_reply(call)
            self._serial += 1
            message.set_serial(self._serial)
            self._unsent.append(message.to_blob(Gio.DBusCapabilityFlags.NONE))
        self.calls.clear()
        self.send()

    def as_argument(self):
        return GLib.Variant("(s)", (self.name,))

    def barrier(self):
        """Returns when the bus has handed on what was sent before, 16 messages at most."""
        self.wait(self.ask_bus("GetId"))

    def send_and_settle(self):
        """Sends what is queued, and returns when all of it lies before pomod: dbus-broker hands on 16 messages at a time."""
        unsent, self._unsent = self._unsent, []
        while unsent:
            self._unsent, unsent = unsent[:12], unsent[12:]
            self.send()
            self.barrier()

    # ---- receiving ----

    def _take(self):
        """One message, from what has been read."""
        if len(self._buffer) < 16:
            return False
        size = Gio.DBusMessage.bytes_needed(self._buffer[:16])
        if len(self._buffer) < size:
            return False
        raw, self._buffer = self._buffer[:size], self._buffer[size:]
        message = Gio.DBusMessage.new_from_blob(raw, Gio.DBusCapabilityFlags.NONE)
        kind = KINDS[message.get_message_type()]
        body = message.get_body()
        found = Message(kind, message.get_serial(), message.get_reply_serial(), message.get_member(), message.get_error_name(),
                        body.unpack() if body is not None else ())
        if kind == "signal":
            self.signals.append(found)
        elif kind == "call":
            self.calls.append(message)
            if self.answers:
                self.answer()
        else:
            self.messages[found.to] = found
        return True

    def read(self):
        """What there is, at least a part of a message."""
        data = self.socket.recv(READ)
        assert data, "the bus has closed the connection"
        self._buffer += data
        self.n_read += len(data)
        while self._take():
            pass

    def read_for(self, seconds):
        """Whatever comes in that time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and select.select([self.socket], [], [], left)[0]:
            self.read()

    def wait(self, number):
        """The answer to that call."""
        while number not in self.messages:
            self.read()
        return self.messages[number]

    def wait_event(self, kind):
        """The Event of that kind, as a Message."""
        while True:
            for signal in self.signals:
                if signal.member == "Event" and signal.body[1] == kind:
                    return signal
            self.read()

    def close(self):
        self.socket.close()
