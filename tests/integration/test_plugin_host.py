# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
The normal life of a plugin host: a profile engages and the plugin holds its names, through changes, restarts and absences, to its
end; and what the host does for a plugin meanwhile.
"""

import json
import os
import pathlib
import pty
import subprocess

import pytest
from gi.repository import Gio, GLib

from harness.client import INTERFACES, NAME, options
from harness.loop import repeat_until
from harness.plugins import engage, make_profiles, profile, release, wait_listed
from harness.units import SECOND

A, B = "a.example", "b.example"
START, CHANGE, RETRY, ENDED, WORLD, STOP = range(1, 7)
ALONE = 1


def told(host, word):
    """The lines of what the plugin `tells` was told that begin so, without the word."""
    path = host.world_folder / f"{host.name}.log"
    lines = path.read_text().splitlines() if path.exists() else []
    return [line[len(word) + 1:] for line in lines if line.split(" ")[0] == word]


def wait_told(host, word, text="", timeout=60):
    """The first of these lines that has the text in it."""
    return repeat_until(lambda: [line for line in told(host, word) if text in line],
                        f"{host.name} to be told {word} {text}, not {told(host, word)}", timeout)[0]


@pytest.fixture
def tells(pomod, client, make_plugin_host):
    client.subscribe()
    return make_plugin_host("tells")


def do(client, text, *names):
    """A claim that has the plugin do so."""
    make_profiles(client, profile("do", "tells", *(names or (A,)), do=text))
    return engage(client, "do")


# ---- the example ----

@pytest.fixture
def example(pomod, client, make_plugin_host, env):
    client.subscribe()
    make_profiles(client, "[Profile deep]\nPlugins=example\nexample.names=b.example;a.example\n",
                  "[Profile more]\nPlugins=example\nexample.names=c.example\n")
    return make_plugin_host("example", program_name="pomod-plugin-host")


def names_of(path):
    try:
        return path.read_text().split()
    except FileNotFoundError:
        return None


def wait_names(path, names):
    repeat_until(lambda: names_of(path) == names, f"{path} to have {names}, not {names_of(path)}")


def test_the_example_writes_the_names_that_hold(example, client, env):
    path = pathlib.Path(env["XDG_RUNTIME_DIR"]) / "pomod-example"
    example.start()
    assert not path.exists()
    first = engage(client, "deep")
    wait_names(path, [A, B])
    second = engage(client, "more")
    wait_names(path, [A, B, "c.example"])
    assert wait_listed(client, "example", "engaged")["Pid"] == example.pid
    release(client, first)
    wait_names(path, ["c.example"])
    release(client, second)
    wait_names(path, None)
    wait_listed(client, "example", "idle")
    assert example.stop() == 0


def test_a_standing_setting_holds_without_a_claim(pomod, client, make_plugin_host):
    """The user's own, and changed while the host runs."""
    del pomod
    client.subscribe()
    host = make_plugin_host("mirror").start()

    seen = host.state_file("saved/seen")

    def wait_always(text):
        repeat_until(lambda: seen.exists() and f"key=always text={text} " in seen.read_text(), f"always to be {text}")
    wait_always("25m")
    client.call("plugins", "Set", "(ssva{sv})", ("mirror", "always", options(v="10m")["v"], {}))
    wait_always("10m")
    client.call("plugins", "Reset", "(ssa{sv})", ("mirror", "always", {}))
    wait_always("25m")


# ---- what holds ----

def test_a_claim_ends_by_itself(tells, client):
    tells.start()
    make_profiles(client, profile("short", "tells", A), profile("long", "tells", B))
    engage(client, "long")
    engage(client, "short", 2 * SECOND)
    tells.wait_world(A, B)
    tells.wait_world(B)
    assert client.call("focus", "ListClaims", "(a{sv})", ({},))[0]["Profile"] == "long"


def test_an_end_comes_without_pomod(tells, client, pomod):
    """pomod is asked, and after 2 s without an answer what has ended is lifted; what has not stays."""
    tells.start()
    make_profiles(client, profile("short", "tells", A), profile("long", "tells", B))
    engage(client, "long")
    engage(client, "short", 3 * SECOND)
    tells.wait_world(A, B)
    pomod.kill9()
    tells.wait_world(B)
    assert wait_told(tells, "apply", f"{ENDED} {ALONE} 1")
    # The world first, then the state.
    repeat_until(lambda: [claim["profile"] for claim in tells.claims()["claims"]] == ["long"], "the state folder to say so")
    pomod.start()
    client.subscribe()
    wait_listed(client, "tells", "engaged")
    assert tells.world() == [B]


