# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
pomobar in a real i3bar, polybar and waybar. What they draw is compared with what the same bar draws of a text that
was simply given to it: two pictures that are the same in every pixel say the same words.
"""

import os
import signal

import pytest

from harness.bus import SESSION_POLICY, Bus
from harness.screen import BARS, Feed, Screen
from harness.units import SECOND

TITLE = "50% <b>&amp;</b> \"quoted\" %{F#f00}red"


@pytest.fixture
def bar_uid(other_uid):
    """Whose all of it is. sway refuses root, so root runs it as another account; who is not root has only their own: None."""
    return other_uid if os.geteuid() == 0 else None


@pytest.fixture
def bus(folder):
    instance = Bus(folder / "session-bus", "session",
                   SESSION_POLICY + '<policy context="default"><allow user="*"/></policy>')
    yield instance
    instance.close()


@pytest.fixture
def pomod(make_daemon, bus, bar_uid):
    return make_daemon(bus, uid=bar_uid).start()


@pytest.fixture
def client(make_client, bus, bar_uid):
    return make_client(bus, bar_uid)


@pytest.fixture
def screen(folder):
    instance = Screen(folder)
    yield instance
    instance.close()


@pytest.fixture(params=sorted(BARS))
def kind(request):
    return BARS[request.param]


@pytest.fixture
def show(kind, screen, folder, env, bus, program, bar_uid):
    """show(command): the bar with that command; only one at a time."""
    shown = []

    def start(command):
        end()
        home = folder / "bar-home"
        home.mkdir(exist_ok=True)
        if bar_uid is not None:
            os.chown(home, bar_uid, bar_uid)
        shown.append(kind(screen, folder / f"bar-{len(shown)}", {
            **env, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home),
            "POMOD_BUS": bus.address, "DBUS_SESSION_BUS_ADDRESS": bus.address, "POMOBAR": str(program("pomobar"))},
            command, uid=bar_uid))
        return shown[-1]

    def end():
        if shown and shown[-1].process.poll() is None:
            shown[-1].close()

    yield start
    end()
    for bar in shown:
        print((bar.folder / "bar.log").read_text(errors="replace"))


def clock(usec):
    seconds = -(-usec // SECOND)
    return f"{seconds // 60}:{seconds % 60:02}"


def test_it_shows_the_words_and_takes_the_clicks(kind, screen, folder, show, pomod, client, program):
    client.subscribe()
    client.set("pause", True)
    client.start("pomodoro", for_usec=754 * SECOND, task=TITLE)
    client.do("Pause")
    paused = f"paused {clock(client.get_all()['PausedRemainingUSec'])} {TITLE}"

    # What the bar makes of the words themselves.
    feed = Feed(folder)
    show(feed.command)
    pictures = {}
    feed.wait_shown(screen, kind.markup("-"))
    last = screen.wait_other(b"")
    for text in (paused, "idle", "pomod is away"):
        feed.say(kind.markup(text))
        last = pictures[text] = screen.wait_other(last)
    assert len(set(pictures.values())) == 3
    feed.close()

    # What it makes of pomobar.
    bar = show(f"{program('pomobar')} --format={kind.format}")
    screen.wait_same(pictures[paused], paused)
    bar.click("right")
    client.wait_cached("State", "idle")
    screen.wait_same(pictures["idle"], "idle")
    bar.click("left")
    client.wait_cached("State", "pomodoro")
    client.do("Stop")
    client.start("short-break")
    client.wait_cached("State", "short-break")
    # A click is on what is shown: until the break is, it changes nothing.
    idle = pictures["idle"]
    screen.wait_other(idle)
    bar.click("middle")
    client.wait_cached("State", "idle")
    screen.wait_same(pictures["idle"], "idle again")

    pomod.process.send_signal(signal.SIGKILL)
    screen.wait_same(pictures["pomod is away"], "away")
    pomod.process.wait(20)
    pomod.start()
    screen.wait_same(pictures["idle"], "back")
