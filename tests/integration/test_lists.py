# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Lists of names: sent through a descriptor that nobody waits for, pinned by claims, and handed to hosts by their digest."""

import contextlib
import hashlib
import os
import signal
import socket
import stat

import pytest
from gi.repository import Gio, GLib

from harness.bus import both_buses
from harness.client import INTERFACES, NAME, PATH, options, refused
from harness.loop import wait_until
from harness.people import ALICE, BOB
from harness.units import HOUR

PROFILE = "[Profile deep]\nPlugins=sites;mute\nsites.Block=reddit.com;@mine\nmute.What=@other\n"
NAMES = ["a.example.org", "b.example.org"]


def digest_of(names):
    return hashlib.sha256("".join(f"{name}\n" for name in names).encode()).hexdigest()


def memory(text):
    fd = os.memfd_create("list")
    os.write(fd, text.encode())
    return fd


class Sent:
    def __init__(self, client, name, fds):
        self.done = []
        client.connection.call_with_unix_fd_list(
            NAME, client.path, INTERFACES["focus"], "SetList", GLib.Variant("(sha{sv})", (name, 0, {})), None, Gio.DBusCallFlags.NONE, 30000,
            fds, None, lambda connection, result: self.done.append((connection, result)))

    def result(self):
        wait_until(lambda: self.done, "an answer to SetList")
        connection, result = self.done[0]
        return connection.call_with_unix_fd_list_finish(result)[0].unpack()[0]


class Lists:
    def __init__(self, client):
        self.client = client

    def call(self, method, arguments, fd=None, room="focus"):
        fds = Gio.UnixFDList.new()
        if fd is not None:
            fds.append(fd)
        path, interface = (PATH, f"{NAME}.Manager") if room == "manager" else (self.client.path, INTERFACES[room])
        answer, fds = self.client.connection.call_with_unix_fd_list_sync(
            NAME, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 30000, fds, None)
        return answer.unpack()[0], fds

    def send(self, name, fd, **opts):
        try:
            return self.call("SetList", GLib.Variant("(sha{sv})", (name, 0, options(**opts))), fd)[0]
        finally:
            os.close(fd)

    def begin(self, name, fd):
        """Sent, and not waited for; the descriptor stays the caller's."""
        fds = Gio.UnixFDList.new()
        fds.append(fd)
        return Sent(self.client, name, fds)

    def set(self, name, names, **opts):
        return self.send(name, memory("".join(f"{each}\n" for each in names)), **opts)

    def get(self, name, uid=None, **opts):
        if uid is None:
            handle, fds = self.call("GetList", GLib.Variant("(sa{sv})", (name, options(**opts))))
        else:
            handle, fds = self.call("GetList", GLib.Variant("(usa{sv})", (uid, name, {})), room="manager")
        with os.fdopen(fds.get(handle), encoding="ascii") as lines:
            return lines.read().splitlines()

    def list(self):
        return {record["Name"]: record for record in self.client.call("focus", "ListLists", "(a{sv})", ({},))}

    def remove(self, name):
        return self.client.call("focus", "RemoveList", "(sa{sv})", (name, {}))

    def engage(self, **opts):
        return self.client.call("focus", "Engage", "(sa{sv})", ("deep", options(for_usec=HOUR, **opts)))

    def pinned(self, plugin="sites"):
        *_, records = self.client.call("focus", "Desired", "(sa{sv})", (plugin, {}))
        return [record.get("Lists") for record in records]


@pytest.fixture
def lists(pomod, client):
    client.call("schedules", "Import", "(sa{sv})", (PROFILE, {}))
    return Lists(client)


def test_a_list_is_kept_sorted_and_once(lists, pomod):
    made = lists.set("mine", ["B.example.org", "", "a.example.org", "b.example.org"])
    assert made == {"Count": 2, "Digest": digest_of(NAMES)}
    assert lists.get("mine") == NAMES
    pomod.kill9()
    pomod.start()
    assert lists.list() == {"mine": {"Name": "mine", "Count": 2, "Bytes": 28, "Digest": digest_of(NAMES)}}
    lists.set("mine", ["c.example.org"])
    assert lists.get("mine") == ["c.example.org"]
    lists.set("mine", [])
    assert lists.get("mine") == [] and lists.list()["mine"]["Count"] == 0
    lists.remove("mine")
    assert lists.list() == {}
    assert refused(lists.get, "mine")[0] == refused(lists.remove, "mine")[0] == "NoSuchList"
    assert refused(lists.get, "", digest=digest_of(NAMES))[0] == "NoSuchList"


