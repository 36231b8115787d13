# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""pomod as a service of a computer: started by who asks, isolated, supervised, each user for themselves."""

import re

import pytest

TIMER = "org.pomod.Pomod1 /org/pomod/Pomod1/user/_{uid} org.pomod.Pomod1.Timer"
DENIED = "Access denied|AccessDenied"


def test_who_asks_starts_it(computer):
    assert computer.show("pomod.service", "ActiveState")["ActiveState"] == "inactive"
    assert computer.pomoctl("alice", "status", "--json").json()["state"] == "idle"
    shown = computer.show("pomod.service", "ActiveState", "Type", "NotifyAccess", "WatchdogUSec", "User")
    assert shown["ActiveState"] == "active"
    assert shown["Type"] == "notify"
    assert shown["WatchdogUSec"] == "10min"
    assert shown["User"] == "pomod"


def test_a_bar_does_not_start_it(computer):
    computer.root("busctl --auto-start=no call org.pomod.Pomod1 /org/pomod/Pomod1 org.freedesktop.DBus.Peer Ping")
    assert computer.show("pomod.service", "ActiveState")["ActiveState"] == "inactive"


def test_a_read_makes_no_store_and_a_change_makes_one_that_is_private(computer):
    computer.pomoctl("alice", "status").ok()
    assert computer.root("ls /var/lib/pomod").ok().split() == []
    computer.pomoctl("alice", "task", "add", "Letter").ok()
    folder = f"/var/lib/pomod/{computer.uid('alice')}"
    out = computer.root(f"stat -c '%n %a %U' /var/lib/pomod/. {folder} {folder}/pomod.db").ok()
    assert out.splitlines() == ["/var/lib/pomod/. 700 pomod", f"{folder} 700 pomod", f"{folder}/pomod.db 600 pomod"]
    assert computer.user("alice", f"ls {folder}").rc != 0


def test_two_users_have_a_day_each(computer):
    computer.pomoctl("alice", "start", "pomodoro", "Letter").ok()
    computer.pomoctl("bob", "start", "freeform", "Garden").ok()
    assert computer.pomoctl("alice", "status", "--json").json()["state"] == "pomodoro"
    assert computer.pomoctl("bob", "status", "--json").json()["state"] == "freeform"
    assert [task["title"] for task in computer.pomoctl("bob", "task", "list", "--json").lines()] == ["Garden"]
    computer.pomoctl("bob", "stop").ok()
    assert computer.pomoctl("alice", "status", "--json").json()["state"] == "pomodoro"


@pytest.mark.parametrize("command", [
    "busctl get-property {timer} State",
    "busctl call {timer} Stop 'a{{sv}}' 0",
    "busctl introspect {object}",
    "busctl call {object} org.freedesktop.DBus.Properties GetAll s org.pomod.Pomod1.Timer",
    "busctl call {object} org.pomod.Pomod1.History Query 'sa{{sv}}' all 0",
    "busctl get-property {absent} State",
])
def test_nobody_reads_or_changes_another_users_day(computer, command):
    computer.pomoctl("bob", "start", "pomodoro", "Secret").ok()
    timer, absent = TIMER.format(uid=computer.uid("bob")), TIMER.format(uid=computer.free_uid())
    refused = computer.user("alice", command.format(timer=timer, absent=absent, object=computer.user_object("bob")))
    assert refused.rc != 0
    assert re.search(DENIED, refused.err, re.I), refused.err
    assert "Secret" not in refused.out + refused.err
    assert computer.pomoctl("bob", "status", "--json").json()["state"] == "pomodoro"


def test_nobody_is_listed(computer):
    computer.pomoctl("bob", "start", "pomodoro", "Secret").ok()
    tree = computer.user("alice", "busctl tree --list org.pomod.Pomod1").out
    assert f"_{computer.uid('bob')}" not in tree


def test_root_may_look_after_a_user(computer):
    computer.pomoctl("alice", "start", "pomodoro", "Letter").ok()
    assert computer.pomoctl("root", "--user=alice", "status", "--json").json()["task"] == "Letter"
    assert computer.pomoctl("bob", "--user=alice", "status").rc == 1


def test_system_accounts_have_no_day(computer):
    refused = computer.pomoctl("root", "start", "pomodoro")
    assert refused.rc == 1
    assert refused.err
    assert computer.user("daemon", "pomoctl start pomodoro").rc == 1
    assert computer.root("ls /var/lib/pomod").ok().split() == []


