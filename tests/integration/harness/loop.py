# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Waiting without sleeping: GLib's loop runs until what was waited for is so."""

import contextlib
import os
import time

from gi.repository import GLib

TIMEOUT = 60


def wait_until(predicate, what="the condition", timeout=TIMEOUT):
    """Runs the loop until predicate() is true, and returns what it gave. It is asked again after every wake-up."""
    context = GLib.MainContext.default()
    expired = []
    source = GLib.timeout_add(int(timeout * 1000), lambda: expired.append(True) or True)
    try:
        while True:
            value = predicate()
            if value:
                return value
            assert not expired, f"waited {timeout} s for {what} in vain"
            context.iteration(True)
    finally:
        GLib.source_remove(source)


def settle():
    """Handles what has arrived already."""
    context = GLib.MainContext.default()
    while context.iteration(False):
        pass


@contextlib.contextmanager
def watching_exit(pid):
    """While it lasts, the end of that process wakes the loop, again and again: who traces it may still keep it from its parent."""
    fd = os.pidfd_open(pid)
    source = GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, fd, GLib.IOCondition.IN, lambda *_: True)
    try:
        yield
    finally:
        if GLib.MainContext.default().find_source_by_id(source):
            GLib.source_remove(source)
        os.close(fd)


def repeat_until(ask, what="the condition", timeout=TIMEOUT):
    """Asks again and again, each time with a round trip to a program: for what no signal tells of."""
    until = time.monotonic() + timeout
    while True:
        value = ask()
        if value:
            return value
        assert time.monotonic() < until, f"asked for {timeout} s for {what} in vain"
