# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
What a profile blocks for everyone takes an administrator's word: it is stored at once and asked about then, a claim has what was
granted alone, and no bad day of polkit's grants anything.
"""

import itertools
import json
import os
import signal
import string
import subprocess

import pytest
from gi.repository import Gio, GLib

from harness import bus as buses
from harness import consent
from harness.client import INTERFACES, error_name, options
from harness.consent import BLOCK, Authority, InTree, describe, finished
from harness.loop import repeat_until, wait_until
from harness.people import ALICE, BOB, Computer
from harness.polkit import OVERRIDE_LOCK, Call
from harness.units import HOUR
from test_lists import Lists, digest_of

pytestmark = pytest.mark.root
ERROR = "org.pomod.Pomod1.Error."
DENIED = "org.freedesktop.DBus.Error.AccessDenied"
GRANT = "pomoctl focus profile grant deep"


@pytest.fixture
def computer(folder):
    return Computer(folder, {ALICE: "alice", BOB: "bob"})


@pytest.fixture
def shared_bus(folder, computer):
    """A bus on which everybody may be anybody, in place of the system's."""
    policy = buses.SESSION_POLICY.replace('<allow own="*"/>', '<allow own="*"/><allow user="*"/>')
    instance = buses.Bus(folder / "shared-bus", "system", policy)
    instance.prefix = computer.prefix
    yield instance
    instance.close()


@pytest.fixture
def plugins(folder, program):
    """The folder of plugins beside the daemon, with sites in it."""
    folder.chmod(0o755)
    _, path = InTree.make_tree(folder, program("pomod"))
    describe(path, consent.SITES)
    return path


@pytest.fixture
def daemon(make_daemon, shared_bus, plugins, folder):
    return make_daemon(shared_bus, bus_argument="--bus=system", env_more={"DBUS_SYSTEM_BUS_ADDRESS": shared_bus.address},
                       kind=lambda on_bus, _, *args, **kwargs: InTree(on_bus, folder / "tree/bin/pomod", *args, **kwargs)).start()


@pytest.fixture
def authority(shared_bus):
    instance = Authority(shared_bus)
    yield instance
    instance.close()


class Person:
    """alice, by calls of her own, and root's look at what is hers."""

    def __init__(self, bus, root, uid):
        self.bus, self.root, self.uid = bus, root, uid

    def begin(self, method, arguments, interactive=True, room="focus"):
        return Call(self.uid, self.bus, self.root.path, INTERFACES[room], method, arguments, interactive)

    def set_text(self, *names, profile="deep", excepted=None):
        keys = {"Plugins": "sites", "sites.Block": ";".join(names), **({"sites.Except": excepted} if excepted else {})}
        text = ", ".join(f"{key!r}: <{value!r}>" for key, value in keys.items())
        return f"({profile!r}, {{{text}}}, @a{{sv}} {{}})"

    def begin_set(self, *names, **more):
        interactive = more.pop("interactive", True)
        return self.begin("SetProfile", self.set_text(*names, **more), interactive)

    def set(self, *names, **more):
        """The warnings."""
        result = finished(self.begin_set(*names, **more))
        assert result[0] == "ok", result
        return result[1][0]

    def begin_grant(self, profile="deep", interactive=True):
        return self.begin("Grant", f"('{profile}', @a{{sv}} {{}})", interactive)

    def grant(self, profile="deep"):
        return finished(self.begin_grant(profile))

    def revoke(self, profile="deep"):
        self.root.call("focus", "Revoke", "(sa{sv})", (profile, {}))

    def profile(self, name="deep"):
        return {record["Name"]: record for record in self.root.call("focus", "ListProfiles", "(a{sv})", ({},))}.get(name)

    def granted(self, profile="deep"):
        return self.profile(profile)["Granted"]

    def not_granted(self, profile="deep"):
        return self.profile(profile)["NotGranted"]

    def engage(self, profile="deep", **more):
        return self.root.ask("focus", "Engage", "(sa{sv})", (profile, options(for_usec=HOUR, **more)))

    def failing(self):
        """What people are told of what is in force."""
        return {claim["Id"]: claim["Failing"] for claim in self.root.call("focus", "ListClaims", "(a{sv})", ({},))}

    def failure(self):
        return {claim["Id"]: claim["Failure"] for claim in self.root.call("focus", "ListClaims", "(a{sv})", ({},))}

    def told(self):
        """What root's host of sites is told: of each claim what it blocks."""
        _, desired, unknown = self.root.ask("manager", "Desired", "(sa{sv})", ("sites", {}))
        assert unknown == []
        return {record["Claim"]: record["Settings"]["Block"] for record in desired}