def test_a_restart_keeps_what_runs(computer):
    computer.pomoctl("alice", "start", "pomodoro", "Letter").ok()
    before = computer.pomoctl("alice", "status", "--json").json()
    computer.root("systemctl restart pomod.service").ok()
    after = computer.pomoctl("alice", "status", "--json").json()
    assert {key: after[key] for key in ("state", "task", "started", "deadline")} == {
        key: before[key] for key in ("state", "task", "started", "deadline")}


def test_systemd_brings_it_back_after_a_crash(computer):
    computer.pomoctl("alice", "start", "pomodoro", "Letter").ok()
    before = computer.pomoctl("alice", "status", "--json").json()
    old = computer.show("pomod.service", "MainPID")["MainPID"]
    # busctl waits for the name to come back: nobody asks it to, the supervisor does it.
    watch = ("gdbus wait --system --timeout 20 org.pomod.Pomod1" if computer.root("command -v gdbus").rc == 0
             else "busctl --timeout=20 call org.pomod.Pomod1 /org/pomod/Pomod1 org.freedesktop.DBus.Peer Ping")
    computer.root(f"kill -KILL {old}; tail --pid={old} -f /dev/null; {watch}").ok()
    shown = computer.show("pomod.service", "MainPID", "NRestarts", "ActiveState")
    assert shown["MainPID"] not in (old, "0")
    assert shown["ActiveState"] == "active"
    after = computer.pomoctl("alice", "status", "--json").json()
    assert after["deadline"] == before["deadline"]
    assert after["task"] == "Letter"


def test_seven_crashes_in_a_row_do_not_keep_it_away(computer):
    """systemd gives up after five starts in ten seconds unless it is told otherwise."""
    computer.pomoctl("alice", "start", "freeform", "Letter").ok()
    for _ in range(7):
        old = computer.show("pomod.service", "MainPID")["MainPID"]
        computer.root(f"kill -KILL {old}; tail --pid={old} -f /dev/null; "
                      "busctl --timeout=30 call org.pomod.Pomod1 /org/pomod/Pomod1 org.freedesktop.DBus.Peer Ping").ok()
    assert computer.pomoctl("alice", "status", "--json").json()["task"] == "Letter"
    assert "it waits 1600 ms" in computer.journal()
    computer.root("systemctl restart pomod.service").ok()
    computer.pomoctl("alice", "status").ok()
    assert computer.root("ls /var/lib/pomod").ok().split()[:1] == [str(computer.uid("alice"))]


def test_who_hangs_is_ended_by_the_watchdog_and_comes_back(computer):
    computer.root("mkdir -p /run/systemd/system/pomod.service.d && "
                  "printf '[Service]\\nWatchdogSec=1\\n' >/run/systemd/system/pomod.service.d/fast.conf && "
                  "systemctl daemon-reload && systemctl start pomod.service").ok()
    try:
        old = computer.show("pomod.service", "MainPID")["MainPID"]
        computer.root(f"kill -STOP {old}; timeout 20 tail --pid={old} -f /dev/null").ok()
        assert "watchdog" in computer.journal().lower()
        assert computer.pomoctl("alice", "status", "--json").json()["state"] == "idle"
        assert computer.show("pomod.service", "MainPID")["MainPID"] != old
    finally:
        computer.root("rm -r /run/systemd/system/pomod.service.d && systemctl daemon-reload").ok()


def test_it_is_shut_in(computer):
    """Worse than this number is a change that somebody has to decide on."""
    out = computer.root("systemd-analyze security --no-pager --offline=true /usr/lib/systemd/system/pomod.service").ok()
    level = float(re.search(r"Overall exposure level for pomod\.service: ([0-9.]+)", out)[1])
    assert level <= 0.6
    computer.pomoctl("alice", "status").ok()
    pid = computer.show("pomod.service", "MainPID")["MainPID"]
    status = computer.root(f"cat /proc/{pid}/status").ok()
    assert re.search(r"^CapEff:\s*0+$", status, re.M)
    assert re.search(r"^CapBnd:\s*0+$", status, re.M)
    assert re.search(r"^NoNewPrivs:\s*1$", status, re.M)
    assert re.search(r"^Seccomp:\s*2$", status, re.M)


def test_a_locked_screen_is_noted_on_the_interval(computer):
    session = computer.popen_session("alice", "echo $XDG_SESSION_ID; read forever")
    try:
        number = session.stdout.readline().strip()
        assert number
        computer.pomoctl("alice", "start", "freeform", "Letter").ok()
        heard_from_logind(computer)
        path = f"/org/freedesktop/login1/session/{number if not number[0].isdigit() else '_3' + number}"
        for verb, hint in (("lock", "true"), ("unlock", "false")):
            computer.root(f"loginctl {verb}-session {number}").ok()
            # What a screen locker answers to that.
            computer.root(f"busctl call org.freedesktop.login1 {path} org.freedesktop.login1.Session SetLockedHint b {hint}").ok()
            heard_from_logind(computer)
        computer.pomoctl("alice", "stop").ok()
        out = computer.user("alice", f"busctl --json=short call {computer.user_object('alice')} "
                                     "org.pomod.Pomod1.History Query 'sa{sv}' today 0").json()
        (record,) = out["data"][0]
        assert record["LockedUSec"]["data"] > 0
    finally:
        session.stdin.write("\n")
        session.stdin.close()
        session.wait(20)
        session.stdout.close()


