# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Browsers of the Chromium family block by the one policy file of ours, and everything else in their folders stays what it was."""

import json
import os
import shutil

import pytest

from harness.browsers import BRAVE, CHROME, FOLDERS, install, tree
from harness.loop import repeat_until
from harness.plugins import engage, release, wait_listed
from test_sites import in_part, wait_in_part

pytestmark = pytest.mark.root  # a host of the computer's runs as root

OWN = "~pomod.json"
ADMIN = {"URLBlocklist": ["intranet.example", "*.bad/"], "HomepageLocation": "https://start.example"}


def rest(sites):
    """All of /etc but the file that the other backend writes."""
    return {name: facts for name, facts in tree(sites.etc).items() if name != "hosts"}


def policy(sites, folder=CHROME, name=OWN):
    """The list of one file; None where there is no file."""
    try:
        return json.loads((sites.etc / folder / name).read_text())["URLBlocklist"]
    except FileNotFoundError:
        return None


def wait_policy(sites, *entries, folder=CHROME):
    wanted = list(entries) or None
    repeat_until(lambda: policy(sites, folder) == wanted, f"the policy to be {wanted}, not {policy(sites, folder)}")


def write(sites, name, content, folder=CHROME, mode=0o644):
    """As an administrator's editor does: a new file takes the place of the old one."""
    (sites.etc / folder).mkdir(parents=True, exist_ok=True)
    new = sites.etc / folder / f"{name}.new"
    new.write_text(content if isinstance(content, str) else json.dumps(content))
    new.chmod(mode)
    new.rename(sites.etc / folder / name)


def engaged(sites, names="a.example;b.example", **values):
    sites.make_profile("deep", names, **values)
    claim = engage(sites.client, "deep")
    sites.host.start()
    return claim


@pytest.fixture
def sites(make_sites):
    return make_sites(more=install(CHROME))


# ---- made and removed ----

def test_one_file_is_made_and_nothing_is_left(make_sites):
    sites = make_sites(more=install(CHROME, BRAVE))
    before = rest(sites)
    claim = engaged(sites, "b.example;a.example;x.b.example")
    for folder in (CHROME, BRAVE):
        wait_policy(sites, "a.example", "b.example", folder=folder)
        path = sites.etc / folder / OWN
        assert path.stat().st_mode & 0o7777 == 0o644 and path.stat().st_uid == os.geteuid()
        assert {each.stat().st_mode & 0o7777 for each in (path.parent, path.parent.parent)} == {0o755}
    assert not (sites.etc / FOLDERS["edge"]).exists(), "a policy for a browser that is not installed"
    release(sites.client, claim)
    wait_policy(sites)
    repeat_until(lambda: rest(sites) == before, "everything to be as before")
    # What the world was is forgotten once it is so again.
    repeat_until(lambda: not (sites.host.state / "sites/saved/chromium").exists(), "what was saved to go")
    assert sites.host.stop() == 0


def test_a_browser_is_looked_for_at_each_engagement(make_sites):
    sites = make_sites(more="mount -t tmpfs tmpfs /opt")
    claim = engaged(sites)
    sites.wait_blocked_names("a.example", "b.example")
    assert policy(sites) is None
    sites.host_runs(install(CHROME, mount=False))
    release(sites.client, claim)
    sites.wait_blocked()
    claim = engage(sites.client, "deep")
    wait_policy(sites, "a.example", "b.example")
    # What is uninstalled while it is engaged is no reason to lift anything.
    sites.host_runs("rm -r /opt/google")
    engage(sites.client, "deep")
    release(sites.client, claim)
    wait_policy(sites, "a.example", "b.example")


def test_exceptions(sites):
    """NAME covers all below it in a browser, so that what must stay open below it makes it .NAME."""
    sites.set_standing(Never="open.b.example")
    engaged(sites, "a.example;b.example;c.example", except_="mail.a.example;c.example")
    repeat_until(lambda: policy(sites), "a policy")
    assert set(policy(sites)) == {".a.example", "www.a.example", "m.a.example", ".b.example", "www.b.example", "m.b.example"}