@pytest.mark.parametrize("who", ["host", "pomod", "both"])
def test_kills_lift_nothing(tells, client, pomod, who):
    tells.start()
    make_profiles(client, profile("deep", "tells", A))
    engage(client, "deep", lock="admin")
    tells.wait_world(A)
    if who != "pomod":
        tells.kill9()
    if who != "host":
        pomod.kill9()
        pomod.start()
    if who != "pomod":
        tells.start()
    client.subscribe()
    wait_listed(client, "tells", "engaged")
    assert tells.world() == [A]


def test_without_pomod_what_is_held_is_done_after_two_seconds(tells, client, pomod):
    tells.start()
    make_profiles(client, profile("deep", "tells", A))
    engage(client, "deep")
    tells.wait_world(A)
    tells.kill9()
    pomod.kill9()
    (tells.world_folder / "tells").unlink()
    tells.start()
    tells.wait_world(A)
    assert told(tells, "apply")[-1] == f"{START} {ALONE} 1"


def test_no_answer_is_no_empty_answer(tells, client, pomod):
    """With nothing held and nobody who answers nothing is done, and nobody waits for that."""
    pomod.kill9()
    tells.start()
    assert not told(tells, "apply")
    pomod.start()
    wait_told(tells, "apply", f"{START} 0 0")


def test_a_stop_lifts_what_has_ended_and_nothing_else(tells, client):
    tells.start()
    make_profiles(client, profile("deep", "tells", A))
    engage(client, "deep")
    tells.wait_world(A)
    assert tells.stop() == 0
    assert tells.world() == [A] and told(tells, "close") == [""]
    assert STOP not in [int(line.split()[0]) for line in told(tells, "apply")]


def test_two_hosts_of_one_plugin(tells, client, make_plugin_host):
    """The second says whose the state folder is."""
    tells.start()
    second = make_plugin_host("tells").spawn()
    assert second.wait_end() == 1
    assert str(tells.pid) in second.log()


# ---- lists ----

def set_list(client, name, *names):
    fd = os.memfd_create("list")
    os.write(fd, "".join(f"{each}\n" for each in names).encode())
    fds = Gio.UnixFDList.new_from_array([fd])
    client.connection.call_with_unix_fd_list_sync(NAME, client.path, INTERFACES["focus"], "SetList",
                                                  GLib.Variant("(sha{sv})", (name, 0, {})), None, Gio.DBusCallFlags.NONE, 20000, fds, None)


@pytest.mark.parametrize("plugin", ["tells", pytest.param("holds-system", marks=pytest.mark.root)])
def test_lists(pomod, client, make_plugin_host, plugin):
    """Their names are in the state folder before anything holds: no edit, and no pomod that is gone, shortens a claim."""
    client.subscribe()
    host = make_plugin_host(plugin, system=plugin != "tells").start()
    set_list(client, "mine", "b.example", "c.example")
    make_profiles(client, profile("deep", plugin, A, "@mine"))
    engage(client, "deep")
    host.wait_world(A, B, "c.example")
    set_list(client, "mine", "d.example")
    host.kill9()
    pomod.kill9()
    (host.world_folder / plugin).unlink()
    host.start()
    host.wait_world(A, B, "c.example")
    pomod.start()
    client.subscribe()
    wait_listed(client, plugin, "engaged")
    assert host.world() == [A, B, "c.example"]
    engage(client, "deep")
    host.wait_world(A, B, "c.example", "d.example")