@pytest.fixture
def alice(daemon, shared_bus, make_client):
    return Person(shared_bus, make_client(shared_bus, uid=ALICE), ALICE)


# ---- yes ----

def test_yes(alice, authority):
    assert alice.set("Reddit.com", "b.example", "@social") == []
    (question,) = authority.asked
    assert question.action == BLOCK and question.flags == 1
    assert question.details == {"user": "alice", "profile": "deep", "names": "reddit.com, b.example, @social", "count": "3"}
    assert alice.granted() == ["reddit.com", "b.example", "@social"] and alice.not_granted() == []
    claim, warnings = alice.engage()
    assert warnings == ["sites is not running: that part of the profile deep is not enforced; see pomoctl plugin info sites"]
    assert alice.told() == {claim: "Reddit.com;b.example;@social"}
    assert alice.failure() == {claim: ""}


def test_the_same_is_not_asked_about_twice(alice, authority):
    alice.set("a.example", "b.example")
    alice.set("b.example")
    alice.set("B.EXAMPLE", "a.example")
    assert len(authority.asked) == 1
    alice.set("a.example", "c.example")
    assert authority.asked[1].names == ["c.example"]


def test_what_nobody_else_feels_is_not_asked_about(alice, authority):
    assert alice.set("a.example", excepted="b.a.example") == []
    assert authority.asked[0].names == ["a.example"]
    alice.set("a.example", excepted="c.a.example")
    assert len(authority.asked) == 1


def test_what_is_granted_outlives_a_crash(alice, authority, daemon):
    alice.set("a.example")
    claim, _ = alice.engage()
    daemon.kill9()
    daemon.start()
    assert alice.granted() == ["a.example"] and alice.told() == {claim: "a.example"}


def test_ten_names_are_said_and_all_are_counted(alice, authority):
    names = [f"n{i:02}.example" for i in range(25)]
    alice.set(*names[:10], profile="ten")
    assert authority.asked.pop().names == names[:10]
    alice.set(*names)
    assert authority.asked[0].names == [*names[:10], "…"] and authority.asked[0].details["count"] == "25"


def test_a_record_says_as_much_as_it_has_room_for(alice, authority):
    """32 KiB, of which a name takes itself and eight bytes; a claim has all of them."""
    names = [f"{i:04x}.de" for i in range(0x1000, 0x1000 + 2040)]
    alice.root.call("focus", "SetProfile", "(sa{sv}a{sv})", ("deep", options(Plugins="sites", **{"sites.Block": ";".join(names)}), {}))
    assert alice.granted() == names
    names = ["".join(letters) + ".d" for letters in itertools.islice(itertools.product(string.ascii_lowercase, repeat=3), 2700)]
    alice.root.call("focus", "SetProfile", "(sa{sv}a{sv})", ("deep", options(Plugins="sites", **{"sites.Block": ";".join(names)}), {}))
    shown, size, most = alice.granted(), 0, 0
    while size + len(names[most]) + 8 <= 32 << 10:
        size += len(names[most]) + 8
        most += 1
    assert shown == names[:most] and most < len(names)
    claim, _ = alice.engage()
    assert alice.told() == {claim: ";".join(names)}


def test_an_import_is_one_question(alice, authority):
    text = "[Profile deep]\\nPlugins=sites\\nsites.Block=a.example\\n[Profile light]\\nPlugins=sites\\nsites.Block=b.example;a.example\\n"
    result = finished(alice.begin("Import", f"('{text}', @a{{sv}} {{}})", room="schedules"))
    assert result[0] == "ok" and result[1][0]["Profiles"] == 2 and result[1][0]["Warnings"] == []
    (question,) = authority.asked
    assert question.details == {"user": "alice", "profile": "deep, light", "names": "a.example, b.example, a.example", "count": "3"}
    assert alice.granted() == ["a.example"] and alice.granted("light") == ["b.example", "a.example"]
    finished(alice.begin("Import", f"('{text}', @a{{sv}} {{}})", room="schedules"))
    assert len(authority.asked) == 1


