# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""What pomobar writes while a real daemon works, goes away and comes back, and what clicks on it do."""

import fcntl
import html
import json
import os
import signal
import subprocess

import pytest
from gi.repository import GLib

from harness.daemon import NAME
from harness.loop import repeat_until
from harness.stream import Stream
from harness.units import HOUR, SECOND

AWAY = "pomod is away"


@pytest.fixture
def make_bar(program, env):
    """make_bar(bus, "--format=…"): a running pomobar."""
    made = []

    def make(on_bus, *args):
        # Without the guid: a bus that was started again at the same place has another one.
        address = on_bus.address.split(",")[0]
        made.append(Stream([program("pomobar"), *args], {**env, "POMOD_BUS": address}))
        return made[-1]

    yield make
    for bar in made:
        bar.close()


@pytest.fixture
def click(program, env, bus):
    """click("left"): what a bar runs that can only run a command."""
    def run(*args):
        return subprocess.run([str(program("pomobar")), "click", *args], capture_output=True, text=True, timeout=60,
                              env={**env, "POMOD_BUS": bus.address.split(",")[0]})
    return run


def blocks(line):
    """The block of a line of the i3bar protocol."""
    (block,) = json.loads(line.rstrip(","))
    return block


def i3bar(make_bar, bus):
    bar = make_bar(bus, "--format=i3bar")
    header = json.loads(bar.next_line())
    assert header["version"] == 1 and header["click_events"] is True
    assert bar.next_line() == "["
    return bar


def click_event(button, seq):
    return json.dumps({"name": "pomod", "instance": str(seq), "button": button, "x": 3, "y": 4, "modifiers": []}) + "\n"


# ---- what is shown ----

def test_it_counts_down_rings_and_shows_the_break(pomod, client, bus, make_bar):
    bar = make_bar(bus)
    assert bar.next_line() == "idle"
    client.start("pomodoro", for_usec=3 * SECOND, task="write the letter")
    assert [bar.next_line() for _ in range(3)] == [f"0:0{left} write the letter" for left in (3, 2, 1)]
    bar.wait_line("break 5:00")
    client.do("Skip")
    bar.wait_line("idle")


def test_freeform_counts_up_and_a_pause_stands_still(pomod, client, bus, make_bar):
    bar = make_bar(bus)
    client.start("freeform")
    bar.wait_line("+0:01")
    client.do("Pause")
    bar.wait_line(lambda line: line.startswith("paused +0:0"))
    client.do("Resume")
    bar.wait_line("+0:03")


def test_every_bar_shows_the_same(pomod, client, bus, make_bar):
    bars = [make_bar(bus) for _ in range(3)]
    for bar in bars:
        bar.wait_line("idle")
    client.start("pomodoro", for_usec=2 * SECOND)
    for bar in bars:
        assert bar.next_line() == "0:02"
        bar.wait_line("break 5:00")


def test_minutes_and_a_text_of_ones_own(pomod, client, bus, make_bar):
    bar = make_bar(bus, "--no-seconds", "--idle-text=no timer")
    assert bar.next_line() == "no timer"
    client.start("pomodoro", for_usec=90 * SECOND)
    assert bar.next_line() == "2m"
    before = bar.switches()
    other = make_bar(bus)
    other.wait_line("1:28")
    assert bar.switches() == before
    client.do("Stop")
    assert bar.next_line() == "no timer"


def test_titles_are_text_to_waybar(pomod, client, bus, make_bar):
    title = "a <b>bold</b> & \"quoted\" %{F#f00} title"
    bar = make_bar(bus, "--format=waybar")
    client.start("pomodoro", for_usec=HOUR, task=title)
    shown = json.loads(bar.wait_line(lambda line: json.loads(line)["alt"] == "pomodoro"))
    assert "<" not in shown["text"] and html.unescape(shown["text"]).startswith("1:00:00 a <b>bold</b> & \"quoted\"")
    assert html.unescape(shown["tooltip"]) == f"Pomodoro: {title}\n0 completed today"
    assert shown["class"] == ["pomodoro"]
    assert shown["percentage"] == 0


# ---- away and back ----