def test_a_category_is_of_the_package(pomod, client, make_plugin_host, folder):
    """As the package has it now, also in what is in force; a list of the user's that has its name goes before."""
    host = make_plugin_host("tells")
    categories = folder / "categories"
    categories.mkdir()
    (categories / "fun.tsv").write_text(f"# fun\n{A}\twhy\t2026-11\n{B}\twhy\t2026-11\n")
    host.env["POMOD_TEST_CATEGORY_DIR"] = str(categories)
    client.subscribe()
    set_list(client, "mine", "c.example")
    make_profiles(client, profile("deep", "tells", "@fun", "@mine", "@nobodys"))
    engage(client, "deep")
    host.start()
    host.wait_world(A, B, "c.example")
    wait_listed(client, "tells", "engaged|failed")
    repeat_until(lambda: "there is no list or category @nobodys" in str(client.call("focus", "ListClaims", "(a{sv})", ({},))),
                 "the claim to say that nobody has @nobodys")
    # An upgrade takes effect where a host looks again, and a category of the name of a list does not.
    (categories / "fun.tsv").write_text(f"{B}\twhy\t2026-12\n")
    (categories / "mine.tsv").write_text("d.example\twhy\t2026-12\n")
    host.kill9()
    host.start()
    host.wait_world(B, "c.example")
    (categories / "fun.tsv").unlink()
    host.kill9()
    host.start()
    host.wait_world("c.example")


# ---- how it ends ----

def test_done_comes_later(tells, client):
    tells.start()
    do(client, "later")
    wait_told(tells, "done")
    wait_listed(client, "tells", "engaged")


def test_what_failed_is_tried_again(tells, client):
    tells.start()
    do(client, "fail")
    wait_listed(client, "tells", "failed", "^told to fail$")
    wait_listed(client, "tells", "engaged")
    assert int(told(tells, "apply")[-1].split()[0]) == RETRY


def test_the_world_was_changed_by_somebody(tells, client):
    tells.start()
    do(client, "look")
    wait_told(tells, "apply", f"{WORLD} 0 1")


# ---- what the host does for it ----

def test_a_program(tells, client):
    """Its own process group, nothing of the host's but the first three descriptors, limits as before the host's."""
    tells.env["MARK"] = "of the session"
    tells.start()
    do(client, "run")
    assert wait_told(tells, "ran") == "0"
    lines = (tells.world_folder / "tells.out").read_text().splitlines()
    assert "MARK=of the session" in lines
    assert not [line for line in lines if line.startswith(("NOTIFY_SOCKET=", "JOURNAL_STREAM="))]
    # The fourth is that of ls on the folder.
    assert lines[-4:] == ["0", "1", "2", "3"]
    limits = subprocess.run(["sh", "-c", "ulimit -d; ulimit -n"], capture_output=True, text=True, check=True).stdout.split()
    assert lines[-6:-4] == limits