def test_what_users_choose_is_no_part_of_the_sentence(alice, authority):
    alice.set("раypal.example", profile="deep</b> $(names) \"x\" ok")
    details = authority.asked[0].details
    assert details["profile"] == "deep??b? ??names? ?x? ok" and details["names"] == "xn--ypal-43d9g.example"


def test_what_is_asked_about_is_what_is_blocked(alice, authority):
    """strasse.example would be somebody else's: a browser goes to xn--strae-oqa.example."""
    alice.set("straße.example;bücher.example")
    assert authority.asked[0].names == ["straße.example", "xn--bcher-kva.example"]


# ---- no ----

def test_no(alice, authority):
    authority.allows = False
    (warning,) = alice.set("a.example", "b.example")
    assert "a.example, b.example" in warning and "did not allow" in warning and GRANT in warning
    assert alice.profile()["sites.Block"] == "a.example;b.example"
    assert alice.granted() == [] and alice.not_granted() == ["a.example", "b.example"]
    claim, warnings = alice.engage()
    assert any(GRANT in each for each in warnings)
    assert alice.told() == {claim: ""}
    assert alice.failure()[claim].startswith("sites: not granted") and GRANT in alice.failure()[claim]
    assert alice.failing() == alice.failure()


@pytest.mark.parametrize("allowed", [True, False])
def test_what_no_computer_blocks_is_said_whatever_polkit_says(alice, authority, allowed):
    authority.allows = allowed
    warnings = alice.set("a.example", "co.uk", excepted="com")
    assert warnings[0] == "the profile deep names co.uk in sites.Block, which stays open: a public suffix is no site"
    assert len(warnings) == 2 - allowed and all(GRANT in each for each in warnings[1:])


def test_who_lacks_a_grant_is_told_wherever_what_does_not_hold_is_told(alice, authority):
    """By Engage and Start, once, and from then on by NotEnforced; whether nothing was granted or a part."""
    def start():
        return alice.root.call("timer", "Start", "(sa{sv})", ("pomodoro", options(focus="deep", switch=True))).get("warnings", [])

    def not_enforced():
        return alice.root.get_all()["NotEnforced"]
    alice.set("a.example")
    alice.root.proxy("timer")
    alice.root.call("manager", "Subscribe", "(a{sv})", (options(uid=ALICE),))
    _, warnings = alice.engage()
    assert start() == warnings and not any(GRANT in each for each in warnings) and GRANT not in not_enforced()
    authority.allows = False
    alice.set("a.example", "b.example")
    for lacking in ("b.example", "a.example, b.example"):
        _, warnings = alice.engage()
        assert start() == warnings
        assert sum(GRANT in each and lacking in each for each in warnings) == 1
        assert not_enforced().count(f"sites: not granted: {lacking}; {GRANT}") == 1
        alice.revoke()
    authority.allows = True
    wait_until(lambda: GRANT in alice.root.cached()["NotEnforced"], "the bar to be told")
    assert alice.grant()[0] == "ok" and GRANT not in not_enforced()
    wait_until(lambda: GRANT not in alice.root.cached()["NotEnforced"], "the bar to be told of the grant")


def test_no_to_more_leaves_what_was_granted(alice, authority):
    alice.set("a.example")
    authority.allows = False
    alice.set("a.example", "b.example")
    claim, _ = alice.engage()
    assert alice.told() == {claim: "a.example"} and "b.example" in alice.failure()[claim]


def test_a_password_would_do_and_nobody_may_be_asked(alice, authority):
    authority.allows, authority.challenge = False, True
    (warning,) = alice.set("a.example", interactive=False)
    assert "password" in warning and authority.asked[0].flags == 0
    name, _ = finished(alice.begin_grant(interactive=False))
    assert name == "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"
    assert finished(alice.begin_grant())[0] == DENIED
    assert alice.granted() == [] and alice.profile()


def test_no_polkit(alice):
    (warning,) = alice.set("a.example")
    assert "no polkit" in warning and GRANT in warning
    name, message = alice.grant()
    assert name == DENIED and "only root" in message
    assert alice.not_granted() == ["a.example"]