def test_a_daemon_that_is_killed_is_away_and_its_interval_goes_on(pomod, client, bus, make_bar):
    bars = [make_bar(bus), make_bar(bus, "--format=waybar"), make_bar(bus, "--format=polybar"), i3bar(make_bar, bus)]
    number = client.start("pomodoro", for_usec=HOUR, task="long")
    for bar in bars:
        bar.wait_line(lambda line: "59:59 long" in line)
    pomod.kill9()
    for bar in bars:
        bar.wait_line(lambda line: AWAY in line)
    pomod.restart()
    for bar in bars:
        bar.wait_line(lambda line: "59:5" in line and " long" in line)
    assert client.get_all()["IntervalId"] == number


def test_who_is_not_the_bus_ends_no_daemon(pomod, client, bus, make_bar):
    """Anybody may send a signal to a bar; that pomod has left is only the bus's to say."""
    bar = make_bar(bus)
    assert bar.next_line() == "idle"
    (name,) = (name for (names,) in [bus.call("ListNames")] for name in names if name.startswith(":") and bar.process.pid == bus.call(
        "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0])
    client.connection.emit_signal(name, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                                  GLib.Variant("(sss)", (NAME, bus.owner(NAME), "")))
    # The bus hands this over behind the signal, as it is sent by the same connection before pomod hears of it.
    client.start("pomodoro", for_usec=HOUR, task="long")
    assert "long" in bar.next_line()


def test_a_bar_may_be_there_first(bus, make_bar, make_daemon):
    bar = make_bar(bus)
    assert bar.next_line() == AWAY
    make_daemon(bus).start()
    assert bar.next_line() == "idle"


def test_a_bus_that_is_lost_is_found_again(bus, make_bar, make_daemon):
    daemon = make_daemon(bus).start()
    bar = make_bar(bus)
    bar.wait_line("idle")
    bus.stop()
    bar.wait_line(AWAY)
    daemon.process.wait(20)
    bus.start()
    make_daemon(bus).start()
    bar.wait_line("idle")


def test_a_bar_starts_no_daemon_but_a_click_on_it_does(activating_bus, make_bar):
    bar = i3bar(make_bar, activating_bus)
    assert blocks(bar.next_line())["instance"] == "away"
    bar.write("[\n" + click_event(3, "away") + "," + click_event(2, "away"))
    assert activating_bus.owner(NAME) is None
    bar.write("," + click_event(1, "away"))
    assert blocks(bar.next_line())["full_text"] == "idle"
    pid = activating_bus.call("GetConnectionUnixProcessID", GLib.Variant("(s)", (NAME,)))[0]
    os.kill(pid, signal.SIGTERM)
    assert blocks(bar.next_line())["instance"] == "away"


# ---- clicks ----

def test_clicks_do_what_fits(pomod, client, bus, make_bar):
    client.subscribe()
    bar = i3bar(make_bar, bus)
    block = blocks(bar.next_line())
    bar.write("[\n" + click_event(1, block["instance"]))
    client.wait_cached("State", "pomodoro")

    block = blocks(bar.wait_line(lambda line: "25:00" in line))
    bar.write("," + click_event(1, block["instance"]))
    assert client.wait_event("interrupted")

    seq = str(client.get_all()["Seq"])
    bar.wait_line(lambda line: blocks(line)["instance"] == seq)
    bar.write("," + click_event(3, seq))
    client.wait_cached("State", "idle")
    assert client.log("today")[-1]["Outcome"] == "void"

    client.start("short-break")
    client.wait_cached("State", "short-break")
    seq = str(client.get_all()["Seq"])
    bar.wait_line(lambda line: blocks(line)["instance"] == seq)
    bar.write("," + click_event(2, seq))
    client.wait_cached("State", "idle")
    assert client.log("today")[-1]["Outcome"] == "skipped"


def test_a_stale_click_voids_nothing(pomod, client, bus, make_bar):
    client.subscribe()
    bar = i3bar(make_bar, bus)
    stale = blocks(bar.next_line())["instance"]
    number = client.start("pomodoro", for_usec=HOUR)
    fresh = blocks(bar.wait_line(lambda line: "1:00:00" in line))["instance"]
    assert fresh != stale

    # In order on one connection: when the last is done, so are those before it.
    bar.write("[\n" + "".join(click_event(button, stale) + "," for button in (1, 2, 3)) + click_event(1, fresh))
    client.wait_event("interrupted")
    (record,) = client.log("today")
    assert (record["Id"], record["Outcome"], record["Internal"]) == (number, "running", 1)


def test_clicks_that_are_none_harm_nothing(pomod, client, bus, make_bar):
    client.subscribe()
    bar = i3bar(make_bar, bus)
    seq = blocks(bar.next_line())["instance"]
    bar.write(b"[\n\xff\xfe garbage\n{\"name\":\n" + b"x" * 100_000 + b"\n," + b"[" * 1000 + b"\n")
    bar.write(click_event(9, seq) + click_event(-1, seq) + click_event(1, "nonsense"))
    text = click_event(1, seq)
    bar.write(text[:20])
    bar.write(text[20:])
    client.wait_cached("State", "pomodoro")


def test_a_click_by_command_is_on_what_was_shown(pomod, client, bus, make_bar, click):
    bar = make_bar(bus, "--format=waybar")
    bar.next_line()
    done = click("left")
    assert (done.returncode, done.stderr) == (0, "")
    bar.wait_line(lambda line: json.loads(line)["alt"] == "pomodoro")

    # A bar that has not drawn the change yet: the person clicked on what they saw.
    bar.signal(signal.SIGSTOP)
    client.do("Interrupt")
    done = click("right")
    assert done.returncode == 1 and done.stderr.startswith("pomobar: ")
    assert client.get_all()["State"] == "pomodoro"

    bar.signal(signal.SIGCONT)
    repeat_until(lambda: click("right").returncode == 0, "the bar to show it")
    assert client.get_all()["State"] == "idle"


def test_a_click_by_command_without_a_bar(pomod, client, bus, make_bar, click):
    bar = make_bar(bus, "--format=waybar")
    bar.next_line()
    bar.signal(signal.SIGKILL)
    bar.wait_end()
    client.start("freeform")
    assert click("right").returncode == 0  # what the killed bar left behind says nothing
    assert click("right").returncode == 1
    assert click("left", "--if-seq=0").returncode == 1
    assert client.get_all()["State"] == "idle"


def test_a_refused_click_says_why_for_a_moment(pomod, client, bus, make_bar, click):
    """A click by command is refused in another process, and every stream shows it."""
    waybar, block, plain = make_bar(bus, "--format=waybar"), i3bar(make_bar, bus), make_bar(bus)
    assert plain.next_line() == "idle" and json.loads(waybar.next_line())["class"] == ["idle"]
    block.write("[\n" + click_event(3, blocks(block.next_line())["instance"]))
    refused = blocks(block.next_line())
    assert refused["full_text"] == "nothing is running" and refused["short_text"] == "refused"
    assert blocks(block.next_line())["full_text"] == "idle"

    done = click("middle")
    assert done.returncode == 1
    shown = json.loads(waybar.next_line())
    assert shown["class"] == ["idle", "refused"] and f"pomobar: {shown['tooltip']}\n" == done.stderr
    assert plain.next_line() == blocks(block.next_line())["full_text"] == shown["text"] != "idle"
    client.start("freeform")
    assert json.loads(waybar.wait_line(lambda line: "+0:0" in line))["class"] == ["freeform"]


def test_a_break_that_rang_wants_to_be_seen(pomod, client, bus, make_bar):
    waybar, block = make_bar(bus, "--format=waybar"), i3bar(make_bar, bus)
    client.start("pomodoro", for_usec=1 * SECOND)
    block.wait_line(lambda line: blocks(line).get("urgent") is True and blocks(line)["full_text"] == "break 5:00")
    assert json.loads(waybar.wait_line(lambda line: "rang" in json.loads(line)["class"]))["class"] == ["short-break", "rang"]
    block.wait_line(lambda line: blocks(line)["full_text"] == "break 4:51" and blocks(line)["urgent"])
    assert "urgent" not in blocks(block.next_line())
    client.do("Skip")
    client.start("short-break")
    assert "urgent" not in blocks(block.wait_line(lambda line: "break 5:00" in line))


# ---- costs ----

def test_it_sleeps_while_nothing_changes(pomod, client, bus, make_bar):
    bar = make_bar(bus)
    bar.wait_line("idle")
    idle = bar.switches()
    for _ in range(100):
        client.get_all()
    assert bar.switches() == idle

    client.start("freeform")
    client.do("Pause")
    bar.wait_line(lambda line: line.startswith("paused"))
    paused = bar.switches()
    ticking = make_bar(bus, "--format=waybar")
    ticking.next_line()
    for _ in range(100):
        client.get_all()
    assert bar.switches() == paused


def test_hidden_it_sleeps_and_shown_again_it_is_right(pomod, client, bus, make_bar):
    shown, hidden = make_bar(bus), i3bar(make_bar, bus)
    shown.wait_line("idle")
    hidden.next_line()
    header_stop, header_cont = signal.SIGURG, signal.SIGCONT
    hidden.signal(header_stop)
    client.start("freeform", task="first")
    shown.wait_line("+0:01 first")
    before = hidden.switches(), shown.switches()
    shown.wait_line("+0:03 first")
    assert hidden.switches() == before[0]
    assert shown.switches() > before[1]

    hidden.signal(header_cont)
    assert blocks(hidden.next_line())["full_text"].startswith("+0:0")


def test_a_reader_that_does_not_read_gets_the_newest_in_the_end(pomod, client, bus, make_bar):
    bar = make_bar(bus, "--format=waybar")
    fcntl.fcntl(bar.process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    for _ in range(40):
        client.start("freeform", task="a title that fills a pipe")
        client.do("Stop")
    client.start("freeform", task="the newest")
    bar.wait_line(lambda line: "the newest" in line)


def test_it_ends_with_its_reader(pomod, bus, make_bar):
    bar = make_bar(bus)
    bar.wait_line("idle")
    bar.process.stdout.close()
    assert bar.wait_end() == 0


def test_it_ends_when_asked_while_the_pipe_is_full(pomod, client, bus, make_bar):
    bar = make_bar(bus, "--format=waybar")
    fcntl.fcntl(bar.process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    for _ in range(40):
        client.start("freeform", task="a title that fills a pipe")
        client.do("Stop")
    bar.signal(signal.SIGTERM)
    assert bar.wait_end() == 0


# ---- the command line ----

@pytest.mark.parametrize("args, sentence", [
    (["--format=xmobar"], "unknown format 'xmobar'; say plain, waybar, i3bar, swaybar or polybar"),
    (["--bus=nonsense"], "'nonsense' is no bus; say system, session or an address like unix:path=/run/user/1000/bus"),
    (["sideways"], "unexpected argument 'sideways'; say: pomobar, or pomobar click left"),
    (["click"], "no button after 'click'; say left, middle or right"),
    (["click", "up"], "'up' is no button; say left, middle or right"),
    (["click", "left", "--if-seq=-1"], "'-1' is no state; --if-seq takes the number that was shown, or away"),
    (["--idle-text=a\nb"], "cannot show 'a\N{REPLACEMENT CHARACTER}b'; --idle-text takes at most 256 bytes without"),
    (["--idle-text=" + "x" * 257], "--idle-text takes at most 256 bytes without control characters"),
])
def test_wrong_words_get_a_sentence(program, env, args, sentence):
    done = subprocess.run([str(program("pomobar")), *args], capture_output=True, text=True, timeout=60, env=env)
    assert done.returncode == 2
    assert done.stdout == ""
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_daemon_is_its_own_exit_status(bus, click):
    done = click("left")
    assert done.returncode == 3
    assert "pomod is not running" in done.stderr


def test_what_should_hold_and_does_not_is_in_the_bar(make_bar, bus, pomod, client):
    bar = make_bar(bus, "--format=waybar")
    client.call("focus", "SetProfile", "(sa{sv}a{sv})", ("deep", {"Plugins": GLib.Variant("s", "sites")}, {}))
    client.call("focus", "Engage", "(sa{sv})", ("deep", {"for-usec": GLib.Variant("t", HOUR)}))
    shown = json.loads(bar.wait_line(lambda line: "not enforced" in line))
    assert shown["text"] == "idle · not enforced: sites is not installed"
    assert shown["tooltip"].endswith("\nNot enforced: sites is not installed") and "not-enforced" in shown["class"]
    client.call("focus", "Release", "(tsa{sv})", (0, "enough", {}))
    bar.wait_line(lambda line: "not enforced" not in line)
