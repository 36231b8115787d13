# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""dbus/*.xml is what clients are written against: the daemon says the same of itself, and every word is explained."""

import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest
from gi.repository import Gio, GLib

SOURCE = pathlib.Path(__file__).resolve().parents[2]
FILES = sorted((SOURCE / "dbus").glob("org.pomod.Pomod1.*.xml"))
STANDARD = {"org.freedesktop.DBus.Peer", "org.freedesktop.DBus.Introspectable", "org.freedesktop.DBus.Properties",
            "org.freedesktop.DBus.ObjectManager"}


# For generators of Qt's bindings alone: the daemon does not say it of itself.
QT_ANNOTATION = "org.qtproject.QtDBus.QtTypeName."


def annotations(element):
    return sorted((child.get("name"), child.get("value")) for child in element.findall("annotation")
                  if not child.get("name").startswith(QT_ANNOTATION))


def arguments(element, default_direction):
    return [(arg.get("name"), arg.get("type"), arg.get("direction", default_direction)) for arg in element.findall("arg")]


def shape(interface):
    """Everything of an interface that a client can depend on."""
    members = {}
    for method in interface.findall("method"):
        members["method", method.get("name")] = (arguments(method, "in"), annotations(method))
    for signal in interface.findall("signal"):
        members["signal", signal.get("name")] = (arguments(signal, "out"), annotations(signal))
    for prop in interface.findall("property"):
        members["property", prop.get("name")] = (prop.get("type"), prop.get("access"), annotations(prop))
    return members


def interfaces_of(root):
    return {interface.get("name"): shape(interface) for interface in root.findall("interface")}


def introspect(bus, path):
    answer = bus.connection.call_sync("org.pomod.Pomod1", path, "org.freedesktop.DBus.Introspectable", "Introspect",
                                      None, GLib.VariantType("(s)"), Gio.DBusCallFlags.NONE, 10000, None)
    return ElementTree.fromstring(answer.unpack()[0])


def user_path(bus):
    answer = bus.connection.call_sync("org.pomod.Pomod1", "/org/pomod/Pomod1", "org.pomod.Pomod1.Manager", "GetUser",
                                      GLib.Variant("(a{sv})", ({},)), GLib.VariantType("(o)"), Gio.DBusCallFlags.NONE,
                                      10000, None)
    return answer.unpack()[0]


def test_introspection_equals_the_xml(bus, pomod):
    written = {}
    for file in FILES:
        written.update(interfaces_of(ElementTree.parse(file).getroot()))
    live = {}
    for path in ("/org/pomod/Pomod1", user_path(bus)):
        live.update(interfaces_of(introspect(bus, path)))
    live = {name: members for name, members in live.items() if name not in STANDARD}

    assert sorted(live) == sorted(written)
    for name, members in written.items():
        assert live[name] == members, f"{name} is not what dbus/{name}.xml says"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_bindings_can_be_generated(file, tmp_path):
    """Qt's generator knows no type for a dictionary and wants one named; GLib's wants none."""
    for command in (["/usr/lib/qt5/bin/qdbusxml2cpp", "-p", tmp_path / "proxy", file],
                    ["gdbus-codegen", "--generate-c-code", tmp_path / "code", file]):
        result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert result.returncode == 0 and not result.stderr, f"{command[0]}: {result.stderr}"
    assert (tmp_path / "proxy.h").stat().st_size > 1000
    assert (tmp_path / "code.c").stat().st_size > 1000


def test_user_lists_nobody(bus, pomod):
    user_path(bus)
    assert [node.get("name") for node in introspect(bus, "/org/pomod/Pomod1/user").findall("node")] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_member_is_explained(file):
    tree = ElementTree.parse(file, ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True)))
    seen = 0
    for parent in tree.getroot().iter():
        before = None
        for child in parent:
            if child.tag in ("interface", "method", "signal", "property"):
                seen += 1
                assert before is not None and before.tag is ElementTree.Comment and len(before.text.split()) >= 5, \
                    f"{file.name}: {child.get('name')} has no comment before it"
                for arg in child.findall("arg"):
                    assert arg.get("name"), f"{file.name}: an argument of {child.get('name')} has no name"
            before = child
    assert seen > 1


def test_every_error_is_explained():
    """The table of the daemon and the list in Manager's XML name the same errors."""
    table = (SOURCE / "daemon/bus/errors.c").read_text()
    in_table = {f"org.pomod.Pomod1.Error.{name}" for name in re.findall(r'POMOD_ERROR_PREFIX "(\w+)"', table)}
    text = (SOURCE / "dbus/org.pomod.Pomod1.Manager.xml").read_text()
    explained = set(re.findall(r"^ +(org\.pomod\.Pomod1\.Error\.\w+) +\S", text, flags=re.M))
    assert len(in_table) > 10
    assert explained == in_table
    assert re.search(r"^ +org\.freedesktop\.DBus\.Error\.AccessDenied +\S", text, flags=re.M)