@pytest.fixture
def user_manager(bus):
    """The service manager of the user, which has been told of a display since the host was started."""
    service = ("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager")
    process = subprocess.Popen(["/usr/bin/python3", "-m", "dbusmock", "--session", *service],
                               env={"DBUS_SESSION_BUS_ADDRESS": bus.address, "PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL)
    bus.wait_owner(service[0])
    connection = bus.connect()
    connection.call_sync(*service[:2], "org.freedesktop.DBus.Mock", "AddProperty",
                         GLib.Variant("(ssv)", (service[2], "Environment", GLib.Variant("as", ["DISPLAY=:7", "PATH=/usr/bin:/bin"]))),
                         None, Gio.DBusCallFlags.NONE, 20000, None)
    yield
    connection.close_sync(None)
    process.kill()
    process.wait()


def test_a_program_has_what_the_user_manager_has(tells, client, user_manager):
    tells.env.update(MANAGERPID="1", DBUS_SESSION_BUS_ADDRESS=tells.bus.address, MARK="of the host")
    tells.start()
    do(client, "run")
    assert wait_told(tells, "ran") == "0"
    lines = (tells.world_folder / "tells.out").read_text().splitlines()
    assert "DISPLAY=:7" in lines and "MARK=of the host" not in lines


def test_a_program_that_takes_too_long(tells, client):
    """SIGTERM, and SIGKILL 5 s later to who ignores that."""
    tells.start()
    do(client, "slow")
    assert wait_told(tells, "ran") == "-110"


def test_events(tells, client):
    tells.start()
    state = json.loads(wait_told(tells, "event", "").split(" ", 1)[1])
    assert told(tells, "event")[0].startswith("state ") and state["state"] == "idle" and state["id"] is None
    interval = client.start()
    started = json.loads(wait_told(tells, "event", "started ").split(" ", 1)[1])
    assert started["id"] == interval and started["kind"] == "pomodoro" and isinstance(started["at_realtime_usec"], int)


def test_the_state_comes_after_a_gap(tells, client, pomod):
    tells.start()
    wait_told(tells, "event", "state ")
    client.start()
    wait_told(tells, "event", "started ")
    pomod.kill9()
    pomod.start()
    state = json.loads(wait_told(tells, "event", '"state":"pomodoro"').split(" ", 1)[1])
    assert state["deadline_realtime_usec"] > state["started_realtime_usec"] > 0


ACTS = [
    ("start pomodoro --for 10m", "0"),
    ("extend 5m", "-"),  # nothing runs
    ("log edit 999 --note x", "-"),
    ("focus on none 5m", "-"),
    ("bake a cake", None),
    ("start --for ten", None),
    ("extend", None),
    ("focus on", None),
]


@pytest.mark.parametrize("words, result", ACTS)
def test_acts(tells, client, words, result):
    """What makes no sense is refused at once; what pomod refuses comes with its sentence."""
    tells.start()
    do(client, f"act:{words}")
    if result is None:
        assert wait_told(tells, "act") == "-22"
        assert "act()" in tells.log()
        return
    answer = wait_told(tells, "acted")
    assert answer.startswith(result)
    assert (len(answer.split(" ", 1)[1]) > 0) == (result == "-")


def test_a_probe(tells, client):
    make_profiles(client, profile("deep", "tells", A))
    before = tells.run("--probe", "tells", "example.org", f"--bus={tells.bus.address}")
    assert (before.returncode, before.stdout) == (0, "example.org: open, save() is -1\n"), before.stderr
    engage(client, "deep")
    after = tells.run("--probe", "tells", "example.org", f"--bus={tells.bus.address}")
    assert (after.returncode, after.stdout) == (0, "example.org: blocked, save() is -1\n"), after.stderr


def test_a_try(tells, folder):
    desired = folder / "desired.json"
    desired.write_text(json.dumps({"lists": {"mine": [B]}, "claims": [{"settings": {"hold": f"{A};@mine"}}, {"settings": {"do": "later"}}]}))
    tried = tells.run("--try", tells.plugins / "tells.so", "--desired", desired)
    assert (tried.returncode, tried.stdout) == (0, "applied 2 claims\nreleased\n"), tried.stderr
    assert told(tells, "apply") == [f"{START} {ALONE} 2"] and told(tells, "done") == [""] and tells.world() is None


def test_a_description_of_another_build_is_said(pomod, make_plugin_host, client):
    """NAME.json stayed when the plugin was replaced."""
    host = make_plugin_host("holds")
    path = host.plugins / "holds.json"
    path.write_text(path.read_text().replace('"version": "', '"version": "0.'))
    host.start()
    assert "holds.json says something else than holds.so beside it" in host.log() and "--describe" in host.log()
    wait_listed(client, "holds", "idle", "says something else")
    checked = host.run("--check", host.plugins / "holds.so")
    assert checked.returncode == 1 and "holds.json beside it says something else" in checked.stderr


def test_who_waits_has_the_version_that_its_description_tells(pomod, make_plugin_host, client):
    host = make_plugin_host("crash-in-open")
    version = json.loads((host.plugins / "crash-in-open.json").read_text())["version"]
    host.spawn()
    host.wait_end()
    host.spawn()
    assert wait_listed(client, "crash-in-open", "failed", "crashed in open")["Version"] == version


@pytest.mark.parametrize("text, says", [
    ("", "line 1, character 1: it ends before its value does"), ('{\n "claims": [', "line 2, character 13: it ends before"),
    ('{ "lists": {},\n "ü": 1 "claims": [] }', "line 2, character 9: "), ('{} {}', "line 1, character 4: "), ("[]", "all of it has to be an object"),
    ('{"claim": []}', "claim is no key; there are standing, lists and claims"), ('{"claims": {}}', "claims has to be a list"),
    ('{"claims": [{}, {"lok": "none"}]}', "claims[1].lok is no key of a claim"), ('{"claims": [[]]}', "claims[0] has to be an object"),
    ('{"claims": [{"settings": "hold"}]}', "claims[0].settings has to be an object"), ('{"lists": {"mine": "a"}}', "lists.mine has to be a list"),
    ('{"standing": []}', "standing has to be an object")])
def test_a_try_of_what_is_no_desired(tells, folder, text, says):
    desired = folder / "desired.json"
    desired.write_text(text)
    tried = tells.run("--try", tells.plugins / "tells.so", "--desired", desired)
    assert (tried.returncode, tried.stdout) == (1, "") and told(tells, "open") == []
    assert str(desired) in tried.stderr and says in tried.stderr and tried.stderr.count("\n") == 1


@pytest.mark.parametrize("name, says", [("crash-in-apply", "crashed in apply(): SIGSEGV"), ("hang-in-apply", "did not return from apply() within 5 s"),
                                        ("crash-in-close", "crashed in close(): SIGSEGV")])
def test_a_try_that_crashes_is_released(make_plugin_host, folder, name, says):
    host = make_plugin_host(name)
    desired = folder / "desired.json"
    desired.write_text(json.dumps({"claims": [{"settings": {"hold": A}}]}))
    tried = host.run("--try", host.plugins / f"{name}.so", "--desired", desired)
    assert tried.returncode == 1 and tried.stdout.endswith("released, in a new process\n"), tried
    assert says in tried.stderr and tried.stderr.count("\n") == 1 and host.world() is None


def test_a_try_that_crashes_in_release(make_plugin_host, folder):
    host = make_plugin_host("crash-in-release")
    desired = folder / "desired.json"
    desired.write_text(json.dumps({"claims": [{"settings": {"hold": A}}]}))
    tried = host.run("--try", host.plugins / "crash-in-release.so", "--desired", desired)
    assert tried.returncode == 1 and "released" not in tried.stdout, tried
    assert tried.stderr.splitlines()[-1].endswith("what crash-in-release had changed is there still: release() failed in a new process, too")
    assert host.world() == [A]


def test_what_makes_no_sense_is_one_sentence(tells):
    for words, says in ((["--nope"], "unknown option '--nope'"), (["-x"], "unknown option '-x'"), (["--check"], "nothing behind '--check'"),
                        (["--list=3"], "no value belongs to '--list=3'"), (["--re"], "unknown option '--re'"), ([], "no plugin"),
                        (["--probe", "tells"], "nothing to ask about")):
        done = tells.run(*words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
        assert done.stderr.startswith("pomod-plugin-host: ") and says in done.stderr, done


def test_a_mistyped_name_keeps_nobody_at_a_terminal(tells):
    """And leaves no folder of its state behind."""
    master, terminal = pty.openpty()
    done = subprocess.run([*tells.bus.prefix, *tells.prefix, tells.program, "tels"], env=tells.env, stdin=terminal, stdout=terminal, stderr=terminal,
                          timeout=60, check=False)
    os.close(terminal)
    said = os.read(master, 4096).decode()
    os.close(master)
    assert done.returncode == 1 and said.count("\n") == 1 and "there is no plugin tels" in said and "pomoctl plugin list" in said, said
    assert not (tells.state / "tels").exists()


def test_a_try_of_a_file_that_is_not_there(tells, folder):
    tried = tells.run("--try", tells.plugins / "tells.so", "--desired", folder / "nothing.json")
    assert tried.returncode == 1 and "nothing.json: No such file" in tried.stderr, tried.stderr


@pytest.mark.parametrize("lists, claims, said", [(1, ["@l0;" * 1000], 0), (16, [";".join(f"@l{i}" for i in range(16))] * 5, 5)],
                         ids=["one often", "many"])
def test_no_user_takes_all_memory_by_lists(tells, folder, lists, claims, said):
    """The host is everybody's: what the claims of one user name beyond a bound is left out, and said."""
    names = {f"l{i}": [f"l{i}a{k}.example.org" for k in range(20000)] for i in range(lists)}
    desired = folder / "desired.json"
    desired.write_text(json.dumps({"lists": names, "claims": [{"uid": 1000, "settings": {"hold": each}} for each in claims]}))
    tried = tells.run("--try", tells.plugins / "tells.so", "--desired", desired)
    assert (tried.returncode, tried.stdout) == (0, f"applied {len(claims)} claims\nreleased\n".replace(" 1 claims", " 1 claim")), tried.stderr
    assert tried.stderr.count("more than 200000 names of lists") == said


# ---- a plugin of the whole computer ----

@pytest.mark.root
def test_for_the_system(pomod, client, make_plugin_host):
    """It learns of all users by Manager."""
    client.subscribe()
    make_profiles(client, profile("deep", "holds-system", A))
    host = make_plugin_host("holds-system", system=True)
    host.start()
    engage(client, "deep")
    host.wait_world(A)
