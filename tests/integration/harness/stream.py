# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A program that writes lines for as long as it runs: each is awaited, none is slept for."""

import os
import select
import signal
import subprocess
import time

from harness.loop import repeat_until

TIMEOUT = 60


class Stream:
    def __init__(self, command, env):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env)
        self.lines = []
        self._rest = b""

    @property
    def pid(self):
        return self.process.pid

    def _read(self, until):
        left = until - time.monotonic()
        ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
        if not ready:
            return False
        data = os.read(self.process.stdout.fileno(), 65536)
        assert data, f"it ended with {self.process.wait(1)} after {self.lines}: {self.process.stderr.read()}"
        *whole, self._rest = (self._rest + data).split(b"\n")
        self.lines += [line.decode() for line in whole]
        return True

    def wait_line(self, wanted, what=None, timeout=TIMEOUT):
        """Takes lines up to the first that is wanted(line), or equal to a text, and returns that."""
        fits = wanted if callable(wanted) else lambda line: line == wanted
        until = time.monotonic() + timeout
        while True:
            while self.lines:
                line = self.lines.pop(0)
                if fits(line):
                    return line
            assert self._read(until), f"waited {timeout} s in vain for {what or wanted!r}"

    def next_line(self):
        return self.wait_line(lambda _: True, "a line")

    def write(self, text):
        self.process.stdin.write(text.encode() if isinstance(text, str) else text)
        self.process.stdin.flush()

    def signal(self, number):
        self.process.send_signal(number)

    def switches(self):
        """How often it went to sleep of its own accord, the sleep that it is in now included: a wakeup adds one."""
        status = repeat_until(self._asleep, "it to sleep")
        return int(status["voluntary_ctxt_switches"])

    def _asleep(self):
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as file:
            status = dict(line.split(":", 1) for line in file)
        return status if status["State"].split()[0] == "S" else None

    def wait_end(self):
        return self.process.wait(TIMEOUT)

    def close(self):
        """The end of the test: asked to end, and it must do so in good order."""
        status = 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)  # first: behind it, it would disturb a leak checker at work
            self.process.send_signal(signal.SIGTERM)
            status = self.process.wait(TIMEOUT)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        assert status == 0, f"it exited with {status}"
