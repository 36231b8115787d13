# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Sites are blocked in /etc/hosts while a claim says so, whatever else is in it, and the file is afterwards what it was, byte for byte."""

import json
import os
import socket
import stat
import sys

import pytest

from harness import people
from harness.browsers import CHROME, install
from harness.loop import repeat_until, wait_until
from harness.plugins import engage, release, wait_listed
from harness.sites import GIVEN
from test_lists import Lists
from test_names import SHIPPED, names_of

NAME = "reddit.com"
BLOCKED = (NAME, "www.reddit.com", "m.reddit.com")
FOREIGN = GIVEN["hosts"].encode()


def engaged(sites, block=NAME, **opts):
    """A host that blocks; the claim."""
    sites.make_profile("deep", block)
    claim = engage(sites.client, "deep", **opts)
    sites.host.start()
    return claim


def in_part(client, claim):
    """What of a claim is said not to hold while the rest does, "" for nothing."""
    records = client.call("focus", "ListClaims", "(a{sv})", ({},))
    return next(record for record in records if record["Id"] == claim)["InPart"]


def wait_in_part(client, claim, *words):
    repeat_until(lambda: all(word in in_part(client, claim) for word in words), f"{words} about claim {claim}: {in_part(client, claim)!r}")


def replace(path, data):
    """As editors do."""
    new = path.with_name(path.name + ".edited")
    new.write_bytes(data)
    new.chmod(0o644)
    new.rename(path)


# ---- what a name leads to ----

LOOK_UP = """
import socket, sys
for name in sys.argv[2:]:
    found = {info[4][0] for info in socket.getaddrinfo(name, int(sys.argv[1]), type=socket.SOCK_STREAM)}
    try:
        socket.create_connection((name, int(sys.argv[1])), timeout=10).close()
        print(name, *sorted(found), "connected")
    except TimeoutError:
        print(name, *sorted(found), "timed out")
    except OSError:
        print(name, *sorted(found), "refused")
"""


def test_blocks_and_puts_back(make_sites):
    sites = make_sites()
    claim = engaged(sites, "reddit.com;news.example.org")
    sites.wait_blocked(*BLOCKED, "news.example.org", "www.news.example.org", "m.news.example.org")
    release(sites.client, claim)
    sites.wait_blocked()
    assert sites.hosts == FOREIGN
    assert sites.host.stop() == 0


def test_what_ships_is_blocked(make_sites):
    """Each name of each category, with www. and m.; nothing is said to be left out."""
    sites = make_sites()
    names = [name for category in sorted(SHIPPED) for name in names_of(category)]
    claim = engaged(sites, ";".join(f"@{category}" for category in SHIPPED))
    sites.wait_blocked(*{before + name for name in names for before in ([""] if name.startswith("www.") else ["", "www.", "m."])})
    assert in_part(sites.client, claim) == ""
    release(sites.client, claim)
    sites.wait_blocked()
    assert sites.hosts == FOREIGN


def test_leads_nowhere_at_once(make_sites):
    """Also where this computer has a server at that port, in both families."""
    sites = make_sites()
    engaged(sites)
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        port = server.getsockname()[1]
        looked = sites.run_inside(sys.executable, "-c", LOOK_UP, port, NAME, "localhost")
    assert looked.stdout.splitlines() == [f"{NAME} 255.255.255.255 ff00:: refused", "localhost 127.0.0.1 ::1 connected"], looked


# ---- what the file is like ----

