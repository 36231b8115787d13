# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Lists of names through pomoctl, from whatever file they come; categories of the package; and what a profile calls @name."""

import json
import pathlib
import shutil

import pytest

from harness.client import refused
from harness.daemon import Daemon
from test_lists import Lists, memory
from test_pomoctl_plugin import SITES

CATEGORIES = pathlib.Path(__file__).resolve().parents[2] / "data/categories"
SHIPPED = {"social", "news", "video", "games", "shopping"}


def names_of(category):
    lines = (CATEGORIES / f"{category}.tsv").read_text().splitlines()
    return [line.split("\t")[0] for line in lines if not line.startswith("#")]


@pytest.fixture
def sites(env):
    """The plugin sites, as far as pomod and pomoctl look at it."""
    folder = pathlib.Path(env["XDG_DATA_HOME"]) / "pomod/plugins"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sites.so").touch()
    (folder / "sites.json").write_text(json.dumps(SITES))


@pytest.fixture
def everyone(sites, env):
    """That plugin as it is: everybody feels what it blocks."""
    described = pathlib.Path(env["XDG_DATA_HOME"]) / "pomod/plugins/sites.json"
    block = {**SITES["settings"][0], "for-everyone": True}
    described.write_text(json.dumps({**SITES, "settings": [block, {**block, "key": "except", "for-everyone": False}]}))


@pytest.fixture
def write(folder):
    def write_file(text, name="names"):
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)
    return write_file


def said(done):
    return [line.removeprefix("pomoctl: warning: ") for line in done.err.splitlines()]


# ---- lists ----

def test_a_list_is_set_shown_listed_and_removed(ctl, records, write):
    path = write("# mine\n0.0.0.0 b.example.org www.b.example.org\nA.example.org\nmüller.de\nxn--mller-kva.de\n\n")
    assert ctl("focus", "names", "set", "mine", path) == "list @mine: 4 names, of 6 lines\n"
    shown = "a.example.org\nb.example.org\nwww.b.example.org\nxn--mller-kva.de # müller.de\n"
    assert ctl("focus", "names", "show", "mine") == ctl("focus", "names", "show", "@mine") == shown
    assert records("focus", "names", "show", "mine")[-1] == {"name": "xn--mller-kva.de", "shown": "müller.de"}
    assert {"name": "mine", "kind": "list", "names": 4} in records("focus", "names", "list")
    assert "mine" in ctl("focus", "names") and "yours" in ctl("focus", "names", "list")
    # What is shown can be read back, and is the same list.
    assert ctl("focus", "names", "set", "again", "-", stdin=shown) == "list @again: 4 names, of 4 lines\n"
    assert ctl("focus", "names", "show", "again") == shown
    assert records("focus", "names", "set", "again", "-", stdin="c.example.org\n") == \
        [{"name": "again", "names": 1, "lines": 1, "left_out": 0}]
    assert ctl("focus", "names", "show", "again") == "c.example.org\n"
    assert ctl("focus", "names", "remove", "again") == "removed list again\n"
    assert records("focus", "names", "remove", "@mine") == [{"name": "mine", "removed": True}]
    assert {record["name"] for record in records("focus", "names")} == SHIPPED


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing any more\n", "127.0.0.1 localhost\n"], ids=["nothing", "blank", "a comment", "its own"])
def test_a_file_without_names_empties_no_list(ctl, pomoctl, write, text):
    path, sentence = write(text), "has no names; to empty a list: pomoctl focus names remove mine"
    ctl("focus", "names", "set", "mine", "-", stdin="a.org\n")
    done = pomoctl("focus", "names", "set", "mine", path)
    assert (done.rc, done.out, done.err) == (1, "", f"pomoctl: {excerpt(path)} {sentence}\n")
    done = pomoctl("focus", "names", "set", "@mine", "-", "--json", stdin=text)
    assert (done.rc, done.out) == (1, "")
    assert json.loads(done.err) == {"error": "org.pomod.Pomod1.Error.InvalidArgument", "message": f"standard input {sentence}"}
    assert ctl("focus", "names", "show", "mine") == "a.org\n"


