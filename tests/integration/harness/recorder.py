# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Counts every message that arrives on a connection, below any library's idea of what it should see (a filter of
libdbus). It is a process of its own, so that it may be anybody: `Recorder(bus, uid=…)`.

As a program it is told what to do line by line: `match RULE` adds a match rule, `call PATH INTERFACE METHOD` calls
pomod with empty options, `barrier` answers after all that was sent to this connection before has arrived.
"""

import json
import pathlib
import subprocess
import sys

PYTHON = "/usr/bin/python3"


class Recorder:
    def __init__(self, bus, uid=None, env=None):
        # Handed over as text: another uid may not be able to read what lies in somebody's home.
        command = [PYTHON, "-c", pathlib.Path(__file__).read_text(), bus.address]
        if uid is not None:
            command = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *command]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/", env=env)
        self.received = []
        self.name = self._answer()["name"]

    def _answer(self):
        line = self.process.stdout.readline()
        assert line, f"the recorder ended with {self.process.wait(5)}"
        return json.loads(line)

    def _tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        self.received.extend(answer["received"])
        return answer

    def match(self, rule):
        """Asks the bus for more; False where it refuses."""
        return self._tell(f"match {rule}")["result"] == "ok"

    def call(self, path, interface, method):
        """Calls pomod; "ok" or the name of the error."""
        return self._tell(f"call {path} {interface} {method}")["result"]

    def messages(self):
        """Everything received until now, the answers to its own calls left out."""
        self._tell("barrier")
        return list(self.received)

    def from_daemon(self):
        """What did not come from the bus itself."""
        return [message for message in self.messages() if message["sender"] != "org.freedesktop.DBus"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def main(address):
    import dbus
    import dbus.bus
    import dbus.lowlevel
    import dbus.mainloop.glib
    from gi.repository import GLib

    kinds = {1: "method_call", 2: "method_return", 3: "error", 4: "signal"}
    received = []

    def note(_connection, message):
        received.append({"type": kinds.get(message.get_type(), "?"), "sender": message.get_sender(),
                         "path": message.get_path(), "interface": message.get_interface(),
                         "member": message.get_member(), "destination": message.get_destination()})
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED

    connection = dbus.bus.BusConnection(address, mainloop=dbus.mainloop.glib.DBusGMainLoop())
    connection.add_message_filter(note)

    def answer(**values):
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass
        print(json.dumps({**values, "received": received}), flush=True)
        received.clear()

    def call(destination, path, interface, method, signature, arguments):
        try:
            connection.call_blocking(destination, path, interface, method, signature, arguments)
            return "ok"
        except dbus.DBusException as error:
            return error.get_dbus_name()

    print(json.dumps({"name": connection.get_unique_name()}), flush=True)
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "match":
            answer(result=call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", (rest,)))
        elif verb == "call":
            path, interface, method = rest.split(" ")
            answer(result=call("org.pomod.Pomod1", path, interface, method, "a{sv}",
                               (dbus.Dictionary({}, signature="sv"),)))
        else:
            answer(result=call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId", "", ()))


if __name__ == "__main__":
    main(sys.argv[1])
