# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The real polkit on what is blocked for everyone: what a person reads on a terminal, the password, and root's file."""

import re
import shlex

import pytest

BLOCK = ("focus", "profile", "set", "deep", "Plugins=sites", "sites.Block=a.example;b.example")
RULE = """
polkit.addRule(function(action, subject) {
    if (action.id == "org.pomod.block-for-everyone" && action.lookup("user") == "alice" && action.lookup("profile") == "deep" &&
        action.lookup("names") == "a.example, b.example" && action.lookup("count") == "2")
        return polkit.Result.YES;
});
"""
ADMIN = 'polkit.addAdminRule(function(action, subject) { return ["unix-user:root"]; });'


def profile(computer):
    return computer.pomoctl("alice", "focus", "profile", "show", "deep", "--json").json()


def rules(computer, text):
    computer.root("cat > /etc/polkit-1/rules.d/10-pomod-test.rules; systemctl reset-failed polkit.service; systemctl restart polkit.service", stdin=text).ok()


@pytest.fixture(autouse=True)
def as_it_was(computer):
    yield
    computer.root("rm -rf /etc/polkit-1/rules.d/10-pomod-test.rules /etc/pomod/pomod.conf; systemctl reset-failed polkit.service; systemctl restart polkit.service").ok()


def test_the_action_is_known(computer):
    shown = computer.root("pkaction --action-id org.pomod.block-for-everyone --verbose").ok()
    assert len(re.findall(r"implicit \w+: +auth_admin\n", shown)) == 3
    assert "org.freedesktop.policykit.owner -> unix-user:pomod" in shown


def test_a_rule_of_the_administrator_sees_all_of_it(computer):
    done = computer.pomoctl("alice", *BLOCK)
    assert done.rc == 0 and "pomoctl focus profile grant deep" in done.err
    assert profile(computer)["not_granted"] == ["a.example", "b.example"]
    rules(computer, RULE)
    done = computer.pomoctl("alice", "focus", "profile", "grant", "deep")
    assert done.rc == 0 and "a.example, b.example" in done.out, done
    assert profile(computer)["granted"] == ["a.example", "b.example"]
    computer.pomoctl("alice", "focus", "profile", "revoke", "deep").ok()
    assert profile(computer)["granted"] == []


def on_a_terminal(computer, password, *words, language="C.UTF-8"):
    """pomoctl of alice on a terminal of her session, where somebody types the password once it is asked for: what was drawn."""
    command = shlex.quote(f"LANG={language} {shlex.join(['pomoctl', *words])}")
    typed = f"until grep -q Password: /tmp/drawn; do sleep 0.1; done; echo {password}"
    process = computer.popen_session(
        "alice", f"rm -f /tmp/drawn; touch /tmp/drawn; (timeout 30 sh -c {shlex.quote(typed)}; cat) | script -qfec {command} /tmp/drawn; true")
    return process.communicate(timeout=90)[0].replace("\r\n", "\n")


@pytest.mark.parametrize("language, sentence", [
    ("C.UTF-8", "let alice block for everyone on this computer, by the profile deep: a.example, b.example. In all: 2. What is blocked is visible to everyone."),
    ("fr_FR.UTF-8", "que alice bloque pour tout le monde sur cet ordinateur, par le profil deep : a.example, b.example. Au total : 2. Ce qui est bloqué est visible de tous.")])
def test_a_terminal_without_an_agent(computer, language, sentence):
    rules(computer, ADMIN)
    computer.root("echo root:correct-horse | chpasswd").ok()
    drawn = on_a_terminal(computer, "wrong-donkey", *BLOCK, language=language)
    assert sentence in drawn, drawn
    assert profile(computer)["not_granted"] == ["a.example", "b.example"]
    drawn = on_a_terminal(computer, "correct-horse", "focus", "profile", "grant", "deep", language=language)
    assert sentence in drawn and "COMPLETE" in drawn, drawn
    assert profile(computer)["granted"] == ["a.example", "b.example"]


def test_root_s_file_is_read_at_a_reload(computer):
    computer.pomoctl("alice", *BLOCK)
    computer.root("mkdir -p /etc/pomod && printf '[Consent]\\nBlockForEveryone=%%alice\\n' > /etc/pomod/pomod.conf && systemctl reload pomod").ok()
    computer.until("journalctl -b -u pomod | grep -q 'read anew from /etc/pomod/pomod.conf'")
    assert profile(computer)["granted"] == ["a.example", "b.example"]
    computer.root("printf '[Consent]\\nBlockFor=alice\\n' > /etc/pomod/pomod.conf && systemctl reload pomod").ok()
    computer.until("journalctl -b -u pomod | grep -q 'pomod.conf:2: there is no key'")
    assert profile(computer)["granted"] == []


def test_a_public_suffix_is_known_to_the_service(computer):
    """Its sandbox lets it load what knows them."""
    done = computer.pomoctl("alice", "focus", "profile", "set", "suffixes", "Plugins=sites", "sites.Block=co.uk;bbc.co.uk")
    assert done.rc == 0 and "names co.uk in sites.Block, which stays open: a public suffix is no site" in done.err, done
