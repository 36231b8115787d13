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

pytestmark = pytest.mark.root  # a host of the computer's runs as root

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


LONG = "a" * 64 + ".example"
BAD = [
    ((), "which name?"),
    (("a.example", "b.example"), "b.example"),
    (("https://a.example/x",), "'https://a.example/x' is a URL: the name alone is wanted: pomoctl focus test a.example"),
    (("A.example:8080/x",), "pomoctl focus test a.example"),
    (("http://x@[::1]/",), "is a URL: the name alone is wanted, as in www.example.org"),
    (("a..example",), "'a..example' is no host name: between dots"),
    (("",), "'' is no host name: it has to have"),
    (("  ",), "'  ' is no host name: it can have"),
    (("192.0.2.7",), "'192.0.2.7' is no host name: it is an address"),
    (("*",), "'*' is no host name"),
    (("@",), "'@' is no host name"),
    (("@social",), "'@social' is a category: pomoctl focus names show social"),
    (("@mine",), "'@mine' is a list of names: pomoctl focus names show mine"),
    ((LONG,), f"'{LONG[:60]}…' is no host name"),
    (("a.example\n127.0.0.1 bank.example",), "line break"),
]


@pytest.mark.parametrize("words, said", BAD)
def test_what_is_no_name(pomod, pomoctl, words, said):
    done = pomoctl("focus", "test", *words)
    assert done.rc == 2 and said in done.err and done.out == "", done
    done = pomoctl("focus", "test", *words, "--json")
    refusal = json.loads(done.err)
    assert done.rc == 2 and said in refusal["message"] and refusal["error"].endswith(".InvalidArgument") and done.out == "", done


def test_the_plugin_cuts_a_long_name(make_test):
    """Whoever asks it without pomoctl."""
    sites, _ = make_test()
    done = sites.host.run("--probe", "sites", LONG)
    assert done.returncode == 1 and f"'{LONG[:60]}…' is no name of a host" in done.stderr, done


def test_without_pomod(make_test, pomod):
    _, test = make_test()
    pomod.kill9()
    done = test.run("focus", "test", "a.example")
    assert (done.returncode, done.stdout) == (3, "") and done.stderr.startswith("pomoctl: ")
    done = test.run("focus", "test", "a.example", "--json")
    assert (done.returncode, done.stdout, json.loads(done.stderr).keys()) == (3, "", {"error", "message"})


@pytest.mark.parametrize("address, status", [("unix:path=/nowhere/bus", 3), ("nonsense", 2)])
def test_without_a_bus(make_test, address, status):
    _, test = make_test()
    done = test.run("focus", "test", "a.example", f"--bus={address}", "--json")
    assert (done.returncode, done.stdout, json.loads(done.stderr).keys()) == (status, "", {"error", "message"})


@pytest.mark.parametrize("with_host", [False, True])
def test_what_is_not_installed(pomod, env, folder, program, with_host):
    """A tree in which pomoctl finds neither the plugin nor, at first, its host."""
    for name, place in [("pomoctl", "bin/pomoctl"), ("pomod-plugin-host", "libexec/pomod-plugin-host")][:1 + with_host]:
        (folder / "tree" / place).parent.mkdir(parents=True)
        shutil.copy(program(name), folder / "tree" / place)
    for more in [], ["--json"]:
        done = subprocess.run([folder / "tree/bin/pomoctl", "focus", "test", "a.example", *more], env={**env, "POMOD_BUS": pomod.bus.address},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        said = json.loads(done.stderr)["message"] if more else done.stderr.removeprefix("pomoctl: ")
        assert (done.returncode, done.stdout) == (1, "") and said.startswith("the plugin sites is not installed"), done