def test_polkit_that_leaves_in_the_question(alice, authority):
    authority.allows = None
    call = alice.begin_set("a.example")
    authority.wait_asked()
    authority.close()
    result = finished(call)
    assert result[0] == "ok" and "did not answer" in result[1][0][0]
    assert alice.not_granted() == ["a.example"]


def test_grant_reaches_what_is_in_force(alice, authority):
    authority.allows = False
    alice.set("a.example", "b.example")
    claim, _ = alice.engage(lock="admin")
    authority.allows = True
    assert alice.grant() == ("ok", [{"Names": ["a.example", "b.example"], "Left": []}])
    assert alice.told() == {claim: "a.example;b.example"}
    assert alice.failure()[claim] == "sites: not granted when it began"
    assert "not granted" not in alice.failing()[claim]
    assert alice.grant()[0] == "ok" and len(authority.asked) == 2


def test_revoke_leaves_what_is_in_force(alice, authority):
    alice.set("a.example")
    before, _ = alice.engage()
    alice.revoke()
    after, _ = alice.engage()
    assert alice.told() == {before: "a.example", after: ""}
    assert alice.not_granted() == ["a.example"]
    with pytest.raises(GLib.Error) as caught:
        alice.revoke("none")
    assert error_name(caught.value) == f"{ERROR}NoSuchProfile"
    assert finished(alice.begin_grant("none"))[0] == f"{ERROR}NoSuchProfile"


# ---- while it is asked ----

@pytest.fixture
def asking(alice, authority):
    """alice's call that waits for polkit's word about a.example and b.example."""
    authority.allows = None
    call = alice.begin_set("a.example", "b.example")
    authority.wait_asked()
    return call


def test_everybody_else_is_served(alice, authority, asking):
    assert alice.profile()["sites.Block"] == "a.example;b.example"
    assert alice.root.start("pomodoro") > 0
    assert not asking.done()
    authority.asked[0].answer(True)
    assert finished(asking)[0] == "ok" and alice.granted() == ["a.example", "b.example"]


def test_the_profile_is_edited(alice, authority, asking):
    edit = alice.begin_set("b.example", "c.example")
    question = authority.wait_asked(2)
    assert question.names == ["b.example", "c.example"]
    authority.asked[0].answer(True)
    result = finished(asking)
    assert result[0] == "ok" and "c.example" in result[1][0][0] and "a.example" not in result[1][0][0]
    assert alice.granted() == ["b.example"] and alice.profile()["sites.Block"] == "b.example;c.example"
    question.answer(False)
    assert "c.example" in finished(edit)[1][0][0]
    alice.root.call("focus", "SetProfile", "(sa{sv}a{sv})", ("deep", options(Plugins="sites"), {}))
    assert alice.granted() == alice.not_granted() == []


def test_the_profile_is_removed(alice, authority, asking):
    alice.root.call("focus", "RemoveProfile", "(sa{sv})", ("deep", {}))
    authority.asked[0].answer(True)
    assert finished(asking) == ("ok", [[]])
    authority.allows = False
    alice.set("a.example")
    assert alice.not_granted() == ["a.example"]


def test_the_profile_is_renamed(alice, authority, asking):
    """Which is another profile, and the old one gone."""
    alice.root.call("focus", "RemoveProfile", "(sa{sv})", ("deep", {}))
    other = alice.begin_set("a.example", "b.example", profile="other")
    authority.wait_asked(2).answer(False)
    finished(other)
    authority.asked[0].answer(True)
    finished(asking)
    assert alice.granted("other") == []


def test_a_grant_goes_with_its_profile(alice, authority):
    alice.set("a.example")
    alice.root.call("focus", "RemoveProfile", "(sa{sv})", ("deep", {}))
    authority.allows = False
    alice.set("a.example")
    assert alice.granted() == [] and len(authority.asked) == 2


def test_two_questions_at_once(alice, authority, asking):
    other = alice.begin_set("c.example", profile="other")
    authority.wait_asked(2).answer(True)
    assert finished(other) == ("ok", [[]])
    assert alice.granted("other") == ["c.example"] and alice.granted() == []
    authority.asked[0].answer(False)
    assert "did not allow" in finished(asking)[1][0][0]


def leave(call):
    call.process.kill()
    call.process.wait()


