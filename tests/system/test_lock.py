# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The real polkit on the lock of an administrator: its action is known, pomod may ask about others, its word counts."""

import re

PROFILE = "SetProfile 'sa{sv}a{sv}' deep 1 Plugins s sites 0"
ENGAGE = "Engage 'sa{sv}' deep 2 for-usec t 3600000000 lock s admin"
RELEASE = "Release 'tsa{sv}' 0 enough 0"
CLAIMS = "ListClaims 'a{sv}' 0"
RULE = """
polkit.addRule(function(action, subject) {
    if (action.id == "org.pomod.override-lock" && action.lookup("profile") == "deep" && subject.user == "alice")
        return polkit.Result.YES;
});
"""


def focus(computer, call, *options):
    """The command of a call about alice's focus."""
    return " ".join(["busctl", *options, "call", computer.user_object("alice"), "org.pomod.Pomod1.Focus", call])


def test_the_action_is_known(computer):
    shown = computer.root("pkaction --action-id org.pomod.override-lock --verbose").ok()
    assert len(re.findall(r"implicit \w+: +auth_admin\n", shown)) == 3
    assert "org.freedesktop.policykit.owner -> unix-user:pomod" in shown


def test_polkit_decides(computer):
    computer.user("alice", focus(computer, PROFILE)).ok()
    computer.user("alice", focus(computer, ENGAGE)).ok()
    # Nobody is there who could ask for a password: then, it is as if none was given.
    for flag, words in (("yes", "Access denied"), ("no", "does not allow to ask")):
        refused = computer.user("alice", focus(computer, RELEASE, f"--allow-interactive-authorization={flag}"))
        assert refused.rc != 0
        assert re.search(words, refused.err), refused.err
        assert '"in-force"' in computer.user("alice", focus(computer, CLAIMS)).ok()

    computer.root("cat > /etc/polkit-1/rules.d/10-pomod-test.rules && systemctl restart polkit.service", stdin=RULE).ok()
    try:
        computer.user("alice", focus(computer, RELEASE)).ok()
        assert '"in-force"' not in computer.user("alice", focus(computer, CLAIMS)).ok()
        assert computer.user("bob", focus(computer, RELEASE)).rc != 0
    finally:
        computer.root("rm /etc/polkit-1/rules.d/10-pomod-test.rules && systemctl restart polkit.service").ok()


def test_root_is_not_asked(computer):
    computer.user("alice", focus(computer, PROFILE)).ok()
    computer.user("alice", focus(computer, ENGAGE)).ok()
    computer.root(focus(computer, RELEASE)).ok()
    assert '"in-force"' not in computer.user("alice", focus(computer, CLAIMS)).ok()
