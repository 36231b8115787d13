# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Programs in a pseudo-terminal of so many columns: what they draw, and keys pressed in it."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time


class Terminal:
    """A pseudo-terminal with a program in it, and what it has drawn so far."""

    def __init__(self, command, env, columns=80, rows=24):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))  # before it can look
            os.execve(command[0], command, env)
        self.text = ""

    def resize(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read_until(self, text, seconds=10):
        """Waits for it and gives what came up to its end, which is forgotten."""
        until = time.monotonic() + seconds
        while text not in self.text:
            left = max(until - time.monotonic(), 0)
            assert select.select([self.fd], [], [], left)[0], f"no {text!r} in {self.text!r}"
            self.text += os.read(self.fd, 65536).decode(errors="replace")
        end = self.text.index(text) + len(text)
        read, self.text = self.text[:end], self.text[end:]
        return read

    def wait_for(self, text, seconds=10):
        self.read_until(text, seconds)

    def press(self, key):
        os.write(self.fd, key.encode())

    def wait_exit(self):
        with contextlib.suppress(OSError):  # what a terminal without a program answers
            while os.read(self.fd, 65536):
                pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = None
        return os.waitstatus_to_exitcode(status)

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def on_terminal(command, env, columns):
    """What a program writes to a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([str(word) for word in command], stdin=theirs, stdout=theirs, stderr=theirs,
                               env={**env, "TERM": "xterm"})
    os.close(theirs)
    text = b""
    try:
        while data := os.read(ours, 65536):
            text += data
    except OSError:  # a terminal without a program
        pass
    os.close(ours)
    assert process.wait(20) == 0, text
    return text.decode()