def test_the_caller_leaves(alice, authority, asking):
    leave(asking)
    authority.wait_cancelled()
    assert authority.cancelled == [authority.asked[0].cancellation] != [""]
    authority.asked[0].answer(True)
    assert alice.not_granted() == ["a.example", "b.example"]
    authority.allows = True
    assert alice.grant()[0] == "ok" and alice.granted() == ["a.example", "b.example"]


def test_one_caller_leaves_and_another_stays(alice, authority, asking):
    other = alice.begin_grant()
    authority.wait_asked(2)
    leave(asking)
    authority.wait_cancelled()
    assert authority.cancelled == [authority.asked[0].cancellation]
    authority.asked[1].answer(True)
    assert finished(other)[0] == "ok" and alice.not_granted() == []


def test_the_caller_of_a_locked_release_leaves(alice, authority):
    alice.set("a.example")
    claim, _ = alice.engage(lock="admin")
    authority.allows = None
    call = alice.begin("Release", f"(uint64 {claim}, 'enough', @a{{sv}} {{}})")
    question = authority.wait_asked(2)
    assert question.action == OVERRIDE_LOCK
    leave(call)
    authority.wait_cancelled()
    question.answer(True)
    assert alice.told() == {claim: "a.example"}


def test_pomod_ends(alice, authority, asking, daemon):
    os.kill(daemon.pid, signal.SIGTERM)
    assert finished(asking)[0] == "org.freedesktop.DBus.Error.NoReply"
    daemon.stop()
    authority.asked[0].answer(True)
    daemon.start()
    assert alice.not_granted() == ["a.example", "b.example"]


def test_a_forged_answer(alice, authority, asking, shared_bus):
    """This bus lets anybody answer what another was asked, which only a lax policy does: a yes is polkit's all the same."""
    connection = shared_bus.connect()
    owner = shared_bus.owner("org.pomod.Pomod1")
    for serial in range(1, 400):
        message = Gio.DBusMessage()
        message.set_message_type(Gio.DBusMessageType.METHOD_RETURN)
        message.set_destination(owner)
        message.set_reply_serial(serial)
        message.set_body(GLib.Variant("((bba{ss}))", ((True, False, {}),)))
        connection.send_message(message, Gio.DBusSendMessageFlags.NONE)
    connection.flush_sync(None)
    connection.close_sync(None)
    result = finished(asking)
    assert result[0] == "ok" and "did not come from polkit" in result[1][0][0]
    assert alice.not_granted() == ["a.example", "b.example"]
    authority.allows = True
    assert alice.grant()[0] == "ok"


def test_so_many_at_once(alice, authority):
    authority.allows = None
    calls = [alice.begin_set("a.example", profile=f"p{n}") for n in range(9)]
    authority.wait_asked(8)
    repeat_until(lambda: any(call.done() for call in calls), "one of them to be answered")
    (refused,) = [call for call in calls if call.done()]
    result = refused.result()
    assert result[0] == "ok" and "8 calls of yours wait" in result[1][0][0]
    assert len(alice.root.call("focus", "ListProfiles", "(a{sv})", ({},))) == 9
    for question in authority.asked:
        question.answer(True)
    for call in calls:
        if call is not refused:
            assert finished(call) == ("ok", [[]])


# ---- lists and what is not described ----

def test_a_list_is_granted_as_it_is(alice, authority, daemon):
    lists = Lists(alice.root)
    lists.set("mine", ["a.example", "b.example"])
    lists.set("spare", ["c.example"])
    assert alice.set("@mine", excepted="@spare") == []
    assert authority.asked[0].details["count"] == "1" and authority.asked[0].names == ["@mine"]
    before, _ = alice.engage()
    lists.set("mine", ["a.example"])
    assert alice.not_granted() == ["@mine"]
    after, _ = alice.engage()
    assert alice.told() == {before: "@mine", after: ""}
    _, desired, _ = alice.root.ask("manager", "Desired", "(sa{sv})", ("sites", {}))
    spare = {"spare": digest_of(["c.example"])}
    assert {record["Claim"]: record["Lists"] for record in desired} == {
        before: {"mine": digest_of(["a.example", "b.example"]), **spare}, after: spare}


