# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A host that does not come back, and a reboot: what it held goes at its end, and not before."""

import time

import pytest

from holding import RELEASE, UNIT, begin, held, hold, holds

SECONDS = 25


def give_up(computer):
    """Twenty starts in an hour are enough, and systemd's last word."""
    computer.root(f"for n in $(seq 60); do systemctl kill -s KILL {UNIT}; systemctl start {UNIT} || break; done")
    computer.until(f"systemctl is-failed -q {UNIT}")
    assert computer.root(f"systemctl start {UNIT}").rc != 0
    assert "Start request repeated too quickly" in computer.journal()


def disable(computer):
    computer.root(f"systemctl disable {UNIT}").ok()
    del computer.setup["enabled"]


def mask(computer):
    computer.root(f"systemctl mask --now {UNIT}").ok()
    computer.setup["enabled"] = f"systemctl --root=$root mask {UNIT}"


def stop(computer):
    computer.root(f"systemctl stop {UNIT}").ok()
    # Or it would be back after the reboot, and end it by itself.
    del computer.setup["enabled"]


@pytest.mark.parametrize("deed", [give_up, disable, mask, stop], ids=lambda deed: deed.__name__)
@pytest.mark.parametrize("reboot", [True, False], ids=["reboot", "same-boot"])
def test_what_is_left_goes_at_its_end(make_machine, deed, reboot):
    computer = make_machine(own_boot_id=True)
    computer.setup["enabled"] = f"systemctl --root=$root enable {UNIT}"
    began = time.monotonic()
    computer.boot()
    begin(computer)
    # A busy computer needs as many times longer for what follows, too.
    end = hold(computer, max(SECONDS, int(5 * (time.monotonic() - began))))
    computer.until(held())
    deed(computer)
    if deed is not disable:
        assert computer.show(UNIT, "MainPID")["MainPID"] == "0"
    assert holds(computer), "it was lifted with the host"
    if reboot:
        if deed is give_up:
            # A new boot counts anew.
            del computer.setup["enabled"]
        computer.power_cut()
        computer.boot()
        assert computer.show(UNIT, "MainPID")["MainPID"] == "0"
    if reboot or deed is not disable:
        computer.until(f"systemctl is-active -q {RELEASE}")
    # It is there to the last: the end is looked at by the same clock, to a second.
    left = end - time.time() - 2
    assert left > 0, "what was done took too long to see anything"
    assert computer.root(f"timeout {left:.1f} sh -c 'while {held()}; do sleep 0.1; done'", timeout=left + 30).rc == 124, "lifted early"
    computer.until(f"! {held()}", timeout=15)
    computer.until(f"[ $(systemctl show -P ActiveState {RELEASE}) = inactive ]")