def test_every_error_that_is_named_exists():
    """What the methods' descriptions call an error is one of the table."""
    table = (SOURCE / "daemon/bus/errors.c").read_text()
    known = set(re.findall(r'POMOD_ERROR_PREFIX "(\w+)"', table)) | {"AccessDenied", "InteractiveAuthorizationRequired"}
    for file in FILES:
        for sentence in re.findall(r"Errors: (.*?)\.\s*(?:-->|$)", file.read_text(), flags=re.S | re.M):
            named = set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b|\bBusy\b|\bOverlap\b", sentence))
            assert named <= known, f"{file.name}: {sorted(named - known)} are no errors"


# ---- records: what the XML says of their fields is what the tables of core say ----

def tables():
    """{record: {key: D-Bus type}} of all fields that callers see, and the same of those that they may set."""
    tool = pathlib.Path(os.environ["POMOD_BUILD_DIR"]) / "tests/unit/bus/print-records"
    out = subprocess.run([tool], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    fields, editable = {}, {}
    for line in out.splitlines():
        record, key, kind, edit = line.split("\t")
        fields.setdefault(record, {})[key] = kind
        if edit:
            editable.setdefault(record, {})[key] = kind
    return fields, editable


def comment_before(interface, tag, name):
    """The prose of a member, or of the interface itself: the comment that stands before it."""
    file = SOURCE / f"dbus/org.pomod.Pomod1.{interface}.xml"
    tree = ElementTree.parse(file, ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True)))
    for parent in tree.getroot().iter():
        before = None
        for child in parent:
            if child.tag == tag and child.get("name") == name:
                return before.text
            before = child
    raise AssertionError(f"{file.name} has no {tag} {name}")


# What tells of a record, and what it holds beyond the table.
TOLD = {
    "interval": (("History", "interface", "org.pomod.Pomod1.History"), {}),
    "interruption": (("History", "method", "Query"), {"Interruptions": "aa{sv}"}),
    "task": (("Tasks", "method", "List"), {}),
    "claim": (("Focus", "method", "ListClaims"), {"Plugins": "as", "Enforced": "b", "Failing": "s", "InPart": "s"}),
}


def test_every_field_of_a_record_is_explained():
    fields, _ = tables()
    assert sorted(fields) == sorted(TOLD)
    for record, (where, more) in TOLD.items():
        told = dict(re.findall(r"\b([A-Z]\w+) \(([a-z{}]+)[,)]", comment_before(*where)))
        assert told == {**fields[record], **more}, f"{record}: dbus/*.{where[0]}.xml and the table differ"


def option_of(key):
    return re.sub(r"(?<!^)([A-Z])", r"-\1", key).lower()


@pytest.mark.parametrize("method, not_optional", [("Add", {"title"}), ("Update", set())])
def test_every_option_of_an_edit_is_explained(method, not_optional):
    _, editable = tables()
    wanted = {option_of(key): kind for key, kind in editable["task"].items()}
    wanted = {name: kind for name, kind in wanted.items() if name not in not_optional} | {"if-seq": "t"}
    told = dict(re.findall(r"([a-z-]+) \(([a-z]+)[,)]", comment_before("Tasks", "method", method)))
    assert told == wanted


def test_every_key_of_a_rule_is_explained():
    """Core's table of keys, the text of Schedules, the docs and the verbs of pomoctl name the same ones."""
    table = (SOURCE / "daemon/core/rules-keys.c").read_text()
    keys = re.findall(r'^ +\{ "([A-Z]\w+)", \w+, \w+, (?:true|false) \},', table, flags=re.M)
    assert len(keys) > 10
    told = re.findall(r"^            ([A-Z]\w+)  +\S", comment_before("Schedules", "interface", "org.pomod.Pomod1.Schedules"),
                      flags=re.M)
    shown = re.findall(r'^ +\{ "([A-Z]\w+)", "[a-z_]+", KEY_', (SOURCE / "clients/pomoctl/verbs-rules.c").read_text(), flags=re.M)
    docs = re.findall(r"`([A-Z]\w+)`", (SOURCE / "docs/schedules.md").read_text())
    assert sorted(told) == sorted(keys)
    assert sorted(shown) == sorted(keys)
    assert set(keys) <= set(docs)
