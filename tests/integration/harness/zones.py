# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The zone of the computer, as a daemon under test sees it: timedated changes it by another link in /etc."""

import pathlib

from gi.repository import GLib

ZONES = pathlib.Path("/usr/share/zoneinfo")
SCRIPT = """[ -d "$0" ] || { cp -a /etc "$0"; ln -sfn %s/Etc/UTC "$0/localtime"; }
mount --bind "$0" /etc; unset TZ; exec "$@"
""" % ZONES


def settable(folder, bus):
    """Daemons on that bus begin in UTC, with an /etc that is a copy; gives what sets their zone. Root alone can do that."""
    etc = folder / "etc"
    bus.prefix = [*bus.prefix, "unshare", "--mount", "--propagation", "private", "sh", "-ec", SCRIPT, str(etc)]

    def put(zone):
        (etc / "new").symlink_to(ZONES / zone)
        (etc / "new").rename(etc / "localtime")
    return put


def lie(bus, connection, pid):
    """What that connection sends to everybody, and to each connection of a process, as if timedated had changed the zone."""
    signal = ("/org/freedesktop/timedate1", "org.freedesktop.DBus.Properties", "PropertiesChanged",
              GLib.Variant("(sa{sv}as)", ("org.freedesktop.timedate1", {"Timezone": GLib.Variant("s", "Asia/Tokyo")}, [])))
    for name in bus.call("ListNames")[0]:
        if name.startswith(":") and bus.call("GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0] == pid:
            for _ in range(20):
                connection.emit_signal(name, *signal)
    connection.emit_signal(None, *signal)
    # It has them all when it answers.
    connection.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId", None, None, 0, 20000, None)


def offset(client):
    """By how many hours the clock is ahead of UTC, as pomod's zone has it."""
    client.start("freeform")
    client.do("Stop")
    return max(client.log("all"), key=lambda record: record["Id"])["OffsetSec"] // 3600