def test_only_roots_setting_turns_it_off(sites):
    sites.set_standing(Chromium="no")
    before = tree(sites.etc / "opt")
    engaged(sites)
    sites.wait_blocked_names("a.example", "b.example")
    assert policy(sites) is None and tree(sites.etc / "opt") == before
    sites.set_standing(Chromium="yes")
    wait_policy(sites, "a.example", "b.example")
    sites.set_standing(Chromium="no")
    wait_policy(sites)


def test_a_hand_removes_it(sites):
    before = rest(sites)
    engaged(sites)
    wait_policy(sites, "a.example", "b.example")
    assert sites.host.stop() == 0
    assert policy(sites) == ["a.example", "b.example"]
    done = sites.host.run("--release", "sites")
    assert done.returncode == 0, done.stderr
    assert rest(sites) == before


# ---- an administrator's own policies ----

def test_an_administrators_list_stays_in_force_and_is_followed(sites):
    write(sites, "10-admin.json", ADMIN)
    before = rest(sites)
    claim = engaged(sites)
    wait_policy(sites, *ADMIN["URLBlocklist"], "a.example", "b.example")
    write(sites, "20-more.json", {"URLBlocklist": ["more.example"]})
    wait_policy(sites, "more.example", "a.example", "b.example")
    (sites.etc / CHROME / "20-more.json").unlink()
    wait_policy(sites, *ADMIN["URLBlocklist"], "a.example", "b.example")
    # In place, as by a shell.
    with open(sites.etc / CHROME / "10-admin.json", "r+") as file:
        file.truncate()
        json.dump({"URLBlocklist": ["other.example"]}, file)
    wait_policy(sites, "other.example", "a.example", "b.example")
    write(sites, "10-admin.json", ADMIN)
    wait_policy(sites, *ADMIN["URLBlocklist"], "a.example", "b.example")
    before[f"{CHROME}/10-admin.json"] = rest(sites)[f"{CHROME}/10-admin.json"]
    release(sites.client, claim)
    repeat_until(lambda: rest(sites) == before, "everything to be as the administrator left it")


SAID = [  # a file, what is in it, what of it is in force with ours, what is said
    ("a.json", "{ broken", [], "a.json is no valid JSON"),
    ("a.json", "", [], "a.json is no valid JSON"),
    ("a.json", '{"URLBlocklist": "x.example"}', [], "a.json sets URLBlocklist to what is no list"),
    ("a.json", '{"URLBlocklist": ["x.example",], /* mine */ }', ["x.example"], None),
    ("a.json", {"URLAllowlist": ["b.example"]}, [], "Chrome opens b.example all the same, by the URLAllowlist of /etc/opt/chrome/policies/managed/a.json"),
    ("a.json", {"URLAllowlist": ["*", "example", "b.example/path"]}, [], None),
    ("a.json", {"URLBlocklist": [f"n{number}.example" for number in range(999)]}, [f"n{number}.example" for number in range(999)],
     "Chrome blocks 1 of 2 names by its policy, which takes 1000 entries"),
    ("a", {"URLBlocklist": ["x.example"]}, ["x.example"], None),
    (".a.json", {"URLBlocklist": ["x.example"]}, ["x.example"], None),
]


@pytest.mark.parametrize("name, content, first, said", SAID)
def test_what_is_said_of_others_files(sites, name, content, first, said):
    write(sites, name, content)
    before = rest(sites)
    claim = engaged(sites)
    wait_policy(sites, *first, *["a.example", "b.example"][:1000 - len(first)])
    record = wait_listed(sites.client, "sites", "engaged", said or "")
    assert said or "Chrome" not in record.get("Message", ""), record["Message"]
    release(sites.client, claim)
    repeat_until(lambda: rest(sites) == before, "everything to be as before")