def test_what_makes_no_sense(lists):
    name, sentence = refused(lists.set, "mine", ["a.example.org", "https://b.example.org"])
    assert name == "InvalidArgument" and 'line 2 of the list is "https://b.example.org"' in sentence
    assert refused(lists.set, "Mine", NAMES)[0] == "InvalidArgument"
    assert refused(lists.set, "", NAMES)[0] == "InvalidArgument"
    assert refused(lists.get, "", digest="abc")[0] == "InvalidArgument"
    assert refused(lists.set, "mine", NAMES, if_seq=77)[0] == "StateChanged"
    assert lists.list() == {}


def file(folder):
    path = folder / "list"
    path.write_text("a.org\n")
    return os.open(path, os.O_RDWR)


def fifo(folder):
    os.mkfifo(folder / "fifo")
    return os.open(folder / "fifo", os.O_RDWR)


def socket_of(kind):
    def make(_folder):
        one, other = socket.socketpair(socket.AF_UNIX, kind)
        other.send(b"a.org\n")
        return one.detach()
    return make


@pytest.mark.parametrize("make", [lambda folder: os.open("/dev/null", os.O_RDONLY),
                                  lambda folder: os.open("/dev/zero", os.O_RDONLY),
                                  lambda folder: os.open(folder, os.O_RDONLY),
                                  lambda folder: os.open(folder, os.O_PATH),
                                  lambda folder: os.pipe()[0],
                                  file, fifo, socket_of(socket.SOCK_STREAM), socket_of(socket.SOCK_SEQPACKET),
                                  lambda folder: os.pidfd_open(os.getpid()), lambda folder: os.eventfd(0)],
                         ids=["null", "zero", "folder", "path", "pipe", "file", "fifo", "stream", "packets", "process", "event"])
def test_other_descriptors_are_not_read(lists, folder, make):
    name, sentence = refused(lists.send, "mine", make(folder))
    assert name == "InvalidArgument" and "is no memfd" in sentence


def test_a_memfd_that_cannot_be_read(lists):
    fd = memory("a.org\n")
    name, sentence = refused(lists.send, "mine", os.open(f"/proc/self/fd/{fd}", os.O_WRONLY))
    os.close(fd)
    assert name == "InvalidArgument" and "cannot be read" in sentence


@contextlib.contextmanager
def asleep(pomod, *clients):
    """What is sent meanwhile is there all at once when it wakes."""
    os.kill(pomod.pid, signal.SIGSTOP)
    try:
        yield
        for client in clients:
            for _ in range(2):  # the first answer says that the bus has it, the second that it went on since
                client.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId", None, None,
                                            Gio.DBusCallFlags.NONE, 30000, None)
    finally:
        os.kill(pomod.pid, signal.SIGCONT)


@pytest.mark.parametrize("size, want", [(0, 0), (6, 1), (12, 2)])
def test_a_memfd_that_shrinks(lists, pomod, size, want):
    """It needs no seals: what is there when it is read counts."""
    fd = memory("a.org\nb.org\nc.org\n")
    with asleep(pomod, lists.client):
        sent = lists.begin("mine", fd)
        os.ftruncate(fd, size)
    assert sent.result()["Count"] == want
    os.close(fd)


def test_a_memfd_that_is_all_hole(lists):
    fd = os.memfd_create("list")
    os.ftruncate(fd, 1 << 40)
    name, sentence = refused(lists.send, "mine", fd)
    assert name == "InvalidArgument" and "line 1 of the list is no text" in sentence


def test_as_many_at_once_as_there_may_be(lists, pomod):
    """A fifth is refused, and each of the four ends and makes room."""
    many = memory("".join(f"n{i}.example.org\n" for i in range(20000)))
    with asleep(pomod, lists.client):
        sent = [lists.begin(f"l{i}", many) for i in range(5)]
    assert [one.result()["Count"] for one in sent[:4]] == [20000] * 4
    name, sentence = refused(sent[4].result)
    assert name == "LimitsExceeded" and "4 lists of this user are being sent" in sentence
    assert set(lists.list()) == {"l0", "l1", "l2", "l3"}
    assert lists.send("l4", many)["Count"] == 20000


def test_a_caller_who_leaves_changes_nothing(lists, pomod, make_client):
    leaver = Lists(make_client(lists.client.bus))
    leaver.list()  # pomod knows whose it is by now
    few, many = memory("a.org\n"), memory("".join(f"n{i}.example.org\n" for i in range(20000)))
    with asleep(pomod, lists.client):
        leaver.begin("left", few)
        leaver.client.connection.flush_sync(None)
        leaver.client.connection.close_sync(None)
        sent = lists.begin("mine", many)
    assert sent.result()["Count"] == 20000
    assert set(lists.list()) == {"mine"}
    os.close(few)
    os.close(many)