def test_a_list_that_is_not_there_yet(alice, authority):
    warnings = alice.set("a.example", "@mine")
    assert authority.asked[0].names == ["a.example"] and alice.not_granted() == []
    assert len(warnings) == 1 and "neither a list nor a category" in warnings[0]
    Lists(alice.root).set("mine", ["b.example"])
    assert alice.not_granted() == ["@mine"]


@pytest.mark.parametrize("text", [None, "nonsense", '{"name": "sites"}'], ids=["none", "broken", "half"])
def test_what_cannot_say_what_everybody_feels(alice, authority, plugins, text):
    """It is there, and nobody knows which of its settings are whose: then none is anybody's."""
    alice.set("a.example")
    (plugins / "sites.so").touch()
    claim, _ = alice.engage()
    if text is None:
        (plugins / "sites.json").unlink()
    else:
        (plugins / "sites.json").write_text(text)
    other, _ = alice.engage()
    assert alice.told()[claim] == "a.example"
    assert alice.told()[other] == "a.example"  # which was granted before
    alice.root.call("focus", "SetProfile", "(sa{sv}a{sv})", ("new", options(Plugins="sites", **{"sites.Block": "b.example"}), {}))
    alice.revoke()
    third, _ = alice.engage()
    assert alice.told()[third] == ""


# ---- who need not ask ----

def test_root_grants(alice):
    alice.root.call("focus", "SetProfile", "(sa{sv}a{sv})", ("deep", options(Plugins="sites", **{"sites.Block": "a.example"}), {}))
    assert alice.granted() == ["a.example"]
    assert "no polkit" in alice.set("a.example", "b.example")[0]
    assert alice.root.call("focus", "Grant", "(sa{sv})", ("deep", {})) == {"Names": ["a.example", "b.example"], "Left": []}


def configure(computer, text):
    path = computer.etc / "pomod/pomod.conf"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o644)
    return path


def reload(daemon, line):
    n = daemon.log().count(line)
    os.kill(daemon.pid, signal.SIGHUP)
    repeat_until(lambda: daemon.log().count(line) > n, "it to be read")


CONF_READ = "Who may block for everyone without being asked"


@pytest.mark.parametrize("entry", ["alice", "bob;%writers", "%alices"])
def test_the_configuration_answers(alice, authority, computer, daemon, entry):
    (computer.etc / "group").write_text((computer.etc / "group").read_text() + f"writers:x:5555:bob,alice\nalices:x:{ALICE}:\n")
    alice.set("a.example")
    assert len(authority.asked) == 1
    configure(computer, f"# Ours\n[Consent]\n\nBlockForEveryone = {entry}\n")
    reload(daemon, CONF_READ)
    authority.allows = False
    assert alice.set("a.example", "b.example", "@social") == []
    assert len(authority.asked) == 1 and alice.not_granted() == []
    claim, _ = alice.engage()
    assert alice.told() == {claim: "a.example;b.example;@social"}
    configure(computer, "")
    reload(daemon, CONF_READ)
    assert alice.granted() == ["a.example"] and alice.told() == {claim: "a.example;b.example;@social"}


@pytest.mark.parametrize("text, line, what", [
    ("[Consent]\nBlockForEveryone=alice;b c\n", 2, '"b c" is neither an account'),
    ("[Consent]\nBlockForAll=alice\n", 2, 'there is no key "BlockForAll"'),
    ("[Konsent]\nBlockForEveryone=alice\n", 1, 'there is no group "[Konsent]"'),
    ("BlockForEveryone=alice\n[Consent]\n", 1, "stands before [Consent]"),
    ("[Consent]\nBlockForEveryone=alice\n\nBlockForEveryone=alice\n", 4, "given twice"),
    ("[Consent]\nBlockForEveryone alice\n", 2, "nor KEY=VALUE"),
    ("[Consent]\nBlockForEveryone=alice\n" + "#" * 70000, 0, "more than 64 KiB")])
def test_a_mistake_means_no(alice, authority, computer, daemon, text, line, what):
    authority.allows = False
    configure(computer, text)
    reload(daemon, f"/etc/pomod/pomod.conf:{line}: " if line else "/etc/pomod/pomod.conf: ")
    assert what in daemon.log()
    alice.set("a.example")
    assert len(authority.asked) == 1 and alice.granted() == []