def test_one_wrong_line_in_a_hundred_thousand(pomod, pomoctl, write):
    lines = [f"0.0.0.0 n{i % 18000}.example.org" for i in range(100000)]
    lines[70311] = "*.example.org"
    path = write("\n".join(lines))
    done = pomoctl("focus", "names", "set", "web", path)
    assert done.rc == 0 and done.out == "list @web: 18000 names, of 100000 lines\n"
    assert said(done) == [f'{excerpt(path)}, line 70312 is left out: "*.example.org" is no host name: '
                          "it can have letters, digits, - and dots, as in example.com"]
    done = pomoctl("focus", "names", "set", "web", path, "--json")
    assert json.loads(done.out)["left_out"] == 1 and "70312" in json.loads(done.err)["warning"]


def excerpt(path):
    """As pomoctl names a file whose path is long: cut, with an ellipsis."""
    return path if len(path) < 64 else f"{path[:60]}…"


def test_more_than_a_few_wrong_lines_are_counted(pomod, pomoctl):
    text = "".join(f"a{i}.org\n" for i in range(20)) + "*\n" * 9
    done = pomoctl("focus", "names", "set", "mine", "-", stdin=text)
    assert done.rc == 0 and len(said(done)) == 6 and said(done)[-1] == "standard input: 4 more lines are left out"


@pytest.mark.parametrize("text, sentence", [
    ("<html>\n<body>no such page</body>\na.org\n", "is no list of names: 2 of its 3 lines are none; line 1: \"<html>\" is no host name"),
    ("*\n", "is no list of names: 1 of its 1 line are none"),
    ("a.com\0b.com\n", "line 1: it is no text: it holds a zero byte"),
    (f"{'a' * 300}.org\n", "it has to have 1 to 253 bytes"),
    ("".join(f"n{i}.org\n" for i in range(20001)), "has 20001 different names, and a list can have 20000"),
    ("".join(f"{'n' * 50}{i:05}.org\n" for i in range(12000)), "are 704 KiB, and a list can have 512"),
], ids=["a page", "a wildcard", "a zero byte", "a long label", "one too many", "too large"])
def test_what_is_no_list_changes_nothing(pomod, pomoctl, ctl, text, sentence):
    ctl("focus", "names", "set", "mine", "-", stdin="a.org\n")
    done = pomoctl("focus", "names", "set", "mine", "-", stdin=text)
    assert done.rc == 2 and done.out == "" and sentence in done.err, done
    assert ctl("focus", "names", "show", "mine") == "a.org\n"


def test_as_many_as_there_may_be(ctl):
    text = "".join(f"n{i}.org\n" for i in range(20000))
    assert ctl("focus", "names", "set", "mine", "-", stdin=text) == "list @mine: 20000 names, of 20000 lines\n"
    assert len(ctl("focus", "names", "show", "mine").splitlines()) == 20000


@pytest.mark.parametrize("args, rc, sentence", [
    (["set"], 2, "which list?"), (["set", "mine"], 2, "from which file?"), (["set", "mine", "/nowhere"], 1, "cannot read '/nowhere'"),
    (["set", "mine", "/"], 1, "Is a directory"), (["set", "Mine", "-"], 1, "is no name of a list"), (["set", "@", "-"], 1, "is no name of a list"),
    (["set", "../mine", "-"], 1, "is no name of a list"), (["show", "other"], 2, "no list and no category 'other'"),
    (["show", "../social"], 2, "no list and no category"), (["remove", "other"], 1, "there is no list \"other\""), (["remove"], 2, "which list?"),
    (["set", "social", "-"], 1, "@social is a category that pomod has, so a list of yours needs another name"),
    (["list", "more"], 2, "")])
def test_refusals(pomod, pomoctl, args, rc, sentence):
    done = pomoctl("focus", "names", *args, stdin="a.org\n")
    assert done.rc == rc and sentence in done.err and done.out == "", done


# ---- categories ----