def test_what_browsers_alone_do_not_block_is_said_by_name(sites):
    """To whom it concerns: nothing else blocks it."""
    first = [f"n{number}.example" for number in range(998)]
    write(sites, "a.json", {"URLBlocklist": first})
    sites.make_profile("light", "b.example")
    light = engage(sites.client, "light")
    claim = engaged(sites, "c.example;d.example;e.example;x.b.example")
    wait_policy(sites, *first, "b.example", "c.example")
    wait_listed(sites.client, "sites", "engaged", "Chrome blocks 2 of 4 names")
    assert in_part(sites.client, claim) == "", "by names they are blocked"
    sites.set_standing(Hosts="no")
    wait_in_part(sites.client, claim, "2 names (d.example, e.example) beyond what policies of browsers take", "Hosts=no of sites.conf")
    assert in_part(sites.client, light) == ""
    sites.set_standing(Hosts="no", Chromium="no")
    wait_in_part(sites.client, light, "1 name (b.example) beyond")
    sites.set_standing()
    repeat_until(lambda: in_part(sites.client, light) == in_part(sites.client, claim) == "", "nothing to be said")


def test_no_room_beside_an_administrators_thousand(sites):
    write(sites, "a.json", {"URLBlocklist": [f"n{number}.example" for number in range(1000)]})
    engaged(sites)
    wait_listed(sites.client, "sites", "engaged", "Chrome blocks 0 of 2 names")
    assert policy(sites) is None


def test_a_file_behind_ours_wins_and_is_named(sites):
    write(sites, "~~z.json", {"URLBlocklist": ["x.example"]})
    engaged(sites)
    wait_listed(sites.client, "sites", "engaged", "takes the URLBlocklist of /etc/opt/chrome/policies/managed/~~z.json alone: rename that file")
    (sites.etc / CHROME / "~~z.json").rename(sites.etc / CHROME / "z.json")
    wait_policy(sites, "x.example", "a.example", "b.example")
    repeat_until(lambda: "rename" not in wait_listed(sites.client, "sites", "engaged").get("Message", ""), "the sentence to go")


def test_what_only_root_may_read_is_not_published(sites):
    write(sites, "a.json", {"URLBlocklist": ["secret.example"]}, mode=0o600)
    engaged(sites)
    wait_policy(sites, "a.example", "b.example")
    wait_listed(sites.client, "sites", "engaged", "a.json cannot be read by everybody")


def test_a_list_that_is_too_long_to_read_is_not_hidden(sites):
    """Ours would be the last word, and without theirs."""
    write(sites, "a.json", {"URLBlocklist": ["secret.example"], "Comment": "x" * (1 << 20)})
    before = rest(sites)
    claim = engaged(sites)
    wait_listed(sites.client, "sites", "failed", "cannot read the policies of Chrome in /etc/opt/chrome/policies/managed: File too large")
    sites.wait_blocked_names("a.example", "b.example")
    assert policy(sites) is None
    write(sites, "a.json", {"URLBlocklist": ["x.example"]})
    wait_policy(sites, "x.example", "a.example", "b.example")
    before[f"{CHROME}/a.json"] = rest(sites)[f"{CHROME}/a.json"]
    release(sites.client, claim)
    repeat_until(lambda: rest(sites) == before, "everything to be as the administrator left it")


def test_our_own_repeats_as_much_as_there_is(sites):
    """A list that is as long as can be read, and ours, which is longer and is read again."""
    first = ["x" * 1043 for _ in range(998)]
    write(sites, "a.json", {"URLBlocklist": first})
    engaged(sites)
    wait_policy(sites, *first, "a.example", "b.example")
    write(sites, "b.json", {"URLBlocklist": ["y.example", *first[1:]]})
    wait_policy(sites, "y.example", *first[1:], "a.example", "b.example")
    assert "Chrome" not in wait_listed(sites.client, "sites", "engaged").get("Message", "")


