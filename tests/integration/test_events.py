# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Events that a person can be shown as they are: windows, focus, releases, plugins and office days."""

from gi.repository import GLib

from harness.client import options
from harness.units import HOUR, MINUTE, SECOND
from test_plugins import BELLS, Plugins

# The test clock begins on a Wednesday, ten to ten.
RULES = """
[Profile deep]
Plugins=bells

[Profile calm]
Plugins=bells

[Rule morning]
Hours=10:00-12:00
Focus=deep

[Rule noon]
Hours=12:00-14:00
Mode=freeform
"""
OFFICE = "[Rule office]\nKind=office-day\nDays=Wed\nHours=10:00-12:00\n"
PROGRAMS = {"schedule-changed", "focus-changed", "history-changed", "settings-changed", "day-changed", "tasks-changed"}


def load(client, text):
    client.call("schedules", "Import", "(sa{sv})", (text, options(replace=True)))


def events(client):
    """What happened since the last look, of the replay: a burst is told to nobody event by event."""
    happened = client.call("history", "Events", "(ta{sv})", (getattr(client, "seen", 0), {}))[0]
    client.seen = happened[-1][0] if happened else getattr(client, "seen", 0)
    return happened


def said(client):
    """What of it was said to people."""
    return [(kind, details["Message"]) for _, kind, details in events(client) if "Message" in details]


def register(client, plugin="bells"):
    client.call("focus", "Register", "(sa{sv})", (plugin, {"version": GLib.Variant("s", "1"), "pid": GLib.Variant("u", 1)}))


def report(client, state, message="", plugin="bells"):
    generation = client.ask("focus", "Desired", "(sa{sv})", (plugin, {}))[0]
    client.call("focus", "Report", "(stssa{sv})", (plugin, generation, state, message, {}))


def test_windows_and_what_they_engage(clock, client):
    load(client, RULES)
    register(client)
    client.subscribe()
    said(client)
    clock.advance(10 * MINUTE)
    assert said(client) == [("window-entered", 'The hours of the rule "morning" have begun: pomodoros until 12:00.'),
                            ("focus-engaged", 'Focus "deep" has begun, until 12:00.')]
    clock.advance(2 * HOUR)
    assert said(client) == [("window-left", 'The hours of the rule "morning" are over.'),
                            ("window-entered", 'The hours of the rule "noon" have begun: freeform until 14:00.'),
                            ("focus-ended", 'Focus "deep" is over.')]
    clock.advance(2 * HOUR)
    assert said(client) == [("window-left", 'The hours of the rule "noon" are over.')]


def test_releases(clock, client):
    load(client, RULES)
    register(client)
    client.subscribe()
    said(client)

    def engage(profile, **opts):
        return client.call("focus", "Engage", "(sa{sv})", (profile, options(for_usec=HOUR, **opts)))
    claim = engage("deep", lock="delay 10m")
    client.call("focus", "Release", "(tsa{sv})", (claim, "tired", {}))
    client.call("focus", "Withdraw", "(ta{sv})", (claim, {}))
    client.call("focus", "Release", "(tsa{sv})", (claim, "tired", {}))
    assert said(client) == [("focus-engaged", 'Focus "deep" has begun, until 10:50.'),
                            ("release-pending", 'Focus "deep" is released at 10:00, unless that is taken back.'),
                            ("release-withdrawn", 'Focus "deep" stays in force: its release was taken back.'),
                            ("release-pending", 'Focus "deep" is released at 10:00, unless that is taken back.')]
    engage("calm")
    engage("calm")
    said(client)
    client.call("focus", "Release", "(tsa{sv})", (0, "done", {}))
    assert said(client) == [("focus-released", 'Focus "calm" was released before its end. The same of one more.')]
    clock.advance(10 * MINUTE)
    assert ("focus-released", 'Focus "deep" was released before its end.') in said(client)
    client.call("focus", "Engage", "(sa{sv})", ("calm", options(for_usec=30 * HOUR)))
    assert said(client) == [("focus-engaged", 'Focus "calm" has begun, until Thursday 16:00.')]


def test_details_name_what_it_is_about(clock, client):
    load(client, RULES)
    client.subscribe()
    claim = client.call("focus", "Engage", "(sa{sv})", ("deep", options(for_usec=HOUR)))
    (details,) = [details for _, kind, details in events(client) if kind == "focus-engaged"]
    assert (details["Claim"], details["Name"]) == (claim, "deep") and "Id" not in details
    assert client.wait_event("focus-engaged")


def test_an_interval_with_focus_is_one_request(clock, client):
    load(client, RULES)
    client.subscribe()
    client.start("pomodoro", focus="deep", anyway=True)
    assert said(client) == [("focus-engaged", 'Focus "deep" has begun.')]
    client.do("Stop")
    assert said(client) == [("focus-ended", 'Focus "deep" is over.')]


def test_office_days(clock, client):
    load(client, OFFICE)
    client.subscribe()
    clock.advance(10 * MINUTE)
    assert ("focus-engaged", 'The office day "office" has begun, until 12:00.') in said(client)
    clock.advance(2 * HOUR)
    assert ("office-day-ended", 'The office day "office" was kept.') in said(client)


def test_an_office_day_that_was_broken(clock, client):
    load(client, OFFICE)
    client.subscribe()
    clock.advance(10 * MINUTE)
    said(client)
    client.call("focus", "Release", "(tsa{sv})", (0, "dentist", {}))
    (details,) = [details for _, kind, details in events(client) if kind == "office-day-ended"]
    assert details["Reason"] == "broken" and details["Name"] == "office"
    assert details["Message"] == 'The office day "office" was broken: it was released before its end.'


def test_an_office_day_that_was_not_enforced(clock, client):
    load(client, RULES + OFFICE.replace("Hours", "Focus=deep\nPriority=2\nHours"))
    client.subscribe()
    clock.advance(10 * MINUTE)
    clock.advance(2 * MINUTE)
    told = dict(said(client))
    assert told["plugin-failed"].startswith("The plugin bells failed: not running since ")
    clock.advance(2 * HOUR)
    told = dict(said(client))
    assert told["office-day-ended"].startswith('The office day "office" was kept, but not enforced: bells: not running since ')


def test_a_plugin_that_fails_and_works_again(clock, client):
    load(client, RULES)
    register(client)
    client.subscribe()
    report(client, "failed", "no sound")
    assert said(client) == [], "nothing that is in force wants it"
    client.call("focus", "Engage", "(sa{sv})", ("deep", options(for_usec=HOUR)))
    said(client)
    for _ in range(3):
        report(client, "failed", "no sound")
    assert said(client) == [("plugin-failed", "The plugin bells failed: no sound")]
    report(client, "engaged")
    assert said(client) == [("plugin-recovered", "The plugin bells works again.")]
    for state in ("failed", "engaged") * 5:
        report(client, state, "no sound")
    assert said(client) == [], "not more than once in a minute"
    clock.advance(61 * SECOND)
    report(client, "failed", "no sound")
    assert said(client) == [("plugin-failed", "The plugin bells failed: no sound")]