@pytest.mark.parametrize("category", sorted(SHIPPED))
def test_a_category_is_shown(ctl, records, category):
    assert [line.split(" ")[0] for line in ctl("focus", "names", "show", category).splitlines()] == names_of(category)
    assert {"name": category, "kind": "category", "names": len(names_of(category))} in records("focus", "names")


def test_an_older_list_of_a_categorys_name_stays(tree, make_daemon, bus, client):
    """A category that comes with an upgrade takes nobody's list, and no other list can have its name."""
    category = tree / "share/pomod/categories/mine.tsv"
    lists = Lists(client)
    lists.set("mine", ["a.org"])
    category.write_text("b.org\tb\t2026-11\n")
    assert lists.set("mine", ["c.org"])["Count"] == 1 and lists.get("mine") == ["c.org"]
    lists.remove("mine")
    name, sentence = refused(lists.send, "mine", memory("a.org\n"))
    assert name == "InvalidArgument" and "@mine is a category" in sentence and "my-mine" in sentence
    category.unlink()
    assert lists.set("mine", ["c.org"])["Count"] == 1


@pytest.fixture
def tree(folder, program, make_daemon, bus, env):
    """An installed tree with a pomod in bin, and a folder for categories."""
    made = folder / "tree"
    (made / "bin").mkdir(parents=True)
    (made / "share/pomod/categories").mkdir(parents=True)
    shutil.copy(program("pomod"), made / "bin")
    make_daemon(bus, kind=lambda on_bus, _, *args, **kwargs: Daemon(on_bus, made / "bin/pomod", *args, **kwargs)).start()
    return made


# ---- what a profile names ----

def lacking(name, profile="deep"):
    return (f"the profile {profile} names @{name}, and there is neither a list nor a category of that name: that part of it does nothing; "
            f"make the list with pomoctl focus names set {name} FILE")


def test_a_profile_that_names_nobodys_list_is_told_so(sites, pomod, pomoctl, ctl):
    done = pomoctl("focus", "profile", "set", "deep", "Plugins=sites", "sites.Block=a.org; @mine,@social;@other;@mine")
    assert done.rc == 0 and said(done) == [lacking("mine"), lacking("other")]
    ctl("focus", "names", "set", "mine", "-", stdin="b.org\n")
    text = "[Profile deep]\nPlugins=sites\nsites.Block=@mine;@other\n[Profile quiet]\nPlugins=sites\nsites.Block=@social\n"
    done = pomoctl("schedule", "import", "-", stdin=text)
    assert done.rc == 0 and said(done) == [lacking("other")]
    ctl("focus", "names", "set", "other", "-", stdin="b.org\n")
    ctl("focus", "profile", "set", "deep", "sites.Block=@mine;@other;@games")


def test_names_that_block_nothing_are_told_as_they_are_written_down(everyone, pomod, pomoctl, ctl):
    """A category without its @; and what no computer blocks."""
    def names(words, why):
        return f"the profile deep names {words} in sites.Block, which {'stay' if ',' in words else 'stays'} open: {why}"
    suffix, own = "a public suffix is no site", "it is this computer"
    category = "the profile deep names {0} in sites.{1}, which is no site; for the {2} of that name write @{0}"
    ctl("focus", "names", "set", "mine", "-", stdin="b.org\n")
    done = pomoctl("focus", "profile", "set", "deep", "Plugins=sites", "sites.Block=social, a.org;mine;Co.UK;localhost;com;x.localhost;bbc.co.uk;@news",
                   "sites.Except=games;com")
    assert done.rc == 0 and said(done) == [category.format("social", "Block", "category"), category.format("mine", "Block", "list"),
                                           category.format("games", "Except", "category"), names("Co.UK, com", suffix), names("localhost, x.localhost", own)]
    text = "[Profile deep]\nPlugins=sites\nsites.Block=use-application-dns.net;a.org\n[Profile quiet]\nPlugins=sites\nsites.Block=a.org;@social\n"
    done = pomoctl("schedule", "import", "-", stdin=text)
    assert done.rc == 0 and said(done) == [names("use-application-dns.net", "browsers ask it how to look names up")]
    many = ";".join(f"n{i}" for i in range(30))
    assert said(pomoctl("focus", "profile", "set", "deep", f"sites.Block={many}")) == \
        [f"the profile deep names {', '.join(f'n{i}' for i in range(10))} and 20 more in sites.Block, which stay open: {suffix}"]


