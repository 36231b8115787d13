# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A pomod under test: started, waited for by its name, killed, brought back; its log is kept and looked at."""

import signal
import socket

from harness.loop import watching_exit
from harness.program import STOP_TIMEOUT, Program
from harness.units import HOUR, SECOND

NAME = "org.pomod.Pomod1"


class Daemon(Program):
    def __init__(self, bus, program, folder, env, args=(), uid=None, bus_argument=None):
        super().__init__("pomod", program, folder, env, folder / "pomod.log")
        self.bus = bus
        self.args = list(args)
        self.uid = uid
        self.bus_argument = bus_argument or f"--bus={bus.address}"
        self.state_dir = folder / "state"
        self.owner = None
        self.finished = False
        bus.daemons.append(self)

    def command(self):
        command = [str(self.program), self.bus_argument, f"--state-dir={self.state_dir}", *self.args]
        if self.uid is not None:
            command = ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups", *command]
        return [*self.bus.prefix, *command]

    def start(self):
        """Starts it and returns once it owns its name."""
        self.spawn()
        with watching_exit(self.process.pid):
            self.owner = self.bus.wait_owner(NAME, alive=self.alive)
        assert self.owner, f"pomod ended with {self.process.wait(1)} instead of owning its name:\n{self.log()}"
        return self

    def kill9(self):
        """Returns when the bus has noticed."""
        super().kill9()
        self.bus.wait_owner(NAME, owned=False)

    def restart(self):
        """Comes back after kill9(), or is stopped in good order and comes back."""
        if self.alive():
            self.stop()
        return self.start()

    def stop(self):
        """In good order: SIGTERM, and the exit status must be 0."""
        if self.process is None:
            return
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(STOP_TIMEOUT)
        assert status == 0, f"pomod exited with {status}:\n{self.log()}"
        assert "may be missed" not in self.log(), f"pomod told of deadlines when it had ended:\n{self.log()}"
        if self.bus.process.poll() is None:
            self.bus.wait_owner(NAME, owned=False)

    def finish(self):
        """The end of the test: stopped in good order, where it runs."""
        if self.finished:
            return
        self.finished = True
        try:
            if self.alive():
                self.stop()
        finally:
            self.finish_process()


class ClockDaemon(Daemon):
    """The second executable, whose clocks the test drives. Every command returns when the engine has settled."""

    def __init__(self, *args, start=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.socket_path = self.folder / "clock"
        self.start_clocks = start
        self._stream = None
        self.clocks = {}

    def command(self):
        command = super().command() + [f"--clock-socket={self.socket_path}"]
        if self.start_clocks:
            command.append(f"--clock-start={self.start_clocks}")
        return command

    def _close(self):
        if self._stream:
            self._stream.close()
        self._stream = None

    def _connect(self):
        stream = socket.socket(socket.AF_UNIX)
        stream.settimeout(STOP_TIMEOUT)
        stream.connect(str(self.socket_path))
        self._stream = stream.makefile("rw", encoding="ascii", newline="\n")
        stream.close()

    def command_line(self, line):
        """One command of the clock's protocol; its answer as numbers (boot, mono, real, and armed where it is)."""
        if self._stream is None:
            self._connect()
        self._stream.write(line + "\n")
        self._stream.flush()
        return self._answer(line)

    def _answer(self, line):
        answer = self._stream.readline()
        words = answer.split()
        assert words and words[0] == "ok", f"the test clock answered {answer!r} to {line!r}:\n{self.log()}"
        values = dict(word.split("=", 1) for word in words[1:] if "=" in word)
        self.clocks = {key: int(value) if value.isdigit() else value for key, value in values.items()}
        return self.clocks

    def advance(self, usec):
        """Time passes, awake: every deadline on the way comes in its order."""
        return self.command_line(f"advance {usec}")

    def sleep(self, usec):
        """The computer sleeps so long and wakes."""
        return self.command_line(f"sleep {usec}")

    def step(self, usec):
        """Somebody sets the clock, forward or back."""
        return self.command_line(f"step {usec}")

    def set(self, **clocks):
        """Any of boot, mono, real, sync, boot_id."""
        words = " ".join(f"{key.replace('_', '-')}={value}" for key, value in clocks.items())
        return self.command_line(f"set {words}")

    def get(self):
        return self.command_line("get")

    def next(self):
        """The armed deadline, as the clock says it."""
        return self.command_line("next")

    def close_gate(self):
        """Whoever looks at the clocks next is held there, and the daemon with them."""
        return self.command_line("gate close")

    def wait_held(self):
        """Until somebody is."""
        line = self._stream.readline()
        assert line == "held\n", f"the test clock said {line!r} instead of 'held':\n{self.log()}"

    def open_gate(self, advance_usec=0):
        """They go on, and so much later it is when they have given way to the clock."""
        self._stream.write("gate open\n" + f"advance {advance_usec}\n" * (advance_usec > 0))
        self._stream.flush()
        self._answer("gate open")
        return self._answer("advance") if advance_usec > 0 else self.clocks

    def kill9(self):
        super().kill9()
        self._close()

    def stop(self):
        super().stop()
        self._close()

    def resume_in_same_boot(self, down_usec=0):
        """After kill9(): comes back so much later, in the same boot."""
        c = self.clocks
        assert c, "ask for the clocks before the kill"
        self.start_clocks = (f"boot={c['boot'] + down_usec} mono={c['mono'] + down_usec} real={c['real'] + down_usec}"
                             + self._rest())
        return self.start()

    def _rest(self):
        c = self.clocks
        return "".join(f" {key}={c[key]}" for key in ("sync", "boot-id") if key in c)

    def reboot(self, boot_id, down_usec=60_000_000, uptime_usec=5_000_000, sync=1):
        """After kill9(): comes back in another boot, down_usec after the last command."""
        c = self.clocks
        assert c, "ask for the clocks before the kill"
        self.start_clocks = (f"boot={uptime_usec} mono={uptime_usec} real={c['real'] + down_usec} sync={sync} "
                             f"boot-id={boot_id}")
        return self.start()

    def finish(self):
        try:
            super().finish()
        finally:
            self._close()


def start_clock(make_daemon, bus, begins, **kwargs):
    """One whose clocks begin at that second, in a boot that is ten hours old."""
    daemon = make_daemon(bus, name="pomod-test-clock", kind=ClockDaemon, start=(
        f"boot={10 * HOUR} mono={10 * HOUR} real={begins * SECOND} sync=1 boot-id={'1' * 32}"), **kwargs).start()
    daemon.get()
    return daemon