SHAPES = {
    "empty": b"",
    "without an end": b"127.0.0.1 localhost",
    "an empty line at the end": b"127.0.0.1 localhost\n\n",
    "carriage returns": b"127.0.0.1 localhost\r\n::1 localhost\r\n",
    "carriage returns, without an end": b"127.0.0.1 localhost\r\n::1 localhost",
    "a long line": b"127.0.0.1 " + b" ".join(b"n%d.example" % number for number in range(6000)) + b"\n::1 localhost\n",
    "no text": b"127.0.0.1 localhost\n\0\xff\xfe\n\0",
    "a broadcast address": b"127.0.0.1 localhost\n255.255.255.255\tbroadcasthost\nff00::0 ip6-mcastprefix\n255.255.255.255 broadcasthost\n",
    "10 MB": b"127.0.0.1 localhost\n" + b"".join(b"0.0.0.0 n%07d.ads.example\n" % number for number in range(370_000)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_other_byte_stays(make_sites, shape):
    sites = make_sites({"hosts": SHAPES[shape]})
    claim = engaged(sites)
    wait_until(lambda: set(BLOCKED) <= sites_of(sites), "the names to be blocked")
    assert sites.hosts.startswith(SHAPES[shape])
    release(sites.client, claim)
    wait_until(lambda: sites.hosts == SHAPES[shape], "the file to be what it was")


def sites_of(sites):
    """The names of our lines, also where others lead to the same addresses."""
    return {word for line in sites.hosts.decode(errors="replace").split("\n") if line.endswith("# pomod") for word in line.split()[1:-2]}


def test_no_file(make_sites):
    """One is made, and is gone afterwards."""
    sites = make_sites({"hosts": None})
    claim = engaged(sites)
    sites.wait_blocked(*BLOCKED)
    assert stat.S_IMODE((sites.etc / "hosts").stat().st_mode) == 0o644
    release(sites.client, claim)
    wait_until(lambda: sites.hosts is None, "the file to be gone")


def whole(path):
    """What a file is beside its bytes."""
    st = path.lstat()
    return (stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid, st.st_nlink, {name: os.getxattr(path, name) for name in os.listxattr(path)})


@pytest.mark.root
def test_mode_owner_and_attributes(make_sites):
    sites = make_sites()
    path = sites.etc / "hosts"
    os.chown(path, 1234, 5678)
    path.chmod(0o4640)
    os.setxattr(path, "user.origin", b"\0anything")
    os.setxattr(path, "trusted.origin", b"other")
    before = whole(path)
    claim = engaged(sites)
    sites.wait_blocked(*BLOCKED)
    assert whole(path) == before
    release(sites.client, claim)
    sites.wait_blocked()
    assert whole(path) == before and sites.hosts == FOREIGN
    assert not (sites.etc / ".pomod-new").exists()


def test_other_files_are_not_touched(make_sites):
    sites = make_sites()
    before = {path: path.stat() for path in sites.etc.rglob("*") if path.name != "hosts" and path.is_file()}
    claim = engaged(sites)
    sites.wait_blocked(*BLOCKED)
    release(sites.client, claim)
    sites.wait_blocked()
    assert {path: path.stat().st_mtime_ns for path in before} == {path: st.st_mtime_ns for path, st in before.items()}


def test_hard_links(make_sites):
    """Both names go on having the same file."""
    sites = make_sites()
    os.link(sites.etc / "hosts", sites.etc / "hosts.other")
    claim = engaged(sites)
    sites.wait_blocked(*BLOCKED)
    assert (sites.etc / "hosts").samefile(sites.etc / "hosts.other")
    release(sites.client, claim)
    sites.wait_blocked()
    assert (sites.etc / "hosts").samefile(sites.etc / "hosts.other") and sites.hosts == FOREIGN


def test_symbolic_link(make_sites):
    sites = make_sites({"data/hosts": FOREIGN, "hosts": None})
    (sites.etc / "hosts").symlink_to("data/hosts")
    claim = engaged(sites)
    sites.wait_blocked(*BLOCKED)
    assert (sites.etc / "hosts").is_symlink()
    release(sites.client, claim)
    sites.wait_blocked()
    assert os.readlink(sites.etc / "hosts") == "data/hosts" and (sites.etc / "data/hosts").read_bytes() == FOREIGN
    assert os.listdir(sites.etc / "data") == ["hosts"]


def test_symbolic_link_that_turns(make_sites):
    """Neither file keeps lines of ours."""
    sites = make_sites({"a/hosts": FOREIGN, "b/hosts": b"127.0.0.1 other\n", "hosts": None})
    (sites.etc / "hosts").symlink_to("a/hosts")
    claim = engaged(sites)
    sites.wait_blocked(*BLOCKED)
    (sites.etc / "hosts.new").symlink_to("b/hosts")
    (sites.etc / "hosts.new").rename(sites.etc / "hosts")
    sites.wait_blocked(*BLOCKED)
    wait_until(lambda: (sites.etc / "a/hosts").read_bytes() == FOREIGN, "the other file to be what it was")
    release(sites.client, claim)
    sites.wait_blocked()
    assert (sites.etc / "b/hosts").read_bytes() == b"127.0.0.1 other\n"


def test_symbolic_link_to_nothing(make_sites):
    sites = make_sites({"hosts": None})
    (sites.etc / "hosts").symlink_to("nowhere/hosts")
    engaged(sites)
    wait_listed(sites.client, "sites", "failed", "/etc/hosts leads to a file that is not there")
    (sites.etc / "nowhere").mkdir()
    (sites.etc / "nowhere/hosts").write_bytes(b"")
    sites.wait_blocked(*BLOCKED)


# ---- where it cannot be renamed, or not written ----

def test_bind_mount(make_sites):
    """As in a container: it is written in place."""
    sites = make_sites({"elsewhere/hosts": FOREIGN}, more="mount --bind /etc/elsewhere/hosts /etc/hosts")
    mounted = sites.etc / "elsewhere/hosts"
    inode = mounted.stat().st_ino
    claim = engaged(sites)
    wait_until(lambda: mounted.read_bytes().startswith(FOREIGN + b"# BEGIN pomod") and mounted.read_bytes().endswith(b"# END pomod\n"),
               "the names to be blocked")
    with open(mounted, "ab") as file:
        file.write(b"10.0.0.1 added\n")
    release(sites.client, claim)
    wait_until(lambda: mounted.read_bytes() == FOREIGN + b"10.0.0.1 added\n", "the rest to stay")
    assert mounted.stat().st_ino == inode and sites.hosts == FOREIGN


def test_bind_mount_that_others_write(make_sites):
    """What is taken away is put back, although its folder hears of nothing."""
    sites = make_sites({"elsewhere/hosts": FOREIGN}, more="mount --bind /etc/elsewhere/hosts /etc/hosts")
    mounted = sites.etc / "elsewhere/hosts"
    engaged(sites)
    wait_until(lambda: b"# END pomod" in mounted.read_bytes(), "the names to be blocked")
    mounted.write_bytes(FOREIGN)
    wait_until(lambda: b"# END pomod" in mounted.read_bytes(), "the names to be blocked again")


@pytest.mark.root
def test_read_only(make_sites):
    sites = make_sites(more="mount --bind /etc/hosts /etc/hosts\nmount -o remount,ro,bind /etc/hosts")
    claim = engaged(sites)
    wait_listed(sites.client, "sites", "failed", "/etc/hosts cannot be changed: Read-only file system")
    assert sites.hosts == FOREIGN and not (sites.etc / ".pomod-new").exists()
    release(sites.client, claim)
    wait_listed(sites.client, "sites", "idle")


@pytest.mark.root
def test_immutable(make_sites):
    """It is said, and browsers block by their policy all the same."""
    sites = make_sites(more=install(CHROME))
    try:
        assert sites.run_inside("chattr", "+i", "/etc/hosts").returncode == 0
        engaged(sites)
        wait_listed(sites.client, "sites", "failed", "/etc/hosts cannot be changed.*immutable")
        assert json.loads((sites.etc / CHROME / "~pomod.json").read_text()) == {"URLBlocklist": [NAME]}
        assert sites.hosts == FOREIGN and not (sites.etc / ".pomod-new").exists()
    finally:
        assert sites.run_inside("chattr", "-i", "/etc/hosts").returncode == 0
    sites.wait_blocked(*BLOCKED)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_what_is_no_file(make_sites, make):
    """It is said once, and nobody waits for what never comes."""
    sites = make_sites({"hosts": None})
    make(sites.etc / "hosts")
    claim = engaged(sites)
    wait_listed(sites.client, "sites", "failed", "^/etc/hosts is no plain file, and so is left alone$")
    release(sites.client, claim)
    wait_listed(sites.client, "sites", "idle")
    assert os.listdir(sites.etc).count("hosts") == 1 and not (sites.etc / "hosts").is_file()


# ---- what others do to it ----

def edit(sites, change):
    """Another program makes this of the text, at once."""
    replace(sites.etc / "hosts", change(sites.hosts))


EDITS = {
    "a line is added": (lambda text: text + b"10.0.0.1 added\n", FOREIGN + b"10.0.0.1 added\n"),
    "a line is put first": (lambda text: b"10.0.0.1 added\n" + text, b"10.0.0.1 added\n" + FOREIGN),
    "a line is put among ours": (lambda text: text.replace(b"# pomod\n", b"# pomod\n10.0.0.1 added\n", 1), FOREIGN + b"10.0.0.1 added\n"),
    "the end is missing": (lambda text: text.replace(b"# END pomod\n", b"10.0.0.1 added\n"), FOREIGN + b"10.0.0.1 added\n"),
    "the beginning is missing": (lambda text: b"".join(line for line in text.splitlines(True) if b"BEGIN" not in line), FOREIGN),
    "it is there twice": (lambda text: text + text, FOREIGN * 2),
    "ours is there twice": (lambda text: text + text[len(FOREIGN):], FOREIGN),
    "of another version": (lambda text: text + b"# BEGIN pomod: in other words\n255.255.255.255 old.example # pomod\n# END pomod\n", FOREIGN),
    "with carriage returns": (lambda text: text.replace(b"\n", b"\r\n"), FOREIGN.replace(b"\n", b"\r\n")),
    "a name is taken out": (lambda text: text.replace(b" www.reddit.com", b""), FOREIGN),
    "ours is taken out": (lambda text: FOREIGN, FOREIGN),
    "another file": (lambda text: b"10.0.0.1 other\n", b"10.0.0.1 other\n"),
}


@pytest.mark.parametrize("how", EDITS)
def test_edited_while_engaged(make_sites, how):
    change, afterwards = EDITS[how]
    sites = make_sites()
    claim = engaged(sites)
    sites.wait_blocked(*BLOCKED)
    edit(sites, change)
    sites.wait_blocked(*BLOCKED)
    release(sites.client, claim)
    sites.wait_blocked()
    assert sites.hosts == afterwards


@pytest.mark.parametrize("how", EDITS)
def test_edited_while_no_host_runs(make_sites, how):
    """Nothing but the file tells what is ours: --release leaves the rest."""
    change, afterwards = EDITS[how]
    sites = make_sites()
    engaged(sites)
    sites.wait_blocked(*BLOCKED)
    assert sites.host.stop() == 0
    edit(sites, change)
    released = sites.host.run("--release", "sites")
    assert (released.returncode, sites.hosts) == (0, afterwards), released


def test_edited_without_an_end(make_sites):
    """A line that had none has one where another follows, and none where none does."""
    sites = make_sites({"hosts": b"127.0.0.1 localhost"})
    claim = engaged(sites)
    sites.wait_blocked(*BLOCKED)
    edit(sites, lambda text: text + b"10.0.0.1 added")
    repeat_until(lambda: b"after a line without an end" not in sites.hosts, "our lines to be written anew")
    release(sites.client, claim)
    sites.wait_blocked()
    assert sites.hosts == b"127.0.0.1 localhost\n10.0.0.1 added"


# ---- which names ----

def test_never(make_sites):
    sites = make_sites({
        "hosts": FOREIGN + b"10.0.0.5 nas.example.org nas\n0.0.0.0 ads.example.org\n",
        "apt/sources.list": "# deb http://old.example.org x main\ndeb [arch=amd64] https://user@deb.example.org:443/debian bookworm main\n",
        "apt/sources.list.d/a.sources": "Types: deb\nURIs: http://one.example.org/debian\n http://two.example.org\n",
        "systemd/timesyncd.conf": "[Time]\nNTP=time.example.org\n",
        "systemd/timesyncd.conf.d/a.conf": "[Time]\nNTP = more.example.org\n",
        "chrony/chrony.conf": "pool chrony.example.org iburst\n",
    })
    sites.set_standing(Never="corp.example.org")
    names = ["nas.example.org", "deb.example.org", "one.example.org", "two.example.org", "time.example.org", "more.example.org",
             "chrony.example.org", "1.debian.pool.ntp.org", "use-application-dns.net", "mail.corp.example.org", "com", "co.uk", "foo.localhost"]
    claim = engaged(sites, ";".join([*names, "old.example.org", "ads.example.org"]))
    sites.wait_blocked(*(added + name for name in ("old.example.org", "ads.example.org") for added in ("", "www.", "m.")))
    wait_in_part(sites.client, claim, *names, "a public suffix is no site", "packages of this computer", "another line of /etc/hosts",
                 "the time from there", "Never= of sites.conf", "this computer has that name", "browsers ask it")
    replace(sites.etc / "hosts", sites.hosts.replace(b"nas.example.org ", b""))
    wait_until(lambda: "nas.example.org" in sites.blocked(), "what is named no more to be blocked")


def test_own_name(make_sites):
    """Also with the domains that are searched: nothing is asked what the whole name is."""
    sites = make_sites({"resolv.conf": "search example.org\n", "hostname": "static-name.example\n"})
    name = socket.gethostname()
    claim = engaged(sites, f"{name}.example.org;static-name.example;{NAME}")
    sites.wait_blocked(*BLOCKED)
    wait_in_part(sites.client, claim, f"{name}.example.org", "static-name.example", "this computer has that name")


def test_except(make_sites):
    sites = make_sites()
    sites.make_profile("deep", "reddit.com;old.reddit.com;example.org", except_="old.reddit.com;m.reddit.com;www.example.org")
    engage(sites.client, "deep")
    sites.host.start()
    sites.wait_blocked("reddit.com", "www.reddit.com", "example.org", "m.example.org")


def test_as_many_as_there_can_be(make_sites):
    """Own names come first, and what is beyond the last is said by name."""
    sites = make_sites()
    names = [f"n{number:05}.example" for number in range(20_000)]
    Lists(sites.client).set("mine", names)
    claim = engaged(sites, f"@mine;{NAME}")
    wait_until(lambda: len(sites_of(sites)) == 20_000, "20,000 names to be blocked", 60)
    assert set(BLOCKED) <= sites.blocked() and sites.blocked() - set(BLOCKED) == set(names[:-3])
    wait_in_part(sites.client, claim, "3 names (n19997.example, n19998.example, n19999.example) beyond the 20000 that /etc/hosts takes")
    assert max(map(len, sites.hosts.splitlines())) < 512
    release(sites.client, claim)
    wait_until(lambda: sites.hosts == FOREIGN, "the file to be what it was")


@pytest.mark.root
def test_users_with_opposite_wishes(make_sites, system_pomod, system_policy_bus, make_client):
    """What one excepts the other has blocked, and nobody's end opens another's."""
    sites = make_sites(on_bus=system_policy_bus)
    alice, bob = (make_client(system_policy_bus, uid=uid) for uid in (people.ALICE, people.BOB))
    sites.make_profile("deep", "reddit.com;alice.example", client=alice)
    sites.make_profile("deep", "reddit.com;bob.example", client=bob, except_="reddit.com;alice.example")
    claim = engage(alice, "deep")
    engage(bob, "deep")
    sites.host.start()
    sites.wait_blocked(*(added + name for name in (NAME, "alice.example", "bob.example") for added in ("", "www.", "m.")))
    release(alice, claim)
    sites.wait_blocked(*(added + "bob.example" for added in ("", "www.", "m.")))


# ---- root's settings ----

def test_settings_of_root(make_sites):
    sites = make_sites()
    sites.set_standing(Hosts="no")
    engaged(sites)
    wait_listed(sites.client, "sites", "engaged")
    assert sites.hosts == FOREIGN
    sites.set_standing(Hosts="yes", Never="www.reddit.com")
    sites.wait_blocked(NAME, "m.reddit.com")
    sites.set_standing(Hosts="yes", Never=NAME)
    sites.wait_blocked()
    assert sites.hosts == FOREIGN


def test_a_lock_outlasts_an_edit_of_settings(make_sites):
    """What is turned off waits for who has a lock, also in the next process; a focus that begins later has what is written then."""
    sites = make_sites()
    engaged(sites, lock="delay 10m")
    sites.wait_blocked(*BLOCKED)
    sites.set_standing(Hosts="no", Never=f"{NAME};example.org")
    wait_listed(sites.client, "sites", "engaged", "Hosts=no of sites.conf waits")
    record = wait_listed(sites.client, "sites", "engaged", f"Never= of sites.conf opens 1 name \\({NAME}\\) when a locked focus ends")
    assert "uid" not in record["Message"], "everybody reads this"
    sites.wait_blocked(*BLOCKED)
    sites.make_profile("more", "reddit.com;example.org")
    engage(sites.client, "more", lock="delay 10m")
    wait_listed(sites.client, "sites", "engaged|failed", "Hosts=no")
    sites.host.kill9()
    edit(sites, lambda text: FOREIGN)
    sites.host.start()
    sites.wait_blocked(*BLOCKED)


@pytest.mark.root
def test_an_edit_of_settings_holds_when_the_lock_ends(make_sites):
    """Nobody has to do it again, and what has no lock waits no longer."""
    sites = make_sites()
    claim = engaged(sites, lock="admin")
    sites.wait_blocked(*BLOCKED)
    sites.make_profile("more", "example.org;old.example.org")
    engage(sites.client, "more")
    sites.set_standing(Hosts="yes", Never=f"{NAME};old.example.org")
    wait_listed(sites.client, "sites", "engaged", f"Never= of sites.conf opens 1 name \\({NAME}\\)")
    release(sites.client, claim)
    sites.wait_blocked_names("example.org")
    assert "waits" not in wait_listed(sites.client, "sites", "engaged").get("Message", "")
    sites.set_standing(Hosts="no")
    sites.wait_blocked()


def test_no_lock_waits_for_nobody(make_sites):
    sites = make_sites()
    engaged(sites)
    sites.wait_blocked(*BLOCKED)
    sites.set_standing(Hosts="no")
    sites.wait_blocked()
    assert sites.hosts == FOREIGN


# ---- where names are looked up elsewhere ----

@pytest.mark.parametrize("etc, words", [
    ({"nsswitch.conf": "passwd: files\nhosts: dns\n"}, "has no \"files\""),
    ({"nsswitch.conf": "hosts: resolve [!UNAVAIL=return] files dns\n", "systemd/resolved.conf": "[Resolve]\nReadEtcHosts=no\n"}, "ReadEtcHosts=no"),
])
def test_hosts_that_nobody_reads(make_sites, etc, words):
    sites = make_sites(etc)
    engaged(sites)
    sites.wait_blocked(*BLOCKED)
    wait_listed(sites.client, "sites", "engaged", words)


@pytest.mark.parametrize("etc", [
    {"nsswitch.conf": "hosts: files resolve dns\n", "systemd/resolved.conf": "[Resolve]\nReadEtcHosts=no\n"},
    {"nsswitch.conf": "hosts: mymachines resolve [!UNAVAIL=return] dns\n"},
    {"nsswitch.conf": None},
])
def test_hosts_that_are_read(make_sites, etc):
    sites = make_sites(etc)
    engaged(sites)
    sites.wait_blocked(*BLOCKED)
    assert "/etc/hosts" not in wait_listed(sites.client, "sites", "engaged").get("Message", "")
