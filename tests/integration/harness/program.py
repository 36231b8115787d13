# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A program under test that writes a log and may be started again and again: its process, and what it may never write."""

import re
import signal
import subprocess

STOP_TIMEOUT = 60

# What no program may ever write, however a test ends.
FORBIDDEN = re.compile(r"ERROR: |ERROR \*\*|CRITICAL \*\*|WARNING \*\*|AddressSanitizer|LeakSanitizer|runtime error:|Assertion .*failed")


class Program:
    """`what` names it in sentences. Its folder and its log stay when its process ends."""

    def __init__(self, what, program, folder, env, log_path):
        self.what, self.program, self.folder, self.env, self.log_path = what, program, folder, env, log_path
        self.process = None
        self.may_write = re.compile("(?!)")  # of what is FORBIDDEN, what this one may write all the same

    def command(self):
        raise NotImplementedError

    def spawn(self):
        """Starts the process without waiting for anything."""
        assert not self.alive(), f"{self.what} runs already"
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.env, cwd=self.folder)
        return self

    def alive(self):
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self):
        return self.process.pid

    def kill9(self):
        """Gone at once, as in a crash."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_TIMEOUT)

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def finish_process(self):
        """The end of the test: killed if it is still there, and nothing in the log that may never be there."""
        if self.alive():
            self.process.kill()
            self.process.wait()
        print(f"--- log of {self.what} ---\n{self.log()}--- end of the log ---")
        bad = [line for line in self.log().splitlines() if FORBIDDEN.search(line) and not self.may_write.search(line)]
        assert not bad, f"{self.what} wrote what it never may:\n" + "\n".join(bad)