def test_as_much_as_there_may_be(lists):
    many = sorted(f"n{i}.example.org" for i in range(20000))
    assert lists.set("many", many)["Count"] == 20000
    assert lists.get("many") == many
    assert refused(lists.set, "many", [*many, "another.org"])[0] == "LimitsExceeded"
    text = "a.org\n" + "\n" * (512 * 1024 - 6)
    assert lists.send("large", memory(text))["Count"] == 1
    assert refused(lists.send, "large", memory(text + "\n"))[0] == "LimitsExceeded"
    for i in range(30):
        lists.set(f"l{i}", NAMES)
    assert len(lists.list()) == 32
    assert refused(lists.set, "one-more", NAMES)[0] == "LimitsExceeded"
    lists.set("l0", many)
    assert lists.get("many") == many


def test_what_is_read_is_no_pipe(lists):
    """Whoever reads from a pipe locks it, also while their memory does not come, and pomod would wait for them when it writes."""
    lists.set("mine", [f"n{i}.example.org" for i in range(20000)])
    handle, fds = lists.call("GetList", GLib.Variant("(sa{sv})", ("mine", {})))
    fd = fds.get(handle)
    assert not stat.S_ISFIFO(os.fstat(fd).st_mode)
    with pytest.raises(BrokenPipeError):
        os.write(fd, b"x")
    os.close(fd)


def test_pages(lists):
    for name in ("b", "a", "c"):
        lists.set(name, NAMES)
    page, more = lists.client.ask("focus", "ListLists", "(a{sv})", (options(limit=2),))
    assert [record["Name"] for record in page] == ["a", "b"] and more == {"after": "b"}


# ---- claims ----

def test_a_claim_pins_its_lists(lists, pomod):
    first = lists.set("mine", NAMES)["Digest"]
    lists.engage()
    assert lists.pinned() == [{"mine": first}] and lists.pinned("mute") == [None]
    second = lists.set("mine", ["c.example.org"])["Digest"]
    assert lists.pinned() == [{"mine": first}]
    assert lists.get("", digest=first) == NAMES
    lists.remove("mine")
    pomod.kill9()
    pomod.start()
    assert lists.pinned() == [{"mine": first}] and lists.get("", digest=first) == NAMES
    assert refused(lists.get, "", digest=second)[0] == "NoSuchList"
    lists.engage()
    assert lists.pinned() == [{"mine": first}, None]
    lists.client.call("focus", "Release", "(tsa{sv})", (0, "tested", {}))
    lists.set("other", [])
    assert refused(lists.get, "", digest=first)[0] == "NoSuchList"


@pytest.mark.parametrize("damaged", [False, True], ids=["a restore", "damage"])
def test_a_backup_lifts_neither_a_list_nor_enables(lists, pomod, env, damaged):
    """What a backup knows nothing of holds all the same: the text that is pinned, and that the plugin gets the claim."""
    from test_plugins import Plugins, SITES
    import pathlib
    folder = pathlib.Path(env["XDG_DATA_HOME"]) / "pomod/plugins"
    folder.mkdir(parents=True)
    plugins = Plugins(lists.client, folder)
    plugins.install(SITES)
    plugins.disable("sites")
    backup = lists.client.call("history", "Backup", "(a{sv})", ({},))
    plugins.enable("sites")
    digest = lists.set("mine", NAMES)["Digest"]
    lists.engage(lock="admin")
    if damaged:
        pomod.kill9()
        with open(pomod.state_dir / "pomod.db", "r+b") as store:
            store.truncate(4096 * 3)
        pomod.start()
    else:
        lists.client.call("history", "Restore", "(sa{sv})", (backup, {}))
    claims = lists.client.call("focus", "ListClaims", "(a{sv})", ({},))
    if not damaged:
        assert len(claims) == 1
        assert lists.pinned() == [{"mine": digest}] and lists.get("", digest=digest) == NAMES
    assert plugins.list()["sites"]["Enabled"]


# ---- whose they are ----

@pytest.mark.root
@both_buses
def test_on_the_systems_bus(system_policy_bus, system_pomod, make_client):
    """One method alone takes a descriptor; another's names are for root alone."""
    alice, root = Lists(make_client(system_policy_bus, uid=ALICE)), Lists(make_client(system_policy_bus, uid=0))
    assert refused(alice.call, "ListLists", GLib.Variant("(a{sv})", ({},)), memory("a.org\n"))[0] == \
        "org.freedesktop.DBus.Error.AccessDenied"
    made = alice.set("mine", NAMES)
    assert root.get(made["Digest"], uid=ALICE) == NAMES
    assert refused(root.get, made["Digest"], uid=BOB)[0] == "NoSuchList"
    assert refused(root.get, "x", uid=ALICE)[0] == "InvalidArgument"
