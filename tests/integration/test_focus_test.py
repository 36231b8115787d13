# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""`pomoctl focus test NAME` says what programs and browsers meet, by asking as they do."""

import json
import os
import shutil
import subprocess

import pytest

from harness.browsers import BRAVE, CHROME, install
from harness.plugins import engage, wait_listed

# A network of one computer: 192.0.2.7 answers, and nobody else is there.
NETWORK = """ip link set lo up
ip address add 192.0.2.7/32 dev lo
/usr/bin/python3 -c 'import os, socket
server = socket.create_server(("192.0.2.7", 80))
if os.fork() == 0:
    while True:
        server.accept()' </dev/null >/dev/null 2>&1
exec "$@" """
HOSTS = "127.0.0.1\tlocalhost\n192.0.2.7\topen.example\n192.0.2.9\taway.example\n192.0.2.7\thalf.example\n255.255.255.255\thalf.example\n"
OTHERS = """mount -t tmpfs tmpfs /var/lib
mkdir -p /var/lib/snapd/snap/chromium /var/lib/snapd/snap/firefox /var/lib/flatpak/app/com.brave.Browser /opt/firefox
cp /bin/true /opt/firefox/firefox"""


@pytest.fixture
def make_test(make_sites, program, folder):
    """make_test(Hosts="no"): a.example is blocked; gives the Sites, and a function that runs focus test and gives its lines by place."""
    # A tree in which pomoctl finds the host of the tests, which has their folders.
    for name, place in (("pomoctl", "bin/pomoctl"), ("pomod-plugin-host-test", "libexec/pomod-plugin-host")):
        (folder / "tree" / place).parent.mkdir(parents=True)
        shutil.copy(program(name), folder / "tree" / place)

    def make(etc=None, more="true", **standing):
        sites = make_sites(etc={"hosts": HOSTS, **(etc or {})}, more=f"{install(CHROME, BRAVE)}\n{OTHERS}\n{more}")
        sites.set_standing(**standing)
        sites.make_profile("deep", "a.example")
        engage(sites.client, "deep")
        sites.host.start()
        wait_listed(sites.client, "sites", "engaged")

        def run(*words, prefix=()):
            return subprocess.run([*sites.inside, "unshare", "--net", "sh", "-ec", NETWORK, "sh", *prefix, folder / "tree/bin/pomoctl", *words],
                                  env={**sites.host.env, "PATH": os.environ["PATH"]}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

        def findings(name, prefix=()):
            done = run("--json", "focus", "test", name, prefix=prefix)
            assert done.returncode == 0, done.stderr
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            return {line["place"]: (line["finding"], line["sentence"]) for line in lines}
        findings.run = run
        return sites, findings
    return make


def check(findings, wanted):
    for place, (finding, words) in wanted.items():
        assert findings[place][0] == finding and words in findings[place][1], (place, findings)


def test_blocked_and_open(make_test):
    _, test = make_test()
    check(test("a.example"), {
        "names": ("blocked", ", where no connection leads"),
        "Chrome": ("blocked", "by its policy in /etc/opt/chrome/policies/managed/~pomod.json; a page that is open stays open"),
        "Firefox": ("blocked", "as names lead nowhere, unless it asks a name server or a proxy of its own"),
        "Firefox (snap)": ("blocked", "as names lead nowhere"),
        "Chromium (snap)": ("blocked", "while its plug etc-chromium-browser-policies is connected"),
        "Brave (flatpak)": ("blocked", "or its sandbox has an older /etc/hosts")})
    check(test("open.example"), {
        "names": ("open", "open.example is 192.0.2.7, which answers"),
        "Chrome": ("open", "no policy in /etc/opt/chrome/policies/managed blocks it"),
        "Firefox": ("open", "as names lead there"),
        "Chromium (snap)": ("open", "no policy in"),
        "Brave (flatpak)": ("open", "no policy of pomod reaches it")})
    check(test("away.example"), {"names": ("unknown", "away.example is 192.0.2.9, which does not answer now"), "Chrome": ("unknown", "no policy"),
                                 "Firefox": ("unknown", "it is unknown where names lead")})
    assert test("half.example")["names"][0] in ("open", "unknown")
    check(test("nowhere.example"), {"names": ("unknown", "nowhere.example")})
    check(test("localhost"), {"names": ("unknown", "this computer itself")})
    # As people write it.
    check(test("WWW.A.Example."), {"names": ("blocked", "www.a.example"), "Chrome": ("blocked", "")})


def test_policies_alone(make_test):
    _, test = make_test(Hosts="no")
    check(test("a.example"), {"names": ("unknown", ""), "Chrome": ("blocked", "by its policy"), "Firefox": ("unknown", "no policy of pomod reaches it"),
                              "Chromium (snap)": ("unknown", "etc-chromium-browser-policies")})
    check(test("x.y.a.example"), {"Chrome": ("blocked", "by its policy")})


def test_names_alone(make_test):
    _, test = make_test(Chromium="no")
    check(test("a.example"), {"names": ("blocked", ""), "Chrome": ("blocked", "as names lead nowhere"), "Firefox": ("blocked", "as names lead nowhere")})


def test_an_allowed_one(make_test):
    sites, test = make_test(etc={f"{CHROME}/admin.json": '{"URLAllowlist": ["a.example", "open.example"], "URLBlocklist": ["example"]}'}, Hosts="no")
    check(test("open.example"), {"Chrome": ("open", "/etc/opt/chrome/policies/managed/admin.json allows it"), "Brave": ("open", "no policy")})
    # By the administrator, and nobody else.
    check(test("away.example"), {"Chrome": ("blocked", "~pomod.json"), "Brave": ("unknown", "no policy")})
    check(test("a.example"), {"Chrome": ("unknown", "admin.json allows it"), "Brave": ("blocked", "by its policy")})


def test_programs_that_do_not_read_the_file(make_test):
    sites, test = make_test()
    (sites.etc / "nsswitch.conf").write_text("hosts: dns\n")
    check(test("a.example"), {"names": ("unknown", ""), "Chrome": ("blocked", "by its policy")})


@pytest.mark.root
def test_who_is_not_root_asks_the_same(make_test, system_pomod, system_policy_bus, other_uid):
    """Settings of a plugin of the system are root's, in folders that are none of an ordinary user's."""
    _, test = make_test()
    other = ["setpriv", f"--reuid={other_uid}", f"--regid={other_uid}", "--clear-groups", "env", f"POMOD_BUS={system_policy_bus.address}"]
    check(test("a.example", prefix=other), {"names": ("blocked", ""), "Chrome": ("blocked", "by its policy")})


def test_as_a_table(make_test):
    _, test = make_test()
    done = test.run("focus", "test", "a.example")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["PLACE", "IS", "WHY"]
    assert any(line.split()[:2] == ["names", "blocked"] for line in lines) and any(line.split()[:2] == ["Chrome", "blocked"] for line in lines)
    assert "a page that is open stays open" in lines[-1] and "dnsmasq" in lines[-1]


BAD = [
    ((), 2, "which name?"),
    (("a.example", "b.example"), 2, "b.example"),
    (("https://a.example/x",), 1, "'https://a.example/x' is no name of a host"),
    (("a..example",), 1, "is no name of a host"),
    (("",), 1, "is no name of a host"),
    (("192.0.2.7",), 1, "is no name of a host"),
    (("*",), 1, "is no name of a host"),
    (("a" * 64 + ".example",), 1, "is no name of a host"),
    (("a.example\n127.0.0.1 bank.example",), 2, ""),
]


def test_what_is_no_name(make_test):
    _, test = make_test()
    for words, status, said in BAD:
        done = test.run("focus", "test", *words)
        assert done.returncode == status and said in done.stderr and done.stdout == "", (words, done)


def test_without_pomod(make_test, pomod):
    _, test = make_test()
    pomod.kill9()
    done = test.run("focus", "test", "a.example")
    assert done.returncode != 0 and done.stdout == "" and "pomod" in done.stderr