def test_a_list_that_is_gone_is_missed(sites, pomoctl, ctl):
    """By the profiles that name it; what is only like its name is another word."""
    def gone(profile, name):
        return (f"the profile {profile} names @{name}, which is gone: that part of it does nothing from its next time on; "
                f"make the list again with pomoctl focus names set {name} FILE, or change the profile")
    for name in "mine", "other":
        ctl("focus", "names", "set", name, "-", stdin="b.org\n")
    ctl("focus", "profile", "set", "deep", "Plugins=sites", "sites.Block=a.org; @mine")
    ctl("focus", "profile", "set", "light", "Plugins=sites", "sites.Block=@mine,@social")
    pomoctl("focus", "profile", "set", "else", "Plugins=sites", "sites.Block=mine.org;@mine2")
    done = pomoctl("focus", "names", "remove", "other")
    assert (done.rc, done.out, done.err) == (0, "removed list other\n", "")
    done = pomoctl("focus", "names", "remove", "mine")
    assert (done.rc, done.out, said(done)) == (0, "removed list mine\n", [gone("deep", "mine"), gone("light", "mine")])


def test_names_of_a_list_that_block_nothing_are_told(pomod, pomoctl):
    text = "a.org\ncom\nCO.UK\n2.pool.ntp.org\n" + "".join(f"n{i:02}\n" for i in range(10))
    done = pomoctl("focus", "names", "set", "mine", "-", stdin=text)
    assert (done.rc, done.out) == (0, "list @mine: 14 names, of 14 lines\n")
    assert said(done) == ["@mine names 2.pool.ntp.org, which stays open: computers have the time from there",
                          f"@mine names co.uk, com, {', '.join(f'n{i:02}' for i in range(8))} and 2 more, which stay open: a public suffix is no site"]


def test_a_setting_is_the_same_in_small_letters(sites, ctl):
    ctl("schedule", "import", "-", stdin="[Profile deep]\nPlugins=sites\nsites.block=a.org\n")
    ctl("focus", "profile", "set", "deep", "sites.Block=b.org", "Breaks=yes")
    assert ctl("focus", "profile", "show", "deep") == "[Profile deep]\nPlugins=sites\nBreaks=yes\nsites.Block=b.org\n"
    ctl("focus", "profile", "set", "deep", "sites.BLOCK=")
    assert ctl("focus", "profile", "show", "deep") == "[Profile deep]\nPlugins=sites\nBreaks=yes\n"


def test_presets(sites, ctl, records, pomoctl):
    listed = {record["name"]: record for record in records("focus", "profile", "preset")}
    assert "deep" in listed and len(listed) >= 3
    assert "deep" in ctl("focus", "profile", "preset")
    for name in listed:
        text = ctl("focus", "profile", "preset", name)
        for verb in (["focus", "on", name, "1h"], ["start", "freeform", "--focus", name]):
            assert f'there is no profile "{name}"; to begin with' in pomoctl(*verb).err and f"preset {name} --add" in pomoctl(*verb).err
        assert text == listed[name]["text"] and text.startswith(f"[Profile {name}]\n")
        assert ctl("focus", "profile", "preset", name, "--add", "--dry-run") == "would import 1 profile\n"
        assert ctl("focus", "profile", "preset", name, "--add") == "imported 1 profile\n"
        assert ctl("focus", "profile", "preset", name, "--add") == "nothing changes: all of it is there already\n"
        assert ctl("focus", "profile", "show", name) == text
    ctl("start", "freeform", "--focus", "deep")
    assert "deep" in ctl("focus")
    assert "pomoctl focus profile list names those that there are" in pomoctl("focus", "on", "depe", "1h").err
    assert "no preset 'other'" in pomoctl("focus", "profile", "preset", "other").err
    assert "which preset?" in pomoctl("focus", "profile", "preset", "--add").err