def test_a_configuration_that_others_can_write(alice, authority, computer, daemon):
    configure(computer, "[Consent]\nBlockForEveryone=alice\n").chmod(0o666)
    reload(daemon, "others than root may write to it")
    authority.allows = False
    alice.set("a.example")
    assert len(authority.asked) == 1


def test_it_is_read_at_the_start(alice, authority, computer, daemon):
    configure(computer, "[Consent]\nBlockForEveryone=alice\n")
    daemon.restart()
    authority.allows = False
    assert alice.set("a.example") == [] and authority.asked == []


# ---- lists through pomoctl ----

def test_a_list_of_other_names_is_another_one(alice, authority, make_pomoctl, shared_bus):
    """Who changes a list is told which profile lacks what it names now."""
    pomoctl = make_pomoctl(shared_bus, uid=ALICE)
    said = "pomoctl: warning: what @mine names now is not granted to the profile deep, which blocks none of it: " + GRANT + "\n"
    done = pomoctl("focus", "names", "set", "mine", "-", stdin="a.example\n")
    assert (done.rc, done.err) == (0, ""), done
    alice.set("@mine")
    assert alice.granted() == ["@mine"]
    done = pomoctl("focus", "names", "set", "mine", "-", stdin="b.example\n")
    assert (done.rc, done.err) == (0, said), done
    assert alice.not_granted() == ["@mine"]
    assert alice.grant()[0] == "ok" and alice.not_granted() == []
    done = pomoctl("focus", "names", "set", "mine", "-", stdin="b.example\n")
    assert (done.rc, done.err) == (0, ""), done


# ---- what grants nothing ----

def test_a_restore_keeps_what_is_granted_now(alice, authority):
    alice.set("a.example", "b.example")
    backup = alice.root.call("history", "Backup", "(a{sv})", ({},))
    alice.revoke()
    alice.set("b.example")
    assert alice.granted() == ["b.example"]
    alice.root.call("history", "Restore", "(sa{sv})", (backup, {}))
    assert alice.profile()["sites.Block"] == "a.example;b.example"
    assert alice.granted() == ["b.example"] and alice.not_granted() == ["a.example"]


def test_an_export_has_no_grants(alice, authority):
    alice.set("a.example")
    assert alice.profile()["Text"] == "[Profile deep]\nPlugins=sites\nsites.Block=a.example\n"


# ---- pomoctl ----

@pytest.fixture
def pomoctl(program, shared_bus, daemon):
    """pomoctl of root, for alice."""
    def run(*args):
        done = subprocess.run([program("pomoctl"), "--bus=system", f"--user={ALICE}", *args], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, check=False,
                              env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": shared_bus.address})
        return done.returncode, done.stdout, done.stderr
    return run


def test_pomoctl(alice, authority, pomoctl):
    authority.allows = False
    alice.set("a.example", "@social")
    rc, out, _ = pomoctl("focus", "profile", "show", "deep", "--json")
    assert rc == 0 and (json.loads(out)["granted"], json.loads(out)["not_granted"]) == ([], ["a.example", "@social"])
    assert "sites.Block=a.example;@social (not granted: 2)" in pomoctl("focus", "profile", "list")[1]
    assert pomoctl("focus", "profile", "grant", "deep") == (
        0, "the profile deep blocks for everyone on this computer: a.example, @social\n", "")
    rc, out, _ = pomoctl("focus", "profile", "grant", "deep", "--json")
    assert rc == 0 and json.loads(out) == {"name": "deep", "granted": ["a.example", "@social"], "not_granted": []}
    rc, out, _ = pomoctl("focus", "profile", "revoke", "deep")
    assert rc == 0 and out.startswith("the profile deep blocks nothing for everyone from now on")
    rc, out, _ = pomoctl("focus", "profile", "revoke", "deep", "--json")
    assert rc == 0 and json.loads(out) == {"name": "deep", "revoked": True}
    for verb in ("grant", "revoke"):
        rc, _, err = pomoctl("focus", "profile", verb, "none")
        assert rc == 1 and 'there is no profile "none"' in err
        assert pomoctl("focus", "profile", verb)[0] == 2
    alice.root.call("focus", "SetProfile", "(sa{sv}a{sv})", ("quiet", options(Plugins="mute"), {}))
    assert "needs no grant" in pomoctl("focus", "profile", "grant", "quiet")[1]
