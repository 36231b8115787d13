# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
Hosts and plugins of different releases understand each other: a plugin built with the first release's header, one with today's, one
with a later one that has a member more in every struct; a host of today and one of that later release. And out of the tree a plugin
is built with pkg-config alone.
"""

import os
import re
import shutil
import subprocess

import pytest

from conftest import SOURCE
from harness.loop import repeat_until
from harness.plugins import engage, make_profiles, wait_listed
from harness.units import HOUR, MINUTE

PROFILES = """
[Profile bare]
Plugins={0}
{0}.choice=loud
[Profile full]
Plugins={0}
{0}.text=a line, with = and "quotes"
{0}.words=mail;chat;mail
{0}.yes-no=no
{0}.number=-10
{0}.duration=45m
{0}.choice=soft
{0}.names=b.example;A.example;b.example
[Profile third]
Plugins={0}
{0}.number=10
"""
# What of each profile apply() is given: key, text as written, number, names.
BARE = {"yes-no": ("yes", 1, ""), "number": ("7", 7, ""), "choice": ("loud", 0, "")}
FULL = {"text": ('a line, with = and "quotes"', 0, ""), "words": ("mail;chat;mail", 0, "mail;chat"), "yes-no": ("no", 0, ""),
        "number": ("-10", -10, ""), "duration": ("45m", 45 * MINUTE, ""), "choice": ("soft", 0, ""),
        "names": ("b.example;A.example;b.example", 0, "a.example;b.example")}
THIRD = {"yes-no": ("yes", 1, ""), "number": ("10", 10, ""), "choice": ("soft", 0, "")}

SIZES = {"PomoValue": 48, "PomoClaim": 72, "PomoDesired": 56, "PomoEvent": 40, "PomoHostCalls": 120}


def lines(host, name):
    """What the mirror wrote: the kind of each line and its members."""
    path = host.state_file(f"saved/{name}")
    if not path.exists():
        return []
    found = []
    for line in path.read_text().splitlines():
        kind, rest = line.split(" ", 1)
        found.append((kind, dict(re.findall(r"(\w+)=(.*?)(?= \w+=|$)", rest))))
    return found


def values(members):
    return {each["key"]: (each["text"], int(each["number"]), each["names"]) for each in members}


@pytest.mark.parametrize("host_name", ["pomod-plugin-host-test", "pomod-plugin-host-grown"])
@pytest.mark.parametrize("name", ["mirror", "mirror-first", "mirror-grown"])
def test_member_by_member(pomod, client, make_plugin_host, name, host_name):
    client.subscribe()
    make_profiles(client, PROFILES.format(name))
    ids = [engage(client, "bare", HOUR), engage(client, "full", 2 * HOUR, lock="delay 10m"), engage(client, "third", 3 * HOUR, lock="admin")]
    host = make_plugin_host(name, program_name=host_name).start()
    wait_listed(client, name, "engaged")
    grown = {struct: size + 8 * host_name.endswith("grown") for struct, size in SIZES.items()}
    both = str(int(host_name.endswith("grown") and name.endswith("grown")))
    seen = lines(host, "seen")
    assert {members["grown"] for _, members in seen} == {both}, "what came later is used where both know it, and nowhere else"

    (_, calls), (_, desired), *rest = seen
    assert int(calls["size"]) == grown["PomoHostCalls"]
    assert int(desired["size"]) == grown["PomoDesired"] and int(desired["generation"]) > 0
    assert [desired[member] for member in ("reason", "flags", "n_claims", "n_standing")] == ["1", "0", "3", "1"]

    records = {record["Claim"]: record for record in client.call("focus", "Desired", "(sa{sv})", (name, {}))[2]}
    claims = [(members, []) for kind, members in rest if kind == "claim"]
    at = -1
    for kind, members in rest:
        at += kind == "claim"
        if kind == "value":
            claims[at][1].append(members)
            assert int(members["size"]) == grown["PomoValue"] and int(members["n_names"]) == len([n for n in members["names"].split(";") if n])
    assert [int(claim["id"]) for claim, _ in claims] == ids
    for (claim, its_values), profile, expected in zip(claims, ("bare", "full", "third"), (BARE, FULL, THIRD)):
        record = records[int(claim["id"])]
        assert values(its_values) == expected
        assert int(claim["size"]) == grown["PomoClaim"] and int(claim["n_values"]) == len(expected)
        assert (int(claim["uid"]), claim["flags"], claim["profile"]) == (os.getuid(), "0", profile)
        assert (claim["lock"], claim["source"]) == (record["Lock"], "user")
        assert int(claim["until_boottime_usec"]) == record["UntilBoottimeUSec"]
    assert [claim["lock"] for claim, _ in claims] == ["none", "delay 10m", "admin"]
    assert values([members for kind, members in rest if kind == "standing"]) == {"always": ("25m", 25 * MINUTE, "")}

    repeat_until(lambda: lines(host, "state"), "the event that says what is so")
    assert lines(host, "state")[0][1]["kind"] == "state"
    number = client.start("pomodoro")
    repeat_until(lambda: lines(host, "event"), "an event")
    (_, event), = lines(host, "event")
    assert int(event["size"]) == grown["PomoEvent"] and int(event["interval"]) == number and int(event["seq"]) > 0
    assert event["json"].startswith("{")
    assert host.stop() == 0


@pytest.mark.parametrize("host_name", ["pomod-plugin-host-test", "pomod-plugin-host-grown"])
def test_a_table_that_is_shorter_than_the_first(make_plugin_host, host_name):
    host = make_plugin_host("mirror-shorter", program_name=host_name)
    done = host.run("--check", host.plugins / "mirror-shorter.so")
    assert done.returncode == 1 and "96" in done.stderr and "104" in done.stderr


# ---- out of the tree ----

@pytest.fixture
def installed(build_dir, folder):
    """What the package for developers has, in a folder."""
    tree = folder / "installed"
    subprocess.run(["meson", "install", "-C", build_dir, "--no-rebuild", "--tags", "devel", "--destdir", tree], check=True,
                   capture_output=True, stdin=subprocess.DEVNULL)
    (file,) = tree.rglob("pomo-plugin.pc")
    return {**os.environ, "PKG_CONFIG_PATH": str(file.parent), "PKG_CONFIG_SYSROOT_DIR": str(tree)}


@pytest.mark.parametrize("compiler", [("gcc", "-std=c11"), ("clang", "-std=c11"), ("g++", "-std=c++17", "-x", "c++")], ids=lambda each: each[0])
@pytest.mark.parametrize("warnings", [(), ("-Wall", "-Wextra", "-Wpedantic", "-Werror")], ids=["plain", "strict"])
def test_built_out_of_the_tree(installed, folder, program, compiler, warnings):
    place = folder / "elsewhere"
    place.mkdir()
    shutil.copy(SOURCE / "plugins/example/example.c", place)
    flags = subprocess.run(["pkg-config", "--cflags", "pomo-plugin"], env=installed, check=True, capture_output=True, text=True).stdout.split()
    assert subprocess.run(["pkg-config", "--libs", "pomo-plugin"], env=installed, check=True, capture_output=True, text=True).stdout.strip() == ""
    # gnu11 for O_CLOEXEC and the like is the plugin's own affair; the header asks for nothing.
    built = subprocess.run([*compiler, *warnings, "-D_GNU_SOURCE", "-shared", "-fPIC", "-fvisibility=hidden", *flags, "example.c", "-o", "example.so"], cwd=place,
                           capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert built.returncode == 0 and built.stderr == "", built.stderr
    symbols = subprocess.run(["nm", "-D", "--defined-only", "example.so"], cwd=place, check=True, capture_output=True, text=True).stdout
    assert [line.split()[-1] for line in symbols.splitlines()] == ["pomo_plugin_1"]
    place.chmod(0o755)
    checked = subprocess.run([program("pomod-plugin-host"), "--check", place / "example.so"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert checked.returncode == 0, checked.stderr


def test_what_the_page_tries(program, add_plugin, folder):
    """The desired.json of docs/PLUGINS.md."""
    page = (SOURCE / "docs/PLUGINS.md").read_text()
    text = re.search(r"^ {4}(\{ \"lists\".*?\n)\n", page, re.S | re.M)[1]
    (folder / "desired.json").write_text(text)
    tried = subprocess.run([program("pomod-plugin-host"), "--try", add_plugin("example"), "--desired", folder / "desired.json"],
                           capture_output=True, text=True, stdin=subprocess.DEVNULL, env={**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)})
    assert (tried.returncode, tried.stdout) == (0, "applied 1 claim\nreleased\n"), tried
    assert not list(folder.glob("pomod-example*"))


def test_the_pkg_config_file_says_where(installed, build_dir):
    del build_dir
    said = {name: subprocess.run(["pkg-config", f"--variable={name}", "pomo-plugin"], env=installed, check=True, capture_output=True,
                                 text=True).stdout.strip() for name in ("plugindir", "host", "abi")}
    assert said["abi"] == "1" and said["plugindir"].endswith("/pomod/plugins") and said["host"].endswith("/pomod-plugin-host")