def heard_from_logind(computer):
    """
    Until pomod knows what logind told before: it has the signal when it answers, so it has asked logind about it;
    logind has answered that when it answers us; and pomod has read it when it answers again.
    """
    for name, path in (("org.pomod.Pomod1", "/org/pomod/Pomod1"), ("org.freedesktop.login1", "/org/freedesktop/login1"),
                       ("org.pomod.Pomod1", "/org/pomod/Pomod1")):
        computer.root(f"busctl call {name} {path} org.freedesktop.DBus.Peer Ping").ok()


def test_a_user_of_a_directory_has_a_day(computer):
    """Known to no file of accounts, but to systemd's user database, which stands in for a directory."""
    uid, folder = 1_800_000_001, "/etc/userdb"
    record = f'{{"userName":"carol","uid":{uid},"gid":{uid},"disposition":"regular","homeDirectory":"/","shell":"/bin/sh"}}'
    group = f'{{"groupName":"carol","gid":{uid}}}'
    computer.root(f"mkdir -p {folder} && cd {folder} && echo '{record}' >carol.user && ln -s carol.user {uid}.user && "
                  f"echo '{group}' >carol.group && ln -s carol.group {uid}.group && getent passwd {uid}").ok()
    as_carol = f"setpriv --reuid={uid} --regid={uid} --clear-groups -- "
    try:
        computer.root(as_carol + "pomoctl start pomodoro Letter").ok()
        computer.root("systemctl restart pomod.service").ok()
        assert computer.root(as_carol + "pomoctl status --json").json()["state"] == "pomodoro"
        computer.root(f"cd {folder} && sed -i s/carol/claire/ carol.user && mv carol.user claire.user && ln -sf claire.user {uid}.user && "
                      "systemctl restart pomod.service").ok()
        assert computer.root(as_carol + "pomoctl status --json").json()["state"] == "idle"
        assert "account-carol" in computer.root(f"ls /var/lib/pomod/{uid}").ok()
    finally:
        computer.root(f"rm -rf {folder} /var/lib/pomod/{uid}; systemctl restart pomod.service").ok()


def what_nobody_says(computer):
    """What alice is told where nobody answers."""
    done = computer.pomoctl("alice", "status", timeout=90)
    assert done.rc == 3
    return done.err


def test_who_is_disabled_masked_or_not_installed_is_said_to_be(computer):
    unit = "/usr/lib/systemd/system/pomod.service"
    computer.root("systemctl disable --now pomod.service").ok()
    try:
        assert "disabled" in (sentence := what_nobody_says(computer)) and "systemctl enable --now pomod" in sentence
        computer.root("systemctl mask pomod.service").ok()
        assert "masked" in (sentence := what_nobody_says(computer)) and "systemctl unmask pomod" in sentence
        computer.root(f"systemctl unmask pomod.service && mv {unit} {unit}.away && systemctl daemon-reload").ok()
        assert "not installed" in what_nobody_says(computer)
    finally:
        computer.root(f"systemctl unmask pomod.service; [ -e {unit} ] || mv {unit}.away {unit}; "
                      "systemctl daemon-reload && systemctl enable pomod.service").ok()
    computer.pomoctl("alice", "status").ok()


def test_who_cannot_start_is_said_to_try_again(computer):
    computer.pomoctl("alice", "status").ok()
    folder = "/run/systemd/system/pomod.service.d"
    computer.root(f"mkdir -p {folder} && printf '[Service]\\nExecStart=\\nExecStart=/bin/false\\nRestartSec=1h\\n' >{folder}/broken.conf && "
                  "systemctl daemon-reload && systemctl kill -s KILL pomod.service && "
                  "while [ \"$(systemctl show pomod.service -p SubState)\" != SubState=auto-restart ]; do :; done").ok()
    try:
        sentence = what_nobody_says(computer)
        assert "starting again since" in sentence and "journalctl -u pomod" in sentence
    finally:
        computer.root(f"rm -r {folder} && systemctl daemon-reload && systemctl restart pomod.service").ok()
    computer.pomoctl("alice", "status").ok()