def test_what_is_no_file(sites):
    folder = sites.etc / CHROME
    folder.mkdir(parents=True)
    os.mkfifo(folder / "a.json")
    (folder / "b.json").mkdir()
    (folder / "c.json").symlink_to("/nowhere")
    before = rest(sites)
    claim = engaged(sites)
    wait_policy(sites, "a.example", "b.example")
    release(sites.client, claim)
    repeat_until(lambda: rest(sites) == before, "everything to be as before")


# ---- somebody else's hands on ours ----

HANDS = {
    "removed": lambda path: path.unlink(),
    "emptied": lambda path: path.write_text(""),
    "opened": lambda path: path.write_text('{"URLBlocklist": []}'),
    "hidden": lambda path: path.chmod(0o600),
    "linked": lambda path: (path.unlink(), path.symlink_to("/dev/null")),
    "moved": lambda path: path.rename(path.with_name("z.json.off")),
    # At once: what is taken apart bit by bit is put back meanwhile.
    "without its folder": lambda path: shutil.rmtree(path.parent.rename(path.parents[2].with_name("gone"))),
    "without any folder": lambda path: shutil.rmtree(path.parents[2].rename(path.parents[2].with_name("gone"))),
    "with its folder moved": lambda path: path.parent.rename(path.parent.with_name("off")),
}


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS.keys())
def test_what_others_do_to_ours_is_undone(sites, hand):
    engaged(sites)
    path = sites.etc / CHROME / OWN
    wait_policy(sites, "a.example", "b.example")
    hand(path)

    def again():
        facts = tree(path.parent).get(OWN)
        return facts and facts[0] == oct(0o100644) and b"a.example" in facts[4]
    repeat_until(again, "the policy to be put back")


def test_a_folder_that_somebody_uses_stays(sites):
    claim = engaged(sites)
    wait_policy(sites, "a.example", "b.example")
    write(sites, "theirs.json", ADMIN)
    wait_policy(sites, *ADMIN["URLBlocklist"], "a.example", "b.example")
    theirs = tree(sites.etc)[f"{CHROME}/theirs.json"]
    release(sites.client, claim)
    wait_policy(sites)
    assert tree(sites.etc)[f"{CHROME}/theirs.json"] == theirs
    assert sorted(each.name for each in (sites.etc / CHROME).iterdir()) == ["theirs.json"]


# ---- where it cannot be written ----

def test_one_that_cannot_be_written_keeps_no_other_from_it(make_sites):
    folder = f"/etc/{CHROME}"
    sites = make_sites(more=f"{install(CHROME, BRAVE)}\nmkdir -p {folder}\nmount --bind {folder} {folder}\nmount -o remount,bind,ro {folder}")
    claim = engaged(sites)
    wait_policy(sites, "a.example", "b.example", folder=BRAVE)
    sites.wait_blocked_names("a.example", "b.example")
    wait_listed(sites.client, "sites", "failed", "Chrome blocks nothing by its policy: .*Read-only file system")
    release(sites.client, claim)
    sites.wait_blocked()
    wait_policy(sites, folder=BRAVE)


def test_a_full_disk(make_sites):
    folder = f"/etc/{CHROME}"
    sites = make_sites(more=f"{install(CHROME, BRAVE)}\nmkdir -p {folder}\nmount -t tmpfs -o size=4k tmpfs {folder}\nchmod 755 {folder}\n"
                            f"echo '{json.dumps(ADMIN)}' >{folder}/a.json")
    engaged(sites)
    wait_policy(sites, "a.example", "b.example", folder=BRAVE)
    wait_listed(sites.client, "sites", "failed", "Chrome blocks nothing by its policy: .*No space left")
    assert sites.host_runs(f"ls -A {folder}").split() == ["a.json"]
    sites.host_runs(f"mount -o remount,size=64k {folder}")
    wait_listed(sites.client, "sites", "engaged")
    assert sorted(sites.host_runs(f"ls -A {folder}").split()) == ["a.json", OWN]
